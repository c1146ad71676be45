"""A picture that a plain function draws, as its author wrote it for matplotlib.

What a call adds is the foreground; what it leaves of the axes, with their limits, ticks and labels,
is the frame.  To draw a frame takes ten times as long as to draw a few lines, so equal frames are
drawn once.
"""

import io
import pickle
import random
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout, suppress
from inspect import Parameter, signature
from numbers import Number
from typing import Any

import numpy as np
from matplotlib._pylab_helpers import Gcf
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure as MplFigure
from matplotlib.transforms import Bbox, TransformNode

from course_lib.live.drawing import Drawing, SvgRenderer, svg
from course_lib.live.figure import Control, Figure, Plots, View, Words
from course_lib.live.style import rc_params
from course_lib.validation import as_text, whole_number

_FRAMES = 64  # so many different frames are kept
_EDGE = 4  # pixels around what a function draws at the start


class FunctionFigure(Figure):
    """A picture that `function` draws, with a control for each setting that has `stops`.

    If the first parameter has neither stops nor a default, it gets the axes, or a list of as many
    as `plots` says.  pyplot draws on them too, and each figure that it makes is one more plot.
    Mappings, numbers and texts that the function returns, and what it prints, are the readout.
    """

    is_function = True

    def __new__(cls, *args: Any, **kwargs: Any) -> "FunctionFigure":
        return object.__new__(cls)  # without a copy of what a function may hold

    def __init__(self, function: Callable[..., Any], stops: Mapping[str, Any], plots: int = 1):
        self.function = function
        self.title = getattr(function, "__name__", type(function).__name__).strip("<>")
        parameters = {
            name: one.default
            for name, one in signature(function).parameters.items()
            if one.kind not in (Parameter.VAR_KEYWORD, Parameter.VAR_POSITIONAL)
        }
        open_ = [
            n for n, value in parameters.items() if value is Parameter.empty and n not in stops
        ]
        gets_axes = bool(open_) and open_[0] == next(iter(parameters))
        if missing := open_[gets_axes:]:
            raise TypeError(f"{self.title} needs stops, or a default, for {', '.join(missing)}")
        self.plots = whole_number("plots", plots, low=1, high=12) if gets_axes else 0
        self.controls = {name: _control(name, values) for name, values in stops.items()}
        self.start = {}
        for name, control in self.controls.items():
            default = parameters.get(name)
            self.start[name] = default if default in control.stops else control.stops[0]
        self._sizes: list[tuple[int, ...]] = []  # of each plot at the start
        self._frames: dict[Any, tuple[str, list[Any]]] = {}

    def started(self) -> View:
        """Return the View at the start, if it is the same after another one.

        Raises ValueError if it is not, or if nothing is drawn, and whatever the function raises.
        """
        view = self.show()
        with suppress(Exception):  # at other settings it may fail
            self.show(**{name: control.stops[-1] for name, control in self.controls.items()})
        if self.show() != view:
            raise ValueError(
                f"{view.name} drew two different pictures: a picture may depend on its settings "
                "only, not on what was drawn before; random numbers need a seed, as in "
                "np.random.default_rng(0)"
            )
        return view

    def axes(self) -> Plots:
        import matplotlib.pyplot as plt  # only now, as it takes long and a course may not need it

        return [plt.figure().add_subplot() for _ in range(self.plots)]

    def draw(self, axes: Plots, *args: Any, **settings: Any) -> Words:
        given = (axes[0] if len(axes) == 1 else axes,) if axes else ()
        with redirect_stdout(_Printed()) as printed:
            returned = self.function(*given, **settings)
        readout = [*_readout(self.title, printed, returned)]
        said = "; ".join(" ".join(pair).strip() for pair in readout)
        texts = [[*_texts(manager.canvas.figure)] for manager in Gcf.get_all_fig_managers()]
        alts = [". ".join(filter(None, [self.title, *text, said])) for text in texts]
        return Words(said or "; ".join(map(". ".join, texts)), alts, readout)

    def name(self, settings: Mapping[str, Any]) -> str:
        return super().name(settings).replace(type(self).__name__, self.title, 1)

    @property
    def columns(self) -> tuple[tuple[int | None, ...], ...]:
        return (*((index,) for index in range(len(self._sizes))), (None,))

    def _checked(self, args: Sequence[Any], settings: Mapping[str, Any]) -> dict[str, Any]:
        wanted = {**self.start, **settings}
        return {name: one.check(name, wanted[name]) for name, one in self.controls.items()}

    def _picture(
        self, checked: Mapping[str, Any], drawn: bool = True
    ) -> tuple[Words, tuple[Drawing, ...]]:
        with rc_params(), np.errstate(all="ignore"), _pyplot(), _seeded():
            words = self.draw(self.axes(), **checked)
            figures = [manager.canvas.figure for manager in Gcf.get_all_fig_managers()]
            if not any(_added(figure) or [*_texts(figure)] for figure in figures):
                raise ValueError(
                    f"{self.title} drew nothing: draw on the axes that it gets, axes.plot(…), or "
                    "with pyplot, plt.plot(…); a line that was made before has to be drawn anew"
                )
            if self._sizes and len(figures) != len(self._sizes):
                raise ValueError(
                    f"{self.title} drew {len(self._sizes)} plots at the start, {len(figures)} now"
                )
            drawings = map(self._drawing, range(len(figures)), figures, words.alt_texts)
            return words, tuple(drawings) if drawn else ()

    def _drawing(self, index: int, figure: MplFigure, alt: str) -> Drawing:
        figure.set_dpi(72)
        size = [round(inches * 72) for inches in figure.get_size_inches()]
        if index == len(self._sizes):
            # As in a notebook, what reaches over the edge is seen.
            box: Any = figure.get_tightbbox(SvgRenderer(*size)).padded(_EDGE / 72)
            lengths = [box.x0 * 72, size[1] - box.y1 * 72, box.x1 * 72, size[1] - box.y0 * 72]
            left, top, right, bottom = (round(length) for length in lengths)
            self._sizes.append((*size, right - left, bottom - top, left, top))
        *known, width, height, left, top = self._sizes[index]
        if size != known:
            raise ValueError(
                f"{self.title} drew a figure of {known} pixels at the start, {size} now"
            )
        return Drawing(*self._layers(figure, size), alt, width, height, left=left, top=top)

    def _layers(self, figure: MplFigure, size: Sequence[int]) -> tuple[str, str]:
        """The frame of a figure and what is in it, as SVG; or all in front, where it is no plain one."""
        if figure.get_layout_engine() or not all(
            type(axes) is Axes and not axes.child_axes and axes.get_axes_locator() is None
            for axes in figure.axes
        ):
            return "", svg([figure], *size)
        for axes in figure.axes:
            axes.autoscale_view()
            axes.apply_aspect()
        added = _added(figure)
        foreground = svg(added, *size)
        for artist in added:
            artist.remove()
        for axes in figure.axes:
            axes.autoscale(False)
            axes.dataLim = Bbox.null()
            axes.set_prop_cycle(None)
        # They belong to the frame, but mostly tell the settings.
        titles = [title for axes in figure.axes for title in _titles(axes)]
        key = _key(figure, titles)
        if key is None or key not in self._frames:
            for title in titles:
                title.draw = lambda renderer: None  # it is placed, but not drawn
            if len(self._frames) == _FRAMES:
                self._frames.clear()
            self._frames[key] = svg([figure], *size), [title.get_position() for title in titles]
        background, positions = self._frames[key]
        for title, position in zip(titles, positions, strict=True):
            vars(title).pop("draw", None)
            title.set_position(position)
        return background, foreground + svg(titles, *size)


