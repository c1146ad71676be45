"""Handouts: `jupyter nbconvert --to handout notebooks/*.ipynb --output-dir handouts`.

Each notebook becomes one HTML file that works without kernel and network.  A panel is made again from its stored
description, and each state that its controls can reach is drawn by the same figure and packed into the page.
"""

import re
import time
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from html import unescape
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from nbconvert.exporters import TemplateExporter
from nbconvert.exporters.base import Exporter
from nbconvert.filters import Highlight2HTML, strip_ansi
from nbconvert.utils.exceptions import ConversionException
from nbformat import NotebookNode
from pygments.formatters import HtmlFormatter
from traitlets import Enum, default

from course_lib.figures.text import format_stop
from course_lib.handout import folds, prose
from course_lib.jupyter.outputs import PANEL, QUESTION
from course_lib.replay.grid import SettingsGrid
from course_lib.replay.html import PLAYER_CSS, PLAYER_JS, player_html
from course_lib.replay.packing import pack

HERE = Path(__file__).parent


class HandoutExporter(TemplateExporter):
    """Exports a notebook as a handout; of several in one go it also makes `index.html`, which lists them.

    Raises nbconvert's ConversionException, which names notebook and cell, where a description of a panel is none that
    this library would have stored.
    """

    export_from_notebook = "Handout (HTML that stays alive)"  # JupyterLab's menu 'Save and Export Notebook As'
    output_mimetype = "text/html"
    file_extension = ".html"
    answers = Enum(folds.ANSWERS, folds.FOLDED, config=True, help="""
        Replies, solutions and collapsed outputs are: folded; none, left out for a sheet, with space to write; open,
        for a key.""")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._listed: dict[str, dict[str, Any]] = {}

    @default("template_paths")
    def _template_paths(self) -> list[str]:
        return [str(HERE)]

    def _create_environment(self) -> Environment:
        environment = Environment(loader=FileSystemLoader(HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True,
                                  keep_trailing_newline=True)
        environment.filters["format_stop"] = format_stop
        environment.globals |= {"style": _style(), "hash": _hash, "anchor": prose.anchor}
        return environment

    def from_notebook_node(  # type: ignore[override]  # as TemplateExporter does
            self, nb: NotebookNode, resources: Any = None, **kw: Any) -> tuple[str, dict[str, Any]]:
        """Return the page and the resources; the index, if there is one, is among their outputs."""
        nb, resources = Exporter.from_notebook_node(self, nb, resources, **kw)  # runs the preprocessors
        name = resources.get("metadata", {}).get("name") or "notebook"
        notebook = _Notebook(self, nb, name)
        cells = [notebook.cell(number, cell) for number, cell in enumerate(nb.cells, start=1)]
        script = Markup(PLAYER_JS + (HERE / "page.js").read_text(encoding="utf-8")) if notebook.panels else ""
        shown = set(map(unescape, re.findall('<h[1-6] id="([^"]*)"', "".join(cells))))  # not what a sheet leaves out
        headings = [heading for heading in notebook.prose.headings if heading["id"] in shown]
        title = next((one for one in headings if one["level"] == 1), {"said": name, "text": name})
        page = self.environment.get_template("handout.html.j2").render(
            title=title, headings=headings, cells=cells, script=script, name=name)
        self._list(resources.get("unique_key", name), title, cells, notebook)
        if len(self._listed) > 1:
            index = self.environment.get_template("index.html.j2").render(handouts=self._listed)
            resources["outputs"] = dict(resources.get("outputs") or {}) | {"index.html": index.encode()}
        return page, resources

    def _list(self, key: str, title: dict[str, Any], cells: list[Markup], notebook: "_Notebook") -> None:
        line = next(iter(re.findall("(?s)<p>(.*?)</p>", "".join(cells[:1]))), "")
        self._listed[key] = {"title": title, "line": prose.words(line),
                             "picture": notebook.pictures[-1] if notebook.pictures else None}


class _Notebook:
    """A notebook on its way to a page."""

    def __init__(self, exporter: HandoutExporter, nb: NotebookNode, name: str):
        self.exporter = exporter
        self.name = name
        self.prose = prose.Prose()
        self.panels = 0
        self.pictures: list[dict[str, Any]] = []
        language = nb.metadata.get("language_info", {})
        self.highlight = Highlight2HTML(
            pygments_lexer=language.get("pygments_lexer", language.get("name")), parent=exporter)

    def cell(self, number: int, cell: NotebookNode) -> Markup:
        """The HTML of a cell, which is the `number`-th of its notebook."""
        return folds.show(self.parts(number, cell), self.exporter.answers)

    def parts(self, number: int, cell: NotebookNode) -> Markup:
        """The HTML of a cell with all its answers folded."""
        if cell.cell_type == "markdown" and not self.exporter.exclude_markdown:
            return Markup('<div class="prose">{}</div>').format(
                self.prose.html(cell.source, cell.get("attachments", {})))
        if cell.cell_type != "code" or self.exporter.exclude_code_cell:
            return Markup()
        parts = []
        hidden = cell.metadata.get("transient", {}).get("remove_source")
        if cell.source.strip() and not self.exporter.exclude_input and not hidden:
            parts.append(Markup(self.highlight(cell.source)))
        if not self.exporter.exclude_output:
            parts += self.outputs(number, cell)
        return Markup("\n").join(parts)

    def outputs(self, number: int, cell: NotebookNode) -> Iterator[Markup]:
        """The HTML of the outputs of a cell; those that are collapsed are folded, but for a panel or a question."""
        collapsed = cell.metadata.get("jupyter", {}).get("outputs_hidden")
        for fold, outputs in groupby(cell.outputs, lambda output: collapsed and not {PANEL, QUESTION}.intersection(
                output.get("data", {}))):
            html = Markup("\n").join(self.output(number, output) for output in outputs)
            yield folds.hidden(html, self.exporter.answers) if fold else html

    def output(self, number: int, output: NotebookNode) -> Markup:
        """The HTML of one output."""
        if output.output_type == "stream":
            return _plain(output.text, output.name)
        if output.output_type == "error":
            return _plain("\n".join(output.traceback), "stderr")
        data = output.get("data", {})
        if PANEL in data:
            return self.panel(number, data[PANEL])
        return folds.choices(self.data(data), self.exporter.answers) if QUESTION in data else self.data(data)

    def data(self, data: dict[str, Any]) -> Markup:
        """The richest of the kinds of one output that a page can show without a script."""
        plain = str(data.get("text/plain", "picture"))
        html = str(data.get("text/html", ""))
        if html and not ("<script" in html and "text/plain" in data):
            return Markup('<div class="output">{}</div>').format(prose.clean(html))
        if "image/svg+xml" in data:
            return _image("image/svg+xml", b64encode(str(data["image/svg+xml"]).encode()).decode(), plain)
        for kind in ("image/png", "image/jpeg"):
            if kind in data:
                return _image(kind, data[kind], plain)
        if "text/markdown" in data:
            return Markup('<div class="output">{}</div>').format(self.prose.html(str(data["text/markdown"]), {}))
        if "text/latex" in data:
            return prose.formula(str(data["text/latex"]).strip().strip("$"))
        return _plain(plain, "result") if "text/plain" in data else Markup()

    def panel(self, number: int, description: Any) -> Markup:
        """A panel with all its states."""
        began = time.perf_counter()
        try:
            grid = SettingsGrid.from_description(description)
            packed = pack(grid.texts(grid.view(state)) for state in range(len(grid)))
        except Exception as error:
            raise ConversionException(f"{self.name}, cell {number}: {type(error).__name__}: {error}") from error
        view = grid.view(grid.first)
        self.panels += 1
        self.exporter.log.info("%s, cell %d: a panel of %d states, drawn in %.1f s", self.name, number, len(grid),
                               time.perf_counter() - began)
        first = view.drawings[0]
        self.pictures.append({"url": first.url(), "alt": first.alt, "width": first.width, "height": first.height})
        return Markup(self.exporter.environment.get_template("panel.html.j2").render(
            grid=grid, number=self.panels, player=Markup(player_html(grid, view)), packed=packed))


def _plain(text: object, kind: str) -> Markup:
    return Markup('<pre class="{}">{}</pre>').format(kind, strip_ansi(str(text)).rstrip("\n"))


def _image(kind: str, data: str, alt: str) -> Markup:
    return Markup('<div class="output"><img alt="{}" src="data:{};base64,{}"></div>').format(alt, kind, data)


def _style() -> Markup:
    """The one style sheet, with the colours of code in light and dark."""
    light, dark = (HtmlFormatter(style=name).get_token_style_defs(".highlight") for name in ("xcode", "lightbulb"))
    return Markup("\n".join([PLAYER_CSS, (HERE / "style.css").read_text(encoding="utf-8"), *light,
                             "@media screen and (prefers-color-scheme: dark) {", *dark, "}\n"]))


def _hash(text: str) -> Markup:
    """The name by which a content-security policy allows a script or style of this text."""
    return Markup("'sha256-{}'").format(b64encode(sha256(text.encode()).digest()).decode())
