"""The tags, attributes and addresses that a handout may hold; nh3 removes all others.

This is the guard: before it, `fragment.py` replaces what a handout cannot hold by a note.
"""

import re

import nh3

_NAMES = """a abbr b blockquote br caption cite code col colgroup dd del details dfn div dl dt em
    figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp small
    span strong sub summary sup table tbody td tfoot th thead tr tt u ul var"""
TAGS = set(_NAMES.split())
_ATTRIBUTES = {
    "*": {"align", "dir", "id", "lang", "title"},
    **{tag: {"class"} for tag in ("code", "label", "p", "pre", "span")},
    "a": {"href"},
    "details": {"open"},
    "div": {"class", "tabindex"},
    "img": {"alt", "height", "src", "width"},
    "li": {"value"},
    "ol": {"start", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
# No other scheme is allowed.  Before its first /, ? or #, a relative address has no colon and no
# entity that could become one.
ADDRESS = {
    "href": re.compile(r"(?s)(https?://|mailto:).*|[^\s:&/?#]*([/?#].*)?"),
    "src": re.compile(r"(?s)data:image/[\w.+-]+[;,].*"),
}


def clean(html: str, place: str) -> str:
    """Return HTML without anything that could act or fetch; `place` is the tag of a page's places.

    >>> clean('<b onclick="x()">w</b><script>x()</script> <a href="javascript:x()">go</a>', "place")
    '<b>w</b> <a>go</a>'
    >>> clean('<a href="data:text/html,w">go</a>', "place")
    '<a>go</a>'
    """
    return nh3.clean(
        html,
        tags=TAGS | {"input", "label", place},  # the first two are a choice on a sheet
        attributes=_ATTRIBUTES | {place: {"n"}},
        set_tag_attribute_values={"input": {"type": "checkbox"}},
        attribute_filter=_allowed,
        url_schemes={"http", "https", "mailto", "data"},
        link_rel=None,
    )


def words(html: str, place: str) -> str:
    """Return a piece of HTML as inline HTML, without links, pictures and breaks; lang may stay."""
    tags = {"strong", "em", "code", "span", place}
    return nh3.clean(html, tags=tags, attributes={place: {"n"}}).strip()


def _allowed(tag: str, name: str, value: str) -> str | None:
    return value if name not in ADDRESS or ADDRESS[name].fullmatch(value) else None
