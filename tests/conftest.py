"""What holds for all tests."""

from __future__ import annotations

from hypothesis import settings

# A busy machine is no failure: examples have no time limit of their own.
settings.register_profile("packshot", deadline=None)
settings.load_profile("packshot")
