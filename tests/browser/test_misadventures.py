"""What may happen to a panel: an error, a kernel that is busy, restarted or killed, a cut."""

import socket
import socketserver
import threading
import time
from contextlib import closing, contextmanager, suppress
from select import select
from urllib.parse import urlsplit

import nbformat
import psutil
import pytest
from playwright.sync_api import expect

from course_lib import refresh
from course_lib.questions import ask
from helpers.lab import WIDE, Notebook, press_key, serve, wait_until
from helpers.players import PLAY, SHOWN, answer_by_hand

pytestmark = pytest.mark.browser
long = pytest.mark.long

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
BUSY = "import os, time\nwhile os.path.exists('busy'): time.sleep(0.1)"
LATE = "The kernel has not drawn this yet"


def write(folder, *sources):
    path = folder / f"made_{time.monotonic_ns()}.ipynb"
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    path.write_text(refresh.tidy(nbformat.v4.new_notebook(cells=cells)), encoding="utf-8")
    return path.name


@pytest.fixture
def desk(lab, desks):
    """Open a notebook on a desk: one of these cells, all of which are run, or one by its name."""
    opened = []

    def put(*sources, name=None, on="lab", app="lab"):
        made = name or write(lab[0], *sources)
        opened.append(Notebook(desks[on], *lab, made, app, workspace=on))
        if not name:
            opened[-1].run_all()
        return opened[-1]

    yield put
    for notebook in opened:
        notebook.leave()


def settings(panel):
    """What the readout of a panel says it shows; nothing if the player is not in it yet."""
    texts = [*panel.evaluate(SHOWN), *[""] * 5]
    return texts[4].removeprefix("learning rate η = ").replace(" steps n = ", "")


def shown(notebook):
    return [settings(panel) for panel in notebook.panels()]


def set_to(panel):
    """What the sliders of a panel say that they are set to."""
    handles = panel.locator(".noUi-handle").all()
    return ",".join(handle.get_attribute("aria-valuetext") for handle in handles)


def press(panel, rate=None, steps=None, shows=None):
    """Press a key on one of the sliders, or on both, and wait until the panel shows something."""
    for handle, key in zip(panel.locator(".noUi-handle").all(), (rate, steps), strict=True):
        if key:
            press_key(handle, key)
    if shows:
        rests(panel, shows)


def take(panel, slider):
    """Take a slider with the mouse; give what drags it to a place on its line, from 0 to 1."""
    handle = panel.locator(".noUi-handle").nth(slider).bounding_box()
    line = panel.locator(".noUi-base").nth(slider).bounding_box()
    middle = handle["y"] + handle["height"] / 2
    panel.page.mouse.move(handle["x"] + handle["width"] / 2, middle)
    panel.page.mouse.down()
    return lambda place: panel.page.mouse.move(line["x"] + place * line["width"], middle)


def rests(panel, wanted):
    """Wait until a panel shows what it is set to, and that this is what is wanted."""
    wait_until(lambda: settings(panel) == set_to(panel) == wanted)


def run_cell(notebook, number):
    """Run one cell, as a learner does; the kernel may take its time."""
    notebook.page.locator(".jp-CodeCell").nth(number).locator(".cm-content").click()
    notebook.page.keyboard.press("Control+Enter")


@contextmanager
def busy(notebook, cell):
    """Run a cell of BUSY, and do something while the kernel does."""
    (notebook.path.parent / "busy").touch()
    try:
        run_cell(notebook, cell)
        notebook.wait_for_prompts("prompts.includes('[*]:')")
        yield
    finally:
        (notebook.path.parent / "busy").unlink()


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
    """A panel that was made anew follows, also where the kernel is needed; nothing has failed."""
    panel = notebook.panels()[0]
    rests(panel, "0.2,40")
    press(panel, "End", "Home", shows="0.98,0")
    assert panel.get_by_role("alert").count() == 0
    # Those of the browser and of ipywidgets.
    theirs = ("WebSocket connection to", "Failed to load", "Failed to fetch", "Comm not found")
    assert [error for error in notebook.errors if not error.startswith(theirs)] == []


