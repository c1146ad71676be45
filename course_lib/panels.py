"""Live panels: controls around one of the course's pictures, which follows them at once.

>>> from course_lib.figures import DescentFigure
>>> panel = explore(DescentFigure(), rate=(0.1, 0.2, 1.0))
>>> panel.move(rate=1.0)
>>> print(panel.readout)
learning rate η = 1
factor |1 − 2η|: 1.000000: to and fro for ever
after 40 steps: w = 5.000000, loss = 36.000000
loss below 0.000001: never
"""

import asyncio
import math
from contextlib import contextmanager
from html import escape
from itertools import count
from typing import NamedTuple

import ipywidgets as widgets

from course_lib.figures import (
    AverageFigure,
    DescentFigure,
    NoisyAverageFigure,
    RatesFigure,
    RulerFigure,
    ScheduleFigure,
    image,
)
from course_lib.storing import PANEL

STEP_SECONDS = 0.15  # how long Play rests on each step


class Control(NamedTuple):
    """How a setting of a picture is called on a panel."""

    label: str
    tooltip: str


CONTROLS = {
    "rate": Control("learning rate η", "How far a step goes for a given slope"),
    "rate_a": Control("rate A: η", "The learning rate of the first run"),
    "rate_b": Control("rate B: η", "The learning rate of the second run"),
    "rate_c": Control("rate C: η", "The learning rate of the third run"),
    "steps": Control("steps t", "How many updates are made"),
    "start": Control("start w₀", "The weight before the first step"),
    "base": Control("base rate η₀", "The learning rate at step 0"),
    "decay_rate": Control("decay rate r", "The factor that the rate is multiplied by"),
    "decay_steps": Control("decay steps T", "How many steps the factor takes"),
    "staircase": Control("staircase ⌊t / T⌋", "On: the rate falls once every T steps.  Off: a little at every step"),
    "decay": Control("decay d", "How much of the old shadow stays at each averaging"),
    "warm_up": Control("warm-up (num_updates n)", "On: the decay in force is min(d, (1 + n) / (10 + n))"),
    "noise": Control("noise", "On: a fixed random number is added to each slope"),
}

RATES = (0.0001, 0.001, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75,
         0.8, 0.85, 0.9, 0.95, 0.99, 1.0, 1.01, 1.05, 1.1, 1.2)
FEW_RATES = (0.0001, 0.001, 0.1, 0.2, 0.5, 0.8, 0.9, 1.0, 1.1)
DECAYS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995)
STEPS = tuple(range(41))
STARTS = (-7.0, -3.0, -1.0, 0.0, 3.0, 5.0)
SWITCH = (False, True)


def explore(figure, **stops):
    """Return a panel: `figure` with one control for each named setting of its `show`, which takes these stops.

    Two stops False and True make a switch, any other list a slider; a panel with a slider for `steps` gets a play
    button.  It starts at what the figure shows.  The display is live in a notebook; where no kernel runs it is the
    picture, with the readout.

    Raises TypeError or ValueError, which name the setting, if the figure has no such setting, has no stops for it or
    stands at none of them, or cannot show a stop.
    """
    return Panel(figure, stops)


def described(description):
    """Return the panel that a `Panel.description` tells of.

    The figure's name is looked up among the pictures of this library; nothing that a description names is imported.

    Raises ValueError or TypeError, which say what is wrong, for anything that no panel's description says.
    """
    if not isinstance(description, dict) or set(description) != set(PARTS):
        raise ValueError(f"a panel's description holds {', '.join(PARTS)}, got {description!r}")
    for part, kind in PARTS.items():
        if not isinstance(description[part], kind):
            raise TypeError(f"{part} must be a {kind.__name__}, got {description[part]!r}")
    name, controls = description["figure"], description["controls"]
    figures = {figure.__name__: figure for figure in FIGURES}
    if name not in figures:
        raise ValueError(f"this library has no figure {name!r}; it has {', '.join(figures)}")
    for control in controls:
        if not isinstance(control, dict) or set(control) != {"name", "stops"} or not isinstance(control["stops"], list):
            raise ValueError(f"a control holds a name and a list of stops, got {control!r}")
    stops = {control["name"]: control["stops"] for control in controls}
    if len(stops) < len(controls):
        raise ValueError("two controls have the same name")
    count = math.prod(map(len, stops.values()))
    if count > MOST:
        raise ValueError(f"a panel that is described may have {MOST} states, got {count}")
    return explore(figures[name](**description["arguments"]).show(**description["start"]), **stops)


