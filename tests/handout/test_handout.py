"""Handouts as files: what is in them, what is not, and what cannot be exported."""

import json
import re
import subprocess
import sys
from html import unescape
from urllib.parse import quote

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbconvert.exporters import HTMLExporter, get_exporter
from nbconvert.nbconvertapp import NbConvertApp
from nbconvert.preprocessors import ExecutePreprocessor
from nbconvert.utils.exceptions import ConversionException
from traitlets import TraitError
from traitlets.config import Config

from course_lib.figures import SWITCH, DescentFigure, NoisyAverageFigure
from course_lib.handout import HandoutExporter
from course_lib.handout.folds import ANSWERS
from course_lib.jupyter import outputs
from course_lib.live.packing import pack
from course_lib.live.states import SettingsGrid
from course_lib.questions import ask
from helpers import hostile
from helpers.drawn import unpacked
from helpers.handouts import ANSWERED, ASKED, FOLD, QUESTION, Tags, with_answers
from helpers.lessons import LESSONS, every_lesson


def page_of(notebook, **options):
    return HandoutExporter(**options).from_notebook_node(notebook)[0]


def words_of(path):
    """A lesson without its code, which is exported in no time."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    return notebook


def with_panel(description):
    output = nbformat.v4.new_output(
        "display_data", {outputs.PANEL: description, "text/plain": "a panel"}
    )
    return nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# Title"),
            nbformat.v4.new_code_cell("x", outputs=[output]),
        ]
    )


TEXT = st.text(st.sampled_from('0123456789.-eη <>"= d'), max_size=30)
PATH = st.lists(st.integers(-99, 99)).map(
    lambda numbers: f'<path d="M0 0l{" ".join(map(str, numbers))}"/>'
)


@settings(deadline=None)
@given(
    st.integers(1, 4).flatmap(
        lambda n: st.lists(st.lists(TEXT | PATH, min_size=n, max_size=n), max_size=12)
    )
)
def test_what_is_packed_can_be_unpacked(states):
    assert unpacked(pack(states)) == states


def test_states_come_in_the_order_of_the_controls_and_are_those_of_the_figure():
    figure = NoisyAverageFigure()
    grid = SettingsGrid(figure.show(), {"noise": SWITCH, "decay": (0.5, 0.9), "warm_up": SWITCH})
    seen = unpacked(pack(map(grid.texts, range(len(grid)))))
    settings = [
        {"noise": noise, "decay": decay, "warm_up": warm_up}
        for noise in SWITCH
        for decay in (0.5, 0.9)
        for warm_up in SWITCH
    ]
    assert [grid.settings(state) for state in range(len(grid))] == settings
    for state, (texts, one) in enumerate(zip(seen, settings, strict=True)):
        view = figure.show(**one)
        assert texts[:4] == [
            text for drawing in view.drawings for text in (drawing.foreground, drawing.alt)
        ]
        assert texts[4:] == [
            grid.settings_text(state),
            *(text for line in view.readout for text in line),
        ]


def test_the_exporter_is_found_by_its_name():
    assert get_exporter("handout") is HandoutExporter


@every_lesson
def test_the_plain_html_export_shows_every_picture_and_no_empty_widget(path):
    page, _ = HTMLExporter().from_filename(path)
    stored = json.dumps(nbformat.read(path, as_version=4))
    assert page.count('src="data:image/svg+xml') == stored.count('src=\\"data:image/svg+xml') > 0
    assert "widget-view" not in page


@pytest.mark.parametrize(
    "source",
    [
        "from course_lib.figures import DescentFigure\nfrom course_lib.live import explore\n"
        "explore(DescentFigure(), rate=(0.1, 0.2))",
        "from course_lib.questions import ask\nask('1.1')",
        "from course_lib.figures import DescentFigure\nfrom course_lib.live import explore\n"
        "from IPython.display import display\ndisplay(explore(DescentFigure(), rate=(0.1, 0.2)))",
    ],
)
def test_run_by_nbconvert_the_plain_html_export_shows_them_too(source):
    """As `--to html --execute` does, which stores the state of the widgets too."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    page, _ = HTMLExporter().from_notebook_node(ExecutePreprocessor().preprocess(notebook)[0])
    assert 'src="data:image/svg+xml' in page or "<details><summary>w becomes smaller" in page
    assert f'<script type="{outputs.WIDGET_VIEW}">' not in page


