"""An environment for the programs that people use beside Jupyter, made on first use and kept in
`.venv/neighbours`.

It holds what requirements.txt locks too, and so the Jupyter of the course, as does the Python that
runs the tests.
"""

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from helpers.lab import browser  # noqa: F401

NEIGHBOURS = [
    "jupytext==1.19.6",
    "myst-nb==1.4.0",
    "nbdime==4.0.4",
    "nbstripout==0.9.1",
    "papermill==2.7.0",
    "sphinx==9.0.4",
    "voila==0.5.13",
]
ROOT = Path(__file__).parent.parent.parent
ENVIRONMENT = Path(sys.prefix) / "neighbours"


@pytest.fixture(scope="session")
def neighbours():
    """The Python of the environment, which is made if there is none or it holds something else."""
    python = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    done = ENVIRONMENT / "installed"
    wanted = "\n".join([(ROOT / "requirements.txt").read_text(), *NEIGHBOURS])
    if not (done.exists() and done.read_text() == wanted):
        subprocess.run([sys.executable, "-m", "venv", "--clear", ENVIRONMENT], check=True)
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "-r", "requirements.txt", *NEIGHBOURS],
            cwd=ROOT,
            check=True,
        )
        done.write_text(wanted)
    return python


@pytest.fixture(scope="session")
def surroundings(tmp_path_factory):
    """Environment variables with which no kernel, setting or cache of whoever runs the tests is
    found.
    """
    home = tmp_path_factory.mktemp("home")
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("JUPYTER", "PYTEST", "PYTHON"))
    }
    return kept | {
        "HOME": str(home),
        "JUPYTER_PREFER_ENV_PATH": "1",  # else kernels of /usr/local come first
        **{f"JUPYTER_{kind}_DIR": str(home / kind) for kind in ("CONFIG", "DATA", "RUNTIME")},
    }


@pytest.fixture(scope="session")
def run_in(neighbours, surroundings):
    """Run a neighbour in a folder: `python -m` whatever is given; return what it prints."""

    def run(folder, *command):
        done = subprocess.run(
            [neighbours, "-m", *command],
            cwd=folder,
            env=surroundings,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


@pytest.fixture
def run(run_in, tmp_path):
    """Run a neighbour in tmp_path."""
    return partial(run_in, tmp_path)


@pytest.fixture
def copy(path, tmp_path):
    """A copy of the lesson `path` that nothing but its test changes."""
    copied = tmp_path / path.name
    copied.write_bytes(path.read_bytes())
    return copied
