"""The descents, against recordings, the tutorial's tables, closed forms and plain loops."""

import math
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import course_lib as lib
from course_lib.descent import BOWL_COUNTED
from helpers.recordings import TABLES, TENSORFLOW, floats

RATES = st.floats(0, 1.25, width=32)
STARTS = st.floats(-10, 10, width=32)


@pytest.mark.parametrize("recording", TENSORFLOW["descent"])
def test_tensorflow_is_matched_bit_for_bit(recording):
    case = recording["case"]
    weight, losses, rates_after = floats(recording["rows"]).T
    decay = 1.0 if case["decay"] is None else case["decay"]
    steps = np.arange(case["steps"] + 1)
    rates = lib.exponential_decay(case["lr0"], steps, case["dsteps"], decay, case["stair"])
    trace = lib.descend(rates[:-1], case["w0"])
    np.testing.assert_array_equal(trace.weight, weight)
    np.testing.assert_array_equal(trace.loss, losses)
    np.testing.assert_allclose(rates, rates_after, rtol=3e-6)


def test_the_tables_of_the_tutorial_are_met():
    decaying = lib.exponential_decay(0.1, np.arange(21), 1, 0.99, staircase=True)
    for table, rates in (
        ("section_1_rate_0.2", np.full(19, 0.2)),
        ("section_2_rate_1", np.full(19, 1)),
        ("section_2_rate_too_small", np.full(19, 0.001)),
        ("section_3_exponential_decay", decaying),
    ):
        weight, losses = (values[1:] for values in lib.descend(rates[:-1]))
        rows = [
            [f"{i}", f"{w:f}", f"{v:f}"]
            for i, (w, v) in enumerate(zip(weight, losses, strict=True))
        ]
        if rates is decaying:
            rows = [[i, f"{int(i) + 1:f}", w, f"{decaying[int(i) + 1]:f}", v] for i, w, v in rows]
            assert rows[-1][-1] == "0.011561"  # printed there as 0.01156
            rows[-1][-1] = "0.01156"
        assert TABLES[table]["rows"] == rows, table


@settings(deadline=None)
@given(arrays.arrays(np.float32, st.integers(1, 60), elements=RATES), STARTS)
def test_each_step_multiplies_the_distance_by_its_factor(rates, start):
    """In float64 and by the closed form; each of the steps rounds to float32 at most a few times."""
    factors = np.concatenate([[1.0], 1 - 2 * rates.astype(np.float64)])
    distance = (np.float64(start) + 1) * np.cumprod(factors)
    largest = 12 * np.cumprod(np.maximum(np.abs(factors), 1))
    error = np.abs(lib.descend(rates, start).weight + 1.0 - distance)
    np.testing.assert_array_less(error, largest * np.arange(1, len(factors) + 1) * 1e-6)


@settings(deadline=None)
@given(
    arrays.arrays(np.float32, st.tuples(st.integers(1, 20), st.integers(1, 5)), elements=RATES),
    STARTS,
)
def test_runs_side_by_side_are_the_single_runs(rates, start):
    starts = start + np.arange(rates.shape[1], dtype=np.float32)
    together, spread = np.stack(lib.descend(rates, start)), np.stack(lib.descend(rates, starts))
    for k, one in enumerate(rates.T):
        np.testing.assert_array_equal(together[..., k], lib.descend(one, start))
        np.testing.assert_array_equal(spread[..., k], lib.descend(one, starts[k]))


def test_shapes_and_types():
    trace = lib.descend([0.1, 0.2])
    assert isinstance(trace, lib.Trace)
    assert trace.weight.shape == trace.loss.shape == (3,)
    assert trace.weight.dtype == trace.loss.dtype == np.float32
    assert lib.descend(np.full((4, 2), 0.1)).loss.shape == (5, 2)
    assert lib.descend([0]).weight.tolist() == [5, 5]
    for function in (lib.loss, lib.gradient):
        assert isinstance(function(3), np.float32)
        assert (function([[1.0]]).shape, function([[1]]).dtype) == ((1, 1), np.float32)


def test_what_overflows_becomes_infinity_without_a_warning():
    trace = lib.descend([1.1] * 500)
    end = np.flatnonzero(np.isinf(trace.weight))[0]
    assert np.isfinite(trace.weight[:end]).all()
    assert (np.diff(np.abs(trace.weight[:end] + 1)) > 0).all()
    assert np.isinf(trace.loss[end])
    assert np.isnan(trace.weight[end + 1 :]).all()
    assert np.isinf(lib.descend(np.full((500, 2), 1.1)).weight).any()
    assert lib.loss([3e38, -3e38, 1e19]).tolist() == [np.inf, np.inf, np.float32(1e19) ** 2]
    assert lib.gradient([3.4e38, -3.4e38, 1e38]).tolist() == [np.inf, -np.inf, np.float32(2e38)]


