"""Pictures as data in a page."""

import re
from base64 import b64encode

SVG = "image/svg+xml"
# What may stand before the first tag of SVG, and this tag, whose attributes the group holds.
_BEFORE = re.compile(r"(?si)\ufeff|\s+|<\?.*?\?>|<!--.*?-->|<!doctype[^>\[]*(?:\[[^\]]*\])?[^>]*>")
_ROOT = re.compile(r"""(?si)<svg(?=[\s/>])((?:[^>"']|"[^"]*"|'[^']*')*)""")
_DECLARATION = re.compile(rb"""\s*<\?xml\b[^>]*?\bencoding=["']([\w.-]+)["'][^>]*\?>""")


def data_url(kind: str, content: bytes) -> str:
    """Return a picture as the address of an <img>.

    Raises ValueError for SVG that cannot be decoded.

    >>> data_url("image/gif", b"GIF")
    'data:image/gif;base64,R0lG'
    """
    if kind == SVG:
        declared = _DECLARATION.match(content[:200])
        encoding = declared[1].decode() if declared else "utf-8"
        try:
            text = content.decode(encoding)
        except LookupError:
            raise ValueError(f"there is no encoding {encoding}") from None
        # Chromium reads SVG in data as UTF-8, whatever it declares.
        if declared and encoding.lower() != "utf-8":
            text = text[text.index("?>") + 2 :]
        content = with_namespaces(text).encode()
    return f"data:{kind};base64,{b64encode(content).decode()}"


def with_namespaces(svg: str) -> str:
    """Return SVG with its namespaces.

    A picture outside HTML needs them.  SVG in HTML does not, and many programs leave them out.

    >>> with_namespaces('<svg width="9"/>')
    '<svg xmlns="http://www.w3.org/2000/svg" width="9"/>'
    """
    start = 0
    while before := _BEFORE.match(svg, start):
        start = before.end()
    root = _ROOT.match(svg, start)
    if not root:
        return svg
    names = {"xmlns": "http://www.w3.org/2000/svg"}
    if "xlink:" in svg:
        names["xmlns:xlink"] = "http://www.w3.org/1999/xlink"
    missing = "".join(f' {name}="{names[name]}"' for name in names if f"{name}=" not in root[1])
    return svg[: root.start(1)] + missing + svg[root.start(1) :]
