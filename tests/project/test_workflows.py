"""The workflows for GitHub are sound, and run what the pages for people say; so is what else a
forge reads.
"""

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
READ = {
    path.stem: yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader) for path in WORKFLOWS
}  # 'on' is a word
JOBS = {
    f"{stem}-{name}": job
    for stem, workflow in READ.items()
    for name, job in workflow["jobs"].items()
}
COMMANDS = {
    command
    for job in JOBS.values()
    for step in job["steps"]
    for command in step.get("run", "").splitlines()
}
README, CONTRIBUTING = (
    (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", ".github/CONTRIBUTING.md")
)
BLOCK, INLINE = r"```sh\n(.*?)```", r"(?<!`)`([^`\n]+)`(?!`)"
# What a workflow runs in place of a command that is a part of it, or that opens the same with
# another lesson.
INSTEAD = {
    ".venv/bin/ruff format": ".venv/bin/ruff format --check",
    "LONG=1 .venv/bin/pytest -n 2 tests/browser": "LONG=1 .venv/bin/pytest -n 2",
    ".venv/bin/jupyter lab notebooks": ".venv/bin/jupyter lab notebooks/01_learning_rate.ipynb",
}


def parts(code, text):
    """The commands in what matches `code`, each by itself."""
    return {
        part
        for found in re.findall(code, text, re.DOTALL)
        for line in found.splitlines()
        for part in line.split(" && ")
    }


def smallest(command):
    """A command without its size, which is what follows the name of one of our scripts."""
    return re.sub(r"(python \S+\.py) .*", r"\1", command)


def run_by(job):
    """The commands that a job runs, with its variables before them; for .ci/run, those that this
    runs.
    """
    run = parts(r"(?s).+", "\n".join(step.get("run", "") for step in job["steps"]))
    if ".ci/run" in run:
        script = (ROOT / ".ci/run").read_text(encoding="utf-8")
        run |= {line for line in script.splitlines() if line.startswith(".venv/")}
        for name in re.findall(r"=\$\(readme_command (\w+)\)", script):
            run |= parts(rf"<!-- command: {name} -->\n{BLOCK}", README)
    return run | {
        f"{name}={value} {command}" for name, value in job.get("env", {}).items() for command in run
    }


def lint(path):
    """Without network: zizmor knows the schema of a workflow and of Dependabot's file, and what is
    unsafe in one.
    """
    run = subprocess.run(
        [
            Path(sysconfig.get_path("scripts")) / "zizmor",
            "--offline",
            "--no-config",
            "--no-progress",
            "--strict-collection",
            "--pedantic",
            path,
        ],
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    return run.returncode, run.stdout + run.stderr


def test_a_linter_finds_nothing():
    status, said = lint(ROOT / ".github")
    assert status == 0, said
    for path in [*WORKFLOWS, ROOT / ".github/dependabot.yml"]:
        assert f"completed {path}" in said


@pytest.mark.parametrize(
    ("right", "wrong", "finding"),
    [
        ("runs-on:", "runs_on:", "'runs_on' was unexpected"),
        ("steps:", "steps", "invalid YAML|could not find expected|parse"),
        (r"@\w{40} # ", "@", "unpinned-uses"),
        (r"permissions: \{\}", "permissions: write-all", "excessive-permissions"),
        ("- run: .ci/run", "- run: echo ${{ github.head_ref }}", "template-injection"),
    ],
)
def test_a_linter_finds_what_is_wrong(tmp_path, right, wrong, finding):
    broken, changed = re.subn(
        right, wrong, (ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8")
    )
    assert changed
    path = tmp_path / ".github/workflows/ci.yml"
    path.parent.mkdir(parents=True)
    path.write_text(broken, encoding="utf-8")
    status, said = lint(path)
    assert status != 0
    assert re.search(finding, said), said


def test_when_they_run():
    assert set(READ["ci"]["on"]) == {"push", "pull_request", "workflow_dispatch"}
    assert set(READ["weekly"]["on"]) == {"schedule", "workflow_dispatch"}


@pytest.mark.parametrize("job", JOBS.values(), ids=JOBS)
def test_a_job_ends_and_knows_no_secret(job):
    assert int(job["timeout-minutes"]) <= 90
    assert "secrets" not in str(job)
    assert {permission for permission, level in job["permissions"].items() if level == "write"} == (
        {"pages", "id-token"} if "environment" in job else set()
    )


def test_what_waits_for_another_job_names_one_that_there_is():
    assert JOBS["ci-handouts"]["needs"] == "test"
    assert JOBS["ci-publish"]["needs"] == "handouts"
    assert {name for name, job in JOBS.items() if "needs" in job} == {"ci-handouts", "ci-publish"}


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_a_workflow_runs_what_a_page_for_people_says(command):
    assert set(command.split(" && ")) <= parts(BLOCK, README + CONTRIBUTING) | parts(
        INLINE, README + CONTRIBUTING
    )
    for path in re.findall(
        r"(?<![\w.-])(?:(?:tests|notebooks|\.ci)/[\w.*]+|(?<= )\w+\.(?:txt|toml))", command
    ):
        assert [*ROOT.glob(path)], path


@pytest.mark.parametrize(
    "command",
    sorted(
        parts(BLOCK, CONTRIBUTING)
        | {
            part
            for part in parts(INLINE, CONTRIBUTING)
            if re.match(r"([A-Z]+=\S+ )?(\.venv\S*/bin/|python3 |\.ci/)", part)
        }
    ),
)
def test_a_workflow_runs_what_contributing_says(command):
    """In its smallest size; so no documented command can break unseen."""
    run = set().union(*map(run_by, JOBS.values()))
    assert smallest(INSTEAD.get(command, command)) in {*map(smallest, run)}


def test_the_citation_is_of_this_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= set(citation)
    assert (citation["version"], citation["license"]) == (project["version"], project["license"])


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="no checkout")
def test_a_checkout_on_windows_has_the_same_bytes(tmp_path):
    """With Git's settings for Windows, and those who have none: what is written equals what is
    stored.
    """

    def git(*command):
        return subprocess.run(["git", "-C", ROOT, *command], check=True, capture_output=True).stdout

    git(
        "-c",
        "core.autocrlf=true",
        "-c",
        "core.eol=crlf",
        "checkout-index",
        "--all",
        f"--prefix={tmp_path}/",
    )
    stored = {
        path: about.split()[1]
        for about, path in (
            line.split("\t")
            for line in git("ls-files", "--stage", "-z").decode().strip("\0").split("\0")
        )
    }
    written = (
        git("hash-object", "--no-filters", *(tmp_path / path for path in stored)).decode().split()
    )
    assert dict(zip(stored, written, strict=True)) == stored
