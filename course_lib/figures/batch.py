"""Where the noise of a slope comes from: mini-batches of samples."""

import math

import numpy as np

from course_lib import noise
from course_lib.figures import parts
from course_lib.figures.colors import LOSS, OTHER, TEXT, WEIGHT
from course_lib.figures.text import count_of, format_number
from course_lib.live import Control, Figure, Plots, Words

STEPS, LAST = noise.BATCH_STEPS, 50  # the last 50 steps are past the first descent
SPAN = (-2, STEPS + 2)
LOSSES = {
    "this run": parts.look(WEIGHT, 1, alpha=0.6),
    "mean of all": parts.look(LOSS, 2.5),
    "floor": parts.look(TEXT, 1.5, (4, 2)),
}
WEIGHTS = {"weight": parts.look(WEIGHT, 1.5), "mean of a batch": parts.dot_look(OTHER, 4, 0.6)}


class BatchFigure(Figure):
    """One descent with slopes from batches of samples, and the mean of (w + 1)² over all of them.

    The samples are uniform from −4 to 2, of mean −1 and variance 3; the loss of a sample x is
    (w − x)², so that the slope of a batch of B samples is 2 (w − m), m being their mean, and its
    variance is 12 / B.

    >>> BatchFigure().show(batch=4, rate=0.3)
    BatchFigure(batch=4, rate=0.3): noise floor 0.321429, in one run 0.342689
    """

    controls = {
        "batch": Control(
            "batch size B",
            "How many samples each slope is computed from",
            (1, 2, 4, 8, 16, 64, noise.LARGEST_BATCH),
            whole=True,
        ),
        "rate": Control(
            "learning rate η",
            "How far a step goes for a given slope",
            (0.05, 0.1, 0.3, 0.5, 0.8),
            above=0,
            below=1,
        ),
    }

    def axes(self) -> Plots:
        ticks = range(-9, 8, 4)
        weights = parts.make_axes(
            "step n", "weight w", SPAN, parts.WEIGHTS, legend=WEIGHTS, yticks=ticks
        )
        parts.put_minimum(weights)
        losses = parts.make_axes("step n", "(w + 1)²", SPAN, (1e-4, 100), log="y", legend=LOSSES)
        return [weights, losses]

    def draw(self, axes: Plots, batch: int = 1, rate: float = 0.3) -> Words:
        variance = 4 * noise.SAMPLE_VARIANCE / batch
        weight, step = noise.batch_descent(batch, rate), np.arange(STEPS + 1)
        mean, run = noise.mean_loss(np.full(STEPS, rate), variance, weight[0]), (weight + 1) ** 2
        floor = float(noise.weight_variance(rate, variance))
        parts.put_dots(axes[0], step[1:], noise.batch_means(batch), OTHER, 4, 0.6)
        parts.put_line(axes[0], step, weight, WEIGHTS["weight"])
        parts.put_line(axes[1], step, parts.on_log_axis(run), LOSSES["this run"])
        parts.put_line(axes[1], step, mean, LOSSES["mean of all"])
        parts.put_line(axes[1], SPAN, [floor, floor], LOSSES["floor"])
        samples, in_words = count_of(batch, "sample"), format_number(floor)
        parts.put_title(axes[0], f"a slope from {samples}, η = {rate:g}")
        parts.put_title(axes[1], f"noise floor {in_words}")
        measured = format_number(math.fsum(run[-LAST:].tolist()) / LAST)
        lowest, highest = (format_number(end(weight[-LAST:])) for end in (min, max))
        end = format_number(mean[-1])
        return Words(
            f"noise floor {in_words}, in one run {measured}",
            [
                f"Weight after each of {STEPS} steps at learning rate {rate:g}, from "
                f"{format_number(weight[0])}, with the mean of each batch of {samples}: in the "
                f"last {LAST} steps the weight is between {lowest} and {highest}; the minimum is "
                f"at {parts.MINIMUM}.",
                "(w + 1)² after each step, on a logarithmic axis: the mean of all runs falls from "
                f"{format_number(mean[0])} to {end}, the noise floor is {in_words}; this run is "
                f"{measured} in the mean of its last {LAST} steps.",
            ],
            [
                ("variance of the slope, 12 / B", format_number(variance)),
                ("noise floor 3η / (B (1 − η))", in_words),
                (f"mean of all runs after {STEPS} steps", end),
                (f"this run, mean of its last {LAST}", measured),
                (f"samples used in {STEPS} steps", f"{STEPS * batch:,}"),
            ],
        )
