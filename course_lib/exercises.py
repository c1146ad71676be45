"""Exercises: `check` looks at the learner's own answer; what it says is in `exercises.toml`.

>>> check("1.1", ...)
Exercise 1.1: your turn. Replace the dots with your answer and run the cell.
>>> check("1.1", 1.4)
Exercise 1.1: right. The slope at 3 is 8, and 3 − 0.2 · 8 = 1.4.
"""

import math
import tomllib
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
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
    """An exercise whose answer is `value` to `places` decimals; `hints` answer likely mistakes."""

    value: float
    why: str
    hints: list[tuple[float, str]]
    places: int = 6

    def judge(self, answer: Any) -> str:
        """Return the reply to an answer, in one line."""
        given = _number(answer)
        if given is None:
            return f"a number is wanted, got {_show(answer)}."
        if self._is_near(given, self.value):
            return f"right. {self.why}"
        hint = next((hint for wrong, hint in self.hints if self._is_near(given, wrong)), "")
        return f"{_show(given)} is not it. {hint}".rstrip()

    def _is_near(self, answer: float, value: float) -> bool:
        return abs(answer - value) <= 0.51 * 10.0**-self.places


class Function(NamedTuple):
    """An exercise whose answer is a function that agrees with `reference` for all `cases`."""

    reference: Callable[..., Any]
    cases: list[list[Any]]
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


REFERENCES: dict[str, Callable[..., Any]] = {  # what an answer that is a function is compared with
    "1.2": lambda w, rate: w - rate * (2 * w + 2),
    "1.3": steps_to,
    "2.3": lambda rate, curvatures: all(abs(1 - rate * one) < 1 for one in curvatures),
    "2.4": lambda curvature, rates: next(
        (rate for rate in rates if abs(1 - rate * curvature) > 1), 0
    ),
    "3.2": lambda base, step, period, factor: base * factor ** math.floor(step / period),
    "3.4": lambda base, rate, start: -1 + (start + 1) * reach(base, 1, rate).remaining,
    "4.3": lambda s, w, d: d * s + (1 - d) * w,
    "4.4": lambda values, d: np.average(values, weights=d ** np.arange(len(values))[::-1]),
}
_TEXTS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
EXERCISES: dict[str, Number | Function] = {
    name: Function(REFERENCES[name], **texts) if name in REFERENCES else Number(**texts)
    for name, texts in _TEXTS.items()
}
