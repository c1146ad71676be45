"""The panels without a browser: what a move does, what the page is sent, and what is refused."""

import base64
import gc
import gzip
import json
import sys
from itertools import count
from types import SimpleNamespace

import ipywidgets
import numpy as np
import psutil
import pytest
from bs4 import BeautifulSoup

# The widgets that are open: ipywidgets has no public list of them.
from ipywidgets.widgets.widget import _instances
from jupyter_client.manager import run_kernel
from matplotlib.figure import Figure as MatplotlibFigure

from course_lib import figures, questions
from course_lib.figures import DescentFigure, ScheduleFigure
from course_lib.jupyter import display as displays
from course_lib.jupyter import outputs
from course_lib.live import Words, explore
from course_lib.live import panel as panels
from course_lib.live.figure import figures_in
from course_lib.live.packing import pack
from course_lib.live.states import SettingsGrid
from helpers.drawn import unpacked

FIGURES = figures_in(figures)


def descent():
    return explore(DescentFigure(), rate=(0.1, 0.2))


def curves():
    return figures.CurvesFigure([0, 1], {"y": [0, 1]}, "x", "y", (0, 1), "a line")


def player(panel):
    """The widget of the panel that the page brings to life."""
    return panel.children[1]


@pytest.fixture
def messages(monkeypatch):
    """What panels send to the page."""
    said = []
    monkeypatch.setattr(ipywidgets.Widget, "send", lambda self, content: said.append(content))
    return said


def ask(panel, *states):
    """Ask as the page does."""
    data = {"method": "custom", "content": {"ask": list(states), "view": 0.5}}
    player(panel).comm.handle_msg({"content": {"data": data}, "buffers": []})


@pytest.mark.parametrize("name", sorted(set(FIGURES) - {"AverageFigure"}))
def test_a_panel_shows_what_its_figure_shows(name, messages):
    panel, alone = explore(FIGURES[name]()), FIGURES[name]()
    grid, sent = panel.grid, player(panel)
    near = dict(zip(sent.states, unpacked(sent.packed), strict=True))
    few = len(grid) <= 100
    assert set(near) == set(range(len(grid)) if few else grid.neighbours(grid.first))
    for setting, stops in grid.stops.items():
        for stop in stops:
            panel.controls[setting].value = stop  # as a hand would
            view = alone.show(**grid.start | panel.settings)
            assert panel.settings[setting] == stop
            assert panel.view == view
            texts = near[grid.index(panel.settings)]  # one control away: it came with the panel
            plots = 2 * len(view.drawings)
            assert texts[:plots:2] == [drawing.foreground for drawing in view.drawings]
            assert texts[1:plots:2] == list(view.alt_texts)
            head, *lines = texts[plots:]
            pairs = zip(lines[::2], lines[1::2], strict=True)
            assert [head, *map(": ".join, pairs)] == panel.readout.split("\n")
        panel.move(**{setting: grid.start[setting]})
    messages.clear()
    last = len(grid) - 1
    ask(panel, last, 0)
    (answer,) = messages
    assert (answer["states"], answer["view"]) == ([last, 0], 0.5)
    assert unpacked(answer["packed"]) == [grid.texts(last), grid.texts(0)]
    description = grid.description()
    again = SettingsGrid.from_description(json.loads(json.dumps(description)), FIGURES)
    assert again.description() == description
    assert again.view(again.first) == panel.view


def test_of_100_states_all_come_with_the_panel():
    start = DescentFigure().show(rate=0, steps=0)
    panel = explore(start, rate=range(4), steps=range(25))
    assert len(player(panel).states) == 100


GOOD = {"figure": "ScheduleFigure", "arguments": {"top": 0.2}, "start": {"base": 0.1}}
GOOD |= {"controls": [{"name": "base", "stops": [0.1, 0.2]}]}


def control(stops, name="base"):
    return {"controls": [{"name": name, "stops": stops}]}


