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

from course_lib.figures import SWITCH, DescentFigure, NoisyAverageFigure
from course_lib.handout import HandoutExporter
from course_lib.handout.folds import ANSWERS
from course_lib.jupyter import outputs
from course_lib.live.packing import pack
from course_lib.live.states import SettingsGrid
from helpers import handouts, hostile
from helpers.drawn import unpacked
from helpers.handouts import BOX, FOLD, Tags, asked, assert_inert, page_of, panel, told
from helpers.lessons import LESSONS, every_lesson

ASK = "from course_lib.questions import ask\nask('1.1')"
PLOT = "from course_lib.figures import DescentFigure\nfrom course_lib.live import explore\n"


def written(*texts):
    """A notebook of Markdown."""
    return new_notebook(cells=[*map(new_markdown_cell, texts)])


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


TEXT = st.text(st.sampled_from('0123456789.-eη <>"= d'), max_size=30)
NUMBERS = st.lists(st.integers(-99, 99)).map(lambda numbers: " ".join(map(str, numbers)))
PATH = NUMBERS.map('<path d="M0 0l{}"/>'.format)


@settings(deadline=None)
@given(st.lists(st.lists(TEXT | PATH, min_size=1, max_size=4), max_size=12))
def test_what_is_packed_can_be_unpacked(states):
    assert unpacked(pack(states)) == states


def test_states_come_in_the_order_of_the_controls():
    figure = NoisyAverageFigure()
    stops = {"noise": SWITCH, "decay": (0.5, 0.9), "warm_up": SWITCH}
    grid = SettingsGrid(figure.show(), stops)
    seen = unpacked(pack(map(grid.texts, range(len(grid)))))
    for state, one in enumerate(itertools.product(*stops.values())):
        settings = dict(zip(stops, one, strict=True))
        assert grid.settings(state) == settings
        view = figure.show(**settings)
        drawn = [text for one in view.drawings for text in (one.foreground, one.alt)]
        said = [text for line in view.readout for text in line]
        assert seen[state] == [*drawn, grid.settings_text(state), *said]
    assert len(grid) == len(seen) == 8


@every_lesson
def test_plain_html_shows_every_picture_and_no_empty_widget(path):
    page, _ = HTMLExporter().from_filename(path)
    stored = json.dumps(nbformat.read(path, as_version=4))
    assert page.count('src="data:image/svg+xml') == stored.count('src=\\"data:image/svg+xml') > 0
    assert "widget-view" not in page


def test_plain_html_shows_them_where_nbconvert_runs_the_cells():
    """As `--to html --execute` does, which stores the state of the widgets too."""
    plotted = "explore(DescentFigure(), rate=(0.1, 0.2))"
    for source, shown in {
        PLOT + plotted: "<img ",
        f"{PLOT}from IPython.display import display\ndisplay({plotted})": "<img ",
        ASK: "<summary>w becomes smaller",
    }.items():
        notebook = new_notebook(cells=[new_code_cell(source)])
        page, _ = HTMLExporter().from_notebook_node(ExecutePreprocessor().preprocess(notebook)[0])
        assert shown in page, source
        assert f'<script type="{outputs.WIDGET_VIEW}">' not in page, source


def test_a_page_allows_its_own_style_and_script_only():
    page = page_of(nbformat.read(LESSONS[3], as_version=4))
    tags = Tags(page).all
    names = [tag for tag, _ in tags]
    for name in ("script", "style", "h1", "title"):
        assert names.count(name) == 1, name
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
        tags = Tags(page).all
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


