"""The pictures: two layers of SVG that are the same on every machine and say what the library computes."""

import ast
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import pytest

import course_lib
from course_lib import descend, exponential_decay, moving_average
from course_lib.figures import (
    LOSS,
    WEIGHT,
    AverageFigure,
    CurvesFigure,
    DescentFigure,
    NoisyAverageFigure,
    RatesFigure,
    RulerFigure,
    ScheduleFigure,
)

PICTURES = {
    "DescentFigure": (DescentFigure, {"rate": 0.9, "steps": 12}),
    "RatesFigure": (RatesFigure, {"rate_a": 0.5, "rate_b": 0.8, "rate_c": 1.1}),
    "ScheduleFigure": (ScheduleFigure, {"base": 0.1, "decay_rate": 0.7, "decay_steps": 3, "staircase": False}),
    "RulerFigure": (RulerFigure, {"rate": 0.9}),
    "NoisyAverageFigure": (NoisyAverageFigure, {"decay": 0.5, "warm_up": True, "noise": False}),
    "AverageFigure": (lambda: AverageFigure([0, 1, 10, 10]), {"decay": 0.5, "num_updates": 7}),
}
CURVES = {"x": [1, 10, 100], "curves": {"loss": [3, 2, 1], "other one": [1, 2, 3]}, "xlabel": "x", "ylabel": "y",
          "ylim": (0.1, 10), "title": "two curves", "log": "xy"}
every_picture = pytest.mark.parametrize(("make", "settings"), PICTURES.values(), ids=PICTURES)


def html(picture):
    return picture._repr_mimebundle_()["text/html"]


@every_picture
def test_the_display_is_images_of_well_formed_svg(make, settings):
    images = re.findall(r'<img alt="([^"]*)" [^>]*src="data:image/svg\+xml;charset=utf-8,([^"]*)">',
                        html(make().show(**settings)))
    assert len(images) == len(make().plates)
    for alternative, svg in images:
        assert re.search(r"\d", unescape(alternative))
        root = ET.fromstring(unquote(svg))
        assert (root.get("width"), root.get("height")) in [("360", "270"), ("360", "220")]
        assert not {"metadata", "style"} & {element.tag.split("}")[1] for element in root.iter()}


@every_picture
def test_coordinates_are_rounded_and_nothing_has_an_id(make, settings):
    """On a page, the ids of all plates would share one space."""
    for plate in make().show(**settings).plates:
        for attribute in re.findall(r' (?:d|x|y|transform)="([^"]*)"', plate.svg()):
            assert not re.search(r"\d\.\d\d", attribute)
        assert " id=" not in plate.svg()


@every_picture
def test_only_the_moving_layer_moves(make, settings):
    picture = make()
    first = [(plate.backdrop, plate.layer()) for plate in picture.plates]
    picture.show(**settings)
    for (backdrop, layer), plate in zip(first, picture.plates, strict=True):
        del plate.backdrop  # draw it again
        assert plate.backdrop == backdrop
        assert plate.layer() != layer
        assert len(plate.layer()) < 5000


@pytest.mark.parametrize("rate", [0, 0.0001, 0.0123, 0.2, 0.9, 1, 1.1, 1e30])
def test_a_move_of_the_descent_sends_less_than_4_kb(rate):
    assert sum(len(plate.layer().encode()) for plate in DescentFigure().show(rate=rate, steps=40).plates) < 4000


@every_picture
def test_showing_the_same_again_gives_the_same_bytes(make, settings):
    picture = make().show(**settings)
    there = html(picture)
    picture.show()
    assert html(picture.show(**settings)) == there == html(make().show(**settings))


def test_neither_hash_seed_nor_a_user_s_settings_change_a_picture(tmp_path):
    (tmp_path / "matplotlibrc").write_text("font.size: 30\nlines.linewidth: 9\nsvg.fonttype: path\naxes.grid: False\n"
                                           "axes.titlelocation: right\npath.simplify: True\nfigure.dpi: 300\n")
    code = "from test_figures import *\nfor make, settings in PICTURES.values(): print(html(make().show(**settings)))"
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent), "PYTHONIOENCODING": "utf-8"}
    shown = [subprocess.run([sys.executable, "-c", code], env=environment | changes, check=True, text=True,
                            capture_output=True, encoding="utf-8").stdout
             for changes in ({"PYTHONHASHSEED": "1"}, {"PYTHONHASHSEED": "2", "MATPLOTLIBRC": str(tmp_path)})]
    assert shown[0] == shown[1]
    assert len(shown[0]) > 10_000


def test_no_picture_needs_pyplot_or_chooses_a_backend():
    code = ("from test_figures import *\nfor make, settings in PICTURES.values(): html(make().show(**settings))\n"
            "assert 'matplotlib.pyplot' not in sys.modules")
    environment = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True,
                   env=environment | {"PYTHONPATH": str(Path(__file__).parent)})


