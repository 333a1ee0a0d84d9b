"""The background networks of a stack: the package's own, and those that were baked into its images.

containers/Dockerfile puts the latter's files where the stages are, and their index wherever names are asked.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from packshot.errors import ModelError
from packshot.matting.index import models_in


def baked_folder() -> Path:
    """Where an image has its networks: beside the code, wherever Lambda says that it is."""
    return Path(os.environ.get("LAMBDA_TASK_ROOT", "/var/task")) / "models"


def model_sha256(name: str) -> str:
    """SHA-256 of a network's file as it was recorded; empty for one that does not exist here.

    The stages check the file against it whenever they load it.
    """
    return _hashes().get(name, "")


def stack_models() -> tuple[str, ...]:
    """Names of the networks that a stack has, the package's own first."""
    return tuple(_hashes())


def check_model(name: str) -> None:
    """Refuses a network that the stack does not have; said once, instead of by each of a million images.

    Raises:
        ModelError: model_unknown.
    """
    if name not in stack_models():
        raise ModelError("model_unknown", name=name, known=", ".join(stack_models()))


@lru_cache(maxsize=1)
def _hashes() -> dict[str, str]:
    return {entry.name: entry.sha256 for entry in models_in(baked_folder())}
