"""Any function as a picture: what it may do, what is said of what it may not, and its handout."""

import ast
import base64
import gzip
import json
import re
import threading
import warnings
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
from matplotlib.transforms import Affine2D
from nbconvert.utils.exceptions import ConversionException

from course_lib.handout import HandoutExporter
from course_lib.jupyter import outputs
from course_lib.live import Control, Figure, Words, embedded, explore, packing
from course_lib.live.function import FunctionFigure
from helpers.drawn import unpacked
from helpers.functions_of_others import STOPS, update
from helpers.lessons import every_lesson

README = Path("notebooks/README.md").read_text(encoding="utf-8")


def line(axes, slope=1):
    axes.set(xlim=(0, 1), ylim=(0, 9), title=f"slope {slope}", xlabel="x", ylabel="y")
    axes.plot([0, 1], [0, slope])
    return {"rise": slope, "half": slope / 2}


def texts(svg):
    return re.findall(">([^<]*)</text>", svg)


def page_of(*outputs_):
    cells = [nbformat.v4.new_code_cell("x", outputs=[output]) for output in outputs_]
    return HandoutExporter().from_notebook_node(nbformat.v4.new_notebook(cells=cells))[0]


def output_of(panel):
    data = {**panel._repr_mimebundle_()}
    data.pop(outputs.WIDGET_VIEW, None)
    return nbformat.v4.new_output("display_data", json.loads(json.dumps(data)))


def test_a_function_is_a_panel_with_its_picture_words_and_readout():
    panel = explore(line, slope=(1, 2, 3))
    panel.move(slope=2)
    (drawing,) = panel.view.drawings
    assert repr(panel) == "Panel of line(slope=2): rise 2; half 1"
    assert panel.readout == "slope = 2\nrise: 2\nhalf: 1"
    assert drawing.alt == "line. slope 2. y over x. rise 2; half 1"
    assert texts(drawing.foreground) == ["slope 2"]
    assert {"x", "y", "0.0", "1.0"} <= set(texts(drawing.background))
    assert panel.controls["slope"].options == (("1", 1), ("2", 2), ("3", 3))
    assert 'value="slope" title' in panel._player.html  # it plays


def test_a_control_says_more_than_a_list_of_stops():
    control = Control("slope k", "How steep", (0.5, 1.5), plays=True)
    panel = explore(line, slope=control)
    slider = panel.controls["slope"]
    assert (slider.description, slider.tooltip, slider.value) == ("slope k", "How steep", 0.5)
    assert 'value="slope" title' in panel._player.html


@pytest.mark.parametrize(
    ("stops", "start", "shown"),
    [
        (range(1, 4), 1, ("1", "2", "3")),
        (np.linspace(0.1, 0.3, 3), 0.1, ("0.1", "0.2", "0.3")),  # not 0.30000000000000004
        ([2.0, 1.0], 1, ("2", "1")),  # the default is a stop
        ((np.float32(0.25), np.float32(4)), 0.25, ("0.25", "4")),
    ],
)
def test_a_panel_starts_at_the_default_or_else_at_the_first_stop(stops, start, shown):
    panel = explore(line, slope=stops)
    assert panel.settings == {"slope": start}
    assert tuple(name for name, _ in panel.controls["slope"].options) == shown


def test_texts_and_switches_are_stops_too():
    def curve(axes, kind, dotted=False):
        axes.plot([1, 2], [1, {"a b": 2, "<c>": 3}[kind]], ":" if dotted else "-")

    panel = explore(curve, kind=["a b", "<c>"], dotted=(True, False), embed=True)
    panel.move(kind="<c>", dotted=True)
    assert panel.readout == "kind = <c>, dotted = on"
    page = page_of(output_of(panel))
    assert 'data-stops="a b\n&lt;c&gt;"' in page
    assert 'type="checkbox" data-start="0"' in page


class Wave:
    def draw(self, axes, k):
        axes.plot([0, k])


@pytest.mark.parametrize(
    "function",
    [
        Wave().draw,
        lambda axes, k: axes.plot([0, k]),
        partial(lambda axes, up, k: axes.plot([0, k * up]), up=2),
        lambda axes, **settings: axes.plot([0, settings["k"]]),
        lambda axes, *, k: axes.plot([0, k]),
        lambda k: plt.plot([0, k]),
        lambda k: plt.subplots()[1].plot([0, k]),
        lambda axes, k: plt.plot([0, k]),  # on the axes that it gets
    ],
)
def test_whatever_can_be_called_is_a_picture_of_one_plot(function):
    panel = explore(function, k=(1, 2))
    before = panel.view
    panel.move(k=2)
    assert len(panel.view.drawings) == 1
    assert panel.view.drawings != before.drawings


