"""The snippets of the lessons, and those of claims.md, run with the frameworks themselves.

These are no default tests: the first time they download 1 to 2 GB to `.venv/frameworks`.
That the numbers printed are the lesson's own is in test_prose.py.
"""

import os
import re
import subprocess
from pathlib import Path

import pytest

from helpers.lessons import LESSONS, text_of
from helpers.programs import python_of

# What the environment of each framework holds.
FRAMEWORKS = {
    "tensorflow": ["tensorflow==2.21.0", "keras==3.15.1"],
    "torch": ["torch==2.13.0", "numpy==2.4.6"],
    "optax": ["optax==0.2.8", "jax==0.10.2", "jaxlib==0.10.2"],
}
# The import that tells whose a snippet is, in the order in which the lessons have them.
IMPORTS = {
    "import tensorflow.compat.v1 as tf": "tensorflow",
    "import tensorflow as tf": "tensorflow",
    "import torch": "torch",
    "import optax": "optax",
}
SNIPPET = re.compile(
    r"(?:^## ([^\n]*)\n+)?```python\n(import (?:tensorflow|torch|jax)\b.*?)```\n+```text\n(.*?)```",
    re.DOTALL | re.MULTILINE,
)
CLAIMS = Path(__file__).with_name("claims.md").read_text(encoding="utf-8")


def snippets(text):
    """Each framework snippet, after its title and its import, with the output that stands below."""
    for title, code, output in SNIPPET.findall(text):
        for line in IMPORTS:
            if line in code.splitlines():
                yield title, line, code, output


OF_LESSONS = {path.stem: [*snippets(text_of(path, "markdown"))] for path in LESSONS}


def test_every_lesson_has_one_for_each_framework():
    for lesson, some in OF_LESSONS.items():
        assert list(dict.fromkeys(line for _, line, _, _ in some)) == list(IMPORTS), lesson


@pytest.mark.parametrize(
    ("line", "code", "output"),
    [
        pytest.param(*snippet, id=title or f"{text}: {snippet[0]}")
        for text, some in (OF_LESSONS | {"claims": snippets(CLAIMS)}).items()
        for title, *snippet in some
    ],
)
def test_a_snippet_prints_what_stands_below_it(line, code, output):
    framework = IMPORTS[line]
    run = subprocess.run(
        [python_of(f"frameworks/{framework}", *FRAMEWORKS[framework]), "-c", code],
        capture_output=True,
        text=True,
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""},
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout == output