class Panel:
    """Controls around a picture; `controls` holds the widgets by name, `readout` says in words what is seen."""

    _numbers = count()

    def __init__(self, figure, stops):
        self.figure = figure
        self.stops = {name: list(values) for name, values in stops.items()}
        self.start = dict(figure.settings)
        _check(figure, self.stops)
        self.controls = {name: _control(name, values, self.start[name]) for name, values in self.stops.items()}
        self._held = False
        for control in self.controls.values():
            control.observe(self._update, "value")
        self.reset = widgets.Button(description="Reset", icon="undo", tooltip="Put every control back",
                                    layout={"width": "auto"})
        self.reset.on_click(lambda _: self.move(**{name: self.start[name] for name in self.controls}))
        buttons = [self.reset]
        if "steps" in self.controls:
            self.play = widgets.ToggleButton(description="Play", icon="play", layout={"width": "auto"},
                                             tooltip="Make the steps one by one")
            self.play.observe(self._play, "value")
            self._playing = None
            buttons.insert(0, self.play)
        # The backdrop is sent once.  All that moves is one value of one widget, laid over it: one message a move, and
        # the page never shows a picture without its readout.
        self._spoken = f"course-readout-{next(self._numbers)}"
        tiles = figure.tiles(lambda plate, _: plate.sheet(plate.backdrop, SHEET))
        backdrop = widgets.HTML(f'<div style="line-height: 0">{tiles}</div>', layout=PLACE)
        self._live = widgets.HTML(self._moving(), layout=PLACE)
        self._error = widgets.HTML()
        self.widget = widgets.VBox([
            widgets.Box([*self.controls.values(), widgets.HBox(buttons)], layout={"flex_flow": "row wrap"}),
            widgets.GridBox([backdrop, self._live], layout={"grid_template_columns": "minmax(0, 1fr)"}),
            # Screen readers speak what changes below an element that stays: here it owns the readout, which comes anew
            # with each move.
            widgets.HTML(f'<div aria-live="polite" aria-owns="{self._spoken}"></div>', layout={"height": "0"}),
            self._error], layout={"width": "100%"})
        self.widget.add_class("course-panel")

    @property
    def settings(self):
        """What the controls stand at, by name."""
        return {name: control.value for name, control in self.controls.items()}

    @property
    def readout(self):
        """The settings, and what they lead to, in words and numbers: one line each."""
        return "\n".join([stand(self.settings), *(f"{name}: {value}" for name, value in self.figure.readout)])

    def move(self, **settings):
        """Move controls to stops, all at once, as if by hand.

        Raises ValueError, which names the setting, for what is no control or no stop of it; nothing is moved then.
        """
        for name, value in settings.items():
            if name not in self.controls:
                raise ValueError(f"{name} is not a control of this panel; there is {', '.join(self.controls)}")
            _stop(name, self.stops[name], value)
        before = self.settings
        self._held = True
        try:
            for name, value in settings.items():
                self.controls[name].value = value
        finally:
            self._held = False
        if self.settings != before:
            self._update()

    def description(self):
        """What a page without a kernel needs to make this panel again, as JSON."""
        return {"figure": type(self.figure).__name__, "arguments": dict(self.figure.arguments), "start": self.start,
                "controls": [{"name": name, "stops": stops} for name, stops in self.stops.items()]}

    def _repr_mimebundle_(self, include=None, exclude=None):
        bundle = self.widget._repr_mimebundle_(include=include, exclude=exclude) or {}
        return bundle | {"text/plain": f"Panel of {self.figure!r}",
                         "text/html": self.figure.tiles(image, self._table()), PANEL: self.description()}

    def _update(self, change=None):
        if self._held:
            return
        with self._told():
            self.figure.show(**self.start | self.settings)
            self._live.value = self._moving()

    @contextmanager
    def _told(self):
        """An exception in a callback is shown to the learner, and raised for whoever called."""
        try:
            yield
        except Exception as error:
            self._error.value = ('<p role="alert" style="color: #b00020">This did not work, and the picture is the '
                                 f"one before: {escape(f'{type(error).__name__}: {error}')}</p>")
            raise
        if self._error.value:
            self._error.value = ""

    def _play(self, change):
        self.play.description, self.play.icon = ("Pause", "pause") if change.new else ("Play", "play")
        if self._playing:
            self._playing.cancel()
        self._playing = asyncio.get_running_loop().create_task(self._step_on()) if change.new else None

    async def _step_on(self):
        steps, stops = self.controls["steps"], self.stops["steps"]
        try:
            if steps.value == stops[-1]:
                steps.value = stops[0]
            while steps.value != stops[-1]:
                await asyncio.sleep(STEP_SECONDS)
                steps.value = stops[stops.index(steps.value) + 1]
        finally:
            if self._playing is asyncio.current_task():
                self._playing = None
                self.play.value = False

    def _table(self, style="", attributes=""):
        rows = "".join(f'<tr><th scope="row" style="text-align: left; padding: 1px 1em 1px 0">{escape(name)}</th>'
                       f'<td style="text-align: left; padding: 1px 0">{escape(value)}</td></tr>'
                       for name, value in self.figure.readout)
        return (f'<div style="padding-left: 19px; font-size: 12px; line-height: 1.5{style}"{attributes}>'
                f'<p style="height: 3em; margin: 8px 0">{escape(stand(self.settings))}</p>'
                '<table style="margin: 0; font-size: 12px; table-layout: auto; white-space: nowrap">'
                f"{rows}</table></div>")

    def _moving(self):
        # Of a fixed height, so that nothing below it moves when a line grows longer.
        height = f"; height: {60 + 22 * len(self.figure.readout)}px"
        tiles = self.figure.tiles(
            lambda plate, told: plate.sheet(plate.layer(), f'{SHEET} role="img" aria-label="{escape(told)}"'),
            self._table(height, f' id="{self._spoken}"'))
        return f'<div style="line-height: 0">{tiles}</div>'


