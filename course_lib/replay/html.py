"""The HTML of a View that the player brings to life, and the files that it is made of."""

import re
from html import escape
from pathlib import Path

from course_lib.figures.base import View, in_columns
from course_lib.replay.grid import SettingsGrid
from course_lib.svg import Drawing

PLAYER_JS = (Path(__file__).parent / "player.js").read_text(encoding="utf-8")
KEYS_JS = (Path(__file__).parent / "keys.js").read_text(encoding="utf-8")
PLAYER_CSS = (Path(__file__).parent / "player.css").read_text(encoding="utf-8")


def player_html(grid: SettingsGrid, view: View, hidden: str = "") -> str:
    """Return the HTML for the player: buttons, plots and readout of a View of `grid`, and a place
    for messages.

    `hidden` is the attribute of the buttons where a script has to show them first.
    """
    names = {"play": ("Play", "Make the steps one by one")} if grid.plays else {}
    buttons = [
        (
            f'<button type="button" class="jupyter-button" name="{name}" '
            f'title="{tooltip}">{label}</button>'
        )
        for name, (label, tooltip) in {
            **names,
            "reset": ("Reset", "Put every control back"),
        }.items()
    ]
    plots = in_columns(
        view.columns,
        [_plot(drawing) for drawing in view.drawings],
        _readout(grid, view),
        'class="course-plots"',
    )
    return (
        f'<div class="course-player" dir="ltr"><div '
        f'class="course-buttons"{hidden}>{"".join(buttons)}</div>'
        f'<p class="course-message" role="alert" hidden></p>{plots}</div>'
    )


def readout_table(grid: SettingsGrid, view: View) -> str:
    """Return the readout as HTML that says of itself how it looks: what a notebook stores of a
    panel.
    """
    rows = "".join(
        f'<tr><th scope="row" style="text-align: left; padding: 1px 1em 1px 0">{escape(name)}</th>'
        f'<td style="text-align: left; padding: 1px 0">{escape(value)}</td></tr>'
        for name, value in view.readout
    )
    return (
        '<div style="padding-left: 19px; font-size: 14px; line-height: 1.5">'
        f'<p style="margin: 8px 0">{escape(grid.settings_text(view))}</p>'
        f'<table style="margin: 0; font-size: 14px; table-layout: auto; white-space: '
        f'nowrap">{rows}</table></div>'
    )


def _plot(drawing: Drawing) -> str:
    pick = (
        f' data-pick="{drawing.pick}" data-axis="{" ".join(map(str, drawing.axis))}"'
        if drawing.pick
        else ""
    )
    return drawing.svg(
        f"{drawing.background}<g>{drawing.foreground}</g>",
        f' role="img" aria-label="{escape(drawing.alt)}"{pick}',
    )


def _readout(grid: SettingsGrid, view: View) -> str:
    rows = "".join(
        f'<tr aria-atomic="true"><th scope="row"><span class="text">{escape(name)}</span></th>'
        f'<td><span class="text">{_whole_numbers(value)}</span></td></tr>'
        for name, value in view.readout
    )
    return (
        f'<div class="course-readout" aria-live="polite"><p>{escape(grid.settings_text(view))}</p>'
        f"<table>{rows}</table></div>"
    )


def _whole_numbers(text: str) -> str:
    """A text with each number in a span, which a browser would break behind the minus of its
    exponent.
    """
    return re.sub(r"\S+e-\d+", r"<span>\g<0></span>", escape(text))
