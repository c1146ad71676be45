"""Each kind of what teachers write, in a handout; what cannot come along is named there and in a
warning.
"""

import functools
import logging
import re
import subprocess
import sys
from base64 import b64decode
from html import unescape
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_markdown_cell, new_raw_cell
from traitlets.config import Config

from course_lib.handout import HandoutExporter
from course_lib.handout.formulas import Formula, convert
from helpers import kinds
from helpers.handouts import Tags
from helpers.kinds import FAR, GIF, KINDS, PNG, SVG, notebook, shown

every_kind = pytest.mark.parametrize("kind", KINDS)


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
        return exporter.from_notebook_node(made, {"metadata": {"name": name, "path": str(folder)}})[
            0
        ], [*said]

    yield exported
    plain.log.removeHandler(handler)


@pytest.fixture(scope="session")
def page_of(export):
    """The page of a kind."""
    return functools.cache(lambda kind: export(KINDS[kind](), kind)[0])


@pytest.fixture
def pieces(page_of):
    """What a page shows of the Markdown, the raw cells and the outputs of a kind, but for its
    title.
    """

    def shown_of(kind):
        found = BeautifulSoup(page_of(kind), "html.parser").select(
            ".text_cell_render, .raw, .output_subarea"
        )
        return [tag.decode_contents().strip() for tag in found if not tag.h1]

    return shown_of


def text_of(html):
    """The words of a piece of HTML, those of a formula close together."""
    return " ".join(
        unescape(re.sub("<[^>]*>", "", re.sub("</(p|li|div|td|th)>", " ", html))).split()
    )


def is_whole(page):
    return [
        len(re.findall(tag, page)) for tag in ("<main\\b", "</main>", "<title>", "</html>")
    ] == [1] * 4


def is_inert(page):
    """Whether nothing in a page could act or fetch something."""
    return not [
        tag
        for tag, attributes in Tags(page).all
        if tag in ("script", "iframe", "svg", "video", "form")
        or any(
            name == "style"
            or name.startswith("on")
            or (name == "src" and not value.startswith("data:image/"))
            for name, value in attributes.items()
        )
    ]


def images(html):
    return [tag.attrs for tag in BeautifulSoup(html, "html.parser").select("img")]


def data_of(image):
    return b64decode(image["src"].partition("base64,")[2])


WARNED = {  # of what, in which cell
    "missing_references": [(2, r"\eqref{nowhere}"), (2, r"\ref{here}")],
    "unknown_formulas": [
        (1, r"\nameless"),
        (2, r"\what"),
        (3, r"\frac{1}{"),
        (4, "x_"),
        (5, r"\unheard"),
    ],
    "lost_pictures": [
        (2, "missing.png"),
        (3, "gone.png"),
        (4, "attachment:gone.png"),
        (5, f"{FAR}x.png"),
        (6, f"{FAR}y.png"),
        (7, "//far.example/z.png"),
        (8, "../outside.png"),
        (9, "secret.txt"),
        (10, "/etc/passwd"),
        (11, 'alt="no source"'),
        (12, "data:text/html"),
        (13, f"{FAR}badge.svg"),
    ],
    "undescribed": [("s 2, 3", "a picture has no alternative text")],
    "raw_cells": [(5, "text/latex"), (6, "text/restructuredtext")],
    "media": [
        (2, f"page is left out: {FAR}page"),
        (3, "https://www.youtube.com/embed/abc"),
        (4, f"{FAR}sound.mp3"),
        (5, "film.mp4"),
        (6, f"{FAR}film.webm"),
        (7, "a video"),
        (8, f"{FAR}paper.pdf"),
        (9, f"{FAR}paper.pdf"),
        (10, "a sound"),
    ],
    "scripts": [
        (2, kinds.PLOTLY),
        (3, kinds.PLOTLY),
        (5, kinds.BOKEH),
        (6, kinds.VEGA),
        (8, "application/javascript"),
        (9, kinds.WIDGET_VIEW),
        (10, kinds.WIDGET_VIEW),
        (14, "text/html"),
        (15, "application/json"),
        (16, "application/pdf"),
        (11, "a script is left out"),
        (13, "a script is left out"),
    ],
}


