"""Handouts as files: what is in them, what is not, and what cannot be exported."""

import itertools
import json
import re
import sys
from html import unescape
from urllib.parse import quote

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbconvert.exporters import HTMLExporter
from nbconvert.nbconvertapp import NbConvertApp
from nbconvert.preprocessors import ExecutePreprocessor
from nbconvert.utils.exceptions import ConversionException
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from traitlets import TraitError
from traitlets.config import Config

from course_lib.figures import DescentFigure
from course_lib.handout import HandoutExporter
from course_lib.handout.folds import ANSWERS
from course_lib.jupyter import outputs
from course_lib.live.packing import pack
from course_lib.live.states import SettingsGrid
from helpers import handouts, hostile, kinds
from helpers.drawn import unpacked
from helpers.handouts import BOX, FOLD, asked, assert_inert, page_of, panel, tags_of, told
from helpers.lessons import LESSONS, every_lesson

ASK = "from course_lib.questions import ask\nask('1.1')"
PLOT = "from course_lib.figures import DescentFigure\nfrom course_lib.live import explore\n"


def words_of(path):
    """A lesson without its code, which is exported in no time."""
    cells = nbformat.read(path, as_version=4).cells
    return new_notebook(cells=[cell for cell in cells if cell.cell_type == "markdown"])


def without_panels(path):
    """A lesson without its panels, which take longest."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [one for one in cell.outputs if outputs.PANEL not in one.get("data", {})]
    return notebook


def with_panel(description):
    output = handouts.displayed(outputs.PANEL, description)
    output.data["text/plain"] = "a panel"
    return new_notebook(cells=[new_markdown_cell("# Title"), new_code_cell("x", outputs=[output])])


def run(*arguments):
    """Run the command that makes handouts."""
    app = NbConvertApp()
    app.initialize(["--to", "handout", *arguments])
    app.start()


INTO = ["--output-dir", "../made"]
TEXT = st.text(st.sampled_from('0123456789.-eη <>"= d'), max_size=30)
NUMBERS = st.lists(st.integers(-99, 99)).map(lambda numbers: " ".join(map(str, numbers)))
PATH = NUMBERS.map('<path d="M0 0l{}"/>'.format)


@settings(deadline=None)
@given(st.lists(st.lists(TEXT | PATH, min_size=1, max_size=4), max_size=12))
def test_what_is_packed_can_be_unpacked(states):
    assert unpacked(pack(states)) == states


@every_lesson
def test_plain_html_shows_every_picture_and_no_empty_widget(path):
    page, _ = HTMLExporter().from_filename(path)
    stored = json.dumps(nbformat.read(path, as_version=4))
    assert page.count('src="data:image/svg+xml') == stored.count('src=\\"data:image/svg+xml') > 0
    assert "widget-view" not in page


def test_plain_html_shows_them_where_nbconvert_runs_the_cells():
    """As `--to html --execute` does, which stores the state of the widgets too."""
    plotted = "explore(DescentFigure(), rate=(0.1, 0.2))"
    displayed = f"from IPython.display import display\ndisplay({plotted})"
    notebook = new_notebook(cells=[*map(new_code_cell, (PLOT + plotted, displayed, ASK))])
    page, _ = HTMLExporter().from_notebook_node(ExecutePreprocessor().preprocess(notebook)[0])
    shown = re.findall("<img |<summary>w becomes smaller", page)
    assert shown == [*["<img "] * 4, "<summary>w becomes smaller"]  # a panel has two pictures
    assert f'<script type="{outputs.WIDGET_VIEW}">' not in page


def test_a_page_allows_its_own_style_and_script_only():
    notebook = without_panels(LESSONS[3])
    notebook.cells.append(new_code_cell(outputs=[panel()] * 2))
    page = page_of(notebook)
    tags = tags_of(page)
    names = [tag for tag, _ in tags]
    assert names.count("img") > 0
    assert ("div", {"dir": "ltr", "class": "pictures"}) in tags
    assert [*map(names.count, ("script", "style", "h1", "title"))] == [1] * 4
    assert re.search(
        r"""Policy" content="default-src 'none'; img-src data:; style-src 'sha256-[\w+/]+='; """
        r"""script-src 'sha256-[\w+/]+='; base-uri 'none'; form-action 'none'">""",
        unescape(page),
    )
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for tag, attributes in tags:
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes)
        assert ("src" in attributes) == (tag == "img")
        if tag == "img":
            assert attributes["alt"]
            assert attributes["src"].startswith("data:image/")


