"""What the mathematics predicts about a descent.

One step multiplies the distance to the minimum, w + 1, by 1 − 2η. These functions compute in
float64. A descent in float32 comes no closer to −1 than about 6e-8, unless it reaches −1 exactly.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from course_lib.validation import number, switch, whole_number


def contraction(rate: float) -> float:
    """Return |1 − 2η|, by which one step multiplies the distance to the minimum, for η = `rate`.

    Source: Y. Nesterov, Lectures on Convex Optimization, 2nd ed., section 1.2.3, with the second
    derivative 2.

    >>> contraction(0.25), contraction(0.75), contraction(2)
    (0.5, 0.5, 3.0)
    """
    return abs(1 - 2 * number("rate", rate, low=0))


def regime(rate: float) -> str:
    """Return in words what a descent does at a constant learning rate η = `rate`, 0 or more.

    The sign and the size of 1 − 2η decide.

    Source: G. Goh, Why Momentum Really Works, Distill, 2017, which has these cases for momentum 0.

    >>> [regime(rate) for rate in (0, 0.2, 0.5)]
    ['does not move', 'converges', 'converges in one step']
    >>> [regime(rate) for rate in (0.8, 1, 1.1)]
    ['oscillates and converges', 'oscillates for ever', 'diverges']
    """
    factor, rate = contraction(rate), number("rate", rate)
    if rate in (0, 1):
        return "oscillates for ever" if rate else "does not move"
    if factor == 0:
        return "converges in one step"
    if factor > 1:
        return "diverges"
    return "converges" if rate < 0.5 else "oscillates and converges"


def steps_to(tolerance: float, rate: float, start: float = 5.0) -> float:
    """Return how many steps bring the distance to the minimum below a tolerance above 0.

    The least n with qⁿ |w₀ + 1| < tolerance, which is ⌊log(tolerance / |w₀ + 1|) / log q⌋ + 1, with
    the `contraction` q and the `start` w₀: an int, or `math.inf` if the descent never comes so close.

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


def exact_distances(rate: float, steps: int, start: float = 5.0) -> NDArray[np.float64]:
    """Return the distance to the minimum at the start and after each of so many steps.

    |1 − 2η|ⁿ · |w₀ + 1| for n = 0, 1, … `steps`, with η = `rate`, 0 or more, and the `start` w₀

    The result is float64 of shape (steps + 1,); inf where it overflows.

    >>> exact_distances(0.25, 3).tolist()
    [6.0, 3.0, 1.5, 0.75]
    """
    factors = np.full(whole_number("steps", steps, low=0) + 1, contraction(rate))
    factors[0] = abs(number("start", start) + 1)
    with np.errstate(all="ignore"):
        # Repeated multiplication is the same on every computer; NumPy's power may not be.
        return np.multiply.accumulate(factors)


class Reach(NamedTuple):
    """How far a descent comes with a decaying learning rate, after infinitely many steps.

    `rate_sum` is the sum of all learning rates, `remaining` the share of w + 1 that is left.
    """

    rate_sum: float
    remaining: float


def reach(base: float, decay_steps: float, decay_rate: float, staircase: bool = False) -> Reach:
    """Return how far a descent comes with an exponential decay, after infinitely many steps.

    Σ ηₜ and Π (1 − 2 ηₜ) over t = 0, 1, 2, …; the weight approaches −1 + (w₀ + 1) · Π

    The arguments are those of `exponential_decay`. `decay_steps` is a whole number, and `decay_rate` is
    below 1: else the sum is infinite. `remaining` is exact to about one part in a million.

    >>> rate_sum, remaining = reach(0.1, 1, 0.9)
    >>> round(rate_sum, 6), round(-1 + 6 * remaining, 6)  # from 5 the weight comes to −0.28
    (1.0, -0.277249)
    """
    base, decay_steps = number("base", base, low=0), number("decay_steps", decay_steps, above=0)
    decay_rate = number("decay_rate", decay_rate, above=0, below=1)
    if decay_steps != int(decay_steps):
        raise ValueError(f"decay_steps must be a whole number, got {decay_steps:g}")
    # A stair is `decay_steps` steps at one rate. A smooth decay has stairs of one step.
    width = decay_steps if switch("staircase", staircase) else 1.0
    # The rate of a stair is exp(−fall) times the last.
    fall = -math.log(decay_rate) * width / decay_steps
    rate_sum = base * width / -math.expm1(-fall)  # a geometric sum
    # The product takes the rates above 1e-6 one by one. For the smaller ones ln(1 − 2η) is about
    # −2η, so that their sum is enough. Where there are too many stairs, a group of them is taken at
    # the rate of its middle.
    stairs = max(0, math.ceil(math.log(base / 1e-6) / fall)) if base else 0
    group = float(max(1, math.ceil(stairs / 100_000)))
    count = math.ceil(stairs / group)
    with np.errstate(all="ignore"):  # a product may be 0, or too large for a float
        factors = 1 - 2 * base * np.exp(-fall * (group * np.arange(count) + (group - 1) / 2))
        logs = width * group * np.log(np.abs(factors)).sum()
        size = np.exp(logs - 2 * rate_sum * math.exp(-fall * group * count))
        sign = np.prod(np.sign(factors) ** (width * group % 2))
        return Reach(rate_sum, float(sign * size))
