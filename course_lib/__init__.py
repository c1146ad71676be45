"""The mathematics of the course; its pictures are in `course_lib.figures`.

>>> from course_lib import descend
>>> print(descend([0.2]).weight)
[5.  2.6]
"""

from course_lib.averages import moving_average, warmup_decay
from course_lib.descent import Trace, descend, gradient, loss
from course_lib.schedules import exponential_decay

__all__ = [
    "Trace",
    "descend",
    "exponential_decay",
    "gradient",
    "loss",
    "moving_average",
    "warmup_decay",
]
