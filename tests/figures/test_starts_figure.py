"""The picture of four ways to start a moving average, against plain loops."""

import numpy as np
import pytest

from course_lib.figures import DECAYS, StartsFigure
from helpers.drawn import lines


def plain(decay):
    """Lesson 1's descent, and the four averages in float64, each written out."""
    weight = [-1 + 6 * 0.6**t for t in range(41)]
    initial, first, zero = [weight[0]], [], [0.0]
    for w in weight[1:]:
        initial.append(decay * initial[-1] + (1 - decay) * w)
        first.append(decay * first[-1] + (1 - decay) * w if first else w)
        zero.append(decay * zero[-1] + (1 - decay) * w)
    weights = [[(1 - decay) * decay**k for k in range(t)] for t in range(1, 41)]
    corrected = [np.dot(one, weight[t:0:-1]) / sum(one) for t, one in enumerate(weights, start=1)]
    return {"initial": initial[1:], "first": first, "zero": zero[1:], "corrected": corrected}


@pytest.mark.parametrize("decay", DECAYS)
def test_the_readout_and_the_lines_are_the_plain_averages(decay):
    view = StartsFigure().show(decay)
    readout = {name: value.split(", ") for name, value in view.readout}
    for (name, averages), (_, (t, drawn)) in zip(plain(decay).items(), lines(view, 0), strict=True):
        assert [float(value) for value in readout[name]] == pytest.approx(
            [averages[t - 1] for t in (1, 10, 40)], abs=2e-5
        )
        assert t == pytest.approx(np.arange(1, 41), abs=0.01)
        assert drawn == pytest.approx(averages, abs=0.03)
    assert [float(value) for value in readout["share of the start dᵗ"]] == pytest.approx(
        [decay**t for t in (1, 10, 40)], abs=1e-6
    )
    _, share = lines(view, 1)[0][1]
    assert share == pytest.approx([decay**t for t in range(41)], abs=0.005)


def test_known_values():
    readout = dict(StartsFigure().show(decay=0.9).readout)
    assert [
        readout[name].split(", ")[0]
        for name in ("weight w", "initial", "first", "zero", "corrected")
    ] == ["2.600000", "4.760000", "2.600000", "0.260000", "2.600000"]
    # Of the four frameworks' own averages in lesson 4, after ten updates.
    assert [readout[name].split(", ")[1][:7] for name in ("initial", "first", "corrected")] == [
        "1.50322",
        "0.66640",
        "-0.3687",
    ]


def test_a_decay_of_0_makes_all_of_them_the_weight():
    readout = dict(StartsFigure().show(decay=0).readout)
    assert {readout[name] for name in ("initial", "first", "zero", "corrected", "weight w")} == {
        readout["weight w"]
    }


def test_all_lines_fit_into_the_frame():
    figure = StartsFigure()
    for decay in DECAYS:
        for _, (_, averages) in lines(figure.show(decay), 0):
            assert -2 < averages.min() <= averages.max() < 5.6
