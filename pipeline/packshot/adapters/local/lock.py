"""One run at a time in one output folder."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from packshot.adapters.local.disk import translated
from packshot.errors import StorageError


class FolderLock:
    """Held from `with` to its end; the kernel lets go of it when the process dies, however it dies.

    Raises (on entering):
        StorageError: output_locked when another process holds it; output_not_writable, also where the file
            system knows no locks.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        with translated(self._path):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(descriptor)
            raise self._refused(error) from error
        self._descriptor = descriptor
        return self

    def _refused(self, error: OSError) -> StorageError:
        out = str(self._path.parent.parent)
        if isinstance(error, BlockingIOError):
            return StorageError("output_locked", path=out)
        # Some network file systems have none; without, two runs at once would overwrite each other's files.
        reason = (
            f"its file system can't lock files, {error.strerror}; choose a folder on a disk of this machine"
        )
        return StorageError("output_not_writable", path=out, reason=reason)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # The file stays: removing it would let two runs lock two files of one name.
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
