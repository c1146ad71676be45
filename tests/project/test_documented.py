"""The documented commands that measure exit with 1 where something failed or nothing was measured."""

import math
import queue
import threading
from contextlib import nullcontext
from unittest.mock import Mock, call

import pytest

from tools import classroom
from tools.benchmarks import panels


def test_a_class_in_which_one_fails_fails_at_the_end(monkeypatch):
    for name in ("install", "machine"):
        monkeypatch.setattr(classroom, name, lambda: None)
    for well, status in ((True, 0), (False, 1)):
        lesson = Mock(side_effect=[(["lab"], well), (["lab"], True)])
        monkeypatch.setattr(classroom, "lesson", lesson)
        assert classroom.main([1, 10]) == status
        assert lesson.call_args_list == [call(1, []), call(10, ["lab"])]
    measured = ["kernel 92 MB", "link to first live panel 13 and 13 s"]
    assert classroom.is_well(measured, [])
    assert not classroom.is_well(measured, ["browser0: no picture within 10 s"])
    assert not classroom.is_well([*measured, "link to first live panel nan and nan s"], [])


def test_a_learner_fails_without_words_and_keeps_nobody_waiting():
    class Learner(classroom.Learner):
        def open(self, stack, start):
            raise queue.Empty

    learner = Learner("name", "link")
    learner.attend(threading.Barrier(1))
    assert learner.failures == ["Empty: "]


def test_a_benchmark_that_measures_nothing_fails(monkeypatch):
    monkeypatch.setattr(panels, "two_pages", lambda *args: nullcontext((None, None)))
    with pytest.raises(SystemExit, match="never within 2 s: near: course panel, ") as end:
        panels.in_browser(rounds=0)
    assert isinstance(end.value.code, str)  # which Python prints, and exits with 1


def test_what_a_benchmark_never_measured_is_named():
    measured = {(where, which): [5.0] for where in panels.PLACES for which in panels.WHERE}
    for place, name, taken, missing in [
        (panels.NEAR, panels.INTERACT, [1999.0, math.inf], []),  # late is not never
        (panels.NEAR, panels.INTERACT, [math.inf], ["near: interact"]),
        (panels.FAR, panels.ECHO, [math.nan], ["200 ms away: echo"]),
        (panels.RUNNING, panels.PANEL, [], ["a cell runs: course panel"]),
        (panels.RUNNING, panels.ECHO, [], []),  # its kernel is busy
    ]:
        found = panels.unmeasured(measured, measured | {(place, name): taken})
        assert found == missing, (place, name, taken)
