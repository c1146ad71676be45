"""Each kind of what teachers write, in a handout, as the rows of helpers/kinds.py say."""

import logging
import re
from functools import cache
from html import unescape

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_output
from traitlets.config import Config

from course_lib.handout import HandoutExporter
from course_lib.handout.formulas import Formula, convert
from course_lib.handout.paper import formula_with_size, table_size
from helpers import kinds
from helpers.handouts import assert_inert
from helpers.kinds import KINDS, PNG, ROWS, notebook, shown


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return kinds.put_pictures(tmp_path_factory.mktemp("notebooks"))


@pytest.fixture(scope="session")
def export(folder):
    """Export a notebook that lies in the folder: the page, and what was warned of."""
    said = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: said.append(record.getMessage())
    plain = HandoutExporter()
    plain.log.addHandler(handler)

    def exported(made, name="kind", **options):
        said.clear()
        exporter = HandoutExporter(**options) if options else plain
        resources = {"metadata": {"name": name, "path": str(folder)}}
        return exporter.from_notebook_node(made, resources)[0], [*said]

    yield exported
    plain.log.removeHandler(handler)


@pytest.fixture(scope="session")
def pages(export):
    """What makes the page of a kind, once, and says what was warned of."""
    return cache(lambda kind: export(KINDS[kind](), kind))


def words_of(formula):
    """The words of MathML; commas and semicolons stand between the cells and rows of a table."""
    text = re.sub("<mtd[^>]*></mtd>", "", formula)
    text = text.replace("</mtd><mtd", "</mtd>, <mtd").replace("</mtr><mtr", "</mtr>; <mtr")
    words = unescape(re.sub("<[^>]*>|[\ufe00\ufe01]", "", text))
    return f"[{words}]" if ' display="block"' in formula else words


def pieces_of(page):
    """What a page shows of the cells and outputs but for its title, written as in rows."""
    soup = BeautifulSoup(page, "html.parser")
    for tag in soup.select(".text_cell_render, .raw, .output_subarea"):
        if not tag.h1:
            html = re.sub(r"(?<=>)\s*\n\s*|\s*\n\s*(?=<)", "", tag.decode_contents().strip())
            html = re.sub("<math.*?</math>", lambda found: words_of(found[0]), html)
            html = re.sub(r'<span class="formula" tabindex="0">(\[.*?\])</span>', r"\1", html)
            yield re.sub("(?s)^<p>(.*)</p>$", r"\1", html)


@pytest.mark.parametrize("kind", KINDS)
def test_each_cell_is_shown_and_warned_of_as_its_row_says(pages, kind):
    page, said = pages(kind)
    rows = [(*row, "")[:3] for row in ROWS.get(kind, ())]
    if rows:
        assert [*pieces_of(page)] == [wanted for _, wanted, _ in rows if wanted is not None]
    warned = []
    for text in said:
        cells, what = re.fullmatch(rf"{kind}, cells? ([\d, ]+): (.*)", text, re.DOTALL).groups()
        warned += [(int(cell), what) for cell in cells.split(", ")]
    numbered = [(number, row[2]) for number, row in enumerate(rows, start=2) if row[2]]
    for (cell, what), (number, wanted) in zip(sorted(warned), numbered, strict=True):
        assert (cell, what.endswith(wanted)) == (number, True), what
    ids = re.findall(' id="(.*?)"', page)
    assert len(ids) == len(set(ids))
    assert not re.search("place-|no-formula|<nav></nav>", page)
    assert_inert(page)


OLD = ['<h1 id="Old-title">', "<em>words</em>", "old output", "old result"]


NUMBERED = {"first": 1, "row": 3, "tagged": "T", "late": 5}
PARTS = {
    "numbered": [f'id="equation-{name}"><mtext>({number})' for name, number in NUMBERED.items()],
    "languages": ['<span class="c1"># 注释</span>', "\n.highlight .c1 { color: #177500 }"],
    "in_r": ['<span class="nf">library</span><span class="p">(</span>', "&lt;dbl&gt;</th>"],
    "format_3": [*OLD, kinds.image("old picture")[5:-2]],
    "format_4_0": [*OLD, kinds.image("old picture")[5:-2]],
    "front_matter": ["---\ntitle: Of another program\nauthor: &lt;me&gt;\n---</pre>"],
}


