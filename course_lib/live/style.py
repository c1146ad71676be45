"""matplotlib's settings for all pictures, whatever the user has set."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

# Where matplotlib cannot write, or looks through the fonts for the first time, it says so as it is
# imported; a lesson would show that.  So `course_lib.live` imports this module first.
_log = logging.getLogger("matplotlib")
_level = _log.level
_log.setLevel(logging.ERROR)
import matplotlib as mpl  # noqa: E402
import matplotlib.font_manager  # noqa: E402

_log.setLevel(_level)

TEXT, FRAME = "#222222", "#767676"
FONT_FAMILY = "'DejaVu Sans', Verdana, sans-serif"

# What matplotlib looks up while a figure and its artists are made: its own defaults and not the
# user's, since the stored pictures are compared to the last character.  Asking for the backend
# would start one.
RC_PARAMS = MappingProxyType(
    {name: value for name, value in mpl.rcParamsDefault.items() if "backend" not in name}
    | {
        "font.family": ["DejaVu Sans"],
        "path.simplify": False,
        "lines.solid_capstyle": "butt",
        "font.size": 12.0,
        "axes.titlesize": 12.0,
        "axes.titlelocation": "left",
        "legend.frameon": False,
        "legend.fontsize": 11.0,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": FRAME,
        "axes.labelcolor": TEXT,
        "xtick.color": FRAME,
        "ytick.color": FRAME,
        "xtick.labelcolor": TEXT,
        "ytick.labelcolor": TEXT,
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.color": "#e4e4e4",
        "figure.dpi": 72.0,
    }
)

_settings = threading.RLock()  # matplotlib's settings are the same for all threads


@contextmanager
def rc_params() -> Iterator[None]:
    """Apply these rcParams in a `with` statement, in one thread at a time."""
    rc: Any = mpl.rcParams
    with _settings:
        # As dicts, without matplotlib's check of each of 300 values, which takes a millisecond.
        before = dict(dict.items(rc))
        dict.update(rc, RC_PARAMS)
        try:
            yield
        finally:
            dict.update(rc, before)
