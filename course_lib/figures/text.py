"""How the pictures write numbers, settings and counts."""

import math
from collections.abc import Mapping
from typing import Any


def format_number(value: float) -> str:
    """Return a number as the tutorial prints it, with six decimals, where that says something; else
    in powers of ten.

    >>> format_number(0.2), format_number(1e-9), format_number(float("inf"))
    ('0.200000', '1.000e-09', 'infinity')
    """
    value = float(value)
    if not math.isfinite(value):
        return "not a number" if math.isnan(value) else "infinity" if value > 0 else "-infinity"
    if value and not 5e-7 <= abs(value) < 1e6:
        return f"{value:.3e}"
    return f"{value + 0:.6f}"


def format_stop(value: float) -> str:
    """Return a setting as a control shows it.

    >>> format_stop(0.20), format_stop(True)
    ('0.2', 'on')
    """
    return ("off", "on")[value] if isinstance(value, bool) else f"{value:g}"


def count_of(number: float, noun: str) -> str:
    """Return a number of things.

    >>> count_of(1, "step"), count_of(2, "step")
    ('1 step', '2 steps')
    """
    return f"{number:g} {noun}" + ("" if number == 1 else "s")


def format_call(name: str, arguments: Mapping[str, Any]) -> str:
    """Return a call as Python writes it.

    >>> format_call("f", {"x": 1})
    'f(x=1)'
    """
    return f"{name}({', '.join(f'{key}={value!r}' for key, value in arguments.items())})"
