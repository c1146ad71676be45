"""Where the noise of a slope comes from: mini-batches of samples."""

import math
from functools import cache
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from course_lib.figures import parts
from course_lib.figures.base import Control, Figure, View
from course_lib.figures.text import count_of, format_number
from course_lib.style import LOSS, OTHER, TEXT, WEIGHT, course_style
from course_lib.svg import Plot
from course_lib.theory import mean_loss, weight_variance
from course_lib.validation import numbers, whole_number

LOWEST, HIGHEST = -4, 2  # samples are uniform between them
START, STEPS, LAST = 5.0, 100, 50  # of so many steps, so many are past the first descent
LARGEST = 256


@cache
def batch_means(batch: int) -> tuple[float, ...]:
    """Return the means of the samples in 100 batches, taken one after the other from a fixed
    stream.
    """
    # A stream that numpy never changes; fsum rounds once, so that the mean is the same on every
    # processor.
    samples = np.random.RandomState(0).uniform(LOWEST, HIGHEST, STEPS * LARGEST)
    return tuple(
        math.fsum(one) / batch for one in samples[: STEPS * batch].reshape(STEPS, batch).tolist()
    )


def batch_descent(batch: int, rate: float) -> NDArray[np.float64]:
    """Return the weight after 0, 1, … 100 steps of w ← w − rate · 2 (w − m), m being the mean of a
    batch.
    """
    w = START
    weight = [w]
    for mean in batch_means(batch):
        w -= rate * 2 * (w - mean)
        weight.append(w)
    return np.array(weight)


class BatchFigure(Figure):
    """One descent with slopes from batches of samples, and the mean of (w + 1)² over all such
    descents.

    The samples are uniform from −4 to 2, of mean −1 and variance 3; the loss of a sample x is (w −
    x)², so that the slope of a batch of B samples is 2 (w − m), m being their mean, and its
    variance is 12 / B.

    >>> BatchFigure().show(batch=4, rate=0.3)
    BatchFigure(batch=4, rate=0.3): noise floor 0.321429, in one run 0.342689
    """

    controls: ClassVar = {
        "batch": Control(
            "batch size B",
            "How many samples each slope is computed from",
            (1, 2, 4, 8, 16, 64, LARGEST),
        ),
        "rate": Control(
            "learning rate η", "How far a step goes for a given slope", (0.05, 0.1, 0.3, 0.5, 0.8)
        ),
    }

    def __init__(self) -> None:
        super().__init__()
        figure, axes = parts.make_axes(
            "step n", "weight w", (-2, STEPS + 2), parts.WEIGHTS, yticks=range(-9, 8, 4)
        )
        with course_style():
            axes.axhline(parts.MINIMUM, color=OTHER, lw=1, dashes=(1, 2))
            self.means = parts.make_dots(axes, OTHER, 4, alpha=0.6)
            (self.weight,) = axes.plot([], [], color=WEIGHT, lw=1.5, label="weight")
            (mean,) = axes.plot(
                [], [], color=OTHER, ls="", marker="o", ms=4, alpha=0.6, label="mean of a batch"
            )
            self.weight_title = parts.make_title(axes, [self.weight, mean])
        weights = Plot(figure, [self.means, self.weight, self.weight_title])
        figure, axes = parts.make_axes("step n", "(w + 1)²", (-2, STEPS + 2), (1e-4, 100))
        parts.count_in_powers_of_ten(axes, "y")
        with course_style():
            (self.run,) = axes.plot([], [], color=WEIGHT, lw=1, alpha=0.6, label="this run")
            (self.mean,) = axes.plot([], [], color=LOSS, lw=2.5, label="mean of all")
            (self.floor,) = axes.plot([], [], color=TEXT, lw=1.5, dashes=(4, 2), label="floor")
            self.loss_title = parts.make_title(axes, [self.run, self.mean, self.floor])
        self.plots = [weights, Plot(figure, [self.run, self.mean, self.floor, self.loss_title])]

    def show(self, batch: int = 1, rate: float = 0.3) -> View:
        """Return the View of 100 steps; `batch` is from 1 to 256, `rate` above 0 and below 1."""
        batch = whole_number("batch", batch, low=1, high=LARGEST)
        numbers("rate", rate, ndim=[0], above=0)
        noise = 4 * (HIGHEST - LOWEST) ** 2 / 12 / batch
        floor = float(weight_variance(rate, noise))
        weight, step = batch_descent(batch, float(rate)), np.arange(STEPS + 1)
        mean, run = mean_loss(np.full(STEPS, rate), noise, START), (weight + 1) ** 2
        measured = math.fsum(run[-LAST:].tolist()) / LAST
        parts.set_dots(self.means, step[1:], batch_means(batch))
        self.weight.set_data(step, weight)
        self.run.set_data(step, parts.on_log_axis(run))
        self.mean.set_data(step, mean)
        self.floor.set_data([-2, STEPS + 2], [floor, floor])
        samples = count_of(batch, "sample")
        self.weight_title.text = f"a slope from {samples}, η = {rate:g}"
        self.loss_title.text = f"noise floor {format_number(floor)}"
        lowest, highest = (format_number(end(weight[-LAST:])) for end in (min, max))
        return self._view(
            {"batch": batch, "rate": rate},
            f"noise floor {format_number(floor)}, in one run {format_number(measured)}",
            [
                f"Weight after each of {STEPS} steps at learning rate {rate:g}, from "
                f"{format_number(START)}, with the "
                f"mean of each batch of {samples}: in the last {LAST} steps the weight is between "
                f"{lowest} and {highest}; "
                f"the minimum is at {parts.MINIMUM}.",
                f"(w + 1)² after each step, on a logarithmic axis: the mean of all runs falls from "
                f"{format_number(mean[0])} to {format_number(mean[-1])}, the noise floor is "
                f"{format_number(floor)}; this "
                f"run is {format_number(measured)} in the mean of its last {LAST} steps.",
            ],
            [
                ("variance of the slope, 12 / B", format_number(noise)),
                ("noise floor 3η / (B (1 − η))", format_number(floor)),
                (f"mean of all runs after {STEPS} steps", format_number(mean[-1])),
                (f"this run, mean of its last {LAST}", format_number(measured)),
                (f"samples used in {STEPS} steps", f"{STEPS * batch:,}"),
            ],
        )