def test_several_plots_are_axes_in_a_list_or_figures_of_pyplot():
    def two(axes, k):
        axes[0].plot([0, k])
        axes[1].set_title(f"{k}")

    def figures(k):
        for _ in range(2):
            plt.figure()
            plt.plot([0, k])

    assert len(explore(two, plots=2, k=(1, 2)).view.drawings) == 2
    assert len(explore(figures, k=(1, 2)).view.drawings) == 2


def test_pyplot_is_as_it_was_and_nothing_is_shown_or_printed(capsys):
    figure, size = plt.figure(), mpl.rcParams["lines.linewidth"]
    known = plt.get_fignums()

    def careless(k):
        mpl.rcParams["lines.linewidth"] = 9
        plt.plot([0, k])
        plt.show()
        print("k is", k)
        np.random.seed(k)

    np.random.seed(3)
    state = np.random.get_state()[1].tolist()
    panel = explore(careless, k=(1, 2))
    assert panel.readout == "k = 1\nk is 1"
    assert (plt.get_fignums(), plt.gcf()) == (known, figure)
    assert figure.axes == []
    assert mpl.rcParams["lines.linewidth"] == size
    assert np.random.get_state()[1].tolist() == state
    assert capsys.readouterr().out == ""
    plt.close(figure)


def test_what_another_thread_prints_meanwhile_goes_where_it_went(capsys):
    def draw(axes, k):
        other = threading.Thread(target=print, args=("from a cell",))
        other.start()
        other.join()
        print("area:", k)
        axes.plot([0, k])

    assert explore(draw, k=(1, 2)).readout == "k = 1\narea: 1"
    assert "from a cell" in capsys.readouterr().out


def test_random_numbers_are_the_same_at_each_state_and_unseeded_ones_are_refused():
    def seeded(axes, k):
        axes.plot(k * np.random.normal(size=9))

    panel = explore(seeded, k=(1, 2))
    view = panel.view
    panel.move(k=2)
    panel.move(k=1)
    assert panel.view == view
    with pytest.raises(ValueError, match=r"lambda\(k=1\) drew two different pictures: .* a seed"):
        explore(lambda axes, k: axes.plot(np.random.default_rng().normal(size=9)), k=(1, 2))


def test_a_function_that_remembers_what_it_drew_is_refused():
    seen = []

    def trail(axes, k):
        seen.append(k)
        axes.plot(seen)

    with pytest.raises(ValueError, match="not on what was drawn before"):
        explore(trail, k=(1, 2))


@pytest.mark.parametrize(
    ("function", "options", "message"),
    [
        (update, STOPS[update], "update drew nothing.  .* lines made earlier are not shown"),
        (lambda axes, k: None, {"k": (1, 2)}, "lambda drew nothing"),
        (lambda axes, m, b: None, {"b": (1, 2)}, "lambda needs stops, or a default, for m"),
        (line, {"slope": 3}, "slope must have a list of stops, got 3"),
        (line, {"slope": "abc"}, "slope must have a list of stops, got 'abc'"),
        (line, {"slope": {"low": 1}}, "slope must have a list of stops, got {'low': 1}"),
        (line, {"slope": (1,)}, "slope must have two stops or more"),
        (line, {"slope": ()}, r"slope must have stops in order, got \(\)"),
        (line, {"slope": (0, 10, 0.5)}, "slope must have stops in order, .*linspace makes a range"),
        (line, {"slope": (1, None)}, "slope must have stops that are numbers, .* got None"),
        (line, {"slope": ("a", 1)}, "slope must have stops that are numbers, .* got 1"),
        (line, {"slope": (True, 1)}, "slope must have stops that are numbers, .* got 1"),
        (
            line,
            {"slope": (np.sin,)},
            "slope must have stops that are numbers, .* got <ufunc 'sin'>",
        ),
        (line, {"slope": [[1, 2]]}, r"slope must have stops that are numbers, .* got \[1, 2\]"),
        (line, {"slope": ("a\nb", "c")}, "slope must have stops that are .* texts of one line"),
        (line, {"slopes": (1, 2)}, "line has no setting slopes; it has axes, slope"),
        (lambda a, b, k: None, {"k": (1, 2), "plots": 2}, "for b .several axes come as one list"),
        (line, {"slope": (1, 2), "plots": 0}, "plots must be from 1 to 12, got 0"),
        (line, {}, "explore takes a function and stops for its settings"),
    ],
)
def test_what_cannot_be_a_picture_is_refused_and_named(function, options, message):
    with pytest.raises((TypeError, ValueError), match=message):
        explore(function, **options)


