"""Handouts: `jupyter nbconvert --to handout notebooks/*.ipynb --output-dir handouts`.

Each notebook becomes one HTML file that works without kernel and network: nbconvert's HTML without
scripts.  A panel is made again from its stored description.  Each state that its controls can reach
is drawn by the same figure and packed into the page.
"""

import re
import time
from base64 import b64encode
from collections.abc import Iterable, Iterator
from copy import deepcopy
from functools import cached_property
from hashlib import sha256
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from nbconvert.exporters import HTMLExporter
from nbconvert.filters import ansi2html
from nbconvert.utils.exceptions import ConversionException
from nbformat import NotebookNode
from traitlets import Enum, List, Unicode
from traitlets.config import Config

from course_lib.handout import folds, markdown
from course_lib.handout.fragment import Fragment
from course_lib.handout.outputs import SHOWN, choose, keep_still
from course_lib.handout.page import CONTENTS, Page, number_of
from course_lib.handout.style import STYLE
from course_lib.jupyter.outputs import PANEL, QUESTION, collapse_answers, lacks_question
from course_lib.live.embedded import stored
from course_lib.live.figure import Figure, figures_in, format_stop
from course_lib.live.html import PLAYER_JS, player_html, script
from course_lib.live.packing import pack
from course_lib.live.states import SettingsGrid

HERE = Path(__file__).parent
SCRIPT = PLAYER_JS + script(HERE / "page.js")


