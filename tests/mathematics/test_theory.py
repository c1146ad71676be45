"""What theory says of a descent, against the descent itself."""

import math
import tracemalloc
from fractions import Fraction

import numpy as np
import pytest

from course_lib import contraction, descend, exact_distances, reach, regime, steps_to

RATES = [0, 0.0001, 0.001, 0.1, 0.2, 0.4, 0.5, 0.6, 0.8, 0.9, 1, 1.01, 1.1, 1.5]


@pytest.mark.parametrize("rate", RATES)
def test_the_contraction_and_the_regime_are_what_the_weight_does(rate):
    distance = descend([rate] * 5).weight + 1.0
    sizes = np.abs(distance)
    np.testing.assert_allclose(sizes[1:], contraction(rate) * sizes[:-1], rtol=1e-5, atol=1e-6)
    grows, turns = np.diff(sizes) > 0, distance[1:] * distance[:-1] < 0
    seen = {
        "does not move": (distance == distance[0]).all(),
        "converges": (np.diff(distance) < 0).all() and distance[-1] > 0,
        "converges in one step": (distance[1:] == 0).all(),
        "oscillates and converges": turns.all() and (np.diff(sizes) < 0).all(),
        "oscillates for ever": (distance[1:] == -distance[:-1]).all() and distance[0] != 0,
        "diverges": grows.all(),
    }
    assert [name for name, holds in seen.items() if holds] == [regime(rate)]


@pytest.mark.parametrize("rate", [0, 0.05, 0.1, 0.2, 0.25, 0.4, 0.5, 0.6, 0.8, 1, 1.1])
@pytest.mark.parametrize("start", [5, -7, -1])
def test_distances_and_steps_are_those_of_fractions(rate, start):
    w, distances = Fraction(start), []
    for _ in range(201):
        distances.append(abs(w + 1))
        w -= Fraction(str(rate)) * 2 * (w + 1)
    found = exact_distances(rate, 200, start)
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, [float(one) for one in distances], rtol=1e-13)
    for tolerance in (1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 0.001, 0.01, 0.1, 1.5, 6, 7):
        below = [n for n, distance in enumerate(distances) if distance < Fraction(str(tolerance))]
        steps = steps_to(tolerance, rate, start)
        assert steps == (below[0] if below else math.inf), tolerance


def test_exact_distances_of_no_step_and_of_an_overflow():
    assert exact_distances(0.2, 0).tolist() == [6]
    assert exact_distances(1e30, 20)[-1] == math.inf


def term_by_term(terms, base, decay_steps, decay_rate, staircase):
    """The sum of so many rates, and the product of their factors."""
    exponent = np.arange(terms) / decay_steps
    rates = base * decay_rate ** (np.floor(exponent) if staircase else exponent)
    return rates.sum(), np.prod(1 - 2 * rates)


QUICK = [(0.1, 1, 0.9), (0.1, 10, 0.5), (1.2, 1, 0.9), (0.2, 20, 0.7), (0.05, 3, 0.99)]
QUICK += [(0.5, 1, 0.5), (0, 2, 0.5)]
SLOW = [(1e-4, 300, 0.95, False), (0.002, 1000, 0.8, False), (2e-5, 10_000, 0.7, False)]
SLOW += [(1e-5, 5, 0.99999, True)]


@pytest.mark.parametrize("staircase", [False, True])
def test_reach_is_the_sum_and_the_product_of_all_terms(staircase):
    for decay in QUICK:
        result = reach(*decay, staircase)
        rate_sum, remaining = term_by_term(100_000, *decay, staircase)
        assert result.rate_sum == pytest.approx(rate_sum, rel=1e-12), decay
        assert result.remaining == pytest.approx(remaining, rel=1e-7, abs=1e-15), decay
        assert result == (result.rate_sum, result.remaining)


@pytest.mark.parametrize(("base", "decay_steps", "decay_rate", "staircase"), SLOW)
def test_reach_takes_the_stairs_of_a_slow_decay_in_groups(base, decay_steps, decay_rate, staircase):
    terms = 20 * math.ceil(decay_steps / -math.log(decay_rate))
    rate_sum, remaining = term_by_term(terms, base, decay_steps, decay_rate, staircase)
    result = reach(base, decay_steps, decay_rate, staircase)
    assert result.rate_sum == pytest.approx(rate_sum, rel=1e-6)
    assert 1e-90 < result.remaining < 0.5
    assert result.remaining == pytest.approx(remaining, rel=2e-6)


REACHES = [
    ((0.1, 1_000_000, 0.96), 2449659.876, 0),
    ((0.1, 1, 1 - 1e-9), 1e8, 0),
    ((1e-5, 1_000_000, 0.96), 244.9659876, 1.675689e-213),  # exp(−2 · sum), and a little less
    ((0.1, 10**30, 1 - 1e-16), 9.0072e44, 0),
    ((13, 1_000_000, 0.96), 318455783.9, math.inf),
    ((1e30, 1, 0.9), 1e31, -math.inf),
]


@pytest.mark.parametrize(("decay", "rate_sum", "remaining"), REACHES)
def test_reach_of_any_decay_takes_little_memory(decay, rate_sum, remaining):
    tracemalloc.start()
    result = reach(*decay)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000_000
    assert result == pytest.approx((rate_sum, remaining), rel=1e-5, abs=0)
