"""Each lesson in the real JupyterLab: every control of every panel is moved by keyboard, and what the page then shows
is compared with what the library computes for the same settings.
"""

import json
import random
import re
import time

import nbformat
import pytest
from playwright.sync_api import expect

from course_lib import checks, panels, refresh, storing

LESSONS = sorted(path.name for path in refresh.LESSONS.glob("*.ipynb"))

TALL = 16_000  # JupyterLab draws only the cells that the window has room for

# Picture and readout as the page shows them.
SHOWN = """panel => ({
    paths: [...panel.querySelectorAll('svg[role=img] path')].map(path => path.getAttribute('d')),
    told: [...panel.querySelectorAll('svg[role=img]')].map(svg => svg.getAttribute('aria-label')),
    titles: [...panel.querySelectorAll('svg[role=img] text')].map(text => text.textContent),
    readout: [panel.querySelector('[id^=course-readout] p').textContent,
        ...[...panel.querySelectorAll('[id^=course-readout] tr')].map(
            row => [...row.cells].map(cell => cell.textContent).join(': '))],
})"""
# What its controls stand at: the index of a slider, whether a switch is on.
STANDS = """panel => [...panel.querySelectorAll('.noUi-handle, .course-switch')].map(control =>
    control.matches('button') ? Number(control.matches('.mod-active')) :
                                Math.round(control.getAttribute('aria-valuenow')))"""


class Panel:
    """A panel in the page, and the same panel made from its stored description."""

    def __init__(self, locator, description):
        self.locator = locator
        self.page = locator.page
        self.twin = panels.described(description)

    def handle(self, name):
        return self.locator.locator(".noUi-handle, .course-switch").nth(list(self.twin.controls).index(name))

    def expected(self, **settings):
        self.twin.move(**settings)
        layers = "".join(plate.layer() for plate in self.twin.figure.plates)
        return {"paths": re.findall(r' d="([^"]*)"', layers), "told": self.twin.figure.alternatives,
                "titles": re.findall(r">([^<]+)</text>", layers), "readout": self.twin.readout.split("\n")}

    def shows(self, **settings):
        """Wait until the page shows these settings, or fail with what it shows instead."""
        expected = self.expected(**settings)
        for _ in range(50):
            seen = self.locator.evaluate(SHOWN)
            if seen == expected:
                return
            time.sleep(0.1)
        assert seen == expected

    def stands_at(self):
        return {name: self.twin.stops[name][index] for name, index in
                zip(self.twin.controls, self.locator.evaluate(STANDS), strict=True)}

    def press(self, name, key):
        self.handle(name).focus()
        self.page.keyboard.press(key)

    def reset(self):
        self.locator.get_by_role("button", name="Reset").click()
        self.shows(**{name: self.twin.start[name] for name in self.twin.controls})


def described(name):
    """The descriptions of a lesson's panels, in order."""
    notebook = nbformat.read(refresh.LESSONS / name, as_version=4)
    return [output.data[storing.PANEL] for cell in notebook.cells for output in cell.get("outputs", [])
            if storing.PANEL in output.get("data", {})]


def questions(name):
    """The questions of a lesson, in order."""
    return [checks.ask(question) for question in checks.QUESTIONS if question[0] == str(int(name[:2]))]


def panels_of(notebook):
    descriptions = described(notebook.path.name)
    expect(notebook.page.locator(".course-panel [id^=course-readout]")).to_have_count(len(descriptions))
    return [Panel(locator, description) for locator, description in zip(notebook.panels(), descriptions, strict=True)]


@pytest.mark.parametrize("name", LESSONS)
def test_a_fresh_clone_shows_pictures_before_anything_is_run(open_notebook, name):
    with open_notebook(name, height=TALL) as notebook:
        images = notebook.page.locator(".jp-OutputArea-output img")
        stored = nbformat.read(refresh.LESSONS / name, as_version=4)
        expect(images).to_have_count(json.dumps(stored).count("<img "), timeout=30_000)
        assert images.evaluate_all("images => images.every(image => image.complete && image.naturalWidth === 360)")
        assert "widget" not in notebook.text().lower()
        for question in questions(name):
            for index, choice in enumerate(question.choices):
                fold = notebook.page.locator("details", has=notebook.page.get_by_text(choice, exact=True))
                fold.locator("summary").click()
                expect(fold.get_by_text(question.judge(index), exact=True)).to_be_visible()
        assert notebook.errors == []


@pytest.mark.parametrize("name", LESSONS)
def test_every_question_answers_a_click(open_notebook, name):
    with open_notebook(name, height=TALL) as notebook:
        notebook.run_all()
        asked = questions(name)
        boxes = notebook.page.locator(".course-question")
        expect(boxes).to_have_count(len(asked))
        for box, question in zip(boxes.all(), asked, strict=True):
            expect(box.get_by_text(question.ask)).to_be_visible()
            expect(box.get_by_role("radio", checked=True)).to_have_count(0)
            for index, choice in enumerate(question.choices):
                box.get_by_label(choice, exact=True).check()
                expect(box.get_by_role("status")).to_have_text(question.judge(index))
        assert notebook.errors == []


