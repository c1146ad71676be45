"""One colour for each quantity, distinct for the colour-blind and in grey print."""

from course_lib.live.style import FRAME, TEXT

LOSS, WEIGHT, RATE, SHADOW = "#0072b2", "#d55e00", "#007a5a", "#6a3d9a"
OTHER = FRAME  # what is in the background

__all__ = ["LOSS", "OTHER", "RATE", "SHADOW", "TEXT", "WEIGHT"]
