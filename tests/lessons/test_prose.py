"""Every number that a lesson says is one that a cell of the same lesson prints."""

import re
from decimal import Decimal
from html import unescape
from itertools import chain

import nbformat

from course_lib.jupyter.outputs import QUESTION
from course_lib.questions import QUESTIONS
from helpers.lessons import LESSONS, NOTEBOOKS, every_lesson, read

# What stands raised or lowered is no number, and no part of one.
RAISED = dict.fromkeys(map(ord, "⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉ⁿᵏᵗˣₜₙ"), " ")
NUMBER = re.compile(
    r"(?<![\w.,^])[-−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[-+]?\d+)?(?![\w^]|\.\d)"
)
PROVED_ELSEWHERE = re.compile(
    r"(?ims)```python.*?```"  # solutions and snippets: test_exercises.py and tests/frameworks
    r"|`[^`\n]*`"  # names and calls
    r"|\]\([^)]*\)|</?[a-z][^>]*>"  # addresses and tags
    r"|^#+ \d+\. |^\d+\. "  # counted headings and lists
    r"|\b(lessons?|exercise|question|TensorFlow|Keras|NumPy|Python|part|float|L)"  # numbered
    r"[ #\[]?\d+(\.\d+)?(\W+(and|to)\W+\d+)?"
    r"|about \d+ minutes"
)


def numbers(text):
    """The numbers in a text, as they are written and as they are, without their signs."""
    for found in NUMBER.finditer(unescape(text).translate(RAISED).replace("−", "-")):
        yield found.group(), abs(Decimal(found.group().replace(",", "")))


def said(cell):
    """What a cell tells its reader: its text or, if it is code, the question that it asks."""
    if cell.cell_type == "markdown":
        yield PROVED_ELSEWHERE.sub(" ", cell.source)
    for output in cell.get("outputs", []):
        if QUESTION in output.get("data", {}):
            question = QUESTIONS[output.data[QUESTION]["name"]]
            yield from (question["ask"], *chain(*question["choices"]))


def printed(cell):
    """What a cell puts out: text, alternatives of pictures, readouts; but no question."""
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        if QUESTION not in data:
            html = re.sub(r'<img alt="([^"]*)"', r"\1 <", data.get("text/html", ""))
            yield from (output.get("text", ""), data.get("text/plain", ""))
            yield re.sub("<[^>]*>", " ", html)


def unproved(notebook):
    """The numbers said that no output holds, be it with more places; but for whole ones up to 12."""
    known, wanted = (
        {number for cell in notebook.cells for text in find(cell) for number in numbers(text)}
        for find in (printed, said)
    )
    values = {value for _, value in known}
    return sorted({name for name, value in wanted if not holds(value, values)})


def holds(value, known):
    places = -value.as_tuple().exponent
    if places <= 2:  # so few digits would be met by chance
        return value in known or (places <= 0 and value <= 12)
    return any(abs(value - one) <= Decimal(5) / 10 ** (places + 1) for one in known)


@every_lesson
def test_every_number_in_the_prose_is_printed_by_a_cell(path):
    assert unproved(NOTEBOOKS[path]) == []


def test_a_number_that_no_cell_prints_is_found():
    notebook = read(LESSONS[0])
    text = "Lesson 1: the loss 12.34ᵗ, after 77 steps, is < 1.17 at −0.911315, or −0.9113."
    notebook.cells.append(nbformat.v4.new_markdown_cell(f"{text}\n\n```text\n0.71\n```"))
    assert unproved(notebook) == ["0.71", "1.17", "12.34", "77"]