@every_kind
def test_what_cannot_come_along_is_warned_of_with_notebook_and_cell_and_nothing_else_is(
    export, kind
):
    said = export(KINDS[kind](), kind)[1]
    wanted = WARNED.get(kind, [])
    assert len(said) == len(wanted), said
    for text, (cell, thing) in zip(said, wanted, strict=True):
        assert re.match(f"{kind}, cell ?{cell}: ", text)
        assert thing in text


@every_kind
def test_a_page_is_whole_has_one_title_and_no_id_twice(page_of, kind):
    page = page_of(kind)
    soup = BeautifulSoup(page, "html.parser")
    assert is_whole(page)
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))
    assert is_inert(page)
    assert "place-" not in page
    assert "no-formula" not in page


def test_formulas_stand_in_all_that_holds_text(page_of, pieces):
    assert [text_of(piece) for piece in pieces("formulas")] == [
        "In a line α<2 and β, and displayed γ or δ ϵ",
        "name value rate η0 norm ‖x‖",
        "ζ $5 and $6 θ",
        "a<b holds",
        "a<c and d<e",
        "It costs $5, not $6. $code$ $block$",
        "first a1∗b2∗c3 second",
        "ι κ λ μ and ν",
        "ξ2",
        "ρ for $7, or σ for $8",
        "Then τ.",
        "ϕ=1(1)χ=2(2)",
        r"$\psi$",
    ]
    page = page_of("formulas")
    assert (
        "Where <math><mi>y</mi><mo>=</mo><msup><mi>x</mi><mn>2</mn></msup></math> is</h1>" in page
    )
    assert "<title>Where $y = x^2$ is</title>" in page
    displayed = re.findall(
        '<span class="formula" tabindex="0"><math display="block">(?:.*?)</math></span>', page
    )
    assert [text_of(formula) for formula in displayed] == [
        *"γδϵθ",
        "a1∗b2∗c3",
        "κ",
        "σ",
        "ϕ=1(1)χ=2(2)",
    ]


def test_a_macro_holds_from_its_cell_on_until_it_is_defined_again(pieces):
    assert [text_of(piece) for piece in pieces("macros")] == [
        "",
        "𝐚",
        "12",
        "arg minw",
        "b′",
        "c′",
        "d′",
        "eˆ",
    ]


def test_equations_are_numbered_and_referred_to(pieces):
    words, *equations = pieces("numbered")
    assert re.findall('<a href="#equation-(.*?)">(.*?)</a>', words) == [
        ("late", "(5)"),
        ("first", "(1)"),
        ("first", "1"),
        ("tagged", "T"),
        ("row", "(3)"),
    ]
    assert text_of(words) == "By (5) and (1), 1, T and (3)."
    assert [text_of(equation).replace("=1", "") for equation in equations] == [
        "a(1)",
        "b(2)",
        "c(3)de(4)",
        "f(T)",
        "g h",
        "ij",
        "k(5)",
        "l(6)m(7)",
    ]
    numbers = re.findall(r'id="equation-(\w+)"><mtext>\((\w+)\)', "".join(equations))
    assert numbers == [("first", "1"), ("row", "3"), ("tagged", "T"), ("late", "5")]


def test_a_reference_to_no_equation_is_shown_as_such(pieces):
    assert [text_of(piece) for piece in pieces("missing_references")] == ["See (??) and ??."]


def test_what_has_rows_keeps_them(pieces):
    for piece, (latex, wanted) in zip(
        pieces("environments"), kinds.ENVIRONMENTS.items(), strict=True
    ):
        rows = [
            map(text_of, re.findall("<mtd.*?</mtd>", row))
            for row in re.findall("<mtr>.*?</mtr>", piece)
        ]
        assert "; ".join(", ".join(filter(None, row)) for row in rows) == wanted, latex


def test_what_is_aligned_says_so_in_the_style_sheet(page_of):
    page = page_of("environments")
    left, right = (
        re.search(rf"\.(math-\d+) {{ [^}}]*text-align: {side}[^}}]* }}", page)[1]
        for side in ("left", "right")
    )
    assert (
        f'<mtd class="{right}"><mi>a</mi></mtd><mtd class="{left}"><mo>=</mo><mi>b</mi></mtd>'
        in page
    )


