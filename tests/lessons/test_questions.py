"""Questions: what they say to each choice, live and where no kernel runs."""

import re
from html import escape

import pytest

from course_lib.jupyter.outputs import QUESTION, WIDGET_VIEW
from course_lib.questions import QUESTIONS, ask


@pytest.fixture(params=QUESTIONS)
def question(request):
    return ask(request.param)


def test_a_question_has_one_answer_and_a_reason_for_each_choice(question):
    assert len(set(question.choices)) == len(set(question.reasons)) == len(question.choices) >= 3
    for index, reason in enumerate(question.reasons):
        verdict = "✓ Right" if index == question.answer else "✗ No"
        assert question.judge(index) == f"{verdict}: {reason}"
    assert question.answer in range(len(question.choices))


def test_no_choice_gives_itself_away_by_its_form(question):
    """Numbers in all or in none, a reason in all or in none, none much longer than the others."""
    choices = question.choices
    for form in (r"\d", r":|\bsince\b|\bbecause\b|\bso\b"):
        assert len({bool(re.search(form, choice)) for choice in choices}) == 1, form
    assert max(map(len, choices)) <= 2 * min(map(len, choices)) + 10


def test_the_right_answer_stands_in_every_place():
    for lesson, places in {"1": 2, "2": 2, "3": 2, "4": 2, "": 3}.items():
        answers = {one["answer"] for name, one in QUESTIONS.items() if name.startswith(lesson)}
        assert len(answers) >= places, lesson


def test_a_question_needs_no_kernel_to_reply(question):
    """The page has each reply; where there are no widgets each choice folds open."""
    replies = [question.judge(index) for index in range(len(question.choices))]
    state = question.get_state()
    head = f"<strong>Question {question.name}.</strong> {escape(question.ask)}"
    assert (state["head"], state["choice"]) == (head, None)
    assert (state["choices"], state["replies"]) == (question.choices, replies)
    bundle = question._repr_mimebundle_()  # as a front end asks for it
    assert set(bundle) == {"text/plain", "text/html", WIDGET_VIEW, QUESTION}
    folds = r"<details><summary>(.*?)</summary><p>(.*?)</p></details>"
    shown = zip(map(escape, question.choices), map(escape, replies), strict=True)
    assert re.findall(folds, bundle["text/html"]) == list(shown)
    assert all(text in bundle["text/plain"] for text in (question.ask, *question.choices))
    assert not any(reason in bundle["text/plain"] for reason in question.reasons)
