"""The lessons, read as files; what strict nbval makes of them; and how `refresh` stores outputs."""

import itertools
import json
import math
import os
import re
import stat
import subprocess
import sys
from copy import deepcopy
from unittest.mock import Mock

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbconvert.exporters import ScriptExporter

from course_lib import refresh
from course_lib.jupyter.outputs import ANSWER, PANEL, QUESTION
from helpers.lessons import LESSONS, NOTEBOOKS, code_cells, every_lesson, outputs, read, text_of
from helpers.recordings import TABLES


def holds(cell, kind):
    return any(kind in output.get("data", {}) for output in cell.get("outputs", []))


def hidden(cell):
    return cell.metadata.get("jupyter", {}).get("outputs_hidden", False)


def words(cells):
    """How many words of prose stand in cells; code and what it prints, quoted in a text, are none."""
    texts = (cell.source for cell in cells if cell.cell_type == "markdown")
    return sum(len(re.sub(r"(?s)```.*?```", "", text).split()) for text in texts)


def printed(path):
    """What each cell of a lesson prints that prints something."""
    return [out.text for out in outputs(NOTEBOOKS[path]) if out.output_type == "stream"]


@every_lesson
def test_every_cell_was_run_in_order_and_compares_its_outputs(path):
    code = code_cells(NOTEBOOKS[path])
    assert [cell.execution_count for cell in code] == [*range(1, len(code) + 1)]
    for output in outputs(NOTEBOOKS[path]):
        assert output.output_type != "error"
        assert output.get("name") != "stderr"
    for cell in NOTEBOOKS[path].cells:
        assert cell.metadata.get("tags", []) == [ANSWER] * hidden(cell)
        assert not re.search(r"(?i)nbval|PYTEST_VALIDATE", cell.source)
        assert ".move(" not in cell.source, "a panel is where the text beside it left it"


@every_lesson
def test_a_lesson_is_what_refresh_writes_of_it(path):
    """Without what a run leaves behind, and whatever JupyterLab has made of it."""
    stored = path.read_text(encoding="utf-8")
    shut, opened = ({"jupyter": {"outputs_hidden": one}} for one in (True, False))
    for folded in (shut, shut | {"collapsed": True}, opened, {"collapsed": False}, {}):
        notebook = read(path)
        for cell in filter(hidden, notebook.cells):
            cell.metadata.pop("jupyter")
            cell.metadata.update(nbformat.from_dict(folded))
        notebook.metadata.kernelspec.display_name = "Python 3 (ipykernel)"
        notebook.metadata.language_info.version = "3.11.7"
        assert refresh.tidy(notebook) == stored, folded


@every_lesson
def test_every_picture_tells_its_numbers(path):
    html = "".join(one.get("data", {}).get("text/html", "") for one in outputs(NOTEBOOKS[path]))
    pictures = BeautifulSoup(html, "html.parser").find_all("img")
    assert pictures
    for picture in pictures:
        assert len(re.findall(r"\d+\.\d{6}|\d\.\d{3}e", picture["alt"])) >= 2
        assert picture["src"].startswith("data:image/svg+xml")


@every_lesson
def test_a_lesson_opens_and_closes_as_the_others_do(path):
    opening, *rest = NOTEBOOKS[path].cells
    assert re.match(rf"# {int(path.stem[:2])}\. [\w ]+ · [\u4e00-\u9fff]+\n", opening.source)
    parts = ["What you will do", "What you will learn", "What you need"]
    assert re.findall(rf"(?m)^\*\*({'|'.join(parts)})\.\*\* ", opening.source) == parts
    headings = re.findall(r"(?m)^## (.*)$", "\n".join(cell.source for cell in rest))
    assert headings[-3:] == ["Exercises", "In your framework", "Go further"]
    assert headings[-4].startswith("Find the bug")
    assert re.search(r"\(0\d_\w+\.ipynb\)\.$", rest[-1].source), "no link to the next"