def test_lessons_link_to_one_another_and_have_an_index():
    exporter = HandoutExporter()
    for path in LESSONS:
        resources = {"unique_key": path.stem, "metadata": {"name": path.stem}}
        page, resources = exporter.from_notebook_node(words_of(path), resources)
        tags = tags_of(page)
        links = {attributes["href"] for tag, attributes in tags if tag == "a"}
        ids = {"#" + quote(attributes["id"]) for _, attributes in tags if "id" in attributes}
        handouts = {f"{other.stem}.html" for other in LESSONS if other != path}
        assert len(links & ids) >= 4, path.stem
        assert links - ids, path.stem
        assert {link for link in links - ids if not link.startswith("https://")} <= handouts
    index = resources["outputs"]["index.html"].decode()
    assert re.findall('href="([^"]+html)"', index) == [f"{path.stem}.html" for path in LESSONS]
    assert index.count("<p><strong>What you will do.</strong>") == 4


SIGNS = {r"\eta": "η", r"\kappa": "κ", r"\sigma": "σ", r"\leftarrow": "←", r"\le": "≤"}
SIGNS |= {rf"\{name}": name for name in ("min", "log", "cosh", "tanh")}


@every_lesson
def test_every_formula_is_mathml_in_full(path):
    notebook = words_of(path)
    source = "\n".join(cell.source for cell in notebook.cells)
    formulas = re.findall(r"\$\$?([^$]+)\$\$?", re.sub("(?s)```.*?```|`[^`]*`", "", source))
    made = re.findall(r"(?s)<math.*?</math>", page_of(notebook))
    assert len(made) == len(formulas) > 0
    for formula, mathml in zip(formulas, made, strict=True):
        said = unescape(re.sub("<[^>]*>", "", mathml)).replace("−", "-")
        plain = re.sub(r"\\[A-Za-z]+", lambda name: SIGNS.get(name[0], ""), formula)
        plain = re.sub(r"\\[, ]|[{}^_\s]", "", plain)
        assert re.sub(r"[⋅∇\u2061\s]", "", said) == plain


OWN_INDEX = {"made/index": "", "made/handouts-index": "a b index"}  # the author's page stays
INDEXED = [
    ("one", ["*.ipynb"], {"one/index": "a b"}),
    ("two", ["../one/*.ipynb"], {"one/index": "a b"}),
    ("links", ["*.ipynb"], {"links/index": "a b"}),
    (".", ["one/*.ipynb", "two/*.ipynb"], {"one/index": "a b", "two/index": "c d"}),
    ("one", ["*.ipynb", "../two/c.ipynb", *INTO], {"made/index": "a b c"}),
    ("one", ["*.ipynb", "../three/index.ipynb", *INTO], OWN_INDEX),
    ("one", ["a.ipynb"], {}),
]


@pytest.mark.parametrize(("here", "names", "indexed"), INDEXED)
def test_the_command_writes_an_index_beside_them(tmp_path, monkeypatch, here, names, indexed):
    for name in ("one/a", "one/b", "two/c", "two/d", "three/index"):
        path = tmp_path / f"{name}.ipynb"
        path.parent.mkdir(exist_ok=True)
        nbformat.write(new_notebook(), path)
    (tmp_path / "links").mkdir()
    for one in "ab":
        (tmp_path / "links" / f"{one}.ipynb").symlink_to(f"../one/{one}.ipynb")
    monkeypatch.chdir(tmp_path / here)
    run(*names, "--HandoutExporter.index_title=Mine")
    found = {}
    for page in tmp_path.glob("*/*index.html"):
        links = re.findall(r'href="(\w+).html"', page.read_text())
        assert ("<h1>Mine</h1>" in page.read_text()) == bool(links)
        found[f"{page.parent.name}/{page.stem}"] = " ".join(links)
    assert found == indexed
    made = {page.parent.name for page in tmp_path.glob("*/?.html")}
    assert made == ({name.split("/")[0] for name in indexed} or {"one"})


RULER = {"figure": "RulerFigure", "arguments": {}, "start": {"rate": 0.2}}
TOO_MANY = {**RULER, "controls": [{"name": "rate", "stops": [k / 1e5 for k in range(20_001)]}]}


