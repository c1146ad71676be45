"""Exercises: what they say to a right answer, a wrong one, and to anything else."""

import math
import numbers
import re
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from course_lib.exercises import EXERCISES, OPEN, Function, check
from course_lib.questions import QUESTIONS, ask
from helpers.lessons import NOTEBOOKS, every_lesson, text_of


@pytest.fixture
def reply(capsys):
    """What an exercise says to an answer, in one line, after its name."""

    def reply_to(name, answer):
        check(name, answer)
        said = re.fullmatch(r"Exercise (.*?): (.+\n)", capsys.readouterr().out)
        assert said, "not one line"
        assert said[1] == name
        return said[2]

    return reply_to


@every_lesson
def test_a_lesson_checks_and_asks_each_once_in_order(path):
    for call, names in (("check", EXERCISES), ("ask", QUESTIONS)):
        used = re.findall(rf'\b{call}\("([\d.]+)"', text_of(path, "code"))
        assert used == [name for name in names if name[0] == str(int(path.stem[:2]))]
        assert len(used) >= 3


@pytest.mark.parametrize("name", ["5.1", 1.1, ["1.1"]])
def test_a_wrong_name_is_refused_with_the_right_ones(name):
    for kind, call in {"exercise": lambda name: check(name, 1), "question": ask}.items():
        message = rf"there is no {kind} {re.escape(repr(name))}; there is '1\.1', '1\.2'"
        with pytest.raises(ValueError, match=message):
            call(name)


def test_each_solution_in_a_lesson_is_right(reply):
    """A solution is folded below the check of its exercise."""
    solutions = re.findall(
        r'\bcheck\("([\d.]+)", (\w+)\)\n+<details><summary>Solution</summary>.*?'
        r"```python\n(.*?)```",
        "\n".join(cell.source for notebook in NOTEBOOKS.values() for cell in notebook.cells),
        re.DOTALL,
    )
    assert [name for name, _, _ in solutions] == list(EXERCISES)
    for name, variable, code in solutions:
        names = {}
        exec(code, names)
        assert reply(name, names[variable]).startswith("right. ")


def test_a_right_answer_of_another_kind_is_right(reply):
    def emptied(values, d):
        s, count = 0.0, len(values)
        while values:  # an answer may change what it is given
            s = d * s + (1 - d) * values.pop(0)
        return s / (1 - d**count)

    for name, answer in [
        ("1.1", np.array(1.4)),
        ("2.2", Fraction(1, 5)),
        ("2.2", Decimal("0.2")),
        ("3.1", np.int16(600)),
        ("1.2", lambda w, rate: np.float32(w - rate * (2 * w + 2))),
        *[("4.4", emptied)] * 2,
    ]:
        assert reply(name, answer).startswith("right. "), (name, answer)


def raising(error):
    def wrong(*given):
        raise error

    return wrong


class Awkward:
    """Fails at all that may be asked of it."""

    __name__, __hash__, shape = 3, None, property(raising(RuntimeError()))
    __repr__ = __str__ = __array__ = __len__ = raising(RuntimeError())
    __getitem__ = __float__ = __eq__ = __repr__

    def __call__(self, *given):
        return self


class Stop(BaseException):
    """No Exception, as asyncio.CancelledError is none."""


class AwkwardNumber(float):
    """A number that fails at what may be asked of it, by no Exception."""

    __repr__ = __str__ = __format__ = __float__ = __abs__ = __sub__ = __eq__ = raising(Stop())
    __hash__ = None


class AwkwardReal(numbers.Real):
    __float__ = __repr__ = raising(Stop())


AwkwardReal.__abstractmethods__ = frozenset()


def returning(value):
    return lambda *given: value


itself = []
itself.append(itself)
LISTS = [[1, 2], [1, [2]], itself, {}]
NUMBERS = [-12345.6, math.nan, math.inf, 1j, 10**400, 10**5000, Fraction(1, 3), Decimal("0.3")]
ARRAYS = [np.zeros(3), np.array(77.7), np.int8(100), np.uint16(500)]
AWKWARD = [Awkward(), AwkwardNumber(0.5), AwkwardReal(), [AwkwardReal()]]
ANY = [None, True, "0.2", "three", "a\nb" * 1000, object, *LISTS, *NUMBERS, *ARRAYS, *AWKWARD]
LONG = SystemError("nobody\nexpected\nthis" * 1000)
ERRORS = [ValueError(Awkward()), LONG, Stop(), Stop(Awkward()), GeneratorExit(), SystemExit()]
FUNCTIONS = [lambda: 1, lambda *given: given, lambda *given: 1 / 0, lambda *given: object()]


