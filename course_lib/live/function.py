"""A picture that a plain function draws, as its author wrote it for matplotlib.

What a call adds to the axes is the foreground.  The axes themselves, with limits, ticks and labels,
are the frame.  A frame takes ten times as long to draw as a few lines, so each different frame is
drawn once.
"""

import io
import pickle
import random
import sys
import threading
import warnings
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout, suppress
from hashlib import sha256
from inspect import Parameter, signature
from numbers import Number
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib._pylab_helpers import Gcf
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import FigureCanvasBase, FigureManagerBase
from matplotlib.backends.backend_agg import _BackendAgg
from matplotlib.figure import Figure as MplFigure
from matplotlib.layout_engine import PlaceHolderLayoutEngine
from matplotlib.transforms import Affine2D, Bbox, TransformNode

from course_lib.live.drawing import Drawing, SvgRenderer, svg
from course_lib.live.figure import Control, Figure, Plots, View, Words
from course_lib.live.style import RC_PARAMS, rc_params
from course_lib.validation import as_text, whole_number

_FRAMES = 64  # how many different frames are kept
_GRID = 0.5  # the zorder of grids: what is drawn behind them cannot be drawn after the frame
_EDGE = 4  # pixels around what a function draws at the start


class FunctionFigure(Figure):
    """A picture that `function` draws, with a control for each setting that has `stops`.

    A first parameter that has neither stops nor a default gets the axes, as a list if `plots` is
    more than 1.  The function may also use pyplot: each figure that it makes is one more plot.
    What it prints, and the numbers, texts or mappings that it returns, become the readout.
    """

    is_function = True

    def __new__(cls, *args: Any, **kwargs: Any) -> "FunctionFigure":
        return object.__new__(cls)  # unlike Figure's, it copies nothing that a function holds

    def __init__(self, function: Callable[..., Any], stops: Mapping[str, Any], plots: int = 1):
        self.function = function
        self.title = getattr(function, "__name__", type(function).__name__).strip("<>")
        taken = signature(function).parameters.values()
        any_kind = (Parameter.VAR_KEYWORD, Parameter.VAR_POSITIONAL)
        parameters = {one.name: one.default for one in taken if one.kind not in any_kind}
        unknown = [name for name in stops if name not in parameters]
        if unknown and not any(one.kind is Parameter.VAR_KEYWORD for one in taken):
            known = ", ".join(parameters) or "none"
            raise TypeError(f"{self.title} has no setting {unknown[0]}; it has {known}")
        open_ = [
            n for n, value in parameters.items() if value is Parameter.empty and n not in stops
        ]
        gets_axes = bool(open_) and open_[0] == next(iter(parameters))
        if missing := open_[gets_axes:]:
            raise TypeError(
                f"{self.title} needs stops, or a default, for {', '.join(missing)}"
                + " (several axes come as one list)" * (plots != 1)
            )
        self.plots = whole_number("plots", plots, low=1, high=12) if gets_axes else 0
        self.controls = {name: make_control(name, values) for name, values in stops.items()}
        self.start = {}
        for name, control in self.controls.items():
            self.start[name] = control.stops[0]
            with suppress(TypeError, ValueError):  # its default is no stop, or it has none
                default = control.check(name, parameters.get(name))
                self.start[name] = control.stops[control.stops.index(default)]
        self._sizes: list[tuple[int, ...]] = []  # of each plot at the start
        self._frames: dict[Any, tuple[str, list[Any]]] = {}

    def started(self) -> View:
        """Return the View at the start.

        Raises ValueError if drawing it again gives another View, or if nothing is drawn, and
        whatever the function raises.
        """
        view = self.show()
        with warnings.catch_warnings(action="ignore"):  # the first drawing has shown them
            with suppress(Exception):  # at other settings it may fail
                self.show(**{name: control.stops[-1] for name, control in self.controls.items()})
            again = self.show()
        if again != view:
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
        if isinstance(returned, MplFigure) and not returned.canvas.manager:  # made without pyplot
            Gcf.set_active(FigureManagerBase(FigureCanvasBase(returned), len(Gcf.figs) + 1))
        readout = [*_readout(self.title, printed, returned)]
        said = "; ".join(" ".join(pair).strip() for pair in readout)
        texts = [[*_texts(figure)] for figure in _figures()]
        alts = [". ".join(filter(None, [self.title, *text, said])) for text in texts]
        return Words(said or "; ".join(map(". ".join, texts)), alts, readout)

    def free(self) -> None:
        self._frames.clear()

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
            figures = _figures()
            if not any(_added(figure) or [*_texts(figure)] for figure in figures):
                raise ValueError(
                    f"{self.title} drew nothing.  Let it draw in each call, on the axes that it gets "
                    "(axes.plot(…)) or with pyplot (plt.plot(…)): lines made earlier are not shown"
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
            # As in a notebook, what extends beyond the edge is shown.
            if engine := figure.get_layout_engine():
                engine.execute(figure)
            tight: Any = figure.get_tightbbox(SvgRenderer(*size)).padded(_EDGE / 72)
            box = Bbox.union([tight, figure.bbox_inches])
            left, bottom, right, top = (round(72 * inches) for inches in box.extents)
            self._sizes.append((*size, right - left, top - bottom, left, size[1] - top))
        *known, width, height, left, top = self._sizes[index]
        if size != known:
            raise ValueError(
                f"{self.title} must draw figures of one size (figsize), in pixels {known} and not {size}"
            )
        return Drawing(*self._layers(figure, size), alt, width, height, left=left, top=top)

    def _layers(self, figure: Any, size: Sequence[int]) -> tuple[str, str]:
        """The SVG of a figure's frame and of its contents; or all in the second, to be safe."""
        for axes in figure.axes:
            axes.get_xlim()  # this fits the limits to the data
            axes.apply_aspect()
        added = _added(figure)
        if not _is_plain(figure) or any(artist.get_zorder() < _GRID for artist in added):
            return "", svg([figure], *size)
        foreground = svg(added, *size)
        for artist in added:
            with suppress(ValueError):  # it went with another, as a contour's labels do
                artist.remove()
        for axes in figure.axes:
            # Reset what the data have changed invisibly.
            axes.autoscale(False)
            axes.set_prop_cycle(None)
            axes.containers.clear()
            axes.dataLim, axes._current_image = Bbox.null(), None
        figure._suptitle = None
        # Titles are part of the frame, but most change with the settings.
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


def make_control(name: str, stops: Any, ordered: bool = True) -> Control:
    """Return a control with these stops, which are in order as those of a function must be.

    Numbers are rounded to 12 digits, as a linspace has 0.30000000000000004.
    """
    if isinstance(stops, Control):
        return stops
    if not isinstance(stops, Iterable) or isinstance(stops, str | Mapping):
        raise TypeError(f"{name} must have a list of stops, got {as_text(stops)}")
    plain = [value.item() if isinstance(value, np.generic) else value for value in stops]
    values = [float(f"{value:.12g}") if isinstance(value, float) else value for value in plain]
    kinds = (
        {bool} if bool in map(type, values) else {str} if str in map(type, values) else {int, float}
    )
    for value in values:
        if type(value) not in kinds or len(str(value).splitlines()) > 1:
            raise TypeError(
                f"{name} must have stops that are numbers, or texts of one line, or False and True; "
                f"got {as_text(value)}"
            )
    is_mixed = ordered and int in kinds and values not in (sorted(values), sorted(values)[::-1])
    if not values or is_mixed:
        raise ValueError(
            f"{name} must have stops in order, got {as_text(stops)}; np.linspace makes a range"
        )
    label = name.replace("_", " ")
    counts = set(map(type, values)) == {int} and len(values) > 2
    return Control(label, label, values, plays=counts)


@contextmanager
def _pyplot() -> Iterator[None]:
    """Let pyplot begin without figures and windows, and give it back its own afterwards."""
    import matplotlib.pyplot as plt

    private: Any = plt
    before = Gcf.figs, private._backend_mod
    Gcf.figs, private._backend_mod = OrderedDict(), _Backend
    plt.rcParams["axes.grid"] = False  # matplotlib's default: plt.grid() switches it on
    try:
        yield
    finally:
        Gcf.figs, private._backend_mod = before


class _Backend(_BackendAgg):
    show = staticmethod(lambda *args, **kwargs: None)


@contextmanager
def _seeded() -> Iterator[None]:
    """Give each picture the same random numbers from random and numpy.random."""
    ours, numpys = random.getstate(), np.random.get_state()
    random.seed(0)
    np.random.seed(0)
    try:
        yield
    finally:
        random.setstate(ours)
        np.random.set_state(numpys)


class _Printed(io.StringIO):
    """Keeps what this thread prints.  Other threads, such as a running cell, print as before."""

    def __init__(self) -> None:
        super().__init__()
        self.thread, self.others = threading.get_ident(), sys.stdout

    def write(self, text: str) -> int:
        mine = threading.get_ident() == self.thread
        return super().write(text) if mine else self.others.write(text)

    def flush(self) -> None:
        self.others.flush()


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


def _figures() -> list[MplFigure]:
    """The figures of pyplot that are not blank, in the order in which they were made."""
    made: list[Any] = [manager.canvas.figure for _, manager in sorted(Gcf.figs.items())]
    return [figure for figure in made if figure.axes or _added(figure)]


def _texts(figure: MplFigure) -> Iterator[str]:
    """The titles of a figure, and the labels of its axes."""
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


def _is_plain(figure: MplFigure) -> bool:
    """Whether nothing in the axes can lie behind a frame, or depend on how the frame is drawn."""
    engine, boxes = figure.get_layout_engine(), [axes.bbox for axes in figure.axes]
    return (
        (engine is None or isinstance(engine, PlaceHolderLayoutEngine))
        and all(
            type(axes) is Axes
            and axes.get_visible()
            and axes.get_axisbelow() is True
            and not axes.child_axes
            and axes.get_axes_locator() is None
            for axes in figure.axes
        )
        and all(box.count_overlaps(boxes) == 1 for box in boxes)
    )


class _Frame(pickle.Pickler):
    """Pickles a figure without what may differ invisibly."""

    def __init__(self, file: io.BytesIO, titles: Sequence[Any]):
        super().__init__(file)
        self.titles = titles

    def reducer_override(self, value: Any) -> Any:
        if isinstance(value, TransformNode):  # without its caches, and without what depends on it
            hidden = {"_parents", "_invalid", "_inverted"}
            hidden |= {"_mtx"} if not isinstance(value, Affine2D) else set()
            state = {name: one for name, one in vars(value).items() if name not in hidden}
            return object.__new__, (type(value),), state
        if any(value is title for title in self.titles):
            return str, (repr(value.get_position()),)
        return NotImplemented


def _key(figure: MplFigure, titles: Sequence[Any]) -> bytes | None:
    """Return a key that only equal frames share, or None if matplotlib cannot pickle the frame."""
    file = io.BytesIO()
    try:
        _Frame(file, titles).dump((figure, {name: mpl.rcParams[name] for name in RC_PARAMS}))
    except Exception:  # it has functions in it, for example
        return None
    return sha256(file.getvalue()).digest()
