"""Gradient descent with noise on the slopes: where the noise comes from and what it does."""

import math
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_lib.schedules import schedule
from course_lib.validation import number, numbers, whole_number

SAMPLE_LOW, SAMPLE_HIGH = -4, 2  # samples are uniform between them, of mean −1
SAMPLE_VARIANCE = (SAMPLE_HIGH - SAMPLE_LOW) ** 2 / 12
LARGEST_BATCH = 256
BATCH_START, BATCH_STEPS = 5.0, 100
LARGEST_NOISE, NOISY_STEPS = 3, 1000  # noise is uniform from −3 to 3, of mean 0
NOISE_VARIANCE = LARGEST_NOISE**2 / 3


def batch_means(batch: int) -> tuple[float, ...]:
    """Return the means of the samples in 100 batches of `batch` samples, from 1 to 256.

    The samples are uniform from −4 to 2 and the same at each call. The batches take them one after the
    other. The means are the same to the last bit on every computer.

    >>> [round(mean, 3) for mean in batch_means(256)[:3]]
    [-1.026, -1.031, -1.054]
    """
    return _batch_means(whole_number("batch", batch, low=1, high=LARGEST_BATCH))


@cache
def _batch_means(batch: int) -> tuple[float, ...]:
    # NumPy never changes these random numbers. fsum rounds only once, so that every computer gives
    # the same mean.
    samples = np.random.RandomState(0).uniform(SAMPLE_LOW, SAMPLE_HIGH, BATCH_STEPS * LARGEST_BATCH)
    batches = samples[: BATCH_STEPS * batch].reshape(BATCH_STEPS, batch)
    return tuple(math.fsum(one) / batch for one in batches.tolist())


def batch_descent(batch: int, rate: float) -> NDArray[np.float64]:
    """Return the weight of a descent whose slopes are computed from batches of samples.

    w ← w − η · 2 (w − m), with the `batch_means` m and the learning rate η = `rate`, 0 or more

    The loss of a sample x is (w − x)². Its slope is 2 (w − x), and the mean of a batch of B slopes is
    2 (w − m). The noise on this slope has the variance 12 / B. The result is float64 of shape (101,):
    the weight at the start, 5, and after each of 100 steps.

    Source: L. Bottou, F. Curtis, J. Nocedal, Optimization Methods for Large-Scale Machine Learning,
    2018, section 3.

    >>> print(batch_descent(256, 0.5)[:3].round(3))  # at 0.5 each weight is the mean of its batch
    [ 5.    -1.026 -1.031]
    """
    rate, w = number("rate", rate, low=0), BATCH_START
    weight = [w]
    for mean in batch_means(batch):
        w -= rate * 2 * (w - mean)
        weight.append(w)
    return np.array(weight)


def noisy_descent(rate: float, start: float = 5.0) -> NDArray[np.float32]:
    """Return the weight of a descent with a random number on each slope.

    w ← w − η · (2 (w + 1) + ε), with ε uniform from −3 to 3 and η = `rate`, 0 or more

    The random numbers are the same at each call. The result is read-only float32 of shape (1001,): the
    weight at the start and after each of 1,000 steps.

    >>> print(noisy_descent(0.4)[:3])
    [ 5.         0.0828476 -1.299885 ]
    """
    return _noisy_descent(number("rate", rate, low=0), number("start", start))


@cache
def _noisy_descent(rate: float, start: float) -> NDArray[np.float32]:
    # NumPy never changes these random numbers.
    noise = np.random.RandomState(0).uniform(-LARGEST_NOISE, LARGEST_NOISE, NOISY_STEPS)
    weight = np.full(NOISY_STEPS + 1, start, np.float32)
    with np.errstate(all="ignore"):
        for n, e in enumerate(noise.astype(np.float32), start=1):
            weight[n] = weight[n - 1] - np.float32(rate) * (2 * (weight[n - 1] + 1) + e)
    weight.flags.writeable = False
    return weight


