"""The picture of what a tolerance costs, against counts that are made step by step."""

import math
import re
from fractions import Fraction

import numpy as np
import pytest

from course_lib.figures import DistanceFigure
from helpers.drawn import strokes

CONTROLS = DistanceFigure.controls
FIGURE = DistanceFigure()


def readout(**settings):
    return dict(FIGURE.show(**settings).readout)


def counted(distances, tolerance, most=1000):
    """How a readout says the first step whose distance is below the tolerance."""
    for n, distance in zip(range(most + 1), distances, strict=False):
        if distance < tolerance:
            return f"after {n} step" + "s" * (n != 1)
    return None


def exact(rate):
    """The distances in fractions, without any rounding."""
    w = Fraction(5)
    while True:
        yield abs(w + 1)
        w = w - Fraction(rate) * (2 * w + 2)


def in_float32(rate):
    w, rate = np.float32(5), np.float32(rate)
    while True:
        yield float(abs(w + 1))
        w = w - rate * (2 * (w + 1))


@pytest.mark.parametrize("rate", CONTROLS["rate"].stops)
def test_every_count_is_that_of_a_descent_made_step_by_step(rate):
    for tolerance in CONTROLS["tolerance"].stops:
        said = readout(rate=rate, tolerance=tolerance)
        wanted = counted(exact(str(rate)), Fraction(str(tolerance)))
        assert said[f"distance below {tolerance:g}"] == wanted
        assert said["the same in float32"] == (counted(in_float32(rate), tolerance) or "never")


def test_a_distance_that_is_the_tolerance_is_not_yet_below_it():
    said = readout(rate=0.25, tolerance=1.5)  # 6, 3, 1.5, 0.75, without any rounding
    assert (
        said["distance below 1.5"]
        == said["the same in float32"]
        == counted(exact("0.25"), 1.5)
        == "after 3 steps"
    )


@pytest.mark.parametrize(
    ("settings", "name", "value"),
    [
        ({"rate": 0.2, "tolerance": 0.01}, "distance below 0.01", "after 13 steps"),
        ({"rate": 0.2, "tolerance": 0.0001}, "distance below 0.0001", "after 22 steps"),
        ({"rate": 0.05, "tolerance": 1e-8}, "distance below 1e-08", "after 192 steps"),
        ({"rate": 0.2, "tolerance": 10}, "distance below 10", "after 0 steps"),
        ({"rate": 0.5, "tolerance": 1e-8}, "distance below 1e-08", "after 1 step"),
        ({"rate": 0.5}, "steps for one more digit", "one gives all digits"),
        ({"rate": 0.45}, "steps for one more digit", "1.000000"),
        ({"rate": 1.0}, "steps for one more digit", "no number is enough"),
        ({"rate": 1.0}, "distance below 0.01", "never"),
        ({"rate": 1.0}, "the same in float32", "never"),
        ({"rate": 1.0}, "closest in float32", "6.000000"),
        ({"rate": 1.2}, "distance below 0.01", "never"),
        ({"rate": 1e30}, "closest in float32", "6.000000"),
        ({"rate": 0}, "the same in float32", "never"),
        ({"rate": 0.0001, "tolerance": 0.1}, "the same in float32", "not within 1,000 steps"),
        ({"rate": 0.2}, "closest in float32", "5.960e-08"),
        ({"rate": 0.3}, "closest in float32", "exactly 0"),
    ],
)
def test_known_values(settings, name, value):
    assert readout(**settings)[name] == value


@pytest.mark.parametrize("rate", [0.05, 0.1, 0.2, 0.4, 0.6, 0.8])
def test_so_many_steps_make_the_distance_ten_times_smaller(rate):
    steps = float(readout(rate=rate)["steps for one more digit"])
    assert math.isclose(abs(1 - 2 * rate) ** steps, 0.1, rel_tol=1e-5)


def test_the_mark_stands_at_the_first_step_below_the_tolerance_if_that_is_in_the_frame():
    for rate, tolerance, place in (
        (0.2, 0.01, (13, 6 * 0.6**13)),
        (0.8, 0.1, (9, 6 * 0.6**9)),
        (0.05, 1e-5, None),
    ):
        marks = strokes(FIGURE, 0, rate=rate, tolerance=tolerance)[-1][0].T
        assert len(marks) == (3 if place else 0)
        if place:
            np.testing.assert_allclose(marks[0], place)


def test_what_is_drawn_leaves_the_frame_and_is_cut_there():
    for settings in ({"rate": 0.4}, {"rate": 0.5}, {"rate": 1.2}, {"rate": 1e30}):
        text = FIGURE.show(**settings).drawings[0].foreground
        numbers = map(
            float, re.findall(r"-?\d+(?:\.\d+)?", " ".join(re.findall(r' d="([^"]*)"', text)))
        )
        assert all(abs(number) <= 400 for number in numbers)
