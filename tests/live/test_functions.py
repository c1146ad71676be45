"""Any function as a picture: what it may do, what is said of what it may not, and its handout."""

import base64
import gzip
import json
import re
import warnings
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import matplotlib as mpl
import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.transforms import Affine2D
from nbconvert.utils.exceptions import ConversionException

from course_lib.figures import DescentFigure
from course_lib.handout import HandoutExporter
from course_lib.jupyter import outputs
from course_lib.live import Control, embedded, explore, function, packing, states
from course_lib.live.function import FunctionFigure
from course_lib.live.states import SettingsGrid
from helpers.drawn import unpacked
from helpers.functions_of_others import STOPS
from helpers.lessons import every_lesson, text_of

EXPORTER = HandoutExporter()  # to make one takes twenty times as long as a page
README = Path("notebooks/README.md").read_text(encoding="utf-8")


def line(axes, slope=1):
    axes.set(xlim=(0, 1), ylim=(0, 9), title=f"slope {slope}", xlabel="x", ylabel="y")
    axes.plot([0, 1], [0, slope])
    return {"rise": slope, "half": slope / 2}


def page_of(data):
    """The handout of a notebook with one output."""
    kept = {kind: one for kind, one in data.items() if kind != outputs.WIDGET_VIEW}
    output = nbformat.v4.new_output("display_data", json.loads(json.dumps(kept)))
    cells = [nbformat.v4.new_code_cell("x", outputs=[output])]
    return EXPORTER.from_notebook_node(nbformat.v4.new_notebook(cells=cells))[0]


def handout_of(panel):
    """The handout of a panel, and the states in it."""
    page = page_of(panel._repr_mimebundle_())
    return page, [unpacked(one) for one in re.findall("<template>(.*?)</template>", page)]


def test_a_function_is_a_panel_with_picture_words_and_readout():
    panel = explore(line, slope=(1, 2, 3))
    panel.move(slope=2)
    (drawing,) = panel.view.drawings
    assert repr(panel) == "Panel of line(slope=2): rise 2; half 1"
    assert panel.readout == "slope = 2\nrise: 2\nhalf: 1"
    assert drawing.alt == "line. slope 2. y over x. rise 2; half 1"
    texts = [re.findall(">([^<]*)</text>", svg) for svg in (drawing.foreground, drawing.background)]
    assert texts[0] == ["slope 2"]
    assert {"x", "y", "0.0", "1.0"} <= {*texts[1]}
    assert panel.grid.plays == "slope"


STARTS = [
    (range(1, 4), 1, ("1", "2", "3")),
    (np.linspace(0.1, 0.3, 3), 0.1, ("0.1", "0.2", "0.3")),  # not 0.30000000000000004
    ([2.0, 1.0], 1, ("2", "1")),  # the default is a stop
    ((np.float32(0.25), np.float32(4)), 0.25, ("0.25", "4")),
    (Control("slope k", "How steep", (0.5, 1.5), plays=True), 0.5, ("0.5", "1.5")),
]


@pytest.mark.parametrize(("stops", "start", "shown"), STARTS)
def test_a_panel_starts_at_the_default_or_else_at_the_first_stop(stops, start, shown):
    panel = explore(line, slope=stops)
    assert panel.settings == {"slope": start}
    assert tuple(name for name, _ in panel.controls["slope"].options) == shown
    if isinstance(stops, Control):  # it says more than a list
        assert (panel.grid.control("slope"), panel.grid.plays) == (stops, "slope")


def test_texts_and_switches_are_stops_too():
    def curve(axes, kind, dotted=False):
        axes.plot([1, 2], [1, {"a b": 2, "<c>": 3}[kind]], ":" if dotted else "-")

    panel = explore(curve, kind=["a b", "<c>"], dotted=(True, False), embed=True)
    panel.move(kind="<c>", dotted=True)
    assert panel.readout == "kind = <c>, dotted = on"
    page, _ = handout_of(panel)
    assert 'data-stops="a b\n&lt;c&gt;"' in page
    assert 'type="checkbox" data-start="0"' in page


