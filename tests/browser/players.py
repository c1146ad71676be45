"""What the tests of live panels and of handouts have in common: what a player shows, and what it should show."""

from functools import cache

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
# What a player shows that differs from the texts of its grid, both of each, once nothing does or after ten seconds.
DIFFERENCES = f"""async (player, [texts, plots]) => {{
    const drawn = ({IN_PAGE})(texts.filter((_, k) => k % 2 === 0 && k < 2 * plots));
    const wanted = texts.map((text, k) => k % 2 === 0 && k < 2 * plots ? drawn[k / 2] : text);
    for (let tries = 0; ; tries++) {{
        const seen = ({SHOWN})(player);
        const others = [...Array(Math.max(seen.length, wanted.length)).keys()]
            .filter(k => seen[k] !== wanted[k]).map(k => [seen[k], wanted[k]]);
        if (!others.length || tries === 1000) return others;
        await new Promise(done => setTimeout(done, 10));
    }}
}}"""


@cache
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
    return expected_all(page, grid, [settings])[0]


def expected_all(page, grid, states):
    """What SHOWN gives for each of these settings."""
    views = [grid.view(grid.index(grid.start | settings)) for settings in states]
    drawn = page.evaluate(f"views => views.map({IN_PAGE})", [view.foregrounds for view in views])
    texts = [grid.texts(view) for view in views]
    for one, foregrounds in zip(texts, drawn, strict=True):
        one[:2 * len(foregrounds):2] = foregrounds
    return texts
