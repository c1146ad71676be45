"""Noise on the slopes, against samples, sums, balances and many runs."""

import math

import numpy as np
import pytest

from course_lib import (
    batch_descent,
    batch_means,
    best_decay_steps,
    descend,
    mean_loss,
    moving_average,
    noisy_descent,
    schedule,
    shadow_variance,
    weight_variance,
)


@pytest.mark.parametrize("batch", [1, 2, 4, 8, 16, 64, 256])
def test_a_descent_takes_its_samples_one_batch_after_the_other(batch):
    samples = np.random.RandomState(0).uniform(-4, 2, 100 * batch).reshape(100, batch)
    np.testing.assert_allclose(batch_means(batch), samples.mean(axis=1), rtol=1e-12)
    for rate in (0, 0.05, 0.3, 0.8):
        weight = [5.0]
        for one in samples:
            weight.append(weight[-1] - rate * np.mean(2 * (weight[-1] - one)))  # of (w − x)²
        found = batch_descent(batch, rate)
        assert (found.shape, found.dtype) == ((101,), np.float64)
        np.testing.assert_allclose(found, weight, rtol=1e-9)


@pytest.mark.parametrize(("rate", "start"), [(0, 2), (0.05, 5), (0.4, 5), (0.9, -1)])
def test_a_noisy_descent_adds_the_same_random_numbers_each_time(rate, start):
    noise, weight = np.random.RandomState(0).uniform(-3, 3, 1000), [float(start)]
    for e in noise:
        weight.append(weight[-1] - rate * (2 * (weight[-1] + 1) + e))
    found = noisy_descent(rate, start)
    assert (found.shape, found.dtype) == ((1001,), np.float32)
    np.testing.assert_allclose(found, weight, rtol=1e-5, atol=1e-5)


def test_a_noisy_descent_starts_at_5_diverges_without_a_warning_and_cannot_be_changed():
    assert noisy_descent(0.4)[0] == 5
    assert np.isnan(noisy_descent(1e30)[-1])
    with pytest.raises(ValueError, match="read-only"):
        noisy_descent(0.4)[0] = 0


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: batch_means(0), ValueError, "batch must be from 1 to 256, got 0"),
        (lambda: batch_means(257), ValueError, "batch must be from 1 to 256, got 257"),
        (lambda: batch_means(1.5), TypeError, "batch must be a whole number, got 1.5"),
        (lambda: batch_descent("4", 0.1), TypeError, "batch must be a whole number, got '4'"),
        (lambda: batch_descent(4, -0.1), ValueError, "rate must be at least 0, got -0.1"),
        (lambda: batch_descent(4, [0.1]), ValueError, "rate must be a single number"),
        (lambda: noisy_descent(-0.1), ValueError, "rate must be at least 0, got -0.1"),
        (lambda: noisy_descent([0.1]), ValueError, "rate must be a single number"),
        (lambda: noisy_descent(0.1, None), TypeError, "start must be a real number"),
    ],
)
def test_a_descent_with_noise_names_what_was_wrong(call, error, message):
    with pytest.raises(error, match=f"^{message}"):
        call()


RATES = [0, 0.05, 0.3, 0.5, 0.7, 0.9, 0.99]
every_rate = pytest.mark.parametrize("rate", RATES)
every_decay = pytest.mark.parametrize("decay", [0, 0.5, 0.9, 0.99])


@every_rate
def test_the_variance_of_the_weight_is_the_sum_of_what_each_push_has_left(rate):
    a = 1 - 2 * rate
    if rate:
        assert weight_variance(rate, 3) == pytest.approx(
            3 * rate**2 * (a ** (2 * np.arange(100_000))).sum(), rel=1e-9
        )
    else:
        assert weight_variance(rate, 3) == 0


