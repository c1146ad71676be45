"""What may happen to a panel: an error, a kernel that is busy, restarted or killed, other tabs, a
reload, a cut.
"""

import re
import socket
import socketserver
import threading
import time
from collections import defaultdict
from contextlib import closing, contextmanager, suppress
from select import select
from urllib.parse import urlsplit

import nbformat
import psutil
import pytest
from playwright.sync_api import expect

from course_lib import refresh
from course_lib.questions import ask
from helpers.lab import Notebook, press_key, serve
from helpers.players import SHOWN

FIRST = """from course_lib.figures import DescentFigure
from course_lib.live import explore
panel = explore(DescentFigure(), rate=(0.1, 0.2, 0.9), steps=range(41))
panel"""
# So many states that the page holds only those that one control leads to; and the process that
# draws them.
MANY = (
    FIRST.replace("(0.1, 0.2, 0.9)", "[k / 50 for k in range(1, 50)]"),
    "import os\nprint(os.getpid())",
)
LATE = "The kernel has not drawn this yet"


@pytest.fixture
def make(lab):
    """Write a notebook of these cells, without outputs, into the server's folder; it is taken away
    again.
    """
    made = []

    def written(*sources):
        made.append(write(lab[0], *sources))
        return made[-1].name

    yield written
    for path in made:
        path.unlink()


@pytest.fixture(scope="module")
def desks(browser, lab):
    """By name a page each that keeps JupyterLab open from test to test, since to open it takes
    long.
    """
    pages = defaultdict(lambda: browser.new_page(viewport={"width": 1280, "height": 1600}))
    yield pages
    for page in pages.values():
        page.close()


@pytest.fixture
def open_notebook(lab, desks):
    """Open a notebook by name on a desk."""
    opened = []

    def open_one(name, desk="first"):
        opened.append(Notebook(desks[desk], *lab, name, workspace=desk))
        return opened[-1]

    yield open_one
    for notebook in opened:
        notebook.leave()


def write(folder, *sources):
    path = folder / f"made_{time.monotonic_ns()}.ipynb"
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    path.write_text(refresh.tidy(nbformat.v4.new_notebook(cells=cells)), encoding="utf-8")
    return path


def settings(panel):
    """What the readout of a panel says it shows; nothing if the player is not in it yet."""
    texts = panel.evaluate(SHOWN)
    return (
        texts[4].removeprefix("learning rate η = ").replace(" steps n = ", "")
        if len(texts) > 4
        else ""
    )


def shown(notebook):
    return [settings(panel) for panel in notebook.panels()]


def set_to(panel):
    """What the sliders of a panel say that they are set to."""
    return ",".join(
        handle.get_attribute("aria-valuetext") for handle in panel.locator(".noUi-handle").all()
    )


def press(panel, slider, *keys):
    for key in keys:
        press_key(panel.locator(".noUi-handle").nth(slider), key)


def take(panel, slider):
    """Take the handle of a slider with the mouse; give what drags it to a place on its line, from 0
    to 1.
    """
    handle, line = (
        panel.locator(part).nth(slider).bounding_box() for part in (".noUi-handle", ".noUi-base")
    )
    middle = handle["y"] + handle["height"] / 2
    panel.page.mouse.move(handle["x"] + handle["width"] / 2, middle)
    panel.page.mouse.down()
    return lambda place: panel.page.mouse.move(line["x"] + place * line["width"], middle)


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


def kernel_of(notebook):
    """The process that the second cell of MANY has named."""
    return psutil.Process(int(notebook.page.locator(".jp-OutputArea-output pre").last.inner_text()))


def restart(notebook, item="Restart Kernel…"):
    notebook.menu("Kernel", item)
    notebook.page.click(".jp-Dialog-button.jp-mod-warn")


def late(panel):
    """Wait until a panel says that it shows other settings than it is set to."""
    panel.get_by_role("alert").filter(has_text=LATE).wait_for()
    assert settings(panel) != set_to(panel)


def is_live(notebook):
    """A panel that was made anew follows, also where the kernel is needed, and nothing of ours has
    failed.
    """
    panel = notebook.panels()[0]
    wait_for(lambda: settings(panel) == set_to(panel) == "0.2,40")
    press(panel, 0, "End")
    press(panel, 1, "Home")
    wait_for(lambda: settings(panel) == set_to(panel) == "0.98,0")
    assert panel.get_by_role("alert").count() == 0
    theirs = (
        "WebSocket connection to",
        "Failed to load resource",
        "Comm not found",
    )  # the browser's and ipywidgets'
    assert [error for error in notebook.errors if not error.startswith(theirs)] == []


