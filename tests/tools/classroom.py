"""A class in a real JupyterHub on this machine: run this file with sizes of classes, as in
`classroom.py 1 10 30`.  Chromium and npm must be there.

The hub, the environment of its learners and the repository that nbgitpuller pulls from are in
`.venv/classroom`.  Done is what the README says below 'JupyterHub with nbgitpuller': its commands,
settings and link are read from it, and this checkout's last commit stands for OWNER/REPO.

All learners follow the link at the same moment: they log in, wait for their server and their copy,
open lesson 1 and run all its cells.  When all are through they move sliders, one key press a second
each, for half a minute.

A few learners are Chromium.  It takes much of this machine, where in a class each has their own, so
the others send what a page sends: each request that a Chromium has made before them, the cells, the
moves, and what a panel asks its kernel for.  Their servers and kernels take what those of Chromium
take, within a twentieth.  Chromium says how long a picture takes, they how long an answer.

It exits with 1 if anything went wrong for a learner, or if a figure is nan: measured of nobody.
"""

import json
import math
import os
import queue
import random
import re
import shutil
import subprocess
import sys
import textwrap
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import numpy as np
import psutil
import requests
import websocket
from jupyter_client.jsonutil import json_default
from jupyter_client.session import Session
from jupyter_server.services.kernels.connection.base import deserialize_binary_message
from playwright.sync_api import sync_playwright

sys.path.append(str(Path(__file__).parents[1]))
from helpers import lab
from helpers.programs import ROOT, free_ports, serving
from tools.benchmarks.panels import middle, press

HOME = Path(sys.prefix) / "classroom"
COURSE, REPO = HOME / "course", HOME / "repositories" / "gradient-descent-course"
HUB, PROXY = "jupyterhub==6.1.1", "configurable-http-proxy@5.3.0"
PASSWORD = "for this test alone"
README = (ROOT / "README.md").read_text(encoding="utf-8")
BROWSERS = 3  # learners that are Chromium
MOVES, PAUSE = 30, 1  # key presses, and seconds between them
REST = 0.15  # seconds after which a panel asks its kernel (states.js)
LIMIT = 10  # seconds after which a picture or an answer is no longer waited for
PATIENCE = 600  # seconds after which a learner gives up
SLIDER = ".course-panel:has(.course-controls > :nth-child(3)) .course-controls > :nth-child({})"
PLACES = """where => ['aria-valuenow', 'aria-valuemax'].map(
    name => Number(document.querySelector(where + ' .noUi-handle').getAttribute(name)))"""
ALL_RUN = """[...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].every(
    prompt => /\\[\\d+\\]/.test(prompt.textContent))"""
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def install():
    """Make the environment, and do the README's first step in it."""

    def run(*command):
        subprocess.run(command, check=True, env=os.environ | {"PIP_QUIET": "2"})

    if not (HOME / "bin").exists():
        run(sys.executable, "-m", "venv", HOME)
    run(HOME / "bin/pip", "install", HUB)
    run("npm", "install", "--silent", "--prefix", HOME, PROXY)
    for folder in (COURSE, REPO):
        shutil.rmtree(folder, ignore_errors=True)
    run("git", "clone", "--quiet", "--bare", ROOT, REPO)
    run("git", "-C", REPO, "update-ref", "refs/heads/main", "HEAD")
    here = {
        "https://github.com/OWNER/REPO.git": REPO.as_uri(),
        "/opt/gradient-descent-course": str(COURSE),
        "git clone": "git clone --quiet",
        "sudo -E pip": f"{HOME}/bin/pip",
        "sudo ": "",
    }
    run("bash", "-ec", replaced(in_readme("command: hub"), here))


def in_readme(mark):
    """The block of code below a mark, without its indent."""
    below = re.search(rf"<!-- {mark} -->\n *```\w+\n(.*?) *```", README, re.DOTALL)
    return textwrap.dedent(below[1])


def replaced(text, replacements):
    for old, new in replacements.items():
        assert old in text, f"{old} is not in {text}"
        text = text.replace(old, new)
    return text