@every_lesson
def test_a_lesson_leads_with_a_panel_and_keeps_to_its_limits(path):
    cells, code = NOTEBOOKS[path].cells, code_cells(NOTEBOOKS[path])
    panels = [index for index, cell in enumerate(cells) if holds(cell, PANEL)]
    assert len(panels) >= 3
    assert words(cells[: panels[0]]) <= 450
    assert words(cells) <= 2200
    assert len(cells) <= 60
    assert len(cells) / 4 <= len(code) <= len(cells) * 3 / 4
    for before, after in itertools.pairwise(cells):
        assert "markdown" in (before.cell_type, after.cell_type), "no word between two code cells"
    for cell in code:
        assert cell.source.count("\n") < 15, cell.source
    for text in printed(path):
        assert text.count("\n") <= 24, text


# What the headings of exercises name.
MINUTES = {"Ten seconds": 1, "One minute": 1, "Two minutes": 2, "Three minutes": 3}
MINUTES |= {"Five minutes": 5, "Ten minutes": 10}


@every_lesson
def test_the_minutes_of_a_lesson_are_those_of_reading_and_doing(path):
    cells = NOTEBOOKS[path].cells
    minutes = words(cells) / 130 + 0.3 * len(code_cells(NOTEBOOKS[path]))
    for name in re.findall(r"(?m)^### (.*)$", text_of(path, "markdown")):
        minutes += MINUTES[name]
    for cell in cells:
        minutes += 2 * holds(cell, PANEL) + 0.75 * holds(cell, QUESTION)
        minutes += "## Find the bug" in cell.source
    said = int(re.search(r"about (\d+) minutes", cells[0].source)[1])
    assert said == 5 * math.ceil(minutes / 5) <= 60, minutes
    row = rf"(?m)^\| \[.*\({re.escape(f'notebooks/{path.name}')}\) \|.*\| {said} \|$"
    readme = (refresh.LESSONS.parent / "README.md").read_text(encoding="utf-8")
    assert re.search(row, readme), "README.md names others"


@every_lesson
def test_what_answers_a_question_is_folded(path):
    """Until its cell is run; JupyterLab shows the first line of what is folded: a heading."""
    cells = code_cells(NOTEBOOKS[path])
    for number, cell in enumerate(cells):
        if holds(cell, QUESTION):
            rest = (one for one in cells[number:] if not holds(one, QUESTION))
            answer = next(one for one in rest if not holds(one, PANEL))
            assert hidden(answer), answer.source
    for cell in filter(hidden, cells):
        assert not holds(cell, PANEL)
        first = cell.outputs[0].get("text", "")
        assert re.match(r"\D+\n", first), f"no heading without digits: {first!r}"


# Lines of the tutorial, which the lessons print word for word.
SHORT = "After {after} steps: w is {w}, loss is {loss}."
LONG = (
    "After {after} steps: global_step is {global_step}, w is {w}, "
    "learning rate is {learning_rate}, loss is {loss}"
)


@every_lesson
def test_no_line_of_code_is_wider_than_a_page_of_a_handout(path):
    """Nor of what is printed, nor of a block of code in a text."""
    texts = [cell.source for cell in code_cells(NOTEBOOKS[path])] + printed(path)
    texts += re.findall(r"(?ms)^ *```\w*\n(.*?)^ *```", text_of(path, "markdown"))
    data = [output.get("data", {"text/html": ""}) for output in outputs(NOTEBOOKS[path])]
    texts += [one["text/plain"] for one in data if "text/html" not in one]
    wide = [line for text in texts for line in text.splitlines() if len(line) > 80]
    assert not [line for line in wide if not re.fullmatch(re.sub(r"{\w+}", r"\\S+", LONG), line)]


PRINTED = [
    (0, "section_1_rate_0.2", SHORT),
    (1, "section_2_rate_1", SHORT),
    (1, "section_2_rate_too_small", SHORT),
    (2, "section_3_exponential_decay", LONG),
    (3, "section_4_moving_average", "[{w1}, {shadow}]"),
]