@contextmanager
def cable(port):
    """An address that leads to a port of this computer, until `cut` is set; what is on its way then
    is lost.
    """
    cut = threading.Event()

    class Connection(socketserver.BaseRequestHandler):
        def handle(self):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port)) as there:
                other = {self.request: there, there: self.request}
                while True:
                    for end in select(other, [], [])[0]:
                        data = end.recv(65536)
                        if not data or cut.is_set():
                            return
                        other[end].sendall(data)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Connection) as server:
        server.daemon_threads, server.block_on_close = True, False
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", cut
        server.shutdown()


def test_what_a_figure_raises_is_told_to_the_learner_and_gone_after_a_move_that_works(
    open_notebook, make
):
    broken = (
        "def show(**settings): raise RuntimeError('the chalk <broke>')\npanel.figure.show = show"
    )
    notebook = open_notebook(make(FIRST, broken))
    notebook.run_all()
    (panel,) = notebook.panels()
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
    notebook = open_notebook(make(FIRST, other, "panel"))
    notebook.run_all()
    wait_for(lambda: len(notebook.panels()) == 3)
    first, second, third = notebook.panels()
    press(first, 0, "End")
    wait_for(lambda: shown(notebook) == ["0.9,40", "0.2,40", "0.9,40"])
    third.get_by_role("button", name="Play").click()
    wait_for(lambda: re.fullmatch(r"0\.9,([4-9]|[12]\d)", settings(first)))
    third.get_by_role("button", name="Pause").click()
    wait_for(lambda: settings(first) == settings(third) == set_to(first) == set_to(third))
    assert settings(second) == set_to(second) == "0.2,40"
    third.get_by_role("button", name="Reset").click()
    wait_for(lambda: shown(notebook) == ["0.2,40"] * 3)
    assert notebook.errors == []


def test_while_the_kernel_runs_a_cell_what_one_control_leads_to_follows_and_more_is_said_to_be_late(
    open_notebook, make
):
    busy = "import os, time\nwhile os.path.exists('busy'): time.sleep(0.1)"
    notebook = open_notebook(make(MANY[0], busy))
    notebook.run_all()
    (notebook.path.parent / "busy").touch()
    try:
        run_cell(notebook, 1)
        notebook.wait_for_prompts("prompts.includes('[*]:')")
        (panel,) = notebook.panels()
        for _ in range(3):
            press(panel, 1, "ArrowLeft")
        assert settings(panel) == set_to(panel) == "0.2,37"
        press(panel, 1, "End")
        press(panel, 0, "Home")
        assert settings(panel) == set_to(panel) == "0.02,40"
        press(panel, 1, "Home")
        late(panel)
    finally:
        (notebook.path.parent / "busy").unlink()
    press(panel, 1, "ArrowRight")
    wait_for(lambda: settings(panel) == set_to(panel) == "0.02,1")
    panel.get_by_role("alert").wait_for(state="hidden")


@pytest.mark.parametrize("app", ["doc", "notebook"])
def test_a_question_alone_answers_keys_while_the_kernel_runs_a_cell(browser, lab, make, app):
    busy = "import os, time\nwhile os.path.exists('busy'): time.sleep(0.1)"
    folder, address = lab
    question = ask("1.1")
    with closing(
        Notebook(
            browser.new_page(),
            folder,
            address,
            make("from course_lib.questions import ask\nask('1.1')", busy),
            app,
        )
    ) as notebook:
        notebook.run_all()
        (folder / "busy").touch()
        try:
            run_cell(notebook, 1)
            notebook.wait_for_prompts("prompts.includes('[*]:')")
            first = notebook.page.get_by_role("radio", name=question.choices[0])
            reply = notebook.page.locator(".course-question").get_by_role("status")
            first.click()
            expect(reply).to_have_text(question.judge(0))
            first.press("ArrowDown")
            expect(reply).to_have_text(question.judge(1))
        finally:
            (folder / "busy").unlink()
        # Notebook's, where JupyterLab was before
        theirs = "Command 'filebrowser:open-path' not registered."
        assert set(notebook.errors) <= {theirs}


def test_panels_and_questions_stand_in_boxes_tabs_and_accordions(open_notebook, make):
    notebook = open_notebook(
        make(
            "from course_lib.figures import DescentFigure\nfrom course_lib.live import explore\n"
            "from course_lib.questions import ask\nimport ipywidgets\n"
            "def panel(): return explore(DescentFigure(), rate=(0.1, 0.2, 0.9), steps=range(41))",
            "ipywidgets.HBox([panel(), ask('1.1')])",
            "ipywidgets.Tab([panel()])",
            "ipywidgets.Accordion([panel()], selected_index=0)",
        )
    )
    notebook.run_all()
    wait_for(lambda: len(notebook.panels()) == 3)
    for panel in notebook.panels():
        press(panel, 0, "End")
        press(panel, 1, "ArrowLeft")
        wait_for(lambda panel=panel: settings(panel) == set_to(panel) == "0.9,39")
    notebook.page.get_by_role("radio").first.click()
    expect(notebook.page.locator(".course-question").get_by_role("status")).to_have_text(
        ask("1.1").judge(0)
    )
    assert notebook.errors == []


