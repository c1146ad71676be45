"""The picture of noise from batches."""

from fractions import Fraction

import numpy as np
import pytest

from course_lib import batch_descent, batch_means, mean_loss
from course_lib.figures import BatchFigure
from helpers.drawn import strokes, titles

CONTROLS = BatchFigure.controls
FIGURE = BatchFigure()


def readout(**settings):
    return dict(FIGURE.show(**settings).readout)


@pytest.mark.parametrize("batch", CONTROLS["batch"].stops)
@pytest.mark.parametrize("rate", CONTROLS["rate"].stops)
def test_a_run_is_drawn_and_measured(batch, rate):
    view, weight = FIGURE.show(batch, rate), batch_descent(batch, rate)
    settings = {"batch": batch, "rate": rate}
    (dots, _), (line, _) = strokes(FIGURE, 0, **settings)
    np.testing.assert_array_equal(line[1], weight)
    np.testing.assert_array_equal(dots[1][::3], batch_means(batch))
    np.testing.assert_array_equal(
        strokes(FIGURE, 1, **settings)[1][0][1], mean_loss(np.full(100, rate), 12 / batch)
    )
    measured = float(dict(view.readout)["this run, mean of its last 50"])
    assert measured == pytest.approx(np.mean((weight[-50:] + 1) ** 2), abs=1e-6)


@pytest.mark.parametrize("batch", CONTROLS["batch"].stops)
@pytest.mark.parametrize("rate", CONTROLS["rate"].stops)
def test_the_floor_is_where_the_mean_no_longer_changes(batch, rate):
    said = readout(batch=batch, rate=rate)
    eta = Fraction(str(rate))
    floor, noise = 3 * eta / (batch * (1 - eta)), Fraction(12, batch)
    assert (1 - 2 * eta) ** 2 * floor + eta**2 * noise == floor
    assert said["noise floor 3η / (B (1 − η))"] == f"{float(floor):.6f}"
    assert float(said["variance of the slope, 12 / B"]) == pytest.approx(float(noise), abs=1e-6)
    assert float(said["mean of all runs after 100 steps"]) == pytest.approx(float(floor), abs=2e-6)
    assert said["samples used in 100 steps"] == f"{100 * batch:,}"


@pytest.mark.parametrize(("batch", "floor"), [(1, "1.285714"), (4, "0.321429"), (16, "0.080357")])
def test_known_floors(batch, floor):
    assert readout(batch=batch, rate=0.3)["noise floor 3η / (B (1 − η))"] == floor
    assert titles(FIGURE, 1, batch=batch, rate=0.3) == [f"noise floor {floor}"]


def test_a_mean_that_still_falls_is_told_as_it_is_after_the_last_step():
    mean = 36.0
    for _ in range(100):
        mean = (1 - 2 * 0.01) ** 2 * mean + 0.01**2 * 12 / 4
    view = FIGURE.show(4, 0.01)
    assert f"falls from 36.000000 to {mean:.6f}, the noise floor" in view.alt_texts[1]
    assert dict(view.readout)["mean of all runs after 100 steps"] == f"{mean:.6f}"
