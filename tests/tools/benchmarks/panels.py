"""From key press to painted picture, in the real JupyterLab and Chromium: `python
tests/tools/benchmarks/panels.py [ROUNDS]`.

Three sliders share a notebook, its page and its kernel: a panel of lesson 1; the usual way,
`interact` around `plt.subplots` and `plt.show` of an equal picture; and an echo, whose callback
changes one attribute of a tiny SVG, the least that any widget with a kernel can take.  After Run
All they take turns, in every order, ROUNDS times or else three: with the server near; 200 ms away,
there and back; and, in the first round, while the kernel runs a cell.  The key moves the learning
rate, all of whose pictures the panel has from the start.  A time ends when the frame with the
picture has been painted.  Before that: what drawing a View costs, beside the whole figure, and what
5,000 moves leave in memory.  Let nothing else run meanwhile.
"""

import gc
import io
import itertools
import math
import statistics
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2]))
import matplotlib as mpl
import nbformat
import psutil
from playwright.sync_api import sync_playwright

from course_lib import descend, figures, refresh
from course_lib.live import explore
from course_lib.live.figure import figures_in
from helpers import lab
from helpers.far import far
from tools.benchmarks.descend import seconds

# An equal picture, drawn the usual way: both plots with their grids, ticks, texts and dots.
USUAL = """
import matplotlib.pyplot as plt
import numpy as np
from course_lib import descend, loss
from course_lib.theory import regime

def draw(rate):
    w = np.linspace(-9, 7, 65)
    trace = descend([rate] * 40)
    fig, (left, right) = plt.subplots(1, 2, figsize=(10, 3.75))
    left.plot(w, loss(w), color="#0072b2", lw=2)
    left.plot(trace.weight, trace.loss, "o-", color="#d55e00", lw=1, ms=6)
    left.plot(trace.weight[:1], trace.loss[:1], "o", color="white", ms=3)
    left.plot(trace.weight[-1:], trace.loss[-1:], "o", color="#d55e00", ms=11)
    left.set(xlim=(-9, 7), ylim=(-3, 64), xticks=range(-9, 8, 4), xlabel="weight w", ylabel="loss (w + 1)²",
             title=f"η = {rate:g}: {regime(rate)}, w = {trace.weight[-1]:f}")
    right.semilogy(trace.loss, color="#0072b2", lw=2)
    right.plot([40], trace.loss[-1:], "o", color="#0072b2", ms=8)
    right.set(xlim=(-1, 41), ylim=(1e-15, 1e6), yticks=[10.0**power for power in range(-15, 7, 3)], xlabel="step",
              ylabel="loss", title=f"loss after 40 steps: {trace.loss[-1]:f}")
    for axes in (left, right):
        axes.grid(True)
        axes.spines[["top", "right"]].set_visible(False)
    plt.show()
"""
LIMIT = 2  # seconds after which a picture is no longer waited for
BUSY = 10  # seconds that the kernel is kept busy, enough for one turn of all three
CELLS = f"""
from course_lib.figures import DescentFigure
from course_lib.figures import RATES, STARTS, STEPS
from course_lib.live import explore

explore(DescentFigure(), rate=RATES, start=STARTS, steps=STEPS)
---
{USUAL}
import ipywidgets
ipywidgets.interact(draw, rate=ipywidgets.SelectionSlider(options=RATES, value=0.2))
---
slider = ipywidgets.SelectionSlider(options=RATES, value=0.2)
echo = ipywidgets.HTML()
def answer(change):
    echo.value = f'<svg width="10" height="10"><circle cx="5" cy="5" r="{{change.new}}"/></svg>'
slider.observe(answer, "value")
slider.value = 0.25
box = ipywidgets.VBox([slider, echo])
box.add_class("echo")
box
---
import time
seconds = {BUSY} if "seconds" in globals() else 0  # so that Run All does not take so long
end = time.monotonic() + seconds
while time.monotonic() < end:
    pass
"""
PANEL, INTERACT, ECHO = "course panel", "interact", "echo"
WHERE = {PANEL: ".course-panel", INTERACT: ".widget-interact", ECHO: ".echo"}
DRAWN = [".course-panel .course-readout", ".widget-interact img", ".echo svg"]
PLACES = NEAR, FAR, RUNNING = "near", "200 ms away", "a cell runs"
# Milliseconds from a key press until the frame with the new picture has been painted, or null.
MOVE = """async ([where, key, limit]) => {
    const widget = document.querySelector(where);
    const output = widget.closest('.jp-Cell-outputWrapper');
    // The panel puts new shapes into its <svg>, interact makes a new <img>, the echo a new <svg>.
    const picture = node => node.closest('svg, img') ?? node.querySelector('svg, img');
    let observer;
    const changed = new Promise(resolve => {
        observer = new MutationObserver(records => {
            const added = records.flatMap(record => [...record.addedNodes]).filter(node => node.matches);
            const found = added.map(picture).find(Boolean);
            if (found) resolve(found);
        });
        observer.observe(output, {childList: true, subtree: true});
    });
    const start = performance.now();
    widget.querySelector('.noUi-handle').dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
    const seen = await Promise.race([changed, new Promise(resolve => setTimeout(resolve, limit))]);
    observer.disconnect();
    if (!seen) return null;
    if (seen.decode) await seen.decode();
    await new Promise(requestAnimationFrame);
    await new Promise(resolve => setTimeout(resolve));
    return performance.now() - start;
}"""


