"""Each lesson as a page of Voilà, in Chromium: its panels, Play and questions are live."""

import re
import shutil
import time
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from course_lib import refresh
from helpers.players import DIFFERENCES, LESSONS, PLACES, grids, questions, texts
from helpers.programs import free_ports, serving

# Voilà reports an error for these: they ask for a newer JupyterLab than it has.
NOT_FOR_IT = ["nbdime-jupyterlab", "jupyterlab-jupytext"]
# Run before anyone asked, in a kernel that was told less: VOILA_PREHEAT, but no SERVER_SOFTWARE.
PREHEATED = "preheated"


@pytest.fixture(scope="module")
def voila(neighbours, surroundings, tmp_path_factory):
    """Have Voilà serve copies of the lessons with some options, and give its address and log."""

    @contextmanager
    def serve(*options):
        folder, [port] = tmp_path_factory.mktemp("voila") / "lessons", free_ports(1)
        shutil.copytree(refresh.LESSONS, folder, ignore=shutil.ignore_patterns(".*"))
        options += ("--no-browser", "--Voila.ip=127.0.0.1", f"--port={port}")
        denied = f"--VoilaConfiguration.extension_denylist={NOT_FOR_IT}"
        command, address = [neighbours, "-m", "voila", *options, denied], f"http://127.0.0.1:{port}"
        a_file = f"{address}/voila/static/voila.js"  # asked for "/" it may run a lesson
        with serving(command, folder, surroundings, a_file) as (_, log):
            yield address, log

    return serve


@pytest.fixture(scope="module")
def address(voila):
    with voila() as (address, _):
        yield f"{address}/voila/render"


class Panel:
    """A panel in the page, and the grid of the states that it should show."""

    def __init__(self, locator, grid):
        self.locator, self.grid = locator, grid
        controls = locator.locator(".noUi-handle, .course-switch")
        self.handles = {name: controls.nth(index) for index, name in enumerate(grid.stops)}

    def shows(self, **settings):
        """Wait until the page shows what the library computes for these settings."""
        assert self.locator.evaluate(DIFFERENCES, texts(self.grid, **settings)) == []

    def shows_where_it_is(self):
        places = zip(self.grid.stops.items(), self.locator.evaluate(PLACES), strict=True)
        self.shows(**{name: stops[index] for (name, stops), index in places})

    def move(self, name):
        """Move a control by keyboard: a switch to where it does not start, a slider to both ends."""
        if self.grid.is_switch(name):
            self.handles[name].press("Space")
            self.shows(**{name: not self.grid.start[name]})
        else:
            for key, index in {"End": -1, "ArrowLeft": -2, "Home": 0}.items():
                self.handles[name].press(key)
                self.shows(**{name: self.grid.stops[name][index]})

    def click(self, name):
        self.locator.get_by_role("button", name=name, exact=True).click()

    def reset(self):
        self.click("Reset")
        self.shows()


@contextmanager
def opened(browser, address, name):
    """Give the page of a lesson and its panels, when all are live; nothing goes wrong in it."""
    page, errors = browser.new_page(viewport={"width": 1280, "height": 1600}), []

    def listen(message):
        # Voilà takes a font for its icons from the network, which is not there.
        if message.type == "error" and not message.location["url"].startswith("https:"):
            errors.append(message.text)

    page.set_default_timeout(20_000)
    page.on("console", listen)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address, timeout=60_000)  # Voilà runs the cells meanwhile
    panels, made = page.locator(".course-panel"), grids(name)
    expect(panels.locator(".course-readout")).to_have_count(len(made), timeout=60_000)
    yield page, [Panel(*one) for one in zip(panels.all(), made, strict=True)], name
    page.close()
    assert errors == []


@pytest.fixture(scope="module", params=[*LESSONS, PREHEATED])
def lesson(request, browser, voila, address):
    if request.param != PREHEATED:
        with opened(browser, f"{address}/{request.param}", request.param) as page:
            yield page
        return
    with voila(LESSONS[0], "--preheat_kernel=True") as (alone, log):
        for _ in range(300):
            if "is filled with 1 kernel" in log.read_text():
                break
            time.sleep(0.2)
        with opened(browser, alone, LESSONS[0]) as page:
            yield page
        assert "Using pre-heated kernel" in log.read_text()


def test_a_panel_shows_where_the_cells_have_left_it(lesson):
    for panel in lesson[1]:
        panel.shows_where_it_is()


def test_a_key_shows_what_the_library_computes(lesson):
    for panel in lesson[1]:
        panel.reset()
        for name in panel.grid.stops:
            panel.move(name)
            panel.reset()


def test_play_makes_steps(lesson):
    assert any(grid.plays for name in LESSONS for grid in grids(name))
    for panel in lesson[1]:
        if panel.grid.plays:
            panel.reset()
            steps, three = panel.handles[panel.grid.plays], re.compile(r"^([3-9]|[12]\d)\.")
            steps.press("Home")
            panel.click("Play")
            expect(steps).to_have_attribute("aria-valuenow", three)
            panel.click("Pause")
            panel.shows_where_it_is()


def test_each_choice_of_a_question_has_its_reply(lesson):
    page, _, name = lesson
    asked, boxes = questions(name), page.locator(".course-question")
    expect(boxes).to_have_count(len(asked))
    for box, question in zip(boxes.all(), asked, strict=True):
        expect(box.locator("[type=radio]")).to_have_count(len(question.choices))
        for index, choice in enumerate(question.choices):
            box.get_by_label(choice, exact=True).click()
            expect(box.get_by_role("status")).to_have_text(question.judge(index))
