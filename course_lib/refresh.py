"""Run the lessons and store their outputs: `python -m course_lib.refresh [NOTEBOOK …]`, all four if none is named.

What differs from run to run or from machine to machine is left out, so that a second run changes nothing.  A lesson
in which a cell fails is left as it was.  Nothing but the text of a notebook changes: not its mode, nor a link to it.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from nbval.kernel import CURRENT_ENV_KERNEL_NAME, NbvalKernelspecManager

from course_lib.jupyter.outputs import collapse_answers, remove_widget_views

LESSONS = Path(__file__).parent.parent / "notebooks"


def run(path: Path) -> NotebookNode:
    """Run the notebook at `path` in a fresh kernel of this Python; return it with its outputs.

    Raises nbclient's CellExecutionError, which shows the cell, where a cell fails.
    """
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, record_timing=False, store_widget_state=False,
                            coalesce_streams=True,  # where a stream is cut depends on the clock
                            resources={"metadata": {"path": str(path.parent)}})
    client.km = client.kernel_manager_class(
        kernel_name=CURRENT_ENV_KERNEL_NAME, kernel_spec_manager=NbvalKernelspecManager(),
        transport_encryption="auto")  # without it the kernel prints that anybody could listen
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


def store(text: str, path: Path) -> None:
    """Write a file anew in one step, so that it is never half written: a link stays a link, and the mode the same."""
    path = path.resolve()
    with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="utf-8", newline="\n", delete=False) as beside:
        try:
            beside.write(text)
            beside.close()
            shutil.copymode(path, beside.name)
            os.replace(beside.name, path)
        except BaseException:
            os.unlink(beside.name)
            raise


def main(names: Iterable[str | Path]) -> None:
    paths = [Path(name) for name in names] or sorted(LESSONS.glob("*.ipynb"))
    if not paths:
        sys.exit(f"{LESSONS}: no lessons; name notebooks, or run this in a checkout of the course")
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
            store(text, path)
        print(f"{path.name}: {'stored' if changed else 'unchanged'}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
