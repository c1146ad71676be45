"""A class in a real JupyterHub on this machine: run this file with the sizes of the class, such as
`run.py 1 10 30`.

The hub, the environment of its learners and the repository that nbgitpuller pulls from are in
`.venv/classroom`. Chromium and npm must be there.  What the README says below 'JupyterHub with
nbgitpuller' is what is done: its commands, its settings and its link are read from it, and the last
commit of this checkout stands for OWNER/REPO.

All learners follow the link at the same moment: they log in, wait for their server and their copy,
open lesson 1 and run all its cells.  When all are through they move sliders, one key press a second
each, for half a minute.

A few learners are Chromium.  It takes much of this machine, where in a class each learner has their
own, so the others are no browsers: they send what a page sends, that is every request that a
Chromium has made before them, the cells, the moves, and what a panel asks its kernel for when the
hand rests.  Their servers and kernels then take the memory and the processor that those of Chromium
take, within a twentieth.  They draw nothing, so only Chromium says how long a picture takes; the
others say how long their kernel takes to answer.

It exits with 1 if anything went wrong for a learner, or if a figure was measured of nobody and is
nan.
"""

import itertools
import json
import math
import os
import queue
import random
import re
import shutil
import socket
import subprocess
import sys
import textwrap
import threading
import time
import uuid
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import numpy as np
import psutil
import requests
import websocket
from jupyter_server.services.kernels.connection.base import deserialize_binary_message
from playwright.sync_api import sync_playwright

sys.path.append(str(Path(__file__).parents[1]))
from helpers import lab
from tools.benchmarks.panels import MOVE, middle

ROOT = Path(__file__).parents[2]
HOME = Path(sys.prefix) / "classroom"
COURSE, REPO = HOME / "course", HOME / "repositories" / "gradient-descent-course"
HUB, PROXY = "jupyterhub==6.1.1", "configurable-http-proxy@5.3.0"
PASSWORD = "for this test alone"
README = (ROOT / "README.md").read_text(encoding="utf-8")
BROWSERS = 3  # learners that are Chromium
MOVES, PAUSE, REST = (
    30,
    1,
    0.15,
)  # key presses; seconds between them, and until a panel asks (states.js)
LIMIT = 10  # seconds after which a picture or an answer is no longer waited for
PATIENCE = 600  # seconds after which a learner gives up
SLIDER = ".course-panel:has(.course-controls > :nth-child(3)) .course-controls > :nth-child({})"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def install():
    """Make the environment, and do the README's first step in it."""

    def run(*command):
        subprocess.run([*map(str, command)], check=True, env=os.environ | {"PIP_QUIET": "2"})

    if not (HOME / "bin").exists():
        run(sys.executable, "-m", "venv", HOME)
    run(HOME / "bin/pip", "install", HUB)
    run("npm", "install", "--silent", "--prefix", HOME, PROXY)
    for folder in (COURSE, REPO):
        shutil.rmtree(folder, ignore_errors=True)
    run("git", "clone", "--quiet", "--bare", ROOT, REPO)
    run("git", "-C", REPO, "update-ref", "refs/heads/main", "HEAD")
    run(
        "bash",
        "-ec",
        replaced(
            in_readme("command: hub"),
            {
                "https://github.com/OWNER/REPO.git": REPO.as_uri(),
                "/opt/gradient-descent-course": str(COURSE),
                "git clone": "git clone --quiet",
                "sudo -E pip": f"{HOME}/bin/pip",
                "sudo ": "",
            },
        ),
    )


def in_readme(mark):
    """The block of code below a mark, without its indent."""
    return textwrap.dedent(
        re.search(rf"<!-- {mark} -->\n *```\w+\n(.*?) *```", README, re.DOTALL)[1]
    )


def replaced(text, replacements):
    for old, new in replacements.items():
        assert old in text, f"{old} is not in {text}"
        text = text.replace(old, new)
    return text


