"""The panels without a browser: what a move does, what the page is sent, and what is refused."""

import base64
import gzip
import json
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from itertools import count
from types import SimpleNamespace

import ipywidgets
import numpy as np
import pytest
from bs4 import BeautifulSoup

# The widgets that are open: ipywidgets has no public list of them.
from ipywidgets.widgets.widget import _instances
from jupyter_client.manager import run_kernel

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


def player(panel):
    """The widget of the panel that the page brings to life."""
    return panel.children[1]


@pytest.fixture
def messages(monkeypatch):
    """What panels send to the page."""
    said = []
    monkeypatch.setattr(ipywidgets.Widget, "send", lambda self, content: said.append(content))
    return said


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
    data = {"method": "custom", "content": {"ask": [last, 0], "view": 0.5}}
    sent.comm.handle_msg({"content": {"data": data}, "buffers": []})  # as the page asks
    (answer,) = messages
    assert (answer["states"], answer["view"]) == ([last, 0], 0.5)
    assert unpacked(answer["packed"]) == [grid.texts(last), grid.texts(0)]
    description = grid.description()
    again = SettingsGrid.from_description(json.loads(json.dumps(description)), FIGURES)
    assert again.description() == description
    assert again.view(again.first) == panel.view


def test_of_100_states_all_come_with_the_panel():
    panel = explore(DescentFigure().show(rate=0, steps=0), rate=range(4), steps=range(25))
    assert len(player(panel).states) == 100


GOOD = {"figure": "ScheduleFigure", "arguments": {"top": 0.2}, "start": {"base": 0.1}}
GOOD |= {"controls": [{"name": "base", "stops": [0.1, 0.2]}]}


def control(stops, name="base"):
    return {"controls": [{"name": name, "stops": stops}]}


# The tests of handouts have one that is no mapping, and one with 20,001 states.
DESCRIBED = [
    ({"figure": "os.system"}, "there is no figure 'os.system'; there is 'AverageFigure', "),
    ({"figure": "Figure"}, "there is no figure 'Figure'"),
    ({"figure": 1}, "figure must be a str, got 1"),
    ({"arguments": {"top": "<script>"}}, "top must be a real number"),
    ({"arguments": {"down": 1}}, "down"),
    ({"start": {"base": float("nan")}}, "base must be finite, got nan"),
    ({"start": {"bass": 0.1}}, "bass"),
    ({"start": {"base": 0.15}}, "base must be one of 0.1, 0.2, got 0.15"),
    ({"controls": GOOD["controls"] * 2}, "^two controls have the same name$"),
    (control("0.1"), "a control holds a name and a list of stops"),
    (control([0.1, 0.2], name=[]), "a control holds a name and a list of stops"),
    (control([0.1, [0.2]]), "base must be "),
    ({"script": "x"}, "a panel's description holds figure, arguments, start, controls, got"),
]


@pytest.mark.parametrize(("change", "message"), DESCRIBED)
def test_what_no_panel_would_have_described_is_refused(change, message):
    with pytest.raises((ValueError, TypeError), match=message):
        SettingsGrid.from_description(GOOD | change, FIGURES)


def test_a_description_may_have_20_000_states():
    many = GOOD | control([n / 10 for n in range(20_000)])
    assert len(SettingsGrid.from_description(many, FIGURES)) == 20_000


def test_stops_are_those_declared_or_given_as_numbers_of_any_type():
    declared = explore(figures.NoisyAverageFigure()).grid.stops
    assert [*declared] == ["decay", "warm_up", "noise", "steps"]
    stops = [figures.DECAYS, figures.SWITCH, figures.SWITCH, (100, 300, 1000)]
    assert [*declared.values()] == stops
    start = DescentFigure().show(rate=0.25)
    for stops in (np.linspace(0.25, 0.75, 3), (Fraction(1, 4), Decimal("0.5"), 0.75)):
        given = explore(start, rate=stops, steps=np.arange(41)).grid.description()
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
    page = BeautifulSoup(player(panel).html, "html.parser")
    buttons = page.find(class_="course-buttons").find_all("button", recursive=False)
    told = [(button.get("value"), button["title"]) for button in buttons]
    play = [("steps", "Make the steps one by one")] * plays
    assert told == [*play, (None, "Put every control back")]
    assert panel.grid.plays == "steps" * plays


def test_the_page_is_for_screen_readers_and_phones():
    """What it says, and what a click picks, the tests with a browser read in the page."""
    panel = explore(ScheduleFigure(), base=(0.05, 0.1), staircase=figures.SWITCH)
    page = BeautifulSoup(player(panel).html, "html.parser").select_one(".course-player[dir=ltr]")
    assert {plot["role"] for plot in page.find_all("svg")} == {"img"}
    rows = page.find(class_="course-readout").table.find_all("tr")
    assert {(row["aria-atomic"], row.th["scope"]) for row in rows} == {("true", "row")}
    message = page.find(class_="course-message")
    assert (message["role"], message["hidden"], message.text) == ("alert", "", "")
    box, (slider, switch) = panel.children[0], panel.controls.values()
    assert (slider.layout.max_width, switch.layout.width) == ("100%", "auto")
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


