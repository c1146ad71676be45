"""Run lessons and store their outputs: `python -m course_lib.refresh [NOTEBOOK …]`, or all four.

What a run writes beside the outputs is left out, so that a second run changes nothing; what an
author wrote stays.  A lesson stays as it was if a cell fails or gives other outputs in a second
run.  Only the text of a notebook changes: not its mode, nor a link to it.
"""

import difflib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable
from copy import deepcopy
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode
from nbval.kernel import CURRENT_ENV_KERNEL_NAME, NbvalKernelspecManager

from course_lib.jupyter.outputs import WIDGET_VIEW, collapse_answers

LESSONS = Path(__file__).parent.parent / "notebooks"
# What extensions, JupyterLab, Colab and papermill note of a run: when, how long, for whom.
OF_A_RUN = ("ExecuteTime", "execution", "executionInfo", "outputId", "papermill")
ADVICE = """\
Nothing was stored.  Let the cell give the same outputs each time, since each is compared with a fresh run:
- random numbers: numpy.random.default_rng(0), or another seed
- a warning, which names a file of its kernel: mend what it warns of, or warnings.filterwarnings("ignore", ...)
- SVG of matplotlib, with its date and ids: matplotlib.rcParams["svg.hashsalt"] = "0", and
  %config InlineBackend.print_figure_kwargs = {"bbox_inches": "tight", "metadata": {"Date": None}}
- times, ids and addresses of objects (0x...): leave them out of what is shown, as `_ = plt.plot(...)` does"""


def run(path: Path, notebook: NotebookNode | None = None) -> NotebookNode:
    """Run the notebook at `path` in a fresh kernel of this Python; return it with its outputs.

    `notebook` is what was read from there before; it is not changed.  Raises nbclient's
    CellExecutionError where a cell fails, and DeadKernelError where the kernel ends.
    """
    notebook = deepcopy(notebook) if notebook else nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,  # where a stream is cut depends on the clock
        resources={"metadata": {"path": str(path.parent)}},
    )
    client.km = client.kernel_manager_class(
        kernel_name=CURRENT_ENV_KERNEL_NAME,
        kernel_spec_manager=NbvalKernelspecManager(),
        transport_encryption="auto",  # without it the kernel warns that anybody could listen
    )
    return client.execute()


def tidy(notebook: NotebookNode) -> str:
    """Return `notebook` as the text of its file, without what a run or a front end adds.

    That is: times, the state and views of widgets, the version and name of the Python that ran it.
    """
    for metadata in (notebook.metadata, *(cell.metadata for cell in notebook.cells)):
        for name in OF_A_RUN:
            metadata.pop(name, None)
    for name in ("widgets", "vscode"):  # the state of widgets; the Python that VS Code uses
        notebook.metadata.pop(name, None)
    notebook.metadata.setdefault("language_info", {"name": "python"}).pop("version", None)
    kernel = notebook.metadata.get("kernelspec", {}).get("name", "python3")
    if kernel == "python3":  # another is the author's choice
        named = {"display_name": "Python 3", "language": "python", "name": kernel}
        notebook.metadata.kernelspec = named
    collapse_answers(notebook)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET_VIEW, None)  # its widget ends with the kernel
        hidden = cell.metadata.get("jupyter", {}).get("outputs_hidden")
        if hidden or cell.metadata.get("collapsed") is False:
            cell.metadata.pop("collapsed", None)  # JupyterLab says the same twice
    nbformat.validate(notebook)
    return f"{nbformat.writes(notebook)}\n"


def difference(first: str, second: str) -> str:
    """Return in which cell the texts of a notebook from two runs differ, and in which lines.

    Cells are counted from 1, as in the messages of a handout.
    """
    pairs = zip(*(json.loads(text)["cells"] for text in (first, second)), strict=True)
    number, pair = next(one for one in enumerate(pairs, start=1) if one[1][0] != one[1][1])
    code = next((line for line in pair[0]["source"] if line.strip()), "").strip()
    before, after = (
        json.dumps(cell["outputs"], indent=0, ensure_ascii=False).splitlines() for cell in pair
    )
    lines = difflib.unified_diff(before, after, n=0, lineterm="")
    differ = [line if len(line) <= 300 else f"{line[:297]}..." for line in lines if line[0] in "-+"]
    return "\n".join([f"cell {number} ({code}) gives other outputs in a second run:", *differ[2:8]])


def store(text: str, path: Path) -> None:
    """Replace the text of a file in one step, so that it is never half written.

    A link stays a link, and the mode stays the same.
    """
    path = path.resolve()
    with tempfile.NamedTemporaryFile(
        "w", dir=path.parent, encoding="utf-8", newline="\n", delete=False
    ) as beside:
        try:
            beside.write(text)
            beside.close()
            shutil.copymode(path, beside.name)
            os.replace(beside.name, path)
        except BaseException:
            os.unlink(beside.name)
            raise


def main(names: Iterable[str | Path]) -> None:
    paths = [Path(name) for name in names] or sorted(LESSONS.glob("*.ipynb"))
    if not paths:
        sys.exit(f"{LESSONS}: no lessons; name notebooks, or run this in a checkout of the course")
    for path in paths:
        if not path.is_file():
            sys.exit(f"{path}: no such notebook")
    for path in paths:
        before = path.read_text(encoding="utf-8")
        try:
            notebook = nbformat.reads(before, as_version=4)
            text = tidy(run(path, notebook))
            changed = text != before
            # A run that changes nothing is a second run itself.
            again = tidy(run(path, notebook)) if changed else text
        except (CellExecutionError, DeadKernelError) as error:
            sys.exit(f"{path}: a cell failed, nothing was stored\n{error}")
        except nbformat.reader.NotJSONError:
            sys.exit(f"{path}: this is no notebook")
        if again != text:
            sys.exit(f"{path}: {difference(text, again)}\n{ADVICE}")
        if path.read_text(encoding="utf-8") != before:
            sys.exit(
                f"{path}: it was saved while its cells ran, nothing was stored; run this again"
            )
        if changed:
            store(text, path)
        print(f"{path.name}: {'stored' if changed else 'unchanged'}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