@contextmanager
def hub():
    """Start a hub whose learners have empty homes; give its process and the link for the class."""
    folder = HOME / "run"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "jupyterhub_config.py").write_text(in_readme("settings: hub"))
    address, inner, proxy = (f"http://127.0.0.1:{port}" for port in free_ports(3))
    settings = {
        "JupyterHub.bind_url": address,
        "JupyterHub.hub_port": urlsplit(inner).port,
        "ConfigurableHTTPProxy.api_url": proxy,
        "JupyterHub.authenticator_class": "shared-password",
        "SharedPasswordAuthenticator.user_password": PASSWORD,
        "Authenticator.allow_all": True,
        "JupyterHub.spawner_class": "simple",
        "SimpleLocalProcessSpawner.home_dir_template": f"{folder}/{{username}}",
        "Spawner.args": ["--allow-root"] if os.geteuid() == 0 else [],
    }
    command = [f"{HOME}/bin/jupyterhub", *(f"--{name}={one}" for name, one in settings.items())]
    path = os.pathsep.join([f"{HOME}/bin", f"{HOME}/node_modules/.bin", os.environ["PATH"]])
    here = {
        "https%3A%2F%2Fgithub.com%2FOWNER%2FREPO": quote(REPO.as_uri(), safe=""),
        "https://HUB": address,
        "%2FREPO%2F": f"%2F{REPO.name}%2F",
    }
    link = replaced(re.search(r"https://HUB/\S+", README)[0], here)
    # At its end it stops the proxy and all servers.
    with serving(command, folder, os.environ | {"PATH": path}, f"{address}/hub/api") as (server, _):
        yield psutil.Process(server.pid), link


class Learner:
    """One of the class: what was measured in seconds, and what went wrong."""

    def __init__(self, name, link, asked=()):
        self.name, self.link, self.random = name, link, random.Random(name)
        self.asked = [*asked]
        self.server = self.panel = math.nan
        self.moves, self.failures = [], []

    def attend(self, barrier):
        """Open the lesson and run it, then move sliders; before and after each wait for the others."""
        here = True
        with ExitStack() as stack:
            for part in (lambda: self.open(stack, time.monotonic()), self.play):
                barrier.wait()
                try:
                    if here:
                        part()
                except Exception as error:
                    here = False
                    self.failures.append(f"{type(error).__name__}: {error}".splitlines()[0])
                barrier.wait()
            barrier.wait()

    def play(self):
        time.sleep(PAUSE * self.random.random())  # not all at once
        for n in range(MOVES):
            end = time.monotonic() + PAUSE
            self.move(n % 2)
            time.sleep(max(0, end - time.monotonic()))

    def step(self, index, last):
        """One stop to the left or to the right."""
        return 1 if index == 0 else -1 if index == last else self.random.choice((-1, 1))


class Browser(Learner):
    """A learner that is Chromium; `asked` is what its page has asked the learner's server for."""

    def open(self, stack, start):
        playwright = stack.enter_context(sync_playwright())
        chromium = playwright.chromium.launch(executable_path=lab.chromium_path(), args=lab.FLAGS)
        stack.callback(chromium.close)
        self.page = page = chromium.new_page(viewport={"width": 1280, "height": 1600})
        page.set_default_timeout(PATIENCE * 1e3)
        page.on("request", self.listen)
        page.goto(self.link)
        page.fill("[name=username]", self.name)
        page.fill("[name=password]", PASSWORD)
        page.click("[type=submit]")
        page.wait_for_url("**/git-pull?**")
        self.server = time.monotonic() - start
        page.wait_for_selector(".jp-Notebook .jp-CodeCell")
        # Unlike lab.IDLE it is not there before the page connects.
        page.wait_for_selector('#jp-main-statusbar:has-text("| Idle")')
        for menu, item in (("Edit", "Clear Outputs of All Cells"), ("Run", "Run All Cells")):
            page.click(f'.lm-MenuBar-itemLabel:text-is("{menu}")')
            page.click(f'.lm-Menu-itemLabel:text-is("{item}")')
        page.wait_for_selector(".course-panel:has(.course-readout) .noUi-handle")
        self.panel = time.monotonic() - start
        page.wait_for_selector(SLIDER.format(1))
        page.wait_for_function(ALL_RUN)
        if page.locator('[data-mime-type="application/vnd.jupyter.stderr"]').count():
            self.failures.append("a cell wrote to stderr or raised")

    def listen(self, request):
        _, is_mine, path = request.url.partition(f"/user/{self.name}/")
        is_file = request.resource_type in ("script", "stylesheet", "font", "fetch")
        if is_mine and is_file and request.method == "GET" and math.isnan(self.panel):
            self.asked.append(path)

    def move(self, control):
        where = SLIDER.format(control + 1)
        step = self.step(*self.page.evaluate(PLACES, where))
        taken = press(self.page, where, "ArrowRight" if step > 0 else "ArrowLeft", LIMIT)
        if taken == math.inf:
            self.failures.append(f"no picture within {LIMIT} s")
        self.moves.append(taken / 1e3)


