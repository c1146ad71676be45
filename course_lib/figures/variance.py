"""How much a weight and its shadow vary under noise, by the rate and by the decay."""

import numpy as np

from course_lib import noise
from course_lib.averages import moving_average
from course_lib.figures.colors import SHADOW, WEIGHT
from course_lib.figures.parts import MINIMUM, look, make_axes, put_dots, put_line, put_title
from course_lib.figures.text import format_number
from course_lib.live import Control, Figure, Plots, Words

NOISE = noise.NOISE_VARIANCE
SHOWN = 100  # steps
CURVE = np.linspace(0.02, 0.98, 49)  # the rates between which the curves are drawn
LINES = {"weight": look(WEIGHT, 1), "shadow": look(SHADOW, 3)}
VARIANCES = {"V of the weight": look(WEIGHT, 2), "U of the shadow": look(SHADOW, 3)}


class VarianceFigure(Figure):
    """The last 100 of 1,000 noisy steps with their shadow, and the variances of both by the rate.

    The noise on each slope is that of NoisyAverageFigure, uniform from −3 to 3, so that its
    variance is 3.

    >>> VarianceFigure().show(rate=0.5, decay=0.9)
    VarianceFigure(rate=0.5, decay=0.9): variance of w 0.750000, of s 0.039474
    """

    controls = {
        "rate": Control(
            "learning rate η",
            "The share of the slope that each step takes",
            (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9),
            above=0,
            below=1,
        ),
        "decay": Control(
            "decay d",
            "How much of the old shadow stays at each update",
            (0.0, 0.5, 0.9, 0.95, 0.98, 0.99),
            low=0,
            below=1,
        ),
    }
    picks = ["", "rate"]

    def axes(self) -> Plots:
        span, ticks = (noise.NOISY_STEPS - SHOWN, noise.NOISY_STEPS), (-8, -4, 0, 4)
        path = make_axes("step n", "weight w, shadow s", span, (-9, 7), legend=LINES, yticks=ticks)
        limits = (1e-3, 1e2)
        curves = make_axes("learning rate η", "variance", (0, 1), limits, log="y", legend=VARIANCES)
        put_line(curves, CURVE, noise.weight_variance(CURVE, NOISE), VARIANCES["V of the weight"])
        return [path, curves]

    def draw(self, axes: Plots, rate: float = 0.3, decay: float = 0.9) -> Words:
        variance = float(noise.weight_variance(rate, NOISE))
        of_shadow = float(noise.shadow_variance(rate, decay, NOISE))
        weight = noise.noisy_descent(float(rate), MINIMUM)
        steps = np.arange(noise.NOISY_STEPS - SHOWN, noise.NOISY_STEPS + 1)
        put_line(axes[0], steps, weight[steps], LINES["weight"])
        put_line(axes[0], steps, moving_average(weight, decay)[steps], LINES["shadow"])
        curve = noise.shadow_variance(CURVE, decay, NOISE)
        put_line(axes[1], CURVE, curve, VARIANCES["U of the shadow"])
        put_dots(axes[1], [rate], [variance], WEIGHT, 11)
        put_dots(axes[1], [rate], [of_shadow], SHADOW, 11)
        v, u = format_number(variance), format_number(of_shadow)
        put_title(axes[0], f"rate {rate:g}, decay {decay:g}")
        put_title(axes[1], f"V = {v}, U = {u}")
        return Words(
            f"variance of w {v}, of s {u}",
            [
                f"Weight and shadow in steps {noise.NOISY_STEPS - SHOWN} to {noise.NOISY_STEPS}, with noise on each "
                f"slope, at learning rate {rate:g} and decay {decay:g}: their variances are {v} "
                f"and {u}.",
                "Variance against the learning rate: that of the weight rises to "
                f"{v} at rate {rate:g}; that of its shadow with decay {decay:g} is {u} there.",
            ],
            [
                ("variance V of the weight", v),
                ("variance U of the shadow", u),
                ("U / V", format_number(of_shadow / variance)),
            ],
        )
