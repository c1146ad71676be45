"""Each lesson in JupyterLab, and most of it weekly in Jupyter Notebook 7: what the page shows is
compared with what the library computes for the same settings.
"""

import random
import shutil

import nbformat
import pytest
from playwright.sync_api import expect

from course_lib import refresh
from course_lib.handout import HandoutExporter
from course_lib.handout.folds import NONE
from course_lib.jupyter.outputs import PANEL
from helpers import players
from helpers.lab import WIDE, Notebook

pytestmark = pytest.mark.browser
long = pytest.mark.long

# JupyterLab without its sidebars, so that there is room for a lesson on a phone; and Notebook 7.
APPS = ["doc", "notebook"]
PLACES = [(app, name) for name in players.LESSONS for app in APPS]
DEEP = PLACES[4:6]  # the third has sliders, a switch, and panels of two columns and of three


def lessons(places):
    """Ask something in these places: of the third lesson for every change, else weekly."""
    params = [pytest.param(place, marks=() if place == DEEP[0] else long) for place in places]
    return pytest.mark.parametrize("opened", params, indirect=True, ids="-".join)


every_lesson = lessons(PLACES)
one_lesson = lessons(DEEP)
first_lesson = lessons(PLACES[:2])

# Whether the panels are as large as when this was asked last; a page is laid out anew a little
# after it was resized.
SETTLED = """() => window.sizes === (window.sizes = [...document.querySelectorAll('.course-panel')].map(
    panel => `${panel.offsetWidth} ${panel.offsetHeight}`).join())"""
# The widths of a panel's plots and of the room that JupyterLab leaves it, how many columns they
# stand in, and whether they stay inside it.
LAID_OUT = """panel => {
    const room = panel.closest('.jp-OutputArea-output').getBoundingClientRect();
    const boxes = [...panel.querySelectorAll('svg')].map(one => one.getBoundingClientRect());
    return [Math.min(...boxes.map(box => box.width)), room.width,
            new Set(boxes.map(box => Math.round(box.x))).size, boxes.length,
            boxes.every(box => box.right <= room.right + 1)];
}"""


@pytest.fixture(scope="module")
def opened(request, desks, lab):
    """A lesson all of which was run; what went wrong when it was fresh is kept in its `fresh`."""
    app, name = request.param
    shutil.copy(refresh.LESSONS / name, lab[0])  # the other program may have saved it after a run
    page = desks[app]
    page.set_viewport_size(WIDE)
    notebook = Notebook(page, *lab, name, app)
    try:
        notebook.fresh = players.assert_fresh(notebook)
    except AssertionError as error:
        notebook.fresh = error
    notebook.errors.clear()
    notebook.run_all()
    asked = page.locator(".course-question")
    choices = asked.get_by_role("radio")
    expect(choices).to_have_count(sum(len(one.choices) for one in players.questions(name)))
    # What comes into a status that is there is announced.
    notebook.replied = asked.get_by_role("status").all_text_contents()
    notebook.chosen = asked.get_by_role("radio", checked=True).count()
    yield notebook
    notebook.leave()


@pytest.fixture
def lesson(opened):
    """Its page is wide, each panel is at its start, and nothing goes wrong in it."""
    opened.page.set_viewport_size(WIDE)
    for panel in players.panels_of(opened):
        panel.reset()
    opened.wait_for(SETTLED)
    yield opened
    errors = [*opened.errors]
    opened.errors.clear()  # they are told once
    assert errors == []


@every_lesson
def test_a_fresh_lesson_shows_its_pictures(opened):
    assert opened.fresh is None


@lessons(PLACES[2::4])
def test_a_lesson_runs_and_its_panels_can_be_seen(lesson):
    """Each at its start, as the library draws it; the other tests look closer."""
    for panel in players.panels_of(lesson):
        panel.visit([panel.grid.settings(0), panel.grid.settings(len(panel.grid) - 1)])
        players.assert_in_sight(panel.locator, players.PROSE)
    players.assert_accessible(lesson.page, within=players.LIVE)