def test_letters_have_their_style(pieces):
    letters = [text_of(piece).strip("\ufe00\ufe01") for piece in pieces("letters")]
    assert letters == [*kinds.LETTERS.values()]


def test_a_formula_that_cannot_be_converted_stands_as_its_source(page_of, pieces):
    assert pieces("unknown_formulas") == [
        r"<p>Then <code>a + \what{b} &lt; c</code>.</p>",
        r'<p><span class="formula" tabindex="0"><code>\frac{1}{</code></span></p>',
        "<p><code>x_</code> <math><mi>α</mi></math></p>",
        r"<code>\unheard</code>",
    ]
    assert r"Unknown <code>\nameless</code></h1>" in page_of("unknown_formulas")


def test_pictures_are_in_the_page(pieces):
    made = [images(piece) for piece in pieces("pictures")]
    assert [len(found) for found in made] == [1] * len(made)
    made = {image.pop("alt"): image for (image,) in made}
    flat, spaced = b64decode(PNG), b64decode(PNG) + b"two words"
    deep = made["deep"]
    assert (deep["width"], deep["height"], deep["title"]) == ("50%", "7", "more")
    assert made["raw"]["width"] == "40"
    assert {name: data_of(image) for name, image in made.items()} == {
        "flat": flat,
        "spaced": spaced,
        "bracketed": spaced,
        "raw": spaced,
        "deep": SVG.encode(),
        "attached": flat,
        "bare": SVG.encode(),
        "bare attached": SVG.encode(),
        "in Latin 1": kinds.GERMAN.encode(),
        "raw attached": flat,
        "linked": flat,
        "with a query": flat,
        "in a table": flat,
        "by reference": flat,
        "data": b64decode(GIF),
        "in an output": flat,
        "drawn": data_of(made["drawn"]),
    }
    assert b"<title>drawn</title><rect" in data_of(made["drawn"])
    assert '<a href="other.html"><img' in pieces("pictures")[10]
    assert [text_of(piece) for piece in pieces("pictures")][-1] == "before after"


def test_a_picture_that_cannot_come_along_is_named_and_one_from_elsewhere_is_a_link(pieces):
    made = [re.sub("</?p>", "", piece) for piece in pieces("lost_pictures")]

    def far(address, name):
        return f'<a href="{address}">{name}</a>'

    def missing(name):
        return f'<span class="left-out">Picture that is missing: {name}</span>'

    assert made[:-1] == [
        missing("missing"),
        missing("gone.png"),
        missing("unattached"),
        far(f"{FAR}x.png", "far"),
        far(f"{FAR}y.png", f"{FAR}y.png"),
        far("https://far.example/z.png", "no scheme"),
        missing("outside"),
        missing("no picture"),
        missing("absolute"),
        missing("no source"),
        missing("data:text/html,no picture"),
    ]
    assert re.findall("<a .*?>", made[-1]) == [f'<a href="{FAR}page">']
    assert text_of(made[-1]) == "Picture: badge"


def test_pictures_that_were_drawn_keep_their_size_and_description(pieces):
    *drawn, silent, empty, gone = pieces("picture_outputs")
    assert [silent, empty, gone] == [""] * 3  # such a text says nothing of what is not in the file
    made = [images(piece) for piece in drawn]
    assert made.pop(6) == []  # a formula, which tells more than its picture
    described = [
        (image["src"].partition(";")[0], image.get("width"), image.get("height"), image["alt"])
        for (image,) in made
    ]
    assert described == [
        (f"data:image/{kind}", "120", "80", 'a "small" <one>')
        for kind in ("png", "jpeg", "svg+xml", "gif")
    ] + [
        ("data:image/png", None, None, "what it is"),
        ("data:image/svg+xml", None, None, "two pictures"),
        ("data:image/png", None, None, "in two lines"),
        ("data:image/svg+xml", None, None, "with a prolog"),
        ("data:image/svg+xml", None, None, "without a namespace"),
        ("data:image/svg+xml", None, None, "without a namespace for its link"),
        ("data:image/svg+xml", None, None, "with a sign"),
        ("data:image/svg+xml", None, None, "behind a comment"),
    ]
    bare, linked, sign, comment = (data_of(image).decode() for (image,) in made[-4:])
    assert bare == SVG
    assert 'xmlns:xlink="http://www.w3.org/1999/xlink"' in linked
    assert (sign.count("xmlns="), comment) == (1, f"<!-- made by <svg tool> -->{SVG}")
    assert [data_of(image) for (image,) in made[:4]] == [
        b64decode(PNG),
        b64decode(PNG),
        SVG.encode(),
        b64decode(GIF),
    ]
    assert data_of(made[6][0]) == b64decode(PNG)


