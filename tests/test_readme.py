"""What the README says is so."""

import re
from pathlib import Path

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def test_the_python_example_runs():
    names = {}
    exec(re.search(r"```python\n(.*?)```", README, re.DOTALL)[1], names)
    assert len(names["shadow"]) == 41


def test_links_lead_somewhere():
    targets = re.findall(r"\]\(([^)]+)\)", README)
    assert len(targets) >= 5
    places = {"#" + re.sub(r"\W+", "-", heading).lower() for heading in re.findall(r"(?m)^## (.*)$", README)}
    for target in targets:
        assert target in places or (Path(__file__).parent.parent / target).is_file(), target
