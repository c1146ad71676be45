"""A piece of HTML from a notebook, of Markdown or of an output, made fit for a handout.

Nothing in it runs and nothing in it is fetched.  What a page cannot hold is named in its place and
in a warning.
"""

import mimetypes
import re
from base64 import b64decode
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

from bs4 import BeautifulSoup, NavigableString, Tag
from bs4.builder import HTMLTreeBuilder
from bs4.element import PreformattedString
from markupsafe import escape

from course_lib.handout import folds, sanitizer
from course_lib.handout.formulas import FORMULA, formula
from course_lib.handout.page import KANA, Heading, Page, new_tag
from course_lib.handout.paper import table_size
from course_lib.handout.pictures import data_url, with_namespaces

_SVG = re.compile(r"(?is)(?<![,\"'])<svg\b.*?</svg\s*>")
_SVG_END = re.compile(r"(?i)</svg\s*>")
_MEDIA = {
    "audio": "a sound",
    "embed": "an embedded object",
    "iframe": "another page",
    "object": "an embedded object",
    "video": "a video",
}
_HANGUL = "\uac00-\ud7af\u1100-\u11ff"
_FOUND = re.compile(
    f"{FORMULA.pattern}|(?P<east_asian>[\u2e80-\u9fff{KANA}{_HANGUL}\uf900-\ufaff\uff00-\uffef]+)"
)
_HEADING = re.compile("h[1-6]")


class Fragment:
    """A piece of HTML from a cell: parsed once, changed as a tree, and then cleaned.

    `in_question` says that its folds are the choices of a question.

    >>> page = Page("a", {}, [], "folded", lambda text, *values: print(text % values))
    >>> html = '<b onclick="x()">w</b><script>x()</script> <a href="javascript:x()">go</a>'
    >>> print(Fragment(page, html, {}).cleaned())
    a, cell 0: a script is left out
    a, cell 0: a link is left out: javascript:x()
    <b>w</b> <a>go</a>
    """

    def __init__(self, page: Page, html: str, cell: Any, in_question: bool = False):
        self.page, self.cell, self.in_question = page, cell, in_question
        # Search only up to the last end tag: after it, each start tag costs a search to the end.
        *_, last = 0, *(found.end() for found in _SVG_END.finditer(html))
        drawn = _SVG.sub(lambda found: self._drawing(found[0]), html[:last])
        self.soup = parse(drawn + html[last:])

    def cleaned(self) -> str:
        """Return the HTML, safe in any page, and tell the page its headings."""
        self._name_what_is_left_out()
        for image in self.soup("img"):
            self._embed(image)
        self._translate()
        headings = self._anchor()
        for text in self.soup.find_all(string=True):
            if isinstance(text, PreformattedString):  # a comment; nh3 may see another end
                text.extract()
            elif not text.find_parent(["code", "pre"]):
                text.replace_with(*self._nodes(text))
        self._unwrap()
        folds.show(self.soup, self.page.answers, self.in_question)
        self._tell(headings)
        for table in self.soup.select("table:not(table table)"):
            size = f"wide {table_size(table)}".strip()
            table.wrap(self.soup.new_tag("div", attrs={"class": size, "tabindex": "0"}))
        return sanitizer.clean(str(self.soup), self.page.place_tag).strip()

    def _warn(self, text: str) -> None:
        self.page.warn(self.cell, text)

    def _name_what_is_left_out(self) -> None:
        for tag in self.soup(["script", "style"]):
            if tag.name == "script":
                self._warn("a script is left out")
            tag.decompose()
        for tag in self.soup([*_MEDIA]):
            address = tag.get("src") or tag.get("data") or ""
            address = address or (tag.source and tag.source.get("src")) or ""
            what = _MEDIA[tag.name]
            is_named = address and not address.startswith("data:")
            self._warn(f"{what} is left out" + (f": {address}" if is_named else ""))
            place = _left_out(f"Here the notebook shows {what}")
            if re.match("https?:|//", address):
                place.extend([": ", _link(address, address)])
            else:
                place.append(", which a handout cannot hold.")
            tag.replace_with(place)

    def _translate(self) -> None:
        """Replace boxes, links, styles and older tags by what a page may hold."""
        for box in self.soup.select("li.task-list-item > input"):
            box.replace_with("☑ " if box.has_attr("checked") else "☐ ")
        for tag in self.soup("center"):
            tag.name = "div"
        for link in self.soup("a", href=True):
            if not sanitizer.ADDRESS["href"].fullmatch(link["href"]):
                self._warn(f"a link is left out: {link['href']}")
            elif "://" not in link["href"]:  # a link to another notebook leads to its handout
                link["href"] = re.sub(r"\.ipynb(?=#|$)", ".html", link["href"])
        for tag in self.soup(style=True):
            _keep_style(tag)

    def _unwrap(self) -> None:
        """Replace each unknown tag by its content; the words of two blocks stay apart."""
        for tag in self.soup.find_all(True):
            if tag.name not in sanitizer.TAGS and tag.name != self.page.place_tag:
                if tag.name in HTMLTreeBuilder.DEFAULT_BLOCK_ELEMENTS:
                    tag.insert_before("\n")
                tag.unwrap()

    def _drawing(self, svg: str) -> str:
        """A drawing in HTML as a picture, in which no script runs and which fetches nothing."""
        svg = with_namespaces(svg)
        try:
            title = ElementTree.fromstring(svg).findtext("{http://www.w3.org/2000/svg}title")
        except ElementTree.ParseError as error:
            self._warn(f"a drawing is left out: its SVG has an error, {error}")
            return str(_left_out("Here the notebook shows a drawing that a handout cannot hold."))
        alt = f' alt="{escape(title)}"' if title else ""
        return f'<img{alt} src="{data_url("image/svg+xml", svg.encode())}">'

    def _embed(self, image: Tag) -> None:
        """Put a picture into the page, or a note in its place."""
        address = image.get("src", "")
        if re.match("https?:|//", address):
            self._warn(f"a picture from elsewhere is a link: {address}")
            text = image.get("alt") or address
            in_link = image.find_parent("a")
            image.replace_with(_left_out(f"Picture: {text}") if in_link else _link(address, text))
        elif data := self._data_of(address):
            image["src"] = data
            if not image.has_attr("alt"):
                image["alt"] = self.page.no_alt(self.cell)
        else:
            self._warn(f"there is no such picture: {address or image}")
            text = image.get("alt") or address[:200]
            image.replace_with(_left_out(f"Picture that is missing: {text}"))

    def _data_of(self, address: str) -> str | None:
        """The picture at an address as data: data as it is, an attachment, or a file."""
        if sanitizer.ADDRESS["src"].fullmatch(address):
            return address
        attachments = self.cell.get("attachments", {})
        kinds = attachments.get(unquote(address.removeprefix("attachment:")))
        if not (address.startswith("attachment:") and kinds):
            return self._file(address)
        kind = min(kinds, key=lambda one: one != "image/svg+xml")
        try:
            return data_url(kind, b64decode(kinds[kind]))
        except ValueError:  # it is damaged
            return None

    def _file(self, address: str) -> str | None:
        """A picture from the disk, but only from the folders that belong to the notebook."""
        try:
            name = unquote(urlsplit(address).path)
            path = (self.page.folders[0] / name).resolve()
            kind = mimetypes.guess_type(name)[0] or ""
            is_ours = any(path.is_relative_to(folder.resolve()) for folder in self.page.folders)
            return (
                data_url(kind, path.read_bytes()) if is_ours and kind.startswith("image/") else None
            )
        except (OSError, ValueError):
            return None

    def _anchor(self) -> dict[str, str]:
        """Give each heading an id as JupyterLab does, and keep the author's anchors.

        Return the texts of the headings by their ids.
        """
        texts = {}
        for tag in self.soup.find_all(True):
            is_heading = _HEADING.fullmatch(tag.name)
            text = re.sub(r"\\[()]", "$", tag.get_text()) if is_heading else ""
            name = wanted = tag.get("id") or tag.get("name") or "-".join(text.split())
            if not name or not (text or tag.get("id") or tag.name == "a"):
                continue
            same = 0
            while name in self.page.ids:
                same += 1
                name = f"{wanted}-{same}"
            self.page.ids.add(name)
            tag["id"] = name
            if text.strip():
                texts[name] = " ".join(text.split())
        return texts

    def _nodes(self, text: NavigableString) -> Iterator[NavigableString | Tag]:
        """Yield a text with a place for each formula, and a tag for each East Asian word."""
        pattern = FORMULA if text.find_parent(lang=True) else _FOUND
        end = 0
        for found in pattern.finditer(text):
            yield NavigableString(text[end : found.start()])
            end = found.end()
            if found.lastgroup == "east_asian":
                yield self._east_asian(found[0])
            else:
                yield self.page.place(self.cell, formula(found))
        yield NavigableString(text[end:])

    def _east_asian(self, word: str) -> Tag:
        lang = "ko" if re.search(f"[{_HANGUL}]", word) else self.page.han
        term = {"class": "term"} if len(word) <= 5 else {}  # a short one stays on one line
        return new_tag("span", word, **term, lang=lang)

    def _tell(self, headings: dict[str, str]) -> None:
        """Tell the page the headings and the first paragraph that remain."""
        kind = self.cell.get("cell_type")
        for tag in self.soup(_HEADING) if kind == "markdown" else ():
            if text := headings.get(tag.get("id")):
                html = self.page.words(tag.decode_contents())
                self.page.headings.append(Heading(int(tag.name[1]), tag["id"], text, html))
        paragraph = self.soup.find("p", recursive=False)
        if paragraph and kind in ("markdown", "raw") and self.page.line is None:
            self.page.line = self.page.words(paragraph.decode_contents())


