"""Every number that a lesson says is one that a cell of the same lesson prints."""

import re
from decimal import Decimal
from html import unescape

import nbformat
import pytest

from course_lib import checks, refresh, storing

LESSONS = sorted(refresh.LESSONS.glob("*.ipynb"))
NUMBER = re.compile(r"(?<![\w.,^])[-−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[-+]?\d+)?(?![\w^]|\.\d)")
SUPERSCRIPTS = dict.fromkeys(map(ord, "⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉"), " ")
PROVED_ELSEWHERE = re.compile("|".join([
    r"```.*?```",  # solutions and snippets, which test_checks.py and tests/frameworks run
    r"`[^`\n]*`",  # names and calls
    r"\]\([^)]*\)|<[^>]*>",  # addresses
    r"^#+ \d+\. |^\d+\. ",  # counted headings and lists
    # What is called by a number.
    r"\b(lessons?|exercise|question|TensorFlow|Keras|NumPy|Python|part|float|L)\W{0,3}\d+(\.\d+)?(\W+(and|to)\W+\d+)?",
    r"about \d+ minutes",
]), re.DOTALL | re.IGNORECASE | re.MULTILINE)


def numbers(text):
    """The numbers in a text, as they are written and as they are, without their signs."""
    for found in NUMBER.finditer(unescape(text).translate(SUPERSCRIPTS).replace("−", "-")):
        yield found.group(), abs(Decimal(found.group().replace(",", "")))


def said(cell):
    """What a cell tells its reader: its text or, if it is code, the question that it asks."""
    if cell.cell_type == "markdown":
        yield PROVED_ELSEWHERE.sub(" ", cell.source)
    for output in cell.get("outputs", []):
        if storing.QUESTION in output.get("data", {}):
            question = checks.QUESTIONS[output.data[storing.QUESTION]["name"]]
            yield from (question["ask"], *(text for choice in question["choices"] for text in choice))


def printed(cell):
    """What a cell puts out: text, alternatives of pictures, readouts.  No question: it says what is to be proved."""
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        if storing.QUESTION not in data:
            html = re.sub(r'<img alt="([^"]*)"', r"\1 <", data.get("text/html", ""))
            yield from (output.get("text", ""), data.get("text/plain", ""), re.sub("<[^>]*>", " ", html))


def unproved(notebook):
    """The numbers said, but for whole ones up to 12, that no output holds, be it with more digits."""
    known = {value for cell in notebook.cells for text in printed(cell) for _, value in numbers(text)}
    return sorted({name for cell in notebook.cells for text in said(cell) for name, value in numbers(text)
                   if not holds(value, known)})


def holds(value, known):
    places = -value.as_tuple().exponent
    if places <= 0:
        return value <= 12 or value in known
    return any(abs(value - one) <= Decimal(5) / 10**(places + 1) for one in known)


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_every_number_in_the_prose_is_printed_by_a_cell(path):
    assert unproved(nbformat.read(path, as_version=4)) == []


def test_a_number_that_no_cell_prints_is_found():
    notebook = nbformat.read(LESSONS[0], as_version=4)
    notebook.cells.append(nbformat.v4.new_markdown_cell("The loss becomes 12.34, after 77 steps, at −0.911315."))
    assert unproved(notebook) == ["12.34", "77"]