def _control(name: str, stops: Any) -> Control:
    """A control with these stops; numbers are without the noise of binary fractions, as of a linspace."""
    if isinstance(stops, Control):
        return stops
    if not isinstance(stops, Iterable) or isinstance(stops, str):
        raise TypeError(f"{name} must have a list of stops, got {as_text(stops)}")
    values = [value.item() if isinstance(value, np.generic) else value for value in stops]
    values = [float(f"{value:.12g}") if isinstance(value, float) else value for value in values]
    label = name.replace("_", " ")
    counts = all(type(value) is int for value in values) and len(values) > 2
    return Control(label, label, values, plays=counts)


@contextmanager
def _pyplot() -> Iterator[None]:
    """Let pyplot begin without figures, and have its own ones back afterwards."""
    import matplotlib.pyplot as plt

    before, show = Gcf.figs, plt.show
    Gcf.figs, plt.show = OrderedDict(), lambda *args, **kwargs: None
    plt.rcParams["axes.grid"] = False  # as its author knows it: plt.grid() switches it on
    try:
        yield
    finally:
        Gcf.figs, plt.show = before, show


@contextmanager
def _seeded() -> Iterator[None]:
    """Let the random numbers of random and numpy.random be the same for each picture."""
    ours, numpys = random.getstate(), np.random.get_state()
    random.seed(0)
    np.random.seed(0)
    try:
        yield
    finally:
        random.setstate(ours)
        np.random.set_state(numpys)


