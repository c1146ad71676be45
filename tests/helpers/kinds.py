"""Kinds of what teachers write.  A row is a cell, what a page shows of it, and what is warned of.

What is shown is HTML as BeautifulSoup writes it, without the tag of a single paragraph and without
line feeds beside tags; of a formula it is the words, those of a displayed one in brackets.
"""

import json
from base64 import b64decode, b64encode
from functools import partial

import nbformat
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mNoAAAAggCB2kUIOwAAAABJRU5ErkJggg=="
GIF = "R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw=="
BARE = '<svg width="9" height="9"><rect width="9" height="9"/></svg>'
SVG = BARE.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"')
LINKED = SVG.replace("<rect", '<use xlink:href="#a"/><rect id="a"')
SIGN = SVG.replace("<svg", '<svg aria-label="a > b"')
DRAWN = SVG.replace("<rect", "<title>drawn</title><rect")
GERMAN = SVG.replace("<rect", "<title>Größe</title><rect")
PROLOG = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE svg>\n'
BY_TOOL = "<!-- made by <svg tool> -->"
FAR = "http://far.example/"
YOUTUBE = "https://www.youtube.com/embed/abc"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
PLOTLY, VEGA = "application/vnd.plotly.v1+json", "application/vnd.vegalite.v5+json"
BOKEH = "application/vnd.bokehjs_exec.v0+json"
OBJECTS = dict.fromkeys(["application/javascript", "application/json", "application/pdf"], PNG)
DRAWS = '<div id="plot"></div><script>draw()</script>'
NAMELESS = "<Figure size 640x480 with 1 Axes>"
HERE = "Here the notebook shows"
CELL = "<tbody><tr><td>{}</td></tr></tbody>"
UNCLOSED = r'<span class="formula" tabindex="0"><code>\frac{1}{</code></span>'
ALT_WANTED = 'a picture has no alternative text; "alt" in the metadata of its cell gives one'
NO_ALT = "No description has been provided for this image"
FOLDED = f"{PNG[:40]}\n{PNG[40:]}\n"
SIZED = {"width": 120, "height": 80, "alt": 'a "small" <one>'}


def notebook(*cells, **metadata):
    """A notebook of cells, of which a text is Markdown."""
    return new_notebook(
        metadata=metadata,
        cells=[new_markdown_cell(cell) if isinstance(cell, str) else cell for cell in cells],
    )


def shown(data, **metadata):
    """A code cell with an output, given as its representations by kind."""
    return new_code_cell("show()", outputs=[new_output("display_data", data, metadata=metadata)])


def shown_html(html, plain=""):
    return shown({"text/html": html} | ({"text/plain": plain} if plain else {}))


def picture(data, plain, kind="png", **metadata):
    kind = f"image/{kind}"
    return shown({kind: data, "text/plain": plain}, **{kind: metadata})


def stream(text, name="stdout", source="run()"):
    return new_code_cell(source, outputs=[new_output("stream", name=name, text=text)])


def raw(source, kind=None):
    return new_raw_cell(source, metadata={} if kind is None else {"raw_mimetype": kind})


def attached(source, data=PNG, kind="png", name="pic.png"):
    """A Markdown cell with an attachment."""
    return new_markdown_cell(source, attachments={name: {"image/png": PNG, f"image/{kind}": data}})


def base64(text):
    return b64encode(text.encode()).decode()


def image(alt, data=PNG, kind="png", **attributes):
    """A picture in a page; one of SVG is given as its text."""
    kind, data = ("svg+xml", base64(data)) if data.endswith("</svg>") else (kind, data)
    attributes |= {"alt": alt, "src": f"data:image/{kind};base64,{data}"}
    return str(BeautifulSoup("", "html.parser").new_tag("img", attrs=attributes))


def link(address, text=None):
    return f'<a href="{address}">{text or address}</a>'


def left_out(text):
    return f'<span class="left-out">{text}</span>'


def missing(name):
    return left_out(f"Picture that is missing: {name}")


