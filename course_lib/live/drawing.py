"""matplotlib's axes as short SVG that is the same on every machine.

Drawing the frame takes some hundred times longer than drawing a few lines.  So the frame is drawn
once, as the background.  For each picture, only what was put on it is drawn.  matplotlib's
animations do the same and call it blitting.

Lines, patches, markers and text are supported, clipped to a rectangle, in plain colours.  Images,
meshes, hatches, what another clip path cuts off, and collections of thousands of shapes are drawn
by matplotlib's own renderer, as a picture in the picture.  `usetex`, and formulas beside Chinese
letters, raise a NotImplementedError that names them.
"""

import io
import re
import unicodedata
import warnings
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, partialmethod
from html import escape
from typing import Any, NoReturn, cast

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_hex
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.textpath import TextPath
from matplotlib.transforms import Affine2D, IdentityTransform
from PIL import Image

from course_lib.live.style import FONT_FAMILY, rc_params


@dataclass(frozen=True)
class Drawing:
    """A drawn plot: its SVG elements, its size in CSS pixels, and what it shows in words.

    `pick` names the setting that a click on the plot sets, and `axis` the pixels and the data of
    the two ends of its x axis, from which the click's value follows.  `left` and `top` are the
    coordinates of its upper left corner.
    """

    background: str
    foreground: str
    alt: str
    width: int
    height: int
    pick: str = ""
    axis: tuple[float, ...] = ()
    left: int = 0
    top: int = 0

    def svg(self, elements: str | None = None, attributes: str = "") -> str:
        """The SVG document; `elements` stand in it in place of background and foreground."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{self.height}" '
            f'viewBox="{self.left} {self.top} {self.width} {self.height}" '
            f'fill="none" stroke-linejoin="round" '
            f'direction="ltr" font-family="{FONT_FAMILY}"{attributes}>'
            f"{self.background + self.foreground if elements is None else elements}</svg>"
        )

    def over(self, background: str) -> str:
        """What is drawn in front of a background, which may be that of another drawing."""
        if self.background == background:
            return self.foreground
        paper = f"M{self.left} {self.top}h{self.width}v{self.height}h-{self.width}Z"
        return f'<path d="{paper}" fill="#ffffff"/>{self.background}{self.foreground}'

    def url(self) -> str:
        """The document for an <img>, as which JupyterLab shows SVG that it does not trust."""
        svg = self.svg(attributes=' style="background:#fff"')  # or text is dark on a dark theme
        text = re.sub('[%#"<>&]', lambda character: f"%{ord(character[0]):02X}", svg)
        return f"data:image/svg+xml;charset=utf-8,{text}"


class Plot:
    """The axes of one plot: the frame is drawn once, and for each picture only what is put on it.

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
            self.background = svg([figure], self.width, self.height)
        self._frame = set(axes.get_children())

    def draw(self, alt: str) -> Drawing:
        """The plot as it is now, with the text `alt` for those who do not see it."""
        added = sorted(self._added(), key=Artist.get_zorder)
        foreground = svg(added, self.width, self.height)
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


def svg(artists: Iterable[Artist], width: int, height: int) -> str:
    """Return what these artists draw in a figure of this size, as SVG elements."""
    renderer = SvgRenderer(width, height)
    for artist in artists:
        artist.draw(renderer)
    return "".join(renderer.elements)


