"""A learning rate that decays."""

import math
from typing import ClassVar

import numpy as np
from matplotlib.lines import Line2D

from course_lib.descent import descend
from course_lib.figures import parts
from course_lib.figures.base import SWITCH, Control, Figure, View
from course_lib.figures.text import count_of, format_number
from course_lib.schedules import exponential_decay
from course_lib.style import LOSS, OTHER, RATE, WEIGHT, course_style
from course_lib.svg import Plot
from course_lib.theory import reach
from course_lib.validation import numbers, plain, whole_number


class ScheduleFigure(Figure):
    """A decaying learning rate over the steps, smooth against staircase, and where it takes the
    weight.

    `top` is the highest learning rate that the axis holds.  Raises TypeError or ValueError for one
    that is not above 0.

    >>> ScheduleFigure().show(base=0.1, decay_rate=0.5, decay_steps=10, staircase=True)  # doctest: +ELLIPSIS
    ScheduleFigure(base=0.1, ..., steps=40): rate 0.100000 → 0.006250, w 5.000000 → -0.895586
    """

    controls: ClassVar = {
        "base": Control("base rate η₀", "The learning rate of the first step", (0.01, 0.05, 0.1)),
        "decay_rate": Control(
            "decay rate r",
            "The factor that the rate is multiplied by",
            (0.3, 0.5, 0.7, 0.9, 0.96, 0.99, 1.0),
        ),
        "decay_steps": Control(
            "decay steps T", "How many steps the factor takes", (1, 2, 5, 10, 20)
        ),
        "staircase": Control(
            "staircase ⌊t/T⌋",
            "On: the rate falls once every T steps.  Off: a little at every step",
            SWITCH,
        ),
        "steps": Control("steps n", "How many steps are made", tuple(range(1, parts.LAST + 1))),
    }
    columns = ((0, 1), (2, None))  # rate and weight one above the other, on the same steps

    def __init__(self, top: float = 0.1):
        numbers("top", top, ndim=[0], above=0)
        top = plain(top)
        super().__init__(top=top)
        figure, axes = parts.make_axes(
            "steps done t", "learning rate η", (-1, parts.LAST + 1), (0, 1.05 * top), height=220
        )
        with course_style():
            (self.smooth,) = axes.plot([], [], color=RATE, lw=1.5, dashes=(4, 2), label="smooth")
            (self.stairs,) = axes.plot([], [], color=RATE, lw=1.5, label="staircase")
            self.used = parts.make_dots(axes, RATE, 5)
            used = Line2D([], [], color=RATE, ls="", marker="o", ms=5, label="used")
            self.rate_title = parts.make_title(axes, [self.smooth, self.stairs, used])
        rates = Plot(figure, [self.smooth, self.stairs, self.used, self.rate_title])
        figure, axes = parts.make_axes(
            "step n",
            "weight w",
            (-1, parts.LAST + 1),
            parts.WEIGHTS,
            height=220,
            yticks=range(-9, 8, 4),
        )
        with course_style():
            axes.axhline(parts.MINIMUM, color=OTHER, lw=1, dashes=(1, 2))
            (self.constant,) = axes.plot(
                [], [], color=OTHER, lw=3, alpha=0.6, label="constant rate η₀"
            )
            (self.weight,) = axes.plot([], [], color=WEIGHT, lw=1, label="decaying rate")
            self.weights = parts.make_dots(axes, WEIGHT, 5)
            self.weight_title = parts.make_title(axes, [self.constant, self.weight])
        weights = Plot(figure, [self.constant, self.weight, self.weights, self.weight_title])
        self.losses = parts.LossPlot(
            [("-", 6, "#c4c4c4"), ("-", 2, LOSS)], ["constant rate η₀", "decaying rate"]
        )
        self.plots = [rates, weights, self.losses]

    def show(
        self,
        base: float = 0.1,
        decay_rate: float = 0.5,
        decay_steps: float = 10,
        staircase: bool = True,
        steps: int = parts.LAST,
    ) -> View:
        """Return the View of `steps` steps, from 1 to 40, at the rate of `exponential_decay`."""
        steps = whole_number("steps", steps, low=1, high=parts.LAST)
        step = np.arange(steps + 1)
        rate = exponential_decay(base, step, decay_steps, decay_rate, staircase)
        decaying, constant = descend(rate[:-1]), descend(np.full(steps, base))
        weight = decaying.weight
        self._update_rates(rate, base, decay_rate, decay_steps)
        # Once outside, the weight at a constant rate never comes back; its jumps would only hide
        # the rest.
        inside = np.logical_and.accumulate(parts.in_frame(constant.weight))
        end = min(np.count_nonzero(inside) + 1, len(step))
        self.constant.set_data(step[:end], constant.weight[:end])
        self.weight.set_data(step, weight)
        parts.set_dots(self.weights, step, weight)
        self.weight_title.text = f"w ends at {format_number(weight[-1])}"
        self.losses.update(
            [constant, decaying],
            f"loss {format_number(decaying.loss[-1])}, "
            f"constant η₀ {format_number(constant.loss[-1])}",
        )
        small = np.flatnonzero(decaying.loss < 1e-6)
        first, last = format_number(rate[0]), format_number(rate[-1])
        return self._view(
            {
                "base": base,
                "decay_rate": decay_rate,
                "decay_steps": decay_steps,
                "staircase": staircase,
                "steps": steps,
            },
            f"rate {first} → {last}, w {format_number(weight[0])} → {format_number(weight[-1])}",
            [
                f"Learning rate over the steps: a {'staircase' if staircase else 'smooth curve'} "
                f"from {first} to {last} "
                f"after {count_of(steps, 'step')}, multiplied by {decay_rate:g} every "
                f"{count_of(decay_steps, 'step')}.",
                f"Weight over the steps: from {format_number(weight[0])} to "
                f"{format_number(weight[-1])} with the decaying "
                f"rate, to {format_number(constant.weight[-1])} with the constant rate {base:g}; "
                f"the minimum is at "
                f"{parts.MINIMUM}.",
                f"Loss per step, on a logarithmic axis: decaying rate, "
                f"{parts.loss_in_words(decaying)}; constant rate, "
                f"{parts.loss_in_words(constant)}.",
            ],
            [
                (f"next rate, after {count_of(steps, 'step')}", last),
                (
                    f"sum of rates in {count_of(steps, 'step')}",
                    format_number(np.sum(rate[:-1], dtype=np.float64)),
                ),
                *_reach_readout(base, decay_steps, decay_rate, staircase, weight[0]),
                parts.end_in_words(decaying),
                (
                    "loss below 0.000001",
                    f"after {count_of(small[0], 'step')}"
                    if len(small)
                    else f"not in {count_of(steps, 'step')}",
                ),
            ],
        )

    def _update_rates(
        self, rate: np.ndarray, base: float, decay_rate: float, decay_steps: float
    ) -> None:
        steps = len(rate) - 1
        fine = (
            np.arange(16 * steps + 1) / 16
        )  # sixteenths are exact, so that a stair falls where it should
        smooth = exponential_decay(base, fine[::8], decay_steps, decay_rate)
        stairs = exponential_decay(base, fine, decay_steps, decay_rate, staircase=True)
        corner = np.diff(stairs, prepend=np.nan, append=np.nan) != 0
        corner = (
            corner[1:] | corner[:-1]
        )  # the ends of each stair; what lies between adds nothing to the picture
        self.smooth.set_data(fine[::8], smooth)
        self.stairs.set_data(fine[corner], stairs[corner])
        parts.set_dots(self.used, np.arange(steps), rate[:-1])
        self.rate_title.text = f"η from {format_number(rate[0])} to {format_number(rate[-1])}"


def _reach_readout(
    base: float, decay_steps: float, decay_rate: float, staircase: bool, start: float
) -> list[tuple[str, str]]:
    """How far a rate can ever take the weight, where that can be said."""
    total, stall = "sum of all rates, for ever", "where the weight stalls"
    if decay_rate >= 1:
        return [(total, "without end"), (stall, "nowhere")]
    if decay_steps != math.floor(decay_steps):
        return [(total, "not computed"), (stall, "not computed")]
    rate_sum, remaining = reach(base, decay_steps, decay_rate, staircase)
    return [
        (total, format_number(rate_sum)),
        (stall, f"w = {format_number(parts.MINIMUM + (start - parts.MINIMUM) * remaining)}"),
    ]