def press(page, where, key, limit=LIMIT):
    """Milliseconds from a key press on a slider to its picture, or infinity."""
    taken = page.evaluate(MOVE, [where, key, 1e3 * limit])
    return math.inf if taken is None else taken


def focus(page, where):
    page.focus(f"{where} .noUi-handle")
    time.sleep(0.4)  # JupyterLab makes the cell its active one, which is no part of a move


def in_browser(rounds=3, held=4):
    first, next_ = ({key: [] for key in itertools.product(PLACES, WHERE)} for _ in range(2))

    def turn(page, order, place, key):
        """Press the key on each slider in this order, some times in a row."""
        for name in order:
            focus(page, WHERE[name])
            taken = [press(page, WHERE[name], key)]
            while len(taken) < held and taken[-1] < math.inf:
                taken.append(press(page, WHERE[name], key))
            if place != RUNNING or runs(page):
                first[place, name].append(taken[0])
                next_[place, name] += taken[1:]

    with two_pages(CELLS.split("---"), DRAWN) as (near, away):
        orders = list(itertools.permutations(WHERE))
        # In every order, since each finds the machine as the one before has left it.
        for number, order in enumerate(orders * rounds):
            key = "ArrowLeft" if number % 2 else "ArrowRight"
            turn(near, order, NEAR, key)
            turn(away, order, FAR, key)
            if number < len(orders):
                with running(near):
                    turn(near, order, RUNNING, key)
    report(first, next_)
    if never := unmeasured(first, next_):
        sys.exit(f"never within {LIMIT} s: {', '.join(never)}")


