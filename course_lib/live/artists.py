"""Faster replacements for matplotlib's Line2D and Text."""

from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.cbook import is_math_text
from matplotlib.colors import to_rgba
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from numpy.typing import ArrayLike

from course_lib.live.style import RC_PARAMS, TEXT

Look = dict[str, Any]  # what a Line2D is told: color, linewidth, linestyle, alpha


class Stroke(Artist):
    """A line through points; a Line2D takes three times as long to make and to draw."""

    zorder = 2.0  # as Line2D has it

    def __init__(self, x: ArrayLike, y: ArrayLike, look: Look):
        super().__init__()
        self.path = Path(np.column_stack([x, y]))
        self.look = look

    def set_clip_path(self, path: Any, transform: Any = None) -> None:
        """Ignore it: the box of the axes always clips."""

    def draw(self, renderer: RendererBase) -> None:
        look, context = self.look, renderer.new_gc()
        axes: Any = self.axes
        width = look["linewidth"]
        context.set_foreground(to_rgba(look["color"], look["alpha"]), isRGBA=True)
        context.set_linewidth(width)
        if look["linestyle"] != "-":
            offset, dashes = look["linestyle"]
            context.set_dashes(offset, [dash * width for dash in dashes])
        context.set_capstyle(look.get("solid_capstyle", "butt"))
        context.set_clip_rectangle(axes.bbox)
        path = axes.transData.transform_path_non_affine(self.path)
        renderer.draw_path(context, path, axes.transData.get_affine())


class Title(Artist):
    """One line of text from `x`, `y` on, in pixels from the upper left corner of its figure.

    matplotlib's own Text measures each of its glyphs whenever it is drawn, which is half the cost
    of a drawing.
    """

    zorder = 3.0  # as Text has it

    def __init__(self, x: float, y: float, text: str, size: float = 12):
        super().__init__()
        self.x, self.y, self.text, self.size = x, y, text, size

    def draw(self, renderer: RendererBase) -> None:
        context = renderer.new_gc()
        context.set_foreground(TEXT)
        math = is_math_text(self.text)
        font = FontProperties(family=RC_PARAMS["font.family"], size=self.size)
        renderer.draw_text(context, self.x, self.y, self.text, font, 0, ismath=math)
