"""The plots that several figures have in common, and what plots are made of."""

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as MplFigure
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike, NDArray

from course_lib.descent import Trace, descend, gradient, loss
from course_lib.figures.text import count_of, format_number
from course_lib.style import LOSS, TEXT, WEIGHT, course_style
from course_lib.svg import Plot, Title
from course_lib.theory import contraction, regime, steps_to
from course_lib.validation import numbers, whole_number

LAST = 40  # how many steps the axes hold
WEIGHTS = (-9, 7)  # as far to the left of the minimum as to the right
MINIMUM = -1
Curve = Callable[[ArrayLike], NDArray[Any]]


class Path(NamedTuple):
    """The weights and the losses at the start and after each step, of a descent on any loss in any
    precision.
    """

    weight: NDArray[Any]
    loss: NDArray[Any]


class ParabolaPlot(Plot):
    """The parabola, and on it the path of a weight: hollow where it starts, large where it ends.

    There the tangent shows the slope, and an arrow how far the next step goes: the rate times the
    slope.  Another `curve` than the parabola comes with its `slope`, with the `weights` and
    `losses` of the frame, and with `ticks`.
    """

    def __init__(
        self,
        ylabel: str = "loss (w + 1)²",
        curve: Curve = loss,
        slope: Curve = gradient,
        weights: tuple[float, float] = WEIGHTS,
        losses: tuple[float, float] = (-3, 64),
        ticks: Sequence[float] = range(-9, 8, 4),
    ) -> None:
        figure, axes = make_axes("weight w", ylabel, weights, losses, xticks=ticks)
        self.slope, self.weights = slope, weights
        self.unit = (
            (weights[1] - weights[0]) / 16,
            (losses[1] - losses[0]) / 67,
        )  # 1 for the parabola's own frame
        w = np.linspace(*weights, 65)
        with course_style():
            axes.plot(w, curve(w), color=LOSS, lw=2)
            (self.tangent,) = axes.plot([], [], color=TEXT, lw=1.5, dashes=(4, 2))
            (self.line,) = axes.plot([], [], color=WEIGHT, lw=1)
            self.points, self.first = make_dots(axes, WEIGHT, 6), make_dots(axes, "white", 3)
            self.last = make_dots(axes, WEIGHT, 11)
            (self.arrow,) = axes.plot([], [], color=TEXT, lw=2)
            self.title = make_title(axes)
        super().__init__(
            figure,
            [self.line, self.points, self.first, self.last, self.tangent, self.arrow, self.title],
            pick="start",
        )
        self._drawn: tuple[Trace | Path, float, str] | None = None

    def update(self, trace: Trace | Path, rate: float, title: str) -> None:
        """Show a trace, and the step at `rate` that would come next."""
        if (
            self._drawn
            and self._drawn[1:] == (rate, title)
            and all(map(np.array_equal, trace, self._drawn[0]))
        ):
            return  # of three paths beside one another, one changes and two need not be drawn again
        self._drawn = None  # as long as it is half done
        self.line.set_data(*trace)
        set_dots(self.points, *trace)
        set_dots(self.first, trace.weight[:1], trace.loss[:1])
        set_dots(self.last, trace.weight[-1:], trace.loss[-1:])
        at, height = float(trace.weight[-1]), float(trace.loss[-1])
        if in_frame(at, self.weights):
            slope, (width, tall) = float(self.slope(at)), self.unit
            self.tangent.set_data(
                [at - 2 * width, at + 2 * width],
                [height - 2 * width * slope, height + 2 * width * slope],
            )
            step = -rate * slope
            head = math.copysign(min(0.5 * width, abs(step) / 2), step)
            tip = at + step
            wide = 3.2 * abs(head) * tall / width
            self.arrow.set_data(
                [at, tip, tip - head, tip, tip - head],
                [height, height, height + wide, height, height - wide],
            )
        else:
            self.tangent.set_data([], [])
            self.arrow.set_data([], [])
        self.title.text = title
        self._drawn = trace, rate, title


