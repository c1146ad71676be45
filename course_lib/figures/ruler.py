"""A descent beside the ruler of learning rates."""

from course_lib.figures.colors import LOSS, OTHER, WEIGHT
from course_lib.figures.descent import DescentFigure
from course_lib.figures.parts import LAST, look, make_axes, put_dots, put_line, put_title
from course_lib.figures.text import format_number
from course_lib.live import Plots, Words
from course_lib.theory import contraction, regime

# Where each regime lies on the axis of rates, its colour, and where its name stands.
REGIMES = [
    (0, 0.05, "#c9c9c9", "slow", 0.028, 0.3),
    (0.05, 0.5, "#d3ecd9", "converges", 0.275, 1.2),
    (0.5, 0.95, "#fff0b8", "oscillates,\nconverges", 0.725, 1.2),
    (0.95, 1, "#c9c9c9", "slow", 0.978, 0.3),
    (1, 1.25, "#f7cfc4", "diverges", 1.125, 0.3),
]


class RulerFigure(DescentFigure):
    """A descent beside the factor of its distance to the minimum, by the learning rate.

    >>> RulerFigure().show(rate=0.9, steps=2)
    RulerFigure(rate=0.9, steps=2, start=5.0): w 5.000000 → 2.839999, loss 36.000000 → 14.745594
    """

    picks = ["", "start", ""]

    def axes(self) -> Plots:
        axes = make_axes("learning rate η", "factor |1 − 2η|", (0, 1.25), (0, 1.6))
        for left, right, color, name, x, y in REGIMES:
            axes.axvspan(left, right, color=color, lw=0)
            turn = 90 if name == "slow" else 0
            axes.text(x, y, name, size=11, ha="center", va="center", rotation=turn)
        axes.axhline(1, **look(OTHER, 1, (1, 2)))
        put_line(axes, [0, 0.5, 1.25], [1, 0, 1.5], look(LOSS, 2))
        return [axes, *super().axes()]

    def draw(self, axes: Plots, rate: float = 0.2, steps: int = LAST, start: float = 5.0) -> Words:
        words = super().draw(axes[1:], rate, steps, start)
        factor = format_number(contraction(rate))
        put_dots(axes[0], [rate], [contraction(rate)], WEIGHT, 11)
        put_title(axes[0], f"factor {factor}: {regime(rate)}")
        ruler = (
            "Ruler of learning rates: the factor |1 − 2η| falls from 1 at rate 0 to 0 at rate 0.5 "
            f"and rises again to 1 at rate 1; it is {factor} at rate {format_number(rate)}, "
            f"{regime(rate)}."
        )
        return words._replace(alt_texts=[ruler, *words.alt_texts])
