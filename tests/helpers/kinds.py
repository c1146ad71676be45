"""Notebooks as teachers write them, one for each kind of what a handout has to bring along or to
name.
"""

from base64 import b64decode, b64encode

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mNoAAAAggCB2kUIOwAAAABJRU5ErkJggg=="
GIF = "R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw=="
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" '
    'height="9"/></svg>'
)
BARE = SVG.replace(' xmlns="http://www.w3.org/2000/svg"', "")
LINKED = SVG.replace("<rect", '<use xlink:href="#a"/><rect id="a"')
GERMAN = SVG.replace("<rect", "<title>Größe</title><rect")
LATIN = f'<?xml version="1.0" encoding="ISO-8859-1"?>{GERMAN}'.encode("latin1")
FAR = "http://far.example/"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
PLOTLY, VEGA = "application/vnd.plotly.v1+json", "application/vnd.vegalite.v5+json"
BOKEH = "application/vnd.bokehjs_exec.v0+json"


def notebook(*cells, **metadata):
    """A notebook of cells, of which a text is Markdown."""
    return new_notebook(
        metadata=metadata,
        cells=[new_markdown_cell(cell) if isinstance(cell, str) else cell for cell in cells],
    )


def shown(data, **metadata):
    """A code cell with an output, given as its representations by kind."""
    return new_code_cell("show()", outputs=[new_output("display_data", data, metadata=metadata)])


def formulas():
    """Formulas in all that holds text."""
    return notebook(
        "# Where $y = x^2$ is",
        r"In a line $\alpha < 2$ and \\(\beta\\), and displayed $$\gamma$$ or \\[\delta\\]"
        "\n\n$$\n\\epsilon\n$$",
        "| name | value |\n|---|---|\n| rate | $\\eta_0$ |\n| norm | $\\|x\\|$ |",
        "<table><tr><td>$\\zeta$</td><td>$5 and $6</td></tr></table>\n\n<div>\n$$\\theta$$\n</div>",
        "<div>$a<b$ holds</div>",
        "<p>$a < c$ and $d &lt; e$</p>",
        "It costs \\$5, not \\$6. `$code$`\n\n```\n$block$\n```",
        "1. first\n\n   $$\n   a_1 * b_2 * c_3\n   $$\n\n2. second",
        "- $\\iota$\n    1. $$\\kappa$$\n\n> $\\lambda$\n\n**$\\mu$** and [$\\nu$](#where)",
        shown({"text/latex": r"$\displaystyle \frac{\xi}{2}$", "text/plain": "xi/2"}),
        shown({"text/html": r"<p>\(\rho\) for $7, or $$\sigma$$ for $8</p>"}),
        shown({"text/markdown": r"Then $\tau$."}),
        shown({"text/latex": r"\begin{align} \phi &= 1 \\ \chi &= 2 \end{align}"}),
        shown({"text/plain": r"$\psi$"}),
    )


def macros():
    """Macros that are defined in one cell and hold in later ones."""
    return notebook(
        "# Macros",
        r"$$\newcommand{\vec}[1]{\mathbf{#1}} \def\half{\tfrac{1}{2}}$$"
        "\n\n"
        r"$\DeclareMathOperator{\argmin}{arg\,min}$",
        r"$\vec{a}$",
        r"$\half$",
        r"$\argmin_w$",
        r"$\renewcommand{\vec}[1]{#1'} \vec{b}$",
        r"$\vec{c}$",
        shown({"text/latex": r"$\vec{d}$"}),
        r"$\newcommand{\vec}[1]{\hat{#1}} \vec{e}$",
    )


def numbered():
    """Numbered equations and references to them."""
    return notebook(
        "# Equations",
        r"By \eqref{late} and $\eqref{first}$, \ref{first}, $\ref{tagged}$ and \eqref{row}.",
        r"\begin{equation}\label{first} a = 1 \end{equation}",
        r"$$\begin{equation} b = 1 \end{equation}$$",
        r"\begin{align} c &= 1 \label{row} \\ d &= 1 \notag \\ e &= 1 \end{align}",
        r"$$f = 1 \tag{T}\label{tagged}$$",
        r"\begin{equation*} g = 1 \end{equation*}" "\n\n$$h = 1$$",
        r"\begin{align*} i &= 1 \\ j &= 1 \end{align*}",
        r"$$k = 1 \label{late}$$",
        r"\begin{gather} l = 1 \\ m = 1 \end{gather}",
    )


