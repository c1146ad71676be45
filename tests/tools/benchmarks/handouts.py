"""How long a handout takes to make, to open and to move: `python tests/tools/benchmarks/handouts.py`.

A handout is opened on a telephone's screen, at this processor's speed and at a sixth of it, and
timed until its first panel and its last can be moved.

A move is timed in the page, from the event to the end of a forced layout, beside the layout of one
changed line of text; the export, beside a plain `nbconvert --to html` of the same notebooks.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

sys.path.append(str(Path(__file__).parents[2]))
from helpers.lab import FLAGS, chromium_path
from helpers.lessons import LESSONS
from tools.benchmarks.descend import seconds

# When each panel came to life, in milliseconds from the navigation.
WATCH = """
    window.lives = [];
    new MutationObserver((changes) => {
        for (const { target } of changes) if (target.matches('.panel.live')) lives.push(performance.now());
    }).observe(document, { subtree: true, attributeFilter: ['class'] });
"""
MOVES = """panel => {
    const inputs = [...panel.querySelectorAll('input')];
    const line = panel.querySelector('.course-readout p');
    const moves = [], lines = [];
    let seed = 1, changed = false;
    const random = (n) => (seed = (seed * 48271) % 2147483647) % n;
    const time = (change) => {
        const start = performance.now();
        change();
        panel.getBoundingClientRect();
        return performance.now() - start;
    };
    for (let k = 0; k < 1000; k++) {
        const input = inputs[random(inputs.length)];
        if (input.type === 'checkbox') input.checked = !input.checked;
        else input.value = random(Number(input.max) + 1);
        const before = line.textContent;
        moves.push(time(() => input.dispatchEvent(new Event('input', { bubbles: true }))));
        changed ||= line.textContent !== before;
        lines.push(time(() => { line.textContent += ' '; }));
    }
    if (!changed) throw new Error('no move changed what the panel says, so none was timed');
    return [moves, lines];
}"""


def export(kind, folder):
    command = [sys.executable, "-m", "jupyter", "nbconvert", "--to", kind, "--log-level=ERROR"]
    command += [*LESSONS, "--output-dir", folder]
    return seconds(lambda: subprocess.run(command, check=True))


def open_page(page, path):
    page.goto(path.as_uri())
    page.locator("figure.panel").last.locator("form").wait_for()


def time_opening(browser, path, slower):
    """When the first and the last panel can be moved, so many times slower: medians of five."""
    times = []
    for _ in range(5):
        page = browser.new_page(viewport={"width": 360, "height": 740})
        # First, as the rate may not hold for another process.
        page.goto((path.parent / "index.html").as_uri())
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
        page.add_init_script(WATCH)
        open_page(page, path)
        lives = page.evaluate("lives")
        times.append((lives[0], lives[-1]))
        page.close()
    return map(median, zip(*times, strict=True))


def main():
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        plain, ours = export("html", folder), export("handout", folder)
        print(f"export of four: {ours:.1f} s, {ours / plain:.1f} times a plain one ({plain:.1f} s)")
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        for notebook in LESSONS:
            path = Path(folder) / notebook.with_suffix(".html").name
            print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")
            for slower in (1, 6):
                first, last = time_opening(browser, path, slower)
                print(f"  at 1/{slower} of the speed live after {first:.0f} to {last:.0f} ms")
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            open_page(page, path)
            for panel in page.locator("figure.panel").all():
                moves, lines = panel.evaluate(MOVES)
                print(
                    f"  a move takes {median(moves):.2f} ms, at most {max(moves):.1f} ms, "
                    f"{median(moves) / max(median(lines), 0.01):.1f} times a line of text"
                )
            page.close()


if __name__ == "__main__":
    main()
