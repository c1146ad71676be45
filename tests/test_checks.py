"""Questions and exercises: what they say to a right answer, a wrong one, and to anything else."""

import re

import nbformat
import numpy as np
import pytest

from course_lib import checks, refresh, storing

LESSONS = sorted(refresh.LESSONS.glob("*.ipynb"))
NOTEBOOKS = {path: nbformat.read(path, as_version=4) for path in LESSONS}
every_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
every_question = pytest.mark.parametrize("name", checks.QUESTIONS)
every_exercise = pytest.mark.parametrize("name", checks.EXERCISES)


def sources(path):
    return "\n".join(cell.source for cell in NOTEBOOKS[path].cells if cell.cell_type == "code")


@every_lesson
def test_each_is_asked_once_in_its_lesson_and_in_order(path):
    for call, names in {"ask": checks.QUESTIONS, "check": checks.EXERCISES}.items():
        asked = re.findall(rf'\b{call}\("([\d.]+)"', sources(path))
        assert asked == [name for name in names if name[0] == str(int(path.stem[:2]))]
        assert len(asked) >= 3


@every_question
def test_a_question_has_one_answer_and_a_reason_for_each_choice(name):
    question = checks.ask(name)
    assert len(set(question.choices)) == len(set(question.reasons)) == len(question.choices) >= 3
    judged = [question.judge(index) for index in range(len(question.choices))]
    assert [said.startswith("✓ Right: ") for said in judged].count(True) == 1
    assert judged[question.answer].startswith("✓ Right: ")
    assert all(said.startswith("✗ No: ") for index, said in enumerate(judged) if index != question.answer)


@every_question
def test_a_click_is_answered_and_so_is_a_change_of_mind(name):
    question = checks.ask(name)
    assert question.options.index is None
    assert question.reply.value == ""
    for index in range(len(question.choices)):
        question.options.index = index
        assert checks.escape(question.judge(index)) in question.reply.value
        assert question.reply.value.count("<p ") == 1


@every_question
def test_where_no_kernel_runs_each_choice_folds_open(name):
    question = checks.ask(name)
    bundle = question._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html", storing.VIEW, storing.QUESTION}
    folds = re.findall(r"<details><summary>(.*?)</summary><p>(.*?)</p></details>", bundle["text/html"])
    assert folds == [(checks.escape(choice), checks.escape(question.judge(index)))
                     for index, choice in enumerate(question.choices)]
    for text in (question.ask, *question.choices):
        assert text in bundle["text/plain"]
    for reason in question.reasons:
        assert reason not in bundle["text/plain"]


@pytest.mark.parametrize(("call", "kind"), [(checks.ask, "question"), (lambda name: checks.check(name, 1), "exercise")])
def test_a_name_that_is_none_is_refused_with_those_that_are(call, kind):
    with pytest.raises(ValueError, match=rf"there is no {kind} '5\.1'; there is 1\.1, 1\.2"):
        call("5.1")


# Each solution that a lesson folds away, with the check above it.
SOLUTIONS = [found for notebook in NOTEBOOKS.values() for found in re.findall(
    r'(?s)\bcheck\("([\d.]+)", (\w+)\)\n+<details><summary>Solution</summary>.*?```python\n(.*?)```',
    "\n".join(cell.source for cell in notebook.cells))]


def test_every_exercise_has_a_solution():
    assert [name for name, _, _ in SOLUTIONS] == list(checks.EXERCISES)


@pytest.mark.parametrize(("name", "variable", "code"), SOLUTIONS)
def test_the_solution_in_the_lesson_is_right(name, variable, code, capsys):
    names = {}
    exec(code, names)
    checks.check(name, names[variable])
    assert capsys.readouterr().out.startswith(f"Exercise {name}: right. ")


def wrong():
    raise SystemError("nobody\nexpected\nthis" * 1000)


WRONG = [None, True, "0.2", "three", -12345.6, float("nan"), float("inf"), 10**400, 1j, [1, 2], np.zeros(3),
         np.array(7.7), {}, object, wrong, lambda *given: None, lambda *given: "x", lambda *given: [1, [2]],
         lambda *given: np.nan, lambda *given: given, lambda *given: 1 / 0, lambda *given: object(),
         lambda *given: "a\nb" * 1000]


@every_exercise
@pytest.mark.parametrize("answer", WRONG, ids=range(len(WRONG)))
def test_no_wrong_answer_raises_and_each_gets_one_line(name, answer, capsys):
    checks.check(name, answer)
    said = capsys.readouterr().out
    assert said.startswith(f"Exercise {name}: ")
    assert "right" not in said
    assert len(said) < 400
    assert said.count("\n") == 1


@every_exercise
def test_an_open_exercise_says_that_it_is_open(name, capsys):
    checks.check(name, (lambda *given: ...) if isinstance(checks.EXERCISES[name], checks.Function) else ...)
    assert capsys.readouterr().out == f"Exercise {name}: {checks.OPEN}\n"


NUMBERS = {name: one for name, one in checks.EXERCISES.items() if isinstance(one, checks.Number)}


@pytest.mark.parametrize(("name", "likely"), [(name, likely) for name, one in NUMBERS.items() for likely in one.hints])
def test_a_wrong_answer_that_is_likely_gets_its_hint(name, likely, capsys):
    checks.check(name, likely)
    hint = NUMBERS[name].hints[likely]
    assert capsys.readouterr().out == f"Exercise {name}: {checks._show(likely)} is not it. {hint}\n"


def test_a_wrong_function_is_told_for_which_arguments(capsys):
    def uphill(w, rate):
        return w + rate * (2 * w + 2)

    checks.check("1.2", uphill)
    checks.check("1.2", lambda w, rate: 1 / (w + 1))
    hint = "should give 2.6. The slope is 2w + 2, and the step goes against it."
    assert capsys.readouterr().out == (f"Exercise 1.2: uphill(5, 0.2) gives 7.4, and {hint}\n"
                                       f"Exercise 1.2: <lambda>(5, 0.2) gives 0.166667, and {hint}\n")


def test_an_answer_may_change_what_it_is_given(capsys):
    def emptied(values, d):
        s, count = 0.0, len(values)
        while values:
            s = d * s + (1 - d) * values.pop(0)
        return s / (1 - d**count)

    for _ in range(2):
        checks.check("4.4", emptied)
    assert capsys.readouterr().out.count("right. ") == 2
