"""matplotlib's settings for all pictures, whatever the user has set."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

# If matplotlib cannot write, or looks through the fonts for the first time, it says so when it is
# imported, and a lesson would show that.  So `course_lib.live` imports this module first.
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
_STYLE = mpl.rc_params_from_file(Path(__file__).parent / "live.mplstyle", fail_on_error=True)
RC_PARAMS = MappingProxyType({name: _STYLE[name] for name in _STYLE if "backend" not in name})

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