def missing_references():
    """References to what is not there."""
    return notebook("# Lost", r"See \eqref{nowhere} and $\ref{here}$.")


ENVIRONMENTS = {  # and what stands in their rows
    r"$$\begin{aligned} a &= b \\ &= c \end{aligned}$$": "a, =b; =c",
    r"$$\begin{split} a &= b \\ &= c \end{split}$$": "a, =b; =c",
    r"\begin{eqnarray*} a & = & b \\ & = & c \end{eqnarray*}": "a, =b; =c",
    r"\begin{eqnarray} a & \le & b \nonumber \\ & = & c \nonumber \end{eqnarray}": "a, ≤b; =c",
    r"$$f = \begin{cases} 1 & x > 0 \\ 0 & \text{otherwise} \end{cases}$$": "1, x>0; 0, otherwise",
    r"$$\left[\begin{array}{cc|c} a & b & c \\ d & e & f \end{array}\right]$$": "a, b, c; d, e, f",
    r"$$\begin{pmatrix} a & b \\ c & d \end{pmatrix}$$": "a, b; c, d",
    (
        r"\begin{alignat*}{2} a &= b & c &= d \\ e &= f & g &= h "
        r"\end{alignat*}"
    ): "a, =b, c, =d; e, =f, g, =h",
    r"\begin{align*} a &= b & c &= d \\ e &= f & g &= h \end{align*}": "a, =b, c, =d; e, =f, g, =h",
    r"$$\begin{matrix} a \\ b \\ c \end{matrix}$$": "a; b; c",
    r"$$\begin{gathered} a \\ b \end{gathered}$$": "a; b",
}
LETTERS = {  # and what they are in Unicode
    r"\mathbf{w}": "𝐰",
    r"\mathcal{L}": "ℒ",
    r"\mathbb{R}": "ℝ",
    r"\mathfrak{g}": "𝔤",
    r"\boldsymbol{\theta}": "𝜽",
    r"\mathsf{T}": "𝖳",
    r"\mathtt{x}": "𝚡",
    r"\bm{x}": "𝒙",
    r"\mathscr{F}": "ℱ",
    r"\mathrm{d}": "d",
    r"\pmb{y}": "𝒚",
}


def environments():
    """What has rows, each in a cell of its own."""
    return notebook("# Rows", *ENVIRONMENTS)


def letters():
    """Letters in another style."""
    return notebook("# Letters", *(f"${latex}$" for latex in LETTERS))


def unknown_formulas():
    """Formulas that cannot be converted."""
    return notebook(
        "# Unknown $\\nameless$",
        r"Then $a + \what{b} < c$.",
        "$$\n\\frac{1}{\n$$",
        r"$x_$ $\alpha$",
        shown({"text/latex": r"$\unheard$"}),
    )


def attached(source, name="pic.png", **kinds):
    """A Markdown cell with an attachment."""
    return new_markdown_cell(
        source, attachments={name: {f"image/{kind}": data for kind, data in kinds.items()}}
    )


def pictures():
    """Pictures in Markdown; those on the disk lie where `put_pictures` puts them."""
    return notebook(
        "# Pictures",
        "![flat](flat.png)",
        "![spaced](two%20words.png)",
        "![bracketed](<two words.png>)",
        '<img src="two words.png" alt="raw" width="40">',
        '<img src="sub/bare.svg" alt="bare">',
        '<img src="sub/deep.svg" alt="deep" style="width: 50%; height: 7px" title="more">',
        attached("![attached](attachment:pic.png)", png=PNG),
        attached(
            '<img src="attachment:two%20words.png" alt="raw attached"/>', "two words.png", png=PNG
        ),
        "![in Latin 1](latin.svg)",
        new_markdown_cell(
            "![bare attached](attachment:bare.svg)",
            attachments={"bare.svg": {"image/svg+xml": b64encode(BARE.encode()).decode()}},
        ),
        "[![linked](flat.png)](other.ipynb)",
        "![with a query](flat.png?raw=true)",
        "| picture |\n|---|\n| ![in a table](flat.png) |",
        "![by reference][label]\n\n[label]: sub/../flat.png",
        f"![data](data:image/gif;base64,{GIF})",
        shown({"text/html": '<img src="flat.png" alt="in an output">'}),
        shown(
            {
                "text/html": f"<p>before</p>{SVG.replace('<rect', '<title>drawn</title><rect', 1)}<p>after</p>"
            }
        ),
    )


