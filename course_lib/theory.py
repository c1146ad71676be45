"""What can be said of a descent before it is run.

One step multiplies the distance to the minimum, w + 1, by 1 − 2 · rate.  The numbers are those of
real arithmetic, in float64; float32 stops about 6e-8 away from −1.
"""

import math
from collections.abc import Collection
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_lib.validation import number, numbers, switch


def contraction(rate: float) -> float:
    """Return |1 − 2 · rate|, the factor by which one step at `rate` multiplies the distance to the
    minimum.

    `rate` is a single number, 0 or more; the result is a float, without a unit.  Raises TypeError
    or ValueError.

    Source: Y. Nesterov, Lectures on Convex Optimization, 2nd ed., section 1.2.3, with the second
    derivative 2.

    >>> contraction(0.25), contraction(0.75), contraction(2)
    (0.5, 0.5, 3.0)
    """
    return abs(1 - 2 * number("rate", rate, low=0))


def regime(rate: float) -> str:
    """Return in words what a descent at the constant `rate` does, by the sign and size of 1 − 2 ·
    rate.

    `rate` is a single number, 0 or more.  Raises TypeError or ValueError.

    Source: G. Goh, Why Momentum Really Works, Distill, 2017, whose words these are for momentum 0.

    >>> [regime(rate) for rate in (0, 0.2, 0.5)]
    ['does not move', 'converges', 'converges in one step']
    >>> [regime(rate) for rate in (0.8, 1, 1.1)]
    ['oscillates and converges', 'oscillates for ever', 'diverges']
    """
    rate = number("rate", rate, low=0)
    factor = contraction(rate)
    if rate in (0, 1):
        return "oscillates for ever" if rate else "does not move"
    if factor == 0:
        return "converges in one step"
    if factor > 1:
        return "diverges"
    return "converges" if rate < 0.5 else "oscillates and converges"


def steps_to(tolerance: float, rate: float, start: float = 5.0) -> float:
    """Return how many steps at `rate` bring the distance |w + 1| below `tolerance`, the least n
    with qⁿ |w₀ + 1| < it.

    q is the contraction and w₀ the `start`, so that n is ⌊log(tolerance / |w₀ + 1|) / log q⌋ + 1;
    all are single numbers, `tolerance` above 0.  The result is an int, or `math.inf` if the descent
    never comes that close.  Raises TypeError or ValueError.

    >>> steps_to(0.01, 0.2), steps_to(0.01, 0.8), steps_to(0.01, 0.0001), steps_to(0.01, 1)
    (13, 13, 31982, inf)
    """
    tolerance = number("tolerance", tolerance, above=0)
    distance = abs(number("start", start) + 1)
    q = contraction(rate)
    if distance < tolerance:
        return 0
    if q == 0:
        return 1
    if q >= 1:
        return math.inf
    return math.floor(math.log(tolerance / distance) / math.log(q)) + 1


class Reach(NamedTuple):
    """How far a decaying rate can ever travel: the sum of all its rates, and the share of w + 1
    that remains.
    """

    rate_sum: float
    remaining: float


def reach(base: float, decay_steps: float, decay_rate: float, staircase: bool = False) -> Reach:
    """Return the sum Σ ηₜ and the product Π (1 − 2 ηₜ) of an exponential decay over all steps t =
    0, 1, 2, …

    The weight stalls at −1 + (w₀ + 1) · product.  The arguments are those of `exponential_decay`;
    `decay_rate` must be below 1, or the sum has no end, and `decay_steps` a whole number.  Both
    results are floats.  Raises TypeError or ValueError.

    The sum is geometric.  The product is taken over all rates above 1e-6; of the rest, ln (1 − 2 η)
    ≈ −2 η, it needs the sum alone, and misses less than 1e-6 of the total.  Many such rates are
    taken in groups, at each group's middle.

    >>> rate_sum, remaining = reach(0.1, 1, 0.9)
    >>> round(rate_sum, 6), round(-1 + 6 * remaining, 6)  # from 5 the weight comes no further than this
    (1.0, -0.277249)
    """
    base, decay_steps = number("base", base, low=0), number("decay_steps", decay_steps, above=0)
    decay_rate = number("decay_rate", decay_rate, above=0)
    if decay_rate >= 1:
        raise ValueError(f"decay_rate must be below 1, got {decay_rate:g}")
    if decay_steps != int(decay_steps):
        raise ValueError(f"decay_steps must be a whole number, got {decay_steps:g}")
    # A stair is `decay_steps` steps at one rate; a smooth decay has stairs of one step.
    width = decay_steps if switch("staircase", staircase) else 1.0
    fall = -math.log(decay_rate) * width / decay_steps  # ln of a rate over the next stair's
    rate_sum = base * width / -math.expm1(-fall)
    stairs = max(0, math.ceil(math.log(base / 1e-6) / fall)) if base else 0
    group = float(
        max(1, math.ceil(stairs / 100_000))
    )  # so many stairs are taken at one rate, that of their middle
    count = math.ceil(stairs / group)
    with np.errstate(all="ignore"):  # a product may be 0, or too large for a float
        factors = 1 - 2 * base * np.exp(-fall * (group * np.arange(count) + (group - 1) / 2))
        size = np.exp(
            width * group * np.log(np.abs(factors)).sum()
            - 2 * rate_sum * math.exp(-fall * group * count)
        )
        sign = np.prod(np.sign(factors) ** (width * group % 2))
        return Reach(rate_sum, float(sign * size))


