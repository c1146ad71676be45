"""Mutation testing of all that computes and draws: `python tests/tools/mutations.py FOLDER [COUNT]`.

mutmut writes into a copy of the course in FOLDER each function of the mathematics, figures/, live/
and handout/ many times over, each time with one small mistake.  For every mistake a process of its
own runs tests that reach the function, the most likely first, until one fails: unit tests for a
second, the pictures that lessons store, unit tests for longer, and the lessons.  (mutmut's own
runner runs all, in any order, which would take a day.)  FOLDER keeps what is known, so that a run
goes on where the last one stopped.  At the end it prints the mistakes that no test saw; whether
they change anything is for a reader to say.  With COUNT it makes only so many, from anywhere.
"""

import difflib
import gc
import inspect
import json
import os
import random
import re
import resource
import shutil
import subprocess
import sys
from collections import Counter
from contextlib import redirect_stdout
from importlib import import_module
from io import StringIO
from itertools import accumulate
from pathlib import Path
from time import perf_counter

sys.path.append(str(Path(__file__).parents[1]))
import pytest
from _pytest.runner import runtestprotocol  # what a plugin that runs a test again uses too
from IPython.core.interactiveshell import InteractiveShell
from mutmut.configuration import config
from mutmut.mutation.file_mutation import mutate_file_contents
from mutmut.state import state

from course_lib import figures
from course_lib.jupyter.outputs import PANEL
from course_lib.live import Panel
from course_lib.live.figure import figures_in
from course_lib.live.states import SettingsGrid
from helpers.lessons import NOTEBOOKS, code_cells, every_lesson

TOP = Path(__file__).parents[2]
FIGURES = figures_in(figures)
MATHEMATICS = ("averages", "descent", "noise", "schedules", "theory", "validation")
MUTATED = [f"course_lib/{name}.py" for name in (*MATHEMATICS, "figures/*", "live/*", "handout/*")]
TESTS = [
    "tests/tools/mutations.py",
    *MUTATED,
    *(f"tests/{name}" for name in ("mathematics", "figures", "live", "handout")),
    *(f"tests/lessons/test_{name}.py" for name in ("exercises", "questions")),
]
QUICK, LONG = 1.0, 90.0  # seconds for the unit tests of a mistake, before the pictures and after
PICTURES = [  # What a View says does not hold the arguments of its figure.
    output.data
    for notebook in NOTEBOOKS.values()
    for cell in code_cells(notebook)
    for output in cell.outputs
    if PANEL in output.get("data", {}) or ("data" in output and "Figure().show(" in cell.source)
]


def in_words_and_html(data):
    return data["text/plain"], data["text/html"]


@pytest.mark.parametrize("data", PICTURES, ids=lambda data: data["text/plain"].split(":")[0])
def test_a_picture_that_a_lesson_stored_is_drawn_again(data):
    if PANEL in data:
        again = Panel(SettingsGrid.from_description(data[PANEL], FIGURES))
    else:
        name, settings = re.match(r"(\w+)\((.*?)\): ", data["text/plain"]).groups()
        again = FIGURES[name]().show(**eval(f"dict({settings})"))
    assert in_words_and_html(again._repr_mimebundle_()) == in_words_and_html(data)


@every_lesson
def test_a_lesson_shows_and_prints_what_it_stored(path, monkeypatch):
    """As nbval, but in this process, which has the mistake."""
    monkeypatch.chdir(path.parent)
    shell = InteractiveShell.instance()
    shell.reset()
    formatted, shown = shell.display_formatter.format, []
    shell.display_trap.hook = lambda value: value is None or shown.append(formatted(value)[0])
    for cell in code_cells(NOTEBOOKS[path]):
        shown.clear()
        with redirect_stdout(StringIO()) as printed:
            shell.run_cell(cell.source, store_history=True).raise_error()
        stored = [one.data for one in cell.outputs if "data" in one]
        assert [*map(in_words_and_html, shown)] == [*map(in_words_and_html, stored)]
        assert printed.getvalue() == "".join(one.text for one in cell.outputs if "text" in one)


def write_mistakes(folder):
    shutil.copytree(TOP, folder, ignore=shutil.ignore_patterns(".venv*", ".git", "__pycache__"))
    (folder / "setup.cfg").write_text("[mutmut]\nsource_paths = course_lib\n")
    os.chdir(folder)
    names = []
    for path in sorted(path for pattern in MUTATED for path in folder.glob(pattern)):
        mutated = mutate_file_contents(str(path), path.read_text(encoding="utf-8"))
        path.write_text(mutated.code, encoding="utf-8")
        module = ".".join(path.relative_to(folder).with_suffix("").parts).removesuffix(".__init__")
        names += [f"{module}.{name}" for name in mutated.mutant_names]
    random.Random(0).shuffle(names)  # so that a part of a run is a fair sample
    (folder / "mistakes.json").write_text(json.dumps(names))


def pytest_collection_modifyitems(items):
    items[:] = [item for item in items if "__mutmut_" not in item.name]  # doctests, many times over


def in_a_process(function, *arguments):
    """What a function gives in a process of its own, or none where that ends before."""
    out, into = os.pipe()
    if pid := os.fork():
        os.close(into)
        with os.fdopen(out) as pipe:
            said = pipe.read()
        os.waitpid(pid, 0)
        return json.loads(said) if said else None
    try:
        os.write(into, json.dumps(function(*arguments)).encode())
    finally:
        os._exit(0)


def fails(item):
    return any(report.failed for report in runtestprotocol(item, log=False, nextitem=None))


