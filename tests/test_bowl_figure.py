"""The picture of the bowl, against closed formulas and a matrix."""

import math

import numpy as np
import pytest

from course_lib import descend_in_bowl
from course_lib.descent import BOWL_COUNTED as COUNTED
from course_lib.figures import BowlFigure
from course_lib.figures.bowl import MOMENTUM

CONTROLS = BowlFigure.controls
RATES, RATIOS = CONTROLS["rate"].stops, CONTROLS["ratio"].stops
FIGURE = BowlFigure()


def readout(**settings):
    return dict(FIGURE.show(**settings).readout)


@pytest.mark.parametrize("ratio", RATIOS)
def test_without_momentum_the_steps_are_those_of_the_formula(ratio):
    for rate in RATES:
        factor = max(abs(1 - 2 * rate / ratio), abs(1 - 2 * rate))
        wanted = (
            math.inf
            if factor >= 1
            else math.floor(math.log(0.01) / math.log(factor)) + 1
            if factor
            else 1
        )
        assert descend_in_bowl(rate, ratio, 0.0).needed == (
            wanted if wanted <= COUNTED else math.inf
        )


@pytest.mark.parametrize(("ratio", "steps"), [(1, 1), (10, 23), (100, 231), (1000, 2303)])
def test_the_fastest_rate_is_2_by_the_sum_of_the_curvatures(ratio, steps):
    fastest = 2 / (2 + 2 / ratio)
    assert descend_in_bowl(fastest, ratio, 0.0).needed == steps
    assert all(
        descend_in_bowl(rate, ratio, 0.0).needed >= steps
        for rate in np.linspace(0.01, 1.1, 110).tolist()
    )
    best = min(RATES, key=lambda rate: descend_in_bowl(rate, ratio, 0.0).needed)  # of the stops
    assert best == pytest.approx(fastest, abs=2e-4)


@pytest.mark.parametrize("momentum", [0.0, MOMENTUM])
@pytest.mark.parametrize("ratio", RATIOS)
def test_the_path_is_that_of_a_matrix(ratio, momentum):
    for rate in RATES:
        bowl = descend_in_bowl(rate, ratio, momentum)
        far = np.zeros(COUNTED + 1)
        for values, curvature in ((bowl.x, 2 / ratio), (bowl.y, 2)):
            # A step takes (weight, weight before) to (weight + momentum · (weight − weight before)
            # − …, weight).
            matrix = np.array([[1 + momentum - rate * curvature, -momentum], [1, 0]])
            state = np.array([1.0, 1.0])
            for n in range(COUNTED + 1):
                far[n] = max(far[n], abs(state[0]))
                if n < len(values):
                    assert values[n] == pytest.approx(state[0], rel=1e-8, abs=1e-9)
                if n > 100 and not 1e-9 < abs(state).max() < 1e9:
                    far[n:] = np.maximum(far[n:], abs(state[0]))
                    break
                state = matrix @ state
        late = np.flatnonzero(far >= 0.01)
        assert bowl.needed == (late[-1] + 1 if late[-1] < COUNTED else math.inf)


def test_with_momentum_a_long_valley_takes_fewer_steps_and_a_round_bowl_more():
    for ratio in (100, 1000):
        for rate in RATES[:8]:
            assert (
                descend_in_bowl(rate, ratio, MOMENTUM).needed
                < descend_in_bowl(rate, ratio, 0.0).needed
            )
    assert descend_in_bowl(0.5, 1, MOMENTUM).needed == 43


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
