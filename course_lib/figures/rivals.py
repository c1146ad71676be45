"""Five schedules of the learning rate under the same noise."""

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from course_lib.figures.colors import LOSS, OTHER, RATE, TEXT, WEIGHT
from course_lib.figures.parts import look, make_axes, on_log_axis, put_line, put_title
from course_lib.figures.text import count_of, format_number
from course_lib.live import Control, Figure, Plots, Words
from course_lib.noise import best_decay_steps, mean_loss
from course_lib.schedules import schedule

LONGEST = 2000
PLANNED = (50, 200, 500, LONGEST)
# Whole numbers, even on a logarithmic axis, with more where a cosine ends.
SEEN = np.unique(
    np.rint(
        [
            *np.geomspace(1, LONGEST, 50),
            *(n * part for n in PLANNED for part in (0.93, 0.96, 0.98, 0.99, 1)),
        ]
    ).astype(np.int64)
)
# Broad and pale below thin and dark, and each with its own dashes, so that five lines are told
# apart in grey too.
LINES = {
    "constant": look(OTHER, 4),
    "exponential": look(RATE, 3),
    "staircase": look(TEXT, 1.5),
    "1/t": look(WEIGHT, 2.5, (5, 2)),
    "half cosine": look(LOSS, 2.5, (1, 1)),
}


class Rival(NamedTuple):
    """A schedule: its constant T, its learning rates, and the mean of (w + 1)² after 0, 1, … steps."""

    decay_steps: float
    rates: NDArray[np.float64]
    means: NDArray[np.float64]


@cache
def rival(name: str, base: float, noise: float, planned: int) -> Rival:
    """Return a schedule with the T that is best for so many planned steps, over 2,000 steps."""
    decay_steps = best_decay_steps(name, base, noise, planned)
    rates = schedule(name, base, decay_steps, LONGEST)
    return Rival(decay_steps, rates, mean_loss(rates, noise))


class RivalsFigure(Figure):
    """Five learning rates from the same base, each at its best for so many planned steps.

    >>> RivalsFigure().show(base=0.5, noise=3, planned=2000)
    RivalsFigure(base=0.5, noise=3, planned=2000): mean loss constant 0.750000, exponential 0.000874, staircase \
0.000946, 1/t 0.000375, half cosine 0.003782
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
            "Variance of the slope: 12 for batches of 1, 3 of 4, 0.75 of 16",
            (0.75, 3.0, 12.0),
            low=0,
        ),
        "planned": Control(
            "run length N",
            "Each schedule has the constant T that is best for a run of N steps",
            PLANNED,
            low=10,
            high=LONGEST,
            whole=True,
        ),
    }

    def axes(self) -> Plots:
        return [
            make_axes("step n", ylabel, (1, LONGEST), (1e-5, top), log="xy", legend=LINES, rows=2)
            for ylabel, top in (("learning rate η", 1), ("mean of (w + 1)²", 100))
        ]

    def draw(self, axes: Plots, base: float = 0.3, noise: float = 3.0, planned: int = 200) -> Words:
        rivals = {name: rival(name, float(base), float(noise), planned) for name in LINES}
        for plot, top in zip(axes, (1, 100), strict=True):
            put_line(plot, [planned, planned], [1e-5, top], look(OTHER, 1, (1, 2)))
        for name, one in LINES.items():
            decay_steps, rates, means = rivals[name]
            at = SEEN
            if name == "staircase":  # needs its corners
                falls = np.arange(decay_steps, LONGEST, decay_steps, dtype=np.int64)
                falls = falls[rates[falls] > 1e-6]
                at = np.unique([*SEEN, *falls, *(falls + 1)])
            # Step n uses the rate of t = n − 1.
            put_line(axes[0], at, on_log_axis(rates[at - 1]), one)
            put_line(axes[1], at, on_log_axis(means[at]), one)
        ends = {name: format_number(one.means[planned]) for name, one in rivals.items()}
        later = {name: format_number(one.means[-1]) for name, one in rivals.items()}
        best = min(rivals, key=lambda name: rivals[name].means[planned])
        after = f"after N = {planned:,} steps"
        put_title(axes[0], f"learning rates, best for N = {planned:,} steps")
        put_title(axes[1], f"{after}: {best} is lowest, {ends[best]}")
        constants = {
            name: "" if name == "constant" else f"T = {_in_words(one.decay_steps)}"
            for name, one in rivals.items()
        }
        said = ", ".join(f"{name} {end}" for name, end in ends.items())
        return Words(
            f"mean loss {said}",
            [
                f"Learning rates over {count_of(LONGEST, 'step')}, on logarithmic axes, each best for "
                f"{planned:,} steps, from {format_number(base)} to: "
                + ", ".join(
                    f"{name} {format_number(one.rates[-1])} {constants[name]}".rstrip()
                    for name, one in rivals.items()
                )
                + ".",
                f"Mean of (w + 1)² over all runs with noise of variance {noise:g} on each slope, "
                f"on logarithmic axes, from {format_number(rivals['constant'].means[0])} to, "
                f"{after}: {said}; and after {count_of(LONGEST, 'step')}: "
                + ", ".join(f"{name} {end}" for name, end in later.items())
                + ".",
            ],
            [
                ("mean of (w + 1)²", f"{after}; after {LONGEST:,}"),
                *(
                    (f"{name} {constants[name]}".rstrip(), f"{ends[name]}; {later[name]}")
                    for name in LINES
                ),
            ],
        )


def _in_words(decay_steps: float) -> str:
    return f"{decay_steps:.2f}" if decay_steps < 10 else f"{decay_steps:,.0f}"
