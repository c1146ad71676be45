"""How the pictures write numbers and counts."""

import math


def format_number(value: float) -> str:
    """Return a number as the tutorial prints it, with six decimals, or in powers of ten.

    >>> format_number(0.2), format_number(1e-9), format_number(float("inf"))
    ('0.200000', '1.000e-09', 'infinity')
    """
    value = float(value)
    if not math.isfinite(value):
        return "not a number" if math.isnan(value) else "infinity" if value > 0 else "-infinity"
    if value and not 5e-7 <= abs(value) < 1e6:
        return f"{value:.3e}"
    return f"{value + 0:.6f}"


def count_of(number: float, noun: str) -> str:
    """Return a number of things.

    >>> count_of(1, "step"), count_of(2, "step")
    ('1 step', '2 steps')
    """
    return f"{number:g} {noun}" + ("" if number == 1 else "s")
