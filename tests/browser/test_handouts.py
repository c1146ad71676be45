"""The handouts in Chromium, from files and without a network: what is in them works, and is what
the library says.
"""

import random
import re
import subprocess
import sys
from contextlib import closing

import pytest
from playwright.sync_api import expect

from course_lib.handout import HandoutExporter, folds
from helpers import hostile, lessons, players
from helpers.handouts import ANSWERED, ASKED, with_answers
from helpers.lab import FLAGS, chromium_path
from helpers.players import LESSONS, panels_in

pytestmark = pytest.mark.browser
long = pytest.mark.long
# What is the same in all handouts is looked for in that with most controls, and weekly in all.
SOME = [pytest.param(name, marks=() if name == LESSONS[2] else long) for name in LESSONS]
OTHERS = [pytest.param(LESSONS[0], marks=long), *LESSONS[1:]]  # test_first.py has a first lesson
WAYS = [folds.FOLDED, folds.NONE, pytest.param(folds.OPEN, marks=long)]

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
AT_ITS_START = "This is the picture at its start."
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


def export(folder):
    """Make all handouts by the command that the README names, and give what it says."""
    command = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "handout", *lessons.LESSONS]
    run = subprocess.run([*command, "--output-dir", folder], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return run.stderr


@pytest.fixture(scope="session")
def exports(tmp_path_factory):
    """A folder with all four handouts, and what was said when they were made."""
    folder = tmp_path_factory.mktemp("handouts")
    return folder, export(folder)


@pytest.fixture(scope="session")
def handouts(exports):
    """The files of the handouts by the names of their lessons, and the index."""
    paths = {name: (exports[0] / name).with_suffix(".html") for name in LESSONS}
    return paths | {"index": exports[0] / "index.html"}


@pytest.fixture(scope="module", params=LESSONS)
def opened(request, browser, handouts):
    """The page of a handout that stays open, since unpacking its panels takes long."""
    with closing(players.open_file(browser, handouts[request.param])) as page:
        page.evaluate(WHOLE)
        yield page


@pytest.fixture
def handout(opened, handouts):
    """The page of a handout as it is opened, wide and light; nothing has gone wrong in it."""
    look(opened, 1280)
    panels_in(opened)
    opened.evaluate(AFRESH)
    yield opened
    assert opened.errors == []
    assert asked_for(opened) == [handouts[opened.lesson].as_uri()]


def look(page, width, scheme="light", height=900):
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(media="screen", color_scheme=scheme)


def asked_for(page):
    return [url for url in page.requests if not url.startswith("data:")]


def assert_as_wide(page, width):
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_the_export_names_its_panels_and_is_small(exports):
    folder, said = exports
    named = re.findall(r"(\S+), cell \d+: a panel of (\d+) states, drawn in \d+\.\d s", said)
    made = [(name, grid) for name in LESSONS for grid in players.grids(name)]
    assert named == [(name.removesuffix(".ipynb"), str(len(grid))) for name, grid in made]
    sizes = {path.name: path.stat().st_size for path in folder.iterdir()}
    assert len(sizes) == 5
    assert max(sizes.values()) <= 500_000, sizes


@long
def test_exporting_twice_gives_the_same_bytes(exports, tmp_path):
    export(tmp_path)
    for path in exports[0].iterdir():
        assert path.read_bytes() == (tmp_path / path.name).read_bytes(), path.name


def assert_axe_finds_nothing(handout, *looks):
    """In the last states of its panels, in these schemes, widths and by these rules of axe."""
    for panel in panels_in(handout):
        panel.visit([panel.grid.settings(len(panel.grid) - 1)])
    handout.evaluate(players.UNFOLD)
    for scheme, width, rules in looks:
        look(handout, width, scheme)
        players.assert_accessible(handout, rules)


@pytest.mark.parametrize("opened", OTHERS, indirect=True)
def test_axe_finds_nothing(handout):
    """A wide page has the same colours, and letters that are no smaller."""
    assert_axe_finds_nothing(handout, ("light", 360, ()))


@pytest.mark.parametrize("opened", SOME, indirect=True)
def test_in_the_dark_colours_are_seen_and_nothing_moves(handout):
    assert_axe_finds_nothing(handout, ("dark", 360, players.OF_COLOURS))
    # The controls lie before what passes under them.
    players.assert_in_sight(panels_in(handout)[0].locator, "main p")
    boxes = "all => all.map(one => Object.values(one.getBoundingClientRect().toJSON()))"
    for width in (360, 1280):
        look(handout, width, "dark")
        dark = handout.locator("body *").evaluate_all(boxes)
        look(handout, width, "light")
        assert handout.locator("body *").evaluate_all(boxes) == dark, width


@long
def test_axe_finds_nothing_in_any_look(handout):
    looks = [("dark", 360), ("light", 1280), ("dark", 1280)]
    assert_axe_finds_nothing(handout, *((*look, ()) for look in looks))


def test_the_index_leads_to_all_and_axe_finds_nothing(handouts, open_page):
    page = open_page(handouts["index"])
    for scheme, width in [(scheme, width) for scheme in ("light", "dark") for width in (360, 1280)]:
        look(page, width, scheme)
        assert page.evaluate("[...document.images].map(image => image.naturalWidth)") == [360] * 4
        assert_as_wide(page, width)
        players.assert_accessible(page)
    for index, name in enumerate(LESSONS):
        page.goto(handouts["index"].as_uri())
        page.get_by_role("link").nth(index).click()
        page.wait_for_url(handouts[name].as_uri())
    page.goto(handouts[LESSONS[0]].as_uri())
    page.get_by_role("link", name=re.compile("lesson 2", re.IGNORECASE)).first.click()
    page.wait_for_url(handouts[LESSONS[1]].as_uri())
    page.get_by_role("navigation").get_by_role("link", name="The number that decides").click()
    assert page.url.endswith("#The-number-that-decides")
    assert page.locator("#The-number-that-decides").evaluate_all(PLACES)[0] < 900
    assert page.errors == []
    assert not any(url.startswith("http") for url in page.requests)


@pytest.mark.parametrize("most", [100, pytest.param(300, marks=long)])
def test_random_states_are_the_library_s(handout, most):
    rng = random.Random(handout.lesson)
    for panel in panels_in(handout):
        panel.shows()
        count = len(panel.grid)
        numbers = [0, count - 1, *rng.sample(range(count), min(most, count))]
        panel.visit([panel.grid.settings(number) for number in numbers])


@pytest.mark.parametrize("opened", SOME, indirect=True)
def test_every_control_reaches_its_stops_by_keyboard(handout):
    for panel in panels_in(handout):
        for control in panel.grid.stops:
            panel.reach_stops(control)
        assert panel.locator.locator(".course-readout").get_attribute("aria-live") == "polite"


def test_pictures_fill_the_width_and_panels_stay_in_sight(handout):
    widths = "all => Math.min(...all.map(one => one.getBoundingClientRect().width))"
    for width, height in [(360, 640), (1280, 720), (1280, 450)]:
        look(handout, width, height=height)
        for panel in panels_in(handout):
            players.assert_in_sight(panel.locator, "main p")
    handout.evaluate(players.UNFOLD)
    for width, least in [(360, 300), (1280, 373), (1920, 560)]:
        look(handout, width, height=1080)
        pictures = handout.locator("figure.panel svg, .output img")
        assert pictures.evaluate_all(widths) >= least, width
        assert handout.evaluate("[...document.images].every(image => image.naturalWidth > 0)")
        assert_as_wide(handout, width)


def test_lines_of_code_words_and_numbers_are_whole(handout):
    handout.evaluate(players.UNFOLD)
    wrapped = handout.locator(".highlight pre").evaluate_all("""all => all.filter(one => {
        const style = getComputedStyle(one), lines = one.textContent.trimEnd().split('\\n').length;
        const height = one.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
        return height > (lines + 0.5) * parseFloat(style.lineHeight);
    }).map(one => one.textContent)""")
    assert wrapped == []
    assert handout.locator("nav li, table").evaluate_all(BROKEN) == []
    # Else Firefox breaks a word where its column is a hair too narrow.
    wraps = "all => all.map(one => getComputedStyle(one).overflowWrap)"
    assert {*handout.locator(":is(th, td), :is(th, td) *").evaluate_all(wraps)} == {"normal"}
    # Between an entry of the contents and the next column there is room for that one's numbers.
    gap = handout.locator("nav li").evaluate_all("""all => Math.min(...all.flatMap(one => all.map(other =>
        other.getBoundingClientRect().left - one.firstElementChild.getBoundingClientRect().right
    )).filter(gap => gap > 0))""")
    assert gap >= 30
    look(handout, 360)
    assert handout.locator(".course-readout, td code").evaluate_all(BROKEN) == []


@pytest.mark.parametrize("name", SOME)
def test_without_script_pictures_stand_and_choices_fold_open(handouts, open_page, name):
    page = open_page(handouts[name], java_script_enabled=False)
    for panel, grid in zip(page.locator("figure.panel").all(), players.grids(name), strict=True):
        assert f"{AT_ITS_START} Its sliders come with the script of this page" in panel.inner_text()
        assert not panel.locator("form").is_visible()
        for alt in grid.view(grid.first).alt_texts:
            assert panel.get_by_role("img", name=alt, exact=True).is_visible()
        assert panel.get_by_text(grid.settings_text(grid.first), exact=True).is_visible()
    summaries = page.locator("summary").all_text_contents()
    by_choice = dict(zip(summaries, page.locator("details").all(), strict=True))
    for question in players.questions(name):
        for index, choice in enumerate(question.choices):
            reply = by_choice[choice].get_by_text(question.judge(index), exact=True)
            expect(reply).to_be_hidden()
            by_choice[choice].locator("summary").press("Enter")
            expect(reply).to_be_visible()


@pytest.mark.parametrize("name", SOME)
@pytest.mark.parametrize("width", [360, pytest.param(1280, marks=long)])
def test_one_panel_after_the_other_comes_to_life(handouts, open_page, name, width):
    """While it is unpacked it says so, and nothing moves when it is."""
    page = open_page(handouts[name], "light", width, HOLD)
    panels = page.locator("figure.panel").all()
    places = page.locator("figure.panel svg").evaluate_all(PLACES)
    for k, panel in enumerate(panels):
        word = panel.get_by_text("this page unpacks its pictures")
        expect(word).to_be_visible()
        assert "JavaScript" not in page.inner_text("body")
        visible = [one.locator("form").is_visible() for one in panels]
        assert visible == [one < k for one in range(len(panels))]
        page.evaluate("release()")
        expect(panel.locator("form")).to_be_visible()
        expect(panel.get_by_role("button", name="Reset")).to_be_visible()
        expect(word).to_be_hidden()
    assert page.locator("figure.panel svg").evaluate_all(PLACES) == places
    assert page.errors == []


POLICIES = [
    "script-src 'self'",
    "sandbox; default-src 'none'; img-src 'self'; style-src 'self';",  # Jenkins'
    # To a page these two are as the first, and the last as the second.
    pytest.param("script-src 'nonce-abc' 'strict-dynamic'", marks=long),
    pytest.param("script-src 'sha256-AAAA='; style-src 'unsafe-inline'", marks=long),
    pytest.param("default-src 'self'", marks=long),
]


@pytest.mark.parametrize("policy", POLICIES)
def test_where_a_server_forbids_the_script_it_says_so(handouts, open_page, policy):
    page = open_page("about:blank")
    sent = {"Content-Type": "text/html", "Content-Security-Policy": policy}
    page.route("**", lambda route: route.fulfill(path=handouts[LESSONS[1]], headers=sent))
    page.goto("http://handouts.example/")
    for width in (360, 1280):
        look(page, width)
        assert page.locator("form:visible, button:visible").count() == 0
        for panel in page.locator("figure.panel").all():
            word, picture = panel.get_by_text(AT_ITS_START), panel.locator("svg").first
            assert word.is_visible()
            assert picture.is_visible()
            word, picture = word.bounding_box(), picture.bounding_box()
            # There is no room for what does not come.
            assert -1 <= picture["y"] - word["y"] - word["height"] <= 80


def test_a_copy_saved_during_play_is_as_new(handouts, open_page, tmp_path):
    page = open_page(handouts[LESSONS[0]])
    for panel in panels_in(page):
        panel.locator.locator("input").first.press("Home")
    panel = panels_in(page)[0]
    panel.button("Play").click()
    panel.button("Pause").wait_for()
    copy = tmp_path / handouts[page.lesson].name
    copy.write_text(page.content(), encoding="utf-8")
    page = open_page(copy)
    for panel in panels_in(page):
        panel.shows()
        assert panel.button("Play").count() == bool(panel.grid.plays)
        panel.reach_stops(next(iter(panel.grid.stops)))
    assert page.errors == []


def test_a_saved_copy_without_script_says_so(handouts, open_page, tmp_path):
    name = LESSONS[1]
    page = open_page(handouts[name])
    moved = []
    for panel in panels_in(page):
        panel.locator.locator("input").first.press("Home")
        moved.append(panel.locator.locator(".course-readout p").inner_text())
    session = page.context.new_cdp_session(page)
    captured = session.send("Page.captureSnapshot", {"format": "mhtml"})["data"]
    for ending, text in {"html": page.content(), "mhtml": captured}.items():
        path = tmp_path / f"copy.{ending}"
        path.write_text(text, encoding="utf-8", newline="")
        copy = open_page(path, java_script_enabled=ending == "mhtml")  # in that none runs anyway
        assert copy.locator("form:visible, button:visible").count() == 0
        for panel, settings in zip(copy.locator("figure.panel").all(), moved, strict=True):
            said = "This is the picture as it was when this page was saved."
            assert panel.get_by_text(said).is_visible()
            assert panel.get_by_text(settings, exact=True).is_visible()


@pytest.mark.parametrize("opened", SOME, indirect=True)
def test_right_to_left_keeps_panels_and_code(handout):
    places = """() => [...document.querySelectorAll('figure.panel, figure.panel *, pre, pre *, .pictures')].map(one => {
        const { x, width, height } = one.getBoundingClientRect();
        return [x, width, height, getComputedStyle(one).textAlign === 'right'];
    })"""
    directions = "all => all.map(one => getComputedStyle(one).direction)"
    handout.evaluate(players.UNFOLD)
    for width in (360, 1280):
        look(handout, width)
        before = handout.evaluate(places)
        try:
            handout.evaluate("document.documentElement.dir = 'rtl'")
            assert handout.evaluate(places) == before
            assert_as_wide(handout, width)
            assert {*handout.locator("code").evaluate_all(directions)} == {"ltr"}
        finally:
            handout.evaluate("document.documentElement.dir = ''")


SETTINGS = [
    "defaultFontSize=24",
    pytest.param("minimumFontSize=18", marks=long),
    "defaultFontSize=32",
]


@pytest.fixture(scope="module", params=SETTINGS)
def large(request, browser):
    """A browser that a reader has set to larger letters, and how large they are at least."""
    flags = [*FLAGS, f"--blink-settings={request.param}"]
    reader_s = browser.browser_type.launch(executable_path=chromium_path(), args=flags)
    yield reader_s, int(request.param[-2:])
    reader_s.close()


@pytest.mark.parametrize("name", SOME)
def test_text_follows_the_reader_s_size(large, handouts, name):
    browser, size = large
    with closing(players.open_file(browser, handouts[name])) as page:
        panels_in(page)
        page.evaluate(WHOLE)
        page.evaluate(players.UNFOLD)
        for width in (360, 768, 1280) if size < 32 else (768, 1280):
            look(page, width)
            assert_as_wide(page, width)
            assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= size
            assert page.locator(".course-readout").evaluate_all(BROKEN) == []


def test_what_is_not_laid_out_yet_is_found_and_printed(handouts, open_page):
    page = open_page(handouts[LESSONS[0]])
    cells = page.locator(".cell:not(:has(.panel, .pictures))")
    laid_out = """all => all.filter(
        one => one.firstElementChild.checkVisibility({ contentVisibilityAuto: true })).length"""
    assert cells.evaluate_all(laid_out) < cells.count() / 2
    assert page.evaluate("find('Go further') && getSelection().toString()") == "Go further"
    assert page.locator(".cell").last.is_visible()
    page.emulate_media(media="print")
    assert cells.evaluate_all(laid_out) == cells.count()


BROKE = "the chalk <broke>"
KEEPS = {
    "delete window.DecompressionStream": "This browser is too old to move it "
    "(DecompressionStream is not defined).",
    f"Response.prototype.json = () => {{ throw new Error('{BROKE}') }}": "It cannot be moved, "
    f"because of an error: Error: {BROKE}",
}


@pytest.mark.parametrize("first", KEEPS, ids=["old", "error"])
def test_what_keeps_a_picture_at_its_start_is_told(handouts, open_page, first):
    page = open_page(handouts[LESSONS[2]], first=first)
    panels = page.locator("figure.panel").all()
    for panel in panels:
        expect(panel.get_by_text(f"{AT_ITS_START} {KEEPS[first]}")).to_be_visible()
        assert panel.get_by_role("img").first.is_visible()
        assert not panel.locator("form").is_visible()
    assert len(page.errors) == (len(panels) if BROKE in first else 0)
    assert all(BROKE in error for error in page.errors)


@pytest.mark.parametrize("answers", WAYS)
def test_answers_are_folded_left_out_or_open(open_page, tmp_path, answers):
    """On screen and on paper."""
    path = tmp_path / "answers.html"
    made, _ = HandoutExporter(answers=answers).from_notebook_node(with_answers())
    path.write_text(made, encoding="utf-8")
    page = open_page(path)
    expect(page.locator("form:visible")).to_have_count(1)
    players.assert_accessible(page)
    cells = page.locator("main > :not(nav)")
    if answers == folds.FOLDED:  # an output opens and shuts by keyboard
        fold = page.locator("details", has_text="it prints 2")
        for key, visible in (("Enter", True), ("Space", False)):
            fold.locator("summary").press(key)
            expect(fold.get_by_text("it prints 2")).to_be_visible(visible=visible)
    for media in ("screen", "print"):
        page.emulate_media(media=media)
        for text in ASKED:
            expect(cells.get_by_text(text).first).to_be_visible()
        for text in ANSWERED:
            assert cells.get_by_text(text).first.is_visible() == (answers == "open"), text
        for space in page.locator(".space").all():
            assert space.bounding_box()["height"] >= 100
    assert page.locator("label.choice:visible").count() == (3 if answers == "none" else 0)
    assert page.errors == []


@pytest.mark.parametrize("opened", SOME, indirect=True)
def test_on_paper_there_is_the_picture_and_no_control(handout):
    look(handout, 700, "dark")
    panel = panels_in(handout)[0]
    panel.locator.locator("input").first.press("Home")
    handout.emulate_media(media="print")
    assert handout.locator("form:visible, .without:visible, nav:visible").count() == 0
    control, stops = next(iter(panel.grid.stops.items()))
    assert panel.locator.locator(".course-readout p").is_visible()
    panel.shows(**{control: stops[0]})
    assert panel.locator.evaluate("panel => getComputedStyle(panel).breakInside") == "avoid"
    ink = handout.evaluate("getComputedStyle(document.body).color")
    assert ink == "rgb(34, 34, 34)"  # dark is for screens only


@pytest.mark.filterwarnings("ignore:No lexer found")
@pytest.mark.parametrize("answers", WAYS)
def test_a_hostile_notebook_runs_and_fetches_nothing(open_page, tmp_path, answers):
    path = tmp_path / "hostile.html"
    made, _ = HandoutExporter(answers=answers).from_notebook_node(hostile.notebook())
    path.write_text(made, encoding="utf-8")
    page = open_page(path)
    page.evaluate(players.UNFOLD)
    page.wait_for_load_state("networkidle")
    assert page.locator("a[href^=javascript i], a[href^=data i]").count() == 0
    assert page.evaluate("document.body.dataset.ran") is None
    assert asked_for(page) == [path.as_uri()]
    # That of a picture that is none.
    assert {*page.errors} <= {"Failed to load resource: net::ERR_INVALID_URL"}
