"""Run the lessons and store their outputs: `python -m course_lib.refresh [NOTEBOOK …]`, all four if none is named.

What differs from run to run or from machine to machine is left out, so that a second run changes nothing.  A lesson
in which a cell fails is left as it was.
"""

import os
import sys
from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from course_lib.jupyter.outputs import collapse_answers, remove_widget_views

LESSONS = Path(__file__).parent.parent / "notebooks"


def run(path: Path) -> NotebookNode:
    """Run the notebook at `path` in a fresh kernel of this Python; return it with its outputs.

    Raises nbclient's CellExecutionError, which shows the cell, where a cell fails.
    """
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, kernel_name="python3", record_timing=False, store_widget_state=False,
                            coalesce_streams=True,  # where a stream is cut depends on the clock
                            resources={"metadata": {"path": str(path.parent)}})
    return client.execute()


def tidy(notebook: NotebookNode) -> str:
    """Return `notebook` as the text of its file, without what is random or tells of the machine that ran it."""
    course = {"course": notebook.metadata.course} if "course" in notebook.metadata else {}  # the index is called so
    notebook.metadata = {**course, "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
                         "language_info": {"name": "python"}}
    for cell in notebook.cells:
        collapsed = cell.metadata.get("jupyter", {}).get("outputs_hidden")
        cell.metadata = {key: value for key, value in {"tags": cell.metadata.get("tags"), "jupyter":
                                                       collapsed and {"outputs_hidden": True}}.items() if value}
        for output in cell.get("outputs", []):
            if "metadata" in output:
                output.metadata = {}
    remove_widget_views(notebook)
    collapse_answers(notebook)
    nbformat.validate(notebook)
    return f"{nbformat.writes(notebook)}\n"


def main(names: Iterable[str | Path]) -> None:
    paths = [Path(name) for name in names] or sorted(LESSONS.glob("*.ipynb"))
    for path in paths:
        if not path.is_file():
            sys.exit(f"{path}: no such notebook")
    for path in paths:
        try:
            text = tidy(run(path))
        except CellExecutionError as error:
            sys.exit(f"{path}: a cell failed, nothing was stored\n{error}")
        changed = text != path.read_text(encoding="utf-8")
        if changed:
            beside = path.with_suffix(".tmp")
            beside.write_text(text, encoding="utf-8", newline="\n")
            os.replace(beside, path)  # in one step, so that a lesson is never half written
        print(f"{path.name}: {'stored' if changed else 'unchanged'}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
