"""What a notebook file keeps of an output: of a panel or question all but its widget view, of an answer its fold."""

import re
from collections.abc import Mapping
from typing import Any

PANEL = "application/vnd.gradient-descent-course.panel+json"
QUESTION = "application/vnd.gradient-descent-course.question+json"
ANSWER = "hide-output"  # a tag of a cell, as in Jupyter Book; no front end loses it
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
    """Collapse each output in `notebook`, in place, that answers a question.

    It is one whose cell has the tag `hide-output`, or that of the next code cell after a question that is neither
    question nor panel.  The collapse itself does not say so: JupyterLab opens it when the cell is run, and a notebook
    that is saved then has lost it.

    >>> notebook = {"cells": [{"outputs": [{"data": {QUESTION: {}}}], "metadata": {}},
    ...                       {"outputs": [{"text": "2"}], "metadata": {"jupyter": {"source_hidden": True}}},
    ...                       {"outputs": [{"text": "3"}], "metadata": {}},
    ...                       {"outputs": [{"text": "4"}], "metadata": {"tags": [ANSWER]}}]}
    >>> collapse_answers(notebook)
    >>> [cell["metadata"].get("jupyter") for cell in notebook["cells"]]
    [None, {'source_hidden': True, 'outputs_hidden': True}, None, {'outputs_hidden': True}]
    """
    asked = False
    for cell in notebook["cells"]:
        shown = {kind for output in cell.get("outputs", []) for kind in output.get("data", {})}
        if QUESTION in shown or re.search(r"\bask\(", _source(cell)):
            asked = True
        elif cell.get("outputs") and (ANSWER in cell["metadata"].get("tags", []) or (asked and PANEL not in shown)):
            cell["metadata"]["jupyter"] = {**cell["metadata"].get("jupyter", {}), "outputs_hidden": True}
            asked = False


def _source(cell: Mapping[str, Any]) -> str:
    """The code of a cell: a question whose output was cleared was asked all the same."""
    return "".join(cell.get("source", [])) if cell.get("cell_type") == "code" else ""
