"""From key press to changed picture, in the real JupyterLab and Chromium: run this file.

Three sliders take turns in one server, browser and kernel: the course's first panel; the usual way, `interact` around
`plt.subplots` and `plt.show` of an equal picture; and an echo, whose callback changes one attribute of a tiny SVG, the
least that any widget with a kernel behind it can take.  Then what a move costs the kernel alone, beside drawing the
whole figure again, and what 5,000 moves leave in memory.
"""

import gc
import io
import itertools
import statistics
import sys
import tempfile
import time
from pathlib import Path

import matplotlib as mpl
import nbformat
import psutil
from playwright.sync_api import sync_playwright

from course_lib import figures, panels, refresh

sys.path.append(str(Path(__file__).parent.parent / "browser"))
import conftest

# An equal picture, drawn the usual way: both plates with their grids, ticks, labels, titles and dots.
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
CELLS = f"""
from course_lib.figures import DescentFigure
from course_lib.panels import RATES, STEPS, STARTS, explore
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
ipywidgets.VBox([slider, echo])
"""
OUTPUT = "const output = document.querySelectorAll('.jp-CodeCell .jp-Cell-outputWrapper')[index];"
FOCUS = f"index => {{ {OUTPUT} output.querySelector('.noUi-handle').focus(); }}"
# Milliseconds from a key press until the frame with a new picture has been painted.
MOVE = f"async ([index, key]) => {{ {OUTPUT}" + """
    const handle = output.querySelector('.noUi-handle');
    const picture = new Promise(resolve => new MutationObserver((records, observer) => {
        const added = records.flatMap(record => [...record.addedNodes]).filter(node => node.querySelector);
        const picture = added.flatMap(node => [node, ...node.querySelectorAll('svg, img')])
                             .find(node => node.matches('svg, img'));
        if (picture) { observer.disconnect(); resolve(picture); }
    }).observe(output, {childList: true, subtree: true}));
    const start = performance.now();
    handle.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
    const seen = await picture;
    if (seen.decode) await seen.decode();
    await new Promise(requestAnimationFrame);
    await new Promise(resolve => setTimeout(resolve));
    return performance.now() - start;
}"""
NAMES = ["course panel", "interact", "echo"]


def in_browser(turns=30, held=4):
    first, next_ = {name: [] for name in NAMES}, {name: [] for name in NAMES}
    cells = [nbformat.v4.new_code_cell(source.strip()) for source in CELLS.split("---")]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home, conftest.serve(Path(home)) as lab, \
            sync_playwright() as playwright:
        (lab[0] / "benchmark.ipynb").write_text(refresh.tidy(nbformat.v4.new_notebook(cells=cells)), encoding="utf-8")
        chromium = playwright.chromium.launch(executable_path=conftest.chromium_path(), args=conftest.FLAGS)
        page = chromium.new_page(viewport={"width": 1280, "height": 3000})
        notebook = conftest.Notebook(page, *lab, "benchmark.ipynb")
        notebook.run_all()
        notebook.panels()
        time.sleep(5)
        # In every order, since each finds the machine as the one before has left it; and each when JupyterLab is done
        # with making its cell the active one, which is no part of a move.
        for turn, order in enumerate(itertools.islice(itertools.cycle(itertools.permutations(range(3))), turns + 3)):
            for index in order:
                page.evaluate(FOCUS, index)
                time.sleep(0.4)
                key = "ArrowLeft" if turn % 2 else "ArrowRight"
                taken = [page.evaluate(MOVE, [index, key]) for _ in range(held)]
                if turn >= 3:
                    first[NAMES[index]].append(taken[0])
                    next_[NAMES[index]] += taken[1:]
        chromium.close()
    for title, times in {"a key press to its picture": first, "the key is held down": next_}.items():
        print(f"{title:30}    median ms     95th percentile")
        for name, taken in times.items():
            print(f"{name:30} {statistics.median(taken):12.1f} {statistics.quantiles(taken, n=20)[-1]:19.1f}")
        ours, usual, least = (statistics.median(times[name]) for name in NAMES)
        print(f"interact / panel: {usual / ours:.1f}   panel / echo: {ours / least:.2f}")


def alone():
    """What a move of each panel costs in the kernel alone, and what the first picture costs when it is drawn afresh."""
    panels_ = [panels.explore(figures.DescentFigure(), rate=panels.RATES),
               panels.explore(figures.RulerFigure(), rate=panels.RATES),
               panels.explore(figures.RatesFigure(), rate_a=panels.FEW_RATES),
               panels.explore(figures.ScheduleFigure(), decay_rate=(0.5, 0.7, 0.9, 0.99)),
               panels.explore(figures.NoisyAverageFigure(), decay=panels.DECAYS)]
    mpl.use("agg")
    namespace = {}
    exec(USUAL, namespace)
    plt = namespace["plt"]
    plt.show = lambda: (plt.savefig(io.BytesIO(), format="png", bbox_inches="tight"), plt.close())  # as Jupyter does
    moves, redraws = [[] for _ in panels_], []
    for n in range(300):
        for panel, times in zip(panels_, moves, strict=True):
            name, = panel.controls
            start = time.perf_counter()
            panel.move(**{name: panel.stops[name][n % len(panel.stops[name])]})
            times.append(time.perf_counter() - start)
        if n % 15 == 0:
            start = time.perf_counter()
            namespace["draw"](0.2)
            redraws.append(time.perf_counter() - start)
    print(f"{'the first picture, the usual way':35} {1e3 * statistics.median(redraws):8.2f} ms")
    for panel, times in zip(panels_, moves, strict=True):
        name = type(panel.figure).__name__
        print(f"{'a move of ' + name:35} {1e3 * statistics.median(times):8.2f} ms, "
              f"{statistics.median(redraws) / statistics.median(times):.0f} times less")


def memory():
    panel = panels.explore(figures.DescentFigure(), rate=panels.RATES, steps=panels.STEPS)
    resident = []
    for n in range(5_001):
        panel.move(rate=panels.RATES[n % len(panels.RATES)], steps=panels.STEPS[n % 41])
        if n in (100, 5_000):
            gc.collect()
            resident.append(psutil.Process().memory_info().rss / 2**20)
    print(f"memory after 100 moves {resident[0]:.1f} MiB, after 5,000 {resident[1]:.1f} MiB")


if __name__ == "__main__":
    alone()
    memory()
    in_browser()
