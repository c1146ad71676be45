"""Pictures that follow their sliders at once: for any course, in notebooks and in handouts.

A `Figure` draws a `View` for some settings and declares its `Control`s; `explore` makes a live
`Panel` of it.
"""

from typing import TYPE_CHECKING, Any

import course_lib.live.style  # imports matplotlib in silence

# isort: split
from course_lib.live.figure import Control, Figure, Plots, View, Words

if TYPE_CHECKING:
    from course_lib.live.panel import Panel, explore

__all__ = ["Control", "Figure", "Panel", "Plots", "View", "Words", "explore"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # Only now, as pictures and handouts need no ipywidgets, which takes long to import.
    from course_lib.live import panel

    return getattr(panel, name)
