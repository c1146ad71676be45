"""The course's pictures.

Each is made once, with axes that never change, and then shown for some settings: `show` moves the artists and returns
the picture, which a notebook displays with a text alternative that states the numbers.
"""

import math
from html import escape
from types import MappingProxyType

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from course_lib.arguments import numbers, switch, whole_number
from course_lib.averages import moving_average, warmup_decay
from course_lib.descent import descend, loss
from course_lib.layers import STYLE, Caption, Plate
from course_lib.schedules import exponential_decay
from course_lib.theory import contraction, reach, regime, steps_to

# One colour per quantity through the whole course: apart for the colour-blind, and of different grey in print.
LOSS, WEIGHT, RATE, SHADOW, OTHER = "#0072b2", "#d55e00", "#007a5a", "#6a3d9a", "#767676"
LAST = 40  # how many steps the axes hold
WEIGHTS = (-9, 7)  # as far to the left of the minimum as to the right
MINIMUM = -1


class Picture:
    """Some plates side by side, each with a text alternative; a subclass draws them and gives `show`.

    `arguments` holds what the picture was made with, by name, if it can be made again from that.
    """

    arguments = MappingProxyType({})

    @property
    def columns(self):
        """The plates as they stand on a wide page, side by side or one above another; None is the readout's place."""
        return [*([plate] for plate in self.plates), [None]]

    def _moved(self, settings, result, alternatives, readout):
        """Note what the plates now show, once all of it is computed and drawn; `readout` holds names and values."""
        self.settings = settings
        self.result = result
        self.alternatives = alternatives
        self.readout = readout
        return self

    def tiles(self, draw, readout=""):
        """The plates as HTML, each drawn by `draw(plate, alternative)`, and the readout.

        Inline, so that they stand side by side where there is room, and below one another on a phone.
        """
        told = dict(zip(self.plates, self.alternatives, strict=True))
        return "\n".join(f'<div style="display: inline-block; vertical-align: top; width: {self.plates[0].width}px">'
                         + "".join(draw(plate, told[plate]) if plate else readout for plate in column) + "</div>"
                         for column in self.columns if readout or column != [None])

    def __repr__(self):
        settings = ", ".join(f"{name}={value!r}" for name, value in self.settings.items())
        return f"{type(self).__name__}({settings}): {self.result}"

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": repr(self), "text/html": self.tiles(image)}


def image(plate, alternative):
    """A plate as an <img>."""
    return (f'<img alt="{escape(alternative)}" width="{plate.width}" height="{plate.height}" style="display: block" '
            f'src="{plate.url()}">')


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

    def show(self, rate=0.2, steps=LAST, start=5.0):
        """Show `steps` steps, at most 40, at one learning rate."""
        trace = _run(rate, steps, start)
        self.path.move(trace, f"η = {rate:g}: {regime(rate)}, w = {_number(trace.weight[-1])}")
        self.losses.move([trace], f"loss after {_count(steps, 'step')}: {_number(trace.loss[-1])}")
        return self._moved(
            {"rate": rate, "steps": steps, "start": start},
            f"w {_number(trace.weight[0])} → {_number(trace.weight[-1])}, "
            f"loss {_number(trace.loss[0])} → {_number(trace.loss[-1])}",
            [_tell_path(trace, rate), f"Loss per step, on a logarithmic axis: {_tell_loss(trace)}."],
            _sum_up(trace, rate, start))


