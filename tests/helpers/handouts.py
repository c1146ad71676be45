"""Notebooks that become handouts, and what is in a page."""

import re

from bs4 import BeautifulSoup
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_output

from course_lib.figures import SWITCH, NoisyAverageFigure
from course_lib.handout import HandoutExporter
from course_lib.jupyter import outputs
from course_lib.live.states import SettingsGrid
from course_lib.questions import ask
from helpers.kinds import notebook

QUESTION = ask("1.1")
FOLD = "Output: answer first"
ASKED = [f"Question 1.1. {QUESTION.ask}", *QUESTION.choices, "Output", "decay", "Task.", "Solution"]
ASKED += ["<details>", "a table"]
ANSWERED = [*map(QUESTION.judge, range(3)), "it prints 2", "and 3", "before it", "after it"]
ANSWERED += ["Hint", "2 + 2"]
# What may act or fetch something; a box to tick on a sheet is left out of it.
ACTIVE = re.compile(
    "script|iframe|object|embed|base|form|input|button|svg|video|audio|template|foreignobject|mglyph"
)
SAFE = "https?:|mailto:|[^:/?#]*([/?#]|$)"  # addresses
BOX = ("input", {"type": "checkbox"})


def page_of(made, **options):
    return HandoutExporter(**options).from_notebook_node(made)[0]


def told(text):
    return new_output("stream", text=text)


def displayed(kind, data):
    return new_output("display_data", {kind: data})


def asked():
    """The output of a question, as a lesson stores it."""
    data = QUESTION._repr_mimebundle_()  # as Jupyter calls it
    del data[outputs.WIDGET_VIEW]
    return new_output("display_data", data)


def panel():
    """The output of a panel with one switch, whose picture is not stored."""
    grid = SettingsGrid(NoisyAverageFigure().show(), {"noise": SWITCH})
    return displayed(outputs.PANEL, grid.description())


def with_answers():
    """A notebook with an answer of each kind, and a panel and a question in collapsed cells."""
    before, after = (displayed("text/plain", text) for text in ("before it", "after it"))
    collapsed = [asked()], [told("it prints 2\n"), told("and 3\n")], [before, panel(), after]
    hidden = {"jupyter": {"outputs_hidden": True}}
    made = notebook(
        "# Title",
        "## Question",
        *(new_code_cell("code", outputs=one, metadata=hidden) for one in collapsed),
        "Task.\n\n<details><summary>Solution</summary>\n\n## Hint\n\n"
        "```python\n2 + 2\n```\n\n</details>\n\n`<details>`",
        new_code_cell("x", outputs=[displayed("text/html", "<p>a table</p>")]),
    )
    made.cells[4].metadata = NotebookNode(collapsed=True)  # as other front ends say it
    return made


def tags_of(page):
    """Every element of a page, with its attributes."""
    soup = BeautifulSoup(page, "html.parser", multi_valued_attributes=None)
    return [(tag.name, tag.attrs) for tag in soup(True)]


def is_active(tag, attributes):
    """Whether an element could act or fetch something, or leads to where something could."""
    return (
        (ACTIVE.fullmatch(tag) and (tag, attributes) != BOX)
        or (tag == "link" and attributes != {"rel": "icon", "href": "data:,"})
        or (tag == "a" and not re.match(SAFE, attributes.get("href", "")))
        or not attributes.get("src", "data:image/").startswith("data:image/")
        or any(name.startswith("on") for name in attributes)
        or bool({"style", "action", "formaction"} & attributes.keys())
    )


def assert_inert(page):
    """A page without panels is whole, and nothing in it could act or fetch something."""
    assert [*map(page.count, ("<main", "</main>", "<title>", "</html>"))] == [1] * 4
    assert [one for one in tags_of(page) if is_active(*one)] == []
