"""What may happen to a panel: an error, two of them, a busy kernel, a restart, another tab, a reload."""

import time

import nbformat
import pytest
from players import SHOWN

from course_lib import refresh

FIRST = """from course_lib.figures import DescentFigure
from course_lib.panels import explore
panel = explore(DescentFigure(), rate=(0.1, 0.2, 0.9), steps=range(41))
panel"""
LATE = "The kernel has not drawn this yet"


@pytest.fixture
def make(lab):
    """Write a notebook of these cells, without outputs, into the server's folder; it is taken away again."""
    made = []

    def written(*sources):
        made.append(lab[0] / f"made_{time.monotonic_ns()}.ipynb")
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        made[-1].write_text(refresh.tidy(nbformat.v4.new_notebook(cells=cells)), encoding="utf-8")
        return made[-1].name

    yield written
    for path in made:
        path.unlink()


def settings(panel):
    """What the readout of a panel says it shows."""
    return panel.evaluate(SHOWN)[4].removeprefix("learning rate η = ").replace(" steps n = ", "")


def shown(notebook):
    return [settings(panel) for panel in notebook.panels()]


def set_to(panel):
    """What the sliders of a panel say that they are set to."""
    return ",".join(handle.get_attribute("aria-valuetext") for handle in panel.locator(".noUi-handle").all())


def press(panel, slider, *keys):
    handle = panel.locator(".noUi-handle").nth(slider)
    handle.focus()
    for key in keys:
        panel.page.keyboard.press(key)


def wait_for(condition, seconds=10):
    for _ in range(10 * seconds):
        if condition():
            return
        time.sleep(0.1)
    pytest.fail(f"it did not come to that in {seconds} seconds")


def run_cell(notebook, number):
    """Run one cell, as a learner does; the kernel may take its time."""
    notebook.page.locator(".jp-CodeCell").nth(number).locator(".cm-content").click()
    notebook.page.keyboard.press("Control+Enter")


def test_what_a_figure_raises_is_told_to_the_learner_and_gone_after_a_move_that_works(open_notebook, make):
    broken = "def show(**settings): raise RuntimeError('the chalk <broke>')\npanel.figure.show = show"
    with open_notebook(make(FIRST, broken)) as notebook:
        notebook.run_all()
        panel, = notebook.panels()
        press(panel, 0, "End")  # came with the panel
        wait_for(lambda: settings(panel) == "0.9,40")
        before = panel.evaluate(SHOWN)
        press(panel, 1, "ArrowLeft")
        alert = panel.get_by_role("alert")
        alert.wait_for()
        assert "RuntimeError: the chalk <broke>" in alert.inner_text()
        assert panel.evaluate(SHOWN) == before
        press(panel, 0, "ArrowLeft")
        alert.wait_for(state="hidden")
        assert settings(panel) == "0.2,39"


def test_two_panels_and_one_displayed_twice(open_notebook, make):
    other = FIRST.replace("panel", "other").replace("course_lib.other", "course_lib.panel")
    with open_notebook(make(FIRST, other, "panel"), height=3200) as notebook:
        notebook.run_all()
        wait_for(lambda: len(notebook.panels()) == 3)
        first, second, third = notebook.panels()
        press(first, 0, "End")
        wait_for(lambda: shown(notebook) == ["0.9,40", "0.2,40", "0.9,40"])
        third.get_by_role("button", name="Play").click()
        wait_for(lambda: settings(first) in ("0.9,4", "0.9,5", "0.9,6"))
        third.get_by_role("button", name="Pause").click()
        wait_for(lambda: settings(first) == settings(third) == set_to(first) == set_to(third))
        assert settings(second) == set_to(second) == "0.2,40"
        third.get_by_role("button", name="Reset").click()
        wait_for(lambda: shown(notebook) == ["0.2,40"] * 3)
        assert notebook.errors == []


def test_while_the_kernel_runs_a_cell_what_one_control_leads_to_follows_and_more_is_said_to_be_late(
        open_notebook, make):
    busy = "import os, time\nwhile os.path.exists('busy'): time.sleep(0.1)"
    with open_notebook(make(FIRST, busy)) as notebook:
        notebook.run_all()
        (notebook.path.parent / "busy").touch()
        try:
            run_cell(notebook, 1)
            notebook.page.wait_for_function("/\\[\\*\\]/.test(document.querySelector('.jp-Notebook').innerText)")
            panel, = notebook.panels()
            for _ in range(3):
                press(panel, 1, "ArrowLeft")
            assert settings(panel) == set_to(panel) == "0.2,37"
            press(panel, 1, "End")
            press(panel, 0, "Home")
            assert settings(panel) == set_to(panel) == "0.1,40"
        finally:
            (notebook.path.parent / "busy").unlink()
        press(panel, 1, "Home", "ArrowRight")
        wait_for(lambda: settings(panel) == set_to(panel) == "0.1,1")


