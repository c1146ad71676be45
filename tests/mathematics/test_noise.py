"""Noise on the slopes, against samples, sums, balances and many runs."""

import math
from itertools import product

import numpy as np
import pytest

import course_lib as lib
from course_lib.schedules import SHARES


@pytest.mark.parametrize("batch", [1, 2, 4, 8, 16, 64, 256])
def test_a_descent_takes_one_batch_of_samples_after_the_other(batch):
    samples = np.random.RandomState(0).uniform(-4, 2, 100 * batch).reshape(100, batch)
    np.testing.assert_allclose(lib.batch_means(batch), samples.mean(axis=1), rtol=1e-12)
    for rate in (0, 0.05, 0.3, 0.8):
        weight = [5.0]
        for one in samples:
            weight.append(weight[-1] - rate * np.mean(2 * (weight[-1] - one)))  # of (w − x)²
        found = lib.batch_descent(batch, rate)
        assert (found.shape, found.dtype) == ((101,), np.float64)
        np.testing.assert_allclose(found, weight, rtol=1e-9)


@pytest.mark.parametrize(("rate", "start"), [(0, 2), (0.05, 5), (0.4, 5), (0.9, -1)])
def test_a_noisy_descent_adds_the_same_noise_each_time(rate, start):
    noise, weight = np.random.RandomState(0).uniform(-3, 3, 1000), [float(start)]
    for e in noise:
        weight.append(weight[-1] - rate * (2 * (weight[-1] + 1) + e))
    found = lib.noisy_descent(rate, start)
    assert (found.shape, found.dtype) == ((1001,), np.float32)
    np.testing.assert_allclose(found, weight, rtol=1e-5, atol=1e-5)


def test_a_noisy_descent_starts_at_5_and_cannot_be_changed():
    assert lib.noisy_descent(0.4)[0] == 5
    assert np.isnan(lib.noisy_descent(1e30)[-1])  # without a warning
    with pytest.raises(ValueError, match="read-only"):
        lib.noisy_descent(0.4)[0] = 0


@pytest.mark.parametrize("rate", [0, 0.05, 0.3, 0.5, 0.7, 0.9, 0.99])
def test_variances_are_the_sums_of_what_each_push_leaves(rate):
    """A push of 1 leaves aᵏ in the weight after k steps; the shadow is the average of that."""
    left = rate**2 * ((1 - 2 * rate) ** (2 * np.arange(100_000))).sum()
    assert lib.weight_variance(rate, 3) == pytest.approx(3 * left, rel=1e-9)
    for decay in (0, 0.5, 0.9, 0.99):
        weight, shadow, squares = -rate, (1 - decay) * -rate, 0.0
        for _ in range(3_000):
            squares += shadow**2
            weight *= 1 - 2 * rate
            shadow = decay * shadow + (1 - decay) * weight
        found = lib.shadow_variance(rate, decay, 3)
        assert found == pytest.approx(3 * squares, rel=1e-9, abs=1e-15), decay


def test_variances_of_many_rates_have_their_shape():
    rates = [[0.05], [0.9]]
    for many in (lib.weight_variance(rates, 3), lib.shadow_variance(rates, 0.5, 3)):
        assert (many.shape, many.dtype) == ((2, 1), np.float64)
    assert lib.shadow_variance(rates, 0, 3).tolist() == lib.weight_variance(rates, 3).tolist()


def test_the_mean_loss_is_that_of_many_descents_with_batches():
    """Of 4 samples, so that the variance of the noise is 12 / 4."""
    random, rates = np.random.RandomState(0), 0.4 * 0.9 ** np.arange(30)
    w, measured = np.full(100_000, 2.0), [9.0]
    for rate in rates:
        w = w - rate * 2 * (w - random.uniform(-4, 2, (len(w), 4)).mean(axis=1))
        measured.append(np.mean((w + 1) ** 2))
    np.testing.assert_allclose(lib.mean_loss(rates, 12 / 4, start=2), measured, rtol=0.03)


@pytest.mark.parametrize("name", SHARES)
def test_the_mean_loss_is_the_sum_of_what_each_step_leaves(name):
    """Of the start, and of the noise on each step, there is left what all later steps leave."""
    for base, noise, steps in product((0.1, 0.3, 0.5, 0.9), (0, 0.75, 3, 12), (50, 500, 2000)):
        planned = lib.schedule(name, base, lib.best_decay_steps(name, base, noise, steps), 2000)
        for rates in (planned[:steps], planned):
            left = np.cumprod([1, *(1 - 2 * rates[::-1])])[::-1]
            wanted = 36 * left[0] ** 2 + noise * np.sum((left[1:] * rates) ** 2)
            assert lib.mean_loss(rates, noise)[-1] == pytest.approx(wanted, rel=1e-9), (base, noise)


