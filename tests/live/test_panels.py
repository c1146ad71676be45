"""The panels without a browser: what a move does, what the page is sent, and what is refused."""

import base64
import gc
import gzip
import json
import re
import sys
from types import SimpleNamespace

import ipywidgets
import numpy as np
import psutil
import pytest
from bs4 import BeautifulSoup
from ipywidgets.widgets.widget import _instances
from matplotlib.figure import Figure as MatplotlibFigure
from nbval.kernel import CURRENT_ENV_KERNEL_NAME, start_new_kernel

from course_lib import figures, questions
from course_lib.figures import (
    AverageFigure,
    BatchFigure,
    BowlFigure,
    CurvesFigure,
    DescentFigure,
    DistanceFigure,
    NoisyAverageFigure,
    RivalsFigure,
    RulerFigure,
    ScheduleFigure,
    StartsFigure,
    TwoLossesFigure,
    ValleysFigure,
    VarianceFigure,
)
from course_lib.jupyter import display as displays
from course_lib.jupyter import outputs
from course_lib.live import Control, explore
from course_lib.live import panel as panels
from course_lib.live.figure import figures_in
from course_lib.live.packing import pack
from course_lib.live.states import SettingsGrid
from helpers.drawn import unpacked

PANELS = {
    "1": lambda: explore(
        DescentFigure(), rate=figures.RATES, start=figures.STARTS, steps=figures.STEPS
    ),
    "1 distance": lambda: explore(DistanceFigure()),
    "2 ruler": lambda: explore(RulerFigure(), rate=figures.RATES),
    "2 losses": lambda: explore(TwoLossesFigure()),
    "2 valleys": lambda: explore(ValleysFigure()),
    "2 bowl": lambda: explore(BowlFigure()),
    "3": lambda: explore(
        ScheduleFigure(),
        base=(0.05, 0.1),
        decay_rate=(0.5, 1.0),
        decay_steps=(1, 10),
        staircase=figures.SWITCH,
    ),
    "3 batch": lambda: explore(BatchFigure()),
    "3 rivals": lambda: explore(RivalsFigure()),
    "4 noise": lambda: explore(NoisyAverageFigure()),
    "4 starts": lambda: explore(StartsFigure()),
    "4 variance": lambda: explore(VarianceFigure()),
}
every_panel = pytest.mark.parametrize("make", PANELS.values(), ids=PANELS)


def sent(panel):
    """The states that come with a panel, by number."""
    return dict(zip(panel._player.states, unpacked(panel._player.packed), strict=True))


@pytest.fixture
def messages(monkeypatch):
    """What panels send to the page."""
    said = []
    monkeypatch.setattr(
        panels._Player, "send", lambda self, content, buffers=None: said.append(content)
    )
    return said


def ask(panel, *states):
    """Ask as the page does."""
    panel._player._handle_custom_msg({"ask": list(states), "view": 0.5}, [])


@pytest.mark.parametrize(("stops", "plays"), [(range(3), True), ((2, 3), True), ((1, 3), False)])
def test_play_is_offered_where_the_steps_are_one_apart(stops, plays):
    panel = explore(DescentFigure().show(steps=stops[0]), rate=(0.1, 0.2), steps=stops)
    assert panel.grid.plays == ("steps" if plays else "")
    assert ('name="play" value="steps"' in panel._player.html) == plays


@every_panel
def test_every_stop_of_every_control_shows_what_the_figure_shows(make):
    panel, alone = make(), type(make().figure)()
    near = sent(panel)
    for name, stops in panel.grid.stops.items():
        for stop in stops:
            panel.controls[name].value = stop  # as a hand would
            view = alone.show(**panel.grid.start | panel.settings)
            assert panel.settings[name] == stop
            assert panel.view == view
            texts = near[
                panel.grid.index(panel.settings)
            ]  # one control away: it came with the panel
            assert texts[: 2 * len(view.drawings) : 2] == [
                drawing.foreground for drawing in view.drawings
            ]
            assert texts[1 : 2 * len(view.drawings) : 2] == list(view.alt_texts)
            lines = texts[2 * len(view.drawings) :]
            assert [
                lines[0],
                *map(": ".join, zip(lines[1::2], lines[2::2], strict=True)),
            ] == panel.readout.split("\n")
        panel.move(**{name: panel.grid.start[name]})


