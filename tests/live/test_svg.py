"""A plot on its own: what changes, what is clipped or refused, and that it is always the same."""

import base64
import re
import xml.etree.ElementTree as ET
from functools import partial
from urllib.parse import unquote

import matplotlib as mpl
import matplotlib.style
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Ellipse, PathPatch, Polygon, Rectangle
from matplotlib.path import Path

from course_lib.live.artists import Title
from course_lib.live.drawing import Plot
from course_lib.live.style import TEXT, rc_params

SVG = "{http://www.w3.org/2000/svg}"
LOOK = {"fc": "red", "ec": "blue"}


def canvas(left=0.0, **kwargs):
    """A plot of 100 by 50 pixels on which data are pixels from below, and a line that changes."""
    with rc_params():
        figure = Figure(figsize=(100 / 72, 50 / 72))
        axes = figure.add_axes((left, 0, 1, 1), xlim=(0, 100), ylim=(0, 50))
        axes.set_axis_off()
        axes.axhline(40)
        figure.text(0.5, 0.5, 'η < "1" & 50% of #2')
        plot = Plot(axes)
        (line,) = axes.plot([10, 20], [10, 20], **{"color": "#d55e00"} | kwargs)
    return plot, line


def background(draw, frame=False):
    """The elements that `draw` puts into axes of 80 by 30 pixels, 10 from each edge."""
    with rc_params():
        figure = Figure(figsize=(100 / 72, 50 / 72), facecolor="none")
        axes = figure.add_axes((0.1, 0.2, 0.8, 0.6), xticks=[], yticks=[], facecolor="none")
        axes.set(xlim=(0, 80), ylim=(0, 30))
        if not frame:
            axes.set_axis_off()
        draw(axes)
        axes.set(xlim=(0, 80), ylim=(0, 30))
    return list(ET.fromstring(Plot(axes).draw("").svg()))


def texts(elements):
    return [element for element in elements if element.tag == SVG + "text"]


def corners(path):
    """The points of a path in the order in which it has them, in pixels, curves not allowed."""
    points = []
    for letter, text in re.findall("([A-Za-z])([^A-Za-z]*)", path.get("d")):
        assert letter in "MmlZh"
        if letter in "Mml":
            numbers = re.findall(r"-?(?:\d+\.?\d*|\.\d+)", text)
            for pair in np.reshape(numbers, (-1, 2)).astype(float):
                points.append(pair + (points[-1] if letter in "ml" else 0))
    return np.round(points, 1)


LINES = [
    ([10.26, 20], [20, 30.04], "M10.3 30l9.7-10"),
    ([-0.04, 0.04], [50.04, 49.96], "M0 0h0"),  # a rounding error would decide the sign of -0
    ([1, float("nan"), 2, 3], [1, 1, 2, 3], "M1 49m1-1l1-1"),
    ([-1000, 1000], [0, 50], "M-1 25l102-2.5"),  # the part of it that is on the sheet
]


@pytest.mark.parametrize(("x", "y", "drawn"), LINES)
def test_a_line_is_drawn_to_a_tenth_of_a_pixel(x, y, drawn):
    plot, line = canvas()
    line.set_data(x, y)
    assert re.findall(r' d="([^"]*)"', plot.draw("").foreground) == [drawn]


def test_what_is_put_on_axes_is_drawn_in_its_order():
    plot, _ = canvas()
    below, above = Title(1, 10, "below"), Title(1, 10, "above")
    below.set_zorder(1)
    for artist in (above, below):
        plot.axes.add_artist(artist)
    elements = ET.fromstring(f"<svg>{plot.draw('').foreground}</svg>")
    assert [element.text for element in elements] == ["below", None, "above"]


def test_the_document_is_plain_svg_of_its_size_and_fits_a_url():
    drawing = canvas(marker="o")[0].draw("a line")
    svg = drawing.svg()
    root = ET.fromstring(svg)
    size = [root.get(name) for name in ("width", "height", "viewBox")]
    assert (root.tag, size) == (SVG + "svg", ["100", "50", "0 0 100 50"])
    assert root.find(f".//{SVG}text").text == 'η < "1" & 50% of #2'
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags == {"svg", "text", "path"}
    assert not re.search("<!--|matplotlib|date|creator", svg, re.IGNORECASE)
    head, body = drawing.url().split(",", 1)
    assert head == "data:image/svg+xml;charset=utf-8"
    assert unquote(body) == drawing.svg(attributes=' style="background:#fff"')
    assert not re.search('[#"<>&]', body)


