"""Which module imports which: one way, in layers, and from declared packages only."""

import ast
import re
import subprocess
import sys
import tomllib
from graphlib import TopologicalSorter
from importlib.metadata import packages_distributions
from importlib.util import resolve_name
from pathlib import Path

import pytest

import course_lib

LIBRARY = Path(course_lib.__file__).parent
PYPROJECT = Path(__file__).parent.parent / "pyproject.toml"


def module_name(path):
    """The name of a module of the library as others import it."""
    parts = path.relative_to(LIBRARY.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {module_name(path): path for path in sorted(LIBRARY.rglob("*.py"))}


def imports(module):
    """The names of all that a module imports anywhere in its file; of the library, the modules
    themselves.
    """
    package = module if FILES[module].name == "__init__.py" else module.rpartition(".")[0]
    found = set()
    for node in ast.walk(ast.parse(FILES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            source = resolve_name("." * node.level + (node.module or ""), package)
            inner = {f"{source}.{alias.name}" for alias in node.names} & set(FILES)
            found |= inner
            if len(inner) < len(node.names):
                found.add(source)
    return found


IMPORTS = {module: imports(module) for module in FILES}

MATHEMATICS = {
    f"course_lib.{name}"
    for name in ("averages", "descent", "noise", "schedules", "theory", "validation")
}
FIGURES, SVG, REPLAY = "course_lib.figures", "course_lib.live.drawing", "course_lib.replay"
OUTPUTS, DISPLAY = "course_lib.jupyter.outputs", "course_lib.jupyter.display"
# What a module may import of the library and of other packages.  What holds for a package holds for
# all in it that has no entry of its own.
MAY_IMPORT = {
    "course_lib.__init__": MATHEMATICS,
    **dict.fromkeys(MATHEMATICS, MATHEMATICS | {"numpy"}),
    "course_lib.live.style": {"matplotlib"},
    SVG: {"course_lib.live.style", "matplotlib", "numpy"},
    FIGURES: MATHEMATICS | {FIGURES, SVG, "course_lib.live.style", "matplotlib", "numpy"},
    REPLAY: {REPLAY, FIGURES, SVG, "course_lib.validation", "numpy"},
    "course_lib.jupyter": set(),
    "course_lib.jupyter.server": {OUTPUTS},
    DISPLAY: {OUTPUTS, "IPython"},
    "course_lib.questions": {
        OUTPUTS,
        DISPLAY,
        f"{REPLAY}.html",
        "course_lib.validation",
        "anywidget",
        "traitlets",
    },
    "course_lib.exercises": MATHEMATICS | {"numpy"},
    "course_lib.panels": {
        FIGURES,
        REPLAY,
        OUTPUTS,
        DISPLAY,
        "course_lib.validation",
        "IPython",
        "anywidget",
        "ipywidgets",
        "traitlets",
    },
    "course_lib.handout": {
        "course_lib.handout",
        REPLAY,
        f"{FIGURES}.base",
        f"{FIGURES}.text",
        OUTPUTS,
        "course_lib.live.drawing",
        "bleach",
        "bs4",
        "jinja2",
        "markupsafe",
        "math_core",
        "nbconvert",
        "nbformat",
        "nh3",
        "pygments",
        "traitlets",
    },
    "course_lib.refresh": {OUTPUTS, "nbclient", "nbformat", "nbval"},
}


def packages(name):
    """A module and the packages that hold it, the innermost first."""
    while name:
        yield name
        name = name.rpartition(".")[0]


@pytest.mark.parametrize("module", FILES)
def test_a_module_imports_only_what_its_layer_may(module):
    names = packages("course_lib.__init__" if module == "course_lib" else module)
    layer = next((name for name in names if name in MAY_IMPORT), None)
    assert layer, f"{module} has no entry in MAY_IMPORT"
    assert [
        name
        for name in sorted(IMPORTS[module])
        if name.split(".")[0] not in sys.stdlib_module_names
        and not MAY_IMPORT[layer].intersection(packages(name))
    ] == []


def test_every_entry_is_of_a_module_that_there_is():
    assert set(MAY_IMPORT) - {"course_lib.__init__"} <= set(FILES)


def test_no_modules_import_one_another():
    TopologicalSorter(
        {module: names & set(FILES) for module, names in IMPORTS.items()}
    ).prepare()  # or a CycleError


def test_every_package_that_is_imported_is_declared():
    dependencies = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]["dependencies"]
    declared = {normal(re.match(r"[\w.-]+", dependency)[0]) for dependency in dependencies}
    imported = {name.split(".")[0] for names in IMPORTS.values() for name in names}
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