DESCRIBED = [
    ({"figure": "os.system"}, "there is no figure 'os.system'; there is 'AverageFigure', "),
    ({"figure": "Figure"}, "there is no figure 'Figure'"),
    ({"figure": 1}, "figure must be a str, got 1"),
    ({"arguments": {"top": "<script>"}}, "top must be a real number"),
    ({"arguments": {"down": 1}}, "down"),
    ({"start": {"base": float("nan")}}, "base must be finite, got nan"),
    ({"start": {"bass": 0.1}}, "bass"),
    ({"start": {"base": 0.15}}, "base must be one of 0.1, 0.2, got 0.15"),
    ({"controls": []}, "^a panel needs a control$"),
    ({"controls": [{"name": "base"}]}, "a control holds a name and a list of stops"),
    ({"controls": GOOD["controls"] * 2}, "^two controls have the same name$"),
    (control("0.1"), "a control holds a name and a list of stops"),
    (control([0.1, 0.2], name=[]), "a control holds a name and a list of stops"),
    (control([0.1, "0.2"]), "base must be "),
    (control([0.1, [0.2]]), "base must be "),
    (control([n / 10 for n in range(20_001)]), "may have 20000 states, got 20001"),
    ({"script": "x"}, "a panel's description holds figure, arguments, start, controls, got"),
]


@pytest.mark.parametrize(("change", "message"), DESCRIBED)
def test_what_no_panel_would_have_described_is_refused(change, message):
    with pytest.raises((ValueError, TypeError), match=message):
        SettingsGrid.from_description(GOOD | change, FIGURES)


def test_a_description_is_a_mapping_of_20_000_states_at_most():
    many = GOOD | control([n / 10 for n in range(20_000)])
    assert len(SettingsGrid.from_description(many, FIGURES)) == 20_000
    with pytest.raises(ValueError, match="a panel's description holds"):
        SettingsGrid.from_description([], FIGURES)


def test_stops_are_those_declared_or_given_also_by_numpy():
    declared = explore(figures.NoisyAverageFigure()).grid.stops
    assert [*declared] == ["decay", "warm_up", "noise", "steps"]
    stops = [figures.DECAYS, figures.SWITCH, figures.SWITCH, (100, 300, 1000)]
    assert [*declared.values()] == stops
    start = DescentFigure().show(rate=0.25)
    given = explore(start, rate=np.linspace(0.25, 0.75, 3), steps=np.arange(41)).grid.description()
    assert json.loads(json.dumps(given))["controls"][0]["stops"] == [0.25, 0.5, 0.75]


def test_bools_make_a_switch_and_0_and_1_a_slider():
    panel = explore(DescentFigure().show(rate=1), rate=(0, 1))
    panel.move(rate=0)
    assert "does not move" in panel.readout
    assert isinstance(panel.controls["rate"], ipywidgets.SelectionSlider)
    panel = explore(ScheduleFigure(), staircase=(True, False))
    assert panel.grid.stops == {"staircase": (False, True)}
    panel.move(staircase=np.False_)
    assert panel.settings == {"staircase": False}
    assert isinstance(panel.controls["staircase"], ipywidgets.ToggleButton)


PLAYED = [({"steps": range(3)}, 1), ({"steps": (2, 3)}, 1), ({"steps": (2, 4)}, 0), ({}, 0)]


@pytest.mark.parametrize(("stops", "plays"), PLAYED)
def test_play_is_offered_where_steps_are_one_apart(stops, plays):
    panel = explore(DescentFigure().show(steps=2), rate=(0.1, 0.2), **stops)
    play, reset = ("steps", "Make the steps one by one"), (None, "Put every control back")
    page = BeautifulSoup(player(panel).html, "html.parser")
    buttons = page.find(class_="course-buttons").find_all("button", recursive=False)
    told = [(button.get("value"), button["title"]) for button in buttons]
    assert told == [play] * plays + [reset]
    assert panel.grid.plays == "steps" * plays


