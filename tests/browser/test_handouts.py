"""The handouts in Chromium, from files and without a network: what is in them works, and is what the library says."""

import random
import re
import subprocess
import sys
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from players import LESSONS, SHOWN, expected, grids, questions
from playwright.sync_api import expect
from test_lessons import click_at

import hostile
import lessons
from course_lib.figures.text import format_stop
from course_lib.handout import HandoutExporter

every_handout = pytest.mark.parametrize("name", LESSONS)
LOOKS = [(scheme, width) for scheme in ("light", "dark") for width in (360, 1280)]

# Put controls where a hand would, one list of places for each state, and see what is then shown.
SHOW = f"""(panel, states) => {{
    const inputs = [...panel.querySelectorAll('input')];
    return states.map(places => {{
        inputs.forEach((input, k) => {{
            if (input.type === 'checkbox') input.checked = places[k];
            else input.value = places[k];
        }});
        inputs[0].dispatchEvent(new Event('input', {{ bubbles: true }}));
        return ({SHOWN})(panel);
    }});
}}"""

@pytest.fixture(scope="session")
def handouts(tmp_path_factory):
    """The folder with all four, made by the command that the README names."""
    folder = tmp_path_factory.mktemp("handouts")
    run = subprocess.run([sys.executable, "-m", "jupyter", "nbconvert", "--to", "handout",
                          *lessons.LESSONS, "--output-dir", folder],
                         capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert "7000 states drawn" in run.stderr
    return folder


@pytest.fixture
def open_page(browser):
    """Open a file; what it asks for and what goes wrong in it are kept in `requests` and `errors` of the page."""
    contexts = []

    def opened(path, scheme="light", width=1280, **settings):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **settings)
        contexts.append(context)
        page = context.new_page()
        page.errors, page.requests = [], []
        page.on("console", lambda message: page.errors.append(message.text))
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on("dialog", lambda dialog: page.errors.append(dialog.message))
        page.on("request", lambda request: page.requests.append(request.url))
        page.goto(path.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()


def live(page, name):
    """The panels of the handout of a lesson, and their grids; all are unpacked."""
    made = grids(name)
    expect(page.locator("form:visible")).to_have_count(len(made))
    return list(zip(page.locator("figure.panel").all(), made, strict=True))


def file_of(handouts, name):
    return (handouts / name).with_suffix(".html")


def test_a_handout_is_no_larger_than_400_kb(handouts):
    sizes = {path.name: path.stat().st_size for path in handouts.iterdir()}
    assert len(sizes) == 5
    assert max(sizes.values()) <= 400_000, sizes


def test_exporting_twice_gives_the_same_bytes(handouts, tmp_path):
    subprocess.run([sys.executable, "-m", "jupyter", "nbconvert", "--to", "handout", "--log-level=ERROR",
                    *lessons.LESSONS, "--output-dir", tmp_path], check=True)
    for path in handouts.iterdir():
        assert path.read_bytes() == (tmp_path / path.name).read_bytes()


@every_handout
@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_it_asks_for_nothing_and_axe_finds_nothing(handouts, open_page, name, scheme, width):
    page = open_page(file_of(handouts, name), scheme, width)
    for panel, grid in live(page, name):
        panel.evaluate(SHOW, [[len(stops) - 1 for stops in grid.stops.values()]])
    assert page.errors == []
    assert [url for url in page.requests if not url.startswith("data:")] == [file_of(handouts, name).as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate("[...document.images].every(image => image.naturalWidth > 0)")
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_the_index_asks_for_nothing_and_axe_finds_nothing(handouts, open_page, scheme, width):
    page = open_page(handouts / "index.html", scheme, width)
    assert page.evaluate("[...document.images].map(image => image.naturalWidth)") == [360] * 4
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert Axe().run(page).violations_count == 0
    for name in LESSONS:
        page.goto((handouts / "index.html").as_uri())
        page.get_by_role("link").nth(LESSONS.index(name)).click()
        page.wait_for_url(file_of(handouts, name).as_uri())
    assert page.errors == []
    assert {url for url in page.requests if url.startswith("http")} == set()


@every_handout
def test_300_random_states_of_each_panel_are_the_library_s(handouts, open_page, name):
    rng = random.Random(name)
    page = open_page(file_of(handouts, name))
    for panel, grid in live(page, name):
        assert panel.evaluate(SHOWN) == expected(page, grid)
        corners = [[0] * len(grid.stops), [len(stops) - 1 for stops in grid.stops.values()]]
        states = corners + [[rng.randrange(len(stops)) for stops in grid.stops.values()] for _ in range(300)]
        for places, shown in zip(states, panel.evaluate(SHOW, states), strict=True):
            settings = {name: stops[place] for (name, stops), place in zip(grid.stops.items(), places, strict=True)}
            assert shown == expected(page, grid, **settings), settings
    assert page.errors == []


@every_handout
def test_every_control_is_labelled_and_moves_by_keyboard(handouts, open_page, name):
    page = open_page(file_of(handouts, name))
    for panel, grid in live(page, name):
        for control, stops in grid.stops.items():
            label = grid.control(control).label
            if grid.is_switch(control):
                box = panel.get_by_role("checkbox", name=label, exact=True)
                box.press("Space")
                assert panel.evaluate(SHOWN) == expected(page, grid, **{control: not grid.start[control]})
            else:
                slider = panel.get_by_role("slider", name=label, exact=True)
                for key, stop in {"End": stops[-1], "ArrowLeft": stops[-2], "Home": stops[0],
                                  "ArrowRight": stops[1]}.items():
                    slider.press(key)
                    assert panel.evaluate(SHOWN) == expected(page, grid, **{control: stop})
                    assert slider.get_attribute("aria-valuetext") == format_stop(stop)
            panel.get_by_role("button", name="Reset").press("Enter")
            assert panel.evaluate(SHOWN) == expected(page, grid)
        assert panel.locator(".course-readout").get_attribute("aria-live") == "polite"


def test_a_click_on_the_parabola_puts_the_start_at_the_nearest_stop(handouts, open_page):
    page = open_page(file_of(handouts, LESSONS[0]))
    (panel, grid), = live(page, LESSONS[0])
    parabola, _ = panel.locator("svg").all()
    click_at(parabola, -6.5)
    assert panel.evaluate(SHOWN) == expected(page, grid, start=-7.0)
    assert panel.get_by_role("slider", name="start w₀").get_attribute("aria-valuetext") == "-7"


@every_handout
@pytest.mark.parametrize(("width", "least"), [(360, 300), (1280, 373), (1920, 560)])
def test_pictures_fill_the_width_there_is(handouts, open_page, name, width, least):
    page = open_page(file_of(handouts, name), width=width)
    live(page, name)
    pictures = page.locator("figure.panel svg, .output img")
    assert min(pictures.evaluate_all("all => all.map(one => one.getBoundingClientRect().width)")) >= least
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_play_makes_the_steps_one_by_one(handouts, open_page):
    page = open_page(file_of(handouts, LESSONS[0]))
    (panel, grid), = live(page, LESSONS[0])
    steps = panel.get_by_role("slider", name="steps t")
    panel.get_by_role("button", name="Play").click()  # it stands at the last step, so it starts from the first
    expect(steps).to_have_value(re.compile(r"^([3-9]|[12]\d)$"))
    assert panel.locator(".course-readout").get_attribute("aria-live") == "off"
    panel.get_by_role("button", name="Pause").click()
    stopped = int(steps.input_value())
    time.sleep(0.5)
    assert panel.evaluate(SHOWN) == expected(page, grid, steps=stopped)
    for _ in range(37 - stopped):
        steps.press("ArrowRight")
    panel.get_by_role("button", name="Play").click()
    panel.get_by_role("button", name="Pause").wait_for()
    panel.get_by_role("button", name="Play").wait_for()
    assert panel.evaluate(SHOWN) == expected(page, grid, steps=40)
    assert panel.locator(".course-readout").get_attribute("aria-live") == "polite"


def test_without_script_there_is_the_starting_picture_and_a_word_on_what_script_adds(handouts, open_page):
    page = open_page(file_of(handouts, LESSONS[0]), java_script_enabled=False)
    assert page.get_by_text("With JavaScript switched on it gets sliders").is_visible()
    assert not page.locator("form").is_visible()
    assert page.get_by_role("img", name="40 steps at learning rate 0.2").is_visible()
    assert page.get_by_text("learning rate η = 0.2, start w₀ = 5, steps t = 40").is_visible()


@every_handout
def test_each_choice_of_a_question_folds_open_without_script(handouts, open_page, name):
    page = open_page(file_of(handouts, name), java_script_enabled=False)
    for question in questions(name):
        for index, choice in enumerate(question.choices):
            fold = page.locator("details", has=page.get_by_text(choice, exact=True))
            expect(fold.get_by_text(question.judge(index), exact=True)).to_be_hidden()
            fold.locator("summary").press("Enter")
            expect(fold.get_by_text(question.judge(index), exact=True)).to_be_visible()


@every_handout
def test_on_paper_there_is_the_current_picture_and_no_control(handouts, open_page, name):
    page = open_page(file_of(handouts, name), scheme="dark", width=700)
    (panel, grid), *_ = live(page, name)
    panel.locator("input").first.press("Home")
    page.emulate_media(media="print")
    assert page.locator("form:visible, .without:visible, nav:visible").count() == 0
    control, stops = next(iter(grid.stops.items()))
    assert panel.get_by_text(f"{grid.control(control).label} = {format_stop(stops[0])}").first.is_visible()
    assert panel.evaluate(SHOWN) == expected(page, grid, **{control: stops[0]})
    assert panel.evaluate("panel => getComputedStyle(panel).breakInside") == "avoid"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(34, 34, 34)"  # dark is for screens only


def test_links_lead_to_the_other_handouts(handouts, open_page):
    page = open_page(file_of(handouts, LESSONS[0]))
    page.get_by_role("link", name=re.compile("lesson 2", re.IGNORECASE)).first.click()
    page.wait_for_url(file_of(handouts, LESSONS[1]).as_uri())
    page.get_by_role("navigation").get_by_role("link", name="The number that decides").click()
    assert page.url.endswith("#The-number-that-decides")
    assert page.evaluate("document.getElementById('The-number-that-decides').getBoundingClientRect().top") < 900


@pytest.mark.filterwarnings("ignore:No lexer found")
def test_a_hostile_notebook_runs_nothing_and_fetches_nothing(open_page, tmp_path):
    path = tmp_path / "hostile.html"
    path.write_text(HandoutExporter().from_notebook_node(hostile.notebook())[0], encoding="utf-8")
    page = open_page(path)
    for link in page.locator("a[href]").all():
        assert not link.get_attribute("href").startswith(("javascript", "data"))
    time.sleep(1)
    assert page.evaluate("document.body.dataset.ran") is None
    assert [url for url in page.requests if not url.startswith("data:")] == [path.as_uri()]
    assert set(page.errors) <= {"Failed to load resource: net::ERR_INVALID_URL"}  # a picture that is none
