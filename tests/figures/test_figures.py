"""The pictures: Views that nothing changes, the same on every machine, which show and say what the
library computes.
"""

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

from course_lib import descend, exponential_decay, gradient, moving_average
from course_lib.figures import (
    AverageFigure,
    BatchFigure,
    BowlFigure,
    CurvesFigure,
    DescentFigure,
    DistanceFigure,
    NoisyAverageFigure,
    RivalsFigure,
    RulerFigure,
    ScheduleFigure,
    StartsFigure,
    TwoLossesFigure,
    ValleysFigure,
    VarianceFigure,
    parts,
)
from course_lib.figures.colors import LOSS, TEXT, WEIGHT
from course_lib.figures.text import format_number
from helpers.drawn import axes_of, html, lines, shared, strokes

PICTURES = {
    "BowlFigure": (BowlFigure, {"rate": 0.9, "ratio": 100, "momentum": True}),
    "DescentFigure": (DescentFigure, {"rate": 0.9, "steps": 12}),
    "DistanceFigure": (DistanceFigure, {"rate": 0.05, "tolerance": 1e-6}),
    "ScheduleFigure": (
        ScheduleFigure,
        {"base": 0.1, "decay_rate": 0.7, "decay_steps": 3, "staircase": False},
    ),
    "BatchFigure": (BatchFigure, {"batch": 16, "rate": 0.8}),
    "RivalsFigure": (RivalsFigure, {"base": 0.9, "noise": 12.0, "planned": 2000}),
    "RulerFigure": (RulerFigure, {"rate": 0.9}),
    "NoisyAverageFigure": (NoisyAverageFigure, {"decay": 0.5, "warm_up": True, "noise": False}),
    "StartsFigure": (StartsFigure, {"decay": 0.5}),
    "VarianceFigure": (VarianceFigure, {"rate": 0.9, "decay": 0.99}),
    "TwoLossesFigure": (TwoLossesFigure, {"rate": 1.1, "start": -0.9}),
    "AverageFigure": (lambda: AverageFigure([0, 1, 10, 10]), {"decay": 0.5, "num_updates": 7}),
}
CURVES = {
    "x": [1, 10, 100],
    "curves": {"loss": [3, 2, 1], "other one": [1, 2, 3]},
    "xlabel": "x",
    "ylabel": "y",
    "ylim": (0.1, 10),
    "title": "two curves",
    "log": "xy",
}
every_picture = pytest.mark.parametrize(("make", "settings"), PICTURES.values(), ids=PICTURES)


@every_picture
def test_the_display_is_images_of_well_formed_svg(make, settings):
    view = shared(make)[0].show(**settings)
    images = re.findall(
        r'<img alt="([^"]*)" width="(\d+)" height="(\d+)" style="display: block; width: 100%; '
        r'height: auto" src="data:image/svg\+xml;charset=utf-8,([^"]*)">',
        html(view),
    )
    assert (
        len(images) == len(view.drawings) == len(axes_of(view.figure)) == html(view).count("<img")
    )
    for (alt, *size, svg), drawing in zip(images, view.drawings, strict=True):
        assert unescape(alt) == drawing.alt
        assert re.search(r"\d", drawing.alt)
        root = ET.fromstring(unquote(svg))
        assert [root.get("width"), root.get("height")] == size
        assert size in (["360", "270"], ["360", "220"])
        assert not {"metadata", "style"} & {element.tag.split("}")[1] for element in root.iter()}


@every_picture
def test_each_plot_has_its_place_and_the_readout_has_its_own(make, settings):
    view = shared(make)[0].show(**settings)
    assert sorted(index for column in view.columns for index in column if index is not None) == [
        *range(len(view.drawings))
    ]
    assert [index for column in view.columns for index in column].count(None) == 1
    page = view.html("<p>numbers</p>")
    assert page.count("<p>numbers</p>") == 1
    # Of one plot alone the grid is another.
    without = [
        re.sub(' style="display: grid[^"]*"|<div><p>numbers</p></div>|<p>numbers</p>', "", one)
        for one in (page, view.html())
    ]
    assert without[0] == without[1]
    assert "<div></div>" not in view.html()


@every_picture
def test_coordinates_are_rounded_and_nothing_has_an_id(make, settings):
    """On a page, the ids of all plots would share one space."""
    for drawing in shared(make)[0].show(**settings).drawings:
        for attribute in re.findall(r' (?:d|x|y|transform)="([^"]*)"', drawing.svg()):
            assert not re.search(r"\d\.\d\d", attribute)
        assert " id=" not in drawing.svg()


@every_picture
def test_only_the_foreground_changes(make, settings):
    figure = make()
    first = figure.show()
    figure.free()  # draw the backgrounds again
    second = figure.show(**settings)
    for one, other in zip(second.drawings, first.drawings, strict=True):
        assert one.background == other.background
        foreground, before = one.foreground, other.foreground
        assert foreground != before
        assert len(foreground) < 5000


