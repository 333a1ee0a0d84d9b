"""What holds for all tests."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import settings

# A busy machine is no failure: examples have no time limit of their own.
settings.register_profile("packshot", deadline=None)
settings.load_profile("packshot")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Prints what tests have measured: whatever they recorded as the property `figures`."""
    passed: list[pytest.TestReport] = terminalreporter.stats.get("passed", [])
    figures = [
        (one.nodeid, value) for one in passed for name, value in one.user_properties if name == "figures"
    ]
    if figures:
        terminalreporter.section("figures")
    for test, value in figures:
        terminalreporter.write_line(f"{test.partition('::')[2]}\n{value}\n")
