"""Three learning rates side by side."""

from course_lib.figures import parts
from course_lib.figures.colors import LOSS
from course_lib.figures.descent import DescentFigure
from course_lib.figures.stops import FEW_RATES
from course_lib.figures.text import count_of, format_number
from course_lib.live import Control, Figure, Plots, Words
from course_lib.theory import regime

# Broad and pale below thin and dark, so that runs on top of one another are all seen.
LINES = {
    "A": parts.look("#9ecae8", 7),
    "B": parts.look(LOSS, 3, (4, 2)),
    "C": parts.look("#00304d", 2, (1, 1.5)),
}


class RatesFigure(Figure):
    """Three learning rates: their paths on the parabola, and their losses per step on one axis.

    >>> RatesFigure().show(rate_a=0.001, rate_b=0.2, rate_c=1, steps=2)
    RatesFigure(rate_a=0.001, rate_b=0.2, rate_c=1, steps=2, start=5.0): w 5.000000 → 4.976024, 1.160000, 5.000000
    """

    controls = {
        "rate_a": Control("rate A: η", "The learning rate of the first run", FEW_RATES, low=0),
        "rate_b": Control("rate B: η", "The learning rate of the second run", FEW_RATES, low=0),
        "rate_c": Control("rate C: η", "The learning rate of the third run", FEW_RATES, low=0),
        "start": DescentFigure.controls["start"],
        "steps": DescentFigure.controls["steps"],
    }
    picks = ["start", "start", "start", ""]

    def axes(self) -> Plots:
        return [*(parts.parabola_axes() for _ in LINES), parts.loss_axes(LINES)]

    def draw(
        self,
        axes: Plots,
        rate_a: float = 0.001,
        rate_b: float = 0.2,
        rate_c: float = 1.0,
        steps: int = parts.LAST,
        start: float = 5.0,
    ) -> Words:
        rates = [rate_a, rate_b, rate_c]
        traces = [parts.constant_descent(rate, steps, start) for rate in rates]
        runs = list(zip(LINES, rates, traces, strict=True))
        for plot, (name, rate, trace) in zip(axes, runs, strict=False):
            last = format_number(trace.weight[-1])
            title = f"{name}: η = {rate:g}, {regime(rate)}, w = {last}"
            parts.put_path(plot, trace, rate, title)
        title = f"loss in {count_of(steps, 'step')}, one line a rate"
        parts.put_losses(axes[-1], traces, LINES, title)
        losses = "; ".join(
            f"learning rate {rate:g}, {parts.loss_in_words(trace)}" for _, rate, trace in runs
        )
        ends = ", ".join(format_number(trace.weight[-1]) for trace in traces)
        return Words(
            f"w {format_number(start)} → {ends}",
            [
                *(parts.path_in_words(trace, rate) for _, rate, trace in runs),
                f"Loss per step of all three, on a logarithmic axis: {losses}.",
            ],
            [
                line
                for name, rate, trace in runs
                for line in parts.constant_rate_readout(trace, rate, start, f"{name}: ")
            ],
        )
