"""The figures, and what they put on their axes and into a page, read as data before it is pixels."""

import base64
import gzip
import itertools
import json
import re
import xml.etree.ElementTree as ET
from functools import cache

import numpy as np

from course_lib import figures
from course_lib.live.artists import Stroke, Title
from course_lib.live.style import rc_params

PICTURES = {  # by name: how it is made, and settings other than its own
    "AverageFigure": (lambda: figures.AverageFigure([0, 1, 10, 10]), {"num_updates": 7}),
    "BatchFigure": (figures.BatchFigure, {"batch": 16, "rate": 0.8}),
    "BowlFigure": (figures.BowlFigure, {"rate": 0.9, "ratio": 100, "momentum": True}),
    "DescentFigure": (figures.DescentFigure, {"rate": 0.9, "steps": 12}),
    "DistanceFigure": (figures.DistanceFigure, {"rate": 0.05, "tolerance": 1e-6}),
    "NoisyAverageFigure": (figures.NoisyAverageFigure, {"decay": 0.5, "warm_up": True}),
    "RivalsFigure": (figures.RivalsFigure, {"base": 0.9, "noise": 12.0, "planned": 2000}),
    "RulerFigure": (figures.RulerFigure, {"rate": 0.9}),
    "ScheduleFigure": (figures.ScheduleFigure, {"decay_rate": 0.7, "staircase": False}),
    "StartsFigure": (figures.StartsFigure, {"decay": 0.5}),
    "TwoLossesFigure": (figures.TwoLossesFigure, {"rate": 1.1, "start": -0.9}),
    "ValleysFigure": (figures.ValleysFigure, {"rate": 1.1, "start": -2}),
    "VarianceFigure": (figures.VarianceFigure, {"rate": 0.9, "decay": 0.99}),
}


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


@cache
def axes_of(figure):
    """The axes of a figure's plots, with nothing put on them; to make them takes long."""
    with rc_params():
        return figure.axes()


def put(figure, kind, settings):
    """Of each plot the artists of a kind that `draw` puts on its axes."""
    axes = axes_of(figure)
    before = {artist for one in axes for artist in one.get_children()}
    figure.draw(axes, **settings)
    added = [[artist for artist in one.get_children() if artist not in before] for one in axes]
    for artist in itertools.chain(*added):
        artist.remove()
    return [[artist for artist in plot if isinstance(artist, kind)] for plot in added]


def strokes(figure, plot, **settings):
    """Of a plot the lines that show some settings: the points of each, as x and y, and its look."""
    return [(one.path.vertices.T, one.look) for one in put(figure, Stroke, settings)[plot]]


def titles(figure, plot, **settings):
    """Of a plot the texts that show some settings."""
    return [one.text for one in put(figure, Title, settings)[plot]]


@cache
def shared(make):
    """A figure that tests share, since to make one takes long, and what it shows by itself."""
    figure = make()
    return figure, figure.show()


def figure(name):
    """The shared figure of this name, without its "Figure"."""
    return shared(PICTURES[f"{name}Figure"][0])[0]


def said(name, **settings):
    """What the readout of a figure says at some settings, by name."""
    return dict(figure(name).show(**settings).readout)


def html(picture):
    """What a notebook displays of a View or a Figure."""
    return picture._repr_mimebundle_()["text/html"]


def lines(view, plot):
    """The attributes of each line of a foreground, and its points, from pixels back into data."""
    drawing = view.drawings[plot]
    to_data = axes_of(view.figure)[plot].transData.inverted()
    found = []
    for path in ET.fromstring(drawing.svg(drawing.foreground)).iterfind("{*}path"):
        numbers = re.findall(r"-?[\d.]+", path.get("d").replace("h0", ""))
        pixels = np.cumsum(np.array(numbers, dtype=float).reshape(-1, 2), axis=0)
        found.append((path.attrib, to_data.transform(pixels * [1, -1] + [0, drawing.height]).T))
    return found
