"""Learning rates that change with the step."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_lib.validation import known_name, number, numbers, switch, whole_number

Floats = NDArray[Any]


def exponential_decay(
    base: float, step: ArrayLike, decay_steps: float, decay_rate: float, staircase: bool = False
) -> NDArray[np.float32]:
    """Return the learning rate at a step of an exponential decay.

    η₀ · r^(t / T), with t / T rounded down for a `staircase`, which then falls once every T steps

    `base` is η₀, 0 or more; `step` is t, how many steps are done, a number or an array of 0 or more;
    `decay_steps` is T and `decay_rate` is r, both above 0. With r above 1 the rate grows, at last to
    inf. The result is float32 of the shape of `step`. float32 holds every integer up to 2²⁴ =
    16,777,216; above it, neighbouring steps share a rate. With η₀ = 0 all rates are 0; in TensorFlow
    they become nan where the factor overflows.

    Source: tf.compat.v1.train.exponential_decay. The rate agrees with it to a relative error of 3e-6.

    >>> print(exponential_decay(0.1, [0, 1, 2], 1, 0.99))
    [0.1     0.099   0.09801]
    >>> print(exponential_decay(0.1, [0, 4, 5, 9, 10], 5, 0.5, staircase=True))
    [0.1   0.1   0.05  0.05  0.025]
    """
    first = numbers("base", base, ndim=[0], low=0)
    t = numbers("step", step, low=0)
    period = numbers("decay_steps", decay_steps, ndim=[0], above=0)
    factor = numbers("decay_rate", decay_rate, ndim=[0], above=0)
    with np.errstate(all="ignore"):
        exponent = t / period
        if switch("staircase", staircase):
            exponent = np.floor(exponent)
        # NumPy's float32 power differs between processors. In float64, rounded once, the last bit is
        # the same on all.
        power = np.power(factor, exponent, dtype=np.float64).astype(np.float32)
        return (first * power if first > 0 else np.zeros_like(power))[()]


SHARES: dict[str, Callable[[Floats], Floats]] = {
    "constant": np.ones_like,
    "exponential": lambda turns: 0.5**turns,
    "staircase": lambda turns: 0.5 ** np.floor(turns),
    "1/t": lambda turns: 1 / (1 + turns),
    "half cosine": lambda turns: (1 + np.cos(np.pi * np.minimum(turns, 1))) / 2,
}


def schedule(name: str, base: float, decay_steps: ArrayLike, steps: int) -> NDArray[np.float64]:
    """Return the learning rates of `steps` steps by the schedule called `name`.

    For t = 0, 1, … `steps` − 1: "constant" η₀; "exponential" η₀ · 0.5^(t / T); "staircase" the same
    with t / T rounded down; "1/t" η₀ / (1 + t / T); "half cosine" η₀ · (1 + cos(π t / T)) / 2, and 0
    from t = T on

    `base` is η₀, 0 or more; `decay_steps` is T, above 0, one number or k of them. The result is float64
    of shape (steps,) or (steps, k).

    Source: tf.keras.optimizers.schedules, ExponentialDecay with a decay rate of 0.5, InverseTimeDecay
    with one of 1, and CosineDecay.

    >>> for name in SHARES:
    ...     print(name, schedule(name, 0.4, 2, 3).round(4))
    constant [0.4 0.4 0.4]
    exponential [0.4    0.2828 0.2   ]
    staircase [0.4 0.4 0.2]
    1/t [0.4    0.2667 0.2   ]
    half cosine [0.4 0.2 0. ]
    """
    share = SHARES[known_name("name", name, SHARES)]
    base = number("base", base, low=0)
    period = numbers("decay_steps", decay_steps, ndim=[0, 1], above=0, dtype=np.float64)
    t = np.arange(whole_number("steps", steps, low=1), dtype=np.float64)
    with np.errstate(all="ignore"):  # a rate may become too small for a float
        return base * share(t.reshape(-1, *[1] * period.ndim) / period)
