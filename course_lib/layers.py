"""A matplotlib figure as deterministic SVG in two layers: a backdrop that stands still and artists that move.

Drawing the backdrop takes matplotlib some hundred times longer than drawing a few lines, so it is drawn once and kept.
"""

import re
from functools import cache, cached_property
from html import escape

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path

# What matplotlib looks up while a figure and its ticks are made: its own defaults and not the user's, since the stored
# pictures are compared to the last character.  Asking for the backend would start one.
STYLE = {name: value for name, value in mpl.rcParamsDefault.items() if "backend" not in name} | {
    "font.family": ["DejaVu Sans"],
    "path.simplify": False,
    "lines.solid_capstyle": "butt",
    "font.size": 12,
    "axes.titlesize": 12,
    "axes.titlelocation": "left",
    "legend.frameon": False,
    "legend.fontsize": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#767676",
    "axes.labelcolor": "#222222",
    "xtick.color": "#767676",
    "ytick.color": "#767676",
    "xtick.labelcolor": "#222222",
    "ytick.labelcolor": "#222222",
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e4e4e4",
    "figure.dpi": 72,
}
FONTS = "'DejaVu Sans', Verdana, sans-serif"


class Plate:
    """One matplotlib figure, drawn as a backdrop and a layer of the artists that move.

    `figure` is measured in CSS pixels at 72 to the inch; `moving` lists its artists that change between two
    displays.  Nothing else in the figure may change once the backdrop has been asked for.

    >>> from matplotlib.figure import Figure
    >>> with mpl.rc_context(STYLE):
    ...     figure = Figure(figsize=(2, 1))
    ...     line, = figure.add_axes((0, 0, 1, 1), xlim=(0, 1), ylim=(0, 1)).plot([0, 1], [0, 1], color="red", lw=2)
    >>> plate = Plate(figure, [line])
    >>> plate.layer()
    '<path d="M0 72l144-72" stroke="#ff0000" stroke-width="2"/>'
    >>> line.set_ydata([1, 0])
    >>> plate.layer()
    '<path d="M0 0l144 72" stroke="#ff0000" stroke-width="2"/>'
    """

    def __init__(self, figure: Figure, moving):
        self.figure = figure
        self.moving = list(moving)
        for artist in self.moving:
            artist.set_animated(True)  # leaves it out when the whole figure is drawn
        self.width, self.height = (round(inches * 72) for inches in figure.get_size_inches())

    @cached_property
    def backdrop(self):
        """The SVG elements of all that stands still."""
        with mpl.rc_context(STYLE):  # ticks are made, and ask for their style, only now
            return self._draw([self.figure])

    def layer(self):
        """The SVG elements of the artists that move, as they are now."""
        assert self.backdrop  # drawing it once also settles the axes' transforms
        if any(artist.stale for artist in self.moving):
            self._layer = self._draw(self.moving)
        return self._layer

    def sheet(self, elements, attributes=""):
        """An <svg> of this plate's size around some of its elements."""
        return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{self.height}" '
                f'viewBox="0 0 {self.width} {self.height}" fill="none" stroke-linejoin="round" '
                f'font-family="{FONTS}"{attributes}>{elements}</svg>')

    def svg(self):
        """The whole picture as an SVG document."""
        return self.sheet(self.backdrop + self.layer())

    def url(self):
        """The whole picture as a data URL, for an <img>: JupyterLab shows no other SVG of an untrusted notebook."""
        text = re.sub('[%#"<>&]', lambda character: f"%{ord(character[0]):02X}", self.svg())
        return f"data:image/svg+xml;charset=utf-8,{text}"

    def _draw(self, artists):
        writer = _Writer(self.width, self.height)
        for artist in artists:
            artist.draw(writer)
        return "".join(writer.elements)


class Caption(Artist):
    """One line of text from `x`, `y` on, in pixels from the upper left corner of its figure.

    matplotlib's own Text measures each of its glyphs whenever it is drawn, which is half the cost of a move.
    """

    def __init__(self, figure: Figure, x, y, size, color="#222222"):
        super().__init__()
        self.set_figure(figure)
        self.x, self.y, self.color = x, y, color
        self.font = FontProperties(size=size)
        self._text = ""

    @property
    def text(self):
        return self._text

    @text.setter
    def text(self, text):
        self._text = text
        self.stale = True

    def draw(self, renderer):
        context = renderer.new_gc()
        context.set_foreground(self.color)
        renderer.draw_text(context, self.x, self.y, self.text, self.font, 0)
        self.stale = False


