"""A moving average and the weights that it follows."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from course_lib.averages import moving_average, warmup_decay
from course_lib.figures.base import DECAYS, Control, Figure, Readout, View
from course_lib.figures.parts import make_axes, make_dots, make_title, set_dots
from course_lib.figures.text import count_of, format_number
from course_lib.style import OTHER, SHADOW, WEIGHT, course_style
from course_lib.svg import Plot
from course_lib.validation import numbers

Path = tuple[NDArray[Any], NDArray[np.float32]]


class AverageFigure(Figure):
    """Given weights, the shadow that follows them, and the decay in force at each update of it.

    `weights` has shape (n,), n at least 2.  Raises TypeError or ValueError for others.

    >>> AverageFigure([0, 1, 10]).show(decay=0.99, num_updates=[0, 100])
    AverageFigure(decay=0.99, num_updates=(0, 100)): w 0.000000 → 10.000000, shadow 0.000000 → 1.644545
    """

    controls: ClassVar = {
        "decay": Control("decay d", "How much of the old shadow stays at each update", DECAYS)
    }

    def __init__(self, weights: ArrayLike):
        self.weights = numbers("weights", weights, ndim=[1])
        if len(self.weights) < 2:
            raise ValueError(f"weights must hold two values or more, got {len(self.weights)}")
        super().__init__(weights=self.weights.tolist())
        self._make_plots("update", len(self.weights) - 1)

    def _make_plots(self, xlabel: str, last: int) -> None:
        """Make both plots; their axes hold the updates from 0 to `last` and all weights."""
        low, high = float(self.weights.min()), float(self.weights.max())
        margin = 0.06 * (high - low) or 1.0
        span = (-0.03 * last, 1.03 * last)
        figure, axes = make_axes(xlabel, "weight w, shadow s", span, (low - margin, high + margin))
        many = last > 20  # a long path stands back behind its average
        with course_style():
            (self.line,) = axes.plot(
                [], [], color=WEIGHT, lw=1, alpha=0.45 if many else None, label="weight"
            )
            self.points = make_dots(axes, WEIGHT, 3 if many else 6, alpha=0.45 if many else None)
            (self.shadow,) = axes.plot([], [], color=SHADOW, lw=3.5, label="shadow")
            self.title = make_title(axes, [self.line, self.shadow])
        shadows = Plot(
            figure, [self.line, self.points, self.shadow, self.title, *self._ticks(axes)]
        )
        figure, axes = make_axes(xlabel, "decay in force", span, (0, 1.05))
        with course_style():
            self.decays = make_dots(axes, OTHER, 6)
            self.decay_title = make_title(axes)
        self.plots = [shadows, Plot(figure, [self.decays, self.decay_title, *self._ticks(axes)])]

    def _ticks(self, axes: Axes) -> Sequence[Any]:
        """The artists that number the updates, where the axes do not do it themselves."""
        return []

    def show(self, decay: float = 0.99, num_updates: ArrayLike | None = None) -> View:
        """Return the View for a decay and, for a warm-up, `num_updates` as in `moving_average`."""
        shadow = moving_average(self.weights, decay, num_updates)
        at = np.arange(len(shadow))
        self._draw((at, self.weights), (at, shadow))
        return self._view_of(
            self.weights, shadow, decay, num_updates, {"decay": decay, "num_updates": num_updates}
        )

    def _draw(self, weight: Path, shadow: Path) -> None:
        """Draw both lines, each given as where its points stand and how high; few points are dots
        too.
        """
        self.line.set_data(*weight)
        set_dots(self.points, *(values[:0] if len(values) > 101 else values for values in weight))
        self.shadow.set_data(*shadow)

    def _view_of(
        self,
        weight: NDArray[np.float32],
        shadow: NDArray[np.float32],
        decay: float,
        num_updates: ArrayLike | None,
        settings: Any,
        readout: Readout = (),
        name: str = "Weight and its shadow",
    ) -> View:
        last = len(weight) - 1
        in_force = decay if num_updates is None else warmup_decay(decay, num_updates)
        decays = np.broadcast_to(np.float32(in_force), last)
        w, s = (f"{format_number(values[-1])}" for values in (weight, shadow))
        self.title.text = f"w ends at {w}, s at {s}"
        shown = decays[:: max(1, last // 100)]  # a hundred dots lie close enough
        set_dots(self.decays, np.linspace(1, len(shown), len(shown)), shown)
        first_decay, last_decay = format_number(decays[0]), format_number(decays[-1])
        self.decay_title.text = f"decay from {first_decay} to {last_decay}"
        return self._view(
            settings,
            f"w {format_number(weight[0])} → {w}, shadow {format_number(shadow[0])} → {s}",
            [
                f"{name}: the weight goes from {format_number(weight[0])} to {w}, the shadow from "
                f"{format_number(shadow[0])} to {s} in {count_of(last, 'update')}.",
                (
                    f"Decay in force at each update: {first_decay} at the first, {last_decay} at "
                    f"the "
                    f"last."
                ),
            ],
            [
                (f"after {count_of(last, 'update')}", f"w = {w}, s = {s}"),
                ("decay in force", f"{first_decay} at first, {last_decay} at last"),
                (
                    "memory 1 / (1 − d)",
                    f"{count_of(round(1 / (1 - float(decays[-1])), 1), 'value')} at last"
                    if decays[-1] < 1
                    else "the first value, for ever",
                ),
                *readout,
            ],
        )
