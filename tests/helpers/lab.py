"""A real headless Chromium, a real Jupyter server, and a notebook that is open in both."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect, sync_playwright

from course_lib import refresh

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]  # nothing here needs a network

# Open a notebook in the JupyterLab that a page shows, if it shows one.
OPEN = """async path => {
    await window.jupyterapp?.commands.execute("docmanager:open", { path });
    return Boolean(window.jupyterapp);
}"""
# Remember what the last key was pressed on.
LISTEN = "window.addEventListener('keydown', event => { window.heard = event.target; }, true)"
IDLE = ".jp-Notebook-ExecutionIndicator[data-status=idle]"
# Where a notebook is opened: in JupyterLab, in its mode for one document alone, and in Jupyter
# Notebook 7.
APPS = {
    "lab": "lab/workspaces/{workspace}/tree/{name}?reset&",
    "doc": "doc/workspaces/{workspace}/tree/{name}?reset&",
    "notebook": "notebooks/{name}?",
}
# Notebook 7.6 says it of an empty notebook too
ITS_OWN = "Cannot read properties of undefined (reading 'schema')"
LONG = "LONG" in os.environ  # what the weekly run has more time for

expect.set_options(
    timeout=20_000
)  # as long as a page waits for anything else; the computer may be busy


def chromium_path():
    return next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )


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


@contextmanager
def serve(home, port=None):
    """Run a server on copies of the lessons, with settings of its own, and give its folder and
    address.
    """
    shutil.copytree(
        refresh.LESSONS, home / "notebooks", ignore=shutil.ignore_patterns(".*"), dirs_exist_ok=True
    )
    if not port:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")
    }
    environment |= {
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
    }
    with open(home / "log", "w") as log:
        server = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "jupyterlab",
                "--allow-root",
                "--no-browser",
                f"--port={port}",
                "--IdentityProvider.token=t",
                "--LabApp.news_url=None",
                "--LabApp.expose_app_in_browser=True",
                "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
            ],
            cwd=home / "notebooks",
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            for _ in range(300):
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/api?token=t").close()
                    break
                except OSError:
                    time.sleep(0.2)
            else:
                pytest.fail((home / "log").read_text())
            yield home / "notebooks", f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()


def press_key(handle, key):
    """Press a key on a slider or switch, again if JupyterLab has taken the focus away in between."""
    for _ in range(100):
        handle.press(key)
        if handle.evaluate("handle => [window.heard === handle, window.heard = null][0]"):
            return
        if (gone := handle.page.locator(".jp-Dialog", has_text="Server Connection Error")).count():
            gone.locator(".jp-Dialog-button").last.click()
    raise AssertionError(f"{handle} does not hear {key}")


class Notebook:
    """A notebook open in one of the APPS, on a page that may show JupyterLab already."""

    def __init__(self, page, folder, address, name, app="lab", workspace=None):
        self.page, self.path, self.server = page, folder / name, address
        self.errors = []
        page.set_default_timeout(20_000)
        page.add_init_script(LISTEN)
        self.address = f"{address}/{APPS[app]}token=t".format(
            name=name, workspace=workspace or self.path.stem
        )
        self.listeners = {
            "console": lambda message: message.type == "error" and self.errors.append(message.text),
            "pageerror": lambda error: str(error) == ITS_OWN or self.errors.append(str(error)),
        }
        for event, listener in self.listeners.items():
            page.on(event, listener)
        if page.evaluate(OPEN, name):
            self.wait_until_idle()
        else:
            self.open()

    def open(self):
        self.page.goto(self.address)
        self.wait_until_idle()

    def wait_until_idle(self):
        """Wait until cells and a kernel are there, it is at rest, and the page knows."""
        self.page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=60_000)
        for _ in range(600):
            if any(session["kernel"]["execution_state"] == "idle" for session in self.sessions()):
                break
            time.sleep(0.1)
        self.page.wait_for_selector(IDLE, state="attached", timeout=60_000)

    def close(self):
        """Close the page, and end its kernel, so that whoever opens the notebook next gets a new
        one.
        """
        self.page.close()
        self.end_kernel()

    def leave(self):
        """End the kernel, and leave JupyterLab open and empty."""
        self.page.evaluate(
            "for (const opened of [...jupyterapp.shell.widgets('main')]) opened.dispose()"
        )
        for event, listener in self.listeners.items():
            self.page.remove_listener(event, listener)
        self.end_kernel()

    def end_kernel(self):
        for session in self.sessions():
            self.ask(f"sessions/{session['id']}", "DELETE")

    def sessions(self):
        return [session for session in self.ask("sessions") if session["path"] == self.path.name]

    def ask(self, what, method="GET"):
        """Ask the server's API."""
        request = urllib.request.Request(
            f"{self.server}/api/{what}", method=method, headers={"Authorization": "token t"}
        )
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read() or "null")

    def menu(self, menu, item):
        self.page.click(f'.lm-MenuBar-itemLabel:text-is("{menu}")')
        self.page.click(f'.lm-Menu-itemLabel:text-is("{item}")')

    def run_all(self):
        """Run all cells and wait until the last of them is done."""
        self.menu("Edit", "Clear Outputs of All Cells")
        self.wait_for_prompts(
            "prompts.every(prompt => !/\\d/.test(prompt))"
        )  # so that none is an old one
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
        """Wait for something in the page; asking in each frame, as playwright does by itself, takes
        a whole core.
        """
        self.page.wait_for_function(condition, polling=50, timeout=60_000)

    def wait_for_file(self, condition):
        """Wait until the text of the notebook's file is as wanted."""
        for _ in range(100):
            text = self.path.read_text(encoding="utf-8")
            if text.rstrip().endswith("}") and condition(text):  # it is shorter while it is written
                return
            time.sleep(0.1)
        raise AssertionError(f"{self.path} did not become as wanted")

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
