"""The picture of one rate on two losses, against the two losses written down once more."""

import math
from itertools import pairwise

import numpy as np
import pytest

from course_lib import descend_on, regime, two_valleys, two_valleys_slope
from course_lib.figures import TwoLossesFigure, ValleysFigure
from course_lib.figures.losses import behaviour
from helpers.drawn import strokes

CONTROLS = TwoLossesFigure.controls
FIGURE = TwoLossesFigure()
SLOPES = {
    "parabola": lambda w: 2 * (w + 1),
    "pseudo-Huber": lambda w: 2 * (w + 1) / math.hypot(1, w + 1),
}


def last_two(name, rate, start):
    w = start
    for _ in range(40):
        before, w = w, w - rate * SLOPES[name](w)
    return before, w


def readout(**settings):
    return dict(FIGURE.show(**settings).readout)


@pytest.mark.parametrize("rate", CONTROLS["rate"].stops)
def test_the_last_two_weights_are_those_of_a_plain_loop(rate):
    for start in CONTROLS["start"].stops:
        said = readout(rate=rate, start=start)
        for name in SLOPES:
            shown = [float(value) for value in said[f"{name}, last two weights"].split(" and ")]
            assert shown == pytest.approx(last_two(name, rate, start), rel=1e-3, abs=6e-7)


@pytest.mark.parametrize("rate", [0.0, 0.3, 0.5, 0.7, 0.95, 1.0, 1.3, 1.9])
def test_what_is_said_of_the_other_loss_is_what_thousands_of_steps_do(rate):
    w, path = 2.0, []
    for _ in range(20_000):
        w -= rate * SLOPES["pseudo-Huber"](w)
        path.append(w + 1)
    jumps = path[-1] * path[-2] < 0 and abs(path[-1]) > 0.05
    assert (behaviour("pseudo-Huber", rate, None) == "oscillates for ever") == jumps
    assert ("converges" in behaviour("pseudo-Huber", rate, None)) == (abs(path[-1]) < 0.01)
    assert (behaviour("pseudo-Huber", rate, None).startswith("oscillates")) == (
        min(one * other for one, other in pairwise(path)) < 0
    )


@pytest.mark.parametrize(
    ("rate", "other"),
    [
        (0.2, "converges"),
        (0.5, "converges"),
        (0.9, "oscillates and converges"),
        (1.0, "oscillates, converges slowly"),
        (1.1, "oscillates for ever"),
    ],
)
def test_what_both_losses_do_is_said_in_words(rate, other):
    said = readout(rate=rate)
    assert (said["parabola"], said["pseudo-Huber"]) == (regime(rate), other)


@pytest.mark.parametrize(
    ("rate", "start"), [(0.2, 2.0), (1.2, 2.0), (1.5, -0.9), (1.9, 2.0), (0.2, 1e7), (30.0, 2e4)]
)
def test_a_path_is_drawn_up_to_where_it_is_a_million_away(rate, start):
    path = [start]
    while len(path) < 41 and abs(after := path[-1] - rate * SLOPES["parabola"](path[-1])) < 1e6:
        path.append(after)
    drawn = strokes(FIGURE, 0, rate=rate, start=start)[0][0]
    np.testing.assert_allclose(drawn, [path, [(w + 1) ** 2 for w in path]])


def test_a_run_that_leaves_the_frame_says_when():
    parabola_alt, other_alt, _ = FIGURE.show(rate=1.1, start=-0.9).alt_texts
    outside = next(n for n in range(40) if abs(0.1 * 1.2**n) > 4)
    assert f"outside the frame at step {outside}." in parabola_alt
    assert "outside" not in other_alt


@pytest.mark.parametrize(
    ("rate", "start", "does", "last"),
    [
        (0.2, 3, "ends near 2", "2.000051 and 2.000041"),
        (0.9, 3, "ends near −1", "-1.000057 and -0.999955"),
        (1.2, 3, "oscillates", "-0.510904 and -1.253104"),
        (1.9, 3, "diverges", None),
    ],
)
def test_with_two_valleys_it_is_said_where_the_weight_ends(rate, start, does, last):
    said = dict(ValleysFigure().show(rate=rate, start=start).readout)
    assert said["two valleys"] == does
    weight = descend_on(two_valleys, two_valleys_slope, rate, start, 40).weight
    shown = said["two valleys, last two weights"]
    assert shown == last or (last is None and not abs(weight[-1]) < 1e6)


def test_the_picture_of_two_valleys_shows_the_path_on_the_loss():
    weight, loss = strokes(ValleysFigure(), 0, rate=0.9, start=3)[0][0]
    np.testing.assert_allclose(loss, two_valleys(weight), atol=0.01)
    assert weight[0] == pytest.approx(3, abs=0.01)
