"""A plot on its own: what stays, what changes, what is clipped or refused, and that it is the same
everywhere.
"""

import base64
import dataclasses
import re
import xml.etree.ElementTree as ET
from urllib.parse import unquote

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Circle, PathPatch, Polygon, Rectangle
from matplotlib.path import Path

from course_lib.live.artists import Title
from course_lib.live.drawing import Plot
from course_lib.live.style import TEXT, rc_params

SVG = "{http://www.w3.org/2000/svg}"


def canvas(left=0.0, **kwargs):
    """A plot of 100 by 50 pixels on which data are pixels, counted from below, and the line that
    changes on it.
    """
    with rc_params():
        figure = Figure(figsize=(100 / 72, 50 / 72))
        axes = figure.add_axes((left, 0, 1, 1), xlim=(0, 100), ylim=(0, 50))
        axes.set_axis_off()
        axes.axhline(40)
        figure.text(0.5, 0.5, 'η < "1" & 50% of #2')
        plot = Plot(axes)
        (line,) = axes.plot([10, 20], [10, 20], **{"color": "#d55e00"} | kwargs)
    return plot, line


def foreground(plot):
    return plot.draw("").foreground


def background(draw, frame=False):
    """What `draw` puts into axes of 80 by 30 pixels, 10 from each edge: the elements, without the
    white below them.
    """
    with rc_params():
        figure = Figure(figsize=(100 / 72, 50 / 72), facecolor="none")
        axes = figure.add_axes(
            (0.1, 0.2, 0.8, 0.6), xlim=(0, 80), ylim=(0, 30), xticks=[], yticks=[], facecolor="none"
        )
        if not frame:
            axes.set_axis_off()
        draw(axes)
        axes.set(xlim=(0, 80), ylim=(0, 30))
    return list(ET.fromstring(Plot(axes).draw("").svg()))


def corners(path):
    """The points of a path in the order in which it has them, in pixels, curves not allowed."""
    points = []
    for letter, text in re.findall("([A-Za-z])([^A-Za-z]*)", path.get("d")):
        assert letter in "MmlZh"
        for pair in np.reshape(numbers(text), (-1, 2)) if letter in "Mml" else []:
            points.append(pair + (points[-1] if letter in "ml" else 0))
    return np.round(points, 1)