class RulerFigure(DescentFigure):
    """A descent beside the ruler of learning rates: the factor of its distance to the minimum, and what that does.

    >>> RulerFigure().show(rate=0.9, steps=2)
    RulerFigure(rate=0.9, steps=2, start=5.0): w 5.000000 → 2.839999, loss 36.000000 → 14.745594
    """

    def __init__(self):
        figure, axes = _axes("learning rate η", "factor |1 − 2η|", (0, 1.25), (0, 1.6))
        with mpl.rc_context(STYLE):
            for left, right, color, name, x, y in [
                    (0, 0.05, "#c9c9c9", "creeps", 0.028, 0.3), (0.05, 0.5, "#d3ecd9", "straight in", 0.275, 1.2),
                    (0.5, 0.95, "#fff0b8", "to and fro,\nbut in", 0.725, 1.2),
                    (0.95, 1, "#c9c9c9", "creeps", 0.978, 0.3), (1, 1.25, "#f7cfc4", "out", 1.125, 0.3)]:
                axes.axvspan(left, right, color=color, lw=0)
                axes.text(x, y, name, size=11, ha="center", va="center", rotation=90 if name == "creeps" else 0)
            axes.axhline(1, color=OTHER, lw=1, dashes=(1, 2))
            axes.plot([0, 0.5, 1.25], [1, 0, 1.5], color=LOSS, lw=2)
            self.mark = _dots(axes, WEIGHT, 11)
        self.ruler_title = _title(axes)
        self.ruler = Plate(figure, [self.mark, self.ruler_title])
        super().__init__()
        self.plates = [self.ruler, *self.plates]
        self.show()

    def show(self, rate=0.2, steps=LAST, start=5.0):
        """Show `steps` steps, at most 40, at one learning rate."""
        super().show(rate, steps, start)
        factor = contraction(rate)
        _set_dots(self.mark, np.array([rate]), np.array([factor]))
        self.ruler_title.text = f"factor {_number(factor)}: {regime(rate)}"
        self.alternatives = [
            f"Ruler of learning rates: the factor |1 − 2η| falls from 1 at rate 0 to 0 at rate 0.5 and rises again to "
            f"1 at rate 1; it is {_number(factor)} at rate {_number(rate)}, {regime(rate)}.", *self.alternatives][-3:]
        return self


class RatesFigure(Picture):
    """Three learning rates side by side: their paths on the parabola, and their losses per step on one axis.

    >>> RatesFigure().show(rate_a=0.001, rate_b=0.2, rate_c=1, steps=2)
    RatesFigure(rate_a=0.001, rate_b=0.2, rate_c=1, steps=2, start=5.0): w 5.000000 → 4.976024, 1.160000, 5.000000
    """

    def __init__(self):
        self.paths = [_PathPlate() for _ in range(3)]
        # Broad and pale below thin and dark, so that runs on top of one another are all seen.
        self.losses = _LossPlate([("-", 7, "#9ecae8"), ((0, (4, 2)), 3, LOSS), ((0, (1, 1.5)), 2, "#00304d")], "ABC")
        self.plates = [*self.paths, self.losses]
        self.show()

    def show(self, rate_a=0.001, rate_b=0.2, rate_c=1.0, steps=LAST, start=5.0):
        """Show `steps` steps, at most 40, at each of three learning rates."""
        settings = {"rate_a": rate_a, "rate_b": rate_b, "rate_c": rate_c, "steps": steps, "start": start}
        rates = rate_a, rate_b, rate_c
        traces = [_run(rate, steps, start, name) for rate, name in zip(rates, settings, strict=False)]
        for name, rate, trace, plate in zip("ABC", rates, traces, self.paths, strict=True):
            plate.move(trace, f"{name}: η = {rate:g}, {regime(rate)}, w = {_number(trace.weight[-1])}")
        losses = "; ".join(f"learning rate {rate:g}, {_tell_loss(trace)}"
                           for rate, trace in zip(rates, traces, strict=True))
        self.losses.move(traces, f"loss in {_count(steps, 'step')}, one line a rate")
        return self._moved(
            settings,
            f"w {_number(traces[0].weight[0])} → " + ", ".join(_number(trace.weight[-1]) for trace in traces),
            [*map(_tell_path, traces, rates), f"Loss per step of all three, on a logarithmic axis: {losses}."],
            [line for name, trace, rate in zip("ABC", traces, rates, strict=True)
             for line in _sum_up(trace, rate, start, f"{name}: ")])


