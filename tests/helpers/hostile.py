"""A notebook that tries all it can to run a script in a handout, or to fetch something."""

from copy import deepcopy

import nbformat

from course_lib.jupyter.outputs import QUESTION

BAD = "document.body.dataset.ran = 1"
FAR = "http://far.example/x"
MARKDOWN = [
    "# <script>BAD</script> Title <img src=x onerror='BAD'>",
    '<script>BAD</script>\n\n<script src="FAR.js"></script>',
    '<img src="FAR.png" onerror="BAD"> ![picture](FAR.png) ![other](javascript:BAD)',
    "[click](javascript:BAD) [data](data:text/html,<script>BAD</script>) <a "
    'href="&#106;avascript:BAD">go</a> '
    '<a href="java\tscript:BAD">go</a> <a href=" javascript:BAD">go</a>',
    (
        '<svg onload="BAD"><script>BAD</script><foreignObject><iframe '
        'src="FAR"></iframe></foreignObject></svg>'
    ),
    (
        "<math><mtext><table><mglyph><style><img src=x "
        'onerror="BAD"></style></mglyph></table></mtext></math>'
    ),
    '<iframe src="FAR"></iframe><object data="FAR"></object><embed src="FAR"><link rel=stylesheet '
    'href="FAR">'
    '<meta http-equiv="refresh" content="0;url=FAR"><base href="FAR">',
    '<style>body { background: url("FAR.png") }</style><p style="background: url(FAR.png)">x</p>',
    (
        r"$\text{<img src=x onerror=BAD>}$ $\href{javascript:BAD}{x}$ $$<script>BAD</script>$$ "
        r"$\text{&lt;script>BAD}$"
    ),
    "```python\n</code></pre><script>BAD</script>\n```\n\n`<script>BAD</script>`",
    (
        '<form action="FAR"><button formaction="javascript:BAD">x</button><input autofocus '
        'onfocus="BAD"></form>'
    ),
    (
        '<figure class="panel" data-step="1"><template>BAD</template><form><input '
        "type=range></form></figure>"
    ),
    "\ue0000\ue001 \ue00099\ue001 $x$",
    '<details open ontoggle="BAD"><summary onclick="BAD"><b>x</b></summary><img src=x '
    'onerror="BAD"></details>'
    "</details><details><details><summary>&lt;/details><script>BAD</script></summary>",
]
OUTPUTS = [
    {
        "text/html": (
            '<script>BAD</script><img src=x onerror="BAD"><img src="FAR.png"><video '
            'src="FAR" autoplay></video>'
        )
    },
    {"text/html": "<script>BAD</script>", "text/plain": "in place of a script"},
    {
        "image/svg+xml": '<svg xmlns="http://www.w3.org/2000/svg" onload="BAD"><script>BAD</script>'
        '<image href="FAR.png"/></svg>'
    },
    {"image/png": 'x" onerror="BAD', "text/plain": '" onerror="BAD'},
    {"text/markdown": "<script>BAD</script>"},
    {"text/latex": r"$\text{<script>BAD</script>}$"},
    {"application/javascript": "BAD"},
    {"application/vnd.jupyter.widget-view+json": {"model_id": "<script>BAD</script>"}},
    {"text/plain": "</pre><script>BAD</script>"},
    {
        QUESTION: "<script>BAD</script>",
        "text/html": '<details><summary onclick="BAD">&lt;img src=x onerror=BAD></summary><p>✓ '
        '<img src=x onerror="BAD">'
        "</p></details><details><p>✓",
    },
]


def _filled(text):
    return text.replace("BAD", BAD).replace("FAR", FAR)


def notebook():
    """All of that in one notebook."""
    v4 = nbformat.v4
    cells = [v4.new_markdown_cell(_filled(text)) for text in MARKDOWN]
    made = [
        v4.new_output(
            "display_data",
            {kind: _filled(data) if isinstance(data, str) else data for kind, data in one.items()},
        )
        for one in OUTPUTS
    ]
    made += [
        v4.new_output(
            "stream", name='stdout"><script>', text=_filled("</pre><script>BAD</script>")
        ),
        v4.new_output(
            "error", ename="x", evalue="y", traceback=[_filled("\x1b[31m<script>BAD</script>")]
        ),
    ]
    made += [
        v4.new_output(
            "display_data",
            {kind: "aGk="},
            metadata={
                kind: {
                    name: _filled("1 onerror='BAD' style=x src=FAR")
                    for name in ("width", "height", "alt")
                }
            },
        )
        for kind in ("image/png", "image/jpeg", "image/gif")
    ]
    cells.append(
        v4.new_code_cell(_filled("</pre><script>BAD</script>"), outputs=made, execution_count=1)
    )
    again = deepcopy(made)
    cells.append(
        v4.new_code_cell("", outputs=again, metadata={"jupyter": {"outputs_hidden": True}})
    )
    cells.append(v4.new_raw_cell(_filled("<script>BAD</script>")))
    language = {
        "name": _filled('"><script>BAD</script>'),
        "pygments_lexer": _filled('"><script>BAD</script>'),
    }
    return v4.new_notebook(cells=cells, metadata={"language_info": language})
