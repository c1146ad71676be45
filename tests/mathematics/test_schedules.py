"""The exponential decay; its values against TensorFlow's are checked beside the descent that they
drive.
"""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib import exponential_decay, schedule
from course_lib.schedules import SHARES

BASES = st.floats(2**-10, 2, width=32)
DECAYS = st.floats(0.01, 0.99)
STEPS = st.lists(st.integers(0, 2000), min_size=1, max_size=30)


@given(BASES, STEPS, st.integers(1, 50), DECAYS)
def test_stairs_lie_on_or_above_the_curve_and_meet_it_at_their_corners(
    base, steps, decay_steps, decay_rate
):
    stairs = exponential_decay(base, steps, decay_steps, decay_rate, staircase=True)
    smooth = exponential_decay(base, steps, decay_steps, decay_rate)
    corner = np.array(steps) % decay_steps == 0
    assert (stairs >= smooth).all()
    np.testing.assert_array_equal(stairs[corner], smooth[corner])


@given(BASES, st.integers(0, 400), st.integers(1, 20), DECAYS)
def test_a_corner_is_repeated_multiplication(base, corner, decay_steps, decay_rate):
    rate = exponential_decay(base, corner * decay_steps, decay_steps, decay_rate, staircase=True)
    product = float(base) * np.prod(np.full(corner, float(np.float32(decay_rate))))
    np.testing.assert_allclose(rate, product, rtol=1e-6, atol=1e-37)


def test_the_exponent_is_the_floor_of_the_float32_quotient():
    assert 1 // 0.1 == 9
    assert exponential_decay(1, 1, 0.1, 0.5, staircase=True) == 0.5**10


def test_neighbouring_steps_share_a_rate_where_float32_cannot_tell_them_apart():
    assert (
        exponential_decay(1, 2**24, 2**20, 0.5)
        == exponential_decay(1, 2**24 + 1, 2**20, 0.5)
        == 0.5**16
    )


def test_shapes_and_types():
    assert isinstance(exponential_decay(0.1, 3, 1, 0.9), np.float32)
    steps = np.arange(6).reshape(1, 2, 3)
    rates = exponential_decay(0.1, steps, 1, 0.9)
    assert (rates.shape, rates.dtype) == ((1, 2, 3), np.float32)
    assert steps.tolist() == [[[0, 1, 2], [3, 4, 5]]]


def test_a_growing_rate_ends_at_infinity_without_a_warning():
    assert exponential_decay(0.1, 10_000, 1, 2.0) == np.inf


@pytest.mark.parametrize(
    ("step", "decay_rate"), [([0, 100_000], 1.5), ([0, 129], 2.0), ([1, 2**24], 3.0e38)]
)
@pytest.mark.parametrize("staircase", [False, True])
def test_a_rate_of_0_stays_0_also_where_the_factor_is_infinite(step, decay_rate, staircase):
    assert exponential_decay(0.0, step, 1, decay_rate, staircase).tolist() == [0, 0]
    assert exponential_decay(0, step[1], 1, decay_rate, staircase) == 0


GOOD = {"base": 0.1, "step": 3, "decay_steps": 2, "decay_rate": 0.9}


@pytest.mark.parametrize("value", [None, "1", True, 1j, [1, "a"]])
@pytest.mark.parametrize("name", GOOD)
def test_what_is_no_number_is_named(name, value):
    with pytest.raises(TypeError, match=f"^{name} must be a real number or an array of them, got "):
        exponential_decay(**GOOD | {name: value})


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        *(
            (name, value, f"finite, got {value}")
            for name in GOOD
            for value in (np.nan, np.inf, -np.inf)
        ),
        *((name, -1, "at least 0, got -1") for name in ("base", "step")),
        *(
            (name, value, f"greater than 0, got {value}")
            for name in ("decay_steps", "decay_rate")
            for value in (0, -1, 1e-60)
        ),
        *(
            (name, [0.5], r"a single number, got shape \(1,\)")
            for name in ("base", "decay_steps", "decay_rate")
        ),
        ("step", [0, -2], "at least 0, got -2 at index 1"),
        ("step", [], r"not be empty, got shape \(0,\)"),
        ("step", [[1], [2, 3]], r"a regular array, got \[\[1\], \[2, 3\]\]"),
        *((name, 1e39, r"within the range of float32, got 1e\+39") for name in GOOD),
    ],
)
def test_bad_values_are_named(name, value, message):
    with pytest.raises(ValueError, match=rf"^{name} must (be )?{message}$"):
        exponential_decay(**GOOD | {name: value})


@pytest.mark.parametrize("value", [None, 1, "yes", [True]])
def test_staircase_is_a_bool(value):
    with pytest.raises(TypeError, match="^staircase must be True or False, got "):
        exponential_decay(**GOOD, staircase=value)


def test_numpy_s_bool_will_do():
    assert exponential_decay(**GOOD, staircase=np.True_) == exponential_decay(
        **GOOD, staircase=True
    )


@pytest.mark.parametrize("base", [0, 0.3, 0.9])
@pytest.mark.parametrize(("decay_steps", "steps"), [(1, 1), (35, 36), (7.5, 2000), (2000, 2000)])
def test_schedules_are_those_written_out(base, decay_steps, steps):
    written = {
        "constant": lambda t: base,
        "exponential": lambda t: base * 2 ** (-t / decay_steps),
        "staircase": lambda t: base / 2 ** (t // decay_steps),
        "1/t": lambda t: base * decay_steps / (decay_steps + t),
        "half cosine": lambda t: (
            base * math.cos(math.pi * min(t, decay_steps) / decay_steps / 2) ** 2
        ),
    }
    assert list(written) == list(SHARES)
    for name, rate in written.items():
        rates = schedule(name, base, decay_steps, steps)
        assert rates.dtype == np.float64
        wanted = [rate(t) for t in range(steps)]
        np.testing.assert_allclose(rates, wanted, rtol=1e-9, atol=1e-16)
        np.testing.assert_array_equal(schedule(name, base, [decay_steps], steps)[:, 0], rates)


@pytest.mark.parametrize("staircase", [False, True])
def test_a_schedule_by_name_is_the_exponential_decay_of_the_course(staircase):
    name = "staircase" if staircase else "exponential"
    by_tensorflow = exponential_decay(0.3, np.arange(100), 7, 0.5, staircase)
    np.testing.assert_allclose(schedule(name, 0.3, 7, 100), by_tensorflow, rtol=3e-6)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (("linear", 0.1, 5, 9), ValueError, "there is no name 'linear'; there is 'constant', "),
        (("1/t", -0.1, 5, 9), ValueError, "base must be at least 0, got -0.1"),
        (("1/t", [0.1], 5, 9), ValueError, "base must be a single number"),
        (("1/t", 0.1, 0, 9), ValueError, "decay_steps must be greater than 0, got 0"),
        (("1/t", 0.1, 5, 0), ValueError, "steps must be at least 1, got 0"),
        (("1/t", 0.1, 5, 9.0), TypeError, "steps must be a whole number, got 9.0"),
    ],
)
def test_a_schedule_names_what_was_wrong(arguments, error, message):
    with pytest.raises(error, match=f"^{message}"):
        schedule(*arguments)
