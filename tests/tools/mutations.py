"""Mutation testing of mathematics, pictures and panels: `python tests/tools/mutations.py FOLDER [COUNT]`.

mutmut writes into a copy of the course in FOLDER each function of the mathematics, figures/ and live/
many times over, each time with one small mistake.  For every mistake a process of its own runs
tests that reach the function, the most likely first, until one fails: the unit tests for a second,
the pictures that the lessons store, and if none of them sees it the unit tests for longer and the
lessons.  (mutmut's own runner collects and runs all of them for every mistake, in any order, which
would take a day.)  FOLDER keeps what is known, so that a run goes on where the last one stopped.
At the end it prints the mistakes that no test saw; which of them change nothing that can be seen is
for a reader to say.  With COUNT it makes only so many, from anywhere in the code.
"""

import difflib
import gc
import inspect
import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from contextlib import redirect_stdout
from importlib import import_module
from io import StringIO
from pathlib import Path
from time import perf_counter

sys.path.append(str(Path(__file__).parents[1]))
import pytest
from IPython.core.interactiveshell import InteractiveShell

from course_lib import figures
from course_lib.jupyter.outputs import PANEL
from course_lib.live import Panel
from course_lib.live.figure import figures_in
from course_lib.live.states import SettingsGrid
from helpers.lessons import NOTEBOOKS, code_cells, every_lesson

