"""What the tests of live panels and of handouts have in common: what a player shows, and what it should show."""

import nbformat

from course_lib import refresh
from course_lib.jupyter.outputs import PANEL
from course_lib.questions import QUESTIONS, ask
from course_lib.replay.grid import SettingsGrid

LESSONS = sorted(path.name for path in refresh.LESSONS.glob("*.ipynb"))

# All that a player shows, in the order of SettingsGrid.texts.
SHOWN = """player => [
    ...[...player.querySelectorAll('.course-plots svg')].flatMap(
        svg => [svg.lastElementChild.innerHTML, svg.getAttribute('aria-label')]),
    ...[...player.querySelectorAll('.course-readout :is(p, th, td)')].map(cell => cell.textContent)]"""
# The library writes <path …/>; a page says <path …></path> of the same.
IN_PAGE = """foregrounds => {
    const group = document.createElementNS('http://www.w3.org/2000/svg', 'g');
    return foregrounds.map(foreground => { group.innerHTML = foreground; return group.innerHTML; });
}"""


def grids(name):
    """The panels of a lesson, in order, made from their stored descriptions."""
    notebook = nbformat.read(refresh.LESSONS / name, as_version=4)
    return [SettingsGrid.from_description(output.data[PANEL]) for cell in notebook.cells
            for output in cell.get("outputs", []) if PANEL in output.get("data", {})]


def questions(name):
    """The questions of a lesson, in order."""
    return [ask(question) for question in QUESTIONS if question[0] == str(int(name[:2]))]


def expected(page, grid, **settings):
    """What SHOWN gives of a player of `grid` for these settings, the others being those of its start."""
    view = grid.view(grid.index(grid.start | settings))
    texts = grid.texts(view)
    plots = 2 * len(view.drawings)
    texts[:plots:2] = page.evaluate(IN_PAGE, texts[:plots:2])
    return texts