@contextmanager
def hub():
    """Start a hub whose learners have empty homes, and give its process and the link that the class
    is given.
    """
    shutil.rmtree(HOME / "run", ignore_errors=True)
    (HOME / "run").mkdir()
    (HOME / "run/jupyterhub_config.py").write_text(in_readme("settings: hub"))
    with socket.socket() as one, socket.socket() as two, socket.socket() as three:
        for each in (one, two, three):
            each.bind(("127.0.0.1", 0))
        port, inner, proxy = (each.getsockname()[1] for each in (one, two, three))
    address = f"http://127.0.0.1:{port}"
    settings = {
        "JupyterHub.bind_url": address,
        "JupyterHub.hub_port": inner,
        "ConfigurableHTTPProxy.api_url": f"http://127.0.0.1:{proxy}",
        "JupyterHub.authenticator_class": "shared-password",
        "SharedPasswordAuthenticator.user_password": PASSWORD,
        "Authenticator.allow_all": True,
        "JupyterHub.spawner_class": "simple",
        "SimpleLocalProcessSpawner.home_dir_template": f"{HOME}/run/{{username}}",
        "Spawner.args": ["--allow-root"] if os.geteuid() == 0 else [],
    }
    path = os.pathsep.join([f"{HOME}/bin", f"{HOME}/node_modules/.bin", os.environ["PATH"]])
    with open(HOME / "run/log", "w") as log:
        process = subprocess.Popen(
            [f"{HOME}/bin/jupyterhub", *(f"--{name}={value}" for name, value in settings.items())],
            cwd=HOME / "run",
            env=os.environ | {"PATH": path},
            stdout=log,
            stderr=log,
        )
        try:
            for _ in range(300):
                with suppress(OSError):
                    requests.get(f"{address}/hub/api").raise_for_status()
                    break
                time.sleep(0.2)
            else:
                raise RuntimeError((HOME / "run/log").read_text())
            yield (
                psutil.Process(process.pid),
                replaced(
                    re.search(r"https://HUB/\S+", README)[0],
                    {
                        "https%3A%2F%2Fgithub.com%2FOWNER%2FREPO": quote(REPO.as_uri(), safe=""),
                        "https://HUB": address,
                        "%2FREPO%2F": f"%2F{REPO.name}%2F",
                    },
                ),
            )
        finally:
            process.terminate()  # it stops the proxy and all servers
            process.wait()


class Learner:
    """One of the class: what was measured in seconds, and what went wrong."""

    def __init__(self, name, link):
        self.name, self.link, self.random = name, link, random.Random(name)
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

    def __init__(self, name, link):
        super().__init__(name, link)
        self.asked = []

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
        page.wait_for_selector(
            '#jp-main-statusbar:has-text("| Idle")'
        )  # unlike lab.IDLE, not before it connects
        for menu, item in (("Edit", "Clear Outputs of All Cells"), ("Run", "Run All Cells")):
            page.click(f'.lm-MenuBar-itemLabel:text-is("{menu}")')
            page.click(f'.lm-Menu-itemLabel:text-is("{item}")')
        page.wait_for_selector(".course-panel:has(.course-readout) .noUi-handle")
        self.panel = time.monotonic() - start
        page.wait_for_selector(SLIDER.format(1))
        page.wait_for_function(
            "[...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')]"
            ".every(prompt => /\\[\\d+\\]/.test(prompt.textContent))"
        )
        if page.locator('[data-mime-type="application/vnd.jupyter.stderr"]').count():
            self.failures.append("a cell wrote to stderr or raised")

    def listen(self, request):
        if (
            f"/user/{self.name}/" in request.url
            and request.method == "GET"
            and math.isnan(self.panel)
            and (request.resource_type in ("script", "stylesheet", "font", "fetch"))
        ):
            self.asked.append(request.url.split(f"/user/{self.name}/")[1])

    def move(self, control):
        where = SLIDER.format(control + 1)
        index, last = self.page.evaluate(
            """where => ['aria-valuenow', 'aria-valuemax'].map(
            name => Number(document.querySelector(where + ' .noUi-handle').getAttribute(name)))""",
            where,
        )
        key = "ArrowRight" if self.step(index, last) > 0 else "ArrowLeft"
        taken = self.page.evaluate(MOVE, [where, key, LIMIT * 1e3])
        if taken is None:
            self.failures.append(f"no picture within {LIMIT} s")
        self.moves.append(math.inf if taken is None else taken / 1e3)