@pytest.mark.parametrize(("changes", "message"), [
    ({"curves": {}}, "curves must hold from 1 to 4 curves, got 0"),
    ({"curves": {name: [1, 2, 3] for name in "abcde"}}, "curves must hold from 1 to 4 curves, got 5"),
    ({"curves": {"loss": [1, 2]}}, "loss must have one value for each of the 3 of x, got 2"),
    ({"curves": {"loss": ["1", "2", "3"]}}, "loss must be a real number or an array of them"),
    ({"curves": {"loss": 7}}, r"loss must be 1-dimensional, got shape \(\)"),
    ({"x": 7}, r"x must be 1-dimensional, got shape \(\)"),
    ({"x": [1]}, r"x must hold two values or more, got \[1\]"),
    ({"x": [0, 1, 2]}, "x must be greater than 0, got 0 at index 0"),
    ({"ylim": (-1, 1)}, "ylim must be greater than 0, got -1 at index 0"),
    ({"ylim": (2, 9)}, "y must reach over a power of ten, got limits of 2 and 9"),
    ({"log": "z"}, "log must name the axes x or y, got 'z'"),
])
def test_curves_that_cannot_be_drawn_are_refused_and_named(changes, message):
    with pytest.raises((ValueError, TypeError), match=f"^{message}"):
        CurvesFigure(**CURVES | changes)


def test_curves_have_the_colours_of_their_quantities_and_powers_of_ten_on_their_axes():
    curves = {name: [1, 2, 3] for name in ("one", "weight", "two", "loss")}
    plate, = CurvesFigure(**CURVES | {"curves": curves, "ylim": (1e-9, 1e9)}).plates
    axes, = plate.figure.axes
    drawn = [line.get_color() for line in axes.get_lines()]
    assert len(set(drawn)) == 4
    assert drawn[1::2] == [WEIGHT, LOSS]
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["1", "10¹", "10²"]
    assert [tick.get_text() for tick in axes.get_yticklabels()] == ["10⁻⁹", "10⁻⁶", "10⁻³", "1", "10³", "10⁶", "10⁹"]
    assert "two curves" in plate.svg()
    assert "one 1.000000 → 3.000000" in html(CurvesFigure(**CURVES | {"curves": curves}))


@pytest.mark.parametrize(("rate", "start"), [(0.2, 5.0), (0.9, -6.0), (1.0, 5.0)])
def test_the_path_that_is_drawn_is_the_descent(rate, start):
    """Read the first line of both moving layers back from pixels, which are rounded to 0.1, into data."""
    path, losses = DescentFigure().show(rate=rate, steps=8, start=start).plates
    trace = descend([rate] * 8, start)
    weight, loss = first_line(path)
    np.testing.assert_allclose(weight, trace.weight, atol=0.05 * 16 / 277 + 1e-6)
    np.testing.assert_allclose(loss, trace.loss, atol=0.05 * 67 / 186 + 1e-6)
    step, loss = first_line(losses)
    np.testing.assert_allclose(step, range(9), atol=0.05 * 42 / 277 + 1e-6)
    np.testing.assert_allclose(np.log10(loss), np.log10(trace.loss), atol=0.05 * 21 / 186 + 1e-6)


def test_the_shadow_and_the_rates_that_are_drawn_are_the_library_s():
    step, rate = first_line(ScheduleFigure().show(0.1, 0.7, 3, staircase=False).plates[0])
    np.testing.assert_allclose(rate, exponential_decay(0.1, step, 3, 0.7), atol=0.002)
    averaging, shadow = first_line(AverageFigure([0, 1, 10, 10]).show(0.5, 7).plates[0], of=2)
    np.testing.assert_allclose(averaging, range(4), atol=0.001)
    np.testing.assert_allclose(shadow, moving_average([0, 1, 10, 10], 0.5, 7), atol=0.005)


def first_line(plate, of=0):
    line = re.findall(r' d="([^"]*)"', plate.layer())[of]
    pixels = np.cumsum(np.array(re.findall(r"-?[\d.]+", line), dtype=float).reshape(-1, 2), axis=0)
    return plate.figure.axes[0].transData.inverted().transform(pixels * [1, -1] + [0, plate.height]).T


