"""What a notebook file keeps of a panel, a question and an answer."""

import re
from collections.abc import Mapping
from typing import Any

PANEL = "application/vnd.gradient-descent-course.panel+json"
QUESTION = "application/vnd.gradient-descent-course.question+json"
ANSWER = "hide-output"  # a tag of a cell, as in Jupyter Book; no front end loses it
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def remove_widget_views(notebook: Mapping[str, Any]) -> None:
    """Remove the widget view of each panel and question from `notebook`, in place.

    A view is the random id of a model that lives no longer than its kernel: where a file has one,
    JupyterLab shows 'Error displaying widget' in place of the picture beside it.

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
    """Collapse each output in `notebook` that answers a question, in place.

    An answer is the output of a cell with the tag `hide-output`.  It is also that of the first code
    cell after a question, in the same section, that shows more than a question or a panel.  Whether
    it is collapsed says nothing: JupyterLab opens it when the cell is run, and saves it open.

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
        outputs = cell.get("outputs", [])
        tagged = ANSWER in cell["metadata"].get("tags", [])
        if not tagged and (
            any(QUESTION in output.get("data", {}) for output in outputs) or lacks_question(cell)
        ):
            asked = True
        elif tagged or (asked and not all(PANEL in output.get("data", {}) for output in outputs)):
            jupyter = cell["metadata"].get("jupyter", {})
            cell["metadata"]["jupyter"] = {**jupyter, "outputs_hidden": True}
            asked = False
        elif cell.get("cell_type") == "markdown" and re.search(
            "(?m)^#+ ", re.sub("(?s)```.*?```", "", "".join(cell["source"]))
        ):
            asked = False  # another section


def lacks_question(cell: Mapping[str, Any]) -> bool:
    """Return whether a cell without outputs ends in a question, whose output was cleared."""
    source = (
        "".join(cell.get("source", []))
        if cell.get("cell_type") == "code" and not cell.get("outputs")
        else ""
    )
    return bool(re.search(r"^(\w+\.)*ask\(.*\Z", source.rstrip(), re.MULTILINE))