@every_panel
def test_where_states_are_few_all_come_with_the_panel_and_else_those_one_control_away(make):
    panel = make()
    few = len(panel.grid) <= 100
    assert set(panel._player.states) == set(
        range(len(panel.grid)) if few else panel.grid.neighbours(panel.grid.first)
    )


@every_panel
def test_any_state_that_the_page_asks_for_is_drawn(make, messages):
    panel = make()
    last = len(panel.grid) - 1
    ask(panel, last, 0)
    (answer,) = messages
    assert (answer["states"], answer["view"]) == ([last, 0], 0.5)
    assert unpacked(answer["packed"]) == [panel.grid.texts(state) for state in (last, 0)]


@every_panel
def test_a_panel_can_be_made_again_from_its_description(make):
    panel = make()
    description = panel.grid.description()
    again = SettingsGrid.from_description(json.loads(json.dumps(description)), figures_in(figures))
    assert again.description() == description
    assert again.view(again.first) == panel.view


GOOD = {
    "figure": "ScheduleFigure",
    "arguments": {"top": 0.2},
    "start": {"base": 0.1},
    "controls": [{"name": "base", "stops": [0.1, 0.2]}],
}


@pytest.mark.parametrize(
    ("change", "message"),
    [
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
        (
            {"controls": [{"name": "base", "stops": "0.1"}]},
            "a control holds a name and a list of stops",
        ),
        (
            {"controls": [{"name": "base", "stops": [0.1, "0.2"]}]},
            "base must be ",
        ),
        (
            {"controls": [{"name": "base", "stops": [0.1, [0.2]]}]},
            "base must be ",
        ),
        ({"controls": [{"name": [], "stops": [0.1, 0.2]}]}, "unhashable|name"),
        ({"controls": GOOD["controls"] * 2}, "^two controls have the same name$"),
        (
            {"controls": [{"name": "base", "stops": [n / 10 for n in range(20_001)]}]},
            "a panel that is described may have 20000 states, got 20001",
        ),
        ({"script": "x"}, "a panel's description holds figure, arguments, start, controls, got"),
    ],
)
def test_what_no_panel_would_have_described_is_refused(change, message):
    assert (
        SettingsGrid.from_description(GOOD, figures_in(figures)).description()["controls"]
        == GOOD["controls"]
    )
    with pytest.raises((ValueError, TypeError), match=message):
        SettingsGrid.from_description(GOOD | change, figures_in(figures))
    with pytest.raises(ValueError, match="a panel's description holds"):
        SettingsGrid.from_description([], figures_in(figures))


def test_a_panel_that_is_described_may_have_20_000_states():
    stops = [n / 10 for n in range(20_000)]
    assert (
        len(
            SettingsGrid.from_description(
                GOOD | {"controls": [{"name": "base", "stops": stops}]}, figures_in(figures)
            )
        )
        == 20_000
    )


def test_without_stops_each_declared_setting_gets_its_control():
    panel = explore(NoisyAverageFigure())
    assert list(panel.controls) == ["decay", "warm_up", "noise", "steps"]
    assert panel.grid.stops == {
        "decay": figures.DECAYS,
        "warm_up": figures.SWITCH,
        "noise": figures.SWITCH,
        "steps": (100, 300, 1000),
    }
    with pytest.raises(ValueError, match="a panel needs a control"):
        explore(CurvesFigure([0, 1], {"y": [0, 1]}, "x", "y", (0, 1), "a line"))


def test_the_page_is_told_of_each_control_its_widget_its_stops_and_where_it_starts():
    panel = explore(ScheduleFigure(), decay_steps=(1, 10, 20), staircase=(True, False))
    steps, staircase = (panel.controls[name] for name in ("decay_steps", "staircase"))
    assert panel._player.controls == [
        {
            "name": "decay_steps",
            "model": steps.model_id,
            "label": "decay steps T",
            "switch": False,
            "stops": ["1", "10", "20"],
            "start": 1,
        },
        {
            "name": "staircase",
            "model": staircase.model_id,
            "label": "staircase ⌊t/T⌋",
            "switch": True,
            "stops": ["off", "on"],
            "start": 1,
        },
    ]
    assert (steps.description, steps.value, steps.options) == (
        "decay steps T",
        10,
        (("1", 1), ("10", 10), ("20", 20)),
    )
    assert steps.tooltip == "How many steps the factor takes"
    assert (staircase.description, staircase.value) == ("staircase ⌊t/T⌋", True)
    assert staircase.tooltip.startswith("On: the rate falls once every T steps.")


