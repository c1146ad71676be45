"""A descent in two directions: a bowl that is more curved along y than along x."""

import numpy as np

from course_lib.descent import BOWL_CLOSE, BOWL_COUNTED, BOWL_CURVATURE, descend_in_bowl
from course_lib.figures import parts
from course_lib.figures.colors import LOSS, OTHER, TEXT, WEIGHT
from course_lib.figures.stops import SWITCH
from course_lib.figures.text import count_of, format_number
from course_lib.live import Control, Figure, Plots, Words

MOMENTUM = 0.8
SHOWN = 100  # steps on the axis of steps; the path on the bowl has 40
LEVELS = (0.2, 0.5, 0.8, 1.1)  # where the contours cut the y axis
FRAME = (-1.95, 1.95), (-1.3, 1.3)  # a unit is as long along x as along y
DISTANCES = {
    "|x|, flat": parts.look("#f0a46a", 4),
    "|y|, steep": parts.look("#7d3700", 1.5, (4, 1.5)),
}
TURN = np.linspace(0, 2 * np.pi, 73)


class BowlFigure(Figure):
    """A path on contours of y² + x² / κ, from (1, 1), and both distances per step.

    >>> BowlFigure().show(rate=0.5, ratio=10)
    BowlFigure(rate=0.5, ratio=10, momentum=False): both below 0.01 after 44 steps
    """

    controls = {
        "rate": Control(
            "learning rate η",
            "One rate for both directions",
            (0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.909, 0.95, 0.99, 0.999, 1.0, 1.05),
            low=0,
        ),
        "ratio": Control(
            "ratio κ",
            "How many times more the bowl is curved along y than along x",
            (1, 10, 100, 1000),
            low=1,
        ),
        "momentum": Control("momentum 0.8", "On: 0.8 of each step is added to the next", SWITCH),
    }

    def axes(self) -> Plots:
        bowl = parts.make_axes("x", "y", *FRAME, xticks=range(-1, 2), yticks=range(-1, 2))
        span, limits = (-2, SHOWN + 2), (1e-5, 1e2)
        distances = parts.make_axes("step n", "distance", span, limits, log="y", legend=DISTANCES)
        distances.axhline(BOWL_CLOSE, **parts.look(OTHER, 1, (1, 2)))
        return [bowl, distances]

    def draw(
        self, axes: Plots, rate: float = 0.5, ratio: float = 10, momentum: bool = False
    ) -> Words:
        bowl = descend_in_bowl(rate, ratio, MOMENTUM if momentum else 0.0)
        for level in LEVELS:
            x, y = level * np.sqrt(ratio) * np.cos(TURN), level * np.sin(TURN)
            parts.put_line(axes[0], x, y, parts.look(LOSS, 1))
        parts.put_dots(axes[0], [0], [0], TEXT, 5)
        path = bowl.x[: parts.LAST + 1], bowl.y[: parts.LAST + 1]
        parts.put_line(axes[0], *path, parts.look(WEIGHT, 1))
        parts.put_dots(axes[0], *path, WEIGHT, 5)
        parts.put_dots(axes[0], [1], [1], "white", 3)
        parts.put_dots(axes[0], path[0][-1:], path[1][-1:], WEIGHT, 11)
        for one, values in zip(DISTANCES.values(), (bowl.x, bowl.y), strict=True):
            parts.put_line(axes[1], np.arange(SHOWN + 1), parts.on_log_axis(np.abs(values)), one)
        needed = f"not in {BOWL_COUNTED:,} steps"
        if np.isfinite(bowl.needed):
            needed = f"after {count_of(bowl.needed, 'step')}"
        with_momentum = f", momentum {MOMENTUM}" if momentum else ""
        parts.put_title(axes[0], f"η = {rate:g}, κ = {ratio:g}{with_momentum}")
        parts.put_title(axes[1], f"both below {BOWL_CLOSE}: {needed}")
        along = "{} without momentum" if momentum else "factor along {}"
        factors = [1 - rate * BOWL_CURVATURE / ratio, 1 - rate * BOWL_CURVATURE]
        ends = f"x = {format_number(path[0][-1])}, y = {format_number(path[1][-1])}"
        sizes = [format_number(abs(values[-1])) for values in (bowl.x, bowl.y)]
        limit = 2 * (1 + MOMENTUM * momentum) / BOWL_CURVATURE
        made = count_of(parts.LAST, "step")
        return Words(
            f"both below {BOWL_CLOSE} {needed}",
            [
                f"Contours of the loss y² + x² / {ratio:g}, and {made} from x = y = 1 at learning "
                f"rate {rate:g}{with_momentum}, to {ends}.",
                f"The sizes of x and y per step, on a logarithmic axis: after {SHOWN} steps "
                f"{sizes[0]} and {sizes[1]}. Both below {BOWL_CLOSE}: {needed}.",
            ],
            [
                (f"{along.format('x')}, 1 − 2η / κ", format_number(factors[0])),
                (f"{along.format('y')}, 1 − 2η", format_number(factors[1])),
                (f"after {made}", ends),
                (f"both below {BOWL_CLOSE}", needed),
                ("diverges above rate", f"{limit:g}"),
            ],
        )
