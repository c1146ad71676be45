"""Nothing depends on where the course runs, as in a home or a checkout that cannot be written."""

import os
import shutil
import subprocess
import sys
from functools import partial

import numpy as np
import pytest

import course_lib
from course_lib import gradient, refresh, two_valleys
from course_lib.exercises import EXERCISES, Function
from course_lib.figures import CurvesFigure, DescentFigure
from course_lib.live import explore
from helpers.lessons import NOTEBOOKS, code_cells

CHECKOUT = refresh.LESSONS.parent
EXTREMES = {  # by function
    "loss": [3e38],
    "gradient": [[3e38, 1e-45]],
    "descend": [[1e30, 1e-45] * 20, 3e38],
    "moving_average": [[3e38, -3e38] * 9, 0.5],
    "warmup_decay": [1e-45, [0, 3e38]],
    "exponential_decay": [1e-40, [0, 3e38], 1e-40, 0.5],
    "reach": [1e30, 100, 0.5],
    "weight_variance": [[1e-310, 0.9999999999999999], 1e-45],
    "shadow_variance": [1e-300, 0.9999999999999999, 1e-20],
    "mean_loss": [[1e30, 1e-45] * 20, 3e38, 3e38],
    "steps_to": [1e-45, 1e-45, 3e38],
    **dict.fromkeys(["pseudo_huber", "pseudo_huber_slope"], ([1e308, -1e308, -1],)),
    **dict.fromkeys(["two_valleys", "two_valleys_slope"], ([1e308, -1e308, -1],)),
    "descend_on": [two_valleys, partial(gradient, dtype=np.float64), 1e30, 3e38, 20],
    "descend_in_bowl": [3e38, 1, 0.9],
    "exact_distances": [1e30, 20, 3e38],
    "schedule": ["exponential", 1e-40, 1, 100_000],
    "best_decay_steps": ["1/t", 3e38, 3e38, 9],
    "four_averages": [[3e38, -3e38] * 9, 1e-45],
    "batch_descent": [1, 1e30],
    "noisy_descent": [3e38, 3e38],
}


def results():
    for name, arguments in EXTREMES.items():
        yield getattr(course_lib, name)(*arguments)
    curves = CurvesFigure([1, 2], {"y": [1e-38, 1e38]}, "x", "y", (1e-38, 1e38), "far", log="y")
    yield str(curves.show())
    panel = explore(DescentFigure(), rate=(1e-45, 0.2, 1.2), start=(-7.0, 5.0))
    panel.move(rate=1.2)
    yield panel.readout
    for one in EXERCISES.values():
        yield one.judge(one.reference if isinstance(one, Function) else one.value)


def test_nothing_depends_on_numpy_s_error_state():
    with np.errstate(all="raise"):  # first, since some results are kept
        found = list(results())
    np.testing.assert_equal(found, list(results()))


@pytest.mark.parametrize("variable", ["HOME", "MPLCONFIGDIR"])
def test_matplotlib_is_silent_where_it_cannot_write(variable, tmp_path):
    """A file stands where its folder would be, so that it looks for fonts, and says so at once."""
    (tmp_path / "file").touch()
    kept = {name: value for name, value in os.environ.items() if name[:3] not in ("XDG", "MPL")}
    code = """if True:
        import logging, threading
        timer = threading.Timer
        threading.Timer = lambda seconds, function: timer(0, function)
        from course_lib.figures import DescentFigure
        print(DescentFigure().show(rate=0.2, steps=1))
        logging.getLogger("matplotlib.font_manager").warning("a font of the learner's is missing")"""
    changed = kept | {variable: str(tmp_path / "file")}
    run = subprocess.run([sys.executable, "-c", code], env=changed, text=True, capture_output=True)
    assert run.stdout.startswith("DescentFigure(rate=0.2, steps=1, start=5.0): ")
    assert run.stderr == "a font of the learner's is missing\n"


def test_a_lesson_without_the_course_says_what_to_install(tmp_path):
    cells = [code_cells(notebook)[0].source for notebook in NOTEBOOKS.values()]
    code = f"""if True:
        import sys
        from pathlib import Path
        sys.path[:] = [path for path in sys.path if not Path(path, "course_lib").exists()]
        from IPython.core.interactiveshell import InteractiveShell
        for cell in {cells!r}:
            InteractiveShell.instance(colors="nocolor").run_cell(cell)
            print("<end>")"""
    changed = os.environ | {"IPYTHONDIR": str(tmp_path)}
    command = [sys.executable, "-I", "-c", code]
    run = subprocess.run(command, cwd=tmp_path, text=True, capture_output=True, env=changed)
    said = run.stdout.split("<end>\n")[:-1]
    assert len(said) == len(cells), run.stderr
    for one in said:
        assert one.rstrip().endswith("ModuleNotFoundError: No module named 'course_lib'"), one
        assert "See 'Start' in the course's README.md." in one
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    assert "%pip install git+https://github.com/OWNER/REPO\n" in readme


def test_in_a_checkout_that_cannot_be_written_the_tests_pass(tmp_path):
    shutil.copy(CHECKOUT / "pyproject.toml", tmp_path)
    for name in (".pytest_cache", ".hypothesis"):
        (tmp_path / name).touch()  # a file, so that there can be no folder
    (tmp_path / "test_property.py").write_text(
        "from hypothesis import given, strategies\n\n\n"
        "@given(strategies.integers())\ndef test_it(n):\n    assert n == n\n"
    )
    command = [sys.executable, "-m", "pytest", "."]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert " 1 passed" in run.stdout, run.stdout + run.stderr
    assert run.returncode == 0
