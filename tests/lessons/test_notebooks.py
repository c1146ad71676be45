"""The lessons, read as files, and what strict nbval makes of them."""

import itertools
import json
import math
import os
import re
import shutil
import stat
import subprocess
import sys
import warnings
from copy import deepcopy
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from nbclient.exceptions import CellExecutionError
from nbconvert.exporters import ScriptExporter
from nbval.plugin import IPyNbFile

from course_lib import refresh
from course_lib.jupyter.outputs import ANSWER, PANEL, QUESTION
from helpers.lessons import LESSONS, NOTEBOOKS, code_cells, every_lesson, text_of
from helpers.recordings import TABLES


def outputs(notebook):
    return [output for cell in code_cells(notebook) for output in cell.outputs]


def streams(path):
    return "".join(
        output.text for output in outputs(NOTEBOOKS[path]) if output.output_type == "stream"
    )


def test_the_lessons():
    assert [path.name for path in LESSONS] == [
        "01_learning_rate.ipynb",
        "02_setting_the_learning_rate.ipynb",
        "03_exponential_decay.ipynb",
        "04_moving_average.ipynb",
    ]


@every_lesson
def test_every_code_cell_was_run_in_order(path):
    assert [cell.execution_count for cell in code_cells(NOTEBOOKS[path])] == list(
        range(1, len(code_cells(NOTEBOOKS[path])) + 1)
    )


@every_lesson
def test_no_output_is_an_error_or_a_warning(path):
    for output in outputs(NOTEBOOKS[path]):
        assert output.output_type != "error"
        assert output.get("name") != "stderr"


@every_lesson
def test_nothing_is_lax(path):
    for cell in NOTEBOOKS[path].cells:
        assert cell.metadata.get("tags", []) == [ANSWER] * hidden(cell)
        assert not re.search(r"nbval|PYTEST_VALIDATE", cell.source, re.IGNORECASE)


@every_lesson
def test_the_file_holds_nothing_random(path):
    """No widget state or view, no timing, no trace of the machine: the file is what `refresh` would
    write.
    """
    text = path.read_text(encoding="utf-8")
    assert "widget-view" not in text
    assert "widget-state" not in text
    assert refresh.tidy(nbformat.read(path, as_version=4)) == text


@every_lesson
def test_every_picture_tells_its_numbers(path):
    alternatives = []

    class Images(HTMLParser):
        def handle_starttag(self, tag, attributes):
            if tag == "img":
                alternatives.append(dict(attributes))

    for output in outputs(NOTEBOOKS[path]):
        Images().feed(output.get("data", {}).get("text/html", ""))
    assert alternatives
    for image in alternatives:
        assert len(re.findall(r"\d+\.\d{6}|\d\.\d{3}e", image["alt"])) >= 2
        assert image["src"].startswith("data:image/svg+xml")


@every_lesson
def test_a_lesson_opens_and_closes_as_the_others_do(path):
    opening, *rest = NOTEBOOKS[path].cells
    assert re.match(rf"# {int(path.stem[:2])}\. [\w ]+ · [\u4e00-\u9fff]+\n", opening.source)
    assert re.findall(
        r"(?m)^\*\*(What you will do|What you will learn|What you need)\.\*\* ", opening.source
    ) == ["What you will do", "What you will learn", "What you need"]
    headings = re.findall(r"(?m)^## (.*)$", "\n".join(cell.source for cell in rest))
    assert headings[-3:] == ["Exercises", "In your framework", "Go further"]
    assert headings[-4].startswith("Find the bug")
    assert re.search(r"\(0\d_\w+\.ipynb\)\.$", rest[-1].source), "no link to the next"


def words(cells):
    """How many words of prose stand in cells; code and what it prints, quoted in a text, are none."""
    return sum(
        len(re.sub(r"```.*?```", "", cell.source, flags=re.DOTALL).split())
        for cell in cells
        if cell.cell_type == "markdown"
    )


def holds(cell, kind):
    return any(kind in output.get("data", {}) for output in cell.get("outputs", []))


def hidden(cell):
    return cell.metadata.get("jupyter", {}).get("outputs_hidden", False)


