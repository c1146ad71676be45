"""How much a weight and its shadow vary under noise, by the rate and by the decay."""

from typing import ClassVar

import numpy as np

from course_lib.averages import moving_average
from course_lib.figures.base import Control, Figure, View
from course_lib.figures.noisy_average import LONGEST, PUSH, noisy_descent
from course_lib.figures.parts import (
    MINIMUM,
    count_in_powers_of_ten,
    make_axes,
    make_dots,
    make_title,
    set_dots,
)
from course_lib.figures.text import format_number
from course_lib.style import SHADOW, WEIGHT, course_style
from course_lib.svg import Plot
from course_lib.theory import shadow_variance, weight_variance
from course_lib.validation import numbers

NOISE = PUSH**2 / 3  # the variance of a number that is uniform from −PUSH to PUSH
SHOWN = 100  # steps
CURVE = np.linspace(0.02, 0.98, 49)  # the rates between which the curves are drawn


class VarianceFigure(Figure):
    """The last 100 of 1,000 noisy steps with their shadow, and the variances of both against the
    learning rate.

    The noise on each slope is that of NoisyAverageFigure, uniform from −3 to 3, so that its
    variance is 3.

    >>> VarianceFigure().show(rate=0.5, decay=0.9)
    VarianceFigure(rate=0.5, decay=0.9): variance of w 0.750000, of s 0.039474
    """

    controls: ClassVar = {
        "rate": Control(
            "learning rate η",
            "The share of the slope that each step takes",
            (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9),
        ),
        "decay": Control(
            "decay d",
            "How much of the old shadow stays at each update",
            (0.0, 0.5, 0.9, 0.95, 0.98, 0.99),
        ),
    }

    def __init__(self) -> None:
        super().__init__()
        figure, axes = make_axes(
            "step n",
            "weight w, shadow s",
            (LONGEST - SHOWN, LONGEST),
            (-9, 7),
            yticks=(-8, -4, 0, 4),
        )
        with course_style():
            (self.weight,) = axes.plot([], [], color=WEIGHT, lw=1, label="weight")
            (self.shadow,) = axes.plot([], [], color=SHADOW, lw=3, label="shadow")
            self.title = make_title(axes, [self.weight, self.shadow])
        path = Plot(figure, [self.weight, self.shadow, self.title])
        figure, axes = make_axes("learning rate η", "variance", (0, 1), (1e-3, 1e2))
        count_in_powers_of_ten(axes, "y")
        with course_style():
            (weight,) = axes.plot(
                CURVE, weight_variance(CURVE, NOISE), color=WEIGHT, lw=2, label="V of the weight"
            )
            (self.curve,) = axes.plot([], [], color=SHADOW, lw=3, label="U of the shadow")
            self.marks = make_dots(axes, WEIGHT, 11), make_dots(axes, SHADOW, 11)
            self.curve_title = make_title(axes, [weight, self.curve])
        self.plots = [path, Plot(figure, [self.curve, *self.marks, self.curve_title], pick="rate")]

    def show(self, rate: float = 0.3, decay: float = 0.9) -> View:
        """Return the View for a learning rate between 0 and 1 and a decay from 0 to below 1."""
        numbers("rate", rate, ndim=[0], above=0)
        numbers("decay", decay, ndim=[0])
        variances = float(weight_variance(rate, NOISE)), float(shadow_variance(rate, decay, NOISE))
        weight = noisy_descent(float(rate), MINIMUM)
        steps = np.arange(LONGEST - SHOWN, LONGEST + 1)
        self.weight.set_data(steps, weight[steps])
        self.shadow.set_data(steps, moving_average(weight, decay)[steps])
        self.curve.set_data(CURVE, shadow_variance(CURVE, decay, NOISE))
        for dots, variance in zip(self.marks, variances, strict=True):
            set_dots(dots, [rate], [variance])
        v, u = map(format_number, variances)
        ratio = format_number(variances[1] / variances[0])
        self.title.text = f"rate {rate:g}, decay {decay:g}"
        self.curve_title.text = f"V = {v}, U = {u}"
        return self._view(
            {"rate": rate, "decay": decay},
            f"variance of w {v}, of s {u}",
            [
                f"Weight and shadow in steps {LONGEST - SHOWN} to {LONGEST}, with noise on each "
                f"slope, at learning rate "
                f"{rate:g} and decay {decay:g}: their variances are {v} and {u}.",
                f"Variance against the learning rate: that of the weight rises to "
                f"{format_number(variances[0])} at rate "
                f"{rate:g}; that of its shadow with decay {decay:g} is {u} there.",
            ],
            [("variance V of the weight", v), ("variance U of the shadow", u), ("U / V", ratio)],
        )
