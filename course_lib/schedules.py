"""Learning rates that change with the step."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_lib.validation import number, numbers, switch, whole_number


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


def rival_schedules(base: float, steps: int) -> dict[str, NDArray[np.float64]]:
    """Return by name five schedules of the learning rate, which all start at η₀ = `base`.

    With t = 0, 1, … `steps` − 1: `constant` η₀; `exponential` η₀ · 0.98ᵗ; `staircase` η₀ halved every
    35 steps; `1/t` η₀ / (t + 1); `half cosine` η₀ · (1 + cos(π t / steps)) / 2. Each is float64 of
    shape (steps,).

    Source: of `1/t`, H. Robbins, S. Monro, A stochastic approximation method, 1951; of `half cosine`,
    I. Loshchilov, F. Hutter, SGDR, 2017, and tf.keras.optimizers.schedules.CosineDecay.

    >>> for name, rates in rival_schedules(0.4, 2).items():
    ...     print(name, rates)
    constant [0.4 0.4]
    exponential [0.4   0.392]
    staircase [0.4 0.4]
    1/t [0.4 0.2]
    half cosine [0.4 0.2]
    """
    base, steps = number("base", base, low=0), whole_number("steps", steps, low=1)
    t = np.arange(steps, dtype=np.float64)
    with np.errstate(all="ignore"):  # a rate may become too small for a float
        shares = {
            "constant": np.ones(steps),
            "exponential": 0.98**t,
            "staircase": 0.5 ** (t // 35),
            "1/t": 1 / (t + 1),
            "half cosine": (1 + np.cos(np.pi * t / steps)) / 2,
        }
        return {name: base * share for name, share in shares.items()}
