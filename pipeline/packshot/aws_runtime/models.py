"""The background networks of a stack, without loading one."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable


@lru_cache(maxsize=8)
def model_sha256(name: str) -> str:
    """SHA-256 of a network's file as its card tells it; empty for one that does not exist here.

    The stages check the file against the card whenever they load it.
    """
    if name not in stack_models():
        return ""
    sha256: str = json.loads((_cards() / f"{name}.json").read_text("utf-8"))["file"]["sha256"]
    return sha256


@lru_cache(maxsize=1)
def stack_models() -> tuple[str, ...]:
    """Names of the networks that a stack has: those of the package."""
    found = (entry.name for entry in _cards().iterdir())
    return tuple(sorted(name.removesuffix(".json") for name in found if name.endswith(".json")))


def _cards() -> Traversable:
    return resources.files("packshot") / "weights"
