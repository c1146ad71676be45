"""What the tests of live panels and of handouts have in common: what a player shows and should."""

import json
from functools import cache
from pathlib import Path

import nbformat
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from course_lib import figures, refresh
from course_lib.jupyter.outputs import PANEL
from course_lib.live.figure import figures_in, format_stop
from course_lib.live.states import SettingsGrid
from course_lib.questions import QUESTIONS, ask
from helpers.lab import LISTEN, press_key, wait_until

LESSONS = sorted(path.name for path in refresh.LESSONS.glob("*.ipynb"))

# All that a player shows, in the order of SettingsGrid.texts.
SHOWN = """player => [
    ...[...player.querySelectorAll('.course-plots svg')].flatMap(
        svg => [svg.lastElementChild.innerHTML, svg.getAttribute('aria-label')]),
    ...[...player.querySelectorAll('.course-readout :is(p, th, td)')].map(cell => cell.textContent)]"""
# What a player shows that differs from the texts of its grid, both of each, once nothing does or
# after ten seconds.  In a drawing the library writes <path …/>, and a page <path …></path>.
DIFFERENCES = f"""async (player, [texts, plots]) => {{
    const group = document.createElementNS('http://www.w3.org/2000/svg', 'g');
    const wanted = texts.map((text, k) => {{
        if (k % 2 || k >= 2 * plots) return text;
        group.innerHTML = text;
        return group.innerHTML;
    }});
    for (let tries = 0; ; tries++) {{
        const seen = ({SHOWN})(player);
        const others = [...Array(Math.max(seen.length, wanted.length)).keys()]
            .filter(k => seen[k] !== wanted[k]).map(k => [seen[k], wanted[k]]);
        if (!others.length || tries === 1000) return others;
        await new Promise(done => setTimeout(done, 10));
    }}
}}"""
# What its controls are set to: the index of a slider, whether a switch is on.
PLACES = """panel => [...panel.querySelectorAll('.noUi-handle, .course-switch, input')].map(control =>
    control.matches('button') ? Number(control.matches('.mod-active')) :
    control.matches('[type=checkbox]') ? Number(control.checked) :
    Math.round(control.getAttribute('aria-valuenow') ?? control.value))"""
# Put the controls where a hand would, for one state after the other; where one is not shown, the
# places of the controls and what differs.
VISIT = f"""async (panel, states) => {{
    const controls = [...panel.querySelectorAll('.noUi-target, .course-switch, input')];
    for (const [places, texts] of states) {{
        controls.forEach((control, k) => {{
            if (control.noUiSlider) control.noUiSlider.set(places[k]);
            else if (control.matches('[type=range]')) control.value = places[k];
            else if (Boolean(places[k]) !== (control.checked ?? control.matches('.mod-active')))
                control.click();
        }});
        controls[0].dispatchEvent(new Event('input', {{ bubbles: true }}));
        const others = await ({DIFFERENCES})(panel, texts);
        if (others.length) return [places, others];
    }}
}}"""
# Press Play; when three pictures were shown, pause or press a key on the k-th control; wait until it
# has paused, and for twenty frames more.  What the readout said of itself meanwhile, and how many
# moves were made after it had paused.
PLAY = """(panel, [act, k]) => new Promise(done => {
    const button = panel.querySelector('[name=play]'), readout = panel.querySelector('.course-readout');
    let moves = 0, spoken, after, frames = 0;
    const wait = () => {
        if (button.textContent !== 'Play') return requestAnimationFrame(wait);
        after ??= moves;
        if (++frames < 20) return requestAnimationFrame(wait);
        watch.disconnect();
        done([spoken, moves - after]);
    };
    const watch = new MutationObserver(() => {
        if (++moves !== 3) return;
        spoken = readout.getAttribute('aria-live');
        if (act === 'Pause') button.click();
        else panel.querySelectorAll('.noUi-handle, .course-switch')[k]
            .dispatchEvent(new KeyboardEvent('keydown', { key: act, bubbles: true }));
        wait();
    });
    watch.observe(readout, { subtree: true, childList: true, characterData: true });
    button.click();
})"""

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
# JupyterLab puts into the page what is above the screen, and the rest when it has nothing to do.
SCROLL = "document.querySelector('.jp-WindowedPanel-outer').scrollTop = 1e6"
# The pictures of a lesson before it is run, as [width of the drawing, width in the page]; its text;
# and of each fold its summary, the rest, and whether one sees that before and after a click.
FRESH = """() => [
    [...document.querySelectorAll('.jp-OutputArea-output img')].map(
        image => [image.naturalWidth, image.clientWidth]),
    document.querySelector('.jp-Notebook').innerText,
    [...document.querySelectorAll('.jp-OutputArea-output details')].map(fold => {
        const [summary, reply] = fold.children, before = reply.checkVisibility();
        summary.click();
        return [summary.textContent, reply.textContent, before, reply.checkVisibility()];
    })]"""
