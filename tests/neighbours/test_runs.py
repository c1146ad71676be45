"""A lesson run by papermill; and lessons shown, or run, by myst-nb as pages of a Sphinx project."""

import shutil

import nbformat
import pytest
from bs4 import BeautifulSoup

from course_lib import refresh
from course_lib.figures import DescentFigure
from course_lib.live import explore
from course_lib.questions import ask
from helpers.lessons import LESSONS, NOTEBOOKS, code_cells, every_lesson, read

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


def coalesced(outputs):
    """Outputs with neighbouring texts of one stream as one: where they are cut depends on the
    clock.
    """
    joined = []
    for output in outputs:
        if (
            joined
            and output.output_type == "stream" == joined[-1].output_type
            and output.name == joined[-1].name
        ):
            joined[-1].text += output.text
        else:
            joined.append(output.copy())
    return joined


@pytest.mark.parametrize("path", LESSONS[:1], ids=lambda path: path.stem)
def test_papermill_stores_the_outputs_of_the_lesson(path, copy, run):
    run("papermill", "--no-progress-bar", copy, "run.ipynb")
    for cell, stored in zip(
        *(code_cells(read(one)) for one in (copy.parent / "run.ipynb", path)), strict=True
    ):
        assert cell.source == stored.source
        assert coalesced(cell.outputs) == stored.outputs


@pytest.fixture(scope="module")
def pages(run_in, tmp_path_factory):
    """The pages by name, of the lessons as they are stored and of `run`, and what Sphinx warns of."""
    folder = tmp_path_factory.mktemp("sphinx")
    shutil.copytree(
        refresh.LESSONS, folder, ignore=shutil.ignore_patterns(".*", "*.md"), dirs_exist_ok=True
    )
    (folder / "conf.py").write_text(CONF)
    names = [*(path.stem for path in LESSONS), "run"]
    (folder / "index.md").write_text("\n".join(["# Course", "```{toctree}", *names, "```"]))
    new = nbformat.v4
    nbformat.write(
        new.new_notebook(
            cells=[new.new_markdown_cell("# Run"), *map(new.new_code_cell, RUN)],
            metadata={
                "mystnb": {"execution_mode": "force"},
                "kernelspec": read(LESSONS[0]).metadata.kernelspec,
            },
        ),
        folder / "run.ipynb",
    )
    run_in(folder, "sphinx", "-q", "-w", "warnings", ".", "pages")
    soups = {
        name: BeautifulSoup(
            (folder / "pages" / f"{name}.html").read_text(encoding="utf-8"), "html.parser"
        )
        for name in names
    }
    return soups, (folder / "warnings").read_text(encoding="utf-8")


def shown(html):
    """The pictures of some outputs, with what they say of themselves, and what is folded in them:
    the questions.
    """
    soup = BeautifulSoup("".join(map(str, html)), "html.parser")
    return (
        [(image["src"], image["alt"]) for image in soup.select("img[src^='data:image/svg+xml']")],
        [fold.get_text() for fold in soup.select("details:has(> summary + p)")],
    )


@every_lesson
def test_a_page_of_myst_nb_shows_the_stored_pictures_and_questions(path, pages):
    wanted = shown(
        output.data.get("text/html", "")
        for cell in code_cells(NOTEBOOKS[path])
        for output in cell.outputs
        if "data" in output
    )
    assert all(wanted)
    assert shown(pages[0][path.stem].select(".cell_output")) == wanted


@pytest.mark.parametrize("cell", range(len(RUN)), ids=["panel", "question"])
def test_what_myst_nb_runs_is_in_the_page_as_it_would_be_stored(cell, pages):
    made = (explore(DescentFigure(), rate=(0.2, 1)), ask("1.1"))[cell]
    wanted = shown([made._repr_mimebundle_()["text/html"]])
    assert any(wanted)
    assert shown([pages[0]["run"].select(".cell_output")[cell]]) == wanted


def test_myst_nb_warns_of_nothing(pages):
    assert pages[1] == ""