@every_lesson
def test_a_lesson_leads_with_a_panel_and_is_read_in_an_hour(path):
    cells = NOTEBOOKS[path].cells
    panels = [index for index, cell in enumerate(cells) if holds(cell, PANEL)]
    assert len(panels) >= 3
    assert words(cells[: panels[0]]) <= 450
    assert words(cells) <= 2200
    assert (
        max(
            output.text.count("\n")
            for output in outputs(NOTEBOOKS[path])
            if output.output_type == "stream"
        )
        <= 24
    )


# What the headings of exercises name.
MINUTES = {
    "Ten seconds": 1,
    "One minute": 1,
    "Two minutes": 2,
    "Three minutes": 3,
    "Five minutes": 5,
    "Ten minutes": 10,
}


@every_lesson
def test_the_minutes_that_a_lesson_names_are_what_reading_and_doing_take(path):
    cells = NOTEBOOKS[path].cells
    exercises = re.findall(r"(?m)^### (.*)$", text_of(path, "markdown"))
    minutes = (
        words(cells) / 130
        + 0.3 * len(code_cells(NOTEBOOKS[path]))
        + sum(MINUTES[name] for name in exercises)
        + sum(
            2 * holds(cell, PANEL)
            + 0.75 * holds(cell, QUESTION)
            + ("## Find the bug" in cell.source)
            for cell in cells
        )
    )
    said = int(re.search(r"about (\d+) minutes", cells[0].source)[1])
    assert said == 5 * math.ceil(minutes / 5) <= 60, minutes
    assert re.search(
        rf"(?m)^\| \[.*\({re.escape(f'notebooks/{path.name}')}\) \|.*\| {said} \|$",
        (refresh.LESSONS.parent / "README.md").read_text(encoding="utf-8"),
    ), "README.md names others"


@every_lesson
def test_what_answers_a_question_is_folded_until_its_cell_is_run(path):
    cells = code_cells(NOTEBOOKS[path])
    for number, cell in enumerate(cells):
        if holds(cell, QUESTION):
            answer = next(
                one for one in cells[number:] if not (holds(one, PANEL) or holds(one, QUESTION))
            )
            assert hidden(answer), answer.source
    for cell in filter(hidden, cells):
        assert not holds(cell, PANEL)
        first = cell.outputs[0].get("text", "")
        assert re.match(r"\D+\n", first), (
            f"JupyterLab shows the first line of a folded output: begin with a heading without "
            f"digits, not {first!r}"
        )


@every_lesson
def test_prose_and_code_are_balanced(path):
    cells = NOTEBOOKS[path].cells
    code = len(code_cells(NOTEBOOKS[path]))
    assert len(cells) <= 60
    assert len(cells) / 4 <= code <= len(cells) * 3 / 4
    assert all(
        "markdown" in (before.cell_type, after.cell_type)
        for before, after in itertools.pairwise(cells)
    ), "two code cells without a word between them"


@every_lesson
def test_no_cell_is_long(path):
    assert max(cell.source.count("\n") + 1 for cell in code_cells(NOTEBOOKS[path])) <= 15


