"""The panels without a browser: what a move does to picture, readout and display, and what is refused."""

import asyncio
import gc
import json
import re
import sys

import psutil
import pytest

import elsewhere
from course_lib import panels, storing
from course_lib.figures import DescentFigure, NoisyAverageFigure, RatesFigure, RulerFigure, ScheduleFigure
from course_lib.panels import explore

PANELS = {
    "1": lambda: explore(DescentFigure(), rate=panels.RATES, start=panels.STARTS, steps=panels.STEPS),
    "2 ruler": lambda: explore(RulerFigure(), rate=panels.RATES),
    "2 rates": lambda: explore(RatesFigure(), **dict.fromkeys(["rate_a", "rate_b", "rate_c"], panels.FEW_RATES)),
    "3": lambda: explore(ScheduleFigure(), base=(0.05, 0.1), decay_rate=(0.5, 1.0), decay_steps=(1, 10),
                         staircase=panels.SWITCH),
    "4": lambda: explore(NoisyAverageFigure(), decay=panels.DECAYS, warm_up=panels.SWITCH, noise=panels.SWITCH),
}
every_panel = pytest.mark.parametrize("make", PANELS.values(), ids=PANELS)


@every_panel
def test_every_stop_of_every_control_shows_what_the_figure_shows(make):
    panel, alone = make(), type(make().figure)()
    for name, stops in panel.stops.items():
        for stop in stops:
            panel.controls[name].value = stop  # as a hand would
            alone.show(**panel.start | panel.settings)
            assert panel.settings[name] == stop
            assert panel.figure.readout == alone.readout
            for plate, other, alternative in zip(panel.figure.plates, alone.plates, alone.alternatives, strict=True):
                assert plate.layer() == other.layer()
                assert plate.layer() in panel._live.value
                assert panels.escape(alternative) in panel._live.value


@every_panel
def test_reset_puts_every_control_back(make):
    panel = make()
    before = panel._live.value
    panel.move(**{name: next(stop for stop in stops if stop != panel.start[name])
                  for name, stops in panel.stops.items()})
    assert panel._live.value != before
    panel.reset.click()
    assert panel._live.value == before


@every_panel
def test_a_panel_can_be_made_again_from_its_description(make):
    panel = make()
    told = panel.description()
    again = panels.described(json.loads(json.dumps(told)))
    assert again.description() == told
    assert again.readout == panel.readout


GOOD = {"figure": "ScheduleFigure", "arguments": {"top": 0.2}, "start": {"base": 0.1},
        "controls": [{"name": "base", "stops": [0.1, 0.2]}]}


@pytest.mark.parametrize(("change", "message"), [
    ({"figure": "os.system"}, "this library has no figure 'os.system'; it has DescentFigure, RulerFigure"),
    ({"figure": "Picture"}, "this library has no figure 'Picture'"),
    ({"figure": 1}, "figure must be a str, got 1"),
    ({"arguments": {"top": "<script>"}}, "top must be a real number"),
    ({"arguments": {"down": 1}}, "down"),
    ({"start": {"base": float("nan")}}, "base must be finite, got nan"),
    ({"start": {"bass": 0.1}}, "bass"),
    ({"start": {"base": 0.15}}, "base must be one of 0.1, 0.2, got 0.15"),
    ({"controls": []}, "a panel needs a control"),
    ({"controls": [{"name": "base"}]}, "a control holds a name and a list of stops"),
    ({"controls": [{"name": "base", "stops": "0.1"}]}, "a control holds a name and a list of stops"),
    ({"controls": [{"name": "base", "stops": [0.1, "0.2"]}]}, "base must be a real number"),
    ({"controls": [{"name": "base", "stops": [0.1, [0.2]]}]}, "unhashable|base"),
    ({"controls": GOOD["controls"] * 2}, "two controls have the same name"),
    ({"script": "x"}, "a panel's description holds figure, arguments, start, controls, got"),
])
def test_what_no_panel_would_have_described_is_refused(change, message):
    assert panels.described(GOOD).description()["controls"] == GOOD["controls"]
    with pytest.raises((ValueError, TypeError), match=message):
        panels.described(GOOD | change)
    with pytest.raises(ValueError, match="a panel's description holds"):
        panels.described([])


def test_a_move_sends_one_message():
    panel = explore(DescentFigure(), rate=(0.1, 0.2), steps=range(41))
    sent = []
    panel._live.observe(lambda change: sent.append(change.new), "value")
    panel.move(rate=0.1, steps=7)
    assert len(sent) == 1
    panel.move(rate=0.1, steps=7)
    assert len(sent) == 1