CURVES = figures.CurvesFigure([0, 1], {"y": [0, 1]}, "x", "y", (0, 1), "a line")
NUMERIC = Words("", ["", ""], [("a number", 1)])
STOPS = {"rate": (0.1, 0.2)}
AVERAGE = "num_updates is no setting of AverageFigure that can be moved; there is decay$"
REFUSED = [
    ("DescentFigure", STOPS, "explore takes a function .* got 'DescentFigure'$"),
    (DescentFigure, {}, r"explore takes a figure: write DescentFigure\(\), with brackets$"),
    (returning(None), {}, r"Wrong\.draw must return Words, got None$"),
    (returning(NUMERIC), STOPS, "'int' object has no attribute"),
    (CURVES, {}, "a panel needs a control$"),
    (CURVES, {"x": (0, 1)}, "x is no setting of CurvesFigure .* moved; there is none$"),
    (figures.AverageFigure([0, 1]), {"num_updates": (1, 2)}, AVERAGE),
    (DescentFigure(), {"rate": 0.2}, "rate must have a list of stops, got 0.2$"),
    (DescentFigure(), {"rate": (0.2, "0.3")}, "rate must be a real number .* got '0.3'$"),
    (DescentFigure(), {"rate": (0.2,)}, r"rate must have two stops or more, .* got \[0.2\]$"),
    (DescentFigure(), {"rate": (0.2, 0.2)}, "rate must have two stops or more, all different"),
    (DescentFigure(), {"rate": (0.1, 0.3)}, "rate must be one of 0.1, 0.3, got 0.2$"),
    (DescentFigure(), {"rate": (0.2, -1)}, "rate must be at least 0, got -1$"),
    (ScheduleFigure(), {"staircase": (0, True)}, "staircase must be True or False, got 0$"),
]


@pytest.mark.parametrize(("figure", "stops", "message"), REFUSED)
def test_what_cannot_be_a_panel_is_refused_and_leaves_no_widget(figure, stops, message):
    before = set(_instances)
    with pytest.raises((TypeError, ValueError, AttributeError), match=f"^{message}"):
        explore(figure, **stops)
    assert set(_instances) == before


NO_MOVES = [
    ({"rate": [0.1, 0.2]}, r"rate must be one of 0.1, 0.2, got \[0.1, 0.2\]"),
    ({"rate": np.array([0.1, 0.2])}, "rate must be one of 0.1, 0.2, got array"),
    ({"steps": 3, "rate": 0.15}, "rate must be one of 0.1, 0.2, got 0.15"),
    ({"steps": True}, "steps must be one of 0, 1, 2"),
    ({"start": 5.0}, "start is not a control of this panel; there is rate, steps"),
]


@pytest.mark.parametrize(("settings", "message"), NO_MOVES)
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


EXECUTIONS = count()


@pytest.fixture
def run(monkeypatch, request):
    """Display panels as one execution of a cell of this test does."""

    def execute(cell, *shown):
        metadata = {"cellId": f"{cell} of {request.node.name}"} if cell else {}
        parent = {"metadata": metadata, "header": {"msg_id": next(EXECUTIONS)}}
        shell = SimpleNamespace(get_parent=lambda: parent)
        monkeypatch.setattr(panels, "get_ipython", lambda: shell)
        assert all(outputs.WIDGET_VIEW in panel._repr_mimebundle_() for panel in shown)

    return execute


def is_open(*made):
    return [{panel, *panel.controls.values()} <= {*_instances.values()} for panel in made]


def test_a_cell_closes_what_it_displayed_at_its_last_execution(run):
    first, second, third = made = [descent() for _ in range(3)]
    run("cell", first, second)
    assert is_open(*made) == [True] * 3
    for _ in range(2):
        run("cell", third)
        assert is_open(*made) == [False, False, True]
    run("cell", first)  # it comes back
    assert is_open(*made) == [True, False, False]


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


def test_a_panel_that_is_replaced_keeps_no_axes(run, monkeypatch):
    made, axes = [], DescentFigure.axes
    monkeypatch.setattr(DescentFigure, "axes", lambda self: made.append(self) or axes(self))
    old, new = descent(), descent()
    before = old.view
    run("cell", old)
    run("cell", new)
    old.move(rate=0.1)
    assert old.view != before
    old.move(rate=0.2)
    assert old.view == before
    assert [made.count(panel.figure) for panel in (old, new)] == [2, 1]


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


MOVES = """import gc, sys, psutil
from course_lib.figures import RATES, STEPS, DescentFigure
from course_lib.live import explore
panel = explore(DescentFigure(), rate=RATES, steps=STEPS)
for n in range(601):
    panel.move(rate=RATES[n % len(RATES)], steps=STEPS[n % len(STEPS)])
    if n in (100, 600):
        gc.collect()
        print(psutil.Process().memory_info().rss)
assert "matplotlib.pyplot" not in sys.modules"""


def test_500_moves_leave_no_more_than_256_kib_in_memory():
    """In a Python of its own: in this one, what is lost could fill what other tests have freed."""
    python = [sys.executable, "-c", MOVES]
    said = subprocess.run(python, check=True, stdout=subprocess.PIPE).stdout
    before, after = map(int, said.split())
    assert after - before < 256 * 2**10
