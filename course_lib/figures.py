"""The course's pictures.

Each is made once, with axes that never change, and then shown for some settings: `show` moves the artists and returns
the picture, which a notebook displays with a text alternative that states the numbers.
"""

from html import escape

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from course_lib.arguments import numbers, whole_number
from course_lib.averages import moving_average, warmup_decay
from course_lib.descent import descend, loss
from course_lib.layers import STYLE, Plate
from course_lib.schedules import exponential_decay
from course_lib.theory import regime

# One colour per quantity through the whole course: apart for the colour-blind, and of different grey in print.
LOSS, WEIGHT, RATE, SHADOW, OTHER = "#0072b2", "#d55e00", "#007a5a", "#6a3d9a", "#767676"
STEPS = 40  # how many steps the axes hold
WEIGHTS = (-9, 7)  # as far to the left of the minimum as to the right
MINIMUM = -1


class Picture:
    """Some plates side by side, each with a text alternative; a subclass draws them and gives `show`."""

    def _moved(self, settings, result, alternatives):
        """Note what the plates now show, once all of it is computed and drawn."""
        self.settings = settings
        self.result = result
        self.alternatives = alternatives
        return self

    def __repr__(self):
        settings = ", ".join(f"{name}={value!r}" for name, value in self.settings.items())
        return f"{type(self).__name__}({settings}): {self.result}"

    def _repr_mimebundle_(self, include=None, exclude=None):
        # Inline, so that the plates stand side by side where there is room, and below one another on a phone.
        images = [f'<img alt="{escape(alternative)}" width="{plate.width}" height="{plate.height}" '
                  f'style="display: inline-block" src="{plate.url()}">' for plate, alternative in
                  zip(self.plates, self.alternatives, strict=True)]
        return {"text/plain": repr(self), "text/html": "\n".join(images)}


class DescentFigure(Picture):
    """The path of the weight on the parabola, and the loss per step.

    >>> DescentFigure().show(rate=0.2, steps=1)
    DescentFigure(rate=0.2, steps=1, start=5.0): w 5.000000 → 2.600000, loss 36.000000 → 12.959999
    """

    def __init__(self):
        self.path = _PathPlate()
        self.losses = _LossPlate([("-", 2, LOSS)], [None])
        self.plates = [self.path, self.losses]
        self.show()

    def show(self, rate=0.2, steps=STEPS, start=5.0):
        """Show `steps` steps, at most 40, at one learning rate."""
        trace = _run(rate, steps, start)
        self.path.move(trace, f"η = {rate:g}: {regime(rate)}, w = {_number(trace.weight[-1])}")
        self.losses.move([trace], f"loss after {_count(steps, 'step')}: {_number(trace.loss[-1])}")
        return self._moved(
            {"rate": rate, "steps": steps, "start": start},
            f"w {_number(trace.weight[0])} → {_number(trace.weight[-1])}, "
            f"loss {_number(trace.loss[0])} → {_number(trace.loss[-1])}",
            [_tell_path(trace, rate), f"Loss per step, on a logarithmic axis: {_tell_loss(trace)}."])


class RatesFigure(Picture):
    """Three learning rates side by side: their paths on the parabola, and their losses per step on one axis.

    >>> RatesFigure().show(rates=(0.001, 0.2, 1), steps=2)
    RatesFigure(rates=(0.001, 0.2, 1), steps=2, start=5.0): w 5.000000 → 4.976024, 1.160000, 5.000000
    """

    def __init__(self):
        self.paths = [_PathPlate() for _ in range(3)]
        # Broad and pale below thin and dark, so that runs on top of one another are all seen.
        self.losses = _LossPlate([("-", 7, "#9ecae8"), ((0, (4, 2)), 3, LOSS), ((0, (1, 1.5)), 2, "#00304d")], "ABC")
        self.plates = [*self.paths, self.losses]
        self.show()

    def show(self, rates=(0.001, 0.2, 1.0), steps=STEPS, start=5.0):
        """Show `steps` steps, at most 40, at each of three learning rates."""
        if len(numbers("rates", rates, ndim=[1], low=0)) != 3:
            raise ValueError(f"rates must be three learning rates, got {len(rates)}")
        rates = tuple(rates)
        traces = [_run(rate, steps, start) for rate in rates]
        for name, rate, trace, plate in zip("ABC", rates, traces, self.paths, strict=True):
            plate.move(trace, f"{name}: η = {rate:g}, {regime(rate)}, w = {_number(trace.weight[-1])}")
        losses = "; ".join(f"learning rate {rate:g}, {_tell_loss(trace)}"
                           for rate, trace in zip(rates, traces, strict=True))
        self.losses.move(traces, f"loss in {_count(steps, 'step')}, one line a rate")
        return self._moved(
            {"rates": rates, "steps": steps, "start": start},
            f"w {_number(traces[0].weight[0])} → " + ", ".join(_number(trace.weight[-1]) for trace in traces),
            [*map(_tell_path, traces, rates), f"Loss per step of all three, on a logarithmic axis: {losses}."])


