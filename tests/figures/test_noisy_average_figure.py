"""The shadow of a noisy descent, of 100 to 1,000 steps, against plain loops."""

import re

import numpy as np
import pytest

from course_lib import noisy_descent
from course_lib.figures import DECAYS, NoisyAverageFigure
from course_lib.figures.noisy_average import extremes
from helpers.drawn import lines

LENGTHS = (100, 300, 1000)


def plain(decay, steps, warm_up=False, noise=True):
    pushes = np.random.RandomState(0).uniform(
        -3, 3, 1000
    )  # fewer steps see the beginning of the same pushes
    weight, shadow = [5.0], [5.0]
    for n in range(1, steps + 1):
        weight.append(weight[-1] - 0.4 * (2 * (weight[-1] + 1) + noise * pushes[n - 1]))
        d = min(decay, (1 + n) / (10 + n)) if warm_up else decay
        shadow.append(d * shadow[-1] + (1 - d) * weight[-1])
    return np.array(weight), np.array(shadow)


@pytest.mark.parametrize("steps", LENGTHS)
@pytest.mark.parametrize("decay", DECAYS)
@pytest.mark.parametrize(("warm_up", "noise"), [(False, True), (True, True), (True, False)])
def test_the_readout_and_the_lines_are_those_of_a_plain_loop(steps, decay, warm_up, noise):
    view = NoisyAverageFigure().show(decay, warm_up, noise, steps)
    weight, shadow = plain(decay, steps, warm_up, noise)
    readout = dict(view.readout)
    for name, values in (("w", weight), ("s", shadow)):
        assert float(readout[f"mean of |{name} + 1|, second half"]) == pytest.approx(
            np.abs(values[steps // 2 :] + 1).mean(), abs=1e-5
        )
    assert (
        readout[f"after {steps} updates"]
        == f"w = {view.words.summary.split()[3][:-1]}, s = {view.words.summary.split()[-1]}"
    )
    drawn = lines(view, 0)
    for (_, (at, heights)), values in ((drawn[0], weight), (drawn[-1], shadow)):
        n = at * steps / 100
        if steps == 100:  # else a tenth of a pixel may be another step
            assert len(n) == 101
            assert heights == pytest.approx(values, abs=0.02)
        assert [heights.min(), heights.max()] == pytest.approx(
            [values.min(), values.max()], abs=0.02
        )
        assert [n[0], n[-1]] == pytest.approx([0, steps], abs=0.1 * steps / 100)


def test_the_axes_are_numbered_anew_and_nothing_else_of_them_changes():
    figure = NoisyAverageFigure()
    views = [figure.show(steps=steps) for steps in LENGTHS]
    assert len({tuple(drawing.background for drawing in view.drawings) for view in views}) == 1
    for view, numbers in zip(
        views,
        (
            ["0", "25", "50", "75", "100"],
            ["0", "75", "150", "225", "300"],
            ["0", "250", "500", "750", "1000"],
        ),
        strict=True,
    ):
        for foreground in [drawing.foreground for drawing in view.drawings]:
            assert re.findall(r">(\d+)</text>", foreground) == numbers


def test_which_decay_is_best_depends_on_the_number_of_steps():
    figure = NoisyAverageFigure()
    best = [
        min(
            DECAYS,
            key=lambda decay, steps=steps: float(
                figure.show(decay=decay, steps=steps).readout[-1][1]
            ),
        )
        for steps in LENGTHS
    ]
    assert best == [0.9, 0.98, 0.99]


@pytest.mark.parametrize("steps", range(100, 1001, 100))
def test_a_long_path_is_drawn_by_the_extremes_of_each_hundredth(steps):
    values = noisy_descent(0.4)[: steps + 1]
    kept = extremes(values)
    assert (kept[0], kept[-1]) == (0, steps)
    assert (np.diff(kept) > 0).all()
    assert len(kept) <= 202
    for part in range(100):
        inside = np.arange(1 + part * steps // 100, 1 + (part + 1) * steps // 100)
        assert {inside[values[inside].argmin()], inside[values[inside].argmax()]} <= set(kept)