@every_rate
@every_decay
def test_the_variance_of_the_shadow_is_the_sum_of_squares_of_its_reply_to_one_push(rate, decay):
    """A push of 1 leaves aᵏ in the weight after k steps, of which the shadow keeps the moving
    average.
    """
    weight, shadow, squares = -rate, (1 - decay) * -rate, 0.0
    for _ in range(3_000):
        squares += shadow**2
        weight *= 1 - 2 * rate
        shadow = decay * shadow + (1 - decay) * weight
    assert shadow_variance(rate, decay, 3) == pytest.approx(3 * squares, rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("rate", [0.05, 0.5, 0.9])
@pytest.mark.parametrize("decay", [0.5, 0.9])
def test_many_runs_have_these_variances(rate, decay):
    pushes = np.random.RandomState(1).uniform(-3, 3, (500, 2000))
    weight = [np.full(2000, 5.0)]
    for push in pushes:
        weight.append(weight[-1] - rate * (2 * (weight[-1] + 1) + push))
    shadow = np.float64(moving_average(weight, decay))
    assert np.var(weight[300:], axis=1).mean() == pytest.approx(weight_variance(rate, 3), rel=0.02)
    assert np.var(shadow[300:], axis=1).mean() == pytest.approx(
        shadow_variance(rate, decay, 3), rel=0.03
    )


def test_known_variances_and_their_shapes():
    assert weight_variance(0.5, 3) == 0.75
    assert shadow_variance(0.5, 0.9, 3) == pytest.approx(0.75 * 0.1 / 1.9)
    assert shadow_variance(0.3, 0, 3) == weight_variance(0.3, 3)
    assert weight_variance(0.3, 0) == shadow_variance(0.3, 0.9, 0) == 0
    assert (
        shadow_variance([[0.1], [0.2]], 0.9, 3).shape
        == weight_variance([[0.1], [0.2]], 3).shape
        == (2, 1)
    )
    growth = [
        float(variance[1] / variance[0])
        for variance in (weight_variance([0.05, 0.9], 3), shadow_variance([0.05, 0.9], 0.99, 3))
    ]
    assert growth == pytest.approx([171, 1.1441], abs=1e-4)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: weight_variance(1, 3), ValueError, "rate must be below 1, got 1"),
        (lambda: weight_variance([0.1, 1.5], 3), ValueError, "rate must be below 1, got 1.5"),
        (lambda: weight_variance(-0.1, 3), ValueError, "rate must be at least 0, got -0.1"),
        (lambda: weight_variance("x", 3), TypeError, "rate must be a real number"),
        (lambda: weight_variance(0.1, -3), ValueError, "noise must be at least 0, got -3"),
        (lambda: weight_variance(0.1, [3]), ValueError, "noise must be a single number"),
        (lambda: shadow_variance(0.1, 1, 3), ValueError, "decay must be below 1, got 1"),
        (lambda: shadow_variance(0.1, [0.9], 3), ValueError, "decay must be a single number"),
        (lambda: shadow_variance(1, 0.9, 3), ValueError, "rate must be below 1, got 1"),
        (lambda: shadow_variance(0.1, -0.1, 3), ValueError, "decay must be at least 0, got -0.1"),
        (lambda: shadow_variance(0.1, math.nan, 3), ValueError, "decay must be finite, got nan"),
    ],
)
def test_a_variance_names_what_was_wrong(call, error, message):
    with pytest.raises(error, match=f"^{message}"):
        call()


def test_the_mean_loss_is_that_of_many_runs():
    random, rates = np.random.RandomState(0), 0.4 * 0.9 ** np.arange(30)
    w, measured = np.full(100_000, 2.0), [9.0]
    for rate in rates:
        w = w - rate * (2 * (w + 1) + random.uniform(-3, 3, len(w)))
        measured.append(np.mean((w + 1) ** 2))
    np.testing.assert_allclose(mean_loss(rates, 3, start=2), measured, rtol=0.03)


def test_the_mean_loss_is_that_of_many_descents_with_batches_of_4():
    random, w = np.random.RandomState(1), np.full(20_000, 5.0)
    means = mean_loss([0.3] * 30, 12 / 4)
    for mean in means[1:]:
        w = w - 0.3 * 2 * (w - random.uniform(-4, 2, (20_000, 4)).mean(axis=1))
        assert np.mean((w + 1) ** 2) == pytest.approx(mean, rel=0.05)


def test_the_schedule_1_by_t_from_a_half_gives_the_mean_of_all_samples():
    """Then a step is w ← w − (w − m) / (t + 1)."""
    for steps in (20, 500):
        rates = schedule("1/t", 0.5, 1, steps)
        assert mean_loss(rates, 3)[1:] == pytest.approx(3 / 4 / np.arange(1, steps + 1), rel=1e-9)


def mean_with(name, base, noise, steps):
    decay_steps = best_decay_steps(name, base, noise, steps)
    return mean_loss(schedule(name, base, decay_steps, steps), noise)[-1]


