"""The texts of many states, small enough for a page; states.js unpacks them.

The pictures and readouts of a panel differ in little but numbers.  So each state is a template with
placeholders for words; a word is a number or the outline of a path.  A template has the parts
between the words, which many templates share, and for each placeholder the column with its words.
The words of a column are alike, so gzip makes them a third smaller than states one after another.
"""

import base64
import gzip
import itertools
import json
import os.path
import re
from collections.abc import Iterable, Sequence

# Outlines and numbers, except the numbers in attributes and names.
_WORD = re.compile(r'(?<= d=")[^"]*|(?<![\w#".])-?\d+(?:\.\d+)?(?:e[-+]\d+)?')
_MOST = 3_000_000  # words of all states, which take half a gigabyte
_Parts = tuple[str, ...]
_Places = tuple[int, ...]


def pack(states: Iterable[Sequence[str]]) -> str:
    r"""Return states, each a list of texts of one line, compressed in base64, the same everywhere.

    Raises ValueError for more than three million words.

    >>> packed = pack([["w = 1.250000", "at 1.250000"], ["w = 1.440000", "at 1.440000"]])
    >>> json.loads(gzip.decompress(base64.b64decode(packed))) == {
    ...     "parts": [["w = ", "\nat ", ""]], "templates": [[0, [0, 0]]], "states": [0, 0],
    ...     "columns": [["1.250000", "1.440000"]]}
    True
    """
    parts: dict[_Parts, int] = {}
    templates: dict[tuple[int, _Places], int] = {}
    numbers: list[int] = []
    rows: list[list[str]] = []
    count = 0
    for texts in states:
        between, places, words = _split("\n".join(texts))
        template = parts.setdefault(between, len(parts)), places
        numbers.append(templates.setdefault(template, len(templates)))
        rows.append(words)
        count += len(words)
        if count > _MOST:
            raise ValueError(f"the states hold more than {_MOST:,} numbers and outlines")
    columns = [_changes(column) for column in itertools.zip_longest(*rows)]
    text = json.dumps(
        {"parts": [*parts], "templates": [*templates], "states": numbers, "columns": columns},
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode()


def _split(text: str) -> tuple[_Parts, _Places, list[str]]:
    """Return the parts between the words of a text, which word follows each, and the words."""
    parts: list[str] = []
    places: list[int] = []
    words: list[str] = []
    known: dict[str, int] = {}
    end = 0
    for found in _WORD.finditer(text):
        word = found.group()
        place = known.setdefault(word, len(words)) if len(word) > 5 else len(words)
        if place == len(words):
            words.append(word)
        parts.append(text[end : found.start()])
        places.append(place)
        end = found.end()
    return (*parts, text[end:]), tuple(places), words


def _changes(column: Iterable[str | None]) -> list[object]:
    """A column of words as changes: a new word, or how much is kept of the last and what is new.

    A number counts words that are unchanged, or that a state does not have.
    """
    changes: list[object] = []
    old, stay = "", 0
    for new in column:
        if new is None or new == old:
            stay += 1
            continue
        if stay:
            changes.append(stay)
        stay = 0
        kept = len(os.path.commonprefix([old, new]))  # noqa: RUF071  # these are no paths
        changes.append([kept, new[kept:]] if kept > 8 else new)
        old = new
    return changes
