"""Numbers of every type are accepted, in every function, and what is no number is refused.

The tests of each function say which message names it.
"""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from course_lib import (
    batch_descent,
    best_decay_steps,
    contraction,
    descend,
    descend_in_bowl,
    descend_on,
    exact_distances,
    exponential_decay,
    figures,
    four_averages,
    gradient,
    loss,
    mean_loss,
    moving_average,
    noisy_descent,
    pseudo_huber,
    pseudo_huber_slope,
    reach,
    regime,
    schedule,
    shadow_variance,
    steps_to,
    two_valleys,
    two_valleys_slope,
    warmup_decay,
    weight_variance,
)
from course_lib.exercises import check
from course_lib.figures import CurvesFigure, ScheduleFigure
from course_lib.live import explore
from course_lib.live.figure import figures_in
from course_lib.validation import as_text, number, numbers, whole_number
from helpers.drawn import shared

FIGURES = figures_in(figures)


class Own:
    """A number of somebody's own, as sympy, mpmath and PyTorch have them."""

    def __init__(self, value):
        self.value = value

    def __float__(self):
        return float(self.value)


class Awkward:
    def __float__(self):
        raise RuntimeError

    __repr__ = __float__


TYPES = [Fraction, Decimal, Own, np.float64, np.longdouble, np.array]
every_type = pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.__name__)


def four_batches(rate):
    return batch_descent(4, rate)


def five_steps(rate, start):
    return descend_on(pseudo_huber, pseudo_huber_slope, rate, start, 5)


def five_distances(rate, start):
    return exact_distances(rate, 5, start)


def five_rates(base, decay_steps):
    return schedule("1/t", base, decay_steps, 5)


def best_for_five(base, noise):
    return best_decay_steps("1/t", base, noise, 5)


CALLS = {  # by function: each takes numbers made from these
    loss: [0.25],
    gradient: [0.25],
    pseudo_huber: [0.25],
    pseudo_huber_slope: [0.25],
    two_valleys: [0.25],
    two_valleys_slope: [0.25],
    descend: [[0.25, 0.5], 3],
    descend_in_bowl: [0.25, 10, 0.5],
    five_steps: [0.25, 3],
    five_distances: [0.25, 3],
    five_rates: [0.25, [2, 4]],
    best_for_five: [0.25, 3],
    four_averages: [[5, 3, 2], 0.5],
    four_batches: [0.25],
    noisy_descent: [0.25, 3],
    moving_average: [[0, 1.5, 10], 0.5, [1, 2]],
    warmup_decay: [0.75, [1, 2]],
    exponential_decay: [0.125, [1, 2], 4, 0.5],
    contraction: [0.25],
    regime: [1],
    steps_to: [0.0625, 0.25, 3],
    reach: [0.125, 2, 0.5],
    weight_variance: [0.25, 3],
    shadow_variance: [[0.25, 0.5], 0.5, 3],
    mean_loss: [[0.25, 0.5], 3, 2],
}


@every_type
@pytest.mark.parametrize("function", CALLS, ids=lambda function: function.__name__)
def test_every_function_takes_numbers_of_any_type(function, kind):
    others = [
        list(map(kind, one)) if isinstance(one, list) else kind(one) for one in CALLS[function]
    ]
    np.testing.assert_equal(function(*others), function(*CALLS[function]))


MASKED = np.ma.array([0.5, 0.25, 0.5], mask=[False, True, False])


@pytest.mark.parametrize("function", CALLS, ids=lambda function: function.__name__)
def test_a_masked_value_is_no_number_in_any_argument(function):
    good = CALLS[function]
    for place, one in enumerate(good):
        lists = MASKED, [0.5, np.ma.masked], [MASKED, MASKED], [[MASKED]]
        for masked in lists if isinstance(one, list) else [np.ma.masked]:
            with pytest.raises(ValueError, match="must hold no masked values, got .*(--|masked)"):
                function(*good[:place], masked, *good[place + 1 :])
    with pytest.raises((ValueError, TypeError), match="--"):
        ScheduleFigure().show(steps=np.ma.array(3, mask=True))


def test_a_masked_array_without_masked_values_is_welcome():
    assert gradient(np.ma.array([0.25, 1])).tolist() == gradient([0.25, 1]).tolist()


@pytest.mark.parametrize("value", [2**64, 10**30, -(2**64), 3 * 10**38])
def test_an_integer_is_a_number_however_long_it_is(value):
    assert gradient([value, 1]).tolist() == gradient([float(value), 1.0]).tolist()
    assert number("w", value) == float(value)
    assert descend([0.1], value).weight.tolist() == descend([0.1], float(value)).weight.tolist()


@pytest.mark.parametrize(
    "value",
    [10**400, -(10**400), 10**5000, [1, 10**400], Fraction(10**400), Decimal("1e400")],
    ids=as_text,
)
def test_a_number_too_large_for_float32_is_called_so(value):
    said = "^w must be (within the range of a float, got [^N]|finite, got inf)"
    with pytest.raises(ValueError, match=said):
        numbers("w", value)