@pytest.mark.parametrize("rate", [0, 0.0001, 0.0123, 0.2, 0.9, 1, 1.1, 1e30])
def test_a_move_of_the_descent_sends_less_than_4_kb(rate):
    assert (
        sum(
            len(one.foreground.encode())
            for one in DescentFigure().show(rate=rate, steps=40).drawings
        )
        < 4000
    )


@every_picture
def test_the_same_settings_give_the_same_view_whatever_was_shown_before_and_by_whichever_figure(
    make, settings
):
    figure = make()
    view = figure.show(**settings)
    page, text = html(view), repr(view)
    other = figure.show()
    assert other != view
    assert (html(view), repr(view)) == (page, text)  # although the figure has shown something else
    for again in (figure.show(**settings), make().show(**settings)):
        assert again == view
        assert (html(again), repr(again)) == (page, text)
    assert figure.show() == other == make().show()


@every_picture
def test_a_figure_displays_its_own_choice_whatever_was_shown(make, settings):
    figure = make()
    before = html(figure), repr(figure)
    assert before == (html(make().show()), repr(make().show()))
    figure.show(**settings)
    assert (html(figure), repr(figure)) == before


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
    for many in (
        view.drawings,
        view.drawings,
        view.alt_texts,
        view.columns,
        view.readout,
        *view.columns,
        *view.readout,
    ):
        assert isinstance(many, tuple)
    for drawing in view.drawings:
        with pytest.raises(dataclasses.FrozenInstanceError):
            drawing.foreground = ""


@pytest.mark.parametrize("kind", [list, np.array])
def test_a_view_holds_its_own_copies_of_what_it_was_given(kind):
    weights, updates, decay = kind([0, 1, 10, 10]), kind([1, 2, 3]), np.array(0.5)
    figure = AverageFigure(weights)
    view = figure.show(decay, updates)
    page = html(view)
    weights[3], updates[0], decay[()] = 99, 99, 0.9
    assert view.settings == {"decay": 0.5, "num_updates": (1, 2, 3)}
    assert html(view) == page
    assert figure.show(0.5, [1, 2, 3]) == view


def test_a_setting_is_kept_as_python_s_own_number():
    view = DescentFigure().show(rate=np.float64(0.2), steps=np.int64(3), start=np.array(5))
    assert view == DescentFigure().show(rate=0.2, steps=3, start=5)
    assert repr(view).startswith("DescentFigure(rate=0.2, steps=3, start=5): ")
    assert [type(value) for value in view.settings.values()] == [float, int, int]


@every_picture
def test_two_threads_that_show_one_figure_each_get_their_own_view(make, settings):
    """JupyterLab answers a panel in a thread beside that of the cells."""
    chosen = ({}, settings)
    expected = [make().show(**choice) for choice in chosen]
    figure = make()
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(2) as threads:
            running = [
                threads.submit(lambda choice=choice: [figure.show(**choice) for _ in range(20)])
                for choice in chosen
            ]
            for views, view in zip(running, expected, strict=True):
                assert all(shown == view for shown in views.result())
    finally:
        sys.setswitchinterval(interval)


def test_threads_that_make_figures_leave_one_another_and_matplotlib_s_settings_alone():
    before = dict(mpl.rcParams.items())
    expected = {name: make().show(**settings) for name, (make, settings) in PICTURES.items()}
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as threads:
            running = [
                (
                    name,
                    threads.submit(lambda name=name: PICTURES[name][0]().show(**PICTURES[name][1])),
                )
                for name in [*PICTURES] * 3
            ]
            for name, view in running:
                assert view.result() == expected[name]
    finally:
        sys.setswitchinterval(interval)
    assert dict(mpl.rcParams.items()) == before


def test_neither_hash_seed_nor_a_user_s_settings_change_a_picture(tmp_path):
    (tmp_path / "matplotlibrc").write_text(
        "font.size: 30\nlines.linewidth: 9\nsvg.fonttype: path\naxes.grid: False\n"
        "axes.titlelocation: right\npath.simplify: True\nfigure.dpi: 300\n"
    )
    code = (
        "from figures.test_figures import *\nfor make, settings in PICTURES.values(): "
        "print(html(make().show(**settings)))"
    )
    environment = os.environ | {
        "PYTHONPATH": str(Path(__file__).parents[1]),
        "PYTHONIOENCODING": "utf-8",
    }
    shown = [
        subprocess.run(
            [sys.executable, "-c", code],
            env=environment | changes,
            check=True,
            text=True,
            capture_output=True,
            encoding="utf-8",
        ).stdout
        for changes in (
            {"PYTHONHASHSEED": "1"},
            {"PYTHONHASHSEED": "2", "MATPLOTLIBRC": str(tmp_path)},
        )
    ]
    assert shown[0] == shown[1]
    assert len(shown[0]) > 10_000


