"""Exercises: what they say to a right answer, a wrong one, and to anything else."""

import math
import numbers
import re
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from course_lib import exercises
from course_lib.exercises import EXERCISES, check
from helpers.lessons import NOTEBOOKS, every_lesson, text_of

every_exercise = pytest.mark.parametrize("name", EXERCISES)


@every_lesson
def test_each_is_checked_once_in_its_lesson_and_in_order(path):
    checked = re.findall(r'\bcheck\("([\d.]+)"', text_of(path, "code"))
    assert checked == [name for name in EXERCISES if name[0] == str(int(path.stem[:2]))]
    assert len(checked) >= 3


@pytest.mark.parametrize("name", ["5.1", 1.1, ["1.1"]])
def test_a_name_that_is_none_is_refused_with_those_that_are(name):
    with pytest.raises(
        ValueError, match=rf"there is no exercise {re.escape(repr(name))}; there is '1\.1', '1\.2'"
    ):
        check(name, 1)


# Each solution that a lesson folds away, with the check above it.
SOLUTIONS = [
    found
    for notebook in NOTEBOOKS.values()
    for found in re.findall(
        (
            r'(?s)\bcheck\("([\d.]+)", '
            r"(\w+)\)\n+<details><summary>Solution</summary>.*?```python\n(.*?)```"
        ),
        "\n".join(cell.source for cell in notebook.cells),
    )
]


def test_every_exercise_has_a_solution():
    assert [name for name, _, _ in SOLUTIONS] == list(EXERCISES)


@pytest.mark.parametrize(("name", "variable", "code"), SOLUTIONS)
def test_the_solution_in_the_lesson_is_right(name, variable, code, capsys):
    names = {}
    exec(code, names)
    check(name, names[variable])
    assert capsys.readouterr().out.startswith(f"Exercise {name}: right. ")


class Awkward:
    """Fails at all that may be asked of it."""

    __name__ = 3

    def __call__(self, *given):
        return self

    def fail(self, *given):
        raise RuntimeError

    __repr__ = __str__ = __array__ = __len__ = __getitem__ = __float__ = __eq__ = fail
    __hash__ = None
    shape = property(fail)


def raising(error):
    def wrong(*given):
        raise error

    return wrong


class Stop(BaseException):
    """No Exception, as asyncio.CancelledError is none."""


class AwkwardNumber(float):
    """A number that fails at what may be asked of it, by no Exception."""

    def fail(self, *given):
        raise Stop

    __repr__ = __str__ = __format__ = __float__ = __abs__ = __sub__ = __eq__ = fail
    __hash__ = None


class AwkwardReal(numbers.Real):
    __float__ = __repr__ = AwkwardNumber.fail


AwkwardReal.__abstractmethods__ = frozenset()
itself = []
itself.append(itself)
WRONG = [
    None,
    True,
    "0.2",
    "three",
    -12345.6,
    float("nan"),
    float("inf"),
    10**400,
    10**5000,
    1j,
    [1, 2],
    np.zeros(3),
    np.array(77.7),
    np.int8(100),
    np.uint16(500),
    Fraction(1, 3),
    {},
    object,
    itself,
    Awkward(),
    AwkwardNumber(0.5),
    AwkwardReal(),
    [AwkwardReal()],
    raising(Stop()),
    raising(Stop(Awkward())),
    raising(GeneratorExit()),
    lambda *given: AwkwardNumber(0.5),
    lambda *given: AwkwardReal(),
    raising(SystemError("nobody\nexpected\nthis" * 1000)),
    raising(ValueError(Awkward())),
    raising(SystemExit()),
    raising(KeyboardInterrupt()),
    lambda: 1,
    lambda *given: None,
    lambda *given: "x",
    lambda *given: [1, [2]],
    lambda *given: np.nan,
    lambda *given: given,
    lambda *given: 1 / 0,
    lambda *given: object(),
    lambda *given: "a\nb" * 1000,
    lambda *given: 10**400,
    lambda *given: itself,
    lambda *given: Fraction(1, 3),
]