def test_a_page_is_whole_and_its_policy_allows_its_own_style_and_script_only():
    page = page_of(nbformat.read(LESSONS[3], as_version=4))
    tags = Tags(page).all
    names = [tag for tag, _ in tags]
    assert (
        names.count("script")
        == names.count("style")
        == names.count("h1")
        == names.count("title")
        == 1
    )
    assert not [
        attrs
        for _, attrs in tags
        if "style" in attrs or any(name.startswith("on") for name in attrs)
    ]
    policy = next(
        attrs["content"]
        for tag, attrs in tags
        if attrs.get("http-equiv") == "Content-Security-Policy"
    )
    assert re.fullmatch(
        r"default-src 'none'; img-src data:; style-src 'sha256-[\w+/]+='; "
        r"script-src 'sha256-[\w+/]+='; base-uri 'none'; form-action 'none'",
        policy,
    )
    ids = [attrs["id"] for _, attrs in tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    for tag, attrs in tags:
        if tag == "img":
            assert attrs["alt"]
            assert attrs["src"].startswith("data:image/")
        assert "src" not in attrs or tag == "img"


@every_lesson
def test_the_lessons_link_to_one_another_and_to_places_in_the_page(path):
    tags = Tags(page_of(words_of(path))).all
    links = {attrs["href"] for tag, attrs in tags if tag == "a"}
    ids = {"#" + quote(attrs["id"]) for _, attrs in tags if "id" in attrs}
    assert {link for link in links if link.startswith("#")} <= ids
    assert len(links & ids) >= 4
    handouts = {other.with_suffix(".html").name for other in LESSONS} - {
        path.with_suffix(".html").name
    }
    assert links - ids
    assert {link for link in links - ids if not link.startswith("https://")} <= handouts


@every_lesson
def test_every_formula_is_mathml_in_full(path):
    notebook = words_of(path)
    source = "\n".join(cell.source for cell in notebook.cells)
    formulas = [
        formula
        for _, formula in re.findall(
            r"(\$\$?)([^$]+)\1", re.sub("(?s)```.*?```|`[^`]*`", "", source)
        )
    ]
    signs = {r"\eta": "η", r"\kappa": "κ", r"\sigma": "σ", r"\leftarrow": "←", r"\le": "≤"}
    made = re.findall(r"(?s)<math.*?</math>", page_of(notebook))
    assert len(made) == len(formulas) > 0
    for formula, mathml in zip(formulas, made, strict=True):
        said = re.sub(
            "[⋅∇\u2061]", "", unescape(re.sub("<[^>]*>", "", mathml)).replace("−", "-")
        ).split()
        plain = re.sub(r"\\[a-z]+", lambda name: signs.get(name[0], name[0]), formula)
        plain = re.sub(r"\\(min|log|cosh|tanh)\b", r"\1", plain)
        plain = re.sub(
            r"\\(nabla|qquad|cdot|left|right|frac|sqrt|text)\b|\\[, ]|[{}^_\s]", "", plain
        )
        assert "".join(said) == plain


def test_a_notebook_that_is_no_lesson_is_exported():
    v4 = nbformat.v4
    png = "iVBORw0KGgo="
    outputs = [
        v4.new_output("stream", text="told\n"),
        v4.new_output("display_data", {"image/png": png, "text/plain": "p"}),
        v4.new_output(
            "execute_result", {"text/html": "<style>b {}</style><table><tr><td>7</td></tr></table>"}
        ),
        v4.new_output("error", ename="E", evalue="", traceback=["\x1b[31mE: no\x1b[0m"]),
    ]
    page = page_of(
        v4.new_notebook(
            cells=[
                v4.new_markdown_cell(
                    "no heading, $\\alpha < 2$, [next](two%20b.ipynb#x), ![a](attachment:a.png)",
                    attachments={"a.png": {"image/png": png}},
                ),
                v4.new_markdown_cell("## Same\n## Same\n$a_$"),
                v4.new_code_cell("%time f(x)", outputs=outputs),
            ]
        )
    )
    for part in (
        "<title>Notebook</title>",
        "<mi>α</mi><mo>&lt;</mo>",
        'href="two%20b.html#x"',
        "told",
        "<td>7</td>",
        f'<img alt="p" src="data:image/png;base64,{png}"',
        f'<img alt="a" src="data:image/png;base64,{png}"',
        '<span class="ansi-red-fg">E: no</span>',
        'id="Same"',
        'id="Same-1"',
        "<code>a_</code>",
    ):
        assert part in page, part
    assert "<script" not in page
    assert "b {}" not in page


def test_a_drawing_with_an_error_is_named_in_its_place_and_in_a_warning(caplog):
    html = "<svg viewBox='0 0 1 1'><path d='M0 0'></svg><p>after it</p>"
    page = page_of(
        nbformat.v4.new_notebook(
            cells=[
                nbformat.v4.new_code_cell(
                    "x", outputs=[nbformat.v4.new_output("display_data", {"text/html": html})]
                )
            ]
        )
    )
    assert "Here the notebook shows a drawing that a handout cannot hold." in page
    assert "after it" in page
    assert (
        "Notebook, cell 1: a drawing is left out: its SVG has an error, mismatched tag"
        in caplog.text
    )


def test_flags_of_nbconvert_leave_out_what_they_name():
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell(
                "asked", outputs=[nbformat.v4.new_output("stream", text="answered")]
            )
        ]
    )
    assert [word in page_of(notebook) for word in ("asked", "answered")] == [True, True]
    page = HandoutExporter(exclude_input=True).from_notebook_node(notebook)[0]
    assert [word in page for word in ("asked", "answered")] == [False, True]
    page = HandoutExporter(exclude_output=True).from_notebook_node(notebook)[0]
    assert [word in page for word in ("asked", "answered")] == [True, False]


