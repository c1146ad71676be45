"""The snippets of the lessons, run with the frameworks themselves.

    .venv/bin/pytest tests/frameworks

That is no part of the default tests: see conftest.py.  That the numbers printed are the lesson's
own is in test_prose.py.
"""

import re

import pytest

from helpers.lessons import LESSONS, text_of

# Whose a snippet is, and the import that tells it, in the order in which the lessons have them.
IMPORTS = {
    "tensorflow1": "import tensorflow.compat.v1 as tf",
    "tensorflow": "import tensorflow as tf",
    "torch": "import torch",
    "optax": "import optax",
}


def snippets(path):
    """Each framework snippet of a lesson, and its name, with the output that stands below it."""
    found = re.findall(
        r"```python\n(import (?:tensorflow|torch|jax)\b.*?)```\n+```text\n(.*?)```",
        text_of(path, "markdown"),
        re.DOTALL,
    )
    return [
        (name, code, output)
        for code, output in found
        for name, line in IMPORTS.items()
        if line in code.splitlines()
    ]


ALL = [(path.stem, *snippet) for path in LESSONS for snippet in snippets(path)]


def test_every_lesson_has_one_for_each_framework():
    names = [(lesson, name) for lesson, name, _, _ in ALL]
    assert list(dict.fromkeys(names)) == [(path.stem, name) for path in LESSONS for name in IMPORTS]


@pytest.mark.parametrize(
    ("name", "code", "output"),
    [pytest.param(*snippet, id=f"{lesson}-{snippet[0]}") for lesson, *snippet in ALL],
)
def test_a_snippet_prints_what_the_lesson_says(printed_by, name, code, output):
    assert printed_by(name, code) == output
