"""The page of one notebook while it is made: its headings, ids, places and their contents."""

import json
import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from bs4 import Tag
from markupsafe import Markup, escape

from course_lib.handout import formulas, sanitizer
from course_lib.handout.formulas import Formula
from course_lib.live.drawing import Drawing

KANA = "\u3040-\u30ff\u31f0-\u31ff"
CONTENTS = "<nav></nav>"  # no tag that an author may use


Log = Callable[..., None]


class Heading(NamedTuple):
    """A heading of a notebook: how deep it is, its id, its text, and its HTML."""

    level: int
    id: str
    text: str
    html: Markup


class Page:
    """All that belongs to the page of one notebook.

    A place is an element that is filled when all cells have been read, because references may point
    forward.  Its name cannot be guessed, so no author can write one.

    Each cell of `notebook` has its number in its metadata.  Pictures may be taken from the `folders`,
    the notebook's own first.  `answers` is one of `folds.ANSWERS`.  `log` is called with a message
    and its values for whatever the page cannot hold.
    """

    def __init__(self, name: str, notebook: Any, folders: list[Path], answers: str, log: Log):
        self.name, self.notebook, self.folders, self.answers = name, notebook, folders, answers
        text = json.dumps(notebook, ensure_ascii=False)
        self.han = "ja" if re.search(f"[{KANA}]", text) else "zh"  # for words without kana
        self.headings: list[Heading] = []
        self.ids: set[str] = set()
        self.line: Markup | None = None  # the first paragraph, as inline HTML
        self.pictures: list[Drawing] = []  # of each panel, at its start
        self.place_tag = f"place-{secrets.token_hex(8)}"
        self._fillings: list[tuple[Any, Formula | Markup]] = []  # each with its cell
        self._without_alt: set[int] = set()
        self._has_contents = False
        self._log = log

    def warn(self, cell: Any, text: str) -> None:
        """Warn of something in a cell that the page cannot hold; a long address is cut."""
        self._log("%s, cell %d: %s", self.name, number_of(cell), text[:300])

    def no_alt(self, cell: Any) -> str:
        """Return a substitute for the alternative text that a picture of a cell lacks."""
        self._without_alt.add(number_of(cell))
        return "No description has been provided for this image"  # as nbconvert says

    def words(self, html: str) -> Markup:
        """Return a piece of HTML as inline HTML."""
        return Markup(sanitizer.words(html, self.place_tag))

    def place(self, cell: Any, filling: Formula | Markup) -> Tag:
        """Return a place in a cell that is filled when the page is made."""
        self._fillings.append((cell, filling))
        return new_tag(self.place_tag, n=str(len(self._fillings) - 1))

    def place_of_contents(self) -> str:
        """Return the place of the contents behind the first cell that has a heading."""
        if self._has_contents or not self.headings:
            return ""
        self._has_contents = True
        return CONTENTS

    def title_and_contents(self) -> tuple[Heading, list[Heading]]:
        """Return the title and, of the other headings, those of the highest level."""
        name = str(self.notebook.metadata.get("title", self.name))
        first = (one for one in self.headings if one.level == 1)
        title = next(first, Heading(1, "", name, escape(name)))
        others = [one for one in self.headings if one is not title]
        level = min((one.level for one in others), default=1)
        return title, [one for one in others if one.level == level]

    def warn_of_missing_alts(self) -> None:
        """Warn once of all pictures that have no alternative text."""
        if self._without_alt:
            numbers = ", ".join(map(str, sorted(self._without_alt)))
            text = 'a picture has no alternative text; "alt" in the metadata of its cell gives one'
            self._log("%s, cells %s: %s", self.name, numbers, text)

    def filling(self) -> tuple[str, Callable[[str], str]]:
        """Return the style that the formulas need, and a function that fills the places in HTML."""
        found = [(cell, one) for cell, one in self._fillings if isinstance(one, Formula)]
        made = formulas.convert([formula for _, formula in found])
        for (cell, formula), error in zip(found, made.errors, strict=True):
            if error:
                self.warn(cell, f"{error} In {formula.latex.strip()}")
        html = iter(made.html)
        fillings = [next(html) if isinstance(one, Formula) else one for _, one in self._fillings]
        place = re.compile(rf'<{self.place_tag} n="(\d+)"></{self.place_tag}>')
        return made.style, lambda html: place.sub(lambda found: fillings[int(found[1])], html)


def number_of(cell: Any) -> int:
    """Return the number of a cell in its notebook, which counts cells that are left out too."""
    return int(cell.get("metadata", {}).get("handout_number", 0))


def new_tag(name: str, text: str = "", **attributes: str) -> Tag:
    """Return a tag with a text, to be put into any tree."""
    tag = Tag(name=name, attrs=attributes)
    tag.string = text
    return tag