def test_a_setting_at_which_a_function_fails_says_so_and_the_others_work(monkeypatch):
    def inverse(axes, k):
        axes.plot([0, 1 / k])

    panel = explore(inverse, k=(-1, 0, 1), embed=True)
    drawn = dict(zip(panel._player.states, unpacked(panel._player.packed), strict=True))
    assert drawn[1] == ["ZeroDivisionError: division by zero"]
    assert len(drawn[2]) == 3
    with pytest.raises(ZeroDivisionError):
        panel.move(k=0)
    assert panel.settings == {"k": -1}
    (template,) = re.findall("<template>(.*?)</template>", page_of(output_of(panel)))
    assert unpacked(template) == [drawn[0], drawn[1], drawn[2]]
    with pytest.raises(ZeroDivisionError):
        explore(inverse, k=(0, 1))


def test_of_a_slow_function_the_page_gets_what_is_drawn_in_a_moment(monkeypatch):
    from course_lib.live import states

    monkeypatch.setattr(states, "_MOMENT", 0)
    panel = explore(line, slope=range(1, 9))
    assert panel._player.states == [0]
    sent = []
    monkeypatch.setattr(panel._player, "send", sent.append)
    panel._player._answer(None, {"ask": [3, 4], "view": 1}, [])
    assert sent[0]["states"] == [3]


def test_limits_ticks_labels_and_legends_that_change_are_drawn_anew():
    def changing(axes, k):
        axes.plot([0, 10**k], label=f"line {k}")
        axes.set(xlabel=f"x {k}", yscale="log" if k == 3 else "linear")
        axes.legend()

    panel = explore(changing, k=(1, 2, 3))
    for k in (1, 2, 3, 2):
        panel.move(k=k)
        (drawing,) = panel.view.drawings
        alone = FunctionFigure(changing, {"k": (1, 2, 3)}).show(k=k).drawings[0]
        # Its size may differ: the panel's is that of its start.
        assert (drawing.background, drawing.foreground) == (alone.background, alone.foreground)
        assert f"x {k}" in texts(drawing.background)
        assert f"line {k}" in texts(drawing.foreground)
        shown = panel.grid.texts(panel.grid.index({"k": k}))[0]
        assert (f"x {k}" in texts(shown)) == (k != 1)  # that of the start is in the page


FRAMES = {
    "xlim": lambda axes, k: axes.set_xlim(0, k),
    "ticks": lambda axes, k: axes.set_xticks([0, k / 4]),
    "ticklabels": lambda axes, k: axes.set_xticks([0, 1], ["a", f"b{k}"]),
    "ylabel": lambda axes, k: axes.set_ylabel(f"k = {k}"),
    "label color": lambda axes, k: axes.set_xlabel("x", color=("red", "blue", "green")[k - 1]),
    "tick_params": lambda axes, k: axes.tick_params(length=4 * k, labelsize=8 + k),
    "tick color": lambda axes, k: axes.tick_params(colors=("red", "blue", "green")[k - 1]),
    "grid": lambda axes, k: axes.grid(k > 1),
    "facecolor": lambda axes, k: axes.set_facecolor(("white", "#ffeecc", "#ccffee")[k - 1]),
    "scale": lambda axes, k: axes.set_yscale(("linear", "log", "symlog")[k - 1]),
    "spines": lambda axes, k: axes.spines["left"].set_linewidth(k),
    "off": lambda axes, k: axes.set_axis_off() if k > 1 else None,
    "aspect": lambda axes, k: axes.set_aspect(k),
    "invert": lambda axes, k: axes.invert_yaxis() if k > 1 else None,
    "position": lambda axes, k: axes.set_position((0.2, 0.2, 0.2 * k, 0.5)),
    "formatter": lambda axes, k: axes.xaxis.set_major_formatter(lambda x, _: f"{x:g}·{k}"),
    "figure": lambda axes, k: axes.figure.set_facecolor(("white", "#eeeeee", "#dddddd")[k - 1]),
    "font": lambda axes, k: axes.set_xlabel("x", fontsize=8 + 2 * k),
    "rotation": lambda axes, k: axes.tick_params("x", labelrotation=15 * k),
    "tick side": lambda axes, k: axes.xaxis.tick_top() if k > 1 else None,
    "minor": lambda axes, k: axes.minorticks_on() if k > 1 else None,
    "locator": lambda axes, k: axes.locator_params("x", nbins=3 * k),
    "label pad": lambda axes, k: axes.set_xlabel("x", labelpad=3 * k),
    "rcParams": lambda axes, k: (
        plt.rcParams.update({"axes.unicode_minus": k > 1}) or axes.set_xlim(-2, 2)
    ),
    "label transform": lambda axes, k: (
        axes.xaxis.set_label_coords(40 * k, 20, transform=Affine2D().scale(k))
        or axes.set_xlabel("x")
    ),
    "label hidden": lambda axes, k: axes.xaxis.label.set_visible(k > 1) or axes.set_xlabel("x"),
}


