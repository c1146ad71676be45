"""How many steps a small distance to the minimum costs."""

import math
from functools import cache
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from course_lib.descent import descend
from course_lib.figures import parts
from course_lib.figures.base import Control, Figure, View
from course_lib.figures.text import count_of, format_number
from course_lib.style import OTHER, TEXT, WEIGHT, course_style
from course_lib.svg import Plot
from course_lib.theory import contraction, regime, steps_to
from course_lib.validation import numbers

START = 5.0
STEPS = 100  # how many the axis holds
COUNTED = 1000  # as far as float32 is counted


@cache
def float32_weights(rate: float) -> NDArray[np.float32]:
    """Return the weight in float32 after 0, 1, … 1,000 steps at one rate."""
    weight = descend(np.full(COUNTED, rate), START).weight
    weight.flags.writeable = False
    return weight


class DistanceFigure(Figure):
    """The distance |w + 1| after each step, exact and in float32, and the first step at which it is
    below a tolerance.

    The exact distance is |1 − 2η|ⁿ · 6 after n steps from w = 5, a straight line on a logarithmic
    axis.

    >>> DistanceFigure().show(rate=0.2, tolerance=0.01)
    DistanceFigure(rate=0.2, tolerance=0.01): distance below 0.01 after 13 steps, in float32 after 13 steps
    """

    controls: ClassVar = {
        "rate": Control(
            "learning rate η",
            "How far a step goes for a given slope",
            (0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8),
        ),
        "tolerance": Control(
            "tolerance",
            "How close to the minimum is close enough",
            (0.1, 0.01, 0.001, 0.0001, 1e-5, 1e-6, 1e-7, 1e-8),
        ),
    }

    def __init__(self) -> None:
        super().__init__()
        figure, axes = parts.make_axes("step n", "distance |w + 1|", (-2, STEPS + 2), (1e-9, 30))
        parts.count_in_powers_of_ten(axes, "y")
        with course_style():
            self.float32 = parts.make_dots(axes, WEIGHT, 5)
            (self.exact,) = axes.plot([], [], color=TEXT, lw=1.5)
            (self.line,) = axes.plot([], [], color=OTHER, lw=1.5, dashes=(4, 2))
            self.mark = parts.make_dots(axes, TEXT, 10)
            for line, name in (
                (self.exact, "exact"),
                (self.float32, "float32"),
                (self.line, "tolerance"),
            ):
                line.set_label(name)
            self.title = parts.make_title(axes, [self.exact, self.float32, self.line])
        self.plots = [Plot(figure, [self.line, self.float32, self.exact, self.mark, self.title])]

    def show(self, rate: float = 0.2, tolerance: float = 0.01) -> View:
        """Return the View of 100 steps at one learning rate, with a tolerance above 0 for the
        distance.
        """
        numbers("rate", rate, ndim=[0], low=0)
        numbers("tolerance", tolerance, ndim=[0], above=0)
        rate, tolerance = float(rate), float(tolerance)
        q, steps, weight = contraction(rate), np.arange(STEPS + 1), float32_weights(rate)
        needed = steps_to(tolerance, rate, START)
        counted = np.abs(np.float64(weight) + 1)
        exact = np.full(STEPS + 1, q)
        exact[0] = START + 1
        exact = np.multiply.accumulate(
            exact
        )  # a power of numpy's own may differ between processors

        self.exact.set_data(steps, parts.on_log_axis(exact))
        parts.set_dots(self.float32, steps, parts.on_log_axis(counted[steps]))
        self.line.set_data([-2, STEPS + 2], [tolerance, tolerance])
        first = steps[steps == needed]
        parts.set_dots(self.mark, first, parts.on_log_axis(exact[first]))
        in_words = "never" if math.isinf(needed) else f"after {count_of(needed, 'step')}"
        self.title.text = f"η = {rate:g}: below {tolerance:g} {in_words}"
        closest = np.nanmin(counted)
        in_float32 = _count_in_words(weight, counted, tolerance)

        return self._view(
            {"rate": rate, "tolerance": tolerance},
            f"distance below {tolerance:g} {in_words}, in float32 {in_float32}",
            [
                f"Distance |w + 1| after each of {STEPS} steps at learning rate {rate:g}, on a "
                f"logarithmic axis: exact, "
                f"from {format_number(exact[0])} to {format_number(exact[STEPS])}, a straight "
                f"line; in float32 "
                f"to {format_number(counted[STEPS])}. Below the tolerance {tolerance:g}: exact "
                f"{in_words}, in "
                f"float32 {in_float32}."
            ],
            [
                ("factor |1 − 2η|", f"{format_number(q)}: {regime(rate)}"),
                ("steps for one more digit", _steps_a_digit(q)),
                (f"distance below {tolerance:g}", in_words),
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
    # The weight stands still, or jumps between two values: whatever comes was there already.
    return "never" if weight[-1] in weight[-3:-1] else f"not within {COUNTED:,} steps"