@every_lesson
def test_every_formula_is_mathml_in_full(path):
    notebook = words_of(path)
    source = "\n".join(cell.source for cell in notebook.cells)
    formulas = re.findall(r"\$\$?([^$]+)\$\$?", re.sub("(?s)```.*?```|`[^`]*`", "", source))
    made = re.findall(r"(?s)<math.*?</math>", page_of(notebook))
    assert len(made) == len(formulas) > 0
    for formula, mathml in zip(formulas, made, strict=True):
        said = unescape(re.sub("<[^>]*>", "", mathml)).replace("−", "-")
        plain = re.sub(r"\\[a-z]+", lambda name: SIGNS.get(name[0], name[0]), formula)
        plain = re.sub(r"\\(min|log|cosh|tanh)\b", r"\1", plain)
        plain = re.sub(
            r"\\(nabla|qquad|cdot|left|right|frac|sqrt|text)\b|\\[, ]|[{}^_\s]", "", plain
        )
        assert re.sub(r"[⋅∇\u2061\s]", "", said) == plain


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
def test_the_command_writes_an_index_beside_its_handouts(
    tmp_path, monkeypatch, here, names, indexed
):
    for name in ("one/a", "one/b", "two/c", "two/d"):
        path = tmp_path / f"{name}.ipynb"
        path.parent.mkdir(exist_ok=True)
        nbformat.write(new_notebook(), path)
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


def test_the_command_says_what_is_wrong_and_writes_nothing(tmp_path, capsys):
    nbformat.write(with_panel({"figure": "Evil"}), tmp_path / "bad.ipynb")
    app = NbConvertApp()
    app.initialize(["--to", "handout", str(tmp_path / "bad.ipynb")])
    with pytest.raises(SystemExit, match="1"):
        app.start()
    wanted = "ValueError: a panel's description holds figure, arguments, start, controls"
    assert f"bad, cell 2: {wanted}" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["bad.ipynb"]


def text_of(html):
    """What a page says, with line breaks as they fall, but for the contents."""
    return unescape(re.sub("(?s)<(script|style|template|nav).*?</\\1>|<[^>]*>", "", html))


@pytest.mark.parametrize("answers", ANSWERS)
def test_answers_are_folded_left_out_or_open(answers):
    page = page_of(handouts.with_answers(), answers=answers)
    said = text_of(page)
    seen = text_of(re.sub("(?s)<details>(<summary>.*?</summary>).*?</details>", r"\1", page))
    for text in handouts.ASKED:
        assert text in seen, text
    for text in handouts.ANSWERED:
        assert (text in seen) == (answers == "open"), text
        assert (text in said) == (answers != "none"), text
    assert (seen.count("Output"), seen.count(FOLD)) == (3, 0 if answers == "open" else 3)
    tags = Tags(page).all
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
    cell = f"<p>a</p><details>{inner}<summary>Whole</summary>b{inner}</details><p>c</p>{inner}"
    page = re.sub("(<br/>)+", "…", page_of(written(cell), answers="none"))
    assert '<p>a</p><p class="space">Why…</p><p>c</p><p class="space">Why…</p>' in page


def test_answers_are_folded_unless_the_option_says_otherwise():
    notebook = handouts.with_answers()
    assert page_of(notebook) == page_of(notebook, answers="folded")
    with pytest.raises(TraitError, match="'answers' trait of a HandoutExporter instance expected"):
        HandoutExporter(answers="shut")
    without = page_of(notebook, answers="none", exclude_output=True)
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


@every_lesson
def test_answers_are_known_by_what_they_are_not_by_a_fold(path):
    """JupyterLab saves what was folded and then run as open; another front end has its own flag."""
    notebook = without_panels(path)
    page = page_of(notebook)
    folded = [cell.metadata for cell in notebook.cells if cell.metadata.pop("jupyter", None)]
    assert folded
    for saved in ({}, {"jupyter": {"outputs_hidden": False}}, {"collapsed": True}):
        for metadata in folded:
            metadata.pop("jupyter", None)
            metadata.update(saved)
        assert page_of(notebook) == page, saved


@pytest.mark.parametrize(
    ("asking", "shown", "answering", "tags"),
    [
        (ASK, "in full", "print(2)", []),
        (ASK, "in words", "print(2)", []),
        (ASK, "", "print(2)", []),
        ("import course_lib.questions as q\nq.ask('1.1')", "", "print(2)", []),
        ("one = 1", "", "print(2)", ["hide-output"]),
        (ASK, "in full", "print(ask('1.1').judge(0))", ["hide-output"]),
    ],
)
def test_what_answers_a_question_is_folded_in_any_notebook(asking, shown, answering, tags):
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
    assert re.findall(f"(?s){FOLD}.*?(it is 2|then 3)", folded) == ["it is 2"]
    assert ("it is 2" in sheet, "then 3" in sheet) == (False, True)


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


