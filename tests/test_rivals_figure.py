"""The picture of five schedules under noise, against descents that are computed in another way."""

import math

import numpy as np
import pytest

from course_lib.figures import RivalsFigure
from course_lib.figures.rivals import LINES
from drawn import strokes, titles

CONTROLS = RivalsFigure.controls
FIGURE = RivalsFigure()
NAMES = ["constant", "exponential", "staircase", "1/t", "half cosine"]


def rate_of(name, base, t, steps):
    """One rate, written down as the lesson says it."""
    return {
        "constant": base,
        "exponential": base * 0.98**t,
        "staircase": base / 2 ** math.floor(t / 35),
        "1/t": base / (t + 1),
        "half cosine": base * math.cos(math.pi * t / steps / 2) ** 2,
    }[name]


def moments(name, base, noise, steps):
    """Mean of (w + 1)² after the last step, from its parts: what is left of the start, and of each
    step's noise.
    """
    rates = [rate_of(name, base, t, steps) for t in range(steps)]
    kept, total = 1.0, 0.0  # the share that all later steps leave
    for rate in reversed(rates):
        total += (kept * rate) ** 2 * noise
        kept *= 1 - 2 * rate
    return 36 * kept**2 + total, math.fsum(rates)


def ends(**settings):
    """Mean and sum of each schedule in the readout."""
    found = {}
    head, *rows = FIGURE.show(**settings).readout
    assert head == ("schedule", "mean of (w + 1)²; sum of rates")
    for name, value in rows:
        mean, total = value.split("; ")
        found[name] = 0.0 if mean == "below 1e-12" else float(mean), float(total)
    return found


@pytest.mark.parametrize("base", CONTROLS["base"].stops)
@pytest.mark.parametrize("noise", CONTROLS["noise"].stops)
@pytest.mark.parametrize("steps", CONTROLS["steps"].stops)
def test_every_readout_is_what_the_parts_add_up_to(base, noise, steps):
    said = ends(base=base, noise=noise, steps=steps)
    assert list(said) == NAMES == list(LINES)
    for name in NAMES:
        wanted = moments(name, base, noise, steps)
        assert said[name] == pytest.approx(wanted, rel=2e-3, abs=1e-6)


@pytest.mark.parametrize(
    ("settings", "lowest"),
    [
        ({"base": 0.3, "noise": 3, "steps": 50}, "half cosine is lowest, 0.036963"),
        ({"base": 0.3, "noise": 3, "steps": 200}, "exponential is lowest, 0.007847"),
        ({"base": 0.5, "noise": 3, "steps": 2000}, "1/t is lowest, 0.000375"),
        ({"base": 0.1, "noise": 3, "steps": 2000}, "half cosine is lowest, 0.002195"),
        ({"base": 0.1, "noise": 0.75, "steps": 20}, "2 of 5 are lowest, 0.025616"),
        ({"base": 0.5, "noise": 0, "steps": 20}, "5 of 5 are lowest, below 1e-12"),
    ],
)
def test_known_values(settings, lowest):
    assert titles(FIGURE, 1, **settings) == [f"after {settings['steps']} steps: {lowest}"]


def test_a_line_shows_the_rate_that_its_step_uses():
    drawn = [points for points, _ in strokes(FIGURE, 0, base=0.3, noise=3, steps=200)]
    for name, (n, rate) in zip(NAMES, drawn, strict=True):
        assert n[0] == 1
        assert n[-1] == 200
        np.testing.assert_allclose(
            rate, [rate_of(name, 0.3, int(one) - 1, 200) for one in n], rtol=1e-9
        )
    stairs = dict(zip(*drawn[2], strict=True))
    assert (stairs[35], stairs[36], stairs[70], stairs[71]) == (0.3, 0.15, 0.15, 0.075)


def test_no_two_lines_look_alike_in_grey():
    looks = {(look["linewidth"], look["linestyle"]) for look in LINES.values()}
    assert len(looks) == 5


def test_a_base_that_diverges_leaves_the_frame_and_says_so():
    view = FIGURE.show(base=1.2, noise=3, steps=500)
    assert dict(view.readout)["constant"].startswith("5.439e+147; ")  # 1.4 ** 1000 * 36 and more
