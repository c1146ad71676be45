"""What the tests compare with, read from `traces/`."""

import json
from pathlib import Path

import numpy as np

TRACES = Path(__file__).parent / "traces"
TABLES = json.loads((TRACES / "tutorial_tables.json").read_text(encoding="utf-8"))["tables"]
TENSORFLOW = json.loads((TRACES / "tensorflow_traces.json").read_text(encoding="utf-8"))


def floats(hexadecimal):
    """An array of float32 from nested lists of hexadecimal floats, none of which needs rounding."""
    exact = np.array(
        [floats(item) if isinstance(item, list) else float.fromhex(item) for item in hexadecimal]
    )
    assert np.array_equal(exact, exact.astype(np.float32))
    return exact.astype(np.float32)
