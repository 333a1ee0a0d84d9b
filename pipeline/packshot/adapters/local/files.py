"""An `ObjectStore` in a folder."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from packshot.adapters.local.disk import PARTIAL, remove_empty_folders, translated, whole_file
from packshot.errors import PackshotError, StorageError
from packshot.ports import StoredObject


class FolderStore:
    """Files below a folder, by key.

    Each appears whole or not at all. Symbolic links are followed only while they stay below the
    folder, so that no key leads out of it.

    Args:
        root: the folder; made with the first file.
        durable: wait for the disk with each file (3 ms instead of 1 ms for 400 KB on an SSD).
            Without, a power cut may lose a file that was just written, which the next run notices.
    """

    def __init__(self, root: Path, *, durable: bool = False) -> None:
        self._root = root.resolve()
        self._durable = durable

    @property
    def bucket(self) -> None:
        return None

    def put(self, key: str, data: bytes, content_type: str = "application/octet-stream") -> StoredObject:
        del content_type  # a folder keeps none; the name's ending says it
        with whole_file(self.path(key), durable=self._durable) as file:
            file.write(data)
        return StoredObject(key, len(data), hashlib.sha256(data).hexdigest())

    def get(self, key: str) -> bytes:
        path = self.path(key)
        try:
            with translated(path):
                return path.read_bytes()
        except PackshotError as error:
            if path.exists():
                raise
            raise _missing(path) from error

    def stat(self, key: str) -> StoredObject | None:
        path = self.path(key)
        if not path.is_file():
            return None
        with translated(path), path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            return StoredObject(key, os.fstat(file.fileno()).st_size, digest)

    def size(self, key: str) -> int | None:
        path = self.path(key)
        with translated(path):
            return path.stat().st_size if path.is_file() else None

    def version_id(self, key: str, sha256: str) -> str | None:
        return None

    def delete(self, key: str) -> None:
        path = self.path(key)
        with translated(path):
            path.unlink(missing_ok=True)
        remove_empty_folders(path.parent, self._root)

    def move(self, source: str, target: str) -> StoredObject:
        old, new = self.path(source), self.path(target)
        if old.is_file():
            with translated(new):
                new.parent.mkdir(parents=True, exist_ok=True)
                old.replace(new)
            remove_empty_folders(old.parent, self._root)
        moved = self.stat(target)
        if moved is None:
            raise _missing(old)
        return moved

    def take(self, file: Path, key: str) -> None:
        """Renames a finished file of the same file system into the store, replacing; once is enough.

        Raises:
            StorageError: store_corrupt when it is neither there nor here.
        """
        target = self.path(key)
        with translated(target):
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                file.replace(target)
            except FileNotFoundError as error:
                if not target.is_file():
                    raise _missing(file) from error

    def list(self, prefix: str = "") -> Iterator[str]:
        # The prefix may end inside a name, as in S3; its folder part narrows the walk.
        folder = self.path(prefix.rpartition("/")[0]) if "/" in prefix else self._root
        found = (
            (Path(parent) / name).relative_to(self._root).as_posix()
            for parent, _, names in os.walk(folder)
            for name in names
            if not name.startswith(PARTIAL)
        )
        yield from sorted(key for key in found if key.startswith(prefix))

    def path(self, key: str) -> Path:
        """The file of a key.

        Raises:
            StorageError: output_not_writable, when the key would leave the folder.
        """
        pure = PurePosixPath(key)
        plain = bool(key) and not pure.is_absolute() and ".." not in pure.parts
        if not plain or "\\" in key or "\0" in key or not self._inside(self._root / pure):
            raise StorageError(
                "output_not_writable", path=key, reason="the name leads out of the output folder"
            )
        return self._root / pure

    def _inside(self, path: Path) -> bool:
        # Only the folder is resolved: the file itself is replaced, never written through.
        return path.parent.resolve().is_relative_to(self._root)


def _missing(path: Path) -> StorageError:
    return StorageError("store_corrupt", path=str(path), reason="the file is not there")