class _Writer(RendererBase):
    """Writes what matplotlib draws as SVG elements: short, without ids, rounded to a tenth of a pixel.

    matplotlib's own RendererSVG takes three times as long, writes three times as much, and its ids are hashes of
    unrounded numbers, whose last digits differ between machines.
    """

    def __init__(self, width, height):
        super().__init__()
        self.width, self.height = width, height
        self.elements = []

    def get_canvas_width_height(self):
        return self.width, self.height

    def flipy(self):
        return True

    def draw_path(self, gc, path, transform, rgbFace=None):
        clip = gc.get_clip_rectangle() if rgbFace is None else None
        path = path.cleaned(transform, remove_nans=True, curves=True, clip=clip and clip.extents)
        outline = self._outline(path)
        if outline:
            self.elements.append(f'<path d="{outline}"{_paint(gc, rgbFace)}/>')

    def draw_text(self, gc, x, y, s, prop, angle, ismath=False, mtext=None):
        turn = f' transform="rotate({-angle:g} {_rounded(x)} {_rounded(y)})"' if angle else ""
        anchor = ""
        if mtext and not angle:  # stands where it is anchored, however wide the reader's font
            x = mtext.get_transform().transform(mtext.get_unitless_position())[0]
            anchor = {"center": ' text-anchor="middle"', "right": ' text-anchor="end"'}.get(mtext.get_ha(), "")
        self.elements.append(f'<text x="{_rounded(x)}" y="{_rounded(y)}" font-size="{prop.get_size_in_points():g}" '
                             f'fill="{to_hex(gc.get_rgb())}"{anchor}{turn}>{escape(s, quote=False)}</text>')

    def _outline(self, path):
        """The path as the `d` of an SVG path, from point to point: M12 34l56 78, or M12 34h0 for no length.

        Relative, as lines of equal steps are then the same text over and over, which compresses well.
        """
        # Six digits first: a number that is a tie but for its last bits then rounds the same way on all machines.
        tenths = np.rint(np.round(path.vertices * (1, -1) + (0, self.height), 6) * 10).astype(int)
        text, drawing, before = [], None, None
        for (x, y), code in zip(tenths.tolist(), path.codes.tolist(), strict=True):
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
            # Only numbers that follow numbers of the same letter may leave it out; a curve's letter takes several.
            if letter == drawing and letter in "lQC":
                letter = "" if point[0] == "-" else " "
            else:
                drawing = letter
            text.append(letter + point)
        return "".join(text)


_STOP, _LINE, _CLOSE = int(Path.STOP), int(Path.LINETO), int(Path.CLOSEPOLY)
_STEPS = {int(Path.MOVETO): "m", _LINE: "l"}  # from the point before
_LETTERS = {int(Path.MOVETO): "M", int(Path.CURVE3): "Q", int(Path.CURVE4): "C"}  # from the corner of the sheet


def _pair(x, y):
    """Two numbers of tenths as SVG has them, 12.3-.4."""
    return f"{_tenths(x)}{'' if y < 0 else ' '}{_tenths(y)}"


@cache
def _tenths(number):
    return f"{number / 10:g}".replace("0.", ".") if -10 < number < 10 else f"{number / 10:g}"


def _rounded(number):
    return f"{round(round(float(number), 6), 1) + 0:g}"


def _paint(gc, face):
    """The attributes of an SVG path with the colours, width and dashes of a graphics context."""
    width = gc.get_linewidth()
    stroke = gc.get_rgb() if width and gc.get_rgb()[3] else None
    attributes = [] if face is None else [("fill", to_hex(face))]
    if stroke:
        attributes += [("stroke", to_hex(stroke)), ("stroke-width", f"{width:g}")]
        dashes = gc.get_dashes()[1]
        if dashes is not None:
            attributes.append(("stroke-dasharray", " ".join(f"{dash:g}" for dash in dashes)))
        if gc.get_capstyle() != "butt":
            attributes.append(("stroke-linecap", {"projecting": "square"}.get(gc.get_capstyle(), "round")))
    opacity = gc.get_alpha() if face is None or gc.get_forced_alpha() else face[3] if len(face) == 4 else 1
    if opacity not in (None, 1):
        attributes.append(("opacity", f"{opacity:g}"))
    return "".join(f' {name}="{value}"' for name, value in attributes)
