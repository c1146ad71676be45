"""One learning rate on several losses: a parabola, one with a bounded slope, one with two minima."""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar, NamedTuple

import numpy as np

from course_lib import descent
from course_lib.descent import Trace, descend_on
from course_lib.figures import parts
from course_lib.figures.colors import WEIGHT
from course_lib.figures.stops import RATES
from course_lib.figures.text import count_of, format_number
from course_lib.live import Control, Figure, Plots, Words
from course_lib.live.artists import Look
from course_lib.theory import regime

OUT = 1e6  # a weight as far away as this is drawn nowhere, nor are those after it


class Curve(NamedTuple):
    """A loss: its name in a sentence and on its axis, itself, its slope, how its weights look."""

    label: str
    ylabel: str
    loss: Callable[[Any], Any]
    slope: Callable[[Any], Any]
    look: Look


class TwoLossesFigure(Figure):
    """The parabola and 2 √(1 + (w + 1)²) − 2, of the same curvature at −1: 40 steps on both.

    >>> TwoLossesFigure().show(rate=1.25)
    TwoLossesFigure(rate=1.25, start=2.0): parabola -2.211e+07 → 3.317e+07, \
pseudo-Huber -0.250000 → -1.750000
    """

    controls = {
        "rate": Control(
            "learning rate η",
            "How far a step goes for a given slope",
            (0.1, 0.2, 0.5, 0.8, 0.9, 0.99, 1.0, 1.01, 1.1, 1.25, 1.5, 1.9),
            low=0,
        ),
        "start": Control("start w₀", "The weight before the first step", (-0.9, 0.0, 2.0)),
    }
    frame: ClassVar = ((-5.0, 3.0), (-0.8, 16.8), range(-5, 4, 2))  # weights, losses, ticks
    # Broad and pale below thin and dark, so that both are seen where they agree.
    curves: ClassVar = {
        "parabola": Curve(
            "Parabola (w + 1)²",
            "loss (w + 1)²",
            partial(descent.loss, dtype=np.float64),
            partial(descent.gradient, dtype=np.float64),
            parts.look("#f5c6a0", 6),
        ),
        "pseudo-Huber": Curve(
            "Pseudo-Huber loss 2√(1 + (w + 1)²) − 2",
            "loss 2√(1 + (w + 1)²) − 2",
            descent.pseudo_huber,
            descent.pseudo_huber_slope,
            parts.look(WEIGHT, 1.5),
        ),
    }

    @property
    def picks(self) -> list[str]:  # type: ignore[override]
        return [*["start"] * len(self.curves), ""]

    def axes(self) -> Plots:
        weights, losses, ticks = self.frame
        legend = {name: curve.look for name, curve in self.curves.items()}
        steps = parts.make_axes(
            "step n",
            "weight w",
            (-1, parts.LAST + 1),
            weights,
            legend=legend if len(legend) > 1 else None,
            yticks=ticks,
        )
        parts.put_minimum(steps)
        curves = [
            parts.parabola_axes(curve.ylabel, curve.loss, weights, losses, ticks)
            for curve in self.curves.values()
        ]
        return [*curves, steps]

    def draw(self, axes: Plots, rate: float = 0.2, start: float = 2.0) -> Words:
        readout, alt_texts, ends = [], [], []
        for plot, (name, curve) in zip(axes, self.curves.items(), strict=False):
            trace = descend_on(curve.loss, curve.slope, rate, start, parts.LAST)
            does, seen = behaviour(name, rate, trace), _until_out(trace)
            parts.put_path(plot, seen, rate, f"η = {rate:g}: {does}", curve.slope)
            # Up to where it leaves the frame: jumps from edge to edge hide the other line.
            outside = np.flatnonzero(~parts.in_frame(trace.weight, self.frame[0]))
            shown = seen.weight[: outside[0] + 1 if len(outside) else None]
            parts.put_line(axes[-1], np.arange(len(shown)), shown, curve.look)
            first, before, last = (format_number(trace.weight[n]) for n in (0, -2, -1))
            readout += [(name, does), (f"{name}, last two weights", f"{before} and {last}")]
            ends.append(f"{name} {before} → {last}")
            alt_texts.append(
                f"{curve.label}, smallest at w = {parts.MINIMUM}: "
                f"{count_of(parts.LAST, 'step')} at learning rate {rate:g} from w = {first}, "
                f"{does}; the last two weights are {before} and {last}"
                + (f", outside the frame at step {outside[0]}." if len(outside) else ".")
            )
        both = " on both" * (len(ends) == 2)
        parts.put_title(axes[-1], f"weight per step, η = {rate:g}, w₀ = {start:g}{both}")
        summary = ", ".join(ends)
        on = " on both losses" * (len(ends) == 2)
        steps = f"Weight per step{on}, the last two of {parts.LAST} steps: {summary}."
        return Words(summary, [*alt_texts, steps], readout)


class ValleysFigure(TwoLossesFigure):
    """A loss with a global minimum at −1 and a local minimum at 2, and the weight per step.

    >>> ValleysFigure().show(rate=0.9, start=3)
    ValleysFigure(rate=0.9, start=3): two valleys -1.000057 → -0.999955
    """

    controls = {
        "rate": Control(
            "learning rate η",
            "How far a step goes for a given slope",
            tuple(rate for rate in RATES if 0.1 <= rate <= 1.2),
            low=0,
        ),
        "start": Control("start w₀", "The weight before the first step", (-2, -0.9, 0, 1.5, 3)),
    }
    frame: ClassVar = ((-3.0, 4.0), (-0.2, 4.2), range(-3, 5))
    curves: ClassVar = {
        "two valleys": Curve(
            "Loss with two valleys, of slope (w + 1)(w − 1)(w − 2) / 3",
            "loss",
            descent.two_valleys,
            descent.two_valleys_slope,
            parts.look(WEIGHT, 1.5),
        )
    }

    def draw(self, axes: Plots, rate: float = 0.2, start: float = 3) -> Words:
        return super().draw(axes, rate, start)


def behaviour(name: str, rate: float, trace: Trace) -> str:
    """Return in words what a descent at a constant rate does on the loss called `name`.

    On the pseudo-Huber loss a step multiplies the distance d by 1 − 2η / √(1 + d²).  Up to rate 1
    that is below 1 in size at every d but 0.  Above it is −1 where d² = η² − 1, and the weight
    jumps from d to −d and back.  With two valleys the `trace` tells.

    >>> behaviour("parabola", 1.1, ...), behaviour("pseudo-Huber", 1.1, ...)
    ('diverges', 'oscillates for ever')
    """
    if name == "parabola":
        return regime(rate)
    if name == "pseudo-Huber":
        if rate in (0.5, 1):
            return "converges" if rate == 0.5 else "oscillates, converges slowly"
        return "oscillates for ever" if rate > 1 else regime(rate)
    before, last = trace.weight[-2:]
    if not abs(last) < OUT:
        return "diverges"
    if abs(last - before) > 0.01:
        return "oscillates"
    return f"ends near {round(last):g}".replace("-", "−")


def _until_out(trace: Trace) -> Trace:
    """The trace up to the first weight that is far out."""
    out = 1 + np.flatnonzero(~(np.abs(trace.weight[1:]) < OUT))
    return Trace(*(values[: out[0]] for values in trace)) if len(out) else trace
