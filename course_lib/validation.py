"""The checks that every public function makes of its arguments.

An array that arrives here leaves as float32, the precision of the course, or an error says which
argument was wrong and what it held.
"""

import math
import operator
from collections.abc import Callable, Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray


def numbers(
    name: str,
    value: Any,
    *,
    ndim: Collection[int] | None = None,
    low: float | None = None,
    above: float | None = None,
    high: float | None = None,
) -> NDArray[np.float32]:
    """Return `value` as a float32 array, or raise an error that names the argument.

    `ndim` holds the numbers of dimensions allowed (None: any), `low` and `high` the smallest and
    largest value allowed, `above` a bound that every value must exceed.

    A number of any type will do, a fraction or an integer of any length too.  Raises TypeError
    where `value` does not hold real numbers and ValueError where they are of the wrong shape, out
    of bounds, not finite, masked, or too large for float32.

    >>> numbers("rate", 0.1, ndim=[0], low=0)
    array(0.1, dtype=float32)
    >>> numbers("rate", [0.2, -0.1], ndim=[1], low=0)
    Traceback (most recent call last):
    ValueError: rate must be at least 0, got -0.1 at index 1
    """
    if _is_masked(value):
        raise ValueError(
            f"{name} must hold no masked values, got {as_text(value, str)}"
        )  # numpy would drop the mask
    try:
        given = np.asarray(value)
    except ValueError:  # a ragged list
        raise ValueError(f"{name} must be a regular array, got {as_text(value)}") from None
    if given.dtype.kind == "O":  # numbers that numpy has no type for, or no numbers
        given = _as_floats(name, given)
    if given.dtype.kind not in "iuf":  # leaves out bool, complex, text, dates and objects
        raise TypeError(f"{name} must be a real number or an array of them, got {as_text(value)}")
    if ndim is not None and given.ndim not in ndim:
        shapes = " or ".join(["a single number", "1-dimensional", "2-dimensional"][n] for n in ndim)
        raise ValueError(f"{name} must be {shapes}, got shape {given.shape}")
    if given.size == 0:
        raise ValueError(f"{name} must not be empty, got shape {given.shape}")
    with np.errstate(all="ignore"):  # an overflow becomes inf, which the next check names
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


def number(
    name: str,
    value: Any,
    *,
    low: float | None = None,
    above: float | None = None,
    high: float | None = None,
) -> float:
    """Return `value`, a single number of any type, as Python's float, or raise what `numbers`
    raises.

    >>> from fractions import Fraction
    >>> number("rate", Fraction(1, 5), low=0)
    0.2
    """
    numbers(name, value, ndim=[0], low=low, above=above, high=high)
    return float(value)


def whole_number(name: str, value: Any, *, low: int, high: int) -> int:
    """Return `value` as an int between `low` and `high`, or raise an error that names the argument.

    >>> whole_number("steps", 40, low=0, high=100)
    40
    >>> whole_number("steps", 4.5, low=0, high=100)
    Traceback (most recent call last):
    TypeError: steps must be a whole number, got 4.5
    """
    try:
        whole = operator.index(value)
    except Exception:
        whole = None
    if whole is None or isinstance(value, (bool, np.bool_)) or _is_masked(value):
        raise TypeError(f"{name} must be a whole number, got {as_text(value)}")
    if not low <= whole <= high:
        raise ValueError(f"{name} must be from {low} to {high}, got {as_text(whole)}")
    return whole


def switch(name: str, value: Any) -> bool:
    """Return `value` if it is True or False, or raise a TypeError that names the argument.

    >>> switch("staircase", "no")
    Traceback (most recent call last):
    TypeError: staircase must be True or False, got 'no'
    """
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be True or False, got {as_text(value)}")
    return bool(value)


def plain(value: Any) -> Any:
    """Return a single number, of whatever type, as Python's own bool, int or float, and anything
    else as it is.

    >>> from fractions import Fraction
    >>> plain(Fraction(1, 4)), plain(np.float32(0.5)), plain(np.array(3)), plain("0.1")
    (0.25, 0.5, 3, '0.1')
    """
    if isinstance(value, np.generic | np.ndarray) and value.ndim == 0 and not _is_masked(value):
        value = value.item()
    try:
        is_other = not isinstance(value, int | float | np.ndarray) and hasattr(
            type(value), "__float__"
        )
        return float(value) if is_other and np.ndim(value) == 0 else value
    except OverflowError:  # of a fraction
        return math.inf if value > 0 else -math.inf
    except Exception:  # whatever somebody's own class makes of it
        return value


def _is_masked(value: Any) -> bool:
    """Whether any value is masked, in lists of any depth too."""
    if isinstance(value, list | tuple):
        return any(map(_is_masked, value))
    return isinstance(value, np.ma.MaskedArray) and bool(np.ma.is_masked(value))


def _as_floats(name: str, given: NDArray[Any]) -> NDArray[Any]:
    """Return an array of objects as float64 if all are real numbers, and else as it is."""
    values = [plain(one) for one in given.flat]
    if not all(isinstance(one, int | float) and not isinstance(one, bool) for one in values):
        return given
    try:
        return np.array(values, np.float64).reshape(given.shape)
    except OverflowError:
        raise ValueError(
            f"{name} must be within the range of float32, got {as_text(given.tolist())}"
        ) from None


def _require(name: str, given: NDArray[Any], holds: NDArray[np.bool_], rule: str) -> None:
    """Raise a ValueError with the first value of `given` that breaks `rule`, and where it stands."""
    if not holds.all():
        index = tuple(int(i) for i in np.argwhere(~holds)[0])
        where = f" at index {index[0] if len(index) == 1 else index}" if index else ""
        raise ValueError(f"{name} must be {rule}, got {given[index]}{where}")


def known_name(kind: str, name: Any, known: Collection[str]) -> str:
    """Return `name` if it is one of those known, or raise a ValueError that lists them.

    >>> known_name("question", "9.9", ["1.1", "1.2"])
    Traceback (most recent call last):
    ValueError: there is no question '9.9'; there is '1.1', '1.2'
    """
    if not (isinstance(name, str) and name in known):
        raise ValueError(
            f"there is no {kind} {as_text(name)}; there is {', '.join(map(repr, known))}"
        )
    return name


def as_text(value: Any, kind: Callable[[Any], str] = repr) -> str:
    """Return the `repr` or `str` of a value on one line, or its type's name where its own class
    fails at that.

    >>> as_text([0.1, 0.2]), as_text(10**5000)  # Python writes no number as long as this one
    ('[0.1, 0.2]', 'a int')
    """
    try:
        return one_line(kind(value))
    except Exception:
        return f"a {type(value).__name__}"


def one_line(text: str) -> str:
    """Return `text` on one line, cut where it grows long."""
    text = " ".join(text.split())
    return text if len(text) <= 80 else text[:77] + "..."
