"""Handouts: `jupyter nbconvert --to handout notebooks/*.ipynb --output-dir handouts`.

Each notebook becomes one HTML file that works without kernel and network: nbconvert's HTML, of
which what acts is taken out.  A panel is made again from its stored description, and each state
that its controls can reach is drawn by the same figure and packed into the page.
"""

import json
import re
import time
from base64 import b64encode
from collections.abc import Callable, Iterable
from copy import deepcopy
from hashlib import sha256
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape
from nbconvert.exporters import HTMLExporter
from nbconvert.filters import ansi2html
from nbconvert.utils.exceptions import ConversionException
from nbformat import NotebookNode, from_dict
from pygments.formatters import HtmlFormatter
from traitlets import Enum, Unicode
from traitlets.config import Config

from course_lib.handout import folds, formulas, markdown
from course_lib.handout.fragments import (
    HOLE,
    KANA,
    PRIVATE,
    Fragments,
    Heading,
    drawn_by_script,
    words,
)
from course_lib.handout.pictures import with_namespaces
from course_lib.jupyter.outputs import PANEL, QUESTION, collapse_answers, lacks_question
from course_lib.live.drawing import Drawing
from course_lib.live.figure import figures_in, format_stop
from course_lib.live.html import PLAYER_CSS, PLAYER_JS, player_html
from course_lib.live.packing import pack
from course_lib.live.states import SettingsGrid

HERE = Path(__file__).parent
PICTURES = ("image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp")
# What Python says of an object that has another representation, which is not in the file or cannot
# be shown.
SAYS_NOTHING = re.compile(
    r"<(IPython\.(core|lib)\.display\.\w+( object)?( at 0x\w+)?|Figure size .* Axes)>"
)
CONTENTS = "\ue000contents\ue001"
# A terminal's eight colours on a light and a dark page: each can be read on each of them as a
# background.
LIGHT = "#222222 #a60018 #00611c #6b4800 #0b47a3 #7d177d #005866 #595959"
DARK = "#ababab #ff9f96 #8ad896 #ecca66 #9cc4ff #f3aaf3 #7ddbe6 #e6e6e6"
SHOWN = (
    PANEL,
    QUESTION,
    "text/html",
    "text/markdown",
    "text/latex",
    *PICTURES,
    "text/plain",
)  # as JupyterLab chooses


