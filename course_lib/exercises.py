"""Exercises: `check` looks at the learner's own answer.

The right answers stand here, where nobody reads them too early.

>>> check("1.1", ...)
Exercise 1.1: your turn. Replace the dots with your answer and run the cell.
>>> check("1.1", 1.4)
Exercise 1.1: right. The slope at 3 is 8, and 3 − 0.2 · 8 = 1.4.
"""

import math
from collections.abc import Callable
from copy import deepcopy
from typing import Any, NamedTuple

import numpy as np

from course_lib.theory import reach, steps_to
from course_lib.validation import as_text, known_name, numbers, one_line

OPEN = "your turn. Replace the dots with your answer and run the cell."


def check(name: str, answer: Any) -> None:
    """Print what is right or wrong with the learner's answer, a number or a function.

    A wrong answer raises nothing: for every answer one line is printed. A wrong name raises a
    ValueError.
    """
    exercise = EXERCISES[known_name("exercise", name, EXERCISES)]
    try:
        reply = OPEN if answer is ... else exercise.judge(answer)
    except BaseException as error:  # a learner's object may fail at anything
        reply = f"this answer cannot be checked: it raised {type(error).__name__}."
    print(f"Exercise {name}: {reply}")


class Number(NamedTuple):
    """An exercise whose answer is a number.

    An answer is right if it agrees with `value` to so many `places` after the point. `hints` holds
    the replies to likely wrong answers.
    """

    value: float
    why: str
    hints: dict[float, str]
    places: int = 6

    def judge(self, answer: Any) -> str:
        """Return the reply to an answer, in one line."""
        given = _number(answer)
        if given is None:
            return f"a number is wanted, got {_show(answer)}."
        if self._is_near(given, self.value):
            return f"right. {self.why}"
        hint = next((hint for wrong, hint in self.hints.items() if self._is_near(given, wrong)), "")
        return f"{_show(given)} is not it. {hint}".rstrip()

    def _is_near(self, answer: float, value: float) -> bool:
        return abs(answer - value) <= 0.51 * 10.0**-self.places


class Function(NamedTuple):
    """An exercise whose answer is a function.

    An answer is right if it returns what `reference` returns, for each of the `cases` of arguments.
    """

    reference: Callable[..., Any]
    cases: list[tuple[Any, ...]]
    hint: str
    why: str

    def judge(self, answer: Any) -> str:
        """Return the reply to an answer, in one line."""
        if not callable(answer):
            return f"a function is wanted, got {_show(answer)}."
        for case in self.cases:
            call = f"{_name(answer)}({', '.join(map(_show, case))})"
            try:
                given = answer(*deepcopy(case))  # the answer may change a list
            except KeyboardInterrupt:
                return f"{call} was interrupted. Does its loop end?"
            except BaseException as error:  # the learner reads what the learner's code raises
                return f"{call} raised {type(error).__name__}: {as_text(error, str)}".rstrip(": ")
            if given is ...:
                return OPEN
            wanted = self.reference(*case)
            if not _agree(given, wanted):
                return f"{call} gives {_show(given)}, and should give {_show(wanted)}. {self.hint}"
        return f"right. {self.why}"


def _agree(given: Any, wanted: Any) -> bool:
    try:
        with np.errstate(all="ignore"):
            same_shape = np.shape(given) == np.shape(wanted)
            return same_shape and np.allclose(given, wanted, rtol=1e-5, atol=1e-6)
    except Exception:  # a learner's object may fail when it is compared
        return False


def _number(value: Any) -> float | None:
    """Return a single real number of any type as a float, and None for everything else."""
    try:
        return float(numbers("answer", value, ndim=[0], dtype=np.float64))
    except Exception:
        return None


def _show(value: Any) -> str:
    """Return a value on one line, and numbers with six digits."""
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return one_line(f"[{', '.join(map(_show_one, value))}]")
    return _show_one(value)


def _show_one(value: Any) -> str:
    number = _number(value)
    return as_text(value) if number is None else f"{number:.6g}"


def _name(function: Any) -> str:
    name = getattr(function, "__name__", None)
    return name if isinstance(name, str) else "it"