def test_an_answer_that_was_lost_is_asked_for_again(open_notebook, make):
    deaf = (
        FIRST.removesuffix("panel")
        + "panel._player.on_msg(panel._player._answer, remove=True)\npanel"
    )
    notebook = open_notebook(make(deaf, "panel._player.on_msg(panel._player._answer)"), "clock")
    notebook.page.clock.install()  # nobody has to wait until it is asked again
    run_cell(notebook, 0)
    (panel,) = notebook.panels()
    press(panel, 0, "End")
    press(panel, 1, "Home")
    late(panel)
    assert (settings(panel), set_to(panel)) == ("0.9,40", "0.9,0")
    run_cell(notebook, 1)
    notebook.wait_for_prompts("prompts[1] === '[2]:'")
    notebook.page.clock.fast_forward(11_000)
    wait_for(lambda: settings(panel) == "0.9,0")
    panel.get_by_role("alert").wait_for(state="hidden")


def test_moves_by_code_end_in_the_right_picture_also_two_in_one_cell_and_while_it_goes_on(
    open_notebook, make
):
    moves = "panel.move(rate=0.9, steps=3)\npanel.move(rate=0.1, steps=5)"
    going = (
        "import os, time\npanel.move(rate=0.9, steps=7)\nwhile os.path.exists('going'): "
        "time.sleep(0.1)"
    )
    notebook = open_notebook(make(FIRST, moves, going))
    notebook.run_all()
    (panel,) = notebook.panels()
    wait_for(lambda: settings(panel) == set_to(panel) == "0.9,7")
    run_cell(notebook, 1)
    wait_for(lambda: settings(panel) == set_to(panel) == "0.1,5")
    (notebook.path.parent / "going").touch()
    try:
        run_cell(notebook, 2)
        wait_for(lambda: settings(panel) == set_to(panel) == "0.9,7")
    finally:
        (notebook.path.parent / "going").unlink()


def test_a_kernel_that_is_restarted_during_play_and_again_with_all_cells(open_notebook, make):
    notebook = open_notebook(make(*MANY))
    notebook.run_all()
    kernel = kernel_of(notebook)
    (panel,) = notebook.panels()
    take(panel, 1)(0.5)
    panel.page.mouse.up()
    panel.get_by_role("button", name="Play").click()
    wait_for(lambda: re.fullmatch(r"0\.2,(2[2-9]|3\d)", settings(panel)))
    restart(notebook)
    panel.get_by_role("button", name="Play").wait_for()  # it came to the end
    assert settings(panel) == set_to(panel) == "0.2,40"
    wait_for(lambda: not kernel.is_running())
    press(panel, 0, "End")
    assert settings(panel) == set_to(panel) == "0.98,40"
    press(panel, 1, "Home")  # two controls away: nobody draws it any more
    late(panel)
    restart(notebook, "Restart Kernel and Run All Cells…")
    wait_for(lambda: shown(notebook) == ["0.2,40"])
    press(notebook.panels()[0], 0, "End")
    press(notebook.panels()[0], 1, "Home")
    wait_for(lambda: shown(notebook) == ["0.98,0"])
    assert "Error" not in notebook.text()


def test_a_kernel_that_is_killed_while_a_slider_is_dragged_and_play_runs(open_notebook, make):
    notebook = open_notebook(make(*MANY))
    notebook.run_all()
    kernel = kernel_of(notebook)
    (panel,) = notebook.panels()
    kernel.suspend()  # it gets what it is asked, and answers nothing
    press(panel, 1, "Home")
    assert settings(panel) == set_to(panel) == "0.2,0"
    panel.get_by_role("button", name="Play").click()
    wait_for(lambda: re.fullmatch(r"0\.2,([3-9]|1\d)", settings(panel)))
    drag = take(panel, 0)
    for place in (0.4, 0.5, 0.6):
        drag(place)
    kernel.kill()
    for place, rate in ((0.9, "0.88,"), (0, "0.02,"), (0.5, "0.5,"), (1, "0.98,")):
        drag(place)
        assert set_to(panel).startswith(rate)
    late(panel)
    panel.get_by_role("button", name="Play").wait_for()  # it has stopped by itself
    panel.page.mouse.up()
    notebook.page.get_by_role("dialog").get_by_text("appears to have died").wait_for()
    notebook.page.click(".jp-Dialog-button")
    press(panel, 1, "End")  # came with the panel
    assert settings(panel) == set_to(panel) == "0.98,40"
    panel.get_by_role("alert").wait_for(state="hidden")
    notebook.run_all()
    is_live(notebook)


