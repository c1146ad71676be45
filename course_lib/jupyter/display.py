"""What is shown only where somebody is there to see it."""

import os
from typing import Any

from IPython.core.getipython import get_ipython

from course_lib.jupyter.outputs import WIDGET_VIEW


def widget_view(widget: Any) -> dict[str, Any]:
    """Return the widget's view for a front end, or {} where a program runs the cell.

    There a view would be an empty space, or an unknown id.  Voilà, though, shows widgets.
    """
    if not is_seen() and "VOILA_PREHEAT" not in os.environ:
        return {}
    return {WIDGET_VIEW: {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}}


def is_seen() -> bool:
    """Return whether somebody sees the output of a cell while it runs.

    Programs that run notebooks with nbclient say that nobody can be asked for input.
    """
    shell: Any = get_ipython()
    request = shell.get_parent().get("content", {}) if hasattr(shell, "get_parent") else {}
    return request.get("allow_stdin", True) is not False
