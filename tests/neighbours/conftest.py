"""What runs the lessons with the programs that people use beside Jupyter: no default tests.

Their environment, `.venv/neighbours`, is made on first use.  As the Python that runs the tests, it
holds the Jupyter that requirements.txt locks.
"""

import subprocess

import pytest

from helpers.lab import browser  # noqa: F401
from helpers.programs import ROOT, at_home, python_of

NEIGHBOURS = [
    "jupytext==1.19.6",
    "myst-nb==1.4.0",
    "nbdime==4.0.4",
    "nbstripout==0.9.1",
    "papermill==2.7.0",
    "sphinx==9.0.4",
    "voila==0.5.13",
]


@pytest.fixture(scope="session")
def neighbours():
    return python_of("neighbours", (ROOT / "requirements.txt").read_text(), *NEIGHBOURS)


@pytest.fixture(scope="session")
def surroundings(tmp_path_factory):
    return at_home(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def run(neighbours, surroundings):
    """Run a neighbour in a folder: `python -m` whatever is given; return what it prints."""

    def run_in(folder, *command):
        command = [neighbours, "-m", *command]
        done = subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run_in


@pytest.fixture
def copy(path, tmp_path):
    """A copy of the lesson `path` that nothing but its test changes."""
    copied = tmp_path / path.name
    copied.write_bytes(path.read_bytes())
    return copied