@every_lesson
def test_every_question_answers_clicks_and_arrow_keys(lesson):
    asked = players.questions(lesson.path.name)
    boxes = lesson.page.locator(".course-question")
    assert (lesson.chosen, lesson.replied) == (0, [""] * len(asked))
    for box, question in zip(boxes.all(), asked, strict=True):
        group = box.get_by_role(
            "group", name=f"Question {question.name}. {question.ask}", exact=True
        )
        expect(group.get_by_role("radio")).to_have_count(len(question.choices))
        expect(box.get_by_text(question.ask)).to_be_visible()
        for index, choice in enumerate(question.choices):
            group.get_by_label(choice, exact=True).click()
            expect(box.get_by_role("status")).to_have_text(question.judge(index))
        players.answer_by_hand(box, question)


@every_lesson
def test_every_control_reaches_its_stops_by_keyboard(lesson):
    for panel in players.panels_of(lesson):
        for name in panel.grid.stops:
            control = panel.grid.control(name)
            assert panel.locator.locator(f'[title="{control.tooltip}"]').count() > 0, name
            assert panel.locator.get_by_text(control.label, exact=True).first.is_visible()
            panel.reach_stops(name)
            expect(panel.handle(name)).to_be_visible()
        # The number beside a slider is text, which takes no typing and no focus.
        assert panel.locator.locator("[contenteditable=true]").count() == 0
        assert panel.locator.get_by_role("textbox").count() == 0
    for kind in ("error", "stderr"):
        assert lesson.page.locator(f".jp-OutputArea-output[data-mime-type*={kind}]").count() == 0


@every_lesson
def test_axe_finds_nothing_in_light_and_dark(lesson):
    asked = lesson.page.locator(".course-question")
    for question in asked.all():
        question.get_by_role("radio").first.click()
    expect(asked.get_by_role("status")).to_have_count(asked.count())
    # An error of a kernel, as it would look.
    lesson.page.locator(".course-message").evaluate_all(
        "all => { for (const one of all) { one.hidden = false; one.textContent = 'This failed'; } }"
    )
    for theme in ("Dark", "Light"):  # the server keeps the last for the other tests
        lesson.menu("Settings", "Theme", f"JupyterLab {theme}")
        is_light = str(theme == "Light").lower()
        lesson.page.locator(f"body[data-jp-theme-light={is_light}]").wait_for(state="attached")
        fades = "() => !document.getAnimations().some(one => one instanceof CSSTransition)"
        lesson.wait_for(fades)
        players.assert_accessible(lesson.page, within=players.LIVE)


@every_lesson
@pytest.mark.parametrize("moves", [20, pytest.param(300, marks=long)])
def test_a_storm_of_moves_never_flickers(lesson, moves):
    rng = random.Random(lesson.path.name)
    keys = ["ArrowLeft", "ArrowRight", "PageUp", "PageDown", "Home", "End"]
    for panel in players.panels_of(lesson):
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
        for move in range(moves):
            if move % 4 == 0:
                name = rng.choice(list(panel.grid.stops))
                panel.handle(name).focus()
            panel.page.keyboard.press("Space" if panel.grid.is_switch(name) else rng.choice(keys))
        panel.shows(**panel.settings())
        seen, texts_seen = panel.page.evaluate(
            "cancelAnimationFrame(watch); [frames_seen, texts_seen.size]"
        )
        assert texts_seen > 1
        assert len(seen) > moves / 5
        assert len(set(seen)) == 1, set(seen)


@every_lesson
@pytest.mark.parametrize("count", [15, pytest.param(100, marks=long)])
def test_random_states_are_the_library_s(lesson, count):
    """As in the handouts; here the page asks the kernel for those that it does not hold yet."""
    rng = random.Random(lesson.path.name)
    for panel in players.panels_of(lesson):
        numbers = [rng.randrange(len(panel.grid)) for _ in range(count)]
        panel.visit([panel.grid.settings(number) for number in numbers])


@first_lesson
def test_play_and_clicks_on_the_parabola(lesson):
    parabola, play, _ = players.panels_of(lesson)
    play.play_again()
    parabola.click_at_starts()


