"""Writing files whole, and the operating system's errors as ours."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from packshot.errors import PermanentError, StorageError, StoreUnavailableError

_FULL: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_REFUSED: Final = {
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.ENOTDIR,
    errno.EISDIR,
    errno.EEXIST,
    errno.ENAMETOOLONG,
}

#: Start of the names of half-written files; a run removes what a killed one left of them.
PARTIAL: Final = ".packshot-partial-"


def storage_error(error: OSError, path: Path | str) -> PermanentError | StoreUnavailableError:
    """The operating system's error as ours: disk_full, output_not_writable, or store_unavailable."""
    if error.errno in _FULL:
        return StorageError("disk_full", path=str(path))
    reason = error.strerror or type(error).__name__
    if error.errno in _REFUSED:
        return StorageError("output_not_writable", path=str(path), reason=reason)
    return StoreUnavailableError("store_unavailable", reason=f"{path}: {reason}")


@contextlib.contextmanager
def translated(path: Path | str) -> Iterator[None]:
    """Raises the errors of the block's file operations as ours."""
    try:
        yield
    except OSError as error:
        raise storage_error(error, path) from error


@contextlib.contextmanager
def whole_file(path: Path, *, durable: bool = False) -> Iterator[IO[bytes]]:
    """A file to write that stands under `path` when the block ends well, and not at all otherwise.

    Args:
        path: its folder is made when it is not there.
        durable: wait until the disk has it. Without, a power cut may lose the file, never a process.

    Raises:
        StorageError, StoreUnavailableError: as `storage_error` says.
    """
    with translated(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        # In the same folder, so that the rename can't cross file systems. Not by `tempfile`, which makes
        # files private: results are for whoever the umask lets read.
        partial = path.parent / f"{PARTIAL}{secrets.token_hex(8)}"
        try:
            with partial.open("xb") as file:
                yield file
                if durable:
                    file.flush()
                    os.fsync(file.fileno())
            partial.replace(path)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
        if durable:
            _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_empty_folders(folder: Path, root: Path) -> None:
    """Removes `folder` and its parents below `root` as long as they are empty."""
    while folder != root and root in folder.parents:
        try:
            folder.rmdir()
        except OSError:
            # Not empty, or somebody else's: then it stays, which harms nothing.
            return
        folder = folder.parent
