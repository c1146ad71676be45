"""Four ways to start a moving average."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from course_lib.averages import moving_average
from course_lib.descent import descend
from course_lib.figures.base import DECAYS, Control, Figure, View
from course_lib.figures.parts import LAST, make_axes, make_title
from course_lib.figures.text import count_of, format_number
from course_lib.style import OTHER, SHADOW, TEXT, WEIGHT, course_style
from course_lib.svg import Plot
from course_lib.validation import numbers

RATE = 0.2
# Of each average its colour, dashes and width, apart in grey print too.
STARTS: dict[str, tuple[str, Any, float]] = {
    "initial": (SHADOW, "-", 3),
    "first": (SHADOW, (0, (4, 1.5)), 1.5),
    "zero": (OTHER, (0, (1, 1)), 2.5),
    "corrected": (TEXT, (0, (5, 1.5, 1, 1.5)), 1.5),
}
TOLD = (1, 10, LAST)  # the updates after which the readout gives the averages


def four_averages(weight: NDArray[np.float32], decay: float) -> dict[str, NDArray[Any]]:
    """Return four averages of weight[1:] by their start: at weight[0], at weight[1], at zero, and
    corrected.

    The corrected one starts at zero and is divided by 1 − decayᵗ, the share that all t values have
    in it.

    >>> {name: shadow.tolist() for name, shadow in four_averages(np.float32([5, 3, 2]), 0.5).items()}
    {'initial': [4.0, 3.0], 'first': [3.0, 2.5], 'zero': [1.5, 1.75], 'corrected': [3.0, 2.3333333333333335]}
    """
    zero = moving_average(np.append(np.float32(0), weight[1:]), decay)[1:]
    # The decay as the average has it, so that the first value is given back as it is.
    share = 1 - np.cumprod(np.full(len(zero), np.float32(decay), np.float64))
    return {
        "initial": moving_average(weight, decay)[1:],
        "first": moving_average(weight[1:], decay),
        "zero": zero,
        "corrected": zero / share,
    }


class StartsFigure(Figure):
    """Four averages of one descent at rate 0.2, which differ in how they start, and the share that
    the start still has.

    >>> StartsFigure().show(decay=0.9)
    StartsFigure(decay=0.9): w -1.000000, initial -0.893578, first -0.929052, zero -0.967482, corrected -0.981997
    """

    controls: ClassVar = {
        "decay": Control("decay d", "How much of the old average stays at each update", DECAYS)
    }

    def __init__(self) -> None:
        super().__init__()
        self.path = descend(np.full(LAST, RATE)).weight
        figure, axes = make_axes("updates t", "weight w, averages s", (0, LAST), (-2, 5.6))
        with course_style():
            axes.plot(self.path, color=WEIGHT, lw=1.5)
            axes.text(LAST - 0.5, -1.65, "weight w", color=WEIGHT, ha="right", size=11)
            self.lines = {
                name: axes.plot([], [], color=color, ls=dashes, lw=width, label=name)[0]
                for name, (color, dashes, width) in STARTS.items()
            }
            self.title = make_title(axes, list(self.lines.values()))
        averages = Plot(figure, [*self.lines.values(), self.title])
        figure, axes = make_axes("updates t", "share of the start, dᵗ", (0, LAST), (-0.03, 1.03))
        with course_style():
            (self.share,) = axes.plot([], [], color=SHADOW, lw=2)
            self.share_title = make_title(axes)
        self.plots = [averages, Plot(figure, [self.share, self.share_title])]

    def show(self, decay: float = 0.9) -> View:
        """Return the View for a decay from 0 to below 1."""
        numbers("decay", decay, ndim=[0], low=0)
        if decay >= 1:
            raise ValueError(f"decay must be below 1, got {decay:g}")
        averages = four_averages(self.path, decay)
        for name, shadow in averages.items():
            self.lines[name].set_data(np.arange(1, LAST + 1), shadow)
        share = np.append(1.0, np.cumprod(np.full(LAST, float(decay))))
        self.share.set_data(np.arange(LAST + 1), share)
        self.title.text = f"d = {decay:g}: four starts, one path"
        self.share_title.text = f"after {count_of(LAST, 'update')} dᵗ = {format_number(share[-1])}"

        ends = ", ".join(f"{name} {format_number(shadow[-1])}" for name, shadow in averages.items())
        tenth = ", ".join(f"{name} {format_number(shadow[9])}" for name, shadow in averages.items())
        return self._view(
            {"decay": decay},
            f"w {format_number(self.path[-1])}, {ends}",
            [
                f"The weight of a descent at rate {RATE}, from {format_number(self.path[0])} to "
                f"{format_number(self.path[-1])}, and its averages by their start. After 10 "
                f"updates: {tenth}.",
                f"The share of the start in the average, dᵗ: {format_number(share[10])} after 10 "
                f"updates, "
                f"{format_number(share[-1])} after {LAST}.",
            ],
            [
                ("after", f"{', '.join(map(str, TOLD))} updates"),
                ("share of the start dᵗ", ", ".join(format_number(share[t]) for t in TOLD)),
                ("weight w", ", ".join(format_number(self.path[t]) for t in TOLD)),
                *(
                    (name, ", ".join(format_number(shadow[t - 1]) for t in TOLD))
                    for name, shadow in averages.items()
                ),
            ],
        )
