"""Curves that a lesson computes itself."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_lib.figures.colors import LOSS, OTHER, SHADOW, WEIGHT
from course_lib.figures.parts import look, make_axes, put_line, put_title
from course_lib.figures.text import format_number
from course_lib.live import Figure, Plots, Words
from course_lib.validation import numbers

# A curve named after a quantity has the colour of the quantity; others take what is left.
LINES = {
    "loss": look(LOSS, 2),
    "other": look(OTHER, 2, (1, 1.5)),
    "weight": look(WEIGHT, 1.5),
    "shadow": look(SHADOW, 3),
}


class CurvesFigure(Figure):
    """Up to four curves over a common axis, for what a lesson computes itself.

    `curves` holds by name the values of each at `x`, two numbers or more; `xlabel`, `ylabel` and
    `title` are what the plot says, `ylim` is its lowest and its highest value.  `log` names the
    axes that are logarithmic: "", "x", "y" or "xy".  `xticks` are the values written along x,
    matplotlib's own if there are none.

    >>> CurvesFigure([0, 1, 2], {"square": [0, 1, 4]}, "x", "y", (0, 5), "a square")
    CurvesFigure(a square): square 0.000000 → 4.000000
    """

    def __init__(
        self,
        x: ArrayLike,
        curves: Mapping[str, ArrayLike],
        xlabel: str,
        ylabel: str,
        ylim: tuple[float, float],
        title: str,
        log: str = "",
        xticks: Sequence[float] | None = None,
    ):
        if not 1 <= len(curves) <= len(LINES):
            raise ValueError(f"curves must hold from 1 to {len(LINES)} curves, got {len(curves)}")
        if not set(log) <= set("xy"):
            raise ValueError(f"log must name the axes x or y, got {log!r}")
        numbers("ylim", ylim, ndim=[1], above=0 if "y" in log else None)
        if len(numbers("x", x, ndim=[1], above=0 if "x" in log else None)) < 2:
            raise ValueError(f"x must hold two values or more, got {x!r}")
        self.x = np.asarray(x, np.float64)
        for name, curve in curves.items():
            if len(numbers(name, curve, ndim=[1])) != len(self.x):
                raise ValueError(
                    f"{name} must have one value for each of the {len(self.x)} of x, "
                    f"got {len(np.asarray(curve))}"
                )
        self.curves = {name: np.array(curve, np.float64) for name, curve in curves.items()}
        others = iter([name for name in LINES if name not in curves])
        self.looks = {name: LINES[name if name in LINES else next(others)] for name in curves}
        ticks: dict[str, Any] = {} if xticks is None else {"xticks": xticks}
        span, limits = (float(self.x[0]), float(self.x[-1])), (float(ylim[0]), float(ylim[1]))
        self.frame = partial(make_axes, xlabel, ylabel, span, limits, log=log, **ticks)
        self.title, self.said = title, f"{title}. {ylabel} over {xlabel}"
        self.words()  # so that axes that cannot be made raise now

    def axes(self) -> Plots:
        axes = self.frame(legend=self.looks if len(self.looks) > 1 else None)
        for name, curve in self.curves.items():
            put_line(axes, self.x, curve, self.looks[name])
        return [axes]

    def draw(self, axes: Plots) -> Words:
        put_title(axes[0], self.title)
        ends = ", ".join(
            f"{name} {format_number(curve[0])} → {format_number(curve[-1])}"
            for name, curve in self.curves.items()
        )
        span = f"from {format_number(self.x[0])} to {format_number(self.x[-1])}"
        return Words(ends, [f"{self.said}, {span}: {ends}."])

    def name(self, settings: Mapping[str, Any]) -> str:
        return f"{type(self).__name__}({self.title})"