def put_pictures(folder):
    """Put the pictures on the disk that `pictures` shows, and one that lies outside of their
    folder.
    """
    (folder / "own" / "sub").mkdir(parents=True)
    (folder / "own" / "flat.png").write_bytes(b64decode(PNG))
    (folder / "own" / "two words.png").write_bytes(b64decode(PNG) + b"two words")
    (folder / "own" / "sub" / "deep.svg").write_text(SVG)
    (folder / "own" / "latin.svg").write_bytes(LATIN)
    (folder / "own" / "sub" / "bare.svg").write_text(BARE)
    (folder / "own" / "secret.txt").write_text("secret")
    (folder / "outside.png").write_bytes(b64decode(PNG))
    return folder / "own"


def lost_pictures():
    """Pictures that cannot come along."""
    return notebook(
        "# Lost pictures",
        "![missing](missing.png)",
        '<img src="gone.png">',
        "![unattached](attachment:gone.png)",
        f"![far]({FAR}x.png)",
        f'<img src="{FAR}y.png">',
        "![no scheme](//far.example/z.png)",
        "![outside](../outside.png)",
        "![no picture](secret.txt)",
        "![absolute](/etc/passwd)",
        "<img alt='no source'>",
        '<img src="data:text/html,no picture">',
        f"[![badge]({FAR}badge.svg)]({FAR}page)",
    )


def undescribed():
    """Pictures of which nobody says what they show."""
    return notebook(
        "# Undescribed",
        '<img src="flat.png">',
        shown({"image/png": PNG, "text/plain": "<Figure size 640x480 with 1 Axes>"}),
    )


def picture_outputs():
    """Pictures as outputs, of each kind with its metadata."""
    sized = {"width": 120, "height": 80, "alt": 'a "small" <one>'}
    return notebook(
        "# Picture outputs",
        shown({"image/png": PNG, "text/plain": "<Figure size 640x480>"}, **{"image/png": sized}),
        shown({"image/jpeg": PNG, "text/plain": "<Figure>"}, **{"image/jpeg": sized}),
        shown({"image/svg+xml": SVG}, **{"image/svg+xml": sized}),
        shown({"image/gif": GIF}, **{"image/gif": sized}),
        shown({"image/png": PNG, "text/plain": "what it is"}),
        shown({"image/png": PNG, "image/svg+xml": SVG, "text/plain": "two pictures"}),
        shown({"image/png": PNG, "text/latex": r"$\alpha$", "text/plain": "alpha"}),
        shown({"image/png": f"{PNG[:40]}\n{PNG[40:]}\n", "text/plain": "in two lines"}),
        shown(
            {
                "image/svg+xml": f'<?xml version="1.0"?>\n<!DOCTYPE svg>\n{SVG}',
                "text/plain": "with a prolog",
            }
        ),
        shown({"image/svg+xml": BARE, "text/plain": "without a namespace"}),
        shown({"image/svg+xml": LINKED, "text/plain": "without a namespace for its link"}),
        shown(
            {
                "image/svg+xml": SVG.replace("<svg", '<svg aria-label="a > b"'),
                "text/plain": "with a sign",
            }
        ),
        shown(
            {
                "image/svg+xml": f"<!-- made by <svg tool> -->{BARE}",
                "text/plain": "behind a comment",
            }
        ),
        shown({"text/plain": "<IPython.core.display.HTML object>"}),
        shown({"text/plain": "<Figure size 640x480 with 1 Axes>"}),
        shown({"text/plain": "<IPython.lib.display.IFrame at 0x7f0a>"}),
    )


def raw_cells():
    """Raw cells of each kind."""

    def raw(source, kind):
        return new_raw_cell(source, metadata={"raw_mimetype": kind} if kind is not None else {})

    return notebook(
        "# Raw",
        raw("plain <b> & $x$", None),
        raw("<b>bold</b> $x$", "text/html"),
        raw("**strong** $y$", "text/markdown"),
        raw(r"\LaTeX", "text/latex"),
        raw(".. note::", "text/restructuredtext"),
        raw("empty kind", ""),
    )


