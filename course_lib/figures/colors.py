"""One colour for each quantity, apart for the colour-blind and of different grey in print."""

from course_lib.live.style import FRAME, TEXT

LOSS, WEIGHT, RATE, SHADOW = "#0072b2", "#d55e00", "#007a5a", "#6a3d9a"
OTHER = FRAME  # what stands back

__all__ = ["LOSS", "OTHER", "RATE", "SHADOW", "TEXT", "WEIGHT"]
