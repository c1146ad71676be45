"""What of a panel or a question is stored in a notebook: all but its live view."""

PANEL = "application/vnd.gradient-descent-course.panel+json"
QUESTION = "application/vnd.gradient-descent-course.question+json"
VIEW = "application/vnd.jupyter.widget-view+json"


def without_views(notebook):
    """Take the live view out of each output that holds a panel or question of this course; leave all else as it is.

    A view is the random id of a model that lives no longer than its kernel: reopened without it, JupyterLab shows
    'Error displaying widget', although the picture lies beside it in the same output.

    >>> notebook = {"cells": [{"outputs": [{"data": {PANEL: {}, VIEW: {}, "text/html": "picture"}}]}, {}]}
    >>> without_views(notebook)
    >>> list(notebook["cells"][0]["outputs"][0]["data"]) == [PANEL, "text/html"]
    True
    """
    for cell in notebook.get("cells", []):
        for output in cell.get("outputs", []):
            if {PANEL, QUESTION} & set(output.get("data", {})):
                output["data"].pop(VIEW, None)
