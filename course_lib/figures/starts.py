"""Four ways to start a moving average."""

import numpy as np

from course_lib.averages import four_averages
from course_lib.descent import descend
from course_lib.figures.colors import OTHER, SHADOW, TEXT, WEIGHT
from course_lib.figures.parts import LAST, look, make_axes, put_line, put_title
from course_lib.figures.stops import DECAYS
from course_lib.figures.text import count_of, format_number
from course_lib.live import Control, Figure, Plots, Words

RATE = 0.2
PATH = descend(np.full(LAST, RATE)).weight
AVERAGES = {  # they can be told apart in grey print too
    "initial": look(SHADOW, 3),
    "first": look(SHADOW, 1.5, (4, 1.5)),
    "zero": look(OTHER, 2.5, (1, 1)),
    "corrected": look(TEXT, 1.5, (5, 1.5, 1, 1.5)),
}
TOLD = (1, 10, LAST)  # the updates after which the readout gives the averages


class StartsFigure(Figure):
    """Four averages of one descent at rate 0.2, which differ in how they start.

    Beside them stands the share that the start still has in an average.

    >>> StartsFigure().show(decay=0.9)
    StartsFigure(decay=0.9): w -1.000000, initial -0.893578, first -0.929052, zero -0.967482, corrected -0.981997
    """

    controls = {
        "decay": Control(
            "decay d", "How much of the old average stays at each update", DECAYS, low=0, below=1
        )
    }

    def axes(self) -> Plots:
        span = (0, LAST)
        averages = make_axes("updates t", "weight w, averages s", span, (-2, 5.6), legend=AVERAGES)
        put_line(averages, np.arange(LAST + 1), PATH, look(WEIGHT, 1.5))
        averages.text(LAST - 0.5, -1.65, "weight w", color=WEIGHT, ha="right", size=11)
        return [averages, make_axes("updates t", "share of the start, dᵗ", span, (-0.03, 1.03))]

    def draw(self, axes: Plots, decay: float = 0.9) -> Words:
        averages = four_averages(PATH, decay)
        for name, shadow in averages.items():
            put_line(axes[0], np.arange(1, LAST + 1), shadow, AVERAGES[name])
        share = np.append(1.0, np.cumprod(np.full(LAST, float(decay))))
        put_line(axes[1], np.arange(LAST + 1), share, look(SHADOW, 2))
        updates = count_of(LAST, "update")
        put_title(axes[0], f"d = {decay:g}: four starts, one path")
        put_title(axes[1], f"after {updates} dᵗ = {format_number(share[-1])}")

        first, last = (format_number(PATH[n]) for n in (0, -1))
        ends, tenth = (
            ", ".join(f"{name} {format_number(shadow[n])}" for name, shadow in averages.items())
            for n in (-1, 9)
        )
        told = {"share of the start dᵗ": share, "weight w": PATH}
        told |= {name: np.append(np.nan, shadow) for name, shadow in averages.items()}
        return Words(
            f"w {last}, {ends}",
            [
                f"The weight of a descent at rate {RATE}, from {first} to {last}, and its averages "
                f"by their start. After 10 updates: {tenth}.",
                f"The share of the start in the average, dᵗ: {format_number(share[10])} after 10 "
                f"updates, {format_number(share[-1])} after {LAST}.",
            ],
            [
                ("after", f"{', '.join(map(str, TOLD))} updates"),
                *(
                    (name, ", ".join(format_number(values[t]) for t in TOLD))
                    for name, values in told.items()
                ),
            ],
        )