@pytest.mark.parametrize(("lesson", "name", "row"), PRINTED)
def test_the_tutorial_s_table_is_printed_line_by_line(lesson, name, row):
    table = TABLES[name]
    rows = [dict(zip(table["columns"], values, strict=True)) for values in table["rows"]]
    lines = "".join(f"{row.format(**values)}\n" for values in rows)
    lines = lines.replace(" 0.01156\n", " 0.011561\n")  # which the tutorial cuts off
    assert f"\n{lines}" in "\n" + "".join(printed(LESSONS[lesson]))


def new_notebook(path, *sources):
    v4 = nbformat.v4
    nbformat.write(v4.new_notebook(cells=[*map(v4.new_code_cell, sources)]), path)
    return path


def test_nbval_sees_one_changed_digit_in_each_kind_of_output(tmp_path):
    """With the course's settings, of each kind that a lesson stores."""
    kinds = [PANEL, QUESTION, "text/html", "text/plain"]
    data = [one.get("data", {}) for path in LESSONS for one in outputs(NOTEBOOKS[path])]
    assert set().union(*data) == set(kinds)
    v4 = nbformat.v4
    stored = {"print('w is 12')": v4.new_output("stream", text="w is 12\n")}
    for kind in kinds:
        data = {kind: {"start": {"w": 12}} if kind.endswith("+json") else "w is 12"}
        stored[f"display({data}, raw=True)"] = v4.new_output("display_data", data)
    cells = [
        v4.new_code_cell(source, outputs=[output], execution_count=1)
        for source, output in [*stored.items()] * 2
    ]
    for cell in cells[len(stored) :]:
        cell.outputs = json.loads(json.dumps(cell.outputs).replace("12", "13"))
    path = tmp_path / "lesson.ipynb"
    path.write_text(json.dumps(v4.new_notebook(cells=cells)), encoding="utf-8")
    settings = refresh.LESSONS.parent / "pyproject.toml"
    options = ["-v", "--tb=no", "-p", "no:cacheprovider", "-c", settings, path]
    run = subprocess.run([sys.executable, "-m", "pytest", *options], capture_output=True, text=True)
    outcomes = re.findall(r"::Cell \d+ (\w+)", run.stdout)
    assert outcomes == ["PASSED"] * len(stored) + ["FAILED"] * len(stored), run.stdout