def anchors():
    """Anchors of the author, and links to them."""
    return notebook(
        "# Anchors",
        '<a id="first"></a>\n## Same',
        '<a name="second"></a>\n\n## Same',
        '<div id="third">text</div>',
        '<h2 id="own-id">Own id</h2>',
        '<p id="third">again</p>',
        "## With *emphasis* and `code`",
        "## Größe & Maß",
        "## Step 1: begin",
        "[1](#first) [2](#second) [3](#third) [4](#own-id) [5](#Same) [6](#Same-1) "
        "[7](#With-emphasis-and-code) "
        "[8](#Gr%C3%B6%C3%9Fe-&-Ma%C3%9F) [9](#Step-1:-begin)",
        "[other](other.ipynb) [place](sub/other%20one.ipynb#Same) "
        "[part](other.ipynb#Part-2:-x) [file](data.csv) [query](page.html?a=1&b=2) "
        "[far](https://far.example/a.ipynb) "
        "[mail](mailto:a@far.example)",
    )


def old_tags():
    """Tags of old HTML, in which the text is what counts."""
    return notebook(
        "# Old tags",
        "<center>**middle**</center>",
        '<font color="red" size=5>red</font> <tt>typed</tt>',
        (
            "<big>large</big> <strike>struck</strike> <blink>blinks</blink> "
            "<marquee>runs</marquee> "
            "<nobr>whole</nobr>"
        ),
        '<h2 align="center">Centred</h2>\n\n<p style="text-align: right; color: red">right</p>',
        "<section><article><header>head</header><main>inner</main></article></section>",
        '<div class="alert alert-info"><b>Note</b> that</div>',
        "line<br>break<hr>",
        "H<sub>2</sub>O m<sup>2</sup>",
        (
            '<button onclick="x()">press</button> <input type="text" value="typed in"> '
            "<label>name</label>"
        ),
        "<ruby>漢<rt>kan</rt></ruby>",
        "<!-- a comment -->seen",
        "&copy; &nbsp;&lt;b&gt; &#8364;",
    )


def media():
    """What plays or is a page of its own."""
    youtube = (
        '\n        <iframe\n            width="400"\n            height="300"\n'
        '            src="https://www.youtube.com/embed/abc"\n            frameborder="0"\n'
        "            allowfullscreen\n            \n        ></iframe>\n        "
    )
    return notebook(
        "# Media",
        f'<iframe src="{FAR}page" width=500></iframe>',
        shown({"text/html": youtube, "text/plain": "<IPython.lib.display.YouTubeVideo at 0x7f>"}),
        f'<audio controls src="{FAR}sound.mp3"></audio>',
        '<video controls src="film.mp4"></video>',
        (
            f'<video controls><source src="{FAR}film.webm" type="video/webm">Your browser cannot '
            f"play "
            f"it.</video>"
        ),
        shown(
            {
                "text/html": (
                    '<video controls><source type="video/mp4" '
                    'src="data:video/mp4;base64,AAAA"></video>'
                ),
                "text/plain": "<Video>",
            }
        ),
        f'<object data="{FAR}paper.pdf">fallback</object>',
        f'<embed src="{FAR}paper.pdf">',
        shown(
            {
                "text/html": '<audio controls="controls"><source src="data:audio/wav;base64,UklG" '
                'type="audio/wav">'
                "</audio>",
                "text/plain": "<IPython.lib.display.Audio object>",
            }
        ),
    )


def scripts():
    """What only a script can draw, with and without something else to show."""
    div = '<div id="plot"></div><script>draw()</script>'
    return notebook(
        "# Scripts",
        shown({PLOTLY: {"data": []}}),
        shown({PLOTLY: {"data": []}, "text/html": div}),
        shown(
            {
                PLOTLY: {"data": []},
                "image/png": PNG,
                "text/html": div,
                "text/plain": "a plot as a picture",
            }
        ),
        shown({"text/html": div, BOKEH: "", "text/plain": "a bokeh plot"}),
        shown({VEGA: {"mark": "bar"}, "text/plain": "alt.Chart(...)"}),
        shown({VEGA: {"mark": "bar"}, "image/svg+xml": SVG, "text/plain": "alt.Chart(...)"}),
        shown(
            {
                "application/javascript": "alert(1)",
                "text/plain": "<IPython.core.display.Javascript object>",
            }
        ),
        shown({WIDGET_VIEW: {"model_id": "1"}, "text/plain": "IntSlider(value=3)"}),
        shown({WIDGET_VIEW: {}}),
        shown({"text/html": "<script>sort()</script><table><tr><td>cell</td></tr></table>"}),
        shown(
            {"text/html": "<style>td { color: red }</style><table><tr><td>styled</td></tr></table>"}
        ),
        "<script>x()</script>seen",
        shown({"text/html": div}),
        shown({"application/json": {"a": 1}, "text/plain": "<IPython.core.display.JSON object>"}),
        shown({"application/pdf": PNG}),
    )


