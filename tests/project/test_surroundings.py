"""Nothing depends on where the course runs: a startup file, a home or a checkout that cannot be
written.
"""

import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from course_lib import (
    batch_descent,
    best_decay_steps,
    descend,
    descend_in_bowl,
    descend_on,
    exact_distances,
    exponential_decay,
    figures,
    four_averages,
    gradient,
    loss,
    mean_loss,
    moving_average,
    noisy_descent,
    pseudo_huber,
    pseudo_huber_slope,
    reach,
    schedule,
    shadow_variance,
    steps_to,
    two_valleys,
    two_valleys_slope,
    warmup_decay,
    weight_variance,
)
from course_lib.exercises import EXERCISES, Function, check
from course_lib.figures import CurvesFigure
from course_lib.live import explore
from course_lib.live.figure import figures_in
from helpers.lessons import NOTEBOOKS, code_cells, every_lesson

FIGURES = figures_in(figures)

CHECKOUT = Path(__file__).parents[2]
EXTREMES = {
    loss: [3e38],
    gradient: [[3e38, 1e-45]],
    descend: [[1e30, 1e-45] * 20, 3e38],
    moving_average: [[3e38, -3e38] * 9, 0.5],
    warmup_decay: [1e-45, [0, 3e38]],
    exponential_decay: [1e-40, [0, 3e38], 1e-40, 0.5],
    reach: [1e30, 100, 0.5],
    weight_variance: [[1e-310, 0.9999999999999999], 1e-45],
    shadow_variance: [1e-300, 0.9999999999999999, 1e-20],
    mean_loss: [[1e30, 1e-45] * 20, 3e38, 3e38],
    steps_to: [1e-45, 1e-45, 3e38],
    pseudo_huber: [[1e308, -1e308, -1]],
    pseudo_huber_slope: [[1e308, -1e308, -1]],
    two_valleys: [[1e308, -1e308, -1]],
    two_valleys_slope: [[1e308, -1e308, -1]],
    descend_on: [two_valleys, partial(gradient, dtype=np.float64), 1e30, 3e38, 20],
    descend_in_bowl: [3e38, 1, 0.9],
    exact_distances: [1e30, 20, 3e38],
    schedule: ["exponential", 1e-40, 1, 100_000],
    best_decay_steps: ["1/t", 3e38, 3e38, 9],
    four_averages: [[3e38, -3e38] * 9, 1e-45],
    batch_descent: [1, 1e30],
    noisy_descent: [3e38, 3e38],
}


@pytest.mark.parametrize("function", EXTREMES, ids=lambda function: function.__name__)
def test_no_function_depends_on_numpy_s_error_state(function):
    with np.errstate(all="raise"):  # first, since some results are kept
        found = function(*EXTREMES[function])
    np.testing.assert_equal(found, function(*EXTREMES[function]))


def views(name):
    """A figure at what it starts with, and at the ends of each of its controls and far beyond."""
    figure = FIGURES[name]([0, 1, 10]) if name == "AverageFigure" else FIGURES[name]()
    yield figure.show()
    for setting, control in figure.controls.items():
        for value in (control.stops[0], control.stops[-1], 1e-45, 3e38):
            try:
                yield figure.show(**{setting: value})
            except (TypeError, ValueError) as error:
                yield str(error)


@pytest.mark.parametrize("name", FIGURES)
def test_no_picture_depends_on_numpy_s_error_state(name):
    expected = list(views(name))
    with np.errstate(all="raise"):
        assert list(views(name)) == expected


def test_no_panel_curve_or_exercise_depends_on_numpy_s_error_state(capsys):
    def all_said():
        panel = explore(FIGURES["DescentFigure"](), rate=(1e-45, 0.2, 1.2), start=(-7.0, 5.0))
        panel.move(rate=1.2)
        CurvesFigure([1, 2], {"y": [1e-38, 1e38]}, "x", "y", (1e-38, 1e38), "far", log="y").show()
        for name, exercise in EXERCISES.items():
            check(name, exercise.reference if isinstance(exercise, Function) else exercise.value)
        return panel.readout, capsys.readouterr().out

    expected = all_said()
    with np.errstate(all="raise"):
        assert all_said() == expected


@pytest.mark.parametrize("variable", ["HOME", "MPLCONFIGDIR"])
def test_matplotlib_prints_nothing_where_it_cannot_write_and_looks_for_fonts(variable, tmp_path):
    """A file stands where its folder would be, so that fonts are looked for, and its note on that
    comes at once.
    """
    (tmp_path / "file").touch()
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("XDG", "MPL"))
    }
    code = """if True:
        import logging, threading
        timer = threading.Timer
        threading.Timer = lambda seconds, function: timer(0, function)
        from course_lib.figures import DescentFigure
        print(DescentFigure().show(rate=0.2, steps=1))
        logging.getLogger("matplotlib.font_manager").warning("a font of the learner's is missing")"""
    run = subprocess.run(
        [sys.executable, "-c", code],
        env=environment | {variable: str(tmp_path / "file")},
        text=True,
        capture_output=True,
    )
    assert run.stdout.startswith("DescentFigure(rate=0.2, steps=1, start=5.0): ")
    assert run.stderr == "a font of the learner's is missing\n"


@every_lesson
def test_a_lesson_without_the_course_says_what_to_install(path, tmp_path):
    (tmp_path / "cell").write_text(code_cells(NOTEBOOKS[path])[0].source, encoding="utf-8")
    code = f"""if True:
        import sys
        sys.path.remove({str(CHECKOUT)!r})
        from IPython.core.interactiveshell import InteractiveShell
        InteractiveShell(colors="nocolor").run_cell(open("cell", encoding="utf-8").read())"""
    run = subprocess.run(
        [sys.executable, "-I", "-c", code],
        cwd=tmp_path,
        text=True,
        capture_output=True,
        env=os.environ | {"IPYTHONDIR": str(tmp_path)},
    )
    assert run.stdout.rstrip().endswith("ModuleNotFoundError: No module named 'course_lib'"), (
        run.stdout + run.stderr
    )
    assert "See 'Start' in the course's README.md." in run.stdout
    assert "%pip install git+https://github.com/OWNER/REPO\n" in (CHECKOUT / "README.md").read_text(
        encoding="utf-8"
    )


def test_in_a_checkout_that_cannot_be_written_the_tests_pass(tmp_path):
    shutil.copy(CHECKOUT / "pyproject.toml", tmp_path)
    for name in (".pytest_cache", ".hypothesis"):
        (tmp_path / name).touch()  # a file, so that there can be no folder
    (tmp_path / "test_property.py").write_text(
        "from hypothesis import given, strategies\n\n\n"
        "@given(strategies.integers())\ndef test_it(n):\n    assert n == n\n"
    )
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "."], cwd=tmp_path, capture_output=True, text=True
    )
    assert " 1 passed" in run.stdout, run.stdout + run.stderr
    assert run.returncode == 0
