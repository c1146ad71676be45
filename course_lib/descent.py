"""Gradient descent: on the loss of the course, (w + 1)², on other losses, and in a bowl."""

import math
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple, SupportsFloat

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_lib.validation import as_text, number, numbers, whole_number

Floats = NDArray[Any]  # float32 or float64
BOWL_CURVATURE = 2.0  # along y; it is that of (w + 1)²
BOWL_STEPS = 100  # so many steps are kept
BOWL_COUNTED = 10_000  # so many steps are counted
BOWL_CLOSE = 0.01  # x and y count as close to the minimum below this size


class Trace(NamedTuple):
    """The weight and the loss at the start (row 0) and after each step of a descent."""

    weight: Floats
    loss: Floats


def loss(weight: ArrayLike, dtype: Any = np.float32) -> Floats:
    """Return the loss of the course, (w + 1)², which is smallest at w = −1.

    `dtype` is np.float32, the precision of TensorFlow and of the course, or np.float64. The result has
    it and the shape of `weight`; it is inf where it overflows. Weight and loss have no unit.

    >>> print(loss(5.0), loss([0, -1]))
    36.0 [1. 0.]
    """
    w = _weight(weight, dtype)
    with np.errstate(all="ignore"):
        return (w + 1) * (w + 1)


def gradient(weight: ArrayLike, dtype: Any = np.float32) -> Floats:
    """Return the slope of the loss of the course, 2 (w + 1).

    `dtype` and the result are as in `loss`; where the slope overflows it is ±inf.

    >>> print(gradient(5.0), gradient([0, -1]))
    12.0 [2. 0.]
    """
    w = _weight(weight, dtype)
    with np.errstate(all="ignore"):
        return 2 * (w + 1)


def descend(rates: ArrayLike, start: ArrayLike = 5.0) -> Trace:
    """Return the trace of gradient descent on the loss of the course, in float32.

    w ← w − η · 2 (w + 1), one step for each learning rate η in `rates`; each η is 0 or more

    `rates` has the shape (steps,) for one run or (steps, k) for k runs side by side; `start` is one
    weight for all runs or one for each. The trace has one row more than `rates`. A run that diverges
    reaches ±inf. One step later it is nan, because inf − inf is not a number. TensorFlow does the same.

    Source: tf.compat.v1.train.GradientDescentOptimizer. The results agree with it to the last bit.

    >>> trace = descend([0.2, 0.2, 0.2])
    >>> print(trace.weight, trace.loss[1])
    [5.    2.6   1.16  0.296] 12.959999
    >>> print(descend([[0.2, 1.0], [0.2, 1.0]]).weight)  # two runs, at 0.2 and at 1.0
    [[ 5.    5.  ]
     [ 2.6  -7.  ]
     [ 1.16  5.  ]]
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
        return Trace(weight, (weight + 1) * (weight + 1))


def pseudo_huber(weight: ArrayLike) -> NDArray[np.float64]:
    """Return 2 √(1 + (w + 1)²) − 2, a loss whose slope is bounded, as float64.

    Near −1 it is about (w + 1)², far from it about 2 |w + 1| − 2. `weight` is a number or an array.

    Source: R. Hartley, A. Zisserman, Multiple View Geometry, 2nd ed., appendix 6;
    scipy.special.pseudo_huber, the same loss without the factor 2.

    >>> pseudo_huber([-1, 0, 99]).round(6).tolist()
    [0.0, 0.828427, 198.01]
    """
    distance = _weight(weight, np.float64) + 1
    with np.errstate(all="ignore"):
        return 2 * distance * (distance / (np.hypot(1, distance) + 1))  # exact near −1 too


def pseudo_huber_slope(weight: ArrayLike) -> NDArray[np.float64]:
    """Return the slope of `pseudo_huber`, 2 (w + 1) / √(1 + (w + 1)²), between −2 and 2.

    >>> pseudo_huber_slope([-1, 0, 99]).round(6).tolist()
    [0.0, 1.414214, 1.9999]
    """
    distance = _weight(weight, np.float64) + 1
    return 2 * (distance / np.hypot(1, distance))


def two_valleys(weight: ArrayLike) -> NDArray[np.float64]:
    """Return (3w⁴ − 8w³ − 6w² + 24w + 19) / 36, a loss with two minima, as float64.

    Its global minimum is 0 at w = −1, with the curvature 2; its local minimum is 0.75 at w = 2, with
    the curvature 1. Between them, at w = 1, is a maximum. `weight` is a number or an array.

    >>> two_valleys([-1, 1, 2]).round(6).tolist()
    [0.0, 0.888889, 0.75]
    """
    w = _weight(weight, np.float64)
    with np.errstate(all="ignore"):
        return (w + 1) ** 2 * ((3 * w - 14) * w + 19) / 36


def two_valleys_slope(weight: ArrayLike) -> NDArray[np.float64]:
    """Return the slope of `two_valleys`, (w + 1) (w − 1) (w − 2) / 3.

    >>> two_valleys_slope([-1, 0, 3]).round(6).tolist()
    [0.0, 0.666667, 2.666667]
    """
    w = _weight(weight, np.float64)
    with np.errstate(all="ignore"):
        return (w + 1) * (w - 1) * (w - 2) / 3


def descend_on(
    loss: Callable[[NDArray[np.float64]], ArrayLike],
    slope: Callable[[float], SupportsFloat],
    rate: float,
    start: float,
    steps: int,
) -> Trace:
    """Return the trace of gradient descent on any loss of one weight, in float64.

    w ← w − η · slope(w), so many `steps` from `start`, with the learning rate η = `rate`, 0 or more

    `loss` is a function of an array of weights, `slope` its derivative, of a single weight. The loss of
    a weight of ±inf is inf, and one step later both are nan. Neither function is asked about such a
    weight.

    >>> descend_on(lambda w: (w + 1) ** 2, lambda w: 2 * (w + 1), 1.0, 5.0, 2).weight.tolist()
    [5.0, -7.0, 5.0]
    >>> print(descend_on(pseudo_huber, pseudo_huber_slope, 1.25, 5.0, 40).weight[-2:].round(4))
    [-1.75 -0.25]
    """
    for name, function in (("loss", loss), ("slope", slope)):
        if not callable(function):
            raise TypeError(f"{name} must be a function, got {as_text(function)}")
    rate, w = number("rate", rate, low=0), number("start", start)
    weight = np.empty(whole_number("steps", steps, low=0) + 1)
    weight[0] = w
    for n in range(1, len(weight)):
        w = w - rate * float(slope(w)) if math.isfinite(w) else math.nan
        weight[n] = w
    losses, known = np.abs(weight), np.isfinite(weight)
    losses[known] = loss(weight[known])
    return Trace(weight, losses)


class Bowl(NamedTuple):
    """A descent in two directions: x and y at the start and after each of 100 steps.

    `needed` is how many steps it takes until both sizes stay below 0.01.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    needed: float