def test_the_display_is_live_picture_words_and_description():
    panel = explore(DescentFigure().show(rate=0.9), rate=(0.2, 0.9))
    bundle = panel._repr_mimebundle_()
    assert list(bundle) == ["text/plain", storing.VIEW, "text/html", storing.PANEL]
    assert bundle["text/plain"].startswith("Panel of DescentFigure(rate=0.9, ")
    assert bundle["text/html"].count("<img ") == 2
    assert "0.800000: to and fro, but in" in bundle["text/html"]
    assert not re.search(r"course-readout|<svg", bundle["text/html"])


@pytest.mark.parametrize(("figure", "stops", "message"), [
    (DescentFigure, {}, "a panel needs a control"),
    (DescentFigure, {"speed": (1, 2)}, "speed is not a setting of DescentFigure; there is rate, steps, start"),
    (DescentFigure, {"rate": (0.2,)}, r"rate must have two stops or more, all different, got \[0.2\]"),
    (DescentFigure, {"rate": (0.2, 0.2)}, "rate must have two stops or more, all different"),
    (DescentFigure, {"rate": (0.1, 0.3)}, "rate must be one of 0.1, 0.3, got 0.2"),
    (DescentFigure, {"rate": (0.2, -1)}, "rate must be at least 0, got -1"),
    (ScheduleFigure, {"staircase": (0, 1)}, "staircase must be one of 0, 1, got True"),
])
def test_what_cannot_be_a_panel_is_refused_and_named(figure, stops, message):
    figure = figure()
    before = repr(figure)
    with pytest.raises(ValueError, match=f"^{message}"):
        explore(figure, **stops)
    assert repr(figure) == before


@pytest.mark.parametrize(("settings", "message"), [
    ({"rate": 0.15}, "rate must be one of 0.1, 0.2, got 0.15"),
    ({"steps": 3, "rate": 5}, "rate must be one of 0.1, 0.2, got 5"),
    ({"start": 5.0}, "start is not a control of this panel; there is rate, steps"),
])
def test_a_move_to_no_stop_is_refused_and_moves_nothing(settings, message):
    panel = explore(DescentFigure(), rate=(0.1, 0.2), steps=range(41))
    before = panel.readout, panel._live.value
    with pytest.raises(ValueError, match=f"^{message}"):
        panel.move(**settings)
    assert (panel.readout, panel._live.value) == before


def test_an_exception_in_a_callback_is_shown_and_raised_and_gone_after_the_next_move(monkeypatch):
    panel = explore(DescentFigure(), rate=(0.1, 0.2, 0.3))
    before = panel._live.value
    with monkeypatch.context() as broken:
        broken.setattr(panel.figure, "show", lambda **settings: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            panel.move(rate=0.1)
        assert "ZeroDivisionError: division by zero" in panel._error.value
        assert panel._live.value == before
    panel.move(rate=0.3)
    assert panel._error.value == ""
    assert "η = 0.3" in panel._live.value


def test_play_makes_the_steps_one_by_one_from_the_first_and_can_be_stopped(monkeypatch):
    monkeypatch.setattr(panels, "STEP_SECONDS", 0)
    panel = explore(DescentFigure(), steps=range(41))
    seen = []
    panel.controls["steps"].observe(lambda change: seen.append(change.new), "value")

    async def play():
        panel.play.value = True
        assert panel.play.description == "Pause"
        while panel.play.value:
            await asyncio.sleep(0)
        assert seen == list(range(41))
        panel.play.value = True
        while len(seen) < 50:
            await asyncio.sleep(0)
        panel.play.value = False
        await asyncio.sleep(0.01)

    elsewhere.run(play())
    assert len(seen) == 50
    assert panel.play.description == "Play"


def test_5_000_moves_leave_no_more_than_2_mib_in_memory():
    panel = explore(DescentFigure(), rate=panels.RATES, steps=panels.STEPS)
    resident = []
    for n in range(5_001):
        panel.move(rate=panels.RATES[n % len(panels.RATES)], steps=panels.STEPS[n % 41])
        if n in (100, 5_000):
            gc.collect()
            resident.append(psutil.Process().memory_info().rss)
    assert resident[1] - resident[0] < 2 * 2**20
    assert "matplotlib.pyplot" not in sys.modules or not sys.modules["matplotlib.pyplot"].get_fignums()
