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

# How a panel is seen, beside the page's `prose`: whether it is so whole, or what moves it, before
# the page's own background, while its lower end is; the width of its narrowest plot; how large its
# readout's letters are, and those of the prose.
IN_SIGHT = """async (panel, prose) => {
    const box = one => one.getBoundingClientRect(), style = one => getComputedStyle(one);
    const controls = panel.querySelector('.course-controls, .controls');
    const readout = panel.querySelector('.course-readout');
    const plots = [...panel.querySelectorAll('.course-plots svg')];
    const bottom = one => box(one).bottom;
    const lowest = [...plots, readout].reduce((one, other) => bottom(other) > bottom(one) ? other : one);
    const page = panel.closest('.jp-WindowedPanel-outer');
    const room = page ? box(page) : { top: 0, bottom: innerHeight, height: innerHeight };
    const paper = style(panel.closest('.jp-Notebook') ?? document.body).backgroundColor;
    const seen = () => {
        const { x, top, bottom: end, height } = box(controls);
        const isOver = controls.contains(document.elementFromPoint(x + 20, top + height / 2));
        return top >= room.top - 1 && end <= bottom(lowest) && isOver && style(controls).backgroundColor === paper;
    };
    let inSight = bottom(lowest) - box(panel).top <= room.height;
    for (let tries = 0; !inSight && tries < 100; tries++) {
        lowest.scrollIntoView({ block: 'end' });
        await new Promise(done => setTimeout(done, 20));  // what comes near the screen is laid out now
        inSight = Math.abs(bottom(lowest) - room.bottom) < 30 && seen();
    }
    const least = Math.min(...plots.map(plot => box(plot).width));
    return [inSight, least, ...[readout, document.querySelector(prose)].map(one => parseFloat(style(one).fontSize))];
}"""


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


def assert_in_sight(panel, prose):
    """A panel can be seen while it is moved, its plots are wide, and its letters as large as those
    of the prose.
    """
    seen = in_sight, least, size, of_prose = panel.evaluate(IN_SIGHT, prose)
    assert all((in_sight, least >= 300, 12 <= size <= 1.15 * of_prose)), seen


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


UNFOLD = "for (const fold of document.querySelectorAll('details')) fold.open = true"


def open_file(browser, path, scheme="light", width=1280, first="", **settings):
    """A page with a file, `first` being a script that runs before any of its own.

    What it asks for and what goes wrong in it are kept in its `requests` and `errors`.
    """
    page = browser.new_page(
        viewport={"width": width, "height": 900}, color_scheme=scheme, **settings
    )
    page.errors, page.requests = [], []
    page.on("console", lambda message: page.errors.append(message.text))
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("dialog", lambda dialog: page.errors.append(dialog.message))
    page.on("request", lambda request: page.requests.append(request.url))
    page.add_init_script(first)
    page.goto(path if isinstance(path, str) else path.as_uri())
    return page


# Start what lasts three steps only, and see at once what the button now offers.
PLAY = "button => { button.click(); return button.textContent.trim(); }"


def click_at(parabola, weight):
    """Click on a parabola above this weight."""
    left, right, low, high = map(float, parabola.get_attribute("data-axis").split())
    box = parabola.bounding_box()
    x = (left + (weight - low) / (high - low) * (right - left)) / 360 * box["width"]
    parabola.click(position={"x": x, "y": box["height"] / 2})
