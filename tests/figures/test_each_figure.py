"""What each picture draws and says, against what the mathematics computes."""

import math
import re
from fractions import Fraction
from functools import partial
from itertools import pairwise, product

import numpy as np
import pytest

import course_lib as lib
from course_lib.figures import DECAYS, AverageFigure
from course_lib.figures.colors import TEXT
from course_lib.figures.losses import behaviour
from course_lib.figures.noisy_average import extremes
from course_lib.figures.rivals import LINES
from course_lib.figures.text import format_number
from course_lib.schedules import SHARES
from helpers.drawn import axes_of, figure, lines, said, strokes, titles

SAID = [
    ("Bowl", {"rate": 1.0}, ["not in 10,000 steps", "1"]),
    ("Bowl", {"momentum": True}, ["1.8"]),
    ("Descent", {"rate": 1e30}, ["never", "not a number"]),
    ("Distance", {"rate": 0}, ["no number is enough", "never", "never", "6.000000"]),
    ("Distance", {"rate": 0.2, "tolerance": 10}, ["after 0 steps", "after 0 steps"]),
    # 6, 3, 1.5, 0.75, without any rounding: what is the tolerance is not yet below it.
    ("Distance", {"rate": 0.25, "tolerance": 1.5}, ["after 3 steps", "after 3 steps"]),
    ("Distance", {"rate": 0.5, "tolerance": 1e-8}, ["one gives all digits", "after 1 step"]),
    ("Distance", {"rate": 1.0}, ["no number is enough", "never", "never", "6.000000"]),
    ("Distance", {"rate": 1.2}, ["no number is enough", "never"]),
    ("Distance", {"rate": 1e30}, ["6.000000"]),
    ("Distance", {"rate": 0.0001, "tolerance": 0.1}, ["not within 1,000 steps"]),
    ("Distance", {"rate": 0.2}, ["after 13 steps", "after 13 steps", "5.960e-08"]),
    ("Distance", {"rate": 0.3}, ["exactly 0"]),
    ("Schedule", {"decay_rate": 1.0}, ["without end", "nowhere"]),
    ("Schedule", {"decay_rate": 1.5}, ["without end", "nowhere"]),
    ("Schedule", {"decay_steps": 2.5}, ["not computed", "not computed"]),
    ("Schedule", {"decay_steps": 2.5, "decay_rate": 1.0}, ["without end", "nowhere"]),
    ("TwoLosses", {"rate": 0.5}, ["converges"]),
    ("TwoLosses", {"rate": 0.9}, ["oscillates and converges"]),
    ("TwoLosses", {"rate": 1.0}, ["oscillates, converges slowly"]),
    ("TwoLosses", {"rate": 1.1}, ["oscillates for ever"]),
    ("Valleys", {"rate": 0.2}, ["ends near 2", "2.000051 and 2.000041"]),
    ("Valleys", {"rate": 0.9}, ["ends near −1", "-1.000057 and -0.999955"]),
    ("Valleys", {"rate": 1.2}, ["oscillates", "-0.510904 and -1.253104"]),
    ("Valleys", {"rate": 1.9}, ["diverges"]),
]


@pytest.mark.parametrize(("name", "settings", "words"), SAID)
def test_known_words_of_a_readout(name, settings, words):
    values = list(said(name, **settings).values())
    assert words in [values[k : k + len(words)] for k in range(len(values))], values


def numbers(text):
    return [float(one) for one in re.findall(r"-?\d[\d.]*(?:e[+-]\d+)?", text)]


# What half a tenth of a pixel, to which a point is rounded, is in data.
WEIGHT_STEP, LOSS_STEP = 0.05 * 16 / 277 + 1e-6, 0.05 * 67 / 186 + 1e-6
STEP_STEP, POWER_STEP = 0.05 * 42 / 277 + 1e-6, 0.05 * 21 / 186 + 1e-6