@pytest.mark.parametrize("change", FRAMES.values(), ids=FRAMES)
def test_no_frame_is_taken_for_another(change):
    def draw(axes, k):
        axes.set(xlim=(0, 2), ylim=(1, 2))
        axes.plot([0, 2], [1, 2])
        change(axes, k)

    figure = FunctionFigure(draw, {"k": (1, 2, 3)})
    kept = [figure.show(k=k).drawings[0] for k in (1, 2, 3)]
    alone = [FunctionFigure(draw, {"k": (1, 2, 3)}).show(k=k).drawings[0] for k in (1, 2, 3)]
    assert [one.background for one in kept] == [one.background for one in alone]
    assert [one.foreground for one in kept] == [one.foreground for one in alone]
    assert len({one.background for one in kept}) > 1


def test_a_title_stands_where_each_state_puts_it():
    def draw(axes, k):
        axes.set(xlim=(0, 2), ylim=(1, 2))
        axes.set_title(f"{k}", y=1 - k / 10)

    figure = FunctionFigure(draw, {"k": (1, 2, 3)})
    kept = [figure.show(k=k).drawings[0].foreground for k in (1, 2, 3)]
    places = [float(re.search(r' y="([\d.]+)"', one)[1]) for one in kept]
    assert places[2] - places[1] == pytest.approx(places[1] - places[0], abs=0.2)
    assert places[1] - places[0] > 20


def test_an_unchanged_frame_is_drawn_once(monkeypatch):
    figure = FunctionFigure(line, {"slope": range(1, 30)})
    figure.show()
    figure.show(slope=2)
    drawn = []
    draw = mpl.axis.Axis.draw
    monkeypatch.setattr(
        mpl.axis.Axis, "draw", lambda self, *args: drawn.append(self) or draw(self, *args)
    )
    for slope in range(3, 30):
        figure.show(slope=slope)
    assert drawn == []


def test_frames_do_not_pile_up():
    figure = FunctionFigure(line, {"slope": range(1, 30)})
    figure.function = lambda axes, slope: axes.plot([0, slope])
    for slope in [*range(1, 30)] * 3:
        figure.show(slope=slope)
    assert len(figure._frames) <= 64


@pytest.mark.parametrize(
    "function", [one for one in STOPS if one is not update], ids=lambda one: one.__name__
)
def test_what_others_write_for_interact_runs_unchanged(function):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        panel = explore(function, **STOPS[function])
        last = {name: [*stops][-1] for name, stops in STOPS[function].items()}
        before = panel.view
        panel.move(**last)
    assert panel.view.drawings != before.drawings
    state = panel.grid.index(panel.settings)
    svgs = panel.grid.texts(state)[: 2 * len(before.drawings) : 2]
    assert all(map(embedded.is_ours, svgs))
    assert max(map(len, svgs)) < 200_000


# What is embedded.


@pytest.fixture(scope="module")
def good():
    return output_of(explore(line, slope=(1, 2, 3), embed=True)).data[outputs.PANEL]


def test_what_is_embedded_is_live_in_a_handout_and_as_it_was_drawn(good):
    panel = explore(line, slope=(1, 2, 3), embed=True)
    page = page_of(output_of(panel))
    (template,) = re.findall("<template>(.*?)</template>", page)
    assert unpacked(template) == [panel.grid.texts(state) for state in range(3)]
    assert 'class="left-out"' not in page
    again = output_of(explore(line, slope=(1, 2, 3), embed=True))
    assert again.data[outputs.PANEL] == good