def test_alternatives_state_what_the_library_computes():
    trace = descend([0.3] * 7, 2.0)
    picture = DescentFigure().show(rate=0.3, steps=7, start=2.0)
    assert f"straight in, from w = 2.000000 to w = {trace.weight[-1]:f}." in picture.alternatives[0]
    assert f"9.000000 at the start, {trace.loss[-1]:.6f} after 7 steps" in picture.alternatives[1]
    assert f"w 2.000000 → {trace.weight[-1]:f}, loss 9.000000 → {trace.loss[-1]:f}" in repr(picture)
    picture = RatesFigure().show(0.1, 0.4, 0.9, steps=5)
    for rate, path in zip((0.1, 0.4, 0.9), picture.alternatives, strict=False):
        trace = descend([rate] * 5)
        assert f"5 steps at learning rate {rate:g}, " in path
        assert f"to w = {trace.weight[-1]:f}." in path
        assert f"learning rate {rate:g}, 36.000000 at the start, {trace.loss[-1]:f} after" in picture.alternatives[3]
        assert f"{trace.weight[-1]:f}" in repr(picture)
    rates = exponential_decay(0.1, np.arange(41), 3, 0.7)
    picture = ScheduleFigure().show(base=0.1, decay_rate=0.7, decay_steps=3, staircase=False)
    assert f"a smooth curve from 0.100000 to {rates[40]:f} at step 40" in picture.alternatives[0]
    assert f"to {descend(rates[:40]).weight[40]:f} with the decaying rate" in picture.alternatives[1]
    shadow = moving_average([0, 1, 10, 10], 0.5, 7)
    picture = AverageFigure([0, 1, 10, 10]).show(0.5, 7)
    assert f"the shadow from 0.000000 to {shadow[-1]:f} in 3 averagings" in picture.alternatives[0]
    assert "0.470588 at the first" in picture.alternatives[1]


def test_a_run_that_leaves_the_frame_or_ends_early_says_so():
    picture = DescentFigure().show(rate=1.1)
    assert picture.alternatives[0].endswith("to w = 8817.648438, outside the frame at step 2.")
    assert "exactly 0 at step 1" in DescentFigure().show(rate=0.5).alternatives[1]
    assert "to w = not a number" in DescentFigure().show(rate=1e30).alternatives[0]


@pytest.mark.parametrize(("make", "bad", "error", "message"), [
    (DescentFigure, {"rate": -1}, ValueError, "rate must be at least 0, got -1"),
    (DescentFigure, {"rate": [0.1]}, ValueError, r"rate must be a single number, got shape \(1,\)"),
    (DescentFigure, {"rate": "x"}, TypeError, "rate must be a real number"),
    (DescentFigure, {"steps": 41}, ValueError, "steps must be from 0 to 40, got 41"),
    (DescentFigure, {"steps": 2.5}, TypeError, "steps must be a whole number, got 2.5"),
    (DescentFigure, {"start": np.nan}, ValueError, "start must be finite, got nan"),
    (RatesFigure, {"rate_b": -0.1}, ValueError, "rate_b must be at least 0, got -0.1"),
    (NoisyAverageFigure, {"warm_up": 1}, TypeError, "warm_up must be True or False, got 1"),
    (ScheduleFigure, {"steps": 0}, ValueError, "steps must be from 1 to 40, got 0"),
    (ScheduleFigure, {"staircase": 1}, TypeError, "staircase must be True or False, got 1"),
    (ScheduleFigure, {"base": -0.1}, ValueError, "base must be at least 0, got -0.1"),
    (lambda: AverageFigure([0, 1]), {"decay": 2}, ValueError, "decay must be at most 1, got 2"),
    (lambda: AverageFigure([0, 1]), {"num_updates": [1, 2]}, ValueError, "num_updates must be a single number"),
])
def test_a_bad_setting_is_named_and_leaves_the_picture_as_it_was(make, bad, error, message):
    picture = make()
    before = html(picture), repr(picture)
    with pytest.raises(error, match=f"^{message}"):
        picture.show(**bad)
    assert (html(picture), repr(picture)) == before


@pytest.mark.parametrize("weights", [[3.0], [np.inf, 1.0], []])
def test_an_average_needs_two_weights(weights):
    with pytest.raises(ValueError, match="^weights must "):
        AverageFigure(weights)


@pytest.mark.parametrize(("module", "leaves_out"), [
    ("course_lib", ["matplotlib", "ipywidgets", "IPython"]),
    ("course_lib.figures", ["matplotlib.pyplot", "ipywidgets"]),
])
def test_imports_run_one_way(module, leaves_out):
    code = f"import sys, {module}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert not set(leaves_out) & set(loaded)


MATHEMATICS = {"arguments", "averages", "descent", "schedules", "theory"}
MAY_IMPORT = {
    "__init__": MATHEMATICS,
    **dict.fromkeys(MATHEMATICS, MATHEMATICS | {"numpy"}),
    "layers": {"matplotlib", "numpy"},
    "figures": MATHEMATICS | {"layers", "matplotlib", "numpy"},
    "storing": set(),
    "panels": {"figures", "storing", "ipywidgets"},
    "checks": MATHEMATICS | {"storing", "ipywidgets", "numpy"},
    "server": {"storing"},
    "refresh": {"storing", "nbclient", "nbformat"},
}


@pytest.mark.parametrize("module", MAY_IMPORT)
def test_a_module_imports_only_what_its_layer_may(module):
    tree = ast.parse((Path(course_lib.__file__).parent / f"{module}.py").read_text(encoding="utf-8"))
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    imported = {name.removeprefix("course_lib.").split(".")[0] for name in names} - sys.stdlib_module_names
    assert imported <= MAY_IMPORT[module]
