"""All states of a panel in a file, for a handout that cannot draw them.

A file is not trusted: what it holds is let through only if this library can have written it.
"""

import math
import re
import sys
import time
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from course_lib.jupyter.display import is_seen
from course_lib.live.drawing import Drawing
from course_lib.live.figure import Control, View, Words
from course_lib.live.function import FunctionFigure
from course_lib.live.packing import MAX_TEXT, pack, unpack
from course_lib.live.states import MAX_STATES, SettingsGrid
from course_lib.validation import as_text, whole_number

MAX_BYTES = 2_000_000  # packed; Jupyter's server takes three million for a flood, and drops it

_NUMBER = r"-?[\d.]+(?:e[-+]\d+)?"
_LOOK = (
    rf' (?:x|y|width|height|font-size|fill-opacity|stroke-opacity|stroke-width)="{_NUMBER}"'
    r'| (?:fill|stroke)="#[\da-f]{6}"| stroke-dasharray="[\d. e-]+"| stroke-linecap="\w+"'
    rf'| text-anchor="\w+"| font-weight="bold"| transform="rotate\({_NUMBER} {_NUMBER} {_NUMBER}\)"'
)
_SVG = re.compile(  # all that drawing.py writes
    rf'(?:<path d="[-\d. MLQCZmlhve+]*+"(?:{_LOOK})*+/>'
    rf"|<text(?:{_LOOK})*+>(?:[^<>&]|&(?:amp|lt|gt);)*+</text>"
    rf'|<image(?:{_LOOK})*+ href="data:image/webp;base64,[\w+/]*+=*+"/>)*+'
)


def embed(grid: SettingsGrid) -> dict[str, Any]:
    """Return all that a handout needs of a panel; where it takes long, a line says how far it is.

    Raises ValueError, which says how much it would take, for more states, letters or bytes than a
    file may hold.
    """
    _bound("states", len(grid), MAX_STATES)
    view, states, letters = grid.view(grid.first), [], 0
    told = began = time.monotonic()
    for state in range(len(grid)):
        if is_seen() and time.monotonic() > told + 1:
            told = time.monotonic()
            print(f"\r{state} of {len(grid)} states drawn", end="", file=sys.stderr, flush=True)
        states.append(grid.drawn([state])[state])
        letters += sum(map(len, states[-1]))
        if letters > MAX_TEXT:
            _bound("letters", letters * len(grid) // len(states), MAX_TEXT)
    if told > began:
        print("\r" + " " * 40 + "\r", end="", file=sys.stderr, flush=True)
    packed = pack(states)
    _bound("bytes", len(packed), MAX_BYTES)
    controls = [(name, grid.control(name), stops) for name, stops in grid.stops.items()]
    return {
        "name": view.name,
        "columns": [[*column] for column in view.columns],
        "plots": [
            [one.background, one.width, one.height, one.left, one.top] for one in view.drawings
        ],
        "controls": [
            [name, one.label, one.tooltip, one.plays, [*stops]] for name, one, stops in controls
        ],
        "start": grid.settings(grid.first),
        "packed": packed,
    }


def stored(embedded: dict[str, Any]) -> tuple[SettingsGrid, list[list[str]]]:
    """Return the panel that `embed` has described, and the texts of its states, all checked.

    Raises ValueError, TypeError, KeyError or IndexError for what `embed` would not return.
    """
    controls = {
        name: Control(str(label), str(tooltip), tuple(stops), plays=bool(plays))
        for name, label, tooltip, plays, stops in embedded["controls"]
    }
    if not all(map(str.isidentifier, controls)):
        raise ValueError(f"a control has no name: {as_text([*controls])}")
    plots = [
        (background, *(whole_number("a size", one, low=-(10**5), high=10**5) for one in sizes))
        for background, *sizes in embedded["plots"]
    ]
    columns = tuple(map(tuple, embedded["columns"]))
    if sorted((place for column in columns for place in column), key=str) != [
        *range(len(plots)),
        None,
    ]:
        raise ValueError(f"columns must hold each plot and the readout, got {as_text(columns)}")
    count = math.prod(len(control.stops) for control in controls.values())
    _bound("states", count, MAX_STATES)
    _bound("bytes", len(embedded["packed"]), MAX_BYTES)
    states = unpack(embedded["packed"])
    if len(states) != count:
        raise ValueError(f"there must be {count} states, got {len(states)}")
    drawn = 2 * len(plots)
    checked = {plot[0] for plot in plots}
    for texts in states:
        if len(texts) > 1:  # else it is an error, in words
            if len(texts) < drawn or len(texts) % 2 == 0:
                raise ValueError("a state has too few texts")
            checked.update(texts[:drawn:2])
    for svg in checked:
        if not _SVG.fullmatch(svg):
            raise ValueError(f"it holds what no picture is made of: {as_text(svg)}")
    figure = FunctionFigure(lambda **settings: None, controls)
    stops = {name: control.stops for name, control in controls.items()}
    start = {name: one.check(name, embedded["start"][name]) for name, one in controls.items()}
    name = as_text(embedded["name"], str)
    view = View(figure, name, MappingProxyType(start), (), columns, Words("", ()))
    texts = states[SettingsGrid(view, stops).first]
    if len(texts) == 1:
        raise ValueError(f"its start could not be drawn: {as_text(texts[0], str)}")
    drawings = tuple(
        Drawing(background, texts[2 * k], texts[2 * k + 1], wide, high, left=left, top=top)
        for k, (background, wide, high, left, top) in enumerate(plots)
    )
    readout = [*zip(texts[drawn + 1 :: 2], texts[drawn + 2 :: 2], strict=True)]
    words = Words("", texts[1:drawn:2], readout)
    return SettingsGrid(replace(view, drawings=drawings, words=words), stops), states


def _bound(what: str, count: int, most: int) -> None:
    if count > most:
        raise ValueError(
            f"an embedded panel may have {most:,} {what}, and this would have {count:,}: take fewer stops"
        )
