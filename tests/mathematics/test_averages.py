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


def test_the_tutorial_s_nine_pairs():
    values = [0.0, 1.0] + [10.0] * 7
    shadow = moving_average(values, 0.99, [0] + [100] * 7)
    assert TABLES["section_4_moving_average"]["rows"] == [
        [str(w), str(s)] for w, s in zip(values, shadow, strict=True)
    ]


@settings(deadline=None)
@given(VALUES, DECAYS)
def test_the_shadow_is_the_sum_of_what_is_left_of_each_value(values, decay):
    """The closed form in float64: (1 − d) · Σ dᵏ v, and dⁿ of the start; each update rounds a few
    times.
    """
    n = len(values) - 1
    left = (1 - float(decay)) * float(decay) ** np.arange(n)[::-1]
    expected = float(decay) ** n * float(values[0]) + np.sum(left * values[1:])
    rounding = 1e-6 * (n + 1) * np.abs(values).max() + np.finfo(np.float32).tiny
    assert abs(moving_average(values, decay)[-1] - expected) <= rounding


@settings(deadline=None)
@given(VALUES, DECAYS, st.none() | st.integers(0, 2000))
def test_the_shadow_stays_between_the_smallest_and_the_largest_value(values, decay, num_updates):
    """Up to the rounding of s − v and of the product, which is relative to their size and not to
    the shadow's.
    """
    before = values.copy()
    shadow = moving_average(values, decay, num_updates)
    slack = 2e-7 * (np.abs(values).max() + np.ptp(values))
    assert (shadow >= np.minimum.accumulate(values) - slack * np.arange(len(values))).all()
    assert (shadow <= np.maximum.accumulate(values) + slack * np.arange(len(values))).all()
    np.testing.assert_array_equal(values, before)


@settings(deadline=None)
@given(st.integers(1, 20), st.integers(1, 4), DECAYS)
def test_averages_side_by_side_are_the_single_ones(n, k, decay):
    values = np.random.RandomState(n).uniform(-5, 5, (n, k)).astype(np.float32)
    for column, together in zip(values.T, moving_average(values, decay).T, strict=True):
        np.testing.assert_array_equal(together, moving_average(column, decay))


def test_warm_up():
    assert warmup_decay(0.99, 889) < np.float32(0.99) == warmup_decay(0.99, 890)
    np.testing.assert_array_equal(
        warmup_decay(0.99, [0, 100]), np.array([0.1, 101 / 110], np.float32)
    )
    assert isinstance(warmup_decay(0.5, 3), np.float32)
    assert warmup_decay(0.5, [[3]]).shape == (1, 1)


def test_num_updates_may_be_one_number_or_one_for_each_update():
    values = [0, 1, 10, 10]
    np.testing.assert_array_equal(
        moving_average(values, 0.99, 100), moving_average(values, 0.99, [100] * 3)
    )
    assert moving_average([3], 0.9).tolist() == moving_average([3], 0.9, 5).tolist() == [3]
    assert moving_average([3], 0.9, []).tolist() == [3]


@pytest.mark.parametrize("shape", [(1,), (5,), (1, 3), (4, 2)])
@pytest.mark.parametrize("num_updates", [None, 3])
def test_shapes_and_types(shape, num_updates):
    shadow = moving_average(np.ones(shape), 0.9, num_updates)
    assert (shadow.shape, shadow.dtype) == (shape, np.float32)


def test_a_decay_of_0_forgets_all_and_of_1_nothing():
    assert moving_average([1, 2, 3], 0).tolist() == [1, 2, 3]
    assert moving_average([1, 2, 3], 1).tolist() == [1, 1, 1]


def test_values_near_float32_s_end_overflow_as_in_tensorflow_without_a_warning():
    """Its s − (s − v) · (1 − d): the difference overflows, and one update later inf − inf is not a
    number.
    """
    big = 3e38
    np.testing.assert_array_equal(
        moving_average([big, -big, big, 0], 0.5),
        np.array([big, -np.inf, np.nan, np.nan], np.float32),
    )
    np.testing.assert_array_equal(
        moving_average([big, -big], 1), np.array([big, np.nan], np.float32)
    )  # inf · 0
    np.testing.assert_array_equal(
        moving_average([big, big, 0], 0.5), np.array([big, big, big / 2], np.float32)
    )
    assert warmup_decay(0.99, big) == np.float32(0.99)


GOOD = {"values": [0.0, 1.0, 2.0], "decay": 0.9, "num_updates": [1, 2]}


