"""The shadow and its warm-up, against recordings, the tutorial's pairs and the closed form."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from course_lib import descend, four_averages, moving_average, warmup_decay
from helpers.recordings import TABLES, TENSORFLOW, floats

VALUES = arrays.arrays(np.float32, st.integers(1, 40), elements=st.floats(-1000, 1000, width=32))
DECAYS = st.floats(0, 1, width=32)


@pytest.mark.parametrize("recording", TENSORFLOW["ema"])
def test_tensorflow_is_matched_bit_for_bit(recording):
    np.testing.assert_array_equal(moving_average(**recording["case"]), floats(recording["shadow"]))


def test_the_nine_pairs_of_the_tutorial_are_met():
    values = [0.0, 1.0] + [10.0] * 7
    pairs = zip(values, moving_average(values, 0.99, [0] + [100] * 7), strict=True)
    rows = [[str(w), str(s)] for w, s in pairs]
    assert TABLES["section_4_moving_average"]["rows"] == rows


@settings(deadline=None)
@given(VALUES, DECAYS, st.sampled_from([None, 0, 3, 100]))
def test_the_shadow_is_what_is_left_of_each_value(values, decay, num_updates):
    """(1 − d) · Σ dᵏ v, and dⁿ of the start, in float64; each update rounds a few times."""
    n, ramp = len(values) - 1, 1 if num_updates is None else (1 + num_updates) / (10 + num_updates)
    kept = min(decay, ramp)
    expected = kept**n * float(values[0]) + (1 - kept) * kept ** np.arange(n)[::-1] @ values[1:]
    rounding = 1e-6 * (n + 1) * np.abs(values).max() + np.finfo(np.float32).tiny
    assert abs(moving_average(values, decay, num_updates)[-1] - expected) <= rounding


@settings(deadline=None)
@given(st.integers(1, 20), st.integers(1, 4), DECAYS)
def test_averages_side_by_side_are_the_single_ones(n, k, decay):
    values = np.random.RandomState(n).uniform(-5, 5, (n, k)).astype(np.float32)
    for column, together in zip(values.T, moving_average(values, decay).T, strict=True):
        np.testing.assert_array_equal(together, moving_average(column, decay))


def test_warm_up():
    assert warmup_decay(0.99, 889) < np.float32(0.99) == warmup_decay(0.99, 890)
    assert warmup_decay(0.99, 3e38) == np.float32(0.99)
    wanted = np.array([0.1, 101 / 110], np.float32)
    np.testing.assert_array_equal(warmup_decay(0.99, [0, 100]), wanted)
    assert isinstance(warmup_decay(0.5, 3), np.float32)
    assert warmup_decay(0.5, [[3]]).shape == (1, 1)


def test_num_updates_may_be_one_number_or_one_for_each_update():
    each = moving_average([0, 1, 10, 10], 0.99, [100] * 3)
    np.testing.assert_array_equal(moving_average([0, 1, 10, 10], 0.99, 100), each)
    for num_updates in (None, 5, []):
        assert moving_average([3], 0.9, num_updates).tolist() == [3], num_updates


@pytest.mark.parametrize("shape", [(1,), (5,), (1, 3), (4, 2)])
@pytest.mark.parametrize("num_updates", [None, 3])
def test_shapes_and_types(shape, num_updates):
    shadow = moving_average(np.ones(shape), 0.9, num_updates)
    assert (shadow.shape, shadow.dtype) == (shape, np.float32)


EXTREME = [
    ([1, 2, 3], 0, [1, 2, 3]),
    ([1, 2, 3], 1, [1, 1, 1]),
    # As in TensorFlow, s − (s − v) · (1 − d): the difference overflows, and one update later
    # inf − inf is not a number.
    ([3e38, -3e38, 3e38, 0], 0.5, [3e38, -np.inf, np.nan, np.nan]),
    ([3e38, -3e38], 1, [3e38, np.nan]),  # inf · 0
    ([3e38, 3e38, 0], 0.5, [3e38, 3e38, 1.5e38]),
]


@pytest.mark.parametrize(("values", "decay", "shadow"), EXTREME)
def test_extreme_decays_and_values(values, decay, shadow):
    np.testing.assert_array_equal(moving_average(values, decay), np.array(shadow, np.float32))


@pytest.mark.parametrize("decay", [0, 0.1, 0.5, 0.9, 0.99, 0.995])
def test_four_averages_are_those_written_out(decay):
    weight = descend([0.2] * 40).weight
    w = weight.tolist()
    shares = [(1 - decay) * decay ** np.arange(t)[::-1] for t in range(1, 41)]
    zero = np.array([share @ w[1 : t + 1] for t, share in enumerate(shares, start=1)])
    corrected = zero / [sum(share) for share in shares]
    averages = four_averages(weight, decay)
    assert list(averages) == ["initial", "first", "zero", "corrected"]
    np.testing.assert_array_equal(averages["initial"], moving_average(weight, decay)[1:])
    np.testing.assert_array_equal(averages["first"], moving_average(weight[1:], decay))
    np.testing.assert_allclose(averages["zero"], zero, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(averages["corrected"], corrected, rtol=1e-5, atol=2e-5)
    assert averages["corrected"][0] == pytest.approx(w[1], rel=1e-6)
    assert [one.dtype for one in averages.values()] == [np.float32] * 3 + [np.float64]