class ScheduleFigure(Picture):
    """A decaying learning rate over the steps, smooth against staircase, and where it takes the weight.

    `top` is the highest learning rate that it is to show.

    >>> ScheduleFigure().show(base=0.1, decay_rate=0.5, decay_steps=10, staircase=True)  # doctest: +ELLIPSIS
    ScheduleFigure(base=0.1, ..., steps=40): rate 0.100000 → 0.006250, w 5.000000 → -0.895586
    """

    def __init__(self, top=0.1):
        numbers("top", top, ndim=[0], above=0)
        self.arguments = {"top": top}
        figure, axes = _axes("step", "learning rate η", (-1, LAST + 1), (0, 1.05 * top), height=220)
        with mpl.rc_context(STYLE):
            self.smooth, = axes.plot([], [], color=RATE, lw=1.5, dashes=(4, 2), label="smooth")
            self.stairs, = axes.plot([], [], color=RATE, lw=1.5, label="staircase")
            self.used = _dots(axes, RATE, 5)
            used = Line2D([], [], color=RATE, ls="", marker="o", ms=5, label="used")
            self.rate_title = _title(axes, [self.smooth, self.stairs, used])
        rates = Plate(figure, [self.smooth, self.stairs, self.used, self.rate_title])
        figure, axes = _axes("step", "weight w", (-1, LAST + 1), WEIGHTS, height=220, yticks=range(-9, 8, 4))
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

    @property
    def columns(self):
        return [self.plates[:2], [*self.plates[2:], None]]  # rate and weight one above the other, on the same steps

    def show(self, base=0.1, decay_rate=0.5, decay_steps=10, staircase=True, steps=LAST):
        """Show `steps` steps, from 1 to 40, at the rate base · decay_rate^(step / decay_steps)."""
        steps = whole_number("steps", steps, low=1, high=LAST)
        fine = np.arange(16 * steps + 1) / 16  # sixteenths are exact, so that a stair falls where it should
        smooth = exponential_decay(base, fine[::8], decay_steps, decay_rate)
        stairs = exponential_decay(base, fine, decay_steps, decay_rate, staircase=True)
        corner = np.diff(stairs, prepend=np.nan, append=np.nan) != 0
        corner = corner[1:] | corner[:-1]  # the ends of each stair; what lies between adds nothing to the picture
        step = np.arange(steps + 1)
        rate = exponential_decay(base, step, decay_steps, decay_rate, staircase)
        decaying = descend(rate[:-1])
        weight = decaying.weight
        constant = descend(np.full(steps, base))
        self.smooth.set_data(fine[::8], smooth)
        self.stairs.set_data(fine[corner], stairs[corner])
        _set_dots(self.used, step[:-1], rate[:-1])
        self.rate_title.text = f"η from {_number(rate[0])} to {_number(rate[-1])}"
        # Once outside, the weight at a constant rate never comes back; its jumps would only hide the rest.
        inside = np.logical_and.accumulate(_in_frame(constant.weight))
        end = min(np.count_nonzero(inside) + 1, len(step))
        self.constant.set_data(step[:end], constant.weight[:end])
        self.weight.set_data(step, weight)
        _set_dots(self.weights, step, weight)
        self.weight_title.text = f"w ends at {_number(weight[-1])}"
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
             f"{_tell_loss(constant)}."],
            [(f"rate now, at step {steps}", _number(rate[-1])),
             (f"sum of rates in {_count(steps, 'step')}", _number(np.sum(rate[:-1], dtype=np.float64))),
             *_tell_reach(base, decay_steps, decay_rate, staircase, weight[0]),
             *_tell_end(decaying),
             ("loss below 0.000001", _tell_when(decaying.loss < 1e-6))])