class _Printed(io.StringIO):
    """What this thread prints; what another prints, as a cell may that runs, goes where it went."""

    def __init__(self) -> None:
        super().__init__()
        self.thread, self.others = threading.get_ident(), sys.stdout

    def write(self, text: str) -> int:
        mine = threading.get_ident() == self.thread
        return super().write(text) if mine else self.others.write(text)


def _readout(title: str, printed: io.StringIO, returned: Any) -> Iterator[tuple[str, str]]:
    """What a function says as names and values."""
    for line in printed.getvalue().splitlines():
        name, _, value = line.partition(":")
        if line.strip():
            yield " ".join(name.split()), " ".join(value.split())
    if isinstance(returned, str | Number):
        returned = {title: returned}
    for name, value in returned.items() if isinstance(returned, Mapping) else ():
        is_float = isinstance(value, float | np.floating)
        yield as_text(name, str), f"{value:.6g}" if is_float else as_text(value, str)


def _texts(figure: MplFigure) -> Iterator[str]:
    """The titles of a figure, and what its axes measure."""
    yield from [figure.get_suptitle()] if figure.get_suptitle() else []
    for axes in figure.axes:
        labels = " over ".join(filter(None, (axes.get_ylabel(), axes.get_xlabel())))
        for text in (*(title.get_text() for title in _titles(axes)), labels):
            if text:
                yield " ".join(text.split())


def _titles(axes: Any) -> tuple[Any, ...]:
    return axes.title, axes._left_title, axes._right_title


def _added(figure: MplFigure) -> list[Artist]:
    """What has been put on the axes of a figure and on itself, in the order of drawing."""
    added: list[Artist] = []
    for axes in figure.axes:
        frame = {*axes.spines.values(), axes.xaxis, axes.yaxis, axes.patch, *_titles(axes)}
        children = [artist for artist in axes.get_children() if artist not in frame]
        added += sorted(children, key=Artist.get_zorder)
    own = (figure.patch, *figure.axes)
    return added + [artist for artist in figure.get_children() if artist not in own]


class _Frame(pickle.Pickler):
    """Writes down all that a figure consists of, but for what differs where nobody sees it."""

    def __init__(self, file: io.BytesIO, titles: Sequence[Any]):
        super().__init__(file)
        self.titles = titles

    def reducer_override(self, value: Any) -> Any:
        if isinstance(value, TransformNode):  # its caches, and what depends on it
            hidden = ("_parents", "_invalid", "_inverted", "_mtx")
            state = {name: one for name, one in vars(value).items() if name not in hidden}
            return object.__new__, (type(value),), state
        is_title = isinstance(value, Artist) and value in self.titles
        return (str, ()) if is_title else NotImplemented


def _key(figure: MplFigure, titles: Sequence[Any]) -> bytes | None:
    """What is equal for equal frames only; or None where matplotlib cannot pickle a frame."""
    file = io.BytesIO()
    try:
        _Frame(file, titles).dump(figure)
    except Exception:  # for one with functions in it, for example
        return None
    return file.getvalue()
