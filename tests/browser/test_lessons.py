"""Each lesson in JupyterLab, and by test_notebook_7.py in Jupyter Notebook: every control of every
panel is moved by keyboard, and what the page then shows is compared with what the library computes
for the same settings.
"""

import json
import random
import re
import shutil
import time
from contextlib import closing

import nbformat
import pytest
from playwright.sync_api import expect

from course_lib import refresh
from course_lib.handout import HandoutExporter
from course_lib.handout.folds import ANSWERS
from course_lib.jupyter.outputs import PANEL
from course_lib.live.figure import format_stop
from helpers.lab import LONG, Notebook, press_key
from helpers.players import (
    DIFFERENCES,
    LESSONS,
    PLACES,
    PLAY,
    SHOWN,
    assert_accessible,
    assert_in_sight,
    click_at,
    expected_all,
    grids,
    questions,
    texts,
)


class Panel:
    """A panel in the page, and the grid of the states that it should show."""

    def __init__(self, locator, grid):
        self.locator = locator
        self.page = locator.page
        self.grid = grid

    def handle(self, name):
        return self.locator.locator(".noUi-handle, .course-switch").nth(
            list(self.grid.stops).index(name)
        )

    def shows(self, **settings):
        """Wait until the page shows these settings, or fail with what it shows instead."""
        assert self.locator.evaluate(DIFFERENCES, texts(self.grid, **settings)) == []

    def settings(self):
        return {
            name: stops[index]
            for (name, stops), index in zip(
                self.grid.stops.items(), self.locator.evaluate(PLACES), strict=True
            )
        }

    def press(self, name, key):
        press_key(self.handle(name), key)

    def wait_for_play(self):
        """Wait until Play has made three steps of 40 or some more, so that there are enough left."""
        expect(self.handle("steps")).to_have_attribute(
            "aria-valuenow", re.compile(r"^([3-9]|[12]\d)\.")
        )

    def reset(self):
        self.locator.get_by_role("button", name="Reset").click()
        self.shows()

    def random_moves(self, rng, count):
        for move in range(count):
            if move % 4 == 0:
                control = rng.choice(list(self.grid.stops))
                self.handle(control).focus()
            self.page.keyboard.press(
                rng.choice(
                    ["Space"]
                    if self.grid.is_switch(control)
                    else ["ArrowLeft", "ArrowRight", "PageUp", "PageDown", "Home", "End"]
                )
            )


def panels_of(notebook):
    """The panels of an open lesson, after Run All."""
    made = grids(notebook.path.name)
    expect(notebook.page.locator(".course-panel .course-readout")).to_have_count(
        len(made), timeout=60_000
    )
    return [Panel(locator, grid) for locator, grid in zip(notebook.panels(), made, strict=True)]


APP = "doc"  # JupyterLab, and without its sidebars, so that there is room for a lesson on a phone
NAMES = LESSONS
WIDE = {"width": 1280, "height": 1600}
MOVES, STATES = (300, 100) if LONG else (20, 15)  # for each panel

# What is folded among the outputs: its summary, the rest, and whether one sees that before and
# after a click.
UNFOLD = """() => [...document.querySelectorAll('.jp-OutputArea-output details')].map(fold => {
    const [summary, reply] = fold.children, before = reply.checkVisibility();
    summary.click();
    return [summary.textContent, reply.textContent, before, reply.checkVisibility()];
})"""
# Make each choice of a question, and see what that is called and what it then says, at the latest
# after ten seconds.
CHOOSE = """async (question, replies) => {
    const seen = [], said = () => question.querySelector('[role=status]')?.textContent;
    for (const [k, choice] of question.querySelectorAll('[type=radio]').entries()) {
        choice.scrollIntoView({ block: 'center' });
        const { x, y, width, height } = choice.getBoundingClientRect();
        document.elementFromPoint(x + width / 2, y + height / 2).click();  // what a mouse would hit
        for (let tries = 0; said() !== replies[k] && tries < 1000; tries++)
            await new Promise(done => setTimeout(done, 10));
        seen.push([choice.labels[0].textContent.trim(), said()]);
    }
    return seen;
}"""
# Whether the panels are as large as when this was asked last; a page is laid out anew a little
# after it was resized.
SETTLED = """() => window.sizes === (window.sizes = [...document.querySelectorAll('.course-panel')].map(
    panel => `${panel.offsetWidth} ${panel.offsetHeight}`).join())"""
