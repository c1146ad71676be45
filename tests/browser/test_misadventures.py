"""What may happen to a panel: an error, two of them, the same twice, a restart, a notebook that is reopened."""

import time

import nbformat
import pytest
from test_lessons import SHOWN

from course_lib import refresh

FIRST = """from course_lib.figures import DescentFigure
from course_lib.panels import explore
panel = explore(DescentFigure(), rate=(0.1, 0.2, 0.9), steps=range(41))
panel"""


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


def rates(notebook):
    return [panel.evaluate(SHOWN)["readout"][0].split(",")[0] for panel in notebook.panels()]


def wait_for(condition):
    for _ in range(100):
        if condition():
            return
        time.sleep(0.1)
    pytest.fail("it did not come to that in ten seconds")


def test_an_exception_in_a_callback_is_told_to_the_learner(open_notebook, make):
    broken = "def show(**settings): raise RuntimeError('the chalk <broke>')\npanel.figure.show = show"
    with open_notebook(make(FIRST, broken)) as notebook:
        notebook.run_all()
        panel, = notebook.panels()
        before = panel.evaluate(SHOWN)
        panel.locator(".noUi-handle").first.press("End")
        alert = panel.get_by_role("alert")
        alert.wait_for()
        assert "RuntimeError: the chalk <broke>" in alert.inner_text()
        assert panel.evaluate(SHOWN) == before


def test_two_panels_and_one_displayed_twice(open_notebook, make):
    other = FIRST.replace("panel", "other").replace("course_lib.other", "course_lib.panel")
    with open_notebook(make(FIRST, other, "panel"), height=2400) as notebook:
        notebook.run_all()
        wait_for(lambda: len(notebook.panels()) == 3)
        notebook.panels()[0].locator(".noUi-handle").first.press("End")
        wait_for(lambda: rates(notebook) == ["learning rate η = 0.9", "learning rate η = 0.2", "learning rate η = 0.9"])
        notebook.panels()[2].get_by_role("button", name="Play").click()
        steps = [panel.locator(".noUi-handle").nth(1) for panel in notebook.panels()]
        wait_for(lambda: "steps t = 4" in notebook.panels()[0].evaluate(SHOWN)["readout"][0])
        notebook.panels()[0].get_by_role("button", name="Pause").click()
        assert steps[1].get_attribute("aria-valuenow") == "40.0"
        assert notebook.errors == []


def test_a_restarted_kernel(open_notebook, make):
    with open_notebook(make(FIRST)) as notebook:
        notebook.run_all()
        notebook.panels()[0].locator(".noUi-handle").first.press("End")
        wait_for(lambda: rates(notebook) == ["learning rate η = 0.9"])
        notebook.menu("Kernel", "Restart Kernel and Run All Cells…")
        notebook.page.click(".jp-Dialog-button.jp-mod-warn")
        wait_for(lambda: rates(notebook) == ["learning rate η = 0.2"])
        notebook.panels()[0].locator(".noUi-handle").first.press("Home")
        wait_for(lambda: rates(notebook) == ["learning rate η = 0.1"])
        assert "Error" not in notebook.text()


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
