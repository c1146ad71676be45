"""The descents, against recordings, the tutorial's tables, closed forms and plain loops."""

import math
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from course_lib import (
    Trace,
    descend,
    descend_in_bowl,
    descend_on,
    exponential_decay,
    gradient,
    loss,
    pseudo_huber,
    pseudo_huber_slope,
    two_valleys,
    two_valleys_slope,
)
from course_lib.descent import BOWL_COUNTED
from recordings import TABLES, TENSORFLOW, floats

RATES = arrays.arrays(np.float32, st.integers(1, 60), elements=st.floats(0, 1.25, width=32))
STARTS = st.floats(-10, 10, width=32)


@pytest.mark.parametrize("recording", TENSORFLOW["descent"])
def test_tensorflow_is_matched_bit_for_bit(recording):
    case = recording["case"]
    weight, losses, rates_after = floats(recording["rows"]).T
    decay = 1.0 if case["decay"] is None else case["decay"]
    rates = exponential_decay(
        case["lr0"], np.arange(case["steps"] + 1), case["dsteps"], decay, case["stair"]
    )
    trace = descend(rates[:-1], case["w0"])
    np.testing.assert_array_equal(trace.weight, weight)
    np.testing.assert_array_equal(trace.loss, losses)
    np.testing.assert_allclose(rates, rates_after, rtol=3e-6)


@pytest.mark.parametrize(
    ("table", "rate"),
    [("section_1_rate_0.2", 0.2), ("section_2_rate_1", 1), ("section_2_rate_too_small", 0.001)],
)
def test_the_tutorial_s_rows_at_a_constant_rate(table, rate):
    trace = descend([rate] * 40)
    assert TABLES[table]["rows"] == [
        [f"{i}", f"{trace.weight[i + 1]:f}", f"{trace.loss[i + 1]:f}"] for i in range(18)
    ]


def test_the_tutorial_s_rows_with_decay():
    rates = exponential_decay(0.1, np.arange(21), 1, 0.99, staircase=True)
    trace = descend(rates[:-1])
    rows = [
        [
            f"{i}",
            f"{i + 1:f}",
            f"{trace.weight[i + 1]:f}",
            f"{rates[i + 1]:f}",
            f"{trace.loss[i + 1]:f}",
        ]
        for i in range(20)
    ]
    assert rows[-1][-1] == "0.011561"  # printed there as 0.01156
    rows[-1][-1] = "0.01156"
    assert TABLES["section_3_exponential_decay"]["rows"] == rows


@settings(deadline=None)
@given(RATES, STARTS)
def test_the_distance_is_the_start_s_times_the_product_of_the_factors(rates, start):
    """In float64 and by the closed form; each of the steps rounds to float32 at most a few times."""
    factors = np.concatenate([[1.0], 1 - 2 * rates.astype(np.float64)])
    distance = (np.float64(start) + 1) * np.cumprod(factors)
    largest = 12 * np.cumprod(np.maximum(np.abs(factors), 1))
    steps = np.arange(len(rates) + 1)
    np.testing.assert_array_less(
        np.abs(descend(rates, start).weight + 1.0 - distance), largest * (steps + 1) * 1e-6
    )


@settings(deadline=None)
@given(
    arrays.arrays(
        np.float32,
        st.tuples(st.integers(1, 20), st.integers(1, 5)),
        elements=st.floats(0, 1.25, width=32),
    ),
    STARTS,
)
def test_runs_side_by_side_are_the_single_runs(rates, start):
    starts = start + np.arange(rates.shape[1], dtype=np.float32)
    before = rates.copy(), starts.copy()
    together, spread = descend(rates, start), descend(rates, starts)
    for k in range(rates.shape[1]):
        for batch, alone in (
            (together, descend(rates[:, k], start)),
            (spread, descend(rates[:, k], starts[k])),
        ):
            np.testing.assert_array_equal(batch.weight[:, k], alone.weight)
            np.testing.assert_array_equal(batch.loss[:, k], alone.loss)
    np.testing.assert_array_equal(rates, before[0])
    np.testing.assert_array_equal(starts, before[1])


