"""The handouts in Chromium, from files and without a network: what is in them works, and is what
the library says.
"""

import random
import re
import subprocess
import sys
import threading
import time
from contextlib import closing
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

from course_lib.figures import DescentFigure
from course_lib.handout import HandoutExporter, folds
from course_lib.jupyter.outputs import PANEL
from course_lib.live.figure import format_stop
from course_lib.live.states import SettingsGrid
from helpers import hostile, lessons
from helpers.handouts import ANSWERED, ASKED, FOLD, with_answers
from helpers.lab import FLAGS, LONG, chromium_path
from helpers.players import (
    LESSONS,
    OF_COLOURS,
    PLAY,
    SHOWN,
    UNFOLD,
    assert_accessible,
    assert_in_sight,
    click_at,
    expected,
    expected_all,
    grids,
    open_file,
    questions,
)

every_handout = pytest.mark.parametrize("name", LESSONS)
first_handout = pytest.mark.parametrize("name", LESSONS[:1])
LOOKS = [(scheme, width) for scheme in ("light", "dark") for width in (360, 1280)]

# Put controls where a hand would, one list of places for each state, and see what is then shown.
SHOW = f"""(panel, states) => {{
    const inputs = [...panel.querySelectorAll('input')];
    return states.map(places => {{
        inputs.forEach((input, k) => {{
            if (input.type === 'checkbox') input.checked = places[k];
            else input.value = places[k];
        }});
        inputs[0].dispatchEvent(new Event('input', {{ bubbles: true }}));
        return ({SHOWN})(panel);
    }});
}}"""
# A handout as it is when it is opened.
AFRESH = """() => {
    for (const fold of document.querySelectorAll('details')) fold.open = false;
    for (const button of document.querySelectorAll('button[name=reset]')) button.click();
    window.scrollTo(0, 0);
}"""
# Let a page unpack a panel only when it is released.
HOLD = """
    const json = Response.prototype.json, held = [];
    Response.prototype.json = async function () {
        await new Promise((go) => held.push(go));
        return json.call(this);
    };
    window.release = async () => {
        while (!held.length) await new Promise((done) => setTimeout(done, 10));
        held.shift()();
    };
"""
# Lay out all of a page, also what is far below the screen.
WHOLE = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('.cell { content-visibility: visible !important }');
    document.adoptedStyleSheets = [sheet];
}"""
TOO_OLD = "delete window.DecompressionStream"  # so that panels stay packed
AT_ITS_START = (
    "This is the picture at its start. Its sliders come with the script of this page, "
    "which has not run"
)
PLACES = "all => all.map(one => one.getBoundingClientRect().top)"
# The words in a list of elements that stand on more than one line; two words with a hyphen may.
BROKEN = """all => all.flatMap(one => {
    const words = [];
    for (const walk = document.createTreeWalker(one, NodeFilter.SHOW_TEXT); walk.nextNode();)
        for (const found of walk.currentNode.data.matchAll(/(?:[\\p{L}\\d_.()=+]|-(?!\\p{L})|(?<!\\p{L})-)+/gu)) {
            const range = document.createRange();
            range.setStart(walk.currentNode, found.index);
            range.setEnd(walk.currentNode, found.index + found[0].length);
            if (new Set([...range.getClientRects()].map(line => line.top)).size > 1) words.push(found[0]);
        }
    return words;
})"""
# What the contrast of each element depends on.
COLOURS = """() => [...document.body.querySelectorAll('*')].map(one => {
    const { color, backgroundColor, opacity, fontSize, fontWeight } = getComputedStyle(one);
    return [[color, backgroundColor, opacity, fontWeight, one.checkVisibility()], parseFloat(fontSize)];
})"""
# What else it looks like: where each element is, and how large.
BOXES = """() => [...document.body.querySelectorAll('*')].map(one => {
    const { x, y, width, height } = one.getBoundingClientRect();
    return [x, y, width, height];
})"""


@pytest.fixture(scope="session")
def exports(tmp_path_factory):
    """Two folders with handouts, made at the same time by the command that the README names; and
    what it said.

    The first holds all four.  The second does without that of lesson 1, whose 7,134 pictures take
    longest, except in the weekly run.
    """
    folders = [tmp_path_factory.mktemp("handouts") for _ in range(2)]
    runs = [
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "jupyter",
                "nbconvert",
                "--to",
                "handout",
                *paths,
                "--output-dir",
                folder,
            ],
            stderr=subprocess.PIPE,
            text=True,
        )
        for folder, paths in zip(
            folders, (lessons.LESSONS, lessons.LESSONS[not LONG :]), strict=True
        )
    ]
    said = [run.communicate()[1] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], said
    return *folders, said[0]


@pytest.fixture(scope="session")
def handouts(exports):
    """The folder with all four."""
    return exports[0]


@pytest.fixture
def open_page(browser):
    """Open a file in a page of its own."""
    pages = []

    def opened(path, *look, **settings):
        pages.append(open_file(browser, path, *look, **settings))
        return pages[-1]

    yield opened
    for page in pages:
        page.close()


@pytest.fixture(scope="session")
def shared_page(browser, handouts):
    """The page of a handout that stays open, since unpacking its panels takes long."""
    pages = {}

    def shared(name):
        if name not in pages:
            pages[name] = open_file(browser, file_of(handouts, name))
            pages[name].evaluate(WHOLE)
        return pages[name]

    yield shared
    for page in pages.values():
        page.close()


@pytest.fixture
def handout(shared_page, handouts, name):
    """The page of a handout, as on a wide light screen when it is opened; nothing went wrong in it,
    now and before.
    """
    page = shared_page(name)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(media="screen", color_scheme="light")
    live(page, name)
    page.evaluate(AFRESH)
    yield page
    assert page.errors == []
    assert [url for url in page.requests if not url.startswith("data:")] == [
        file_of(handouts, name).as_uri()
    ]


def live(page, name):
    """The panels of the handout of a lesson, and their grids; all are unpacked."""
    made = grids(name)
    expect(page.locator("form:visible")).to_have_count(len(made))
    return list(zip(page.locator("figure.panel").all(), made, strict=True))


def file_of(handouts, name):
    return (handouts / name).with_suffix(".html")


def test_a_handout_is_no_larger_than_500_kb(handouts):
    sizes = {path.name: path.stat().st_size for path in handouts.iterdir()}
    assert len(sizes) == 5
    assert max(sizes.values()) <= 500_000, sizes


def test_the_export_says_of_each_panel_how_many_states_it_has_and_how_long_they_took(exports):
    said = re.findall(r"(\S+), cell \d+: a panel of (\d+) states, drawn in \d+\.\d s", exports[-1])
    assert said == [
        (name.removesuffix(".ipynb"), str(len(grid))) for name in LESSONS for grid in grids(name)
    ]


def test_exporting_twice_gives_the_same_bytes(exports):
    first, second, _ = exports
    again = [path for path in second.iterdir() if path.name != "index.html" or LONG]
    assert len(again) == (5 if LONG else 3)
    for path in again:
        assert path.read_bytes() == (first / path.name).read_bytes()


@every_handout
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_asks_for_nothing_and_axe_finds_nothing(handout, name, scheme):
    """Contrast takes axe longest; a wider page has the same colours, and letters that are no
    smaller.

    In the dark nothing else differs.
    """
    page = handout
    page.emulate_media(color_scheme=scheme)
    for panel, grid in live(page, name):
        panel.evaluate(SHOW, [[len(stops) - 1 for stops in grid.stops.values()]])
    page.evaluate(UNFOLD)
    looks = []
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.evaluate("[...document.images].every(image => image.naturalWidth > 0)")
        looks.append(page.evaluate(COLOURS))
        if scheme == "dark":
            boxes = page.evaluate(BOXES)
            page.emulate_media(color_scheme="light")
            assert page.evaluate(BOXES) == boxes
            page.emulate_media(color_scheme="dark")
        if LONG or (scheme, width) == ("light", 360):
            assert_accessible(page)
        elif width == 360:
            assert_accessible(page, only=OF_COLOURS)
        elif scheme == "light":
            assert_accessible(page, but=["color-contrast"])
    for (colours, size), (wide_colours, wide_size) in zip(*looks, strict=True):
        assert colours == wide_colours
        assert size <= wide_size


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_the_index_asks_for_nothing_and_axe_finds_nothing(handouts, open_page, scheme, width):
    page = open_page(handouts / "index.html", scheme, width)
    assert page.evaluate("[...document.images].map(image => image.naturalWidth)") == [360] * 4
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert_accessible(page)
    assert page.errors == []
    assert {url for url in page.requests if url.startswith("http")} == set()


def test_the_index_leads_to_all(handouts, open_page):
    page = open_page(handouts / "index.html")
    for name in LESSONS:
        page.goto((handouts / "index.html").as_uri())
        page.get_by_role("link").nth(LESSONS.index(name)).click()
        page.wait_for_url(file_of(handouts, name).as_uri())
    assert page.errors == []
    assert {url for url in page.requests if url.startswith("http")} == set()


@every_handout
def test_all_states_of_each_panel_or_300_at_random_are_the_library_s(handout, name):
    rng = random.Random(name)
    for panel, grid in live(handout, name):
        assert panel.evaluate(SHOWN) == expected(handout, grid)
        numbers = [0, len(grid) - 1, *rng.sample(range(len(grid)), min(300, len(grid)))]
        states = [grid.settings(number) for number in numbers]
        shown = panel.evaluate(
            SHOW,
            [
                [grid.stops[control].index(stop) for control, stop in settings.items()]
                for settings in states
            ],
        )
        for settings, seen, wanted in zip(
            states, shown, expected_all(handout, grid, states), strict=True
        ):
            assert seen == wanted, settings


@every_handout
def test_every_control_is_labelled_and_moves_by_keyboard(handout, name):
    page = handout
    for panel, grid in live(page, name):
        for control, stops in grid.stops.items():
            label = grid.control(control).label
            if grid.is_switch(control):
                box = panel.get_by_role("checkbox", name=label, exact=True)
                box.press("Space")
                assert panel.evaluate(SHOWN) == expected(
                    page, grid, **{control: not grid.start[control]}
                )
            else:
                slider = panel.get_by_role("slider", name=label, exact=True)
                for key, stop in {
                    "End": stops[-1],
                    "ArrowLeft": stops[-2],
                    "Home": stops[0],
                    "ArrowRight": stops[1],
                }.items():
                    slider.press(key)
                    assert panel.evaluate(SHOWN) == expected(page, grid, **{control: stop})
                    assert slider.get_attribute("aria-valuetext") == format_stop(stop)
            panel.get_by_role("button", name="Reset").press("Enter")
            assert panel.evaluate(SHOWN) == expected(page, grid)
        assert panel.locator(".course-readout").get_attribute("aria-live") == "polite"


@first_handout
def test_a_click_on_the_parabola_puts_the_start_at_the_nearest_stop(handout, name):
    page = handout
    panel, grid = live(page, name)[0]
    parabola, *_ = panel.locator("svg").all()
    click_at(parabola, -6.5)
    assert panel.evaluate(SHOWN) == expected(page, grid, start=-7.0)
    assert panel.get_by_role("slider", name="start w₀").get_attribute("aria-valuetext") == "-7"


@every_handout
@pytest.mark.parametrize(("width", "least"), [(360, 300), (1280, 373), (1920, 560)])
def test_pictures_fill_the_width_there_is(handout, name, width, least):
    page = handout
    page.set_viewport_size({"width": width, "height": 1080})
    page.evaluate(UNFOLD)
    pictures = page.locator("figure.panel svg, .output img")
    assert (
        min(pictures.evaluate_all("all => all.map(one => one.getBoundingClientRect().width)"))
        >= least
    )
    assert page.evaluate("document.documentElement.scrollWidth") == width


@every_handout
@pytest.mark.parametrize("size", [(1280, 720), (1280, 450), (360, 640)])
def test_a_panel_is_in_sight_while_it_is_moved(handout, name, size):
    page = handout
    page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for panel, _ in live(page, name):
            assert_in_sight(panel, "main p")


def wide():
    """A notebook of what is wider than a phone, or than paper."""
    long = "_".join(["a_long_name"] * 15)
    columns = range(30)
    formulas = [
        (
            r"A = \begin{pmatrix} \frac{1}{2} & \vdots \\ \sum_{i=1}^n i & \int_0^1 x\,dx "
            r"\end{pmatrix}"
        ),
        (
            r"f(x) = \begin{cases} \cfrac{1}{1 + \cfrac{1}{x}} & x > 0 \\ \sqrt{\hat T^{T^T}} & x "
            r"= 0 "
            r"\end{cases}"
        ),
        "+".join(rf"\frac{{x^{{{n}}}}}{{{n}!}}" for n in range(30)),
        r"\begin{align} y &= "
        + "+".join("abcde") * 5
        + r" \label{y} \\ z &= \prod_{j \in J_g} j \tag{*} \end{align}",
    ]
    table = "\n".join(
        [
            "|".join(f"`column_{n}`" for n in columns),
            "|".join("-" for _ in columns),
            "|".join(f"{n}.123456" for n in columns),
        ]
    )
    v4 = nbformat.v4
    return v4.new_notebook(
        cells=[
            v4.new_markdown_cell(
                "\n\n".join(
                    [
                        f"# {long}",
                        *(f"$${formula}$$" for formula in formulas),
                        f"${formulas[2]}$, {long}, `{long}`, <https://example.org/{long}>",
                        f"- > - {long}",
                        f"```python\n{long}\n```",
                        table,
                        f"|a|b|\n|-|-|\n|<https://example.org/{long}>|${formulas[1]}$|",
                    ]
                )
            ),
            v4.new_code_cell(
                long,
                outputs=[
                    v4.new_output("stream", text=long),
                    v4.new_output(
                        "display_data",
                        {"image/svg+xml": '<svg xmlns="http://www.w3.org/2000/svg" width="9000"/>'},
                    ),
                    v4.new_output(
                        "display_data", {"text/latex": rf"$\displaystyle {formulas[2]}$"}
                    ),
                ],
            ),
            v4.new_raw_cell(long),
        ]
    )


@pytest.fixture(scope="session")
def wide_page(tmp_path_factory):
    path = tmp_path_factory.mktemp("wide") / "wide.html"
    path.write_text(HandoutExporter().from_notebook_node(wide())[0], encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("media", "width"), [("screen", 360), ("screen", 1280), ("print", 703)]
)  # A4 but its margins
def test_what_is_wide_scrolls_in_its_place_or_is_small_on_paper(open_page, wide_page, media, width):
    page = open_page(wide_page, "light", width)
    page.emulate_media(media=media)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    inside = "all => all.every(one => one.scrollWidth <= one.clientWidth + 1)"
    assert page.locator(".formula, .wide, main").evaluate_all(inside) == (media == "print")
    assert_accessible(page)


def test_a_formula_that_scrolls_loses_no_ink_above_and_below(handouts, open_page, wide_page):
    for path in [wide_page, *(file_of(handouts, name) for name in LESSONS)]:
        page = open_page(path, first=TOO_OLD, bypass_csp=True)
        page.evaluate("""document.querySelector('main').replaceChildren(
            ...document.querySelectorAll('.formula:not(.formula *), p > math'))""")
        assert page.locator("main > *").count() > 0, path
        page.add_style_tag(
            content="""main { overflow-x: clip; padding: 10px }
            main > * { background: none !important; clip-path: inset(-2em 0); overflow: auto hidden !important }
            .whole main > * { overflow: visible !important }"""
        )
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            cut = page.screenshot(full_page=True)
            page.evaluate("document.body.classList.add('whole')")
            assert page.screenshot(full_page=True) == cut, path
            page.evaluate("document.body.classList.remove('whole')")


@every_handout
def test_a_line_of_code_stays_a_line_and_a_word_or_a_number_is_whole(handout, name):
    page = handout
    page.evaluate(UNFOLD)
    wrapped = page.locator(".highlight pre").evaluate_all("""all => all.filter(one => {
        const style = getComputedStyle(one), lines = one.textContent.trimEnd().split('\\n').length;
        const height = one.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
        return height > (lines + 0.5) * parseFloat(style.lineHeight);
    }).map(one => one.textContent)""")
    assert wrapped == []
    assert page.locator("nav li, table").evaluate_all(BROKEN) == []
    # Else Firefox breaks a word where its column is a hair too narrow.
    assert set(
        page.locator(":is(th, td), :is(th, td) *").evaluate_all(
            "all => all.map(one => getComputedStyle(one).overflowWrap)"
        )
    ) == {"normal"}
    # Between an entry of the contents and the next column there is room for that one's numbers.
    assert (
        page.locator(
            "nav li"
        ).evaluate_all("""all => Math.min(...all.flatMap(one => all.map(other =>
        other.getBoundingClientRect().left - one.firstElementChild.getBoundingClientRect().right
    )).filter(gap => gap > 0))""")
        >= 30
    )
    page.set_viewport_size({"width": 360, "height": 900})
    assert page.locator(".course-readout, td code").evaluate_all(BROKEN) == []


@first_handout
def test_play_makes_the_steps_one_by_one(handout, name):
    page = handout
    panel, grid = next(
        (panel, grid)
        for panel, grid in live(page, name)
        if "steps" in grid.stops and grid.start["steps"] == grid.stops["steps"][-1]
    )
    last = len(grid.stops["steps"]) - 1
    assert last >= 40
    steps = panel.get_by_role("slider", name="steps n")
    panel.get_by_role(
        "button", name="Play"
    ).click()  # it stands at the last step, so it starts from the first
    expect(steps).to_have_value(re.compile(r"^([3-9]|[12]\d)$"))
    assert panel.locator(".course-readout").get_attribute("aria-live") == "off"
    panel.get_by_role("button", name="Pause").click()
    stopped = int(steps.input_value())
    time.sleep(0.5)
    assert panel.evaluate(SHOWN) == expected(page, grid, steps=grid.stops["steps"][stopped])
    for _ in range(last - 3 - stopped):
        steps.press("ArrowRight")
    assert panel.get_by_role("button", name="Play").evaluate(PLAY) == "Pause"
    panel.get_by_role("button", name="Play").wait_for()
    assert panel.evaluate(SHOWN) == expected(page, grid)
    assert panel.locator(".course-readout").get_attribute("aria-live") == "polite"


def test_without_script_there_is_the_starting_picture_and_a_word_on_what_script_adds(
    handouts, open_page
):
    page = open_page(file_of(handouts, LESSONS[0]), java_script_enabled=False)
    for panel, grid in zip(page.locator("figure.panel").all(), grids(LESSONS[0]), strict=True):
        assert AT_ITS_START in panel.inner_text()
        assert not panel.locator("form").is_visible()
        view = grid.view(grid.first)
        for alt in view.alt_texts:
            assert panel.get_by_role("img", name=alt, exact=True).is_visible()
        assert panel.get_by_text(grid.settings_text(grid.first), exact=True).is_visible()


@every_handout
@pytest.mark.parametrize("width", [360, 1280])
def test_while_it_unpacks_it_says_so_and_one_panel_after_the_other_comes_to_life(
    handouts, open_page, name, width
):
    page = open_page(file_of(handouts, name), "light", width, HOLD)
    panels = page.locator("figure.panel").all()
    places = page.locator("figure.panel svg").evaluate_all(PLACES)
    for k, panel in enumerate(panels):
        word = panel.get_by_text("this page unpacks its pictures")
        expect(word).to_be_visible()
        assert "JavaScript" not in page.inner_text("body")
        assert [one.locator("form").is_visible() for one in panels] == [
            one < k for one in range(len(panels))
        ]
        page.evaluate("release()")
        expect(panel.locator("form")).to_be_visible()
        expect(panel.get_by_role("button", name="Reset")).to_be_visible()
        expect(word).to_be_hidden()
    assert page.locator("figure.panel svg").evaluate_all(PLACES) == places
    assert page.errors == []


POLICIES = [
    "script-src 'self'",
    "default-src 'self'",
    "sandbox; default-src 'none'; img-src 'self'; style-src 'self';",  # Jenkins'
    "script-src 'nonce-abc' 'strict-dynamic'",
    "script-src 'sha256-AAAA='; style-src 'unsafe-inline'",
]


@pytest.fixture(scope="session")
def served(handouts):
    """The address of a server of the handouts, and a list whose last item is the policy that it
    sends.
    """
    policies = []

    class Handler(SimpleHTTPRequestHandler):
        def end_headers(self):
            self.send_header("Content-Security-Policy", policies[-1])
            super().end_headers()

        def log_message(self, *about):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=handouts)) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", policies
        server.shutdown()


@pytest.mark.parametrize("policy", POLICIES)
def test_where_a_server_forbids_the_script_the_picture_says_that_it_stands_at_its_start(
    served, open_page, policy
):
    address, policies = served
    policies.append(policy)
    for width in (360, 1280):
        page = open_page(f"{address}/{file_of(Path(), LESSONS[1])}", "light", width)
        assert page.locator("form:visible, button:visible").count() == 0
        for panel in page.locator("figure.panel").all():
            word, picture = panel.get_by_text(AT_ITS_START), panel.locator("svg").first
            assert word.is_visible()
            assert picture.is_visible()
            word, picture = word.bounding_box(), picture.bounding_box()
            assert (
                -1 <= picture["y"] - word["y"] - word["height"] <= 80
            )  # no room for what does not come


def test_a_copy_that_a_browser_saves_after_a_move_shows_what_its_controls_say(
    handouts, open_page, tmp_path
):
    name = LESSONS[3]
    page = open_page(file_of(handouts, name))
    for panel, grid in live(page, name):
        panel.locator("input").first.press("Home")
        if grid.plays:
            panel.get_by_role("button", name="Play").click()
    copy = tmp_path / "copy.html"
    copy.write_text(page.content(), encoding="utf-8")
    page = open_page(copy)
    for panel, grid in live(page, name):
        assert panel.evaluate(SHOWN) == expected(page, grid)
        for control in grid.stops:
            box = panel.locator(f"[name={control}]")
            assert box.get_attribute("aria-valuetext") in (None, format_stop(grid.start[control]))
        assert panel.get_by_role("button", name="Play").count() == bool(grid.plays)
        panel.locator("input").first.press("End")
        panel.get_by_role("button", name="Reset").click()
        assert panel.evaluate(SHOWN) == expected(page, grid)
    assert page.errors == []


def test_a_copy_in_which_no_script_runs_says_so_and_shows_no_controls(
    handouts, open_page, tmp_path
):
    name = LESSONS[1]
    page = open_page(file_of(handouts, name))
    moved = []
    for panel, _ in live(page, name):
        panel.locator("input").first.press("Home")
        moved.append(panel.locator(".course-readout p").inner_text())
    copies = {
        "html": page.content(),
        "mhtml": page.context.new_cdp_session(page).send(
            "Page.captureSnapshot", {"format": "mhtml"}
        )["data"],
    }
    for ending, text in copies.items():
        path = tmp_path / f"copy.{ending}"
        path.write_text(text, encoding="utf-8", newline="")
        copy = open_page(path, java_script_enabled=ending == "mhtml")  # in that none runs anyway
        assert copy.locator("form:visible, button:visible").count() == 0
        for panel, settings in zip(copy.locator("figure.panel").all(), moved, strict=True):
            assert panel.get_by_text(
                "This is the picture as it was when this page was saved."
            ).is_visible()
            assert panel.get_by_text(settings, exact=True).is_visible()


@every_handout
def test_a_page_turned_right_to_left_keeps_panels_and_code(handout, name):
    places = """() => [...document.querySelectorAll('figure.panel, figure.panel *, pre, pre *, .pictures')].map(one => {
        const { x, width, height } = one.getBoundingClientRect();
        return [x, width, height, getComputedStyle(one).textAlign === 'right'];
    })"""
    page = handout
    page.evaluate(UNFOLD)
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        before = page.evaluate(places)
        try:
            page.evaluate("document.documentElement.dir = 'rtl'")
            assert page.evaluate(places) == before
            assert page.evaluate("document.documentElement.scrollWidth") == width
            directions = page.locator("code").evaluate_all(
                "all => all.map(one => getComputedStyle(one).direction)"
            )
            assert set(directions) == {"ltr"}
        finally:
            page.evaluate("document.documentElement.dir = ''")


@pytest.fixture(
    scope="module", params=["defaultFontSize=24", "minimumFontSize=18", "defaultFontSize=32"]
)
def large(request, browser):
    """A browser that a reader has set to larger letters, and how large they are at least."""
    reader_s = browser.browser_type.launch(
        executable_path=chromium_path(), args=[*FLAGS, f"--blink-settings={request.param}"]
    )
    yield reader_s, int(request.param[-2:])
    reader_s.close()


@every_handout
def test_text_follows_the_reader_s_size_and_nothing_scrolls_sideways(large, handouts, name):
    browser, size = large
    with closing(open_file(browser, file_of(handouts, name))) as page:
        live(page, name)
        page.evaluate(WHOLE)
        page.evaluate(UNFOLD)
        for width in (360, 768, 1280) if size < 32 else (768, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") == width
            assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= size
            assert page.locator(".course-readout").evaluate_all(BROKEN) == []


def test_what_is_not_laid_out_yet_is_found_and_printed(handouts, open_page):
    page = open_page(file_of(handouts, LESSONS[0]))
    last = page.locator(".cell").last
    cells = page.locator(".cell:not(:has(.panel, .pictures))")
    laid_out = (
        "all => all.filter(one => "
        "one.firstElementChild.checkVisibility({contentVisibilityAuto: true})).length"
    )
    assert cells.evaluate_all(laid_out) < cells.count() / 2
    assert page.evaluate("find('Go further') && getSelection().toString()") == "Go further"
    assert last.is_visible()
    page.emulate_media(media="print")
    assert cells.evaluate_all(laid_out) == cells.count()


@first_handout
def test_a_browser_that_is_too_old_shows_the_starting_picture_and_says_so(
    handouts, open_page, name
):
    page = open_page(file_of(handouts, name), first=TOO_OLD)
    for panel in page.locator("figure.panel").all():
        expect(
            panel.get_by_text(
                "This is the picture at its start. This browser is too old to move it "
                "(DecompressionStream is not defined)."
            )
        ).to_be_visible()
        assert panel.get_by_role("img").first.is_visible()
        assert not panel.locator("form").is_visible()
    assert page.errors == []


def test_an_error_is_told_as_what_it_is_beside_the_starting_picture(handouts, open_page):
    broken = "Response.prototype.json = () => { throw new Error('the chalk <broke>') }"
    page = open_page(file_of(handouts, LESSONS[2]), first=broken)
    panels = page.locator("figure.panel").all()
    for panel in panels:
        expect(
            panel.get_by_text(
                "This is the picture at its start. It cannot be moved, because of an error: "
                "Error: the chalk <broke>"
            )
        ).to_be_visible()
        assert panel.get_by_role("img").first.is_visible()
        assert not panel.locator("form").is_visible()
    assert len(page.errors) == len(panels) > 0
    assert all("the chalk <broke>" in error for error in page.errors)


def test_play_moves_the_control_that_its_button_names(open_page, tmp_path):
    grid = SettingsGrid(
        DescentFigure().show(rate=0.1, steps=2), {"rate": (0.1, 0.2, 0.9), "steps": range(3)}
    )
    output = nbformat.v4.new_output("display_data", {PANEL: grid.description()})
    cell = nbformat.v4.new_code_cell(outputs=[output])
    html, _ = HandoutExporter().from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))
    path = tmp_path / "plays.html"
    path.write_text(html.replace(' value="steps"', ' value="rate"'), encoding="utf-8")
    page = open_page(path)
    page.get_by_role("button", name="Play").click()
    expect(page.locator("[name=rate]")).to_have_attribute("aria-valuetext", "0.9")
    expect(page.get_by_role("button", name="Play")).to_be_visible()  # it has come to the end
    assert page.locator("[name=steps]").get_attribute("aria-valuetext") == "2"
    assert page.errors == []


@every_handout
def test_each_choice_of_a_question_folds_open_without_script(handouts, open_page, name):
    page = open_page(file_of(handouts, name), java_script_enabled=False)
    by_choice = dict(
        zip(page.locator("summary").all_text_contents(), page.locator("details").all(), strict=True)
    )
    for question in questions(name):
        for index, choice in enumerate(question.choices):
            reply = by_choice[choice].get_by_text(question.judge(index), exact=True)
            expect(reply).to_be_hidden()
            by_choice[choice].locator("summary").press("Enter")
            expect(reply).to_be_visible()


@every_handout
def test_an_output_that_answers_a_question_is_shut_and_opens_by_keyboard(handout, name):
    notebook = lessons.NOTEBOOKS[lessons.LESSONS[LESSONS.index(name)]]
    collapsed = [
        cell for cell in notebook.cells if cell.metadata.get("jupyter", {}).get("outputs_hidden")
    ]
    made = handout.locator("details", has=handout.locator("summary", has_text=FOLD)).all()
    assert len(made) == len(collapsed)
    for fold in made:
        answer = fold.locator(":scope > :not(summary)").first
        expect(answer).to_be_hidden()
        fold.locator("summary").press("Enter")
        expect(answer).to_be_visible()
        fold.locator("summary").press("Space")
        expect(answer).to_be_hidden()


@pytest.mark.parametrize("answers", folds.ANSWERS)
def test_on_screen_and_paper_answers_are_folded_left_out_or_open(open_page, tmp_path, answers):
    path = tmp_path / "answers.html"
    path.write_text(
        HandoutExporter(answers=answers).from_notebook_node(with_answers())[0], encoding="utf-8"
    )
    page = open_page(path)
    expect(page.locator("form:visible")).to_have_count(1)
    assert_accessible(page)
    cells = page.locator("main > :not(nav)")
    for media in ("screen", "print"):
        page.emulate_media(media=media)
        for text in ASKED:
            expect(cells.get_by_text(text).first).to_be_visible()
        for text in ANSWERED:
            assert cells.get_by_text(text).first.is_visible() == (answers == "open"), text
        for space in page.locator(".space").all():
            assert space.evaluate("space => space.getBoundingClientRect().height") >= 100
    assert page.locator("label.choice:visible").count() == (3 if answers == "none" else 0)
    assert page.errors == []


@every_handout
def test_on_paper_there_is_the_current_picture_and_no_control(handout, name):
    page = handout
    page.set_viewport_size({"width": 700, "height": 900})
    page.emulate_media(color_scheme="dark")
    (panel, grid), *_ = live(page, name)
    panel.locator("input").first.press("Home")
    page.emulate_media(media="print")
    assert page.locator("form:visible, .without:visible, nav:visible").count() == 0
    control, stops = next(iter(grid.stops.items()))
    assert panel.get_by_text(
        f"{grid.control(control).label} = {format_stop(stops[0])}"
    ).first.is_visible()
    assert panel.evaluate(SHOWN) == expected(page, grid, **{control: stops[0]})
    assert panel.evaluate("panel => getComputedStyle(panel).breakInside") == "avoid"
    assert (
        page.evaluate("getComputedStyle(document.body).color") == "rgb(34, 34, 34)"
    )  # dark is for screens only


def test_links_lead_to_the_other_handouts(handouts, open_page):
    page = open_page(file_of(handouts, LESSONS[0]))
    page.get_by_role("link", name=re.compile("lesson 2", re.IGNORECASE)).first.click()
    page.wait_for_url(file_of(handouts, LESSONS[1]).as_uri())
    page.get_by_role("navigation").get_by_role("link", name="The number that decides").click()
    assert page.url.endswith("#The-number-that-decides")
    assert (
        page.evaluate(
            "document.getElementById('The-number-that-decides').getBoundingClientRect().top"
        )
        < 900
    )


@pytest.mark.filterwarnings("ignore:No lexer found")
def test_a_hostile_notebook_runs_nothing_and_fetches_nothing(open_page, tmp_path):
    pages = {}
    for answers in folds.ANSWERS:
        path = tmp_path / f"{answers}.html"
        path.write_text(
            HandoutExporter(answers=answers).from_notebook_node(hostile.notebook())[0],
            encoding="utf-8",
        )
        pages[path] = open_page(path)
        pages[path].evaluate(UNFOLD)
    time.sleep(1)
    for path, page in pages.items():
        for link in page.locator("a[href]").all():
            assert not link.get_attribute("href").startswith(("javascript", "data"))
        assert page.evaluate("document.body.dataset.ran") is None
        assert [url for url in page.requests if not url.startswith("data:")] == [path.as_uri()]
        assert set(page.errors) <= {
            "Failed to load resource: net::ERR_INVALID_URL"
        }  # a picture that is none
