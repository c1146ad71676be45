"""What a handout shows of the answers: `HandoutExporter.answers` is one of `ANSWERS`.

An answer is what can be unfolded in a page, a `<details>`: a choice of a question with its reply,
an output that is collapsed in the notebook, and what the author folded away in Markdown.
"""

from bs4 import BeautifulSoup, Tag

FOLDED, NONE, OPEN = ANSWERS = ("folded", "none", "open")


def show(cell: str, answers: str) -> str:
    """Return the HTML of a cell with its folds as they are, open, or each left out with a space to
    write in its place.

    The space is labelled as the fold was, and has about as many lines as what was taken out.  A
    choice of a question is a box to tick there, and the right choice is marked where all is open.
    Collapsed outputs in a row are one fold.

    >>> cell = "<details><summary>Solution</summary><p>w = 1</p></details>"
    >>> print(show(cell, OPEN))
    <details open><summary>Solution</summary><p>w = 1</p></details>
    >>> print(show(cell, NONE))
    <p class="space">Solution<br/><br/><br/><br/></p>
    """
    if "<details" not in cell:
        return cell
    soup = BeautifulSoup(cell, "html.parser")
    for fold in soup.select("details.collapsed + details.collapsed"):
        fold.summary.decompose()
        fold.find_previous_sibling().extend(list(fold.contents))
        fold.decompose()
    for fold in soup.select("details"):
        if fold.attrs.pop("class", None) and answers == OPEN:
            fold.summary.string = "Output"
        if answers == OPEN:
            fold["open"] = None
            for reply in fold.select(".question p"):
                reply.attrs |= {"class": "right"} if reply.get_text().startswith("✓") else {}
        elif answers == NONE and not fold.find_parent("details"):
            fold.replace_with(BeautifulSoup(_left_out(fold), "html.parser"))
    return str(soup)


def _left_out(fold: Tag) -> str:
    label = fold.summary.decode_contents() if fold.summary else "Answer"
    if fold.find_parent(class_="question"):
        return f'<label class="choice"><input type="checkbox"> {label}</label>'
    lines = 10 if fold.img else min(max(4, fold.decode_contents().strip().count("\n")), 10)
    return f'<p class="space">{label}{"<br>" * lines}</p>'