EXERCISES: dict[str, Number | Function] = {
    "1.1": Number(
        1.4,
        "The slope at 3 is 8, and 3 − 0.2 · 8 = 1.4.",
        {
            4.6: "That is uphill: the slope is taken away.",
            1.6: "That is how far the step goes; where does it end?",
        },
        places=2,
    ),
    "1.2": Function(
        lambda w, rate: w - rate * (2 * w + 2),
        [(5.0, 0.2), (-7.0, 0.2), (-1.0, 0.3), (5.0, 1.0)],
        "The slope is 2w + 2, and the step goes against it.",
        "Four steps from both sides agree.",
    ),
    "1.3": Function(
        steps_to,
        [(0.01, 0.2), (0.0001, 0.1), (0.01, 0.8), (10.0, 0.2)],
        "Count the updates until the distance is below the tolerance, beginning with none.",
        "It also knows that no step is needed from a start that is close enough.",
    ),
    "2.1": Number(
        0.7,
        "0.3 and 0.7 are equally far from 0.5, so their factors 0.4 and −0.4 have the same size.",
        {
            0.8: "That is the partner of 0.2.",
            0.3: "That is the rate itself; look on the other side of 0.5.",
            0.4: "That is the factor; which other rate has it, with a minus?",
        },
    ),
    "2.2": Number(
        0.2,
        "The factor is 1 − 10η, and −1 is reached at 2 / 10.",
        {
            0.1: "There the factor is 0: the best rate. How much further until it is −1?",
            1.0: "That is the edge of (w + 1)², whose slope changes by 2, not by 10.",
        },
    ),
    "2.3": Function(
        lambda rate, curvatures: all(abs(1 - rate * curvature) < 1 for curvature in curvatures),
        [(0.05, [2, 20]), (0.1, [2, 20]), (0.15, [20, 2]), (0.09, [20, 5]), (0.9, [2]), (1, [2])],
        "Every factor 1 − η · curvature must be smaller than 1 in size.",
        "The largest curvature alone decides.",
    ),
    "2.4": Function(
        lambda curvature, rates: next((rate for rate in rates if abs(1 - rate * curvature) > 1), 0),
        [
            (2, [0.1, 0.4, 0.9, 1.1, 1.2]),
            (20, [0.01, 0.09, 0.11, 0.2]),
            (2, [0.2, 0.3]),
            (2, [0.4, 1.1, 0.1, 0.1]),
        ],
        "Compare the loss after each step with the loss before it, and return the rate of that step.",
        "That is a rate finder.",
    ),
    "3.1": Number(
        600,
        "60,000 / 100 = 600 steps make an epoch.",
        {
            60_000: "So many samples make an epoch; one step takes 100 of them.",
            100: "That is the batch size.",
        },
    ),
    "3.2": Function(
        lambda base, step, decay_steps, decay_rate: (
            base * decay_rate ** math.floor(step / decay_steps)
        ),
        [(0.1, 0, 5, 0.5), (0.1, 4, 5, 0.5), (0.1, 5, 5, 0.5), (0.2, 12, 5, 0.9)],
        "Round step / decay_steps down before it becomes the exponent.",
        "It stays level within a stair and falls at its edge.",
    ),
    "3.3": Number(
        0.95,
        "0.1 / (1 − 0.95) = 2.",
        {
            0.9: "With that all rates come to 1.",
            0.05: "That is 1 − r.",
            0.5: "With that all rates come to 0.2.",
        },
    ),
    "3.4": Function(
        lambda base, decay_rate, start: -1 + (start + 1) * reach(base, 1, decay_rate).remaining,
        [(0.1, 0.9, 5.0), (0.1, 0.5, 5.0), (0.2, 0.8, -7.0)],
        "Let the rate decay until it is too small to move the weight.",
        "It stalls as far away as the product of all factors says.",
    ),
    "4.1": Number(
        0.7,
        "(1 + 20) / (10 + 20) = 21 / 30, and that is below 0.99.",
        {
            0.99: "That is the cap; is the ramp there yet? Mind the brackets: (1 + n) / (10 + n).",
            23.0: "Mind the brackets: (1 + n) / (10 + n).",
        },
    ),
    "4.2": Number(
        0.95,
        "1 / (1 − 0.95) = 20.",
        {
            0.05: "That is the share of the new value, 1 − d.",
            0.9: "That remembers 10.",
            0.99: "That remembers 100.",
        },
    ),
    "4.3": Function(
        lambda s, w, d: d * s + (1 - d) * w,
        [(0.0, 1.0, 0.9), (2.0, 10.0, 0.5), (3.0, 3.0, 0.99)],
        "The decay d is the share of the old shadow.",
        "With d = 0.5 it is the plain mean of the two.",
    ),
    "4.4": Function(
        lambda values, d: np.average(values, weights=d ** np.arange(len(values))[::-1]),
        [([5.0], 0.9), ([5.0, 5.0, 5.0], 0.9), ([1.0, 2.0, 6.0], 0.5)],
        "Start at 0, average all values in, and divide by 1 − dᵗ at the end.",
        "Equal values give that value, however few they are.",
    ),
}