def test_the_page_has_a_button_for_reset_and_one_for_play_where_there_are_steps_to_play():
    def buttons(panel):
        return re.findall(
            (
                r'<button type="button" class="jupyter-button" name="(\w+)" '
                r'(?:value="(\w+)" )?title="([^"]*)">([^<]*)</button>'
            ),
            panel._player.html,
        )

    reset = ("reset", "", "Put every control back", "Reset")
    assert buttons(explore(DescentFigure(), rate=(0.1, 0.2))) == [reset]
    panel = explore(DescentFigure(), steps=range(41))
    assert buttons(panel) == [("play", "steps", "Make the steps one by one", "Play"), reset]
    assert (
        BeautifulSoup(panel._player.html, "html.parser").find(class_="course-buttons").text
        == "PlayReset"
    )


def test_the_page_names_each_plot_and_where_it_is_picked_and_holds_the_readout():
    panel = explore(DescentFigure(), rate=(0.1, 0.2))
    page = BeautifulSoup(panel._player.html, "html.parser").find(class_="course-player", dir="ltr")
    plots = page.find(class_="course-plots").find_all("svg")
    assert [(plot["role"], plot["aria-label"]) for plot in plots] == [
        ("img", alt) for alt in panel.view.alt_texts
    ]
    assert [plot.get("data-pick") for plot in plots] == ["start", None]
    assert tuple(map(float, plots[0]["data-axis"].split())) == panel.view.drawings[0].axis
    assert plots[0].attrs.keys() - plots[1].attrs.keys() == {"data-pick", "data-axis"}
    assert plots[1].attrs.keys() <= plots[0].attrs.keys()
    assert [len(plot.find_all("g", recursive=False)) for plot in plots] == [
        1,
        1,
    ]  # what a move changes
    readout = page.find(class_="course-readout")
    assert readout["aria-live"] == "polite"
    assert readout.p.text == "learning rate η = 0.2"
    rows = readout.table.find_all("tr")
    assert {(row["aria-atomic"], row.th["scope"]) for row in rows} == {("true", "row")}
    assert tuple((row.th.text, row.td.text) for row in rows) == panel.view.readout
    assert readout.table.text == "".join(map("".join, panel.view.readout))
    message = page.find(class_="course-message")
    assert (message["role"], message["hidden"], message.text) == ("alert", "", "")


def test_controls_stand_side_by_side_where_there_is_room_and_fit_a_phone():
    panel = explore(ScheduleFigure(), base=(0.05, 0.1), staircase=figures.SWITCH)
    slider, switch = panel.controls.values()
    assert (slider.layout.width, slider.layout.max_width, slider.style.description_width) == (
        "350px",
        "100%",
        "7.5em",
    )
    assert (switch.layout.width, switch.layout.margin) == ("auto", "2px 4px 2px 8px")
    box, player = panel.children
    assert (box.children, player) == ((slider, switch), panel._player)
    assert (box.layout.flex_flow, panel.layout.width) == ("row wrap", "100%")
    assert [widget._dom_classes for widget in (panel, box, switch)] == [
        ("course-panel",),
        ("course-controls",),
        ("course-switch",),
    ]


@pytest.mark.parametrize(("rates", "few"), [(4, True), (5, False)])
def test_of_100_states_all_come_with_the_panel(rates, few):
    panel = explore(DescentFigure().show(rate=0, steps=0), rate=range(rates), steps=range(25))
    assert (len(panel.grid) == len(panel._player.states)) == few


def test_what_is_packed_holds_letters_as_they_are_and_no_spaces_between():
    packed = base64.b64decode(pack([["η = 0.25"], ["η = 0.75"]]))
    assert packed[4:8] == bytes(4)  # no time, so that the same is always packed the same
    text = gzip.decompress(packed).decode()
    assert (
        text
        == '{"parts":[["η = ",""]],"templates":[[0,[0]]],"states":[0,0],"columns":[["0.25","0.75"]]}'
    )