def test_several_handouts_have_an_index_and_one_has_none():
    exporter = HandoutExporter()
    for number, path in enumerate(LESSONS):
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            cell.outputs = []
        _, resources = exporter.from_notebook_node(
            notebook, {"unique_key": path.stem, "metadata": {"name": path.stem}}
        )
        assert ("index.html" in resources.get("outputs", {})) == (number > 0)
    index = resources["outputs"]["index.html"].decode()
    assert re.findall('href="([^"]+html)"', index) == [
        path.with_suffix(".html").name for path in LESSONS
    ]
    assert index.count("<p><strong>What you will do.</strong>") == 4


@pytest.mark.parametrize(
    ("here", "names", "indexed"),
    [
        ("one", ["*.ipynb"], {"one": "ab"}),
        ("two", ["../one/*.ipynb"], {"one": "ab"}),
        ("links", ["*.ipynb"], {"links": "ab"}),
        (".", ["one/*.ipynb", "two/*.ipynb"], {"one": "ab", "two": "cd"}),
        ("one", ["*.ipynb", "../two/c.ipynb", "--output-dir", "../made"], {"made": "abc"}),
        ("one", ["a.ipynb"], {}),
    ],
)
def test_the_command_works_in_any_folder_and_an_index_lies_beside_its_handouts(
    tmp_path, monkeypatch, here, names, indexed
):
    for name in "ab", "cd":
        folder = tmp_path / {"ab": "one", "cd": "two"}[name]
        folder.mkdir()
        for one in name:
            nbformat.write(nbformat.v4.new_notebook(), folder / f"{one}.ipynb")
    (tmp_path / "links").mkdir()
    for one in "ab":
        (tmp_path / "links" / f"{one}.ipynb").symlink_to(f"../one/{one}.ipynb")
    monkeypatch.chdir(tmp_path / here)
    app = NbConvertApp()
    app.initialize(["--to", "handout", *names])
    app.start()
    assert {
        page.parent.name: "".join(re.findall(r'href="(\w).html"', page.read_text()))
        for page in tmp_path.glob("*/index.html")
    } == indexed
    made = {page.parent.name for page in tmp_path.glob("*/?.html")}
    assert made == set(indexed) or (made, indexed) == ({"one"}, {})


def text_of(html):
    """What a page says, with line breaks as they fall, but for the contents."""
    return unescape(re.sub("(?s)<(script|style|template|nav).*?</\\1>|<[^>]*>", "", html))


