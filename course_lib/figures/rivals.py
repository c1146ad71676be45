"""Five schedules of the learning rate under the same noise."""

from collections.abc import Mapping
from functools import cache

import numpy as np
from numpy.typing import NDArray

from course_lib.figures.colors import LOSS, OTHER, RATE, TEXT, WEIGHT
from course_lib.figures.parts import look, make_axes, on_log_axis, put_line, put_title
from course_lib.figures.text import count_of, format_number
from course_lib.live import Control, Figure, Plots, Words
from course_lib.noise import mean_loss
from course_lib.schedules import rival_schedules

LONGEST = 2000
TINY = 1e-12
# Broad and pale below thin and dark, and each with its own dashes, so that five lines are told
# apart in grey too.
LINES = {
    "constant": look(OTHER, 4),
    "exponential": look(RATE, 3),
    "staircase": look(TEXT, 1.5),
    "1/t": look(WEIGHT, 2.5, (5, 2)),
    "half cosine": look(LOSS, 2.5, (1, 1)),
}


@cache
def losses(base: float, noise: float, steps: int) -> Mapping[str, NDArray[np.float64]]:
    """Return by name the mean of (w + 1)² over all runs after 0, 1, … steps steps."""
    return {name: mean_loss(rates, noise) for name, rates in rival_schedules(base, steps).items()}


class RivalsFigure(Figure):
    """Five learning rates from the same base, and the mean of (w + 1)² that each comes to.

    >>> RivalsFigure().show(base=0.5, noise=3, steps=2000)
    RivalsFigure(base=0.5, noise=3, steps=2000): mean loss constant 0.750000, exponential 0.003807, staircase \
0.003887, 1/t 0.000375, half cosine 0.003782
    """

    controls = {
        "base": Control(
            "base rate η₀",
            "The learning rate of the first step, the same for all five",
            (0.1, 0.3, 0.5, 0.9),
            low=0,
        ),
        "noise": Control(
            "noise σ²",
            "Variance of the slope: 12 for batches of 1, 3 of 4, 0.75 of 16, 0 of all",
            (0.0, 0.75, 3.0, 12.0),
            low=0,
        ),
        "steps": Control(
            "steps in all",
            "How many steps the training has",
            (20, 50, 200, 500, LONGEST),
            low=10,
            whole=True,
            plays=True,
        ),
    }

    def axes(self) -> Plots:
        return [
            make_axes("step n", ylabel, (1, LONGEST), (1e-5, top), log="xy", legend=LINES, rows=2)
            for ylabel, top in (("learning rate η", 1), ("mean of (w + 1)²", 100))
        ]

    def draw(self, axes: Plots, base: float = 0.3, noise: float = 3.0, steps: int = 200) -> Words:
        rates = rival_schedules(base, steps)
        means = losses(float(base), float(noise), steps)
        drawn = _spread(steps)
        for name, one in LINES.items():
            at = drawn
            if name == "staircase":  # needs its corners
                at = np.unique([*drawn, *range(35, steps, 35), *range(36, steps, 35)])
            # Step n uses the rate of t = n − 1.
            put_line(axes[0], at, on_log_axis(rates[name][at - 1]), one)
            put_line(axes[1], at, on_log_axis(means[name][at]), one)
        ends = {name: _in_words(means[name][-1]) for name in LINES}
        lowest = _in_words(min(means[name][-1] for name in LINES))
        leaders = [name for name in LINES if ends[name] == lowest]  # a staircase begins constant
        who = f"{leaders[0]} is" if len(leaders) == 1 else f"{len(leaders)} of 5 are"
        in_time = f"after {count_of(steps, 'step')}"
        put_title(axes[0], f"five learning rates from η₀ = {base:g}")
        put_title(axes[1], f"{in_time}: {who} lowest, {lowest}")
        said = ", ".join(f"{name} {end}" for name, end in ends.items())
        last = ", ".join(f"{name} {format_number(rates[name][-1])}" for name in LINES)
        return Words(
            f"mean loss {said}",
            [
                f"Learning rates over {count_of(steps, 'step')}, on logarithmic axes, from "
                f"{base:g} (exponential: times 0.98 at each step; staircase: halved every 35 "
                f"steps) to: {last}.",
                f"Mean of (w + 1)² over all runs with noise of variance {noise:g} on each slope, "
                f"on logarithmic axes, from {format_number(means['constant'][0])} to, {in_time}: "
                f"{said}.",
            ],
            [
                ("schedule", "mean of (w + 1)²; sum of rates"),
                *((name, f"{ends[name]}; {format_number(rates[name].sum())}") for name in LINES),
            ],
        )


def _in_words(loss: float) -> str:
    """A mean loss; far below what float32 can tell from 0 its digits say nothing."""
    return format_number(loss) if loss >= TINY else f"below {TINY:g}"


def _spread(steps: int) -> NDArray[np.int64]:
    """Whole numbers up to `steps`, even on a logarithmic axis, with more where the cosine ends."""
    ends = [steps * part // 100 for part in (93, 96, 98, 99)]
    return np.unique([*np.rint(np.geomspace(1, steps, 50)).astype(np.int64), *ends])
