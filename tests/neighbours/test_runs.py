"""A lesson run by papermill; and lessons shown, or run, by myst-nb as pages of a Sphinx project."""

import shutil

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbconvert.preprocessors import CoalesceStreamsPreprocessor

from course_lib import refresh
from course_lib.figures import DescentFigure
from course_lib.live import explore
from course_lib.questions import ask
from helpers.lessons import LESSONS, NOTEBOOKS, code_cells, every_lesson, outputs, read

CONF = """\
extensions = ["myst_nb"]
nb_execution_mode = "off"
suppress_warnings = ["mystnb.unknown_mime_type"]  # it says so of every kind that it passes over for a better one
"""
RUN = [
    "from course_lib.figures import DescentFigure\nfrom course_lib.live import explore\n"
    "explore(DescentFigure(), rate=(0.2, 1))",
    "from course_lib.questions import ask\nask('1.1')",
]


@pytest.mark.parametrize("path", LESSONS[:1], ids=lambda path: path.stem)
def test_papermill_stores_the_outputs_of_the_lesson(path, copy, run):
    run(copy.parent, "papermill", "--no-progress-bar", copy, "run.ipynb")
    made = read(copy.with_name("run.ipynb"))
    CoalesceStreamsPreprocessor().preprocess(made, {})  # as the clock decides where one is cut
    for cell, stored in zip(code_cells(made), code_cells(NOTEBOOKS[path]), strict=True):
        assert (cell.source, cell.outputs) == (stored.source, stored.outputs)


@pytest.fixture(scope="module")
def pages(run, tmp_path_factory):
    """The pages by name, of the lessons as they are stored and of `run`; Sphinx warns of nothing."""
    folder = tmp_path_factory.mktemp("sphinx")
    hidden_or_text = shutil.ignore_patterns(".*", "*.md")
    shutil.copytree(refresh.LESSONS, folder, ignore=hidden_or_text, dirs_exist_ok=True)
    (folder / "conf.py").write_text(CONF)
    names = [*(path.stem for path in LESSONS), "run"]
    (folder / "index.md").write_text("\n".join(["# Course", "```{toctree}", *names, "```"]))
    new, kernel = nbformat.v4, NOTEBOOKS[LESSONS[0]].metadata.kernelspec
    cells = [new.new_markdown_cell("# Run"), *map(new.new_code_cell, RUN)]
    metadata = {"mystnb": {"execution_mode": "force"}, "kernelspec": kernel}
    nbformat.write(new.new_notebook(cells=cells, metadata=metadata), folder / "run.ipynb")
    run(folder, "sphinx", "-q", "-w", "warnings", ".", "pages")
    texts = {name: (folder / f"pages/{name}.html").read_text(encoding="utf-8") for name in names}
    assert (folder / "warnings").read_text(encoding="utf-8") == ""
    return {name: BeautifulSoup(text, "html.parser") for name, text in texts.items()}


def shown(html):
    """The pictures of some outputs, with what they say of themselves, and the folds of questions."""
    soup = BeautifulSoup("".join(map(str, html)), "html.parser")
    return (
        [(image["src"], image["alt"]) for image in soup.select("img[src^='data:image/svg+xml']")],
        [fold.get_text() for fold in soup.select("details:has(> summary + p)")],
    )


@every_lesson
def test_a_page_of_myst_nb_shows_what_the_lesson_stores(path, pages):
    stored = outputs(NOTEBOOKS[path])
    wanted = shown(output.get("data", {}).get("text/html", "") for output in stored)
    assert all(wanted)
    assert shown(pages[path.stem].select(".cell_output")) == wanted


def test_what_myst_nb_runs_is_shown_as_it_would_be_stored(pages):
    seen = pages["run"].select(".cell_output")
    for made, cell in zip((explore(DescentFigure(), rate=(0.2, 1)), ask("1.1")), seen, strict=True):
        wanted = shown([made._repr_mimebundle_()["text/html"]])  # IPython's name for it
        assert any(wanted)
        assert shown([cell]) == wanted