def lost(cell, what, address=""):
    """The row of what plays or is a page of its own; it is a link where it lies elsewhere."""
    rest = f": {link(address)}" if address.startswith("http") else ", which a handout cannot hold."
    warned = f"{what} is left out" + (f": {address}" if address else "")
    return cell, left_out(f"{HERE} {what}{rest}"), warned


def unshown(data, kind, plain=""):
    """The row of an output that only another program can show, and of its text."""
    said = "A handout cannot show this output, which needs a script or another program"
    rest, text = (f"<pre>{plain}</pre>", {"text/plain": plain}) if plain else ("", {})
    return shown(data | text), f'<p class="left-out">{said}: {kind}.</p>{rest}', kind


def wide(table, size=""):
    return f'<div class="wide{size}" tabindex="0"><table>{table}</table></div>'


def column(head, cell):
    """A table in Markdown that has one column."""
    head = f"<thead><tr><th>{head}</th></tr></thead>"
    return wide(head + CELL.format(cell))


def term(text, lang="zh"):
    return f'<span class="term" lang="{lang}">{text}</span>'


EQUATIONS = "[ϕ, =1, (1); χ, =2, (2)]"
COLUMNS = "".join(f"<th>column_{number}</th>" for number in range(12))
VALUES = "".join(f"<td>{number / 7}</td>" for number in range(12))
CELLS = f'<thead><tr align="right"><th></th>{COLUMNS}</tr></thead>'
CELLS += f"<tbody><tr><th>0</th>{VALUES}</tr></tbody>"
FRAME = f"""<div>\n<style scoped>\n    .dataframe tbody tr th {{vertical-align: top;}}\n</style>
<table border="1" class="dataframe">\n{CELLS}</table>\n<p>1 row</p>\n</div>"""
FRAME = FRAME.replace('align="right"', 'style="text-align: right;"')
C_CODE = '<div class="highlight"><pre><span></span><span class="n">c</span></pre></div>'
PLACE = '&#xe000;0&#xe001;\ue0000\ue001<place n="0"></place><no-formula>0</no-formula>'
IFRAME = f'\n  <iframe\n    width="400"\n    src="{YOUTUBE}"\n    allowfullscreen\n  ></iframe>\n'
TRACEBACK = ["\x1b[0;31m---\x1b[0m", "\x1b[0;31mError\x1b[0m: \x1b[38;5;208mby\x1b[0m zero <b>"]
RED = '<span class="ansi-red-fg">{}</span>'
COLOURS = "\x1b[1;32mg\x1b[0m \x1b[48;5;21mb\x1b[0m \x1b[38;2;255;100;0mt\x1b[0m \x1b[43my\x1b[0m"
ALIGNED = '<tr><th align="left">a</th><th align="center">b</th><th align="right">c</th></tr>'
ADDRESSES = ["#first", "#own-id", "#Step-1:-begin", "data.csv", "mailto:a@far.example"]
KEPT = ['<div class="alert alert-info"><b>Note</b></div>', '<div class="collapsed">no fold</div>']
KEPT += ["H<sub>2</sub>O m<sup>2</sup>", "<ruby>kan<rt>ji</rt></ruby>"]
ROWS = {
    "formulas": [
        ("## Where $y = x^2$ is", '<h2 id="Where-$y-=-x^2$-is">Where y=x2 is</h2>'),
        (r"In a line $\alpha < 2$ and \\(\beta\\)", "In a line α<2 and β"),
        ("displayed $$\\gamma$$ or \\\\[\\delta\\\\]", "displayed [γ] or [δ]"),
        ("so\n\n$$\n\\epsilon\n$$", "so</p><p>[ϵ]"),
        ("| rate |\n|---|\n| $\\|x_0\\|+|y|$ |", column("rate", "‖x0‖+|y|")),
        ("<table><tr><td>$\\zeta$ $5 $6</td></tr></table>", wide(CELL.format("ζ $5 $6"))),
        ("<div>\n$$\\theta$$\n</div>", "<div>[θ]</div>"),
        # Nobody can write a place that is filled.
        (f"a{PLACE}b<nav></nav>", "a\ue0000\ue001\ue0000\ue0010b"),
        ("<p title=\"<place n='0'>\">a</p>", "<p title=\"&lt;place n='0'&gt;\">a</p>"),
        ("<div>$a<b$ holds</div>", "<div>a<b holds</div>"),
        ("<div>$1 <b>or</b> 2$</div>", "<div>$1 <b>or</b> 2$</div>"),
        ("<p>$a < c$ and $d &lt; e$</p>", "a<c and d<e"),
        ("It costs \\$5, not \\$6. `$code$`", "It costs $5, not $6. <code>$code$</code>"),
        ("```\n$block$\n```", "<pre><code>$block$</code></pre>"),
        ("- first\n\n  $$\n  a_1 * b_2\n  $$", "<ul><li><p>first</p><p>[a1∗b2]</p></li></ul>"),
        ("- $\\iota$\n    1. $$\\kappa$$", "<ul><li>ι<ol><li>[κ]</li></ol></li></ul>"),
        ("> $\\lambda$", "<blockquote><p>λ</p></blockquote>"),
        ("**$\\mu$** and [$\\nu$](#where)", '<strong>μ</strong> and <a href="#where">ν</a>'),
        (shown({"text/latex": r"$\displaystyle \frac{\xi}{2}$", "text/plain": "xi/2"}), "ξ2"),
        (shown_html(r"<p>\(\rho\) for $7, or $$\sigma$$ for $8</p>"), "ρ for $7, or [σ] for $8"),
        (shown({"text/markdown": r"Then $\tau$."}), "Then τ."),
        (shown({"text/latex": r"\begin{align} \phi &= 1 \\ \chi &= 2 \end{align}"}), EQUATIONS),
        (r"$\mathbf{w}$ $\mathcal{L}$ $\mathbb{R}$ $\mathfrak{g}$", "𝐰 ℒ ℝ 𝔤"),
        (r"$\boldsymbol{\theta}$ $\mathsf{T}$ $\mathtt{x}$ $\bm{x}$", "𝜽 𝖳 𝚡 𝒙"),
        (r"$\mathscr{F}$ $\mathrm{d}$ $\pmb{y}$ $\widetilde{z}$", "ℱ d 𝒚 z~"),
        (shown({"text/plain": r"$\psi$"}), r"<pre>$\psi$</pre>"),
    ],
    "macros": [
        (r"$$\newcommand{\vec}[1]{\mathbf{#1}} \def\half{\tfrac{1}{2}}$$", ""),
        (r"$\DeclareMathOperator{\argmin}{arg\,min}$", ""),
        (r"$\vec{a}$ $\half$ $\argmin_w$", "𝐚 12 arg\u2009minw"),
        (r"$\renewcommand{\vec}[1]{#1'} \vec{b}$", "b′"),
        (r"$\vec{c}$", "c′"),
        (shown({"text/latex": r"$\vec{d}$"}), "d′"),
        (r"$\newcommand{\vec}[1]{\hat{#1}} \vec{e}$", "eˆ"),
    ],
    "numbered": [
        (r"By \eqref{late}", f"By {link('#equation-late', '(5)')}"),
        (r"$\eqref{first}$", link("#equation-first", "(1)")),
        (r"\ref{first}", link("#equation-first", "1")),
        (r"$\ref{tagged}$", link("#equation-tagged", "T")),
        (r"\eqref{row}", link("#equation-row", "(3)")),
        (r"\begin{equation}\label{first} a = 1 \end{equation}", "[a=1, (1)]"),
        (r"$$\begin{equation} b = 1 \end{equation}$$", "[b=1, (2)]"),
        (r"\begin{align} c &= 1 \label{row} \\ d &= 1 \notag \end{align}", "[c, =1, (3); d, =1]"),
        (r"\begin{align} e &= 1 \end{align}", "[e, =1, (4)]"),
        (r"$$f = 1 \tag{T}\label{tagged}$$", "[f=1, (T)]"),
        (r"\begin{equation*} g = 1 \end{equation*}", "[g=1]"),
        (r"\begin{align*} i &= 1 \\ j &= 1 \end{align*}", "[i, =1; j, =1]"),
        (r"$$k = 1 \label{late}$$", "[k=1, (5)]"),
        (r"\begin{gather} l = 1 \\ m = 1 \end{gather}", "[l=1, (6); m=1, (7)]"),
    ],
    "missing_references": [
        (r"See \eqref{nowhere}.", "See (??).", r"\eqref{nowhere}"),
        (r"See $\ref{here}$.", "See ??.", r"\ref{here}"),
    ],
    "environments": [
        (r"$$\begin{aligned} a &= b \\ &= c \end{aligned}$$", "[a, =b; =c]"),
        (r"$$\begin{split} a &= b \\ &= c \end{split}$$", "[a, =b; =c]"),
        (r"\begin{eqnarray*} a & = & b \\ & = & c \end{eqnarray*}", "[a, =b; =c]"),
        (r"\begin{eqnarray} a&\le&b \nonumber \\ &=&c \nonumber \end{eqnarray}", "[a, ≤b; =c]"),
        (r"$$\begin{cases} 1 & x > 0 \\ 0 & \text{else} \end{cases}$$", "[{1, x>0; 0, else\u2063]"),
        (r"$$\left[\begin{array}{c|c} a & b \\ c & d \end{array}\right]$$", "[[a, b; c, d]]"),
        (r"$$\begin{pmatrix} a & b \\ c & d \end{pmatrix}$$", "[(a, b; c, d)]"),
        (r"\begin{alignat*}{2} a &= b & c \\ d &= e & f \end{alignat*}", "[a, =b, c; d, =e, f]"),
        (r"\begin{align*} a &= b & c \\ d &= e & f \end{align*}", "[a, =b, c; d, =e, f]"),
        (r"$$\begin{matrix} a \\ b \\ c \end{matrix}$$", "[a; b; c]"),
        (r"$$\begin{gathered} a \\ b \end{gathered}$$", "[a; b]"),
    ],
    "unknown_formulas": [
        (r"## $\nameless$", r'<h2 id="$\nameless$"><code>\nameless</code></h2>', r"\nameless"),
        (r"Then $\what{b} < c$.", r"Then <code>\what{b} &lt; c</code>.", r"In \what{b} < c"),
        ("$$\n\\frac{1}{\n$$", UNCLOSED, r"\frac{1}{"),
        (r"$x_$ $\alpha$", "<code>x_</code> α", "x_"),
        (shown({"text/latex": r"$\unheard$"}), r"<code>\unheard</code>", r"\unheard"),
    ],
    "pictures": [  # those on the disk lie where `put_pictures` puts them
        ("![flat](flat.png)", image("flat")),
        ("![spaced](two%20words.png)", image("spaced", GIF)),
        ("![bracketed](<two words.png>)", image("bracketed", GIF)),
        ('<img src="two words.png" alt="raw" width="40">', image("raw", GIF, width="40")),
        ('<img src="sub/bare.svg" alt="bare">', image("bare", SVG)),
        (
            '<img src="sub/deep.svg" alt="deep" style="width: 50%; height: 7px" title="more">',
            image("deep", SVG, width="50%", height="7", title="more"),
        ),
        (attached("![attached](attachment:pic.png)"), image("attached")),
        (attached('<img src="attachment:a%20b.png" alt="raw">', name="a b.png"), image("raw")),
        (attached("![bare](attachment:pic.png)", base64(BARE), "svg+xml"), image("bare", SVG)),
        ("![in Latin 1](latin.svg)", image("in Latin 1", GERMAN)),
        ("[![linked](flat.png)](other.ipynb)", link("other.html", image("linked"))),
        ("![with a query](flat.png?raw=true)", image("with a query")),
        ("| picture |\n|---|\n| ![in](flat.png) |", column("picture", image("in"))),
        ("![by reference][label]\n\n[label]: sub/../flat.png", image("by reference")),
        (f"![data](data:image/gif;base64,{GIF})", image("data", GIF, "gif")),
        (shown_html('<img src="flat.png" alt="in an output">'), image("in an output")),
        (shown_html(f"<p>1</p>{DRAWN}<p>2</p>"), f"1</p>{image('drawn', DRAWN)}<p>2"),
    ],
    "lost_pictures": [
        ("![missing](missing.png)", missing("missing"), "missing.png"),
        ('<img src="gone.png">', missing("gone.png"), "gone.png"),
        ("![unattached](attachment:gone.png)", missing("unattached"), "attachment:gone.png"),
        (f"![far]({FAR}x.png)", link(f"{FAR}x.png", "far"), f"{FAR}x.png"),
        (f'<img src="{FAR}y.png">', link(f"{FAR}y.png"), f"{FAR}y.png"),
        ("![z](//far.example/z)", link("https://far.example/z", "z"), "//far.example/z"),
        ("![outside](../outside.png)", missing("outside"), "../outside.png"),
        ("![no picture](secret.txt)", missing("no picture"), "secret.txt"),
        ("![absolute](/etc/passwd)", missing("absolute"), "/etc/passwd"),
        ("<img alt='no source'>", missing("no source"), '<img alt="no source"/>'),
        ('<img src="data:text/html,x">', missing("data:text/html,x"), "data:text/html,x"),
        (f"[![b]({FAR}b.svg)]({FAR})", link(FAR, left_out("Picture: b")), f"{FAR}b.svg"),
    ],
    "undescribed": [
        (one, image(NO_ALT), ALT_WANTED)
        for one in ('<img src="flat.png">', picture(PNG, NAMELESS), picture(PNG, "<Axes: >"))
    ],
    "picture_outputs": [
        *(
            (picture(data, "<Figure>", kind, **SIZED), image(data=data, kind=kind, **SIZED))
            for kind, data in {"png": PNG, "jpeg": PNG, "svg+xml": SVG, "gif": GIF}.items()
        ),
        (picture(FOLDED, "in two lines"), image("in two lines", FOLDED)),
        (shown({"image/png": PNG, "image/svg+xml": SVG, "text/plain": "two"}), image("two", SVG)),
        (shown({"image/png": PNG, "text/latex": r"$\alpha$", "text/plain": "alpha"}), "α"),
        *(
            (picture(svg, "drawn", "svg+xml"), image("drawn", whole))
            for svg, whole in {
                PROLOG + SVG: PROLOG + SVG,
                BARE: SVG,
                LINKED: LINKED.replace("<svg", '<svg xmlns:xlink="http://www.w3.org/1999/xlink"'),
                SIGN: SIGN,
                BY_TOOL + BARE: BY_TOOL + SVG,
            }.items()
        ),
        # Such a text says nothing of what is not in the file.
        (shown({"text/plain": "<IPython.core.display.HTML object>"}), ""),
        (shown({"text/plain": NAMELESS}), ""),
        (shown({"text/plain": "<IPython.lib.display.IFrame at 0x7f0a>"}), ""),
    ],
    "raw_cells": [
        (raw("plain <b> & $x$"), "plain &lt;b&gt; &amp; $x$"),
        (raw("<b>bold</b> $x$", "text/html"), "<b>bold</b> x"),
        (raw("**strong** $y$", "text/markdown"), "<strong>strong</strong> y"),
        (raw(r"\LaTeX", "text/latex"), None, "it is for text/latex only"),
        (raw("empty kind", ""), "empty kind"),
    ],
    "anchors": [
        ('<a id="first"></a>\n## Same', '<p><a id="first"></a></p><h2 id="Same">Same</h2>'),
        ('<a name="second"></a>\n\n## Same', '<p><a id="second"></a></p><h2 id="Same-1">Same</h2>'),
        ('<div id="third">text</div>', '<div id="third">text</div>'),
        ('<h2 id="own-id">Own id</h2>', '<h2 id="own-id">Own id</h2>'),
        ('<p id="third">again</p>', '<p id="third-1">again</p>'),
        ("## *With* `code`", '<h2 id="With-code"><em>With</em> <code>code</code></h2>'),
        (shown_html("<h2>Same</h2>"), '<h2 id="Same-2">Same</h2>'),
        ("## Größe & Maß", '<h2 id="Größe-&amp;-Maß">Größe &amp; Maß</h2>'),
        ("## Step 1: begin", '<h2 id="Step-1:-begin">Step 1: begin</h2>'),
        *((f"[x]({address})", link(address, "x")) for address in ADDRESSES),
        (f"[x]({FAR}a.ipynb)", link(f"{FAR}a.ipynb", "x")),
        ("[x](page.html?a=1&b=2)", link("page.html?a=1&amp;b=2", "x")),
        ("[x](#Gr%C3%B6%C3%9Fe-&-Ma%C3%9F)", link("#Gr%C3%B6%C3%9Fe-&amp;-Ma%C3%9F", "x")),
        ("[x](other.ipynb)", link("other.html", "x")),
        ("[x](sub/an%20other.ipynb#Part-2:-x)", link("sub/an%20other.html#Part-2:-x", "x")),
    ],
    "old_tags": [  # and breaks of pages, for print
        ('<div style="page-break-after: always"></div>', '<div class="break-after"></div>'),
        ("<p style='break-before:page'>new</p>", '<p class="break-before">new</p>'),
        ("<p style='page-break-before: always; x: y'>b</p>", '<p class="break-before">b</p>'),
        ('<p style="page-break-inside: avoid">none</p>', "none"),
        ("<center>**middle**</center>", "<div>**middle**</div>"),
        ('<font color="red" size=5>red</font> <tt>typed</tt>', "red <tt>typed</tt>"),
        ("<big>large</big> <strike>struck</strike> <blink>blinks</blink>", "large struck blinks"),
        ("<marquee>runs</marquee> <nobr>whole</nobr>", "runs whole"),
        ('<h2 align="center">Centred</h2>', '<h2 align="center" id="Centred">Centred</h2>'),
        ('<p style="text-align: right; color: red">right</p>', '<p align="right">right</p>'),
        ("<section><header>head</header><main>inner</main></section>", "head\ninner"),
        *((html, html) for html in KEPT),
        ("line<br>break<hr>", "line<br/>break</p><hr/><p>"),
        ('<button onclick="x()">press</button> <input value="typed in">x', "press x"),
        ("<label>name</label><!-- a comment -->", "name"),
        (shown_html("<label>name</label><!-- a --><?b ?><![endif]> c"), "name c"),
        ("&copy; &nbsp;&lt;b&gt; &#8364;", "© \xa0&lt;b&gt; €"),
    ],
    "media": [  # what plays, or is a page of its own
        lost(f'<iframe src="{FAR}page" width=500></iframe>', "another page", f"{FAR}page"),
        lost(shown_html(IFRAME, "<IPython>"), "another page", YOUTUBE),
        lost(f'<audio controls src="{FAR}a.mp3"></audio>', "a sound", f"{FAR}a.mp3"),
        lost('<video controls src="film.mp4"></video>', "a video", "film.mp4"),
        lost(f'<video><source src="{FAR}a.webm">fallback</video>', "a video", f"{FAR}a.webm"),
        lost(shown_html('<video><source src="data:video/mp4;base64,A"></video>'), "a video"),
        lost("<video></video>", "a video"),
        lost(f'<object data="{FAR}a.pdf">fallback</object>', "an embedded object", f"{FAR}a.pdf"),
        lost(f'<embed src="{FAR}a.pdf">', "an embedded object", f"{FAR}a.pdf"),
        (
            shown_html("<svg viewBox='0 0 1 1'><path d='M0 0'></svg><p>after it</p>"),
            left_out(f"{HERE} a drawing that a handout cannot hold.") + "<p>after it</p>",
            "a drawing is left out: its SVG has an error, mismatched tag: line 1, column 75",
        ),
    ],
    "scripts": [  # what only a script can draw, with and without something else to show
        unshown({PLOTLY: {"data": []}}, PLOTLY),
        unshown({PLOTLY: {"data": []}, "text/html": DRAWS}, PLOTLY),
        (shown({PLOTLY: {}, "image/png": PNG, "text/html": DRAWS, "text/plain": "a"}), image("a")),
        unshown({"text/html": DRAWS, BOKEH: ""}, BOKEH, "a bokeh plot"),
        (shown({VEGA: {}, "image/svg+xml": SVG, "text/plain": "chart"}), image("chart", SVG)),
        unshown({WIDGET_VIEW: {"model_id": "1"}}, WIDGET_VIEW, "IntSlider(value=3)"),
        unshown({"text/html": DRAWS}, "text/html"),
        unshown(OBJECTS | {"text/plain": "<IPython.core.display.X object>"}, ", ".join(OBJECTS)),
        ("<script>x()</script>seen", "seen", "a script is left out"),
        (shown_html("<script>x()</script><b>bold</b>"), "<b>bold</b>", "a script is left out"),
        (shown_html("<style>td { color: red }</style><b>styled</b>"), "<b>styled</b>"),
    ],
    "lists": [
        ("- [x] a\n    - [ ] b", "<ul><li>☑ a<ul><li>☐ b</li></ul></li></ul>"),
        ("1. a\n   - b\n     1. c", "<ol><li>a<ul><li>b<ol><li>c</li></ol></li></ul></li></ol>"),
        ("1. a\n    - b\n2. c", "<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>"),
        ("5. five\n6. six", '<ol start="5"><li>five</li><li>six</li></ol>'),
        ("Term\n: one\n: two", "<dl><dt>Term</dt><dd>one</dd><dd>two</dd></dl>"),
        ("* a\n\n  b\n\n  ```python\n  c\n  ```", f"<ul><li><p>a</p><p>b</p>{C_CODE}</li></ul>"),
        ("<ol start=3 type=a><li value=7>", '<ol start="3" type="a"><li value="7"></li></ol>'),
    ],
    "languages": [
        ("## 梯度下降 descent", f'<h2 id="梯度下降-descent">{term("梯度下降")} descent</h2>'),
        ("损失函数 of 机器学习法", f"{term('损失函数')} of {term('机器学习法')}"),
        ("`代码` <b lang='zh-TW'>台灣</b>", '<code>代码</code> <b lang="zh-TW">台灣</b>'),
        ("한국어 text", f"{term('한국어', 'ko')} text"),
        (shown({"text/plain": "输出"}), "<pre>输出</pre>"),
        (new_code_cell("# 注释"), None),
        ("- [ ] 任务 $损失$", f"<ul><li>☐ {term('任务')} 损失</li></ul>"),
        ("长句子可换行", '<span lang="zh">长句子可换行</span>'),
    ],
    "japanese": [  # in which a word has no kana
        ("## 勾配降下法とは", '<h2 id="勾配降下法とは"><span lang="ja">勾配降下法とは</span></h2>'),
        ("損失関数 is the loss", f"{term('損失関数', 'ja')} is the loss"),
        ("한국어", term("한국어", "ko")),
    ],
    "terminals": [  # colours, and lines that are written over
        (
            new_code_cell("1 / 0", outputs=[new_output("error", traceback=TRACEBACK)]),
            f"<pre>{RED.format('---')}{RED.format('Error')}: <span>by</span> zero &lt;b&gt;</pre>",
        ),
        (
            stream(COLOURS),
            '<pre><span class="ansi-green-intense-fg ansi-bold">g</span> <span>b</span> '
            '<span>t</span> <span class="ansi-yellow-bg">y</span></pre>',
        ),
        (stream("\r 10%|#   |\r 50%|##  |\r100%|####|\ndone\n"), "<pre>100%|####|\ndone</pre>"),
        (stream("<warning>", "stderr"), "<pre>&lt;warning&gt;</pre>"),
        (shown({"text/plain": "\x1b[31mred"}), f"<pre>{RED.format('red')}</pre>"),
    ],
    "frames": [  # a wide one as pandas writes it, and a table in Markdown with alignment
        (shown_html(FRAME, "   column_0"), f"<div>{wide(CELLS, ' longer')}<p>1 row</p></div>"),
        (
            "|a|b|c|\n|:--|:-:|--:|\n|a|b|c|",
            wide(f"<thead>{ALIGNED}</thead><tbody>{ALIGNED.replace('th', 'td')}</tbody>"),
        ),
    ],
}


