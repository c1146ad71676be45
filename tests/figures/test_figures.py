"""The pictures: Views that nothing changes, and that are the same on every machine."""

import dataclasses
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import matplotlib as mpl
import numpy as np
import pytest

from course_lib import figures
from course_lib.figures import parts
from course_lib.figures.colors import LOSS, WEIGHT
from course_lib.figures.text import format_number
from course_lib.live.figure import Control, Figure, Words, figures_in
from helpers.drawn import PICTURES, axes_of, html, shared

CURVES = {"x": [1, 10, 100], "curves": {"loss": [3, 2, 1], "other one": [1, 2, 3]}}
CURVES |= {"xlabel": "x", "ylabel": "y", "ylim": (0.1, 10), "title": "two curves", "log": "xy"}
every_picture = pytest.mark.parametrize(("make", "settings"), PICTURES.values(), ids=PICTURES)


def test_every_figure_is_among_the_pictures():
    assert {*PICTURES} == {*figures_in(figures)}


@every_picture
def test_the_display_is_images_of_well_formed_svg(make, settings):
    view = shared(make)[0].show(**settings)
    images = re.findall(
        r'<img alt="([^"]*)" width="(\d+)" height="(\d+)" style="display: block; width: 100%; '
        r'height: auto" src="data:image/svg\+xml;charset=utf-8,([^"]*)">',
        html(view),
    )
    assert len(images) == len(axes_of(view.figure)) == html(view).count("<img")
    for (alt, *size, url), drawing in zip(images, view.drawings, strict=True):
        assert unescape(alt) == drawing.alt
        assert re.search(r"\d", drawing.alt)
        svg = unquote(url)
        root = ET.fromstring(svg)
        assert [root.get("width"), root.get("height")] == size
        assert size in (["360", "270"], ["360", "220"])
        assert not {"metadata", "style"} & {element.tag.split("}")[1] for element in root.iter()}
        assert " id=" not in svg  # on a page, the ids of all plots would share one space
        for attribute in re.findall(r' (?:d|x|y|transform)="([^"]*)"', svg):
            assert not re.search(r"\d\.\d\d", attribute)


@every_picture
def test_each_plot_and_the_readout_have_a_place(make, settings):
    view = shared(make)[0].show(**settings)
    places = [index for column in view.columns for index in column]
    places.remove(None)  # of the readout
    assert sorted(places) == [*range(len(view.drawings))]
    page = view.html("<p>numbers</p>")
    assert page.count("<p>numbers</p>") == 1
    # Of one plot alone the grid is another.
    without = ' style="display: grid[^"]*"|<div><p>numbers</p></div>|<p>numbers</p>'
    assert re.sub(without, "", page) == re.sub(without, "", view.html())
    assert "<div></div>" not in view.html()


def test_a_move_of_the_descent_sends_less_than_4_kb():
    for rate in (0, 0.0001, 0.0123, 0.2, 0.9, 1, 1.1, 1e30):
        drawings = shared(figures.DescentFigure)[0].show(rate=rate, steps=40).drawings
        assert sum(len(one.foreground.encode()) for one in drawings) < 4000, rate


@every_picture
def test_the_settings_alone_decide_what_a_view_is(make, settings):
    """Whatever was shown before, and by whichever figure; and they decide the foreground alone."""
    figure, first = shared(make)
    own = html(figure), repr(figure)
    view = figure.show(**settings)
    page = html(view), repr(view)
    figure.free()  # draw the backgrounds again
    other = figure.show()
    assert other == first != view
    assert (html(view), repr(view)) == page  # although the figure has shown something else
    for again in (figure.show(**settings), make().show(**settings)):
        assert again == view
        assert (html(again), repr(again)) == page
    assert own == (html(figure), repr(figure)) == (html(other), repr(other))
    for one, before in zip(view.drawings, other.drawings, strict=True):
        assert one.background == before.background
        assert one.foreground != before.foreground
        assert len(one.foreground) < 5000


@every_picture
def test_nothing_about_a_view_can_be_changed(make, settings):
    view = shared(make)[0].show(**settings)
    for field in dataclasses.fields(view):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(view, field.name, None)
    name = next(iter(view.settings))
    with pytest.raises(TypeError):
        view.settings[name] = 0.1
    with pytest.raises(TypeError):
        del view.settings[name]
    several = view.drawings, view.alt_texts, view.columns, view.readout
    assert {type(many) for many in (*several, *view.columns, *view.readout)} == {tuple}
    for drawing in view.drawings:
        with pytest.raises(dataclasses.FrozenInstanceError):
            drawing.foreground = ""