def test_raw_cells_are_kept_if_they_are_for_a_page(pieces):
    assert pieces("raw_cells") == [
        "plain &lt;b&gt; &amp; $x$",
        "<b>bold</b> <math><mi>x</mi></math>",
        "<p><strong>strong</strong> <math><mi>y</mi></math></p>",
        "empty kind",
    ]


def test_anchors_hold_and_so_do_links(pieces):
    made = pieces("anchors")
    assert re.findall('id="([^"]+)"', "".join(made)) == [
        "first",
        "Same",
        "second",
        "Same-1",
        "third",
        "own-id",
        "third-1",
        "With-emphasis-and-code",
        "Größe-&amp;-Maß",
        "Step-1:-begin",
    ]
    inside, outside = (re.findall(r'<a href="(\S+)">(\S+)</a>', piece) for piece in made[-2:])
    assert inside == [
        ("#first", "1"),
        ("#second", "2"),
        ("#third", "3"),
        ("#own-id", "4"),
        ("#Same", "5"),
        ("#Same-1", "6"),
        ("#With-emphasis-and-code", "7"),
        ("#Gr%C3%B6%C3%9Fe-&amp;-Ma%C3%9F", "8"),
        ("#Step-1:-begin", "9"),
    ]
    assert outside == [
        ("other.html", "other"),
        ("sub/other%20one.html#Same", "place"),
        ("other.html#Part-2:-x", "part"),
        ("data.csv", "file"),
        ("page.html?a=1&amp;b=2", "query"),
        ("https://far.example/a.ipynb", "far"),
        ("mailto:a@far.example", "mail"),
    ]


def test_old_tags_are_gone_and_their_text_is_there(pieces):
    made = pieces("old_tags")
    assert [text_of(piece) for piece in made] == [
        "**middle**",
        "red typed",
        "large struck blinks runs whole",
        "Centred right",
        "head inner",
        "Note that",
        "linebreak",
        "H2O m2",
        "press name",
        "漢kan",
        "seen",
        "© <b> €",
    ]
    assert {tag.name for tag in BeautifulSoup("".join(made), "html.parser").find_all(True)} <= {
        "p",
        "div",
        "tt",
        "h2",
        "b",
        "br",
        "hr",
        "sub",
        "sup",
        "span",
        "ruby",
        "rt",
    }
    assert made[3] == '<h2 align="center" id="Centred">Centred</h2>\n<p align="right">right</p>'
    assert made[5] == '<div class="alert alert-info"><b>Note</b> that</div>'


def test_what_plays_is_a_link_or_a_word(pieces):
    made = [re.sub("</?p>", "", piece) for piece in pieces("media")]

    def here(what, address=None):
        said = (
            f': <a href="{address}">{address}</a>' if address else ", which a handout cannot hold."
        )
        return f'<span class="left-out">Here the notebook shows {what}{said}</span>'

    assert made == [
        here("another page", f"{FAR}page"),
        here("another page", "https://www.youtube.com/embed/abc"),
        here("a sound", f"{FAR}sound.mp3"),
        here("a video"),
        here("a video", f"{FAR}film.webm"),
        here("a video"),
        here("an embedded object", f"{FAR}paper.pdf"),
        here("an embedded object", f"{FAR}paper.pdf"),
        here("a sound"),
    ]