DRAWN = [
    (type("Wave", (), {"draw": lambda self, axes, k: axes.plot([0, k])})().draw, 1),
    (partial(lambda axes, up, k: axes.plot([0, k * up]), up=2), 1),
    (lambda axes, **settings: axes.plot([0, settings["k"]]), 1),
    (lambda axes, *, k: axes.plot([0, k]), 1),
    (lambda axes, k: plt.plot([0, k]), 1),  # on the axes that it gets
    (lambda axes, k: axes.plot([1, k + 1], np.log([0, k])), 1),  # without a warning
    (lambda k: plt.hist(np.random.poisson(k, 99), 9, density=True), 1),
    (lambda k: plt.vlines([0, 1], 0, [1, k]), 1),
    (lambda axes, k: [axes[0].plot([0, k]), axes[1].set_title(f"{k}")], 2),
    (lambda k: [plt.subplots()[1].plot([0, k]) for _ in range(2)], 2),
]


@pytest.mark.parametrize(("draw", "plots"), DRAWN)
def test_whatever_can_be_called_is_a_picture_of_its_plots(draw, plots):
    figure = FunctionFigure(draw, {"k": (1, 2)}, plots)
    before, after = figure.show(), figure.show(k=2)
    assert len(before.drawings) == len(after.drawings) == plots
    assert not set(before.drawings) & set(after.drawings)


def test_pyplot_is_as_it_was_and_nothing_is_shown_or_printed(capsys):
    figure, size = plt.figure(), mpl.rcParams["lines.linewidth"]
    known = plt.get_fignums()

    def careless(k):
        mpl.rcParams["lines.linewidth"] = 9
        plt.plot([0, k])
        plt.show()
        with ThreadPoolExecutor() as other:
            other.submit(print, "from a cell")
        print("k is:", k)
        np.random.seed(k)

    state = np.random.get_state()[1].tolist()
    view = FunctionFigure(careless, {"k": (1, 2)}).show()
    assert view.readout == [("k is", "1")]
    assert (plt.get_fignums(), plt.gcf(), figure.axes) == (known, figure, [])
    assert mpl.rcParams["lines.linewidth"] == size
    assert np.random.get_state()[1].tolist() == state
    assert capsys.readouterr().out == "from a cell\n"  # it goes where it went
    plt.close(figure)


def test_random_numbers_are_the_same_at_each_state():
    figure = FunctionFigure(lambda axes, k: axes.plot(np.random.normal(size=9)), {"k": (1, 2)})
    assert figure.show(k=2).drawings == figure.show().drawings


def test_a_number_or_a_text_that_is_returned_is_the_readout():
    for value, said in ((1 / 3, "0.333333"), (np.float32(0.5), "0.5"), (2, "2"), ("far", "far")):
        figure = FunctionFigure(lambda axes, k, value=value: axes.plot([k, 2]) and value, TWO)
        assert [one for _, one in figure.show().readout] == [said]


def slopes(*stops):
    return line, {"slope": stops}


SEEN, TWO = [], {"k": (1, 2)}
(EARLIER,) = Figure().subplots().plot([0, 1])
WRONG = "slope must have stops that are numbers, .* got "
MANY = {"a": range(2), "b": range(10_001), "embed": True}
NOISY = r"lambda\(k=1\) drew two different pictures: .* a seed"
REFUSED = [
    (lambda k: EARLIER.set_ydata([0, k]), TWO, "drew nothing.  .* earlier are not shown"),
    (lambda axes, k: axes.plot(np.random.default_rng().normal(size=9)), TWO, NOISY),
    (lambda axes, k: axes.plot(SEEN.append(k) or SEEN), TWO, "not on what was drawn before"),
    (lambda axes, m, b: None, {"b": (1, 2)}, "lambda needs stops, or a default, for m"),
    (lambda a, b, k: None, TWO | {"plots": 2}, "for b .several axes come as one list"),
    (lambda axes, a, b: axes.plot(a, b), MANY, "20,000 states, and this .* have 20,002"),
    (line, {"slope": 3}, "slope must have a list of stops, got 3"),
    (line, {"slope": "abc"}, "slope must have a list of stops, got 'abc'"),
    (line, {"slope": {"low": 1}}, "slope must have a list of stops, got {'low': 1}"),
    (*slopes(1), "slope must have two stops or more"),
    (*slopes(), r"slope must have stops in order, got \(\)"),
    (*slopes(0, 10, 0.5), "slope must have stops in order, .*linspace makes a range"),
    (*slopes(1, None), WRONG + "None"),
    (*slopes("a", 1), WRONG + "1"),
    (*slopes(True, 1), WRONG + "1"),
    (*slopes("a\nb", "c"), "slope must have stops that are .* texts of one line"),
    (line, {"slopes": (1, 2)}, "line has no setting slopes; it has axes, slope"),
    (line, {"slope": (1, 2), "plots": 0}, "plots must be from 1 to 12, got 0"),
    (line, {}, "explore takes a function and stops for its settings"),
]


