"""What all pictures share: a Figure gives a View for some settings, and declares the Controls that
choose them.
"""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from html import escape
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np

from course_lib.figures.text import format_call
from course_lib.svg import Drawing, Plot
from course_lib.validation import as_text, plain

RATES = (
    0.0001,
    0.001,
    0.01,
    0.02,
    0.05,
    0.1,
    0.15,
    0.2,
    0.25,
    0.3,
    0.35,
    0.4,
    0.45,
    0.5,
    0.55,
    0.6,
    0.65,
    0.7,
    0.75,
    0.8,
    0.85,
    0.9,
    0.95,
    0.99,
    1.0,
    1.01,
    1.05,
    1.1,
    1.2,
)
FEW_RATES = (0.0001, 0.001, 0.1, 0.2, 0.5, 0.8, 0.9, 1.0, 1.1)
DECAYS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995)
STEPS = tuple(range(41))
STARTS = (-7.0, -3.0, -1.0, 0.0, 3.0, 5.0)
SWITCH = (False, True)

Stop = bool | int | float
Readout = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Control:
    """How a panel shows a setting of a figure: its label with the symbol, a tooltip, and stops that
    make sense.

    Two stops False and True make it a switch, numbers make it a slider.
    """

    label: str
    tooltip: str
    stops: tuple[Stop, ...]


@dataclass(frozen=True)
class View:
    """A picture for some settings; nothing about it changes.  A notebook displays it as images with
    text alternatives.

    `drawings` holds the drawn plots, `columns` how they stand beside and below one another on a
    wide page, None being the place of the readout.  `readout` says in pairs of name and value what
    is seen, `summary` says it in a line. `figure` gave it.
    """

    figure: "Figure" = field(compare=False)
    name: str
    settings: Mapping[str, Any]
    drawings: tuple[Drawing, ...]
    columns: tuple[tuple[int | None, ...], ...]
    readout: tuple[tuple[str, str], ...]
    summary: str

    @property
    def backgrounds(self) -> tuple[str, ...]:
        """Of each plot the SVG elements that are the same for all settings."""
        return tuple(drawing.background for drawing in self.drawings)

    @property
    def foregrounds(self) -> tuple[str, ...]:
        """Of each plot the SVG elements that the settings decide."""
        return tuple(drawing.foreground for drawing in self.drawings)

    @property
    def alt_texts(self) -> tuple[str, ...]:
        """Of each plot what it shows, in words and numbers."""
        return tuple(drawing.alt for drawing in self.drawings)

    def html(self, readout: str = "") -> str:
        """The picture as images, which JupyterLab also shows where it does not trust a notebook,
        and a readout.
        """
        columns = [column for column in self.columns if readout or column != (None,)]
        return in_columns(
            columns,
            [_image(drawing) for drawing in self.drawings],
            readout,
            f'dir="ltr" style="{_SINGLE if len(columns) == 1 else _GRID}"',
        )

    def __repr__(self) -> str:
        return f"{self.name}: {self.summary}"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self.html()}


# As in player.css, which says why.  (JupyterLab takes classes and most lengths out of what it does
# not trust; this it leaves.)
_GRID = (
    "display: grid; gap: 0 8px; "
    "grid-template-columns: repeat(auto-fit, minmax(min(100%, max(340px, min(29.2vw, 50% - "
    "4px))), 1fr))"
)
_SINGLE = "display: grid; grid-template-columns: minmax(0, max(360px, 45vw))"


def in_columns(
    columns: Sequence[Sequence[int | None]], plots: Sequence[str], readout: str, attributes: str
) -> str:
    """Return the HTML of plots and readout in their columns, in an element with these attributes."""
    cells = (
        "".join(readout if index is None else plots[index] for index in column)
        for column in columns
    )
    return f"<div {attributes}>" + "".join(f"<div>{cell}</div>" for cell in cells) + "</div>"


def _image(drawing: Drawing) -> str:
    return (
        f'<img alt="{escape(drawing.alt)}" width="{drawing.width}" height="{drawing.height}" '
        f'style="display: block; width: 100%; height: auto" src="{drawing.url()}">'
    )


class Figure(ABC):
    """A picture with axes that never change; `show` gives its View for some settings.

    The same settings give the same View, whatever was shown before.  A subclass declares in
    `controls` the settings that a panel can offer, passes what it is made with to `__init__`, by
    name, makes its `plots`, and in `show` changes their animated artists and returns `_view`.  One
    thread at a time is in `show`.
    """

    controls: ClassVar[Mapping[str, Control]] = MappingProxyType({})
    plots: Sequence[Plot]

    def __init__(self, **arguments: Any):
        self.arguments = MappingProxyType(arguments)
        self._drawing = threading.RLock()

    def __init_subclass__(cls, **kwargs: Any):
        super().__init_subclass__(**kwargs)
        if "show" in vars(cls):  # JupyterLab answers a panel in a thread beside that of the cells
            cls.show = _wrapped(cls.show)  # type: ignore[method-assign]

    @abstractmethod
    def show(self, *args: Any, **kwargs: Any) -> View:
        """Return the View for these settings.  Raises TypeError or ValueError, which name the
        setting.
        """

    @property
    def columns(self) -> tuple[tuple[int | None, ...], ...]:
        """How the plots, by index, and the readout, None, stand on a wide page."""
        return (*((index,) for index in range(len(self.plots))), (None,))

    def _view(
        self,
        settings: Mapping[str, Any],
        summary: str,
        alt_texts: Sequence[str],
        readout: Readout = (),
        name: str | None = None,
    ) -> View:
        """What the plots show now, as a View."""
        settings = {setting: _plain(value) for setting, value in settings.items()}
        drawings = tuple(plot.draw(alt) for plot, alt in zip(self.plots, alt_texts, strict=True))
        return View(
            self,
            name or format_call(type(self).__name__, settings),
            MappingProxyType(settings),
            drawings,
            self.columns,
            tuple(readout),
            summary,
        )

    def __repr__(self) -> str:
        return repr(self.show())

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return self.show()._repr_mimebundle_()


def _plain(setting: Any) -> Any:
    """A setting as Python's own number or a tuple of them, which nobody can change afterwards."""
    value = np.asarray(setting).tolist()
    return tuple(map(plain, value)) if isinstance(value, list) else plain(value)


def _wrapped(show: Callable[..., View]) -> Callable[..., View]:
    """Let `show` run in one thread at a time, on numbers of any type, and whatever `numpy.seterr`
    is set to.
    """

    @wraps(show)
    def wrapped(self: Figure, /, *args: Any, **kwargs: Any) -> View:
        if not hasattr(self, "_drawing"):
            raise TypeError(
                f"{type(self).__name__}.__init__ must call super().__init__(), with its arguments "
                f"by name"
            )
        with self._drawing, np.errstate(all="ignore"):
            view = show(
                self, *map(plain, args), **{name: plain(value) for name, value in kwargs.items()}
            )
        if not isinstance(view, View):
            raise TypeError(
                f"{type(self).__name__}.show must return a View, as self._view(...) makes it; "
                f"got {as_text(view)}"
            )
        return view

    return wrapped
