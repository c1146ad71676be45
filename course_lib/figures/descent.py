"""One descent at a constant rate."""

from typing import ClassVar

from course_lib.figures import parts
from course_lib.figures.base import RATES, STARTS, STEPS, Control, Figure, View
from course_lib.figures.text import count_of, format_number
from course_lib.style import LOSS
from course_lib.theory import regime


class DescentFigure(Figure):
    """The path of the weight on the parabola, with the slope and the next step, and the loss per
    step.

    >>> DescentFigure().show(rate=0.2, steps=1)
    DescentFigure(rate=0.2, steps=1, start=5.0): w 5.000000 → 2.600000, loss 36.000000 → 12.959999
    """

    controls: ClassVar = {
        "rate": Control("learning rate η", "How far a step goes for a given slope", RATES),
        "start": Control("start w₀", "The weight before the first step", STARTS),
        "steps": Control("steps n", "How many steps are made", STEPS),
    }

    def __init__(self) -> None:
        super().__init__()
        self.path = parts.ParabolaPlot()
        self.losses = parts.LossPlot([("-", 2, LOSS)], [None])
        self.plots = [self.path, self.losses]

    def show(self, rate: float = 0.2, steps: int = parts.LAST, start: float = 5.0) -> View:
        """Return the View of `steps` steps, at most 40, at one learning rate."""
        trace = parts.run(rate, steps, start)
        self.path.update(
            trace, rate, f"η = {rate:g}: {regime(rate)}, w = {format_number(trace.weight[-1])}"
        )
        self.losses.update(
            [trace], f"loss after {count_of(steps, 'step')}: {format_number(trace.loss[-1])}"
        )
        return self._view(
            {"rate": rate, "steps": steps, "start": start},
            f"w {format_number(trace.weight[0])} → {format_number(trace.weight[-1])}, "
            f"loss {format_number(trace.loss[0])} → {format_number(trace.loss[-1])}",
            [
                parts.path_in_words(trace, rate),
                f"Loss per step, on a logarithmic axis: {parts.loss_in_words(trace)}.",
            ],
            [
                *parts.constant_rate_readout(trace, rate, start),
                parts.next_step_readout(trace, rate),
            ],
        )