def test_a_picture_does_not_depend_on_digits_that_are_not_drawn():
    drawn = canvas(marker="o", ms=6)[0].draw("")
    for change in ({"ms": 6 + 1e-12}, {"left": 1e-12}):
        assert canvas(**{"marker": "o", "ms": 6} | change)[0].draw("") == drawn, change


def test_settings_in_force_neither_matter_nor_are_changed():
    def drawn():
        plot, line = canvas()
        with rc_params():
            line.axes.text(0.2, 0.2, r"$\theta$")
        plot = Plot(line.axes)
        with rc_params():  # as a Figure draws
            plot.axes.add_artist(Title(1, 10, r"the rate $\eta$"))
            return plot.draw("").svg()

    expected = drawn()
    with mpl.rc_context({**mpl.style.library["classic"], "text.usetex": True}):
        before = dict(mpl.rcParams.items())
        assert drawn() == expected
        assert dict(mpl.rcParams.items()) == before


# Each with the smallest box, left, top, right, bottom, that holds what is inside the frame.
BEYOND = {
    "axvspan": (lambda ax: ax.axvspan(-20, 40, **LOOK), (10, 10, 50, 40)),
    "area": (lambda ax: ax.fill_between([-10, 40, 99], [-5, 50, 10], **LOOK), (10, 10, 90, 40)),
    "circle": (lambda ax: ax.add_patch(Circle((0, 15), 10, **LOOK)), (10, 15, 20, 35)),
    "marker": (lambda ax: ax.plot(80, 15, "o", ms=10, mfc="red", mec="blue"), (85, 20, 90, 30)),
    "scatter": (lambda ax: ax.scatter([40], [0], s=100, **LOOK), (45, 35, 55, 40)),
    "all": (lambda ax: ax.add_patch(Rectangle((-9, -9), 200, 99, **LOOK)), (10, 10, 90, 40)),
}


@pytest.mark.parametrize(("draw", "box"), BEYOND.values(), ids=BEYOND)
def test_a_filled_path_ends_at_the_frame(draw, box):
    area, *outlines = background(draw)
    assert (area.get("fill"), area.get("stroke")) == ("#ff0000", None)
    points = corners(area)
    np.testing.assert_allclose([*points.min(axis=0), *points.max(axis=0)], box, atol=0.2)
    assert ((points >= 10) & (points <= (90, 40))).all()
    for outline in outlines:  # a line may end up to a pixel outside
        assert (outline.get("fill"), outline.get("stroke")) == (None, "#0000ff")
        assert ((corners(outline) >= 9) & (corners(outline) <= (91, 41))).all()


def test_a_clipped_polygon_has_its_and_the_frame_s_corners():
    pointed = Polygon([(60, 10), (100, 20), (60, 20)], **LOOK)
    area, outline = background(lambda axes: axes.add_patch(pointed))
    assert corners(area).tolist() == [[70, 30], [90, 25], [90, 20], [70, 20]]
    assert corners(outline).tolist() == [[70, 30], [91, 24.8], [91, 20], [70, 20], [70, 30]]


INSIDE = [
    lambda axes, **kw: axes.add_patch(Circle((40, 15), 10, **kw)),
    lambda axes, **kw: axes.add_patch(Rectangle((0, 0), 80, 30, **kw)),  # all of the frame
    lambda axes, **kw: axes.fill_between([10, 20, 30], [10, 20, 15], **kw),
]


@pytest.mark.parametrize("draw", INSIDE)
def test_a_filled_path_inside_the_frame_is_drawn_as_without_one(draw):
    inside, free = (background(partial(draw, **LOOK, clip_on=on)) for on in (True, False))
    assert [path.attrib for path in inside] == [path.attrib for path in free]
    assert [(path.get("fill"), path.get("stroke")) for path in inside] == [("#ff0000", "#0000ff")]