class AverageFigure(Picture):
    """Given weights, the shadow that follows them, and the decay in force at each averaging.

    >>> AverageFigure([0, 1, 10]).show(decay=0.99, num_updates=[0, 100])
    AverageFigure(decay=0.99, num_updates=[0, 100]): w 0.000000 → 10.000000, shadow 0.000000 → 1.644545
    """

    def __init__(self, weights):
        self.values = numbers("weights", weights, ndim=[1])
        if len(self.values) < 2:
            raise ValueError(f"weights must hold two values or more, got {len(self.values)}")
        self.arguments = {"weights": self.values.tolist()}
        last = len(self.values) - 1
        low, high = (float(extreme) for extreme in (self.values.min(), self.values.max()))
        margin = 0.06 * (high - low) or 1.0
        span = (-0.03 * last, 1.03 * last)
        figure, axes = _axes("averaging", "weight w, shadow s", span, (low - margin, high + margin))
        with mpl.rc_context(STYLE):
            self.line, = axes.plot([], [], color=WEIGHT, lw=1, label="weight")
            self.points = _dots(axes, WEIGHT, 6)
            self.shadow, = axes.plot([], [], color=SHADOW, lw=2, dashes=(4, 1.5), label="shadow")
            self.title = _title(axes, [self.line, self.shadow])
        shadows = Plate(figure, [self.line, self.points, self.shadow, self.title])
        figure, axes = _axes("averaging", "decay in force", span, (0, 1.05))
        with mpl.rc_context(STYLE):
            self.decays = _dots(axes, OTHER, 6)
            self.decay_title = _title(axes)
        self.plates = [shadows, Plate(figure, [self.decays, self.decay_title])]
        self.show()

    def show(self, decay=0.99, num_updates=None):
        """Show the shadow for a decay and, for a warm-up, `num_updates` as in `moving_average`."""
        return self._show(self.values, decay, num_updates, {"decay": decay, "num_updates": num_updates})

    def _show(self, weight, decay, num_updates, settings):
        shadow = moving_average(weight, decay, num_updates)
        last = len(weight) - 1
        force = decay if num_updates is None else warmup_decay(decay, num_updates)
        force = np.broadcast_to(np.float32(force), last)
        averaging = np.arange(last + 1)
        self.line.set_data(averaging, weight)
        _set_dots(self.points, averaging, weight)
        self.shadow.set_data(averaging, shadow)
        self.title.text = f"w ends at {_number(weight[-1])}, s at {_number(shadow[-1])}"
        _set_dots(self.decays, averaging[1:], force)
        self.decay_title.text = f"decay from {_number(force[0])} to {_number(force[-1])}"
        return self._moved(
            settings,
            f"w {_number(weight[0])} → {_number(weight[-1])}, shadow {_number(shadow[0])} → {_number(shadow[-1])}",
            [f"Weight and its shadow: the weight goes from {_number(weight[0])} to {_number(weight[-1])}, the shadow "
             f"from {_number(shadow[0])} to {_number(shadow[-1])} in {_count(last, 'averaging')}.",
             f"Decay in force at each averaging: {_number(force[0])} at the first, {_number(force[-1])} at the last."],
            [(f"after {_count(last, 'averaging')}", f"w = {_number(weight[-1])}, s = {_number(shadow[-1])}"),
             ("decay in force", f"{_number(force[0])} at first, {_number(force[-1])} at last"),
             ("memory 1 / (1 − d)",
              f"{1 / (1 - force[-1]):.3g} values at last" if force[-1] < 1 else "the first value, for ever")])


class NoisyAverageFigure(AverageFigure):
    """The moving average of a descent at rate 0.4, with or without a fixed noise of up to ±3 on each slope.

    >>> NoisyAverageFigure().show(decay=0.9, warm_up=False, noise=True)
    NoisyAverageFigure(decay=0.9, warm_up=False, noise=True): w 5.000000 → 0.076604, shadow 5.000000 → -0.689104
    """

    def __init__(self):
        weight = np.full(101, 5, np.float32)
        pushes = np.random.RandomState(0).uniform(-3, 3, 100).astype(np.float32)  # a stream that numpy never changes
        for n, push in enumerate(pushes, start=1):
            weight[n] = weight[n - 1] - np.float32(0.4) * (2 * (weight[n - 1] + 1) + push)
        self.calm = descend(np.full(100, 0.4)).weight
        super().__init__(weight)
        self.arguments = {}

    def show(self, decay=0.9, warm_up=False, noise=True):
        """Show the shadow of 100 steps; `warm_up` counts the steps as `num_updates`."""
        settings = {"decay": decay, "warm_up": switch("warm_up", warm_up), "noise": switch("noise", noise)}
        weight = self.values if noise else self.calm
        self._show(weight, decay, np.arange(1, 101) if warm_up else None, settings)
        shadow = moving_average(weight, decay, np.arange(1, 101) if warm_up else None)
        self.readout += [(f"mean of |{name} + 1|, last 51", _number(np.abs(np.float64(values[50:]) + 1).mean()))
                         for name, values in {"w": weight, "s": shadow}.items()]
        return self


