"""A background network of the user's own, for tests of what is done with added ones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from packshot.contracts.base import DEFAULT_MODEL
from packshot.matting.index import ModelEntry, shipped_model
from packshot.matting.registry import add_model

OWN: Final = "house-matte"
LICENCE: Final = "for this house alone"


def add_own(folder: Path) -> ModelEntry:
    """Adds it to a folder of networks: the shipped file under another name, so that it can cut out."""
    return add_model(shipped_model().path, DEFAULT_MODEL, name=OWN, licence=LICENCE, folder=folder)


@contextmanager
def added_by_the_user(home: Path) -> Iterator[ModelEntry]:
    """As long as this lasts it is one that this machine's user has added."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("packshot.matting.registry.default_folder", lambda: home)
        yield add_own(home)
