"""All that test_lessons.py asks of JupyterLab is asked of Jupyter Notebook 7.

Long storms and many states, in which the program around a panel has no part, are left to the weekly run.
"""

from conftest import LONG
from test_lessons import *  # noqa: F403

APP = "notebook"
if not LONG:
    del test_a_storm_of_moves_ends_in_the_picture_of_its_last_state_and_never_flickers  # noqa: F821
    del test_random_states_of_each_panel_are_the_library_s  # noqa: F821