def shown_as_code(notebook):
    """What keeps its lines where it is shown: code, what it prints, blocks of code in a text."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            yield cell.source
        else:
            yield from re.findall(r"(?ms)^ *```\w*\n(.*?)^ *```", cell.source)
    for output in outputs(notebook):
        if "text/html" not in output.get("data", {}):
            yield output.get("text") or output.data["text/plain"]


# The tutorial's own, which a lesson prints word for word.
TUTORIAL_S = re.compile(
    r"After \d+ steps: global_step is \S+, w is \S+, learning rate is \S+, loss is \S+"
)


@every_lesson
def test_no_line_is_wider_than_a_page_of_a_handout(path):
    assert [
        line
        for text in shown_as_code(NOTEBOOKS[path])
        for line in text.splitlines()
        if len(line) > 80 and not TUTORIAL_S.fullmatch(line)
    ] == []


@every_lesson
def test_links_between_the_lessons_lead_somewhere(path):
    for cell in NOTEBOOKS[path].cells:
        for target in (
            re.findall(r"\]\(([^)]+)\)", cell.source) if cell.cell_type == "markdown" else []
        ):
            assert target.startswith("https://") or (path.parent / target).is_file(), target


@pytest.mark.parametrize(
    ("lesson", "table", "row"),
    [
        (0, "section_1_rate_0.2", "After {after} steps: w is {w}, loss is {loss}."),
        (1, "section_2_rate_1", "After {after} steps: w is {w}, loss is {loss}."),
        (1, "section_2_rate_too_small", "After {after} steps: w is {w}, loss is {loss}."),
        (
            2,
            "section_3_exponential_decay",
            "After {after} steps: global_step is {global_step}, w is {w}, "
            "learning rate is {learning_rate}, loss is {loss}",
        ),
        (3, "section_4_moving_average", "[{w1}, {shadow}]"),
    ],
)
def test_the_tutorial_s_table_is_printed_line_by_line(lesson, table, row):
    table = TABLES[table]
    lines = [
        row.format(**dict(zip(table["columns"], values, strict=True))) for values in table["rows"]
    ]
    lines = [
        line.replace("0.01156", "0.011561") if line.endswith(" 0.01156") else line for line in lines
    ]  # cut off
    assert "\n" + "\n".join(lines) + "\n" in "\n" + streams(LESSONS[lesson])


KINDS = sorted(
    {
        kind
        for notebook in NOTEBOOKS.values()
        for output in outputs(notebook)
        for kind in output.get("data", {"stream": 0})
    }
)


def test_the_course_stores_these_kinds_of_output():
    assert KINDS == [PANEL, QUESTION, "stream", "text/html", "text/plain"]


def changed(output):
    """Each output that differs from this one in one digit, the first or the last of what is stored
    of a kind.
    """
    for kind in {"text", *output.get("data", {})} - {PANEL, QUESTION}:
        text = (output if kind == "text" else output.data).get(kind, "")
        digits = [found.start() for found in re.finditer(r"\d", text)]
        for at in {*digits[:1], *digits[-1:]}:
            other = deepcopy(output)
            (other if kind == "text" else other.data)[kind] = (
                f"{text[:at]}{(int(text[at]) + 1) % 10}{text[at + 1 :]}"
            )
            yield other
    for kind in {PANEL, QUESTION} & {*output.get("data", {})}:
        other = deepcopy(output)
        other.data[kind]["start"] = "another"
        yield other


@every_lesson
def test_one_changed_digit_in_any_output_is_none_that_nbval_takes_for_equal(path, request):
    notebook = IPyNbFile.from_parent(request.session, path=path)
    count = 0
    for item in notebook.collect():
        stored = item.cell.outputs
        assert item.compare_outputs(stored, stored)
        for number, output in enumerate(stored):
            for other in changed(output):
                assert not item.compare_outputs(
                    stored, [*stored[:number], other, *stored[number + 1 :]]
                )
                count += 1
    assert count > 50


def test_one_changed_digit_fails_its_cell_and_no_other(tmp_path):
    """In one run of the lessons, in which an output of every other cell has another digit."""
    expected = {}
    turn = itertools.count()
    for path in LESSONS:
        notebook = nbformat.read(path, as_version=4)
        for number, cell in enumerate(code_cells(notebook)):
            others = [
                (index, other)
                for index, output in enumerate(cell.outputs)
                for other in changed(output)
            ]
            failing = others and number % 2
            if failing:
                index, other = others[next(turn) % len(others)]
                cell.outputs[index] = other
            expected[f"{path.stem}::Cell {number}"] = "FAILED" if failing else "PASSED"
        nbformat.write(notebook, tmp_path / path.name)
    assert min([*expected.values()].count(outcome) for outcome in ("PASSED", "FAILED")) > 30
    empty = tmp_path / "pytest.ini"  # so that no settings but these are used
    empty.write_text("[pytest]\n")
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "--nbval",
            "--nbval-current-env",
            "-v",
            "--color=no",
            "--tb=no",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:randomly",
            "--rootdir",
            tmp_path,
            "-c",
            empty,
            tmp_path,
        ],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    seen = {
        f"{name}::Cell {number}": outcome
        for name, number, outcome in re.findall(
            r"^(\w+)::ipynb::Cell (\d+) (\w+)", run.stdout, re.MULTILINE
        )
    }
    assert seen == expected, run.stdout + run.stderr


@every_lesson
def test_no_cell_moves_a_panel(path):
    """After all cells have run, each panel is where the text beside it left it."""
    assert not [cell.source for cell in code_cells(NOTEBOOKS[path]) if ".move(" in cell.source]


def small_notebook(path, *sources):
    nbformat.write(
        nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources]),
        path,
    )
    return path


def test_refresh_stores_outputs_and_then_changes_nothing(tmp_path, capsys):
    path = small_notebook(
        tmp_path / "lesson.ipynb",
        "from course_lib.figures import DescentFigure\n"
        "from course_lib.live import explore\nexplore(DescentFigure(), rate=(0.2, 1))",
        "print(1 + 1)",
    )
    refresh.main([path])
    stored = path.read_bytes()
    assert json.loads(stored)["cells"][1]["outputs"][0]["text"] == ["2\n"]
    assert b"widget-view" not in stored
    refresh.main([path])
    assert path.read_bytes() == stored
    assert capsys.readouterr().out == "lesson.ipynb: stored\nlesson.ipynb: unchanged\n"
    assert list(tmp_path.iterdir()) == [path]


def test_refresh_folds_again_what_answers_a_question(tmp_path):
    """JupyterLab stores no fold of a cell that was run."""
    path = small_notebook(
        tmp_path / "lesson.ipynb",
        "from course_lib.questions import ask\nask('1.1')",
        "from course_lib.figures import DescentFigure\nfrom course_lib.live import explore\n"
        "explore(DescentFigure(), rate=(0.2, 1))",
        "a = 1",
        "print('so')",
        "print('then')",
    )
    refresh.main([path])
    assert [cell.metadata for cell in nbformat.read(path, as_version=4).cells] == [
        {},
        {},
        {},
        {"jupyter": {"outputs_hidden": True}},
        {},
    ]


# What authors write into a notebook, a code cell, a Markdown cell, and a raw cell.
WRITTEN = [
    {
        "title": "Mine",
        "authors": [{"name": "I"}],
        "rise": {"theme": "sky"},
        "toc": {"number_sections": False},
        "jupytext": {"formats": "ipynb,py:percent"},
        "kernelspec": {"name": "mine", "display_name": "Mine", "language": "python"},
    },
    {
        "slideshow": {"slide_type": "slide"},
        "editable": False,
        "deletable": False,
        "scrolled": True,
        "alt": "a picture",
        "tags": ["parameters"],
        "jupyter": {"source_hidden": True},
        "nbgrader": {"grade": True, "grade_id": "a"},
        "collapsed": True,
    },
    {"slideshow": {"slide_type": "notes"}, "alt": "another", "name": "first"},
    {"raw_mimetype": "text/html", "format": "text/html"},
]
# What a run, a front end or papermill writes beside them.
OF_A_RUN = {
    "execution": {"iopub.status.busy": "2026-01-01T00:00:00Z"},
    "papermill": {"duration": 0.1},
    "ExecuteTime": {"end_time": "2026-01-01T00:00:00Z"},
    "executionInfo": {"user": {"displayName": "A Name"}},
    "outputId": "1f",
}
PICTURE = """from IPython.display import display
display({"image/png": "iVBORw0KGgo=", "text/plain": "p"}, raw=True,
        metadata={"image/png": {"width": 7, "alt": "a dot"}, "mine": 1})"""


def test_refresh_leaves_what_an_author_wrote_and_takes_away_what_a_run_wrote(tmp_path):
    v4 = nbformat.v4
    notebook = v4.new_notebook(
        cells=[v4.new_code_cell(PICTURE), v4.new_markdown_cell("text"), v4.new_raw_cell("raw")]
    )
    holders = [notebook, *notebook.cells]
    for holder, written in zip(holders, WRITTEN, strict=True):
        holder.metadata = nbformat.from_dict(deepcopy(written) | OF_A_RUN)
    notebook.metadata["vscode"] = {"interpreter": {"hash": "1f"}}
    notebook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}}}
    path = tmp_path / "mine.ipynb"
    nbformat.write(notebook, path)
    refresh.main([path])
    stored = nbformat.read(path, as_version=4)
    language = stored.metadata.pop("language_info")
    assert [holder.metadata for holder in (stored, *stored.cells)] == WRITTEN
    assert stored.cells[0].outputs[0].metadata == {
        "image/png": {"width": 7, "alt": "a dot"},
        "mine": 1,
    }
    assert language["file_extension"] == ".py"
    assert "version" not in language


@pytest.mark.parametrize(
    "folded",
    [
        {"jupyter": {"outputs_hidden": True}, "collapsed": True},
        {"jupyter": {"outputs_hidden": False}},
        {"collapsed": False},
        {},
    ],
)
def test_refresh_gives_the_same_bytes_whatever_jupyterlab_has_made_of_a_lesson(folded):
    stored = LESSONS[0].read_text(encoding="utf-8")
    notebook = nbformat.reads(stored, as_version=4)
    for cell in filter(hidden, notebook.cells):
        cell.metadata.pop("jupyter")
        cell.metadata.update(nbformat.from_dict(folded))
    notebook.metadata.kernelspec.display_name = "Python 3 (ipykernel)"
    notebook.metadata.language_info.version = "3.11.7"
    assert refresh.tidy(notebook) == stored


@pytest.mark.parametrize(
    ("source", "differs", "same"),
    [
        (
            "import warnings\nwarnings.warn('old')",
            r"ipykernel_\d+",
            "import warnings\nwarnings.simplefilter('ignore')",
        ),
        (
            "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
            r"<dc:date>|clip-path|#m\w+",
            """
