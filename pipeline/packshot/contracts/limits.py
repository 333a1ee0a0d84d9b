"""How much one photo may be, wherever photos are read."""

from __future__ import annotations

from typing import Final

from packshot.errors import SourceError

#: Bytes of a photo's file.
MAX_SOURCE_BYTES: Final = 50_000_000
#: Pixels of a photo; told by its header, before anything is decoded.
MAX_PIXELS: Final = 64_000_000
#: Below this no product can be told from its ground, and tracking pixels and icons are all that is left.
MIN_SIDE: Final = 16


def file_too_large(limit: int = MAX_SOURCE_BYTES) -> SourceError:
    """The error for a photo with more than `limit` bytes."""
    return SourceError("file_too_large", limit_mb=f"{limit / 1e6:g}")