@pytest.mark.parametrize(
    ("word", "places", "columns"), [("1.2345", [0, 0], 1), ("1.234", [0, 1], 2)]
)
def test_a_long_number_that_stands_twice_in_a_state_is_packed_once(word, places, columns):
    packed = pack([[f"{word} and {word}"]])
    content = json.loads(gzip.decompress(base64.b64decode(packed)))
    assert (content["templates"], content["columns"]) == ([[0, places]], [[word]] * columns)
    assert unpacked(packed) == [[f"{word} and {word}"]]


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ("1.12345678", "1.12345698", "1.12345698"),
        ("1.123456789", "1.123456799", [9, "99"]),
        ("1.1234567890", "1.123456789", [11, ""]),
        ("1.123456789", "1.1234567890", [11, "0"]),
    ],
)
def test_of_a_number_that_begins_as_the_one_before_only_the_rest_is_packed(before, after, change):
    packed = pack([[before], [after], [after], [after], [before]])
    (column,) = json.loads(gzip.decompress(base64.b64decode(packed)))["columns"]
    assert column[:3] == [before, change, 2]
    assert unpacked(packed) == [[before], [after], [after], [after], [before]]


def test_stops_of_0_and_1_make_a_slider_and_bools_in_any_order_a_switch():
    panel = explore(DescentFigure().show(rate=1), rate=(0, 1))
    assert panel.readout.startswith("learning rate η = 1\n")
    panel.move(rate=0)
    assert "does not move" in panel.readout
    assert isinstance(panel.controls["rate"], ipywidgets.SelectionSlider)
    panel = explore(ScheduleFigure(), staircase=(True, False))
    panel.move(staircase=np.False_)
    assert panel.settings == {"staircase": False}
    assert panel.grid.stops == {"staircase": (False, True)}
    assert isinstance(panel.controls["staircase"], ipywidgets.ToggleButton)


def test_stops_may_be_numbers_of_numpy():
    panel = explore(
        DescentFigure().show(rate=0.25), rate=np.linspace(0.25, 0.75, 3), steps=np.arange(41)
    )
    assert json.loads(json.dumps(panel.grid.description()))["controls"][0]["stops"] == [
        0.25,
        0.5,
        0.75,
    ]


def test_a_setting_is_declared_in_one_place():
    class Slow(DescentFigure):
        controls = {"steps": Control("patience", "How long", (0, 40))}

    panel = explore(Slow())
    assert panel.controls["steps"].description == "patience"
    assert panel.readout.startswith("patience = 40\n")


def test_showing_the_figure_leaves_the_panel_as_it_is():
    panel = explore(DescentFigure(), rate=(0.1, 0.2))
    before = panel.readout, panel.view
    panel.figure.show(rate=0.1)
    assert (panel.readout, panel.view) == before


def test_a_move_sends_its_state_and_the_same_again_nothing(messages):
    panel = explore(DescentFigure(), rate=(0.1, 0.2), steps=range(41))
    panel.move(rate=0.1, steps=7)
    (message,) = messages
    assert message["states"] == [7]
    assert unpacked(message["packed"])[0][4] == "learning rate η = 0.1, steps n = 7"
    panel.move(rate=0.1, steps=7)
    assert len(messages) == 1


class Silent(DescentFigure):
    def draw(self, axes, rate=0.2):
        pass


class Wordy(DescentFigure):
    def draw(self, axes, rate=0.2):
        return "a picture"


@pytest.mark.parametrize(
    ("figure", "message"),
    [
        (lambda f=1: None, "^lambda has no setting rate; it has f$"),
        (
            MatplotlibFigure(),
            r"^explore takes a function .* got <Figure size 640x480 with 0 Axes>$",
        ),
        (DescentFigure, r"^explore takes a figure: write DescentFigure\(\), with brackets$"),
        (None, "got None$"),
        ("DescentFigure", "got 'DescentFigure'$"),
        (Silent(), r"^Silent\.draw must return Words, got None$"),
        (Wordy(), r"^Wordy\.draw must return Words, got 'a picture'$"),
    ],
)
def test_what_is_no_figure_is_refused_with_what_was_wrong(figure, message):
    with pytest.raises(TypeError, match=message):
        explore(figure, rate=(0.1, 0.2))


