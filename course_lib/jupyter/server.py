"""The server extension that keeps widget views out of saved lessons; see server.json.

It also makes kernels encrypt what they send, if they can.  Otherwise each kernel warns of
eavesdropping when it starts.
"""

from typing import Any

from course_lib.jupyter.outputs import remove_widget_views


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "course_lib.jupyter.server"}]


def _load_jupyter_server_extension(server: Any) -> None:
    server.contents_manager.register_pre_save_hook(_before_saving)
    manager = server.kernel_manager
    if getattr(manager, "transport_encryption", None) == "disabled":  # older servers lack it
        manager.transport_encryption = "auto"


def _before_saving(path: str, model: dict[str, Any], **_: Any) -> None:
    if model["type"] == "notebook":
        remove_widget_views(model["content"])
