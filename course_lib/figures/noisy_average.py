"""The moving average of a descent with noise."""

from collections.abc import Sequence
from functools import cache
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from course_lib.averages import moving_average
from course_lib.descent import descend
from course_lib.figures.average import AverageFigure
from course_lib.figures.base import SWITCH, Control, View
from course_lib.figures.text import format_number
from course_lib.svg import Title
from course_lib.validation import switch, whole_number

LONGEST, RATE, PUSH = 1000, 0.4, 3
POINTS = 100  # as many as a plot has room for


@cache
def noisy_descent(rate: float, start: float = 5.0) -> NDArray[np.float32]:
    """Return the weight of 1,000 steps at one rate, a fixed random number from −3 to 3 being added
    to each slope.
    """
    # A stream that numpy never changes; whoever takes fewer steps sees its beginning.
    pushes = np.random.RandomState(0).uniform(-PUSH, PUSH, LONGEST).astype(np.float32)
    weight = np.full(LONGEST + 1, start, np.float32)
    for n, push in enumerate(pushes, start=1):
        weight[n] = weight[n - 1] - np.float32(rate) * (2 * (weight[n - 1] + 1) + push)
    weight.flags.writeable = False
    return weight


def extremes(values: NDArray[np.float32]) -> NDArray[np.intp]:
    """Return where a long path is to be drawn: the smallest and the largest of every hundredth
    part, and both ends.
    """
    part = (len(values) - 1) // POINTS
    if part < 2:
        return np.arange(len(values))
    parts = values[1:].reshape(POINTS, part)
    inner = 1 + np.arange(POINTS) * part + [parts.argmin(axis=1), parts.argmax(axis=1)]
    return np.unique([0, *inner.ravel(), len(values) - 1])


class NoisyAverageFigure(AverageFigure):
    """The moving average of a descent at rate 0.4, with or without a fixed noise of up to ±3 on
    each slope.

    Both axes are as wide as the steps that are shown; of a long path only the extremes of each
    hundredth are drawn.

    >>> NoisyAverageFigure().show(decay=0.9, warm_up=False, noise=True)
    NoisyAverageFigure(decay=0.9, warm_up=False, noise=True, steps=100): w 5.000000 → 0.076604, shadow 5.000000 → \
-0.689104
    """

    controls: ClassVar = AverageFigure.controls | {
        "warm_up": Control(
            "warm-up (num_updates n)",
            "On: the decay in force is min(d, (1 + n) / (10 + n))",
            SWITCH,
        ),
        "noise": Control("noise", "On: a fixed random number is added to each slope", SWITCH),
        "steps": Control("steps", "How many steps the descent takes", (100, 300, LONGEST)),
    }

    def __init__(self) -> None:
        super().__init__(noisy_descent(RATE))
        self.arguments = MappingProxyType({})
        self.without_noise = descend(np.full(LONGEST, RATE)).weight

    def _make_plots(self, xlabel: str, last: int) -> None:
        self.numbers: list[
            tuple[float, float, Title]
        ] = []  # along the axes: share of the steps, place, text
        super()._make_plots("step n", POINTS)

    def _ticks(self, axes: Axes) -> Sequence[Any]:
        """Numbers along the axis that change with the number of steps."""
        axes.set_xticks(
            np.linspace(0, POINTS, 5), labels=[" "] * 5
        )  # a space keeps the room for them
        figure = axes.get_figure(root=True)
        assert figure is not None
        shares = np.linspace(0, 1, 5).tolist()
        middles = [float(axes.transData.transform((POINTS * share, 0))[0]) for share in shares]
        ticks = [
            Title(figure, middle, figure.bbox.height - axes.bbox.y0 + 16, 12) for middle in middles
        ]
        self.numbers += zip(shares, middles, ticks, strict=True)
        return ticks

    def show(
        self,
        decay: float = 0.9,
        warm_up: bool = False,
        noise: bool = True,  # type: ignore[override]
        steps: int = 100,
    ) -> View:
        """Return the View of the shadow of 100 to 1,000 steps, in hundreds; `warm_up` counts them
        as `num_updates`.
        """
        settings = {
            "decay": decay,
            "warm_up": switch("warm_up", warm_up),
            "noise": switch("noise", noise),
            "steps": whole_number("steps", steps, low=100, high=LONGEST),
        }
        if steps % POINTS:
            raise ValueError(f"steps must be a multiple of {POINTS}, got {steps}")
        weight = (self.weights if noise else self.without_noise)[: steps + 1]
        num_updates = np.arange(1, steps + 1) if warm_up else None
        shadow = moving_average(weight, decay, num_updates)
        scale = POINTS / steps
        seen, kept = extremes(weight), extremes(shadow)
        self._draw((seen * scale, weight[seen]), (kept * scale, shadow[kept]))
        for share, middle, number in self.numbers:
            number.text = f"{share * steps:g}"
            number.x = middle - 3.8 * len(number.text)  # half of its width
        return self._view_of(
            weight,
            shadow,
            decay,
            num_updates,
            settings,
            [
                (
                    f"mean of |{name} + 1|, second half",
                    format_number(np.abs(np.float64(values[steps // 2 :]) + 1).mean()),
                )
                for name, values in {"w": weight, "s": shadow}.items()
            ],
            f"Weight at learning rate {RATE} and its shadow",
        )