def measured(item):
    """How long a test takes, and the functions that it reaches, "" being any in another Python."""
    config()  # while this is the folder that holds it
    os.environ["MUTANT_UNDER_TEST"] = "stats"
    pythons = set()
    sys.addaudithook(lambda event, _: event == "subprocess.Popen" and pythons.add(""))
    start = perf_counter()
    return None if fails(item) else (perf_counter() - start, [*state()._stats, *pythons])


def seen_by(name, items):
    """The test that sees a mistake, or none."""
    resource.setrlimit(resource.RLIMIT_CPU, (240, 240))
    resource.setrlimit(resource.RLIMIT_AS, (4 * 2**30, 4 * 2**30))
    os.environ["MUTANT_UNDER_TEST"] = name
    return next((item.nodeid for item in items if fails(item)), "")


def results():
    """What is known: each mistake, and the test that saw it."""
    path = Path("results.jsonl")
    return dict(map(json.loads, path.read_text().splitlines())) if path.exists() else {}


def function_of(mistake):
    return mistake.rpartition("__mutmut_")[0]


def try_mistakes(names, items, tests):
    """Find and write down which of the tests sees each of these mistakes."""
    known = results()
    kills = Counter((function_of(name), by) for name, by in known.items())
    reached = {function for _, functions in tests.values() for function in functions}

    def in_turn(name):
        """The tests of a mistake, those first that saw others in its function."""
        function, subject = function_of(name), name.split(".")[-2]
        wanted = function if function in reached else ""
        reaching = sorted(
            (item for item in items if wanted in tests[item.nodeid][1]),
            key=lambda item: (
                -kills[function, item.nodeid],
                subject not in item.nodeid.lower(),
                tests[item.nodeid][0],
            ),
        )
        stored = [item for item in reaching if item.path == Path(__file__)]
        pictures = [item for item in stored if "_a_picture_" in item.name]
        units = [item for item in reaching if item not in stored]

        def within(seconds):
            fitting = [item for item in units if tests[item.nodeid][0] < seconds]
            totals = accumulate(tests[item.nodeid][0] for item in fitting)
            chosen = [one for one, total in zip(fitting, totals, strict=True) if total < seconds]
            return chosen or units[:1]

        return dict.fromkeys([*within(QUICK), *pictures, *within(LONG), *stored])

    for name in names:
        if name not in known:
            by = in_a_process(seen_by, name, in_turn(name))
            by = "a process that ends" if by is None else by
            kills[function_of(name), by] += 1
            with open("results.jsonl", "a") as file:
                print(json.dumps([name, by]), file=file)


def pytest_runtestloop(session):
    if session.testsfailed:  # pytest's own loop, in place of which this is, would say so
        raise session.Interrupted("a file of tests cannot be read")
    InteractiveShell.instance()
    gc.freeze()
    path, items = Path("tests.json"), session.items
    if not path.exists():  # nor has this process ever run any of the code
        tests = {item.nodeid: in_a_process(measured, item) for item in items}
        if failing := [test for test, found in tests.items() if not found]:
            raise session.Interrupted(f"without a mistake fail {failing}")
        path.write_text(json.dumps(tests))
    tests, names = json.loads(path.read_text()), json.loads(Path("mistakes.json").read_text())
    names = names[: int(os.environ["COUNT"])]
    pid = os.fork()  # each of the two takes every second mistake
    try_mistakes(names[bool(pid) :: 2], items, tests)
    if not pid:
        os._exit(0)
    if os.waitpid(pid, 0)[1]:
        raise session.Interrupted("not all mistakes could be tried")
    return True


def change(name):
    """The file and line of a mistake, and what it makes of it."""
    module, _, mutant = name.rpartition(".")
    versions = vars(import_module(module))[f"mutants_{mutant.rpartition('_')[0]}"]
    plain = re.split("_|ǁ", function_of(mutant), maxsplit=1)[1].rpartition("ǁ")[2]
    sources = [
        inspect.getsource(versions[key]).replace(versions[key].__name__, plain).splitlines()
        for key in ("_mutmut_orig", mutant)
    ]
    lines = [line for line in difflib.ndiff(*sources) if line[0] in "-+"]
    path = Path(inspect.getsourcefile(versions[mutant])).relative_to(Path.cwd())
    source = (TOP / path).read_text(encoding="utf-8").splitlines()
    number = source.index(next(line[2:] for line in lines if line[0] == "-")) + 1
    return "\n".join([f"{path}:{number} {name}", *lines])


def main(folder, count=str(sys.maxsize)):
    folder = Path(folder).resolve()
    if not folder.exists():
        write_mistakes(folder)
    os.chdir(folder)
    sys.path[:0] = [str(folder), str(folder / "tests/tools")]
    paths = [path.relative_to(folder) for tests in TESTS for path in sorted(folder.glob(tests))]
    options = ["-qs", "-oaddopts=--doctest-modules", "-pmutations", "-pno:cacheprovider"]
    paths_of_python = os.pathsep.join(sys.path[:2])
    environment = {"PYTHONPATH": paths_of_python, "OPENBLAS_NUM_THREADS": "1", "COUNT": count}
    command = [sys.executable, "-m", "pytest", *options, *paths]
    with open("log", "w") as log:
        status = subprocess.call(command, stdout=log, env=os.environ | environment)
    if status:
        sys.exit(Path("log").read_text())
    known = results()
    unseen = sorted(name for name, by in known.items() if not by)
    for name in [name for name in sys.modules if name.partition(".")[0] == "course_lib"]:
        del sys.modules[name]  # the course as it is; `change` reads the one in FOLDER
    print(*map(change, unseen), sep="\n")
    stored = sum("mutations.py" in by for by in known.values())
    units = len(known) - stored - len(unseen)
    print(f"{len(known)} mistakes: {units} seen by unit tests,", end=" ")
    print(f"{stored} by what the lessons store, {len(unseen)} by none")


if __name__ == "__main__":
    main(*sys.argv[1:])