UNFOLD = "for (const fold of document.querySelectorAll('details')) fold.open = true"
LIVE, PROSE = [".course-panel", ".course-question"], ".jp-RenderedMarkdown p"  # in a lesson
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


def assert_fresh(notebook):
    """A lesson shows its pictures before anything is run, and each choice folds its reply open."""
    name = notebook.path.name
    cells = nbformat.read(refresh.LESSONS / name, as_version=4).cells
    # JupyterLab leaves folded outputs out of the page.
    hidden = [cell.metadata.get("jupyter", {}).get("outputs_hidden") for cell in cells]
    shown = json.dumps(
        [cell.get("outputs") for cell, fold in zip(cells, hidden, strict=True) if not fold]
    )

    def is_whole():
        notebook.page.evaluate(SCROLL)
        made = notebook.page.locator(".jp-OutputArea-output")
        return all(
            made.locator(tag).count() == shown.count(f"<{tag}") for tag in ("img", "details")
        )

    wait_until(is_whole, 60)
    notebook.wait_for("() => [...document.images].every(image => image.complete)")
    pictures, text, folds = notebook.page.evaluate(FRESH)
    assert pictures
    assert all(natural == 360 <= wide for natural, wide in pictures), pictures
    assert "widget" not in text.lower(), text
    for question in questions(name):
        for index, choice in enumerate(question.choices):
            assert [choice, question.judge(index), False, True] in folds, (choice, folds)
    assert notebook.errors == [], [*notebook.errors]


@cache
def grids(name):
    """The panels of a lesson, in order, made from their stored descriptions."""
    return [
        SettingsGrid.from_description(output.data[PANEL], figures_in(figures))
        for cell in nbformat.read(refresh.LESSONS / name, as_version=4).cells
        for output in cell.get("outputs", [])
        if PANEL in output.get("data", {})
    ]


def questions(name):
    """The questions of a lesson, in order."""
    return [ask(question) for question in QUESTIONS if question[0] == str(int(name[:2]))]


def texts(grid, **settings):
    """What DIFFERENCES takes: the texts for these settings, the others being those of the start."""
    state = grid.index(grid.start | settings)
    return [grid.texts(state), len(grid.view(state).drawings)]