# A curve that is named after a quantity has its colour; any other takes one that is left.
CURVES = {"loss": (LOSS, "-", 2), "other": (OTHER, (0, (1, 1.5)), 2), "weight": (WEIGHT, "-", 1.5),
          "shadow": (SHADOW, (0, (4, 1.5)), 2)}


class CurvesFigure(Picture):
    """Up to four curves over a common axis, `curves` being their values by name, for what a lesson computes itself.

    `ylim` holds the lowest and the highest value of the frame; `log` names the axes that are logarithmic, "", "x", "y"
    or "xy"; `xticks` holds the values written along x, if not those that matplotlib takes.  Raises TypeError or
    ValueError, which name the argument or the curve.

    >>> CurvesFigure([0, 1, 2], {"square": [0, 1, 4]}, "x", "y", (0, 5), "a square")
    CurvesFigure(a square): square 0.000000 → 4.000000
    """

    def __init__(self, x, curves, xlabel, ylabel, ylim, title, log="", xticks=None):
        if not 1 <= len(curves) <= len(CURVES):
            raise ValueError(f"curves must hold from 1 to {len(CURVES)} curves, got {len(curves)}")
        if not set(log) <= set("xy"):
            raise ValueError(f"log must name the axes x or y, got {log!r}")
        numbers("ylim", ylim, ndim=[1], above=0 if "y" in log else None)
        if len(numbers("x", x, ndim=[1], above=0 if "x" in log else None)) < 2:
            raise ValueError(f"x must hold two values or more, got {x!r}")
        for name, curve in curves.items():
            if len(numbers(name, curve, ndim=[1])) != len(x):
                raise ValueError(f"{name} must have one value for each of the {len(x)} of x, got {len(curve)}")
        x = np.asarray(x, float)
        values = {name: np.asarray(curve, float) for name, curve in curves.items()}
        figure, axes = _axes(xlabel, ylabel, (x[0], x[-1]), ylim, **({} if xticks is None else {"xticks": xticks}))
        for axis in log:
            _count_in_powers_of_ten(axes, axis)
        others = iter([name for name in CURVES if name not in curves])
        with mpl.rc_context(STYLE):
            for name, curve in values.items():
                color, dashes, width = CURVES[name if name in CURVES else next(others)]
                axes.plot(x, curve, color=color, ls=dashes, lw=width, label=name)
            text = _title(axes, axes.get_lines() if len(values) > 1 else [])
        text.text = title
        self.plates = [Plate(figure, [text])]
        ends = ", ".join(f"{name} {_number(curve[0])} → {_number(curve[-1])}" for name, curve in values.items())
        self._moved({}, ends, [f"{title}. {ylabel} over {xlabel}, from {_number(x[0])} to {_number(x[-1])}: {ends}."],
                    [])
        self.title = title

    def __repr__(self):
        return f"{type(self).__name__}({self.title}): {self.result}"


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

        self.shown = None

    def move(self, trace, title):
        if self.shown and title == self.title.text and all(map(np.array_equal, trace, self.shown)):
            return  # of three paths beside one another, one moves and two need not be drawn again
        self.shown = trace
        self.line.set_data(*trace)
        _set_dots(self.points, *trace)
        _set_dots(self.first, trace.weight[:1], trace.loss[:1])
        _set_dots(self.last, trace.weight[-1:], trace.loss[-1:])
        self.title.text = title


class _LossPlate(Plate):
    """The loss per step on a logarithmic axis, one line a run; `runs` holds their dashes, widths and colours."""

    def __init__(self, runs, names):
        figure, axes = _axes("step", "loss", (-1, LAST + 1), (1e-15, 1e6))
        _count_in_powers_of_ten(axes, "y")
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
        self.title.text = title


