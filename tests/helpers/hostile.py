"""A notebook that tries all it can to run a script in a handout, or to fetch something."""

import json

from nbformat import from_dict, v4

from course_lib.jupyter.outputs import QUESTION
from helpers import kinds

BAD = "document.body.dataset.ran = 1"
FAR = "http://far.example/x"
SCRIPT = "<script>BAD</script>"
MARKDOWN = [
    "# <script>BAD</script> Title <img src=x onerror='BAD'>",
    '<script>BAD</script>\n\n<script src="FAR.js"></script>',
    '<img src="FAR.png" onerror="BAD"> ![picture](FAR.png) ![other](javascript:BAD)',
    "[click](javascript:BAD) [data](data:text/html,<script>BAD</script>)",
    '<a href="&#106;avascript:BAD">go</a> <a href="java\tscript:BAD">go</a>',
    '<a href=" javascript:BAD">go</a>',
    '<svg onload="BAD"><script>BAD</script><foreignObject><iframe src="FAR"></iframe></foreignObject></svg>',
    '<math><mtext><table><mglyph><style><img src=x onerror="BAD"></style></mglyph></table></mtext></math>',
    '<iframe src="FAR"></iframe><object data="FAR"></object><embed src="FAR">',
    '<link rel=stylesheet href="FAR"><meta http-equiv="refresh" content="0;url=FAR"><base href="FAR">',
    '<style>body { background: url("FAR.png") }</style><p style="background: url(FAR.png)">x</p>',
    r"$\text{<img src=x onerror=BAD>}$ $\href{javascript:BAD}{x}$ $$<script>BAD</script>$$",
    r"$\text{&lt;script>BAD}$",
    "```python\n</code></pre><script>BAD</script>\n```\n\n`<script>BAD</script>`",
    '<form action="FAR"><button formaction="javascript:BAD">x</button><input autofocus onfocus="BAD"></form>',
    '<figure class="panel" data-step="1"><template>BAD</template><form><input type=range></form></figure>',
    '<details open ontoggle="BAD"><summary onclick="BAD"><b>x</b></summary><img src=x onerror="BAD"></details>',
    "</details><details><details><summary>&lt;/details><script>BAD</script></summary>",
]
CHOICES = (
    '<details><summary onclick="BAD">&lt;img src=x onerror=BAD></summary><p>✓ <img src=x onerror="BAD">'
    "</p></details><details><p>✓"
)
DATA = [
    {"text/html": '<script>BAD</script><img src=x onerror="BAD"><img src="FAR.png">'},
    {"text/html": '<script>BAD</script><p>x</p><video src="FAR" autoplay></video>'},
    {"text/html": "<script>BAD</script>", "text/plain": "in place of a script"},
    {"image/svg+xml": '<svg onload="BAD"><script>BAD</script><image href="FAR.png"/></svg>'},
    {"image/png": 'x" onerror="BAD', "text/plain": '" onerror="BAD'},
    {"text/markdown": "<script>BAD</script>"},
    {"text/latex": r"$\text{<script>BAD</script>}$"},
    {"application/javascript": "BAD"},
    {"application/vnd.jupyter.widget-view+json": {"model_id": "<script>BAD</script>"}},
    {"text/plain": "</pre><script>BAD</script>"},
    {QUESTION: "<script>BAD</script>", "text/html": CHOICES},
]


def notebook():
    """All of that in one notebook, the outputs both open and collapsed."""
    of_picture = dict.fromkeys(("width", "height", "alt"), "1 onerror='BAD' style=x src=FAR")
    outputs = [
        *(v4.new_output("display_data", one) for one in DATA),
        *(
            v4.new_output("display_data", {kind: "aGk="}, metadata={kind: of_picture})
            for kind in ("image/png", "image/jpeg", "image/gif")
        ),
        v4.new_output("stream", name='stdout"><script>', text=f"</pre>{SCRIPT}"),
        v4.new_output("error", ename="x", evalue="y", traceback=[f"\x1b[31m{SCRIPT}"]),
    ]
    made = kinds.notebook(
        *MARKDOWN,
        v4.new_code_cell(f"</pre>{SCRIPT}", outputs=outputs, execution_count=1),
        v4.new_code_cell(outputs=outputs, metadata={"jupyter": {"outputs_hidden": True}}),
        v4.new_raw_cell(SCRIPT),
        language_info=dict.fromkeys(("name", "pygments_lexer"), f'">{SCRIPT}'),
    )
    return from_dict(json.loads(json.dumps(made).replace("BAD", BAD).replace("FAR", FAR)))