@pytest.mark.parametrize(("draw", "options", "message"), REFUSED)
def test_what_cannot_be_a_picture_is_refused_and_named(draw, options, message):
    with pytest.raises((TypeError, ValueError), match=message):
        explore(draw, **options)


def test_what_is_too_much_says_how_much_it_would_take(monkeypatch):
    monkeypatch.setattr(embedded, "MAX_BYTES", 100)
    with pytest.raises(ValueError, match=r"100 bytes, and this one would have \d{3}: take fewer"):
        explore(line, slope=(1, 2), embed=True)
    monkeypatch.setattr(embedded, "MAX_TEXT", 1000)
    with pytest.raises(ValueError, match=r"1,000 letters, and this one would have \d+,\d\d\d"):
        explore(lambda axes, k: axes.plot(range(k)), k=(500, 600), embed=True)


def test_where_a_function_fails_it_says_so_and_other_stops_work():
    def inverse(axes, k):
        axes.plot([0, 1 / k])

    panel = explore(inverse, k=(-1, 0, 1), embed=True)
    player = panel.children[1]
    drawn = unpacked(player.packed)
    assert player.states == [0, 1, 2]
    assert drawn[1] == ["ZeroDivisionError: division by zero"]
    assert len(drawn[2]) == 3
    with pytest.raises(ZeroDivisionError):
        panel.move(k=0)
    assert panel.settings == {"k": -1}
    assert handout_of(panel)[1] == [drawn]
    with pytest.raises(ZeroDivisionError):
        explore(inverse, k=(0, 1))


def test_a_slow_function_sends_what_it_draws_in_a_moment(monkeypatch):
    monkeypatch.setattr(states, "_MOMENT", 0)  # as if each state took longer
    panel = explore(line, slope=range(1, 9))
    assert panel.children[1].states == [0]
    assert [*panel.grid.drawn([3, 4])] == [3]  # what the page asks for


FRAMES = {
    "xlim": lambda axes, k: axes.set_xlim(0, k),
    "ticks": lambda axes, k: axes.set_xticks([0, k / 4]),
    "ylabel": lambda axes, k: axes.set_ylabel(f"k = {k}"),
    "tick_params": lambda axes, k: axes.tick_params(length=4 * k, labelsize=8 + k),
    "grid": lambda axes, k: axes.grid(k > 1),
    "log": lambda axes, k: axes.set_yscale(("linear", "log")[k - 1]),
    "off": lambda axes, k: axes.set_axis_off() if k > 1 else None,
    "aspect": lambda axes, k: axes.set_aspect(k),
    "position": lambda axes, k: axes.set_position((0.2, 0.2, 0.2 * k, 0.5)),
    "formatter": lambda axes, k: axes.xaxis.set_major_formatter(lambda x, _: f"{x:g}·{k}"),
    "figure": lambda axes, k: axes.figure.set_facecolor(("red", "blue")[k - 1]),
    "rcParams": lambda axes, k: plt.rcParams.update({"axes.unicode_minus": k > 1}),
    "label transform": lambda axes, k: (
        axes.set_xlabel("x")
        and axes.xaxis.set_label_coords(40 * k, 20, transform=Affine2D().scale(k))
    ),
    "label hidden": lambda axes, k: axes.set_xlabel("x", visible=k > 1),
    "title": lambda axes, k: axes.set_title(f"{k}", y=1 - k / 10),
}


@pytest.mark.parametrize(("name", "change"), FRAMES.items(), ids=FRAMES)
def test_no_frame_is_taken_for_another(name, change):
    def draw(axes, k):
        axes.set(xlim=(-2, 2), ylim=(1, 2))
        axes.plot([0, 2], [1, 2])
        change(axes, k)

    grid = SettingsGrid(FunctionFigure(draw, TWO).show(), TWO)
    (kept,) = grid.view(1).drawings
    (alone,) = FunctionFigure(draw, TWO).show(k=2).drawings
    # Its size may differ: that of a panel is what it was at the start.
    assert (kept.background, kept.foreground) == (alone.background, alone.foreground)
    differs = kept.background != grid.backgrounds[0]
    assert differs == (name != "title")
    sent = grid.texts(1)[0]  # another frame comes with it, on white
    assert sent.endswith(f'#ffffff"/>{kept.background}' * differs + kept.foreground)