def _axes(xlabel, ylabel, xlim, ylim, height=270, **ticks):
    """A figure of 360 pixels, a phone's width, by `height`, and the axes in it."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(5, height / 72))
        axes = figure.add_axes((0.185, 49 / height, 0.77, 1 - 84 / height),  # 40 steps of 6.6 pixels
                               xlim=xlim, ylim=ylim, xlabel=xlabel, ylabel=ylabel, **ticks)
    return figure, axes


def _title(axes, legend=()):
    """The title, empty as yet; the legend, if any, stands below it and above the axes, where no line can cross it."""
    if legend:
        left, bottom, width, height = axes.get_position().bounds
        axes.set_position((left, bottom, width, height - 16 / axes.figure.bbox.height))
        axes.legend(handles=legend, ncols=len(legend), loc="lower left", bbox_to_anchor=(-0.19, 0.97), handlelength=2.5,
                    columnspacing=1.2)
    return Caption(axes.figure, 19, 22, 12)


def _dots(axes, color, size):
    """A line that is seen as dots: strokes of no length with round ends take a third of the SVG that markers do."""
    line, = axes.plot([], [], color=color, lw=size, solid_capstyle="round")
    return line


def _set_dots(line, x, y):
    line.set_data(np.stack([x, x, x], axis=1).ravel(), np.stack([y, y, np.full(len(y), np.nan)], axis=1).ravel())


def _run(rate, steps, start, name="rate"):
    """The trace of `steps` steps at one rate; errors speak of the settings of a picture."""
    numbers(name, rate, ndim=[0], low=0)
    numbers("start", start, ndim=[0])
    rates = np.full(LAST, rate)
    steps = whole_number("steps", steps, low=0, high=LAST)
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


def _sum_up(trace, rate, start, name=""):
    """The readout of a descent at a constant rate."""
    steps = steps_to(1e-3, rate, start)  # a loss of 1e-6 is a distance of 1e-3
    return [(f"{name}factor |1 − 2η|", f"{_number(contraction(rate))}: {regime(rate)}"),
            *_tell_end(trace, name),
            (f"{name}loss below 0.000001", "never" if steps == float("inf") else f"after {_count(steps, 'step')}")]


def _tell_end(trace, name=""):
    return [(f"{name}after {_count(len(trace.weight) - 1, 'step')}",
             f"w = {_number(trace.weight[-1])}, loss = {_number(trace.loss[-1])}")]


def _tell_when(holds):
    return f"after {_count(np.argmax(holds), 'step')}" if holds.any() else f"not in {_count(len(holds) - 1, 'step')}"


def _tell_reach(base, decay_steps, decay_rate, staircase, start):
    """How far a rate can ever take the weight, where that can be said."""
    if decay_rate >= 1 or decay_steps != int(decay_steps):
        return [("sum of all rates, for ever", "without end" if decay_rate >= 1 else "not computed"),
                ("where the weight stalls", "nowhere" if decay_rate >= 1 else "not computed")]
    total, left = reach(base, decay_steps, decay_rate, staircase)
    return [("sum of all rates, for ever", _number(total)),
            ("where the weight stalls", f"w = {_number(MINIMUM + (start - MINIMUM) * left)}")]


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


def _count_in_powers_of_ten(axes, axis):
    """Make an axis of positive limits logarithmic, with a tick at each power of ten or at every third of them."""
    limits = axes.get_xlim() if axis == "x" else axes.get_ylim()
    first, last = (round(math.log10(limit), 9) for limit in limits)  # log10 may miss by an ulp
    powers = range(math.ceil(first), math.floor(last) + 1)
    if not powers:
        raise ValueError(f"{axis} must reach over a power of ten, got limits of {limits[0]:g} and {limits[1]:g}")
    powers = [power for power in powers if len(powers) <= 8 or power % 3 == 0]
    axes.set(**{f"{axis}scale": "log"})
    axes.set(**{f"{axis}ticks": [10.0**power for power in powers],
                f"{axis}ticklabels": [_power_of_ten(power) for power in powers]})
    axes.minorticks_off()


def _power_of_ten(power):
    return "10" + str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")) if power else "1"