@pytest.mark.parametrize(
    "source",
    ["reply = client.ask('it')", "def ask(name):\n    return name", "# ask(me)\n1", "task('1.1')"],
)
def test_what_only_looks_like_a_question_folds_nothing(source):
    cells = [new_code_cell(source), new_code_cell(outputs=[told("it is 2")])]
    assert "it is 2" in page_of(new_notebook(cells=cells), answers="none")


def test_answers_are_left_out_where_the_export_runs_the_cells():
    sources = [ASK, "print('it is', 1 + 1)", "print('so', 3)", "print('then', 4)"]
    notebook = new_notebook(cells=[*map(new_code_cell, sources)])
    notebook.cells[2].metadata["tags"] = ["hide-output"]
    config = Config({"ExecutePreprocessor": {"enabled": True}})
    page = page_of(notebook, answers="none", config=config)
    assert [text in page for text in ("it is 2", "so 3", "then 4")] == [False, False, True]


@pytest.mark.parametrize(
    "mark",
    ["&#xe000;0&#xe001;", "\ue0000\ue001", '<place n="0"></place>', "<no-formula>0</no-formula>"],
)
def test_an_author_cannot_make_a_place_that_is_filled(mark):
    title = mark.replace('"', "&quot;")
    text = f'# $x$\n\n<p title="{title}">left{mark}right</p><nav></nav>\n\n## More'
    page = page_of(written(text))
    assert re.search(r"left[\ue000]?0?[\ue001]?right", page)
    assert page.count("<math>") == 1  # that of the title
    assert page.count("<nav") == 1
    assert not re.search('title="[^"]*<', page)


RULER = {"figure": "RulerFigure", "arguments": {}, "start": {"rate": 0.2}}
TOO_MANY = [{"name": "rate", "stops": [k / 1e5 for k in range(20_001)]}]


@pytest.mark.parametrize(
    ("description", "message"),
    [
        ("<script>", "a panel's description holds"),
        (
            {**RULER, "controls": TOO_MANY},
            "a panel that is described may have 20000 states, got 20001",
        ),
    ],
)
def test_a_description_that_cannot_be_shown_stops_the_export(description, message):
    with pytest.raises(ConversionException, match=f"Notebook, cell 2: ValueError: {message}"):
        page_of(with_panel(description))


@pytest.fixture
def own_panel(tmp_path, monkeypatch):
    """A notebook with a panel of a figure of a module `own_figures`, which can be imported."""
    (tmp_path / "own_figures.py").write_text(
        "from course_lib.figures import DescentFigure\nclass OwnFigure(DescentFigure): pass\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "own_figures", raising=False)
    grid = SettingsGrid(DescentFigure().show(), {"rate": (0.1, 0.2)})
    return with_panel(grid.description() | {"figure": "OwnFigure"})


def test_a_figure_of_a_module_that_the_option_names_is_live(own_panel):
    page = page_of(own_panel, figures=["course_lib.figures", "own_figures"])
    assert page.count('<figure class="panel">') == 1
    assert len(unpacked(re.search("<template>(.*?)</template>", page)[1])) == 2


def test_without_the_option_no_module_is_imported(own_panel, caplog):
    page = page_of(own_panel)
    assert "own_figures" not in sys.modules
    assert '<figure class="panel">' not in page
    assert "In the notebook this picture has controls." in page
    assert "<pre>a panel</pre>" in page
    assert "Notebook, cell 2: the panel of OwnFigure has no controls here" in caplog.text


def test_a_module_that_is_missing_is_named_only_where_a_panel_is(own_panel):
    options = {"figures": ["no_such_module"]}
    with pytest.raises(ConversionException, match="HandoutExporter.figures.*no_such_module"):
        page_of(own_panel, **options)
    assert "<title>Notebook</title>" in page_of(new_notebook(), **options)


@pytest.mark.filterwarnings("ignore:No lexer found")  # for the language that it claims to be in
@pytest.mark.parametrize("answers", ANSWERS)
def test_a_hostile_notebook_leaves_nothing_that_could_act(answers):
    page = page_of(hostile.notebook(), answers=answers)
    assert_inert(page)
    assert "in place of a script" in page
    assert "&lt;script&gt;" in page
