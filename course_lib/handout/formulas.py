r"""Formulas are found in text as JupyterLab finds them, and become MathML Core.

math-core converts them.  It names each command that it does not know.  It writes alignment as
styles, which the policy of a handout does not allow.  They become classes with rules in
`Converted.style`.
"""

import re
from html import unescape
from typing import NamedTuple

from markupsafe import Markup
from math_core import LatexToMathML

from course_lib.handout.paper import formula_with_size

FORMULA = re.compile(r"""(?sx)
    (?<!\\)\$\$ (?P<dollars>.+?) (?<!\\)\$\$ | \\\[ (?P<brackets>.+?) \\\] | \\\( (?P<parentheses>.+?) \\\)
    | (?<![\\\w$])\$ (?P<dollar>[^\s$](?:[^$]*?[^\s\\$])?) \$(?![\d$])  # a price is no formula
    | (?P<environment>\\begin\{(?P<name>[a-z]+\*?)\}.*?\\end\{(?P=name)\}) | (?P<reference>\\(?:eq)?ref\{[^{}]+\})""")
_DISPLAYED = {"dollars", "brackets", "environment"}

_NUMBERED = r"(?:equation|align|gather|multline)\*?"
# What authors write and math-core does not know, or knows by another name.
_MACROS = {"mbox": r"\text{#1}", "pmb": r"\boldsymbol{#1}"}
_REWRITTEN = [
    (r"\\require\s*\{[^{}]*\}", ""),
    (r"\\(?:tiny|scriptsize|footnotesize|small|normalsize|large|Large|LARGE|huge|Huge)\b", ""),
    (r"\$([^$]+)\$", r"}\1\\text{"),  # a formula inside the \text of another
    (r"\\(begin|end)\{split\}", r"\\\1{aligned}"),
    (
        r"\\(begin|end)\{(?:fl|x|xx)?alignat(\*?)\}(?:\{\d+\})?|\\(begin|end)\{flalign(\*?)\}",
        r"\\\1\3{align\2\4}",
    ),
    (
        r"\\DeclareMathOperator(\*?)\s*\{?(\\[A-Za-z]+)\}?\s*\{((?:[^{}]|\{[^{}]*\})*)\}",
        r"\\newcommand{\2}{\\operatorname\1{\3}}",
    ),
    # As in MathJax, a name may be defined again.
    (
        r"\\(?:re)?newcommand\*?\s*\{?\s*(\\[A-Za-z]+|\\.)\s*\}?",
        r"\\providecommand{\1}{}\\renewcommand{\1}",
    ),
    (r"\\ref\{", r"\\eqref{"),
]


class Formula(NamedTuple):
    """A formula in LaTeX; it is displayed in a line of its own or stands in the text."""

    latex: str
    displayed: bool


class Converted(NamedTuple):
    """The HTML of formulas, the error of each or an empty text, and the style that they need."""

    html: list[Markup]
    errors: list[str]
    style: str


def formula(found: re.Match[str]) -> Formula:
    r"""Return the formula of a match of `FORMULA`.

    >>> [formula(found) for found in FORMULA.finditer(r"from $5 to $6, $\eta < 2$ and $$w$$")]
    [Formula(latex='\\eta < 2', displayed=False), Formula(latex='w', displayed=True)]
    """
    kind = found.lastgroup or ""
    return Formula(found[kind], kind in _DISPLAYED)


def convert(formulas: list[Formula]) -> Converted:
    r"""Return all formulas of a notebook as HTML.

    A macro holds from its definition on.  A reference may point forward.  A formula that math-core
    refuses stands as its source.

    >>> html, errors, style = convert([Formula(r"\newcommand{\w}{\mathbf{w}}", True), Formula(r"\w", False),
    ...                                Formula(r"\what", False)])
    >>> print(*html, sep="|")
    |<math><mi>𝐰</mi></math>|<code>\what</code>
    >>> errors
    ['', '', 'a formula is shown as it is written: Unknown command "\\what".']
    """
    converter = LatexToMathML(
        macros=_MACROS,
        global_group=True,
        continue_on_error=True,
        fancy_error=False,
        allow_unreliable_rendering=True,
        id_prefix="equation-",
    )
    rules: dict[str, str] = {}
    html, errors = [], []
    made = converter.convert_all([(_rewritten(one), one.displayed) for one in formulas])
    for one, mathml in zip(formulas, made, strict=True):
        if error := re.match(r'<\w+ class="math-core-error" title="(?:\d+: )?([^"]*)"', mathml):
            errors.append(f"a formula is shown as it is written: {unescape(error[1])}")
            shown = Markup("<code>{}</code>").format(one.latex.strip())
        else:
            is_lost = "(??)" in mathml
            errors.append("no equation has the label of a reference." if is_lost else "")
            shown = _shown(one, mathml, rules)
        if one.displayed and shown:  # it scrolls where the page is too narrow, also by keyboard
            shown = Markup('<span class="formula" tabindex="0">{}</span>').format(shown)
        html.append(shown)
    style = "\n".join(f".{name} {{ {rule} }}" for rule, name in rules.items())
    return Converted(html, errors, style)


def _shown(formula: Formula, mathml: str, rules: dict[str, str]) -> Markup:
    """Return the HTML of a formula, with classes in place of the rules of its styles."""
    if re.fullmatch("<math[^>]*></math>", mathml):  # it only defines macros
        return Markup()
    if re.match(r"\\ref\b", formula.latex):
        mathml = re.sub(r"\((.*?)\)</a>", r"\1</a>", mathml)
    mathml = re.sub(r"<a [^>]*>(\(\?\?\)|\?\?)</a>", r"\1", mathml)  # it would lead nowhere
    mathml = re.sub("<math[^>]*><mtext>(<a.*?</a>)</mtext></math>", r"\1", mathml)  # a reference
    mathml = formula_with_size(mathml)
    return Markup(re.sub(' style="([^"]*)"', lambda style: _class(style[1], rules), mathml))


def _class(rule: str, rules: dict[str, str]) -> str:
    if not re.fullmatch(r"[\w\s:;.%#-]+", rule):
        return ""
    return f' class="{rules.setdefault(rule, f"math-{len(rules)}")}"'


def _rewritten(formula: Formula) -> str:
    latex = re.sub(r"(?s)\\begin\{eqnarray(\*?)\}(.*?)\\end\{eqnarray\1\}", _aligned, formula.latex)
    for pattern, replacement in _REWRITTEN:
        latex = re.sub(pattern, replacement, latex)
    if re.search(r"\\(tag|label)\b", latex) and not re.search(rf"\\begin\{{{_NUMBERED}\}}", latex):
        latex = rf"\begin{{equation}}{latex.strip()}\end{{equation}}"
    return latex


def _aligned(eqnarray: re.Match[str]) -> str:
    """Return an eqnarray as an align: its sign is between two &, that of an align is after one."""
    rows = re.split(r"(\\\\)", eqnarray[2])
    body = "".join(re.sub(r"(?s)^((?:[^&\\]|\\.)*&(?:[^&\\]|\\.)*)&", r"\1{}", row) for row in rows)
    return rf"\begin{{align{eqnarray[1]}}}{body}\end{{align{eqnarray[1]}}}"
