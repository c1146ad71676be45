"""Decaying rates; TensorFlow's are compared beside the descent that they drive."""

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
def test_stairs_multiply_again_and_lie_on_the_curve_or_above(base, steps, decay_steps, decay_rate):
    stairs = exponential_decay(base, steps, decay_steps, decay_rate, staircase=True)
    smooth = exponential_decay(base, steps, decay_steps, decay_rate)
    stair, corner = np.divmod(steps, decay_steps)[0], np.array(steps) % decay_steps == 0
    product = base * float(np.float32(decay_rate)) ** stair
    np.testing.assert_allclose(stairs, product, rtol=1e-6, atol=1e-37)
    assert (stairs >= smooth).all()
    np.testing.assert_array_equal(stairs[corner], smooth[corner])


def test_the_exponent_is_computed_in_float32():
    assert 1 // 0.1 == 9
    assert exponential_decay(1, 1, 0.1, 0.5, staircase=True) == 0.5**10
    neighbours = exponential_decay(1, [2**24, 2**24 + 1], 2**20, 0.5)  # one number in float32
    assert neighbours.tolist() == [0.5**16] * 2


def test_shapes_types_and_switches():
    assert isinstance(exponential_decay(0.1, 3, 1, 0.9), np.float32)
    rates = exponential_decay(0.1, np.arange(6).reshape(1, 2, 3), 1, 0.9)
    assert (rates.shape, rates.dtype) == ((1, 2, 3), np.float32)
    stairs = [exponential_decay(0.1, 3, 2, 0.9, switch) for switch in (np.True_, True)]
    assert stairs[0] == stairs[1]


@pytest.mark.parametrize("staircase", [False, True])
def test_what_grows_ends_at_infinity_and_0_stays_0(staircase):
    assert exponential_decay(0.1, 10_000, 1, 2.0, staircase) == np.inf
    for step, decay_rate in (([0, 100_000], 1.5), ([0, 129], 2.0), ([1, 2**24], 3.0e38)):
        assert exponential_decay(0.0, step, 1, decay_rate, staircase).tolist() == [0, 0]
        assert exponential_decay(0, step[1], 1, decay_rate, staircase) == 0


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
        np.testing.assert_allclose(rates, wanted, rtol=1e-9, atol=1e-16, err_msg=name)
        np.testing.assert_array_equal(schedule(name, base, [decay_steps], steps)[:, 0], rates)
