"""Photos and an output folder for the runner's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.local.catalogues import (
    photos,
)

MIXED = {
    "mugs/red/front.jpg": "ok 1",
    "mugs/red/side.jpg": "review 2",
    "mugs/blue/front.jpg": "corrupt 3",
    "mugs/blue/side.jpg": "boom 4",
    "lamp.jpg": "ok 5",
}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return photos(tmp_path / "in", MIXED)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"