def test_the_page_tells_a_screen_reader_what_is_what():
    """What it says, and what a click picks, the tests with a browser read in the page."""
    html = player(descent()).html
    page = BeautifulSoup(html, "html.parser").select_one(".course-player[dir=ltr]")
    assert [plot["role"] for plot in page.find_all("svg")] == ["img", "img"]
    rows = page.find(class_="course-readout").table.find_all("tr")
    assert {(row["aria-atomic"], row.th["scope"]) for row in rows} == {("true", "row")}
    message = page.find(class_="course-message")
    assert (message["role"], message["hidden"], message.text) == ("alert", "", "")


def test_controls_wrap_and_fit_a_phone():
    panel = explore(ScheduleFigure(), base=(0.05, 0.1), staircase=figures.SWITCH)
    slider, switch = panel.controls.values()
    assert (slider.layout.max_width, switch.layout.width) == ("100%", "auto")
    box = panel.children[0]
    assert box.children == (slider, switch)
    assert (box.layout.flex_flow, panel.layout.width) == ("row wrap", "100%")


LONG, LIKE_IT = "1.123456789", "1.123456799"
PACKED = [  # states, and the templates and columns of what is packed
    (["η = 0.25", "η = 0.75"], [[0, [0]]], [["0.25", "0.75"]]),
    (["1.2345 and 1.2345"], [[0, [0, 0]]], [["1.2345"]]),  # a long number once
    (["1.234 and 1.234"], [[0, [0, 1]]], [["1.234"], ["1.234"]]),
    (["1.12345678", "1.12345698"], [[0, [0]]], [["1.12345678", "1.12345698"]]),
    ([LONG, *[LIKE_IT] * 3, LONG], [[0, [0]]], [[LONG, [9, "99"], 2, [9, "89"]]]),
    ([f"{LONG}0", LONG], [[0, [0]]], [[f"{LONG}0", [11, ""]]]),
    ([LONG, f"{LONG}0"], [[0, [0]]], [[LONG, [11, "0"]]]),
]


@pytest.mark.parametrize(("states", "templates", "columns"), PACKED)
def test_what_is_packed_is_short_and_always_the_same(states, templates, columns):
    packed = pack([state] for state in states)
    data = base64.b64decode(packed)
    assert data[4:8] == bytes(4)  # no time
    text = gzip.decompress(data).decode()
    content = json.loads(text)
    assert text == json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    assert (content["templates"], content["columns"]) == (templates, columns)
    assert unpacked(packed) == [[state] for state in states]


def test_a_move_sends_its_state_and_the_same_again_nothing(messages):
    panel = explore(DescentFigure(), rate=(0.1, 0.2), steps=range(41))
    panel.move(rate=0.1, steps=7)
    (message,) = messages
    assert message["states"] == [7]
    assert unpacked(message["packed"])[0][4] == "learning rate η = 0.1, steps n = 7"
    before = panel.readout, panel.view
    panel.move(rate=0.1, steps=7)
    panel.figure.show(rate=0.2)  # which leaves the panel as it is
    assert (len(messages), panel.readout, panel.view) == (1, *before)


def returning(words):
    """A figure with an error: what its `draw` returns."""
    return type("Wrong", (DescentFigure,), {"draw": lambda self, axes, rate=0.2: words})()


NUMERIC = Words("", ["", ""], [("a number", 1)])
STOPS = {"rate": (0.1, 0.2)}
SPEED = "speed is no setting of DescentFigure that can be moved; there is rate, start, steps$"
REFUSED = [
    (lambda f=1: None, STOPS, "lambda has no setting rate; it has f$"),
    (MatplotlibFigure(), STOPS, "explore takes a function .* got <Figure size "),
    ("DescentFigure", STOPS, "explore takes .* got 'DescentFigure'$"),
    (DescentFigure, {}, r"explore takes a figure: write DescentFigure\(\), with brackets$"),
    (returning(None), {}, r"Wrong\.draw must return Words, got None$"),
    (returning("a picture"), {}, r"Wrong\.draw must return Words, got 'a picture'$"),
    (returning(NUMERIC), STOPS, "'int' object has no attribute"),
    (curves(), {}, "a panel needs a control$"),
    (curves(), {"x": (0, 1)}, "x is no setting of CurvesFigure .* moved; there is none$"),
    (DescentFigure(), {"speed": (1, 2)}, SPEED),
    (figures.AverageFigure([0, 1]), {"num_updates": (1, 2)}, "num_updates is no setting of Av"),
    (DescentFigure(), {"rate": 0.2}, "rate must have a list of stops, got 0.2$"),
    (DescentFigure(), {"rate": (0.2, "0.3")}, "rate must be a real number .* got '0.3'$"),
    (DescentFigure(), {"rate": (0.2,)}, r"rate must have two stops or more, .* got \[0.2\]$"),
    (DescentFigure(), {"rate": (0.2, 0.2)}, "rate must have two stops or more, all different"),
    (DescentFigure(), {"rate": (0.1, 0.3)}, "rate must be one of 0.1, 0.3, got 0.2$"),
    (DescentFigure(), {"rate": (0.2, -1)}, "rate must be at least 0, got -1$"),
    (ScheduleFigure(), {"staircase": (0, 1)}, "staircase must be True or False, got 0$"),
    (ScheduleFigure(), {"staircase": (0, True)}, "staircase must be True or False, got 0$"),
]