@pytest.mark.parametrize("answers", ANSWERS)
def test_answers_are_folded_left_out_or_open(answers):
    page = page_of(with_answers(), answers=answers)
    said = text_of(page)
    seen = text_of(re.sub("(?s)<details>(<summary>.*?</summary>).*?</details>", r"\1", page))
    for text in ASKED:
        assert text in seen, text
    for text in ANSWERED:
        assert (text in seen) == (answers == "open"), text
        assert (text in said) == (answers != "none"), text
    assert (seen.count("Output"), seen.count(FOLD)) == (3, 0 if answers == "open" else 3)
    tags = Tags(page).all
    assert [attrs for tag, attrs in tags if tag == "figure"] == [{"class": "panel"}]
    assert [attrs for tag, attrs in tags if tag == "details"] == {
        "folded": [{}] * 7,
        "none": [],
        "open": [{"open": ""}] * 7,
    }[answers]
    assert tags.count(("input", {"type": "checkbox"})) == (3 if answers == "none" else 0)
    assert tags.count(("p", {"class": "space"})) == (4 if answers == "none" else 0)
    right = re.findall('<summary>([^<]*)</summary><p class="right">', page)
    assert right == ([QUESTION.choices[QUESTION.answer]] if answers == "open" else [])
    contents = re.findall('<li><a href="#([^"]*)"', page)
    assert contents == (["Question"] if answers == "none" else ["Question", "Hint"])


def test_a_fold_in_a_fold_is_left_out_with_it():
    inner = "<details><summary>Why</summary>so</details>"
    cell = f"<p>a</p><details>{inner}<summary>Whole</summary>b{inner}</details><p>c</p>{inner}"
    page = page_of(
        nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(cell)]), answers="none"
    )
    assert ('<p>a</p><p class="space">Why…</p><p>c</p><p class="space">Why…</p>') in re.sub(
        "(<br/>)+", "…", page
    )


def test_answers_are_folded_unless_the_option_says_otherwise():
    notebook = with_answers()
    assert page_of(notebook) == page_of(notebook, answers="folded")
    with pytest.raises(
        TraitError, match="The 'answers' trait of a HandoutExporter instance expected any of"
    ):
        HandoutExporter(answers="shut")


def test_where_outputs_are_left_out_so_is_the_space_for_them():
    assert (
        page_of(with_answers(), answers="none", exclude_output=True).count('<p class="space">') == 1
    )


@every_lesson
def test_a_sheet_of_a_lesson_holds_no_reply_and_no_solution(path):
    notebook = nbformat.read(path, as_version=4)
    choices = spaces = 0
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [
                output for output in cell.outputs if outputs.PANEL not in output.get("data", {})
            ]
            questions = [
                output for output in cell.outputs if outputs.QUESTION in output.get("data", {})
            ]
            choices += sum(output.data["text/html"].count("<details>") for output in questions)
            spaces += bool(cell.metadata.get("jupyter") and cell.outputs)
        else:
            spaces += cell.source.count("<details>")
    page = page_of(notebook, answers="none")
    assert "<details" not in page
    assert not re.search("✓ Right|✗ No", page)
    assert page.count('<label class="choice"><input type="checkbox"/> ') == choices >= 9
    assert page.count('<p class="space">') == spaces >= 4


def opened(metadata):
    """As JupyterLab saves what was folded and then run."""
    metadata.pop("jupyter", None)


def not_folded(metadata):
    metadata["jupyter"] = {"outputs_hidden": False}


def folded_in_a_classic_notebook(metadata):
    if metadata.pop("jupyter", None):
        metadata["collapsed"] = True


@every_lesson
@pytest.mark.parametrize("front_end", [opened, not_folded, folded_in_a_classic_notebook])
def test_answers_are_known_by_what_they_are_and_not_by_a_fold(path, front_end):
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [
                output for output in cell.outputs if outputs.PANEL not in output.get("data", {})
            ]
    pages = [page_of(notebook, answers=answers) for answers in ANSWERS]
    for cell in notebook.cells:
        front_end(cell.metadata)
    assert [page_of(notebook, answers=answers) for answers in ANSWERS] == pages


