"""Chromium, which the browser tests share, and a Jupyter server, which those of a file share."""

from collections import defaultdict

import pytest

from helpers.lab import WIDE, browser, serve  # noqa: F401
from helpers.players import open_file


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    with serve(tmp_path_factory.mktemp("home")) as served:
        yield served


@pytest.fixture(scope="module")
def desks(browser, lab):  # noqa: F811
    """By name a page each that keeps JupyterLab open, since to open it takes long."""
    pages = defaultdict(lambda: browser.new_page(viewport=WIDE))
    yield pages
    for page in pages.values():
        page.close()


@pytest.fixture
def open_page(browser):  # noqa: F811
    """Open a file in a page of its own."""
    pages = []

    def opened(path, *look, **settings):
        pages.append(open_file(browser, path, *look, **settings))
        return pages[-1]

    yield opened
    for page in pages:
        page.close()