def test_what_only_a_script_can_draw_says_so_unless_there_is_something_else_to_show(pieces):
    made = pieces("scripts")
    alone = re.compile(
        '<p class="left-out">A handout cannot show this output, which needs a script or another '
        "program"
        r": (\S+)\.</p>(.*)"
    )
    assert [found.groups() for found in map(alone.match, made) if found] == [
        (kinds.PLOTLY, ""),
        (kinds.PLOTLY, ""),
        (kinds.BOKEH, "<pre>a bokeh plot</pre>"),
        (kinds.VEGA, "<pre>alt.Chart(...)</pre>"),
        ("application/javascript", ""),
        (kinds.WIDGET_VIEW, "<pre>IntSlider(value=3)</pre>"),
        (kinds.WIDGET_VIEW, ""),
        ("text/html", ""),
        ("application/json", ""),
        ("application/pdf", ""),
    ]
    picture, other, *words = [piece for piece in made if not alone.match(piece)]
    assert [image["alt"] for image in images(picture + other)] == [
        "a plot as a picture",
        "alt.Chart(...)",
    ]
    assert [text_of(piece) for piece in words] == ["cell", "styled", "seen"]


def test_lists_keep_their_boxes_numbers_and_depth(pieces):
    made = [re.sub(r"\n", "", piece) for piece in pieces("lists")]
    assert made == [
        "<ul><li>☐ to do</li><li>☑ done<ul><li>☐ inside</li></ul></li></ul>",
        "<ol><li>one<ul><li>two<ol><li>three</li></ol></li></ul></li><li>four</li></ol>",
        '<ol start="5"><li>five</li><li>six</li></ol>',
        "<dl><dt>Term</dt><dd>its definition</dd><dd>and another</dd></dl>",
        '<ul><li><p>a</p><p>second paragraph</p><div class="highlight"><pre><span></span><span '
        'class="n">b</span>'
        "</pre></div></li></ul>",
        '<ol start="3" type="a"><li value="7">seven</li></ol>',
    ]


def test_pages_break_where_the_author_says_so(pieces):
    assert pieces("breaks") == [
        '<div class="break-after"></div>',
        '<p class="break-before">new page</p>',
        '<div class="break-before">also</div>',
        "<p>none</p>",
    ]


def test_texts_in_chinese_japanese_and_korean_are_marked_as_such_and_code_is_not(page_of, pieces):
    def term(text, lang="zh"):
        return f'<span class="term" lang="{lang}">{text}</span>'

    assert pieces("languages") == [
        f"<p>{term('损失函数')} of {term('机器学习')}</p>",
        '<p><code>代码</code> and <b lang="zh-TW">台灣</b></p>',
        f"<p>{term('한국어', 'ko')} text</p>",
        "<pre>输出</pre>",
        f"<ul>\n<li>☐ {term('任务')} <math><mi>损</mi><mi>失</mi></math></li>\n</ul>",
        '<p><span lang="zh">一个长句子可以换行</span></p>',
    ]
    page = page_of("languages")
    assert f'id="梯度下降-descent">{term("梯度下降")} descent</h1>' in page
    assert '<span class="c1"># 注释</span>' in page
    assert pieces("japanese") == [
        f"<p>{term('損失関数', 'ja')} is the loss</p>",
        f"<p>{term('한국어', 'ko')}</p>",
    ]


def test_what_a_terminal_shows_keeps_its_colours_and_only_the_last_state_of_a_line(pieces):
    traceback, colours, progress, warning, red = (
        re.sub(r"\n?</?pre>\n?", "", piece) for piece in pieces("terminals")
    )
    assert text_of(traceback) == "--------- ZeroDivisionError: by zero <b>"
    assert traceback.count('<span class="ansi-red-fg">') == 2
    assert '<span class="ansi-green-intense-fg ansi-bold">green</span>' in colours
    assert '<span class="ansi-yellow-bg">yellow</span>' in colours
    assert text_of(colours) == "green 256 true yellow"
    assert (progress, warning) == ("100%|####|\ndone", "&lt;warning&gt;")
    assert red == '<span class="ansi-red-fg">red repr</span>'


WORDS = [
    "asked",
    "secret_input",
    "its_input",
    "answered",
    "its output",
    "secret output",
    "words",
    "whole",
    "rawness",
]