@pytest.mark.parametrize("kind", [list, np.array])
def test_a_view_holds_its_own_copies_of_what_it_was_given(kind):
    weights, updates, decay = kind([0, 1, 10, 10]), kind([1, 2, 3]), np.array(0.5)
    figure = figures.AverageFigure(weights)
    view = figure.show(decay, updates)
    page = html(view)
    weights[3], updates[0], decay[()] = 99, 99, 0.9
    assert view.settings == {"decay": 0.5, "num_updates": (1, 2, 3)}
    assert html(view) == page
    assert figure.show(0.5, [1, 2, 3]) == view


def test_a_setting_is_kept_as_python_s_own_number():
    view = figures.DescentFigure().show(rate=np.float64(0.2), steps=np.int64(3), start=np.array(5))
    assert view == figures.DescentFigure().show(rate=0.2, steps=3, start=5)
    assert repr(view).startswith("DescentFigure(rate=0.2, steps=3, start=5): ")
    assert [type(value) for value in view.settings.values()] == [float, int, int]


def test_threads_that_make_and_show_figures_get_their_own_views():
    """JupyterLab answers a panel in a thread beside that of the cells."""
    wanted = [
        (number, choice, shared(make)[0].show(**choice))
        for number, (make, settings) in enumerate(PICTURES.values())
        for choice in ({}, settings)
    ] * 2
    rules, interval = dict(mpl.rcParams.items()), sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as threads:  # at a time two pictures, each at two settings
            made = [*threads.map(lambda make: make(), [make for make, _ in PICTURES.values()])]
            shown = threads.map(lambda one: made[one[0]].show(**one[1]), wanted)
            for view, (_, _, alone) in zip(shown, wanted, strict=True):
                assert view == alone, alone.name
    finally:
        sys.setswitchinterval(interval)
    assert dict(mpl.rcParams.items()) == rules


