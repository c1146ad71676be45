"""Three learning rates side by side."""

from typing import ClassVar

from course_lib.figures import parts
from course_lib.figures.base import FEW_RATES, STARTS, STEPS, Control, Figure, View
from course_lib.figures.text import count_of, format_number
from course_lib.style import LOSS
from course_lib.theory import regime


class RatesFigure(Figure):
    """Three learning rates side by side: their paths on the parabola, and their losses per step on
    one axis.

    >>> RatesFigure().show(rate_a=0.001, rate_b=0.2, rate_c=1, steps=2)
    RatesFigure(rate_a=0.001, rate_b=0.2, rate_c=1, steps=2, start=5.0): w 5.000000 → 4.976024, 1.160000, 5.000000
    """

    controls: ClassVar = {
        "rate_a": Control("rate A: η", "The learning rate of the first run", FEW_RATES),
        "rate_b": Control("rate B: η", "The learning rate of the second run", FEW_RATES),
        "rate_c": Control("rate C: η", "The learning rate of the third run", FEW_RATES),
        "start": Control("start w₀", "The weight before the first step", STARTS),
        "steps": Control("steps n", "How many steps are made", STEPS),
    }

    def __init__(self) -> None:
        super().__init__()
        self.paths = [parts.ParabolaPlot() for _ in range(3)]
        # Broad and pale below thin and dark, so that runs on top of one another are all seen.
        runs = [("-", 7, "#9ecae8"), ((0, (4, 2)), 3, LOSS), ((0, (1, 1.5)), 2, "#00304d")]
        self.losses = parts.LossPlot(runs, "ABC")
        self.plots = [*self.paths, self.losses]

    def show(
        self,
        rate_a: float = 0.001,
        rate_b: float = 0.2,
        rate_c: float = 1.0,
        steps: int = parts.LAST,
        start: float = 5.0,
    ) -> View:
        """Return the View of `steps` steps, at most 40, at each of three learning rates."""
        rates = {"rate_a": rate_a, "rate_b": rate_b, "rate_c": rate_c}
        traces = [parts.run(rate, steps, start, name) for name, rate in rates.items()]
        runs = list(zip("ABC", rates.values(), traces, strict=True))
        for plot, (name, rate, trace) in zip(self.paths, runs, strict=True):
            plot.update(
                trace,
                rate,
                f"{name}: η = {rate:g}, {regime(rate)}, w = {format_number(trace.weight[-1])}",
            )
        self.losses.update(traces, f"loss in {count_of(steps, 'step')}, one line a rate")
        losses = "; ".join(
            f"learning rate {rate:g}, {parts.loss_in_words(trace)}" for _, rate, trace in runs
        )
        return self._view(
            rates | {"steps": steps, "start": start},
            f"w {format_number(start)} → "
            + ", ".join(format_number(trace.weight[-1]) for trace in traces),
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