def test_what_cannot_be_seen_is_not_drawn():
    (circle,) = background(lambda axes: axes.add_patch(Circle((0, 15), 10, fill=False)))
    left, right = corners(circle)[:, 0].min(), corners(circle)[:, 0].max()
    assert (left >= 9, right) == (True, 20)
    assert background(lambda axes: axes.add_patch(Circle((-30, 15), 10, **LOOK))) == []
    assert background(lambda axes: axes.plot([1, 2], [1, 2], lw=0)) == []
    assert len(background(lambda axes: axes.axvspan(-20, 40, color="red", lw=0))) == 1


def test_a_hole_stays_a_hole_where_the_path_around_it_is_clipped():
    outer = [(-10, 5), (20, 5), (20, 25), (-10, 25), (-10, 5)]
    hole = [(-5, 10), (-5, 20), (10, 20), (10, 10), (-5, 10)]  # the other way round
    ring = Path.make_compound_path(*(Path(corners, closed=True) for corners in (outer, hole)))
    (area,) = background(lambda axes: axes.add_patch(PathPatch(ring, fc="red", lw=0)))
    assert area.get("d") == "M10 35l20 0 0-20-20 0ZM10 20l10 0 0 10-10 0Z"


REFUSED = [
    (lambda axes: axes.text(1, 1, r"率 $\eta$"), "a text with both formulas and Chinese letters"),
    (lambda axes: axes.text(1, 1, "x", usetex=True), "text with usetex"),
]


@pytest.mark.parametrize(("draw", "name"), REFUSED)
def test_what_cannot_be_drawn_is_refused_and_named(draw, name):
    with pytest.raises(NotImplementedError, match=f"^{name} cannot be drawn here: use lines"):
        background(draw, frame=True)


CROWD = np.meshgrid(range(10, 31), np.linspace(10, 20, 60))
PIXELS = [
    lambda axes: axes.imshow([[1, 2]], extent=(10, 30, 10, 20), aspect="auto"),
    lambda axes: axes.pcolormesh([10, 20, 30], [10, 20], [[1, 2]]),
    lambda axes: axes.tripcolor([10, 30, 10], [10, 10, 20], [1, 2, 3], shading="gouraud"),
    lambda axes: axes.fill_between([10, 30], [10, 10], [20, 20], hatch="/", ec="red"),
    lambda axes: axes.plot([0, 70], [15, 15], lw=40)[0].set_clip_path(
        Ellipse((20, 15), 20, 10, transform=axes.transData)
    ),
    lambda axes: axes.scatter(*CROWD, s=1, alpha=0.5),
]


@pytest.mark.parametrize("draw", PIXELS)
def test_thousands_of_shapes_are_a_picture_in_the_picture(draw):
    (image,) = background(draw)
    box = [float(image.get(name)) for name in ("x", "y", "width", "height")]
    # 10 to 30 and 10 to 20 in axes that begin 10 from the left and end 10 above the lower edge.
    assert box == pytest.approx([20, 20, 20, 10], abs=4)
    data = base64.b64decode(image.get("href").removeprefix("data:image/webp;base64,"))
    assert data[:4] + data[8:12] == b"RIFFWEBP"


def test_markers_are_short_and_as_many_as_there_are_points():
    x = np.arange(10, 70, 0.5)
    (dots,) = background(lambda axes: axes.plot(x, x / 3, "o", ms=3))
    (crosses,) = background(lambda axes: axes.plot(x, x / 3, "x", ms=3))
    (scattered,) = background(lambda axes: axes.scatter(x, x / 3))
    for drawn, moves in ((dots, 1), (crosses, 2), (scattered, 1)):
        assert drawn.get("d").upper().count("M") == len(x) * moves
        assert len(drawn.get("d")) < 30 * len(x)
    assert (dots.get("stroke-width"), dots.get("stroke-linecap")) == ("4", "round")
    seen = background(lambda axes: axes.plot(x, x / 3, "o", alpha=0.5))
    assert len(seen) == len(x)  # where two lie one on another it is darker


def test_text_is_bold_or_italic_and_no_letter_breaks_it():
    (text,) = background(lambda axes: axes.text(1, 1, "a  b\x0b", weight="bold", style="italic"))
    assert text.text == "a \xa0b\ufffd"
    assert (text.get("font-weight"), text.get("font-style")) == ("bold", "italic")


