"""What a handout shows of the answers: `HandoutExporter.answers` is one of `ANSWERS`.

An answer is what can be unfolded in a page, a `<details>`: a choice of a question with its reply, an output that is
collapsed in the notebook, and what the author folded away in Markdown.  These functions take HTML that is clean.
"""

import re

from markupsafe import Markup

FOLDED, NONE, OPEN = ANSWERS = ("folded", "none", "open")
_CHOICE = re.compile("(?s)<details><summary>(.*?)</summary>(.*?)</details>")


def choices(question: Markup, answers: str) -> Markup:
    """Return the output of a question; its choices are boxes to tick on a sheet, and the right one is marked in a key.

    >>> print(choices(Markup("<details><summary>Left</summary><p>✓ Right: it falls.</p></details>"), NONE))
    <label class="choice"><input type="checkbox"> Left</label>
    """
    if answers == NONE:
        return Markup(_CHOICE.sub(r'<label class="choice"><input type="checkbox"> \1</label>', str(question)))
    if answers == OPEN:
        return Markup(str(question).replace("<p>✓", '<p class="right">✓'))
    return question


def hidden(outputs: Markup, answers: str) -> Markup:
    """Return outputs that are collapsed in the notebook as one fold."""
    summary = "Output" if answers == OPEN else "Output: answer first"
    return Markup("<details><summary>{}</summary>{}</details>").format(summary, outputs)


def show(cell: Markup, answers: str) -> Markup:
    """Return a cell with its folds as they are, open, or each left out with a space to write in its place.

    The space is labelled as the fold was, and has about as many lines as what was taken out.

    >>> cell = Markup("<details><summary>Solution</summary><p>w = 1</p></details>")
    >>> print(show(cell, OPEN))
    <details open><summary>Solution</summary><p>w = 1</p></details>
    >>> print(show(cell, NONE))
    <p class="space">Solution<br><br><br><br></p>
    """
    if answers == OPEN:
        return Markup(str(cell).replace("<details>", "<details open>"))
    if answers == FOLDED:
        return cell
    kept: list[str] = []
    fold, depth = "", 0
    for piece in re.split("(</?details>)", str(cell)):
        depth += piece == "<details>"
        if not depth:
            kept.append(piece)
            continue
        fold += piece
        depth -= piece == "</details>"
        if not depth:
            kept.append(_space(fold))
            fold = ""
    return Markup("".join(kept))


def _space(fold: str) -> str:
    label = re.search("(?s)<summary>(.*?)</summary>", fold)
    lines = 10 if "<img" in fold else min(max(4, fold.strip().count("\n")), 10)
    return f'<p class="space">{label[1] if label else "Answer"}{"<br>" * lines}</p>'
