"""Nothing depends on where the course runs, as in a home or a checkout that cannot be written."""

import os
import shutil
import subprocess
import sys

import pytest

from course_lib import refresh
from helpers.lessons import NOTEBOOKS, code_cells

CHECKOUT = refresh.LESSONS.parent


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
    command = [sys.executable, "-m", "pytest", f"-opythonpath={CHECKOUT}/tests", "."]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert " 1 passed" in run.stdout, run.stdout + run.stderr
    assert run.returncode == 0
