"""A plate on its own: what stands still, what moves, and that both come out the same everywhere."""

import re
import xml.etree.ElementTree as ET
from urllib.parse import unquote

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure

from course_lib.layers import STYLE, Plate

SVG = "{http://www.w3.org/2000/svg}"


def canvas(left=0.0, **kwargs):
    """A plate of 100 by 50 pixels on which data are pixels, counted from below, and the line that moves on it."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(100 / 72, 50 / 72))
        axes = figure.add_axes((left, 0, 1, 1), xlim=(0, 100), ylim=(0, 50))
        axes.set_axis_off()
        axes.axhline(40)
        figure.text(0.5, 0.5, 'η < "1" & 50% of #2')
        line, = axes.plot([10, 20], [10, 20], **{"color": "#d55e00"} | kwargs)
    return Plate(figure, [line]), line


@pytest.mark.parametrize(("x", "y", "drawn"), [
    ([10.26, 20], [20, 30.04], "M10.3 30l9.7-10"),
    ([-0.04, 0.04], [50.04, 49.96], "M0 0h0"),  # no -0, which the sign of a rounding error would decide
    ([1, float("nan"), 2, 3], [1, 1, 2, 3], "M1 49m1-1l1-1"),
    ([-1000, 1000], [0, 50], "M-1 25l102-2.5"),  # the part of the same line that is on the sheet
])
def test_a_line_is_drawn_to_a_tenth_of_a_pixel(x, y, drawn):
    plate, line = canvas()
    line.set_data(x, y)
    assert re.findall(r' d="([^"]*)"', plate.layer()) == [drawn]


def test_what_moves_is_in_the_layer_alone_and_what_stands_still_in_the_backdrop_alone():
    plate, line = canvas()
    backdrop, layer = plate.backdrop, plate.layer()
    assert ["#d55e00" in text for text in (backdrop, layer)] == [False, True]
    assert ["<text" in text for text in (backdrop, layer)] == [True, False]
    line.set_data([0, 1], [3, 4])
    assert plate.layer() != layer
    del plate.backdrop  # draw it again
    assert plate.backdrop == backdrop


def test_a_layer_is_the_same_before_and_after_the_backdrop():
    first, last = canvas()[0], canvas()[0]
    assert last.backdrop
    assert first.layer() == last.layer()


def test_the_document_is_well_formed_and_says_nothing_of_its_making():
    plate, _ = canvas(marker="o")
    root = ET.fromstring(plate.svg())
    assert (root.tag, root.get("viewBox")) == (SVG + "svg", "0 0 100 50")
    assert root.find(f".//{SVG}text").text == 'η < "1" & 50% of #2'
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags == {"svg", "text", "path"}
    assert " id=" not in plate.svg()
    assert not re.search("<!--|matplotlib|date|creator", plate.svg(), re.IGNORECASE)


def test_the_url_holds_the_document_in_what_an_attribute_may_hold():
    plate, _ = canvas()
    head, body = plate.url().split(",", 1)
    assert head == "data:image/svg+xml;charset=utf-8"
    assert unquote(body) == plate.svg()
    assert not re.search('[#"<>&]', body)


@pytest.mark.parametrize("change", [
    {"ms": 6 + 1e-12},
    {"left": 1e-12},
])
def test_a_picture_does_not_depend_on_digits_that_are_not_drawn(change):
    assert canvas(**{"marker": "o", "ms": 6} | change)[0].svg() == canvas(marker="o", ms=6)[0].svg()


HOSTILE = {"font.size": 30, "font.family": ["serif"], "lines.linewidth": 9, "svg.fonttype": "path", "axes.grid": False,
           "svg.hashsalt": None, "path.simplify": True, "savefig.bbox": "tight", "text.usetex": True}


def test_the_settings_in_force_neither_matter_nor_are_changed():
    expected = canvas()[0].svg()
    with mpl.rc_context(HOSTILE):
        before = dict(mpl.rcParams.items())
        assert canvas()[0].svg() == expected
        assert dict(mpl.rcParams.items()) == before
