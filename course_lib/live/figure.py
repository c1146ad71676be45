"""A Figure draws a View for some settings, and declares the Controls that choose them."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache, cached_property
from html import escape
from inspect import Signature, signature
from types import MappingProxyType, ModuleType
from typing import Any, ClassVar, NamedTuple

import numpy as np
from matplotlib.axes import Axes

from course_lib.live.drawing import Drawing, Plot
from course_lib.live.style import rc_params
from course_lib.validation import as_text, known_name, number, switch, whole_number

Stop = bool | int | float | str
Plots = Sequence[Axes]  # the axes of each plot


@dataclass(frozen=True)
class Control:
    """How a panel offers a setting of a figure, and which values the figure takes for it.

    `label` includes the symbol.  `stops` are the values that make sense: False and True make a
    switch, numbers or texts make a slider.  The figure takes numbers that are at least `low`, above
    `above`, at most `high` and below `below`.  If `whole`, it takes whole numbers only, by default
    from the least stop to the greatest.  If it `plays`, a panel can go through its stops by itself.
    """

    label: str
    tooltip: str
    stops: Sequence[Stop]
    low: float | None = None
    above: float | None = None
    high: float | None = None
    below: float | None = None
    whole: bool = False
    plays: bool = False

    def check(self, name: str, value: Any) -> Stop:
        """Return `value` as Python's own bool, int or float.

        Raises TypeError or ValueError, which name the setting, if it is not in the range.

        >>> Control("steps n", "How many steps are made", (0, 1), low=0, high=40).check("steps", 41)
        Traceback (most recent call last):
        ValueError: steps must be at most 40, got 41
        """
        if isinstance(self.stops[0], bool):
            return switch(name, value)
        if isinstance(self.stops[0], str):
            texts: Any = self.stops
            return known_name(name, value, texts)
        if self.whole:
            low, high = self.low, self.high
            least = int(min(self.stops) if low is None else low)
            greatest = int(max(self.stops) if high is None else high)
            return whole_number(name, value, low=least, high=greatest)
        number(name, value, low=self.low, above=self.above, high=self.high, below=self.below)
        plain = np.asarray(value).item()
        return plain if isinstance(plain, int) else float(plain)


def format_stop(value: Stop) -> str:
    """Return a setting as a control shows it.

    >>> format_stop(0.20), format_stop(True)
    ('0.2', 'on')
    """
    if isinstance(value, str):
        return value
    return ("off", "on")[value] if isinstance(value, bool) else f"{value:g}"


class Words(NamedTuple):
    """A summary, what each plot shows, and the readout: pairs of a name and a value.

    No text has more than one line.
    """

    summary: str
    alt_texts: Sequence[str]
    readout: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class View:
    """A picture for some settings, which does not change.  A notebook displays it as images.

    `figure` drew it, and `drawings` are its plots.  `columns` says how the plots stand beside and
    below one another on a wide page; None is the place of the readout.
    """

    figure: "Figure" = field(compare=False)
    name: str
    settings: Mapping[str, Any]
    drawings: tuple[Drawing, ...]
    columns: tuple[tuple[int | None, ...], ...]
    words: Words

    @property
    def readout(self) -> Sequence[tuple[str, str]]:
        """Names and values of what the picture shows."""
        return self.words.readout

    @property
    def alt_texts(self) -> Sequence[str]:
        """What each plot shows, in words and numbers."""
        return self.words.alt_texts

    def html(self, readout: str = "") -> str:
        """The picture as images, which JupyterLab also shows where it does not trust a notebook.

        `readout` is HTML that stands beside them.
        """
        columns = [column for column in self.columns if readout or column != (None,)]
        is_single = len(columns) == 1 or any(drawing.width > WIDE for drawing in self.drawings)
        style = _SINGLE if is_single else _GRID
        images = [_image(drawing) for drawing in self.drawings]
        return in_columns(columns, images, readout, f'dir="ltr" style="{style}"')

    def __repr__(self) -> str:
        return f"{self.name}: {self.words.summary}"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self.html()}


WIDE = 600  # pixels; what is wider stands alone in its row
# As many columns as there is room for; on a projector they are wider, and their text with them, but
# still two where the page is much narrower than the window, as in Jupyter Notebook.  (JupyterLab
# takes classes and most lengths out of what it does not trust; this it leaves.)
_GRID = (
    "display: grid; gap: 0 8px; "
    "grid-template-columns: repeat(auto-fit, minmax(min(100%, max(340px, min(29.2vw, 50% - 4px))), 1fr))"
)
_SINGLE = "display: grid; grid-template-columns: minmax(0, max(360px, 45vw))"


def in_columns(
    columns: Sequence[Sequence[int | None]], plots: Sequence[str], readout: str, attributes: str
) -> str:
    """Return the HTML of plots and readout in their columns, in an element with `attributes`."""
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
    """A picture as a function: the same settings give the same View, whatever was shown before.

    In a subclass, `axes` makes the axes of each plot, with all that never changes, and `draw` puts
    on them what some settings show.  `controls` declares the settings that a panel can offer.
    `picks` names for each plot the setting that a click on it sets, or "".  `arguments` keeps what
    the class was called with.
    """

    controls: Mapping[str, Control] = MappingProxyType({})
    picks: ClassVar[Sequence[str]] = ()
    # Whether a function of any author draws it: it may be slow, and fail at some settings.
    is_function: ClassVar[bool] = False
    arguments: Mapping[str, Any]

    def __new__(cls, *args: Any, **kwargs: Any) -> "Figure":
        figure = super().__new__(cls)
        bound = signature(cls.__init__).bind(figure, *args, **kwargs)
        bound.apply_defaults()
        arguments = [*bound.arguments.items()][1:]
        figure.arguments = MappingProxyType(deepcopy(dict(arguments)))
        return figure

    def __init__(self) -> None:  # noqa: B027  # most figures need nothing
        """Override it to take arguments."""

    @abstractmethod
    def axes(self) -> Plots:
        """Return the axes of each plot, each alone in a figure of 72 pixels to the inch."""

    @abstractmethod
    def draw(self, axes: Plots, *args: Any, **kwargs: Any) -> Words:
        """Add artists that show these settings to the axes, and return what they say.

        Only add, in explicit colours: change nothing else on the axes, not even titles and limits.
        What was added is drawn by its zorder, then in the order of adding, and then removed.
        """

    def show(self, *args: Any, **settings: Any) -> View:
        """Return the View for these settings, those of `draw`.

        Raises TypeError or ValueError, which name the setting, for what `controls` do not allow,
        and whatever `draw` raises.
        """
        checked = self._checked(args, settings)
        words, drawings = self._picture(checked)
        shown = MappingProxyType(checked)
        return View(self, self.name(checked), shown, drawings, self.columns, words)

    def words(self, *args: Any, **settings: Any) -> Words:
        """Return what the View for these settings says, without its SVG."""
        return self._picture(self._checked(args, settings), drawn=False)[0]

    def free(self) -> None:
        """Let go of the axes, to save memory; they are made again for the next picture."""
        with rc_params():
            vars(self).pop("_plots", None)

    def name(self, settings: Mapping[str, Any]) -> str:
        """Return what the View for these settings is called."""
        given = (f"{name}={value!r}" for name, value in settings.items())
        return f"{type(self).__name__}({', '.join(given)})"

    @property
    def columns(self) -> tuple[tuple[int | None, ...], ...]:
        """How the plots, by index, and the readout, None, stand on a wide page."""
        return (*((index,) for index in range(len(self._plots))), (None,))

    @cached_property
    def _plots(self) -> list[Plot]:
        with rc_params():
            axes = self.axes()
        return [Plot(*pair) for pair in zip(axes, self.picks or [""] * len(axes), strict=True)]

    def _checked(self, args: Sequence[Any], settings: Mapping[str, Any]) -> dict[str, Any]:
        """All settings of `draw`, checked."""
        bound = _signature(type(self)).bind(self, None, *args, **settings)
        bound.apply_defaults()
        checked = dict([*bound.arguments.items()][2:])
        for name, value in checked.items():
            control = self.controls.get(name)
            checked[name] = control.check(name, value) if control else _frozen(value)
        return checked

    def _picture(
        self, checked: Mapping[str, Any], drawn: bool = True
    ) -> tuple[Words, tuple[Drawing, ...]]:
        """The words and, if it is to be drawn, the plots."""
        # In one thread at a time: a panel is answered in another thread than that of the cells.
        with rc_params(), np.errstate(all="ignore"):
            plots = self._plots
            try:
                words = self.draw([plot.axes for plot in plots], **checked)
                if not isinstance(words, Words):
                    kind = type(self).__name__
                    raise TypeError(f"{kind}.draw must return Words, got {as_text(words)}")
                words = Words(words[0], tuple(words[1]), tuple(words[2]))
                pairs = zip(plots, words.alt_texts, strict=True) if drawn else ()
                return words, tuple(plot.draw(alt) for plot, alt in pairs)
            finally:
                for plot in plots:
                    plot.clear()

    def __repr__(self) -> str:
        return repr(self.show())

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return self.show()._repr_mimebundle_()


def figures_in(module: ModuleType) -> dict[str, type[Figure]]:
    """Return by name the figures of a module that have controls."""
    return {
        name: kind
        for name, kind in vars(module).items()
        if isinstance(kind, type) and issubclass(kind, Figure) and kind.controls
    }


@cache
def _signature(kind: type[Figure]) -> Signature:
    return signature(kind.draw)


def _frozen(setting: Any) -> Any:
    """A setting without a control as Python's own value, a list as a tuple."""
    return tuple(value) if isinstance(value := np.asarray(setting).tolist(), list) else value