# What authors write into a notebook and into any cell; a run, a front end or papermill adds the rest.
WRITTEN = {"title": "Mine", "slideshow": {"slide_type": "slide"}, "tags": ["parameters"]}
WRITTEN |= {"jupyter": {"source_hidden": True}, "scrolled": True, "collapsed": True}
OF_A_RUN = ("execution", "ExecuteTime", "executionInfo", "outputId", "papermill")
KERNEL = {"name": "mine", "display_name": "Mine", "language": "python"}
OF_THE_PICTURE = {"image/png": {"width": 7, "alt": "a dot"}, "mine": 1}
PICTURE = f"""from IPython.display import display
display({{"image/png": "iVBORw0KGgo=", "text/plain": "p"}}, raw=True, metadata={OF_THE_PICTURE})"""
# What differs each time, how that looks, and what `refresh` says to do about it.
DIFFERS = {
    "import warnings\nwarnings.warn('old')": r"ipykernel_\d+",
    "import random\nprint('w' * 280, random.random() + 9)": r".{266}w 9\.\d+\.\.\.$",
    "object()": r"<object at 0x\w+>",
}
MENDED = """%config InlineBackend.figure_formats = ["svg"]
%config InlineBackend.print_figure_kwargs = {"bbox_inches": "tight", "metadata": {"Date": None}}
import random, sys, warnings
import ipywidgets
import matplotlib.pyplot as plt
from course_lib.figures import DescentFigure
from course_lib.live import explore
from course_lib.questions import ask
warnings.filterwarnings("ignore")
warnings.warn("old")
random.seed(0)
plt.rcParams["svg.hashsalt"] = "0"
_ = plt.plot([1, 2], [0, random.random()])
plt.show()"""
PANEL_OF_TWO = "explore(DescentFigure(), rate=(0.2, 1))"
BOX = f"ipywidgets.VBox([{PANEL_OF_TWO}, ask('1.1')])"
SOURCES = [MENDED, "ask('1.1')", PANEL_OF_TWO, "a = 1", "print(sys.executable)", "print(1)", BOX]


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory):
    """A notebook of somebody's own after the command, where another kernel is found first."""
    folder = tmp_path_factory.mktemp("refreshed")
    (folder / "kernels/python3").mkdir(parents=True)
    (folder / "kernels/python3/kernel.json").write_text(
        '{"argv": ["no-such-python"], "display_name": "Other", "language": "python"}'
    )
    v4 = nbformat.v4
    cells = [v4.new_code_cell(PICTURE), v4.new_markdown_cell("text"), v4.new_raw_cell("raw")]
    notebook = v4.new_notebook(cells=cells)
    for holder in (notebook, *notebook.cells):
        holder.metadata = nbformat.from_dict(deepcopy(WRITTEN) | {name: {} for name in OF_A_RUN})
    notebook.metadata |= {"kernelspec": KERNEL, "vscode": {"interpreter": {"hash": "1f"}}}
    notebook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}}}
    notebook.cells += map(v4.new_code_cell, SOURCES)
    del notebook.cells[0]["id"]  # as before format 4.5
    path = folder / "own" / "mine.ipynb"
    path.parent.mkdir()
    path.write_text(json.dumps(notebook), encoding="utf-8")
    first = {"JUPYTER_PATH": str(folder), "JUPYTER_PREFER_ENV_PATH": "0", "IPYTHONDIR": str(folder)}
    command = [sys.executable, "-W", "ignore::FutureWarning", "-m", "course_lib.refresh", path]
    run = subprocess.run(command, env=os.environ | first, text=True, capture_output=True)
    assert (run.stdout, run.stderr) == ("mine.ipynb: stored\n", "")
    assert list(path.parent.iterdir()) == [path]
    return path


def test_refresh_changes_nothing_when_it_runs_again(refreshed, monkeypatch, capsys):
    """Where the cells give what they gave in the second run of the command."""
    stored = refreshed.read_bytes()
    monkeypatch.setattr(refresh, "run", lambda path, notebook: deepcopy(notebook))
    refresh.main([refreshed])
    assert capsys.readouterr().out == "mine.ipynb: unchanged\n"
    assert refreshed.read_bytes() == stored


def test_refresh_leaves_what_an_author_wrote(refreshed):
    """And takes away what a run wrote."""
    notebook = read(refreshed)
    assert "version" not in notebook.metadata.pop("language_info")
    assert notebook.metadata.pop("kernelspec") == KERNEL
    assert [one.metadata for one in (notebook, *notebook.cells[:3])] == [WRITTEN] * 4
    assert notebook.cells[0].outputs[0].metadata == OF_THE_PICTURE


def test_refresh_folds_what_answers_a_question(refreshed):
    """JupyterLab stores no fold of a cell that was run."""
    cells = read(refreshed).cells[3:]
    assert [cell.source for cell in cells if cell.metadata] == ["print(sys.executable)"]
    assert cells[4].metadata == {"jupyter": {"outputs_hidden": True}}


def test_refresh_stores_outputs_of_this_python_without_views(refreshed):
    """No view of a box around a panel either: its id lives no longer than the kernel."""
    stored = {cell.source: cell.outputs for cell in read(refreshed).cells[3:]}
    assert stored["print(sys.executable)"][0].text == f"{sys.executable}\n"
    assert [*stored["ask('1.1')"][0].data] == [QUESTION, "text/html", "text/plain"]
    assert [*stored[PANEL_OF_TWO][0].data] == [PANEL, "text/html", "text/plain"]
    assert [*stored[BOX][0].data] == ["text/plain"]
    assert "image/svg+xml" in stored[MENDED][0].data


