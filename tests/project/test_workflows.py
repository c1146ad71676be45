"""The workflows for GitHub, and what else a forge reads, are sound and do what the pages say."""

import re
import subprocess
import sysconfig
import tomllib
from pathlib import Path

import pytest
import yaml

from course_lib import refresh

ROOT = refresh.LESSONS.parent
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
# To BaseLoader 'on' is a word, as to GitHub.
READ = {path.stem: yaml.load(path.read_bytes(), yaml.BaseLoader) for path in WORKFLOWS}
JOBS = {f"{stem}-{name}": job for stem, one in READ.items() for name, job in one["jobs"].items()}
README, CONTRIBUTING = (
    (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", ".github/CONTRIBUTING.md")
)
BLOCK, INLINE = r"```sh\n(.*?)```", r"(?<!`)`([^`\n]+)`(?!`)"
# What a workflow runs in place of a command that is a part of it, or that opens the same with
# another lesson.
INSTEAD = {
    ".venv/bin/ruff format": ".venv/bin/ruff format --check",
    ".venv/bin/jupyter lab notebooks": ".venv/bin/jupyter lab notebooks/01_learning_rate.ipynb",
}


def parts(code, text):
    """The commands in what matches `code`, each by itself."""
    lines = [line for found in re.findall(code, text, re.DOTALL) for line in found.splitlines()]
    return {part for line in lines for part in line.split(" && ")}


def commands_of(job):
    """The lines that the steps of a job run."""
    return [line for step in job["steps"] for line in step.get("run", "").splitlines()]


def smallest(command):
    """A command without its size, which is what follows the name of one of our scripts."""
    return re.sub(r"(python \S+\.py) .*", r"\1", command)


def run_by(job):
    """The commands of a job, also with its variables before them; for .ci/run, those of this."""
    run = {part for command in commands_of(job) for part in command.split(" && ")}
    if ".ci/run" in run:
        script = (ROOT / ".ci/run").read_text(encoding="utf-8")
        run |= {line for line in script.splitlines() if line.startswith(".venv/")}
        for name in re.findall(r"=\$\(readme_command (\w+)\)", script):
            run |= parts(rf"<!-- command: {name} -->\n{BLOCK}", README)
    variables = [f"{name}={value} " for name, value in job.get("env", {}).items()]
    return {variable + command for variable in ["", *variables] for command in run}


def lint(path):
    """Zizmor knows, without network, the schemas of GitHub's files, and what is unsafe in one."""
    options = ["--offline", "--no-config", "--no-progress", "--strict-collection", "--pedantic"]
    command = [Path(sysconfig.get_path("scripts")) / "zizmor", *options, path]
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    return run.returncode, run.stdout + run.stderr


def test_a_linter_finds_nothing():
    status, said = lint(ROOT / ".github")
    assert status == 0, said
    for path in [*WORKFLOWS, ROOT / ".github/dependabot.yml"]:
        assert f"completed {path}" in said


FINDINGS = [
    ("runs-on:", "runs_on:", "'runs_on' was unexpected"),
    ("steps:", "steps", "invalid YAML|could not find expected|parse"),
    (r"@\w{40} # ", "@", "unpinned-uses"),
    (r"permissions: \{\}", "permissions: write-all", "excessive-permissions"),
    ("- run: .ci/run", "- run: echo ${{ github.head_ref }}", "template-injection"),
]


@pytest.mark.parametrize(("right", "wrong", "finding"), FINDINGS)
def test_a_linter_finds_what_is_wrong(tmp_path, right, wrong, finding):
    path = tmp_path / ".github/workflows/ci.yml"
    path.parent.mkdir(parents=True)
    workflow = (ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8")
    broken, changed = re.subn(right, wrong, workflow)
    assert changed
    path.write_text(broken, encoding="utf-8")
    status, said = lint(path)
    assert status != 0
    assert re.search(finding, said), said


def test_when_they_run_with_which_rights_and_in_which_order():
    assert set(READ["ci"]["on"]) == {"push", "pull_request", "workflow_dispatch"}
    assert set(READ["weekly"]["on"]) == {"schedule", "workflow_dispatch"}
    for name, job in JOBS.items():
        assert int(job["timeout-minutes"]) <= 90, name
        assert "secrets" not in str(job), name
        may_write = {right for right, level in job["permissions"].items() if level == "write"}
        assert may_write == ({"pages", "id-token"} if name == "ci-publish" else set()), name
    waiting = {name: job["needs"] for name, job in JOBS.items() if "needs" in job}
    assert waiting == {"ci-handouts": "test", "ci-publish": "handouts"}


def test_a_workflow_runs_what_a_page_for_people_says():
    said = parts(BLOCK, README + CONTRIBUTING) | parts(INLINE, README + CONTRIBUTING)
    paths = r"(?<![\w.-])(?:(?:tests|notebooks|\.ci)/[\w./*]+|(?<= )\w+\.(?:txt|toml))"
    for command in (command for job in JOBS.values() for command in commands_of(job)):
        assert set(command.split(" && ")) <= said, command
        for path in re.findall(paths, command):
            assert [*ROOT.glob(path)], path


def test_a_workflow_runs_what_contributing_says():
    """In its smallest size; so no documented command can break unseen."""
    run = {smallest(command) for job in JOBS.values() for command in run_by(job)}
    ours = r"([A-Z]+=\S+ )?(\.venv\S*/bin/|python3 |\.ci/)"
    inline = {part for part in parts(INLINE, CONTRIBUTING) if re.match(ours, part)}
    for command in parts(BLOCK, CONTRIBUTING) | inline:
        assert smallest(INSTEAD.get(command, command)) in run, command


def test_the_citation_is_of_this_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= set(citation)
    assert (citation["version"], citation["license"]) == (project["version"], project["license"])


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="no checkout")
def test_a_checkout_on_windows_has_the_same_bytes(tmp_path):
    """What Git writes with its settings for Windows equals what is stored."""

    def git(*command):
        return subprocess.run(["git", "-C", ROOT, *command], check=True, capture_output=True).stdout

    windows = ["-c", "core.autocrlf=true", "-c", "core.eol=crlf"]
    git(*windows, "checkout-index", "--all", f"--prefix={tmp_path}/")
    lines = git("ls-files", "--stage", "-z").decode().strip("\0").split("\0")
    stored = {path: about.split()[1] for about, path in (line.split("\t") for line in lines)}
    paths = [tmp_path / path for path in stored]
    written = git("hash-object", "--no-filters", *paths).decode().split()
    assert dict(zip(stored, written, strict=True)) == stored