@pytest.mark.parametrize(("figure", "stops", "message"), REFUSED)
def test_what_cannot_be_a_panel_is_refused_and_leaves_no_widget(figure, stops, message):
    before = set(_instances)
    with pytest.raises((TypeError, ValueError, AttributeError), match=f"^{message}"):
        explore(figure, **stops)
    assert set(_instances) == before


MOVES = [
    ({"rate": 0.15}, "rate must be one of 0.1, 0.2, got 0.15"),
    ({"rate": [0.1, 0.2]}, r"rate must be one of 0.1, 0.2, got \[0.1, 0.2\]"),
    ({"rate": np.array([0.1, 0.2])}, "rate must be one of 0.1, 0.2, got array"),
    ({"steps": 3, "rate": 5}, "rate must be one of 0.1, 0.2, got 5"),
    ({"steps": True}, "steps must be one of 0, 1, 2"),
    ({"start": 5.0}, "start is not a control of this panel; there is rate, steps"),
]


@pytest.mark.parametrize(("settings", "message"), MOVES)
def test_a_move_to_no_stop_is_refused_and_moves_nothing(settings, message, messages):
    panel = explore(DescentFigure(), rate=(0.1, 0.2), steps=range(41))
    before = panel.readout
    with pytest.raises(ValueError, match=f"^{message}"):
        panel.move(**settings)
    assert (panel.readout, messages) == (before, [])


SEEN = [
    ({"allow_stdin": False}, None, False),  # nbconvert --execute, papermill, refresh, nbval
    ({"allow_stdin": False}, "False", True),  # Voilà
    ({"allow_stdin": False}, "True", True),  # a kernel that Voilà started in advance
    ({"allow_stdin": True}, None, True),
    ({}, None, True),
]


@pytest.mark.parametrize(("request_", "preheat", "seen"), SEEN)
def test_where_nobody_sees_widgets_a_display_has_no_view(monkeypatch, request_, preheat, seen):
    shell = SimpleNamespace(get_parent=lambda: {"content": request_})
    monkeypatch.setattr(displays, "get_ipython", lambda: shell)
    if preheat:
        monkeypatch.setenv("VOILA_PREHEAT", preheat)
    for shown in descent(), questions.ask("1.1"):
        bundle = shown._repr_mimebundle_()
        assert (outputs.WIDGET_VIEW in bundle) == seen
        assert bundle["text/html"]


def test_a_closed_panel_s_widgets_are_gone_until_it_is_displayed():
    before = set(_instances)
    panel = descent()
    assert outputs.WIDGET_VIEW in panel._repr_mimebundle_()
    for _ in range(2):
        panel.close()
        assert set(_instances) == before
    panel.move(rate=0.1)
    assert outputs.WIDGET_VIEW in panel._repr_mimebundle_()
    assert panel.settings == {"rate": 0.1}
    panel.close()


NUMBERS = count()  # of tests and messages, no two of which are the same


