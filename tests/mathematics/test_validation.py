"""What each function of the mathematics takes: numbers of every type, and nothing that is none."""

import re
from decimal import Decimal
from fractions import Fraction
from functools import partial
from inspect import isfunction, signature

import numpy as np
import pytest

import course_lib as lib
from course_lib import figures
from course_lib.exercises import check
from course_lib.figures import CurvesFigure, ScheduleFigure
from course_lib.validation import as_text, number, numbers, whole_number
from helpers.drawn import figure


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


def real(good, shapes=(0,), dtype="float32", **bounds):
    """An argument of real numbers: one that is good, the dimensions and the bounds it may have."""
    return "real", good, shapes, dtype, bounds


def whole(good, low, high=None):
    return "whole", good, low, high


def takes(function, /, **arguments):
    return function, arguments


ANY, LISTS, SWITCH = (0, 1, 2, 3), (1, 2), ("switch", True)
WEIGHT, WEIGHT64 = real(0.25, ANY), real(0.25, ANY, "float64")
RATE, START, BASE, NOISE = real(0.25, low=0), real(3), real(0.125, low=0), real(3, low=0)
RATES, COUNT, COUNTS = (real([1, 2], shapes, low=0) for shapes in (LISTS, (0, 1), ANY))
BATCH, STEPS, RUN, NAME = whole(4, 1, 256), whole(5, 0), whole(5, 1), ("schedule", "1/t")
DECAY, SHARE = real(0.5, low=0, high=1), real(0.5, low=0, below=1)
PERIOD, PERIODS = real(4, above=0), real([2, 4], (0, 1), "float64", above=0)
DECAYING = {"base": BASE, "decay_steps": PERIOD, "staircase": SWITCH}
LOSS, SLOPE = ("function", lib.loss), ("function", lib.gradient)
STABLE = real([0.25, 0.5], ANY, "float64", low=0, below=1)
FUNCTIONS = [
    takes(lib.loss, weight=WEIGHT),
    takes(lib.gradient, weight=WEIGHT),
    takes(partial(lib.loss, dtype=np.float64), weight=WEIGHT64),
    takes(partial(lib.gradient, dtype=np.float64), weight=WEIGHT64),
    takes(lib.pseudo_huber, weight=WEIGHT64),
    takes(lib.pseudo_huber_slope, weight=WEIGHT64),
    takes(lib.two_valleys, weight=WEIGHT64),
    takes(lib.two_valleys_slope, weight=WEIGHT64),
    takes(lib.descend, rates=RATES, start=real(3, (0, 1))),
    takes(lib.descend, rates=real([[0.25, 0.5]], LISTS, low=0), start=real([3, 4], (0, 1))),
    takes(lib.descend_on, loss=LOSS, slope=SLOPE, rate=RATE, start=START, steps=STEPS),
    takes(lib.descend_in_bowl, rate=RATE, ratio=real(10, low=1), momentum=SHARE),
    takes(lib.moving_average, values=real([0, 1.5, 10], LISTS), decay=DECAY, num_updates=COUNT),
    takes(partial(lib.moving_average, [3, 4]), decay=DECAY),
    takes(partial(lib.moving_average, [3]), decay=DECAY),
    takes(partial(lib.moving_average, [3], num_updates=[]), decay=DECAY),
    takes(lib.warmup_decay, decay=DECAY, num_updates=COUNTS),
    takes(lib.four_averages, weight=real([5, 3, 2] * 3, (1,)), decay=SHARE),
    takes(lib.batch_means, batch=BATCH),
    takes(lib.batch_descent, batch=BATCH, rate=RATE),
    takes(lib.noisy_descent, rate=RATE, start=START),
    takes(lib.weight_variance, rate=STABLE, noise=NOISE),
    takes(lib.shadow_variance, rate=STABLE, decay=SHARE, noise=NOISE),
    takes(lib.mean_loss, rates=real([1, 2], LISTS, "float64", low=0), noise=NOISE, start=START),
    takes(lib.best_decay_steps, name=NAME, base=BASE, noise=NOISE, steps=RUN),
    takes(partial(lib.best_decay_steps, "constant", 0.1, 3), steps=RUN),
    takes(lib.schedule, name=NAME, base=BASE, decay_steps=PERIODS, steps=RUN),
    takes(lib.exponential_decay, **DECAYING, step=COUNTS, decay_rate=real(2, above=0)),
    takes(lib.contraction, rate=RATE),
    takes(lib.regime, rate=RATE),
    takes(lib.steps_to, tolerance=real(0.0625, above=0), rate=RATE, start=START),
    takes(lib.exact_distances, rate=RATE, steps=STEPS, start=START),
    takes(lib.reach, **DECAYING, decay_rate=real(0.5, above=0, below=1)),
]
MASKED = np.ma.array([0.5, 0.25, 0.5], mask=[False, True, False])
NO_NUMBERS = [None, "0.1", True, 1j, [None, 2], ["a"], [True], [1j], object(), Decimal]
NO_NUMBERS += [np.array(["2020"], "datetime64[Y]"), np.timedelta64(1), Awkward(), [Awkward()]]
NO_NUMBERS += [np.array([one], object) for one in ("1", np.str_("1"))]
NO_NUMBERS += [[0.1, Fraction(1, 2), True]]
NO_NUMBERS += [[Fraction(1, 2), one] for one in ("1", None, 1j)]
NO_WHOLES = [None, "3", True, np.True_, np.array(True), np.array([3]), 2.0, 2.5, Fraction(3)]
NO_WHOLES += [np.ma.array(3, mask=True)]