class ScheduleFigure(Picture):
    """A decaying learning rate over the steps, smooth against staircase, and where it takes the weight.

    `top` is the highest learning rate that it is to show.

    >>> ScheduleFigure().show(base=0.1, decay_rate=0.5, decay_steps=10, staircase=True)  # doctest: +ELLIPSIS
    ScheduleFigure(base=0.1, ..., steps=40): rate 0.100000 → 0.006250, w 5.000000 → -0.895586
    """

    def __init__(self, top=0.1):
        top = float(numbers("top", top, ndim=[0], above=0))
        figure, axes = _axes("step", "learning rate η", (-1, STEPS + 1), (0, 1.05 * top))
        with mpl.rc_context(STYLE):
            self.smooth, = axes.plot([], [], color=RATE, lw=1.5, dashes=(4, 2), label="smooth")
            self.stairs, = axes.plot([], [], color=RATE, lw=1.5, label="staircase")
            self.used = _dots(axes, RATE, 5)
            used = Line2D([], [], color=RATE, ls="", marker="o", ms=5, label="used")
            self.rate_title = _title(axes, [self.smooth, self.stairs, used])
        rates = Plate(figure, [self.smooth, self.stairs, self.used, self.rate_title])
        figure, axes = _axes("step", "weight w", (-1, STEPS + 1), WEIGHTS, yticks=range(-9, 8, 4))
        with mpl.rc_context(STYLE):
            axes.axhline(MINIMUM, color=OTHER, lw=1, dashes=(1, 2))
            self.constant, = axes.plot([], [], color=OTHER, lw=3, alpha=0.6, label="constant rate η₀")
            self.weight, = axes.plot([], [], color=WEIGHT, lw=1, label="decaying rate")
            self.weights = _dots(axes, WEIGHT, 5)
            self.weight_title = _title(axes, [self.constant, self.weight])
        weights = Plate(figure, [self.constant, self.weight, self.weights, self.weight_title])
        self.losses = _LossPlate([("-", 6, "#c4c4c4"), ("-", 2, LOSS)], ["constant rate η₀", "decaying rate"])
        self.plates = [rates, weights, self.losses]
        self.show()

    def show(self, base=0.1, decay_rate=0.5, decay_steps=10, staircase=True, steps=STEPS):
        """Show `steps` steps, from 1 to 40, at the rate base · decay_rate^(step / decay_steps)."""
        steps = whole_number("steps", steps, low=1, high=STEPS)
        fine = np.arange(16 * steps + 1) / 16  # sixteenths are exact, so that a stair falls where it should
        smooth = exponential_decay(base, fine[::4], decay_steps, decay_rate)
        stairs = exponential_decay(base, fine, decay_steps, decay_rate, staircase=True)
        corner = np.diff(stairs, prepend=np.nan, append=np.nan) != 0
        corner = corner[1:] | corner[:-1]  # the ends of each stair; what lies between adds nothing to the picture
        step = np.arange(steps + 1)
        rate = exponential_decay(base, step, decay_steps, decay_rate, staircase)
        decaying = descend(rate[:-1])
        weight = decaying.weight
        constant = descend(np.full(steps, base))
        self.smooth.set_data(fine[::4], smooth)
        self.stairs.set_data(fine[corner], stairs[corner])
        _set_dots(self.used, step[:-1], rate[:-1])
        self.rate_title.set_text(f"η from {_number(rate[0])} to {_number(rate[-1])}")
        # Once outside, the weight at a constant rate never comes back; its jumps would only hide the rest.
        inside = np.logical_and.accumulate(_in_frame(constant.weight))
        end = min(np.count_nonzero(inside) + 1, len(step))
        self.constant.set_data(step[:end], constant.weight[:end])
        self.weight.set_data(step, weight)
        _set_dots(self.weights, step, weight)
        self.weight_title.set_text(f"w ends at {_number(weight[-1])}")
        self.losses.move([constant, decaying], f"loss {_number(decaying.loss[-1])}, "
                                               f"constant η₀ {_number(constant.loss[-1])}")
        kind = "staircase" if staircase else "smooth curve"
        return self._moved(
            {"base": base, "decay_rate": decay_rate, "decay_steps": decay_steps, "staircase": staircase,
             "steps": steps},
            f"rate {_number(rate[0])} → {_number(rate[-1])}, w {_number(weight[0])} → {_number(weight[-1])}",
            [f"Learning rate over the steps: a {kind} from {_number(rate[0])} to {_number(rate[-1])} at step {steps}, "
             f"multiplied by {decay_rate:g} every {_count(decay_steps, 'step')}.",
             f"Weight over the steps: from {_number(weight[0])} to {_number(weight[-1])} with the decaying rate, to "
             f"{_number(constant.weight[-1])} with the constant rate {base:g}; the minimum is at {MINIMUM}.",
             f"Loss per step, on a logarithmic axis: decaying rate, {_tell_loss(decaying)}; constant rate, "
             f"{_tell_loss(constant)}."])