@pytest.mark.parametrize("value", ["1", True, 1j, [None, 2]])
@pytest.mark.parametrize("name", GOOD)
def test_what_is_no_number_is_named(name, value):
    with pytest.raises(TypeError, match=f"^{name} must be a real number or an array of them, got "):
        moving_average(**GOOD | {name: value})


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("values", [], r"must not be empty, got shape \(0,\)"),
        ("values", 3.0, r"must be 1-dimensional or 2-dimensional, got shape \(\)"),
        ("values", [0, np.inf, 1], "must be finite, got inf at index 1"),
        ("values", [0, 1e39], r"must be within the range of float32, got 1e\+39 at index 1"),
        ("values", [[0, 1], [2]], r"must be a regular array, got \[\[0, 1\], \[2\]\]"),
        ("values", [[[0.0]]], r"must be 1-dimensional or 2-dimensional, got shape \(1, 1, 1\)"),
        ("decay", -0.1, "must be at least 0, got -0.1"),
        ("decay", 1.00000001, "must be at most 1, got 1.00000001"),
        ("decay", np.nan, "must be finite, got nan"),
        ("decay", [0.9, 0.9], r"must be a single number, got shape \(2,\)"),
        ("num_updates", -1, "must be at least 0, got -1"),
        ("num_updates", [1, np.nan], "must be finite, got nan at index 1"),
        ("num_updates", [1], "must be a single number or one for each of the 2 updates, got 1"),
        (
            "num_updates",
            [1, 2, 3],
            "must be a single number or one for each of the 2 updates, got 3",
        ),
        ("num_updates", [[1, 2]], r"must be a single number or 1-dimensional, got shape \(1, 2\)"),
    ],
)
def test_bad_values_are_named(name, value, message):
    with pytest.raises(ValueError, match=f"^{name} {message}$"):
        moving_average(**GOOD | {name: value})


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        *(
            (name, value, TypeError)
            for name in ("decay", "num_updates")
            for value in (None, "1", True, 1j, [None, 2])
        ),
        *(
            (name, value, ValueError)
            for name in ("decay", "num_updates")
            for value in (np.nan, np.inf, -0.1, [])
        ),
        *(("decay", value, ValueError) for value in (1.1, [0.9])),
        *(("num_updates", value, ValueError) for value in ([1, -1], [[1], [2, 3]], 1e39)),
    ],
)
def test_what_the_warm_up_cannot_take_is_named(name, value, error):
    with pytest.raises(error, match=f"^{name} must "):
        warmup_decay(**{"decay": 0.9, "num_updates": 3} | {name: value})


def test_no_array_that_is_given_is_changed():
    given = (
        np.array([[0, 1], [2, 3]], np.float32),
        np.array(0.9, np.float32),
        np.array([1], np.float32),
    )
    before = [array.copy() for array in given]
    moving_average(*given)
    warmup_decay(*given[1:])
    for array, copy in zip(given, before, strict=True):
        np.testing.assert_array_equal(array, copy)


@pytest.mark.parametrize("num_updates", [None, 3, [], [1]])
@pytest.mark.parametrize(("decay", "rule"), [(2, "at most 1"), (-1, "at least 0")])
def test_the_decay_is_checked_however_few_values_there_are(num_updates, decay, rule):
    with pytest.raises(ValueError, match=f"^decay must be {rule}, got {decay}$"):
        moving_average([3.0] if num_updates == [] else [3.0, 4.0], decay, num_updates)


@pytest.mark.parametrize("decay", [0, 0.5, 0.9, 0.995])
def test_four_averages_are_those_written_out(decay):
    weight = descend([0.2] * 40).weight
    w = weight.tolist()
    shares = [(1 - decay) * decay ** np.arange(t)[::-1] for t in range(1, 41)]
    zero = np.array([share @ w[1 : t + 1] for t, share in enumerate(shares, start=1)])
    averages = four_averages(weight, decay)
    assert list(averages) == ["initial", "first", "zero", "corrected"]
    np.testing.assert_array_equal(averages["initial"], moving_average(weight, decay)[1:])
    np.testing.assert_array_equal(averages["first"], moving_average(weight[1:], decay))
    np.testing.assert_allclose(averages["zero"], zero, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(
        averages["corrected"], zero / [sum(share) for share in shares], rtol=1e-5, atol=2e-5
    )
    assert [one.dtype for one in averages.values()] == [np.float32] * 3 + [np.float64]


def test_a_corrected_average_begins_with_the_first_value_as_it_is():
    for decay in (0.1, 0.9, 0.99, 0.995):
        assert four_averages([5, 0.3], decay)["corrected"] == pytest.approx(0.3, rel=1e-6)


@pytest.mark.parametrize(
    ("weight", "decay", "error", "message"),
    [
        ([5.0], 0.9, ValueError, "weight must hold two values or more, got 1"),
        ([[5.0, 1.0]], 0.9, ValueError, "weight must be 1-dimensional"),
        (["5", "1"], 0.9, TypeError, "weight must be a real number"),
        ([5.0, 1.0], 1, ValueError, "decay must be below 1, got 1"),
        ([5.0, 1.0], 1 - 1e-9, ValueError, "decay must be below 1, got 1"),
        ([5.0, 1.0], -0.1, ValueError, "decay must be at least 0, got -0.1"),
        ([5.0, 1.0], [0.9], ValueError, "decay must be a single number"),
    ],
)
def test_four_averages_name_what_was_wrong(weight, decay, error, message):
    with pytest.raises(error, match=f"^{message}"):
        four_averages(weight, decay)


def test_the_decay_of_an_average_is_one_number():
    with pytest.raises(ValueError, match="^decay must be a single number"):
        moving_average([0, 1], [0.5])
