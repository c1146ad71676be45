"""Questions to answer before the answer is seen; their texts are in `questions.toml`, where nobody reads them early.

>>> print(ask("1.1")._repr_mimebundle_()["text/plain"].splitlines()[0])
Question 1.1. At w = −3 the slope is −4, a negative number. What does w ← w − η · slope do at rate 0.2?
"""

import tomllib
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from course_lib.jupyter.outputs import QUESTION
from course_lib.validation import known_name

QUESTIONS: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "questions.toml").read_text(encoding="utf-8"))


def ask(name: str) -> "Question":
    """Return the question of this name, such as "1.2" for the second of lesson 1, for display as a cell's last line.

    Raises ValueError, which lists the names there are, for any other.

    >>> ask("9.9")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ValueError: there is no question '9.9'; there is '1.1', '1.2', ...
    """
    return Question(name, **QUESTIONS[known_name("question", name, QUESTIONS)])


class Question:
    """A question with choices; live it answers a click, and where no kernel runs each choice folds open.

    >>> question = ask("1.1")
    >>> question.options.index = 0  # as a click would
    >>> question.reply.value.partition(">")[2].removesuffix("</p>")
    '✗ No: the rule has a minus, but so has the slope: −0.2 · (−4) is +0.8.'
    """

    def __init__(self, name: str, ask: str, answer: int, choices: list[list[str]]):
        self.name = name
        self.ask = ask
        self.answer = answer  # the place of the right choice, from 0
        self.choices = [choice for choice, _ in choices]
        self.reasons = [reason for _, reason in choices]
        self.options = widgets.RadioButtons(options=self.choices, value=None, layout={"width": "max-content"})
        self.reply = widgets.HTML()
        self.options.observe(lambda _: self._reply(self.options.index), "value")
        self.widget = widgets.VBox([
            widgets.HTML(f"<p style='max-width: 45em; line-height: 1.5; margin: 0'>{self._head()}</p>"), self.options,
            self.reply], layout={"margin": "0 0 0 1em"})
        self.widget.add_class("course-question")

    def _head(self) -> str:
        return f"<strong>Question {self.name}.</strong> {escape(self.ask)}"

    def judge(self, index: int) -> str:
        """Return the reply to the choice at this place: whether it is right, and why."""
        return f"{'✓ Right' if index == self.answer else '✗ No'}: {self.reasons[index]}"

    def _reply(self, index: int | None) -> None:
        if index is not None:
            self.reply.value = ('<p role="status" style="max-width: 45em; line-height: 1.5">'
                                f"{escape(self.judge(index))}</p>")

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle = self.widget._repr_mimebundle_(include=include, exclude=exclude) or {}
        choices = "".join(f"<details><summary>{escape(choice)}</summary><p>{escape(self.judge(index))}</p></details>"
                          for index, choice in enumerate(self.choices))
        return bundle | {QUESTION: {"name": self.name}, "text/html": f"<p>{self._head()}</p>{choices}",
                         "text/plain": "\n".join([f"Question {self.name}. {self.ask}",
                                                  *(f"- {choice}" for choice in self.choices)])}
