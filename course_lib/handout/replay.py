"""All states of a panel as text, small enough for a page: what replay.js looks up there.

The pictures and readouts of a panel differ in little but numbers.  So each state is a template with words left open,
a word being a number or the outline of a path, and a row holds only the words that are not as in the row before.
"""

import base64
import gzip
import itertools
import json
import re

from course_lib.panels import stand

# Outlines and numbers, but for the numbers in attributes and names.
_WORD = re.compile(r'(?<= d=")[^"]*|(?<![\w#".])-?\d+(?:\.\d+)?(?:e[-+]\d+)?')


def states(panel):
    """Yield the texts of each state of `panel`: layer and alternative of each plate, then the readout.

    The states come with the last control turning fastest, as in nested loops.  The panel's figure is moved.
    """
    for values in itertools.product(*panel.stops.values()):
        settings = dict(zip(panel.stops, values, strict=True))
        figure = panel.figure.show(**panel.start | settings)
        yield texts(figure, settings)


def texts(figure, settings):
    """The texts that a handout shows for what `figure` shows now."""
    plates = [text for plate, told in zip(figure.plates, figure.alternatives, strict=True)
              for text in (plate.layer(), told)]
    return [*plates, stand(settings), *itertools.chain.from_iterable(figure.readout)]


def pack(states):
    r"""Return an iterable of texts, each a list of strings, compressed, in base64; the same on every machine.

    >>> def unpack(packed):
    ...     return json.loads(gzip.decompress(base64.b64decode(packed)))
    >>> unpack(pack([["w = 1.250000", "at 1.250000"], ["w = 1.440000", "at 1.440000"]])) == {
    ...     "templates": [{"parts": ["w = ", "\nat ", ""], "places": [0, 0]}],
    ...     "rows": [[0, "1.250000"], [0, "1.440000"]]}
    True
    """
    templates, rows, before = {}, [], []
    for fields in states:
        template, words = _open("\n".join(fields))
        rows.append([templates.setdefault(template, len(templates)), *_changes(before, words)])
        before = words + before[len(words):]
    table = [{"parts": parts, "places": places} for parts, places in templates]
    text = json.dumps({"templates": table, "rows": rows}, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode()


def _open(text):
    """Take the words out of a text: return the parts between them with the place of each among the words, and these."""
    parts, places, words, known, end = [], [], [], {}, 0
    for found in _WORD.finditer(text):
        word = found.group()
        place = known.setdefault(word, len(words)) if len(word) > 5 else len(words)  # short ones are equal by chance
        if place == len(words):
            words.append(word)
        parts.append(text[end:found.start()])
        places.append(place)
        end = found.end()
    return ((*parts, text[end:]), tuple(places)), words


def _changes(before, words):
    """What makes `words` of those before: how many stay, a new word, or a word's length kept and what is then new."""
    changes, stay = [], 0
    for old, new in itertools.zip_longest(before[:len(words)], words, fillvalue=""):
        if old == new:
            stay += 1
            continue
        if stay:
            changes.append(stay)
        stay = 0
        kept = next((k for k, (one, other) in enumerate(zip(old, new, strict=False)) if one != other),
                    min(len(old), len(new)))
        changes.append([kept, new[kept:]] if kept > 8 else new)
    return changes