class LossPlot(Plot):
    """The loss per step on a logarithmic axis, one line a run; `runs` holds their dashes, widths
    and colours.
    """

    def __init__(self, runs: Sequence[tuple[Any, float, str]], names: Sequence[str | None]):
        figure, axes = make_axes("step n", "loss", (-1, LAST + 1), (1e-15, 1e6))
        count_in_powers_of_ten(axes, "y")
        with course_style():
            self.lines = [
                axes.plot([], [], ls=dashes, lw=width, color=color, label=name)[0]
                for (dashes, width, color), name in zip(runs, names, strict=True)
            ]
            self.last = make_dots(axes, LOSS, 8)
            self.title = make_title(axes, self.lines if len(names) > 1 else [])
        super().__init__(figure, [*self.lines, self.last, self.title])

    def update(self, traces: Sequence[Trace], title: str) -> None:
        """Show one trace a line."""
        for line, trace in zip(self.lines, traces, strict=True):
            # 0 has no place on a logarithmic axis: let the line fall out of the frame.
            line.set_data(
                np.arange(len(trace.loss)), np.maximum(trace.loss, 1e-30, dtype=np.float64)
            )
        set_dots(
            self.last, [len(traces[0].loss) - 1] * len(traces), [trace.loss[-1] for trace in traces]
        )
        self.title.text = title


def make_axes(
    xlabel: str,
    ylabel: str,
    xlim: tuple[float, float],
    ylim: tuple[float, float],
    height: float = 270,
    **ticks: Any,
) -> tuple[MplFigure, Axes]:
    """Return a figure of 360 pixels, a phone's width, by `height`, and the axes in it."""
    with course_style():
        figure = MplFigure(figsize=(5, height / 72))
        axes = figure.add_axes(
            (0.185, 49 / height, 0.77, 1 - 84 / height),  # 40 steps of 6.6 pixels
            xlim=xlim,
            ylim=ylim,
            xlabel=xlabel,
            ylabel=ylabel,
            **ticks,
        )
    return figure, axes


def make_title(axes: Axes, legend: Sequence[Line2D] = ()) -> Title:
    """Return the title, empty as yet; a legend stands below it and above the axes, where no line
    can cross it.
    """
    figure = axes.get_figure(root=True)
    assert figure is not None
    if legend:
        left, bottom, width, height = axes.get_position().bounds
        axes.set_position((left, bottom, width, height - 16 / figure.bbox.height))
        axes.legend(
            handles=legend,
            ncols=len(legend),
            loc="lower left",
            bbox_to_anchor=(-0.19, 0.97),
            handlelength=2.5,
            columnspacing=1.2,
        )
    return Title(figure, 19, 22, 12)


def make_dots(axes: Axes, color: str, size: float, alpha: float | None = None) -> Line2D:
    """Return a line that is seen as dots: strokes of no length with round ends take a third of the
    SVG of markers.
    """
    (line,) = axes.plot([], [], color=color, lw=size, solid_capstyle="round", alpha=alpha)
    return line


def set_dots(line: Line2D, x: ArrayLike, y: ArrayLike) -> None:
    """Put the dots of such a line at these places."""
    x, y = np.asarray(x), np.asarray(y)
    line.set_data(
        np.stack([x, x, x], axis=1).ravel(),
        np.stack([y, y, np.full(len(y), np.nan)], axis=1).ravel(),
    )


def count_in_powers_of_ten(axes: Axes, axis: str) -> None:
    """Make an axis of positive limits logarithmic, with a tick at each power of ten or at every
    third of them.
    """
    limits = axes.get_xlim() if axis == "x" else axes.get_ylim()
    first, last = (round(math.log10(limit), 9) for limit in limits)  # log10 may miss by an ulp
    powers: Sequence[int] = range(math.ceil(first), math.floor(last) + 1)
    if not powers:
        raise ValueError(
            f"{axis} must reach over a power of ten, got limits of {limits[0]:g} and {limits[1]:g}"
        )
    powers = [power for power in powers if len(powers) <= 8 or power % 3 == 0]
    axes.set(**{f"{axis}scale": "log"})
    axes.set(
        **{
            f"{axis}ticks": [10.0**power for power in powers],
            f"{axis}ticklabels": [_power_of_ten(power) for power in powers],
        }
    )
    axes.minorticks_off()


