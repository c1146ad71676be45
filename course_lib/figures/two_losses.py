"""One learning rate on two losses: the parabola, and one whose slope is bounded."""

from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_lib.figures.base import Control, Figure, Readout, View
from course_lib.figures.parts import (
    LAST,
    MINIMUM,
    Curve,
    ParabolaPlot,
    Path,
    in_frame,
    make_axes,
    make_title,
)
from course_lib.figures.text import count_of, format_number
from course_lib.style import OTHER, WEIGHT, course_style
from course_lib.svg import Plot
from course_lib.theory import regime
from course_lib.validation import numbers

WEIGHTS, LOSSES, TICKS = (-5.0, 3.0), (-0.8, 16.8), range(-5, 4, 2)
OUT = 1e6  # a weight as far away as this is drawn nowhere, nor are those after it


def parabola(weight: ArrayLike) -> NDArray[np.float64]:
    """Return (w + 1)².

    >>> parabola([0, -1]).tolist()
    [1.0, 0.0]
    """
    distance = np.asarray(weight, np.float64) + 1
    return distance * distance


def parabola_slope(weight: ArrayLike) -> NDArray[np.float64]:
    """Return 2 (w + 1), which grows without end.

    >>> parabola_slope([0, 99]).tolist()
    [2.0, 200.0]
    """
    return 2 * (np.asarray(weight, np.float64) + 1)


def log_cosh(weight: ArrayLike) -> NDArray[np.float64]:
    """Return 2 log cosh(w + 1), which is (w + 1)² − (w + 1)⁴ / 6 + … near −1 and 2 (|w + 1| − log
    2) far from it.

    >>> log_cosh([-1, 0, 99]).round(6).tolist()
    [0.0, 0.867562, 198.613706]
    """
    distance = np.abs(np.asarray(weight, np.float64) + 1)
    values: NDArray[np.float64] = 2 * (
        distance + np.log1p(np.exp(-2 * distance)) - np.log(2)
    )  # cosh overflows
    return values


def log_cosh_slope(weight: ArrayLike) -> NDArray[np.float64]:
    """Return 2 tanh(w + 1), which stays between −2 and 2.

    >>> log_cosh_slope([-1, 0, 99]).round(6).tolist()
    [0.0, 1.523188, 2.0]
    """
    return 2 * np.tanh(np.asarray(weight, np.float64) + 1)


def descend_on(curve: Curve, slope: Curve, rate: float, start: float) -> Path:
    """Return the weights and losses of 40 steps w ← w − rate · slope(w), in float64, at the start
    and after each step.

    >>> descend_on(parabola, parabola_slope, 1.0, 5.0).weight[:3].tolist()
    [5.0, -7.0, 5.0]
    """
    weight = np.empty(LAST + 1)
    weight[0] = w = float(start)
    for n in range(1, LAST + 1):
        weight[n] = w = w - rate * float(slope(w))
    return Path(weight, curve(weight))