@contextmanager
def cable(port):
    """An address that leads to a port of this computer until it is `cut`, which loses messages."""
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


def test_an_error_of_a_figure_is_told_until_a_move_works(desk):
    bad = "def show(**settings): raise RuntimeError('the chalk <broke>')\npanel.figure.show = show"
    notebook = desk(FIRST, bad)
    (panel,) = notebook.panels()
    press(panel, "End", shows="0.9,40")  # came with the panel
    before = panel.evaluate(SHOWN)
    press(panel, steps="ArrowLeft")
    alert = panel.get_by_role("alert")
    expect(alert).to_contain_text("RuntimeError: the chalk <broke>")
    assert panel.evaluate(SHOWN) == before
    press(panel, "ArrowLeft")
    alert.wait_for(state="hidden")
    assert settings(panel) == "0.2,39"


def test_two_panels_and_one_displayed_twice(desk):
    other = FIRST.replace("panel", "other").replace("course_lib.other", "course_lib.panel")
    notebook = desk(FIRST, other, "panel")
    wait_until(lambda: len(notebook.panels()) == 3)
    first, second, third = notebook.panels()
    press(first, "End")
    wait_until(lambda: shown(notebook) == ["0.9,40", "0.2,40", "0.9,40"])
    assert third.evaluate(PLAY, ["Pause", 1]) == ["off", 0]
    wait_until(lambda: settings(first) == settings(third) == set_to(first) == set_to(third))
    assert settings(first) == "0.9,2"
    assert settings(second) == set_to(second) == "0.2,40"
    third.get_by_role("button", name="Reset").click()
    wait_until(lambda: shown(notebook) == ["0.2,40"] * 3)
    assert notebook.errors == []


def test_a_busy_kernel_delays_only_what_the_page_lacks(desk):
    notebook = desk(MANY[0], BUSY)
    (panel,) = notebook.panels()
    with busy(notebook, 1):
        press(panel, steps="ArrowLeft", shows="0.2,39")
        press(panel, "Home", "End", shows="0.02,40")
        press(panel, steps="Home")
        late(panel)
    press(panel, steps="ArrowRight", shows="0.02,1")
    panel.get_by_role("alert").wait_for(state="hidden")


@pytest.mark.parametrize("app", ["lab", pytest.param("notebook", marks=long)])
def test_a_question_alone_answers_while_the_kernel_is_busy(desk, app):
    source = "from course_lib.questions import ask\nask('1.1')"
    notebook = desk(source, BUSY, on=app, app=app)
    with busy(notebook, 1):
        answer_by_hand(notebook.page.locator(".course-question"), ask("1.1"))
    assert notebook.errors == []


def test_they_stand_in_boxes_tabs_and_accordions(desk):
    making = FIRST.replace("panel =", "def panel(): return").removesuffix("panel")
    notebook = desk(
        making + "from course_lib.questions import ask\nimport ipywidgets",
        "ipywidgets.HBox([panel(), ask('1.1')])",
        "ipywidgets.Tab([panel()])",
        "ipywidgets.Accordion([panel()], selected_index=0)",
    )
    wait_until(lambda: len(notebook.panels()) == 3)
    for panel in notebook.panels():
        press(panel, "End", "ArrowLeft", shows="0.9,39")
    answer_by_hand(notebook.page.locator(".course-question"), ask("1.1"))
    assert notebook.errors == []