def lists():
    """Lists of each kind."""
    return notebook(
        "# Lists",
        "- [ ] to do\n- [x] done\n    - [ ] inside",
        "1. one\n    - two\n        1. three\n2. four",
        "5. five\n6. six",
        "Term\n: its definition\n: and another",
        "* a\n\n  second paragraph\n\n  ```python\n  b\n  ```",
        "<ol start=3 type=a><li value=7>seven</li></ol>",
    )


def breaks():
    """Page breaks for print."""
    return notebook(
        "# Breaks",
        '<div style="page-break-after: always"></div>',
        "<p style='break-before:page'>new page</p>",
        '<div style="page-break-before: always; color: red">also</div>',
        '<p style="page-break-inside: avoid">none</p>',
    )


def languages():
    """Texts in other writings."""
    return notebook(
        "# 梯度下降 descent",
        "损失函数 of 机器学习",
        "`代码` and <b lang='zh-TW'>台灣</b>",
        "한국어 text",
        shown({"text/plain": "输出"}),
        new_code_cell("# 注释"),
        "- [ ] 任务 $损失$",
        "一个长句子可以换行",
    )


def japanese():
    """A text in Japanese, in which a word has no kana."""
    return notebook("# 勾配降下法とは", "損失関数 is the loss", "한국어")


def terminals():
    """What a terminal shows: colours, and lines that are written over."""

    def stream(text, name="stdout"):
        return new_code_cell("run()", outputs=[new_output("stream", name=name, text=text)])

    traceback = [
        "\x1b[0;31m---------\x1b[0m",
        "\x1b[0;31mZeroDivisionError\x1b[0m: \x1b[38;5;208mby\x1b[0m zero <b>",
    ]
    return notebook(
        "# Terminals",
        new_code_cell(
            "1 / 0", outputs=[new_output("error", ename="E", evalue="", traceback=traceback)]
        ),
        stream(
            "\x1b[1;32mgreen\x1b[0m \x1b[48;5;21m256\x1b[0m \x1b[38;2;255;100;0mtrue\x1b[0m "
            "\x1b[43myellow\x1b[0m"
        ),
        stream("\r 10%|#   |\r 50%|##  |\r100%|####|\ndone\n"),
        stream("<warning>", "stderr"),
        shown({"text/plain": "\x1b[31mred repr\x1b[0m"}),
    )


def tagged():
    """Cells with tags, and one of each kind."""

    def with_tags(cell, *tags):
        cell.metadata["tags"] = list(tags)
        return cell

    return notebook(
        "# Tagged",
        "words",
        new_raw_cell("rawness"),
        with_tags(new_markdown_cell("whole"), "remove_cell"),
        with_tags(
            new_code_cell("secret_input", outputs=[new_output("stream", text="its output")]),
            "remove_input",
        ),
        with_tags(
            new_code_cell("its_input", outputs=[new_output("stream", text="secret output")]),
            "remove_output",
        ),
        new_code_cell(
            "asked",
            execution_count=7,
            outputs=[new_output("execute_result", {"text/plain": "answered"}, execution_count=7)],
        ),
    )


def format_3():
    """A notebook of the old format 3, in which a heading was a cell of its own."""
    return nbformat.reads(
        """{"metadata": {"name": "old"}, "nbformat": 3, "nbformat_minor": 0,
        "worksheets": [{"metadata": {}, "cells": [
        {"cell_type": "heading", "level": 1, "metadata": {}, "source": ["Old title"]},
        {"cell_type": "markdown", "metadata": {}, "source": ["Old *words*, $x$"]},
        {"cell_type": "code", "collapsed": false, "input": ["old_code()"], "language": "python", "metadata": {},
         "prompt_number": 1, "outputs": [
            {"output_type": "stream", "stream": "stdout", "text": ["old ", "output"]},
            {"output_type": "pyout", "prompt_number": 1, "text": ["old result"], "metadata": {}},
            {"output_type": "display_data", "png": "PNG", "text": ["old picture"], "metadata": {}}]}]}]}""".replace(
            "PNG", PNG
        ),
        as_version=4,
    )


