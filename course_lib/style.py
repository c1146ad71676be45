"""The look of the course's pictures: one colour per quantity, and matplotlib's settings."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import MappingProxyType

# Where matplotlib cannot write, or looks through the fonts for the first time, it says so as it is
# imported; a lesson would show that.  So `course_lib.figures` imports this module first.
_log = logging.getLogger("matplotlib")
_level = _log.level
_log.setLevel(logging.ERROR)
import matplotlib as mpl  # noqa: E402
import matplotlib.font_manager  # noqa: E402

_log.setLevel(_level)

# Apart for the colour-blind, and of different grey in print.
LOSS, WEIGHT, RATE, SHADOW, OTHER = "#0072b2", "#d55e00", "#007a5a", "#6a3d9a", "#767676"
TEXT = "#222222"
FONT_FAMILY = "'DejaVu Sans', Verdana, sans-serif"

# What matplotlib looks up while a figure and its ticks are made: its own defaults and not the
# user's, since the stored pictures are compared to the last character.  Asking for the backend
# would start one.
RC_PARAMS = MappingProxyType(
    {name: value for name, value in mpl.rcParamsDefault.items() if "backend" not in name}
    | {
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
        "axes.labelcolor": TEXT,
        "xtick.color": "#767676",
        "ytick.color": "#767676",
        "xtick.labelcolor": TEXT,
        "ytick.labelcolor": TEXT,
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.color": "#e4e4e4",
        "figure.dpi": 72,
    }
)

_settings = threading.RLock()  # matplotlib's settings are the same for all threads


@contextmanager
def course_style() -> Iterator[None]:
    """Apply the course's rcParams in a `with` statement, for whatever makes artists or ticks, one
    thread at a time.
    """
    with _settings, mpl.rc_context(RC_PARAMS):  # type: ignore[arg-type]
        yield
