"""Classes of formulas and tables that are longer than a line.

Paper does not scroll, so style.css prints them smaller.
"""

import re
from html import unescape
from itertools import zip_longest

from bs4 import Tag

_SIGN_WITH_SPACE = re.compile(r"<mo\b[^>]*>(?:&\w+;|[^(){}\[\]|,.])</mo>")


def formula_with_size(mathml: str) -> str:
    """Return a formula with its class.  A line of paper has room for 70 signs.

    A formula in the text with more than 30 signs scrolls on a phone, also by keyboard.

    >>> formula_with_size("<math><mi>w</mi></math>"), formula_with_size(f"<math><mn>{'7' * 80}</mn></math>")[:31]
    ('<math><mi>w</mi></math>', '<math class="long" tabindex="0"')
    """
    length = 0
    for row in mathml.replace("<mtd", "  <mtd").split("</mtr>"):
        signs = unescape(re.sub("<[^>]*>", "", row))
        length = max(length, len(signs) + len(_SIGN_WITH_SPACE.findall(row)))
    size = _size(length / 70)
    scrolls = length > 30 and 'display="block"' not in mathml
    return mathml.replace(
        "<math", "<math" + f' class="{size}"' * bool(size) + ' tabindex="0"' * scrolls, 1
    )


def table_size(table: Tag) -> str:
    """Return the class of a table, or an empty text.

    A table is at least as wide as the longest words of its columns.
    """
    rows = [
        [max(map(len, cell.get_text().split()), default=0) + 2 for cell in row(["td", "th"])]
        for row in table("tr")
    ]
    return _size(min(sum(map(max, zip_longest(*rows, fillvalue=0))) / 90, 2))


def _size(lines: float) -> str:
    return "longest" if lines > 2 else "longer" if lines > 1.5 else "long" if lines > 1 else ""