@pytest.mark.parametrize(
    "changed",
    [
        lambda asking, answering: None,
        lambda asking, answering: asking.update(outputs=[]),
        lambda asking, answering: (
            asking.update(outputs=[], source="one = 1", execution_count=None)
            or answering.metadata.update(tags=["hide-output"])
        ),
        lambda asking, answering: asking.outputs[0].data.pop("text/html"),
        lambda asking, answering: asking.update(
            outputs=[], source="import course_lib.questions as q\nq.ask('1.1')"
        ),
        lambda asking, answering: (
            answering.update(source="print(ask('1.1').judge(0))")
            or answering.metadata.update(tags=["hide-output"])
        ),
    ],
    ids=[
        "as it is",
        "question cleared",
        "tag alone",
        "question in words",
        "by another name",
        "an answer that asks",
    ],
)
def test_what_answers_a_question_is_folded_in_a_notebook_of_somebody_else(changed):
    v4 = nbformat.v4
    question = {
        kind: data
        for kind, data in ask("1.1")._repr_mimebundle_().items()
        if kind != outputs.WIDGET_VIEW
    }
    cells = [
        v4.new_code_cell(
            "from course_lib.questions import ask\nask('1.1')",
            outputs=[v4.new_output("display_data", question)],
        ),
        v4.new_code_cell("a = 1"),
        v4.new_code_cell("print(2)", outputs=[v4.new_output("stream", text="it is 2")]),
        v4.new_code_cell("print(3)", outputs=[v4.new_output("stream", text="then 3")]),
    ]
    changed(cells[0], cells[2])
    folded, sheet = (
        page_of(v4.new_notebook(cells=cells), answers=answers) for answers in ("folded", "none")
    )
    assert re.findall(f"(?s){FOLD}.*?(it is 2|then 3)", folded) == ["it is 2"]
    assert "it is 2" not in sheet
    assert "then 3" in sheet


def test_a_fold_ends_with_its_section_and_is_of_text_beside_a_panel_too(caplog):
    """An answer that shows a panel folds what stands beside that."""
    v4 = nbformat.v4
    panel = SettingsGrid(NoisyAverageFigure().show(), {"noise": SWITCH}).description()
    told = v4.new_output("stream", text="told")
    alone, beside = (
        v4.new_code_cell(
            "p",
            outputs=[
                *others,
                v4.new_output("display_data", {outputs.PANEL: panel, "text/plain": "p"}),
            ],
        )
        for others in ([], [told])
    )
    asking = v4.new_code_cell("from course_lib.questions import ask\nask('1.1')")
    assert "told" not in page_of(v4.new_notebook(cells=[asking, alone, beside]), answers="none")
    later = v4.new_code_cell("x", outputs=[told])
    page = page_of(
        v4.new_notebook(cells=[asking, v4.new_markdown_cell("So:\n\n## Next"), later]),
        answers="none",
    )
    assert "told" in page
    assert (
        "cell 1: a question has no output: run the notebook first, or export it with --execute"
        in caplog.text
    )


@pytest.mark.parametrize(
    "source",
    [
        "reply = client.ask('hello')",
        "def ask(name):\n    return name",
        "# ask(me)\n1",
        "task('1.1')",
    ],
)
def test_what_only_looks_like_a_question_folds_nothing(source):
    v4 = nbformat.v4
    cells = [
        v4.new_code_cell(source),
        v4.new_code_cell("2", outputs=[v4.new_output("stream", text="it is 2")]),
    ]
    assert "it is 2" in page_of(v4.new_notebook(cells=cells), answers="none")


def test_answers_are_left_out_also_where_the_export_runs_the_cells():
    cells = [
        nbformat.v4.new_code_cell("from course_lib.questions import ask\nask('1.1')"),
        nbformat.v4.new_code_cell("print('it is', 1 + 1)"),
        nbformat.v4.new_code_cell("print('so', 3)", metadata={"tags": ["hide-output"]}),
        nbformat.v4.new_code_cell("print('then', 4)"),
    ]
    config = Config({"ExecutePreprocessor": {"enabled": True}})
    page = page_of(nbformat.v4.new_notebook(cells=cells), answers="none", config=config)
    assert [text in page for text in ("it is 2", "so 3", "then 4")] == [False, False, True]


def test_a_class_of_the_author_s_is_no_fold_of_ours():
    html = (
        '<div class="collapsed">one</div><div '
        'class="collapsed">two</div><details><summary>a</summary>b</details>'
    )
    page = page_of(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(html)]))
    assert re.findall(">(one|two)<", page) == ["one", "two"]


@pytest.mark.parametrize(
    "mark",
    ["&#xe000;0&#xe001;", "\ue0000\ue001", '<place n="0"></place>', "<no-formula>0</no-formula>"],
)
def test_an_author_cannot_make_a_place_that_is_filled(mark):
    title = mark.replace('"', "&quot;")
    page = page_of(
        nbformat.v4.new_notebook(
            cells=[
                nbformat.v4.new_markdown_cell(
                    f'# $x$\n\n<p title="{title}">left{mark}right</p><nav></nav>\n\n## More'
                )
            ]
        )
    )
    assert re.search(r"left[\ue000]?0?[\ue001]?right", page)
    assert page.count("<math>") == 1  # that of the title
    assert page.count("<nav") == 1
    assert not re.search('title="[^"]*<', page)


