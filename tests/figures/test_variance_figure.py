"""The picture of the variances of a weight and of its shadow."""

import math
import re

import numpy as np
import pytest

from course_lib import moving_average, shadow_variance, weight_variance
from course_lib.figures import VarianceFigure
from helpers.drawn import lines


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
