"""Markdown and HTML of a notebook as HTML that is safe in any page, with formulas as MathML."""

import logging
import re
from html import escape, unescape
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

from bleach import Cleaner
from latex2mathml.converter import convert_to_element
from markupsafe import Markup
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

TAGS = {"a", "abbr", "b", "blockquote", "br", "caption", "code", "dd", "del", "details", "div", "dl", "dt", "em",
        "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol",
        "p", "pre", "q", "s", "samp", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td",
        "tfoot", "th", "thead", "tr", "u", "ul", "var"}
ATTRIBUTES = {"a": ["href", "title"], "abbr": ["title"], "div": ["class"], "h1": ["id"], "h2": ["id"], "h3": ["id"],
              "h4": ["id"], "h5": ["id"], "h6": ["id"], "img": ["alt", "height", "src", "title", "width"],
              "ol": ["start"], "pre": ["class"], "code": ["class"], "span": ["class", "lang"],
              "td": ["colspan", "rowspan"], "th": ["colspan", "rowspan", "scope"]}
# No scheme but these; a relative address holds neither a colon nor an entity that could become one.
_ADDRESS = {"href": re.compile(r"(https?://|mailto:)\S*|[^\s:&]*"), "src": re.compile(r"(?s)data:image/[\w.+-]+[;,].*")}
# MathML Core, and what latex2mathml says in its attributes; no links, no styles.
_MATH = {"math", "merror", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover", "mpadded", "mphantom", "mprescripts",
         "mroot", "mrow", "ms", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr",
         "munder", "munderover"}
_MATH_ATTRIBUTES = {"columnalign", "columnspacing", "depth", "display", "displaystyle", "fence", "form", "height",
                    "linethickness", "lspace", "mathvariant", "maxsize", "minsize", "movablelimits", "rowspacing",
                    "rspace", "scriptlevel", "separator", "stretchy", "symmetric", "width", "xmlns"}


def clean(html: str) -> Markup:
    """Return `html` with the tags and attributes of a text only, as Markup; all other tags become text.

    Nothing in it runs, nothing in it is fetched: pictures are data, links are http, https, mailto or relative.

    >>> print(clean('<b onclick="x()">w</b><script>x()</script> <a href="javascript:x()">go</a>'))
    <b>w</b>&lt;script&gt;x()&lt;/script&gt; <a>go</a>
    """
    def allowed(tag: str, name: str, value: str) -> bool:
        return name in ATTRIBUTES.get(tag, ()) and (name not in _ADDRESS or bool(_ADDRESS[name].fullmatch(value)))

    html = re.sub(r"(?is)<style\b.*?</style\s*>", "", html)  # would be text that nobody wants to read
    return Markup(Cleaner(TAGS, allowed, protocols={"http", "https", "mailto", "data"}).clean(html))


def mathml(formula: str, display: str) -> Markup:
    r"""Return a formula as MathML; `display` is "block" or "inline".

    >>> print(mathml(r"\eta \lt 2", "inline").removeprefix('<math xmlns="http://www.w3.org/1998/Math/MathML" '))
    display="inline"><mrow><mi>η</mi><mo>&lt;</mo><mn>2</mn></mrow></math>

    A formula that the converter cannot read is shown as it is written.
    """
    try:
        root = convert_to_element(formula, display=display)
    except Exception:  # the converter raises whatever it meets, KeyError among others
        logging.getLogger("traitlets").warning("this formula is shown as it is written: %s", formula)
        return Markup('<code>{}</code>').format(formula)
    for element in root.iter():
        if element.tag not in _MATH:
            element.tag = "mrow"
        element.attrib = {name: value for name, value in element.attrib.items() if name in _MATH_ATTRIBUTES}
        element.text = unescape(element.text or "")
    return Markup(ElementTree.tostring(root, encoding="unicode"))


def formula(body: str) -> Markup:
    """A formula in a line of its own; where the page is too narrow it scrolls, also by keyboard."""
    return Markup('<span class="formula" tabindex="0">{}</span>').format(mathml(body, "block"))


class Prose:
    """The Markdown cells of one notebook; `headings` holds level, text and id of each heading so far."""

    def __init__(self) -> None:
        self.headings: list[dict[str, Any]] = []

    def html(self, markdown: str, attachments: dict[str, Any]) -> Markup:
        """Return a cell as safe HTML."""
        renderer = _Renderer(self.headings, attachments)
        text = clean(MarkdownWithMath(renderer=renderer).render(markdown))
        # Formulas come in last: what the converter makes is safe, and the cleaner knows no MathML.
        return Markup(_HOLE.sub(lambda hole: renderer.formulas.get(hole.group(), ""), text))


_HOLE = re.compile("\ue000\\d+\ue001")  # of private use, so that no text means anything else by them


class _Renderer(IPythonRenderer):
    def __init__(self, headings: list[dict[str, Any]], attachments: dict[str, Any]):
        super().__init__(escape=False, attachments=attachments)
        self.headings = headings
        self.formulas: dict[str, Markup] = {}

    def text(self, text: str) -> str:
        return re.sub("[\u2e80-\u9fff]+", r'<span lang="zh">\g<0></span>', super().text(text))

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        said = re.sub("<[^>]*>", "", text)
        # As JupyterLab makes them, so that a link to a heading holds in both.
        name = "-".join(unescape(said).split())
        same = sum(name == one["name"] for one in self.headings)
        self.headings.append({"level": level, "text": clean(text), "said": unescape(said), "name": name,
                              "id": f"{name}-{same}" if same else name})
        return f'<h{level} id="{escape(self.headings[-1]["id"])}">{text}</h{level}>\n'

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """A link to another notebook leads to its handout."""
        if "://" not in url:
            url = re.sub(r"\.ipynb(?=#|$)", ".html", url)
        return super().link(text, url, title)

    def block_math(self, body: str) -> str:
        return self._hole(formula(body))

    def inline_math(self, body: str) -> str:
        return self._hole(mathml(body, "inline"))

    def latex_environment(self, name: str, body: str) -> str:
        return self.block_math(f"\\begin{{{name}}}{body}\\end{{{name}}}")

    def _hole(self, formula: Markup) -> str:
        hole = f"\ue000{len(self.formulas)}\ue001"
        self.formulas[hole] = formula
        return hole


def anchor(heading: dict[str, Any]) -> str:
    """The address of a heading in its page."""
    return "#" + quote(heading["id"])


def words(html: str) -> Markup:
    """A piece of clean HTML as words in a row: without links and breaks."""
    return Markup(Cleaner({"strong", "em", "code", "span"}, {"span": ["lang"]}, strip=True).clean(html))