@pytest.mark.parametrize(
    ("options", "lacks"),
    [
        ({}, set()),
        ({"exclude_input": True}, {"asked", "secret_input", "its_input"}),
        ({"exclude_output": True}, {"answered", "its output", "secret output"}),
        (
            {"exclude_code_cell": True},
            {"asked", "secret_input", "its_input", "answered", "its output", "secret output"},
        ),
        ({"exclude_markdown": True}, {"words", "whole"}),
        ({"exclude_raw": True}, {"rawness"}),
        (
            {
                "config": Config(
                    TagRemovePreprocessor={
                        "enabled": True,
                        "remove_cell_tags": ["remove_cell"],
                        "remove_input_tags": ["remove_input"],
                        "remove_all_outputs_tags": ["remove_output"],
                    }
                )
            },
            {"whole", "secret_input", "secret output"},
        ),
    ],
)
def test_options_of_nbconvert_leave_out_what_they_name(export, options, lacks):
    page, said = export(kinds.tagged(), **options)
    seen = text_of(page[page.index("<main") :])
    assert {word for word in WORDS if word not in seen} == lacks
    assert said == []


def test_what_is_left_out_by_an_option_is_not_warned_of(export):
    assert export(kinds.scripts(), exclude_output=True)[1] == [
        "kind, cell 13: a script is left out"
    ]  # it stands in Markdown
    assert export(kinds.raw_cells(), exclude_raw=True)[1] == []


def test_other_options_of_nbconvert_hold(export):
    page = export(kinds.tagged(), exclude_input_prompt=False, exclude_output_prompt=False)[0]
    assert [prompt in page for prompt in ("In\xa0[7]:", "Out[7]:")] == [True] * 2
    assert "[7]" not in export(kinds.tagged())[0]
    made = kinds.pictures()
    assert export(made, embed_images=True) == export(made)
    assert '<html lang="de">' in export(kinds.tagged(), language_code="de")[0]


@pytest.mark.parametrize("kind", ["format_3", "format_4_0"])
def test_notebooks_of_old_formats_come_through(page_of, pieces, kind):
    *words, picture = pieces(kind)
    assert [text_of(piece) for piece in words][-3:] == (
        ["Old words, x"] if kind == "format_3" else []
    ) + ["old output", "old result"][-3:]
    assert [(image["alt"], data_of(image)) for image in images(picture)] == [
        ("old picture", b64decode(PNG))
    ]
    assert '<h1 id="Old-title">Old title</h1>' in page_of(kind)


def test_a_notebook_in_r_has_its_code_in_colour_and_its_data_frame(page_of, pieces):
    (table,) = pieces("in_r")
    assert table.startswith(
        '<div class="wide" tabindex="0"><table>\n<caption>A data.frame: 1 × 2</caption>'
    )
    assert text_of(table) == "A data.frame: 1 × 2 x y <dbl> <chr> 1 a"
    page = page_of("in_r")
    assert (
        '<span class="nf">library</span><span class="p">(</span><span class="n">ggplot2</span>'
        in page
    )


def test_a_data_frame_keeps_its_cells_and_a_table_its_alignment(pieces):
    frame, table = pieces("frames")
    assert "vertical-align" not in frame
    assert '<tr align="right">' in frame
    assert re.findall("<td>(.*?)</td>", frame) == [str(number / 7) for number in range(12)]
    assert re.findall('<td align="(.*?)">(.)</td>', table) == [
        ("left", "a"),
        ("center", "b"),
        ("right", "c"),
    ]


@pytest.mark.parametrize(
    ("kind", "title", "contents"),
    [
        ("front_matter", "Own title", []),
        ("no_headings", "no_headings", []),
        ("several_titles", "One", ["Two", "Three"]),
        (
            "anchors",
            "Anchors",
            ["Same", "Same", "Own id", "With emphasis and code", "Größe & Maß", "Step 1: begin"],
        ),
    ],
)
def test_a_page_is_called_after_its_first_heading_or_its_file_and_lists_the_others(
    page_of, kind, title, contents
):
    soup = BeautifulSoup(page_of(kind), "html.parser")
    assert soup.title.string == title
    links = soup.select("nav a")
    assert [link.get_text() for link in links] == contents
    assert f"Made from {kind}.ipynb." in soup.footer.string