TOP = Path(__file__).parents[2]
FIGURES = figures_in(figures)
MATHEMATICS = ("averages", "descent", "noise", "schedules", "theory", "validation")
MUTATED = (
    *(f"course_lib/{name}.py" for name in MATHEMATICS),
    "course_lib/figures/*.py",
    "course_lib/live/*.py",
)
TESTS = (
    "tests/tools/mutations.py",
    "course_lib/figures",
    "course_lib/live",
    *(f"course_lib/{name}.py" for name in MATHEMATICS),
    "tests/mathematics",
    "tests/figures",
    "tests/live",
    "tests/lessons/test_exercises.py",
    "tests/lessons/test_questions.py",
)
# They take as long as all others together, or start a Python that knows nothing of a mistake.
NOT = ("5_000_moves", "threads_that_make", "neither_hash_seed", "no_picture_needs_pyplot")
PROCESSES = 2
PASSES = (
    (1.0, "a_picture_that"),
    (12.0, "a_"),
)  # seconds for the unit tests of a mistake, and which tests from here
PICTURES = [
    output.data
    for notebook in NOTEBOOKS.values()
    for cell in code_cells(notebook)
    for output in cell.outputs
    if re.match(
        r"Panel of \w+\(|(?!Schedule)\w+Figure\(\w+=", output.get("data", {}).get("text/plain", "")
    )
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
    shown = []
    shell.display_trap.hook = lambda value: (
        value is None or shown.append(shell.display_formatter.format(value)[0])
    )
    for cell in code_cells(NOTEBOOKS[path]):
        shown.clear()
        with redirect_stdout(StringIO()) as printed:
            shell.run_cell(cell.source, store_history=True).raise_error()
        stored = [one.data for one in cell.outputs if "data" in one]
        assert [*map(in_words_and_html, shown)] == [*map(in_words_and_html, stored)]
        assert printed.getvalue() == "".join(one.text for one in cell.outputs if "text" in one)


def write_mistakes(folder):
    from mutmut.mutation.file_mutation import (
        mutate_file_contents,
    )  # not among tests/requirements.txt

    shutil.copytree(TOP, folder, ignore=shutil.ignore_patterns(".venv*", ".git", "__pycache__"))
    (folder / "setup.cfg").write_text("[mutmut]\nsource_paths = course_lib\n")
    os.chdir(folder)
    names = []
    for path in sorted(path for pattern in MUTATED for path in folder.glob(pattern)):
        mutated = mutate_file_contents(str(path), path.read_text(encoding="utf-8"))
        path.write_text(mutated.code, encoding="utf-8")
        names += [
            f"{'.'.join(path.relative_to(folder).with_suffix('').parts)}.{name}"
            for name in mutated.mutant_names
        ]
    random.Random(0).shuffle(names)  # so that a part of a run is a fair sample
    (folder / "mistakes.json").write_text(json.dumps(names))


def pytest_collection_modifyitems(items):
    items[:] = [
        item
        for item in items
        if "__mutmut_" not in item.name and not any(part in item.name for part in NOT)
    ]


def fails(item):
    from _pytest.runner import runtestprotocol

    return any(report.failed for report in runtestprotocol(item, log=False, nextitem=None))


def measure(items):
    """Write down of each test how long it takes and which functions it reaches; each must pass."""
    from mutmut.configuration import config
    from mutmut.state import state

    config()  # while this is the folder that holds it
    os.environ["MUTANT_UNDER_TEST"] = "stats"
    known = {}
    for item in items:
        state()._stats.clear()
        start = perf_counter()
        if fails(item):
            print(f"{item.nodeid} fails without a mistake", flush=True)
            os._exit(1)
        in_a_kernel = (
            ["course_lib.live.panel.x__close_replaced"]
            if "running_a_cell_again" in item.name
            else []
        )
        known[item.nodeid] = perf_counter() - start, [*state()._stats, *in_a_kernel]
    Path("tests.json").write_text(json.dumps(known))


def killer(name, items):
    """The test that sees a mistake, or none."""
    import resource  # which Windows has not

    resource.setrlimit(resource.RLIMIT_CPU, (90, 90))
    resource.setrlimit(resource.RLIMIT_AS, (4 * 2**30, 4 * 2**30))
    os.environ["MUTANT_UNDER_TEST"] = name
    return next((item.nodeid for item in items if fails(item)), "")


def pytest_runtestloop(session):
    if session.testsfailed:  # pytest's own loop, in place of which this is, would say so
        raise session.Interrupted("a file of tests cannot be read")
    if not Path("tests.json").exists():
        if pid := os.fork():  # so that this process has never run any of it
            if os.waitpid(pid, 0)[1]:
                raise session.Interrupted("the tests do not pass")
        else:
            measure(session.items)
            os._exit(0)
    known = json.loads(Path("tests.json").read_text())
    names = json.loads(Path("mistakes.json").read_text())[: int(os.environ["COUNT"])]
    results = Path("results.jsonl")
    results.touch()
    seen_by = {
        name: (turn, by) for name, turn, by in map(json.loads, results.read_text().splitlines())
    }
    kills, running = defaultdict(Counter), {}
    for name, (_, by) in seen_by.items():
        kills[name.rpartition("__mutmut_")[0]][by] += 1
        kills[""][by] += 1
    InteractiveShell.instance()
    gc.freeze()

    def wait():
        pid, status = os.wait()
        name, turn, pipe = running.pop(pid)
        with os.fdopen(pipe) as file:
            by = file.read() if status == 0 else "a process that ends"
        kills[name.rpartition("__mutmut_")[0]][by] += 1
        kills[""][by] += 1
        seen_by[name] = turn, by
        with results.open("a") as file:
            print(json.dumps([name, turn, by]), file=file)

    def chosen(name, turn, seconds, stored):
        function, subject = name.rpartition("__mutmut_")[0], name.split(".")[-2]
        reaching = sorted(
            (item for item in session.items if function in known[item.nodeid][1]),
            key=lambda item: (
                0 if turn else -kills[function][item.nodeid],
                subject not in item.nodeid.lower(),
                len(known[item.nodeid][1]) if turn else -kills[""][item.nodeid],
                known[item.nodeid][0],
            ),
        )
        units = []
        for item in reaching:
            seconds -= known[item.nodeid][0] * (item.path != Path(__file__))
            if item.path != Path(__file__) and (seconds > 0 or not units):
                units.append(item)
        return units + [
            item
            for item in reaching
            if item.path == Path(__file__) and f"test_{stored}" in item.name
        ]

    for turn, (seconds, stored) in enumerate(PASSES):
        for name in names:
            if seen_by.get(name, (turn - 1, "")) != (turn - 1, ""):
                continue
            if len(running) == PROCESSES:
                wait()
            out, into = os.pipe()
            if pid := os.fork():
                os.close(into)
                running[pid] = name, turn, out
            else:
                os.write(into, killer(name, chosen(name, turn, seconds, stored)).encode())
                os._exit(0)
        while running:
            wait()
    return True


def change(name):
    """The file and line of a mistake, and what it makes of it."""
    module, _, mutant = name.rpartition(".")
    versions = vars(import_module(module))[f"mutants_{mutant.rpartition('_')[0]}"]
    plain = re.split("_|ǁ", mutant.rpartition("__mutmut_")[0], maxsplit=1)[1].rpartition("ǁ")[2]
    lines = [
        line
        for line in difflib.ndiff(
            *(
                inspect.getsource(versions[key]).replace(versions[key].__name__, plain).splitlines()
                for key in ("_mutmut_orig", mutant)
            )
        )
        if line[0] in "-+"
    ]
    path = f"{module.replace('.', '/')}.py"
    source = (TOP / path).read_text(encoding="utf-8").splitlines()
    number = source.index(next(line[2:] for line in lines if line[0] == "-")) + 1
    return "\n".join([f"{path}:{number} {name}", *lines])


def main(folder, count=str(sys.maxsize)):
    folder = Path(folder).resolve()
    if not folder.exists():
        write_mistakes(folder)
    os.chdir(folder)
    sys.path[:0] = [str(folder), str(folder / "tests")]
    paths = [
        str(path.relative_to(folder)) for tests in TESTS for path in sorted(folder.glob(tests))
    ]
    environment = {
        "PYTHONPATH": os.pathsep.join(sys.path[:2]),
        "OPENBLAS_NUM_THREADS": "1",
        "COUNT": count,
    }
    with open("log", "w") as log:
        run = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "-s",
                "-o",
                "addopts=--doctest-modules",
                "-p",
                "mutations",
                "-p",
                "no:cacheprovider",
                *paths,
            ],
            stdout=log,
            check=False,
            env=os.environ | environment,
        )
    if run.returncode:
        sys.exit(Path("log").read_text())
    seen_by = {
        name: by for name, _, by in map(json.loads, Path("results.jsonl").read_text().splitlines())
    }
    unseen = sorted(name for name, by in seen_by.items() if not by)
    for name in [name for name in sys.modules if name.partition(".")[0] == "course_lib"]:
        del sys.modules[name]  # the course as it is; `change` reads the one in FOLDER
    print(*map(change, unseen), sep="\n")
    stored = sum("mutations.py" in by for by in seen_by.values())
    print(
        f"{len(seen_by)} mistakes: {len(seen_by) - stored - len(unseen)} seen by unit tests, "
        f"{stored} by what the "
        f"lessons store, {len(unseen)} by none"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
