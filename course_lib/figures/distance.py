"""How many steps a small distance to the minimum costs."""

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

from course_lib.descent import descend
from course_lib.figures import parts
from course_lib.figures.colors import OTHER, TEXT, WEIGHT
from course_lib.figures.text import count_of, format_number
from course_lib.live import Control, Figure, Plots, Words
from course_lib.theory import contraction, exact_distances, regime, steps_to

STEPS = 100  # how many the axis holds
COUNTED = 1000  # how many steps are computed in float32
SPAN = (-2, STEPS + 2)
EXACT, TOLERANCE = parts.look(TEXT, 1.5), parts.look(OTHER, 1.5, (4, 2))
FLOAT32 = parts.look(WEIGHT, 5) | {"solid_capstyle": "round"}


@cache
def float32_weights(rate: float) -> NDArray[np.float32]:
    """Return the weight in float32 after 0, 1, … 1,000 steps at one rate."""
    weight = descend(np.full(COUNTED, rate)).weight
    weight.flags.writeable = False
    return weight


class DistanceFigure(Figure):
    """The distance |w + 1| per step, exact and in float32, and when it is below a tolerance.

    The exact distance is |1 − 2η|ⁿ · 6 after n steps from w = 5, a straight line on a logarithmic
    axis.

    >>> DistanceFigure().show(rate=0.2, tolerance=0.01)
    DistanceFigure(rate=0.2, tolerance=0.01): distance below 0.01 after 13 steps, in float32 after 13 steps
    """

    controls = {
        "rate": Control(
            "learning rate η",
            "How far a step goes for a given slope",
            (0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8),
            low=0,
        ),
        "tolerance": Control(
            "tolerance",
            "How close to the minimum is close enough",
            (0.1, 0.01, 0.001, 0.0001, 1e-5, 1e-6, 1e-7, 1e-8),
            above=0,
        ),
    }

    def axes(self) -> Plots:
        legend = {"exact": EXACT, "float32": FLOAT32, "tolerance": TOLERANCE}
        limits = (1e-9, 30)
        return [parts.make_axes("step n", "distance |w + 1|", SPAN, limits, log="y", legend=legend)]

    def draw(self, axes: Plots, rate: float = 0.2, tolerance: float = 0.01) -> Words:
        steps, weight = np.arange(STEPS + 1), float32_weights(float(rate))
        counted = np.abs(np.float64(weight) + 1)
        exact = exact_distances(rate, STEPS)
        needed = steps_to(tolerance, rate)

        parts.put_line(axes[0], SPAN, [tolerance, tolerance], TOLERANCE)
        parts.put_dots(axes[0], steps, parts.on_log_axis(counted[steps]), WEIGHT, 5)
        parts.put_line(axes[0], steps, parts.on_log_axis(exact), EXACT)
        first = steps[steps == needed]
        parts.put_dots(axes[0], first, parts.on_log_axis(exact[first]), TEXT, 10)
        after = "never" if math.isinf(needed) else f"after {count_of(needed, 'step')}"
        parts.put_title(axes[0], f"η = {rate:g}: below {tolerance:g} {after}")
        closest = np.nanmin(counted)
        in_float32 = _count_in_words(weight, counted, tolerance)
        q = contraction(rate)

        return Words(
            f"distance below {tolerance:g} {after}, in float32 {in_float32}",
            [
                f"Distance |w + 1| after each of {STEPS} steps at learning rate {rate:g}, on a "
                f"logarithmic axis: exact, from {format_number(exact[0])} to "
                f"{format_number(exact[STEPS])}, a straight line; in float32 to "
                f"{format_number(counted[STEPS])}. Below the tolerance {tolerance:g}: exact "
                f"{after}, in float32 {in_float32}."
            ],
            [
                ("factor |1 − 2η|", f"{format_number(q)}: {regime(rate)}"),
                ("steps for one more digit", _steps_a_digit(q)),
                (f"distance below {tolerance:g}", after),
                ("the same in float32", in_float32),
                ("closest in float32", format_number(closest) if closest else "exactly 0"),
            ],
        )


def _steps_a_digit(q: float) -> str:
    """How many steps make the distance ten times smaller: ln 10 / −ln q."""
    if q >= 1:
        return "no number is enough"
    return format_number(math.log(10) / -math.log(q)) if q else "one gives all digits"


def _count_in_words(
    weight: NDArray[np.float32], distance: NDArray[np.float64], tolerance: float
) -> str:
    below = np.flatnonzero(distance < tolerance)
    if len(below):
        return f"after {count_of(below[0], 'step')}"
    # The weight stands still, or jumps between two values: no later one is new.
    return "never" if weight[-1] in weight[-3:-1] else f"not within {COUNTED:,} steps"