def test_a_lost_answer_is_asked_for_again(lab, desk):
    # To lose an answer, the player's handler of messages is taken away: nothing public loses one.
    hear = "panel._player.on_msg(panel._player._answer{})"
    deaf = FIRST + "\n" + hear.format(", remove=True") + "\npanel"
    notebook = desk(name=write(lab[0], deaf, hear.format("")), on="clock")
    notebook.page.clock.install()  # nobody has to wait until it is asked again
    run_cell(notebook, 0)
    (panel,) = notebook.panels()
    press(panel, "End", "Home")
    late(panel)
    assert (settings(panel), set_to(panel)) == ("0.9,40", "0.9,0")
    run_cell(notebook, 1)
    notebook.wait_for_prompts("prompts[1] === '[2]:'")
    notebook.page.clock.fast_forward(11_000)
    wait_until(lambda: settings(panel) == "0.9,0")
    panel.get_by_role("alert").wait_for(state="hidden")


def test_moves_by_code_end_in_the_right_picture(desk):
    """Two in one cell do, and one in a cell that goes on."""
    moves = "panel.move(rate=0.9, steps=3)\npanel.move(rate=0.1, steps=5)"
    notebook = desk(FIRST, moves, f"panel.move(rate=0.9, steps=7)\n{BUSY}")
    (panel,) = notebook.panels()
    rests(panel, "0.9,7")
    run_cell(notebook, 1)
    rests(panel, "0.1,5")
    with busy(notebook, 2):
        rests(panel, "0.9,7")


def test_a_kernel_restarted_during_play_and_with_all_cells(desk):
    notebook = desk(*MANY)
    kernel = kernel_of(notebook)
    (panel,) = notebook.panels()
    take(panel, 1)(0.5)
    panel.page.mouse.up()
    panel.get_by_role("button", name="Play").click()
    wait_until(lambda: settings(panel) != "0.2,20")
    restart(notebook)
    panel.get_by_role("button", name="Play").wait_for()  # it came to the end
    assert settings(panel) == set_to(panel) == "0.2,40"
    wait_until(lambda: not kernel.is_running())
    press(panel, "End", shows="0.98,40")
    press(panel, steps="Home")  # two controls away: nobody draws it any more
    late(panel)
    restart(notebook, "Restart Kernel and Run All Cells…")
    wait_until(lambda: shown(notebook) == ["0.2,40"])
    press(notebook.panels()[0], "End", "Home")
    wait_until(lambda: shown(notebook) == ["0.98,0"])
    assert "Error" not in notebook.text()


@long  # for the page it is first one that is busy, then one that was restarted: as above
def test_a_kernel_killed_during_a_drag_and_play(desk):
    notebook = desk(*MANY)
    kernel = kernel_of(notebook)
    (panel,) = notebook.panels()
    kernel.suspend()  # it gets what it is asked, and answers nothing
    press(panel, steps="Home", shows="0.2,0")
    panel.get_by_role("button", name="Play").click()
    wait_until(lambda: settings(panel) != "0.2,0")
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
    press(panel, steps="End", shows="0.98,40")  # came with the panel
    panel.get_by_role("alert").wait_for(state="hidden")
    notebook.run_all()
    is_live(notebook)


@long  # the page hears of it as of a restart from its own menu; the rest is JupyterLab's
def test_a_kernel_restarted_from_another_tab_during_a_drag(desk):
    notebook = desk(*MANY, "panel")
    other = desk(name=notebook.path.name, on="second")
    kernel = kernel_of(notebook)
    run_cell(other, 2)
    panel, (same,) = notebook.panels()[0], other.panels()
    drag = take(panel, 0)
    drag(0.3)
    restart(other)
    for place in (0.4, 0.6, 0.7):
        drag(place)
        assert settings(panel) == set_to(panel)
    wait_until(lambda: not kernel.is_running())
    drag(1)
    panel.page.mouse.up()
    assert settings(panel) == set_to(panel) == "0.98,40"
    press(panel, steps="Home")
    late(panel)
    press(same, "Home", "Home")
    late(same)
    # JupyterLab 4.6 sends to a subshell of the old kernel where another page restarted it
    notebook.open()
    notebook.run_all()
    is_live(notebook)


