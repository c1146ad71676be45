"""The picture of noise from batches, against samples that are drawn and stepped through one by one."""

from fractions import Fraction

import numpy as np
import pytest

from course_lib import weight_variance
from course_lib.figures import BatchFigure
from drawn import strokes, titles

CONTROLS = BatchFigure.controls
FIGURE = BatchFigure()


def readout(**settings):
    return dict(FIGURE.show(**settings).readout)


@pytest.mark.parametrize("batch", CONTROLS["batch"].stops)
def test_a_run_takes_its_samples_one_batch_after_the_other(batch):
    samples = iter(np.random.RandomState(0).uniform(-4, 2, 100 * batch).tolist())
    for rate in CONTROLS["rate"].stops:
        stream = iter(np.random.RandomState(0).uniform(-4, 2, 100 * batch).tolist())
        weight = [5.0]
        for _ in range(100):
            slope = (
                sum(2 * (weight[-1] - next(stream)) for _ in range(batch)) / batch
            )  # of (w − x)²
            weight.append(weight[-1] - rate * slope)
        _, ((_, drawn), _) = strokes(FIGURE, 0, batch=batch, rate=rate)
        np.testing.assert_allclose(drawn, weight, rtol=1e-9)
        last = sum((w + 1) ** 2 for w in weight[-50:]) / 50
        assert float(
            readout(batch=batch, rate=rate)["this run, mean of its last 50"]
        ) == pytest.approx(last, abs=1e-6)
    dots = strokes(FIGURE, 0, batch=batch, rate=0.3)[0][0][1][::3]
    np.testing.assert_allclose(
        dots, [sum(next(samples) for _ in range(batch)) / batch for _ in range(100)]
    )


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
    assert float(weight_variance(0.3, 12 / batch)) == pytest.approx(float(floor), abs=1e-6)


def test_a_mean_that_still_falls_is_told_as_it_is_after_the_last_step():
    mean = 36.0
    for _ in range(100):
        mean = (1 - 2 * 0.01) ** 2 * mean + 0.01**2 * 12 / 4
    view = FIGURE.show(4, 0.01)
    assert f"falls from 36.000000 to {mean:.6f}, the noise floor" in view.alt_texts[1]
    assert dict(view.readout)["mean of all runs after 100 steps"] == f"{mean:.6f}"


def test_the_mean_of_many_runs_is_the_line_that_is_drawn():
    random = np.random.RandomState(1)
    w = np.full(20_000, 5.0)
    line = strokes(FIGURE, 1, batch=4, rate=0.3)[1][0][1]
    for n in range(1, 31):
        w = w - 0.3 * 2 * (w - random.uniform(-4, 2, (20_000, 4)).mean(axis=1))
        assert np.mean((w + 1) ** 2) == pytest.approx(line[n], rel=0.05)
