"""Live panels: controls around one of the course's pictures, which follows them at once.

>>> from course_lib.figures import DescentFigure
>>> panel = explore(DescentFigure(), rate=(0.1, 0.2, 1.0))
>>> panel.move(rate=1.0)
>>> print(panel.readout)
learning rate η = 1
factor |1 − 2η|: 1.000000: oscillates for ever
after 40 steps: w = 5.000000, loss = 36.000000
loss below 0.000001: never
next step −η · slope: -1 · 12.000000 = -12.000000
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets as widgets
import traitlets
from IPython.core.getipython import get_ipython
from ipywidgets.widgets.widget import _instances

from course_lib.figures.base import (
    DECAYS,
    FEW_RATES,
    RATES,
    STARTS,
    STEPS,
    SWITCH,
    Figure,
    Stop,
    View,
)
from course_lib.figures.text import format_stop
from course_lib.jupyter.display import widget_view
from course_lib.jupyter.outputs import PANEL
from course_lib.replay.grid import FIGURES, SettingsGrid, find_stop
from course_lib.replay.html import KEYS_JS, PLAYER_CSS, PLAYER_JS, player_html, readout_table
from course_lib.replay.packing import pack
from course_lib.validation import as_text

__all__ = ["DECAYS", "FEW_RATES", "RATES", "STARTS", "STEPS", "SWITCH", "Panel", "explore"]

FEW = 100  # of so many states all come with the panel, of more those that one control leads to


def explore(figure: Figure | View, **stops: Iterable[Stop]) -> "Panel":
    """Return a panel: `figure` with one control for each named setting of its `show`, which takes
    these stops.

    Without any, each setting that the figure declares gets its control, with the stops that it
    declares.  Two stops False and True make a switch, numbers make a slider; one for `steps` whose
    stops are one apart gets a play button. The panel starts at what `figure` shows: a View, or a
    figure's own choice.  The display is live in a notebook; where no kernel runs it is the picture,
    with the readout.

    Raises TypeError or ValueError, which name the setting, if the figure has no such setting, has
    no stops for it or starts at none of them, or cannot show what one control alone leads to; and
    TypeError for what is no figure.

    >>> explore(len)
    Traceback (most recent call last):
    TypeError: explore takes a figure, such as DescentFigure(), or a View of one; got <built-in function len>
    """
    view = figure if isinstance(figure, View) else _shown(figure)
    return Panel(
        SettingsGrid(
            view, stops or {name: control.stops for name, control in view.figure.controls.items()}
        )
    )


def _shown(figure: Any) -> View:
    """What a figure shows at its start, or an error that says what `explore` takes and what was
    wrong.
    """
    if not isinstance(figure, Figure):
        kind = (
            " (without brackets)" if isinstance(figure, type) and issubclass(figure, Figure) else ""
        )
        raise TypeError(
            "explore takes a figure, such as DescentFigure(), or a View of one; "
            f"got {as_text(figure)}{kind}"
        )
    return figure.show()


class Panel(widgets.VBox):  # type: ignore[misc]  # ipywidgets declares no types
    """Controls around a picture, a widget that can stand in boxes and tabs; `controls` holds its
    widgets by name.
    """

    def __init__(self, grid: SettingsGrid):
        self.grid = grid
        self.cells: set[str] = set()  # that display it
        # Whatever of these cannot be shown raises here, before there is a widget.
        parts = self._parts(
            grid.first, range(len(grid)) if len(grid) <= FEW else grid.neighbours(grid.first)
        )
        super().__init__(parts, layout={"width": "100%"})
        self.add_class("course-panel")

    def _parts(self, state: int, states: Iterable[int]) -> list[widgets.Widget]:
        grid = self.grid
        views = {one: grid.view(one) for one in states}
        html, packed = player_html(grid, views[state]), pack(map(grid.texts, views.values()))
        self.controls = {
            name: _control(grid, name, value) for name, value in grid.settings(state).items()
        }
        self._player = _Player(grid, html, list(views), packed, self.controls)
        box = widgets.Box(list(self.controls.values()), layout={"flex_flow": "row wrap"})
        box.add_class("course-controls")
        return [box, self._player]

    @property
    def figure(self) -> Figure:
        """What draws the picture."""
        return self.grid.figure

    @property
    def settings(self) -> dict[str, Stop]:
        """What the controls are set to, by name."""
        return {name: control.value for name, control in self.controls.items()}

    @property
    def view(self) -> View:
        """The picture for what the controls are set to."""
        return self.grid.view(self.grid.index(self.settings))

    @property
    def readout(self) -> str:
        """The settings, and what they lead to, in words and numbers: one line each."""
        view = self.view
        return "\n".join(
            [self.grid.settings_text(view), *(f"{name}: {value}" for name, value in view.readout)]
        )

    def move(self, **settings: Stop) -> None:
        """Move controls to stops, as if by hand.

        Raises ValueError, which names the setting, for what is no control or no stop of it, and
        whatever the figure raises if it cannot show them; nothing is moved then.
        """
        wanted = self.settings
        for name, value in settings.items():
            if name not in self.controls:
                raise ValueError(
                    f"{name} is not a control of this panel; there is {', '.join(self.controls)}"
                )
            wanted[name] = find_stop(name, self.grid.stops[name], value)
        if wanted != self.settings:
            self._player.push(
                self.grid.index(wanted)
            )  # first, so that the page has it when the controls move
            for name, control in self.controls.items():
                control.value = wanted[name]

    def close(self) -> None:
        """Take the panel out of the page and its widgets out of memory, until it is displayed
        again.
        """
        if self.comm is None:  # it is closed, or could not be made
            return
        for owner in (*self.children, *self.controls.values()):
            for widget in filter(None, (owner.layout, getattr(owner, "style", None), owner)):
                widget.close()
        self.layout.close()
        super().close()
        vars(self).pop("_repr_mimebundle_", None)  # type: ignore[attr-defined]  # ipywidgets puts None there for good

    @property
    def widget(self) -> "Panel":
        """The panel itself, for notebooks from the time when it was no widget, but had one."""
        return self

    def __repr__(self) -> str:
        return f"Panel of {self.view!r}"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        _close_replaced(self)
        if self.comm is None:
            state = self.grid.index(self.settings)
            self.children = self._parts(state, [state])  # the page asks for the others
            self.layout = widgets.Layout(width="100%")
            self.open()
        view = self.view
        return {
            "text/plain": f"Panel of {view!r}",
            **widget_view(self),
            "text/html": view.html(readout_table(self.grid, view)),
            PANEL: self.grid.description(),
        }


class _Player(anywidget.AnyWidget):
    """The picture in the page.  The page asks for states by number, and the kernel draws them; it
    keeps nothing.
    """

    _esm = (
        PLAYER_JS
        + KEYS_JS
        + (Path(__file__).parent / "replay" / "live.js").read_text(encoding="utf-8")
    )
    _css = PLAYER_CSS
    html = traitlets.Unicode().tag(sync=True)
    controls: traitlets.List[Any] = traitlets.List().tag(sync=True)
    states: traitlets.List[int] = traitlets.List().tag(sync=True)
    packed = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        grid: SettingsGrid,
        html: str,
        states: list[int],
        packed: str,
        controls: Mapping[str, widgets.Widget],
    ):
        self.grid = grid
        super().__init__(
            html=html,
            states=states,
            packed=packed,
            controls=[
                {
                    "name": name,
                    "model": control.model_id,
                    "label": grid.control(name).label,
                    "switch": grid.is_switch(name),
                    "stops": [format_stop(stop) for stop in grid.stops[name]],
                    "start": grid.stops[name].index(grid.start[name]),
                }
                for name, control in controls.items()
            ],
        )
        self.on_msg(self._answer)

    def push(self, state: int) -> None:
        """Send a state that nobody has asked for."""
        self.send({"states": [state], "packed": pack([self.grid.texts(self.grid.view(state))])})

    def _answer(self, _: Any, content: dict[str, Any], buffers: Any) -> None:
        states, texts, errors = [], [], {}
        for state in content["ask"]:
            try:
                texts.append(self.grid.texts(self.grid.view(state)))
                states.append(state)
            except (
                Exception
            ) as error:  # whatever a figure raises is for the learner to read, below the controls
                errors[state] = f"{type(error).__name__}: {error}"
        self.send(
            {"view": content.get("view"), "states": states, "packed": pack(texts), "errors": errors}
        )


def _control(grid: SettingsGrid, name: str, value: Stop) -> widgets.Widget:
    control = grid.control(name)
    if grid.is_switch(name):
        # Not a Checkbox, which shows its label instead of the tooltip that it was given.
        switch = widgets.ToggleButton(
            value=value,
            description=control.label,
            tooltip=control.tooltip,
            layout={"width": "auto", "margin": "2px 4px 2px 8px"},
        )
        switch.add_class("course-switch")
        return switch
    return widgets.SelectionSlider(
        options=[(format_stop(stop), stop) for stop in grid.stops[name]],
        value=value,
        description=control.label,
        tooltip=control.tooltip,
        style={"description_width": "7.5em"},
        layout={"width": "350px", "max_width": "100%"},
    )


_displayed: dict[
    str, tuple[str, list[Panel]]
] = {}  # by cell: its last execution, and the panels that this displayed


def _stands_in_a_box(panel: Panel) -> bool:
    """Whether a living widget holds a panel, which then cannot be closed without breaking that one."""
    return any(
        panel in box.children for box in [*_instances.values()] if isinstance(box, widgets.Box)
    )


def _close_replaced(panel: Panel) -> None:
    """Close what the cell that now displays `panel` displayed when it was run before, and no other
    cell displays.
    """
    shell: Any = get_ipython()
    parent = shell.get_parent() if hasattr(shell, "get_parent") else {}
    cell, execution = (
        parent.get("metadata", {}).get("cellId"),
        parent.get("header", {}).get("msg_id"),
    )
    if not cell:
        return  # a front end that does not say
    before, panels = _displayed.get(cell, (execution, []))
    if before != execution:
        for old in panels:
            old.cells.discard(cell)
            if not old.cells and old is not panel and not _stands_in_a_box(old):
                old.close()
                figures = [(type(one.figure), one.figure.arguments) for one in (old, panel)]
                if figures[0] == figures[1] and type(panel.figure) in FIGURES.values():
                    old.grid.figure = (
                        panel.figure
                    )  # IPython's Out keeps `old`; one figure is enough for both
        panels = []
    panel.cells.add(cell)
    _displayed[cell] = execution, [*panels, panel]
