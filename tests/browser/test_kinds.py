"""A handout of each kind of what teachers write, in Chromium: small and wide, light and dark, and
on paper.
"""

from contextlib import closing

import pytest

from course_lib.handout import HandoutExporter
from helpers import kinds
from helpers.lab import LONG
from helpers.players import OF_COLOURS, UNFOLD, assert_accessible, open_file

# Rules of axe that a notebook itself breaks, and how it does.
ITS_OWN = {
    "formulas": {"link-name": "a link holds a formula only, which axe does not take for text"},
    "no_headings": {"page-has-heading-one": "it has no heading"},
    "frames": {"empty-table-header": "pandas leaves the corner of a table empty"},
}


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return kinds.put_pictures(tmp_path_factory.mktemp("kinds"))


@pytest.fixture(scope="module")
def page(browser, folder):
    """A page for all of them: what it knows of axe already it need not translate again."""
    (folder / "empty.html").touch()
    with closing(open_file(browser, folder / "empty.html")) as page:
        yield page


@pytest.mark.parametrize("kind", kinds.KINDS)
def test_each_kind_fits_small_and_wide_pages_and_paper_and_asks_for_nothing(page, folder, kind):
    path = folder / f"{kind}.html"
    made, _ = HandoutExporter().from_notebook_node(
        kinds.KINDS[kind](), {"metadata": {"name": kind, "path": folder}}
    )
    path.write_text(made, encoding="utf-8")
    page.errors.clear()
    page.requests.clear()
    page.emulate_media(color_scheme="light")
    page.goto(path.as_uri())
    page.evaluate(UNFOLD)
    wide = {}
    for width, media in ((360, "screen"), (1280, "screen"), (700, "print")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(media=media)
        wide[width] = page.evaluate("document.documentElement.scrollWidth")
    assert wide == {width: width for width in wide}
    assert (
        page.evaluate("[...document.images].filter(one => !one.naturalWidth).map(one => one.alt)")
        == []
    )
    for width, scheme, rules in ((360, "light", ()), (1280, "dark", () if LONG else OF_COLOURS)):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(media="screen", color_scheme=scheme)
        assert_accessible(page, rules, ITS_OWN.get(kind, ()))
    assert page.errors == []
    assert [url for url in page.requests if not url.startswith("data:")] == [path.as_uri()]
