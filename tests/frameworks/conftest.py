"""An environment for each framework, made on first use and kept in `.venv/frameworks`: 1 to 2 GB to
download.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

# What each environment holds, and the environment of each name that does not have its own.
FRAMEWORKS = {
    "tensorflow": ["tensorflow==2.21.0", "keras==3.15.1"],
    "torch": ["torch==2.13.0", "numpy==2.4.6"],
    "optax": ["optax==0.2.8", "jax==0.10.2", "jaxlib==0.10.2"],
}
SHARED = {"tensorflow1": "tensorflow"}
ENVIRONMENTS = Path(sys.prefix) / "frameworks"


def python_of(framework):
    """The Python of a framework's environment, which is made if there is none."""
    home = ENVIRONMENTS / framework
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    done = home / "installed"
    wanted = "\n".join(FRAMEWORKS[framework])
    if not (done.exists() and done.read_text() == wanted):
        subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True)
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", *FRAMEWORKS[framework]], check=True
        )
        done.write_text(wanted)
    return python


@pytest.fixture(scope="session")
def printed_by():
    """What some code prints in the environment of a framework."""

    def printed(framework, code):
        run = subprocess.run(
            [python_of(SHARED.get(framework, framework)), "-c", code],
            capture_output=True,
            text=True,
            env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""},
        )
        assert run.returncode == 0, run.stderr
        return run.stdout

    return printed