@long  # test_scripts.py tests what mends it: only another ipywidgets or JupyterLab can break it
def test_what_was_asked_during_a_cut_is_answered_after_it(browser, lab):
    folder, address = lab
    name = write(folder, *MANY, "print(*panel.settings.values(), sep=',')")
    page = browser.new_page(viewport=WIDE)
    with (
        cable(urlsplit(address).port) as (address, cut),
        closing(Notebook(page, folder, address, name)) as notebook,
    ):
        notebook.run_all()
        notebook.page.clock.install()  # JupyterLab tries again after times that grow
        (panel,) = notebook.panels()
        cut.set()
        press(panel, "End", shows="0.98,40")
        press(panel, steps="Home")
        late(panel)
        press(panel, "Home")
        assert set_to(panel) == "0.02,0"
        cut.clear()

        def is_answered():
            page.clock.fast_forward(1000)
            return settings(panel) == set_to(panel) == "0.02,0"

        wait_until(is_answered)
        panel.get_by_role("alert").wait_for(state="hidden")
        press(panel, "End", shows="0.98,0")
        read = page.locator(".jp-OutputArea-output pre").last

        def is_read():  # a slider sends it when its last message is answered, perhaps after the cell
            run_cell(notebook, 2)
            notebook.wait_until_idle()
            return read.inner_text().strip() == "0.98,0"

        wait_until(is_read)


@long  # for ipywidgets it is a panel displayed twice
def test_a_second_tab_and_a_reload_show_the_same_panel(desk):
    one = desk(FIRST, "panel")
    other = desk(name=one.path.name, on="second")
    press(one.panels()[0], "End")
    wait_until(lambda: shown(one) == ["0.9,40"] * 2)
    run_cell(other, 1)
    wait_until(lambda: shown(other) == ["0.9,40"])
    press(other.panels()[0], steps="Home")
    wait_until(lambda: shown(other) == ["0.9,0"] and shown(one) == ["0.9,0"] * 2)
    press(one.panels()[0], "Home")
    wait_until(lambda: shown(other) == ["0.1,0"] and shown(one) == ["0.1,0"] * 2)
    assert set_to(other.panels()[0]) == set_to(one.panels()[0]) == "0.1,0"
    one.open()
    run_cell(one, 1)
    wait_until(lambda: shown(one) == ["0.1,0"])
    press(one.panels()[0], steps="End")
    wait_until(lambda: shown(one) == ["0.1,40"])


@pytest.mark.parametrize("runs", [1, pytest.param(3, marks=long)], ids=["kernel_gone", "kernel"])
def test_saved_and_reopened_it_shows_its_picture(desk, runs):
    notebook = desk(FIRST, "print('answered')")
    assert len(notebook.panels()) == 1
    notebook.menu("File", "Save Notebook")
    notebook.wait_for_file(lambda text: "data:image/svg" in text)
    assert "widget-view" not in notebook.path.read_text(encoding="utf-8")
    if runs == 1:
        notebook.menu("Kernel", "Shut Down Kernel")
        wait_until(lambda: not notebook.sessions())
    notebook.open()
    notebook.page.wait_for_selector(".jp-OutputArea-output img")
    run_cell(notebook, 1)
    notebook.wait_for_prompts(f"prompts[1] === '[{runs}]:'")
    assert notebook.page.locator(".jp-OutputArea-output img").count() == 2
    assert "widget" not in notebook.text().lower()


@long  # for the page it is a cut, and a new kernel after it
def test_a_server_stopped_and_started_anew(browser, tmp_path):
    with closing(browser.new_page(viewport=WIDE)) as page:
        with serve(tmp_path) as (folder, address):
            notebook = Notebook(page, folder, address, write(folder, *MANY))
            notebook.run_all()
            (panel,) = notebook.panels()
        press(panel, "End", shows="0.98,40")  # came with the panel
        press(panel, steps="Home")
        late(panel)
        with serve(tmp_path, urlsplit(address).port):
            notebook.open()
            notebook.run_all()
            is_live(notebook)