def test_shapes_and_types():
    trace = descend([0.1, 0.2])
    assert isinstance(trace, Trace)
    assert (trace.weight.shape, trace.weight.dtype, trace.loss.dtype) == (
        (3,),
        np.float32,
        np.float32,
    )
    assert descend(np.full((4, 2), 0.1)).loss.shape == (5, 2)
    assert descend([0]).weight.tolist() == [5, 5]
    for function in (loss, gradient):
        assert isinstance(function(3), np.float32)
        assert (function([[1.0]]).shape, function([[1]]).dtype) == ((1, 1), np.float32)


def test_a_run_that_diverges_goes_to_infinity_without_a_warning():
    trace = descend([1.1] * 500)
    end = np.flatnonzero(np.isinf(trace.weight))[0]
    assert np.isfinite(trace.weight[:end]).all()
    assert (np.abs(trace.weight[1:end] + 1) > np.abs(trace.weight[: end - 1] + 1)).all()
    assert np.isinf(trace.loss[end])
    assert np.isnan(trace.weight[end + 1 :]).all()
    assert np.isinf(descend(np.full((500, 2), 1.1)).weight).any()


def test_loss_and_gradient_overflow_to_infinity_without_a_warning():
    assert loss([3e38, -3e38, 1e19]).tolist() == [np.inf, np.inf, np.float32(1e19) ** 2]
    assert gradient([3.4e38, -3.4e38, 1e38]).tolist() == [np.inf, -np.inf, np.float32(2e38)]


def test_loss_and_gradient_leave_the_weight_alone():
    weight = np.array([0.5, 2], np.float32)
    assert (loss(weight).tolist(), gradient(weight).tolist()) == ([2.25, 9], [3, 6])
    assert weight.tolist() == [0.5, 2]


@pytest.mark.parametrize("function", [loss, gradient])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e39, [], [0, np.nan], [[1], [2, 3]]])
def test_bad_weights_are_named(function, value):
    with pytest.raises(ValueError, match="^weight must "):
        function(value)


NO_NUMBERS = [None, "0.1", True, 1j, [None], ["a"], [True], [1j], object()]


@pytest.mark.parametrize("value", [*NO_NUMBERS, np.array(["2020"], "datetime64[Y]")])
@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("rates", descend),
        ("start", lambda value: descend([0.1], value)),
        ("weight", loss),
        ("weight", gradient),
    ],
)
def test_what_is_no_number_is_named(name, call, value):
    with pytest.raises(TypeError, match=f"^{name} must be a real number or an array of them, got "):
        call(value)


