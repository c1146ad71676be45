"""The HTML of a state that the player brings to life, and the files that the player is made of."""

import re
from html import escape
from pathlib import Path

from course_lib.live.drawing import Drawing
from course_lib.live.figure import WIDE, in_columns
from course_lib.live.states import SettingsGrid

HERE = Path(__file__).parent


def script(*files: Path) -> str:
    """Return modules of JavaScript as one script, each after those that it imports.

    The lines that import and the words that export are left out.
    """
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    return re.sub(r"^import [^;]*;\n|^export (?!default)", "", text, flags=re.MULTILINE)


PLAYER_JS = script(*(HERE / f"{name}.js" for name in ("states", "view", "play", "player")))
MENDS_JS = script(HERE / "mends.js")
PLAYER_CSS = (HERE / "player.css").read_text(encoding="utf-8")


def player_html(grid: SettingsGrid, state: int, hidden: str = "") -> str:
    """Return the HTML for the player: buttons, the plots and the readout of a state, a message.

    `hidden` is the attribute of the buttons where a script has to show them first.
    """
    play = f'name="play" value="{grid.plays}" title="Make the steps one by one">Play'
    reset = 'name="reset" title="Put every control back">Reset'
    buttons = "".join(
        f'<button type="button" class="jupyter-button" {button}</button>'
        for button in ([play, reset] if grid.plays else [reset])
    )
    view = grid.view(state)
    rows = "".join(
        f'<tr aria-atomic="true"><th scope="row"><span class="text">{escape(name)}</span></th>'
        f'<td><span class="text">{_whole_numbers(value)}</span></td></tr>'
        for name, value in view.readout
    )
    readout = (
        '<div class="course-readout" aria-live="polite">'
        f"<p>{escape(grid.settings_text(state))}</p><table><tbody>{rows}</tbody></table></div>"
    )
    svgs = [*map(_plot, view.drawings, grid.backgrounds)]
    wide = " course-wide" * any(drawing.width > WIDE for drawing in view.drawings)
    plots = in_columns(view.columns, svgs, readout, f'class="course-plots{wide}"')
    return (
        '<div class="course-player" dir="ltr">'
        f'<div class="course-buttons"{hidden}>{buttons}</div>'
        f'<p class="course-message" role="alert" hidden></p>{plots}</div>'
    )


def readout_table(grid: SettingsGrid, state: int) -> str:
    """Return the readout as HTML with its own style: what a notebook stores of a panel."""
    rows = "".join(
        f'<tr><th scope="row" style="text-align: left; padding: 1px 1em 1px 0">{escape(name)}</th>'
        f'<td style="text-align: left; padding: 1px 0">{escape(value)}</td></tr>'
        for name, value in grid.view(state).readout
    )
    return (
        '<div style="padding-left: 19px; font-size: 14px; line-height: 1.5">'
        f'<p style="margin: 8px 0">{escape(grid.settings_text(state))}</p>'
        '<table style="margin: 0; font-size: 14px; table-layout: auto; white-space: nowrap">'
        f"{rows}</table></div>"
    )


def _plot(drawing: Drawing, background: str) -> str:
    pick = ""
    if drawing.pick:
        pick = f' data-pick="{drawing.pick}" data-axis="{" ".join(map(str, drawing.axis))}"'
    return drawing.svg(
        f"{background}<g>{drawing.over(background)}</g>",
        f' role="img" aria-label="{escape(drawing.alt)}"{pick}',
    )


def _whole_numbers(text: str) -> str:
    """Put each number with a negative exponent into a span: no line breaks after the minus."""
    return re.sub(r"\S+e-\d+", r"<span>\g<0></span>", escape(text))
