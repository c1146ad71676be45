"""What can be said of a descent before it is run.

One step multiplies the distance to the minimum, w + 1, by 1 − 2 · rate.  The numbers are those of real
arithmetic, in float64; float32 stops about 6e-8 away from −1.
"""

import math
from typing import NamedTuple

import numpy as np

from course_lib.validation import numbers, switch


def contraction(rate: float) -> float:
    """Return |1 − 2 · rate|, the factor by which one step at `rate` multiplies the distance to the minimum.

    `rate` is a single number, 0 or more; the result is a float, without a unit.  Raises TypeError or ValueError.

    Source: Y. Nesterov, Lectures on Convex Optimization, 2nd ed., section 1.2.3, with the second derivative 2.

    >>> contraction(0.25), contraction(0.75), contraction(2)
    (0.5, 0.5, 3.0)
    """
    numbers("rate", rate, ndim=[0], low=0)
    return abs(1 - 2 * float(rate))


def regime(rate: float) -> str:
    """Return in words what a descent at the constant `rate` does, by the sign and size of 1 − 2 · rate.

    `rate` is a single number, 0 or more.  Raises TypeError or ValueError.

    Source: G. Goh, Why Momentum Really Works, Distill, 2017, whose words these are for momentum 0.

    >>> [regime(rate) for rate in (0, 0.2, 0.5)]
    ['does not move', 'converges', 'converges in one step']
    >>> [regime(rate) for rate in (0.8, 1, 1.1)]
    ['oscillates and converges', 'oscillates for ever', 'diverges']
    """
    factor = contraction(rate)
    if rate in (0, 1):
        return "oscillates for ever" if rate else "does not move"
    if factor == 0:
        return "converges in one step"
    if factor > 1:
        return "diverges"
    return "converges" if rate < 0.5 else "oscillates and converges"


def steps_to(tolerance: float, rate: float, start: float = 5.0) -> float:
    """Return how many steps at `rate` bring the distance |w + 1| below `tolerance`, the least n with qⁿ |w₀ + 1| < it.

    q is the contraction and w₀ the `start`, so that n is ⌊log(tolerance / |w₀ + 1|) / log q⌋ + 1; all are single
    numbers, `tolerance` above 0.  The result is an int, or `math.inf` if the descent never comes that close.  Raises
    TypeError or ValueError.

    >>> steps_to(0.01, 0.2), steps_to(0.01, 0.8), steps_to(0.01, 0.0001), steps_to(0.01, 1)
    (13, 13, 31982, inf)
    """
    numbers("tolerance", tolerance, ndim=[0], above=0)
    numbers("start", start, ndim=[0])
    q = contraction(rate)
    distance = abs(float(start) + 1)
    if distance < tolerance:
        return 0
    if q == 0:
        return 1
    if q >= 1:
        return math.inf
    return math.floor(math.log(tolerance / distance) / math.log(q)) + 1


class Reach(NamedTuple):
    """How far a decaying rate can ever travel: the sum of all its rates, and the share of w + 1 that remains."""

    rate_sum: float
    remaining: float


def reach(base: float, decay_steps: float, decay_rate: float, staircase: bool = False) -> Reach:
    """Return the sum Σ ηₜ and the product Π (1 − 2 ηₜ) of an exponential decay over all steps t = 0, 1, 2, …

    The weight stalls at −1 + (w₀ + 1) · product.  The arguments are those of `exponential_decay`; `decay_rate` must be
    below 1, or the sum has no end, and `decay_steps` a whole number.  Both results are floats.  Raises TypeError or
    ValueError.

    The sum is geometric.  The product is taken over all rates above 1e-6; of the rest, ln (1 − 2 η) ≈ −2 η, it needs
    the sum alone, and misses less than 1e-6 of the total.

    >>> rate_sum, remaining = reach(0.1, 1, 0.9)
    >>> round(rate_sum, 6), round(-1 + 6 * remaining, 6)  # from 5 the weight comes no further than this
    (1.0, -0.277249)
    """
    for name, value in {"base": base, "decay_steps": decay_steps, "decay_rate": decay_rate}.items():
        numbers(name, value, ndim=[0], low=0 if name == "base" else None, above=None if name == "base" else 0)
    if decay_rate >= 1:
        raise ValueError(f"decay_rate must be below 1, got {decay_rate}")
    if decay_steps != int(decay_steps):
        raise ValueError(f"decay_steps must be a whole number, got {decay_steps}")
    # A stair is `decay_steps` steps at one rate; a smooth decay has stairs of one step.
    width = int(decay_steps) if switch("staircase", staircase) else 1
    ratio = float(decay_rate) ** (width / decay_steps)
    stairs = max(0, math.ceil(math.log(1e-6 / base) / math.log(ratio))) if base else 0
    rates = base * ratio ** np.arange(stairs)
    tail = base * ratio**stairs * width / (1 - ratio)
    return Reach(base * width / (1 - ratio), float(np.prod((1 - 2 * rates) ** width) * math.exp(-2 * tail)))
