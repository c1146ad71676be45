"""A handout of each kind of what teachers write: small and wide, light and dark, and on paper."""

from contextlib import closing

import pytest
from nbformat.v4 import new_notebook, new_raw_cell

from course_lib.handout import HandoutExporter
from helpers import kinds, lessons
from helpers.players import OF_COLOURS, UNFOLD, assert_accessible, open_file

pytestmark = pytest.mark.browser

# Rules of axe that a notebook itself breaks, and how it does.
ITS_OWN = {
    "formulas": {"link-name": "a link holds a formula only, which axe does not take for text"},
    "no_headings": {"page-has-heading-one": "it has no heading"},
    "frames": {"empty-table-header": "pandas leaves the corner of a table empty"},
}
LOST_PICTURES = "[...document.images].filter(one => !one.naturalWidth).map(one => one.alt)"
# How what is wider than its place overflows it.
OVERFLOWS = """all => all.filter(one => one.scrollWidth > one.clientWidth + 1)
    .map(one => getComputedStyle(one).overflowX)"""


def wide():
    """What is wide or tall in places that `long_ones` leaves out."""
    long = "_".join(["a_long_name"] * 15)
    tall = r"\begin{cases} \cfrac{1}{1 + \cfrac{1}{x}} & \sqrt{\hat T^{T^T}} \end{cases}"
    matrix = (
        r"\begin{pmatrix} \frac{1}{2} & \vdots \\ \sum_{i=1}^n i & \int_0^1 x\,dx \end{pmatrix}"
    )
    sums = "+".join(rf"\frac{{x^{{{n}}}}}{{{n}!}}" for n in range(30))
    rows = rf"y &= {sums} \label{{y}} \\ z &= \prod_{{j \in J_g}} j \tag{{*}}"
    return kinds.notebook(
        "# Wide",
        *(f"$${one}$$" for one in (tall, matrix, sums, rf"\begin{{align}} {rows} \end{{align}}")),
        f"${sums}$ and {long}\n\n- > - {long}",
        f"|{'`column`|' * 30}\n{'|-' * 30}|\n|{'0.123456|' * 30}",
        f"|a|b|\n|-|-|\n|<https://example.org/{long}>|${tall}$|",
        kinds.shown({"image/svg+xml": '<svg xmlns="http://www.w3.org/2000/svg" width="9000"/>'}),
        kinds.shown({"text/latex": rf"$\displaystyle {sums}$"}),
        new_raw_cell(long),
    )


TOGETHER = [kind for kind in kinds.ROWS if kind not in ITS_OWN]
ALONE = [kind for kind in kinds.KINDS if kind not in TOGETHER]


def rows():
    """The cells of all kinds that break no rule, on one page: to open one takes a second or two."""
    return kinds.notebook("# Rows", *(cell for kind in TOGETHER for cell, *_ in kinds.ROWS[kind]))


KINDS = {**kinds.KINDS, "wide": wide, "rows": rows}


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return kinds.put_pictures(tmp_path_factory.mktemp("kinds"))


@pytest.fixture(scope="module")
def page(browser, folder):
    """A page for all of them: what it knows of axe already it need not translate again."""
    (folder / "empty.html").touch()
    with closing(open_file(browser, folder / "empty.html")) as page:
        yield page


def export(folder, name, notebook):
    path = folder / f"{name}.html"
    resources = {"metadata": {"name": name, "path": folder}}
    path.write_text(HandoutExporter().from_notebook_node(notebook, resources)[0], encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", ["rows", "wide", *ALONE])
def test_each_kind_fits_pages_and_paper_and_asks_for_nothing(page, folder, kind):
    path = export(folder, kind, KINDS[kind]())
    page.errors.clear()
    page.requests.clear()
    page.emulate_media(color_scheme="light")
    page.goto(path.as_uri())
    page.evaluate(UNFOLD)
    for width, media in ((360, "screen"), (1280, "screen"), (703, "print")):  # A4 but its margins
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(media=media)
        assert page.evaluate("document.documentElement.scrollWidth") == width, media
        overflows = {*page.locator(".formula, .wide, main").evaluate_all(OVERFLOWS)}
        assert overflows <= (set() if media == "print" else {"auto"}), width
        assert overflows or media == "print" or kind != "wide", width
    assert page.evaluate(LOST_PICTURES) == []
    for width, scheme, rules in ((360, "light", ()), (1280, "dark", OF_COLOURS)):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(media="screen", color_scheme=scheme)
        assert_accessible(page, rules, ITS_OWN.get(kind, ()))
    assert page.errors == []
    assert [url for url in page.requests if not url.startswith("data:")] == [path.as_uri()]


@pytest.mark.parametrize("kind", ["lessons", "rows", "formulas", "wide"])
def test_a_formula_that_scrolls_loses_no_ink(open_page, folder, kind):
    """Above and below it, that is: a page looks the same where its formulas are not cut off."""
    if kind == "lessons":
        cells = [cell for lesson in lessons.NOTEBOOKS.values() for cell in lesson.cells]
        made = new_notebook(cells=[cell for cell in cells if cell.cell_type == "markdown"])
    else:
        made = KINDS[kind]()
    page = open_page(export(folder, "ink", made), bypass_csp=True)
    page.evaluate("""document.querySelector('main').replaceChildren(
        ...document.querySelectorAll('.formula:not(.formula *), p > math'))""")
    assert page.locator("main > *").count() > 0
    page.add_style_tag(
        content="""main { overflow-x: clip; padding: 10px }
        main > * { background: none !important; padding-inline: 3px !important;
                   clip-path: inset(-2em 0); overflow: auto hidden !important }
        .whole main > * { overflow: visible !important }"""
    )
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        cut = page.screenshot(full_page=True)
        page.evaluate("document.body.classList.add('whole')")
        assert page.screenshot(full_page=True) == cut, width
        page.evaluate("document.body.classList.remove('whole')")
