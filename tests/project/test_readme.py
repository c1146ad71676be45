"""What the pages say is so: the README, the teacher's beside the lessons, and the contributor's."""

import doctest
import importlib.util
import re

import pytest

from course_lib import refresh
from course_lib.jupyter.outputs import QUESTION
from course_lib.questions import ask
from helpers.lessons import NOTEBOOKS, every_lesson

ROOT = refresh.LESSONS.parent
README, TEACHERS, CONTRIBUTORS = PAGES = [
    ROOT / "README.md",
    refresh.LESSONS / "README.md",
    ROOT / ".github/CONTRIBUTING.md",
]
every_page = pytest.mark.parametrize("page", PAGES, ids=["README", "teachers", "contributors"])


def text(path):
    return path.read_text(encoding="utf-8")


def test_the_python_example_runs():
    names = {}
    exec(re.search(r"```python\n(.*?)```", text(README), re.DOTALL)[1], names)
    assert len(names["shadow"]) == 41


@every_page
def test_links_lead_somewhere(page):
    targets = re.findall(r"\]\(([^)]+)\)", text(page))
    assert len(targets) >= 2
    for target in targets:
        path, _, place = target.partition("#")
        linked = (page.parent / path) if path else page
        assert linked.is_file(), target
        if place:
            headings = re.findall(r"(?m)^##+ (.*)$", text(linked))
            assert place in {re.sub(r"\W+", "-", heading).lower() for heading in headings}, target


@every_page
def test_what_a_page_names_exists(page):
    folders = r"(?<![\w./%])(?:course_lib|notebooks|tests|\.github|\.ci)"
    named = set(re.findall(folders + r"/[\w./*]*\w|[\w.]+\.(?:toml|txt)\b", text(page)))
    for path in named - {"notebooks/05_name.ipynb"}:
        assert [*ROOT.glob(path)], path
    modules = re.findall(r"-m (course_lib[\w.]*)", text(page))
    assert all(importlib.util.find_spec(module) for module in modules)
    assert modules or page != CONTRIBUTORS


def test_the_readme_leads_learner_teacher_and_contributor_on():
    links = set(re.findall(r"\]\(([^)]+)\)", text(README)))
    assert {"#start", "#teach-with-it", "#change-it"} <= links
    assert {"notebooks/01_learning_rate.ipynb", "notebooks/README.md#a-lesson-of-your-own"} <= links
    parts = "change-a-lesson", "add-a-lesson", "tests", "update-the-packages"
    assert {f".github/CONTRIBUTING.md#{part}" for part in parts} <= links
    assert "| in the notebook | in the handout |" in text(TEACHERS)


def test_the_teacher_s_answers_are_those_of_the_library():
    tried = doctest.testfile(str(TEACHERS), module_relative=False, encoding="utf-8")
    assert tried.attempted >= 5
    assert tried.failed == 0


@every_lesson
def test_the_teacher_reads_of_every_section_and_of_every_wrong_choice(path):
    readme = text(TEACHERS)
    sections = [
        heading
        for cell in NOTEBOOKS[path].cells
        if cell.cell_type == "markdown"
        for heading in re.findall(r"(?m)^## (.*)$", cell.source)
    ]
    about = re.search(
        rf"\*\*\[[^\n]*\]\({re.escape(path.name)}\)\*\*\n\n((?:\|[^\n]*\n)+)", readme
    )[1]
    listed = re.findall(r"(?m)^\| ([^|]*) \|", about)[2:]
    assert listed == [
        heading
        for heading in sections
        if heading not in ("Exercises", "In your framework", "Go further")
        and not heading.startswith("Find the bug")
    ]
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
    used = set(
        re.findall(
            "[\u4e00-\u9fff]+",
            "\n".join(cell.source for cell in cells if cell.cell_type == "markdown"),
        )
    )
    assert used
    assert used <= set(re.findall("[\u4e00-\u9fff]+", text(TEACHERS)))
