"""What anyone who has Chromium tests first: one lesson in JupyterLab, and one handout."""

from contextlib import closing

from playwright.sync_api import expect

from course_lib.handout import HandoutExporter
from course_lib.jupyter.outputs import PANEL
from course_lib.questions import ask
from helpers import lessons, players
from helpers.lab import Notebook


def test_a_lesson_is_live_in_jupyterlab(browser, lab):
    """With the sidebar, as learners have it."""
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    with closing(Notebook(page, *lab, lessons.LESSONS[0].name)) as notebook:
        players.assert_fresh(notebook)
        notebook.run_all()
        expect(page.get_by_role("region", name="File Browser Section")).to_be_visible()
        panels = players.panels_of(notebook)
        for panel in panels:
            players.assert_in_sight(panel.locator, players.PROSE)
        panel = panels[1]
        panel.reset()
        panel.reach_stops("rate")
        panel.play_again()
        panels[0].click_at_starts()
        players.answer_by_hand(page.locator(".course-question").first, ask("1.1"))
        players.assert_accessible(page, within=players.LIVE)
        assert notebook.errors == []


def test_a_handout_is_live_in_a_file(open_page, tmp_path):
    lesson, path = lessons.LESSONS[0], tmp_path / "handout.html"
    notebook = lessons.read(lesson)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    panels = [output.data for output in outputs if PANEL in output.get("data", {})]
    del panels[1][PANEL]  # its 7,134 states take long to draw
    path.write_text(HandoutExporter().from_notebook_node(notebook)[0], encoding="utf-8")
    page = open_page(path)
    expect(page.locator("form:visible")).to_have_count(2)
    panel = players.Panel(page.locator("figure.panel").first, players.grids(lesson.name)[0])
    panel.shows()
    panel.reach_stops("start")
    panel.play()
    question = ask("1.1")
    page.get_by_text(question.choices[1], exact=True).click()
    expect(page.get_by_text(question.judge(1), exact=True)).to_be_visible()
    page.evaluate(players.UNFOLD)
    players.assert_accessible(page)
    assert page.errors == []
    assert [url for url in page.requests if not url.startswith("data:")] == [path.as_uri()]