@pytest.mark.parametrize("name", LESSONS)
def test_every_control_reaches_its_stops_by_keyboard(open_notebook, name):
    with open_notebook(name, height=TALL) as notebook:
        notebook.run_all()
        for panel in panels_of(notebook):
            panel.reset()
            for control, stops in panel.twin.stops.items():
                start = panel.twin.start[control]
                if stops == [False, True]:
                    panel.press(control, "Space")
                    panel.shows(**{control: not start})
                    panel.press(control, "Space")
                else:
                    panel.press(control, "Home")
                    panel.shows(**{control: stops[0]})
                    panel.press(control, "End")
                    panel.shows(**{control: stops[-1]})
                    for _ in stops[stops.index(start) + 1:]:
                        panel.press(control, "ArrowLeft")
                panel.shows(**{control: start})
        assert notebook.page.locator(".jp-OutputArea-output[data-mime-type*=error]").count() == 0
        assert notebook.page.locator(".jp-OutputArea-output[data-mime-type*=stderr]").count() == 0
        assert notebook.errors == []


@pytest.mark.parametrize("name", LESSONS)
def test_a_storm_of_moves_ends_in_the_picture_of_its_last_state_and_never_flickers(open_notebook, name):
    rng = random.Random(name)
    with open_notebook(name, height=TALL) as notebook:
        notebook.run_all()
        for panel in panels_of(notebook):
            panel.reset()
            panel.locator.evaluate("""panel => {
                window.frames_seen = [];
                const look = () => {
                    const output = panel.closest('.jp-OutputArea-output');
                    frames_seen.push(`${output.offsetHeight} ${panel.querySelectorAll('svg').length} ` +
                                     `${panel.querySelectorAll('tr').length}`);
                    window.watch = requestAnimationFrame(look);
                };
                look();
            }""")
            for _ in range(500):
                control = rng.choice(list(panel.twin.stops))
                keys = ["Space"] if panel.twin.stops[control] == [False, True] else \
                    ["ArrowLeft", "ArrowRight", "PageUp", "PageDown", "Home", "End"]
                panel.press(control, rng.choice(keys))
            panel.shows(**panel.stands_at())
            seen = panel.page.evaluate("cancelAnimationFrame(watch); frames_seen")
            assert len(seen) > 20
            assert len(set(seen)) == 1, set(seen)
        assert notebook.errors == []


def test_play_runs_stops_and_starts_again(open_notebook):
    with open_notebook(LESSONS[0]) as notebook:
        notebook.run_all()
        panel, = panels_of(notebook)
        panel.reset()
        button = panel.locator.get_by_role("button", name="Play")
        button.click()  # it stands at the last step, so it starts from the first
        pause = panel.locator.get_by_role("button", name="Pause")
        pause.wait_for()
        panel.page.wait_for_function("""place => Number(document.querySelectorAll('.course-panel .noUi-handle')[place]
                                               .getAttribute('aria-valuenow')) === 3""",
                                     arg=list(panel.twin.controls).index("steps"))
        pause.click()
        button.wait_for()
        stopped = panel.stands_at()
        assert 3 <= stopped["steps"] <= 6
        panel.shows(**stopped)
        time.sleep(0.6)
        assert panel.stands_at() == stopped
        panel.press("steps", "End")
        for _ in range(3):
            panel.press("steps", "ArrowLeft")
        panel.shows(steps=37)
        button.click()
        pause.wait_for()
        button.wait_for()
        panel.shows(steps=40)


def test_every_control_has_its_label_and_tooltip(open_notebook):
    with open_notebook(LESSONS[2]) as notebook:
        notebook.run_all()
        for panel in panels_of(notebook):
            for name in panel.twin.controls:
                label, tooltip = panels.CONTROLS[name]
                assert panel.locator.get_by_text(label, exact=True).first.is_visible()
                assert panel.locator.locator(f'[title="{tooltip}"]').count() > 0, name


def test_the_readout_is_announced_politely(open_notebook):
    """The readout belongs to a live region that stays while the readout itself comes anew."""
    with open_notebook(LESSONS[0]) as notebook:
        notebook.run_all()
        panel, = panels_of(notebook)
        panel.press("rate", "Home")
        panel.shows(rate=panel.twin.stops["rate"][0], steps=40, start=5.0)
        tree = panel.page.context.new_cdp_session(panel.page).send("Accessibility.getFullAXTree")["nodes"]
        by_id = {node["nodeId"]: node for node in tree}
        spoken = next(node for node in tree
                      if node.get("name", {}).get("value", "").startswith("learning rate η = 0.0001,"))
        live = []
        while spoken := by_id.get(spoken.get("parentId")):
            live += [one["value"]["value"] for one in spoken.get("properties", []) if one["name"] == "live"]
        assert live == ["polite"]
