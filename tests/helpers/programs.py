"""Programs beside the course: an environment of their own, and a server that is waited for."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).parents[2]


def python_of(name, *requirements):
    """The Python of the environment `.venv/NAME`, which is made unless it holds these packages."""
    home = Path(sys.prefix) / name
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    asked, done, wanted = home / "asked", home / "installed", "\n".join(requirements)
    if not (done.exists() and done.read_text() == wanted):
        subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True)
        asked.write_text(wanted)
        install = [python, "-m", "pip", "install", "--quiet", "-r", asked]
        subprocess.run(install, cwd=ROOT, check=True)
        asked.rename(done)
    return python


def free_ports(count):
    with ExitStack() as stack:
        made = (socket.create_server(("127.0.0.1", 0)) for _ in range(count))
        return [stack.enter_context(one).getsockname()[1] for one in made]


def at_home(home):
    """The environment without any setting, kernel or cache of whoever runs the tests."""
    others = ("JUPYTER", "PYTEST")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(others)}
    folders = {f"JUPYTER_{kind}_DIR": str(home / kind) for kind in ("CONFIG", "DATA", "RUNTIME")}
    # Without JUPYTER_PREFER_ENV_PATH kernels of /usr/local come first.
    return kept | folders | {"HOME": str(home), "JUPYTER_PREFER_ENV_PATH": "1"}


@contextmanager
def serving(command, folder, environment, address):
    """Run a server in a folder, from when `address` answers; give its process and its log."""
    log, end = folder.with_name("log"), time.monotonic() + 60
    with open(log, "w") as file:
        server = subprocess.Popen(command, cwd=folder, env=environment, stdout=file, stderr=file)

    def answers():
        with suppress(OSError), urllib.request.urlopen(address):
            return True

    try:
        while not answers():
            if server.poll() is not None or time.monotonic() > end:
                raise RuntimeError(log.read_text())
            time.sleep(0.2)
        yield server, log
    finally:
        for stop in (server.terminate, server.kill):  # a Jupyter server may hang at its end
            stop()
            with suppress(subprocess.TimeoutExpired):
                server.wait(30)
