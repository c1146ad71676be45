"""What theory says of a descent, against the descent itself."""

import math
import tracemalloc
from fractions import Fraction

import numpy as np
import pytest

from course_lib import contraction, descend, exact_distances, reach, regime, steps_to

RATES = [0, 0.0001, 0.001, 0.1, 0.2, 0.4, 0.5, 0.6, 0.8, 0.9, 1, 1.01, 1.1, 1.5]
every_rate = pytest.mark.parametrize("rate", RATES)


@every_rate
def test_one_step_multiplies_the_distance_by_the_contraction(rate):
    trace = descend([rate] * 5)
    np.testing.assert_allclose(
        np.abs(trace.weight[1:] + 1.0),
        contraction(rate) * np.abs(trace.weight[:-1] + 1.0),
        rtol=1e-5,
        atol=1e-6,
    )


@every_rate
def test_the_regime_is_what_the_weight_does(rate):
    distance = descend([rate] * 5).weight + 1.0
    sizes = np.abs(distance)
    seen = {
        "does not move": (distance == distance[0]).all(),
        "converges": (np.diff(distance) < 0).all() and distance[-1] > 0,
        "converges in one step": (distance[1:] == 0).all(),
        "oscillates and converges": (distance[1:] * distance[:-1] < 0).all()
        and (np.diff(sizes) < 0).all(),
        "oscillates for ever": (distance[1:] == -distance[:-1]).all() and distance[0] != 0,
        "diverges": (np.diff(sizes) > 0).all(),
    }
    assert [name for name, holds in seen.items() if holds] == [regime(rate)]


@pytest.mark.parametrize("rate", [rate for rate in RATES if 0.05 < rate < 1])
@pytest.mark.parametrize("tolerance", [1e-4, 0.01, 1.5, 6, 7])
@pytest.mark.parametrize("start", [5.0, -7.0])
def test_steps_to_a_tolerance_are_those_of_the_descent(rate, tolerance, start):
    near = np.abs(descend([rate] * 100, start).weight + 1.0) < tolerance
    assert steps_to(tolerance, rate, start) == np.flatnonzero(near)[0]


@pytest.mark.parametrize("rate", ["0", "0.05", "0.2", "0.5", "0.8", "1", "1.1"])
@pytest.mark.parametrize("start", [5, -7, -1])
def test_exact_distances_are_those_of_fractions(rate, start):
    w, distances = Fraction(start), []
    for _ in range(101):
        distances.append(float(abs(w + 1)))
        w -= Fraction(rate) * 2 * (w + 1)
    found = exact_distances(float(rate), 100, start)
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, distances, rtol=1e-13)


def test_exact_distances_may_be_the_start_s_alone_and_overflow_without_a_warning():
    assert exact_distances(0.2, 0).tolist() == [6]
    assert exact_distances(1e30, 20)[-1] == math.inf


def test_what_never_comes_close_takes_infinitely_many_steps():
    assert [steps_to(0.01, rate) for rate in (0, 1, 1.1)] == [math.inf] * 3
    assert steps_to(0.01, 1.1, start=-1) == 0


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: contraction(-0.1), ValueError, "rate must be at least 0, got -0.1"),
        (lambda: regime("x"), TypeError, "rate must be a real number"),
        (lambda: regime([0.1]), ValueError, "rate must be a single number"),
        (lambda: steps_to(0, 0.1), ValueError, "tolerance must be greater than 0, got 0"),
        (lambda: steps_to(0.01, math.nan), ValueError, "rate must be finite, got nan"),
        (lambda: steps_to(0.01, 0.1, None), TypeError, "start must be a real number"),
        (lambda: exact_distances(-1, 3), ValueError, "rate must be at least 0, got -1"),
        (lambda: exact_distances(0.1, -1), ValueError, "steps must be at least 0, got -1"),
        (lambda: exact_distances(0.1, 2.5), TypeError, "steps must be a whole number, got 2.5"),
        (lambda: exact_distances(0.1, 3, "5"), TypeError, "start must be a real number"),
    ],
)
def test_bad_arguments_are_named(call, error, message):
    with pytest.raises(error, match=f"^{message}"):
        call()


@pytest.mark.parametrize("staircase", [False, True])
@pytest.mark.parametrize(
    ("base", "decay_steps", "decay_rate"),
    [
        (0.1, 1, 0.9),
        (0.1, 10, 0.5),
        (1.2, 1, 0.9),
        (0.2, 20, 0.7),
        (0.05, 3, 0.99),
        (0.5, 1, 0.5),
        (0, 2, 0.5),
    ],
)
def test_reach_is_the_sum_and_the_product_taken_term_by_term(
    base, decay_steps, decay_rate, staircase
):
    exponent = np.arange(100_000) / decay_steps
    rates = base * decay_rate ** (np.floor(exponent) if staircase else exponent)
    result = reach(base, decay_steps, decay_rate, staircase)
    assert result.rate_sum == pytest.approx(rates.sum(), rel=1e-12)
    assert result.remaining == pytest.approx(np.prod(1 - 2 * rates), rel=1e-7, abs=1e-15)
    assert result == (result.rate_sum, result.remaining)


@pytest.mark.parametrize(
    "arguments",
    [(1e-4, 300, 0.95), (0.002, 1000, 0.8), (2e-5, 10_000, 0.7), (1e-5, 5, 0.99999, True)],
)
def test_reach_of_a_slow_decay_is_that_taken_term_by_term(arguments):
    """Here stairs are taken in groups."""
    base, decay_steps, decay_rate, *staircase = arguments
    exponent = np.arange(20 * math.ceil(decay_steps / -math.log(decay_rate))) / decay_steps
    rates = base * decay_rate ** (np.floor(exponent) if staircase else exponent)
    result = reach(*arguments)
    assert result.rate_sum == pytest.approx(rates.sum(), rel=1e-6)
    assert 1e-90 < result.remaining < 0.5
    assert result.remaining == pytest.approx(np.prod(1 - 2 * rates), rel=2e-6)


@pytest.mark.parametrize(
    ("arguments", "rate_sum", "remaining"),
    [
        ((0.1, 1_000_000, 0.96), 2449659.876, 0),
        ((0.1, 1, 1 - 1e-9), 1e8, 0),
        ((1e-5, 1_000_000, 0.96), 244.9659876, 1.675689e-213),  # exp(−2 · sum), and a little less
        ((0.1, 10**30, 1 - 1e-16), 9.0072e44, 0),
        ((13, 1_000_000, 0.96), 318455783.9, math.inf),
        ((1e30, 1, 0.9), 1e31, -math.inf),
    ],
)
def test_reach_of_any_decay_takes_little_memory_and_time(arguments, rate_sum, remaining):
    tracemalloc.start()
    result = reach(*arguments)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000_000
    assert result == pytest.approx((rate_sum, remaining), rel=1e-5, abs=0)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((-0.1, 1, 0.9), ValueError, "base must be at least 0"),
        ((0.1, 0, 0.9), ValueError, "decay_steps must be greater than 0"),
        ((0.1, 1.5, 0.9), ValueError, "decay_steps must be a whole number, got 1.5"),
        ((0.1, 1, 1), ValueError, "decay_rate must be below 1, got 1"),
        ((0.1, 1, "x"), TypeError, "decay_rate must be a real number"),
        ((0.1, 1, 0.9, 1), TypeError, "staircase must be True or False"),
    ],
)
def test_reach_names_what_was_wrong(arguments, error, message):
    with pytest.raises(error, match=f"^{message}"):
        reach(*arguments)