def test_front_matter_stands_as_it_is_written(pieces):
    assert pieces("front_matter") == [
        "---\ntitle: Of another program\nauthor: &lt;me&gt;\n---",
        "<p>words</p>",
    ]


def files_of(folder, made, **options):
    """The files, by name, that each of several notebooks makes that lie in a folder and are
    exported in one go.
    """
    exporter = HandoutExporter(**options)
    for name, one in made.items():
        page, resources = exporter.from_notebook_node(
            one, {"unique_key": name, "metadata": {"name": name, "path": str(folder)}}
        )
        yield {f"{name}.html": page} | {
            file: made.decode() for file, made in resources.get("outputs", {}).items()
        }


MADE = {
    "a": notebook("# Title $x$ & more\n\nFirst *line*, $y$, with a [link](b.ipynb)."),
    "no title": notebook("words"),
    "c": kinds.several_titles(),
}


def test_the_index_lists_titles_and_first_lines_also_of_notebooks_without_or_with_several(tmp_path):
    *_, files = files_of(tmp_path, MADE)
    soup = BeautifulSoup(files["index.html"], "html.parser")
    assert [
        (item.a["href"], item.a.decode_contents(), item.p.decode_contents())
        for item in soup.select("li")
    ] == [
        (
            "a.html",
            "Title <math><mi>x</mi></math> &amp; more",
            "First <em>line</em>, <math><mi>y</mi></math>, with a link.",
        ),
        ("no%20title.html", "no title", "words"),
        ("c.html", "One", "first line"),
    ]


@pytest.mark.parametrize(
    ("options", "courses", "title"),
    [
        ({}, {}, "Handouts"),
        ({}, {"c": "Of <c>"}, "Of <c>"),
        ({}, {"no title": "First", "c": "Second"}, "First"),
        ({"index_title": "Mine & <yours>"}, {"a": "Course"}, "Mine & <yours>"),
    ],
)
def test_the_title_of_the_index_is_the_option_s_or_that_of_the_course(
    tmp_path, options, courses, title
):
    made = {
        name: nbformat.from_dict(
            {**one, "metadata": {"course": courses[name]} if name in courses else {}}
        )
        for name, one in MADE.items()
    }
    *_, files = files_of(tmp_path, made, **options)
    soup = BeautifulSoup(files["index.html"], "html.parser")
    assert (soup.title.string, soup.h1.string) == (title, title)


@pytest.mark.parametrize(
    ("taken", "name"),
    [
        ([], "index.html"),
        (["index"], "handouts-index.html"),
        (["Index", "other"], "handouts-index.html"),
        (["index", "handouts-index"], "handouts-handouts-index.html"),
    ],
)
def test_the_index_is_not_called_like_a_notebook_in_the_folder(tmp_path, taken, name):
    for one in taken:
        (tmp_path / f"{one}.ipynb").touch()
    assert [[*files] for files in files_of(tmp_path, MADE)] == [
        ["a.html"],
        ["no title.html", name],
        ["c.html", name],
    ]


def test_the_command_leaves_a_notebook_s_page_as_it_is_and_writes_the_index_beside_it(tmp_path):
    (tmp_path / "sub").mkdir()
    paths = [*(tmp_path / f"{name}.ipynb" for name in MADE), tmp_path / "sub" / "index.ipynb"]
    for path, made in zip(paths, [*MADE.values(), notebook("# My own index")], strict=True):
        nbformat.write(made, path)
    command = [
        sys.executable,
        "-m",
        "jupyter",
        "nbconvert",
        "--to",
        "handout",
        "--HandoutExporter.index_title=All",
    ]
    subprocess.run(
        [*command, *paths, "--output-dir", tmp_path / "out"], check=True, capture_output=True
    )
    titles = {
        path.name: re.search("<title>(.*?)</title>", path.read_text())[1]
        for path in Path(tmp_path, "out").iterdir()
    }
    assert titles == {
        "a.html": "Title $x$ &amp; more",
        "no title.html": "no title",
        "c.html": "One",
        "index.html": "My own index",
        "handouts-index.html": "All",
    }
    listed = re.findall(
        '<h2><a href="(.*?)">', (tmp_path / "out" / "handouts-index.html").read_text()
    )
    assert listed == ["a.html", "no%20title.html", "c.html", "index.html"]