class Sender(Learner):
    """A learner that is no browser and sends what a page sends, such as what it has `asked` for."""

    def __init__(self, name, link, asked):
        super().__init__(name, link, asked)
        self.session = Session(username=name)
        self.states, self.heard = {}, queue.Queue()  # of the widgets by id; when which message came

    def open(self, stack, start):
        web = stack.enter_context(requests.Session())

        def ask(url, method="GET", **settings):
            answer = web.request(method, url, timeout=PATIENCE, **settings)
            answer.raise_for_status()
            return answer

        def follow(url, end, **params):
            """Read a stream of events up to one that holds `end`."""
            for line in ask(url, stream=True, params=params).iter_lines(decode_unicode=True):
                if '"failed"' in line or '"error"' in line:
                    raise RuntimeError(line)
                if end in line:
                    return

        login = ask(self.link)
        origin = "http://" + urlsplit(login.url).netloc
        xsrf = re.search(r'name="_xsrf" value="([^"]*)"', login.text)[1]
        ask(login.url, "POST", data={"username": self.name, "password": PASSWORD, "_xsrf": xsrf})
        follow(f"{origin}/hub/api/users/{self.name}/server/progress", '"ready": true', _xsrf=xsrf)
        ask(self.link)
        self.server = time.monotonic() - start
        mine = f"{origin}/user/{self.name}/"
        sent = [one for one in web.cookies if urlsplit(mine).path.startswith(one.path)]
        cookies = {one.name: one.value for one in sent}
        wanted = {name: values[0] for name, values in parse_qs(urlsplit(self.link).query).items()}
        pulled = {"repo": wanted["repo"], "branch": wanted["branch"], "targetpath": REPO.name}
        follow(f"{mine}git-pull/api", '"finished"', _xsrf=cookies["_xsrf"], **pulled)
        ask(mine + wanted["urlpath"])
        for path in self.asked:
            web.get(mine + path, timeout=PATIENCE)
        path = wanted["urlpath"].removeprefix("lab/tree/")
        notebook = ask(f"{mine}api/contents/{path}").json()["content"]
        opened = {"path": path, "name": path, "type": "notebook", "kernel": {"name": "python3"}}
        token = {"X-XSRFToken": cookies["_xsrf"]}
        session = ask(f"{mine}api/sessions", "POST", headers=token, json=opened).json()
        kernel, own = session["kernel"]["id"], self.session.session
        self.socket = websocket.create_connection(
            f"{mine.replace('http', 'ws', 1)}api/kernels/{kernel}/channels?session_id={own}",
            cookie="; ".join(f"{name}={value}" for name, value in cookies.items()),
            origin=origin,
            timeout=PATIENCE,
        )
        stack.callback(self.socket.close)
        threading.Thread(target=self.hear, daemon=True).start()
        self.run_all([cell for cell in notebook["cells"] if cell["cell_type"] == "code"], start)

    def run_all(self, cells, start):
        for cell in cells:
            content = {"code": cell["source"], "silent": False, "allow_stdin": True}
            self.send("execute_request", content, cellId=cell["id"])
        replies = 0
        while replies < len(cells):
            when, kind, content = self.heard.get(timeout=PATIENCE)
            if kind == "comm_open":
                self.states[content["comm_id"]] = content["data"]["state"]
            elif kind == "execute_result" and WIDGET_VIEW in content["data"]:
                self.panel = when - start if math.isnan(self.panel) else self.panel
            elif kind == "execute_reply":
                replies += 1
                if content["status"] != "ok":
                    raise RuntimeError(f"a cell: {content}")
        with_controls = [one for one, state in self.states.items() if "controls" in state]
        self.player = next(one for one in with_controls if len(self.states[one]["controls"]) == 3)
        self.known = set(self.states[self.player]["states"])

    def hear(self):
        with suppress(websocket.WebSocketException, OSError):
            while data := self.socket.recv():
                read = json.loads if isinstance(data, str) else deserialize_binary_message
                message = read(data)
                kind, content = message["header"]["msg_type"], message["content"]
                self.heard.put((time.monotonic(), kind, content))

    def send(self, kind, content, **metadata):
        message = self.session.msg(kind, content, metadata=metadata)
        message |= {"channel": "shell", "buffers": []}
        self.socket.send(json.dumps(message, default=json_default))

    def send_to(self, widget, data):
        self.send("comm_msg", {"comm_id": widget, "data": data})

    def move(self, control):
        """Move a slider, and ask for what the next may lead to, as prefetch() of states.js does."""
        controls = self.states[self.player]["controls"]
        ids = [one["model"].removeprefix("IPY_MODEL_") for one in controls]
        sliders, counts = [self.states[one] for one in ids], [len(one["stops"]) for one in controls]
        slider = sliders[control]
        slider["index"] += self.step(slider["index"], counts[control] - 1)
        moved = {"index": slider["index"]}
        self.send_to(ids[control], {"method": "update", "state": moved, "buffer_paths": []})
        time.sleep(REST)
        weights = [math.prod(counts[k + 1 :]) for k in range(len(counts))]
        state = sum(one["index"] * weight for one, weight in zip(sliders, weights, strict=True))
        near = [state]
        for one, weight, count in zip(sliders, weights, counts, strict=True):
            near += [state + (index - one["index"]) * weight for index in range(count)]
        if missing := [one for one in near if one not in self.known][:80]:
            start = time.monotonic()
            question = {"ask": missing, "view": start}
            self.send_to(self.player, {"method": "custom", "content": question})
            self.moves.append(self.answer(start))

    def answer(self, start):
        with suppress(queue.Empty):
            while True:
                left = max(0, start + LIMIT - time.monotonic())
                when, kind, content = self.heard.get(timeout=left)
                answer = content["data"].get("content", {}) if kind == "comm_msg" else {}
                if answer.get("view") == start:
                    self.known.update(answer["states"])
                    return when - start
        self.failures.append(f"no answer within {LIMIT} s")
        return math.inf


