"""Which background networks there are, without loading one: the shipped one, and those in a folder.

A folder of networks has an `index.json` beside the files, as `packshot models add` makes it; each file's
SHA-256 stands in it and is checked whenever the file is used, so that a swapped one is noticed.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from importlib import resources
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from packshot.contracts.base import DEFAULT_MODEL
from packshot.errors import ModelError

_INDEX: Final = "index.json"
#: Whoever made a folder of networks, others run them: in a container it is another user.
_READABLE: Final = 0o644


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


def models_in(folder: Path) -> list[ModelEntry]:
    """The shipped network first, then those of a folder by name; a folder need not be there.

    Raises:
        ModelError: `model_unusable` when the index can't be read.
    """
    return [shipped_model(), *read_index(folder)]


def model_in(name: str, folder: Path) -> ModelEntry:
    """The entry of a name; the shipped network's is found whatever has become of the others.

    Raises:
        ModelError: `model_unknown`, or `model_unusable` when the index can't be read.
    """
    if name == DEFAULT_MODEL:
        return shipped_model()
    entries = {entry.name: entry for entry in models_in(folder)}
    if name not in entries:
        raise ModelError("model_unknown", name=name, known=", ".join(entries))
    return entries[name]


def verify_model(entry: ModelEntry) -> None:
    """Checks that the file is there and is the one that was recorded.

    Raises:
        ModelError: `model_missing` or `model_changed`.
    """
    if not entry.path.is_file():
        raise ModelError("model_missing", name=entry.name, path=str(entry.path))
    if file_sha256(entry.path) != entry.sha256:
        raise ModelError("model_changed", name=entry.name)


def copy_models(names: Iterable[str], source: Path, target: Path) -> tuple[ModelEntry, ...]:
    """Makes `target` a folder of these networks alone, each as it was recorded; returns their entries there.

    Args:
        names: of networks in `source`; the shipped one travels in the package and is passed over.
        source: a folder of networks.
        target: a folder, made if need be; what its index says is replaced.

    Raises:
        ModelError: `model_unknown`, `model_missing`, `model_changed`, or `model_unusable`.
    """
    target.mkdir(parents=True, exist_ok=True)
    copied = []
    for name in sorted(set(names) - {DEFAULT_MODEL}):
        entry = model_in(name, source)
        file = target / entry.path.name
        if not entry.path.is_file():
            raise ModelError("model_missing", name=name, path=str(entry.path))
        shutil.copyfile(entry.path, file)
        file.chmod(_READABLE)
        copied.append(entry.model_copy(update={"path": file}))
        # Of the copy: what is asked is what lies there from now on.
        verify_model(copied[-1])
    write_index(target, copied)
    return tuple(copied)


def shipped_model() -> ModelEntry:
    """The network that is in the package."""
    card = shipped_card()
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


def shipped_card() -> dict[str, Any]:
    """What stands beside the shipped network's file: its hash, licence, version and calibration.

    Raises:
        ModelError: `model_missing`.
    """
    card = resources.files("packshot") / "weights" / f"{DEFAULT_MODEL}.json"
    try:
        content: dict[str, Any] = json.loads(card.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError("model_missing", name=DEFAULT_MODEL, path=str(card)) from error
    return content


def read_index(folder: Path) -> list[ModelEntry]:
    """The networks of a folder; none where it has no index.

    Raises:
        ModelError: `model_unusable` when the index can't be read.
    """
    index = folder / _INDEX
    if not index.exists():
        return []
    try:
        content = json.loads(index.read_text("utf-8"))
        return [ModelEntry(**{**entry, "path": folder / entry["path"]}) for entry in content]
    except (OSError, ValueError, TypeError, KeyError, ValidationError) as error:
        raise ModelError("model_unusable", name=str(index), reason=str(error)) from error


def write_index(folder: Path, entries: Sequence[ModelEntry]) -> None:
    """Replaces a folder's index as a whole."""
    content = [{**entry.model_dump(mode="json"), "path": entry.path.name} for entry in entries]
    with tempfile.NamedTemporaryFile("w", dir=folder, delete=False, encoding="utf-8") as file:
        json.dump(content, file, indent=2)
        file.write("\n")
    made = Path(file.name)
    made.chmod(_READABLE)
    made.replace(folder / _INDEX)


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
