"""All states of a panel in a file, for a handout that cannot draw them.

A file is not trusted: what it holds is let through only if this library can have written it.
"""

import base64
import gzip
import json
import math
import re
import time
import zlib
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from IPython.core.getipython import get_ipython
from IPython.display import display

from course_lib.jupyter.display import is_seen
from course_lib.live.drawing import Drawing
from course_lib.live.figure import View, Words
from course_lib.live.function import FunctionFigure, make_control
from course_lib.live.states import MAX_STATES, SettingsGrid
from course_lib.validation import as_text, whole_number

_MANY = 10_000  # pixels, stops, letters in words: more than anybody needs
MAX_TEXT = 50_000_000  # letters of all states
MAX_BYTES = 2_000_000  # packed; Jupyter's server drops three million as a flood

_NUMBER = r"-?(?:\d+(?:\.\d+)?|\.\d+)(?:e[-+]\d+)?"
_LOOK = (
    rf' (?:x|y|width|height|font-size|fill-opacity|stroke-opacity|stroke-width)="{_NUMBER}"'
    rf'| (?:fill|stroke)="#[\da-f]{{6}}"| stroke-dasharray="{_NUMBER}(?: {_NUMBER})*"'
    r'| stroke-linecap="(?:round|square)"| text-anchor="(?:middle|end)"| font-weight="bold"'
    rf'| font-style="(?:italic|oblique)"| transform="rotate\({_NUMBER} {_NUMBER} {_NUMBER}\)"'
)
_ELEMENT = re.compile(  # all that drawing.py writes
    rf'<path d="[-\d. MLQCZmlhve+]*"(?:{_LOOK})*/>'
    rf"|<text(?:{_LOOK})*>(?:[^<>&\0-\x1f]|&(?:amp|lt|gt);)*</text>"
    rf'|<image(?:{_LOOK})* href="data:image/webp;base64,[\w+/]*=*"/>',
    re.ASCII,
)


def is_ours(svg: str) -> bool:
    """Return whether SVG holds only the elements, attributes and values that drawing.py writes.

    >>> is_ours('<path d="M0 0h9" fill="#ff0000"/>'), is_ours("<script>x()</script>")
    (True, False)
    """
    return not _ELEMENT.sub("", svg)


def embed(grid: SettingsGrid) -> dict[str, Any]:
    """Return all that a handout needs of a panel.  If it takes long, a line says how far it is.

    Raises ValueError, which says how much it would take, for more states, letters or bytes than a
    file may hold.
    """
    _bound("states", len(grid), MAX_STATES)
    view, states, letters = grid.view(grid.first), [], 0
    told, line = time.monotonic(), None
    for state in range(len(grid)):
        if is_seen() and get_ipython() and time.monotonic() > told + 1:
            told = time.monotonic()
            said = {"text/plain": f"{state} of {len(grid)} states drawn"}
            line = line or display({}, raw=True, display_id=True)
            line.update(said, raw=True)
        states.append(grid.drawn([state])[state])
        letters += sum(map(len, states[-1]))
        if letters > MAX_TEXT:
            _bound("letters", letters * len(grid) // len(states), MAX_TEXT)
    if line:
        line.update({"text/html": ""}, raw=True)
    text = json.dumps(states, ensure_ascii=False, separators=(",", ":"))
    packed = base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode()
    _bound("bytes", len(packed), MAX_BYTES)
    controls = [(name, grid.control(name), stops) for name, stops in grid.stops.items()]
    return {
        "plots": [
            [one.background, one.width, one.height, one.left, one.top] for one in view.drawings
        ],
        "controls": [
            [name, one.label, one.tooltip, one.plays, [*stops]] for name, one, stops in controls
        ],
        "start": [stops.index(grid.start[name]) for name, _, stops in controls],
        "states": packed,
    }


def stored(embedded: dict[str, Any]) -> tuple[SettingsGrid, list[list[str]]]:
    """Return the panel that `embed` has described, and the texts of its states, all checked.

    Raises ValueError, TypeError, KeyError or IndexError for what `embed` would not return.
    """
    json.dumps(embedded, ensure_ascii=False).encode()  # fails for half a letter (a surrogate)
    controls = {
        name: replace(
            make_control(name, stops[:_MANY], ordered=False),
            label=str(label),
            tooltip=str(tooltip),
            plays=bool(plays),
        )
        for name, label, tooltip, plays, stops in embedded["controls"]
    }
    if not all(map(str.isidentifier, controls)):
        raise ValueError(f"a control has no name: {as_text([*controls])}")
    plots = [
        (background, *(whole_number("a size", one, low=-_MANY, high=_MANY) for one in sizes))
        for background, *sizes in embedded["plots"]
    ]
    count = math.prod(len(control.stops) for control in controls.values())
    _bound("states", count, MAX_STATES)
    _bound("bytes", len(embedded["states"]), MAX_BYTES)
    text = zlib.decompressobj(wbits=31).decompress(
        base64.b64decode(embedded["states"]), 2 * MAX_TEXT
    )
    states = json.loads(text)
    if len(states) != count or not all(isinstance(text, str) for texts in states for text in texts):
        raise ValueError(f"there must be {count} states of texts")
    drawn = 2 * len(plots)
    checked = {plot[0] for plot in plots}
    for texts in states:
        svgs = texts[:drawn:2] if len(texts) > 1 else []  # one alone is an error, in words
        if len(texts) % 2 == 0 or 1 < len(texts) < drawn:
            raise ValueError("a state has too few texts")
        checked.update(svgs)
        if sum(map(len, texts)) - sum(map(len, svgs)) > _MANY:
            raise ValueError("a state has too long texts")
    for svg in checked:
        if not is_ours(svg):
            raise ValueError(f"a picture has SVG that is not of this library: {as_text(svg)}")
    figure = FunctionFigure(lambda **settings: None, controls)
    stops = {name: control.stops for name, control in controls.items()}
    places = zip(controls, stops.values(), embedded["start"], strict=True)
    start = {name: values[place] for name, values, place in places}
    columns = (*((index,) for index in range(len(plots))), (None,))
    view = View(figure, figure.title, MappingProxyType(start), (), columns, Words("", ()))
    texts = states[SettingsGrid(view, stops).first]
    if len(texts) == 1 or not plots:
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
            f"a panel with embed=True may have {most:,} {what}, and this one would have {count:,}: "
            "take fewer stops"
        )
