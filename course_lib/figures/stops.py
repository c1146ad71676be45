"""Lists of stops that several controls share, and that a lesson may use for its own controls."""

RATES = (
    *(0.0001, 0.001, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55),
    *(0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.99, 1.0, 1.01, 1.05, 1.1, 1.2),
)
DECAYS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995)
STEPS = tuple(range(41))
STARTS = (-7.0, -3.0, -1.0, 0.0, 3.0, 5.0)
SWITCH = (False, True)
