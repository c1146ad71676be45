"""A real headless Chromium, a real Jupyter server, and a notebook that is open in both."""

import json
import os
import re
import shutil
import sys
import time
import urllib.request
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect, sync_playwright

from course_lib import refresh
from helpers.programs import at_home, free_ports, serving

# Nothing here needs a network.
FLAGS = ["--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
OPTIONS = """--allow-root --no-browser --IdentityProvider.token=t --LabApp.news_url=None
    --LabApp.expose_app_in_browser=True
    --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"""

# Open a notebook in the JupyterLab that a page shows, if it shows one.
OPEN = """async path => {
    await window.jupyterapp?.commands.execute("docmanager:open", { path });
    return Boolean(window.jupyterapp);
}"""
# Remember what the last key was pressed on; and whether that was this.
LISTEN = "window.addEventListener('keydown', event => { window.heard = event.target; }, true)"
HEARD = "handle => [window.heard === handle, window.heard = null][0]"
IDLE = ".jp-Notebook-ExecutionIndicator[data-status=idle]"
# Where a notebook is opened: JupyterLab, its mode for one document alone, and Jupyter Notebook 7.
APPS = {
    "lab": "lab/workspaces/{workspace}/tree/{name}?reset&",
    "doc": "doc/workspaces/{workspace}/tree/{name}?reset&",
    "notebook": "notebooks/{name}?",
}
# Errors of Notebook 7.6: with an empty notebook too, and where the server had JupyterLab before.
ITS_OWN = re.compile(
    r"Cannot read properties of undefined \(reading 'schema'\)"
    r"|Command 'filebrowser:open-path' not registered\."
    r"|Failed to load .* 403 \(Forbidden\) \S*/static/notebook/\w+\.woff"
)

WIDE = {"width": 1280, "height": 1600}  # shows much of a lesson at once

expect.set_options(timeout=20_000)  # as long as a page waits; the computer may be busy


def wait_until(condition, seconds=30):
    """Ask again and again until a condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"it did not come to that in {seconds} seconds"
        time.sleep(0.05)


def chromium_path():
    names = "chromium", "chromium-browser", "google-chrome"
    return next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def browser():
    """A real headless Chromium, which all browser tests share."""
    if not chromium_path():
        complain = pytest.fail if os.environ.get("REQUIRE_BROWSER") else pytest.skip
        complain("no Chromium on the PATH; on Debian or Ubuntu `apt install chromium` gets one")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield chromium
        chromium.close()


def get(address, method="GET"):
    request = urllib.request.Request(address, method=method, headers={"Authorization": "token t"})
    with urllib.request.urlopen(request) as answer:
        return answer.read()


@contextmanager
def serve(home, port=0):
    """Serve copies of the lessons, with settings of their own; give their folder and address.

    By the same home and `port` it is started again.
    """
    folder = home / "notebooks"
    if not port:
        shutil.copytree(refresh.LESSONS, folder, ignore=shutil.ignore_patterns(".*"))
        [port] = free_ports(1)
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "jupyterlab", *OPTIONS.split(), f"--port={port}"]
    with serving(command, folder, at_home(home), f"{address}/api?token=t"):
        yield folder, address


def press_key(handle, key):
    """Press a key on a control, again if JupyterLab has taken the focus away in between."""
    gone = handle.page.locator(".jp-Dialog", has_text="Server Connection Error")

    def is_heard():
        handle.press(key)
        if handle.evaluate(HEARD):
            return True
        if gone.count():
            gone.locator(".jp-Dialog-button").last.click()
        return False

    wait_until(is_heard)


class Notebook:
    """A notebook open in one of the APPS, on a page that may show JupyterLab already."""

    def __init__(self, page, folder, address, name, app="lab", workspace=None):
        self.page, self.path, self.server, self.app = page, folder / name, address, app
        self.errors = []
        page.set_default_timeout(20_000)
        page.add_init_script(LISTEN)
        where = APPS[app].format(name=name, workspace=workspace or self.path.stem)
        self.address = f"{address}/{where}token=t"
        self.listeners = {
            # Chromium names a file that it did not get only as the place of its message.
            "console": lambda one: self.hear(f"{one.text} {one.location['url']}", one.type),
            "pageerror": lambda error: self.hear(str(error)),
        }
        for event, listener in self.listeners.items():
            page.on(event, listener)
        if app != "notebook" and page.evaluate(OPEN, name):
            self.wait_until_idle()
        else:
            self.open()

    def hear(self, error, kind="error"):
        if kind == "error" and not ITS_OWN.match(error):
            self.errors.append(error)

    def open(self):
        self.page.goto(self.address)
        self.wait_until_idle()

    def wait_until_idle(self):
        """Wait until cells and a kernel are there, it is at rest, and the page knows."""
        self.page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=60_000)
        wait_until(lambda: "idle" in (one["kernel"]["execution_state"] for one in self.sessions()))
        self.page.wait_for_selector(IDLE, state="attached", timeout=60_000)

    def close(self):
        """Close the page, and end its kernel: whoever opens the notebook next gets a new one."""
        self.page.close()
        self.end_kernel()

    def leave(self):
        """End the kernel, and leave JupyterLab open and empty."""
        if self.app != "notebook":
            self.page.evaluate(
                "for (const opened of [...jupyterapp.shell.widgets('main')]) opened.dispose()"
            )
        for event, listener in self.listeners.items():
            self.page.remove_listener(event, listener)
        self.end_kernel()

    def end_kernel(self):
        for session in self.sessions():
            get(f"{self.server}/api/sessions/{session['id']}", "DELETE")

    def sessions(self):
        sessions = json.loads(get(f"{self.server}/api/sessions"))
        return [session for session in sessions if session["path"] == self.path.name]

    def menu(self, menu, *items):
        self.page.click(f'.lm-MenuBar-itemLabel:text-is("{menu}")')
        for item in items:
            self.page.click(f'.lm-Menu-itemLabel:text-is("{item}")')

    def run_all(self):
        """Run all cells and wait until the last of them is done."""
        self.menu("Edit", "Clear Outputs of All Cells")  # so that no prompt is an old one
        self.wait_for_prompts("prompts.every(prompt => !/\\d/.test(prompt))")
        self.menu("Run", "Run All Cells")
        self.wait_for_prompts(
            "new Set(prompts).size === prompts.length && prompts.every(one => /\\d/.test(one))"
        )
        self.wait_until_idle()

    def wait_for_prompts(self, condition):
        self.wait_for(f"""() => {{
            const prompts = [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].map(one => one.textContent);
            return {condition};
        }}""")

    def wait_for(self, condition):
        """Wait for something in the page; asking in each frame, as playwright does, takes a core."""
        self.page.wait_for_function(condition, polling=50, timeout=60_000)

    def wait_for_file(self, condition):
        """Wait until the text of the notebook's file is as wanted."""

        def is_so():
            text = self.path.read_text(encoding="utf-8")
            return text.rstrip().endswith("}") and condition(text)  # shorter while it is written

        wait_until(is_so)

    def panels(self):
        """The panels, when their players have come into the page."""
        self.wait_for("""() => {
            const [panels, players] = ['.course-panel', '.course-readout'].map(
                part => document.querySelectorAll('.jp-Notebook ' + part).length);
            return panels > 0 && panels === players;
        }""")
        return self.page.locator(".course-panel").all()

    def text(self):
        return self.page.evaluate("document.querySelector('.jp-Notebook').innerText")