def numbers(text):
    return [float(number) for number in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", text)]


@pytest.mark.parametrize(
    ("x", "y", "drawn"),
    [
        ([10.26, 20], [20, 30.04], "M10.3 30l9.7-10"),
        (
            [-0.04, 0.04],
            [50.04, 49.96],
            "M0 0h0",
        ),  # no -0, which the sign of a rounding error would decide
        ([1, float("nan"), 2, 3], [1, 1, 2, 3], "M1 49m1-1l1-1"),
        (
            [-1000, 1000],
            [0, 50],
            "M-1 25l102-2.5",
        ),  # the part of the same line that is on the sheet
    ],
)
def test_a_line_is_drawn_to_a_tenth_of_a_pixel(x, y, drawn):
    plot, line = canvas()
    line.set_data(x, y)
    assert re.findall(r' d="([^"]*)"', foreground(plot)) == [drawn]


def test_what_changes_is_in_the_foreground_alone_and_what_stays_in_the_background_alone():
    plot, line = canvas()
    before, drawn = plot.background, foreground(plot)
    assert ["#d55e00" in text for text in (before, drawn)] == [False, True]
    assert ["<text" in text for text in (before, drawn)] == [True, False]
    line.set_data([0, 1], [3, 4])
    assert foreground(plot) != drawn
    assert plot.background == Plot(plot.axes).background.replace(foreground(plot), "") == before


def test_what_was_put_on_the_axes_is_drawn_in_its_order_until_it_is_cleared():
    plot, line = canvas()
    below, above = Title(1, 10, "below"), Title(1, 10, "above")
    below.set_zorder(1)
    for artist in (above, below):
        plot.axes.add_artist(artist)
    elements = list(ET.fromstring(f"<svg>{foreground(plot)}</svg>"))
    assert [element.text for element in elements] == ["below", None, "above"]
    plot.clear()
    assert foreground(plot) == ""
    assert line.axes is None


def test_a_figure_in_which_nothing_changes_has_an_empty_foreground():
    plot = Plot(canvas()[0].axes)
    assert foreground(plot) == ""
    assert ET.fromstring(plot.draw("").svg()).find(f"{SVG}path") is not None


def test_a_drawing_stays_as_it_was_drawn():
    plot, line = canvas()
    drawing = plot.draw("a line")
    svg = drawing.svg()
    line.set_data([0, 1], [3, 4])
    assert plot.draw("a line") != drawing
    assert drawing.svg() == svg
    line.set_data([10, 20], [10, 20])
    assert plot.draw("a line") == drawing
    for field in dataclasses.fields(drawing):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(drawing, field.name, "")


def test_the_document_is_well_formed_and_says_nothing_of_its_making():
    plot, _ = canvas(marker="o")
    svg = plot.draw("a line").svg()
    root = ET.fromstring(svg)
    assert root.tag == SVG + "svg"
    assert (root.get("width"), root.get("height"), root.get("viewBox")) == (
        "100",
        "50",
        "0 0 100 50",
    )
    assert root.find(f".//{SVG}text").text == 'η < "1" & 50% of #2'
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags == {"svg", "text", "path"}
    assert " id=" not in svg
    assert not re.search("<!--|matplotlib|date|creator", svg, re.IGNORECASE)


def test_the_document_takes_other_elements_and_more_attributes():
    drawing = canvas()[0].draw("a line")
    assert drawing.svg() == drawing.svg(drawing.background + drawing.foreground)
    root = ET.fromstring(drawing.svg(f"<g>{drawing.foreground}</g>", ' role="img"'))
    assert [element.tag for element in root] == [SVG + "g"]
    assert (root.get("role"), root.get("viewBox")) == ("img", "0 0 100 50")


def test_the_url_holds_the_document_on_white_in_what_an_attribute_may_hold():
    drawing = canvas()[0].draw("a line")
    head, body = drawing.url().split(",", 1)
    assert head == "data:image/svg+xml;charset=utf-8"
    assert unquote(body) == drawing.svg(attributes=' style="background:#fff"')
    assert not re.search('[#"<>&]', body)


@pytest.mark.parametrize(
    "change",
    [
        {"ms": 6 + 1e-12},
        {"left": 1e-12},
    ],
)
def test_a_picture_does_not_depend_on_digits_that_are_not_drawn(change):
    first, second = canvas(**{"marker": "o", "ms": 6} | change)[0], canvas(marker="o", ms=6)[0]
    assert first.draw("").svg() == second.draw("").svg()


HOSTILE = {
    "font.size": 30,
    "font.family": ["serif"],
    "lines.linewidth": 9,
    "svg.fonttype": "path",
    "axes.grid": False,
    "svg.hashsalt": None,
    "path.simplify": True,
    "savefig.bbox": "tight",
    "text.usetex": True,
    "mathtext.fontset": "cm",
}


def test_the_settings_in_force_neither_matter_nor_are_changed():
    def drawn():
        plot, line = canvas()
        with rc_params():
            line.axes.text(0.2, 0.2, r"$\theta$")
        plot = Plot(line.axes)
        with rc_params():  # as a Figure draws
            plot.axes.add_artist(Title(1, 10, r"the rate $\eta$"))
            return plot.draw("").svg()

    expected = drawn()
    with mpl.rc_context(HOSTILE):
        before = dict(mpl.rcParams.items())
        assert drawn() == expected
        assert dict(mpl.rcParams.items()) == before


def test_a_click_is_measured_between_the_ends_of_the_x_axis():
    with rc_params():
        figure = Figure(figsize=(200 / 72, 100 / 72))
        axes = figure.add_axes((0.123, 0.1, 0.7, 0.8), xlim=(-3, 5), ylim=(0, 1))
        plot = Plot(axes, pick="start")
        axes.plot([-3, 0.5, 5], [0, 0, 0])
    drawing = plot.draw("")
    assert drawing.pick == "start"
    assert drawing.axis == (24.6, 164.6, -3.0, 5.0)
    (path,) = ET.fromstring(drawing.svg(drawing.foreground))
    x = corners(path)[:, 0]
    left, right, first, last = drawing.axis
    np.testing.assert_allclose(
        first + (x - left) / (right - left) * (last - first), [-3, 0.5, 5], atol=0.1 * 8 / 140
    )


def test_a_plot_without_a_setting_to_pick_has_no_axis():
    drawing = canvas()[0].draw("")
    assert (drawing.pick, drawing.axis) == ("", ())


# Each with the smallest box, left, top, right, bottom, that holds what is inside the frame.
BEYOND = {
    "axvspan": (lambda axes: axes.axvspan(-20, 40, fc="red", ec="blue"), (10, 10, 50, 40)),
    "axhspan": (lambda axes: axes.axhspan(20, 99, fc="red", ec="blue"), (10, 10, 90, 20)),
    "bar": (lambda axes: axes.bar([40], [99], width=10, fc="red", ec="blue"), (45, 10, 55, 40)),
    "fill_between": (
        lambda axes: axes.fill_between([-10, 40, 100], [-5, 50, 10], fc="red", ec="blue"),
        (10, 10, 90, 40),
    ),
    "a polygon": (
        lambda axes: axes.add_patch(Polygon([(60, 10), (100, 20), (60, 20)], fc="red", ec="blue")),
        (70, 20, 90, 30),
    ),
    "a circle": (
        lambda axes: axes.add_patch(Circle((0, 15), 10, fc="red", ec="blue")),
        (10, 15, 20, 35),
    ),
    "a marker": (
        lambda axes: axes.plot([80], [15], "o", ms=10, mfc="red", mec="blue"),
        (85, 20, 90, 30),
    ),
    "scatter": (lambda axes: axes.scatter([40], [0], s=100, fc="red", ec="blue"), (45, 35, 55, 40)),
    "a polygon that holds all": (
        lambda axes: axes.add_patch(Rectangle((-9, -9), 200, 99, fc="red", ec="blue")),
        (10, 10, 90, 40),
    ),
}


@pytest.mark.parametrize(("draw", "box"), BEYOND.values(), ids=BEYOND)
def test_a_filled_path_ends_at_the_frame(draw, box):
    area, *outlines = background(draw)
    assert (area.get("fill"), area.get("stroke")) == ("#ff0000", None)
    points = corners(area)
    np.testing.assert_allclose([*points.min(axis=0), *points.max(axis=0)], box, atol=0.2)
    assert points.min() >= 10
    assert (points <= (90, 40)).all()
    for outline in outlines:  # a line may end up to a pixel outside
        assert (outline.get("fill"), outline.get("stroke")) == (None, "#0000ff")
        assert (corners(outline) >= 9).all()
        assert (corners(outline) <= (91, 41)).all()


def test_the_clipped_part_of_a_polygon_has_the_corners_of_the_polygon_and_of_the_frame():
    area, outline = background(BEYOND["a polygon"][0])
    assert corners(area).tolist() == [[70, 30], [90, 25], [90, 20], [70, 20]]
    assert corners(outline).tolist() == [[70, 30], [91, 24.8], [91, 20], [70, 20], [70, 30]]


@pytest.mark.parametrize(
    "draw",
    [
        lambda axes, **kwargs: axes.add_patch(Polygon([(60, 10), (70, 20), (60, 20)], **kwargs)),
        lambda axes, **kwargs: axes.add_patch(Circle((40, 15), 10, **kwargs)),
        lambda axes, **kwargs: axes.add_patch(
            Rectangle((0, 0), 80, 30, **kwargs)
        ),  # all of the frame, and no more
        lambda axes, **kwargs: axes.fill_between([10, 20, 30], [10, 20, 15], **kwargs),
    ],
)
def test_a_filled_path_inside_the_frame_is_drawn_as_if_there_were_none(draw):
    inside, free = (
        background(lambda axes, on=on: draw(axes, fc="red", ec="blue", clip_on=on))
        for on in (True, False)
    )
    assert [path.attrib for path in inside] == [path.attrib for path in free]
    assert [(path.get("fill"), path.get("stroke")) for path in inside] == [("#ff0000", "#0000ff")]


def test_a_filled_path_outside_the_frame_is_not_drawn():
    assert background(lambda axes: axes.add_patch(Circle((-30, 15), 10, fc="red", ec="blue"))) == []


def test_a_hole_stays_a_hole_where_the_path_around_it_is_clipped():
    def square(left, right, bottom, top):
        return [(left, bottom), (right, bottom), (right, top), (left, top), (left, bottom)]

    outer, hole = square(-10, 20, 5, 25), square(-5, 10, 10, 20)[::-1]  # the other way round
    ring = Path.make_compound_path(*(Path(corners, closed=True) for corners in (outer, hole)))
    (area,) = background(lambda axes: axes.add_patch(PathPatch(ring, fc="red", lw=0)))
    assert area.get("d") == "M10 35l20 0 0-20-20 0ZM10 20l10 0 0 10-10 0Z"


def test_a_curve_without_a_fill_ends_at_the_frame():
    (circle,) = background(lambda axes: axes.add_patch(Circle((0, 15), 10, fill=False, ec="blue")))
    assert corners(circle)[:, 0].min() >= 9
    assert corners(circle)[:, 0].max() == 20


def test_what_has_neither_fill_nor_stroke_is_left_out():
    assert len(background(lambda axes: axes.axvspan(-20, 40, color="red", lw=0))) == 1
    assert background(lambda axes: axes.plot([1, 2], [1, 2], lw=0)) == []


@pytest.mark.parametrize(
    ("draw", "name"),
    [
        (
            lambda axes: axes.text(1, 1, "学习率 $\\eta$"),
            "a text with both formulas and Chinese letters",
        ),
        (lambda axes: axes.text(1, 1, "x", usetex=True), "text with usetex"),
        (lambda axes: axes.set_title("x", usetex=True), "text with usetex"),
    ],
)
def test_what_cannot_be_drawn_is_refused_and_named(draw, name):
    with pytest.raises(
        NotImplementedError, match=f"^{re.escape(name)} cannot be drawn here: use lines"
    ):
        background(draw, frame=True)


@pytest.mark.parametrize(
    "draw",
    [
        lambda axes: axes.imshow([[1, 2]], extent=(10, 30, 10, 20), aspect="auto"),
        lambda axes: axes.pcolormesh([10, 20, 30], [10, 20], [[1, 2]]),
        lambda axes: axes.tripcolor([10, 30, 10], [10, 10, 20], [1, 2, 3], shading="gouraud"),
        lambda axes: axes.fill_between([10, 30], [10, 10], [20, 20], hatch="/", ec="red"),
        lambda axes: axes.plot([0, 70], [15, 15], lw=40)[0].set_clip_path(
            Polygon([(10, 10), (30, 10), (30, 20), (10, 20)], transform=axes.transData)
        ),
        lambda axes: axes.scatter(
            *np.meshgrid(range(10, 31), np.linspace(10, 20, 60)), s=1, alpha=0.5
        ),
    ],
)
def test_what_would_be_thousands_of_shapes_is_a_picture_in_the_picture(draw):
    (image,) = background(draw)
    box = [float(image.get(name)) for name in ("x", "y", "width", "height")]
    # 10 to 30 and 10 to 20 in axes that begin 10 from the left and end 10 above the lower edge.
    assert box == pytest.approx([20, 20, 20, 10], abs=4)
    data = base64.b64decode(image.get("href").removeprefix("data:image/webp;base64,"))
    assert data[:4] + data[8:12] == b"RIFFWEBP"


def test_markers_are_short_and_as_many_as_there_are_points():
    x = np.arange(10, 70, 0.5)
    elements = {
        "dots": background(lambda axes: axes.plot(x, x / 3, "o", ms=3)),
        "crosses": background(lambda axes: axes.plot(x, x / 3, "x", ms=3)),
        "scatter": background(lambda axes: axes.scatter(x, x / 3)),
    }
    for name, drawn in elements.items():
        (one,) = drawn
        assert one.get("d").upper().count("M") == len(x) * (1 + (name == "crosses"))
        assert len(one.get("d")) < 30 * len(x)
    (dots,) = elements["dots"]
    assert (dots.get("stroke-width"), dots.get("stroke-linecap")) == ("4", "round")
    seen = background(lambda axes: axes.plot(x, x / 3, "o", alpha=0.5))
    assert len(seen) == len(x)  # where two lie one on another it is darker


def test_bold_and_italic_text_is_so_and_no_letter_breaks_the_picture():
    drawn = background(lambda axes: axes.text(1, 1, "a  b\x0b", weight="bold", style="italic"))
    (text,) = drawn
    assert (text.text, text.get("font-weight"), text.get("font-style")) == (
        "a \xa0b\ufffd",
        "bold",
        "italic",
    )


@pytest.mark.parametrize(
    ("draw", "opacities"),
    [
        (lambda axes: axes.plot([1, 2], [2, 3], color="red", alpha=0.4), {"stroke-opacity": "0.4"}),
        (lambda axes: axes.plot([1, 2], [2, 3], color=(1, 0, 0, 0.25)), {"stroke-opacity": "0.25"}),
        (
            lambda axes: axes.add_patch(Rectangle((0, 0), 20, 20, fc="red", ec="red", alpha=0.4)),
            {"fill-opacity": "0.4", "stroke-opacity": "0.4"},
        ),
        (
            lambda axes: axes.add_patch(Rectangle((0, 0), 20, 20, fc=(1, 0, 0, 0.4), ec="red")),
            {"fill-opacity": "0.4"},
        ),
        (
            lambda axes: axes.axvspan(-20, 20, color="red", lw=0, alpha=0.4),
            {"fill-opacity": "0.4"},
        ),  # clipped
        (
            lambda axes: axes.plot([20], [20], "o", color="red", alpha=0.4),
            {"fill-opacity": "0.4", "stroke-opacity": "0.4"},
        ),
        (lambda axes: axes.text(9, 9, "x", color="red", alpha=0.4), {"fill-opacity": "0.4"}),
        (lambda axes: axes.text(9, 9, "$x$", color="red", alpha=0.4), {"fill-opacity": "0.4"}),
        (lambda axes: axes.plot([1, 2], [2, 3], color="red"), {}),
    ],
)
def test_alpha_is_drawn_as_opacity(draw, opacities):
    (element,) = background(draw)
    assert {
        name: value for name, value in element.attrib.items() if name.endswith("opacity")
    } == opacities
    assert {element.get("fill", "#ff0000"), element.get("stroke", "#ff0000")} == {"#ff0000"}


LOSS, RATE, AVERAGE = "损失函数 (w + 1)²", "学习率 η", "权重的平均"


def test_chinese_text_is_drawn_without_a_warning_and_kept(caplog):
    def draw(axes):
        axes.plot([1, 2], [1, 2], label=AVERAGE)
        axes.set(xlabel=RATE, ylabel=LOSS, title=LOSS, xticks=[10], xticklabels=["一"])
        axes.legend()

    texts = [
        element.text for element in background(draw, frame=True) if element.tag == SVG + "text"
    ]
    assert sorted(texts) == sorted([RATE, LOSS, LOSS, "一", AVERAGE])
    assert not caplog.records


def test_a_chinese_title_that_changes_is_kept():
    plot = Plot(Figure(figsize=(1, 1)).add_axes((0, 0, 1, 1)))
    for text in (LOSS, RATE):
        plot.axes.add_artist(Title(1, 10, text))
        assert ET.fromstring(foreground(plot)).text == text
        plot.clear()


def test_chinese_legend_entries_have_the_room_of_an_em_a_character():
    names = ["损失函数", AVERAGE, "平均，长", "w"]

    def draw(axes):
        for name in names:
            axes.plot([1, 2], [1, 2], label=name)
        axes.legend(ncols=len(names), handlelength=2)

    elements = background(draw)
    handles = [corners(element)[0, 0] for element in elements if element.tag == SVG + "path"][
        len(names) :
    ]
    texts = [
        (float(element.get("x")), element.text)
        for element in elements
        if element.tag == SVG + "text"
    ]
    assert [text for _, text in texts] == names
    for (x, name), following in zip(texts, handles[1:], strict=False):
        assert (
            x + 11 * len(name) + 11 < following < x + 11 * len(name) + 33
        )  # matplotlib leaves two em between columns


def test_chinese_legend_entries_stand_one_below_the_other():
    def draw(axes):
        for name in (LOSS, RATE, AVERAGE):
            axes.plot([1, 2], [1, 2], label=name)
        axes.legend()

    lines = [float(element.get("y")) for element in background(draw) if element.tag == SVG + "text"]
    assert (np.diff(lines) > 12).all()


MATH = {
    "a label": lambda axes, text: axes.set(xlabel=text),
    "a label that is turned": lambda axes, text: axes.set(ylabel=text),
    "a title": lambda axes, text: axes.set(title=text),
    "a tick": lambda axes, text: axes.set(xticks=[40], xticklabels=[text]),
    "a text": lambda axes, text: axes.text(20, 20, text),
    "a legend": lambda axes, text: (axes.plot([], [], label=text), axes.legend()),
}


@pytest.mark.parametrize("draw", MATH.values(), ids=MATH)
def test_mathematics_is_drawn_as_outlines(draw):
    elements = background(lambda axes: draw(axes, r"$\eta$"), frame=True)
    assert not [element for element in elements if element.tag == SVG + "text"]
    (outline,) = [element for element in elements if element.get("fill") in ("#000000", TEXT)]
    assert outline.get("stroke") is None
    size = np.ptp(corners(outline), axis=0)
    assert ((size > 4) & (size < 12)).all()  # of one letter
    written = background(lambda axes: draw(axes, "5 $"), frame=True)
    assert [element.text for element in written if element.tag == SVG + "text"] == ["5 $"]


def test_mathematics_in_a_title_that_changes_is_drawn_as_outlines():
    plot = Plot(Figure(figsize=(1, 1)).add_axes((0, 0, 1, 1)))
    plot.axes.add_artist(Title(1, 20, r"$\eta$"))
    outline = ET.fromstring(foreground(plot))
    assert outline.tag == "path"
    left, top = corners(outline).min(axis=0)
    assert left >= 1
    assert 8 < top < 20  # the letter stands at the line that the title was given
