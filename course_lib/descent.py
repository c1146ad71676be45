"""Gradient descent on the loss of the course, (w + 1)²."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_lib.validation import numbers


class Trace(NamedTuple):
    """The trajectory of a descent: the weight and the loss at the start (row 0) and after each
    step.
    """

    weight: NDArray[np.float32]
    loss: NDArray[np.float32]


def loss(weight: ArrayLike) -> NDArray[np.float32]:
    """Return the loss (w + 1)², which is smallest, 0, at w = −1.

    `weight` is a number or an array; the result is float32 of the same shape, and inf where it
    overflows.  Neither has a unit.  Raises TypeError or ValueError for anything but finite real
    numbers.

    >>> print(loss(5.0), loss([0, -1]))
    36.0 [1. 0.]
    """
    weight = numbers("weight", weight)
    return _loss(weight)[()]


def gradient(weight: ArrayLike) -> NDArray[np.float32]:
    """Return the slope of the loss, 2 (w + 1).

    `weight` is a number or an array; the result is float32 of the same shape, and ±inf where it
    overflows.  Raises TypeError or ValueError for anything but finite real numbers.

    >>> print(gradient(5.0), gradient([0, -1]))
    12.0 [2. 0.]
    """
    weight = numbers("weight", weight)
    with np.errstate(all="ignore"):
        return (2 * (weight + 1))[()]


def descend(rates: ArrayLike, start: ArrayLike = 5.0) -> Trace:
    """Return the trace of w ← w − rate · 2 (w + 1), one step for each of `rates`.

    `rates` has shape (steps,) for one run or (steps, k) for k runs side by side; `start` is the
    weight before the first step, one for all runs or one a run.  `Trace.weight` and `Trace.loss`
    are float32 of shape (steps + 1,) or (steps + 1, k); row 0 is the start.  A learning rate of 0
    or more is allowed, however large: a run that diverges reaches ±inf and, since inf − inf is not
    a number, nan one step later, as in TensorFlow, without a warning.

    Raises TypeError or ValueError, which name the argument, for rates or a start that are not
    finite real numbers, for a negative rate and for a wrong shape.

    Source: tf.compat.v1.train.GradientDescentOptimizer, whose float32 results this matches bit for
    bit.

    >>> trace = descend([0.2, 0.2, 0.2])
    >>> print(trace.weight, trace.loss[1])
    [5.    2.6   1.16  0.296] 12.959999
    >>> descend([[0.2, 1.0], [0.2, 1.0]]).weight[-1].tolist() == [descend([r, r]).weight[-1] for r in (0.2, 1.0)]
    True
    """
    rates = numbers("rates", rates, ndim=[1, 2], low=0)
    start = numbers("start", start, ndim=[0, 1])
    if start.ndim and start.shape != rates.shape[1:]:
        raise ValueError(
            f"start must be a single number or one for each run, of shape {rates.shape[1:]}, "
            f"got shape {start.shape}"
        )
    weight = np.empty((len(rates) + 1, *rates.shape[1:]), np.float32)
    weight[0] = start
    w = weight[0]
    with np.errstate(all="ignore"):  # a run that diverges is a lesson, not a mistake
        for n, rate in enumerate(rates, start=1):
            w = weight[n] = w - rate * (2 * (w + 1))
    return Trace(weight, _loss(weight))


def _loss(weight: NDArray[np.float32]) -> NDArray[np.float32]:
    with np.errstate(all="ignore"):
        return (weight + 1) * (weight + 1)
