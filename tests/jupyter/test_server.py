"""What the course asks of the Jupyter server."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import distribution
from types import SimpleNamespace

import nbformat
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

from course_lib.jupyter import server
from course_lib.jupyter.outputs import QUESTION, WIDGET_VIEW


def load(kernels=None):
    """Load the extension as a server with these kernels does, and give the hooks that it adds."""
    hooks = []
    contents = SimpleNamespace(register_pre_save_hook=hooks.append)
    fake = SimpleNamespace(contents_manager=contents, kernel_manager=kernels)
    server._load_jupyter_server_extension(fake)  # the name that jupyter_server calls
    return hooks


def test_every_save_of_a_notebook_is_looked_at():
    (hook,) = load()
    data = {QUESTION: {}, WIDGET_VIEW: {}, "text/plain": "?"}
    output = nbformat.v4.new_output("display_data", data)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(outputs=[output])])
    for kind, left in {"file": 3, "directory": 3, "notebook": 2}.items():
        hook("path", {"type": kind, "content": notebook}, contents_manager=None)
        assert len(output.data) == left, kind


def test_a_kernel_starts_twice_and_warns_of_nobody(tmp_path, monkeypatch, capfd):
    """Without the extension it warns of eavesdropping."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    kernels = AsyncMappingKernelManager(root_dir=str(tmp_path), connection_dir=str(tmp_path))
    load(kernels)

    async def start_twice():
        kernel = kernels.get_kernel(await kernels.start_kernel(kernel_name="python3"))
        for again in False, True:
            if again:
                await kernel.restart_kernel(now=True)
            client = kernel.client()
            client.start_channels()
            await client.wait_for_ready(timeout=60)
            client.stop_channels()
        await kernels.shutdown_all(now=True)

    with ThreadPoolExecutor() as pool:  # in this thread the browser tests may have a loop that runs
        pool.submit(lambda: asyncio.run(start_twice())).result()
    assert "eavesdropping" not in capfd.readouterr().err


def test_who_asks_for_encryption_or_has_an_older_server_keeps_it():
    for settings in {"transport_encryption": "required"}, {}:
        kernels = SimpleNamespace(**settings)
        load(kernels)
        assert vars(kernels) == settings


def test_the_server_is_told_to_load_it():
    files = distribution("gradient-descent-course").files
    (path,) = (path for path in files if path.match("*/jupyter_server_*/*"))
    (name,) = json.loads(path.read_text())["ServerApp"]["jpserver_extensions"]
    assert name == server._jupyter_server_extension_points()[0]["module"] == server.__name__
