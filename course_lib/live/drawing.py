"""matplotlib's axes as short SVG that is the same on every machine.

Drawing the frame takes some hundred times longer than drawing a few lines.  So it is drawn once, as
the background, and for each picture only what was put on it: matplotlib's animations call the same
blitting.

Lines, patches, markers and text are supported, clipped to a rectangle, in plain colours.  Images
(`imshow`), meshes, hatches, other clip paths and `usetex` are refused by a NotImplementedError that
names them.
"""

import re
import unicodedata
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any, NoReturn

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.colors import to_hex
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.textpath import TextPath
from matplotlib.transforms import Affine2D

from course_lib.live.style import FONT_FAMILY, rc_params


@dataclass(frozen=True)
class Drawing:
    """A drawn plot: its SVG elements, its size in CSS pixels, and what it shows in words.

    `pick` names the setting that a click on the plot sets, and `axis` the pixels and the data of
    the two ends of its x axis, from which the click's value follows.
    """

    background: str
    foreground: str
    alt: str
    width: int
    height: int
    pick: str = ""
    axis: tuple[float, ...] = ()

    def svg(self, elements: str | None = None, attributes: str = "") -> str:
        """The SVG document; `elements` stand in it in place of background and foreground."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{self.height}" '
            f'viewBox="0 0 {self.width} {self.height}" fill="none" stroke-linejoin="round" '
            f'direction="ltr" font-family="{FONT_FAMILY}"{attributes}>'
            f"{self.background + self.foreground if elements is None else elements}</svg>"
        )

    def url(self) -> str:
        """The document for an <img>, as which JupyterLab shows SVG that it does not trust."""
        svg = self.svg(attributes=' style="background:#fff"')  # or it is dark text on a dark theme
        text = re.sub('[%#"<>&]', lambda character: f"%{ord(character[0]):02X}", svg)
        return f"data:image/svg+xml;charset=utf-8,{text}"


class Plot:
    """The axes of one plot: their frame is drawn once, and for each picture what is put on them.

    `axes` are alone in a figure, which is measured in CSS pixels at 72 to the inch.  `pick` names a
    setting of the picture that is measured along the x axis, if a click may set it.

    >>> from matplotlib.figure import Figure
    >>> with rc_params():
    ...     plot = Plot(Figure(figsize=(2, 1)).add_axes((0, 0, 1, 1), xlim=(0, 1), ylim=(0, 1)))
    ...     line = plot.axes.plot([0, 1], [0, 1], color="red", lw=2)
    ...     print(plot.draw("a line").foreground)
    ...     plot.clear()
    ...     print(plot.draw("nothing").foreground == "")
    <path d="M0 72l144-72" stroke="#ff0000" stroke-width="2"/>
    True
    """

    def __init__(self, axes: Axes, pick: str = ""):
        self.axes = axes
        self.pick = pick
        figure = axes.get_figure(root=True)
        assert figure is not None  # these axes were never removed
        self.width, self.height = (round(inches * 72) for inches in figure.get_size_inches())
        with rc_params():  # ticks are made, and ask for their style, only now
            self.background = self._svg([figure])
        self._frame = set(axes.get_children())

    def draw(self, alt: str) -> Drawing:
        """The plot as it is now, with the text `alt` for those who do not see it."""
        foreground = self._svg(sorted(self._added(), key=Artist.get_zorder))
        return Drawing(
            self.background, foreground, alt, self.width, self.height, self.pick, self._x_axis()
        )

    def clear(self) -> None:
        """Take away what was put on the axes."""
        for artist in self._added():
            artist.remove()

    def _added(self) -> list[Artist]:
        return [artist for artist in self.axes.get_children() if artist not in self._frame]

    def _x_axis(self) -> tuple[float, ...]:
        if not self.pick:
            return ()
        left, right = self.axes.get_position().intervalx * self.width
        return (round(float(left), 1), round(float(right), 1), *map(float, self.axes.get_xlim()))

    def _svg(self, artists: Iterable[Artist]) -> str:
        renderer = _SvgRenderer(self.width, self.height)
        for artist in artists:
            artist.draw(renderer)
        return "".join(renderer.elements)


class _SvgRenderer(RendererBase):
    """Writes what matplotlib draws as short SVG elements, rounded to a tenth of a pixel.

    matplotlib's own RendererSVG takes three times as long, writes three times as much, and its ids
    are hashes of unrounded numbers, whose last digits differ between machines.
    """

    def __init__(self, width: int, height: int):
        super().__init__()
        self.width, self.height, self.dpi = width, height, 72
        self.elements: list[str] = []

    def get_canvas_width_height(self) -> tuple[float, float]:
        return self.width, self.height

    def flipy(self) -> bool:
        return True

    def draw_path(
        self, gc: GraphicsContextBase, path: Path, transform: Any, rgbFace: Any = None
    ) -> None:
        if gc.get_hatch():
            _refuse(f"the hatch {gc.get_hatch()!r}")
        if gc.get_clip_path()[0] is not None:
            _refuse("a clip path (set_clip_path) other than a rectangle")
        box = gc.get_clip_rectangle()
        if box is not None and rgbFace is not None:
            corners = path.get_extents(transform).get_points()
            if all(box.contains(*corner) for corner in corners):
                box = None
        frame: Any = box and box.extents
        if box is not None and path.codes is not None:
            # Of curves, matplotlib clips only the chords.
            line = path.cleaned(transform, remove_nans=True).cleaned(clip=frame)
        else:
            line = path.cleaned(transform, remove_nans=True, curves=True, clip=frame)
        if box is not None and rgbFace is not None:
            # Without outline, or the frame is outlined; as one path, so that holes stay.
            polygons = path.transformed(transform).clip_to_bbox(box).to_polygons()
            area = Path.make_compound_path(*(Path(polygon, closed=True) for polygon in polygons))
            self._add(area.cleaned(), _paint(gc, rgbFace, outline=False))
            rgbFace = None
        self._add(line, _paint(gc, rgbFace))

    def draw_text(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: Any = False,
        mtext: Any = None,
    ) -> None:
        fill = _paint(gc, gc.get_rgb(), outline=False)
        if ismath:  # as outlines, since the reader's browser has no fonts for mathematics
            outline = TextPath((0, 0), s, size=prop.get_size_in_points(), prop=prop)
            place = Affine2D().rotate_deg(angle).translate(x, self.height - y)
            self._add(outline.cleaned(place), fill)
            return
        turn = f' transform="rotate({-angle:g} {_rounded(x)} {_rounded(y)})"' if angle else ""
        anchor = ""
        if mtext and not angle:  # stands where it is anchored, however wide the reader's font
            x = mtext.get_transform().transform(mtext.get_unitless_position())[0]
            anchors = {"center": ' text-anchor="middle"', "right": ' text-anchor="end"'}
            anchor = anchors.get(mtext.get_ha(), "")
        self.elements.append(
            f'<text x="{_rounded(x)}" y="{_rounded(y)}" font-size="{prop.get_size_in_points():g}"'
            f"{fill}{anchor}{turn}>{escape(s, quote=False)}</text>"
        )

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: Any
    ) -> tuple[float, float, float]:
        if ismath == "TeX":  # is measured before it is drawn
            _refuse("text with usetex")
        if ismath and any(unicodedata.east_asian_width(letter) in "WF" for letter in s):
            _refuse("a text with both formulas and Chinese letters")
        # A wide character takes an em; the box that matplotlib has for those it lacks differs
        # between its versions.
        narrow = "".join(letter for letter in s if unicodedata.east_asian_width(letter) not in "WF")
        with warnings.catch_warnings():
            # The reader's browser has a font for a letter that DejaVu Sans lacks.
            warnings.filterwarnings("ignore", "Glyph .* missing from")
            width, height, descent = super().get_text_width_height_descent(narrow, prop, ismath)
        return width + (len(s) - len(narrow)) * prop.get_size_in_points(), height, descent

    def draw_image(
        self, gc: GraphicsContextBase, x: float, y: float, im: Any, transform: Any = None
    ) -> None:
        _refuse("an image (imshow, figimage)")

    def draw_quad_mesh(self, *args: Any, **kwargs: Any) -> None:
        _refuse("a mesh (pcolormesh)")

    def draw_gouraud_triangles(self, *args: Any, **kwargs: Any) -> None:
        _refuse("shaded triangles (tripcolor)")

    def _add(self, path: Path, paint: str) -> None:
        if paint and (outline := self._outline(path)):
            self.elements.append(f'<path d="{outline}"{paint}/>')

    def _outline(self, path: Path) -> str:
        """The path as the `d` of an SVG path: M12 34l56 78, or M12 34h0 for no length.

        It goes from point to point, since lines of equal steps are then the same text over and
        over, which compresses well.
        """
        # Six digits first: a number that is a tie but for its last bits then rounds the same way on
        # all machines.
        vertices, codes = np.asarray(path.vertices), np.asarray(path.codes)
        tenths = np.rint(np.round(vertices * (1, -1) + (0, self.height), 6) * 10).astype(int)
        text: list[str] = []
        drawing, before = None, None
        for (x, y), code in zip(tenths.tolist(), codes.tolist(), strict=True):
            if code == _STOP:
                continue
            if code == _CLOSE:
                letter, point, before = "Z", "", None
            elif before is None or code not in _STEPS:
                letter, point, before = _LETTERS[code], _pair(x, y), (x, y)
            elif code == _LINE and (x, y) == before:
                letter, point = "h0", ""
            else:
                letter, point, before = _STEPS[code], _pair(x - before[0], y - before[1]), (x, y)
            # Only numbers that follow numbers of the same letter may leave it out; a curve's letter
            # takes several.
            if letter == drawing and letter in "lQC":
                letter = "" if point[0] == "-" else " "
            else:
                drawing = letter
            text.append(letter + point)
        return "".join(text)


_STOP, _LINE, _CLOSE = int(Path.STOP), int(Path.LINETO), int(Path.CLOSEPOLY)
_STEPS = {int(Path.MOVETO): "m", _LINE: "l"}  # from the point before
# From the upper left.
_LETTERS = {int(Path.MOVETO): "M", _LINE: "L", int(Path.CURVE3): "Q", int(Path.CURVE4): "C"}


def _refuse(what: str) -> NoReturn:
    raise NotImplementedError(
        f"{what} cannot be drawn here: only lines, patches, markers and text can"
    )


def _pair(x: int, y: int) -> str:
    """Two numbers of tenths as SVG has them, 12.3-.4."""
    return f"{_tenths(x)}{'' if y < 0 else ' '}{_tenths(y)}"


@cache
def _tenths(number: int) -> str:
    return f"{number / 10:g}".replace("0.", ".") if -10 < number < 10 else f"{number / 10:g}"


def _rounded(number: float) -> str:
    return f"{round(round(float(number), 6), 1) + 0:g}"


def _paint(gc: GraphicsContextBase, face: Any, outline: bool = True) -> str:
    """The attributes of an SVG path with the colours, width and dashes of a graphics context."""
    width, stroke = gc.get_linewidth(), gc.get_rgb()
    attributes = [] if face is None else [("fill", to_hex(face)), ("fill-opacity", _opacity(face))]
    if outline and width and stroke[3]:
        attributes += [
            ("stroke", to_hex(stroke)),
            ("stroke-width", f"{width:g}"),
            ("stroke-opacity", _opacity(stroke)),
        ]
        dashes: Any = gc.get_dashes()[1]
        if dashes is not None:
            attributes.append(("stroke-dasharray", " ".join(f"{dash:g}" for dash in dashes)))
        if gc.get_capstyle() != "butt":
            cap = {"projecting": "square"}.get(gc.get_capstyle(), "round")
            attributes.append(("stroke-linecap", cap))
    return "".join(f' {name}="{value}"' for name, value in attributes if value)


def _opacity(color: tuple[float, ...]) -> str:
    """The opacity of a colour; nothing for one that hides what is behind it."""
    return f"{color[3]:g}" if len(color) == 4 and color[3] != 1 else ""