class Sender(Learner):
    """A learner that is no browser and sends what a page sends; `asked` is what a page asks the
    server for.
    """

    def __init__(self, name, link, asked):
        super().__init__(name, link)
        self.asked, self.session = asked, uuid.uuid4().hex
        self.states, self.heard = {}, queue.Queue()  # of the widgets by id; when which message came

    def open(self, stack, start):
        web = stack.enter_context(requests.Session())

        def get(url, **settings):
            answer = web.get(url, timeout=PATIENCE, **settings)
            answer.raise_for_status()
            return answer

        def follow(url, end, **params):
            """Read a stream of events up to one that holds `end`."""
            for line in get(url, stream=True, params=params).iter_lines(decode_unicode=True):
                if '"failed"' in line or '"error"' in line:
                    raise RuntimeError(line)
                if end in line:
                    return

        login = get(self.link)
        origin = "http://" + urlsplit(login.url).netloc
        xsrf = re.search(r'name="_xsrf" value="([^"]*)"', login.text)[1]
        web.post(
            login.url,
            timeout=PATIENCE,
            data={"username": self.name, "password": PASSWORD, "_xsrf": xsrf},
        ).raise_for_status()
        follow(f"{origin}/hub/api/users/{self.name}/server/progress", '"ready": true', _xsrf=xsrf)
        get(self.link)
        self.server = time.monotonic() - start
        mine = f"/user/{self.name}/"
        cookies = {one.name: one.value for one in web.cookies if mine.startswith(one.path)}
        wanted = {name: values[0] for name, values in parse_qs(urlsplit(self.link).query).items()}
        follow(
            f"{origin}{mine}git-pull/api",
            '"finished"',
            repo=wanted["repo"],
            branch=wanted["branch"],
            targetpath=REPO.name,
            _xsrf=cookies["_xsrf"],
        )
        get(origin + mine + wanted["urlpath"])
        for path in self.asked:
            web.get(origin + mine + path, timeout=PATIENCE)
        path = wanted["urlpath"].removeprefix("lab/tree/")
        notebook = get(f"{origin}{mine}api/contents/{path}").json()["content"]
        kernel = web.post(
            f"{origin}{mine}api/sessions",
            timeout=PATIENCE,
            headers={"X-XSRFToken": cookies["_xsrf"]},
            json={"path": path, "name": path, "type": "notebook", "kernel": {"name": "python3"}},
        ).json()["kernel"]["id"]
        self.socket = websocket.create_connection(
            f"{origin.replace('http', 'ws')}{mine}api/kernels/{kernel}/channels?session_id={self.session}",
            cookie="; ".join(f"{name}={value}" for name, value in cookies.items()),
            origin=origin,
            timeout=PATIENCE,
        )
        stack.callback(self.socket.close)
        threading.Thread(target=self.hear, daemon=True).start()
        cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        for cell in cells:
            self.send(
                "execute_request",
                {
                    "code": cell["source"],
                    "silent": False,
                    "store_history": True,
                    "user_expressions": {},
                    "allow_stdin": True,
                    "stop_on_error": True,
                },
                cellId=cell["id"],
            )
        replies = 0
        while replies < len(cells):
            when, kind, content = self.heard.get(timeout=PATIENCE)
            if kind == "comm_open":
                self.states[content["comm_id"]] = content["data"]["state"]
            elif (
                kind == "execute_result"
                and WIDGET_VIEW in content["data"]
                and math.isnan(self.panel)
            ):
                self.panel = when - start
            elif kind == "execute_reply":
                replies += 1
                if content["status"] != "ok":
                    raise RuntimeError(f"a cell: {content}")
        self.player = next(
            one for one, state in self.states.items() if len(state.get("controls", [])) == 3
        )
        self.known = set(self.states[self.player]["states"])

    def hear(self):
        with suppress(websocket.WebSocketException, OSError):
            while data := self.socket.recv():
                message = (
                    json.loads(data) if isinstance(data, str) else deserialize_binary_message(data)
                )
                self.heard.put(
                    (time.monotonic(), message["header"]["msg_type"], message["content"])
                )

    def send(self, kind, content, **metadata):
        header = {
            "msg_id": uuid.uuid4().hex,
            "msg_type": kind,
            "session": self.session,
            "username": self.name,
        }
        self.socket.send(
            json.dumps(
                {
                    "channel": "shell",
                    "header": header | {"version": "5.3"},
                    "parent_header": {},
                    "metadata": metadata,
                    "content": content,
                    "buffers": [],
                }
            )
        )

    def move(self, control):
        """Move a slider, and ask for what the next move may lead to, as prefetch() of states.js
        does.
        """
        controls = self.states[self.player]["controls"]
        sliders = [self.states[one["model"].removeprefix("IPY_MODEL_")] for one in controls]
        counts = [len(one["stops"]) for one in controls]
        slider = sliders[control]
        slider["index"] += self.step(slider["index"], counts[control] - 1)
        self.send(
            "comm_msg",
            {
                "comm_id": controls[control]["model"].removeprefix("IPY_MODEL_"),
                "data": {
                    "method": "update",
                    "state": {"index": slider["index"]},
                    "buffer_paths": [],
                },
            },
        )
        time.sleep(REST)
        weights = [math.prod(counts[k + 1 :]) for k in range(len(counts))]
        state = sum(one["index"] * weight for one, weight in zip(sliders, weights, strict=True))
        near = [state]
        for one, weight, count in zip(sliders, weights, counts, strict=True):
            near += [state + (index - one["index"]) * weight for index in range(count)]
        if missing := [one for one in near if one not in self.known][:80]:
            start = time.monotonic()
            self.send(
                "comm_msg",
                {
                    "comm_id": self.player,
                    "data": {"method": "custom", "content": {"ask": missing, "view": start}},
                },
            )
            self.moves.append(self.answer(start))

    def answer(self, start):
        with suppress(queue.Empty):
            while True:
                when, kind, content = self.heard.get(
                    timeout=max(0, start + LIMIT - time.monotonic())
                )
                answer = content["data"].get("content", {}) if kind == "comm_msg" else {}
                if answer.get("view") == start:
                    self.known.update(answer["states"])
                    return when - start
        self.failures.append(f"no answer within {LIMIT} s")
        return math.inf


