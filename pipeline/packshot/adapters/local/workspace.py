"""A `Workspace` in a folder: bytes as files, pixels lossless, each name whole or absent.

It keeps what several processes read: the prepared references of a batch. Pixels are stored as raw
NumPy files: reading one back costs a copy, where PNG costs an inflate of 15 times that (see
docs/decisions/0008-local-store.md), and references are few.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from packshot.adapters.local.disk import translated, whole_file
from packshot.errors import InternalError
from packshot.stages.workspace import Pixels

T = TypeVar("T")

_PIXELS = ".npy"


class FolderWorkspace:
    """Pixels and bytes by name, below a folder that is made with the first of them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._memo: dict[str, Any] = {}

    def put_bytes(self, name: str, data: bytes) -> None:
        with whole_file(self._folder / name) as file:
            file.write(data)

    def get_bytes(self, name: str) -> bytes:
        return self._read(name, "bytes", name)

    def put_pixels(self, name: str, pixels: Pixels) -> None:
        with whole_file(self._folder / (name + _PIXELS)) as file:
            np.save(file, np.ascontiguousarray(pixels), allow_pickle=False)

    def get_pixels(self, name: str) -> Pixels:
        data = self._read(name + _PIXELS, "pixels", name)
        pixels: Pixels = np.load(io.BytesIO(data), allow_pickle=False)
        pixels.flags.writeable = False
        return pixels

    def has(self, name: str) -> bool:
        return (self._folder / name).is_file() or (self._folder / (name + _PIXELS)).is_file()

    def memo(self, name: str, make: Callable[[], T]) -> T:
        if name not in self._memo:
            self._memo[name] = make()
        value: T = self._memo[name]
        return value

    def remove(self, name: str) -> None:
        """Forgets a name; no error when there is none."""
        for path in (self._folder / name, self._folder / (name + _PIXELS)):
            with translated(path):
                path.unlink(missing_ok=True)

    def clear(self) -> None:
        """Forgets everything."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self._memo.clear()

    def sizes(self) -> dict[str, int]:
        """Bytes of each of its files, by name: what tells whether one was cut short."""
        with translated(self._folder):
            return {path.name: path.stat().st_size for path in sorted(self._folder.glob("*"))}

    def _read(self, file: str, kind: str, name: str) -> bytes:
        path = self._folder / file
        if not path.is_file():
            raise InternalError("internal_error", reason=f"the workspace has no {kind} {name}")
        with translated(path):
            return path.read_bytes()