%config InlineBackend.print_figure_kwargs = {"bbox_inches": "tight", "metadata": {"Date": None}}
import matplotlib, matplotlib.pyplot as plt
matplotlib.rcParams["svg.hashsalt"] = "0"
plt.plot([1, 2])
plt.show()""",
        ),
        ("import random\nrandom.random()", r"\d\.\d+", "import random\nrandom.Random(0).random()"),
        ("object()", r"<object at 0x\w+>", "type(object())"),
    ],
)
def test_refresh_names_the_cell_with_other_outputs_in_a_second_run_and_what_to_do(
    tmp_path, source, differs, same
):
    svg = "%config InlineBackend.figure_formats = ['svg']"
    path = small_notebook(tmp_path / "lesson.ipynb", svg, source)
    before = path.read_bytes()
    with pytest.raises(SystemExit) as raised:
        refresh.main([path])
    differences = str(raised.value).removesuffix(f"\n{refresh.ADVICE}").splitlines()
    assert (
        differences[0]
        == f"{path}: cell 2 ({source.splitlines()[0]}) gives other outputs in a second run:"
    )
    for sign in "-+":
        assert any(line[0] == sign and re.search(differs, line) for line in differences[1:])
    assert path.read_bytes() == before
    small_notebook(path, svg, same)
    refresh.main([path])  # as it says


def test_refresh_leaves_out_the_view_of_any_widget_and_gives_cells_ids_once(tmp_path):
    """A box around a panel too, whose view is the id of what lives no longer than the kernel."""
    path = small_notebook(
        tmp_path / "lesson.ipynb",
        "# words",
        "from course_lib.figures import DescentFigure\n"
        "from course_lib.live import explore\nimport ipywidgets\n"
        "from course_lib.questions import ask\n"
        "ipywidgets.VBox([explore(DescentFigure(), rate=(0.2, 1)), ask('1.1')])",
    )
    content = json.loads(path.read_text())
    content["cells"][0] = {"cell_type": "markdown", "metadata": {}, "source": "words"}
    del content["cells"][1]["id"]  # as before format 4.5
    path.write_text(json.dumps(content))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nbformat says that there will be no such files
        refresh.main([path])
        stored = path.read_bytes()
        assert list(json.loads(stored)["cells"][1]["outputs"][0]["data"]) == ["text/plain"]
        refresh.main([path])
    assert path.read_bytes() == stored


def test_refresh_stores_nothing_over_what_was_saved_while_it_ran(tmp_path):
    path = small_notebook(
        tmp_path / "lesson.ipynb", "import pathlib\npathlib.Path('lesson.ipynb').write_text('{}')"
    )
    with pytest.raises(
        SystemExit, match="it was saved while its cells ran, nothing was stored; run this again"
    ):
        refresh.main([path])
    assert path.read_text() == "{}"


def test_refresh_says_so_where_the_kernel_ends(tmp_path):
    path = small_notebook(tmp_path / "lesson.ipynb", "import os\nos._exit(1)")
    with pytest.raises(
        SystemExit, match=r"lesson\.ipynb: a cell failed, nothing was stored\nKernel died"
    ):
        refresh.main([path])


@pytest.mark.parametrize("path", [*LESSONS[:1], "mine"], ids=["lesson", "mine"])
def test_as_a_script_a_notebook_is_python(path, tmp_path):
    if path == "mine":
        path = small_notebook(tmp_path / "mine.ipynb", "1 + 1")
        refresh.main([path])
    code, resources = ScriptExporter().from_filename(path)
    assert resources["output_extension"] == ".py"
    compile(code, path, "exec")


def test_refresh_leaves_a_failing_lesson_as_it_was(tmp_path):
    path = small_notebook(tmp_path / "lesson.ipynb", "print(1)", "1 / 0")
    before = path.read_bytes()
    with pytest.raises(
        SystemExit,
        match=r"lesson\.ipynb: a cell failed, nothing was stored[\s\S]*ZeroDivisionError",
    ):
        refresh.main([path])
    assert path.read_bytes() == before
    with pytest.raises(CellExecutionError):
        refresh.run(path)


def test_refresh_changes_nothing_but_the_text_of_the_notebook(tmp_path, monkeypatch):
    """Neither a link to it, nor its mode, nor a file beside it; and nothing at all where it cannot
    be written whole.
    """
    folder = tmp_path / "folder"
    folder.mkdir()
    path, beside, link = folder / "lesson.ipynb", folder / "lesson.tmp", tmp_path / "link.ipynb"
    for mode in 0o600, 0o640:
        path.write_text("before")
        path.chmod(mode)
        beside.write_text("mine")
        link.unlink(missing_ok=True)
        link.symlink_to("folder/lesson.ipynb")
        refresh.store("η\n", link)
        assert (link.readlink().name, path.read_bytes()) == ("lesson.ipynb", "η\n".encode())
        assert stat.S_IMODE(path.stat().st_mode) == mode
    monkeypatch.setattr(os, "replace", lambda *paths: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        refresh.store("after", link)
    assert {one.name: one.read_text() for one in folder.iterdir()} == {
        "lesson.ipynb": "η\n",
        "lesson.tmp": "mine",
    }


def test_refresh_runs_the_python_that_runs_it_in_silence(tmp_path):
    """Whatever kernel is found first by the name python3."""
    other = tmp_path / "kernels" / "python3"
    other.mkdir(parents=True)
    (other / "kernel.json").write_text(
        '{"argv": ["no-such-python"], "display_name": "Other", "language": "python"}'
    )
    path = small_notebook(tmp_path / "lesson.ipynb", "import sys\nprint(sys.executable)")
    environment = {
        "JUPYTER_PATH": str(tmp_path),
        "JUPYTER_PREFER_ENV_PATH": "0",
        "IPYTHONDIR": str(tmp_path),
    }
    run = subprocess.run(
        [sys.executable, "-m", "course_lib.refresh", path],
        env=os.environ | environment,
        text=True,
        capture_output=True,
    )
    assert (run.stdout, run.stderr) == ("lesson.ipynb: stored\n", "")
    assert nbformat.read(path, as_version=4).cells[0].outputs[0].text == f"{sys.executable}\n"


def test_refresh_outside_a_checkout_says_what_is_missing(tmp_path):
    shutil.copytree(
        Path(refresh.__file__).parent, tmp_path / "course_lib"
    )  # as a wheel installs it
    run = subprocess.run(
        [sys.executable, "-m", "course_lib.refresh"], cwd=tmp_path, capture_output=True, text=True
    )
    assert run.returncode == 1
    assert (run.stdout, run.stderr) == (
        "",
        f"{tmp_path / 'notebooks'}: no lessons; name notebooks, or run this in a "
        "checkout of the course\n",
    )


def test_refresh_names_a_file_that_is_no_notebook(tmp_path):
    path = tmp_path / "broken.ipynb"
    path.write_text('{"cells": [')
    with pytest.raises(SystemExit, match=r"broken\.ipynb: this is no notebook"):
        refresh.main([path])


def test_refresh_names_a_notebook_that_is_not_there(tmp_path):
    with pytest.raises(SystemExit, match=r"missing\.ipynb: no such notebook"):
        refresh.main([tmp_path / "missing.ipynb"])