def test_a_panel_and_a_question_are_widgets_that_stand_in_any_box():
    panel, question = explore(DescentFigure(), rate=(0.1, 0.2)), questions.ask("1.1")
    for box in (
        ipywidgets.HBox,
        ipywidgets.Tab,
        ipywidgets.Accordion,
        ipywidgets.VBox,
        ipywidgets.GridBox,
    ):
        assert box([panel, question]).children == (panel, question)
    assert repr(panel) == f"Panel of {panel.view!r}"


class Numeric(DescentFigure):
    def draw(self, axes, rate=0.2):
        return super().draw(axes, rate)._replace(readout=[("a number", 1)])


@pytest.mark.parametrize(("figure", "rates"), [(DescentFigure, (0.2, -1.0)), (Numeric, (0.2, 0.3))])
def test_where_a_figure_cannot_show_a_state_no_widget_is_left_behind(figure, rates):
    before = set(_instances)
    with pytest.raises((ValueError, AttributeError, TypeError)):
        explore(figure(), rate=rates)
    assert set(_instances) == before


@pytest.mark.parametrize(
    ("request_", "environment", "seen"),
    [
        ({"allow_stdin": False}, {}, False),  # nbconvert --execute, papermill, refresh, nbval
        ({"allow_stdin": False}, {"VOILA_PREHEAT": "False"}, True),
        (
            {"allow_stdin": False},
            {"VOILA_PREHEAT": "True"},
            True,
        ),  # a kernel that was started in advance
        ({"allow_stdin": True}, {}, True),
        ({}, {}, True),
    ],
)
def test_where_nobody_sees_widgets_a_display_has_no_view(monkeypatch, request_, environment, seen):
    shell = SimpleNamespace(get_parent=lambda: {"content": request_})
    monkeypatch.setattr(displays, "get_ipython", lambda: shell)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    for shown in explore(DescentFigure(), rate=(0.1, 0.2)), questions.ask("1.1"):
        bundle = shown._repr_mimebundle_()
        assert (outputs.WIDGET_VIEW in bundle) == seen
        assert bundle["text/html"]


def test_the_display_is_live_picture_words_and_description():
    panel = explore(DescentFigure().show(rate=0.9), rate=(0.2, 0.9))
    bundle = panel._repr_mimebundle_()
    assert list(bundle) == ["text/plain", outputs.WIDGET_VIEW, "text/html", outputs.PANEL]
    assert bundle["text/plain"].startswith("Panel of DescentFigure(rate=0.9, ")
    assert bundle["text/html"].count("<img ") == 2
    assert "0.800000: oscillates and converges" in bundle["text/html"]
    assert not re.search(r" id=|<svg", bundle["text/html"] + panel._player.html.replace("<svg", ""))


@pytest.mark.parametrize(
    ("figure", "stops", "message"),
    [
        (
            DescentFigure,
            {"speed": (1, 2)},
            "speed is no setting of DescentFigure that can be moved; there is rate, start, steps",
        ),
        (
            lambda: AverageFigure([0, 1]),
            {"num_updates": (1, 2)},
            "num_updates is no setting of AverageFigure that can",
        ),
        (
            lambda: CurvesFigure([0, 1], {"y": [0, 1]}, "x", "y", (0, 1), "a line"),
            {"x": (0, 1)},
            "x is no setting of CurvesFigure that can be moved; there is none$",
        ),
        (DescentFigure, {"rate": 0.2}, "rate must have a list of stops, got 0.2"),
        (
            DescentFigure,
            {"rate": (0.2, "0.3")},
            "rate must be a real number or an array of them, got '0.3'",
        ),
        (
            DescentFigure,
            {"rate": (0.2,)},
            r"rate must have two stops or more, all different, got \[0.2\]",
        ),
        (DescentFigure, {"rate": (0.2, 0.2)}, "rate must have two stops or more, all different"),
        (DescentFigure, {"rate": (0.1, 0.3)}, "rate must be one of 0.1, 0.3, got 0.2"),
        (DescentFigure, {"rate": (0.2, -1)}, "rate must be at least 0, got -1"),
        (ScheduleFigure, {"staircase": (0, 1)}, "staircase must be True or False, got 0"),
        (
            ScheduleFigure,
            {"staircase": (0, True)},
            "staircase must be True or False, got 0",
        ),
    ],
)
def test_what_cannot_be_a_panel_is_refused_and_named(figure, stops, message):
    with pytest.raises((TypeError, ValueError), match=f"^{message}"):
        explore(figure(), **stops)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"rate": 0.15}, "rate must be one of 0.1, 0.2, got 0.15"),
        ({"rate": [0.1, 0.2]}, r"rate must be one of 0.1, 0.2, got \[0.1, 0.2\]"),
        ({"rate": np.array([0.1, 0.2])}, "rate must be one of 0.1, 0.2, got array"),
        ({"steps": np.True_}, "steps must be one of 0, 1, 2"),
        ({"steps": 3, "rate": 5}, "rate must be one of 0.1, 0.2, got 5"),
        ({"steps": True}, "steps must be one of 0, 1, 2"),
        ({"start": 5.0}, "start is not a control of this panel; there is rate, steps"),
    ],
)
def test_a_move_to_no_stop_is_refused_and_moves_nothing(settings, message, messages):
    panel = explore(DescentFigure(), rate=(0.1, 0.2), steps=range(41))
    before = panel.readout
    with pytest.raises(ValueError, match=f"^{message}"):
        panel.move(**settings)
    assert (panel.readout, messages) == (before, [])


