"""states.js's way back from packed states to texts, in Python."""

import base64
import gzip
import json


def unpack(packed):
    """The texts of each state."""
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