@pytest.mark.parametrize(
    ("base", "steps", "exponential", "cosine", "inverse_time"),
    [
        (0.3, 50, 0.0197, 0.0370, None),
        (0.3, 200, 0.0061, 0.0147, 0.0041),
        (0.1, 2000, 0.00072, 0.0022, 0.00052),
        (0.5, 2000, 0.00087, 0.0038, 0.00037),
    ],
)
def test_schedules_at_their_best_are_those_of_an_exact_recursion(
    base, steps, exponential, cosine, inverse_time
):
    """The last column has T = 1 / (2η₀); the best T is as good or better."""
    assert mean_with("exponential", base, 3, steps) == pytest.approx(exponential, rel=0.01)
    assert mean_with("half cosine", base, 3, steps) == pytest.approx(cosine, rel=0.01)
    if inverse_time:
        by_rule = mean_loss(schedule("1/t", base, 1 / (2 * base), steps), 3)[-1]
        assert by_rule == pytest.approx(inverse_time, rel=0.02)
        assert mean_with("1/t", base, 3, steps) <= by_rule * 1.001


def test_no_schedule_can_be_much_better_than_1_by_t():
    """The rate 2v / (4v + σ²) lowers v most, and a lower v is never worse later."""
    v = 36.0
    for _ in range(200):
        v = v * 3 / (4 * v + 3)
    assert v <= mean_with("1/t", 0.5, 3, 200) <= 1.001 * v


@pytest.mark.parametrize(
    ("base", "decay_rate", "steps", "mean"),
    [
        (0.3, 0.92, 50, 0.0197),
        (0.3, 0.98, 50, 0.0974),
        (0.3, 0.98, 200, 0.0078),
        (0.1, 0.995, 2000, 0.00094),
        (0.5, 0.995, 2000, 0.00096),
        (0.3, 0.95, 40, 0.0407),
        (0.3, 0.95, 100, 0.0109),
        (0.3, 0.95, 200, 0.0095),
    ],
)
def test_an_exponential_decay_is_as_good_as_its_constant(base, decay_rate, steps, mean):
    rates = base * decay_rate ** np.arange(steps)
    assert mean_loss(rates, 3)[-1] == pytest.approx(mean, rel=0.03)  # some are of 2,000 runs


@pytest.mark.parametrize("name", ["exponential", "staircase", "1/t"])
@pytest.mark.parametrize(("base", "noise", "steps"), [(0.1, 0.75, 50), (0.9, 12, 500)])
def test_no_other_constant_is_better_than_the_best(name, base, noise, steps):
    others = np.geomspace(0.5, 5000, 400)
    if name == "staircase":
        others = np.ceil(others)
    ends = [mean_loss(schedule(name, base, other, steps), noise)[-1] for other in others]
    assert mean_with(name, base, noise, steps) <= min(ends) * 1.005


def test_the_mean_losses_of_several_schedules_are_those_of_each():
    rates = schedule("exponential", 0.3, [5, 50], 20)
    together = mean_loss(rates, 3)
    for column in (0, 1):
        np.testing.assert_array_equal(together[:, column], mean_loss(rates[:, column], 3))


@pytest.mark.parametrize("rates", [[0.2] * 6, [0.5, 0.1, 0.9], [0], [1.1] * 4])
def test_the_mean_loss_without_noise_is_that_of_the_descent(rates):
    np.testing.assert_allclose(mean_loss(rates, 0), descend(rates).loss, rtol=1e-5, atol=1e-12)


def test_the_mean_loss_stays_at_the_noise_floor_and_overflows_without_a_warning():
    for rate in (0.05, 0.5, 0.9):
        floor = rate * 3 / (4 * (1 - rate))
        assert mean_loss([rate] * 400, 3)[-1] == pytest.approx(floor, rel=1e-9)
        assert mean_loss([rate] * 9, 3, start=-1 + math.sqrt(floor)) == pytest.approx(floor)
    assert mean_loss([1e30] * 20, 3)[-1] == math.inf


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([0.1, -0.1], 3), ValueError, "rates must be at least 0, got -0.1 at index 1"),
        ((0.1, 3), ValueError, "rates must be 1-dimensional or 2-dimensional"),
        (([], 3), ValueError, "rates must not be empty"),
        (([0.1], -1), ValueError, "noise must be at least 0"),
        (([0.1], [1, 2]), ValueError, "noise must be a single number"),
        (([0.1], 3, None), TypeError, "start must be a real number"),
    ],
)
def test_the_mean_loss_names_what_was_wrong(arguments, error, message):
    with pytest.raises(error, match=f"^{message}"):
        mean_loss(*arguments)
