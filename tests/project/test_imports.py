"""Which module imports which: on floors, one way, and from declared packages only."""

import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import grimp
import pytest

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"


def test_every_module_keeps_to_its_floor():
    """The contracts are in pyproject.toml."""
    run = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    linted = subprocess.run(run, cwd=PYPROJECT.parent, capture_output=True, text=True)
    assert linted.returncode == 0, linted.stdout
    assert "0 broken" in linted.stdout


def test_every_package_that_is_imported_is_declared():
    dependencies = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]["dependencies"]
    declared = {normal(re.match(r"[\w.-]+", dependency)[0]) for dependency in dependencies}
    graph = grimp.build_graph("course_lib", include_external_packages=True, cache_dir=None)
    imported = {name.split(".")[0] for name in graph.modules}
    imported -= {"course_lib", *sys.stdlib_module_names}
    provided_by = packages_distributions()
    assert {
        name for name in imported if not declared.intersection(map(normal, provided_by[name]))
    } == set()
    assert len(imported) > 10


def normal(name):
    """The name of a distribution as indices compare it: Jinja2 is jinja2."""
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize(
    ("module", "leaves_out"),
    [
        ("course_lib", ["matplotlib", "ipywidgets", "IPython"]),
        ("course_lib.exercises", ["matplotlib", "ipywidgets", "IPython"]),
        ("course_lib.jupyter.server", ["matplotlib", "ipywidgets", "IPython"]),
        ("course_lib.figures", ["matplotlib.pyplot", "ipywidgets", "IPython"]),
        ("course_lib.live.html", ["matplotlib.pyplot", "ipywidgets", "IPython"]),
        ("course_lib.handout", ["matplotlib.pyplot", "ipywidgets", "anywidget"]),
    ],
)
def test_an_import_loads_nothing_that_it_does_not_need(module, leaves_out):
    code = f"import sys, {module}; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout.split()
    assert not set(leaves_out) & set(loaded)
