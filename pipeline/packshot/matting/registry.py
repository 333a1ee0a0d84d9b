"""Which background networks there are: the shipped one, and files that the user has added.

Added files are copied into a folder with an `index.json`; their SHA-256 is recorded when they are
added and checked each time they are loaded, so that a swapped file is noticed.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from importlib import resources
from pathlib import Path
from typing import Any, Final

import numpy as np
import platformdirs
from pydantic import BaseModel, ConfigDict, ValidationError

from packshot.errors import ModelError
from packshot.matting.confidence import Calibration
from packshot.matting.kinds import KINDS
from packshot.matting.network import OnnxMatting

DEFAULT_MODEL: Final = "packshot-matte"
_INDEX = "index.json"
_NAME = re.compile(r"^[a-z0-9][a-z0-9._-]{0,60}$")


class ModelEntry(BaseModel):
    """One network: its name, kind, file, the hash it must have, and its licence."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    kind: str
    path: Path
    sha256: str
    licence: str
    shipped: bool
    version: str = ""


def default_folder() -> Path:
    """Where added models lie: the platform's data folder of this user."""
    return Path(platformdirs.user_data_dir("packshot")) / "models"


def list_models(folder: Path | None = None) -> list[ModelEntry]:
    """The shipped network first, then the added ones by name.

    Raises:
        ModelError: `model_unusable` when the index can't be read.
    """
    return [_shipped(), *_read_index(folder or default_folder())]


def find_model(name: str, folder: Path | None = None) -> ModelEntry:
    """The entry of a name; the shipped network's is found whatever has become of the added ones.

    Raises:
        ModelError: `model_unknown`, or `model_unusable` when the index can't be read.
    """
    if name == DEFAULT_MODEL:
        return _shipped()
    entries = {entry.name: entry for entry in list_models(folder)}
    if name not in entries:
        raise ModelError("model_unknown", name=name, known=", ".join(entries))
    return entries[name]


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
    calibration = Calibration.of_card(_shipped_card()) if entry.shipped else Calibration()
    return OnnxMatting(entry.name, KINDS[entry.kind], entry.path, entry.sha256, calibration)


def verify_model(entry: ModelEntry) -> None:
    """Checks that the file is there and is the one that was recorded.

    Raises:
        ModelError: `model_missing` or `model_changed`.
    """
    if not entry.path.is_file():
        raise ModelError("model_missing", name=entry.name, path=str(entry.path))
    if _sha256(entry.path) != entry.sha256:
        raise ModelError("model_changed", name=entry.name)


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
    if not _NAME.match(name) or name == DEFAULT_MODEL:
        raise ModelError("model_unusable", name=name, reason="this name can't be used")
    if not file.is_file():
        raise ModelError("model_missing", name=name, path=str(file))
    sha256 = _sha256(file)
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
    others = [known for known in _read_index(folder) if known.name != name]
    _write_index(folder, sorted([*others, entry], key=lambda known: known.name))
    return entry


def _shipped() -> ModelEntry:
    card = _shipped_card()
    path = Path(str(resources.files("packshot") / "weights" / f"{DEFAULT_MODEL}.onnx"))
    return ModelEntry(
        name=DEFAULT_MODEL,
        kind=DEFAULT_MODEL,
        path=path,
        sha256=card["file"]["sha256"],
        licence=card["licence"],
        shipped=True,
        version=str(card["version"]),
    )


def _shipped_card() -> dict[str, Any]:
    card = resources.files("packshot") / "weights" / f"{DEFAULT_MODEL}.json"
    try:
        content: dict[str, Any] = json.loads(card.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError("model_missing", name=DEFAULT_MODEL, path=str(card)) from error
    return content


def _read_index(folder: Path) -> list[ModelEntry]:
    index = folder / _INDEX
    if not index.exists():
        return []
    try:
        content = json.loads(index.read_text("utf-8"))
        return [ModelEntry(**{**entry, "path": folder / entry["path"]}) for entry in content]
    except (OSError, ValueError, TypeError, KeyError, ValidationError) as error:
        raise ModelError("model_unusable", name=str(index), reason=str(error)) from error


def _write_index(folder: Path, entries: list[ModelEntry]) -> None:
    content = [{**entry.model_dump(mode="json"), "path": entry.path.name} for entry in entries]
    with tempfile.NamedTemporaryFile("w", dir=folder, delete=False, encoding="utf-8") as file:
        json.dump(content, file, indent=2)
    Path(file.name).replace(folder / _INDEX)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