RED, FAINT = {"color": "red", "alpha": 0.4}, (1, 0, 0, 0.4)
OPACITIES = [  # of fill and stroke
    (lambda axes: axes.plot([1, 2], [2, 3], **RED), None, "0.4"),
    (lambda axes: axes.plot([1, 2], [2, 3], color=FAINT), None, "0.4"),
    (lambda axes: axes.plot([1, 2], [2, 3], color="red"), None, None),
    (lambda axes: axes.add_patch(Rectangle((0, 0), 20, 20, **RED)), "0.4", "0.4"),
    (lambda axes: axes.add_patch(Circle((20, 9), 5, fc=FAINT, ec="red")), "0.4", None),
    (lambda axes: axes.axvspan(-20, 20, lw=0, **RED), "0.4", None),  # clipped
    (lambda axes: axes.plot([20], [20], "o", **RED), "0.4", "0.4"),
    (lambda axes: axes.text(9, 9, "x", **RED), "0.4", None),
    (lambda axes: axes.text(9, 9, "$x$", **RED), "0.4", None),
]


@pytest.mark.parametrize(("draw", "fill", "stroke"), OPACITIES)
def test_alpha_is_drawn_as_opacity(draw, fill, stroke):
    (element,) = background(draw)
    assert (element.get("fill-opacity"), element.get("stroke-opacity")) == (fill, stroke)
    assert "opacity" not in element.attrib
    assert {element.get("fill", "#ff0000"), element.get("stroke", "#ff0000")} == {"#ff0000"}


LOSS, RATE, AVERAGE = "损失函数 (w + 1)²", "学习率 η", "权重的平均"


def test_chinese_text_is_drawn_without_a_warning_and_kept(caplog):
    def draw(axes):
        axes.plot([1, 2], [1, 2], label=AVERAGE)
        axes.set(xlabel=RATE, ylabel=LOSS, title=LOSS, xticks=[10], xticklabels=["一"])
        axes.legend()
        axes.add_artist(Title(1, 10, RATE))

    drawn = sorted(element.text for element in texts(background(draw, frame=True)))
    assert drawn == sorted([RATE, LOSS, LOSS, "一", AVERAGE, RATE])
    assert not caplog.records


def test_chinese_legend_entries_have_room():
    names = ["损失函数", AVERAGE, "平均，长", "w"]

    def drawn(columns):
        return background(
            lambda axes: axes.legend(axes.plot([1, 2], np.ones((2, 4))), names, ncols=columns)
        )

    elements = drawn(columns=4)
    handles = [corners(path)[0, 0] for path in elements if path.tag == SVG + "path"][4:]
    found = [(float(element.get("x")), element.text) for element in texts(elements)]
    assert [text for _, text in found] == names
    for (x, name), following in zip(found, handles[1:], strict=False):
        # An em a character; matplotlib leaves two em between columns.
        assert x + 11 * len(name) + 11 < following < x + 11 * len(name) + 33, name
    lines = [float(element.get("y")) for element in texts(drawn(columns=1))]
    assert (np.diff(lines) > 12).all()


MATH = {
    "a label": lambda axes, text: axes.set(xlabel=text),
    "a label that is turned": lambda axes, text: axes.set(ylabel=text),
    "a title": lambda axes, text: axes.set(title=text),
    "a title that changes": lambda axes, text: axes.add_artist(Title(1, 20, text)),
    "a tick": lambda axes, text: axes.set(xticks=[40], xticklabels=[text]),
    "a text": lambda axes, text: axes.text(20, 20, text),
    "a legend": lambda axes, text: (axes.plot([], [], label=text), axes.legend()),
}


@pytest.mark.parametrize(("kind", "draw"), MATH.items(), ids=MATH)
def test_mathematics_is_drawn_as_outlines(kind, draw):
    elements = background(lambda axes: draw(axes, r"$\eta$"), frame=True)
    assert texts(elements) == []
    (outline,) = [element for element in elements if element.get("fill") in ("#000000", TEXT)]
    assert outline.get("stroke") is None
    size = np.ptp(corners(outline), axis=0)
    assert ((size > 4) & (size < 12)).all()  # of one letter
    if kind == "a title that changes":  # the letter stands at the line that the title was given
        left, top = corners(outline).min(axis=0)
        assert (left >= 1, 8 < top < 20) == (True, True)
    written = background(lambda axes: draw(axes, "5 $"), frame=True)
    assert [element.text for element in texts(written)] == ["5 $"]