def on_log_axis(values: ArrayLike) -> NDArray[np.float64]:
    """Values for a logarithmic axis: 0, which has no place there, infinity and nan leave the frame."""
    return np.clip(np.nan_to_num(np.asarray(values, np.float64), nan=1e30), 1e-30, 1e30)


def _power_of_ten(power: int) -> str:
    return (
        "10" + str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")) if power else "1"
    )


def in_frame(weight: ArrayLike, frame: tuple[float, float] = WEIGHTS) -> NDArray[np.bool_]:
    """Whether weights are inside the axes that show weights."""
    weight = np.asarray(weight)
    return (frame[0] <= weight) & (weight <= frame[1])


def run(rate: float, steps: int, start: float, name: str = "rate") -> Trace:
    """Return the trace of `steps` steps at one rate; errors speak of the settings of a picture."""
    numbers(name, rate, ndim=[0], low=0)
    numbers("start", start, ndim=[0])
    steps = whole_number("steps", steps, low=0, high=LAST)
    trace = descend(np.full(LAST, rate), start)
    return Trace(trace.weight[: steps + 1], trace.loss[: steps + 1])


def path_in_words(trace: Trace, rate: float) -> str:
    """Return the alt text of a ParabolaPlot."""
    last = trace.weight[-1]
    words = (
        f"Parabola loss = (w + 1)², smallest at w = {MINIMUM}: "
        f"{count_of(len(trace.weight) - 1, 'step')} at "
        f"learning rate {rate:g}, {regime(rate)}, from w = {format_number(trace.weight[0])} to "
        f"w = {format_number(last)}"
    )
    outside = np.flatnonzero(~in_frame(trace.weight))
    if len(outside):
        words += f", outside the frame at step {outside[0]}"
    return words + (
        f". The slope there is {format_number(float(gradient(last)))}." if in_frame(last) else "."
    )


def loss_in_words(trace: Trace) -> str:
    """Return what a line of a LossPlot shows."""
    zero = np.flatnonzero(trace.loss == 0)
    return (
        f"{format_number(trace.loss[0])} at the start, {format_number(trace.loss[-1])} after "
        f"{count_of(len(trace.loss) - 1, 'step')}"
        + (f", exactly 0 at step {zero[0]}" if len(zero) else "")
    )


def end_in_words(trace: Trace, name: str = "") -> tuple[str, str]:
    """Return the line of a readout on where a run ends."""
    return (
        f"{name}after {count_of(len(trace.weight) - 1, 'step')}",
        f"w = {format_number(trace.weight[-1])}, loss = {format_number(trace.loss[-1])}",
    )


def constant_rate_readout(
    trace: Trace, rate: float, start: float, name: str = ""
) -> list[tuple[str, str]]:
    """Return the readout of a run at a constant rate."""
    steps = steps_to(1e-3, rate, start)  # a loss of 1e-6 is a distance of 1e-3
    return [
        (f"{name}factor |1 − 2η|", f"{format_number(contraction(rate))}: {regime(rate)}"),
        end_in_words(trace, name),
        (
            f"{name}loss below 0.000001",
            "never" if math.isinf(steps) else f"after {count_of(steps, 'step')}",
        ),
    ]


def next_step_readout(trace: Trace, rate: float) -> tuple[str, str]:
    """Return the line of a readout on the step that would come next: minus the rate times the
    slope.
    """
    last = trace.weight[-1]
    if not np.isfinite(last):
        return "next step −η · slope", "not a number"
    slope = float(gradient(last))
    return (
        "next step −η · slope",
        f"-{rate:g} · {format_number(slope)} = {format_number(-rate * slope)}",
    )
