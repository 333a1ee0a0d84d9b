"""The background networks of a stack, without loading one."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib import resources


@lru_cache(maxsize=8)
def model_sha256(name: str) -> str:
    """SHA-256 of a network's file as its card tells it; empty for one that does not exist here.

    The stages check the file against the card whenever they load it.
    """
    card = resources.files("packshot") / "weights" / f"{name}.json"
    if not name.isprintable() or "/" in name or not card.is_file():
        return ""
    sha256: str = json.loads(card.read_text("utf-8"))["file"]["sha256"]
    return sha256