def bad(kind, good, *rules):
    """Each value that an argument refuses, with what is said of it."""
    if kind == "real":
        yield from ((value, "a real number or an array of them, got ") for value in NO_NUMBERS)
        yield from bad_numbers(good, *rules)
    if kind == "whole":
        low, high = rules
        rule = f"at least {low}" if high is None else f"from {low} to {high}"
        yield from ((value, "a whole number, got ") for value in NO_WHOLES)
        yield from ((value, rule) for value in [low - 1] + [10**5000, 2**64] * (high is not None))
    if kind == "switch":
        yield from ((value, "True or False, got ") for value in (None, 1, "yes", [True]))
    if kind == "function":
        yield from ((value, "a function, got ") for value in (None, 3))


def bad_numbers(good, shapes, dtype, bounds):
    for masked in (np.ma.masked, MASKED, [0.5, np.ma.masked], [MASKED, MASKED], [[MASKED]]):
        yield masked, "hold no masked values, got .*(--|masked)"
    yield [[1], [2, 3]], r"a regular array, got \[\[1\], \[2, 3\]\]"
    names = ["a single number", "1-dimensional", "2-dimensional"]
    wanted = " or ".join(names[n] for n in shapes if n < 3)
    one = np.ravel(good)[0]
    for n in {0, 1, 2, 3} - {*shapes}:
        yield np.full((1,) * n, one), f"{wanted}, got shape {re.escape(str((1,) * n))}$"
    yield [], rf"{'not be empty' if 1 in shapes else wanted}, got shape \(0,\)$"
    wrong = [(value, f"finite, got {value}") for value in (np.nan, np.inf, -np.inf)]
    if dtype == "float32":
        wrong += [(1e39, r"within the range of float32, got 1e\+39")]
        wrong += [(1e-60, "greater than 0, got 1e-60")] * ("above" in bounds)
    for bound, rule, step in (
        ("low", "at least", -1e-8),
        ("above", "greater than", 0),
        ("high", "at most", 1e-8),
        ("below", "below", 0),
    ):
        if bound in bounds:
            value = float(bounds[bound] + step)
            wrong += [(value, f"{rule} {bounds[bound]}, got {value}")]
    place, depth = {0: "", 1: " at index 0", 2: r" at index \(0, 0\)"}[min(shapes)], min(shapes)
    for value, said in wrong:
        yield np.full((1,) * depth, value).tolist(), f"{said}{place}$"
        if 1 in shapes:
            yield [one, value, value], f"{said} at index 1$"
    if 1 in shapes:
        huge = 10**400
        for value in (huge, -huge, 10**5000, Fraction(huge), Decimal("1e400")):
            yield [1, value], "(within the range of a float, got [^N]|finite, got inf)"


NAMES = [getattr(function, "func", function).__name__ for function, _ in FUNCTIONS]


@pytest.mark.parametrize(("function", "arguments"), FUNCTIONS, ids=NAMES)
def test_every_function_names_a_bad_argument(function, arguments):
    good = {name: rule[1] for name, rule in arguments.items()}
    for name, rule in arguments.items():
        for value, said in bad(*rule):
            if value is None and signature(function).parameters[name].default is None:
                continue
            with pytest.raises((TypeError, ValueError)) as error:
                function(**good | {name: value})
            is_type = re.match("a real|a whole|True|a function", said)
            case = f"{name}={as_text(value)}: {error.value!r}"
            assert error.type is (TypeError if is_type else ValueError), case
            assert re.match(f"{name} must (be )?{said}", str(error.value)), case


def test_every_function_is_in_the_table():
    assert {*NAMES} == {name for name, one in vars(lib).items() if isfunction(one)}


def extremes(kind, good, *rules):
    """The least that an argument may be, the least above 0, and the most."""
    if kind == "whole":
        return rules[0], good, rules[1] or 1000
    if kind != "real":
        return [good] * 3
    _, dtype, bounds = rules
    far, near = (3e38, 1e-45) if dtype == "float32" else (1e308, 1e-310)
    high = bounds.get("high", np.nextafter(bounds["below"], 0) if "below" in bounds else far)
    low = bounds.get("low", near if "above" in bounds else -far)
    return [np.full(np.shape(good), one).tolist() for one in (low, max(low, near), high)]


