"""The states that the controls of a panel can reach, numbered."""

import math
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import pairwise
from typing import Any

import numpy as np

from course_lib.live.figure import Control, Figure, Stop, View, Words, format_stop
from course_lib.live.function import FunctionFigure
from course_lib.validation import as_text, known_name

MAX_STATES = 20_000  # that a file may describe; the course's largest panel has 7,134
_MOMENT = 0.5  # seconds, after which a picture that somebody waits for is drawn
_DESCRIPTION = {"figure": str, "arguments": dict, "start": dict, "controls": list}


class SettingsGrid:
    """A figure with every combination of the stops of some settings; others stay as at the start.

    The states are numbered with the last control turning fastest, as in nested loops.  `start` is
    the View at which a panel starts.  Raises TypeError or ValueError, which name the setting, if
    the figure has no such setting, does not take a stop, or starts at none of them.

    >>> from course_lib.figures import DescentFigure
    >>> view = DescentFigure().show(steps=1)
    >>> grid = SettingsGrid(view, {"rate": (0.1, 0.2), "steps": (0, 1, 2)})
    >>> len(grid), grid.first, grid.settings(5)
    (6, 4, {'rate': 0.2, 'steps': 2})
    >>> grid.neighbours(4)
    [4, 1, 3, 5]
    """

    def __init__(self, start: View, stops: Mapping[str, Iterable[Stop]]):
        self.figure = start.figure
        self.start = dict(start.settings)
        if not stops:
            raise ValueError("a panel needs a control")
        self.stops = {name: self._checked(name, values) for name, values in stops.items()}
        for name in self.stops:
            self.find(name, self.start[name])
        self.backgrounds = [drawing.background for drawing in start.drawings]
        self._last = self.first, start

    def _checked(self, name: str, stops: Any) -> Sequence[Stop]:
        """The stops, checked by the figure, as Python's own numbers; those of a switch in order."""
        controls = self.figure.controls
        if name not in controls:
            kind, known = type(self.figure).__name__, ", ".join(controls) or "none"
            raise ValueError(f"{name} is no setting of {kind} that can be moved; there is {known}")
        if not isinstance(stops, Iterable) or isinstance(stops, str):
            raise TypeError(f"{name} must have a list of stops, got {as_text(stops)}")
        values = [controls[name].check(name, stop) for stop in stops]
        if len(values) < 2 or len(set(values)) < len(values):
            raise ValueError(f"{name} must have two stops or more, all different, got {values}")
        return (False, True) if values[0] is True else tuple(values)

    def __len__(self) -> int:
        return math.prod(self._shape)

    @property
    def _shape(self) -> list[int]:
        return [*map(len, self.stops.values())]

    @property
    def first(self) -> int:
        """The state at which the panel starts."""
        return self.index(self.start)

    @property
    def plays(self) -> str:
        """The control that Play moves: it declares `plays`, and its stops are one apart; or ""."""
        for name, stops in self.stops.items():
            steps: Any = pairwise(stops)
            if self.control(name).plays and (
                self.figure.is_function or all(after - before == 1 for before, after in steps)
            ):
                return name
        return ""

    def control(self, name: str) -> Control:
        """How the figure declares a control."""
        return self.figure.controls[name]

    def is_switch(self, name: str) -> bool:
        """Whether a control is switched on and off: its stops are two bools."""
        return isinstance(self.stops[name][0], bool)

    def find(self, name: str, value: Any) -> Stop:
        """Return the stop of a control that `value` is.  Raises ValueError if it is none of them."""
        stops = self.stops[name]
        if self.figure.is_function and isinstance(value, float):
            value = float(f"{value:.12g}")  # rounded like its stops
        with suppress(TypeError, ValueError):
            return stops[stops.index(self.control(name).check(name, value))]
        known = ", ".join(map(repr, stops))
        raise ValueError(f"{name} must be one of {known}, got {as_text(value)}")

    def settings(self, state: int) -> dict[str, Stop]:
        """What the controls are set to in a state."""
        places = np.unravel_index(state, self._shape)
        return {
            name: stops[int(k)] for (name, stops), k in zip(self.stops.items(), places, strict=True)
        }

    def index(self, settings: Mapping[str, Any]) -> int:
        """The number of a state; settings without a control do not count."""
        places = [stops.index(settings[name]) for name, stops in self.stops.items()]
        return int(np.ravel_multi_index(places, self._shape))

    def neighbours(self, state: int) -> list[int]:
        """A state, and all states that moving a single control leads to."""
        now = self.settings(state)
        moves = [now | {name: stop} for name, stops in self.stops.items() for stop in stops]
        return [*dict.fromkeys([state, *map(self.index, moves)])]

    def view(self, state: int) -> View:
        """The View of a state; the last one is kept.  Raises what the figure raises."""
        last, view = self._last
        if last != state:
            view = self.figure.show(**self.start | self.settings(state))
            self._last = state, view
        return view

    def words(self, state: int) -> Words:
        """What the View of a state says, without drawing it.  Raises what the figure raises."""
        last, view = self._last
        settings = self.start | self.settings(state)
        return view.words if last == state else self.figure.words(**settings)

    def texts(self, state: int) -> list[str]:
        """All that the player shows: the SVG and words of each plot, the settings, the readout.

        If the frame of a plot differs from that at the start, its SVG draws it over the first one.
        """
        view = self.view(state)
        plots = [
            text
            for drawing, background in zip(view.drawings, self.backgrounds, strict=True)
            for text in (drawing.over(background), drawing.alt)
        ]
        readout = [text for line in view.readout for text in line]
        texts = [*plots, self.settings_text(state), *readout]
        return [text.replace("\n", " ") for text in texts]

    def drawn(self, states: Iterable[int]) -> dict[int, list[str]]:
        """The texts of states; if a state cannot be drawn, only its error.

        A function may be slow, so it draws only as many of its states as it can in a moment.
        """
        end = time.monotonic() + (_MOMENT if self.figure.is_function else math.inf)
        texts: dict[int, list[str]] = {}
        for state in states:
            if texts and time.monotonic() > end:
                break
            try:
                texts[state] = self.texts(state)
            except Exception as error:  # the learner reads it in the page
                texts[state] = [" ".join(f"{type(error).__name__}: {error}".split())]
        return texts

    def settings_text(self, state: int) -> str:
        """What the controls are set to, in words."""
        return ", ".join(
            f"{self.control(name).label} = {format_stop(stop)}"
            for name, stop in self.settings(state).items()
        )

    def description(self) -> dict[str, Any]:
        """What a handout is made from, as JSON; of a function only its name."""
        if isinstance(self.figure, FunctionFigure):
            return {"function": self.figure.title}
        arguments = self.figure.arguments.items()
        return {
            "figure": type(self.figure).__name__,
            "arguments": {name: np.asarray(value).tolist() for name, value in arguments},
            "start": self.start,
            "controls": [{"name": name, "stops": [*stops]} for name, stops in self.stops.items()],
        }

    @classmethod
    def from_description(
        cls, description: Any, figures: Mapping[str, type[Figure]]
    ) -> "SettingsGrid":
        """Return the grid that `description` describes, of one of the `figures` by name.

        Raises ValueError or TypeError, which say what is wrong, for anything that `description()`
        would not return.
        """
        if not isinstance(description, dict) or set(description) != set(_DESCRIPTION):
            raise ValueError(
                f"a panel's description holds {', '.join(_DESCRIPTION)}, got {description!r}"
            )
        for key, kind in _DESCRIPTION.items():
            if not isinstance(description[key], kind):
                raise TypeError(f"{key} must be a {kind.__name__}, got {description[key]!r}")
        figure = figures[known_name("figure", description["figure"], figures)]
        stops: dict[str, list[Stop]] = {}
        for control in description["controls"]:
            match control:
                case {"name": str(setting), "stops": list(values), **others} if not others:
                    if setting in stops:
                        raise ValueError("two controls have the same name")
                    stops[setting] = values
                case _:
                    raise ValueError(f"a control holds a name and a list of stops, got {control!r}")
        states = math.prod(map(len, stops.values()))
        if states > MAX_STATES:
            raise ValueError(
                f"a panel that is described may have {MAX_STATES} states, got {states}"
            )
        return cls(figure(**description["arguments"]).show(**description["start"]), stops)
