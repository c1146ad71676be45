"""The snippets of the lessons, run with the frameworks themselves.

Each runs in an environment of its own, which is made on first use and kept in `.venv/frameworks`:

    .venv/bin/pytest tests/frameworks

That downloads 1 to 2 GB.  It is no part of the default tests.  That the numbers printed are the lesson's own is in
test_prose.py.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from lessons import LESSONS, text_of

# What each needs, and the import that tells whose a snippet is.
FRAMEWORKS = {"tensorflow": ["tensorflow==2.21.0", "keras==3.15.1"], "torch": ["torch==2.13.0", "numpy==2.4.6"],
              "optax": ["optax==0.2.8", "jax==0.10.2", "jaxlib==0.10.2"]}
ENVIRONMENTS = Path(sys.prefix) / "frameworks"


def snippets(path):
    """Each framework snippet of a lesson, with the output that stands below it."""
    return re.findall(r"```python\n(import (?:tensorflow|torch|jax)\b.*?)```\n+```text\n(.*?)```",
                      text_of(path, "markdown"), re.DOTALL)


ALL = [pytest.param(framework, code, output, id=f"{path.stem}-{framework}") for path in LESSONS
       for code, output in snippets(path) for framework in FRAMEWORKS if re.search(rf"import {framework}\b", code)]


@pytest.fixture(scope="session")
def python_of():
    """Give the Python of a framework's environment, and make that environment if there is none."""
    def made(framework):
        home = ENVIRONMENTS / framework
        python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        done = home / "installed"
        wanted = "\n".join(FRAMEWORKS[framework])
        if not (done.exists() and done.read_text() == wanted):
            subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True)
            subprocess.run([python, "-m", "pip", "install", "--quiet", *FRAMEWORKS[framework]], check=True)
            done.write_text(wanted)
        return python

    return made


def test_every_lesson_has_one_for_each_framework():
    assert [param.id for param in ALL] == [f"{path.stem}-{framework}" for path in LESSONS for framework in FRAMEWORKS]


@pytest.mark.parametrize(("framework", "code", "output"), ALL)
def test_a_snippet_prints_what_the_lesson_says(python_of, framework, code, output):
    run = subprocess.run([python_of(framework), "-c", code], capture_output=True, text=True,
                         env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""})
    assert run.stdout == output, run.stderr
