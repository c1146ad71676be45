"""A matplotlib figure as deterministic SVG in two layers: a backdrop that stands still and artists that move.

Drawing the backdrop takes matplotlib some hundred times longer than drawing a few lines, so it is drawn once and kept.
"""

import hashlib
import re
from functools import cached_property
from io import StringIO

import matplotlib as mpl
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure

# What matplotlib looks up while it draws.
DRAWING = {
    "svg.fonttype": "none",  # text stays text: small, sharp, and its digits can be compared
    "svg.hashsalt": "course_lib",
    "path.simplify": False,
    "font.family": ["sans-serif"],
    "font.sans-serif": ["DejaVu Sans"],
}
# What it looks up while a figure and its ticks are made: its own defaults and not the user's, since the stored
# pictures are compared to the last character.
STYLE = dict(mpl.rcParamsDefault) | DRAWING | {
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
    ...     line, = figure.add_axes((0.1, 0.1, 0.8, 0.8), xlim=(0, 1), ylim=(0, 1)).plot([0, 1], [0, 1])
    >>> plate = Plate(figure, [line])
    >>> before = plate.layer()
    >>> line.set_ydata([1, 0])
    >>> plate.layer() == before, plate.svg().startswith("<svg")
    (False, True)
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
        return self._draw([self.figure], STYLE)  # ticks are made, and ask for their style, only now

    def layer(self):
        """The SVG elements of the artists that move, as they are now."""
        assert self.backdrop  # drawing it once also settles the axes' transforms
        return self._draw(self.moving, DRAWING)

    def svg(self):
        """The whole picture as an SVG document."""
        return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{self.height}" '
                f'viewBox="0 0 {self.width} {self.height}" font-family="{FONTS}" stroke-linejoin="round">'
                f"{self.backdrop}{self.layer()}</svg>")

    def url(self):
        """The whole picture as a data URL, for an <img>: JupyterLab shows no other SVG of an untrusted notebook."""
        text = re.sub('[%#"<>&]', lambda character: f"%{ord(character[0]):02X}", self.svg())
        return f"data:image/svg+xml;charset=utf-8,{text}"

    def _draw(self, artists, style):
        with mpl.rc_context(style):
            sheet = StringIO()
            nothing = dict.fromkeys(["Creator", "Date", "Format", "Type"])
            renderer = RendererSVG(self.width, self.height, sheet, metadata=nothing)
            for artist in artists:
                artist.draw(renderer)
            renderer.finalize()
        return _tidy(sheet.getvalue())


def _tidy(svg):
    """The elements of an SVG document: short, rounded to a tenth of a pixel, and with ids of rounded numbers.

    Numbers are rounded since their last digits may differ between machines, and an id of matplotlib's is a hash of
    such digits.
    """
    svg = re.sub(r"^.*?<svg[^>]*>|</svg>\s*$|<style.*?</style>|<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r' (d|x|y|width|height|transform)="([^"]*)"', _round_attribute, svg)
    svg = re.sub(r"font-family: [^;\"]*;? ?", "", svg)  # said once, on the document
    svg = re.sub(r'<g id="(?![mp][0-9a-f]{10}")[^"]*">', "<g>", svg)
    svg = re.sub(r' transform="rotate\(-0 [^"]*"', "", svg)
    svg = re.sub(r"\s*\n\s*", "", svg).replace("<defs></defs>", "").replace("xlink:href", "href")
    for definition, name in re.findall(r'(<(?:path|clipPath) id="(\w+)".*?</?(?:path|clipPath)\b.*?>)', svg):
        content = definition.replace(name, "")
        svg = svg.replace(name, name[0] + hashlib.sha256(content.encode()).hexdigest()[:8])
    return svg


def _round_attribute(match):
    name, text = match.groups()
    if name == "transform" and "scale" in text:
        return match[0]
    text = re.sub(r"-?\d*\.\d+(e-?\d+)?", lambda number: f"{round(float(number[0]), 1) + 0:g}", text)
    return f' {name}="{text}"'
