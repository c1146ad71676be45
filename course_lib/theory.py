"""What can be said of a descent at a constant rate before it is run.

One step multiplies the distance to the minimum, w + 1, by 1 − 2 · rate.
"""

import math

from course_lib.arguments import numbers


def contraction(rate):
    """Return |1 − 2 · rate|, the factor by which one step at `rate` multiplies the distance to the minimum.

    `rate` is a single number, 0 or more; the result is a float, without a unit.  Raises TypeError or ValueError.

    Source: Y. Nesterov, Lectures on Convex Optimization, 2nd ed., section 1.2.3, with the second derivative 2.

    >>> contraction(0.25), contraction(0.75), contraction(2)
    (0.5, 0.5, 3.0)
    """
    numbers("rate", rate, ndim=[0], low=0)
    return abs(1 - 2 * float(rate))


def regime(rate):
    """Return in words what a descent at the constant `rate` does, by the sign and size of 1 − 2 · rate.

    `rate` is a single number, 0 or more.  Raises TypeError or ValueError.

    >>> [regime(rate) for rate in (0, 0.2, 0.5, 0.8, 1, 1.1)]
    ['stands still', 'straight in', 'in one step', 'to and fro, but in', 'to and fro for ever', 'out']
    """
    size = contraction(rate)
    if rate in (0, 1):
        return "to and fro for ever" if rate else "stands still"
    if size == 0:
        return "in one step"
    if size > 1:
        return "out"
    return "straight in" if rate < 0.5 else "to and fro, but in"


def steps_to(tolerance, rate, start=5.0):
    """Return how many steps at `rate` bring the distance |w + 1| below `tolerance`, the least n with qⁿ |w₀ + 1| < it.

    q is the contraction and w₀ the `start`, so that n is ⌊log(tolerance / |w₀ + 1|) / log q⌋ + 1; all are single
    numbers, `tolerance` above 0.  The result is an int, or `math.inf` if the descent never comes that close.  It is
    that of real numbers; float32 stops about 6e-8 away from −1.  Raises TypeError or ValueError.

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