class SvgRenderer(RendererBase):
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
        clip, placed = cast(Any, gc.get_clip_path())
        inside = True
        if clip is not None:  # of polar axes, for example, where a marker may reach over the edge
            around, points = clip.transformed(placed), path.transformed(transform).vertices
            inside = np.logical_or(
                *(around.contains_points(points, radius=r) for r in (-8, 8))
            ).all()
        if gc.get_hatch() or not inside:
            self._draw_pixels("draw_path", gc, path, transform, rgbFace)
            return
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
            # Without its outline, which would follow the frame; as one path, so that holes stay.
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
        s = re.sub("[\x00-\x1f\ud800-\udfff]", "\ufffd", s).replace("  ", " \xa0")  # as HTML has it
        if ismath:  # as outlines, since the reader's browser has no fonts for mathematics
            outline = TextPath((0, 0), s, size=prop.get_size_in_points(), prop=prop)
            place = Affine2D().rotate_deg(angle).translate(x, self.height - y)
            self._add(outline.cleaned(place), fill)
            return
        turn = f' transform="rotate({-angle:g} {_rounded(x)} {_rounded(y)})"' if angle else ""
        look = "".join(
            f' font-{name}="{value}"'
            for name, value in (("weight", prop.get_weight()), ("style", prop.get_style()))
            if value in ("bold", "italic", "oblique")
        )
        anchor = ""
        if mtext and not angle:  # stands where it is anchored, however wide the reader's font
            x = mtext.get_transform().transform(mtext.get_unitless_position())[0]
            anchors = {"center": ' text-anchor="middle"', "right": ' text-anchor="end"'}
            anchor = anchors.get(mtext.get_ha(), "")
        self.elements.append(
            f'<text x="{_rounded(x)}" y="{_rounded(y)}" font-size="{prop.get_size_in_points():g}"'
            f"{fill}{look}{anchor}{turn}>{escape(s, quote=False)}</text>"
        )

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: Any
    ) -> tuple[float, float, float]:
        if ismath == "TeX":  # text is measured before it is drawn
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

    def draw_markers(
        self,
        gc: GraphicsContextBase,
        marker_path: Path,
        marker_trans: Any,
        path: Path,
        trans: Any,
        rgbFace: Any = None,
    ) -> None:
        places = [points[-2:] for points, _ in path.iter_segments(trans, simplify=False)]
        shape = marker_path.transformed(marker_trans)
        if len(places) < _FEW:
            super().draw_markers(gc, marker_path, marker_trans, path, trans, rgbFace)
        elif "opacity" not in _paint(gc, rgbFace) and (rgbFace is None or _one_color(gc, rgbFace)):
            self._draw_shapes(gc, shape, places, rgbFace)
        elif len(places) > _MANY:
            self._draw_pixels("draw_markers", gc, marker_path, marker_trans, path, trans, rgbFace)
        else:  # one by one, since it is seen which one is in front
            for place in places:
                self._draw_shapes(gc, shape, [place], rgbFace)

    def draw_path_collection(
        self, gc: Any, master_transform: Any, *args: Any, **kwargs: Any
    ) -> None:
        paths, transforms, offsets, *_ = args
        if len(offsets) > _MANY or len(paths) > _MANY or sum(map(len, paths)) > 10 * _MANY:
            self._draw_pixels("draw_path_collection", gc, master_transform, *args, **kwargs)
            return
        # As in the base class, with its private methods.
        looks = args[2:]
        base: Any = self
        raw = base._iter_collection_raw_paths(master_transform, paths, transforms)
        shapes = [path.transformed(transform) for path, transform in raw]
        for x, y, shape, own, face in base._iter_collection(gc, shapes, *looks, **kwargs):
            self._draw_shapes(own, shape, [(x, y)], face)

    def _draw_shapes(self, gc: Any, shape: Path, places: Any, face: Any) -> None:
        """Draw a shape at some places as one path; a disk is a stroke of no length with round ends."""
        points = np.asarray(shape.vertices)
        radius = points[:, 0].max(initial=0)
        is_disk = points.shape == _CIRCLE.shape and np.allclose(points, radius * _CIRCLE)
        if is_disk and face is not None and _one_color(gc, face):
            dot = GraphicsContextBase()
            dot.copy_properties(gc)
            dot.set_foreground(face, isRGBA=True)
            dot.set_linewidth(round(2 * radius + _edge(gc), 1))
            dot.set_capstyle("round")
            ends = [Path.MOVETO, Path.LINETO] * len(places)
            self.draw_path(dot, Path(np.repeat(places, 2, axis=0), ends), IdentityTransform())
        else:
            several = (shape.transformed(Affine2D().translate(*place)) for place in places)
            self.draw_path(gc, Path.make_compound_path(*several), IdentityTransform(), face)

    def _draw_pixels(self, method: str, *args: Any, **kwargs: Any) -> None:
        """Let matplotlib's own renderer draw, and insert the pixels it has set, as an image."""
        agg, file = RendererAgg(self.width, self.height, self.dpi), io.BytesIO()
        getattr(agg, method)(*args, **kwargs)
        pixels = np.asarray(agg.buffer_rgba())
        (top, bottom), (left, right) = (
            np.flatnonzero(np.append(pixels[..., 3].any(axis), True))[[0, -2]] for axis in (1, 0)
        )
        image = Image.fromarray(pixels).crop((left, top, right + 1, bottom + 1))
        # WebP takes a tenth of PNG; it is exact where the colours are few.
        is_exact = image.getcolors(256) is not None
        image.save(file, "webp", lossless=is_exact, quality=90, exact=True)
        self.elements.append(
            f'<image x="{left}" y="{top}" width="{image.width}" height="{image.height}" '
            f'href="data:image/webp;base64,{b64encode(file.getvalue()).decode()}"/>'
        )

    draw_image = partialmethod(_draw_pixels, "draw_image")
    draw_quad_mesh = partialmethod(_draw_pixels, "draw_quad_mesh")
    draw_gouraud_triangles = partialmethod(_draw_pixels, "draw_gouraud_triangles")

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


