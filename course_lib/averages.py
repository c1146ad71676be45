"""The moving average of the weights: a shadow that follows them."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_lib.validation import number, numbers


def warmup_decay(decay: float, num_updates: ArrayLike) -> NDArray[np.float32]:
    """Return the decay of a moving average that warms up, min(d, (1 + n) / (10 + n)).

    At first it is small, so that the shadow soon leaves its start. `decay` is d, the decay in the end,
    from 0 to 1; `num_updates` is n, how many updates the weight has had, a number or an array of 0 or
    more. The result is float32 of the shape of `num_updates`.

    Source: tf.train.ExponentialMovingAverage, its argument `num_updates`.

    >>> print(warmup_decay(0.99, 0), warmup_decay(0.99, [100, 890]))
    0.1 [0.91818184 0.99      ]
    """
    cap = numbers("decay", decay, ndim=[0], low=0, high=1)
    n = numbers("num_updates", num_updates, low=0)
    return np.minimum(cap, (1 + n) / (10 + n))


def moving_average(
    values: ArrayLike, decay: float, num_updates: ArrayLike | None = None
) -> NDArray[np.float32]:
    """Return the moving average of values, their shadow: s ← d · s + (1 − d) · v after each.

    `values` has the shape (n,), or (n, k) for k averages side by side. `decay` is d, the share of the
    old shadow that stays, from 0 to 1. `num_updates` is None, or how many updates the weight has had,
    which `warmup_decay` turns into d: one number for all updates, or one for each of the n − 1. The
    result is float32 of the shape and unit of `values`. It starts at `values[0]`, and each later value
    updates it once. Where the difference of two values overflows, it becomes ±inf or nan, as in
    TensorFlow.

    Source: tf.train.ExponentialMovingAverage, which computes s − (s − v) · (1 − d). The results agree
    with it to the last bit.

    >>> print(moving_average([0, 1, 10], 0.5))
    [0.   0.5  5.25]
    >>> print(moving_average([0, 1, 10], 0.99, num_updates=[0, 100]))
    [0.        0.9       1.6445453]
    """
    values = numbers("values", values, ndim=[1, 2])
    updates = len(values) - 1
    if num_updates is None:
        decays = np.full(updates, numbers("decay", decay, ndim=[0], low=0, high=1))
    elif updates == 0 and np.shape(num_updates) == (0,):
        decays = warmup_decay(decay, [0])[:0]  # no update, but the decay is checked
    else:
        decays = warmup_decay(decay, numbers("num_updates", num_updates, ndim=[0, 1], low=0))
        if decays.shape not in [(), (updates,)]:
            raise ValueError(
                f"num_updates must be a single number or one for each of the {updates} updates, "
                f"got {len(decays)}"
            )
        decays = np.broadcast_to(decays, updates)
    shadow = np.empty_like(values)
    s = shadow[0] = values[0]
    with np.errstate(all="ignore"):
        for n, d in enumerate(decays, start=1):
            s = shadow[n] = s - (s - values[n]) * (1 - d)
    return shadow


def four_averages(weight: ArrayLike, decay: float) -> dict[str, NDArray[Any]]:
    """Return by name four moving averages of `weight[1:]`, which differ in how they start.

    `initial` starts at `weight[0]`, `first` at `weight[1]`, `zero` at 0, all in float32; `corrected` is
    `zero` divided by 1 − dᵗ, the sum of the shares that its t values have in it, in float64. `weight`
    has the shape (n + 1,), n at least 1, each average (n,). `decay` is d, from 0 to below 1.

    Source: `initial` is tf.train.ExponentialMovingAverage, `first`
    torch.optim.swa_utils.AveragedModel with get_ema_multi_avg_fn, `corrected` optax.ema and D. Kingma, J. Ba, Adam, 2015, section
    3.

    >>> {name: shadow.tolist() for name, shadow in four_averages([5, 3, 2], 0.5).items()}
    {'initial': [4.0, 3.0], 'first': [3.0, 2.5], 'zero': [1.5, 1.75], 'corrected': [3.0, 2.3333333333333335]}
    """
    weight = numbers("weight", weight, ndim=[1])
    if len(weight) < 2:
        raise ValueError(f"weight must hold two values or more, got {len(weight)}")
    d = float(numbers("decay", decay, ndim=[0], low=0, below=1))
    number("decay", d, below=1)  # float32 may have rounded it to 1
    zero = moving_average(np.append(np.float32(0), weight[1:]), d)[1:]
    with np.errstate(all="ignore"):  # dᵗ may become too small for a float
        corrected = zero / (1 - np.cumprod(np.full(len(zero), d, np.float64)))
    return {
        "initial": moving_average(weight, d)[1:],
        "first": moving_average(weight[1:], d),
        "zero": zero,
        "corrected": corrected,
    }