def test_pages_hold_what_no_row_says(pages):
    for kind, parts in PARTS.items():
        for part in parts:
            assert part in pages(kind)[0], (kind, part)


def test_what_is_aligned_says_so_in_the_style_sheet(pages):
    page = pages("environments")[0]
    left, right = (
        re.search(rf"\.(math-\d+) {{ [^}}]*text-align: {side}[^}}]* }}", page)[1]
        for side in ("left", "right")
    )
    cells = f'<mtd class="{right}"><mi>a</mi></mtd><mtd class="{left}"><mo>=</mo><mi>b</mi></mtd>'
    assert cells in page


TAGGED = {"secret_input", "its_input", "asked"}, {"its output", "secret output", "answered"}
REMOVED = {"remove_cell_tags": ["remove_cell"], "remove_input_tags": ["remove_input"]}
REMOVED |= {"remove_all_outputs_tags": ["remove_output"], "enabled": True}
BY_TAG = {"config": Config(TagRemovePreprocessor=REMOVED)}


OPTIONS = [
    ({}, set()),
    ({"exclude_input": True}, TAGGED[0]),
    ({"exclude_output": True}, TAGGED[1]),
    ({"exclude_code_cell": True}, TAGGED[0] | TAGGED[1]),
    ({"exclude_markdown": True}, {"words", "whole"}),
    ({"exclude_raw": True}, {"rawness"}),
    (BY_TAG, {"whole", "secret_input", "secret output"}),
]


@pytest.mark.parametrize(("options", "lacks"), OPTIONS)
def test_options_of_nbconvert_leave_out_what_they_name(export, options, lacks):
    page, said = export(kinds.tagged(), **options)
    seen = BeautifulSoup(page, "html.parser").main.get_text()
    words = TAGGED[0] | TAGGED[1] | {"words", "whole", "rawness"}
    assert {word for word in words if word not in seen} == lacks
    assert said == []


def test_what_an_option_leaves_out_is_not_warned_of(export):
    said = export(KINDS["scripts"](), exclude_output=True)[1]
    assert said == ["kind, cell 10: a script is left out"]  # it stands in Markdown
    assert export(KINDS["raw_cells"](), exclude_raw=True)[1] == []


def test_other_options_of_nbconvert_hold(export):
    page = export(kinds.tagged(), exclude_input_prompt=False, exclude_output_prompt=False)[0]
    assert [prompt in page for prompt in ("In\xa0[7]:", "Out[7]:")] == [True] * 2
    assert "[7]" not in export(kinds.tagged())[0]
    made = KINDS["pictures"]()
    assert export(made, embed_images=True) == export(made)
    assert '<html lang="de">' in export(kinds.tagged(), language_code="de")[0]


HEADINGS = ["Same", "Same", "Own id", "With code", "Größe & Maß", "Step 1: begin"]


CONTENTS = [
    ("front_matter", "Own title", []),
    ("no_headings", "no_headings", []),
    ("several_titles", "One", ["Two", "Three"]),
    ("anchors", "anchors", HEADINGS),
]


@pytest.mark.parametrize(("kind", "title", "contents"), CONTENTS)
def test_a_page_has_a_title_and_lists_its_headings(pages, kind, title, contents):
    soup = BeautifulSoup(pages(kind)[0], "html.parser")
    assert soup.title.string == title
    assert [link.get_text() for link in soup.select("nav a")] == contents
    assert f"Made from {kind}.ipynb." in soup.footer.string