def test_no_picture_needs_pyplot_or_chooses_a_backend():
    code = (
        "from figures.test_figures import *\nfor make, settings in PICTURES.values(): "
        "html(make().show(**settings))\n"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    environment = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
    subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        env=environment | {"PYTHONPATH": str(Path(__file__).parents[1])},
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"curves": {}}, "curves must hold from 1 to 4 curves, got 0"),
        (
            {"curves": {name: [1, 2, 3] for name in "abcde"}},
            "curves must hold from 1 to 4 curves, got 5",
        ),
        ({"curves": {"loss": [1, 2]}}, "loss must have one value for each of the 3 of x, got 2"),
        ({"curves": {"loss": ["1", "2", "3"]}}, "loss must be a real number or an array of them"),
        ({"curves": {"loss": 7}}, r"loss must be 1-dimensional, got shape \(\)"),
        ({"x": 7}, r"x must be 1-dimensional, got shape \(\)"),
        ({"x": [1]}, r"x must hold two values or more, got \[1\]"),
        ({"x": [0, 1, 2]}, "x must be greater than 0, got 0 at index 0"),
        ({"ylim": (-1, 1)}, "ylim must be greater than 0, got -1 at index 0"),
        ({"ylim": [(1, 2), (3, 4)]}, r"ylim must be 1-dimensional, got shape \(2, 2\)"),
        ({"ylim": (2, 9)}, "y must reach over a power of ten, got limits of 2 and 9"),
        ({"log": "z"}, "log must name the axes x or y, got 'z'"),
    ],
)
def test_curves_that_cannot_be_drawn_are_refused_and_named(changes, message):
    with pytest.raises((ValueError, TypeError), match=f"^{message}"):
        CurvesFigure(**CURVES | changes)


def test_curves_have_the_colours_of_their_quantities_and_powers_of_ten_on_their_axes():
    curves = {name: [1, 2, 3] for name in ("one", "weight", "two", "loss")}
    figure = CurvesFigure(**CURVES | {"curves": curves, "ylim": (1e-9, 1e9)})
    (drawing,) = figure.show().drawings
    (axes,) = axes_of(figure)
    drawn = [stroke.look["color"] for stroke in axes.artists]
    assert len(set(drawn)) == 4
    assert drawn[1::2] == [WEIGHT, LOSS]
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["1", "10¹", "10²"]
    assert [tick.get_text() for tick in axes.get_yticklabels()] == [
        "10⁻⁹",
        "10⁻⁶",
        "10⁻³",
        "1",
        "10³",
        "10⁶",
        "10⁹",
    ]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == list(curves)
    assert "two curves" in drawing.svg()
    assert "one 1.000000 → 3.000000" in html(CurvesFigure(**CURVES | {"curves": curves}))


def test_what_has_no_place_on_a_logarithmic_axis_leaves_the_frame_and_all_else_stays():
    values = [0.0, -1.0, -np.inf, np.inf, np.nan, 1e-30, 1e-29, 0.5, 1.0, 1e29, 1e30]
    placed = parts.on_log_axis(values)
    assert placed.tolist() == [1e-30, 1e-30, 1e-30, 1e30, 1e30, 1e-30, 1e-29, 0.5, 1.0, 1e29, 1e30]
    assert parts.on_log_axis(np.float32([0.5, 0])).dtype == np.float64


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.nan, "not a number"),
        (np.inf, "infinity"),
        (-np.inf, "-infinity"),
        (0, "0.000000"),
        (-0.0, "0.000000"),
        (5e-7, "0.000000"),
        (6e-7, "0.000001"),
        (4.9e-7, "4.900e-07"),
        (-4.9e-7, "-4.900e-07"),
        (-2.5, "-2.500000"),
        (999_999.5, "999999.500000"),
        (1e6, "1.000e+06"),
        (1_000_000.5, "1.000e+06"),
        (-1e6, "-1.000e+06"),
    ],
)
def test_a_number_has_six_decimals_where_they_say_something(value, text):
    assert format_number(value) == format_number(np.float64(value)) == text


