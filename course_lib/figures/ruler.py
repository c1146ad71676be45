"""A descent beside the ruler of learning rates."""

from typing import ClassVar

from course_lib.figures.base import Figure, View
from course_lib.figures.descent import DescentFigure
from course_lib.figures.parts import LAST, make_axes, make_dots, make_title, set_dots
from course_lib.figures.text import format_number
from course_lib.style import LOSS, OTHER, WEIGHT, course_style
from course_lib.svg import Plot
from course_lib.theory import contraction, regime

# Where each regime lies on the axis of rates, its colour, and where its name stands.
REGIMES = [
    (0, 0.05, "#c9c9c9", "slow", 0.028, 0.3),
    (0.05, 0.5, "#d3ecd9", "converges", 0.275, 1.2),
    (0.5, 0.95, "#fff0b8", "oscillates,\nconverges", 0.725, 1.2),
    (0.95, 1, "#c9c9c9", "slow", 0.978, 0.3),
    (1, 1.25, "#f7cfc4", "diverges", 1.125, 0.3),
]


class RulerFigure(Figure):
    """A descent beside the ruler of learning rates: the factor of its distance to the minimum, and
    its regime.

    >>> RulerFigure().show(rate=0.9, steps=2)
    RulerFigure(rate=0.9, steps=2, start=5.0): w 5.000000 → 2.839999, loss 36.000000 → 14.745594
    """

    controls: ClassVar = DescentFigure.controls

    def __init__(self) -> None:
        super().__init__()
        figure, axes = make_axes("learning rate η", "factor |1 − 2η|", (0, 1.25), (0, 1.6))
        with course_style():
            for left, right, color, name, x, y in REGIMES:
                axes.axvspan(left, right, color=color, lw=0)
                axes.text(
                    x,
                    y,
                    name,
                    size=11,
                    ha="center",
                    va="center",
                    rotation=90 if name == "slow" else 0,
                )
            axes.axhline(1, color=OTHER, lw=1, dashes=(1, 2))
            axes.plot([0, 0.5, 1.25], [1, 0, 1.5], color=LOSS, lw=2)
            self.mark = make_dots(axes, WEIGHT, 11)
        self.title = make_title(axes)
        self.descent = DescentFigure()
        self.plots = [Plot(figure, [self.mark, self.title]), *self.descent.plots]

    def show(self, rate: float = 0.2, steps: int = LAST, start: float = 5.0) -> View:
        """Return the View of `steps` steps, at most 40, at one learning rate."""
        view = self.descent.show(rate, steps, start)
        factor = contraction(rate)
        set_dots(self.mark, [rate], [factor])
        self.title.text = f"factor {format_number(factor)}: {regime(rate)}"
        return self._view(
            view.settings,
            view.summary,
            [
                f"Ruler of learning rates: the factor |1 − 2η| falls from 1 at rate 0 to 0 at "
                f"rate 0.5 and rises again to "
                f"1 at rate 1; it is {format_number(factor)} at rate {format_number(rate)}, "
                f"{regime(rate)}.",
                *view.alt_texts,
            ],
            view.readout,
        )