MARKUP = st.lists(
    st.sampled_from(
        [
            *"<>&$`'\"\\|x#-[]()0",
            "\n\n",
            "</main>",
            "<div>",
            "</div>",
            "<details>",
            "<summary>",
            "</details>",
            "<svg",
            "</svg>",
            "<table>",
            "<td>",
            "&lt;",
            "$$",
            "\\(",
            "\\)",
            "\\[",
            "\\]",
            "```\n",
            "![a](b.png)",
            "<img src=",
            "<!--",
            "-->",
            "<![CDATA[",
            "<?",
            "<script>",
            "</script>",
            "<a id=x>",
            "<h1>",
            "\\begin{align}",
            "\\end{align}",
            "\\ref{a}",
            "中",
            "한",
            "\ue000",
            "\ue001",
            "\x00",
            "\r",
            "\x1b[31m",
            "<style>",
            "<template>",
            "<textarea>",
            "<title>",
            "<iframe>",
            "<video>",
            "<plaintext>",
            "<math>",
            "style=",
            "attachment:",
        ]
    ),
    max_size=12,
).map("".join)
WRITTEN = MARKUP | st.text(max_size=40)


@settings(max_examples=60, deadline=None)
@given(WRITTEN)
def test_any_text_makes_a_whole_page(export, text):
    page = export(
        notebook(
            text,
            new_raw_cell(text, metadata={"raw_mimetype": "text/html"}),
            shown({"text/html": text}),
            shown({"text/latex": text, "text/plain": text}),
            shown({"text/markdown": text}),
            new_markdown_cell(
                f"![{text}](attachment:{text})", attachments={text: {"image/png": PNG}}
            ),
            shown({"image/png": PNG}, **{"image/png": {"alt": text, "width": text}}),
        )
    )[0]
    assert is_whole(page)
    assert is_inert(page)


@settings(max_examples=10, deadline=None)
@given(st.lists(WRITTEN.filter(bool), min_size=2, max_size=2, unique=True), WRITTEN, WRITTEN)
def test_any_names_make_whole_pages_and_a_whole_index(tmp_path_factory, names, title, index):
    made = {name: notebook("words", title=title, course=title) for name in names}
    *_, files = files_of(tmp_path_factory.getbasetemp(), made, index_title=index)
    assert len(files) == 2
    for page in files.values():
        assert is_whole(page)
        assert is_inert(page)
    assert [*files.values()][-1].count("<li>") == 2


LATEX = st.lists(
    st.sampled_from(
        [
            *"x1{}^_&()[]$#'%~é中\n\0",
            r"\frac",
            r"\\",
            r"\begin{align}",
            r"\end{align}",
            r"\begin{array}",
            "{cc}",
            r"\sum",
            r"\end{array}",
            r"\left",
            r"\right",
            r"\label{a}",
            r"\tag{1}",
            r"\ref{a}",
            r"\eqref{b}",
            r"\newcommand",
            r"\def",
            r"\x",
            "#1",
            r"\text{",
            r"\sqrt",
            r"\mathbf",
            r"\DeclareMathOperator",
            r"\hline",
            r"\limits",
            r"\begin{cases}",
            r"\end{cases}",
            r"\begin{eqnarray}",
            r"\end{eqnarray}",
            r"\operatorname",
            r"\not",
            r"\color{red}",
            r"\\[2ex]",
            r"\begin{split}",
            r"\end{split}",
            r"\substack",
            r"\rule",
            r"\large",
            r"\middle|",
        ]
    ),
    max_size=12,
).map("".join)


@settings(max_examples=500, deadline=None)
@given(st.lists(st.builds(Formula, LATEX, st.booleans()), min_size=1, max_size=3))
def test_any_formula_is_converted_or_stands_as_its_source(formulas):
    made = convert(formulas)
    for formula, html, error in zip(formulas, made.html, made.errors, strict=True):
        assert " style=" not in re.sub("<code>.*?</code>", "", html, flags=re.DOTALL)
        if error.startswith("a formula is shown as it is written"):
            assert formula.latex.strip() in unescape(re.sub("</?(code|span)[^>]*>", "", html))