def test_an_unchanged_frame_is_drawn_once_and_few_are_kept(monkeypatch):
    figure = FunctionFigure(line, {"slope": range(1, 9)})
    figure.show(slope=1)
    figure.show(slope=2)
    drawn, draw = [], mpl.axis.Axis.draw
    monkeypatch.setattr(mpl.axis.Axis, "draw", lambda *args: drawn.append(1) or draw(*args))
    for slope in range(3, 6):
        figure.show(slope=slope)
    assert drawn == []
    # How many are kept is seen nowhere but in memory.
    monkeypatch.setattr(function, "_FRAMES", 2)
    figure.function = lambda axes, slope: axes.plot([0, slope])
    for slope in range(1, 6):
        figure.show(slope=slope)
    assert drawn
    assert len(figure._frames) <= 2


@pytest.mark.parametrize("draw", STOPS, ids=lambda one: one.__name__)
def test_what_others_write_for_interact_runs_unchanged(draw):
    figure = FunctionFigure(draw, STOPS[draw])
    with warnings.catch_warnings(action="ignore"):
        start = figure.started().drawings
        moved = figure.show(**{name: [*stops][-1] for name, stops in STOPS[draw].items()}).drawings
    for one, other in zip(start, moved, strict=True):
        svg = other.over(one.background)
        assert svg != one.foreground
        assert embedded.is_ours(svg)
        assert len(svg) < 200_000


@pytest.fixture(scope="module")
def good():
    return explore(line, slope=(1, 2, 3), embed=True)._repr_mimebundle_()[outputs.PANEL]


def test_a_panel_is_live_in_a_handout_only_if_embedded(good, caplog):
    panel = explore(line, slope=(1, 2, 3), embed=True)
    page, drawn = handout_of(panel)
    assert drawn == [[panel.grid.texts(state) for state in range(3)]]
    assert 'class="left-out"' not in page
    assert panel._repr_mimebundle_()[outputs.PANEL] == good
    page, drawn = handout_of(explore(line, slope=(1, 2, 3)))
    assert drawn == []
    assert '<img alt="line. slope 1.' in page
    assert "<code>explore(…, embed=True)</code>" in page
    assert "cell 1: the panel of line has no controls here" in caplog.text


def test_a_figure_class_of_a_cell_is_live_in_a_handout_too():
    class Own(DescentFigure):
        controls = {"rate": Control("stretch k", "How far", (1, 2, 3))}

    # Neither in order nor without the noise of binary fractions, as a Figure may have them.
    start = Own().show(rate=0.1 + 0.2)
    panel = explore(start, rate=(0.1 + 0.2, 1, 0.5), embed=True)
    page, drawn = handout_of(panel)
    assert panel.readout.startswith("stretch k = 0.3\n")
    assert [len(states) for states in drawn] == [3]
    assert ">stretch k</label>" in page


@pytest.mark.parametrize("seen", [True, False])
def test_long_work_says_how_far_it_is_and_takes_that_away(seen, monkeypatch):
    times, said = iter(np.arange(0, 99, 0.7)), []
    shown = SimpleNamespace(update=lambda data, raw: said.extend(data.values()))
    monkeypatch.setattr(embedded, "time", SimpleNamespace(monotonic=lambda: next(times)))
    monkeypatch.setattr(embedded, "is_seen", lambda: seen)
    monkeypatch.setattr(embedded, "get_ipython", lambda: True)
    monkeypatch.setattr(embedded, "display", lambda *args, **kwargs: shown)
    explore(line, slope=range(1, 8), embed=True)
    assert ("3 of 7 states drawn" in said) == seen
    assert said[-1:] == [""] * seen


def gzipped(drawn):
    return base64.b64encode(gzip.compress(json.dumps(drawn).encode())).decode()


ATTRIBUTES = ('onclick="x()"', 'fill="url(#a)"', 'style="fill:red"', 'href="#x"')
SOURCES = ("https://example.org/x.png", "data:image/svg+xml;base64,AAAA")
EVIL = [
    *(f"<{tag}>x</{tag}>" for tag in ("script", "foreignObject", "p", "tspan")),
    *(f'<{tag}><path d="M0 0"/></{tag}>' for tag in ("a", "g", "use")),
    *(f'<path d="M0 0" {attribute}/>' for attribute in ATTRIBUTES),
    *(f'<image x="0" y="0" width="1" height="1" href="{source}"/>' for source in SOURCES),
    *(f'<text x="0" y="0">{text}</text>' for text in ("&bomb;", "<tspan>x</tspan>")),
    *("<path d='M0 0'/>", '<path d="M0 0"', "x", "<!-- x -->", "<![CDATA[x]]>"),
]