def test_curves_are_told_apart_by_dashes_and_widths_and_have_the_ticks_that_are_asked_for():
    curves = {name: [1, 2, 3] for name in ("loss", "other", "weight", "shadow")}
    (axes,) = axes_of(
        CurvesFigure(**CURVES | {"curves": curves, "log": "", "xticks": [1, 40, 100]})
    )
    looks = [stroke.look for stroke in axes.artists]
    assert [look["linestyle"] != "-" for look in looks] == [False, True, False, False]
    assert [look["linewidth"] for look in looks] == [2, 2, 1.5, 3]
    assert axes.get_xticks().tolist() == [1, 40, 100]
    assert (axes.get_xlabel(), axes.get_ylabel(), axes.get_xlim(), axes.get_ylim()) == (
        "x",
        "y",
        (1, 100),
        (0.1, 10),
    )
    (two,) = axes_of(CurvesFigure(**CURVES))
    assert two.get_legend()
    (own,) = axes_of(CurvesFigure(**CURVES | {"log": "", "curves": {"loss": [1, 2, 3]}}))
    assert len(own.get_xticks()) > 3
    assert own.get_legend() is None  # its one curve is what the title tells of


@pytest.mark.parametrize(
    ("ylim", "ticks"),
    [
        ((1e-3, 1e4), ["10⁻³", "10⁻²", "10⁻¹", "1", "10¹", "10²", "10³", "10⁴"]),
        ((1e-4, 1e4), ["10⁻³", "1", "10³"]),
        ((0.5, 2), ["1"]),
    ],
)
def test_of_more_than_eight_powers_of_ten_every_third_is_a_tick(ylim, ticks):
    (axes,) = axes_of(CurvesFigure(**CURVES | {"ylim": ylim}))
    assert [tick.get_text() for tick in axes.get_yticklabels()] == ticks
    np.testing.assert_allclose(axes.get_ylim(), ylim)


def test_the_words_on_curves_name_each_with_its_ends():
    view = CurvesFigure(**CURVES).show()
    ends = "loss 3.000000 → 1.000000, other one 1.000000 → 3.000000"
    assert repr(view) == f"CurvesFigure(two curves): {ends}"
    assert view.alt_texts == (f"two curves. y over x, from 1.000000 to 100.000000: {ends}.",)


@pytest.mark.parametrize(
    ("updates", "faint", "dots"),
    [(20, False, 21), (21, True, 22), (100, True, 101), (101, True, 0)],
)
def test_a_long_path_stands_back_behind_its_average_and_of_very_many_weights_none_is_a_dot(
    updates, faint, dots
):
    weights = np.arange(updates + 1) % 7
    (line, look), *points, _ = strokes(AverageFigure(weights), 0, decay=0.9)
    assert look["alpha"] == (0.45 if faint else None)
    np.testing.assert_allclose(line, [range(updates + 1), weights])
    assert len(points) == bool(dots)
    for places, of_dots in points:
        assert (of_dots["alpha"], of_dots["linewidth"]) == (look["alpha"], 3 if faint else 6)
        assert places[:, ::3].tolist() == [[*range(dots)], weights[:dots].tolist()]


@pytest.mark.parametrize(
    ("make", "settings"),
    [
        (AverageFigure, {"decay": 0}),
        (AverageFigure, {"decay": 1}),
        (BatchFigure, {"batch": 1}),
        (BatchFigure, {"batch": 256}),
        (BowlFigure, {"rate": 0}),
        (BowlFigure, {"ratio": 1}),
        (DescentFigure, {"rate": 0}),
        (DescentFigure, {"steps": 0}),
        (DescentFigure, {"steps": 40}),
        (DistanceFigure, {"rate": 0}),
        (NoisyAverageFigure, {"steps": 100}),
        (NoisyAverageFigure, {"steps": 1000}),
        (RivalsFigure, {"base": 0}),
        (RivalsFigure, {"noise": 0}),
        (RivalsFigure, {"planned": 10}),
        (RivalsFigure, {"planned": 2000}),
        (ScheduleFigure, {"steps": 1}),
        (ScheduleFigure, {"steps": 40}),
        (StartsFigure, {"decay": 0}),
        (TwoLossesFigure, {"rate": 0}),
        (VarianceFigure, {"decay": 0}),
        (VarianceFigure, {"rate": 1e-9}),
    ],
)
def test_the_ends_of_what_a_setting_may_be_are_shown(make, settings):
    figure = make([0, 1]) if make is AverageFigure else make()
    assert figure.show(**settings).settings == {**figure.show().settings, **settings}


@pytest.mark.parametrize(
    ("make", "settings"),
    [
        (lambda: AverageFigure([0, 1]), {"decay": 0.99, "num_updates": None}),
        (BatchFigure, {"batch": 1, "rate": 0.3}),
        (BowlFigure, {"rate": 0.5, "ratio": 10, "momentum": False}),
        (DistanceFigure, {"rate": 0.2, "tolerance": 0.01}),
        (DescentFigure, {"rate": 0.2, "steps": 40, "start": 5}),
        (NoisyAverageFigure, {"decay": 0.9, "warm_up": False, "noise": True, "steps": 100}),
        (RivalsFigure, {"base": 0.3, "noise": 3, "planned": 200}),
        (RulerFigure, {"rate": 0.2, "steps": 40, "start": 5}),
        (
            ScheduleFigure,
            {"base": 0.1, "decay_rate": 0.5, "decay_steps": 10, "staircase": True, "steps": 40},
        ),
        (StartsFigure, {"decay": 0.9}),
        (TwoLossesFigure, {"rate": 0.2, "start": 2}),
        (VarianceFigure, {"rate": 0.3, "decay": 0.9}),
    ],
)
def test_what_a_figure_shows_by_itself_is_where_its_panel_starts(make, settings):
    figure = make()
    assert figure.show().settings == settings
    assert figure.show(**settings).drawings == figure.show().drawings