@pytest.mark.parametrize(("rate", "start"), [(0.2, 5.0), (0.9, -6.0), (1.0, 5.0)])
def test_the_path_that_is_drawn_is_the_descent(rate, start):
    """Read back from pixels, which are rounded to 0.1, into data."""
    view = figure("Descent").show(rate=rate, steps=8, start=start)
    trace = lib.descend([rate] * 8, start)
    (weight, loss), (step, losses) = (lines(view, plot)[0][1] for plot in (0, 1))
    np.testing.assert_allclose(weight, trace.weight, atol=WEIGHT_STEP)
    np.testing.assert_allclose(loss, trace.loss, atol=LOSS_STEP)
    np.testing.assert_allclose(step, range(9), atol=STEP_STEP)
    np.testing.assert_allclose(np.log10(losses), np.log10(trace.loss), atol=POWER_STEP)
    left, right, first, last = view.drawings[0].axis  # a click there sets the same start
    x = float(re.search(r' d="M([\d.]+)', view.drawings[0].foreground)[1])
    clicked = first + (x - left) / (right - left) * (last - first)
    assert clicked == pytest.approx(start, abs=2 * WEIGHT_STEP)


def slope_and_step(view):
    """The points of each tangent and of each arrow: what is drawn in the colour of text."""
    drawn = [one for one in lines(view, 0) if one[0].get("stroke") == TEXT]
    return (
        [points for look, points in drawn if "stroke-dasharray" in look],
        [points for look, points in drawn if "stroke-dasharray" not in look],
    )