@pytest.mark.parametrize("place", ["background", "state"])
def test_no_other_element_attribute_or_value_comes_into_a_page(good, place):
    drawn = json.loads(gzip.decompress(base64.b64decode(good["states"])))
    for evil in EVIL:
        bad, worse = json.loads(json.dumps([good, drawn]))
        (bad["plots"][0] if place == "background" else worse[2])[0] += evil
        with pytest.raises(ValueError, match="a picture has SVG"):
            pytest.fail(f"let in: {embedded.stored(bad | {'states': gzipped(worse)})}, {evil}")


WORDS = st.text() | st.sampled_from(['" onload="x()', "</template><script>", "a\nb", "\x00"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=2),
    max_leaves=6,
)


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_a_file_changed_anywhere_gives_a_safe_page_or_is_refused(good, data):
    bad = inner = json.loads(json.dumps({"all": good}))
    key = "all"
    while isinstance(inner[key], dict | list) and inner[key] and data.draw(st.booleans()):
        inner = inner[key]
        keys = inner if isinstance(inner, dict) else range(len(inner))
        key = data.draw(st.sampled_from([*keys]))
    inner[key] = data.draw(JSON)
    try:
        page = page_of({outputs.PANEL: bad["all"]})
    except ConversionException as error:  # any other would be a fault
        page = "<main" if str(error).startswith("Notebook, cell 1: ") else ""
    assert "<main" in page
    tags = re.findall(r"<(\w+)([^>]*)>", page.split("<main", 1)[-1].rpartition("<script")[0])
    assert not {name for name, _ in tags} & {"script", "iframe", "foreignobject", "style"}
    assert not [rest for _, rest in tags if re.search(r'"\s+on\w+=', rest)]


LINE = ["", "a line", "slope = 1"]
RUINS = [
    [LINE, LINE],
    [LINE, LINE, [*LINE, "rise"]],
    [LINE, LINE, [1, "a line", "slope = 1"]],
    [LINE, LINE, []],
    [["the start has an error"], LINE, LINE],
    [LINE, LINE, ["", "x" * 20_000, ""]],
    [LINE, LINE, [f"<text>{'1 ' * 500_000}</text>", "", ""]],
    [LINE, LINE, ["", "", "a" * 10**6]],
    [LINE, LINE, "x" * 3 * 10**6],
    [[]] * 10**5,
    *({}, None),
]


@pytest.mark.parametrize("ruin", RUINS)
def test_bombs_and_ruins_are_refused(good, ruin, monkeypatch):
    monkeypatch.setattr(embedded, "MAX_TEXT", 10**6)
    monkeypatch.setattr(packing, "_MOST", 10**5)  # less than a bomb that a test can wait for
    with pytest.raises(ConversionException, match="Notebook, cell 1: "):
        page_of({outputs.PANEL: good | {"states": gzipped(ruin)}})


def own(name):
    """A block of 'A lesson of your own'."""
    return re.search(rf"<!-- own: {name} -->\n```python\n(.*?)```", README, re.DOTALL)[1]


def run(source, names):
    """Run lines of which the last one is an expression, and give what that is."""
    lines, _, last = source.strip().rpartition("\n")
    exec(lines, names)
    return eval(last, names)


def test_the_steps_of_a_lesson_of_one_s_own_run():
    names = {"np": np}
    exec(own("function"), names)
    assert len(own("function").strip().split("\n")) == 5
    panel = run(own("panel"), names)
    assert panel.settings == {"frequency": 1, "height": 1.0}
    assert panel.readout == "frequency = 1, height = 1\nperiod: 6.28319"
    assert len(handout_of(run(own("embed"), names))[1]) == 1
    given = re.search(r"`frequency=(Control\(.*\))`", README)[1]
    assert explore(names["wave"], frequency=eval(given, {"Control": Control})).controls


@every_lesson
def test_the_function_that_a_lesson_ends_with_is_a_panel(path):
    names = {}
    exec("\n".join(re.findall("(?m)^(?:import|from) .*", text_of(path, "code"))), names)
    end = text_of(path, "markdown").split("## Go further")[1]
    block = re.search("```python\n(.*?)```", end, re.DOTALL)[1]
    assert len(run(block, names).grid) > 2