SHEET = ' style="display: block"'
TICKS = "square-o", "check-square-o"  # off and on
PLACE = {"grid_area": "1 / 1", "margin": "0", "width": "auto"}


FIGURES = DescentFigure, RulerFigure, RatesFigure, ScheduleFigure, AverageFigure, NoisyAverageFigure
MOST = 20_000  # states of a panel that somebody's file describes; the course's largest has 7,134
PARTS = {"figure": str, "arguments": dict, "start": dict, "controls": list}


def stand(settings):
    """What the controls stand at, in words."""
    return ", ".join(f"{CONTROLS[name].label} = {say(value)}" for name, value in settings.items())


def _check(figure, stops):
    """Raise an error unless the figure stands at a stop of each setting and can show all of them."""
    if not stops:
        raise ValueError("a panel needs a control")
    start = dict(figure.settings)
    for name, values in stops.items():
        if name not in start or name not in CONTROLS:
            raise ValueError(f"{name} is not a setting of {type(figure).__name__}; there is {', '.join(start)}")
        if len(values) < 2 or len(set(values)) < len(values):
            raise ValueError(f"{name} must have two stops or more, all different, got {values}")
        _stop(name, values, start[name])
    try:
        for name, values in stops.items():
            for value in values:
                figure.show(**start | {name: value})
    finally:
        figure.show(**start)


def _stop(name, stops, value):
    """Raise a ValueError unless `value` is one of the stops, and of a kind with it: 1 is no True."""
    if not any(value == stop and isinstance(value, bool) == isinstance(stop, bool) for stop in stops):
        raise ValueError(f"{name} must be one of {', '.join(map(repr, stops))}, got {value!r}")


def _control(name, stops, value):
    label, tooltip = CONTROLS[name]
    if stops == [False, True]:
        # Not a Checkbox, which shows its label instead of the tooltip that it was given.
        switch = widgets.ToggleButton(value=value, description=label, tooltip=tooltip, icon=TICKS[value],
                                      layout={"width": "auto", "margin": "2px 4px 2px 8px"})
        switch.observe(lambda change: setattr(switch, "icon", TICKS[change.new]), "value")
        switch.add_class("course-switch")
        return switch
    return widgets.SelectionSlider(
        options=[(say(stop), stop) for stop in stops], value=value, description=label, tooltip=tooltip,
        style={"description_width": "7.5em"}, layout={"width": "350px"})


def say(value):
    """How a stop is written: 0.2, on or off."""
    return ("off", "on")[value] if isinstance(value, bool) else f"{value:g}"