@pytest.fixture
def run(monkeypatch):
    """Display panels as one execution of a cell of this test does."""
    test = next(NUMBERS)

    def execute(cell, *shown):
        metadata = {"cellId": f"{cell} {test}"} if cell else {}
        parent = {"metadata": metadata, "header": {"msg_id": next(NUMBERS)}}
        shell = SimpleNamespace(get_parent=lambda: parent)
        monkeypatch.setattr(panels, "get_ipython", lambda: shell)
        for panel in shown:
            assert outputs.WIDGET_VIEW in panel._repr_mimebundle_()

    return execute


def is_open(*made):
    return [{panel, *panel.controls.values()} <= {*_instances.values()} for panel in made]


def test_a_cell_closes_what_it_displayed_at_its_last_execution(run):
    first, second, third, elsewhere = made = [descent() for _ in range(4)]
    run("other", elsewhere)
    run("cell", first, second)
    assert is_open(*made) == [True] * 4
    run("cell", third)
    assert is_open(*made) == [False, False, True, True]
    run("cell", third)  # the same again
    assert is_open(third, elsewhere) == [True, True]
    run("cell", first)  # it comes back
    assert is_open(*made) == [True, False, False, True]


def test_a_panel_stays_open_in_a_box_in_another_cell_and_in_none(run, monkeypatch):
    boxed, shared, nameless, *others = made = [descent() for _ in range(6)]
    box = ipywidgets.VBox([boxed])
    run("a", boxed, shared)
    run("b", shared)
    run("a", others[0])
    for _ in range(2):
        run(None, nameless)  # a front end that names no cell
    run(None, others[1])
    for shell in (None, SimpleNamespace(get_parent=dict)):
        monkeypatch.setattr(panels, "get_ipython", lambda shell=shell: shell)
        assert outputs.WIDGET_VIEW in others[1]._repr_mimebundle_()
    assert is_open(*made) == [True] * 6
    assert box.get_state()["children"] == [f"IPY_MODEL_{boxed.model_id}"]
    run("b", others[2])
    assert is_open(*made) == [True, False, True, True, True, True]


def test_a_panel_that_is_replaced_keeps_no_axes(run):
    class Counted(DescentFigure):
        made = 0

        def axes(self):
            self.made += 1
            return super().axes()

    old, new = (explore(Counted(), rate=(0.1, 0.2)) for _ in range(2))
    before = old.view
    run("cell", old)
    run("cell", new)
    old.move(rate=0.1)
    assert old.view != before
    old.move(rate=0.2)
    assert old.view == before
    assert (old.figure.made, new.figure.made) == (2, 1)


CELL = """from course_lib.figures import DescentFigure
from course_lib.live import explore
from ipywidgets.widgets.widget import _instances
explore(DescentFigure(), rate=(0.1, 0.2), steps=range(41))"""


def test_running_a_cell_again_closes_what_its_panel_replaces():
    """In a real kernel, told by the front end which cell it runs."""

    def widgets_after(cell):
        client.session.metadata = {"cellId": cell}
        options = {"user_expressions": {"open": "len(_instances)"}, "output_hook": lambda _: None}
        reply = client.execute_interactive(CELL, timeout=60, **options)["content"]
        assert reply["status"] == "ok", reply
        return int(reply["user_expressions"]["open"]["data"]["text/plain"])

    with run_kernel(kernel_name="python3", transport_encryption="auto") as client:
        one = widgets_after("a")
        assert one > 3
        assert [widgets_after(cell) for cell in ("a", "a", "b")] == [one, one, 2 * one]


def test_5_000_moves_leave_no_more_than_2_mib_in_memory():
    panel = explore(DescentFigure(), rate=figures.RATES, steps=figures.STEPS)
    resident = []
    for n in range(5_001):
        panel.move(rate=figures.RATES[n % len(figures.RATES)], steps=figures.STEPS[n % 41])
        if n in (100, 5_000):
            gc.collect()
            resident.append(psutil.Process().memory_info().rss)
    assert resident[1] - resident[0] < 2 * 2**20
    pyplot = sys.modules.get("matplotlib.pyplot")
    assert not (pyplot and pyplot.get_fignums())