def test_a_kernel_that_is_restarted_from_another_tab_during_a_drag(open_notebook, make):
    name = make(*MANY, "panel")
    notebook = open_notebook(name)
    other = open_notebook(name, "second")
    notebook.run_all()
    kernel = kernel_of(notebook)
    run_cell(other, 2)
    panel, (same,) = notebook.panels()[0], other.panels()
    drag = take(panel, 0)
    drag(0.3)
    restart(other)
    for place in (0.4, 0.6, 0.7):
        drag(place)
        assert settings(panel) == set_to(panel)
    wait_for(lambda: not kernel.is_running())
    drag(1)
    panel.page.mouse.up()
    assert settings(panel) == set_to(panel) == "0.98,40"
    press(panel, 1, "Home")
    late(panel)
    press(same, 0, "Home")
    press(same, 1, "Home")
    late(same)
    # JupyterLab 4.6 sends to a subshell of the old kernel where another page restarted it
    notebook.open()
    notebook.run_all()
    is_live(notebook)


def test_what_was_asked_while_the_network_was_cut_is_answered_when_it_is_back_and_code_reads_it(
    browser, lab, make
):
    folder, address = lab
    name = make(*MANY, "print(*panel.settings.values(), sep=',')")
    with (
        cable(urlsplit(address).port) as (address, cut),
        closing(
            Notebook(
                browser.new_page(viewport={"width": 1280, "height": 1600}), folder, address, name
            )
        ) as notebook,
    ):
        notebook.run_all()
        notebook.page.clock.install()  # JupyterLab tries again after times that grow
        (panel,) = notebook.panels()
        cut.set()
        press(panel, 0, "End")
        assert settings(panel) == set_to(panel) == "0.98,40"
        press(panel, 1, "Home")
        late(panel)
        press(panel, 0, "Home")
        assert set_to(panel) == "0.02,0"
        cut.clear()
        wait_for(
            lambda: (
                notebook.page.clock.fast_forward(1000)
                or settings(panel) == set_to(panel) == "0.02,0"
            )
        )
        panel.get_by_role("alert").wait_for(state="hidden")
        press(panel, 0, "End")
        wait_for(lambda: settings(panel) == set_to(panel) == "0.98,0")
        # The slider sends its message when the one before it is answered, which may be after the
        # cell has run.
        read = notebook.page.locator(".jp-OutputArea-output pre").last
        wait_for(
            lambda: (
                run_cell(notebook, 2)
                or notebook.wait_until_idle()
                or read.inner_text().strip() == "0.98,0"
            )
        )


def test_a_server_that_is_restarted(browser, tmp_path):
    with closing(browser.new_page(viewport={"width": 1280, "height": 1600})) as page:
        with serve(tmp_path) as (folder, address):
            notebook = Notebook(page, folder, address, write(folder, *MANY).name)
            notebook.run_all()
            (panel,) = notebook.panels()
        press(panel, 0, "End")
        assert settings(panel) == set_to(panel) == "0.98,40"
        press(panel, 1, "Home")
        late(panel)
        with serve(tmp_path, urlsplit(address).port):
            notebook.open()
            notebook.run_all()
            is_live(notebook)


def test_a_second_tab_shows_the_same_panel(open_notebook, make):
    name = make(FIRST, "panel")
    one = open_notebook(name)
    other = open_notebook(name, "second")
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
    notebook = open_notebook(make(FIRST, "panel"))
    notebook.run_all()
    press(notebook.panels()[0], 0, "End")
    wait_for(lambda: shown(notebook) == ["0.9,40"] * 2)
    notebook.open()
    run_cell(notebook, 1)
    wait_for(lambda: shown(notebook) == ["0.9,40"])
    press(notebook.panels()[0], 1, "Home")
    wait_for(lambda: shown(notebook) == ["0.9,0"])


def test_a_notebook_that_was_run_saved_and_reopened_shows_its_picture(open_notebook, make):
    notebook = open_notebook(make(FIRST, "print('answered')"))
    notebook.run_all()
    assert len(notebook.panels()) == 1
    notebook.menu("File", "Save Notebook")
    notebook.wait_for_file(lambda text: "data:image/svg" in text)
    assert "widget-view" not in notebook.path.read_text(encoding="utf-8")
    for count in (3, 1):  # the kernel is there; it is gone
        notebook.open()
        notebook.page.wait_for_selector(".jp-OutputArea-output img")
        run_cell(notebook, 1)
        notebook.wait_for_prompts(f"prompts[1] === '[{count}]:'")
        assert notebook.page.locator(".jp-OutputArea-output img").count() == 2
        assert "widget" not in notebook.text().lower()
        notebook.menu("Kernel", "Shut Down Kernel")
        wait_for(lambda: not notebook.sessions())