@every_lesson
def test_pictures_fill_the_width_there_is(lesson):
    for width, beside, least in [(360, 1, 230), (1280, 2, 340), (1920, 2, 560)]:
        lesson.page.set_viewport_size({"width": width, "height": 1600})
        lesson.wait_for(SETTLED)
        for panel in players.panels_of(lesson):
            seen = narrowest, room, columns, plots, inside = panel.locator.evaluate(LAID_OUT)
            half = (room - 8) / beside  # Jupyter Notebook makes a page no wider than 1200 pixels
            assert narrowest >= min(least, half) - 1, (width, seen)
            assert inside, (width, seen)
            assert columns == min(beside, plots) or columns > beside > 1, (width, seen)


@every_lesson
def test_a_panel_is_in_sight_while_it_is_moved(lesson):
    """In common windows, without a sidebar of 300; in the last, few panels are seen whole."""
    for width, height in [(1066, 768), (1140, 900), (1620, 1080), (1066, 400)]:
        lesson.page.set_viewport_size({"width": width, "height": height})
        lesson.wait_for(SETTLED)
        for panel in lesson.panels():
            players.assert_in_sight(panel, players.PROSE)


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


@every_lesson
def test_forced_colours_leave_rails_edges_and_focus(lesson):
    try:
        for scheme in ("light", "dark"):
            lesson.page.emulate_media(forced_colors="active", color_scheme=scheme)
            for panel in players.panels_of(lesson):
                assert panel.locator.evaluate(UNSEEN) == [], scheme
    finally:
        lesson.page.emulate_media(forced_colors="none", color_scheme="light")


@one_lesson
def test_saved_after_run_all_it_gives_the_same_sheet(lesson):
    """JupyterLab opens what is folded when its cell is run, and saves it so."""
    lesson.page.keyboard.press("Escape")
    lesson.menu("File", "Save Notebook")
    lesson.wait_for_file(lambda text: "outputs_hidden" not in text)
    notebooks = [
        nbformat.read(path, as_version=4)
        for path in (lesson.path, refresh.LESSONS / lesson.path.name)
    ]
    for cell in [cell for notebook in notebooks for cell in notebook.cells if "outputs" in cell]:
        # The states of the panels take long, and do not matter here.
        cell.outputs = [output for output in cell.outputs if PANEL not in output.get("data", {})]
    export = HandoutExporter(answers=NONE).from_notebook_node
    assert export(notebooks[0])[0] == export(notebooks[1])[0]


@one_lesson
def test_right_to_left_breaks_no_picture(lesson):
    panel = players.panels_of(lesson)[-1].locator  # has two plots
    places = """panel => [...panel.querySelectorAll('svg, svg text')].map(one => {
        const box = one.getBoundingClientRect(), sheet = one.closest('svg').getBoundingClientRect();
        return [Math.round(box.x - sheet.x), Math.round(box.y - sheet.y), Math.round(box.width)];
    })"""
    before = panel.evaluate(places)
    panel.page.evaluate("document.documentElement.dir = 'rtl'")
    try:
        assert panel.evaluate(places) == before
        first, second = (svg.bounding_box()["x"] for svg in panel.locator("svg").all())
        assert first < second
    finally:
        panel.page.evaluate("document.documentElement.dir = ''")


@one_lesson
def test_the_readout_is_announced_and_nothing_has_an_id(lesson):
    panel = players.panels_of(lesson)[1]
    panel.press("base", "Home")
    panel.shows(base=panel.grid.stops["base"][0])
    named = panel.locator.locator(".course-readout p").inner_text()
    session = panel.page.context.new_cdp_session(panel.page)
    by_id = {one["nodeId"]: one for one in session.send("Accessibility.getFullAXTree")["nodes"]}
    spoken = next(
        one for one in by_id.values() if one.get("name", {}).get("value", "").startswith(named)
    )
    live = []
    while spoken := by_id.get(spoken.get("parentId")):
        for one in spoken.get("properties", []):
            live += [one["value"]["value"]] if one["name"] == "live" else []
    assert live == ["polite"]
    assert panel.locator.locator(".course-player [id]").count() == 0