def weight_variance(rate: ArrayLike, noise: float) -> NDArray[np.float64]:
    """Return the variance of the weight about −1 that a constant `rate` keeps up, V = η σ² / (4 (1
    − η)).

    A step keeps the part a = 1 − 2η of the distance and adds η times the noise, so that V = a² V +
    η² σ².  `rate` is a number or an array, 0 or more and below 1, where the weight no longer
    converges; `noise` is σ², the variance of the random number on each slope, 0 or more.  The
    result is float64 of the shape of `rate`.  Raises TypeError or ValueError.

    >>> print(weight_variance(0.5, 3), weight_variance([0.05, 0.9], 3).round(4))
    0.75 [0.0395 6.75  ]
    """
    rates = _in_float64("rate", rate)
    noise = number("noise", noise, low=0)
    with np.errstate(all="ignore"):
        variance: NDArray[np.float64] = (rates * noise / (4 * (1 - rates)))[()]
        return variance


def shadow_variance(rate: ArrayLike, decay: float, noise: float) -> NDArray[np.float64]:
    """Return the variance of the shadow, U = V · (1 − d) / (1 + d) · (1 + a d) / (1 − a d) with a =
    1 − 2η.

    Of s ← d s + (1 − d) w with w ← a w + noise, the covariance C of s and w and the variance of s
    balance where C = a d C + (1 − d) V and U = d² U + 2 a d (1 − d) C + (1 − d)² V.  With a = 0, at
    rate 0.5, the values of w are independent and the last factor is 1.  `decay` is d, 0 or more and
    below 1; `rate`, `noise` and the result are as in `weight_variance`.  Raises TypeError or
    ValueError.

    >>> print(shadow_variance(0.5, 0.9, 3).round(6), shadow_variance([0.05, 0.9], 0.99, 3).round(4))
    0.039474 [0.0034 0.0039]
    """
    d, a = float(_in_float64("decay", decay, ndim=[0])), 1 - 2 * _in_float64("rate", rate)
    with np.errstate(all="ignore"):
        return weight_variance(rate, noise) * (1 - d) / (1 + d) * (1 + a * d) / (1 - a * d)


def mean_loss(rates: ArrayLike, noise: float, start: float = 5.0) -> NDArray[np.float64]:
    """Return the mean of (w + 1)² over all runs after each step, v ← (1 − 2η)² v + η² σ², where
    slopes are noisy.

    The first value is that of the `start`, (w₀ + 1)²; after it comes one for each step of `rates`,
    a 1-dimensional array of 0 or more.  `noise` is σ², the variance of the random number that is
    added to each slope, 0 or more; its mean is 0 and each is independent of the others.  The result
    is float64 of shape (steps + 1,), and inf where it overflows.  Raises TypeError or ValueError.

    At a constant rate below 1 it comes to `weight_variance`, the noise floor.

    Source: L. Bottou, F. Curtis, J. Nocedal, Optimization Methods for Large-Scale Machine Learning,
    2018, section 4.2, whose bound is exact on a parabola.

    >>> print(mean_loss([0.3, 0.3, 0.1], 3).round(4))
    [36.      6.03    1.2348  0.8203]
    >>> print(mean_loss([0.3] * 50, 3)[-1].round(4), weight_variance(0.3, 3).round(4))
    0.3214 0.3214
    """
    numbers("rates", rates, ndim=[1], low=0)
    noise, start = number("noise", noise, low=0), number("start", start)
    given = np.asarray(rates, np.float64)
    with np.errstate(all="ignore"):
        kept, added = ((1 - 2 * given) ** 2).tolist(), (given**2 * noise).tolist()
    v = (start + 1) ** 2
    means = [v]
    for share, more in zip(
        kept, added, strict=True
    ):  # Python's own numbers are faster than numpy's one by one
        v = share * v + more
        means.append(v)
    return np.array(means)


def _in_float64(
    name: str, value: ArrayLike, ndim: Collection[int] | None = None
) -> NDArray[np.float64]:
    """Return numbers from 0 to below 1 as float64."""
    numbers(name, value, ndim=ndim, low=0)
    given = np.asarray(value, np.float64)
    if (given >= 1).any():
        raise ValueError(f"{name} must be below 1, got {given.max():g}")
    return given