def files_of(folder, made, **options):
    """The files, by name, that each of several notebooks makes; they lie in one folder."""
    exporter = HandoutExporter(config=Config(HandoutExporter=options))
    for name, one in made.items():
        page, resources = exporter.from_notebook_node(
            one, {"unique_key": name, "metadata": {"name": name.upper(), "path": str(folder)}}
        )
        others = resources.get("outputs", {}).items()
        yield {f"{name}.html": page} | {file: content.decode() for file, content in others}


MADE = {
    "a": notebook("# Title $x$ & 题\n\n> b\n\nFirst *line*, **$y$**, with a [`link`](b.ipynb)."),
    "no title": notebook(kinds.raw("words", "text/markdown")),
    "c": KINDS["several_titles"](),
}


def test_the_index_lists_titles_and_first_lines(tmp_path):
    *_, files = files_of(tmp_path, MADE)
    soup = BeautifulSoup(files["index.html"], "html.parser")
    x, y = ("<math><mi>x</mi></math>", "<math><mi>y</mi></math>")
    line = f"First <em>line</em>, <strong>{y}</strong>, with a <code>link</code>."
    assert [
        (item.a["href"], item.a.decode_contents(), item.p.decode_contents())
        for item in soup.select("li")
    ] == [
        ("a.html", f'Title {x} &amp; <span lang="zh">题</span>', line),
        ("no%20title.html", "NO TITLE", "words"),
        ("c.html", "One", "first line"),
    ]


TITLES = [
    ({}, {"a": {"course": ""}}, "Handouts"),
    ({}, {"c": {"course": "Of <c>"}}, "Of <c>"),
    ({}, {"no title": {"course": "First"}, "c": {"course": "Second"}}, "First"),
    ({"index_title": "Mine & <yours>"}, {"a": {"course": "Course"}}, "Mine & <yours>"),
]


@pytest.mark.parametrize(("options", "courses", "title"), TITLES)
def test_the_index_is_called_by_the_option_or_the_course(tmp_path, options, courses, title):
    made = {name: notebook("words", **courses.get(name, {})) for name in MADE}
    *_, files = files_of(tmp_path, made, **options)
    soup = BeautifulSoup(files["index.html"], "html.parser")
    assert (soup.title.string, soup.h1.string) == (title, title)


def test_the_index_is_not_called_like_a_notebook(tmp_path):
    for taken, name in {
        "other": "index.html",
        "Index": "handouts-index.html",
        "handouts-index": "handouts-handouts-index.html",
    }.items():
        (tmp_path / f"{taken}.ipynb").touch()
        made = [[*files] for files in files_of(tmp_path, MADE)]
        assert made == [["a.html"], ["no title.html", name], ["c.html", name]]


def texts(words, *others):
    """Any few of these words and signs, in any order, or any text."""
    return st.lists(st.sampled_from([*words.split(), *others]), max_size=12).map("".join)


WRITTEN = st.text(max_size=40) | texts(
    r"""< > & $ ` ' " \ | x # - [ ] ( ) 0 </main> <div> </div> <details> <summary> </details> <svg
    </svg> <table> <td> &lt; $$ \( \) \[ \] ![a](b.png) <!-- --> <![CDATA[ <? <script> </script>
    <h1> \begin{align} \end{align} \ref{a} 中 한 <style> <template> <textarea> <title> <iframe>
    <video> <plaintext> <math> style= attachment:""",
    *("\n\n", "```\n", "<img src=", "<a id=x>", "\ue000", "\ue001", "\x00", "\r", "\x1b[31m"),
)
LATEX = texts(
    r"""x 1 { } ^ _ & ( ) [ ] $ # ' % ~ é 中 \frac \\ \begin{align} \end{align} \begin{array} {cc}
    \sum \end{array} \left \right \label{a} \tag{1} \ref{a} \eqref{b} \newcommand \def \x #1 \text{
    \sqrt \mathbf \DeclareMathOperator \hline \limits \begin{cases} \end{cases} \begin{eqnarray}
    \end{eqnarray} \operatorname \not \color{red} \\[2ex] \begin{split} \end{split} \substack \rule
    \large \middle|""",
    *("\n", "\0"),
)


