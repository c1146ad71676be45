"""The HTML of a notebook, from Markdown and from outputs, as HTML that is safe and whole in a page
of its own.

Nothing in it runs and nothing in it is fetched.  What a page cannot hold is named in its place and
in a warning.
"""

import mimetypes
import re
from base64 import b64decode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urlsplit
from xml.etree import ElementTree

from bleach import Cleaner
from bs4 import BeautifulSoup, NavigableString, Tag
from bs4.element import PreformattedString
from markupsafe import Markup, escape

from course_lib.handout.formulas import FORMULA, Formula, formula
from course_lib.handout.markdown import DOLLAR
from course_lib.handout.paper import table_size
from course_lib.handout.pictures import data_url, with_namespaces

TAGS = {
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
}
_ANYWHERE = {"align", "dir", "id", "lang", "title"}
_ATTRIBUTES = {
    "a": {"href"},
    "code": {"class"},
    "div": {"class", "tabindex"},
    "img": {"alt", "height", "src", "width"},
    "li": {"value"},
    "ol": {"start", "type"},
    "p": {"class"},
    "pre": {"class"},
    "span": {"class"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
# No scheme but these; a relative address begins with neither a colon nor an entity that could
# become one.
_ADDRESS = {
    "href": re.compile(r"(?s)(https?://|mailto:).*|[^\s:&/?#]*([/?#].*)?"),
    "src": re.compile(r"(?s)data:image/[\w.+-]+[;,].*"),
}
_SVG = re.compile(r"(?is)(?<![,\"'])<svg\b.*?</svg\s*>")
_MEDIA = {
    "audio": "a sound",
    "embed": "an embedded object",
    "iframe": "another page",
    "object": "an embedded object",
    "video": "a video",
}
KANA, _HANGUL = "\u3040-\u30ff\u31f0-\u31ff", "\uac00-\ud7af\u1100-\u11ff"
_FOUND = re.compile(
    f"{FORMULA.pattern}|(?P<east_asian>[\u2e80-\u9fff{KANA}{_HANGUL}\uf900-\ufaff\uff00-\uffef]+)"
)
# Of private use, so that no text means anything else by them: a place that is filled when all is
# clean; DOLLAR.
HOLE = re.compile("\ue000(\\d+)\ue001")
PRIVATE = re.compile(f"[\ue000\ue001{DOLLAR}]")


class Heading(NamedTuple):
    """A heading of a notebook: how deep it is, its id, its text, and its HTML."""

    level: int
    id: str
    text: str
    html: Markup

    @property
    def address(self) -> str:
        """The address of the heading in its page."""
        return "#" + quote(self.id)


class Fragments:
    """The pieces of HTML of one notebook, which share their headings, ids and formulas.

    `folders` are those from which pictures may be taken, the notebook's own first; `warn(number,
    text)` is told what cannot come along from a cell.  What is filled in later is a hole in what
    `clean` returns, the n-th of `holes`: formulas, as references point forward too, and panels.
    """

    def __init__(self, folders: list[Path], han: str, warn: Callable[[int, str], None]):
        self.folders, self.han, self.warn = folders, han, warn
        self.headings: list[Heading] = []
        self.holes: list[tuple[int, Formula | Markup]] = []
        self.without_alt: set[int] = set()
        self._ids: set[str] = set()

    def clean(self, html: str, cell: Any) -> str:
        """Return the HTML of a cell, or a part of it, that is safe in any page.

        >>> page = Fragments([], "zh", lambda number, text: print(text))
        >>> print(page.clean('<b onclick="x()">w</b><script>x()</script> <a href="javascript:x()">go</a>', {}))
        a script is left out
        a link is left out: javascript:x()
        <b>w</b> <a>go</a>
        """
        number = cell.get("metadata", {}).get("handout_number", 0)
        soup = _parse(_SVG.sub(lambda found: self._drawing(found[0], number), html))
        for tag in soup(["script", "style"]):
            if tag.name == "script":
                self.warn(number, "a script is left out")
            tag.decompose()
        for tag in soup(list(_MEDIA)):
            self._name_media(tag, number)
        for tag in soup("img"):
            self._embed(tag, number, cell.get("attachments", {}))
        for tag in soup.select("li.task-list-item > input"):
            tag.replace_with("☑ " if tag.has_attr("checked") else "☐ ")
        for tag in soup("center"):
            tag.name = "div"
        for tag in soup("a", href=True):
            if not _ADDRESS["href"].fullmatch(tag["href"]):
                self.warn(number, f"a link is left out: {tag['href'][:200]}")
            elif "://" not in tag["href"]:  # to another notebook: its handout
                tag["href"] = re.sub(r"\.ipynb(?=#|$)", ".html", tag["href"])
        for tag in soup(style=True):
            _keep_style(tag)
        headings = self._anchor(soup)
        for text in soup.find_all(string=True):
            if not isinstance(text, PreformattedString) and not text.find_parent(["code", "pre"]):
                text.replace_with(*self._nodes(text, number))
        if cell.get("cell_type") == "markdown":
            self.headings += [
                Heading(int(tag.name[1]), str(tag["id"]), text, words(tag.decode_contents()))
                for tag, text in headings
            ]
        for tag in soup.select("table:not(table table)"):
            tag.wrap(
                soup.new_tag(
                    "div", attrs={"class": f"wide {table_size(tag)}".strip(), "tabindex": "0"}
                )
            )
        return _clean(str(soup)).strip().replace(DOLLAR, "$")

    def hole(self, number: int, filling: Formula | Markup) -> str:
        """Return a place in a cell that is filled when the page is made."""
        self.holes.append((number, filling))
        return f"\ue000{len(self.holes) - 1}\ue001"

    def no_alt(self, number: int) -> str:
        """Return what stands for the alternative text that a picture of a cell lacks."""
        self.without_alt.add(number)
        return "No description has been provided for this image"  # as nbconvert says

    def _drawing(self, svg: str, number: int) -> str:
        """A drawing in HTML as a picture, in which no script runs and which fetches nothing."""
        svg = with_namespaces(svg)
        try:
            title = ElementTree.fromstring(svg).findtext("{http://www.w3.org/2000/svg}title")
        except ElementTree.ParseError as error:
            self.warn(number, f"a drawing is left out: its SVG has an error, {error}")
            return str(_left_out("Here the notebook shows a drawing that a handout cannot hold."))
        alt = f' alt="{escape(title)}"' if title else ""
        return f'<img{alt} src="{data_url("image/svg+xml", svg.encode())}">'

    def _name_media(self, tag: Tag, number: int) -> None:
        address = tag.get("src") or tag.get("data") or (tag.source and tag.source.get("src")) or ""
        what = _MEDIA[tag.name]
        known = re.match("https?:|//", address)
        self.warn(
            number, f"{what} is left out" + f": {address[:200]}" * (not address.startswith("data:"))
        )
        place = _left_out(
            f"Here the notebook shows {what}"
            + (": " if known else ", which a handout cannot hold.")
        )
        if known:
            place.append(_link(address, address))
        tag.replace_with(place)

    def _embed(self, image: Tag, number: int, attachments: dict[str, dict[str, str]]) -> None:
        """Put a picture into the page, or in its place a word on it."""
        address = str(image.get("src", ""))
        if re.match("https?:|//", address):
            self.warn(number, f"a picture from elsewhere is a link: {address[:200]}")
            text = image.get("alt") or address
            image.replace_with(
                _left_out(f"Picture: {text}") if image.find_parent("a") else _link(address, text)
            )
        elif data := self._data_of(address, attachments):
            image["src"] = data
        else:
            self.warn(number, f"there is no such picture: {address[:200] or image}")
            image.replace_with(
                _left_out(f"Picture that is missing: {image.get('alt') or address[:200]}")
            )
        if image.parent and not image.has_attr("alt"):
            image["alt"] = self.no_alt(number)

    def _data_of(self, address: str, attachments: dict[str, dict[str, str]]) -> str | None:
        """The picture at an address as data: data as it is, an attachment, or a file."""
        if _ADDRESS["src"].fullmatch(address):
            return address
        kinds = attachments.get(unquote(address.removeprefix("attachment:")))
        if not (address.startswith("attachment:") and kinds):
            return self._file(address)
        kind = min(kinds, key=lambda one: one != "image/svg+xml")
        try:
            return data_url(kind, b64decode(kinds[kind]))
        except ValueError:  # it is damaged
            return None

    def _file(self, address: str) -> str | None:
        """A picture from the disk, but from the folders only that belong to the notebook."""
        kind = mimetypes.guess_type(urlsplit(address).path)[0] or ""
        try:
            path = (self.folders[0] / unquote(urlsplit(address).path)).resolve()
            if kind.startswith("image/") and any(
                path.is_relative_to(folder.resolve()) for folder in self.folders
            ):
                return data_url(kind, path.read_bytes())
        except (OSError, ValueError, IndexError):
            pass
        return None

    def _anchor(self, soup: BeautifulSoup) -> list[tuple[Tag, str]]:
        """Give each heading an id as JupyterLab does, and keep the author's anchors; return the
        headings and texts.
        """
        headings = []
        for tag in soup.find_all(True):
            text = (
                re.sub(rf"{DOLLAR}|\\[()]", "$", tag.get_text())
                if re.fullmatch("h[1-6]", tag.name)
                else ""
            )
            name = wanted = tag.get("id") or tag.get("name") or "-".join(text.split())
            if not name or not (text or tag.get("id") or tag.name == "a"):
                continue
            same = 0
            while name in self._ids:
                same += 1
                name = f"{wanted}-{same}"
            self._ids.add(name)
            tag["id"] = name
            if text.strip():
                headings.append((tag, " ".join(text.split())))
        return headings

    def _nodes(self, text: NavigableString, number: int) -> Iterator[NavigableString | Tag]:
        """A text with a hole for each formula, and with words in Chinese, Japanese and Korean
        marked as such.
        """
        marked = text.find_parent(lang=True)
        end = 0
        for found in _FOUND.finditer(text):
            yield NavigableString(text[end : found.start()])
            end = found.end()
            if not found["east_asian"]:
                yield NavigableString(self.hole(number, formula(found)))
            elif marked:
                yield NavigableString(found[0])
            else:
                term = (
                    {"class": "term"} if len(found[0]) <= 5 else {}
                )  # a short one stays on one line
                yield _tag(
                    "span",
                    found[0],
                    **term,
                    lang="ja"
                    if re.search(f"[{KANA}]", found[0])
                    else "ko"
                    if re.search(f"[{_HANGUL}]", found[0])
                    else self.han,
                )
        yield NavigableString(text[end:])


def drawn_by_script(html: str) -> bool:
    """Return whether nothing is left of HTML without its scripts.

    >>> drawn_by_script("<div></div><script>x()</script>"), drawn_by_script("<p>w</p><script>x()</script>")
    (True, False)
    """
    soup = _parse(html)
    scripts = [tag.extract() for tag in soup(["script", "style"])]
    return (
        any(tag.name == "script" for tag in scripts)
        and not soup.get_text(strip=True)
        and not soup.find(["iframe", "img", "svg", "video"])
    )


def _parse(html: str) -> BeautifulSoup:
    # BeautifulSoup takes a short text without line feed for the name of a file, and a declaration
    # for XML; at what is no section (<![CDATA[…) Python's parser gives up.
    html = re.sub(r"<\?.*?\?>|<!\[[^<>-]*>", "", html).replace("<![", "&lt;![")
    html = re.sub(r"(?i)&#(?:x0*e00[0-2]|0*5734[4-6]);?", "", html)  # PRIVATE, written as entities
    return BeautifulSoup(f"\n{html}", "html.parser")


def words(html: str) -> Markup:
    """A piece of HTML as words in a row: without links, pictures and breaks."""
    return Markup(
        Cleaner({"strong", "em", "code", "span"}, {"span": ["lang"]}, strip=True)
        .clean(html)
        .strip()
    )


def _clean(html: str) -> str:
    # As nbconvert's SanitizeHTML does, which does not let pictures through that are data.
    def allowed(tag: str, name: str, value: str) -> bool:
        return (name in _ANYWHERE or name in _ATTRIBUTES.get(tag, ())) and (
            name not in _ADDRESS or bool(_ADDRESS[name].fullmatch(value))
        )

    cleaner = Cleaner(TAGS, allowed, protocols={"http", "https", "mailto", "data"}, strip=True)
    return str(cleaner.clean(html))


def _link(address: str, text: str) -> Tag:
    return _tag("a", text, href=address if address.startswith("http") else f"https:{address}")


def _left_out(text: str) -> Tag:
    return _tag("span", text, **{"class": "left-out"})


def _tag(name: str, text: str, **attributes: str) -> Tag:
    tag = BeautifulSoup("", "html.parser").new_tag(name, attrs=attributes)
    tag.string = text
    return tag


def _keep_style(tag: Tag) -> None:
    """Keep as attributes what of a style the page shows: the policy allows no style but the page's
    own.
    """
    style = str(tag["style"])
    if found := re.search(r"text-align:\s*(left|right|center)", style):
        tag["align"] = found[1]
    if found := re.search(r"break-(before|after):\s*(?:always|page)", style):
        tag["class"] = f"break-{found[1]}"
    if "display: grid" in style:  # the pictures of a View, as many in a row as there is room for
        tag["class"] = "pictures"
    for name in ("width", "height") if tag.name == "img" else ():
        if not tag.get(name) and (
            found := re.search(rf"(?<![\w-]){name}:\s*(\d+(?:\.\d+)?)(px|%)", style)
        ):
            tag[name] = found[1] + found[2].replace("px", "")