def descend_in_bowl(rate: float, ratio: float, momentum: float) -> Bowl:
    """Return the descent in a bowl that is curved more along y than along x, from x = y = 1.

    v ← β v − η · slope, and then w ← w + v, on the loss y² + x² / κ

    `rate` is the learning rate η, 0 or more; `ratio` is κ, the curvature along y over that along x, 1
    or more; `momentum` is β, 0 or more and below 1; 0 is plain gradient descent. The arrays are read-only and
    have the shape (101,); `needed` is inf if 10,000 steps are not enough.

    Source: B. Polyak, Some methods of speeding up the convergence of iteration methods, 1964;
    tf.keras.optimizers.SGD, its argument `momentum`.

    >>> descend_in_bowl(0.5, 10, 0.0).y[:3].tolist(), descend_in_bowl(10 / 11, 10, 0.0).needed
    ([1.0, 0.0, 0.0], 23)
    """
    return _descend_in_bowl(
        number("rate", rate, low=0),
        number("ratio", ratio, low=1),
        number("momentum", momentum, low=0, below=1),
    )


@cache
def _descend_in_bowl(rate: float, ratio: float, momentum: float) -> Bowl:
    x = y = 1.0
    speed_x = speed_y = 0.0
    path, needed = [(x, y)], BOWL_COUNTED + 1
    step_x, step_y = rate * BOWL_CURVATURE / ratio, rate * BOWL_CURVATURE
    for n in range(BOWL_COUNTED + 1):
        if not (abs(x) < BOWL_CLOSE and abs(y) < BOWL_CLOSE):  # true of nan too
            needed = n + 1  # at the earliest
        if n >= BOWL_STEPS and not 1e-9 < max(abs(x), abs(y), abs(speed_x), abs(speed_y)) < 1e9:
            break  # from here on nothing changes
        speed_x, speed_y = momentum * speed_x - step_x * x, momentum * speed_y - step_y * y
        x, y = x + speed_x, y + speed_y
        if n < BOWL_STEPS:
            path.append((x, y))
    xs, ys = np.array(path).T
    xs.flags.writeable = ys.flags.writeable = False
    return Bowl(xs, ys, needed if abs(x) < BOWL_CLOSE and abs(y) < BOWL_CLOSE else math.inf)


def _weight(weight: ArrayLike, dtype: Any) -> Floats:
    """Return the weight as `numbers` does, with a short cut for the floats of `descend_on`."""
    if type(weight) is float and dtype is np.float64 and math.isfinite(weight):
        return np.asarray(weight)
    return numbers("weight", weight, dtype=dtype)