class AverageFigure(Picture):
    """A weight and its shadow, and the decay in force at each averaging.

    `weights` are the values that the weight takes; both are drawn over the averagings, counted from 0.

    >>> AverageFigure([0, 1, 10]).show(decay=0.99, num_updates=[0, 100])
    AverageFigure(decay=0.99, num_updates=[0, 100]): w 0.000000 → 10.000000, shadow 0.000000 → 1.644545
    """

    def __init__(self, weights):
        self.values = numbers("weights", weights, ndim=[1])
        self.averaging = np.arange(len(self.values))
        if len(self.values) < 2:
            raise ValueError(f"weights must hold two values or more, got {len(self.values)}")
        low, high = (float(extreme) for extreme in (self.values.min(), self.values.max()))
        margin = 0.06 * (high - low) or 1.0
        span = (-0.03 * self.averaging[-1], 1.03 * self.averaging[-1])
        figure, axes = _axes("averaging", "weight w, shadow s", span, (low - margin, high + margin))
        with mpl.rc_context(STYLE):
            weight, = axes.plot(self.averaging, self.values, color=WEIGHT, lw=1, label="weight")
            _set_dots(_dots(axes, WEIGHT, 6), self.averaging, self.values)
            self.shadow, = axes.plot([], [], color=SHADOW, lw=2, dashes=(4, 1.5), label="shadow")
            self.title = _title(axes, [weight, self.shadow])
        shadows = Plate(figure, [self.shadow, self.title])
        figure, axes = _axes("averaging", "decay in force", span, (0, 1.05))
        with mpl.rc_context(STYLE):
            self.decays = _dots(axes, OTHER, 6)
            self.decay_title = _title(axes)
        self.plates = [shadows, Plate(figure, [self.decays, self.decay_title])]
        self.show()

    def show(self, decay=0.99, num_updates=None):
        """Show the shadow for a decay and, for a warm-up, `num_updates` as in `moving_average`."""
        shadow = moving_average(self.values, decay, num_updates)
        force = decay if num_updates is None else warmup_decay(decay, num_updates)
        force = np.broadcast_to(np.float32(force), len(self.values) - 1)
        self.shadow.set_data(self.averaging, shadow)
        self.title.set_text(f"w ends at {_number(self.values[-1])}, s at {_number(shadow[-1])}")
        _set_dots(self.decays, self.averaging[1:], force)
        self.decay_title.set_text(f"decay from {_number(force[0])} to {_number(force[-1])}")
        return self._moved(
            {"decay": decay, "num_updates": num_updates},
            f"w {_number(self.values[0])} → {_number(self.values[-1])}, "
            f"shadow {_number(shadow[0])} → {_number(shadow[-1])}",
            [f"Weight and its shadow: the weight goes from {_number(self.values[0])} to {_number(self.values[-1])}, "
             f"the shadow from {_number(shadow[0])} to {_number(shadow[-1])} in "
             f"{_count(len(self.values) - 1, 'averaging')}.",
             f"Decay in force at each averaging: {_number(force[0])} at the first, {_number(force[-1])} at the last."])


class _PathPlate(Plate):
    """The parabola, and on it the path of a weight: hollow where it starts, large where it ends."""

    def __init__(self):
        figure, axes = _axes("weight w", "loss (w + 1)²", WEIGHTS, (-3, 64), xticks=range(-9, 8, 4))
        w = np.linspace(*WEIGHTS, 65)
        with mpl.rc_context(STYLE):
            axes.plot(w, loss(w), color=LOSS, lw=2)
            self.line, = axes.plot([], [], color=WEIGHT, lw=1)
            self.points, self.first = _dots(axes, WEIGHT, 6), _dots(axes, "white", 3)
            self.last = _dots(axes, WEIGHT, 11)
            self.title = _title(axes)
        super().__init__(figure, [self.line, self.points, self.first, self.last, self.title])

    def move(self, trace, title):
        self.line.set_data(*trace)
        _set_dots(self.points, *trace)
        _set_dots(self.first, trace.weight[:1], trace.loss[:1])
        _set_dots(self.last, trace.weight[-1:], trace.loss[-1:])
        self.title.set_text(title)