class HandoutExporter(HTMLExporter):
    """Exports a notebook as a handout; of several in one go it also makes an index, which lists
    them.

    Raises nbconvert's ConversionException, which names notebook and cell, where a description of a
    panel is none that this library would have stored.  What else a page cannot hold is named in the
    page and in a warning.
    """

    export_from_notebook = (
        "Handout (HTML that stays alive)"  # JupyterLab's menu 'Save and Export Notebook As'
    )
    answers = Enum(
        folds.ANSWERS,
        folds.FOLDED,
        config=True,
        help="""
        Replies, solutions and collapsed outputs are: folded; none, left out for a sheet, with space to write; open,
        for a key.""",
    )
    index_title = Unicode(
        config=True,
        help="The title of the index; without it, it is the course's name in the "
        "metadata of the first notebook that has one, or 'Handouts'.",
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.register_preprocessor(self._prepare)  # the last one
        self._listed: dict[str, dict[str, dict[str, Any]]] = {}  # by the folder of the pages

    @property
    def default_config(self) -> Config:
        """Of an output what tells most without a script; no prompts; HTML cleaned."""
        config: Config = super().default_config.copy()
        config.merge(
            Config(
                {
                    "NbConvertBase": {"display_data_priority": list(SHOWN)},
                    "CoalesceStreamsPreprocessor": {"enabled": True},
                    "KernelManager": {
                        "transport_encryption": "auto"
                    },  # of --execute; without it the kernel warns
                    "HandoutExporter": {
                        "template_name": "handout",
                        "extra_template_basedirs": [str(HERE / "templates")],
                        "exclude_input_prompt": True,
                        "exclude_output_prompt": True,
                        "exclude_output_stdin": False,
                        "sanitize_html": True,
                    },
                }
            )
        )
        return config

    def default_filters(self) -> Iterable[tuple[str, Any]]:
        yield from super().default_filters()
        yield from {
            "clean_html": self._clean_html,
            "show_answers": self._show_answers,
            "panel": self._panel,
            "format_stop": format_stop,
            "ansi2html": _ansi2html,
        }.items()

    def _create_environment(self) -> Environment:
        environment: Environment = super()._create_environment()
        environment.globals |= {"PANEL": PANEL, "QUESTION": QUESTION}
        return environment

    def from_notebook_node(  # type: ignore[override]  # as TemplateExporter does
        self, nb: NotebookNode, resources: Any = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the page and the resources; the index, if there is one, is among their outputs."""
        nb = deepcopy(nb)
        nb.metadata.pop(
            "widgets", None
        )  # their states: a page without their scripts has no use for them
        for number, cell in enumerate(nb.cells, start=1):
            cell.metadata["handout_number"] = number
        self._name = PRIVATE.sub(
            "", (resources or {}).get("metadata", {}).get("name") or "Notebook"
        )
        self._pictures: list[Drawing] = []
        self._contents_placed = False
        cells, resources = super().from_notebook_node(nb, resources, **kw)
        soup = BeautifulSoup(cells, "html.parser")
        shown = {tag["id"] for tag in soup.find_all(id=True)}  # not what a sheet lacks
        headings = [heading for heading in self._fragments.headings if heading.id in shown]
        named = PRIVATE.sub("", str(nb.metadata.get("title", self._name)))
        title = next(
            (one for one in headings if one.level == 1), Heading(1, "", named, escape(named))
        )
        contents = [heading for heading in headings if heading is not title]
        if self._fragments.without_alt:
            numbers = ", ".join(map(str, sorted(self._fragments.without_alt)))
            self.log.warning(
                '%s, cells %s: a picture has no alternative text; "alt" in the metadata of its '
                "cell "
                "gives one",
                self._name,
                numbers,
            )
        style, fill = self._filling()
        before, mark, after = cells.partition(CONTENTS)
        page = fill(
            self._render(
                "page",
                resources,
                style=style,
                title=title,
                file=self._name,
                before=Markup(before if mark else ""),
                after=Markup(after if mark else cells),
                contents=[
                    one for one in contents if one.level == min(other.level for other in contents)
                ],
                script=PLAYER_JS + (HERE / "page.js").read_text(encoding="utf-8")
                if self._pictures
                else "",
            )
        )
        first = soup.select_one(".text_cell_render > p")
        self._list(
            resources,
            {
                "title": Markup(fill(title.html)),
                "pictures": self._pictures[-1:],
                "line": Markup(fill(words(first.decode_contents())) if first else ""),
                "course": nb.metadata.get("course", ""),
            },
        )
        return page, resources

    def _list(self, resources: dict[str, Any], listed: dict[str, Any]) -> None:
        """List a notebook in the index of its folder, the file of which is not that of a notebook."""
        metadata = resources.setdefault("metadata", {})
        metadata["path"] = (
            metadata.get("path") or "."
        )  # nbconvert cannot write an index into a folder without a name
        into = self.config.get("FilesWriter", {}).get("build_directory") or metadata["path"]
        handouts = self._listed.setdefault(str(Path(into).resolve()), {})
        handouts[resources.get("unique_key", self._name)] = listed
        notebooks = Path(metadata["path"]).glob("*.ipynb")
        taken = {name.lower() for name in handouts} | {path.stem.lower() for path in notebooks}
        index = "index"
        while index in taken:
            index = f"handouts-{index}"
        if len(handouts) > 1:
            courses = (one["course"] for one in handouts.values() if one["course"])
            page = self._render(
                "list",
                resources,
                style=STYLE,
                handouts=handouts,
                title={"text": self.index_title or next(courses, "Handouts")},
            )
            resources["outputs"] = dict(resources.get("outputs") or {}) | {
                f"{index}.html": page.encode()
            }

    def _render(self, name: str, resources: dict[str, Any], **values: Any) -> str:
        return str(
            self.environment.get_template(f"{name}.html.j2").render(
                resources=resources, policy_hash=_policy_hash, **values
            )
        )

    def _filling(self) -> tuple[str, Callable[[str], str]]:
        """The style of a page, and a function that fills its holes."""
        found = [
            (number, hole)
            for number, hole in self._fragments.holes
            if isinstance(hole, formulas.Formula)
        ]
        made = formulas.convert([formula for _, formula in found])
        for (number, formula), error in zip(found, made.errors, strict=True):
            if error:
                self._warn(number, f"{error} In {formula.latex.strip()[:200]}")
        converted = iter(made.html)
        filling = [
            hole if isinstance(hole, Markup) else next(converted)
            for _, hole in self._fragments.holes
        ]
        return f"{STYLE}\n{made.style}", lambda html: HOLE.sub(
            lambda hole: filling[int(hole[1])], html
        )

    def _warn(self, number: int, text: str) -> None:
        self.log.warning("%s, cell %d: %s", self._name, number, text)

    def _prepare(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Choose of each output what a page can show of it; leave out signs that mean a hole in the
        page.
        """
        text = PRIVATE.sub("", json.dumps(nb, ensure_ascii=False))
        folders = [Path(resources.get("metadata", {}).get("path") or "."), Path()]
        self._fragments = Fragments(
            folders, "ja" if re.search(f"[{KANA}]", text) else "zh", self._warn
        )
        nb = from_dict(json.loads(text))
        collapse_answers(nb)  # whatever a front end has made of it, and after --execute
        for cell in nb.cells:
            if lacks_question(cell):
                self._warn(
                    cell.metadata.handout_number,
                    "a question has no output: run the notebook first, or export it with --execute",
                )
            for output in (
                () if self.exclude_output or self.exclude_code_cell else cell.get("outputs", [])
            ):
                if output.output_type in ("display_data", "execute_result"):
                    self._choose(output, cell)
            kind = (
                cell.metadata.get("raw_mimetype")
                if cell.cell_type == "raw" and not self.exclude_raw
                else None
            )
            if kind not in (None, "", "text/html", "text/markdown"):
                self._warn(
                    cell.metadata.handout_number,
                    f"a raw cell is left out, as it is for {kind} only",
                )
        return nb, resources

    def _choose(self, output: NotebookNode, cell: NotebookNode) -> None:
        number = cell.metadata.handout_number
        data = output.setdefault("data", {})
        plain = str(data.get("text/plain", ""))
        if SAYS_NOTHING.fullmatch(plain):
            plain = ""
            if data.keys() == {"text/plain"}:
                data["text/html"] = ""
        if "image/svg+xml" in data:
            data["image/svg+xml"] = with_namespaces(str(data["image/svg+xml"]))
        # Of what is said of an output only what the page uses: not that it is a page in the page or
        # lies beside it.
        metadata = output["metadata"] = from_dict(
            {
                kind: {name: value for name, value in of.items() if name != "isolated"}
                for kind, of in output.get("metadata", {}).items()
                if isinstance(of, dict)
            }
        )
        metadata.pop("filenames", None)
        if QUESTION in data and "text/html" not in data:
            data["text/html"] = f"<pre>{escape(plain)}</pre>"
        scripted = "text/html" in data and drawn_by_script(str(data["text/html"]))
        if scripted:
            del data["text/html"]
        others = [kind for kind in data if kind not in SHOWN]
        shown = next((kind for kind in SHOWN if kind in data), "")
        if shown in PICTURES:
            of = metadata.setdefault(shown, {})
            known = (
                of.get("alt")
                or cell.metadata.get("alt")
                or ("" if plain.startswith("<") else plain)
            )  # <an object>
            of["alt"] = known or self._fragments.no_alt(number)
        if shown in ("", "text/plain") and (scripted or others or not shown):
            kinds = ", ".join(others) or "text/html"
            self._warn(
                number, f"an output is left out that needs a script or another program: {kinds}"
            )
            data["text/html"] = (
                '<p class="left-out">A handout cannot show this output, which needs a script or '
                f"another program: {escape(kinds)}.</p>"
                + f"<pre>{escape(plain)}</pre>"
                * bool(plain)
            )

    @pass_context
    def markdown2html(self, context: Context, source: str) -> str:
        return markdown.html(source)

    @pass_context
    def _clean_html(self, context: Context, html: str) -> str:
        return self._fragments.clean(html, context.get("cell", {}))

    def _show_answers(self, cell: str) -> str:
        """A cell with its answers as the option says; the contents come after the first that has a
        heading.
        """
        place = self._fragments.headings and not self._contents_placed
        self._contents_placed = bool(self._fragments.headings)
        return folds.show(cell, self.answers) + CONTENTS * bool(place)

    @pass_context
    def _panel(self, context: Context, description: Any) -> str:
        """A place for a panel with all its states."""
        number = context["cell"].metadata.handout_number
        began = time.perf_counter()
        try:
            grid = SettingsGrid.from_description(
                description, figures_in(__import__("course_lib.figures").figures)
            )
            packed = pack(map(grid.texts, range(len(grid))))
        except Exception as error:
            raise ConversionException(
                f"{self._name}, cell {number}: {type(error).__name__}: {error}"
            ) from error
        view = grid.view(grid.first)
        self.log.info(
            "%s, cell %d: a panel of %d states, drawn in %.1f s",
            self._name,
            number,
            len(grid),
            time.perf_counter() - began,
        )
        self._pictures.append(view.drawings[0])
        return self._fragments.hole(
            number,
            Markup(
                self._render(
                    "panel",
                    {},
                    grid=grid,
                    number=len(self._pictures),
                    player=Markup(player_html(grid, grid.first, " hidden")),
                    packed=packed,
                )
            ),
        )


def _ansi2html(text: str) -> str:
    """Text of a terminal with its eight colours as classes; the policy allows no others."""
    commands = re.sub(
        "\x1b\\].*?(\x07|\x1b\\\\)", "", str(text)
    )  # to the terminal's window: a title, a link
    return re.sub(' style="[^"]*"', "", ansi2html(commands))


def _style() -> str:
    """The one style sheet, with the colours of code and of a terminal in light and dark."""
    light, dark = (
        [*HtmlFormatter(style=name).get_token_style_defs(".highlight"), *_terminal(colors)]
        for name, colors in (("xcode", LIGHT), ("lightbulb", DARK))
    )
    return "\n".join(
        [
            PLAYER_CSS,
            (HERE / "style.css").read_text(encoding="utf-8"),
            *light,
            "@media screen and (prefers-color-scheme: dark) {",
            *dark,
            "}\n",
        ]
    )


def _terminal(colors: str) -> Iterable[str]:
    """The rules for a terminal's eight colours; as a background a colour is faint."""
    names = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"]
    for name, color in zip(names, colors.split(), strict=True):
        yield f".ansi-{name}-fg, .ansi-{name}-intense-fg {{ color: {color} }}"
        yield f".ansi-{name}-bg, .ansi-{name}-intense-bg {{ background: {color}26 }}"


def _policy_hash(text: str) -> str:
    """The name by which a content-security policy allows a script or style of this text."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


STYLE = _style()