def parse(html: str) -> BeautifulSoup:
    """Return the tree of a piece of HTML."""
    # BeautifulSoup takes a short text without line feed for the name of a file, and a text with a
    # declaration for XML.  Python's parser gives up at <![ that begins no section.
    last = html.rfind("?>") + 2  # after the last end, each <? costs a search to the end of the text
    html = re.sub(r"<\?.*?\?>", "", html[:last]) + html[last:] if last > 1 else html
    html = re.sub(r"<!\[[^<>-]*>", "", html).replace("<![", "&lt;![")
    return BeautifulSoup(f"\n{html}", "html.parser")


def _link(address: str, text: str) -> Tag:
    return new_tag("a", text, href=address if address.startswith("http") else f"https:{address}")


def _left_out(text: str) -> Tag:
    return new_tag("span", text, **{"class": "left-out"})


def _keep_style(tag: Tag) -> None:
    """Turn a style into attributes where possible: a page's policy allows only its own styles."""
    style = tag["style"]
    if found := re.search(r"text-align:\s*(left|right|center)", style):
        tag["align"] = found[1]
    if found := re.search(r"break-(before|after):\s*(?:always|page)", style):
        tag["class"] = f"break-{found[1]}"
    if "display: grid" in style:  # the pictures of a View, as many in a row as there is room for
        tag["class"] = "pictures"
    for name in ("width", "height") if tag.name == "img" else ():
        size = re.search(rf"(?<![\w-]){name}:\s*(\d+(?:\.\d+)?)(px|%)", style)
        if size and not tag.get(name):
            tag[name] = size[1] + size[2].replace("px", "")