@settings(max_examples=60, deadline=None)
@given(WRITTEN)
def test_any_text_makes_a_whole_page(export, text):
    texts_of = ("text/html", "text/latex", "text/markdown", "text/plain")
    code = shown({"image/png": PNG}, **{"image/png": {"alt": text, "width": text}})
    code.outputs += [new_output("display_data", {kind: text}) for kind in texts_of]
    picture = kinds.attached(f"![{text}](attachment:{text})", name=text)
    made = notebook(text, kinds.raw(text, "text/html"), code, picture)
    assert_inert(export(made)[0])


@settings(max_examples=10, deadline=None)
@given(st.lists(WRITTEN.filter(bool), min_size=2, max_size=2, unique=True), WRITTEN, WRITTEN)
def test_any_names_make_whole_pages_and_a_whole_index(tmp_path_factory, names, title, index):
    made = {name: notebook("words", title=title, course=title) for name in names}
    *_, files = files_of(tmp_path_factory.getbasetemp(), made, index_title=index)
    assert len(files) == 2
    for page in files.values():
        assert_inert(page)
    assert [*files.values()][-1].count("<li>") == 2


@settings(max_examples=500, deadline=None)
@given(st.lists(st.builds(Formula, LATEX, st.booleans()), min_size=1, max_size=3))
def test_any_formula_is_converted_or_stands_as_its_source(formulas):
    made = convert(formulas)
    for formula, html, error in zip(formulas, made.html, made.errors, strict=True):
        assert " style=" not in re.sub("<code>.*?</code>", "", html, flags=re.DOTALL)
        if error.startswith("a formula is shown as it is written"):
            assert formula.latex.strip() in unescape(re.sub("</?(code|span)[^>]*>", "", html))


def n(count):
    return f"<mn>{'7' * count}</mn>"


LONG = {70: "", 71: "long", 105: "long", 106: "longer", 140: "longer", 141: "longest"}


FORMULAS = [
    n,
    lambda signs: f"<mo>+</mo><mo>[</mo>{n(signs - 3)}",  # with space at the first sign only
    lambda signs: f'<mo stretchy="false">&lt;</mo><mo>&amp;</mo><mi>&lt;</mi>{n(signs - 5)}',
    lambda signs: f"<mtr><mtd>{n(9)}</mtd></mtr><mtr><mtd>{n(signs - 2)}</mtd></mtr>",
    lambda signs: f"<mtr><mtd>{n(signs - 6)}</mtd><mtd>{n(2)}</mtd></mtr><mtr>{n(9)}</mtr>",
]


@pytest.mark.parametrize("made", FORMULAS)
def test_a_formula_longer_than_a_line_has_its_size(made):
    for signs, size in LONG.items():
        look = f' class="{size}"' if size else ""
        math = f"{made(signs)}</math>"
        assert formula_with_size(f"<math>{math}") == f'<math{look} tabindex="0">{math}', signs
        displayed = f'<math{look} display="block">{math}'
        assert formula_with_size(f'<math display="block">{math}') == displayed, signs


def test_a_formula_in_a_text_scrolls_from_31_signs_on():
    for signs, scrolls in ((30, False), (31, True)):
        assert ("tabindex" in formula_with_size(f"<math>{n(signs)}</math>")) == scrolls


def test_a_table_wider_than_a_line_has_its_size():
    """Each column is as wide as its longest word and two signs."""
    for signs, size in {88: "", 89: "long", 133: "long", 134: "longer", 999: "longer"}.items():
        for rows in (
            f"<tr><th>7 {'7' * signs} 7</th></tr>",
            f"<tr><td>{'7' * (signs - 4)}</td></tr><tr><td>7</td><td>77</td></tr>",
            f"<tr><td></td><th>{'7' * (signs - 2)}</th></tr>",
        ):
            table = BeautifulSoup(f"<table>{rows}</table>", "html.parser").table
            assert table_size(table) == size, rows
