"""Photos from this machine's folders, within the roots that are allowed."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from packshot.contracts.limits import MAX_SOURCE_BYTES, file_too_large
from packshot.errors import SourceError
from packshot.manifests.locate import inside, shown

_CHUNK: Final = 1 << 20


class FileReader:
    """Reads regular files under some roots.

    Args:
        roots: folders, or single files, that a path must lie in once its links are followed.
        limit: bytes that a file may have.
    """

    def __init__(self, roots: Sequence[Path], limit: int = MAX_SOURCE_BYTES) -> None:
        self._roots = tuple(os.path.realpath(root) for root in roots)
        self._limit = limit

    def read(self, source: str) -> bytes:
        """The bytes of an absolute path.

        Raises:
            SourceError: `source_missing`, `source_outside_root`, `source_unreadable`, `file_too_large`.
        """
        with self.opened(source) as file:
            return self._read_all(file)

    @contextmanager
    def opened(self, source: str) -> Iterator[io.FileIO]:
        """The file of an absolute path, if it is one that is read; errors as `read`."""
        try:
            real = os.path.realpath(source)
            if not inside(real, self._roots):
                raise SourceError("source_outside_root", source=shown(source))
            # A pipe must not hold the worker up, and what was checked must not become a link meanwhile.
            flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
            descriptor = os.open(real, flags | getattr(os, "O_BINARY", 0))
            with os.fdopen(descriptor, "rb", buffering=0) as file:
                status = os.fstat(descriptor)
                if not stat.S_ISREG(status.st_mode):
                    kind = "a folder" if stat.S_ISDIR(status.st_mode) else "no ordinary file"
                    raise SourceError("source_unreadable", source=shown(source), reason=f"it is {kind}")
                if status.st_size > self._limit:
                    raise file_too_large(self._limit)
                yield file
        except (FileNotFoundError, NotADirectoryError) as error:
            raise SourceError("source_missing", source=shown(source)) from error
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise SourceError("source_unreadable", source=shown(source), reason=reason) from error

    def _read_all(self, file: io.FileIO) -> bytes:
        # The file may still be growing, so what is read is counted, not what was announced.
        parts: list[bytes] = []
        size = 0
        while part := file.read(_CHUNK):
            size += len(part)
            if size > self._limit:
                raise file_too_large(self._limit)
            parts.append(part)
        return b"".join(parts)
