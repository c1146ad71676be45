"""Notebooks that become handouts, and what is in a page."""

from html.parser import HTMLParser

import nbformat

from course_lib.figures import SWITCH, NoisyAverageFigure
from course_lib.jupyter import outputs
from course_lib.live.states import SettingsGrid
from course_lib.questions import ask


def with_answers():
    """A notebook with an answer of each kind, and with a panel and a question in cells that are
    collapsed.
    """
    v4 = nbformat.v4

    def collapsed(*made):
        return v4.new_code_cell(
            "code", outputs=list(made), metadata={"jupyter": {"outputs_hidden": True}}
        )

    def shown(kind, data):
        return v4.new_output("display_data", {kind: data})

    question = {
        kind: data
        for kind, data in ask("1.1")._repr_mimebundle_().items()
        if kind != outputs.WIDGET_VIEW
    }
    panel = SettingsGrid(NoisyAverageFigure().show(), {"noise": SWITCH}).description()
    return v4.new_notebook(
        cells=[
            v4.new_markdown_cell("# Title"),
            v4.new_markdown_cell("## Question"),
            collapsed(v4.new_output("display_data", question)),
            collapsed(
                v4.new_output("stream", text="it prints 2\n"),
                v4.new_output("stream", text="and 3\n"),
            ),
            collapsed(
                shown("text/plain", "before it"),
                shown(outputs.PANEL, panel),
                shown("text/plain", "after it"),
            ),
            v4.new_markdown_cell(
                "Task.\n\n<details><summary>Solution</summary>\n\n## Hint\n\n```python\n2 + "
                "2\n```\n\n"
                "</details>\n\n`<details>`"
            ),
            v4.new_code_cell("x", outputs=[shown("text/html", "<p>a table</p>")]),
        ]
    )


class Tags(HTMLParser):
    """Every element of a page, with its attributes, and the text of one kind of them."""

    def __init__(self, page):
        super().__init__()
        self.all = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.all.append((tag, dict(attrs)))


QUESTION = ask("1.1")


FOLD = "Output: answer first"


ASKED = [
    f"Question 1.1. {QUESTION.ask}",
    *QUESTION.choices,
    "Output",
    "decay",
    "Task.",
    "Solution",
    "<details>",
    "a table",
]


ANSWERED = [
    *map(QUESTION.judge, range(3)),
    "it prints 2",
    "and 3",
    "before it",
    "after it",
    "Hint",
    "2 + 2",
]
