"""What a handout shows of the answers: `HandoutExporter.answers` is one of `ANSWERS`.

An answer is what a reader can unfold in a page, a `<details>`: a choice of a question with its
reply, outputs that are collapsed in the notebook, and what the author folded in Markdown.
"""

import re

from bs4 import BeautifulSoup, Tag

FOLDED, NONE, OPEN = ANSWERS = ("folded", "none", "open")


def show(soup: BeautifulSoup, answers: str, in_question: bool = False) -> None:
    """Leave each fold in a piece of HTML closed, open it, or put a space to write in its place.

    The space has the label of the fold, and about as many lines as the answer.  A choice of a
    question becomes a box to tick; where all is open, the right choice is marked.

    >>> for answers in (OPEN, NONE):
    ...     soup = BeautifulSoup("<details><summary>1</summary><p>✓ Right</p></details>", "html.parser")
    ...     show(soup, answers, in_question=True)
    ...     print(soup)
    <details open=""><summary>1</summary><p class="right">✓ Right</p></details>
    <label class="choice"><input type="checkbox"/> 1</label>
    """
    for fold in soup("details"):
        fold.attrs.pop("open", None)  # which the author may have set
        fold.attrs |= {"open": ""} if answers == OPEN else {}
        if answers == OPEN and in_question:
            for reply in fold("p"):
                reply.attrs |= {"class": "right"} if reply.get_text().startswith("✓") else {}
        elif answers == NONE and not fold.find_parent("details"):
            fold.replace_with(_choice(soup, fold) if in_question else _space(soup, fold))


def show_outputs(html: str, answers: str) -> str:
    """Return the HTML of collapsed outputs as a fold, open, or as a space to write.

    >>> show_outputs("<pre>1</pre>", NONE)
    '<p class="space">Output: answer first<br><br><br><br></p>'
    """
    label = "Output" if answers == OPEN else "Output: answer first"
    if answers == NONE:
        # Blank lines between tags come from a template, not from the output.
        lines = _lines("<summary>" + re.sub(r">\s*\n\s*<", ">\n<", html))
        return f'<p class="space">{label}{"<br>" * lines}</p>'
    is_open = " open" * (answers == OPEN)
    return f"<details{is_open}><summary>{label}</summary>{html}</details>"


def _choice(soup: BeautifulSoup, fold: Tag) -> Tag:
    label = soup.new_tag("label", attrs={"class": "choice"})
    label.extend([soup.new_tag("input", attrs={"type": "checkbox"}), " ", *_label(fold)])
    return label


def _space(soup: BeautifulSoup, fold: Tag) -> Tag:
    lines = _lines(fold.decode_contents())
    space = soup.new_tag("p", attrs={"class": "space"})
    space.extend([*_label(fold), *(soup.new_tag("br") for _ in range(lines))])
    return space


def _label(fold: Tag) -> list[object]:
    summary = fold.find("summary", recursive=False)  # not that of a fold in it
    return [*summary.contents] if summary else ["Answer"]


def _lines(html: str) -> int:
    return 10 if "<img" in html else min(max(4, html.strip().count("\n")), 10)
