"""What the course asks of the Jupyter server."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import distribution
from types import SimpleNamespace
from unittest.mock import Mock

import nbformat
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

from course_lib.jupyter import server
from course_lib.jupyter.outputs import QUESTION, WIDGET_VIEW


def test_every_save_of_a_notebook_is_looked_at():
    hooks = []
    fake = SimpleNamespace(
        contents_manager=SimpleNamespace(register_pre_save_hook=hooks.append), kernel_manager=None
    )
    server._load_jupyter_server_extension(fake)
    output = nbformat.v4.new_output(
        "display_data", {QUESTION: {}, WIDGET_VIEW: {}, "text/plain": "?"}
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(outputs=[output])])
    for kind, left in {"file": 3, "directory": 3, "notebook": 2}.items():
        hooks[0]("path", {"type": kind, "content": notebook}, contents_manager=None)
        assert len(output.data) == left


def test_a_kernel_starts_and_starts_again_without_a_warning_of_eavesdropping(
    tmp_path, monkeypatch, capfd
):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    kernels = AsyncMappingKernelManager(root_dir=str(tmp_path), connection_dir=str(tmp_path))
    server._load_jupyter_server_extension(
        SimpleNamespace(contents_manager=Mock(), kernel_manager=kernels)
    )

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
        server._load_jupyter_server_extension(
            SimpleNamespace(contents_manager=Mock(), kernel_manager=kernels)
        )
        assert vars(kernels) == settings


def test_the_server_is_told_to_load_it():
    files = distribution("gradient-descent-course").files
    settings = json.loads(
        next(path for path in files if path.match("*/jupyter_server_*/*")).read_text()
    )
    (name,) = settings["ServerApp"]["jpserver_extensions"]
    assert name == server._jupyter_server_extension_points()[0]["module"] == server.__name__
