"""What a figure puts on its axes and into a page: tests read it as data, before it is pixels."""

import base64
import gzip
import json
import re
import xml.etree.ElementTree as ET
from functools import cache

import numpy as np

from course_lib.live.artists import Stroke, Title
from course_lib.live.style import rc_params


def unpacked(packed):
    """The texts of each state that packing.py has packed: the way back of states.js, in Python."""
    content = json.loads(gzip.decompress(base64.b64decode(packed)))
    columns = []
    for changes in content["columns"]:
        column, word = [], ""
        for change in changes:
            if isinstance(change, int):
                column += [word] * change
                continue
            word = change if isinstance(change, str) else word[: change[0]] + change[1]
            column.append(word)
        columns.append(column + [word] * (len(content["states"]) - len(column)))
    return [
        "".join(
            part + (columns[places[k]][n] if k < len(places) else "")
            for k, part in enumerate(content["parts"][number])
        ).split("\n")
        for n, (number, places) in enumerate(
            content["templates"][template] for template in content["states"]
        )
    ]


def axes_of(figure):
    """The axes of a figure's plots, before anything is put on them."""
    with rc_params():
        return figure.axes()


def put(figure, kind, settings):
    """Of each plot the artists of a kind that `draw` puts on its axes."""
    axes = axes_of(figure)
    before = {artist for one in axes for artist in one.get_children()}
    figure.draw(axes, **settings)
    return [
        [
            artist
            for artist in one.get_children()
            if isinstance(artist, kind) and artist not in before
        ]
        for one in axes
    ]


def strokes(figure, plot, **settings):
    """Of a plot the lines that show some settings: the points of each, as x and y, and its look."""
    return [(one.path.vertices.T, one.look) for one in put(figure, Stroke, settings)[plot]]


def titles(figure, plot, **settings):
    """Of a plot the texts that show some settings."""
    return [one.text for one in put(figure, Title, settings)[plot]]


@cache
def shared(make):
    """A figure that many tests can share, since to make one takes long, and what it shows by
    itself.
    """
    figure = make()
    return figure, figure.show()


def html(picture):
    """What a notebook displays of a View or a Figure."""
    return picture._repr_mimebundle_()["text/html"]


def lines(view, plot):
    """The lines of a foreground: the attributes of each, and its points, read back from pixels into
    data.
    """
    drawing = view.drawings[plot]
    to_data = axes_of(view.figure)[plot].transData.inverted()
    found = []
    for path in ET.fromstring(drawing.svg(drawing.foreground)).iterfind("{*}path"):
        numbers = re.findall(r"-?[\d.]+", path.get("d").replace("h0", ""))
        pixels = np.cumsum(np.array(numbers, dtype=float).reshape(-1, 2), axis=0)
        found.append((path.attrib, to_data.transform(pixels * [1, -1] + [0, drawing.height]).T))
    return found