@every_exercise
@pytest.mark.parametrize("answer", WRONG, ids=range(len(WRONG)))
def test_no_wrong_answer_raises_and_each_gets_one_line(name, answer, capsys):
    check(name, answer)
    said = capsys.readouterr().out
    assert said.startswith(f"Exercise {name}: ")
    assert "right" not in said
    assert len(said) < 400
    assert not said.endswith((": \n", " \n"))
    assert said.count("\n") == 1


@every_exercise
@pytest.mark.parametrize("answer", [True, "0.2", [0.2], None])
def test_an_answer_of_a_wrong_kind_is_told_which_is_wanted(name, answer, capsys):
    check(name, answer)
    kind = "function" if isinstance(EXERCISES[name], exercises.Function) else "number"
    assert f" a {kind} is wanted, got " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "answer", "reply"),
    [
        ("1.1", None, "a number is wanted, got None."),
        ("1.1", np.True_, "a number is wanted, got True."),
        ("1.1", np.array([1.4, 2]), "a number is wanted, got [1.4, 2]."),
        ("1.1", [1 / 3, "x", True], "a number is wanted, got [0.333333, 'x', True]."),
        ("1.1", 1e39, "1e+39 is not it."),
        ("1.1", 123456789, "1.23457e+08 is not it."),
        ("1.2", np.float32(0.5), "a function is wanted, got 0.5."),
        ("1.2", Awkward(), "it(5, 0.2) gives a Awkward, and should give 2.6. "),
        ("2.3", lambda rate, curvatures: np.False_, "(0.05, [2, 20]) gives False, and should give"),
        ("1.1", AwkwardReal(), "this answer cannot be checked: it raised Stop."),
    ],
)
def test_a_reply_names_what_was_given(name, answer, reply, capsys):
    check(name, answer)
    said = capsys.readouterr().out
    assert said.startswith(f"Exercise {name}: ")
    assert reply in said


@every_exercise
def test_an_open_exercise_says_that_it_is_open(name, capsys):
    check(name, (lambda *given: ...) if isinstance(EXERCISES[name], exercises.Function) else ...)
    assert capsys.readouterr().out == f"Exercise {name}: {exercises.OPEN}\n"


NUMBERS = {name: one for name, one in EXERCISES.items() if isinstance(one, exercises.Number)}


@pytest.mark.parametrize(
    ("name", "likely"), [(name, likely) for name, one in NUMBERS.items() for likely, _ in one.hints]
)
def test_a_wrong_answer_that_is_likely_gets_its_hint(name, likely, capsys):
    check(name, likely)
    hint = dict(NUMBERS[name].hints)[likely]
    assert (
        capsys.readouterr().out == f"Exercise {name}: {exercises._show(likely)} is not it. {hint}\n"
    )


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("1.1", np.array(1.4)),
        ("2.2", Fraction(1, 5)),
        ("2.2", Decimal("0.2")),
        ("3.1", np.int16(600)),
        ("1.2", lambda w, rate: np.float32(w - rate * (2 * w + 2))),
    ],
)
def test_a_right_answer_of_another_kind_is_right(name, answer, capsys):
    check(name, answer)
    assert capsys.readouterr().out.startswith(f"Exercise {name}: right. ")


def counted(close, most=10_000):
    def count(tolerance, rate):
        w, steps = 5.0, 0
        while not close(w, tolerance) and steps < most:
            w, steps = w - rate * (2 * w + 2), steps + 1
        return steps

    return count


def edge(choose):
    def find(curvature, rates):
        losses, w = [], 5.0
        for rate in rates:
            losses.append((w + 1) ** 2)
            w = w - rate * curvature * (w + 1)
        return choose(rates, [*losses, (w + 1) ** 2])

    return find


