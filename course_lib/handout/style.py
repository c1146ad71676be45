"""The style sheet of every page, with the colours of code and of a terminal."""

from collections.abc import Iterable
from pathlib import Path

from pygments.formatters import HtmlFormatter

from course_lib.live.html import PLAYER_CSS

# A terminal's eight colours on a light and on a dark page.  Each is readable on the background that
# any of them makes.
_NAMES = "black red green yellow blue magenta cyan white"
_LIGHT = "#222222 #a60018 #00611c #6b4800 #0b47a3 #7d177d #005866 #595959"
_DARK = "#ababab #ff9f96 #8ad896 #ecca66 #9cc4ff #f3aaf3 #7ddbe6 #e6e6e6"


def _colors(code: str, terminal: str) -> Iterable[str]:
    """The rules for code and for a terminal; as a background a colour is faint."""
    yield from HtmlFormatter(style=code).get_token_style_defs(".highlight")
    for name, color in zip(_NAMES.split(), terminal.split(), strict=True):
        yield f".ansi-{name}-fg, .ansi-{name}-intense-fg {{ color: {color} }}"
        yield f".ansi-{name}-bg, .ansi-{name}-intense-bg {{ background: {color}26 }}"


_OWN = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")
_light, _dark = "\n".join(_colors("xcode", _LIGHT)), "\n".join(_colors("lightbulb", _DARK))
_IN_THE_DARK = f"@media screen and (prefers-color-scheme: dark) {{\n{_dark}\n}}\n"
STYLE = "\n".join([PLAYER_CSS, _OWN, _light, _IN_THE_DARK])