def test_without_it_a_handout_shows_the_stored_picture_and_says_how_to_make_it_live(caplog):
    page = page_of(output_of(explore(line, slope=(1, 2, 3))))
    assert "<template>" not in page
    assert '<img alt="line. slope 1.' in page
    assert "<code>explore(…, embed=True)</code>" in page
    assert "cell 1: the panel of line has no controls here" in caplog.text


def test_a_figure_class_of_a_cell_is_live_in_a_handout_too():
    class Own(Figure):
        controls = {"k": Control("stretch k", "How far", (1, 2, 3))}

        def axes(self):
            figure = mpl.figure.Figure(figsize=(5, 3.75))
            return [figure.add_subplot(xlim=(0, 1), ylim=(0, 3))]

        def draw(self, axes, k=0.1 + 0.2):
            axes[0].plot([0, 1], [0, k])
            return Words(f"k is {k}", [f"a line to {k}"], [("end", str(k))])

    # Neither in order nor without the noise of binary fractions, as a Figure may have them.
    page = page_of(output_of(explore(Own(), k=(0.1 + 0.2, 1, 0.5), embed=True)))
    assert page.count("<template>") == 1
    assert ">stretch k</label>" in page


def test_what_is_too_much_says_how_much_it_would_take(monkeypatch):
    with pytest.raises(ValueError, match=r"20,000 states, and this one would have 20,002"):
        explore(lambda axes, a, b: axes.plot(a, b), a=range(2), b=range(10_001), embed=True)
    monkeypatch.setattr(embedded, "MAX_BYTES", 100)
    with pytest.raises(ValueError, match=r"100 bytes, and this one would have \d{3}: take fewer"):
        explore(line, slope=(1, 2), embed=True)
    monkeypatch.setattr(embedded, "MAX_TEXT", 1000)
    with pytest.raises(ValueError, match=r"1,000 letters, and this one would have \d+,\d\d\d"):
        explore(lambda axes, k: axes.plot(range(k)), k=(500, 600), embed=True)


@pytest.mark.parametrize("seen", [True, False])
def test_long_work_says_how_far_it_is_where_somebody_sees_it_and_takes_that_away(seen, monkeypatch):
    times, said = iter(np.arange(0, 99, 0.7)), []
    line_ = SimpleNamespace(update=lambda data, raw: said.extend(data.values()))
    monkeypatch.setattr(embedded, "time", SimpleNamespace(monotonic=lambda: next(times)))
    monkeypatch.setattr(embedded, "is_seen", lambda: seen)
    monkeypatch.setattr(embedded, "get_ipython", lambda: True)
    monkeypatch.setattr(embedded, "display", lambda *args, **kwargs: line_)
    explore(line, slope=range(1, 8), embed=True)
    assert ("3 of 7 states drawn" in said) == seen
    assert said[-1:] == [""] * seen


def gzipped(states):
    return base64.b64encode(gzip.compress(json.dumps(states).encode())).decode()


EVIL = [
    "<script>alert(1)</script>",
    '<path d="M0 0" onclick="x()"/>',
    '<path d="M0 0" fill="url(#a)"/>',
    '<path d="M0 0" style="fill:red"/>',
    '<path d="M0 0"/><a href="x"><path d="M0 0"/></a>',
    "<foreignObject><p>x</p></foreignObject>",
    '<image x="0" y="0" width="1" height="1" href="https://example.org/x.png"/>',
    '<image x="0" y="0" width="1" height="1" href="data:image/svg+xml;base64,AAAA"/>',
    '<text x="0" y="0">&bomb;</text>',
    '<text x="0" y="0"><tspan>x</tspan></text>',
    "<path d='M0 0'/>",
    '<path d="M0 0"',
    '<g><path d="M0 0"/></g>',
    '<use href="#x"/>',
    "x",
    "<!-- x -->",
    "<![CDATA[x]]>",
]


@pytest.mark.parametrize("evil", EVIL)
@pytest.mark.parametrize("place", ["background", "state"])
def test_no_other_element_attribute_or_value_comes_into_a_page(good, evil, place):
    bad = json.loads(json.dumps(good))
    if place == "background":
        bad["plots"][0][0] += evil
    else:
        states = json.loads(gzip.decompress(base64.b64decode(good["states"])))
        states[2][0] += evil
        bad["states"] = gzipped(states)
    output = nbformat.v4.new_output("display_data", {outputs.PANEL: bad})
    with pytest.raises(
        ConversionException, match="Notebook, cell 1: ValueError: a picture has SVG"
    ):
        page_of(output)