_FEW = 4  # fewer markers than this, as in a legend, are drawn as one outline each
_MANY = 1000  # more shapes, or ten times as many points, are smaller as a picture
_CIRCLE = np.asarray(Path.unit_circle().vertices)
_STOP, _LINE, _CLOSE = int(Path.STOP), int(Path.LINETO), int(Path.CLOSEPOLY)
_STEPS = {int(Path.MOVETO): "m", _LINE: "l"}  # relative to the point before
# Relative to the upper left corner.
_LETTERS = {int(Path.MOVETO): "M", _LINE: "L", int(Path.CURVE3): "Q", int(Path.CURVE4): "C"}


def _edge(gc: GraphicsContextBase) -> float:
    """The width of an outline, 0 if it is not seen."""
    return gc.get_linewidth() if gc.get_rgb()[3] else 0


def _one_color(gc: GraphicsContextBase, face: Any) -> bool:
    return not _edge(gc) or tuple(gc.get_rgb()) == tuple(face)


def _refuse(what: str) -> NoReturn:
    raise NotImplementedError(
        f"{what} cannot be drawn here: use lines, filled areas, markers, text or images"
    )


def _pair(x: int, y: int) -> str:
    """Two numbers of tenths as SVG writes them: 12.3-.4 for 123 and -4."""
    return f"{_tenths(x)}{'' if y < 0 else ' '}{_tenths(y)}"


@cache
def _tenths(number: int) -> str:
    return f"{number / 10:g}".replace("0.", ".") if -10 < number < 10 else f"{number / 10:g}"


def _rounded(number: float) -> str:
    return f"{round(round(float(number), 6), 1) + 0:g}"


def _paint(gc: GraphicsContextBase, face: Any, outline: bool = True) -> str:
    """The attributes of an SVG path with the colours, width and dashes of a graphics context."""
    width, stroke = _edge(gc), gc.get_rgb()
    attributes = [] if face is None else [("fill", to_hex(face)), ("fill-opacity", _opacity(face))]
    if outline and width:
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
    """The attribute for the opacity of a colour, or an empty text if it is opaque."""
    return f"{color[3]:g}" if len(color) == 4 and color[3] != 1 else ""
