"""What holds for all tests."""

from hypothesis import settings

# No test is timed: these machines are shared.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
