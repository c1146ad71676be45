"""The picture of five schedules at their best, against sums that are computed in another way."""

import math

import numpy as np
import pytest

from course_lib import best_decay_steps
from course_lib.figures import RivalsFigure
from course_lib.figures.rivals import LINES
from helpers.drawn import strokes, titles

CONTROLS = RivalsFigure.controls
FIGURE = RivalsFigure()
NAMES = ["constant", "exponential", "staircase", "1/t", "half cosine"]


def rate_of(name, base, t, decay_steps):
    """One rate, written down as the lesson says it."""
    return {
        "constant": base,
        "exponential": base * 0.5 ** (t / decay_steps),
        "staircase": base * 0.5 ** math.floor(t / decay_steps),
        "1/t": base / (1 + t / decay_steps),
        "half cosine": base * math.cos(math.pi * min(t / decay_steps, 1) / 2) ** 2,
    }[name]


def mean(name, base, noise, decay_steps, steps):
    """Mean of (w + 1)² after the last step, from its parts: what is left of the start, and of each
    step's noise.
    """
    kept, total = 1.0, 0.0  # the share that all later steps leave
    for t in reversed(range(steps)):
        rate = rate_of(name, base, t, decay_steps)
        total += (kept * rate) ** 2 * noise
        kept *= 1 - 2 * rate
    return 36 * kept**2 + total


@pytest.mark.parametrize("base", CONTROLS["base"].stops)
@pytest.mark.parametrize("noise", CONTROLS["noise"].stops)
@pytest.mark.parametrize("planned", CONTROLS["planned"].stops)
def test_every_readout_is_what_the_parts_add_up_to(base, noise, planned):
    head, *rows = FIGURE.show(base=base, noise=noise, planned=planned).readout
    assert head == ("mean of (w + 1)²", f"after N = {planned:,} steps; after 2,000")
    for name, (label, value) in zip(NAMES, rows, strict=True):
        best = best_decay_steps(name, base, noise, planned)
        shown = f"{best:.2f}" if best < 10 else f"{best:,.0f}"
        assert label == (name if name == "constant" else f"{name} T = {shown}")
        wanted = [mean(name, base, noise, best, steps) for steps in (planned, 2000)]
        assert [float(one) for one in value.split("; ")] == pytest.approx(
            wanted, rel=2e-3, abs=1e-6
        )


@pytest.mark.parametrize(
    ("settings", "lowest"),
    [
        ({"base": 0.3, "noise": 3, "planned": 200}, "1/t is lowest, 0.003915"),
        ({"base": 0.5, "noise": 3, "planned": 2000}, "1/t is lowest, 0.000375"),
        ({"base": 0.1, "noise": 3, "planned": 50}, "staircase is lowest, 0.019615"),
    ],
)
def test_known_values(settings, lowest):
    after = f"after N = {settings['planned']:,} steps"
    assert titles(FIGURE, 1, **settings) == [f"{after}: {lowest}"]


def test_a_line_shows_the_rate_that_its_step_uses():
    _, *drawn = [points for points, _ in strokes(FIGURE, 0, base=0.3, noise=3, planned=200)]
    for name, (n, rate) in zip(NAMES, drawn, strict=True):
        best = best_decay_steps(name, 0.3, 3, 200)
        assert (n[0], n[-1]) == (1, 2000)
        wanted = [rate_of(name, 0.3, int(one) - 1, best) for one in n]
        np.testing.assert_allclose(rate, np.maximum(wanted, 1e-30), rtol=1e-9)
    stairs, best = (
        dict(zip(*drawn[2], strict=True)),
        int(best_decay_steps("staircase", 0.3, 3, 200)),
    )
    assert [stairs[best * k + more] for k in (1, 2) for more in (0, 1)] == [0.3, 0.15, 0.15, 0.075]


def test_no_two_lines_look_alike_in_grey():
    looks = {(look["linewidth"], look["linestyle"]) for look in LINES.values()}
    assert len(looks) == 5


def test_a_base_that_diverges_leaves_the_frame_and_says_so():
    view = FIGURE.show(base=1.2, noise=3, planned=500)
    assert dict(view.readout)["constant"].startswith("5.439e+147; ")  # 1.4 ** 1000 * 36 and more