WORDS = st.text() | st.sampled_from(['" onload="x()', "</template><script>", "a\nb", "\x00"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=2),
    max_leaves=6,
)


def paths(value, path=()):
    yield path
    items = value.items() if isinstance(value, dict) else ()
    items = enumerate(value) if isinstance(value, list) else items
    for key, inner in items:
        yield from paths(inner, (*path, key))


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_a_file_that_was_changed_anywhere_gives_a_safe_page_or_is_refused(good, data):
    bad = json.loads(json.dumps({"all": good}))
    path = data.draw(st.sampled_from([path for path in paths(bad) if path]))
    inner = bad
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = data.draw(JSON)
    output = nbformat.v4.new_output("display_data", {outputs.PANEL: bad["all"]})
    try:
        page = page_of(output)
    except ConversionException as error:  # any other would be a fault
        page = "<main" if str(error).startswith("Notebook, cell 1: ") else ""
    assert "<main" in page
    tags = re.findall(r"<(\w+)([^>]*)>", page.split("<main", 1)[-1].rpartition("<script")[0])
    assert not {name for name, _ in tags} & {"script", "iframe", "foreignobject", "style"}
    assert not [rest for _, rest in tags if re.search(r'"\s+on\w+=', rest)]


LINE = ["", "a line", "slope = 1"]


@pytest.mark.parametrize(
    "states",
    [
        [LINE, LINE],
        [LINE, LINE, [*LINE, "rise"]],
        [LINE, LINE, [1, "a line", "slope = 1"]],
        [LINE, LINE, []],
        [["the start has an error"], LINE, LINE],
        [LINE, LINE, ["", "x" * 20_000, ""]],
        [LINE, LINE, [f"<text>{'1 ' * 500_000}</text>", "", ""]] * 1,
        [LINE, LINE, ["", "", "a" * 10**6]],
        [[]] * 10**5,
        [LINE, LINE, "x" * 3 * 10**6],
        {},
        None,
    ],
)
def test_bombs_and_ruins_are_refused(good, states, monkeypatch):
    monkeypatch.setattr(embedded, "MAX_TEXT", 10**6)
    monkeypatch.setattr(packing, "_MOST", 10**5)
    bad = good | {"states": gzipped(states)}
    with pytest.raises(ConversionException, match="Notebook, cell 1: "):
        page_of(nbformat.v4.new_output("display_data", {outputs.PANEL: bad}))


# What is taught.


def own(name):
    """A block of 'A lesson of your own'."""
    return re.search(rf"<!-- own: {name} -->\n```python\n(.*?)```", README, re.DOTALL)[1]


def test_the_steps_of_a_lesson_of_one_s_own_run():
    names = {"np": np}
    exec(own("function"), names)
    assert len(own("function").strip().split("\n")) == 5
    *imports, call = own("panel").strip().split("\n")
    exec("\n".join(imports), names)
    panel = eval(call, names)
    assert panel.settings == {"frequency": 1, "height": 1.0}
    assert panel.readout == "frequency = 1, height = 1\nperiod: 6.28319"
    live = eval(own("embed"), names)
    assert "<template>" in page_of(output_of(live))
    assert "<template>" not in page_of(output_of(panel))
    given = re.search(r"`frequency=(Control\(.*\))`", README)[1]
    assert explore(names["wave"], frequency=eval(given, {"Control": Control})).controls


@every_lesson
def test_the_function_that_a_lesson_ends_with_is_a_panel(path):
    notebook = nbformat.read(path, as_version=4)
    names = {}
    for cell in notebook.cells:
        if cell.cell_type == "code" and "import" in cell.source:
            for node in ast.parse(re.sub("(?m)^[%!].*", "", cell.source)).body:
                if isinstance(node, ast.Import | ast.ImportFrom):
                    exec(ast.unparse(node), names)
    (text,) = (cell.source for cell in notebook.cells if "## Go further" in cell.source)
    block = re.search("```python\n(.*?)```", text.split("## Go further")[1], re.DOTALL)[1]
    *definition, call = block.strip().split("\n")
    exec("\n".join(definition), names)
    assert explore.__name__ in call
    assert len(eval(call, names).grid) > 2