def from_rows(kind):
    """The notebook of a kind: its title, and the cells of its rows."""
    return notebook(f"# {kind}", *(cell for cell, *_ in ROWS[kind]))


def put_pictures(folder):
    """Put the pictures on the disk that rows show, and one that lies outside of their folder."""
    (folder / "own" / "sub").mkdir(parents=True)
    for name, content in {
        "outside.png": b64decode(PNG),
        "own/flat.png": b64decode(PNG),
        "own/two words.png": b64decode(GIF),
        "own/sub/deep.svg": SVG.encode(),
        "own/sub/bare.svg": BARE.encode(),
        "own/latin.svg": f'<?xml version="1.0" encoding="ISO-8859-1"?>{GERMAN}'.encode("latin1"),
        "own/secret.txt": b"secret",
    }.items():
        (folder / name).write_bytes(content)
    return folder / "own"


def tagged():
    """Cells with tags, and one of each kind."""
    answer = new_output("execute_result", {"text/plain": "answered"}, execution_count=7)
    made = notebook(
        "# Tagged",
        "words",
        raw("rawness"),
        "whole",
        stream("its output", source="secret_input"),
        stream("secret output", source="its_input"),
        new_code_cell("asked", execution_count=7, outputs=[answer]),
    )
    for cell, tag in zip(made.cells[3:], ("cell", "input", "output"), strict=False):
        cell.metadata["tags"] = [f"remove_{tag}"]
    return made


