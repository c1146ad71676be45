"""The checks that every public function makes of its arguments.

Each check returns the argument in the type that the function works with. Or it raises a TypeError
or a ValueError that names the argument and says what was wrong with it.
"""

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
    below: float | None = None,
    dtype: Any = np.float32,
) -> NDArray[Any]:
    """Return real numbers of any type, fractions and long integers too, as an array of `dtype`.

    `dtype` is np.float32, the precision of the course, or np.float64. `ndim` holds the allowed
    numbers of dimensions; None allows all. `low` and `high` are the smallest and the largest
    allowed number; `above` and `below` are themselves not allowed. A number may be a divisor, so
    it must be greater than `above` also when it is rounded to `dtype`.

    >>> numbers("rate", 0.1, ndim=[0], low=0)
    array(0.1, dtype=float32)
    >>> numbers("rate", [0.2, -0.1], ndim=[1], low=0)
    Traceback (most recent call last):
    ValueError: rate must be at least 0, got -0.1 at index 1
    """
    if dtype not in (np.float32, np.float64):
        raise ValueError(f"dtype must be np.float32 or np.float64, got {as_text(dtype)}")
    given = _real_numbers(name, value)
    if ndim is not None and given.ndim not in ndim:
        shapes = " or ".join(["a single number", "1-dimensional", "2-dimensional"][n] for n in ndim)
        raise ValueError(f"{name} must be {shapes}, got shape {given.shape}")
    if given.size == 0:
        raise ValueError(f"{name} must not be empty, got shape {given.shape}")
    with np.errstate(all="ignore"):  # an overflow becomes inf, which the next check finds
        array = given.astype(dtype)
    if not np.isfinite(array).all():
        _require(name, given, np.isfinite(given), "finite")
        _require(name, given, np.isfinite(array), f"within the range of {np.dtype(dtype)}")
    if low is not None:
        _require(name, given, given >= low, f"at least {low}")
    if above is not None:
        _require(name, given, array > above, f"greater than {above}")
    if high is not None:
        _require(name, given, given <= high, f"at most {high}")
    if below is not None:
        _require(name, given, given < below, f"below {below}")
    return array


def number(name: str, value: Any, **bounds: float | None) -> float:
    """Return a single number, which float32 can hold, as a float. `bounds` are as in `numbers`.

    >>> from fractions import Fraction
    >>> number("rate", Fraction(1, 5), low=0)
    0.2
    """
    numbers(name, value, ndim=[0], **bounds)
    return float(value)


def whole_number(name: str, value: Any, *, low: int, high: int | None = None) -> int:
    """Return `value` as an int between `low` and `high`; None sets no upper limit.

    >>> whole_number("steps", 40, low=0, high=100)
    40
    >>> whole_number("steps", 4.5, low=0)
    Traceback (most recent call last):
    TypeError: steps must be a whole number, got 4.5
    """
    try:
        whole = operator.index(value)
    except Exception:
        whole = None
    if whole is None or isinstance(value, (bool, np.bool_)) or _is_masked(value):
        raise TypeError(f"{name} must be a whole number, got {as_text(value)}")
    if whole < low or (high is not None and whole > high):
        rule = f"at least {low}" if high is None else f"from {low} to {high}"
        raise ValueError(f"{name} must be {rule}, got {as_text(whole)}")
    return whole


def switch(name: str, value: Any) -> bool:
    """Return `value`, True or False, as Python's bool.

    >>> switch("staircase", "no")
    Traceback (most recent call last):
    TypeError: staircase must be True or False, got 'no'
    """
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be True or False, got {as_text(value)}")
    return bool(value)


def known_name(kind: str, name: Any, known: Collection[str]) -> str:
    """Return `name`, which must be one of the known names.

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
    """Return the `repr` or `str` of a value on one line; where its class fails, its type's name.

    >>> as_text([0.1, 0.2]), as_text(10**5000)  # Python writes no number that is as long as this
    ('[0.1, 0.2]', 'a int')
    """
    try:
        return one_line(kind(value))
    except Exception:
        return f"a {type(value).__name__}"


def one_line(text: str) -> str:
    """Return `text` on one line of at most 80 characters."""
    text = " ".join(text.split())
    return text if len(text) <= 80 else text[:77] + "..."


def _real_numbers(name: str, value: Any) -> NDArray[Any]:
    """Return `value` as an array of integers or floats, in the type that it has if NumPy knows it."""
    if _is_masked(value):  # NumPy would drop the mask
        raise ValueError(f"{name} must hold no masked values, got {as_text(value, str)}")
    try:
        given = np.asarray(value)
    except ValueError:  # lists of different lengths
        raise ValueError(f"{name} must be a regular array, got {as_text(value)}") from None
    try:
        if given.dtype.kind == "O" and all(map(_is_real, given.flat)):
            given = given.astype(np.float64)
    except OverflowError:
        raise ValueError(
            f"{name} must be within the range of a float, got {as_text(value)}"
        ) from None
    except Exception:  # a class of somebody else's may fail at anything
        pass
    if given.dtype.kind not in "iuf":
        raise TypeError(f"{name} must be a real number or an array of them, got {as_text(value)}")
    return given


def _is_real(value: Any) -> bool:
    """Return whether a value is a real number: no text, date, bool, complex number or None."""
    kind = np.asarray(value).dtype.kind
    return kind in "iuf" or (kind == "O" and hasattr(type(value), "__float__"))


def _is_masked(value: Any) -> bool:
    """Return whether any value is masked, in lists of any depth too."""
    if isinstance(value, list | tuple):
        return any(map(_is_masked, value))
    return isinstance(value, np.ma.MaskedArray) and bool(np.ma.is_masked(value))


def _require(name: str, given: NDArray[Any], holds: NDArray[np.bool_], rule: str) -> None:
    """Raise a ValueError with the first value that breaks the rule, and its index."""
    if not holds.all():
        index = tuple(int(i) for i in np.argwhere(~holds)[0])
        where = f" at index {index[0] if len(index) == 1 else index}" if index else ""
        raise ValueError(f"{name} must be {rule}, got {given[index]}{where}")
