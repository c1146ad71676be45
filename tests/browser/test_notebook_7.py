"""What test_lessons.py asks of JupyterLab is asked of Jupyter Notebook 7, in the weekly run all of
it.

Else it is asked of lesson 1 and, as that has no switch, of lesson 3, and without long storms and
many states: the program around a panel has no part in those.
"""

from test_lessons import *  # noqa: F403

from helpers.lab import LONG
from helpers.players import LESSONS

APP = "notebook"
if not LONG:
    NAMES = [LESSONS[0], LESSONS[2]]
    del test_a_storm_of_moves_ends_in_the_picture_of_its_last_state_and_never_flickers  # noqa: F821
    del test_random_states_of_each_panel_are_the_library_s  # noqa: F821