RESET = "panels => { for (const panel of panels) panel.querySelector('[name=reset]').click(); }"


def pytest_generate_tests(metafunc):
    """Give a test its lessons: one after the other, with all tests of one before those of the next."""
    if "name" in metafunc.fixturenames:
        only_first = metafunc.definition.get_closest_marker("first_lesson")
        metafunc.parametrize(
            "name", metafunc.module.NAMES[: 1 if only_first else None], scope="module"
        )


@pytest.fixture(scope="module")
def run_lessons(request, browser, lab):
    """Give a lesson, on a page where all of it was run, that stays open until another is asked for.

    What the page showed before anything was run is kept in its `fresh`, how many choices were made
    for the learner in its `chosen`.
    """
    opened = []

    def run(name):
        if not opened or opened[0].path.name != name:
            shutil.copy(
                refresh.LESSONS / name, lab[0]
            )  # another program may have saved it after a run
            last = opened.pop() if opened else None
            if last and request.module.APP == "doc":  # the next comes into the same JupyterLab
                last.leave()
            elif last:
                last.close()
            page = browser.new_page() if not last or last.page.is_closed() else last.page
            page.set_viewport_size(WIDE)
            notebook = Notebook(page, *lab, name, request.module.APP)
            opened.append(notebook)
            images, folds = (
                page.locator(f".jp-OutputArea-output {tag}") for tag in ("img", "details")
            )
            expect(images).to_have_count(shown(name).count("<img "), timeout=30_000)
            expect(folds).to_have_count(shown(name).count("<details"), timeout=30_000)
            notebook.wait_for("() => [...document.images].every(image => image.complete)")
            notebook.fresh = {
                "pictures": images.evaluate_all(
                    "images => images.map(image => [image.complete, image.naturalWidth, "
                    "image.clientWidth])"
                ),
                "text": notebook.text(),
                "folds": page.evaluate(UNFOLD),
                "errors": [*notebook.errors],
            }
            notebook.errors.clear()
            notebook.run_all()
            choices = page.locator(".course-question [type=radio]")
            expect(choices).to_have_count(
                sum(len(question.choices) for question in questions(name))
            )
            notebook.chosen = sum(choice.is_checked() for choice in choices.all())
            notebook.replied = (
                page.locator(".course-question").get_by_role("status").all_text_contents()
            )
        return opened[0]

    yield run
    for notebook in opened:
        notebook.close()


def shown(name):
    """The outputs of a lesson that are not folded; JupyterLab leaves the others out of the page."""
    stored = nbformat.read(refresh.LESSONS / name, as_version=4)
    return json.dumps(
        [
            cell.get("outputs")
            for cell in stored.cells
            if not cell.metadata.get("jupyter", {}).get("outputs_hidden")
        ]
    )


@pytest.fixture
def lesson(run_lessons, name):
    """A lesson after Run All, as on a wide screen, each panel at its start; nothing goes wrong in
    it.
    """
    notebook = run_lessons(name)
    notebook.page.set_viewport_size(WIDE)
    panels = panels_of(notebook)
    notebook.page.locator(".course-panel").evaluate_all(RESET)
    for panel in panels:
        panel.shows()
    notebook.wait_for(SETTLED)
    yield notebook
    errors = [*notebook.errors]
    notebook.errors.clear()  # they are told once
    assert errors == []