@pytest.mark.parametrize("name", EXERCISES)
def test_no_wrong_answer_raises(name, reply):
    answers = [*ANY, *map(returning, ANY), *map(raising, ERRORS), *FUNCTIONS]
    for number, answer in enumerate(answers):
        said = reply(name, answer)
        assert "right" not in said, number
        assert len(said) < 380, number
        assert not said.endswith((": \n", " \n")), number
    is_function = isinstance(EXERCISES[name], Function)
    for answer in (True, "0.2", [0.2], None):
        kind = "function" if is_function else "number"
        assert reply(name, answer).startswith(f"a {kind} is wanted, got "), answer
    assert reply(name, returning(...) if is_function else ...) == f"{OPEN}\n"


def test_a_likely_wrong_number_gets_its_hint(reply):
    for name, exercise in EXERCISES.items():
        for likely, hint in [] if isinstance(exercise, Function) else exercise.hints:
            assert reply(name, likely) == f"{likely:g} is not it. {hint}\n"


def uphill(w, rate):
    return w + rate * (2 * w + 2)


REPLIES = [
    ("1.1", np.True_, "a number is wanted, got True.\n"),
    ("1.1", np.array([1.4, 2]), "a number is wanted, got [1.4, 2].\n"),
    ("1.1", [1 / 3, "x", True], "a number is wanted, got [0.333333, 'x', True].\n"),
    ("1.1", 1e39, "1e+39 is not it.\n"),
    ("1.1", 123456789, "1.23457e+08 is not it.\n"),
    ("1.1", AwkwardReal(), "this answer cannot be checked: it raised Stop.\n"),
    ("1.2", np.float32(0.5), "a function is wanted, got 0.5.\n"),
    ("1.2", Awkward(), "it(5, 0.2) gives a Awkward, and should give 2.6. The slope is "),
    ("1.2", uphill, "uphill(5, 0.2) gives 7.4, and should give 2.6. The slope is 2w + 2, "),
    ("1.2", raising(KeyboardInterrupt()), "wrong(5, 0.2) was interrupted. Does its loop end?"),
    ("1.2", raising(NotImplementedError()), "wrong(5, 0.2) raised NotImplementedError\n"),
    ("1.2", raising(ValueError("no\nidea")), "wrong(5, 0.2) raised ValueError: no idea\n"),
    ("1.2", raising(Stop("enough")), "wrong(5, 0.2) raised Stop: enough\n"),
    ("2.3", returning(np.False_), "<lambda>(0.05, [2, 20]) gives False, and should give True"),
]


@pytest.mark.parametrize(("name", "answer", "said"), REPLIES)
def test_a_reply_names_what_was_given(name, answer, said, reply):
    assert reply(name, answer).startswith(said)


def counted(close, least=0, most=10_000):
    def count(tolerance, rate):
        w, steps = 5.0, 0
        while not close(w + 1, tolerance) and steps < most:
            w, steps = w - rate * (2 * w + 2), steps + 1
        return max(steps, least)

    return count


def edge(choose):
    def find(curvature, rates):
        losses, w = [], 5.0
        for rate in rates:
            losses.append((w + 1) ** 2)
            w = w - rate * curvature * (w + 1)
        return choose(rates, [*losses, (w + 1) ** 2])

    return find


PLAUSIBLE = {
    "1.2": [
        uphill,
        lambda w, rate: w - rate * 2 * w,
        lambda w, rate: [w - rate * (2 * w + 2)],
        lambda w, rate: w - rate * (2 * w + 2) + 0.001,
    ],
    "1.3": [
        counted(lambda distance, tolerance: distance < tolerance),
        counted(lambda distance, tolerance: abs(distance) < tolerance, most=13),
        counted(lambda distance, tolerance: abs(distance) < tolerance, least=1),
    ],
    "2.3": [
        lambda rate, curvatures: rate * curvatures[-1] < 2,
        lambda rate, curvatures: rate * sum(curvatures) < 2,
        lambda rate, curvatures: rate < 1,
        lambda rate, curvatures: rate * max(curvatures) <= 2,
    ],
    "2.4": [
        edge(lambda rates, losses: rates[min(np.argmin(losses), len(rates) - 1)]),
        edge(lambda rates, losses: next((rate for rate in rates if rate > 1), 0)),
        lambda curvature, rates: rates[3] if len(rates) > 3 else 0,
    ],
    "3.2": [
        lambda base, step, period, factor: base * factor ** (step / period),
        lambda base, step, period, factor: base * factor ** math.ceil(step / period),
    ],
    "3.4": [
        lambda base, factor, start: -1,
        lambda base, factor, start: -1 + (start + 1) * math.exp(-2 * base / (1 - factor)),
    ],
    "4.3": [lambda s, w, d: (1 - d) * s + d * w, lambda s, w, d: d * s],
    "4.4": [lambda values, d: sum(values) / len(values), lambda values, d: values[-1]],
}


def test_a_plausible_wrong_function_is_told_what_it_should_give(reply):
    assert set(PLAUSIBLE) == {name for name, one in EXERCISES.items() if isinstance(one, Function)}
    for name, functions in PLAUSIBLE.items():
        for number, function in enumerate(functions):
            said = reply(name, function)
            assert re.fullmatch(r".*\(.*\) gives .*, and should give .*\n", said), (name, number)
