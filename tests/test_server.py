"""What the course asks of the Jupyter server, with a real socket in between."""

import json
import socket
from importlib.metadata import distribution
from types import SimpleNamespace

import nbformat
import pytest
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application
from tornado.websocket import WebSocketHandler, websocket_connect

import elsewhere
from course_lib import server, storing


class Connection:
    """As jupyter_server's: made by a handler when a page connects, and connected once its websocket is open."""

    def __init__(self, websocket_handler):
        self.websocket_handler = websocket_handler

    async def connect(self):
        stream = self.websocket_handler.ws_connection.stream
        await self.websocket_handler.write_message(str(
            bool(stream.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))))


class Kernel(WebSocketHandler):
    async def open(self):
        await self.settings["kernel_websocket_connection_class"](self).connect()


async def told(connection):
    """What a page is told by a server that uses `connection`."""
    listening, port = bind_unused_port()
    http = HTTPServer(Application([("/", Kernel)], kernel_websocket_connection_class=connection))
    http.add_sockets([listening])
    page = await websocket_connect(f"ws://127.0.0.1:{port}/")
    try:
        return await page.read_message()
    finally:
        page.close()
        http.stop()
        await http.close_all_connections()


@pytest.mark.parametrize(("connection", "nodelay"), [(Connection, "False"), (server.prompt(Connection), "True")])
def test_messages_are_sent_at_once(connection, nodelay):
    """Without it they are not: should tornado do so by itself one day, `prompt` can go."""
    assert elsewhere.run(told(connection)) == nodelay


def test_the_server_s_own_connection_is_taken_and_every_save_is_looked_at():
    hooks = []
    fake = SimpleNamespace(web_app=SimpleNamespace(settings={"kernel_websocket_connection_class": Connection}),
                           contents_manager=SimpleNamespace(register_pre_save_hook=hooks.append))
    server._load_jupyter_server_extension(fake)
    assert issubclass(fake.web_app.settings["kernel_websocket_connection_class"], Connection)
    output = nbformat.v4.new_output("display_data", {storing.QUESTION: {}, storing.VIEW: {}, "text/plain": "?"})
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(outputs=[output])])
    for kind, left in {"file": 3, "directory": 3, "notebook": 2}.items():
        hooks[0]("path", {"type": kind, "content": notebook}, contents_manager=None)
        assert len(output.data) == left


def test_the_server_is_told_to_load_it():
    files = distribution("gradient-descent-course").files
    settings = json.loads(next(path for path in files if path.match("*/jupyter_server_*/*")).read_text())
    name, = settings["ServerApp"]["jpserver_extensions"]
    assert name == server._jupyter_server_extension_points()[0]["module"] == server.__name__
