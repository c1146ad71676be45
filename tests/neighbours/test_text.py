"""Lessons as text and back, by jupytext; without outputs, by nbstripout; beside another, by nbdime."""

import re

import nbformat
import pytest

from course_lib import refresh
from helpers.lessons import LESSONS, code_cells, every_lesson, read


def kept(notebook):
    """What a round trip keeps of the cells: text has no place for their ids."""
    return [{key: value for key, value in cell.items() if key != "id"} for cell in notebook.cells]


def apart_from_jupytext(path):
    """A notebook without what jupytext notes for itself."""
    notebook = read(path)
    notebook.metadata.pop("jupytext", None)
    return notebook


@pytest.mark.parametrize(("form", "suffix"), [("py:percent", ".py"), ("md", ".md")])
@every_lesson
def test_a_lesson_is_changed_and_comes_back_as_text(path, copy, form, suffix, run):
    """`--update` brings a change of the text into the notebook, and keeps ids and outputs; the text
    alone, whatever it keeps.  Then refresh runs it.
    """
    text, wanted = copy.with_suffix(suffix), read(path)
    run(copy.parent, "jupytext", "--to", form, copy)
    written = text.read_text(encoding="utf-8")
    candidates = [cell for cell in code_cells(wanted) if cell.outputs]
    cell = next(one for one in candidates if written.count(f"\n{one.source}\n") == 1)
    changed = written.replace(f"\n{cell.source}\n", f"\n{cell.source}  # mine\n")
    text.write_text(changed, encoding="utf-8")
    cell.source += "  # mine"
    run(copy.parent, "jupytext", "--to", "notebook", "--update", text)
    assert apart_from_jupytext(copy) == wanted
    refresh.main([copy])
    assert apart_from_jupytext(copy) == wanted
    copy.unlink()
    run(copy.parent, "jupytext", "--to", "notebook", text)
    assert not any(cell.outputs for cell in code_cells(read(copy)))
    refresh.main([copy])
    assert kept(read(copy)) == kept(wanted)


@every_lesson
def test_what_nbstripout_takes_away_refresh_brings_back(path, copy, run):
    """To the byte; without --keep-id nbstripout also numbers the cells anew."""
    run(copy.parent, "nbstripout", "--keep-id", copy)
    assert not any(cell.outputs for cell in code_cells(read(copy)))
    refresh.main([copy])
    assert copy.read_bytes() == path.read_bytes()


@pytest.mark.parametrize("path", LESSONS[:1], ids=lambda path: path.stem)
def test_nbdime_shows_one_changed_digit_as_one_changed_line(path, copy, run):
    other, changed = copy.with_name("other.ipynb"), read(copy)
    number, output = next(
        (number, output)
        for number, cell in enumerate(changed.cells)
        for output in cell.get("outputs", [])
        if re.search(r"\d", output.get("text", ""))
    )
    before = next(line for line in output.text.splitlines() if re.search(r"\d", line))
    after = re.sub(r"\d", lambda digit: str(9 - int(digit[0])), before, count=1)
    output.text = output.text.replace(before, after, 1)
    nbformat.write(changed, other)
    said = run(copy.parent, "nbdime", "diff", "--no-color", copy, other)
    places = re.findall(r"^## .*", said, re.MULTILINE)
    assert places == [f"## modified /cells/{number}/outputs/0/text:"]
    assert re.findall(r"^[-+](?![-+]).*", said, re.MULTILINE) == [f"-{before}", f"+{after}"]
    assert run(copy.parent, "nbdime", "diff", "--no-color", copy, copy) == ""
