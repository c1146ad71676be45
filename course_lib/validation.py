"""The checks that every public function makes of its arguments.

An array that arrives here leaves as float32, the precision of the course, or an error says which argument was wrong
and what it held.
"""

from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray


def numbers(name: str, value: Any, *, ndim: Collection[int] | None = None, low: float | None = None,
            above: float | None = None, high: float | None = None) -> NDArray[np.float32]:
    """Return `value` as a float32 array, or raise an error that names the argument.

    `ndim` holds the numbers of dimensions allowed (None: any), `low` and `high` the smallest and largest value
    allowed, `above` a bound that every value must exceed.

    Raises TypeError where `value` does not hold real numbers and ValueError where they are of the wrong shape, out of
    bounds, not finite, or too large for float32.

    >>> numbers("rate", 0.1, ndim=[0], low=0)
    array(0.1, dtype=float32)
    >>> numbers("rate", [0.2, -0.1], ndim=[1], low=0)
    Traceback (most recent call last):
    ValueError: rate must be at least 0, got -0.1 at index 1
    """
    try:
        given = np.asarray(value)
    except ValueError:  # a ragged list
        raise ValueError(f"{name} must be a regular array, got {_short(value)}") from None
    if given.dtype.kind not in "iuf":  # leaves out bool, complex, text, dates and objects
        raise TypeError(f"{name} must be a real number or an array of them, got {_short(value)}")
    if ndim is not None and given.ndim not in ndim:
        shapes = " or ".join(["a single number", "1-dimensional", "2-dimensional"][n] for n in ndim)
        raise ValueError(f"{name} must be {shapes}, got shape {given.shape}")
    if given.size == 0:
        raise ValueError(f"{name} must not be empty, got shape {given.shape}")
    with np.errstate(over="ignore", under="ignore"):  # an overflow becomes inf, which the next check names
        array = given.astype(np.float32)
    _require(name, given, np.isfinite(given), "finite")
    _require(name, given, np.isfinite(array), "within the range of float32")
    if low is not None:
        _require(name, given, given >= low, f"at least {low}")
    if above is not None:  # asked of the float32, since a divisor must not round to 0
        _require(name, given, array > above, f"greater than {above}")
    if high is not None:
        _require(name, given, given <= high, f"at most {high}")
    return array


def whole_number(name: str, value: Any, *, low: int, high: int) -> int:
    """Return `value` as an int between `low` and `high`, or raise an error that names the argument.

    >>> whole_number("steps", 40, low=0, high=100)
    40
    >>> whole_number("steps", 4.5, low=0, high=100)
    Traceback (most recent call last):
    TypeError: steps must be a whole number, got 4.5
    """
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{name} must be a whole number, got {_short(value)}")
    if not low <= value <= high:
        raise ValueError(f"{name} must be from {low} to {high}, got {value}")
    return int(value)


def switch(name: str, value: Any) -> bool:
    """Return `value` if it is True or False, or raise a TypeError that names the argument.

    >>> switch("staircase", "no")
    Traceback (most recent call last):
    TypeError: staircase must be True or False, got 'no'
    """
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be True or False, got {_short(value)}")
    return bool(value)


def _require(name: str, given: NDArray[Any], holds: NDArray[np.bool_], rule: str) -> None:
    """Raise a ValueError with the first value of `given` that breaks `rule`, and where it stands."""
    if not holds.all():
        index = tuple(int(i) for i in np.argwhere(~holds)[0])
        where = f" at index {index[0] if len(index) == 1 else index}" if index else ""
        raise ValueError(f"{name} must be {rule}, got {given[index]}{where}")


def _short(value: object) -> str:
    return one_line(repr(value))


def known_name(kind: str, name: Any, known: Collection[str]) -> str:
    """Return `name` if it is one of those known, or raise a ValueError that lists them.

    >>> known_name("question", "9.9", ["1.1", "1.2"])
    Traceback (most recent call last):
    ValueError: there is no question '9.9'; there is '1.1', '1.2'
    """
    if not (isinstance(name, str) and name in known):
        raise ValueError(f"there is no {kind} {name!r}; there is {', '.join(map(repr, known))}")
    return name


def one_line(text: str) -> str:
    """Return `text` on one line, cut where it grows long."""
    text = " ".join(text.split())
    return text if len(text) <= 80 else text[:77] + "..."
