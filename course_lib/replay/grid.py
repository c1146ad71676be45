"""The states that the controls of a panel can reach, numbered."""

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from course_lib import figures
from course_lib.figures.base import Control, Figure, Stop, View
from course_lib.figures.text import format_stop
from course_lib.validation import plain

FIGURES: dict[str, type[Figure]] = {
    name: kind
    for name, kind in vars(figures).items()
    if isinstance(kind, type) and issubclass(kind, Figure) and kind.controls
}
MAX_STATES = 20_000  # of a panel that somebody's file describes; the course's largest has 7,134
_DESCRIPTION = {"figure": str, "arguments": dict, "start": dict, "controls": list}


class SettingsGrid:
    """A figure, and every combination of the stops of some of its settings; the other settings stay
    as at the start.

    The states are numbered with the last control turning fastest, as in nested loops.  `start`
    holds the settings of the View at which a panel starts.  Raises TypeError or ValueError, which
    name the setting, if the figure has no such setting, or it has no stops or the start is at none
    of them.

    >>> grid = SettingsGrid(figures.DescentFigure().show(steps=1), {"rate": (0.1, 0.2), "steps": (0, 1, 2)})
    >>> len(grid), grid.first, grid.settings(5)
    (6, 4, {'rate': 0.2, 'steps': 2})
    >>> grid.neighbours(4)
    [4, 1, 3, 5]
    """

    def __init__(self, start: View, stops: Mapping[str, Iterable[Stop]]):
        self.figure = start.figure
        self.start = dict(start.settings)
        self.stops = {name: _checked_stops(name, values) for name, values in stops.items()}
        if not self.stops:
            raise ValueError("a panel needs a control")
        for name, values in self.stops.items():
            if name not in self.figure.controls:
                raise ValueError(
                    f"{name} is not a setting of {type(self.figure).__name__} that can be moved; "
                    f"there is "
                    f"{', '.join(self.figure.controls) or 'none'}"
                )
            find_stop(name, values, self.start[name])

    def __len__(self) -> int:
        return math.prod(map(len, self.stops.values()))

    @property
    def first(self) -> int:
        """The state at which the panel starts."""
        return self.index(self.start)

    @property
    def plays(self) -> bool:
        """Whether Play can make the steps one by one: the stops of `steps` are one apart."""
        steps = self.stops.get("steps", ())
        return len(steps) > 1 and all(after - before == 1 for before, after in pairwise(steps))

    def control(self, name: str) -> Control:
        """How the figure declares a control."""
        return self.figure.controls[name]

    def is_switch(self, name: str) -> bool:
        """Whether a control is switched on and off: its stops are two bools."""
        return isinstance(self.stops[name][0], bool)

    def settings(self, state: int) -> dict[str, Stop]:
        """What the controls are set to in a state."""
        settings = {}
        for name, stops in reversed(self.stops.items()):
            state, index = divmod(state, len(stops))
            settings[name] = stops[index]
        return dict(reversed(settings.items()))

    def index(self, settings: Mapping[str, Any]) -> int:
        """The number of a state; settings of no control do not count."""
        state = 0
        for name, stops in self.stops.items():
            state = state * len(stops) + stops.index(settings[name])
        return state

    def neighbours(self, state: int) -> list[int]:
        """A state and all those that one control alone leads to."""
        settings = self.settings(state)
        return [
            state,
            *(
                self.index(settings | {name: stop})
                for name, stops in self.stops.items()
                for stop in stops
                if stop != settings[name]
            ),
        ]

    def view(self, state: int) -> View:
        """The View of a state.  Raises what the figure raises."""
        return self.figure.show(**self.start | self.settings(state))

    def texts(self, view: View) -> list[str]:
        """All that the player shows of a View: foreground and alt text of each plot, settings,
        readout.
        """
        plots = [text for drawing in view.drawings for text in (drawing.foreground, drawing.alt)]
        return [*plots, self.settings_text(view), *(text for line in view.readout for text in line)]

    def settings_text(self, view: View) -> str:
        """What the controls are set to, in words."""
        return ", ".join(
            f"{self.control(name).label} = {format_stop(view.settings[name])}"
            for name in self.stops
        )

    def description(self) -> dict[str, Any]:
        """What a page without a kernel needs to make this again, as JSON."""
        return {
            "figure": type(self.figure).__name__,
            "arguments": dict(self.figure.arguments),
            "start": self.start,
            "controls": [
                {"name": name, "stops": list(stops)} for name, stops in self.stops.items()
            ],
        }

    @classmethod
    def from_description(cls, description: Any) -> "SettingsGrid":
        """Return the grid that `description` describes.

        The figure's name is looked up among those of this library; nothing that a description names
        is imported.

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
        name, controls = description["figure"], description["controls"]
        if name not in FIGURES:
            raise ValueError(f"this library has no figure {name!r}; it has {', '.join(FIGURES)}")
        for control in controls:
            if (
                not isinstance(control, dict)
                or set(control) != {"name", "stops"}
                or not isinstance(control["stops"], list)
            ):
                raise ValueError(f"a control holds a name and a list of stops, got {control!r}")
        stops = {control["name"]: control["stops"] for control in controls}
        if len(stops) < len(controls):
            raise ValueError("two controls have the same name")
        states = math.prod(map(len, stops.values()))
        if states > MAX_STATES:
            raise ValueError(
                f"a panel that is described may have {MAX_STATES} states, got {states}"
            )
        return cls(FIGURES[name](**description["arguments"]).show(**description["start"]), stops)


def find_stop(name: str, stops: Sequence[Stop], value: Any) -> Stop:
    """Return the stop that `value` is, of the same kind: 1 is no True.  Raises ValueError if it is
    none of them.
    """
    value = plain(value)
    for stop in stops:
        if (
            isinstance(value, bool) == isinstance(stop, bool)
            and np.ndim(value) == 0
            and value == stop
        ):
            return stop
    raise ValueError(f"{name} must be one of {', '.join(map(repr, stops))}, got {value!r}")


def _checked_stops(name: str, stops: Iterable[Stop]) -> tuple[Stop, ...]:
    """Stops as Python's own numbers, a switch's in the order off, on; or an error that names their
    setting.
    """
    if not isinstance(stops, Iterable):
        raise TypeError(f"{name} must have a list of stops, got {stops!r}")
    values = tuple(map(plain, stops))
    for value in values:
        if not isinstance(value, bool | int | float):
            raise TypeError(f"{name} must have numbers or False and True for stops, got {value!r}")
    if len(values) < 2 or len(set(values)) < len(values):
        raise ValueError(f"{name} must have two stops or more, all different, got {list(values)}")
    kinds = {isinstance(value, bool) for value in values}
    if len(kinds) > 1:
        raise ValueError(
            f"{name} must have either numbers or False and True for stops, got {list(values)}"
        )
    return (False, True) if kinds == {True} else values
