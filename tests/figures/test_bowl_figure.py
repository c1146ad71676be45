"""The picture of a descent in a bowl."""

import math

import pytest

from course_lib import descend_in_bowl
from course_lib.figures import BowlFigure
from course_lib.figures.bowl import MOMENTUM

FIGURE = BowlFigure()


def readout(**settings):
    return dict(FIGURE.show(**settings).readout)


@pytest.mark.parametrize(("momentum", "limit"), [(False, 1.0), (True, 1.8)])
def test_it_diverges_from_the_limit_on_that_is_named(momentum, limit):
    said = readout(momentum=momentum)["diverges above rate"]
    assert float(said) == limit
    for rate, comes in ((limit * 0.99, True), (limit * 1.01, False)):
        assert math.isfinite(descend_in_bowl(rate, 10, MOMENTUM * momentum).needed) == comes


def test_the_readout_names_both_factors_and_where_the_path_ends():
    said = readout(rate=0.9, ratio=10)
    assert said["factor along x, 1 − 2η / κ"] == f"{1 - 0.18:.6f}"
    assert said["factor along y, 1 − 2η"] == f"{1 - 1.8:.6f}"
    assert said["after 40 steps"] == f"x = {0.82**40:.6f}, y = {0.8**40:.6f}"
    assert said["both below 0.01"] == "after 24 steps"
    assert readout(rate=1.0)["both below 0.01"] == "not in 10,000 steps"
