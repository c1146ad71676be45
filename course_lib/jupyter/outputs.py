"""What a notebook file keeps of an output: of a panel or question all but its widget view, of an answer its fold."""

from collections.abc import Mapping
from typing import Any

PANEL = "application/vnd.gradient-descent-course.panel+json"
QUESTION = "application/vnd.gradient-descent-course.question+json"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def remove_widget_views(notebook: Mapping[str, Any]) -> None:
    """Remove from `notebook`, in place, the widget view of each output that holds a panel or question of this course.

    A view is the random id of a model that lives no longer than its kernel: reopened with it, JupyterLab shows 'Error
    displaying widget', although the picture lies beside it in the same output.

    >>> notebook = {"cells": [{"outputs": [{"data": {PANEL: {}, WIDGET_VIEW: {}, "text/html": "picture"}}]}, {}]}
    >>> remove_widget_views(notebook)
    >>> list(notebook["cells"][0]["outputs"][0]["data"]) == [PANEL, "text/html"]
    True
    """
    for cell in notebook.get("cells", []):
        for output in cell.get("outputs", []):
            if {PANEL, QUESTION} & set(output.get("data", {})):
                output["data"].pop(WIDGET_VIEW, None)


def collapse_answers(notebook: Mapping[str, Any]) -> None:
    """Collapse the output that answers a question: that of the next code cell that is neither question nor panel.

    JupyterLab opens it when the cell is run, and a notebook that is saved then does not know that it was collapsed.
    """
    asked = False
    for cell in notebook["cells"]:
        shown = {kind for output in cell.get("outputs", []) for kind in output.get("data", {})}
        if QUESTION in shown:
            asked = True
        elif asked and cell.get("outputs") and PANEL not in shown:
            cell["metadata"]["jupyter"] = {"outputs_hidden": True}
            asked = False
