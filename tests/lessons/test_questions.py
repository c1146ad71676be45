"""Questions: what they say to each choice, live and where no kernel runs."""

import re
from html import escape

import pytest

from course_lib.jupyter.outputs import QUESTION, WIDGET_VIEW
from course_lib.questions import QUESTIONS, ask
from helpers.lessons import every_lesson, text_of

every_question = pytest.mark.parametrize("name", QUESTIONS)


@every_lesson
def test_each_is_asked_once_in_its_lesson_and_in_order(path):
    asked = re.findall(r'\bask\("([\d.]+)"', text_of(path, "code"))
    assert asked == [name for name in QUESTIONS if name[0] == str(int(path.stem[:2]))]
    assert len(asked) >= 3


@pytest.mark.parametrize("name", ["5.1", 1.1, ["1.1"]])
def test_a_name_that_is_none_is_refused_with_those_that_are(name):
    with pytest.raises(
        ValueError, match=rf"there is no question {re.escape(repr(name))}; there is '1\.1', '1\.2'"
    ):
        ask(name)


@every_question
def test_a_question_has_one_answer_and_a_reason_for_each_choice(name):
    question = ask(name)
    assert len(set(question.choices)) == len(set(question.reasons)) == len(question.choices) >= 3
    judged = [question.judge(index) for index in range(len(question.choices))]
    assert [said.startswith("✓ Right: ") for said in judged].count(True) == 1
    assert judged[question.answer].startswith("✓ Right: ")
    assert all(
        said.startswith("✗ No: ") for index, said in enumerate(judged) if index != question.answer
    )


@every_question
def test_no_choice_gives_itself_away_by_its_form(name):
    """Numbers in all or in none, a reason in all or in none, none much longer than the others."""
    choices = ask(name).choices
    for form in (r"\d", r":|\bsince\b|\bbecause\b|\bso\b"):
        assert len({bool(re.search(form, choice)) for choice in choices}) == 1, form
    assert max(map(len, choices)) <= 2 * min(map(len, choices)) + 10


def test_the_right_answer_stands_in_every_place():
    for lesson in "1234":
        assert (
            len({question["answer"] for name, question in QUESTIONS.items() if name[0] == lesson})
            >= 2
        )
    assert len({question["answer"] for question in QUESTIONS.values()}) >= 3


@every_question
def test_the_page_has_every_reply_so_that_no_kernel_is_asked(name):
    question = ask(name)
    state = question.get_state()
    assert (state["choice"], state["head"]) == (
        None,
        f"<strong>Question {name}.</strong> {escape(question.ask)}",
    )
    assert state["choices"] == question.choices
    assert state["replies"] == [question.judge(index) for index in range(len(question.choices))]


@every_question
def test_where_no_kernel_runs_each_choice_folds_open(name):
    question = ask(name)
    bundle = question._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html", WIDGET_VIEW, QUESTION}
    folds = re.findall(
        r"<details><summary>(.*?)</summary><p>(.*?)</p></details>", bundle["text/html"]
    )
    assert folds == [
        (escape(choice), escape(question.judge(index)))
        for index, choice in enumerate(question.choices)
    ]
    for text in (question.ask, *question.choices):
        assert text in bundle["text/plain"]
    for reason in question.reasons:
        assert reason not in bundle["text/plain"]
