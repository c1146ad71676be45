"""From key press to new picture for functions that others have written for `interact`: `python
tests/tools/benchmarks/functions.py [NAME …]`.

Each function of tests/helpers/functions_of_others.py, or those that are named, stands in a notebook
twice, in a panel of `explore` and in `interact`, beside the echo of panels.py.  The key moves the
slider of its first setting to and fro, with the server near and 200 ms away, and is timed as there.
Printed are medians, what a state costs to draw, and the bytes of all states in a handout.  Let
nothing else run meanwhile.
"""

import sys
import time
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2]))
import matplotlib as mpl

from course_lib.live import embedded, explore
from helpers import functions_of_others
from helpers.functions_of_others import STOPS
from tools.benchmarks.descend import seconds
from tools.benchmarks.panels import CELLS, focus, middle, press, two_pages

PRESSES = 8
HEAD = f"""
import sys
sys.path.append({str(Path(functions_of_others.__file__).parents[1])!r})
import ipywidgets
from helpers.functions_of_others import *
from course_lib.live import explore
RATES = range(20)
"""
CELL = """
panel = explore({name}, **STOPS[{name}])
panel.add_class("panel")
panel
---
usual = ipywidgets.interactive({name}, **{{
    name: ipywidgets.SelectionSlider(options=[*stops]) for name, stops in STOPS[{name}].items()
}})
usual.add_class("usual")
usual
"""
ECHO = CELLS.split("---")[2].replace("value=0.2", "value=2").replace("= 0.25", "= 3")


def alone(function):
    """Seconds that a state takes to be drawn, and the bytes of all states as they are embedded."""
    grid = explore(function, **STOPS[function]).grid
    states = range(0, len(grid), max(1, len(grid) // 20))
    times = [seconds(lambda state=state: grid.texts(state)) for state in states]
    return middle(times), len(embedded.embed(grid)["states"])


def median_of(page, where):
    """Milliseconds from key press to picture, without the first one, or infinity."""
    focus(page, where)
    taken = []
    for k in range(PRESSES + 1):
        time.sleep(0.25)
        taken.append(press(page, where, "ArrowLeft" if k % 2 else "ArrowRight"))
    return middle(taken[1:])


def in_browser(name):
    """Milliseconds near and 200 ms away: of the panel, of interact and of the echo."""
    cells = [HEAD, ECHO, *CELL.format(name=name).split("---")]
    with two_pages(cells, [".echo svg", ".usual img"]) as pages:
        kinds = (".panel", ".usual", ".echo")
        return [[median_of(page, where) for page in pages] for where in kinds]


def report(function):
    ours, usual, echo = in_browser(function.__name__)
    cost, size = alone(function)
    print(
        f"{function.__name__:19} {ours[0]:5.0f} ms, {ours[0] / echo[0]:.2f} of the echo, interact "
        f"{usual[0]:4.0f} ms: {usual[0] / ours[0]:3.0f} times; away {ours[1]:5.0f} ms, interact "
        f"{usual[1]:4.0f} ms: {usual[1] / ours[1]:3.0f} times; a state {1e3 * cost:4.0f} ms, "
        f"all {size / 1e3:4.0f} kB",
        flush=True,
    )


if __name__ == "__main__":
    mpl.use("agg")
    wanted = sys.argv[1:] or [one.__name__ for one in STOPS]
    print("bounds: at most 0.4 of the echo near and 25 ms away, at least 20 times faster")
    for one in STOPS:
        if one.__name__ in wanted:
            report(one)
