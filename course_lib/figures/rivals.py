"""Five schedules of the learning rate under the same noise."""

from collections.abc import Mapping
from functools import cache
from typing import ClassVar

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from course_lib.figures.base import Control, Figure, View
from course_lib.figures.parts import count_in_powers_of_ten, make_axes, make_title, on_log_axis
from course_lib.figures.text import count_of, format_number
from course_lib.style import LOSS, OTHER, RATE, TEXT, WEIGHT, course_style
from course_lib.svg import Plot, Title
from course_lib.theory import mean_loss
from course_lib.validation import numbers, whole_number

LONGEST = 2000
TINY = 1e-12
# Broad and pale below thin and dark, and each with its own dashes, so that five lines are told
# apart in grey too.
LOOKS: dict[str, tuple[str, float, tuple[float, ...] | None]] = {
    "constant": (OTHER, 4, None),
    "exponential": (RATE, 3, None),
    "staircase": (TEXT, 1.5, None),
    "1/t": (WEIGHT, 2.5, (5, 2)),
    "half cosine": (LOSS, 2.5, (1, 1)),
}
NAMES = tuple(LOOKS)


def schedules(base: float, steps: int) -> Mapping[str, NDArray[np.float64]]:
    """Return by name the five learning rates at t = 0, 1, … steps − 1, which all start at `base`.

    They are base; base · 0.98ᵗ; base halved every 35 steps; base / (t + 1); and base · (1 + cos(π t
    / steps)) / 2.

    >>> {name: rates.round(3).tolist() for name, rates in schedules(0.4, 2).items()}  # doctest: +NORMALIZE_WHITESPACE
    {'constant': [0.4, 0.4], 'exponential': [0.4, 0.392], 'staircase': [0.4, 0.4], '1/t': [0.4, 0.2],
     'half cosine': [0.4, 0.2]}
    """
    t = np.arange(steps)
    shares = np.array(
        [
            np.ones(steps),
            0.98**t,
            0.5 ** (t // 35),
            1 / (t + 1),
            (1 + np.cos(np.pi * t / steps)) / 2,
        ],
        np.float64,
    )
    return {name: base * share for name, share in zip(NAMES, shares, strict=True)}


@cache
def losses(base: float, noise: float, steps: int) -> Mapping[str, NDArray[np.float64]]:
    """Return by name the mean of (w + 1)² over all runs after 0, 1, … steps steps."""
    return {name: mean_loss(rates, noise) for name, rates in schedules(base, steps).items()}


class RivalsFigure(Figure):
    """Five learning rates from the same base over the steps, and the mean of (w + 1)² that each
    comes to.

    >>> RivalsFigure().show(base=0.5, noise=3, steps=2000)
    RivalsFigure(base=0.5, noise=3, steps=2000): mean loss constant 0.750000, exponential 0.003807, staircase \
0.003887, 1/t 0.000375, half cosine 0.003782
    """

    controls: ClassVar = {
        "base": Control(
            "base rate η₀",
            "The learning rate of the first step, the same for all five",
            (0.1, 0.3, 0.5, 0.9),
        ),
        "noise": Control(
            "noise σ²",
            "Variance of the slope: 12 for batches of 1, 3 of 4, 0.75 of 16, 0 of all",
            (0.0, 0.75, 3.0, 12.0),
        ),
        "steps": Control(
            "steps in all", "How many steps the training has", (20, 50, 200, 500, LONGEST)
        ),
    }

    def __init__(self) -> None:
        super().__init__()
        figure, axes = make_axes("step n", "learning rate η", (1, LONGEST), (1e-5, 1))
        self.rates, self.rate_title = _make_lines(axes)
        rates = Plot(figure, [*self.rates, self.rate_title])
        figure, axes = make_axes("step n", "mean of (w + 1)²", (1, LONGEST), (1e-5, 100))
        self.means, self.mean_title = _make_lines(axes)
        self.plots = [rates, Plot(figure, [*self.means, self.mean_title])]

    def show(self, base: float = 0.3, noise: float = 3.0, steps: int = 200) -> View:
        """Return the View of a training of 10 to 2,000 steps, with `base` and `noise`, the variance
        σ², from 0 on.
        """
        numbers("base", base, ndim=[0], low=0)
        numbers("noise", noise, ndim=[0], low=0)
        steps = whole_number("steps", steps, low=10, high=LONGEST)
        rates, means = schedules(float(base), steps), losses(float(base), float(noise), steps)
        drawn = _spread(steps)
        for name, rate_line, mean_line in zip(NAMES, self.rates, self.means, strict=True):
            # A staircase needs its corners.
            at = (
                np.unique([*drawn, *range(35, steps, 35), *range(36, steps, 35)])
                if name == "staircase"
                else drawn
            )
            rate_line.set_data(
                at, on_log_axis(rates[name][at - 1])
            )  # step n uses the rate of t = n − 1
            mean_line.set_data(at, on_log_axis(means[name][at]))
        ends = {name: _in_words(means[name][-1]) for name in NAMES}
        lowest = _in_words(min(means[name][-1] for name in NAMES))
        leaders = [
            name for name in NAMES if ends[name] == lowest
        ]  # a staircase begins as a constant rate
        in_time = f"after {count_of(steps, 'step')}"
        self.rate_title.text = f"five learning rates from η₀ = {base:g}"
        self.mean_title.text = (
            f"{in_time}: {leaders[0]} is lowest, {lowest}"
            if len(leaders) == 1
            else f"{in_time}: {len(leaders)} of 5 are lowest, {lowest}"
        )
        sums = {name: format_number(rates[name].sum()) for name in NAMES}
        said = [f"{name} {ends[name]}" for name in NAMES]
        return self._view(
            {"base": base, "noise": noise, "steps": steps},
            f"mean loss {', '.join(said)}",
            [
                f"Learning rates over {count_of(steps, 'step')}, on logarithmic axes, from "
                f"{base:g} (exponential: times "
                "0.98 at each step; staircase: halved every 35 steps) to: "
                + ", ".join(f"{name} {format_number(rates[name][-1])}" for name in NAMES)
                + ".",
                f"Mean of (w + 1)² over all runs with noise of variance {noise:g} on each slope, "
                f"on logarithmic axes, "
                f"from {format_number(means['constant'][0])} to, {in_time}: {', '.join(said)}.",
            ],
            [
                ("schedule", "mean of (w + 1)²; sum of rates"),
                *((name, f"{ends[name]}; {sums[name]}") for name in NAMES),
            ],
        )


def _make_lines(axes: Axes) -> tuple[list[Line2D], Title]:
    """A line a schedule, with logarithmic axes, and above them the title and a legend of two rows."""
    for axis in "xy":
        count_in_powers_of_ten(axes, axis)
    figure = axes.get_figure(root=True)
    assert figure is not None
    with course_style():
        lines = [
            axes.plot([], [], color=color, lw=width, ls=(0, dashes) if dashes else "-", label=name)[
                0
            ]
            for name, (color, width, dashes) in LOOKS.items()
        ]
        left, bottom, width, height = axes.get_position().bounds
        axes.set_position((left, bottom, width, height - 32 / figure.bbox.height))
        axes.legend(
            handles=lines,
            ncols=3,
            loc="lower left",
            bbox_to_anchor=(-0.19, 0.97),
            handlelength=2.5,
            columnspacing=1.2,
            labelspacing=0.2,
        )
        return lines, make_title(axes)


def _in_words(loss: float) -> str:
    """A mean loss; far below what float32 can tell from 0 its digits say nothing."""
    return format_number(loss) if loss >= TINY else f"below {TINY:g}"


def _spread(steps: int) -> NDArray[np.int64]:
    """Whole numbers from 1 to `steps`, about evenly on a logarithmic axis, and more of them where
    the cosine ends.
    """
    ends = [steps * part // 100 for part in (93, 96, 98, 99)]
    return np.unique([*np.rint(np.geomspace(1, steps, 50)).astype(np.int64), *ends])
