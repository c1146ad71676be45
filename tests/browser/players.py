"""What the tests of live panels and of handouts have in common: what a player shows, and what it
should show.
"""

from functools import cache

import nbformat
from axe_playwright_python.sync_playwright import Axe

from course_lib import figures, refresh
from course_lib.jupyter.outputs import PANEL
from course_lib.live.figure import figures_in
from course_lib.live.states import SettingsGrid
from course_lib.questions import QUESTIONS, ask

LESSONS = sorted(path.name for path in refresh.LESSONS.glob("*.ipynb"))

# All that a player shows, in the order of SettingsGrid.texts.
SHOWN = """player => [
    ...[...player.querySelectorAll('.course-plots svg')].flatMap(
        svg => [svg.lastElementChild.innerHTML, svg.getAttribute('aria-label')]),
    ...[...player.querySelectorAll('.course-readout :is(p, th, td)')].map(cell => cell.textContent)]"""
# The texts of a grid as a page says them: the library writes <path …/> in a drawing, and a page
# <path …></path>.
IN_PAGE = """([texts, plots]) => {
    const group = document.createElementNS('http://www.w3.org/2000/svg', 'g');
    return texts.map((text, k) => {
        if (k % 2 || k >= 2 * plots) return text;
        group.innerHTML = text;
        return group.innerHTML;
    });
}"""
# What a player shows that differs from the texts of its grid, both of each, once nothing does or
# after ten seconds.
DIFFERENCES = f"""async (player, texts) => {{
    const wanted = ({IN_PAGE})(texts);
    for (let tries = 0; ; tries++) {{
        const seen = ({SHOWN})(player);
        const others = [...Array(Math.max(seen.length, wanted.length)).keys()]
            .filter(k => seen[k] !== wanted[k]).map(k => [seen[k], wanted[k]]);
        if (!others.length || tries === 1000) return others;
        await new Promise(done => setTimeout(done, 10));
    }}
}}"""
# What its controls are set to: the index of a slider, whether a switch is on.
PLACES = """panel => [...panel.querySelectorAll('.noUi-handle, .course-switch')].map(control =>
    control.matches('button') ? Number(control.matches('.mod-active')) :
                                Math.round(control.getAttribute('aria-valuenow')))"""


OF_COLOURS = ["color-contrast", "link-in-text-block"]  # the rules of axe that look at colours


def assert_accessible(page, only=(), but=(), within=None):
    """Let axe check a page, or what is `within` some selectors, by `only` some of its rules or by
    all `but` some.
    """
    options = {"resultTypes": ["violations"], "rules": {rule: {"enabled": False} for rule in but}}
    if only:
        options["runOnly"] = only
    result = Axe().run(page, within and {"include": [[selector] for selector in within]}, options)
    assert result.violations_count == 0, result.generate_report()


@cache
def grids(name):
    """The panels of a lesson, in order, made from their stored descriptions."""
    notebook = nbformat.read(refresh.LESSONS / name, as_version=4)
    return [
        SettingsGrid.from_description(output.data[PANEL], figures_in(figures))
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if PANEL in output.get("data", {})
    ]


def questions(name):
    """The questions of a lesson, in order."""
    return [ask(question) for question in QUESTIONS if question[0] == str(int(name[:2]))]


def texts(grid, **settings):
    """What IN_PAGE takes: the texts of `grid` for these settings, the others being those of its
    start.
    """
    state = grid.index(grid.start | settings)
    return [grid.texts(state), len(grid.view(state).drawings)]


def expected(page, grid, **settings):
    """What SHOWN gives of a player of `grid` for these settings."""
    return expected_all(page, grid, [settings])[0]


def expected_all(page, grid, states):
    """What SHOWN gives for each of these settings."""
    return page.evaluate(
        f"states => states.map({IN_PAGE})", [texts(grid, **settings) for settings in states]
    )