def processes(hub):
    """All processes of the class by kind: the hub with its proxy, the servers, their kernels."""
    found = {"hub": [hub], "server": [], "kernel": []}
    marks = {"ipykernel": "kernel", "singleuser": "server", "": "hub"}
    for process in hub.children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            command = " ".join(process.cmdline())
            found[next(kind for mark, kind in marks.items() if mark in command)].append(process)
    return found


def processor(hub):
    """Seconds of a core since the machine started: of the class, of this test, of all else."""

    def seconds(some):
        return sum(sum(one.cpu_times()[:4]) for one in some)

    test, the_class = psutil.Process(), sum(map(seconds, processes(hub).values()))
    ours = seconds([test, *test.children(recursive=True)])
    total = psutil.cpu_times()
    used = sum(total[:8]) - total.idle - total.iowait
    return np.array([the_class, ours - the_class, used - ours])


def lesson(size, asked):
    """Let a class take place and print what it took; give what a page asked for, and if all is well."""
    with hub() as (process, link):
        browsers = [Browser(f"browser{n}", link) for n in range(min(size, BROWSERS))]
        senders = [Sender(f"sender{n}", link, asked) for n in range(size - len(browsers))]
        learners, barrier = browsers + senders, threading.Barrier(size + 1)
        arguments = {"args": [barrier], "daemon": True}
        threads = [threading.Thread(target=one.attend, **arguments) for one in learners]
        for thread in threads:
            thread.start()
        at, spent = [time.monotonic()], [processor(process)]
        for _ in ("they open the lesson", "they move sliders"):
            barrier.wait()
            barrier.wait()
            at.append(time.monotonic())
            spent.append(processor(process))
        # Megabytes; a page of memory that several processes share is divided among them.
        used = {
            kind: [one.memory_full_info().pss / 1e6 for one in some]
            for kind, some in processes(process).items()
        }
        barrier.wait()
        for thread in threads:
            thread.join()
    lasted, taken = np.diff(at), np.diff(spent, axis=0)
    to_open, to_move = taken[:, 0] / size
    figures = [
        f"{size} learners at once, {len(browsers)} of them Chromium",
        f"  memory a learner: server {middle(used['server']):.0f} MB, kernel "
        f"{middle(used['kernel']):.0f} MB "
        f"({len(used['server'])} servers, {len(used['kernel'])} kernels); hub and proxy "
        f"{sum(used['hub']):.0f} MB; together {sum(map(sum, used.values())) / 1e3:.2f} GB",
        f"  processor a learner: {to_open:.1f} s of a core from link to the end of Run All, then "
        f"{to_move / lasted[1]:.1%} of a core while sliders move",
    ]
    for title, seconds, used_seconds in zip(("opening", "moving"), lasted, taken, strict=True):
        the_class, ours, others = 100 * used_seconds / seconds / os.cpu_count()
        figures.append(
            f"  {title} took {seconds:.0f} s and of the machine: the class {the_class:.0f} %, "
            f"this test and its Chromium {ours:.0f} %, all else {max(0, others):.0f} %"
        )
    kinds = [("Chromium", browsers, "key press to picture")]
    kinds += [("the others", senders, "kernel's answer")]
    for title, some, show in kinds:
        if some:
            moves = [taken for one in some for taken in one.moves]
            figures.append(
                f"  {title}, median and worst: link to server {of(one.server for one in some)}; "
                f"link to first live panel {of(one.panel for one in some)}; "
                f"{show} {of(moves, 1e3)} ({len(moves)})"
            )
    failures = [f"{one.name}: {failure}" for one in learners for failure in one.failures]
    print("", *figures, f"  failures: {'; '.join(failures) or 'none'}", sep="\n", flush=True)
    return browsers[0].asked, is_well(figures, failures)


def is_well(figures, failures):
    """Whether nothing failed, and each figure was measured of somebody."""
    return not failures and not any(re.search(r"\bnan\b", line) for line in figures)


def of(seconds, factor=1):
    taken = [factor * one for one in seconds if not math.isnan(one)]
    unit = "s" if factor == 1 else "ms"
    return f"{middle(taken):.0f} and {max(taken, default=math.nan):.0f} {unit}"


def machine():
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = f"{psutil.virtual_memory().total / 1e9:.0f} GB of memory"
    return f"{os.cpu_count()} cores of {model[1] if model else 'unknown'}, {memory}"


def main(sizes):
    """Let classes of these sizes take place, and give the status to exit with."""
    install()
    print(f"{machine()}; {HUB}, {PROXY}, Python {sys.version.split()[0]}")
    asked, well = [], True
    # The first one is Chromium, and records what a page asks for.
    for size in sizes if sizes[0] == 1 else [1, *sizes]:
        requests_of_page, is_this_well = lesson(size, asked)
        asked, well = asked or requests_of_page, well and is_this_well
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main([int(size) for size in sys.argv[1:]] or [1]))