def test_a_weight_at_the_edge_is_in_the_frame():
    assert parts.in_frame([-9.001, -9, -1, 7, 7.001]).tolist() == [False, True, True, True, False]
    assert parts.in_frame([-1, 0, 2, 3, np.nan], (0, 2)).tolist() == [
        False,
        True,
        True,
        False,
        False,
    ]


def test_an_average_tells_what_it_is_made_with():
    weights = [0, 1, 10]
    assert AverageFigure(weights).arguments == {"weights": weights}
    assert AverageFigure(**AverageFigure(weights).arguments).show() == AverageFigure(weights).show()


@pytest.mark.parametrize(
    ("top", "message"),
    [
        (0, "top must be greater than 0, got 0"),
        (-1, "top must be greater than 0, got -1"),
        ([0.1, 0.2], "top must be a single number"),
        (np.nan, "top must be finite"),
    ],
)
def test_a_schedule_s_axis_reaches_above_0(top, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        ScheduleFigure(top)


@pytest.mark.parametrize("staircase", [True, False])
@pytest.mark.parametrize(("decay_steps", "decay_rate"), [(1, 0.5), (10, 0.5), (2, 0.96), (20, 0.3)])
def test_how_far_a_schedule_takes_the_weight_is_what_20_000_steps_come_to(
    decay_steps, decay_rate, staircase
):
    w, total = 5.0, 0.0
    for t in range(20_000):
        rate = 0.1 * decay_rate ** (t // decay_steps if staircase else t / decay_steps)
        w, total = w - rate * 2 * (w + 1), total + rate
    said = dict(ScheduleFigure().show(0.1, decay_rate, decay_steps, staircase).readout)
    assert float(said["sum of all rates, for ever"]) == pytest.approx(total, abs=1e-6)
    assert float(said["where the weight stalls"].removeprefix("w = ")) == pytest.approx(w, abs=1e-6)


@pytest.mark.parametrize(
    ("settings", "total", "stall"),
    [
        ({"decay_rate": 1.0}, "without end", "nowhere"),
        ({"decay_rate": 1.5}, "without end", "nowhere"),
        ({"decay_steps": 2.5}, "not computed", "not computed"),
        ({"decay_steps": 2.5, "decay_rate": 1.0}, "without end", "nowhere"),
    ],
)
def test_a_schedule_that_goes_on_for_ever_or_cannot_be_summed_says_so(settings, total, stall):
    said = dict(ScheduleFigure().show(**settings).readout)
    assert (said["sum of all rates, for ever"], said["where the weight stalls"]) == (total, stall)


def first_line(view, plot):
    return lines(view, plot)[0][1]


# What half a tenth of a pixel, to which a point is rounded, is in data.
WEIGHT_STEP, LOSS_STEP, STEP_STEP, POWER_STEP = (
    0.05 * 16 / 277,
    0.05 * 67 / 186,
    0.05 * 42 / 277,
    0.05 * 21 / 186,
)


@pytest.mark.parametrize(("rate", "start"), [(0.2, 5.0), (0.9, -6.0), (1.0, 5.0)])
def test_the_path_that_is_drawn_is_the_descent(rate, start):
    """Read the first line of both foregrounds back from pixels, which are rounded to 0.1, into
    data.
    """
    view = DescentFigure().show(rate=rate, steps=8, start=start)
    trace = descend([rate] * 8, start)
    weight, loss = first_line(view, 0)
    np.testing.assert_allclose(weight, trace.weight, atol=WEIGHT_STEP + 1e-6)
    np.testing.assert_allclose(loss, trace.loss, atol=LOSS_STEP + 1e-6)
    step, loss = first_line(view, 1)
    np.testing.assert_allclose(step, range(9), atol=STEP_STEP + 1e-6)
    np.testing.assert_allclose(np.log10(loss), np.log10(trace.loss), atol=POWER_STEP + 1e-6)


def slope_and_step(view, plot=0):
    """The tangents and the arrows of a parabola, each by its points: what is drawn in the colour of
    text.
    """
    drawn = [
        (attributes, points)
        for attributes, points in lines(view, plot)
        if attributes.get("stroke") == TEXT
    ]
    return (
        [points for attributes, points in drawn if "stroke-dasharray" in attributes],
        [points for attributes, points in drawn if "stroke-dasharray" not in attributes],
    )


RUNS = [
    (0.2, 0, 5.0),
    (0.2, 3, 5.0),
    (0.9, 2, 5.0),
    (0.3, 2, -7.0),
    (1.0, 1, 5.0),
    (0.01, 5, 0.0),
    (0.5, 0, 5.0),
]


@pytest.mark.parametrize(("rate", "steps", "start"), RUNS)
def test_the_arrow_is_as_long_as_the_next_step_and_starts_where_the_weight_is(rate, steps, start):
    trace = descend([rate] * (steps + 1), start)
    _, [(weight, loss)] = slope_and_step(DescentFigure().show(rate=rate, steps=steps, start=start))
    assert weight[0] == pytest.approx(trace.weight[-2], abs=WEIGHT_STEP + 1e-6)
    step = -rate * float(gradient(trace.weight[-2]))
    assert weight[1] - weight[0] == pytest.approx(step, abs=2 * WEIGHT_STEP)
    assert weight[1] == pytest.approx(
        trace.weight[-1], abs=WEIGHT_STEP + 1e-5
    )  # where the next step leads
    np.testing.assert_allclose(
        loss[[0, 1, 3]], trace.loss[-2], atol=LOSS_STEP + 1e-6
    )  # level, out and back
    head = weight[[2, 4]] - weight[1]
    assert (head * step <= 0).all()  # the point is ahead
    assert (np.sign(loss[[2, 4]] - loss[1]) == [1, -1]).all()


@pytest.mark.parametrize(
    ("rate", "steps", "start"), [*RUNS, (0.2, 40, -1.0), (0.0, 3, -8.5), (1.1, 3, -1.5)]
)
def test_the_tangent_touches_the_parabola_at_the_weight_with_the_slope_there(rate, steps, start):
    trace = descend([rate] * steps, start) if steps else descend([rate], start)
    at, height = (float(values[steps]) for values in trace)
    [(weight, loss)], _ = slope_and_step(DescentFigure().show(rate=rate, steps=steps, start=start))
    assert len(weight) == 2
    assert weight[0] - WEIGHT_STEP <= at <= weight[1] + WEIGHT_STEP
    slope = float(gradient(at))
    rounding = 2 * (LOSS_STEP + abs(slope) * WEIGHT_STEP)
    assert (loss[1] - loss[0]) / (weight[1] - weight[0]) == pytest.approx(
        slope, abs=rounding / (weight[1] - weight[0])
    )
    assert np.interp(at, weight, loss) == pytest.approx(height, abs=rounding)


@pytest.mark.parametrize(
    "settings",
    [
        {"rate": 1.1, "steps": 40},
        {"steps": 0, "start": 7.001},
        {"rate": 1e30},
        {"steps": 0, "start": -9.5},
    ],
)
def test_outside_the_frame_there_is_neither_tangent_nor_arrow(settings):
    figure = DescentFigure()
    inside = figure.show()
    assert [len(found) for found in slope_and_step(inside)] == [1, 1]
    view = figure.show(**settings)
    assert slope_and_step(view) == ([], [])
    assert "The slope there" not in view.alt_texts[0]
    assert figure.show() == inside


@pytest.mark.parametrize("settings", [{"rate": 0}, {"start": -1.0}, {"rate": 0.0001, "steps": 0}])
def test_an_arrow_of_hardly_any_length_is_hardly_seen(settings):
    _, [(weight, loss)] = slope_and_step(DescentFigure().show(**settings))
    assert np.ptp(weight) <= 2 * WEIGHT_STEP
    assert np.ptp(loss) < 0.5


def test_an_arrow_that_leads_outside_ends_at_the_frame():
    _, [(weight, loss)] = slope_and_step(DescentFigure().show(rate=1.1, steps=0, start=-8.0))
    assert weight[0] == pytest.approx(-8, abs=WEIGHT_STEP)
    assert weight.max() == pytest.approx(
        7, abs=16 / 277 + WEIGHT_STEP
    )  # a line may end a pixel outside
    np.testing.assert_allclose(loss[:2], 49, atol=LOSS_STEP)


@pytest.mark.parametrize(
    "settings", [{"rate": 0.9}, {"rate": 0.9, "start": 3.0}, {"start": 3.0}, {"steps": 2}]
)
@pytest.mark.parametrize("before", [{"steps": 0}, {"start": -1.0}, {"start": -1.0, "steps": 0}])
def test_a_path_that_stays_the_same_is_drawn_again_where_rate_or_title_are_others(before, settings):
    figure = DescentFigure()
    figure.show(**before)
    assert figure.show(**before | settings) == DescentFigure().show(**before | settings)


@pytest.mark.parametrize(("rate", "steps", "start"), RUNS)
def test_the_readout_of_the_next_step_says_what_the_arrow_shows(rate, steps, start):
    view = DescentFigure().show(rate=rate, steps=steps, start=start)
    product = re.fullmatch(r"-(\S+) · (\S+) = (\S+)", dict(view.readout)["next step −η · slope"])
    eta, slope, step = map(float, product.groups())
    at = descend([rate] * (steps + 1), start).weight[steps]
    assert eta == rate
    assert slope == pytest.approx(float(gradient(at)), abs=1e-6)
    assert step == pytest.approx(-eta * slope, abs=1e-6)
    [(weight, loss)], [(along, _)] = slope_and_step(view)
    assert along[1] - along[0] == pytest.approx(step, abs=2 * WEIGHT_STEP)
    assert (loss[1] - loss[0]) / (weight[1] - weight[0]) == pytest.approx(slope, abs=0.1)
    assert f"The slope there is {slope:.6f}." in view.alt_texts[0]


def test_without_a_next_step_the_readout_says_so():
    assert dict(DescentFigure().show(rate=1e30).readout)["next step −η · slope"] == "not a number"


@every_picture
def test_a_click_sets_a_setting_of_the_picture_from_its_own_axis(make, settings):
    view = make().show(**settings)
    for drawing, axes in zip(view.drawings, axes_of(view.figure), strict=True):
        if not drawing.pick:
            assert drawing.axis == ()
            continue
        assert drawing.pick in view.figure.controls
        assert drawing.pick in view.settings
        left, right, *ends = drawing.axis
        to_pixels = axes.transData
        assert [left, right] == pytest.approx(
            to_pixels.transform([(end, 0) for end in ends])[:, 0], abs=0.05 + 1e-6
        )
        assert axes.get_xlim() == tuple(ends)


def test_a_click_on_a_parabola_sets_the_start():
    picked = {
        figure: [drawing.pick for drawing in figure().show().drawings]
        for figure in (DescentFigure, RulerFigure, ValleysFigure, ScheduleFigure, VarianceFigure)
    }
    assert picked == {
        DescentFigure: ["start", ""],
        VarianceFigure: ["", "rate"],
        RulerFigure: ["", "start", ""],
        ValleysFigure: ["start", ""],
        ScheduleFigure: ["", "", ""],
    }
    for start in (-7.0, -1.0, 3.0, 5.5):
        drawing = DescentFigure().show(start=start).drawings[0]
        x = float(re.search(r' d="M([\d.]+)', drawing.foreground)[1])  # of the first point
        left, right, first, last = drawing.axis
        assert first + (x - left) / (right - left) * (last - first) == pytest.approx(
            start, abs=2 * WEIGHT_STEP
        )


def test_the_shadow_and_the_rates_that_are_drawn_are_the_library_s():
    step, rate = first_line(ScheduleFigure().show(0.1, 0.7, 3, staircase=False), 0)
    np.testing.assert_allclose(rate, exponential_decay(0.1, step, 3, 0.7), atol=0.002)
    update, shadow = lines(AverageFigure([0, 1, 10, 10]).show(0.5, 7), 0)[2][1]
    np.testing.assert_allclose(update, range(4), atol=0.001)
    np.testing.assert_allclose(shadow, moving_average([0, 1, 10, 10], 0.5, 7), atol=0.005)


def test_the_axes_of_an_average_are_named():
    axes = axes_of(AverageFigure([0, 1, 10]))
    assert [(one.get_xlabel(), one.get_ylabel()) for one in axes] == [
        ("update", "weight w, shadow s"),
        ("update", "decay in force"),
    ]
    assert [one.get_xlim() for one in axes] == [pytest.approx((-0.06, 2.06))] * 2
    assert [one.get_ylim() for one in axes] == [pytest.approx((-0.6, 10.6)), (0, 1.05)]
    flat, _ = axes_of(AverageFigure([3, 3]))
    assert flat.get_ylim() == (2, 4)


def test_alt_texts_state_what_the_library_computes():
    trace = descend([0.3] * 7, 2.0)
    view = DescentFigure().show(rate=0.3, steps=7, start=2.0)
    assert f"converges, from w = 2.000000 to w = {trace.weight[-1]:f}." in view.alt_texts[0]
    assert f"9.000000 at the start, {trace.loss[-1]:.6f} after 7 steps" in view.alt_texts[1]
    assert f"w 2.000000 → {trace.weight[-1]:f}, loss 9.000000 → {trace.loss[-1]:f}" in repr(view)
    rates = exponential_decay(0.1, np.arange(41), 3, 0.7)
    view = ScheduleFigure().show(base=0.1, decay_rate=0.7, decay_steps=3, staircase=False)
    assert f"a smooth curve from 0.100000 to {rates[40]:f} after 40 steps" in view.alt_texts[0]
    assert f"to {descend(rates[:40]).weight[40]:f} with the decaying rate" in view.alt_texts[1]
    shadow = moving_average([0, 1, 10, 10], 0.5, 7)
    view = AverageFigure([0, 1, 10, 10]).show(0.5, 7)
    assert view.alt_texts[0].startswith(
        "Weight and its shadow: the weight goes from 0.000000 to 10.000000, the shadow"
    )
    assert f"the shadow from 0.000000 to {shadow[-1]:f} in 3 updates" in view.alt_texts[0]
    assert "0.470588 at the first" in view.alt_texts[1]


def test_a_run_that_leaves_the_frame_or_ends_early_says_so():
    view = DescentFigure().show(rate=1.1)
    assert view.alt_texts[0].endswith("to w = 8817.648438, outside the frame at step 2.")
    assert "exactly 0 at step 1" in DescentFigure().show(rate=0.5).alt_texts[1]
    assert "to w = not a number" in DescentFigure().show(rate=1e30).alt_texts[0]


@pytest.mark.parametrize(
    ("make", "settings"),
    [
        *(
            (BowlFigure, settings)
            for settings in (
                {"rate": 1e30},
                {"rate": 3e38, "momentum": True},
                {"rate": 0},
                {"ratio": 1e30},
            )
        ),
        *(
            (TwoLossesFigure, settings)
            for settings in (
                {"rate": 1e30},
                {"rate": 3e38, "start": -0.9},
                {"start": 3e38},
                {"start": 1e7},
                {"rate": 0},
                {"start": -1},
            )
        ),
    ],
)
@pytest.mark.filterwarnings("error")
def test_extreme_settings_are_shown(make, settings):
    view = make().show(**settings)
    assert view == make().show(**settings)
    assert "nan" not in "".join(drawing.foreground for drawing in view.drawings)


NUMBERS = (-1e30, -1, -0.1, 0, 1e-50, 0.5, 1, 2.5, 9, 41, 150, 257, 2001, 1e30, 10**400)
NO_NUMBERS = ([0.25, 0.5], [[1]], "x", None, np.nan, np.inf, 1j)


def reply(figure, name, value):
    """What a figure makes of a setting: "shown", or what it says against it."""
    try:
        return "shown" if figure.show(**{name: value}).settings[name] == value else "another"
    except (TypeError, ValueError) as error:
        return str(error)


@every_picture
def test_every_setting_is_shown_or_refused_by_its_name_and_then_nothing_has_changed(make, settings):
    figure, view = shared(make)
    for name, control in figure.controls.items():
        bounds = [control.low, control.above, control.high, control.below]
        near = [bound + step for bound in bounds if bound is not None for step in (-1, 0, 1)]
        is_switch = isinstance(control.stops[0], bool)
        for value in (True, False) if is_switch else (*NUMBERS, *near):
            assert re.match(f"shown|{name} must be ", reply(figure, name, value))
        for value in (*NO_NUMBERS, *((0, 1.0) if is_switch else (True, np.bool_(False)))):
            assert reply(figure, name, value).startswith(f"{name} must be ")
    assert figure.show() == view


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"rate": -1}, "rate must be at least 0, got -1"),
        ({"rate": [0.1]}, r"rate must be a single number, got shape \(1,\)"),
        ({"steps": 41}, "steps must be from 0 to 40, got 41"),
        ({"steps": 2.5}, "steps must be a whole number, got 2.5"),
        ({"start": np.nan}, "start must be finite, got nan"),
        ({"momentum": 1}, ".*unexpected keyword argument 'momentum'"),
    ],
)
def test_a_bad_setting_is_named_with_what_was_wrong(settings, message):
    with pytest.raises((TypeError, ValueError), match=f"^{message}$"):
        shared(DescentFigure)[0].show(**settings)


def test_a_warm_up_needs_a_count_for_each_update():
    with pytest.raises(ValueError, match="^num_updates must be a single number"):
        AverageFigure([0, 1]).show(num_updates=[1, 2])


def test_a_drawing_that_was_interrupted_leaves_nothing_half_done(monkeypatch):
    def interrupt(weight):
        raise KeyboardInterrupt

    for settings in ({"rate": 0.2}, {"rate": 0.9}):  # shown before, and interrupted
        figure = DescentFigure()
        figure.show(rate=0.2)
        with monkeypatch.context() as patch:
            patch.setattr(parts, "gradient", interrupt)
            with pytest.raises(KeyboardInterrupt):
                figure.show(rate=0.9)
        assert figure.show(**settings) == DescentFigure().show(**settings)


@pytest.mark.parametrize("weights", [[3.0], [np.inf, 1.0], [], [[1.0, 2.0], [3.0, 4.0]], 3.0])
def test_an_average_needs_two_weights(weights):
    with pytest.raises(ValueError, match="^weights must "):
        AverageFigure(weights)
