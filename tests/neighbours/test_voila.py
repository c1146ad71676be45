"""Each lesson as a page of Voilà, in Chromium: its panels, Play and questions are live."""

import shutil
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from course_lib import refresh
from helpers.lab import LISTEN, WIDE, wait_until
from helpers.players import LESSONS, Panel, grids, questions
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


@contextmanager
def opened(browser, address, name):
    """Give the page of a lesson and its panels, when all are live; nothing goes wrong in it."""
    page, errors = browser.new_page(viewport=WIDE), []

    def listen(message):
        # Voilà takes a font for its icons from the network, which is not there.
        if message.type == "error" and not message.location["url"].startswith("https:"):
            errors.append(message.text)

    page.add_init_script(LISTEN)
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
        wait_until(lambda: "is filled with 1 kernel" in log.read_text(), 60)
        with opened(browser, alone, LESSONS[0]) as page:
            yield page
        assert "Using pre-heated kernel" in log.read_text()


def test_a_panel_is_live(lesson):
    """It shows where the cells have left it, then what its controls and Play lead to."""
    for panel in lesson[1]:
        panel.shows(**panel.settings())
        panel.reset()
        for name in panel.grid.stops:
            panel.reach_stops(name)
        if panel.grid.plays:
            panel.play()


def test_each_choice_of_a_question_has_its_reply(lesson):
    page, _, name = lesson
    asked, boxes = questions(name), page.locator(".course-question")
    expect(boxes).to_have_count(len(asked))
    for box, question in zip(boxes.all(), asked, strict=True):
        expect(box.locator("[type=radio]")).to_have_count(len(question.choices))
        for index, choice in enumerate(question.choices):
            box.get_by_label(choice, exact=True).click()
            expect(box.get_by_role("status")).to_have_text(question.judge(index))
