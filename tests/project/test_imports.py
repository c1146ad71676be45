"""Which module imports which: in layers, one way, and from declared packages only."""

import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import grimp

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"


def test_every_module_keeps_to_its_layer():
    """The contracts are in pyproject.toml."""
    run = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    linted = subprocess.run(run, cwd=PYPROJECT.parent, capture_output=True, text=True)
    assert linted.returncode == 0, linted.stdout
    assert "0 broken" in linted.stdout


def test_every_package_that_is_imported_is_declared():
    def normal(name):
        """The name of a distribution as indices compare it: Jinja2 is jinja2."""
        return re.sub(r"[-_.]+", "-", name).lower()

    dependencies = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]["dependencies"]
    declared = {normal(re.match(r"[\w.-]+", dependency)[0]) for dependency in dependencies}
    graph = grimp.build_graph("course_lib", include_external_packages=True, cache_dir=None)
    imported = {name.split(".")[0] for name in graph.modules}
    imported -= {"course_lib", *sys.stdlib_module_names}
    provided_by = packages_distributions()
    assert not [name for name in imported if declared.isdisjoint(map(normal, provided_by[name]))]
    assert len(imported) > 10


def test_an_import_loads_nothing_that_it_does_not_need():
    """One after the other in one Python: what is not loaded after the last was loaded by none."""
    left_out = {
        "course_lib, course_lib.exercises, course_lib.jupyter.server": {"matplotlib", "IPython"},
        "course_lib.figures, course_lib.live.html": {"matplotlib.pyplot", "IPython"},
        "course_lib.handout": {"matplotlib.pyplot", "anywidget"},
    }
    code = "\n".join(["import sys", *(f"import {one}\nprint(*sys.modules)" for one in left_out)])
    run = [sys.executable, "-c", code]
    printed = subprocess.run(run, check=True, capture_output=True, text=True).stdout
    for (modules, names), loaded in zip(left_out.items(), printed.splitlines(), strict=True):
        assert {"ipywidgets", *names}.isdisjoint(loaded.split()), modules
