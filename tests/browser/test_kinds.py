"""A handout of each kind of what teachers write, in Chromium: small and wide, light and dark, and on paper."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from test_handouts import UNFOLD, open_file

import kinds
from course_lib.handout import HandoutExporter

# Rules of axe that a notebook itself breaks, and how it does.
ITS_OWN = {
    "formulas": {"link-name": "a link holds a formula only, which axe does not take for text"},
    "no_headings": {"page-has-heading-one": "it has no heading"},
    "frames": {"empty-table-header": "pandas leaves the corner of a table empty"},
}


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return kinds.put_pictures(tmp_path_factory.mktemp("kinds"))


@pytest.mark.parametrize("kind", kinds.KINDS)
def test_each_kind_fits_small_and_wide_pages_and_paper_and_asks_for_nothing(browser, folder, kind):
    path = folder / f"{kind}.html"
    made, _ = HandoutExporter().from_notebook_node(kinds.KINDS[kind](), {"metadata": {"name": kind, "path": folder}})
    path.write_text(made, encoding="utf-8")
    page = open_file(browser, path)
    page.evaluate(UNFOLD)
    wide = {}
    for width, media in ((360, "screen"), (1280, "screen"), (700, "print")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(media=media)
        wide[width] = page.evaluate("document.documentElement.scrollWidth")
    assert wide == {width: width for width in wide}
    assert page.evaluate("[...document.images].filter(one => !one.naturalWidth).map(one => one.alt)") == []
    rules = {rule: {"enabled": False} for rule in ITS_OWN.get(kind, ())}
    for width, scheme in ((360, "light"), (1280, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(media="screen", color_scheme=scheme)
        result = Axe().run(page, options={"resultTypes": ["violations"], "rules": rules})
        assert result.violations_count == 0, result.generate_report()
    assert page.errors == []
    assert [url for url in page.requests if not url.startswith("data:")] == [path.as_uri()]
    page.close()
