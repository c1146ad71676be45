"""The course's pictures, a file each: Figures, whose `show` gives a View for some settings.

>>> view = DescentFigure().show(rate=0.2, steps=1)
>>> print(view.words.summary)
w 5.000000 → 2.600000, loss 36.000000 → 12.959999
"""

import course_lib.live  # imports matplotlib in silence

# isort: split
from course_lib.figures.average import AverageFigure
from course_lib.figures.batch import BatchFigure
from course_lib.figures.bowl import BowlFigure
from course_lib.figures.curves import CurvesFigure
from course_lib.figures.descent import DescentFigure
from course_lib.figures.distance import DistanceFigure
from course_lib.figures.losses import TwoLossesFigure, ValleysFigure
from course_lib.figures.noisy_average import NoisyAverageFigure
from course_lib.figures.rivals import RivalsFigure
from course_lib.figures.ruler import RulerFigure
from course_lib.figures.schedule import ScheduleFigure
from course_lib.figures.starts import StartsFigure
from course_lib.figures.stops import DECAYS, RATES, STARTS, STEPS, SWITCH
from course_lib.figures.variance import VarianceFigure
