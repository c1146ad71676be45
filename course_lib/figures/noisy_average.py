"""The moving average of a descent with noise."""

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from course_lib.averages import moving_average
from course_lib.descent import descend
from course_lib.figures.average import AverageFigure
from course_lib.figures.stops import SWITCH
from course_lib.figures.text import format_number
from course_lib.live import Control, Plots, Words
from course_lib.live.artists import Title
from course_lib.noise import NOISY_STEPS, noisy_descent

RATE = 0.4
POINTS = 100  # as many as a plot has room for


def extremes(values: NDArray[np.float32]) -> NDArray[np.intp]:
    """Return the indices to draw of a long path: both ends, and the extremes of each hundredth."""
    part = (len(values) - 1) // POINTS
    if part < 2:
        return np.arange(len(values))
    parts = values[1:].reshape(POINTS, part)
    inner = 1 + np.arange(POINTS) * part + [parts.argmin(axis=1), parts.argmax(axis=1)]
    return np.unique([0, *inner.ravel(), len(values) - 1])


class NoisyAverageFigure(AverageFigure):
    """The moving average of a descent at rate 0.4, with or without a fixed noise on each slope.

    Both axes are as wide as the steps that are shown; of a long path only the extremes of each
    hundredth are drawn.

    >>> NoisyAverageFigure().show(decay=0.9, warm_up=False, noise=True).words.summary
    'w 5.000000 → 0.076604, shadow 5.000000 → -0.689104'
    """

    controls = AverageFigure.controls | {
        "warm_up": Control(
            "warm-up (num_updates n)",
            "On: the decay in force is min(d, (1 + n) / (10 + n))",
            SWITCH,
        ),
        "noise": Control("noise", "On: a fixed random number is added to each slope", SWITCH),
        "steps": Control(
            "steps", "How many steps the descent takes", (100, 300, NOISY_STEPS), whole=True
        ),
    }

    def __init__(self) -> None:
        super().__init__(noisy_descent(RATE))
        self.without_noise = descend(np.full(NOISY_STEPS, RATE)).weight
        self.xlabel, self.last = "step n", POINTS

    def axes(self) -> Plots:
        plots = super().axes()
        for axes in plots:  # spaces reserve room for the numbers, which change with the steps
            axes.set_xticks(np.linspace(0, POINTS, 5), labels=[" "] * 5)
        return plots

    def draw(  # type: ignore[override]
        self,
        axes: Plots,
        decay: float = 0.9,
        warm_up: bool = False,
        noise: bool = True,
        steps: int = 100,
    ) -> Words:
        if steps % POINTS:
            raise ValueError(f"steps must be a multiple of {POINTS}, got {steps}")
        weight = (self.weights if noise else self.without_noise)[: steps + 1]
        num_updates = np.arange(1, steps + 1) if warm_up else None
        shadow = moving_average(weight, decay, num_updates)
        scale = POINTS / steps
        seen, kept = extremes(weight), extremes(shadow)
        self._put_both(axes[0], (seen * scale, weight[seen]), (kept * scale, shadow[kept]))
        words = self._put_decay(axes, weight, shadow, decay, num_updates)
        for plot in axes:
            _put_numbers(plot, steps)
        path, decays = words.alt_texts
        path = path.replace("Weight and", f"Weight at learning rate {RATE} and", 1)
        means = []
        for name, values in (("w", weight), ("s", shadow)):
            mean = np.abs(np.float64(values[steps // 2 :]) + 1).mean()
            means.append((f"mean of |{name} + 1|, second half", format_number(mean)))
        return words._replace(alt_texts=[path, decays], readout=[*words.readout, *means])


def _put_numbers(axes: Axes, steps: int) -> None:
    """Write the numbers of steps along an axis."""
    height = axes.get_figure(root=True).bbox.height  # type: ignore[union-attr]
    for share in (0, 0.25, 0.5, 0.75, 1):
        middle = float(axes.transData.transform((POINTS * share, 0))[0])
        text = f"{share * steps:g}"
        left = middle - 3.8 * len(text)  # half of its width
        axes.add_artist(Title(left, height - axes.bbox.y0 + 16, text))