@pytest.mark.parametrize(
    ("description", "message"),
    [
        ("<script>", "Notebook, cell 2: ValueError: a panel's description holds"),
        (
            {
                "figure": "RulerFigure",
                "arguments": {},
                "start": {"rate": 0.2},
                "controls": [{"name": "rate", "stops": [k / 1e5 for k in range(20_001)]}],
            },
            (
                "Notebook, cell 2: ValueError: a panel that is described may have 20000 states, "
                "got "
                "20001"
            ),
        ),
    ],
)
def test_a_description_that_cannot_be_shown_stops_the_export_and_is_named(description, message):
    with pytest.raises(ConversionException, match=re.escape(message)):
        page_of(with_panel(description))


@pytest.fixture
def own_panel(tmp_path, monkeypatch):
    """A notebook with a panel of a figure that a module `own_figures` holds, which can be imported."""
    (tmp_path / "own_figures.py").write_text(
        "from course_lib.figures import DescentFigure\nclass OwnFigure(DescentFigure): pass\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "own_figures", raising=False)
    grid = SettingsGrid(DescentFigure().show(), {"rate": (0.1, 0.2)})
    return with_panel(grid.description() | {"figure": "OwnFigure"})


def test_a_figure_of_one_s_own_module_is_live_where_the_option_names_the_module(own_panel):
    page = page_of(own_panel, figures=["course_lib.figures", "own_figures"])
    assert page.count('<figure class="panel">') == 1
    assert len(unpacked(re.search("<template>(.*?)</template>", page)[1])) == 2


def test_without_the_option_no_module_is_imported_and_the_stored_picture_is_shown(
    own_panel, caplog
):
    page = page_of(own_panel)
    assert "own_figures" not in sys.modules
    assert '<figure class="panel">' not in page
    assert "In the notebook this picture has controls." in page
    assert "<pre>a panel</pre>" in page
    assert "Notebook, cell 2: the panel of OwnFigure has no controls here" in caplog.text


def test_a_module_that_is_missing_is_named_with_the_option_and_only_where_a_panel_is(own_panel):
    options = {"figures": ["no_such_module"]}
    with pytest.raises(ConversionException, match="HandoutExporter.figures.*no_such_module"):
        page_of(own_panel, **options)
    assert page_of(nbformat.v4.new_notebook(), **options)


def test_the_command_says_what_is_wrong_and_writes_nothing(tmp_path):
    nbformat.write(with_panel({"figure": "Evil"}), tmp_path / "bad.ipynb")
    run = subprocess.run(
        [sys.executable, "-m", "jupyter", "nbconvert", "--to", "handout", tmp_path / "bad.ipynb"],
        capture_output=True,
        text=True,
    )
    assert run.returncode == 1
    assert (
        "bad, cell 2: ValueError: a panel's description holds figure, arguments, start, controls"
        in run.stderr
    )
    assert [path.name for path in tmp_path.iterdir()] == ["bad.ipynb"]


@pytest.mark.filterwarnings("ignore:No lexer found")  # for the language that it claims to be in
@pytest.mark.parametrize("answers", ANSWERS)
def test_a_hostile_notebook_leaves_no_tag_or_attribute_that_could_act(answers):
    page = page_of(hostile.notebook(), answers=answers)
    tags = [
        one for one in Tags(page).all if one != ("input", {"type": "checkbox"})
    ]  # a choice on a sheet
    assert not {tag for tag, _ in tags} & {
        "script",
        "iframe",
        "object",
        "embed",
        "base",
        "form",
        "input",
        "button",
        "svg",
        "video",
        "template",
        "foreignobject",
        "mglyph",
    }
    for tag, attrs in tags:
        assert not [
            name
            for name in attrs
            if name.startswith("on") or name in ("style", "action", "formaction")
        ]
        assert attrs.get("src", "data:image/").startswith("data:image/")
        if tag == "a":
            assert re.match("https?:|mailto:|#|[^:]*$", attrs.get("href", "")), attrs
        if tag == "link":
            assert attrs == {"rel": "icon", "href": "data:,"}
    assert "in place of a script" in page
    assert "&lt;script&gt;" in page
