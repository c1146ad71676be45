"""The texts of many states, small enough for a page; states.js unpacks them.

The pictures and readouts of a panel differ in little but numbers.  So each state is a template with
placeholders for words, a word being a number or the outline of a path.  A template is the parts
between the words, which many share, and for each placeholder the column that its word stands in.
The words of a column are of a kind and alike, which gzip makes a third smaller than states one
after another.
"""

import base64
import gzip
import itertools
import json
import os.path
import re
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

# Outlines and numbers, but for the numbers in attributes and names.
_WORD = re.compile(r'(?<= d=")[^"]*|(?<![\w#".])-?\d+(?:\.\d+)?(?:e[-+]\d+)?')
MAX_TEXT = 100_000_000  # letters of all states, where a word counts for twenty more
_Parts = tuple[str, ...]
_Places = tuple[int, ...]


def pack(states: Iterable[Sequence[str]]) -> str:
    r"""Return states, each a list of texts of one line, compressed in base64, the same everywhere.

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
    for texts in states:
        between, places, words = _split("\n".join(texts))
        template = parts.setdefault(between, len(parts)), places
        numbers.append(templates.setdefault(template, len(templates)))
        rows.append(words)
    columns = [_changes(column) for column in itertools.zip_longest(*rows)]
    text = json.dumps(
        {"parts": [*parts], "templates": [*templates], "states": numbers, "columns": columns},
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode()


def unpack(packed: str, count: int) -> list[list[str]]:
    """Return the `count` states that `pack` has packed.

    Raises ValueError for what it would not return, and for more than MAX_TEXT letters.

    >>> unpack(pack([["w = 1"], ["w = 22"]]), 2)
    [['w = 1'], ['w = 22']]
    """
    try:
        stream, letters, states = zlib.decompressobj(wbits=31), 0, []  # of gzip
        content = json.loads(stream.decompress(base64.b64decode(packed), MAX_TEXT // 5))
        if len(content["states"]) != count:
            raise IndexError(f"there must be {count} states, got {len(content['states'])}")
        # A part, a place and a word take memory and time even if they are empty.
        if stream.unconsumed_tail or count * len(content["columns"]) > MAX_TEXT // 20:
            raise IndexError("there are too many")
        columns = [_column(changes, count) for changes in content["columns"]]
        for n, template in enumerate(content["states"]):
            number, places = content["templates"][template]
            parts = content["parts"][number]
            letters += 20 * (len(parts) + len(places)) + sum(map(len, parts))
            letters += sum(len(columns[place][n]) for place in places[: MAX_TEXT // 20])
            if letters > MAX_TEXT:
                raise IndexError("there are too many")
            words = (columns[place][n] for place in places)
            pairs = itertools.zip_longest(parts, words, fillvalue="")
            states.append("".join(itertools.chain(*pairs)).split("\n"))
    except (LookupError, TypeError, ValueError, RecursionError, zlib.error) as error:
        raise ValueError(f"the packed states are damaged or too large: {error}") from None
    return states


def _column(changes: Sequence[Any], count: int) -> list[str]:
    """The words of a column, one for each state."""
    column: list[str] = []
    word, letters = "", 0
    for change in changes:
        if isinstance(change, int):
            column += [word] * min(change, count - len(column))
        else:
            word = change if isinstance(change, str) else word[: change[0]] + change[1]
            column.append(word)
            letters += len(word)
        if len(column) > count or letters > MAX_TEXT // 20:
            raise IndexError("a column is too long")
    return column + [word] * (count - len(column))


def _split(text: str) -> tuple[_Parts, _Places, list[str]]:
    """Return the parts of a text between its words, the place of each among the words, and these."""
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
    """A column of words, each as a new word, or as the length kept of the last and what is new.

    A number counts words that stay as they were, or that a state does not have.
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
