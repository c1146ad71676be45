"""What a figure puts on its axes and into a page: tests read it as data, before it is pixels."""

import base64
import gzip
import json

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