def old():
    """A notebook that old formats can hold too."""
    cell = stream("old output")
    cell.outputs += [
        new_output("execute_result", {"text/plain": "old result"}, execution_count=1),
        new_output("display_data", {"image/png": PNG, "text/plain": "old picture"}),
    ]
    return notebook("# Old title", "Old *words*, $x$", cell)


def format_3():
    """A notebook of the old format 3, in which a heading is a cell of its own."""
    return nbformat.reads(nbformat.writes(old(), version=3), as_version=4)


def format_4_0():
    """A notebook of format 4.0, in which a cell has no id."""
    made = old()
    for cell in made.cells:
        del cell["id"]
    return nbformat.reads(json.dumps({**made, "nbformat_minor": 0}), as_version=4)


R_FRAME = """<table class="dataframe">\n<caption>A data.frame: 1 × 2</caption>\n<thead>
<tr><th scope=col>x</th></tr><tr><th scope=col>&lt;dbl&gt;</th></tr></thead>\n<tbody>
<tr><td>1</td></tr></tbody></table>"""


def in_r():
    """A notebook in R, with a data frame as R writes one."""
    others = {"text/markdown": "A data.frame", "text/latex": r"\begin{tabular}{r|ll} x & y\\"}
    cell = shown({"text/html": R_FRAME, "text/plain": "  x y\n1 1 a", **others})
    cell.source = "x <- c(1, 2)\nlibrary(ggplot2)"
    language = {"name": "R", "pygments_lexer": "r", "file_extension": ".r"}
    kernel = {"name": "ir", "display_name": "R", "language": "R"}
    return notebook("# In R", cell, kernelspec=kernel, language_info=language)


FRONT = "---\ntitle: Of another program\nauthor: <me>\n---"
WIDE = [  # wider than a small page: formulas, a word, an address, lines of code and of output
    "$$" + " + ".join(f"x_{{{n}}}^2" for n in range(40)) + "$$",
    "word" * 60,
    f"<{FAR}{'path/' * 40}>",
    f"`{'code_' * 40}`",
    stream("9" * 300 + "\n" + "col  " * 60, source=f"value = {' + '.join('1' * 60)}"),
    "```python\n" + "x" * 200 + "\n```",
    "# " + "Heading" * 20,
    "inline $" + "+".join("a" * 60) + "$",
]
KINDS = {kind: partial(from_rows, kind) for kind in ROWS}
KINDS |= {made.__name__: made for made in (tagged, format_3, format_4_0, in_r)}
KINDS |= {
    "front_matter": partial(notebook, raw(FRONT), "# Own title", "words"),
    "no_headings": partial(notebook, "only *words*", new_code_cell("code")),
    "several_titles": partial(
        notebook, "# One\n\nfirst line", "## Inside", "# Two", "## Also", "# Three"
    ),
    "long_ones": partial(notebook, "# Wide", *WIDE),
}