def test_what_a_figure_raises_is_said_to_the_page_beside_what_it_can_draw(monkeypatch, messages):
    panel = explore(DescentFigure(), rate=(0.1, 0.2, 0.3))
    show = panel.figure.show
    monkeypatch.setattr(
        panel.figure, "show", lambda rate, **others: show(1 / 0 if rate == 0.3 else rate, **others)
    )
    ask(panel, 0, 2)
    (answer,) = messages
    drawn, error = unpacked(answer["packed"])
    assert answer["states"] == [0, 2]
    assert (drawn, error) == (panel.grid.texts(0), ["ZeroDivisionError: division by zero"])
    with pytest.raises(ZeroDivisionError):
        panel.move(rate=0.3)
    assert panel.settings == {"rate": 0.2}


def test_the_widgets_of_a_closed_panel_are_gone_and_come_back_when_it_is_displayed():
    before = set(_instances)
    panel = explore(DescentFigure(), rate=(0.1, 0.2))
    assert outputs.WIDGET_VIEW in panel._repr_mimebundle_()
    for _ in range(2):
        panel.close()
        assert set(_instances) == before
    panel.move(rate=0.1)
    assert outputs.WIDGET_VIEW in panel._repr_mimebundle_()
    assert panel.settings == {"rate": 0.1}
    panel.close()


@pytest.fixture
def display(monkeypatch):
    """Displays a panel as an execution of a cell would."""
    monkeypatch.setattr(panels, "_displayed", {})

    def run(panel, cell, execution):
        parent = {"metadata": {"cellId": cell}, "header": {"msg_id": execution}}
        monkeypatch.setattr(
            panels, "get_ipython", lambda: SimpleNamespace(get_parent=lambda: parent)
        )
        assert outputs.WIDGET_VIEW in panel._repr_mimebundle_()

    return run


def is_open(*made):
    return [
        all(widget in _instances.values() for widget in [panel, *panel.controls.values()])
        for panel in made
    ]


def test_what_a_cell_displays_closes_what_it_displayed_at_its_last_execution(display):
    first, second, third, elsewhere = (explore(DescentFigure(), rate=(0.1, 0.2)) for _ in range(4))
    display(elsewhere, "other", 1)
    display(first, "cell", 2)
    display(second, "cell", 2)  # one execution displays two
    assert is_open(first, second, third, elsewhere) == [True] * 4
    display(third, "cell", 3)
    assert is_open(first, second, third, elsewhere) == [False, False, True, True]
    display(third, "cell", 4)  # the same again
    assert is_open(third, elsewhere) == [True, True]
    display(first, "cell", 5)  # it comes back
    assert is_open(first, second, third, elsewhere) == [True, False, False, True]


