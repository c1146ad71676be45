"""What the pages say is so: the README, the teacher's beside the lessons, and the contributor's."""

import doctest
import importlib.util
import re

import pytest

from course_lib import refresh
from course_lib.jupyter.outputs import QUESTION
from course_lib.questions import ask
from helpers.lessons import LESSONS, NOTEBOOKS, every_lesson, outputs, text_of

ROOT = refresh.LESSONS.parent
README, TEACHERS, CONTRIBUTORS = PAGES = [
    ROOT / "README.md",
    refresh.LESSONS / "README.md",
    ROOT / ".github/CONTRIBUTING.md",
]


def text(path):
    return text_of(path, "markdown") if path in NOTEBOOKS else path.read_text(encoding="utf-8")


def test_the_python_example_runs():
    names = {}
    exec(re.search(r"```python\n(.*?)```", text(README), re.DOTALL)[1], names)
    assert len(names["shadow"]) == 41


@pytest.mark.parametrize("page", [*PAGES, *LESSONS], ids=lambda page: "/".join(page.parts[-2:]))
def test_links_lead_somewhere(page):
    targets = re.findall(r"\]\(([^)]+)\)", text(page))
    assert len(targets) >= 2
    for target in [target for target in targets if not target.startswith("https://")]:
        path, _, place = target.partition("#")
        linked = (page.parent / path) if path else page
        assert linked.is_file(), target
        if place:
            headings = re.findall(r"(?m)^##+ (.*)$", text(linked))
            assert place in {re.sub(r"\W+", "-", heading).lower() for heading in headings}, target


@pytest.mark.parametrize("page", PAGES, ids=["README", "teachers", "contributors"])
def test_what_a_page_names_exists(page):
    folders = r"(?<![\w./%])(?:course_lib|notebooks|tests|\.github|\.ci)"
    named = set(re.findall(folders + r"/[\w./*]*\w|[\w.]+\.(?:toml|txt)\b", text(page)))
    assert {path for path in named if not [*ROOT.glob(path)]} <= {"notebooks/05_name.ipynb"}
    modules = re.findall(r"-m (course_lib[\w.]*)", text(page))
    assert all(importlib.util.find_spec(module) for module in modules)
    assert modules or page != CONTRIBUTORS


def test_the_readme_leads_learner_teacher_and_contributor_on():
    links = set(re.findall(r"\]\(([^)]+)\)", text(README)))
    parts = "change-a-lesson", "add-a-lesson", "tests", "update-the-packages"
    assert links >= {
        "#start",
        "#teach-with-it",
        "#change-it",
        "notebooks/01_learning_rate.ipynb",
        "notebooks/README.md#a-lesson-of-your-own",
        *(f".github/CONTRIBUTING.md#{part}" for part in parts),
    }
    assert "| in the notebook | in the handout |" in text(TEACHERS)


def test_the_teacher_s_answers_are_those_of_the_library():
    tried = doctest.testfile(str(TEACHERS), module_relative=False, encoding="utf-8")
    assert tried.attempted >= 5
    assert tried.failed == 0


@every_lesson
def test_the_teacher_reads_of_each_section_word_and_choice(path):
    """Of every section, every wrong choice and no right one, and every Chinese word but the title."""
    readme = text(TEACHERS)
    title = rf"\*\*\[[^\n]*\]\({re.escape(path.name)}\)\*\*\n\n"
    about = re.search(rf"{title}((?:\|[^\n]*\n)+)", readme)[1]
    usual = r"Exercises$|In your framework$|Go further$|Find the bug"
    assert re.findall(r"(?m)^\| ([^|]*) \|", about)[2:] == [
        heading
        for heading in re.findall(r"(?m)^## (.*)$", text(path))
        if not re.match(usual, heading)
    ]
    shown = [output.get("data", {}) for output in outputs(NOTEBOOKS[path])]
    for question in (ask(data[QUESTION]["name"]) for data in shown if QUESTION in data):
        for index, choice in enumerate(question.choices):
            row = f"| {question.name} | {choice} |"
            assert (row in readme) == (index != question.answer), row
    chinese = "[\u4e00-\u9fff]+"
    used = set(re.findall(chinese, text(path).removeprefix(NOTEBOOKS[path].cells[0].source)))
    assert used
    assert used <= set(re.findall(chinese, readme))