def test_a_fresh_clone_shows_pictures_before_anything_is_run(run_lessons, name):
    fresh = run_lessons(name).fresh
    assert fresh["pictures"]
    for complete, natural, wide in fresh["pictures"]:
        assert (complete, natural) == (True, 360)
        assert wide >= 360
    assert "widget" not in fresh["text"].lower()
    for question in questions(name):
        for index, choice in enumerate(question.choices):
            assert [choice, question.judge(index), False, True] in fresh["folds"]
    assert fresh["errors"] == []


def test_every_question_answers_a_click_and_the_arrow_keys(lesson, name):
    asked = questions(name)
    boxes = lesson.page.locator(".course-question")
    expect(boxes).to_have_count(len(asked))
    assert lesson.chosen == 0
    assert lesson.replied == [""] * len(
        asked
    )  # what comes into a status that is there is announced
    for box, question in zip(boxes.all(), asked, strict=True):
        group = box.get_by_role(
            "group", name=f"Question {question.name}. {question.ask}", exact=True
        )
        expect(group.get_by_role("radio")).to_have_count(len(question.choices))
        expect(box.get_by_text(question.ask)).to_be_visible()
        first, reply = box.get_by_label(question.choices[0], exact=True), box.get_by_role("status")
        first.click()
        expect(reply).to_have_text(question.judge(0))
        first.press("ArrowDown")
        expect(reply).to_have_text(question.judge(1))
        replies = [question.judge(index) for index in range(len(question.choices))]
        assert box.evaluate(CHOOSE, replies) == [
            list(one) for one in zip(question.choices, replies, strict=True)
        ]


def test_axe_finds_nothing_in_panels_and_questions_light_or_dark(lesson, name):
    panels_of(lesson)
    asked = lesson.page.locator(".course-question")
    asked.evaluate_all(
        "all => { for (const question of all) question.querySelector('[type=radio]').click(); }"
    )
    expect(asked.get_by_role("status")).to_have_count(asked.count())
    # An error of a kernel, as it would look.
    lesson.page.evaluate("""() => { for (const message of document.querySelectorAll('.course-message')) {
        message.hidden = false; message.textContent = 'This did not work'; } }""")
    for theme in ("Dark", "Light"):  # the server keeps the last for the other tests
        lesson.page.click('.lm-MenuBar-itemLabel:text-is("Settings")')
        lesson.page.click('.lm-Menu-itemLabel:text-is("Theme")')
        lesson.page.click(f'.lm-Menu-itemLabel:text-is("JupyterLab {theme}")')
        light = str(theme == "Light").lower()
        lesson.page.locator(f"body[data-jp-theme-light={light}]").wait_for(state="attached")
        lesson.page.wait_for_timeout(500)  # colours fade
        assert_accessible(lesson.page, within=[".course-panel", ".course-question"])


def test_every_control_reaches_its_stops_by_keyboard_and_says_its_name_and_stop(lesson, name):
    for panel in panels_of(lesson):
        for control, stops in panel.grid.stops.items():
            start, handle = panel.grid.start[control], panel.handle(control)
            label, tooltip = panel.grid.control(control).label, panel.grid.control(control).tooltip
            assert panel.locator.locator(f'[title="{tooltip}"]').count() > 0, control
            if panel.grid.is_switch(control):
                switch = panel.locator.get_by_role("button", name=label, exact=True)
                expect(switch).to_have_attribute("aria-pressed", str(start).lower())
                panel.press(control, "Space")
                panel.shows(**{control: not start})
                expect(switch).to_have_attribute("aria-pressed", str(not start).lower())
                panel.press(control, "Space")
            else:
                assert panel.locator.get_by_text(label, exact=True).first.is_visible()
                (slider,) = panel.locator.get_by_role(
                    "slider", name=label, exact=True
                ).element_handles()
                assert slider.evaluate(
                    "(slider, handle) => slider === handle", handle.element_handle()
                )
                expect(handle).to_have_attribute("aria-valuetext", format_stop(start))
                for key, stop in {
                    "End": stops[-1],
                    "ArrowLeft": stops[-2],
                    "Home": stops[0],
                    "ArrowRight": stops[1],
                }.items():
                    panel.press(control, key)
                    panel.shows(**{control: stop})
                    expect(handle).to_have_attribute("aria-valuetext", format_stop(stop))
            panel.reset()
            expect(handle).to_be_visible()
        # The number beside a slider is text, which takes no typing and no focus.
        assert panel.locator.locator("[contenteditable=true]").count() == 0
        assert panel.locator.get_by_role("textbox").count() == 0
    assert lesson.page.locator(".jp-OutputArea-output[data-mime-type*=error]").count() == 0
    assert lesson.page.locator(".jp-OutputArea-output[data-mime-type*=stderr]").count() == 0


