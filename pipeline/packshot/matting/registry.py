"""The background networks of this machine: the shipped one, and files that the user has added.

Added files are copied into a folder (see `packshot.matting.index`); their SHA-256 is recorded when they are
added and checked each time they are loaded.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Final

import numpy as np
import platformdirs

from packshot.contracts.base import DEFAULT_MODEL, MODEL_NAME
from packshot.errors import ModelError
from packshot.matting.confidence import Calibration
from packshot.matting.index import (
    ModelEntry,
    file_sha256,
    model_in,
    models_in,
    read_index,
    shipped_card,
    verify_model,
    write_index,
)
from packshot.matting.kinds import KINDS
from packshot.matting.network import OnnxMatting

_NAME: Final = re.compile(MODEL_NAME)


def default_folder() -> Path:
    """Where added models lie: the platform's data folder of this user."""
    return Path(platformdirs.user_data_dir("packshot")) / "models"


def list_models(folder: Path | None = None) -> list[ModelEntry]:
    """The shipped network first, then the added ones by name; errors as `models_in`."""
    return models_in(folder or default_folder())


def find_model(name: str, folder: Path | None = None) -> ModelEntry:
    """The entry of a name; errors as `model_in`."""
    return model_in(name, folder or default_folder())


def load_model(name: str = DEFAULT_MODEL, folder: Path | None = None) -> OnnxMatting:
    """A network, its file's hash checked, ready to run.

    Raises:
        ModelError: `model_unknown`, `model_missing`, `model_changed` or `model_unusable`.
    """
    entry = find_model(name, folder)
    verify_model(entry)
    if entry.kind not in KINDS:
        reason = f"this Packshot knows no network like {entry.kind}"
        raise ModelError("model_unusable", name=name, reason=reason)
    calibration = Calibration.of_card(shipped_card()) if entry.shipped else Calibration()
    return OnnxMatting(entry.name, KINDS[entry.kind], entry.path, entry.sha256, calibration)


def add_model(
    file: Path, like: str, name: str | None = None, licence: str | None = None, folder: Path | None = None
) -> ModelEntry:
    """Copies a network's file into the user's folder and records its hash, after a trial run.

    Args:
        file: an ONNX file.
        like: its kind, one of `KINDS`.
        name: how it is called afterwards; the file's stem when None.
        licence: what the user knows of it.
        folder: where added models lie; `default_folder()` when None.

    Raises:
        ModelError: `model_unknown` (kind), `model_missing`, `model_unusable`.
    """
    folder = folder or default_folder()
    name = name or file.stem.lower()
    if like not in KINDS:
        raise ModelError("model_unknown", name=like, known=", ".join(KINDS))
    if not _NAME.fullmatch(name) or name == DEFAULT_MODEL:
        raise ModelError("model_unusable", name=name, reason="this name can't be used")
    if not file.is_file():
        raise ModelError("model_missing", name=name, path=str(file))
    sha256 = file_sha256(file)
    # A file of another signature fails here and now, not in the middle of a batch.
    trial = OnnxMatting(name, KINDS[like], file, sha256, Calibration())
    trial.predict(np.full((64, 48, 3), 128, np.uint8))
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{name}.onnx"
    if file.resolve() != target.resolve():
        shutil.copyfile(file, target)
    entry = ModelEntry(
        name=name,
        kind=like,
        path=target,
        sha256=sha256,
        licence=licence or KINDS[like].licence,
        shipped=False,
    )
    others = [known for known in read_index(folder) if known.name != name]
    write_index(folder, sorted([*others, entry], key=lambda known: known.name))
    return entry
