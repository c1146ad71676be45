"""One learning rate on two losses: the parabola, and one whose slope is bounded."""

from functools import partial
from typing import Any

import numpy as np

from course_lib.descent import Trace, descend_on, gradient, log_cosh, log_cosh_slope, loss
from course_lib.figures import parts
from course_lib.figures.colors import WEIGHT
from course_lib.figures.text import count_of, format_number
from course_lib.live import Control, Figure, Plots, Words
from course_lib.theory import regime

WEIGHTS, LOSSES, TICKS = (-5.0, 3.0), (-0.8, 16.8), range(-5, 4, 2)
OUT = 1e6  # a weight as far away as this is drawn nowhere, nor are those after it
# Of each loss its formula, the loss and its slope.
CURVES: dict[str, tuple[str, Any, Any]] = {
    "parabola": ("(w + 1)²", partial(loss, dtype=np.float64), partial(gradient, dtype=np.float64)),
    "log cosh": ("2 log cosh(w + 1)", log_cosh, log_cosh_slope),
}
# Broad and pale below thin and dark, so that both are seen where they agree.
LINES = {"parabola": parts.look("#f5c6a0", 6), "log cosh": parts.look(WEIGHT, 1.5)}


class TwoLossesFigure(Figure):
    """The parabola and 2 · log cosh(w + 1), of the same curvature at −1: 40 steps on both.

    >>> TwoLossesFigure().show(rate=1.1)
    TwoLossesFigure(rate=1.1, start=2.0): parabola -3675.428920 → 4408.314704, log cosh -0.446765 → -1.553235
    """

    controls = {
        "rate": Control(
            "learning rate η",
            "How far a step goes for a given slope",
            (0.1, 0.2, 0.5, 0.8, 0.9, 0.99, 1.0, 1.01, 1.1, 1.2, 1.5, 1.9),
            low=0,
        ),
        "start": Control("start w₀", "The weight before the first step", (-0.9, 0.0, 2.0)),
    }
    picks = ["start", "start", ""]

    def axes(self) -> Plots:
        span = (-1, parts.LAST + 1)
        weights = parts.make_axes("step n", "weight w", span, WEIGHTS, legend=LINES, yticks=TICKS)
        parts.put_minimum(weights)
        curves = [
            parts.parabola_axes(f"loss {formula}", curve, WEIGHTS, LOSSES, TICKS)
            for formula, curve, _ in CURVES.values()
        ]
        return [*curves, weights]

    def draw(self, axes: Plots, rate: float = 0.2, start: float = 2.0) -> Words:
        readout, alt_texts, ends = [], [], []
        for plot, (name, (formula, curve, slope)) in zip(axes, CURVES.items(), strict=False):
            trace, does = descend_on(curve, slope, rate, start, parts.LAST), behaviour(name, rate)
            seen = _until_out(trace)
            parts.put_path(plot, seen, rate, f"η = {rate:g}: {does}", slope)
            # Up to where it leaves the frame: jumps from edge to edge hide the other line.
            outside = np.flatnonzero(~parts.in_frame(trace.weight, WEIGHTS))
            shown = seen.weight[: outside[0] + 1 if len(outside) else None]
            parts.put_line(axes[-1], np.arange(len(shown)), shown, LINES[name])
            first, before, last = (format_number(trace.weight[n]) for n in (0, -2, -1))
            readout += [(name, does), (f"{name}, last two weights", f"{before} and {last}")]
            ends.append(f"{name} {before} → {last}")
            loss_name = "Parabola" if name == "parabola" else "Loss"
            alt_texts.append(
                f"{loss_name} {formula}, smallest at w = {parts.MINIMUM}: {count_of(parts.LAST, 'step')} at "
                f"learning rate {rate:g} from w = {first}, {does}; the last two weights are "
                f"{before} and {last}"
                + (f", outside the frame at step {outside[0]}." if len(outside) else ".")
            )
        parts.put_title(axes[-1], f"the same rate {rate:g} and start {start:g} on both")
        summary = ", ".join(ends)
        steps = f"Weight per step on both losses, the last two of {parts.LAST} steps: {summary}."
        return Words(summary, [*alt_texts, steps], readout)


def behaviour(name: str, rate: float) -> str:
    """Return in words what a descent at a constant rate does: on the parabola, or on the other.

    There a step multiplies the distance d by 1 − 2η tanh(d) / d.  Up to rate 1 that is below 1 in
    size at every d; above it is −1 at one d, where η tanh(d) = d, and the weight jumps from d to −d
    and back.

    >>> behaviour("parabola", 1.1), behaviour("log cosh", 1.1)
    ('diverges', 'oscillates for ever')
    """
    if name == "parabola" or rate < 1:
        return "converges" if rate == 0.5 and name != "parabola" else regime(rate)
    return "oscillates for ever" if rate > 1 else "oscillates, converges slowly"


def _until_out(trace: Trace) -> Trace:
    """The trace up to the first weight that is far out."""
    out = 1 + np.flatnonzero(~(np.abs(trace.weight[1:]) < OUT))
    return Trace(*(values[: out[0]] for values in trace)) if len(out) else trace