class Panel:
    """A panel in a lesson or a handout, and the grid of the states that it should show."""

    def __init__(self, locator, grid):
        self.locator, self.page, self.grid = locator, locator.page, grid

    def handle(self, name):
        handles = self.locator.locator(".noUi-handle, .course-switch, input")
        return handles.nth(list(self.grid.stops).index(name))

    def button(self, name):
        return self.locator.get_by_role("button", name=name, exact=True)

    def press(self, name, key):
        press_key(self.handle(name), key)

    def shows(self, **settings):
        """Wait until the page shows these settings, or fail with what it shows instead."""
        assert self.locator.evaluate(DIFFERENCES, texts(self.grid, **settings)) == []

    def visit(self, states):
        """Move to one state after the other: each is the library's."""
        stops = self.grid.stops
        places = [[stops[name].index(state[name]) for name in stops] for state in states]
        wanted = [texts(self.grid, **state) for state in states]
        assert self.locator.evaluate(VISIT, list(zip(places, wanted, strict=True))) is None

    def settings(self):
        places = zip(self.grid.stops.items(), self.locator.evaluate(PLACES), strict=True)
        return {name: stops[index] for (name, stops), index in places}

    def reset(self):
        self.button("Reset").click()
        self.shows()

    def reach_stops(self, name):
        """A control reaches its stops by keyboard, and says its name and its stop."""
        stops, start = self.grid.stops[name], self.grid.start[name]
        handle, label = self.handle(name), self.grid.control(name).label
        places = {"End": -1, "ArrowLeft": -2, "Home": 0, "ArrowRight": 1}
        moves = [(key, stops[place]) for key, place in places.items()]
        says, say, role = "aria-valuetext", format_stop, "slider"
        if self.grid.is_switch(name):
            moves = [("Space", not start), ("Space", start)]
            says, say, role = "aria-pressed", lambda stop: str(stop).lower(), "button"
            if handle.get_attribute("type") == "checkbox":  # a handout's, which says so by itself
                says, say, role = "type", lambda _: "checkbox", "checkbox"
        named = self.locator.get_by_role(role, name=label, exact=True)
        assert named.evaluate("(named, handle) => named === handle", handle.element_handle())
        expect(handle).to_have_attribute(says, say(start))
        for key, stop in moves:
            self.press(name, key)
            self.shows(**{name: stop})
            expect(handle).to_have_attribute(says, say(stop))
        self.reset()

    def play(self, act="Pause"):
        """Play one control for three pictures, and pause or let a hand take over: it stays there."""
        before, played = self.settings(), self.grid.plays
        place = list(self.grid.stops).index(played)
        assert self.locator.evaluate(PLAY, [act, place]) == ["off", 0]
        assert self.settings() == before | {played: self.settings()[played]} != before
        assert self.locator.locator(".course-readout").get_attribute("aria-live") == "polite"
        self.shows(**self.settings())

    def play_again(self):
        """Play up to 40 steps from the last of them, which it starts again, and from the 37th."""
        self.play()
        assert self.settings()["steps"] == 2
        self.press("steps", "End")
        for _ in range(3):
            self.press("steps", "ArrowLeft")
        self.shows(steps=37)
        self.button("Play").click()
        self.shows(steps=40)
        self.button("Play").wait_for()
        self.play("Home")  # a hand takes over
        assert self.settings()["steps"] == 0

    def click_at_starts(self):
        """A click on the parabola moves the start to the stop next to it; one beside it does not."""
        parabola, losses = self.locator.locator("svg").all()
        left, right, low, high = map(float, parabola.get_attribute("data-axis").split())
        for weight, start in ((-6.5, -7.0), (0.7, 0.0)):
            box = parabola.bounding_box()
            x = (left + (weight - low) / (high - low) * (right - left)) / 360 * box["width"]
            parabola.click(position={"x": x, "y": box["height"] / 2})
            self.shows(start=start)
        losses.click()
        self.shows(start=0.0)


def panels_of(notebook):
    """The panels of an open lesson, after Run All."""
    made = grids(notebook.path.name)
    readouts = notebook.page.locator(".course-panel .course-readout")
    expect(readouts).to_have_count(len(made), timeout=60_000)
    return [Panel(*one) for one in zip(notebook.panels(), made, strict=True)]


def panels_in(page):
    """The panels of the handout of a lesson, from a file of its name; all are unpacked."""
    made = grids(page.lesson)
    expect(page.locator("form:visible")).to_have_count(len(made))
    return [Panel(*one) for one in zip(page.locator("figure.panel").all(), made, strict=True)]


def answer_by_hand(box, question):
    """A question answers a click and an arrow key, which JupyterLab may want to have."""
    reply = box.get_by_role("status")
    first = box.get_by_label(question.choices[0], exact=True)
    first.click()
    expect(reply).to_have_text(question.judge(0))
    press_key(first, "ArrowDown")
    expect(reply).to_have_text(question.judge(1))


def open_file(browser, path, scheme="light", width=1280, first="", **settings):
    """A page with a file, `first` being a script that runs before any of its own.

    What it asks for and what goes wrong in it are kept in its `requests` and `errors`.
    """
    page = browser.new_page(
        viewport={"width": width, "height": 900}, color_scheme=scheme, **settings
    )
    page.errors, page.requests, page.lesson = [], [], f"{Path(path).stem}.ipynb"
    page.on("console", lambda message: page.errors.append(message.text))
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("dialog", lambda dialog: page.errors.append(dialog.message))
    page.on("request", lambda request: page.requests.append(request.url))
    for script in (LISTEN, first):
        page.add_init_script(script)
    page.goto(path if isinstance(path, str) else path.as_uri())
    return page
