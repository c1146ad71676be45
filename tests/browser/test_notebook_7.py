"""All that test_lessons.py asks of JupyterLab is asked of Jupyter Notebook 7."""

from test_lessons import *  # noqa: F403

APP = "notebook"
