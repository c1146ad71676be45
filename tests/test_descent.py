"""The descent, against recordings, the tutorial's tables and the closed form."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from course_lib import Trace, descend, exponential_decay, gradient, loss
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
