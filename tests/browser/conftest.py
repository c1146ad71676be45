"""Chromium, which the browser tests share, and a Jupyter server, which those of a file share."""

import pytest

from helpers.lab import browser, serve  # noqa: F401


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    with serve(tmp_path_factory.mktemp("home")) as served:
        yield served
