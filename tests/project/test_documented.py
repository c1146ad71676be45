"""The documented commands that measure exit with 1 where something failed or nothing was measured."""

import math
import queue
import threading
from contextlib import nullcontext
from importlib import import_module
from pathlib import Path

import pytest


def load(name):
    """A script of a folder beside this file."""
    path = Path(__file__).parents[1] / name
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(path.parent)
        return import_module(path.stem)


@pytest.mark.parametrize(
    ("figures", "failures", "status"),
    [
        (["kernel 92 MB", "link to first live panel 13 and 13 s"], [], 0),
        (["kernel 92 MB", "link to first live panel nan and nan s"], [], 1),
        (
            ["kernel 92 MB", "link to first live panel 13 and 13 s"],
            ["browser0: no picture within 10 s"],
            1,
        ),
    ],
)
def test_a_class_in_which_one_fails_fails_at_the_end(figures, failures, status, monkeypatch):
    classroom, sizes = load("classroom/run"), []

    def lesson(size, _):
        sizes.append(size)
        return ["lab"], classroom.is_well(figures, failures if size == 1 else [])

    monkeypatch.setattr(classroom, "lesson", lesson)
    for name in ("install", "machine"):
        monkeypatch.setattr(classroom, name, lambda: None)
    assert classroom.main([1, 10]) == status
    assert sizes == [1, 10]


def test_a_learner_whose_failure_has_no_words_has_failed_and_keeps_nobody_waiting():
    class Learner(load("classroom/run").Learner):
        def open(self, stack, start):
            raise queue.Empty

    learner = Learner("name", "link")
    learner.attend(threading.Barrier(1))
    assert learner.failures == ["Empty: "]


def test_a_benchmark_that_measures_nothing_fails(monkeypatch):
    benchmark = load("benchmarks/panels")
    monkeypatch.setattr(benchmark, "two_pages", lambda *args: nullcontext((None, None)))
    with pytest.raises(SystemExit, match="never within 2 s: near: course panel, ") as end:
        benchmark.in_browser(rounds=0)
    assert isinstance(end.value.code, str)  # which Python prints, and exits with 1


@pytest.mark.parametrize(
    ("place", "name", "taken", "missing"),
    [
        ("near", "interact", [1999.0, math.inf], []),  # late is not never
        ("near", "interact", [math.inf], ["near: interact"]),
        ("200 ms away", "echo", [math.nan], ["200 ms away: echo"]),
        ("a cell runs", "course panel", [], ["a cell runs: course panel"]),
        ("a cell runs", "echo", [], []),  # its kernel is busy
    ],
)
def test_what_a_benchmark_never_measured(place, name, taken, missing):
    benchmark = load("benchmarks/panels")
    all_measured = {
        (where, which): [5.0]
        for where in (benchmark.NEAR, benchmark.FAR, benchmark.RUNNING)
        for which in benchmark.WHERE
    }
    assert benchmark.unmeasured(all_measured, all_measured | {(place, name): taken}) == missing