def test_a_panel_that_cannot_be_shown_stops_the_command(tmp_path, capsys):
    """It says what is wrong, and writes nothing."""
    parts = "a panel's description holds figure, arguments, start, controls"
    many = "a panel that is described may have 20000 states, got 20001"
    for description, wanted in (({"figure": "Evil"}, parts), ("<script>", parts), (TOO_MANY, many)):
        nbformat.write(with_panel(description), tmp_path / "bad.ipynb")
        with pytest.raises(SystemExit, match="1"):
            run(str(tmp_path / "bad.ipynb"))
        assert f"bad, cell 2: ValueError: {wanted}" in capsys.readouterr().err
        assert [path.name for path in tmp_path.iterdir()] == ["bad.ipynb"]


def text_of(html):
    """What a page says, with line breaks as they fall, but for the contents."""
    return unescape(re.sub("(?s)<(script|style|template|nav).*?</\\1>|<[^>]*>", "", html))


@pytest.mark.parametrize("answers", ANSWERS)
def test_answers_are_folded_left_out_or_open(answers):
    notebook = handouts.with_answers()
    page = page_of(notebook, answers=answers)
    said = text_of(page)
    seen = text_of(re.sub("(?s)<details>(<summary>.*?</summary>).*?</details>", r"\1", page))
    assert [text for text in handouts.ASKED if text not in seen] == []
    for text in handouts.ANSWERED:
        assert (text in seen) == (answers == "open"), text
        assert (text in said) == (answers != "none"), text
    assert re.findall(">(Output.*?)<", page) == ["Output" if answers == "open" else FOLD] * 3
    tags = tags_of(page)
    assert (page == page_of(notebook)) == (answers == "folded")  # the default
    assert [attrs for tag, attrs in tags if tag == "figure"] == [{"class": "panel"}]
    folds = {"folded": [{}] * 7, "none": [], "open": [{"open": ""}] * 7}
    assert [attrs for tag, attrs in tags if tag == "details"] == folds[answers]
    assert tags.count(BOX) == (3 if answers == "none" else 0)
    assert tags.count(("p", {"class": "space"})) == (4 if answers == "none" else 0)
    question = handouts.QUESTION
    right = re.findall('<summary>([^<]*)</summary><p class="right">', page)
    assert right == ([question.choices[question.answer]] if answers == "open" else [])
    contents = re.findall('<li><a href="#([^"]*)"', page)
    assert contents == (["Question"] if answers == "none" else ["Question", "Hint"])


def test_a_fold_in_a_fold_is_left_out_with_it():
    inner = "<details><summary>Why</summary>so</details>"
    outer = f"<p>a</p><details>{inner}<summary>Whole</summary>b{inner}</details><p>c</p>"
    cell = f"{outer}<details open>so<img src='data:image/png;base64,'></details>"
    assert "<details>so" in page_of(kinds.notebook(cell))
    page = page_of(kinds.notebook(cell), answers="none").replace(6 * "<br/>", "…")
    space = '<p class="space">{}<br/><br/><br/><br/></p>'
    assert f"<p>a</p>{space}<p>c</p>{space}".format("Whole", "Answer…") in page


def test_answers_may_go_with_their_outputs_and_have_three_kinds():
    with pytest.raises(TraitError, match="'answers' trait of a HandoutExporter instance expected"):
        HandoutExporter(answers="shut")
    without = page_of(handouts.with_answers(), answers="none", exclude_output=True)
    assert without.count('<p class="space">') == 1  # that of the solution in Markdown


@every_lesson
def test_a_sheet_of_a_lesson_holds_no_reply_and_no_solution(path):
    notebook = without_panels(path)
    choices = spaces = 0
    for cell in notebook.cells:
        if cell.cell_type == "code":
            data = [one.get("data", {}) for one in cell.outputs]
            questions = [one["text/html"] for one in data if outputs.QUESTION in one]
            choices += "".join(questions).count("<details>")
            spaces += bool(cell.metadata.get("jupyter") and cell.outputs)
        else:
            spaces += cell.source.count("<details>")
    page = page_of(notebook, answers="none")
    assert "<details" not in page
    assert not re.search("✓ Right|✗ No", page)
    assert page.count('<label class="choice"><input type="checkbox"/> ') == choices >= 9
    assert page.count('<p class="space">') == spaces >= 4
    # JupyterLab saves what was folded and then run as open; other front ends have their own flag.
    flags = itertools.cycle([{}, {"jupyter": {"outputs_hidden": False}}, {"collapsed": True}])
    for cell in notebook.cells:
        if cell.metadata.pop("jupyter", None):
            cell.metadata.update(next(flags))
    assert page_of(notebook, answers="none") == page


