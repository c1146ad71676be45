"""Take the README's picture of a panel, in the real JupyterLab: `python tests/tools/picture.py`."""

import sys
import tempfile
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))
from playwright.sync_api import sync_playwright

from helpers.lab import FLAGS, Notebook, chromium_path, serve

PICTURE = Path(__file__).parents[2] / ".github" / "panel.png"
# As wide as a laptop, and so high that JupyterLab draws the whole lesson.
SIZE = {"width": 1280, "height": 16_000}

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        page = chromium.new_page(viewport=SIZE, device_scale_factor=1.5)
        with serve(Path(home)) as lab:
            notebook = Notebook(page, *lab, "03_exponential_decay.ipynb")
            notebook.run_all()
            panel = notebook.panels()[0]
            panel.get_by_role("button", name="Reset").click()
            page.evaluate("document.activeElement.blur()")
            page.wait_for_timeout(500)  # for the picture to follow
            panel.screenshot(path=PICTURE)