@contextmanager
def two_pages(cells, drawn):
    """Run a notebook with these cells twice, near and far, until there is what is `drawn`."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home,
        lab.serve(Path(home)) as (folder, address),
        far(int(address.split(":")[-1]), 0.1) as far_address,
        sync_playwright() as playwright,
    ):
        chromium = playwright.chromium.launch(executable_path=lab.chromium_path(), args=lab.FLAGS)
        new, pages = nbformat.v4, []
        notebook = new.new_notebook(cells=[new.new_code_cell(source.strip()) for source in cells])
        for name, where in {"near.ipynb": address, "far.ipynb": far_address}.items():
            (folder / name).write_text(refresh.tidy(notebook), encoding="utf-8")
            page = chromium.new_page(viewport={"width": 1280, "height": 1600})
            page.set_default_navigation_timeout(60_000)
            lab.Notebook(page, folder, where, name).run_all()
            for selector in drawn:
                page.wait_for_selector(selector, state="attached")
            pages.append(page)
        for page in pages:
            rest(page)
        yield pages


def rest(page):
    """Wait until the kernel has been idle for two seconds: the panel has what the next move needs."""
    idle = 0
    while idle < 20:
        idle = idle + 1 if page.locator(lab.IDLE).count() else 0
        time.sleep(0.1)


def busy_cell(page):
    return page.locator(".jp-CodeCell", has_text="while time.monotonic()")


def runs(page):
    return "*" in busy_cell(page).locator(".jp-InputPrompt").inner_text()


@contextmanager
def running(page):
    """Let the kernel run a cell meanwhile; then wait until it has answered all that was asked."""
    busy_cell(page).locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    time.sleep(0.5)
    yield
    while runs(page):
        time.sleep(0.2)
    rest(page)


def report(first, next_):
    def line(title, value, *keys, bound=""):
        cells = "".join(f"{value(*(one[key] for key in keys)):>30}" for one in (first, next_))
        print(f"{title:32}{cells}{bound}")

    def median(taken):
        return in_ms(middle(taken))

    def median_and_high(taken):
        return f"{median(taken)}, {in_ms(high(taken))}"

    def ratio(some, others):
        return f"{middle(some) / middle(others):.2f}"

    print(f"\n{'median, 95th percentile':32}{'one key press':>30}{'the key is held down':>30}")
    for place, name in first:
        line(f"{place}: {name}", median_and_high, (place, name))
    print()
    near, away, usual = (NEAR, PANEL), (FAR, PANEL), "   bound: at least 20"
    line("near: course panel / echo", ratio, near, (NEAR, ECHO), bound="   bound: at most 0.4")
    line("near: interact / course panel", ratio, (NEAR, INTERACT), near, bound=usual)
    line("200 ms away: course panel", median, away, bound="   bound: at most 25 ms")
    line("200 ms away: interact / panel", ratio, (FAR, INTERACT), away, bound=usual)
    line("a cell runs: course panel", median, (RUNNING, PANEL), bound="   bound: at most 50 ms")


def unmeasured(first, next_):
    """Where no picture came at all; while a cell runs only the panel needs no kernel."""
    return [
        f"{place}: {name}"
        for place, name in first
        if name == PANEL or place != RUNNING
        if not all(min(one[place, name], default=math.inf) < math.inf for one in (first, next_))
    ]


def middle(taken):
    return statistics.median(taken) if taken else math.nan


def high(taken):
    """The 95th percentile: the smallest of these times that 95 of 100 do not exceed."""
    return sorted(taken)[math.ceil(0.95 * len(taken)) - 1] if taken else math.nan


def in_ms(taken):
    if math.isnan(taken):
        return "-"
    return f"{taken:.1f} ms" if taken < math.inf else f"not within {LIMIT} s"


def alone():
    """What drawing a View costs in the kernel alone, and a whole figure the usual way."""
    weights = {"AverageFigure": [descend([0.2] * 40).weight]}  # the others need nothing
    drawn = [kind(*weights.get(name, [])) for name, kind in figures_in(figures).items()]
    mpl.use("agg")
    namespace = {}
    exec(USUAL, namespace)
    plt, draw = namespace["plt"], namespace["draw"]

    def show():  # as Jupyter does
        plt.savefig(io.BytesIO(), format="png", bbox_inches="tight")
        plt.close()

    plt.show = show
    shows, redraws = [[] for _ in drawn], []
    for n in range(300):
        for figure, times in zip(drawn, shows, strict=True):
            name, control = next(iter(figure.controls.items()))
            setting = {name: control.stops[n % len(control.stops)]}
            times.append(seconds(lambda figure=figure, setting=setting: figure.show(**setting)))
        if n % 15 == 0:
            redraws.append(seconds(lambda: draw(0.2)))
    whole = statistics.median(redraws)
    print(f"{'a whole figure, the usual way':35} {1e3 * whole:8.2f} ms")
    for figure, times in zip(drawn, shows, strict=True):
        title, cost = f"a View of {type(figure).__name__}", statistics.median(times)
        print(f"{title:35} {1e3 * cost:8.2f} ms, {whole / cost:.0f} times less")


def memory():
    rates, steps = figures.RATES, figures.STEPS
    panel, resident = explore(figures.DescentFigure(), rate=rates, steps=steps), []
    for n in range(5_001):
        panel.move(rate=rates[n % len(rates)], steps=steps[n % len(steps)])
        if n in (100, 5_000):
            gc.collect()
            resident.append(psutil.Process().memory_info().rss / 2**20)
    after_100, after_5000 = (f"{one:.1f} MiB" for one in resident)
    print(f"memory after 100 moves {after_100}, after 5,000 {after_5000} (bound: no growth)")


if __name__ == "__main__":
    alone()
    memory()
    in_browser(*map(int, sys.argv[1:]))