def format_4_0():
    """The same in format 4.0, in which a cell has no id."""
    return nbformat.reads(
        """{"metadata": {}, "nbformat": 4, "nbformat_minor": 0, "cells": [
        {"cell_type": "markdown", "metadata": {}, "source": ["# Old title\\n", "\\n", "Old *words*, $x$"]},
        {"cell_type": "code", "execution_count": 1, "metadata": {"collapsed": false}, "source": "old_code()",
         "outputs": [
            {"output_type": "stream", "name": "stdout", "text": ["old ", "output"]},
            {"output_type": "execute_result", "execution_count": 1, "metadata": {},
             "data": {"text/plain": ["old ", "result"]}},
            {"output_type": "display_data", "metadata": {},
             "data": {"image/png": "PNG", "text/plain": ["old ", "picture"]}}]}]}""".replace(
            "PNG", PNG
        ),
        as_version=4,
    )


def in_r():
    """A notebook in R, with a data frame as R writes one."""
    frame = (
        '<table class="dataframe">\n<caption>A data.frame: 1 × 2</caption>\n<thead>\n\t<tr>'
        "<th scope=col>x</th><th scope=col>y</th></tr>\n\t<tr><th scope=col>&lt;dbl&gt;</th>"
        "<th scope=col>&lt;chr&gt;</th></tr>\n</thead>\n<tbody>\n\t<tr><td>1</td><td>a</td></tr></tbody></table>"
    )
    cell = shown(
        {
            "text/html": frame,
            "text/markdown": "\nA data.frame",
            "text/latex": "A data.frame: 1 × 2\n"
            r"\begin{tabular}{r|ll} x & y\\ \end{tabular}",
            "text/plain": "  x y\n1 1 a",
        }
    )
    cell.source = "x <- c(1, 2)\nlibrary(ggplot2)"
    return notebook(
        "# In R",
        cell,
        kernelspec={"name": "ir", "display_name": "R", "language": "R"},
        language_info={
            "name": "R",
            "codemirror_mode": "r",
            "pygments_lexer": "r",
            "mimetype": "text/x-r-source",
            "file_extension": ".r",
            "version": "4.3.1",
        },
    )


def front_matter():
    """A first raw cell with what another program reads."""
    return notebook(
        new_raw_cell("---\ntitle: Of another program\nauthor: <me>\n---"), "# Own title", "words"
    )


def no_headings():
    """A notebook without a heading."""
    return notebook("only *words*", new_code_cell("code"))


def several_titles():
    """A notebook in which chapters have headings of the first level."""
    return notebook("# One\n\nfirst line", "## Inside", "# Two", "## Also", "# Three")


def frames():
    """A data frame as pandas writes it, a wide one, and a table in Markdown with alignment."""
    head = "".join(f"<th>column_{number}</th>" for number in range(12))
    row = "".join(f"<td>{number / 7}</td>" for number in range(12))
    frame = (
        "<div>\n<style scoped>\n    .dataframe tbody tr th "
        "{\n        vertical-align: top;\n    }\n</style>\n"
        f'<table border="1" class="dataframe">\n  <thead>\n    <tr style="text-align: right;">\n  '
        f"    <th></th>"
        f"{head}</tr>\n  </thead>\n  <tbody>\n    <tr>\n      <th>0</th>{row}</tr>\n  "
        f"</tbody>\n</table>\n"
        "<p>1 rows × 12 columns</p>\n</div>"
    )
    return notebook(
        "# Frames",
        shown({"text/html": frame, "text/plain": "   column_0"}),
        "| left | middle | right |\n|:--|:-:|--:|\n| a | b | c |",
    )


def long_ones():
    """What is wider than a small page: a formula, a word, an address, a line of code and of output."""
    return notebook(
        "# Wide",
        "$$" + " + ".join(f"x_{{{n}}}^2" for n in range(40)) + "$$",
        "word" * 60,
        f"<{FAR}{'path/' * 40}>",
        f"`{'code_' * 40}`",
        new_code_cell(
            f"value = {' + '.join(map(str, range(60)))}",
            outputs=[new_output("stream", text="9" * 300 + "\n" + "col  " * 60)],
        ),
        "```python\n" + "x" * 200 + "\n```",
        "# " + "Heading" * 20,
        "inline $" + "+".join("a" * 60) + "$",
    )


KINDS = {
    kind.__name__: kind
    for kind in (
        formulas,
        macros,
        numbered,
        missing_references,
        environments,
        letters,
        unknown_formulas,
        pictures,
        lost_pictures,
        picture_outputs,
        undescribed,
        raw_cells,
        anchors,
        old_tags,
        media,
        scripts,
        lists,
        breaks,
        languages,
        japanese,
        terminals,
        tagged,
        format_3,
        format_4_0,
        in_r,
        front_matter,
        no_headings,
        several_titles,
        frames,
        long_ones,
    )
}