def test_a_storm_of_moves_ends_in_the_picture_of_its_last_state_and_never_flickers(lesson, name):
    rng = random.Random(name)
    for panel in panels_of(lesson):
        panel.locator.evaluate("""panel => {
            window.frames_seen = [];
            window.texts_seen = new Set();
            const look = () => {
                const output = panel.closest('.jp-OutputArea-output');
                texts_seen.add(panel.querySelector('.course-readout').textContent);
                frames_seen.push(`${output.offsetHeight} ${panel.querySelectorAll('svg').length} ` +
                                 `${panel.querySelectorAll('tr').length}`);
                window.watch = requestAnimationFrame(look);
            };
            look();
        }""")
        panel.random_moves(rng, MOVES)
        panel.shows(**panel.settings())
        seen, texts_seen = panel.page.evaluate(
            "cancelAnimationFrame(watch); [frames_seen, texts_seen.size]"
        )
        assert texts_seen > 1
        assert len(seen) > MOVES / 5
        assert len(set(seen)) == 1, set(seen)


def test_random_states_of_each_panel_are_the_library_s(lesson, name):
    """As in the handouts; here the page asks the kernel for those that it does not hold yet."""
    rng = random.Random(name)
    for panel in panels_of(lesson):
        states = [
            {control: rng.choice(stops) for control, stops in panel.grid.stops.items()}
            for _ in range(STATES)
        ]
        places = [
            [stops.index(state[control]) for control, stops in panel.grid.stops.items()]
            for state in states
        ]
        shown = panel.locator.evaluate("async " + SHOW_STATES, places)
        for state, seen, wanted in zip(
            states, shown, expected_all(panel.page, panel.grid, states), strict=True
        ):
            assert seen == wanted, state


# Put the controls of a panel where a hand would, one list of places a state, and see what is shown
# once it follows.
SHOW_STATES = f"""(panel, states) => {{
    const controls = [...panel.querySelectorAll('.noUi-target, .course-switch')];
    const shown = [];
    const pause = () => new Promise(resolve => setTimeout(resolve, 2));
    const settings = panel.querySelector('.course-readout p');
    for (const places of states) {{
        controls.forEach((control, k) => {{
            if (control.matches('button')) {{
                if (Boolean(places[k]) !== control.matches('.mod-active')) control.click();
            }} else {{
                control.noUiSlider.set(places[k]);
            }}
        }});
        const wanted = controls.map(control => control.matches('button')
            ? `${{control.textContent.trim()}} = ${{control.matches('.mod-active') ? 'on' : 'off'}}`
            : `${{control.querySelector('.noUi-handle').getAttribute('aria-label')}} = ` +
              control.closest('.widget-slider').querySelector('.widget-readout').textContent).join(', ');
        for (let tries = 0; settings.textContent !== wanted && tries < 5000; tries++) await pause();
        shown.push(({SHOWN})(panel));
    }}
    return shown;
}}"""


