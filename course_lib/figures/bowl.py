"""A descent in two directions: a bowl that is more curved along y than along x."""

from functools import cache
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from course_lib.figures.base import SWITCH, Control, Figure, View
from course_lib.figures.parts import (
    LAST,
    count_in_powers_of_ten,
    make_axes,
    make_dots,
    make_title,
    on_log_axis,
    set_dots,
)
from course_lib.figures.text import count_of, format_number
from course_lib.style import LOSS, OTHER, TEXT, WEIGHT, course_style
from course_lib.svg import Plot
from course_lib.validation import numbers, switch

LARGEST = 2.0  # the curvature along y, that of the parabola (w + 1)²
MOMENTUM = 0.8
SHOWN = 100  # steps on the axis of steps; the path on the bowl has 40
COUNTED = 10_000  # steps after which counting ends
CLOSE = 0.01
LEVELS = (0.2, 0.5, 0.8, 1.1)  # where the contours cut the y axis
FRAME = (-1.95, 1.95), (-1.3, 1.3)  # a unit is as long along x as along y


class Bowl(NamedTuple):
    """What became of x = y = 1: the size of both after 0 to 100 steps, and the steps until both
    stay below 0.01.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    needed: float


@cache
def descend_in_bowl(rate: float, ratio: float, momentum: float) -> Bowl:
    """Return the descent on y² + x² / ratio from (1, 1), v ← momentum · v − rate · slope and then
    weight ← weight + v.

    `momentum` 0 is plain gradient descent.  `needed` is infinite where 10,000 steps are not enough.

    Source: B. Polyak, Some methods of speeding up the convergence of iteration methods, 1964.

    >>> descend_in_bowl(0.5, 10, 0.0).y[:3].tolist(), descend_in_bowl(10 / 11, 10, 0.0).needed
    ([1.0, 0.0, 0.0], 23)
    """
    x = y = 1.0
    speed_x = speed_y = 0.0
    path, needed = [(x, y)], COUNTED + 1
    step_x, step_y = rate * LARGEST / ratio, rate * LARGEST
    for n in range(COUNTED + 1):
        if abs(x) >= CLOSE or abs(y) >= CLOSE:
            needed = n + 1  # at the earliest
        if n >= SHOWN and not 1e-9 < max(abs(x), abs(y), abs(speed_x), abs(speed_y)) < 1e9:
            break  # nothing changes any more
        speed_x, speed_y = momentum * speed_x - step_x * x, momentum * speed_y - step_y * y
        x, y = x + speed_x, y + speed_y
        if n < SHOWN:
            path.append((x, y))
    xs, ys = np.array(path).T
    xs.flags.writeable = ys.flags.writeable = False
    return Bowl(xs, ys, needed if max(abs(x), abs(y)) < CLOSE else np.inf)


class BowlFigure(Figure):
    """A path on contours of y² + x² / κ, from (1, 1), and both distances per step on a logarithmic
    axis.

    >>> BowlFigure().show(rate=0.5, ratio=10)
    BowlFigure(rate=0.5, ratio=10, momentum=False): both below 0.01 after 44 steps
    """

    controls: ClassVar = {
        "rate": Control(
            "learning rate η",
            "One rate for both directions",
            (0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.909, 0.95, 0.99, 0.999, 1.0, 1.05),
        ),
        "ratio": Control(
            "ratio κ",
            "How many times more the bowl is curved along y than along x",
            (1, 10, 100, 1000),
        ),
        "momentum": Control("momentum 0.8", "On: 0.8 of each step is added to the next", SWITCH),
    }

    def __init__(self) -> None:
        super().__init__()
        figure, axes = make_axes("x", "y", *FRAME, xticks=range(-1, 2), yticks=range(-1, 2))
        with course_style():
            self.contours = [axes.plot([], [], color=LOSS, lw=1)[0] for _ in LEVELS]
            self.minimum = make_dots(axes, TEXT, 5)
            (self.line,) = axes.plot([], [], color=WEIGHT, lw=1)
            self.points, self.last = make_dots(axes, WEIGHT, 5), make_dots(axes, WEIGHT, 11)
            self.first = make_dots(axes, "white", 3)
        set_dots(self.minimum, [0], [0])
        self.title = make_title(axes)
        bowl = Plot(
            figure,
            [
                *self.contours,
                self.minimum,
                self.line,
                self.points,
                self.first,
                self.last,
                self.title,
            ],
        )
        figure, axes = make_axes("step n", "distance", (-2, SHOWN + 2), (1e-5, 1e2))
        count_in_powers_of_ten(axes, "y")
        with course_style():
            axes.axhline(CLOSE, color=OTHER, lw=1, dashes=(1, 2))
            dashes: Any = (0, (4, 1.5))
            (self.x,) = axes.plot([], [], color="#f0a46a", lw=4, label="|x|, flat")
            (self.y,) = axes.plot([], [], color="#7d3700", lw=1.5, ls=dashes, label="|y|, steep")
            self.count = make_title(axes, [self.x, self.y])
        self.plots = [bowl, Plot(figure, [self.x, self.y, self.count])]

    def show(self, rate: float = 0.5, ratio: float = 10, momentum: bool = False) -> View:
        """Return the View at one learning rate, 0 or more, for a ratio of the curvatures of 1 or
        more.
        """
        numbers("rate", rate, ndim=[0], low=0)
        numbers("ratio", ratio, ndim=[0], low=1)
        beta = MOMENTUM if switch("momentum", momentum) else 0.0
        bowl = descend_in_bowl(float(rate), float(ratio), beta)
        turn = np.linspace(0, 2 * np.pi, 73)
        for line, level in zip(self.contours, LEVELS, strict=True):
            line.set_data(level * np.sqrt(ratio) * np.cos(turn), level * np.sin(turn))
        path = bowl.x[: LAST + 1], bowl.y[: LAST + 1]
        self.line.set_data(*path)
        set_dots(self.points, *path)
        set_dots(self.first, [1], [1])
        set_dots(self.last, path[0][-1:], path[1][-1:])
        for line, values in ((self.x, bowl.x), (self.y, bowl.y)):
            line.set_data(np.arange(SHOWN + 1), on_log_axis(np.abs(values)))
        needed = (
            f"not in {COUNTED:,} steps"
            if np.isinf(bowl.needed)
            else f"after {count_of(bowl.needed, 'step')}"
        )
        with_momentum = f", momentum {MOMENTUM}" if momentum else ""
        self.title.text = f"η = {rate:g}, κ = {ratio:g}{with_momentum}"
        self.count.text = f"both below {CLOSE}: {needed}"
        along = "{} without momentum" if momentum else "factor along {}"
        factors = [1 - rate * LARGEST / ratio, 1 - rate * LARGEST]
        ends = f"x = {format_number(path[0][-1])}, y = {format_number(path[1][-1])}"
        limit = 2 * (1 + beta) / LARGEST
        return self._view(
            {"rate": rate, "ratio": ratio, "momentum": momentum},
            f"both below {CLOSE} {needed}",
            [
                f"Contours of the loss y² + x² / {ratio:g}, and {count_of(LAST, 'step')} from x = "
                f"y = 1 at learning rate "
                f"{rate:g}{with_momentum}, to {ends}.",
                f"The sizes of x and y per step, on a logarithmic axis: after {SHOWN} steps "
                f"{format_number(abs(bowl.x[-1]))} and {format_number(abs(bowl.y[-1]))}. Both "
                f"below {CLOSE}: {needed}.",
            ],
            [
                (f"{along.format('x')}, 1 − 2η / κ", format_number(factors[0])),
                (f"{along.format('y')}, 1 − 2η", format_number(factors[1])),
                (f"after {count_of(LAST, 'step')}", ends),
                (f"both below {CLOSE}", needed),
                ("diverges above rate", f"{limit:g}"),
            ],
        )
