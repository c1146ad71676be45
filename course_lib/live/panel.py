"""Live panels: controls around a figure, whose picture follows them at once.

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

import threading
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets as widgets
import traitlets
from IPython.core.getipython import get_ipython
from ipywidgets.widgets.widget import _instances

from course_lib.jupyter.display import widget_view
from course_lib.jupyter.outputs import PANEL
from course_lib.live import embedded
from course_lib.live.figure import Control, Figure, Stop, View, format_stop
from course_lib.live.function import FunctionFigure
from course_lib.live.html import MENDS_JS, PLAYER_CSS, PLAYER_JS, player_html, readout_table, script
from course_lib.live.packing import pack
from course_lib.live.states import SettingsGrid
from course_lib.validation import as_text

FEW = 100  # up to so many states are sent at once, else those that one control leads to


def explore(
    figure: Figure | View | Callable[..., Any],
    *,
    plots: int = 1,
    embed: bool = False,
    **stops: Control | Iterable[Stop],
) -> "Panel":
    """Return a panel: a picture with one control for each named setting, which takes these stops.

    Stops False and True make a switch; numbers or texts make a slider.  One that plays gets a play
    button.  The display is live in a notebook; without a kernel it is the picture and the readout.

    Args:
        figure: A function that draws with matplotlib.  Its first parameter gets the axes if it has
            neither stops nor a default; otherwise the function uses pyplot.  A mapping of names to
            values that it returns is the readout.  Or a Figure or a View, whose controls have stops
            of their own.
        plots: How many axes a function gets, as a list if they are several.
        embed: Whether the output stores all states, so that the panel works in a handout.
        stops: A list by setting, or a Control, which says more.  A function starts at its defaults
            where they are stops, or else at the first one; a Figure at its own choice.

    Raises:
        TypeError or ValueError, which name the setting, if there is no such setting, if it does not
        take a stop, or if it starts at none of its stops.
        ValueError if a function draws nothing, draws different pictures for the same settings, or
        cannot be embedded.
        Whatever is raised by drawing the start and, for a Figure, the states one control away.

    >>> def line(axes, slope):
    ...     axes.plot([0, 1], [0, slope])
    ...     return {"rise": slope}
    >>> print(explore(line, slope=(1, 2)).readout)
    slope = 1
    rise: 1
    """
    if isinstance(figure, type) and issubclass(figure, Figure):
        raise TypeError(f"explore takes a figure: write {figure.__name__}(), with brackets")
    if not isinstance(figure, Figure | View):
        if not (callable(figure) and stops):
            raise TypeError(
                "explore takes a function and stops for its settings, as in explore(path, "
                "rate=(0.1, 0.2)), or a figure, such as DescentFigure(); got "
                f"{as_text(figure)}{' and no stops' * callable(figure)}"
            )
        function = FunctionFigure(figure, stops, plots)
        figure, stops = function.started(), {}
        _watch_cells()
    view = figure.show() if isinstance(figure, Figure) else figure
    listed = {
        name: one.stops if isinstance(one, Control) else one
        for name, one in (stops or view.figure.controls).items()
    }
    return Panel(SettingsGrid(view, listed), embed)


class Panel(widgets.VBox):  # type: ignore[misc]  # ipywidgets declares no types
    """Controls around a picture, a widget; `controls` holds the widgets of the controls by name."""

    def __init__(self, grid: SettingsGrid, embed: bool = False):
        self.grid = grid
        self.cells: set[str] = set()  # the ids of the cells that display it
        self._description = embedded.embed(grid) if embed else grid.description()
        states = range(len(grid)) if len(grid) <= FEW else grid.neighbours(grid.first)
        # A state that cannot be shown raises here, before there is a widget.
        super().__init__(self._parts(grid.first, states), layout={"width": "100%"})
        self.add_class("course-panel")

    def _parts(self, state: int, states: Iterable[int]) -> list[widgets.Widget]:
        grid = self.grid
        html = player_html(grid, state)
        if grid.figure.is_function:
            drawn = grid.drawn(dict.fromkeys([state, *states]))
        else:
            drawn = {one: grid.texts(one) for one in states}
        states, packed = [*drawn], pack(drawn.values())
        settings = grid.settings(state)
        self.controls = {name: _control(grid, name, stop) for name, stop in settings.items()}
        self._player = _Player(grid, self.controls, html=html, states=states, packed=packed)
        box = widgets.Box([*self.controls.values()], layout={"flex_flow": "row wrap"})
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
    def _state(self) -> int:
        return self.grid.index(self.settings)

    @property
    def view(self) -> View:
        """The picture for what the controls are set to."""
        return self.grid.view(self._state)

    @property
    def readout(self) -> str:
        """The settings, and what they lead to, in words and numbers: one line each."""
        state = self._state
        readout = self.grid.words(state).readout
        lines = [f"{name}: {value}" if value else name for name, value in readout]
        return "\n".join([self.grid.settings_text(state), *lines])

    def move(self, **settings: Stop) -> None:
        """Move controls to stops, as if by hand.

        Raises ValueError, which names the setting, for an unknown control or stop, and whatever the
        figure raises if it cannot show the new state.  Then nothing is moved.
        """
        wanted = self.settings
        for name, value in settings.items():
            if name not in self.controls:
                raise ValueError(
                    f"{name} is not a control of this panel; there is {', '.join(self.controls)}"
                )
            wanted[name] = self.grid.find(name, value)
        if wanted != self.settings:
            # First send the picture, so that the page has it when the controls move.
            self._player.push(self.grid.index(wanted))
            for name, control in self.controls.items():
                control.value = wanted[name]

    def close(self) -> None:
        """Take the panel out of the page and its widgets out of memory, until it is shown again."""
        if self.comm is None:  # it is closed, or could not be made
            return
        for owner in (*self.children, *self.controls.values()):
            for widget in filter(None, (owner.layout, getattr(owner, "style", None), owner)):
                widget.close()
        self.layout.close()
        super().close()
        vars(self).pop("_repr_mimebundle_", None)  # type: ignore[attr-defined]  # ipywidgets puts None there for good

    def __repr__(self) -> str:
        return f"Panel of {self.view!r}"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        _close_replaced(self)
        state = self._state
        if self.comm is None:
            self.children = self._parts(state, [state])  # the page asks for the others
            self.layout = widgets.Layout(width="100%")
            self.open()
        view = self.grid.view(state)
        return {
            "text/plain": f"Panel of {view!r}",
            **widget_view(self),
            "text/html": view.html(readout_table(self.grid, state)),
            PANEL: self._description,
        }


class _Player(anywidget.AnyWidget):
    """The picture in the page, which asks for states by number; the kernel draws them."""

    _esm = PLAYER_JS + MENDS_JS + script(Path(__file__).parent / "live.js")
    _css = PLAYER_CSS
    html = traitlets.Unicode().tag(sync=True)
    controls: traitlets.List[Any] = traitlets.List().tag(sync=True)
    states: traitlets.List[int] = traitlets.List().tag(sync=True)
    packed = traitlets.Unicode().tag(sync=True)

    def __init__(self, grid: SettingsGrid, controls: Mapping[str, widgets.Widget], **shown: Any):
        self.grid = grid
        described = [
            {
                "name": name,
                "model": control.model_id,
                "label": grid.control(name).label,
                "switch": grid.is_switch(name),
                "stops": [*map(format_stop, grid.stops[name])],
                "start": grid.stops[name].index(grid.start[name]),
            }
            for name, control in controls.items()
        ]
        super().__init__(controls=described, **shown)
        self.on_msg(self._answer)

    def push(self, state: int) -> None:
        """Send a state that nobody has asked for."""
        self.send({"states": [state], "packed": pack([self.grid.texts(state)])})

    def _answer(self, _: Any, content: dict[str, Any], buffers: Any) -> None:
        # While a cell runs, its random numbers, figures and prints must not mix with a function's.
        is_aside = threading.current_thread() is not threading.main_thread()
        wait = self.grid.figure.is_function and is_aside and _running.is_set()
        texts = self.grid.drawn([] if wait else content["ask"])  # no states: the page asks again
        self.send({"view": content.get("view"), "states": [*texts], "packed": pack(texts.values())})


def _control(grid: SettingsGrid, name: str, value: Stop) -> widgets.Widget:
    control = grid.control(name)
    own = {"value": value, "description": control.label, "tooltip": control.tooltip}
    if grid.is_switch(name):
        # Not a Checkbox, which shows its label instead of the tooltip that it was given.
        layout = {"width": "auto", "margin": "2px 4px 2px 8px"}
        switch = widgets.ToggleButton(layout=layout, **own)
        switch.add_class("course-switch")
        return switch
    return widgets.SelectionSlider(
        options=[(format_stop(stop), stop) for stop in grid.stops[name]],
        style={"description_width": "7.5em"},
        layout={"width": "350px", "max_width": "100%"},
        **own,
    )


_running = threading.Event()  # while a cell runs


@cache
def _watch_cells() -> None:
    if events := getattr(get_ipython(), "events", None):
        events.register("pre_run_cell", lambda *args: _running.set())
        events.register("post_run_cell", lambda *args: _running.clear())
        _running.set()


# For each cell, its last execution and the panels that this displayed.
_displayed: dict[str, tuple[str, list[Panel]]] = {}


def _stands_in_a_box(panel: Panel) -> bool:
    """Whether an open widget contains the panel: closing the panel would break that widget."""
    boxes = [widget for widget in [*_instances.values()] if isinstance(widget, widgets.Box)]
    return any(panel in box.children for box in boxes)


def _close_replaced(panel: Panel) -> None:
    """Close the panels of this cell's last run, unless another cell still shows them."""
    shell: Any = get_ipython()
    parent = shell.get_parent() if hasattr(shell, "get_parent") else {}
    cell = parent.get("metadata", {}).get("cellId")
    execution = parent.get("header", {}).get("msg_id")
    if not cell:
        return  # the front end sends no id
    before, panels = _displayed.get(cell, (execution, []))
    if before != execution:
        for old in panels:
            old.cells.discard(cell)
            if not old.cells and old is not panel and not _stands_in_a_box(old):
                old.close()
                if old.figure is not panel.figure:
                    old.figure.free()  # IPython's Out keeps `old`
        panels = []
    panel.cells.add(cell)
    _displayed[cell] = execution, [*panels, panel]
