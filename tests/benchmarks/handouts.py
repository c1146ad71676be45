"""How long a handout takes to make, to open and to move: `python tests/benchmarks/handouts.py`.

A move is timed in the page: all script and the layout after it, from the event to the end of a forced layout.  Its
measure is what the same page takes to lay out one changed line of text.  The export is measured against a plain
`nbconvert --to html` of the same notebooks.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "browser"))
from conftest import FLAGS, chromium_path  # noqa: E402

NOTEBOOKS = sorted((HERE.parent.parent / "notebooks").glob("*.ipynb"))
MOVES = """panel => {
    const inputs = [...panel.querySelectorAll('input')];
    const line = panel.querySelector('.course-readout p');
    const moves = [], lines = [];
    let seed = 1;
    const random = (n) => (seed = (seed * 48271) % 2147483647) % n;
    for (let k = 0; k < 1000; k++) {
        const input = inputs[random(inputs.length)];
        if (input.type === 'checkbox') input.checked = !input.checked;
        else input.value = random(Number(input.max) + 1);
        let start = performance.now();
        input.dispatchEvent(new Event('input', { bubbles: true }));
        panel.getBoundingClientRect();
        moves.push(performance.now() - start);
        start = performance.now();
        line.textContent += ' ';
        panel.getBoundingClientRect();
        lines.push(performance.now() - start);
    }
    return [moves, lines];
}"""


def export(kind, folder):
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "jupyter", "nbconvert", "--to", kind, "--log-level=ERROR", *NOTEBOOKS,
                    "--output-dir", folder], check=True)
    return time.perf_counter() - start


def main():
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        plain, handout = export("html", folder), export("handout", folder)
        print(f"export of four: {handout:.1f} s, {handout / plain:.1f} times a plain one ({plain:.1f} s)")
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        for notebook in NOTEBOOKS:
            path = Path(folder) / notebook.with_suffix(".html").name
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            start = time.perf_counter()
            page.goto(path.as_uri())
            page.locator("form:not([hidden])").last.wait_for()
            opened = time.perf_counter() - start
            print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB, open and unpacked in {opened * 1000:.0f} ms")
            for panel in page.locator("figure.panel").all():
                moves, lines = panel.evaluate(MOVES)
                print(f"  a move takes {statistics.median(moves):.2f} ms, at most {max(moves):.1f} ms, "
                      f"{statistics.median(moves) / max(statistics.median(lines), 0.01):.1f} times a line of text")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
