"""What the READMEs say is so: the one of the repository, and the teacher's beside the lessons."""

import doctest
import re

import pytest

from course_lib import refresh
from course_lib.jupyter.outputs import QUESTION
from course_lib.questions import ask
from lessons import NOTEBOOKS, every_lesson

README, TEACHERS = (path / "README.md" for path in (refresh.LESSONS.parent, refresh.LESSONS))


def text(path):
    return path.read_text(encoding="utf-8")


def test_the_python_example_runs():
    names = {}
    exec(re.search(r"```python\n(.*?)```", text(README), re.DOTALL)[1], names)
    assert len(names["shadow"]) == 41


@pytest.mark.parametrize("readme", [README, TEACHERS], ids=["README", "teachers"])
def test_links_lead_somewhere(readme):
    targets = re.findall(r"\]\(([^)]+)\)", text(readme))
    assert len(targets) >= 5
    for target in targets:
        path, _, place = target.partition("#")
        page = (readme.parent / path) if path else readme
        assert page.is_file(), target
        if place:
            headings = re.findall(r"(?m)^## (.*)$", text(page))
            assert place in {re.sub(r"\W+", "-", heading).lower() for heading in headings}, target


def test_the_teacher_s_answers_are_those_of_the_library():
    tried = doctest.testfile(str(TEACHERS), module_relative=False, encoding="utf-8")
    assert tried.attempted >= 5
    assert tried.failed == 0


@every_lesson
def test_the_teacher_reads_of_every_section_and_of_every_wrong_choice(path):
    readme = text(TEACHERS)
    sections = [heading for cell in NOTEBOOKS[path].cells if cell.cell_type == "markdown"
                for heading in re.findall(r"(?m)^## (.*)$", cell.source)]
    about = re.search(rf"\*\*\[[^\n]*\]\({re.escape(path.name)}\)\*\*\n\n((?:\|[^\n]*\n)+)", readme)[1]
    listed = re.findall(r"(?m)^\| ([^|]*) \|", about)[2:]
    assert listed == [heading for heading in sections if heading not in ("Exercises", "In your framework", "Go further")
                      and not heading.startswith("Find the bug")]
    for cell in NOTEBOOKS[path].cells:
        for output in cell.get("outputs", []):
            if QUESTION in output.get("data", {}):
                question = ask(output.data[QUESTION]["name"])
                for index, choice in enumerate(question.choices):
                    row = f"| {question.name} | {choice} |"
                    assert (row in readme) == (index != question.answer), row




@every_lesson
def test_the_teacher_s_glossary_has_every_chinese_word_of_a_lesson(path):
    cells = NOTEBOOKS[path].cells[1:]  # without the title
    used = set(re.findall("[\u4e00-\u9fff]+", "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")))
    assert used
    assert used <= set(re.findall("[\u4e00-\u9fff]+", text(TEACHERS)))