LOSSES = {  # in float64: a loss, its slope, and both written out
    "parabola": (
        partial(lib.loss, dtype=np.float64),
        partial(lib.gradient, dtype=np.float64),
        lambda w: (w + 1) ** 2,
        lambda w: 2 * (w + 1),
    ),
    "pseudo-Huber": (
        lib.pseudo_huber,
        lib.pseudo_huber_slope,
        lambda w: 2 * math.sqrt(1 + (w + 1) ** 2) - 2,
        lambda w: 2 * (w + 1) / math.sqrt(1 + (w + 1) ** 2),
    ),
    "two valleys": (
        lib.two_valleys,
        lib.two_valleys_slope,
        lambda w: (3 * w**4 - 8 * w**3 - 6 * w**2 + 24 * w + 19) / 36,
        lambda w: (w + 1) * (w - 1) * (w - 2) / 3,
    ),
}
every_loss = pytest.mark.parametrize(("curve", "slope", "plain", "its_slope"), LOSSES.values())


@every_loss
def test_slopes_are_derivatives_and_curvatures_are_2(curve, slope, plain, its_slope):
    w = np.linspace(-9, 7, 33)
    np.testing.assert_allclose(curve(w), [plain(one) for one in w], atol=1e-12)
    np.testing.assert_allclose(slope(w), [its_slope(one) for one in w], atol=1e-12)
    np.testing.assert_allclose(slope(w), (curve(w + 1e-5) - curve(w - 1e-5)) / 2e-5, atol=1e-8)
    assert (slope(-1 + 1e-5) - slope(-1 - 1e-5)) / 2e-5 == pytest.approx(2)
    assert slope(-1) == curve(-1) == 0


@every_loss
@pytest.mark.parametrize("rate", [0, 0.2, 0.9, 1.1, 1.9])
def test_a_descent_on_any_loss_is_a_plain_loop(curve, slope, plain, its_slope, rate):
    for start in (-0.9, 2, 2e4):
        weight = [float(start)]
        for _ in range(40):
            weight.append(weight[-1] - rate * its_slope(weight[-1]))
        trace = lib.descend_on(curve, slope, rate, start, 40)
        assert trace.weight.dtype == trace.loss.dtype == np.float64
        np.testing.assert_allclose(trace.weight, weight, rtol=1e-9, atol=1e-12)
        known = np.isfinite(trace.weight)  # a fourth power overflows
        np.testing.assert_array_equal(trace.loss[known], curve(trace.weight[known]))
        assert known.all() or np.isinf(trace.loss[~known][0])
    assert lib.descend_on(curve, slope, rate, 0, 0).weight.tolist() == [0]


def test_no_loss_is_asked_about_an_infinite_weight():
    def asked(w):
        assert np.isfinite(w).all()
        return 2 * (w + 1)

    weight, losses = lib.descend_on(asked, asked, 1e30, 1.0, 20)
    [end] = np.flatnonzero(np.isinf(weight))
    assert losses[end] == np.inf
    assert np.isnan([weight[end + 1 :], losses[end + 1 :]]).all()
    assert (losses[:end] == asked(weight[:end])).all()


def test_the_pseudo_huber_loss_keeps_its_digits_near_its_minimum():
    assert lib.pseudo_huber(-1 + 2.0**-30) == pytest.approx(2.0**-60, rel=1e-12)


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.8])
@pytest.mark.parametrize("ratio", [1, 10, 100, 1000])
def test_a_path_in_a_bowl_is_that_of_a_matrix(ratio, momentum):
    fastest, limit = 2 / (2 + 2 / ratio), 1 + momentum  # from the limit on it diverges
    rates = 0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, fastest, 1.0, 1.05, limit * 0.99, limit * 1.01
    for rate in rates:
        bowl = lib.descend_in_bowl(rate, ratio, momentum)
        far = np.zeros(BOWL_COUNTED + 1)
        for values, curvature in ((bowl.x, 2 / ratio), (bowl.y, 2)):
            # A step: (w, w before) becomes (w + momentum · (w − w before) − …, w).
            matrix = np.array([[1 + momentum - rate * curvature, -momentum], [1, 0]])
            state = np.array([1.0, 1.0])
            for n in range(BOWL_COUNTED + 1):
                far[n] = max(far[n], abs(state[0]))
                if n < len(values):
                    assert values[n] == pytest.approx(state[0], rel=1e-8, abs=1e-9), (rate, n)
                if n > 100 and not 1e-9 < abs(state).max() < 1e9:
                    far[n:] = np.maximum(far[n:], abs(state[0]))
                    break
                state = matrix @ state
        late = np.flatnonzero(far >= 0.01)
        assert bowl.needed == (late[-1] + 1 if late[-1] < BOWL_COUNTED else math.inf), rate


def test_a_bowl_cannot_be_changed_and_may_overflow():
    for values in lib.descend_in_bowl(0.5, 10, 0.0)[:2]:
        assert (values.shape, values.dtype) == ((101,), np.float64)
        with pytest.raises(ValueError, match="read-only"):
            values[0] = 0
    bowl = lib.descend_in_bowl(1000, 1500, 0)
    assert np.isnan(bowl.y[-1])
    assert bowl.needed == np.inf


def test_what_lesson_2_says_of_many_valleys():
    path = lib.descend_on(lambda w: 1 - np.cos(w), math.sin, 5, 0.1, 1000).weight
    assert (round(path.min()), round(path.max())) == (-91, 41)
    for rate, start, end in ((0.2, 3, 2), (0.9, -2, 2), (0.9, 3, -1), (1.2, 1.5, 2)):
        path = lib.descend_on(lib.two_valleys, lib.two_valleys_slope, rate, start, 200).weight
        assert path[-1] == pytest.approx(end, abs=1e-6), (rate, start)
