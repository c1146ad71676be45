"""What several figures draw and say."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as MplFigure
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike, NDArray

from course_lib.descent import Trace, descend, gradient, loss
from course_lib.figures.colors import LOSS, OTHER, TEXT, WEIGHT
from course_lib.figures.text import count_of, format_number
from course_lib.live.artists import Look, Stroke, Title
from course_lib.theory import contraction, regime, steps_to

LAST = 40  # how many steps the axes hold
WEIGHTS = (-9, 7)  # as far to the left of the minimum as to the right
MINIMUM = -1
Curve = Callable[[ArrayLike], NDArray[Any]]


def look(
    color: str, width: float, dashes: Sequence[float] = (), alpha: float | None = None
) -> Look:
    """Return how a line looks; `dashes` are lengths of dashes and gaps, in widths of the line."""
    linestyle = (0, tuple(dashes)) if dashes else "-"
    return {"color": color, "linewidth": width, "linestyle": linestyle, "alpha": alpha}


def dot_look(color: str, size: float, alpha: float | None = None) -> Look:
    """Return how dots look in a legend, which draws them as markers."""
    return {"color": color, "linestyle": "", "marker": "o", "markersize": size, "alpha": alpha}


def make_axes(
    xlabel: str,
    ylabel: str,
    xlim: tuple[float, float],
    ylim: tuple[float, float],
    *,
    height: float = 270,
    log: str = "",
    legend: Mapping[str, Look] | None = None,
    rows: int = 1,
    **ticks: Any,
) -> Axes:
    """Return axes in a figure of 360 pixels, a phone's width, by `height`.

    `log` names the axes that are logarithmic, "x", "y" or "xy".  A legend in `rows` stands below
    the title and above the axes, where no line crosses it.
    """
    figure = MplFigure(figsize=(5, height / 72))
    above = 35 + 16 * rows if legend else 35
    axes = figure.add_axes(
        (0.185, 49 / height, 0.77, 1 - (49 + above) / height),  # 40 steps of 6.6 pixels
        xlim=xlim,
        ylim=ylim,
        xlabel=xlabel,
        ylabel=ylabel,
        **ticks,
    )
    for axis in log:
        _count_in_powers_of_ten(axes, axis)
    if legend:
        axes.legend(
            handles=[Line2D([], [], label=name, **look) for name, look in legend.items()],
            ncols=math.ceil(len(legend) / rows),
            loc="lower left",
            bbox_to_anchor=(-0.19, 0.97),
            handlelength=2.5,
            columnspacing=1.2,
            labelspacing=0.2,
        )
    return axes


def put_line(axes: Axes, x: ArrayLike, y: ArrayLike, look: Look) -> None:
    """Draw a line through points."""
    axes.add_artist(Stroke(x, y, look))


def put_dots(
    axes: Axes, x: ArrayLike, y: ArrayLike, color: str, size: float, alpha: float | None = None
) -> None:
    """Draw dots as strokes of no length with round ends; markers take three times as much SVG."""
    x, y = np.asarray(x), np.asarray(y)
    xs = np.stack([x, x, x], axis=1).ravel()
    ys = np.stack([y, y, np.full(len(y), np.nan)], axis=1).ravel()
    put_line(axes, xs, ys, {**look(color, size, alpha=alpha), "solid_capstyle": "round"})


def put_title(axes: Axes, text: str) -> None:
    """Write the title of a plot, which states what it shows."""
    axes.add_artist(Title(19, 22, text))


def put_minimum(axes: Axes) -> None:
    """Mark the weight that has the smallest loss."""
    axes.axhline(MINIMUM, **look(OTHER, 1, (1, 2)))


def parabola_axes(
    ylabel: str = "loss (w + 1)²",
    curve: Curve = loss,
    weights: tuple[float, float] = WEIGHTS,
    losses: tuple[float, float] = (-3, 64),
    xticks: Sequence[float] = range(-9, 8, 4),
) -> Axes:
    """Return axes with the parabola, or with another `curve`."""
    axes = make_axes("weight w", ylabel, weights, losses, xticks=xticks)
    w = np.linspace(*weights, 65)
    put_line(axes, w, curve(w), look(LOSS, 2))
    return axes


def put_path(axes: Axes, trace: Trace, rate: float, title: str, slope: Curve = gradient) -> None:
    """Draw the path of a weight on its curve: hollow where it starts, large where it ends.

    There the tangent shows the slope, and an arrow how far the next step goes: rate times slope.
    """
    put_line(axes, *trace, look(WEIGHT, 1))
    put_dots(axes, *trace, WEIGHT, 6)
    put_dots(axes, trace.weight[:1], trace.loss[:1], "white", 3)
    put_dots(axes, trace.weight[-1:], trace.loss[-1:], WEIGHT, 11)
    at, height = float(trace.weight[-1]), float(trace.loss[-1])
    left, right = axes.get_xlim()
    bottom, top = axes.get_ylim()
    if left <= at <= right:
        width, tall = (right - left) / 16, (top - bottom) / 67  # 1 and 1 in the parabola's frame
        steep = float(slope(at))
        rise = 2 * width * steep
        ends = [at - 2 * width, at + 2 * width], [height - rise, height + rise]
        put_line(axes, *ends, look(TEXT, 1.5, (4, 2)))
        step = -rate * steep
        head = math.copysign(min(0.5 * width, abs(step) / 2), step)
        tip, wide = at + step, 3.2 * abs(head) * tall / width
        x = [at, tip, tip - head, tip, tip - head]
        put_line(axes, x, [height, height, height + wide, height, height - wide], look(TEXT, 2))
    put_title(axes, title)


def loss_axes(looks: Mapping[str, Look], last: int = LAST) -> Axes:
    """Return axes for the loss per step up to step `last`; several runs have a legend."""
    legend, ends = looks if len(looks) > 1 else None, (-last / LAST, last + last / LAST)
    return make_axes("step n", "loss", ends, (1e-15, 1e6), log="y", legend=legend)


def put_losses(axes: Axes, traces: Sequence[Trace], looks: Mapping[str, Look], title: str) -> None:
    """Draw the loss per step on a logarithmic axis, one line a run."""
    for trace, one in zip(traces, looks.values(), strict=True):
        # 0 has no place on a logarithmic axis: let the line fall out of the frame.
        heights = np.maximum(trace.loss, 1e-30, dtype=np.float64)
        put_line(axes, np.arange(len(trace.loss)), heights, one)
    last = [trace.loss[-1] for trace in traces]
    put_dots(axes, [len(traces[0].loss) - 1] * len(traces), last, LOSS, 8)
    put_title(axes, title)


def _count_in_powers_of_ten(axes: Axes, axis: str) -> None:
    """Make an axis logarithmic, with a tick at each power of ten or at every third of them."""
    limits = axes.get_xlim() if axis == "x" else axes.get_ylim()
    first, last = (round(math.log10(limit), 9) for limit in limits)  # log10 may miss by an ulp
    powers: Sequence[int] = range(math.ceil(first), math.floor(last) + 1)
    if not powers:
        raise ValueError(
            f"{axis} must reach over a power of ten, got limits of {limits[0]:g} and {limits[1]:g}"
        )
    powers = [power for power in powers if len(powers) <= 8 or power % 3 == 0]
    axes.set(**{f"{axis}scale": "log"})
    labels = [f"10{str(power).translate(_RAISED)}" if power else "1" for power in powers]
    axes.set(**{f"{axis}ticks": [10.0**power for power in powers], f"{axis}ticklabels": labels})
    axes.minorticks_off()


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def on_log_axis(values: ArrayLike) -> NDArray[np.float64]:
    """Values for a logarithmic axis, on which 0, infinity and nan fall outside the frame."""
    return np.clip(np.nan_to_num(np.asarray(values, np.float64), nan=1e30), 1e-30, 1e30)


def in_frame(weight: ArrayLike, frame: tuple[float, float] = WEIGHTS) -> NDArray[np.bool_]:
    """Whether weights are inside the axes that show weights."""
    weight = np.asarray(weight)
    return (frame[0] <= weight) & (weight <= frame[1])


def constant_descent(rate: float, steps: int, start: float) -> Trace:
    """Return the trace of `steps` steps at one rate, 40 at most; with 0 steps, only the start."""
    trace = descend(np.full(LAST, rate), start)
    return Trace(trace.weight[: steps + 1], trace.loss[: steps + 1])


def path_in_words(trace: Trace, rate: float) -> str:
    """Return what a path on the parabola shows."""
    last = trace.weight[-1]
    words = (
        f"Parabola loss = (w + 1)², smallest at w = {MINIMUM}: "
        f"{count_of(len(trace.weight) - 1, 'step')} at learning rate {rate:g}, {regime(rate)}, "
        f"from w = {format_number(trace.weight[0])} to w = {format_number(last)}"
    )
    outside = np.flatnonzero(~in_frame(trace.weight))
    if len(outside):
        words += f", outside the frame at step {outside[0]}"
    if not in_frame(last):
        return f"{words}."
    return f"{words}. The slope there is {format_number(float(gradient(last)))}."


def loss_in_words(trace: Trace) -> str:
    """Return what the line of a run's losses shows."""
    zero = np.flatnonzero(trace.loss == 0)
    words = (
        f"{format_number(trace.loss[0])} at the start, {format_number(trace.loss[-1])} after "
        f"{count_of(len(trace.loss) - 1, 'step')}"
    )
    return f"{words}, exactly 0 at step {zero[0]}" if len(zero) else words


def end_in_words(trace: Trace) -> tuple[str, str]:
    """Return the line of a readout that says where a run ends."""
    return (
        f"after {count_of(len(trace.weight) - 1, 'step')}",
        f"w = {format_number(trace.weight[-1])}, loss = {format_number(trace.loss[-1])}",
    )


def constant_rate_readout(trace: Trace, rate: float, start: float) -> list[tuple[str, str]]:
    """Return the readout of a run at a constant rate."""
    steps = steps_to(1e-3, rate, start)  # a loss of 1e-6 is a distance of 1e-3
    below = "never" if math.isinf(steps) else f"after {count_of(steps, 'step')}"
    return [
        ("factor |1 − 2η|", f"{format_number(contraction(rate))}: {regime(rate)}"),
        end_in_words(trace),
        ("loss below 0.000001", below),
    ]


def next_step_readout(trace: Trace, rate: float) -> tuple[str, str]:
    """Return the line of a readout on the next step, which is minus the rate times the slope."""
    last = trace.weight[-1]
    step = "not a number"
    if np.isfinite(last):
        slope = float(gradient(last))
        step = f"-{rate:g} · {format_number(slope)} = {format_number(-rate * slope)}"
    return "next step −η · slope", step