@pytest.mark.parametrize(
    ("rates", "start", "message"),
    [
        ([0.1, np.nan], 5, "rates must be finite, got nan at index 1"),
        ([np.inf], 5, "rates must be finite, got inf at index 0"),
        ([[0.1, -0.5]], 5, r"rates must be at least 0, got -0.5 at index \(0, 1\)"),
        ([-1e-60], 5, "rates must be at least 0, got -1e-60 at index 0"),
        ([1e39], 5, r"rates must be within the range of float32, got 1e\+39 at index 0"),
        (0.1, 5, r"rates must be 1-dimensional or 2-dimensional, got shape \(\)"),
        ([[[0.1]]], 5, r"rates must be 1-dimensional or 2-dimensional, got shape \(1, 1, 1\)"),
        ([], 5, r"rates must not be empty, got shape \(0,\)"),
        ([[0.1], [0.1, 0.2]], 5, r"rates must be a regular array, got \[\[0.1\], \[0.1, 0.2\]\]"),
        ([0.1], np.nan, "start must be finite, got nan"),
        ([0.1], [5.0], r"start must be .* of shape \(\), got shape \(1,\)"),
        ([[0.1, 0.2]], [5.0, 6.0, 7.0], r"start must be .* of shape \(2,\), got shape \(3,\)"),
        ([[0.1]], [[5.0]], r"start must be a single number or 1-dimensional, got shape \(1, 1\)"),
    ],
)
def test_bad_values_and_shapes_are_named(rates, start, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        descend(rates, start)


LOSSES = {  # in float64: a loss, its slope, and both written out
    "parabola": (
        partial(loss, dtype=np.float64),
        partial(gradient, dtype=np.float64),
        lambda w: (w + 1) ** 2,
        lambda w: 2 * (w + 1),
    ),
    "pseudo-Huber": (
        pseudo_huber,
        pseudo_huber_slope,
        lambda w: 2 * math.sqrt(1 + (w + 1) ** 2) - 2,
        lambda w: 2 * (w + 1) / math.sqrt(1 + (w + 1) ** 2),
    ),
    "two valleys": (
        two_valleys,
        two_valleys_slope,
        lambda w: (3 * w**4 - 8 * w**3 - 6 * w**2 + 24 * w + 19) / 36,
        lambda w: (w + 1) * (w - 1) * (w - 2) / 3,
    ),
}
every_loss = pytest.mark.parametrize(("curve", "slope", "plain", "its_slope"), LOSSES.values())


@every_loss
def test_slopes_are_derivatives_and_curvatures_at_the_minimum_are_2(curve, slope, plain, its_slope):
    w = np.linspace(-9, 7, 33)
    np.testing.assert_allclose(curve(w), [plain(one) for one in w], atol=1e-12)
    np.testing.assert_allclose(slope(w), [its_slope(one) for one in w], atol=1e-12)
    np.testing.assert_allclose(slope(w), (curve(w + 1e-5) - curve(w - 1e-5)) / 2e-5, atol=1e-8)
    assert (slope(-1 + 1e-5) - slope(-1 - 1e-5)) / 2e-5 == pytest.approx(2)
    assert slope(-1) == curve(-1) == 0


@every_loss
def test_a_float64_has_the_result_of_the_array_that_holds_it(curve, slope, plain, its_slope):
    for w in (-1e300, -3.0, 0.1, 5.0, 1e200):
        for function in (curve, slope):
            assert isinstance(function(w), np.float64)
            np.testing.assert_array_equal(function([[w]]), [[function(w)]])
            assert function([[w]]).dtype == np.float64


def test_float64_is_more_precise_and_reaches_farther_than_float32():
    assert loss(0.1, np.float64) == 1.1 * 1.1 != float(loss(0.1))
    assert gradient(0.1, np.float64) == 2 * 1.1 != float(gradient(0.1))
    assert loss(1e39, np.float64) == 1e39 * 1e39
    assert loss([1e200, -1e200], np.float64).tolist() == [np.inf, np.inf]
    assert gradient([1e308, -1e308], np.float64).tolist() == [np.inf, -np.inf]
    for bad in (np.nan, np.inf, 10**400):
        for function in (pseudo_huber, two_valleys_slope, partial(gradient, dtype=np.float64)):
            with pytest.raises(ValueError, match="^weight must be "):
                function(bad)


@pytest.mark.parametrize("function", [loss, gradient])
@pytest.mark.parametrize("dtype", [int, np.float16, "half", None])
def test_another_precision_is_refused(function, dtype):
    with pytest.raises(ValueError, match="^dtype must be np.float32 or np.float64, got "):
        function(1.0, dtype)


@every_loss
@pytest.mark.parametrize("rate", [0, 0.2, 0.9, 1.1, 1.9])
@pytest.mark.parametrize("start", [-0.9, 2, 2e4])
def test_a_descent_on_any_loss_is_that_of_a_plain_loop(curve, slope, plain, its_slope, rate, start):
    weight = [float(start)]
    for _ in range(40):
        weight.append(weight[-1] - rate * its_slope(weight[-1]))
    trace = descend_on(curve, slope, rate, start, 40)
    assert (trace.weight.dtype, trace.loss.dtype) == (np.float64, np.float64)
    np.testing.assert_allclose(trace.weight, weight, rtol=1e-9, atol=1e-12)
    known = np.isfinite(trace.weight)  # a fourth power overflows
    np.testing.assert_array_equal(trace.loss[known], curve(trace.weight[known]))
    assert known.all() or np.isinf(trace.loss[~known][0])


def test_a_descent_on_any_loss_is_nan_after_infinity_and_asks_nothing_about_it():
    def asked(w):
        assert np.isfinite(w).all()
        return 2 * (w + 1)

    trace = descend_on(asked, asked, 1e30, 1.0, 20)
    end = np.flatnonzero(np.isinf(trace.weight))
    assert len(end) == 1
    assert trace.loss[end] == np.inf
    assert np.isnan(trace.weight[end[0] + 1 :]).all()
    assert np.isnan(trace.loss[end[0] + 1 :]).all()
    assert (trace.loss[: end[0]] == asked(trace.weight[: end[0]])).all()


def test_a_descent_of_no_steps_is_its_start():
    assert descend_on(two_valleys, two_valleys_slope, 1, 0, 0).weight.tolist() == [0]


def test_close_to_its_minimum_the_pseudo_huber_loss_keeps_its_digits():
    assert pseudo_huber(-1 + 2.0**-30) == pytest.approx(2.0**-60, rel=1e-12)


@pytest.mark.parametrize("rate", [1.1, 1.25, 1.5, 1.9])
def test_above_the_limit_the_pseudo_huber_loss_has_a_pair_of_points_to_jump_between(rate):
    distance = math.sqrt(rate**2 - 1)
    for start in (-0.9, 0, 2):
        last = descend_on(pseudo_huber, pseudo_huber_slope, rate, start, 200).weight[-2:]
        assert sorted(last + 1) == pytest.approx([-distance, distance], abs=1e-6)


def test_where_valleys_are_many_a_rate_above_the_limit_wanders():
    """So bounded slopes alone do not make the weight jump about one minimum."""
    path = descend_on(lambda w: 1 - np.cos(w), math.sin, 5, 0.1, 1000).weight
    assert (round(path.min()), round(path.max())) == (-91, 41)


@pytest.mark.parametrize(
    ("rate", "start", "ends"),
    [(0.2, -2, -1), (0.2, 1.5, 2), (0.2, 3, 2), (0.9, -2, 2), (0.9, 3, -1), (1.2, 1.5, 2)],
)
def test_with_two_valleys_the_start_decides_as_well_as_the_rate(rate, start, ends):
    last = descend_on(two_valleys, two_valleys_slope, rate, start, 200).weight[-1]
    assert last == pytest.approx(ends, abs=1e-6)
    assert two_valleys_slope([-1, 1, 2]).tolist() == [0, 0, 0]


GOOD = {"loss": pseudo_huber, "slope": pseudo_huber_slope, "rate": 0.1, "start": 5.0, "steps": 3}


@pytest.mark.parametrize(
    ("name", "value", "error", "message"),
    [
        ("loss", 3, TypeError, "must be a function, got 3"),
        ("slope", None, TypeError, "must be a function, got None"),
        ("rate", -0.1, ValueError, "must be at least 0, got -0.1"),
        ("rate", [0.1], ValueError, "must be a single number"),
        ("start", "5", TypeError, "must be a real number"),
        ("steps", -1, ValueError, "must be at least 0, got -1"),
        ("steps", 2.0, TypeError, "must be a whole number, got 2.0"),
    ],
)
def test_a_descent_on_any_loss_names_what_was_wrong(name, value, error, message):
    with pytest.raises(error, match=f"^{name} {message}"):
        descend_on(**GOOD | {name: value})


BOWL_RATES = (0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.909, 0.95, 0.99, 0.999, 1.0, 1.05)
RATIOS = (1, 10, 100, 1000)
MOMENTUM = 0.8


@pytest.mark.parametrize("ratio", RATIOS)
def test_without_momentum_the_steps_are_those_of_the_formula(ratio):
    for rate in BOWL_RATES:
        factor = max(abs(1 - 2 * rate / ratio), abs(1 - 2 * rate))
        wanted = (
            math.inf
            if factor >= 1
            else math.floor(math.log(0.01) / math.log(factor)) + 1
            if factor
            else 1
        )
        assert descend_in_bowl(rate, ratio, 0.0).needed == (
            wanted if wanted <= BOWL_COUNTED else math.inf
        )


@pytest.mark.parametrize(("ratio", "steps"), [(1, 1), (10, 23), (100, 231), (1000, 2303)])
def test_the_fastest_rate_is_2_by_the_sum_of_the_curvatures(ratio, steps):
    fastest = 2 / (2 + 2 / ratio)
    assert descend_in_bowl(fastest, ratio, 0.0).needed == steps
    assert all(
        descend_in_bowl(rate, ratio, 0.0).needed >= steps
        for rate in np.linspace(0.01, 1.1, 110).tolist()
    )
    best = min(
        BOWL_RATES, key=lambda rate: descend_in_bowl(rate, ratio, 0.0).needed
    )  # of the stops
    assert best == pytest.approx(fastest, abs=2e-4)


@pytest.mark.parametrize("momentum", [0.0, MOMENTUM])
@pytest.mark.parametrize("ratio", RATIOS)
def test_the_path_is_that_of_a_matrix(ratio, momentum):
    for rate in BOWL_RATES:
        bowl = descend_in_bowl(rate, ratio, momentum)
        far = np.zeros(BOWL_COUNTED + 1)
        for values, curvature in ((bowl.x, 2 / ratio), (bowl.y, 2)):
            # A step takes (weight, weight before) to (weight + momentum · (weight − weight before)
            # − …, weight).
            matrix = np.array([[1 + momentum - rate * curvature, -momentum], [1, 0]])
            state = np.array([1.0, 1.0])
            for n in range(BOWL_COUNTED + 1):
                far[n] = max(far[n], abs(state[0]))
                if n < len(values):
                    assert values[n] == pytest.approx(state[0], rel=1e-8, abs=1e-9)
                if n > 100 and not 1e-9 < abs(state).max() < 1e9:
                    far[n:] = np.maximum(far[n:], abs(state[0]))
                    break
                state = matrix @ state
        late = np.flatnonzero(far >= 0.01)
        assert bowl.needed == (late[-1] + 1 if late[-1] < BOWL_COUNTED else math.inf)


def test_with_momentum_a_long_valley_takes_fewer_steps_and_a_round_bowl_more():
    for ratio in (100, 1000):
        for rate in BOWL_RATES[:8]:
            assert (
                descend_in_bowl(rate, ratio, MOMENTUM).needed
                < descend_in_bowl(rate, ratio, 0.0).needed
            )
    assert descend_in_bowl(0.5, 1, MOMENTUM).needed == 43


@pytest.mark.parametrize(("momentum", "limit"), [(0, 1.0), (0.5, 1.5), (MOMENTUM, 1.8)])
def test_a_bowl_diverges_from_1_plus_the_momentum_on(momentum, limit):
    assert math.isfinite(descend_in_bowl(limit * 0.99, 10, momentum).needed)
    assert descend_in_bowl(limit * 1.01, 10, momentum).needed == math.inf


def test_a_bowl_cannot_be_changed():
    for values in descend_in_bowl(0.5, 10, 0.0)[:2]:
        assert (values.shape, values.dtype) == ((101,), np.float64)
        with pytest.raises(ValueError, match="read-only"):
            values[0] = 0


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((-0.1, 10, 0), ValueError, "rate must be at least 0, got -0.1"),
        (([0.1], 10, 0), ValueError, "rate must be a single number"),
        ((0.1, 0.5, 0), ValueError, "ratio must be at least 1, got 0.5"),
        ((0.1, 10, 1), ValueError, "momentum must be below 1, got 1"),
        ((0.1, 10, -0.5), ValueError, "momentum must be at least 0, got -0.5"),
        ((0.1, 10, True), TypeError, "momentum must be a real number"),
    ],
)
def test_a_bowl_names_what_was_wrong(arguments, error, message):
    with pytest.raises(error, match=f"^{message}"):
        descend_in_bowl(*arguments)


def test_a_descent_in_the_bowl_that_overflows_never_comes_close():
    bowl = descend_in_bowl(1000, 1500, 0)
    assert np.isnan(bowl.y[-1])
    assert bowl.needed == np.inf