@pytest.mark.first_lesson
def test_play_runs_stops_and_starts_again(lesson, name):
    panel = panels_of(lesson)[1]
    button = panel.locator.get_by_role("button", name="Play")
    button.click()  # it is at the last step, so it starts from the first
    pause = panel.locator.get_by_role("button", name="Pause")
    pause.wait_for()
    panel.wait_for_play()
    assert panel.locator.locator(".course-readout").get_attribute("aria-live") == "off"
    pause.click()
    button.wait_for()
    stopped = panel.settings()
    assert 3 <= stopped["steps"] < 40
    panel.shows(**stopped)
    time.sleep(0.6)
    assert panel.settings() == stopped
    panel.press("steps", "End")
    for _ in range(3):
        panel.press("steps", "ArrowLeft")
    panel.shows(steps=37)
    assert button.evaluate(PLAY) == "Pause"
    button.wait_for()
    panel.shows(steps=40)
    assert panel.locator.locator(".course-readout").get_attribute("aria-live") == "polite"
    button.click()
    pause.wait_for()
    panel.wait_for_play()
    panel.press("steps", "Home")  # a hand takes over
    button.wait_for()
    panel.shows(steps=0)


@pytest.mark.first_lesson
def test_a_click_on_the_parabola_puts_the_start_at_the_nearest_stop(lesson, name):
    panel = panels_of(lesson)[0]
    parabola, losses = panel.locator.locator("svg").all()
    click_at(parabola, -6.5)
    panel.shows(start=-7.0)
    click_at(parabola, 0.7)
    panel.shows(start=0.0)
    losses.click()
    panel.shows(start=0.0)


# What JupyterLab leaves a panel for its output.
ROOM = "panel => panel.closest('.jp-OutputArea-output').getBoundingClientRect().toJSON()"


def test_pictures_fill_the_width_there_is(lesson, name):
    for width, beside, least in [(360, 1, 230), (1280, 2, 340), (1920, 2, 560)]:
        lesson.page.set_viewport_size({"width": width, "height": 1600})
        for panel in panels_of(lesson):
            for _ in range(50):  # the page may be laid out anew a little later
                boxes = [svg.bounding_box() for svg in panel.locator.locator("svg").all()]
                room = panel.locator.evaluate(ROOM)
                columns = len({round(box["x"]) for box in boxes})
                half = (
                    room["width"] - 8
                ) / beside  # Jupyter Notebook makes a page no wider than 1200 pixels
                seen = (
                    min(box["width"] for box in boxes) >= min(least, half) - 1,
                    max(box["x"] + box["width"] for box in boxes) <= room["x"] + room["width"] + 1,
                    columns == 1 if beside == 1 else columns >= min(beside, len(boxes)),
                )
                if all(seen):
                    break
                time.sleep(0.1)
            assert all(seen), (width, seen, boxes)


# Of windows; in the last one, as where a page is magnified, few panels are seen whole.
SIZES = [(1366, 768), (1440, 900), (1920, 1080), (1366, 400)]


def test_a_panel_is_in_sight_while_it_is_moved(browser, lab, request, name):
    """JupyterLab has its sidebar here, as learners have it."""
    folder, address = lab
    copy = f"in_sight_{name}"  # has a kernel of its own
    shutil.copy(refresh.LESSONS / name, folder / copy)
    app = request.module.APP.replace("doc", "lab")
    with closing(Notebook(browser.new_page(), folder, address, copy, app)) as notebook:
        notebook.run_all()
        readouts = notebook.page.locator(".course-panel .course-readout")
        expect(readouts).to_have_count(len(grids(name)), timeout=60_000)
        if app == "lab":
            expect(notebook.page.get_by_role("region", name="File Browser Section")).to_be_visible()
        for width, height in SIZES:
            notebook.page.set_viewport_size({"width": width, "height": height})
            notebook.wait_for(SETTLED)
            for panel in notebook.panels():
                assert_in_sight(panel, ".jp-RenderedMarkdown p")
        assert notebook.errors == []


