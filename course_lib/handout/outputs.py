"""Chooses which representation of an output a page shows."""

import re

from markupsafe import escape
from nbformat import NotebookNode

from course_lib.handout.fragment import parse
from course_lib.handout.page import Page
from course_lib.handout.pictures import with_namespaces
from course_lib.jupyter.outputs import PANEL, QUESTION
from course_lib.validation import as_text

PICTURES = ("image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp")
TEXTS = ("text/html", "text/markdown", "text/latex")
SHOWN = (PANEL, QUESTION, *TEXTS, *PICTURES, "text/plain")  # the first there is, as in JupyterLab
# A text that only names an object, whose picture or HTML is missing or cannot be shown.
_SAYS_NOTHING = re.compile(
    r"<(IPython\.(core|lib)\.display\.\w+( object)?( at 0x\w+)?|Figure size .* Axes)>"
)


def keep_still(page: Page, output: NotebookNode, cell: NotebookNode) -> None:
    """Reduce a panel, in place, to its stored picture and a sentence on how to make it live."""
    data = output.data
    panel = data.pop(PANEL)
    name = as_text(panel.get("function") or panel["figure"], str)
    page.warn(cell, f"the panel of {name} has no controls here: it needs explore(…, embed=True)")
    data["text/html"] = (
        '<p class="left-out">In the notebook this picture has controls. To have them here too, write '
        "<code>explore(…, embed=True)</code> in its cell.</p>"
    ) + str(data.get("text/html", f"<pre>{escape(str(data.get('text/plain', '')))}</pre>"))


def choose(page: Page, output: NotebookNode, cell: NotebookNode) -> None:
    """Change an output of a cell, in place, to what its page can show, or to a sentence on it."""
    data = output.setdefault("data", {})
    plain = str(data.get("text/plain", ""))
    if _SAYS_NOTHING.fullmatch(plain):
        plain = ""
        if data.keys() == {"text/plain"}:
            data["text/html"] = ""
    if "image/svg+xml" in data:
        data["image/svg+xml"] = with_namespaces(str(data["image/svg+xml"]))
    if QUESTION in data and "text/html" not in data:
        data["text/html"] = f"<pre>{escape(plain)}</pre>"
    scripted = "text/html" in data and drawn_by_script(str(data["text/html"]))
    if scripted:
        del data["text/html"]
    others = [kind for kind in data if kind not in SHOWN]
    shown = next((kind for kind in SHOWN if kind in data), "")
    # Only the metadata of a picture are kept.  Others could make the output a page in the page, or
    # say that it lies in a file.
    metadata = output.get("metadata", {}).get(shown)
    if shown not in PICTURES or not isinstance(metadata, dict):
        metadata = {}
    output["metadata"] = NotebookNode({shown: metadata})
    if shown in PICTURES:
        described = "" if plain.startswith("<") else plain  # not <an object>
        alt = metadata.get("alt") or cell.metadata.get("alt") or described
        metadata["alt"] = alt or page.no_alt(cell)
    if shown in ("", "text/plain") and (scripted or others or not shown):
        kinds = ", ".join(others) or "text/html"
        page.warn(cell, f"an output is left out that needs a script or another program: {kinds}")
        data["text/html"] = (
            '<p class="left-out">A handout cannot show this output, which needs a script or '
            f"another program: {escape(kinds)}.</p>"
        ) + (f"<pre>{escape(plain)}</pre>" if plain else "")


def drawn_by_script(html: str) -> bool:
    """Return whether HTML is empty without its scripts.

    >>> [drawn_by_script(f"{html}<script>x()</script>") for html in ("<p>", "w", "<img>", "<svg>")]
    [True, False, False, False]
    """
    if "<script" not in html.lower():
        return False
    soup = parse(html)
    shows = soup.get_text(strip=True) or soup.find(["iframe", "img", "svg", "video"])
    return bool(soup("script")) and not shows
