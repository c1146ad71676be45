"""A learning rate that decays."""

import math

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from course_lib.descent import descend
from course_lib.figures import parts
from course_lib.figures.colors import LOSS, OTHER, RATE, WEIGHT
from course_lib.figures.stops import STEPS, SWITCH
from course_lib.figures.text import count_of, format_number
from course_lib.live import Control, Figure, Plots, Words
from course_lib.schedules import exponential_decay
from course_lib.theory import reach
from course_lib.validation import number

RATES = {"smooth": parts.look(RATE, 1.5, (4, 2)), "staircase": parts.look(RATE, 1.5)}
CONSTANT, DECAYING = "constant rate η₀", "decaying rate"
WEIGHTS = {CONSTANT: parts.look(OTHER, 3, alpha=0.6), DECAYING: parts.look(WEIGHT, 1)}
LOSSES = {CONSTANT: parts.look("#c4c4c4", 6), DECAYING: parts.look(LOSS, 2)}
SPAN = (-1, parts.LAST + 1)


class ScheduleFigure(Figure):
    """A decaying learning rate, smooth against staircase, and where it takes the weight.

    `top` is the highest learning rate that the axis holds, above 0.

    >>> ScheduleFigure().show(base=0.1, decay_rate=0.5, decay_steps=10)  # doctest: +ELLIPSIS
    ScheduleFigure(base=0.1, ..., steps=40): rate 0.100000 → 0.006250, w 5.000000 → -0.895586
    """

    controls = {
        "base": Control(
            "base rate η₀", "The learning rate of the first step", (0.01, 0.05, 0.1), low=0
        ),
        "decay_rate": Control(
            "decay rate r",
            "The factor that the rate is multiplied by",
            (0.3, 0.5, 0.7, 0.9, 0.96, 0.99, 1.0),
            above=0,
        ),
        "decay_steps": Control(
            "decay steps T", "How many steps the factor takes", (1, 2, 5, 10, 20), above=0
        ),
        "staircase": Control(
            "staircase ⌊t/T⌋",
            "On: the rate falls once every T steps.  Off: a little at every step",
            SWITCH,
        ),
        "steps": Control("steps n", "How many steps are made", STEPS[1:], whole=True, plays=True),
    }
    columns = ((0, 1), (2, None))  # rate and weight one above the other, on the same steps

    def __init__(self, top: float = 0.1):
        self.top = number("top", top, above=0)

    def axes(self) -> Plots:
        rates = parts.make_axes(
            "steps done t",
            "learning rate η",
            SPAN,
            (0, 1.05 * self.top),
            height=220,
            legend={**RATES, "used": parts.dot_look(RATE, 5)},
        )
        weights = parts.make_axes(
            "step n",
            "weight w",
            SPAN,
            parts.WEIGHTS,
            height=220,
            legend=WEIGHTS,
            yticks=range(-9, 8, 4),
        )
        parts.put_minimum(weights)
        return [rates, weights, parts.loss_axes(LOSSES)]

    def draw(
        self,
        axes: Plots,
        base: float = 0.1,
        decay_rate: float = 0.5,
        decay_steps: float = 10,
        staircase: bool = True,
        steps: int = parts.LAST,
    ) -> Words:
        step, made = np.arange(steps + 1), count_of(steps, "step")
        rate = exponential_decay(base, step, decay_steps, decay_rate, staircase)
        if not np.isfinite(rate[-1]):
            raise ValueError(f"decay_rate must be small enough for float32, got {decay_rate:g}")
        decaying, constant = descend(rate[:-1]), descend(np.full(steps, base))
        _put_rates(axes[0], rate, base, decay_rate, decay_steps)
        # The constant rate's line ends where it leaves the frame: its jumps would hide the rest.
        inside = np.logical_and.accumulate(parts.in_frame(constant.weight))
        end = min(np.count_nonzero(inside) + 1, len(step))
        parts.put_line(axes[1], step[:end], constant.weight[:end], WEIGHTS[CONSTANT])
        parts.put_line(axes[1], step, decaying.weight, WEIGHTS[DECAYING])
        parts.put_dots(axes[1], step, decaying.weight, WEIGHT, 5)
        start, last = (format_number(decaying.weight[n]) for n in (0, -1))
        parts.put_title(axes[1], f"w ends at {last}")
        losses = [format_number(trace.loss[-1]) for trace in (decaying, constant)]
        title = f"loss {losses[0]}, constant η₀ {losses[1]}"
        parts.put_losses(axes[2], [constant, decaying], LOSSES, title)
        small = np.flatnonzero(decaying.loss < 1e-6)
        first_rate, last_rate = format_number(rate[0]), format_number(rate[-1])
        return Words(
            f"rate {first_rate} → {last_rate}, w {start} → {last}",
            [
                f"Learning rate over the steps: a {'staircase' if staircase else 'smooth curve'} "
                f"from {first_rate} to {last_rate} after {made}, multiplied by {decay_rate:g} "
                f"every {count_of(decay_steps, 'step')}.",
                f"Weight over the steps: from {start} to {last} with the decaying rate, to "
                f"{format_number(constant.weight[-1])} with the constant rate {base:g}; the "
                f"minimum is at {parts.MINIMUM}.",
                "Loss per step, on a logarithmic axis: decaying rate, "
                f"{parts.loss_in_words(decaying)}; constant rate, {parts.loss_in_words(constant)}.",
            ],
            [
                (f"next rate, after {made}", last_rate),
                (f"sum of rates in {made}", format_number(np.sum(rate[:-1], dtype=np.float64))),
                *_reach_readout(base, decay_steps, decay_rate, staircase, decaying.weight[0]),
                parts.end_in_words(decaying),
                (
                    "loss below 0.000001",
                    f"after {count_of(small[0], 'step')}" if len(small) else f"not in {made}",
                ),
            ],
        )


def _put_rates(
    axes: Axes, rate: NDArray[np.float32], base: float, decay_rate: float, decay_steps: float
) -> None:
    steps = len(rate) - 1
    fine = np.arange(16 * steps + 1) / 16  # sixteenths are exact: a stair falls where it should
    smooth = exponential_decay(base, fine[::8], decay_steps, decay_rate)
    stairs = exponential_decay(base, fine, decay_steps, decay_rate, staircase=True)
    corner = np.diff(stairs, prepend=np.nan, append=np.nan) != 0
    corner = corner[1:] | corner[:-1]  # both ends of each stair; more points show nothing more
    parts.put_line(axes, fine[::8], smooth, RATES["smooth"])
    parts.put_line(axes, fine[corner], stairs[corner], RATES["staircase"])
    parts.put_dots(axes, np.arange(steps), rate[:-1], RATE, 5)
    parts.put_title(axes, f"η from {format_number(rate[0])} to {format_number(rate[-1])}")


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
    weight = format_number(parts.MINIMUM + (start - parts.MINIMUM) * remaining)
    return [(total, format_number(rate_sum)), (stall, f"w = {weight}")]