@pytest.mark.parametrize(
    "value",
    [
        Awkward(),
        [Awkward()],
        [0.1, Fraction(1, 2), True],
        [Fraction(1, 2), "1"],
        [Fraction(1, 2), None],
        [Fraction(1, 2), 1j],
        np.array(["1"], object),
        np.array([np.str_("1")], object),
        np.timedelta64(1),
        Decimal,
    ],
)
def test_what_is_no_number_stays_none(value):
    with pytest.raises(TypeError, match="^w must be a real number or an array of them, got "):
        numbers("w", value)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([Fraction(1, 5), Fraction(-1, 4)], "w must be at least 0, got -0.25 at index 1"),
        (Decimal("NaN"), "w must be finite, got nan"),
        ([[Fraction(1)], [Fraction(1), 2]], "w must be a regular array, got "),
    ],
)
def test_rules_hold_for_every_type(value, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        numbers("w", value, low=0)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_bound_is_named_with_the_first_value_that_breaks_it(dtype):
    for bound, good, bad, rule in (
        ("low", 1, 0.5, "at least 1"),
        ("above", 1.5, 1, "greater than 1"),
        ("high", 1, 1.5, "at most 1"),
        ("below", 0.5, 1, "below 1"),
    ):
        found = numbers("w", [good, good], **{bound: 1}, dtype=dtype)
        assert (found.tolist(), found.dtype) == ([good, good], dtype)
        with pytest.raises(ValueError, match=rf"^w must be {rule}, got {bad:.1f} at index 1$"):
            numbers("w", [good, float(bad), bad], **{bound: 1}, dtype=dtype)
        with pytest.raises(ValueError, match=f"^w must be {rule}, got {bad}$"):
            number("w", bad, **{bound: 1})


def test_float64_holds_what_float32_cannot():
    assert numbers("w", [1e39, 0.1], dtype=np.float64).tolist() == [1e39, 0.1]
    assert numbers("w", 1e-60, above=0, dtype=np.float64) == 1e-60
    with pytest.raises(ValueError, match="^w must be within the range of float32, got 1e\\+39$"):
        number("w", 1e39)


def test_a_whole_number_may_be_without_an_upper_limit():
    assert whole_number("steps", 10**30, low=1) == 10**30
    with pytest.raises(ValueError, match="^steps must be at least 1, got 0$"):
        whole_number("steps", 0, low=1)


def test_a_text_of_more_than_80_characters_is_cut():
    assert as_text("a" * 80, str) == "a" * 80
    assert as_text("a" * 81, str) == "a" * 77 + "..."
    assert as_text("a\n b", str) == "a b"


@pytest.mark.parametrize("value", [np.int8(3), np.array(3), np.uint64(3)])
def test_a_whole_number_may_be_numpy_s(value):
    assert type(whole_number("steps", value, low=0, high=9)) is int


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (True, TypeError),
        (np.True_, TypeError),
        (np.array(True), TypeError),
        (np.array([3]), TypeError),
        (Fraction(3), TypeError),
        ("3", TypeError),
        (2**64, ValueError),
        (10**5000, ValueError),
    ],
    ids=as_text,
)
def test_what_is_no_whole_number_is_named(value, error):
    with pytest.raises(error, match="^steps must be "):
        whole_number("steps", value, low=0, high=9)


@every_type
@pytest.mark.parametrize("name", [name for name in FIGURES if name != "AverageFigure"])
def test_a_picture_takes_settings_of_any_type(name, kind):
    figure, _ = shared(FIGURES[name])
    for setting, control in figure.controls.items():
        if isinstance(control.stops[0], float):
            value = control.stops[-1]
            assert figure.show(**{setting: float(kind(value))}) == figure.show(
                **{setting: kind(value)}
            )


def test_pictures_and_panels_are_made_of_any_numbers():
    half = Fraction(1, 2)
    assert repr(ScheduleFigure(half).show()) == repr(ScheduleFigure(0.5).show())
    made = CurvesFigure([half, 1], {"half": [half, 2]}, "x", "y", (half, 2), "half")
    assert repr(made.show()) == repr(
        CurvesFigure([0.5, 1], {"half": [0.5, 2]}, "x", "y", (0.5, 2), "half").show()
    )
    average = FIGURES["AverageFigure"]([half, 1, 2]).show(half, [half, Decimal(3)])
    assert average.settings == {"decay": 0.5, "num_updates": (0.5, 3.0)}
    panel = explore(FIGURES["DescentFigure"](), rate=(Fraction(1, 5), Decimal("0.5")))
    panel.move(rate=half)
    assert panel.settings == {"rate": 0.5}
    assert type(panel.grid.stops["rate"][0]) is float


@every_type
def test_an_answer_may_be_of_any_type(kind, capsys):
    check("3.1", kind(600))
    check("3.1", kind(601))
    assert capsys.readouterr().out.startswith(
        "Exercise 3.1: right. 60,000 / 100 = 600 steps make an epoch.\nExercise 3.1: 601 is not it."
    )


def test_a_class_that_fails_at_its_own_text_is_named():
    assert as_text(Awkward()) == "a Awkward"
    with pytest.raises(ValueError, match="^there is no exercise a Awkward; there is "):
        check(Awkward(), 1)
