"""Each lesson as a page of Voilà, in Chromium: its panels, Play and questions are live.

    .venv/bin/pytest tests/neighbours

That is no part of the default tests: see conftest.py.
"""

import re
import shutil
import socket
import subprocess
import time
import urllib.request
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from course_lib import refresh
from helpers.players import DIFFERENCES, LESSONS, PLACES, grids, questions, texts

# The extensions of nbdime and jupytext ask for a newer JupyterLab than Voilà has: it reports an
# error for each.
NOT_FOR_IT = ["nbdime-jupyterlab", "jupyterlab-jupytext"]


@pytest.fixture(scope="module")
def voila(neighbours, surroundings, tmp_path_factory):
    """Have Voilà serve copies of the lessons with some options, and give its address and log."""

    @contextmanager
    def serve(*options):
        folder = tmp_path_factory.mktemp("voila")
        shutil.copytree(refresh.LESSONS, folder / "lessons", ignore=shutil.ignore_patterns(".*"))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with open(folder / "log", "w") as log:
            server = subprocess.Popen(
                [
                    neighbours,
                    "-m",
                    "voila",
                    *options,
                    "--no-browser",
                    "--Voila.ip=127.0.0.1",
                    f"--port={port}",
                    f"--VoilaConfiguration.extension_denylist={NOT_FOR_IT}",
                ],
                cwd=folder / "lessons",
                env=surroundings,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
            try:
                for _ in range(300):  # asked for "/" it may run a lesson
                    try:
                        urllib.request.urlopen(
                            f"http://127.0.0.1:{port}/voila/static/voila.js"
                        ).close()
                        break
                    except OSError:
                        time.sleep(0.2)
                else:
                    pytest.fail((folder / "log").read_text())
                yield f"http://127.0.0.1:{port}", folder / "log"
            finally:
                server.terminate()
                server.wait()

    return serve


@pytest.fixture(scope="module")
def address(voila):
    with voila() as (address, _):
        yield f"{address}/voila/render"


class Panel:
    """A panel in the page, and the grid of the states that it should show."""

    def __init__(self, locator, grid):
        self.locator, self.grid = locator, grid

    def handle(self, name):
        return self.locator.locator(".noUi-handle, .course-switch").nth(
            list(self.grid.stops).index(name)
        )

    def shows(self, **settings):
        """Wait until the page shows what the library computes for these, or fail with what it shows
        instead.
        """
        assert self.locator.evaluate(DIFFERENCES, texts(self.grid, **settings)) == []

    def settings(self):
        return {
            name: stops[index]
            for (name, stops), index in zip(
                self.grid.stops.items(), self.locator.evaluate(PLACES), strict=True
            )
        }

    def move(self, name):
        """Move a control by keyboard: a switch to where it does not start, a slider to both ends."""
        if self.grid.is_switch(name):
            self.handle(name).press("Space")
            self.shows(**{name: not self.grid.start[name]})
        else:
            for key, index in {"End": -1, "ArrowLeft": -2, "Home": 0}.items():
                self.handle(name).press(key)
                self.shows(**{name: self.grid.stops[name][index]})

    def click(self, name):
        self.locator.get_by_role("button", name=name, exact=True).click()

    def reset(self):
        self.click("Reset")
        self.shows()


@contextmanager
def opened(browser, address, name):
    """Give the page of a lesson and its panels, when they have all come live; nothing goes wrong in
    it.
    """
    page, errors = browser.new_page(viewport={"width": 1280, "height": 1600}), []
    page.set_default_timeout(20_000)
    # Voilà takes a font for its icons from the network, which is not there.
    page.on(
        "console",
        lambda message: (
            message.type == "error"
            and not message.location["url"].startswith("https:")
            and errors.append(message.text)
        ),
    )
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address, timeout=60_000)  # Voilà runs the cells meanwhile
    panels, made = page.locator(".course-panel"), grids(name)
    expect(panels.locator(".course-readout")).to_have_count(len(made), timeout=60_000)
    yield page, [Panel(*one) for one in zip(panels.all(), made, strict=True)]
    page.close()
    assert errors == []


@pytest.fixture(scope="module", params=LESSONS)
def lesson(request, browser, address):
    with opened(browser, f"{address}/{request.param}", request.param) as (page, panels):
        yield page, panels, request.param


def answer(page, name):
    """Make each choice of each question, and see its reply."""
    asked = questions(name)
    boxes = page.locator(".course-question")
    expect(boxes).to_have_count(len(asked))
    for box, question in zip(boxes.all(), asked, strict=True):
        expect(box.locator("[type=radio]")).to_have_count(len(question.choices))
        for index, choice in enumerate(question.choices):
            box.get_by_label(choice, exact=True).click()
            expect(box.get_by_role("status")).to_have_text(question.judge(index))


def test_each_panel_shows_where_the_cells_of_the_lesson_have_left_it(lesson):
    for panel in lesson[1]:
        panel.shows(**panel.settings())


def test_a_key_on_a_slider_or_switch_shows_what_the_library_computes(lesson):
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
            panel.handle(panel.grid.plays).press("Home")
            panel.click("Play")
            expect(panel.handle(panel.grid.plays)).to_have_attribute(
                "aria-valuenow", re.compile(r"^([3-9]|[12]\d)\.")
            )
            panel.click("Pause")
            panel.shows(**panel.settings())


def test_each_choice_of_a_question_is_answered_with_its_reply(lesson):
    page, _, name = lesson
    answer(page, name)


def test_all_is_live_too_where_voila_ran_the_lesson_before_anyone_asked(voila, browser):
    """Its kernel was told less: no SERVER_SOFTWARE, but VOILA_PREHEAT."""
    name = LESSONS[0]
    with voila(name, "--preheat_kernel=True") as (address, log):
        for _ in range(300):
            if "is filled with 1 kernel" in log.read_text():
                break
            time.sleep(0.2)
        with opened(browser, address, name) as (page, panels):
            for panel in panels:
                panel.reset()
                for control in panel.grid.stops:
                    panel.move(control)
                    panel.reset()
            answer(page, name)
        assert "Using pre-heated kernel" in log.read_text()