def test_an_answer_that_was_lost_is_asked_for_again(open_notebook, make):
    deaf = FIRST.removesuffix("panel") + "panel._player.on_msg(panel._player._answer, remove=True)\npanel"
    with open_notebook(make(deaf, "panel._player.on_msg(panel._player._answer)")) as notebook:
        run_cell(notebook, 0)
        panel, = notebook.panels()
        press(panel, 0, "End")
        press(panel, 1, "Home")
        panel.get_by_role("alert").filter(has_text=LATE).wait_for()
        assert (settings(panel), set_to(panel)) == ("0.9,40", "0.9,0")
        run_cell(notebook, 1)
        wait_for(lambda: settings(panel) == "0.9,0", seconds=20)
        panel.get_by_role("alert").wait_for(state="hidden")


def test_moves_by_code_end_in_the_right_picture_also_two_in_one_cell_and_while_it_goes_on(open_notebook, make):
    moves = "panel.move(rate=0.9, steps=3)\npanel.move(rate=0.1, steps=5)"
    going = "import os, time\npanel.move(rate=0.9, steps=7)\nwhile os.path.exists('going'): time.sleep(0.1)"
    with open_notebook(make(FIRST, moves, going)) as notebook:
        notebook.run_all()
        panel, = notebook.panels()
        wait_for(lambda: settings(panel) == set_to(panel) == "0.9,7")
        run_cell(notebook, 1)
        wait_for(lambda: settings(panel) == set_to(panel) == "0.1,5")
        (notebook.path.parent / "going").touch()
        try:
            run_cell(notebook, 2)
            wait_for(lambda: settings(panel) == set_to(panel) == "0.9,7")
        finally:
            (notebook.path.parent / "going").unlink()


def test_a_restarted_kernel(open_notebook, make):
    with open_notebook(make(FIRST)) as notebook:
        notebook.run_all()
        press(notebook.panels()[0], 0, "End")
        wait_for(lambda: shown(notebook) == ["0.9,40"])
        notebook.menu("Kernel", "Restart Kernel and Run All Cells…")
        notebook.page.click(".jp-Dialog-button.jp-mod-warn")
        wait_for(lambda: shown(notebook) == ["0.2,40"])
        press(notebook.panels()[0], 0, "Home")
        wait_for(lambda: shown(notebook) == ["0.1,40"])
        assert "Error" not in notebook.text()


def test_a_kernel_that_is_restarted_during_play(open_notebook, make):
    with open_notebook(make(FIRST)) as notebook:
        notebook.run_all()
        panel, = notebook.panels()
        panel.get_by_role("button", name="Play").click()
        wait_for(lambda: settings(panel) == "0.2,5")
        notebook.menu("Kernel", "Restart Kernel…")
        notebook.page.click(".jp-Dialog-button.jp-mod-warn")
        panel.get_by_role("button", name="Play").wait_for()  # it came to the end
        assert settings(panel) == set_to(panel) == "0.2,40"
        press(panel, 0, "End")
        assert settings(panel) == set_to(panel) == "0.9,40"
        press(panel, 1, "Home")  # two controls away: nobody draws it any more
        if settings(panel) != set_to(panel):
            panel.get_by_role("alert").filter(has_text=LATE).wait_for()


def test_a_second_tab_shows_the_same_panel(open_notebook, make):
    name = make(FIRST, "panel")
    with open_notebook(name) as one, open_notebook(name, workspace="second") as other:
        one.run_all()
        press(one.panels()[0], 0, "End")
        wait_for(lambda: shown(one) == ["0.9,40"] * 2)
        run_cell(other, 1)
        wait_for(lambda: shown(other) == ["0.9,40"])
        press(other.panels()[0], 1, "Home")
        wait_for(lambda: shown(other) == ["0.9,0"] and shown(one) == ["0.9,0"] * 2)
        press(one.panels()[0], 0, "Home")
        wait_for(lambda: shown(other) == ["0.1,0"] and shown(one) == ["0.1,0"] * 2)
        assert set_to(other.panels()[0]) == set_to(one.panels()[0]) == "0.1,0"


def test_after_a_reload_the_panel_comes_back_as_it_was(open_notebook, make):
    with open_notebook(make(FIRST, "panel")) as notebook:
        notebook.run_all()
        press(notebook.panels()[0], 0, "End")
        wait_for(lambda: shown(notebook) == ["0.9,40"] * 2)
        notebook.open()
        run_cell(notebook, 1)
        wait_for(lambda: shown(notebook) == ["0.9,40"])
        press(notebook.panels()[0], 1, "Home")
        wait_for(lambda: shown(notebook) == ["0.9,0"])


@pytest.mark.parametrize("kernel", ["alive", "gone"])
def test_a_notebook_that_was_run_saved_and_reopened_shows_its_picture(open_notebook, make, kernel):
    with open_notebook(make(FIRST)) as notebook:
        notebook.run_all()
        assert len(notebook.panels()) == 1
        notebook.menu("File", "Save Notebook")
        wait_for(lambda: "data:image/svg" in notebook.path.read_text(encoding="utf-8"))
        assert "widget-view" not in notebook.path.read_text(encoding="utf-8")
        if kernel == "gone":
            notebook.menu("Kernel", "Shut Down Kernel")
            time.sleep(1)
        notebook.open()
        notebook.page.wait_for_selector(".jp-OutputArea-output img")
        time.sleep(3)
        assert notebook.page.locator(".jp-OutputArea-output img").count() == 2
        assert "widget" not in notebook.text().lower()