def processes(hub):
    """All processes of the class by kind: the hub with its proxy, the learners' servers, their
    kernels.
    """
    found = {"hub": [hub], "server": [], "kernel": []}
    for process in hub.children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            command = " ".join(process.cmdline())
            kind = (
                "kernel"
                if "ipykernel" in command
                else "server"
                if "singleuser" in command
                else "hub"
            )
            found[kind].append(process)
    return found


def memory(found):
    """Proportional set size in MB, by kind: a page that several processes share is divided among
    them.
    """
    return {
        kind: [process.memory_full_info().pss / 1e6 for process in some]
        for kind, some in found.items()
    }


def processor(hub):
    """Seconds of a core that were used since the machine started: by the class, by this test, by
    all else.
    """

    def seconds(some):
        return sum(sum(one.cpu_times()[:4]) for one in some)

    the_class = seconds(itertools.chain(*processes(hub).values()))
    test = psutil.Process()
    ours = seconds([test, *test.children(recursive=True)])
    total = psutil.cpu_times()
    return np.array(
        [the_class, ours - the_class, sum(total[:8]) - total.idle - total.iowait - ours]
    )


def lesson(size, asked):
    """Let a class take place, print what it took, and give what a page asked the server for and
    whether all is well.
    """
    with hub() as (process, link):
        browsers = [Browser(f"browser{n}", link) for n in range(min(size, BROWSERS))]
        senders = [Sender(f"sender{n}", link, asked) for n in range(size - len(browsers))]
        barrier = threading.Barrier(size + 1)
        threads = [
            threading.Thread(target=one.attend, args=[barrier], daemon=True)
            for one in (*browsers, *senders)
        ]
        for thread in threads:
            thread.start()
        at, spent = [time.monotonic()], [processor(process)]
        for _ in ("they open the lesson", "they move sliders"):
            barrier.wait()
            barrier.wait()
            at.append(time.monotonic())
            spent.append(processor(process))
        used = memory(processes(process))
        barrier.wait()
        for thread in threads:
            thread.join()
    total = sum(map(sum, used.values()))
    opening, moving = np.diff(spent, axis=0)
    figures = [
        f"{size} learners at once, {len(browsers)} of them Chromium",
        f"  memory a learner: server {middle(used['server']):.0f} MB, kernel "
        f"{middle(used['kernel']):.0f} MB "
        f"({len(used['server'])} servers, {len(used['kernel'])} kernels); hub and proxy "
        f"{sum(used['hub']):.0f} MB; "
        f"together {total / 1e3:.2f} GB",
        f"  processor a learner: {opening[0] / size:.1f} s of a core from link to the end of Run "
        f"All, then "
        f"{moving[0] / (at[2] - at[1]) / size:.1%} of a core while sliders move",
    ]
    for title, shares, seconds in (
        ("opening", opening, at[1] - at[0]),
        ("moving", moving, at[2] - at[1]),
    ):
        shares = 100 * shares / seconds / os.cpu_count()
        figures.append(
            f"  {title} took {seconds:.0f} s and of the machine: the class {shares[0]:.0f} %, "
            f"this test and its Chromium {shares[1]:.0f} %, all else {max(0, shares[2]):.0f} %"
        )
    for title, some in {"Chromium": browsers, "the others": senders}.items():
        if some:
            show = "key press to picture" if some is browsers else "kernel's answer"
            figures.append(
                f"  {title}, median and worst: link to server {of(one.server for one in some)}; "
                f"link to first live panel {of(one.panel for one in some)}; "
                f"{show} {of((taken for one in some for taken in one.moves), 1e3)} "
                f"({sum(len(one.moves) for one in some)})"
            )
    failures = [
        f"{one.name}: {failure}" for one in (*browsers, *senders) for failure in one.failures
    ]
    print("", *figures, f"  failures: {'; '.join(failures) or 'none'}", sep="\n", flush=True)
    return browsers[0].asked, is_well(figures, failures)


def is_well(figures, failures):
    """Whether nothing failed, and each figure was measured of somebody."""
    return not failures and not any(re.search(r"\bnan\b", line) for line in figures)


def of(seconds, factor=1):
    taken = [factor * one for one in seconds if not math.isnan(one)]
    return (
        f"{middle(taken):.0f} and {max(taken, default=math.nan):.0f} {'s' if factor == 1 else 'ms'}"
    )


def machine():
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return (
        f"{os.cpu_count()} cores of {model[1] if model else 'unknown'}, "
        f"{psutil.virtual_memory().total / 1e9:.0f} GB of memory"
    )


def main(sizes):
    """Let classes of these sizes take place, and give the status to exit with."""
    install()
    print(f"{machine()}; {HUB}, {PROXY}, Python {sys.version.split()[0]}")
    asked, well = [], True
    for size in (
        sizes if sizes[0] == 1 else [1, *sizes]
    ):  # the first one is Chromium, and records what a page asks for
        requests_of_page, is_this_well = lesson(size, asked)
        asked, well = asked or requests_of_page, well and is_this_well
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main([int(size) for size in sys.argv[1:]] or [1]))
