"""What the course asks of the Jupyter server; jupyter_server.json, installed with the course, has it loaded."""

from course_lib.storing import without_views


def prompt(connection):
    """Return a subclass of `connection`, which brings a kernel's messages to the page, that sends each of them at once.

    A move of a slider is answered by four small messages.  Left to itself, TCP holds a small one back until the page's
    computer has acknowledged the one before, and that computer waits with it, for up to 40 ms: Nagle's algorithm and
    delayed acknowledgements.  While a key is held down, a panel then follows at half its speed.

    Source: tornado's documentation, WebSocketHandler.set_nodelay, which Jupyter's server does not call.
    """
    class Prompt(connection):
        def connect(self):
            self.websocket_handler.set_nodelay(True)
            return super().connect()

    return Prompt


def _jupyter_server_extension_points():
    return [{"module": "course_lib.server"}]


def _load_jupyter_server_extension(server):
    settings = server.web_app.settings
    settings["kernel_websocket_connection_class"] = prompt(settings["kernel_websocket_connection_class"])
    server.contents_manager.register_pre_save_hook(_before_saving)


def _before_saving(path, model, **_):
    if model["type"] == "notebook":
        without_views(model["content"])