def test_as_a_script_a_notebook_is_python(refreshed):
    for path in (LESSONS[0], refreshed):
        code, resources = ScriptExporter().from_filename(path)
        assert resources["output_extension"] == ".py"
        compile(code, path, "exec")


def test_refresh_names_what_differs_in_a_second_run(tmp_path, monkeypatch):
    path = new_notebook(tmp_path / "lesson.ipynb", "1", *DIFFERS)
    before = path.read_bytes()
    difference = Mock(side_effect=refresh.difference)
    monkeypatch.setattr(refresh, "difference", difference)
    with pytest.raises(SystemExit) as raised:
        refresh.main([path])
    assert path.read_bytes() == before
    texts = difference.call_args.args
    assert raised.value.code == f"{path}: {refresh.difference(*texts)}\n{refresh.ADVICE}"
    first, second = map(json.loads, texts)
    for number, (source, differs) in enumerate(DIFFERS.items(), start=2):
        title, *lines = refresh.difference(json.dumps(first), json.dumps(second)).splitlines()
        code = source.splitlines()[0]
        assert title == f"cell {number} ({code}) gives other outputs in a second run:"
        for sign in "-+":
            assert any(line[0] == sign and re.search(differs, line) for line in lines), code
        first["cells"][number - 1] = second["cells"][number - 1]  # so that the next one is named


FAILING = [("1 / 0", r"[\s\S]*ZeroDivisionError"), ("import os\nos._exit(1)", "Kernel died")]


@pytest.mark.parametrize(("source", "message"), FAILING)
def test_refresh_stores_nothing_where_a_cell_fails(source, message, tmp_path):
    path = new_notebook(tmp_path / "lesson.ipynb", source)
    before = path.read_text()
    failed = rf"lesson\.ipynb: a cell failed, nothing was stored\n{message}"
    with pytest.raises(SystemExit, match=failed):
        refresh.main([path])
    assert path.read_text() == before


def test_refresh_says_why_there_is_nothing_to_store(tmp_path, monkeypatch):
    saved, broken, missing = (tmp_path / f"{name}.ipynb" for name in ("saved", "broken", "missing"))
    new_notebook(saved)
    broken.write_text('{"cells": [')
    monkeypatch.setattr(refresh, "LESSONS", tmp_path / "notebooks")  # as where no checkout is
    monkeypatch.setattr(refresh, "run", lambda path, notebook: path.write_text("{}") and notebook)
    for names, message in {
        (saved,): f"{saved}: it was saved while its cells ran, nothing was stored; run this again",
        (broken,): f"{broken}: this is no notebook",
        (missing,): f"{missing}: no such notebook",
        (): f"{refresh.LESSONS}: no lessons; name notebooks, or run this in a checkout of the course",
    }.items():
        with pytest.raises(SystemExit) as raised:
            refresh.main(names)
        assert raised.value.code == message
    assert saved.read_text() == "{}"


def test_refresh_changes_nothing_but_the_text_of_the_notebook(tmp_path, monkeypatch):
    """Neither a link to it, nor its mode, nor a file beside it; nor that, if it cannot write it."""
    folder = tmp_path / "folder"
    folder.mkdir()
    path, beside, link = folder / "lesson.ipynb", folder / "lesson.tmp", tmp_path / "link.ipynb"
    path.touch()
    beside.write_text("mine")
    link.symlink_to("folder/lesson.ipynb")
    for mode in 0o600, 0o640:
        path.chmod(mode)
        refresh.store("η\n", link)
        assert (link.readlink().name, path.read_bytes()) == ("lesson.ipynb", "η\n".encode())
        assert stat.S_IMODE(path.stat().st_mode) == mode
    monkeypatch.setattr(os, "replace", lambda *paths: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        refresh.store("after", link)
    texts = {one.name: one.read_text(encoding="utf-8") for one in folder.iterdir()}
    assert texts == {"lesson.ipynb": "η\n", "lesson.tmp": "mine"}
