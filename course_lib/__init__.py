"""The mathematics of the course. Its pictures are in `course_lib.figures`.

Each function checks its arguments. A TypeError or a ValueError names the argument and says what was
wrong with it.

>>> from course_lib import descend
>>> print(descend([0.2]).weight)
[5.  2.6]
"""

from course_lib.averages import four_averages, moving_average, warmup_decay
from course_lib.descent import (
    Bowl,
    Trace,
    descend,
    descend_in_bowl,
    descend_on,
    gradient,
    loss,
    pseudo_huber,
    pseudo_huber_slope,
    two_valleys,
    two_valleys_slope,
)
from course_lib.noise import (
    batch_descent,
    batch_means,
    best_decay_steps,
    mean_loss,
    noisy_descent,
    shadow_variance,
    weight_variance,
)
from course_lib.schedules import exponential_decay, schedule
from course_lib.theory import Reach, contraction, exact_distances, reach, regime, steps_to
