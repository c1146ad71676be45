"""The moving average of a descent with noise."""

from types import MappingProxyType
from typing import ClassVar

import numpy as np

from course_lib.averages import moving_average
from course_lib.descent import descend
from course_lib.figures.average import AverageFigure
from course_lib.figures.base import SWITCH, Control, View
from course_lib.figures.text import format_number
from course_lib.validation import switch

STEPS, RATE, PUSH = 100, np.float32(0.4), 3


class NoisyAverageFigure(AverageFigure):
    """The moving average of a descent at rate 0.4, with or without a fixed noise of up to ±3 on each slope.

    >>> NoisyAverageFigure().show(decay=0.9, warm_up=False, noise=True)
    NoisyAverageFigure(decay=0.9, warm_up=False, noise=True): w 5.000000 → 0.076604, shadow 5.000000 → -0.689104
    """

    controls: ClassVar = AverageFigure.controls | {
        "warm_up": Control("warm-up (num_updates n)", "On: the decay in force is min(d, (1 + n) / (10 + n))", SWITCH),
        "noise": Control("noise", "On: a fixed random number is added to each slope", SWITCH),
    }

    def __init__(self) -> None:
        weight = np.full(STEPS + 1, 5, np.float32)
        # A stream that numpy never changes.
        pushes = np.random.RandomState(0).uniform(-PUSH, PUSH, STEPS).astype(np.float32)
        for n, push in enumerate(pushes, start=1):
            weight[n] = weight[n - 1] - RATE * (2 * (weight[n - 1] + 1) + push)
        super().__init__(weight)
        self.arguments = MappingProxyType({})
        self.without_noise = descend(np.full(STEPS, RATE)).weight

    def show(self, decay: float = 0.9, warm_up: bool = False, noise: bool = True) -> View:  # type: ignore[override]
        """Return the View of the shadow of 100 steps; `warm_up` counts the steps as `num_updates`."""
        settings = {"decay": decay, "warm_up": switch("warm_up", warm_up), "noise": switch("noise", noise)}
        weight = self.weights if noise else self.without_noise
        num_updates = np.arange(1, STEPS + 1) if warm_up else None
        shadow = moving_average(weight, decay, num_updates)
        return self._view_of(weight, shadow, decay, num_updates, settings, [
            (f"mean of |{name} + 1|, last 51", format_number(np.abs(np.float64(values[STEPS // 2:]) + 1).mean()))
            for name, values in {"w": weight, "s": shadow}.items()])
