"""The lessons, read as files."""

import nbformat
import pytest

from course_lib import refresh

LESSONS = sorted(refresh.LESSONS.glob("*.ipynb"))
NOTEBOOKS = {path: nbformat.read(path, as_version=4) for path in LESSONS}
every_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def outputs(notebook):
    return [output for cell in code_cells(notebook) for output in cell.outputs]


def text_of(path, kind):
    """The sources of a lesson's cells of this kind, one below another."""
    return "\n".join(cell.source for cell in NOTEBOOKS[path].cells if cell.cell_type == kind)


def read(path):
    """The notebook in a file."""
    return nbformat.read(path, as_version=4)
