r"""Markdown as nbconvert reads it, with its formulas between marks that `formulas.FORMULA` finds."""

import re

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from course_lib.handout.formulas import FORMULA


def html(source: str) -> str:
    r"""Return Markdown as HTML, which still has to be cleaned; addresses of pictures do not change.

    A dollar sign that is not part of a formula gets its own tag, so that no text has two of them.

    >>> print(html(r"**Costs** \$5, $\eta < 2$").strip())
    <p><strong>Costs</strong> <no-formula>$</no-formula>5, \(\eta &lt; 2\)</p>
    """
    # In a row of a table, a vertical bar in a formula is no border of a cell.
    source = re.sub(
        r"(?m)^[ \t]*\|.*\$.*$", lambda row: FORMULA.sub(_lines_by_name, row[0]), source
    )
    return MarkdownWithMath(_Renderer(escape=False, exclude_anchor_links=True)).render(source)


def _lines_by_name(formula: re.Match[str]) -> str:
    return formula[0].replace(r"\|", r"\Vert ").replace("|", r"\vert ")


class _Renderer(IPythonRenderer):
    def text(self, text: str) -> str:
        return super().text(text).replace("$", "<no-formula>$</no-formula>")

    def block_html(self, html: str) -> str:
        def whole(found: re.Match[str]) -> str:  # the < of a<b begins no tag
            return found[0] if re.search("<[^<>]*>", found[0]) else found[0].replace("<", "&lt;")

        return super().block_html(FORMULA.sub(whole, html))

    def block_math(self, body: str) -> str:
        return rf"\[{self.escape_html(body)}\]"

    def inline_math(self, body: str) -> str:
        return rf"\({self.escape_html(body)}\)"

    def latex_environment(self, name: str, body: str) -> str:
        return self.block_math(f"\\begin{{{name}}}{body}\\end{{{name}}}")

    def _embed_image_or_attachment(self, src: str) -> str:
        return src