FOLDED = [
    (ASK, "in full", "print(2)", [], True),
    (ASK, "in words", "print(2)", [], True),
    (ASK, "", "print(2)", [], True),
    ("import course_lib.questions as q\nq.ask('1.1')", "", "print(2)", [], True),
    ("one = 1", "", "print(2)", ["hide-output"], True),
    (ASK, "in full", "print(ask('1.1').judge(0))", ["hide-output"], True),
    ("reply = client.ask('it')", "", "print(2)", [], False),
    ("def ask(name):\n    return name", "", "print(2)", [], False),
    ("# ask(me)\n1", "", "print(2)", [], False),
    ("task('1.1')", "", "print(2)", [], False),
]


@pytest.mark.parametrize(("asking", "shown", "answering", "tags", "folds"), FOLDED)
def test_what_answers_a_question_is_folded_in_any_notebook(asking, shown, answering, tags, folds):
    question = asked()
    if shown == "in words":
        del question.data["text/html"]
    cells = [
        new_code_cell(asking, outputs=[question] if shown else []),
        new_code_cell("a = 1"),
        new_code_cell(answering, outputs=[told("it is 2")], metadata={"tags": tags}),
        new_code_cell("print(3)", outputs=[told("then 3")]),
    ]
    folded, sheet = (
        page_of(new_notebook(cells=cells), answers=answers) for answers in ("folded", "none")
    )
    assert re.findall(f"(?s){FOLD}.*?(it is 2|then 3)", folded) == ["it is 2"] * folds
    assert ("it is 2" in sheet, "then 3" in sheet) == (not folds, True)


def test_a_fold_ends_with_its_section_and_spares_panels(caplog):
    """An answer that shows a panel folds what stands beside that."""
    alone, beside = new_code_cell(outputs=[panel()]), new_code_cell(outputs=[told("it"), panel()])
    sheet = page_of(new_notebook(cells=[new_code_cell(ASK), alone, beside]), answers="none")
    assert "<pre>it" not in sheet
    later = new_code_cell(outputs=[told("it")])
    cells = [new_code_cell(ASK), new_markdown_cell("So:\n\n## Next"), later]
    assert "<pre>it" in page_of(new_notebook(cells=cells), answers="none")
    warning = "a question has no output: run the notebook first, or export it with --execute"
    assert f"cell 1: {warning}" in caplog.text


def test_answers_are_left_out_where_the_export_runs_the_cells():
    sources = [ASK, "print('it is', 1 + 1)", "print('so', 3)", "print('then', 4)"]
    notebook = new_notebook(cells=[*map(new_code_cell, sources)])
    notebook.cells[2].metadata["tags"] = ["hide-output"]
    config = Config({"ExecutePreprocessor": {"enabled": True}})
    page = page_of(notebook, answers="none", config=config)
    assert [text in page for text in ("it is 2", "so 3", "then 4")] == [False, False, True]


def test_a_figure_of_another_module_is_live_where_it_is_named(tmp_path, monkeypatch, caplog):
    """By the option; what a notebook names is not imported."""
    (tmp_path / "own_figures.py").write_text(
        "from course_lib.figures import DescentFigure\nclass OwnFigure(DescentFigure): pass\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "own_figures", raising=False)
    grid = SettingsGrid(DescentFigure().show(), {"rate": (0.1, 0.2)})
    notebook = with_panel(grid.description() | {"figure": "OwnFigure"})
    page = page_of(notebook)
    assert "own_figures" not in sys.modules
    assert '<figure class="panel">' not in page
    assert "In the notebook this picture has controls." in page
    assert "embed=True)</code> in its cell.</p><pre>a panel</pre>" in page
    assert "Notebook, cell 2: the panel of OwnFigure has no controls here" in caplog.text
    page = page_of(notebook, figures=["course_lib.figures", "own_figures"])
    assert page.count('<figure class="panel">') == 1
    assert len(unpacked(re.search("<template>(.*?)</template>", page)[1])) == 2
    missing = {"figures": ["no_such_module"]}
    with pytest.raises(ConversionException, match="HandoutExporter.figures.*no_such_module"):
        page_of(notebook, **missing)
    assert "<title>Notebook</title>" in page_of(new_notebook(), **missing)  # there is no panel


@pytest.mark.parametrize("answers", ANSWERS)
def test_a_hostile_notebook_leaves_nothing_that_could_act(answers):
    with pytest.warns(UserWarning, match="No lexer found"):  # for the language that it claims
        page = page_of(hostile.notebook(), answers=answers)
    assert_inert(page)
    assert "in place of a script" in page
    assert "&lt;script&gt;" in page