def weight_variance(rate: ArrayLike, noise: float) -> NDArray[np.float64]:
    """Return the variance of the weight about −1 at a constant learning rate, after many steps.

    V = η σ² / (4 (1 − η))

    A step multiplies the distance w + 1 by a = 1 − 2η and adds η times the noise. The variance no
    longer changes where V = a² V + η² σ², as in every autoregressive process of order 1. `rate` is η, a
    number or an array, 0 or more and below 1; from 1 on the weight does not settle. `noise` is σ², the
    variance of the noise on each slope. The result is float64 of the shape of `rate`.

    >>> print(weight_variance(0.5, 3), weight_variance([0.05, 0.9], 3).round(4))
    0.75 [0.0395 6.75  ]
    """
    rates = numbers("rate", rate, low=0, below=1, dtype=np.float64)
    noise = number("noise", noise, low=0)
    with np.errstate(all="ignore"):
        return rates * noise / (4 * (1 - rates))


def shadow_variance(rate: ArrayLike, decay: float, noise: float) -> NDArray[np.float64]:
    """Return the variance of the moving average of a noisy weight, after many steps.

    U = V · (1 − d) / (1 + d) · (1 + a d) / (1 − a d), with a = 1 − 2η and V = `weight_variance`

    The shadow is s ← d s + (1 − d) w. Its covariance with the weight and its variance no longer change
    where C = a d C + (1 − d) V and U = d² U + 2 a d (1 − d) C + (1 − d)² V. At a learning rate of 0.5
    the weights are independent, a = 0, and the last factor is 1. `decay` is d, from 0 to below 1; the
    other arguments and the result are as in `weight_variance`.

    >>> print(shadow_variance(0.5, 0.9, 3).round(6), shadow_variance([0.05, 0.9], 0.99, 3).round(4))
    0.039474 [0.0034 0.0039]
    """
    variance, d = weight_variance(rate, noise), number("decay", decay, low=0, below=1)
    a = 1 - 2 * numbers("rate", rate, dtype=np.float64)
    with np.errstate(all="ignore"):
        return variance * (1 - d) / (1 + d) * (1 + a * d) / (1 - a * d)


def mean_loss(rates: ArrayLike, noise: float, start: float = 5.0) -> NDArray[np.float64]:
    """Return the mean of (w + 1)² over all noisy descents with these learning rates.

    v ← (1 − 2η)² v + η² σ², one step for each η in `rates`, each 0 or more

    `rates` has the shape (steps,) for one schedule or (steps, k) for k of them. The noise on each slope
    has the mean 0 and the variance σ² = `noise`, and is independent of the others. At a constant rate
    between 0 and 1 the mean approaches `weight_variance`, the noise floor. The result is float64 with
    one row more than `rates`; inf where it overflows.

    Source: L. Bottou, F. Curtis, J. Nocedal, Optimization Methods for Large-Scale Machine Learning,
    2018, section 4. The inequality for one step there is an equation on a parabola.

    >>> print(mean_loss([0.3, 0.3, 0.1], 3).round(4))
    [36.      6.03    1.2348  0.8203]
    >>> print(mean_loss([0.3] * 50, 3)[-1].round(4), weight_variance(0.3, 3).round(4))
    0.3214 0.3214
    """
    given = numbers("rates", rates, ndim=[1, 2], low=0, dtype=np.float64)
    noise, start = number("noise", noise, low=0), number("start", start)
    means = np.empty((len(given) + 1, *given.shape[1:]))
    with np.errstate(all="ignore"):
        kept, added = (1 - 2 * given) ** 2, given**2 * noise
        means[0] = v = (start + 1) ** 2
        for n, (share, more) in enumerate(zip(kept, added, strict=True), start=1):
            means[n] = v = share * v + more
    return means


def best_decay_steps(name: str, base: float, noise: float, steps: int) -> float:
    """Return the constant T with which a `schedule` has the lowest mean loss after `steps` steps.

    The least `mean_loss` of 121 values from 0.5 to 5,000, each 8 % above the one before

    `name` and `base`, which is η₀, are those of `schedule`; `noise` is σ². For a staircase T is a whole
    number; for half a cosine it is `steps`, as usual; it changes nothing for a constant rate.

    >>> [round(best_decay_steps(name, 0.3, 3, 200), 2) for name in ("exponential", "staircase", "1/t")]
    [25.06, 24.0, 1.99]
    """
    if name in ("constant", "half cosine"):
        return float(whole_number("steps", steps, low=1))
    tried = 0.5 * 10 ** (np.arange(121) / 30)
    if name == "staircase":
        tried = np.unique(np.ceil(tried))
    ends = mean_loss(schedule(name, base, tried, steps), noise)[-1]
    return float(tried[np.argmin(ends)])
