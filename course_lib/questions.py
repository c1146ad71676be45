"""Questions to answer before the answer is seen; their texts are in `questions.toml`.

>>> print(ask("1.1")._repr_mimebundle_()["text/plain"].splitlines()[0])
Question 1.1. At w = −3 the slope is −4, a negative number. What does w ← w − η · slope do at rate 0.2?
"""

import tomllib
from html import escape
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from course_lib.jupyter.display import widget_view
from course_lib.jupyter.outputs import QUESTION
from course_lib.live.html import MENDS_JS, script
from course_lib.validation import known_name

HERE = Path(__file__).parent
QUESTIONS: dict[str, dict[str, Any]] = tomllib.loads(
    (HERE / "questions.toml").read_text(encoding="utf-8")
)


def ask(name: str) -> "Question":
    """Return the question of this name, such as "1.2" for the second of lesson 1.

    Raises ValueError for any other name; its message lists the names that exist.

    >>> ask("9.9")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ValueError: there is no question '9.9'; there is '1.1', '1.2', ...
    """
    return Question(name, **QUESTIONS[known_name("question", name, QUESTIONS)])


class Question(anywidget.AnyWidget):
    """A question that replies to the clicked choice; without a kernel its choices fold open.

    `choice` is the place of the choice that was made, from 0, or None.

    >>> ask("1.1").judge(0)
    '✗ No: the rule has a minus, but so has the slope: −0.2 · (−4) is +0.8.'
    """

    _esm = MENDS_JS + script(HERE / "questions.js")
    _css = (HERE / "questions.css").read_text(encoding="utf-8")
    head = traitlets.Unicode().tag(sync=True)
    choices: traitlets.List[str] = traitlets.List().tag(sync=True)
    replies: traitlets.List[str] = traitlets.List().tag(sync=True)
    choice = traitlets.Int(None, allow_none=True).tag(sync=True)

    def __init__(self, name: str, ask: str, answer: int, choices: list[list[str]]):
        self.name, self.ask = name, ask
        self.answer = answer  # the place of the right choice, from 0
        self.reasons = [reason for _, reason in choices]
        super().__init__(
            head=f"<strong>Question {name}.</strong> {escape(ask)}",
            choices=[choice for choice, _ in choices],
            replies=[*map(self.judge, range(len(choices)))],
        )
        self.add_class("course-question")

    def judge(self, index: int) -> str:
        """Return the reply to the choice at this place: whether it is right, and why."""
        return f"{'✓ Right' if index == self.answer else '✗ No'}: {self.reasons[index]}"

    def __repr__(self) -> str:
        return f"Question {self.name}. {self.ask}"

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        choices = "".join(
            f"<details><summary>{escape(choice)}</summary><p>{escape(reply)}</p></details>"
            for choice, reply in zip(self.choices, self.replies, strict=True)
        )
        return widget_view(self) | {
            QUESTION: {"name": self.name},
            "text/html": f"<p>{self.head}</p>{choices}",
            "text/plain": "\n".join([repr(self), *(f"- {choice}" for choice in self.choices)]),
        }