@pytest.mark.parametrize(("function", "arguments"), FUNCTIONS, ids=NAMES)
def test_nothing_depends_on_numpy_s_error_state(function, arguments):
    """One argument is as far as it may be, or all are; then the result or the error is the same."""
    good = {name: rule[1] for name, rule in arguments.items()}
    ends = {name: extremes(*rule) for name, rule in arguments.items()}
    cases = [good | {name: value} for name, values in ends.items() for value in values]
    cases += [{name: values[k] for name, values in ends.items()} for k in range(3)]

    def result(case):
        try:
            return function(**case)
        except ValueError as error:
            return str(error)

    for case in cases:
        with np.errstate(all="raise"):  # first, since some results are kept
            found = result(case)
        np.testing.assert_equal(found, result(case), err_msg=str(case))


UNFIT = [
    (lambda: lib.descend([0.1], [5.0]), r"start .* of shape \(\), got shape \(1,\)"),
    (lambda: lib.descend([[0.1, 0.2]], [5] * 3), r"start .* \(2,\), got shape \(3,\)"),
    (lambda: lib.moving_average([0, 1, 2], 0.9, [1]), "num_updates .* the 2 updates, got 1"),
    (lambda: lib.moving_average([0, 1], 0.9, [1] * 3), "num_updates .* 1 updates, got 3"),
    (lambda: lib.four_averages([5.0], 0.9), "weight must hold two values or more, got 1"),
    (lambda: lib.four_averages([5, 1], 1 - 1e-9), "decay must be below 1, got 1"),
    (lambda: lib.reach(0.1, 1.5, 0.9), "decay_steps must be a whole number, got 1.5"),
    (lambda: numbers("w", [[0.1, -0.5]], low=0), r"w .* got -0.5 at index \(0, 1\)"),
    (lambda: numbers("w", [Fraction(1), Fraction(-1, 4)], low=0), "w .* got -0.25 at index 1"),
    (lambda: numbers("w", Decimal("NaN")), "w must be finite, got nan"),
    (lambda: numbers("w", [[Fraction(1)], [Fraction(1), 2]]), "w must be a regular array, got"),
    (lambda: lib.schedule("linear", 0.1, 5, 9), "there is no name 'linear'; there is 'const"),
    (lambda: lib.best_decay_steps(3, 0.1, 5, 9), "there is no name 3; there is 'constant', "),
    (lambda: check(Awkward(), 1), "there is no exercise a Awkward; there is "),
]


@pytest.mark.parametrize(("call", "message"), UNFIT)
def test_what_does_not_fit_together_is_named(call, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        call()


TYPES = [Fraction, Decimal, Own, np.float64, np.longdouble, np.array]


def made_of(kind, value):
    return [made_of(kind, one) for one in value] if isinstance(value, list) else kind(value)


WAYS = [partial(made_of, kind) for kind in TYPES]
WAYS += [partial(np.array, dtype=kind) for kind in (np.float32, np.float64)]


@pytest.mark.parametrize("converted", [*WAYS, np.ma.array])  # of which no value is masked
def test_functions_take_numbers_of_any_type_and_change_none(converted):
    for function, arguments in FUNCTIONS:
        good = {name: rule[1] for name, rule in arguments.items()}
        real = {name: converted(good[name]) for name in good if arguments[name][0] == "real"}
        np.testing.assert_equal(function(**good | real), function(**good), err_msg=str(function))
        for name, value in real.items():
            assert np.array_equal(np.asarray(value, dtype=float), good[name]), (function, name)


@pytest.mark.parametrize("value", [2**64, 10**30, -(2**64), 3 * 10**38])
def test_an_integer_is_a_number_however_long_it_is(value):
    assert lib.gradient([value, 1]).tolist() == lib.gradient([float(value), 1.0]).tolist()
    assert number("w", value) == float(value)
    start, same = lib.descend([0.1], value), lib.descend([0.1], float(value))
    assert start.weight.tolist() == same.weight.tolist()


def test_float64_holds_what_float32_cannot():
    assert numbers("w", [1e39, 0.1], dtype=np.float64).tolist() == [1e39, 0.1]
    assert numbers("w", 1e-60, above=0, dtype=np.float64) == 1e-60


def test_a_whole_number_may_be_numpy_s_and_without_a_limit():
    for value in (np.int8(3), np.array(3), np.uint64(3)):
        assert type(whole_number("steps", value, low=0, high=9)) is int
    assert whole_number("steps", 10**30, low=1) == 10**30


def test_a_text_is_one_line_of_at_most_80_characters():
    assert as_text("a" * 80, str) == "a" * 80
    assert as_text("a" * 81, str) == "a" * 77 + "..."
    assert as_text("a\n b", str) == "a b"
    assert as_text(Awkward()) == "a Awkward"


def test_pictures_are_made_of_any_numbers():
    half = Fraction(1, 2)
    assert repr(ScheduleFigure(half).show()) == repr(ScheduleFigure(0.5).show())
    made, same = (
        CurvesFigure([one, 1], {"half": [one, 2]}, "x", "y", (one, 2), "half").show()
        for one in (half, 0.5)
    )
    assert repr(made) == repr(same)
    for kind in TYPES:
        assert figure("Variance").show(rate=kind(0.5)) == figure("Variance").show(rate=0.5), kind
    average = figures.AverageFigure([half, 1, 2]).show(half, [half, Decimal(3)])
    assert average.settings == {"decay": 0.5, "num_updates": (0.5, 3.0)}
