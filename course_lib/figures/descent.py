"""One descent at a constant rate."""

from course_lib.figures import parts
from course_lib.figures.colors import LOSS
from course_lib.figures.stops import RATES, STARTS, STEPS
from course_lib.figures.text import count_of, format_number
from course_lib.live import Control, Figure, Plots, Words
from course_lib.theory import regime
from course_lib.validation import whole_number

LINES = {"loss": parts.look(LOSS, 2)}


class DescentFigure(Figure):
    """The path of the weight on the parabola, with the next step, and the loss per step.

    `last` is how many steps the axis of steps holds, 1 to 40.

    >>> DescentFigure().show(rate=0.2, steps=1)
    DescentFigure(rate=0.2, steps=1, start=5.0): w 5.000000 → 2.600000, loss 36.000000 → 12.959999
    """

    controls = {
        "rate": Control("learning rate η", "How far a step goes for a given slope", RATES, low=0),
        "start": Control("start w₀", "The weight before the first step", STARTS),
        "steps": Control("steps n", "How many steps are made", STEPS, whole=True, plays=True),
    }
    picks = ["start", ""]

    def __init__(self, last: int = parts.LAST):
        self.last = whole_number("last", last, low=1, high=parts.LAST)

    def axes(self) -> Plots:
        return [parts.parabola_axes(), parts.loss_axes(LINES, self.last)]

    def draw(
        self, axes: Plots, rate: float = 0.2, steps: int = parts.LAST, start: float = 5.0
    ) -> Words:
        trace = parts.constant_descent(rate, steps, start)
        (first, last), (first_loss, last_loss) = (
            map(format_number, values[[0, -1]]) for values in trace
        )
        parts.put_path(axes[0], trace, rate, f"η = {rate:g}: {regime(rate)}, w = {last}")
        title = f"loss after {count_of(steps, 'step')}: {last_loss}"
        parts.put_losses(axes[1], [trace], LINES, title)
        return Words(
            f"w {first} → {last}, loss {first_loss} → {last_loss}",
            [
                parts.path_in_words(trace, rate),
                f"Loss per step, on a logarithmic axis: {parts.loss_in_words(trace)}.",
            ],
            [
                *parts.constant_rate_readout(trace, rate, start),
                parts.next_step_readout(trace, rate),
            ],
        )