@pytest.mark.parametrize("name", ["exponential", "staircase", "1/t"])
@pytest.mark.parametrize(("base", "noise", "steps"), [(0.1, 0.75, 50), (0.9, 12, 500)])
def test_no_other_constant_is_better_than_the_best(name, base, noise, steps):
    others = np.geomspace(0.5, 5000, 400)
    if name == "staircase":
        others = np.ceil(others)
    best = lib.best_decay_steps(name, base, noise, steps)
    *ends, end = lib.mean_loss(lib.schedule(name, base, [*others, best], steps), noise)[-1]
    assert end <= min(ends) * 1.005


AT_THEIR_BEST = [
    (0.3, 50, 0.0197, 0.0370, None),
    (0.3, 200, 0.0061, 0.0147, 0.0041),
    (0.1, 2000, 0.00072, 0.0022, 0.00052),
    (0.5, 2000, 0.00087, 0.0038, 0.00037),
]


@pytest.mark.parametrize(("base", "steps", "exponential", "cosine", "inverse_time"), AT_THEIR_BEST)
def test_the_best_constants_give_known_means(base, steps, exponential, cosine, inverse_time):
    def mean(name):
        decay_steps = lib.best_decay_steps(name, base, 3, steps)
        return lib.mean_loss(lib.schedule(name, base, decay_steps, steps), 3)[-1]

    assert mean("exponential") == pytest.approx(exponential, rel=0.01)
    assert mean("half cosine") == pytest.approx(cosine, rel=0.01)
    if inverse_time:
        by_rule = lib.mean_loss(lib.schedule("1/t", base, 1 / (2 * base), steps), 3)[-1]
        assert by_rule == pytest.approx(inverse_time, rel=0.02)
        assert mean("1/t") <= by_rule * 1.001


def test_no_schedule_can_be_much_better_than_1_by_t():
    """The rate 2v / (4v + σ²) lowers the mean v most, and a lower v is never worse later."""
    v = 36.0
    for _ in range(200):
        v = v * 3 / (4 * v + 3)
    rates = lib.schedule("1/t", 0.5, lib.best_decay_steps("1/t", 0.5, 3, 200), 200)
    assert v <= lib.mean_loss(rates, 3)[-1] <= 1.001 * v


def test_mean_losses_side_by_side_are_the_single_ones():
    rates = lib.schedule("exponential", 0.3, [5, 50], 20)
    for column, together in zip(rates.T, lib.mean_loss(rates, 3).T, strict=True):
        np.testing.assert_array_equal(together, lib.mean_loss(column, 3))


def test_the_mean_loss_stays_at_the_noise_floor_or_overflows():
    for rate in (0.05, 0.5, 0.9):
        floor = rate * 3 / (4 * (1 - rate))
        assert lib.mean_loss([rate] * 400, 3)[-1] == pytest.approx(floor, rel=1e-9), rate
        means = lib.mean_loss([rate] * 9, 3, start=-1 + math.sqrt(floor))
        assert means == pytest.approx(floor), rate
    assert lib.mean_loss([1.1] * 4, 0) == pytest.approx(lib.descend([1.1] * 4).loss, rel=1e-5)
    assert lib.mean_loss([1e30] * 20, 3)[-1] == math.inf  # without a warning


NOT_TUNED = [
    (0.3, 0.92, {50: 0.0197}),
    (0.3, 0.98, {50: 0.0974, 200: 0.0078}),
    (0.3, 0.95, {40: 0.0407, 100: 0.0109, 200: 0.0095}),
    (0.1, 0.995, {2000: 0.00094}),
    (0.5, 0.995, {2000: 0.00096}),
]


@pytest.mark.parametrize(("base", "decay_rate", "means"), NOT_TUNED)
def test_an_exponential_decay_is_as_good_as_its_constant(base, decay_rate, means):
    found = lib.mean_loss(base * decay_rate ** np.arange(2000), 3)
    for steps, mean in means.items():
        assert found[steps] == pytest.approx(mean, rel=0.03)  # some are of 2,000 runs