def test_a_panel_that_stands_in_a_box_stays_open(display):
    first, second = (explore(DescentFigure(), rate=(0.1, 0.2)) for _ in range(2))
    display(first, "cell", 1)
    box = ipywidgets.VBox([first])
    display(second, "cell", 2)
    assert is_open(first, second) == [True, True]
    assert box.get_state()["children"] == [f"IPY_MODEL_{first.model_id}"]
    box.close()


def test_a_panel_that_two_cells_display_is_closed_when_both_display_another(display):
    shared, *others = (explore(DescentFigure(), rate=(0.1, 0.2)) for _ in range(3))
    display(shared, "a", 1)
    display(shared, "b", 2)
    display(others[0], "a", 3)
    assert is_open(shared, *others) == [True, True, True]
    display(others[1], "b", 4)
    assert is_open(shared, *others) == [False, True, True]


def test_a_panel_that_is_replaced_keeps_no_axes(display):
    old, new = (explore(DescentFigure(), rate=(0.1, 0.2)) for _ in range(2))
    before = old.view
    for number, panel in enumerate((old, new), start=1):
        assert "_plots" in vars(panel.figure)  # where a Figure keeps them
        display(panel, "cell", number)
    assert ["_plots" in vars(panel.figure) for panel in (old, new)] == [False, True]
    old.move(rate=0.1)
    assert old.view != before
    old.move(rate=0.2)
    assert old.view == before


@pytest.mark.parametrize(
    "shell",
    [
        None,
        SimpleNamespace(get_parent=lambda: {}),
        SimpleNamespace(get_parent=lambda: {"header": {"msg_id": 2}, "metadata": {}}),
    ],
)
def test_where_the_front_end_names_no_cell_nothing_is_closed(display, monkeypatch, shell):
    first, second = (explore(DescentFigure(), rate=(0.1, 0.2)) for _ in range(2))
    display(first, "cell", 1)
    monkeypatch.setattr(panels, "get_ipython", lambda: shell)
    for _ in range(2):
        assert outputs.WIDGET_VIEW in second._repr_mimebundle_()
    assert is_open(first, second) == [True, True]
    assert list(panels._displayed) == ["cell"]


CELL = """from course_lib.figures import DescentFigure
from course_lib.live import explore
panel = explore(DescentFigure(), rate=(0.1, 0.2), steps=range(41))
panel"""
COUNT = "from ipywidgets.widgets.widget import _instances; print(len(_instances))"


def test_running_a_cell_again_closes_what_its_panel_replaces():
    """In a real kernel, told by the front end which cell it runs."""
    manager, client = start_new_kernel(
        kernel_name=CURRENT_ENV_KERNEL_NAME, transport_encryption="auto"
    )

    def run(source, cell):
        message = client.session.msg(
            "execute_request",
            {
                "code": source,
                "silent": False,
                "store_history": True,
                "user_expressions": {},
                "allow_stdin": False,
                "stop_on_error": True,
            },
            metadata={"cellId": cell},
        )
        client.shell_channel.send(message)
        text = ""
        while True:
            reply = client.get_iopub_msg(timeout=60)
            if reply["parent_header"].get("msg_id") != message["header"]["msg_id"]:
                continue
            assert reply["msg_type"] != "error", "\n".join(reply["content"]["traceback"])
            text += reply["content"].get("text", "")
            if reply["content"].get("execution_state") == "idle":
                return text

    try:
        run(CELL, "a")
        one = int(run(COUNT, "count"))
        for _ in range(3):
            run(CELL, "a")
        assert int(run(COUNT, "count")) == one
        run("panel", "b")  # two cells show it
        run(CELL, "a")
        assert int(run(COUNT, "count")) == 2 * one  # the one in cell b stays
        run("panel", "b")
        assert int(run(COUNT, "count")) == one
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_5_000_moves_leave_no_more_than_2_mib_in_memory():
    panel = explore(DescentFigure(), rate=figures.RATES, steps=figures.STEPS)
    resident = []
    for n in range(5_001):
        panel.move(rate=figures.RATES[n % len(figures.RATES)], steps=figures.STEPS[n % 41])
        if n in (100, 5_000):
            gc.collect()
            resident.append(psutil.Process().memory_info().rss)
    assert resident[1] - resident[0] < 2 * 2**20
    assert (
        "matplotlib.pyplot" not in sys.modules or not sys.modules["matplotlib.pyplot"].get_fignums()
    )