@pytest.mark.parametrize(
    ("name", "plausible"),
    [
        ("1.2", lambda w, rate: w + rate * (2 * w + 2)),
        ("1.2", lambda w, rate: w - rate * 2 * w),
        ("1.2", lambda w, rate: [w - rate * (2 * w + 2)]),
        ("1.2", lambda w, rate: w - rate * (2 * w + 2) + 0.001),
        ("1.3", counted(lambda w, tolerance: w + 1 < tolerance)),
        ("1.3", counted(lambda w, tolerance: abs(w + 1) < tolerance, 13)),
        (
            "1.3",
            lambda tolerance, rate: (
                counted(lambda w, tolerance: abs(w + 1) < tolerance)(tolerance, rate) or 1
            ),
        ),
        ("2.3", lambda rate, curvatures: rate * curvatures[-1] < 2),
        ("2.3", lambda rate, curvatures: rate * sum(curvatures) < 2),
        ("2.3", lambda rate, curvatures: rate < 1),
        ("2.3", lambda rate, curvatures: rate * max(curvatures) <= 2),
        ("2.4", edge(lambda rates, losses: rates[min(np.argmin(losses), len(rates) - 1)])),
        ("2.4", edge(lambda rates, losses: next((rate for rate in rates if rate > 1), 0))),
        ("2.4", lambda curvature, rates: rates[3] if len(rates) > 3 else 0),
        (
            "3.2",
            lambda base, step, decay_steps, decay_rate: base * decay_rate ** (step / decay_steps),
        ),
        (
            "3.2",
            lambda base, step, decay_steps, decay_rate: (
                base * decay_rate ** math.ceil(step / decay_steps)
            ),
        ),
        ("3.4", lambda base, decay_rate, start: -1),
        (
            "3.4",
            lambda base, decay_rate, start: (
                -1 + (start + 1) * math.exp(-2 * base / (1 - decay_rate))
            ),
        ),
        ("4.3", lambda s, w, d: (1 - d) * s + d * w),
        ("4.3", lambda s, w, d: d * s),
        ("4.4", lambda values, d: sum(values) / len(values)),
        ("4.4", lambda values, d: values[-1]),
    ],
)
def test_a_plausible_wrong_function_is_told_what_it_should_give(name, plausible, capsys):
    check(name, plausible)
    assert re.fullmatch(
        rf"Exercise {name}: .*\(.*\) gives .*, and should give .*\n", capsys.readouterr().out
    )


def test_a_wrong_function_is_told_for_which_arguments(capsys):
    def uphill(w, rate):
        return w + rate * (2 * w + 2)

    check("1.2", uphill)
    hint = "should give 2.6. The slope is 2w + 2, and the step goes against it."
    assert capsys.readouterr().out == f"Exercise 1.2: uphill(5, 0.2) gives 7.4, and {hint}\n"


def test_a_function_that_fails_is_told_how(capsys):
    check("1.2", raising(KeyboardInterrupt()))
    check("1.2", raising(NotImplementedError()))
    check("1.2", raising(ValueError("no\nidea")))
    check("1.2", raising(Stop("enough")))
    assert capsys.readouterr().out == (
        "Exercise 1.2: wrong(5, 0.2) was interrupted. Does its loop end?\n"
        "Exercise 1.2: wrong(5, 0.2) raised NotImplementedError\n"
        "Exercise 1.2: wrong(5, 0.2) raised ValueError: no idea\n"
        "Exercise 1.2: wrong(5, 0.2) raised Stop: enough\n"
    )


def test_an_answer_may_change_what_it_is_given(capsys):
    def emptied(values, d):
        s, count = 0.0, len(values)
        while values:
            s = d * s + (1 - d) * values.pop(0)
        return s / (1 - d**count)

    for _ in range(2):
        check("4.4", emptied)
    assert capsys.readouterr().out.count("right. ") == 2