class _LossPlate(Plate):
    """The loss per step on a logarithmic axis, one line a run; `runs` holds their dashes, widths and colours."""

    def __init__(self, runs, names):
        figure, axes = _axes("step", "loss", (-1, STEPS + 1), (1e-15, 1e6))
        powers = range(-15, 7, 3)
        axes.set_yscale("log")
        axes.set_ylim(1e-15, 1e6)
        axes.set_yticks([10.0**power for power in powers], [_power_of_ten(power) for power in powers])
        axes.set_yticks([], minor=True)
        with mpl.rc_context(STYLE):
            self.lines = [axes.plot([], [], ls=dashes, lw=width, color=color, label=name)[0]
                          for (dashes, width, color), name in zip(runs, names, strict=True)]
            self.last = _dots(axes, LOSS, 8)
            self.title = _title(axes, self.lines if len(names) > 1 else [])
        super().__init__(figure, [*self.lines, self.last, self.title])

    def move(self, traces, title):
        for line, trace in zip(self.lines, traces, strict=True):
            # 0 has no place on a logarithmic axis: let the line fall out of the frame.
            line.set_data(np.arange(len(trace.loss)), np.maximum(trace.loss, 1e-30, dtype=np.float64))
        _set_dots(self.last, [len(traces[0].loss) - 1] * len(traces), [trace.loss[-1] for trace in traces])
        self.title.set_text(title)


def _axes(xlabel, ylabel, xlim, ylim, **ticks):
    """A figure of 360 by 270 pixels, which fills a phone's width, and the axes in it."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(5, 3.75))
        axes = figure.add_axes((0.185, 0.18, 0.78, 0.69), xlim=xlim, ylim=ylim, xlabel=xlabel, ylabel=ylabel, **ticks)
    return figure, axes


def _title(axes, legend=()):
    """The title, empty as yet; the legend, if any, stands below it and above the axes, where no line can cross it."""
    if legend:
        left, bottom, width, height = axes.get_position().bounds
        axes.set_position((left, bottom, width, height - 0.06))
        axes.legend(handles=legend, ncols=len(legend), loc="lower left", bbox_to_anchor=(-0.19, 0.97), handlelength=2.5,
                    columnspacing=1.2)
    return axes.set_title("", x=-0.17, pad=28 if legend else 12)


def _dots(axes, color, size):
    """A line that is seen as dots: strokes of no length with round ends take a third of the SVG that markers do."""
    line, = axes.plot([], [], color=color, lw=size, solid_capstyle="round")
    return line


def _set_dots(line, x, y):
    line.set_data(np.stack([x, x, x], axis=1).ravel(), np.stack([y, y, np.full(len(y), np.nan)], axis=1).ravel())


def _run(rate, steps, start):
    """The trace of `steps` steps at one rate; errors speak of the settings of a picture."""
    numbers("rate", rate, ndim=[0], low=0)
    numbers("start", start, ndim=[0])
    rates = np.full(STEPS, rate)
    steps = whole_number("steps", steps, low=0, high=STEPS)
    trace = descend(rates, start)
    return type(trace)(*(values[:steps + 1] for values in trace))


def _in_frame(weight):
    return (WEIGHTS[0] <= weight) & (weight <= WEIGHTS[1])


def _tell_path(trace, rate):
    steps = len(trace.weight) - 1
    path = (f"Parabola loss = (w + 1)², smallest at w = {MINIMUM}: {_count(steps, 'step')} at learning rate {rate:g}, "
            f"{regime(rate)}, from w = {_number(trace.weight[0])} to w = {_number(trace.weight[-1])}")
    outside = np.flatnonzero(~_in_frame(trace.weight))
    return path + (f", outside the frame at step {outside[0]}." if len(outside) else ".")


def _tell_loss(trace):
    zero = np.flatnonzero(trace.loss == 0)
    return (f"{_number(trace.loss[0])} at the start, {_number(trace.loss[-1])} after "
            f"{_count(len(trace.loss) - 1, 'step')}" + (f", exactly 0 at step {zero[0]}" if len(zero) else ""))


def _number(value):
    """A number as the tutorial prints it, with six decimals, where that says something; else in powers of ten."""
    value = float(value)
    if not np.isfinite(value):
        return "not a number" if np.isnan(value) else "infinity" if value > 0 else "-infinity"
    if value and not 5e-7 <= abs(value) < 1e6:
        return f"{value:.3e}"
    return f"{value + 0:.6f}"


def _count(number, noun):
    return f"{number:g} {noun}" + ("" if number == 1 else "s")


def _power_of_ten(power):
    return "10" + str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")) if power else "1"