# What of a panel cannot be seen where a theme has taken backgrounds away: by class and place, in
# which state.
UNSEEN = """panel => {
    const probe = document.body.appendChild(document.createElement('div'));
    probe.style.background = 'Canvas';
    const canvas = getComputedStyle(probe).backgroundColor;
    probe.remove();
    const line = (one, what) => {
        const style = getComputedStyle(one);
        return parseFloat(style[what + 'Width']) >= 1 && style[what + 'Style'] === 'solid' &&
               style[what + 'Color'] !== canvas;
    };
    const unseen = [], message = panel.querySelector('.course-message');
    message.hidden = false;
    panel.querySelectorAll('.noUi-connects').forEach((rail, k) => {
        if (getComputedStyle(rail).backgroundColor === canvas || rail.offsetHeight < 2) unseen.push(`rail ${k}`);
    });
    panel.querySelectorAll('.noUi-handle, button, .course-message').forEach((one, k) => {
        if (!line(one, 'borderTop')) unseen.push(`edge ${k} ${one.className}`);
        if (one === message) return;
        one.focus();
        if (!line(one, 'outline')) unseen.push(`focus ${k} ${one.className}`);
    });
    panel.querySelectorAll('.course-plots svg').forEach((plot, k) => {
        if (getComputedStyle(plot).backgroundColor !== 'rgb(255, 255, 255)') unseen.push(`paper ${k}`);
    });
    message.hidden = true;
    return unseen;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_forced_colours_rails_edges_and_focus_are_seen(lesson, name, scheme):
    try:
        lesson.page.emulate_media(forced_colors="active", color_scheme=scheme)
        for panel in panels_of(lesson):
            assert panel.locator.evaluate(UNSEEN) == []
    finally:
        lesson.page.emulate_media(forced_colors="none", color_scheme="light")


@pytest.mark.first_lesson
def test_saved_after_run_all_a_lesson_gives_the_same_sheet_and_folds(lesson, name):
    """JupyterLab opens what is folded when its cell is run, and saves it so."""
    lesson.page.keyboard.press("Escape")
    lesson.menu("File", "Save Notebook")
    lesson.wait_for_file(lambda text: "outputs_hidden" not in text)
    for answers in ANSWERS:
        pages = []
        for path in (lesson.path, refresh.LESSONS / name):
            notebook = nbformat.read(path, as_version=4)
            for cell in notebook.cells:
                if (
                    cell.cell_type == "code"
                ):  # the states of the panels take long, and do not matter here
                    cell.outputs = [
                        output for output in cell.outputs if PANEL not in output.get("data", {})
                    ]
            pages.append(HandoutExporter(answers=answers).from_notebook_node(notebook)[0])
        assert pages[0] == pages[1]


@pytest.mark.first_lesson
def test_a_page_from_right_to_left_does_not_break_a_picture(lesson, name):
    panel = panels_of(lesson)[0]
    places = """panel => [...panel.querySelectorAll('svg, svg text')].map(one => {
        const box = one.getBoundingClientRect(), sheet = one.closest('svg').getBoundingClientRect();
        return [Math.round(box.x - sheet.x), Math.round(box.y - sheet.y), Math.round(box.width)];
    })"""
    before = panel.locator.evaluate(places)
    panel.page.evaluate("document.documentElement.dir = 'rtl'")
    try:
        assert panel.locator.evaluate(places) == before
        first, second = (svg.bounding_box()["x"] for svg in panel.locator.locator("svg").all())
        assert first < second
    finally:
        panel.page.evaluate("document.documentElement.dir = ''")


@pytest.mark.first_lesson
def test_the_readout_is_announced_politely_and_nothing_has_an_id(lesson, name):
    panel = panels_of(lesson)[1]
    panel.press("rate", "Home")
    panel.shows(rate=panel.grid.stops["rate"][0])
    tree = panel.page.context.new_cdp_session(panel.page).send("Accessibility.getFullAXTree")[
        "nodes"
    ]
    by_id = {node["nodeId"]: node for node in tree}
    spoken = next(
        node
        for node in tree
        if node.get("name", {}).get("value", "").startswith("learning rate η = 0.0001,")
    )
    live = []
    while spoken := by_id.get(spoken.get("parentId")):
        live += [
            one["value"]["value"] for one in spoken.get("properties", []) if one["name"] == "live"
        ]
    assert live == ["polite"]
    assert panel.locator.locator(".course-player [id]").count() == 0