@pytest.mark.parametrize("rate", [0.0, 0.0001, 0.01, 0.2, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("steps", [0, 3])
@pytest.mark.parametrize("start", [-7.0, -1.0, 0.0, 5.0])
def test_tangent_arrow_and_readout_tell_of_the_next_step(rate, steps, start):
    view = figure("Descent").show(rate=rate, steps=steps, start=start)
    trace = lib.descend([rate] * (steps + 1), start)
    (at, after), height = map(float, trace.weight[-2:]), float(trace.loss[-2])
    slope = float(lib.gradient(at))
    step = -rate * slope
    [tangent], [(along, level)] = slope_and_step(view)
    assert [len(points) for points in tangent] == [2, 2]
    (left, right), (low, high) = tangent
    assert left - WEIGHT_STEP <= at <= right + WEIGHT_STEP
    rounding = 2 * (LOSS_STEP + abs(slope) * WEIGHT_STEP)
    assert high - low == pytest.approx(slope * (right - left), abs=rounding)
    assert np.interp(at, *tangent) == pytest.approx(height, abs=rounding)

    if abs(step) < 0.01:  # an arrow of hardly any length is hardly seen
        assert np.ptp(along) <= 2 * WEIGHT_STEP
        assert np.ptp(level) < 0.5
    else:
        assert along[:2] == pytest.approx([at, after], abs=WEIGHT_STEP + 1e-5)
        assert along[1] - along[0] == pytest.approx(step, abs=2 * WEIGHT_STEP)
        np.testing.assert_allclose(level[[0, 1, 3]], height, atol=LOSS_STEP)  # out and back
        assert ((along[[2, 4]] - along[1]) * step <= 0).all()  # the point is ahead
        assert (np.sign(level[[2, 4]] - level[1]) == [1, -1]).all()
    product = dict(view.readout)["next step −η · slope"]
    said_rate, said_slope, said_step = numbers(product.removeprefix("-"))
    assert said_rate == rate
    assert said_slope == pytest.approx(slope, abs=1e-6)
    assert said_step == pytest.approx(step, abs=1e-6)
    assert f"The slope there is {slope:.6f}." in view.alt_texts[0]


def test_outside_the_frame_there_is_neither_tangent_nor_arrow():
    outside = [{"steps": 0, "start": start} for start in (7.001, -9.5)]
    for settings in ({"rate": 1.1, "steps": 40}, {"rate": 1e30}, *outside):
        view = figure("Descent").show(**settings)
        assert slope_and_step(view) == ([], []), settings
        assert "The slope there" not in view.alt_texts[0], settings
    _, [(along, level)] = slope_and_step(figure("Descent").show(rate=1.1, steps=0, start=-8.0))
    assert along[0] == pytest.approx(-8, abs=WEIGHT_STEP)
    assert along.max() == pytest.approx(7, abs=16 / 277 + WEIGHT_STEP)  # a pixel outside
    np.testing.assert_allclose(level[:2], 49, atol=LOSS_STEP)


def test_what_a_descent_says_of_its_ends():
    trace = lib.descend([0.3] * 7, 2.0)
    view = figure("Descent").show(rate=0.3, steps=7, start=2.0)
    w, loss = f"{trace.weight[-1]:f}", f"{trace.loss[-1]:f}"
    assert f"converges, from w = 2.000000 to w = {w}." in view.alt_texts[0]
    assert f"9.000000 at the start, {loss} after 7 steps" in view.alt_texts[1]
    assert f"w 2.000000 → {w}, loss 9.000000 → {loss}" in repr(view)
    far = figure("Descent").show(rate=1.1).alt_texts[0]
    assert far.endswith("to w = 8817.648438, outside the frame at step 2.")
    assert "exactly 0 at step 1" in figure("Descent").show(rate=0.5).alt_texts[1]
    assert "to w = not a number" in figure("Descent").show(rate=1e30).alt_texts[0]


def test_a_schedule_draws_and_says_its_rates():
    view = figure("Schedule").show(0.1, 0.7, 3, staircase=False)
    step, rate = lines(view, 0)[0][1]
    np.testing.assert_allclose(rate, lib.exponential_decay(0.1, step, 3, 0.7), atol=0.002)
    rates = lib.exponential_decay(0.1, np.arange(41), 3, 0.7)
    assert f"a smooth curve from 0.100000 to {rates[40]:f} after 40 steps" in view.alt_texts[0]
    end = lib.descend(rates[:40]).weight[40]
    assert f"to {end:f} with the decaying rate" in view.alt_texts[1]


@pytest.mark.parametrize("staircase", [True, False])
@pytest.mark.parametrize(("decay_steps", "decay_rate"), [(1, 0.5), (10, 0.5), (2, 0.96), (20, 0.3)])
def test_a_schedule_says_what_all_steps_come_to(decay_steps, decay_rate, staircase):
    total, remaining = lib.reach(0.1, decay_steps, decay_rate, staircase)
    found = dict(figure("Schedule").show(0.1, decay_rate, decay_steps, staircase).readout)
    stalls = float(found["where the weight stalls"].removeprefix("w = "))
    assert float(found["sum of all rates, for ever"]) == pytest.approx(total, abs=1e-6)
    assert stalls == pytest.approx(-1 + 6 * remaining, abs=1e-6)


def test_an_average_draws_and_says_its_shadow():
    assert figure("Average").arguments == {"weights": [0, 1, 10, 10]}
    view, wanted = figure("Average").show(0.5, 7), lib.moving_average([0, 1, 10, 10], 0.5, 7)
    update, shadow = lines(view, 0)[2][1]
    np.testing.assert_allclose(update, range(4), atol=0.001)
    np.testing.assert_allclose(shadow, wanted, atol=0.005)
    assert view.alt_texts[0].startswith(
        "Weight and its shadow: the weight goes from 0.000000 to 10.000000, "
        f"the shadow from 0.000000 to {wanted[-1]:f} in 3 updates"
    )
    assert "0.470588 at the first" in view.alt_texts[1]


def test_the_axes_of_an_average_are_named_and_hold_it():
    axes = axes_of(AverageFigure([0, 1, 10]))
    assert [one.get_xlabel() for one in axes] == ["update"] * 2
    assert [one.get_ylabel() for one in axes] == ["weight w, shadow s", "decay in force"]
    assert [one.get_xlim() for one in axes] == [pytest.approx((-0.06, 2.06))] * 2
    assert [one.get_ylim() for one in axes] == [pytest.approx((-0.6, 10.6)), (0, 1.05)]
    assert axes_of(AverageFigure([3, 3]))[0].get_ylim() == (2, 4)


FAINT = [(20, False, 21), (21, True, 22), (100, True, 101), (101, True, 0)]


@pytest.mark.parametrize(("updates", "faint", "dots"), FAINT)
def test_a_long_path_stands_back_behind_its_average(updates, faint, dots):
    weights = np.arange(updates + 1) % 7
    (line, look), *points, _ = strokes(AverageFigure(weights), 0, decay=0.9)
    assert look["alpha"] == (0.45 if faint else None)
    np.testing.assert_allclose(line, [range(updates + 1), weights])
    assert len(points) == bool(dots)  # of very many weights none is a dot
    for places, of_dots in points:
        assert (of_dots["alpha"], of_dots["linewidth"]) == (look["alpha"], 3 if faint else 6)
        assert places[:, ::3].tolist() == [[*range(dots)], weights[:dots].tolist()]


BATCHES = product(*(one.stops for one in figure("Batch").controls.values()))


@pytest.mark.parametrize(("batch", "rate"), [*BATCHES, (4, 0.01)])  # where the mean still falls
def test_a_run_with_batches_and_its_noise_floor(batch, rate):
    settings = {"batch": batch, "rate": rate}
    weight, found = lib.batch_descent(batch, rate), said("Batch", **settings)
    (dots, _), (line, _) = strokes(figure("Batch"), 0, **settings)
    np.testing.assert_array_equal(line[1], weight)
    np.testing.assert_array_equal(dots[1][::3], lib.batch_means(batch))
    mean, eta = lib.mean_loss(np.full(100, rate), 12 / batch), Fraction(str(rate))
    np.testing.assert_array_equal(strokes(figure("Batch"), 1, **settings)[1][0][1], mean)
    floor = 3 * eta / (batch * (1 - eta))
    assert found["noise floor 3η / (B (1 − η))"] == f"{float(floor):.6f}"
    assert titles(figure("Batch"), 1, **settings) == [f"noise floor {float(floor):.6f}"]
    for name, wanted in (
        ("this run, mean of its last 50", np.mean((weight[-50:] + 1) ** 2)),
        ("variance of the slope, 12 / B", 12 / batch),
        ("mean of all runs after 100 steps", mean[-1]),
    ):
        assert float(found[name]) == pytest.approx(wanted, abs=1e-6), name
    assert found["samples used in 100 steps"] == f"{100 * batch:,}"
    falls = f"falls from 36.000000 to {found['mean of all runs after 100 steps']}, the noise floor"
    assert falls in figure("Batch").show(**settings).alt_texts[1]


def test_a_bowl_says_both_factors_and_where_the_path_ends():
    found = said("Bowl", rate=0.9, ratio=10)
    assert found["factor along x, 1 − 2η / κ"] == f"{1 - 0.18:.6f}"
    assert found["factor along y, 1 − 2η"] == f"{1 - 1.8:.6f}"
    assert found["after 40 steps"] == f"x = {0.82**40:.6f}, y = {0.8**40:.6f}"
    assert found["both below 0.01"] == "after 24 steps"


@pytest.mark.parametrize("rate", figure("Distance").controls["rate"].stops)
def test_a_distance_says_when_it_is_below_the_tolerance(rate):
    distance = np.abs(np.float64(lib.descend([rate] * 1000).weight) + 1)
    for tolerance in figure("Distance").controls["tolerance"].stops:
        found = said("Distance", rate=rate, tolerance=tolerance)
        exact = f"after {lib.steps_to(tolerance, rate)} steps"
        assert found[f"distance below {tolerance:g}"] == exact
        below = np.flatnonzero(distance < tolerance)
        in_float32 = f"after {below[0]} steps" if len(below) else "never"
        assert found["the same in float32"] == in_float32, tolerance
    steps = float(found["steps for one more digit"])
    assert math.isclose(abs(1 - 2 * rate) ** steps, 0.1, rel_tol=1e-5)


def test_the_mark_of_a_distance_stands_in_the_frame_or_nowhere():
    for rate, tolerance, places in (
        (0.2, 0.01, [(13, 6 * 0.6**13)]),
        (0.8, 0.1, [(9, 6 * 0.6**9)]),
        (0.05, 1e-5, []),
    ):
        marks = strokes(figure("Distance"), 0, rate=rate, tolerance=tolerance)[-1][0].T[::3]
        assert marks.tolist() == [pytest.approx(place) for place in places], rate
    for rate in (0.4, 0.5, 1.2, 1e30):  # what leaves the frame is cut there
        for _, (step, distance) in lines(figure("Distance").show(rate=rate), 0):
            assert np.all((step > -10) & (step < 110)), rate
            assert np.all((distance > 1e-11) & (distance < 1e4)), rate


LOSSES = {
    "parabola": (partial(lib.loss, dtype=np.float64), partial(lib.gradient, dtype=np.float64)),
    "pseudo-Huber": (lib.pseudo_huber, lib.pseudo_huber_slope),
    "two valleys": (lib.two_valleys, lib.two_valleys_slope),
}
PLOTTED = {"TwoLosses": ["parabola", "pseudo-Huber"], "Valleys": ["two valleys"]}
STARTS = [(0.2, 2.0), (1.2, 2.0), (1.5, -0.9), (1.9, 3), (0.2, 1e7), (30.0, 2e4)]


@pytest.mark.parametrize(("which", "names"), PLOTTED.items())
@pytest.mark.parametrize(("rate", "start"), STARTS)
def test_paths_on_losses_are_drawn_and_said(which, names, rate, start):
    found = said(which, rate=rate, start=start)
    for plot, name in enumerate(names):
        trace = lib.descend_on(*LOSSES[name], rate, start, 40)
        seen = np.logical_and.accumulate(np.abs(trace.weight) < 1e6)  # up to a million away
        seen[0] = True
        drawn = strokes(figure(which), plot, rate=rate, start=start)[0][0]
        np.testing.assert_allclose(drawn, np.stack(trace)[:, seen], err_msg=name)
        shown = found[f"{name}, last two weights"]
        assert shown == " and ".join(map(format_number, trace.weight[-2:])), name
    assert found.get("parabola") in (None, lib.regime(rate))


@pytest.mark.parametrize("rate", [0.0, 0.3, 0.5, 0.7, 0.95, 1.0, 1.3, 1.9])
def test_what_is_said_of_the_other_loss_thousands_of_steps_do(rate):
    w, path = 2.0, []
    for _ in range(20_000):
        w -= rate * 2 * (w + 1) / math.hypot(1, w + 1)
        path.append(w + 1)
    words = behaviour("pseudo-Huber", rate, None)
    jumps = path[-1] * path[-2] < 0 and abs(path[-1]) > 0.05
    assert (words == "oscillates for ever") == jumps
    assert ("converges" in words) == (abs(path[-1]) < 0.01)
    turns = min(one * other for one, other in pairwise(path)) < 0
    assert words.startswith("oscillates") == turns


def test_a_run_on_two_losses_says_when_it_leaves_the_frame():
    parabola_alt, other_alt, _ = figure("TwoLosses").show(rate=1.1, start=-0.9).alt_texts
    outside = next(n for n in range(40) if abs(0.1 * 1.2**n) > 4)
    assert f"outside the frame at step {outside}." in parabola_alt
    assert "outside" not in other_alt


@pytest.mark.parametrize("steps", [100, 300, 1000])
@pytest.mark.parametrize("decay", DECAYS)
@pytest.mark.parametrize(("warm_up", "noise"), [(False, True), (True, True), (True, False)])
def test_a_noisy_average_shows_weight_and_shadow(steps, decay, warm_up, noise):
    weight = (lib.noisy_descent(0.4) if noise else lib.descend([0.4] * 1000).weight)[: steps + 1]
    shadow = lib.moving_average(weight, decay, np.arange(1, steps + 1) if warm_up else None)
    view = figure("NoisyAverage").show(decay, warm_up, noise, steps)
    found, drawn = dict(view.readout), lines(view, 0)
    last = [format_number(values[-1]) for values in (weight, shadow)]
    assert found[f"after {steps} updates"] == "w = {}, s = {}".format(*last)
    for name, (_, (at, heights)), values in (("w", drawn[0], weight), ("s", drawn[-1], shadow)):
        mean = np.abs(np.float64(values[steps // 2 :]) + 1).mean()
        assert float(found[f"mean of |{name} + 1|, second half"]) == pytest.approx(mean, abs=1e-5)
        if steps == 100:  # else a tenth of a pixel may be another step
            assert heights == pytest.approx(values, abs=0.02)
        ends = [values.min(), values.max()]
        assert [heights.min(), heights.max()] == pytest.approx(ends, abs=0.02)
        assert at[[0, -1]] == pytest.approx([0, 100], abs=0.1)


def test_the_axes_of_a_noisy_average_are_numbered_anew():
    backgrounds = set()
    for steps in (100, 300, 1000):
        places = [str(quarter * steps // 4) for quarter in range(5)]
        drawings = figure("NoisyAverage").show(steps=steps).drawings
        backgrounds.add(tuple(drawing.background for drawing in drawings))
        for drawing in drawings:
            assert re.findall(r">(\d+)</text>", drawing.foreground) == places
    assert len(backgrounds) == 1  # nothing else changes


@pytest.mark.parametrize("steps", range(100, 1001, 100))
def test_a_long_path_is_drawn_by_its_extremes(steps):
    values = lib.noisy_descent(0.4)[: steps + 1]
    kept = extremes(values)
    assert (kept[0], kept[-1]) == (0, steps)
    assert (np.diff(kept) > 0).all()
    assert len(kept) <= 202
    for part in range(100):
        inside = np.arange(1 + part * steps // 100, 1 + (part + 1) * steps // 100)
        assert {inside[values[inside].argmin()], inside[values[inside].argmax()]} <= set(kept)


@pytest.mark.parametrize("base", figure("Rivals").controls["base"].stops)
@pytest.mark.parametrize("noise", figure("Rivals").controls["noise"].stops)
@pytest.mark.parametrize("planned", figure("Rivals").controls["planned"].stops)
def test_rivals_say_their_constants_and_mean_losses(base, noise, planned):
    settings = {"base": base, "noise": noise, "planned": planned}
    head, *rows = said("Rivals", **settings).items()
    assert head == ("mean of (w + 1)²", f"after N = {planned:,} steps; after 2,000")
    ends = {}
    for name, (label, value) in zip(SHARES, rows, strict=True):
        best = lib.best_decay_steps(name, base, noise, planned)
        shown = f"{best:.2f}" if best < 10 else f"{best:,.0f}"
        assert label == (name if name == "constant" else f"{name} T = {shown}")
        means = lib.mean_loss(lib.schedule(name, base, best, 2000), noise)
        ends[name] = format_number(means[planned])
        assert value == f"{ends[name]}; {format_number(means[2000])}", name
    least = min(ends, key=lambda name: float(ends[name]))
    title = f"after N = {planned:,} steps: {least} is lowest, {ends[least]}"
    assert titles(figure("Rivals"), 1, **settings) == [title]


def test_the_line_of_a_rival_shows_the_rate_that_its_step_uses():
    _, *drawn = (line for line, _ in strokes(figure("Rivals"), 0, base=0.3, noise=3, planned=200))
    for name, (n, rate) in zip(SHARES, drawn, strict=True):
        best = lib.best_decay_steps(name, 0.3, 3, 200)
        assert (n[0], n[-1]) == (1, 2000)
        wanted = lib.schedule(name, 0.3, best, 2000)[n.astype(int) - 1]
        np.testing.assert_allclose(rate, np.maximum(wanted, 1e-30), rtol=1e-9, err_msg=name)
    stairs, best = dict(drawn[2].T), int(lib.best_decay_steps("staircase", 0.3, 3, 200))
    corners = [stairs[best * k + more] for k in (1, 2) for more in (0, 1)]
    assert corners == [0.3, 0.15, 0.15, 0.075]


def test_rivals_are_told_apart_in_grey_and_may_diverge():
    assert len({(look["linewidth"], look["linestyle"]) for look in LINES.values()}) == 5
    far = said("Rivals", base=1.2, noise=3, planned=500)["constant"]
    assert far.startswith("5.439e+147; ")  # 1.4 ** 1000 * 36 and more


@pytest.mark.parametrize("decay", DECAYS)
def test_four_starts_are_drawn_and_said(decay):
    view, weight = figure("Starts").show(decay), lib.descend([0.2] * 40).weight
    averages = lib.four_averages(weight, decay)
    found = {name: numbers(value) for name, value in view.readout}
    for (name, average), (_, (t, drawn)) in zip(averages.items(), lines(view, 0), strict=True):
        assert found[name] == pytest.approx(average[[0, 9, 39]], abs=1e-6), name
        assert t == pytest.approx(np.arange(1, 41), abs=0.01)
        assert drawn == pytest.approx(average, abs=0.03), name
        assert -2 < drawn.min() <= drawn.max() < 5.6, name  # in the frame
    powers = [decay**t for t in range(41)]
    shares = [powers[t] for t in (1, 10, 40)]
    assert found["share of the start dᵗ"] == pytest.approx(shares, rel=1e-3, abs=1e-6)
    assert lines(view, 1)[0][1][1] == pytest.approx(powers, abs=0.005)
    assert found["weight w"][0] == pytest.approx(2.6)


@pytest.mark.parametrize(("rate", "decay"), [(0.05, 0.99), (0.3, 0.9), (0.9, 0.0), (0.9, 0.99)])
def test_variances_are_shown_with_the_last_steps_of_a_run(rate, decay):
    view = figure("Variance").show(rate=rate, decay=decay)
    weight = lib.noisy_descent(rate, -1)
    (_, path), (_, shadow) = lines(view, 0)
    assert path[0] == pytest.approx(np.arange(900, 1001), abs=0.02)
    assert path[1] == pytest.approx(weight[900:], abs=0.01)
    assert shadow[1] == pytest.approx(lib.moving_average(weight, decay)[900:], abs=0.01)
    (_, curve), *marks = lines(view, 1)
    rates, heights = curve[:, curve[0] > 0.01]
    np.testing.assert_allclose(heights, lib.shadow_variance(rates, decay, 3), rtol=0.05)
    v, u, ratio = (float(value) for _, value in view.readout)
    wanted = [float(lib.weight_variance(rate, 3)), float(lib.shadow_variance(rate, decay, 3))]
    assert [v, u] == pytest.approx(wanted, abs=1e-6)
    assert ratio == pytest.approx(u / v, abs=1e-4)
    for (_, mark), variance in zip(marks, wanted, strict=True):
        assert mark[0] == pytest.approx(rate, abs=0.001)
        assert np.log10(mark[1]) == pytest.approx(math.log10(variance), abs=0.01)
    assert f"variances are {v:.6f} and {u:.6f}." in view.alt_texts[0]


def test_every_run_of_the_variances_fits_into_the_frame():
    for rate in figure("Variance").controls["rate"].stops:
        (_, (_, weight)), _ = lines(figure("Variance").show(rate=rate, decay=0), 0)
        assert -9 < weight.min() <= weight.max() < 7, rate
