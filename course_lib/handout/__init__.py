"""Handouts: `jupyter nbconvert --to handout notebooks/*.ipynb --output-dir handouts`.

Each notebook becomes one HTML file that works without kernel and network.  A panel is made again from its stored
description, and each state that its controls can reach is drawn by the same figure and packed into the page.
"""

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape
from nbconvert.exporters import TemplateExporter
from nbconvert.exporters.base import Exporter
from nbconvert.filters import Highlight2HTML, strip_ansi
from nbconvert.utils.exceptions import ConversionException
from pygments.formatters import HtmlFormatter
from traitlets import default

from course_lib.handout import prose, replay
from course_lib.panels import CONTROLS, STEP_SECONDS, described, say, stand
from course_lib.storing import PANEL

HERE = Path(__file__).parent


class HandoutExporter(TemplateExporter):
    """Exports a notebook as a handout; of several in one go it also makes `index.html`, which lists them.

    Raises nbconvert's ConversionException, which names notebook and cell, where a description of a panel is none that
    this library would have stored.
    """

    export_from_notebook = "Handout (HTML that stays alive)"  # JupyterLab's menu 'Save and Export Notebook As'
    output_mimetype = "text/html"
    file_extension = ".html"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._listed = {}

    @default("template_paths")
    def _template_paths(self):
        return [str(HERE)]

    def _create_environment(self):
        environment = Environment(loader=FileSystemLoader(HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True,
                                  keep_trailing_newline=True)
        environment.filters["say"] = say
        environment.globals |= {"style": _style(), "hash": _hash, "anchor": prose.anchor, "say": say,
                                "control": CONTROLS, "step_milliseconds": round(STEP_SECONDS * 1000)}
        return environment

    def from_notebook_node(self, nb, resources=None, **kw):
        """Return the page and the resources; the index, if there is one, is among their outputs."""
        nb, resources = Exporter.from_notebook_node(self, nb, resources, **kw)  # runs the preprocessors
        name = resources.get("metadata", {}).get("name") or "notebook"
        notebook = _Notebook(self, nb, name)
        cells = [notebook.cell(number, cell) for number, cell in enumerate(nb.cells, start=1)]
        script = Markup((HERE / "replay.js").read_text(encoding="utf-8")) if notebook.panels else ""
        headings = notebook.prose.headings
        title = next((one for one in headings if one["level"] == 1), {"said": name, "text": name})
        page = self.environment.get_template("handout.html.j2").render(
            title=title, headings=headings, cells=cells, script=script, name=name)
        self._list(resources.get("unique_key", name), title, cells, notebook)
        if len(self._listed) > 1:
            index = self.environment.get_template("index.html.j2").render(handouts=self._listed)
            resources["outputs"] = dict(resources.get("outputs") or {}) | {"index.html": index.encode()}
        return page, resources

    def _list(self, key, title, cells, notebook):
        line = next(iter(re.findall("(?s)<p>(.*?)</p>", "".join(cells[:1]))), "")
        self._listed[key] = {"title": title, "line": prose.words(line),
                             "picture": notebook.pictures[-1] if notebook.pictures else None}


class _Notebook:
    """A notebook on its way to a page."""

    def __init__(self, exporter, nb, name):
        self.exporter = exporter
        self.name = name
        self.prose = prose.Prose()
        self.panels = 0
        self.pictures = []
        language = nb.metadata.get("language_info", {})
        self.highlight = Highlight2HTML(
            pygments_lexer=language.get("pygments_lexer", language.get("name")), parent=exporter)

    def cell(self, number, cell):
        """The HTML of a cell, which is the `number`-th of its notebook."""
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
            parts += [self.output(number, output) for output in cell.outputs]
        return Markup("\n").join(parts)

    def output(self, number, output):
        if output.output_type == "stream":
            return _plain(output.text, output.name)
        if output.output_type == "error":
            return _plain("\n".join(output.traceback), "stderr")
        data = output.get("data", {})
        return self.panel(number, data[PANEL]) if PANEL in data else self.data(data)

    def data(self, data):
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

    def panel(self, number, description):
        """A panel with all its states."""
        try:
            panel = described(description)
            packed = replay.pack(self.told(replay.states(panel)))
        except Exception as error:
            raise ConversionException(f"{self.name}, cell {number}: {type(error).__name__}: {error}") from error
        figure = panel.figure.show(**panel.start)
        self.panels += 1
        plate, told = figure.plates[0], figure.alternatives[0]
        self.pictures.append({"url": plate.url(), "told": told, "width": plate.width, "height": plate.height})
        drawn = {plate: Markup(plate.sheet(f'{plate.backdrop}<g>{plate.layer()}</g>',
                                           f' role="img" aria-label="{escape(told)}"'))
                 for plate, told in zip(figure.plates, figure.alternatives, strict=True)}
        return Markup(self.exporter.environment.get_template("panel.html.j2").render(
            panel=panel, number=self.panels, columns=figure.columns, drawn=drawn, stand=stand(panel.settings),
            readout=figure.readout, packed=packed))

    def told(self, states):
        """Tell of a long export how far it is."""
        for done, texts in enumerate(states, start=1):
            yield texts
            if done % 1000 == 0:
                self.exporter.log.info("%s: panel %d, %d states drawn", self.name, self.panels + 1, done)


def _plain(text, kind):
    return Markup('<pre class="{}">{}</pre>').format(kind, strip_ansi(str(text)).rstrip("\n"))


def _image(kind, data, told):
    return Markup('<div class="output"><img alt="{}" src="data:{};base64,{}"></div>').format(told, kind, data)


def _style():
    """The one style sheet, with the colours of code in light and dark."""
    light, dark = (HtmlFormatter(style=name).get_token_style_defs(".highlight") for name in ("xcode", "lightbulb"))
    return Markup("\n".join([(HERE / "style.css").read_text(encoding="utf-8"), *light,
                             "@media screen and (prefers-color-scheme: dark) {", *dark, "}\n"]))


def _hash(text):
    """The name by which a content-security policy allows a script or style of this text."""
    return Markup("'sha256-{}'").format(b64encode(sha256(text.encode()).digest()).decode())
