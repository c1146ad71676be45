"""What the course asks of the Jupyter server."""

import json
from importlib.metadata import distribution
from types import SimpleNamespace

import nbformat

from course_lib.jupyter import server
from course_lib.jupyter.outputs import QUESTION, WIDGET_VIEW


def test_every_save_of_a_notebook_is_looked_at():
    hooks = []
    fake = SimpleNamespace(contents_manager=SimpleNamespace(register_pre_save_hook=hooks.append))
    server._load_jupyter_server_extension(fake)
    output = nbformat.v4.new_output("display_data", {QUESTION: {}, WIDGET_VIEW: {}, "text/plain": "?"})
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(outputs=[output])])
    for kind, left in {"file": 3, "directory": 3, "notebook": 2}.items():
        hooks[0]("path", {"type": kind, "content": notebook}, contents_manager=None)
        assert len(output.data) == left


def test_the_server_is_told_to_load_it():
    files = distribution("gradient-descent-course").files
    settings = json.loads(next(path for path in files if path.match("*/jupyter_server_*/*")).read_text())
    name, = settings["ServerApp"]["jpserver_extensions"]
    assert name == server._jupyter_server_extension_points()[0]["module"] == server.__name__