class TwoLossesFigure(Figure):
    """The parabola and 2 · log cosh(w + 1), of the same curvature at −1: the same rate and start,
    and 40 steps on both.

    >>> TwoLossesFigure().show(rate=1.1)
    TwoLossesFigure(rate=1.1, start=2.0): parabola -3675.428920 → 4408.314704, log cosh -0.446765 → -1.553235
    """

    controls: ClassVar = {
        "rate": Control(
            "learning rate η",
            "How far a step goes for a given slope",
            (0.1, 0.2, 0.5, 0.8, 0.9, 0.99, 1.0, 1.01, 1.1, 1.2, 1.5, 1.9),
        ),
        "start": Control("start w₀", "The weight before the first step", (-0.9, 0.0, 2.0)),
    }

    def __init__(self) -> None:
        super().__init__()
        self.losses = {
            "parabola": (parabola, parabola_slope),
            "log cosh": (log_cosh, log_cosh_slope),
        }
        labels = ["loss (w + 1)²", "loss 2 log cosh(w + 1)"]
        self.paths = [
            ParabolaPlot(label, *functions, WEIGHTS, LOSSES, TICKS)
            for label, functions in zip(labels, self.losses.values(), strict=True)
        ]
        figure, axes = make_axes("step n", "weight w", (-1, LAST + 1), WEIGHTS, yticks=TICKS)
        with course_style():
            axes.axhline(MINIMUM, color=OTHER, lw=1, dashes=(1, 2))
            # Broad and pale below thin and dark, so that both are seen where they agree.
            self.lines = [
                axes.plot([], [], color=color, lw=width, label=name)[0]
                for (color, width), name in zip(
                    [("#f5c6a0", 6), (WEIGHT, 1.5)], self.losses, strict=True
                )
            ]
            self.title = make_title(axes, self.lines)
        self.plots = [*self.paths, Plot(figure, [*self.lines, self.title])]

    def show(self, rate: float = 0.2, start: float = 2.0) -> View:
        """Return the View of 40 steps from `start` at one learning rate, 0 or more, on both losses."""
        numbers("rate", rate, ndim=[0], low=0)
        numbers("start", start, ndim=[0])
        rate = float(rate)
        readout: list[tuple[str, str]] = []
        alt_texts, ends = [], []
        for plot, line, (name, (curve, slope)) in zip(
            self.paths, self.lines, self.losses.items(), strict=True
        ):
            path = descend_on(curve, slope, rate, start)
            seen = _until_out(path)
            plot.update(seen, rate, f"η = {rate:g}: {behaviour(name, rate)}")
            outside = np.flatnonzero(~in_frame(seen.weight, WEIGHTS))
            shown = seen.weight[
                : outside[0] + 1 if len(outside) else None
            ]  # jumps from edge to edge hide the other
            line.set_data(np.arange(len(shown)), shown)
            readout += _readout(name, path, rate)
            alt_texts.append(_in_words(name, path, rate))
            ends.append(_last_two(path))
        self.title.text = f"the same rate {rate:g} and start {start:g} on both"
        summary = ", ".join(
            f"{name} {before} → {last}"
            for name, (before, last) in zip(self.losses, ends, strict=True)
        )
        return self._view(
            {"rate": rate, "start": start},
            summary,
            [
                *alt_texts,
                f"Weight per step on both losses, the last two of {LAST} steps: {summary}.",
            ],
            readout,
        )


def behaviour(name: str, rate: float) -> str:
    """Return in words what a descent at a constant rate does: on the parabola, or on the other
    loss.

    There a step multiplies the distance d by 1 − 2η tanh(d) / d.  Up to rate 1 that is below 1 in
    size at every d; above it is −1 at one d, where η tanh(d) = d, and the weight jumps from d to −d
    and back.

    >>> behaviour("parabola", 1.1), behaviour("log cosh", 1.1)
    ('diverges', 'oscillates for ever')
    """
    if name == "parabola" or rate < 1:
        return "converges" if rate == 0.5 and name != "parabola" else regime(rate)
    return "oscillates for ever" if rate > 1 else "oscillates, converges slowly"


def _until_out(path: Path) -> Path:
    """The path up to the first weight that is far out."""
    out = 1 + np.flatnonzero(~(np.abs(path.weight[1:]) < OUT))
    return Path(path.weight[: out[0]], path.loss[: out[0]]) if len(out) else path


def _last_two(path: Path) -> tuple[str, str]:
    before, last = path.weight[-2:]
    return format_number(before), format_number(last)


def _readout(name: str, path: Path, rate: float) -> Readout:
    before, last = _last_two(path)
    return [(name, behaviour(name, rate)), (f"{name}, last two weights", f"{before} and {last}")]


def _in_words(name: str, path: Path, rate: float) -> str:
    before, last = _last_two(path)
    words = (
        f"{'Parabola (w + 1)²' if name == 'parabola' else 'Loss 2 log cosh(w + 1)'}, smallest at "
        f"w = {MINIMUM}: "
        f"{count_of(LAST, 'step')} at learning rate {rate:g} from w = "
        f"{format_number(path.weight[0])}, "
        f"{behaviour(name, rate)}; the last two weights are {before} and {last}"
    )
    outside = np.flatnonzero(~in_frame(path.weight, WEIGHTS))
    return words + (f", outside the frame at step {outside[0]}." if len(outside) else ".")