def test_neither_hash_seed_nor_a_user_s_settings_matter(tmp_path):
    """Nor does a picture need pyplot, which chooses a backend."""
    (tmp_path / "matplotlibrc").write_text(
        "font.size: 30\nlines.linewidth: 9\nsvg.fonttype: path\naxes.grid: False\n"
        "axes.titlelocation: right\npath.simplify: True\nfigure.dpi: 300\n"
    )
    code = (
        "import sys\nfrom helpers.drawn import PICTURES, html\n"
        "for make, settings in PICTURES.values(): print(html(make().show(**settings)))\n"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    environment = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
    environment |= {"PYTHONPATH": str(Path(__file__).parents[1]), "PYTHONIOENCODING": "utf-8"}
    # Here the seed is a random one.
    environment |= {"PYTHONHASHSEED": "0", "MATPLOTLIBRC": str(tmp_path)}
    python = [sys.executable, "-c", code]
    run = subprocess.run(python, env=environment, check=True, capture_output=True, encoding="utf-8")
    pages = [html(shared(make)[0].show(**settings)) for make, settings in PICTURES.values()]
    assert run.stdout.splitlines() == "\n".join(pages).splitlines()


NO_NUMBERS = ([0.25], [0.25, 0.5], [[1]], "x", None, np.nan, np.inf, 1j, 10**400)


def whole(low, high):
    return [low, high], [low - 1, high + 1, low + 0.5, float(high)]


# Of a setting: what is shown, however far it is, and what is refused beside it.
ANY, AT_LEAST_0 = ([-3e38, 3e38], []), ([0, 1e-50, 2.5, 3e38], [-1e-9])
ABOVE_0, BELOW_1 = ([1e-9, 3e38], [-1, 0, 1e-50]), ([0, 0.99], [-1e-9, 1])
BETWEEN, UP_TO_1 = ([1e-9, 0.99], [0, 1e-50, 1]), ([0, 1], [-1e-9, 1.001])
SWITCH, HUNDREDS = ([True, False], [0, 1.0]), ([100, 1000], [0, 150, 250.5, 1100])
RANGES = {
    "Average": {"decay": UP_TO_1},
    "Batch": {"batch": whole(1, 256), "rate": BETWEEN},
    "Bowl": {"rate": AT_LEAST_0, "ratio": ([1, 3e38], [0.999]), "momentum": SWITCH},
    "Descent": {"rate": AT_LEAST_0, "start": ANY, "steps": whole(0, 40)},
    "Distance": {"rate": AT_LEAST_0, "tolerance": ABOVE_0},
    "NoisyAverage": {"decay": UP_TO_1, "warm_up": SWITCH, "noise": SWITCH, "steps": HUNDREDS},
    "Rivals": {"base": AT_LEAST_0, "noise": AT_LEAST_0, "planned": whole(10, 2000)},
    "Ruler": {"rate": AT_LEAST_0, "start": ANY, "steps": whole(0, 40)},
    "Schedule": {
        "base": AT_LEAST_0,
        "decay_rate": ([1e-9, 1e7], [-1, 0, 1e-50]),  # far above, float32 overflows
        "decay_steps": ABOVE_0,
        "staircase": SWITCH,
        "steps": whole(1, 40),
    },
    "Starts": {"decay": BELOW_1},
    "TwoLosses": {"rate": AT_LEAST_0, "start": ANY},
    "Valleys": {"rate": AT_LEAST_0, "start": ANY},
    "Variance": {"rate": BETWEEN, "decay": BELOW_1},
    "Ruled": {
        "low": ([1, 3e38], [0.999]),
        "above": ([1.001, 3e38], [1, 1 + 1e-9]),
        "high": ([-3e38, 1], [1.001]),
        "below": ([-3e38, 0.999], [1]),
        "whole": whole(1, 3),
    },
}


class Ruled(Figure):
    """A control for each rule of a range; the drawing itself refuses nothing, and overflows."""

    controls = {rule: Control(rule, "", (1, 2, 3), **{rule: 1}) for rule in RANGES["Ruled"]}

    def axes(self):
        return []

    def draw(self, axes, low=1, above=2, high=1, below=0, whole=1):
        return Words(f"{np.square(1e300)}", [])


@pytest.mark.parametrize(("make", "settings"), [*PICTURES.values(), (Ruled, {})])
@np.errstate(all="raise")
def test_every_setting_is_shown_or_refused_by_its_name(make, settings):
    """NumPy's error state, in which no computation may under- or overflow, changes nothing."""
    figure, view = shared(make)
    ranges = RANGES[type(figure).__name__.removesuffix("Figure")]
    assert [*ranges] == [*figure.controls]
    for name, (good, bad) in ranges.items():
        for value in good:
            shown = figure.show(**settings | {name: value})
            assert shown.settings[name] == value
            assert "nan" not in "".join(one.foreground for one in shown.drawings), (name, value)
        for value in (*bad, *NO_NUMBERS, *([] if True in good[:1] else [True, np.bool_(False)])):
            with pytest.raises((TypeError, ValueError), match=f"^{name} must be "):
                figure.show(**settings | {name: value})
    assert figure.show() == view


def curves(**changes):
    return figures.CurvesFigure(**CURVES | changes)


REFUSED = [
    (lambda: curves(curves={}), "curves must hold from 1 to 4 curves, got 0"),
    (lambda: curves(curves={key: [] for key in "abcde"}), "curves .* from 1 to 4 .*, got 5"),
    (lambda: curves(curves={"loss": [1, 2]}), "loss must have .* each of the 3 of x, got 2"),
    (lambda: curves(curves={"loss": ["1", "2", "3"]}), "loss must be a real number"),
    (lambda: curves(curves={"loss": 7}), r"loss must be 1-dimensional, got shape \(\)"),
    (lambda: curves(x=7), r"x must be 1-dimensional, got shape \(\)"),
    (lambda: curves(x=[1]), r"x must hold two values or more, got \[1\]"),
    (lambda: curves(x=[0, 1, 2]), "x must be greater than 0, got 0 at index 0"),
    (lambda: curves(ylim=(-1, 1)), "ylim must be greater than 0, got -1 at index 0"),
    (lambda: curves(ylim=[(1, 2), (3, 4)]), "ylim must be 1-dimensional, got shape"),
    (lambda: curves(ylim=(2, 9)), "y must reach over a power of ten, got limits of 2 and 9"),
    (lambda: curves(log="z"), "log must name the axes x or y, got 'z'"),
    (lambda: figures.ScheduleFigure(0), "top must be greater than 0, got 0"),
    (lambda: figures.ScheduleFigure([0.1, 0.2]), "top must be a single number"),
    (lambda: figures.AverageFigure([3.0]), "weights must hold two values or more, got 1"),
    (lambda: figures.AverageFigure([np.inf, 1.0]), "weights must be finite"),
    (lambda: figures.AverageFigure([[1.0, 2.0]]), "weights must be 1-dimensional"),
    (lambda: figures.AverageFigure([0, 1]).show(0, [1, 2]), "num_updates must be a single n"),
    (lambda: figures.DescentFigure().show(momentum=1), ".*unexpected .* argument 'momentum'"),
]


@pytest.mark.parametrize(("call", "message"), REFUSED)
def test_what_cannot_be_drawn_is_refused_and_named(call, message):
    with pytest.raises((ValueError, TypeError), match=f"^{message}"):
        call()


def ticks_of(axis):
    return [label.get_text() for label in axis.get_ticklabels()]


def test_curves_have_the_colours_and_looks_of_their_quantities():
    values = {name: [1, 2, 3] for name in ("one", "weight", "two", "loss")}
    figure = curves(curves=values, ylim=(1e-9, 1e9))
    (axes,) = axes_of(figure)
    drawn = [stroke.look["color"] for stroke in axes.artists]
    assert len(set(drawn)) == 4
    assert drawn[1::2] == [WEIGHT, LOSS]
    assert ticks_of(axes.xaxis) == ["1", "10¹", "10²"]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == list(values)
    assert "two curves" in figure.show().drawings[0].svg()
    assert "one 1.000000 → 3.000000" in html(figure)
    values = {name: [1, 2, 3] for name in ("loss", "other", "weight", "shadow")}
    (axes,) = axes_of(curves(curves=values, log="", xticks=[1, 40, 100]))
    looks = [stroke.look for stroke in axes.artists]
    assert [look["linestyle"] != "-" for look in looks] == [False, True, False, False]
    assert [look["linewidth"] for look in looks] == [2, 2, 1.5, 3]
    assert axes.get_xticks().tolist() == [1, 40, 100]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("x", "y")
    assert (axes.get_xlim(), axes.get_ylim()) == ((1, 100), (0.1, 10))
    assert axes_of(curves())[0].get_legend()
    (own,) = axes_of(curves(log="", curves={"loss": [1, 2, 3]}))
    assert len(own.get_xticks()) > 3
    assert own.get_legend() is None  # its one curve is what the title tells of


TICKS = [
    ((1e-3, 1e4), ["10⁻³", "10⁻²", "10⁻¹", "1", "10¹", "10²", "10³", "10⁴"]),
    ((1e-4, 1e4), ["10⁻³", "1", "10³"]),
    ((1e-9, 1e9), ["10⁻⁹", "10⁻⁶", "10⁻³", "1", "10³", "10⁶", "10⁹"]),
    ((0.5, 2), ["1"]),
]


@pytest.mark.parametrize(("ylim", "ticks"), TICKS)
def test_of_many_powers_of_ten_every_third_is_a_tick(ylim, ticks):
    (axes,) = axes_of(curves(ylim=ylim))
    assert ticks_of(axes.yaxis) == ticks
    np.testing.assert_allclose(axes.get_ylim(), ylim)


def test_the_words_on_curves_name_each_with_its_ends():
    view = curves().show()
    ends = "loss 3.000000 → 1.000000, other one 1.000000 → 3.000000"
    assert repr(view) == f"CurvesFigure(two curves): {ends}"
    assert view.alt_texts == (f"two curves. y over x, from 1.000000 to 100.000000: {ends}.",)


def test_what_is_outside_a_frame():
    values = [0.0, -1.0, -np.inf, np.inf, np.nan, 1e-30, 1e-29, 0.5, 1.0, 1e29, 1e30]
    placed = parts.on_log_axis(values)
    assert placed.tolist() == [1e-30, 1e-30, 1e-30, 1e30, 1e30, 1e-30, 1e-29, 0.5, 1.0, 1e29, 1e30]
    assert parts.on_log_axis(np.float32([0.5, 0])).dtype == np.float64
    assert parts.in_frame([-9.001, -9, -1, 7, 7.001]).tolist() == [False, True, True, True, False]
    inside = parts.in_frame([-1, 0, 2, 3, np.nan], (0, 2))
    assert inside.tolist() == [False, True, True, False, False]


def test_a_number_has_six_decimals_where_they_say_something():
    values = [np.inf, -np.inf, 0, -0.0, 5e-7, 6e-7, 4.9e-7, -4.9e-7, -2.5]
    texts = "infinity -infinity 0.000000 0.000000 0.000000 0.000001 4.900e-07 -4.900e-07"
    values += [999_999.5, 1e6, 1_000_000.5, -1e6]
    texts += " -2.500000 999999.500000 1.000e+06 1.000e+06 -1.000e+06"
    for kind in (float, np.float64):
        assert [format_number(kind(value)) for value in values] == texts.split()
    assert format_number(0) == "0.000000"


PICKS = {
    "DescentFigure": ["start", ""],
    "RulerFigure": ["", "start", ""],
    "TwoLossesFigure": ["start", "start", ""],
    "ValleysFigure": ["start", ""],
    "VarianceFigure": ["", "rate"],
}


def test_which_plots_can_be_clicked():
    for name, (make, _) in PICTURES.items():
        drawings = shared(make)[1].drawings
        picks = PICKS.get(name, [""] * len(drawings))
        assert [drawing.pick for drawing in drawings] == picks, name
        assert [bool(drawing.axis) for drawing in drawings] == [bool(pick) for pick in picks], name


def test_a_drawing_that_was_interrupted_leaves_nothing(monkeypatch):
    def interrupt(weight):
        raise KeyboardInterrupt

    for settings in ({"rate": 0.2}, {"rate": 0.9}):  # shown before, and interrupted
        figure = figures.DescentFigure()
        figure.show(rate=0.2)
        with monkeypatch.context() as patch:
            patch.setattr(parts, "gradient", interrupt)
            with pytest.raises(KeyboardInterrupt):
                figure.show(rate=0.9)
        assert figure.show(**settings) == figures.DescentFigure().show(**settings)
