"""Curves that a lesson computes itself."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_lib.figures.base import Figure, View
from course_lib.figures.parts import count_in_powers_of_ten, make_axes, make_title
from course_lib.figures.text import format_number
from course_lib.style import LOSS, OTHER, SHADOW, WEIGHT, course_style
from course_lib.svg import Plot
from course_lib.validation import numbers

# A curve that is named after a quantity has its colour; any other takes one that is left.
CURVES: dict[str, tuple[str, Any, float]] = {
    "loss": (LOSS, "-", 2),
    "other": (OTHER, (0, (1, 1.5)), 2),
    "weight": (WEIGHT, "-", 1.5),
    "shadow": (SHADOW, "-", 3),
}


class CurvesFigure(Figure):
    """Up to four curves over a common axis, `curves` being their values by name, for what a lesson
    computes itself.

    `ylim` holds the lowest and the highest value of the frame; `log` names the axes that are
    logarithmic, "", "x", "y" or "xy"; `xticks` holds the values written along x, by default
    matplotlib's own.  Raises TypeError or ValueError, which name the argument or the curve.

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
        super().__init__()
        if not 1 <= len(curves) <= len(CURVES):
            raise ValueError(f"curves must hold from 1 to {len(CURVES)} curves, got {len(curves)}")
        if not set(log) <= set("xy"):
            raise ValueError(f"log must name the axes x or y, got {log!r}")
        numbers("ylim", ylim, ndim=[1], above=0 if "y" in log else None)
        low, high = map(float, ylim)
        if len(numbers("x", x, ndim=[1], above=0 if "x" in log else None)) < 2:
            raise ValueError(f"x must hold two values or more, got {x!r}")
        xs = np.asarray(x, float)
        for name, curve in curves.items():
            if len(numbers(name, curve, ndim=[1])) != len(xs):
                raise ValueError(
                    f"{name} must have one value for each of the {len(xs)} of x, "
                    f"got {len(np.asarray(curve))}"
                )
        values = {name: np.asarray(curve, float) for name, curve in curves.items()}
        ticks: dict[str, Any] = {} if xticks is None else {"xticks": xticks}
        figure, axes = make_axes(
            xlabel, ylabel, (float(xs[0]), float(xs[-1])), (low, high), **ticks
        )
        for axis in log:
            count_in_powers_of_ten(axes, axis)
        others = iter([name for name in CURVES if name not in curves])
        with course_style():
            for name, curve in values.items():
                color, dashes, width = CURVES[name if name in CURVES else next(others)]
                axes.plot(xs, curve, color=color, ls=dashes, lw=width, label=name)
            caption = make_title(axes, axes.get_lines() if len(values) > 1 else [])
        caption.text = title
        self.plots = [Plot(figure, [caption])]
        self.title = title
        self.ends = ", ".join(
            f"{name} {format_number(curve[0])} → {format_number(curve[-1])}"
            for name, curve in values.items()
        )
        self.alt = (
            f"{title}. {ylabel} over {xlabel}, from {format_number(xs[0])} to "
            f"{format_number(xs[-1])}: "
            f"{self.ends}."
        )

    def show(self) -> View:
        """Return the View; there are no settings."""
        return self._view({}, self.ends, [self.alt], name=f"{type(self).__name__}({self.title})")
