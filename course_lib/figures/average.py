"""A moving average and the weights that it follows."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from course_lib.averages import moving_average, warmup_decay
from course_lib.figures.colors import OTHER, SHADOW, WEIGHT
from course_lib.figures.parts import look, make_axes, put_dots, put_line, put_title
from course_lib.figures.stops import DECAYS
from course_lib.figures.text import count_of, format_number
from course_lib.live import Control, Figure, Plots, Words
from course_lib.validation import numbers

Values = NDArray[np.float32]
Points = tuple[NDArray[Any], Values]  # where the points of a line are, and how high


class AverageFigure(Figure):
    """Given weights, the shadow that follows them, and the decay in force at each update of it.

    `weights` has shape (n,), n at least 2.

    >>> AverageFigure([0, 1, 10]).show(decay=0.99, num_updates=[0, 100])
    AverageFigure(decay=0.99, num_updates=(0, 100)): w 0.000000 → 10.000000, shadow 0.000000 → 1.644545
    """

    controls = {
        "decay": Control(
            "decay d", "How much of the old shadow stays at each update", DECAYS, low=0, high=1
        )
    }

    def __init__(self, weights: ArrayLike):
        self.weights = numbers("weights", weights, ndim=[1])
        if len(self.weights) < 2:
            raise ValueError(f"weights must hold two values or more, got {len(self.weights)}")
        self.xlabel, self.last = "update", len(self.weights) - 1  # of the axes

    @property
    def _looks(self) -> dict[str, Any]:
        alpha = 0.45 if self.last > 20 else None  # a long path is paler than its average
        return {"weight": look(WEIGHT, 1, alpha=alpha), "shadow": look(SHADOW, 3.5)}

    def axes(self) -> Plots:
        low, high = float(self.weights.min()), float(self.weights.max())
        margin = 0.06 * (high - low) or 1.0
        span, values = (-0.03 * self.last, 1.03 * self.last), (low - margin, high + margin)
        return [
            make_axes(self.xlabel, "weight w, shadow s", span, values, legend=self._looks),
            make_axes(self.xlabel, "decay in force", span, (0, 1.05)),
        ]

    def draw(self, axes: Plots, decay: float = 0.99, num_updates: ArrayLike | None = None) -> Words:
        shadow = moving_average(self.weights, decay, num_updates)
        at = np.arange(len(shadow))
        self._put_both(axes[0], (at, self.weights), (at, shadow))
        return self._put_decay(axes, self.weights, shadow, decay, num_updates)

    def _put_both(self, axes: Axes, weight: Points, shadow: Points) -> None:
        """Draw both lines; few points are dots too."""
        looks = self._looks
        put_line(axes, *weight, looks["weight"])
        if len(weight[0]) <= 101:
            size = 3 if self.last > 20 else 6
            put_dots(axes, *weight, WEIGHT, size, looks["weight"]["alpha"])
        put_line(axes, *shadow, looks["shadow"])

    def _put_decay(
        self, axes: Plots, weight: Values, shadow: Values, decay: float, num_updates: Any
    ) -> Words:
        """Draw the decay in force and both titles, and return what the picture says."""
        last = len(weight) - 1
        in_force = decay if num_updates is None else warmup_decay(decay, num_updates)
        decays = np.broadcast_to(np.float32(in_force), last)
        first_w, w, first_s, s = (
            format_number(values[n]) for values in (weight, shadow) for n in (0, -1)
        )
        first_decay, last_decay = format_number(decays[0]), format_number(decays[-1])
        put_title(axes[0], f"w ends at {w}, s at {s}")
        shown = decays[:: max(1, last // 100)]  # a hundred dots are close enough
        put_dots(axes[1], np.linspace(1, len(shown), len(shown)), shown, OTHER, 6)
        put_title(axes[1], f"decay from {first_decay} to {last_decay}")
        updates, memory = count_of(last, "update"), "the first value, for ever"
        if decays[-1] < 1:
            memory = f"{count_of(round(1 / (1 - float(decays[-1])), 1), 'value')} at last"
        return Words(
            f"w {first_w} → {w}, shadow {first_s} → {s}",
            [
                f"Weight and its shadow: the weight goes from {first_w} to {w}, the shadow from "
                f"{first_s} to {s} in {updates}.",
                f"Decay in force at each update: {first_decay} at the first, {last_decay} at the "
                "last.",
            ],
            [
                (f"after {updates}", f"w = {w}, s = {s}"),
                ("decay in force", f"{first_decay} at first, {last_decay} at last"),
                ("memory 1 / (1 − d)", memory),
            ],
        )