class HandoutExporter(HTMLExporter):
    """Exports a notebook as a handout; for several notebooks at once it also makes an index.

    Raises nbconvert's ConversionException, which names notebook and cell, where a panel cannot be
    made from its description.  Anything else that a page cannot hold is named in the page and in a
    warning.
    """

    export_from_notebook = "Handout (HTML that stays alive)"  # in the menus of JupyterLab
    answers = Enum(
        folds.ANSWERS,
        folds.FOLDED,
        config=True,
        help="Replies, solutions and collapsed outputs are: folded; none, left out for a sheet, with "
        "space to write; open, for a key.",
    )
    index_title = Unicode(
        config=True,
        help="The title of the index; without it, it is the course's name in the metadata of the "
        "first notebook that has one, or 'Handouts'.",
    )
    figures = List(
        Unicode(),
        ["course_lib.figures"],
        config=True,
        help="The modules whose Figure classes a panel may show without embed=True.  They are "
        "imported; what a notebook names never is.",
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.register_preprocessor(self._prepare)  # the last one
        self._listed: dict[str, dict[str, dict[str, Any]]] = {}  # by the folder of the pages

    @property
    def default_config(self) -> Config:
        """Show the richest representation without a script, no prompts, and cleaned HTML."""
        config: Config = super().default_config.copy()
        own = {
            "NbConvertBase": {"display_data_priority": list(SHOWN)},
            "CoalesceStreamsPreprocessor": {"enabled": True},
            # For --execute: without it the kernel warns that anybody could listen.
            "KernelManager": {"transport_encryption": "auto"},
            "HandoutExporter": {
                "template_name": "handout",
                "extra_template_basedirs": [str(HERE / "templates")],
                "exclude_input_prompt": True,
                "exclude_output_prompt": True,
                "exclude_output_stdin": False,
                "sanitize_html": True,
            },
        }
        config.merge(Config(own))
        return config

    def default_filters(self) -> Iterable[tuple[str, Any]]:
        yield from super().default_filters()
        yield from {
            "ansi2html": _ansi2html,
            "clean_html": _clean_html,
            "by_fold": _by_fold,
            "fold": lambda html, is_fold: (
                folds.show_outputs(html, self.answers) if is_fold else html
            ),
            "panel": self._panel,
            "format_stop": format_stop,
        }.items()

    def _create_environment(self) -> Environment:
        environment = super()._create_environment()
        environment.globals |= {"PANEL": PANEL, "QUESTION": QUESTION}
        return environment

    def from_notebook_node(  # type: ignore[override]  # as TemplateExporter does
        self, nb: NotebookNode, resources: Any = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the page and the resources; the index, if there is one, is among their outputs."""
        nb = deepcopy(nb)
        for number, cell in enumerate(nb.cells, start=1):
            cell.metadata["handout_number"] = number
        cells, resources = super().from_notebook_node(nb, resources, **kw)
        page: Page = resources.pop("page")
        page.warn_of_missing_alts()
        style, fill = page.filling()
        before, _, after = cells.rpartition(CONTENTS)
        title, contents = page.title_and_contents()
        html = self._render(
            "page",
            resources,
            style=f"{STYLE}\n{style}",
            script=SCRIPT if page.pictures else "",
            title=title,
            contents=contents,
            before=Markup(before),
            after=Markup(after),
            file=page.name,
        )
        listed = {
            "title": Markup(fill(title.html)),
            "line": Markup(fill(page.line or "")),
            "pictures": page.pictures[-1:],
            "course": nb.metadata.get("course"),
        }
        self._list(resources, page.name, listed)
        return fill(html), resources

    def _list(self, resources: dict[str, Any], name: str, listed: dict[str, Any]) -> None:
        """List a notebook in the index of its folder; no page of a notebook has the same name."""
        metadata = resources["metadata"]
        # nbconvert cannot write an index into a folder without a name.
        metadata["path"] = metadata.get("path") or "."
        into = self.config.get("FilesWriter", {}).get("build_directory") or metadata["path"]
        handouts = self._listed.setdefault(str(Path(into).resolve()), {})
        handouts[resources.get("unique_key", name)] = listed
        if len(handouts) < 2:
            return
        notebooks = Path(metadata["path"]).glob("*.ipynb")
        taken = {name.lower() for name in handouts} | {path.stem.lower() for path in notebooks}
        index = "index"
        while index in taken:
            index = f"handouts-{index}"
        courses = (one["course"] for one in handouts.values() if one["course"])
        title = {"text": self.index_title or next(courses, "Handouts")}
        html = self._render("list", resources, style=STYLE, handouts=handouts, title=title)
        outputs = dict(resources.get("outputs") or {})
        resources["outputs"] = outputs | {f"{index}.html": html.encode()}

    def _render(self, name: str, resources: dict[str, Any], **values: Any) -> str:
        template = self.environment.get_template(f"{name}.html.j2")
        return str(template.render(resources=resources, policy_hash=_policy_hash, **values))

    def _prepare(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Choose what a page can show of each output; name what it cannot show."""
        metadata = resources["metadata"]
        folders = [Path(metadata.get("path") or "."), Path()]
        name = metadata.get("name") or "Notebook"
        page = resources["page"] = Page(name, nb, folders, self.answers, self.log.warning)
        collapse_answers(nb)  # here, after --execute; a front end may have opened them
        for cell in nb.cells:
            if lacks_question(cell):
                page.warn(
                    cell,
                    "a question has no output: run the notebook first, or export it with --execute",
                )
            if not (self.exclude_output or self.exclude_code_cell):
                for output in cell.get("outputs", []):
                    if output.output_type in ("display_data", "execute_result"):
                        if not self._is_known(output.get("data", {}).get(PANEL)):
                            keep_still(page, output, cell)
                        choose(page, output, cell)
            kind = cell.metadata.get("raw_mimetype") if cell.cell_type == "raw" else None
            if not self.exclude_raw and kind not in (None, "", "text/html", "text/markdown"):
                page.warn(cell, f"a raw cell is left out, as it is for {kind} only")
        return nb, resources

    @pass_context
    def markdown2html(self, context: Context, source: str) -> str:
        return markdown.html(source)

    @pass_context
    def _panel(self, context: Context, description: Any) -> str:
        """Return the place of a panel with all its states."""
        page, cell = context["resources"]["page"], context["cell"]
        figures, began = self._known_figures, time.perf_counter()
        states: Iterable[list[str]]
        try:
            if "states" in description:
                grid, states = stored(description)
            else:
                grid = SettingsGrid.from_description(description, figures)
                states = map(grid.texts, range(len(grid)))
            packed = pack(states)
            page.pictures.append(grid.view(grid.first).drawings[0])
            html = self._render(
                "panel",
                {},
                grid=grid,
                number=len(page.pictures),
                player=Markup(player_html(grid, grid.first, " hidden")),
                packed=packed,
            )
        except Exception as error:
            where = f"{page.name}, cell {number_of(cell)}"
            raise ConversionException(f"{where}: {type(error).__name__}: {error}") from error
        made = f"a panel of {len(grid)} states, drawn in {time.perf_counter() - began:.1f} s"
        self.log.info("%s, cell %d: %s", page.name, number_of(cell), made)
        return str(page.place(cell, Markup(html)))

    def _is_known(self, description: Any) -> bool:
        """Whether a panel can show all its states, or will raise, as its description is wrong."""
        match description:
            case {"function": str()}:
                return False
            case {"figure": str(name), "arguments": dict(), "start": dict(), "controls": list()}:
                return name in self._known_figures
        return True

    @cached_property
    def _known_figures(self) -> dict[str, type[Figure]]:
        """The Figure classes, by name, of the modules that the option names."""
        known: dict[str, type[Figure]] = {}
        for name in self.figures:
            try:
                known |= figures_in(import_module(name))
            except ImportError as error:
                raise ConversionException(f"HandoutExporter.figures: {error}") from error
        return known


@pass_context
def _clean_html(context: Context, html: str, in_question: bool = False) -> str:
    page = context["resources"]["page"]
    return Fragment(page, html, context.get("cell", {}), in_question).cleaned()


def _by_fold(cell: NotebookNode) -> Iterator[tuple[bool, Iterator[NotebookNode]]]:
    """Group consecutive outputs of a cell by whether they fold; panels never do."""
    jupyter = cell.metadata.get("jupyter", {})
    hidden = bool(jupyter.get("outputs_hidden") or cell.metadata.get("collapsed"))
    return groupby(
        cell.outputs, lambda output: hidden and not {PANEL, QUESTION} & set(output.get("data", {}))
    )


def _ansi2html(text: str) -> str:
    """Return the text of a terminal with its eight colours as classes; the policy allows no others."""
    # Remove commands to the terminal's window, such as a title or a link.
    commands = re.sub("\x1b\\][^\x07\x1b]*(\x07|\x1b\\\\)", "", str(text))
    return re.sub(' style="[^"]*"', "", ansi2html(commands))


def _policy_hash(text: str) -> str:
    """The name by which a content-security policy allows a script or style of this text."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
