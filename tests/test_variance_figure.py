"""The variances of a weight and of its shadow: the formulas against sums, balances and many runs;
and their picture.
"""

import math
import re

import numpy as np
import pytest

from course_lib import moving_average, shadow_variance, weight_variance
from course_lib.figures import VarianceFigure
from test_figures import lines

RATES = [0, 0.05, 0.3, 0.5, 0.7, 0.9, 0.99]
every_rate = pytest.mark.parametrize("rate", RATES)
every_decay = pytest.mark.parametrize("decay", [0, 0.5, 0.9, 0.99])


@every_rate
def test_the_variance_of_the_weight_is_the_sum_of_what_each_push_has_left(rate):
    a = 1 - 2 * rate
    if rate:
        assert weight_variance(rate, 3) == pytest.approx(
            3 * rate**2 * (a ** (2 * np.arange(100_000))).sum(), rel=1e-9
        )
    else:
        assert weight_variance(rate, 3) == 0


@every_rate
@every_decay
def test_the_variance_of_the_shadow_is_the_sum_of_squares_of_its_reply_to_one_push(rate, decay):
    """A push of 1 leaves aᵏ in the weight after k steps, of which the shadow keeps the moving
    average.
    """
    weight, shadow, squares = -rate, (1 - decay) * -rate, 0.0
    for _ in range(3_000):
        squares += shadow**2
        weight *= 1 - 2 * rate
        shadow = decay * shadow + (1 - decay) * weight
    assert shadow_variance(rate, decay, 3) == pytest.approx(3 * squares, rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("rate", [0.05, 0.5, 0.9])
@pytest.mark.parametrize("decay", [0.5, 0.9])
def test_many_runs_have_these_variances(rate, decay):
    pushes = np.random.RandomState(1).uniform(-3, 3, (500, 2000))
    weight = [np.full(2000, 5.0)]
    for push in pushes:
        weight.append(weight[-1] - rate * (2 * (weight[-1] + 1) + push))
    shadow = np.float64(moving_average(weight, decay))
    assert np.var(weight[300:], axis=1).mean() == pytest.approx(weight_variance(rate, 3), rel=0.02)
    assert np.var(shadow[300:], axis=1).mean() == pytest.approx(
        shadow_variance(rate, decay, 3), rel=0.03
    )


def test_known_values_and_shapes():
    assert weight_variance(0.5, 3) == 0.75
    assert shadow_variance(0.5, 0.9, 3) == pytest.approx(0.75 * 0.1 / 1.9)
    assert shadow_variance(0.3, 0, 3) == weight_variance(0.3, 3)
    assert weight_variance(0.3, 0) == shadow_variance(0.3, 0.9, 0) == 0
    assert (
        shadow_variance([[0.1], [0.2]], 0.9, 3).shape
        == weight_variance([[0.1], [0.2]], 3).shape
        == (2, 1)
    )
    growth = [
        float(variance[1] / variance[0])
        for variance in (weight_variance([0.05, 0.9], 3), shadow_variance([0.05, 0.9], 0.99, 3))
    ]
    assert growth == pytest.approx([171, 1.1441], abs=1e-4)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: weight_variance(1, 3), ValueError, "rate must be below 1, got 1"),
        (lambda: weight_variance([0.1, 1.5], 3), ValueError, "rate must be below 1, got 1.5"),
        (lambda: weight_variance(-0.1, 3), ValueError, "rate must be at least 0, got -0.1"),
        (lambda: weight_variance("x", 3), TypeError, "rate must be a real number"),
        (lambda: weight_variance(0.1, -3), ValueError, "noise must be at least 0, got -3"),
        (lambda: weight_variance(0.1, [3]), ValueError, "noise must be a single number"),
        (lambda: shadow_variance(0.1, 1, 3), ValueError, "decay must be below 1, got 1"),
        (lambda: shadow_variance(0.1, [0.9], 3), ValueError, "decay must be a single number"),
        (lambda: shadow_variance(0.1, math.nan, 3), ValueError, "decay must be finite, got nan"),
    ],
)
def test_bad_arguments_are_named(call, error, message):
    with pytest.raises(error, match=f"^{message}"):
        call()


@pytest.mark.parametrize(("rate", "decay"), [(0.05, 0.99), (0.3, 0.9), (0.9, 0.0), (0.9, 0.99)])
def test_the_picture_shows_the_last_steps_of_its_run_and_the_formulas(rate, decay):
    view = VarianceFigure().show(rate=rate, decay=decay)
    pushes = np.random.RandomState(0).uniform(-3, 3, 1000)
    weight = [-1.0]
    for push in pushes:
        weight.append(weight[-1] - rate * (2 * (weight[-1] + 1) + push))
    (_, path), (_, shadow) = lines(view, 0)
    assert path[0] == pytest.approx(np.arange(900, 1001), abs=0.02)
    assert path[1] == pytest.approx(np.array(weight[900:]), abs=0.01)
    assert shadow[1] == pytest.approx(moving_average(weight, decay)[900:], abs=0.01)
    (_, curve), (_, of_weight), (_, of_shadow) = lines(view, 1)
    inside = curve[0] > 0.01
    np.testing.assert_allclose(
        curve[1][inside], shadow_variance(curve[0][inside], decay, 3), rtol=0.05
    )
    v, u, ratio = (float(value) for _, value in view.readout)
    for mark, variance, formula in (
        (of_weight, v, weight_variance(rate, 3)),
        (of_shadow, u, shadow_variance(rate, decay, 3)),
    ):
        assert variance == pytest.approx(float(formula), abs=1e-6)
        assert mark[0] == pytest.approx(rate, abs=0.001)
        assert np.log10(mark[1]) == pytest.approx(math.log10(variance), abs=0.01)
    assert ratio == pytest.approx(u / v, abs=1e-4)
    assert re.search(rf"variances are {v:.6f} and {u:.6f}\.", view.alt_texts[0])


def test_every_stop_fits_into_the_frame():
    figure = VarianceFigure()
    for rate in figure.controls["rate"].stops:
        (_, (_, weight)), _ = lines(figure.show(rate=rate, decay=0), 0)
        assert -9 < weight.min() <= weight.max() < 7
