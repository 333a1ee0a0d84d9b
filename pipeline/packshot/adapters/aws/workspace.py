"""A `Workspace` in the work bucket: where one image's pixels live between two functions.

Pixels travel as PNG, Huffman-only after the Sub filter: for a picture of 2000 x 2000 with a photo's
noise the fastest lossless form that OpenCV writes (97 ms and 6.2 MB, read back in 56 ms; PNG level 1
takes 247 ms). See docs/decisions/0008-local-store.md.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

import cv2
import numpy as np

from packshot.adapters.aws.objects import S3ObjectStore
from packshot.errors import InternalError, StorageError
from packshot.stages.workspace import Pixels

T = TypeVar("T")

_PIXELS: Final = ".png"
_FAST: Final = (
    cv2.IMWRITE_PNG_STRATEGY,
    cv2.IMWRITE_PNG_STRATEGY_HUFFMAN_ONLY,
    cv2.IMWRITE_PNG_FILTER,
    cv2.IMWRITE_PNG_FILTER_SUB,
)
#: Bytes of pixels up to which a third of the file is worth two milliseconds.
_FEW: Final = 1 << 17
_SMALL: Final = (cv2.IMWRITE_PNG_COMPRESSION, 6)


class S3Workspace:
    """Pixels and bytes by name, below a prefix of the work bucket.

    What this process has put or read is kept in memory as well, so that a function that runs several
    stages, or reads a picture twice, moves it once.

    Args:
        client: of S3.
        bucket: the work bucket.
        prefix: of this image; ends in /.
        in_memory: names of bytes that stay in this process: nobody else asks for them.
    """

    def __init__(
        self, client: Any, bucket: str, prefix: str, in_memory: frozenset[str] = frozenset()
    ) -> None:
        self._store = S3ObjectStore(client, bucket, prefix)
        self._in_memory = in_memory
        self._bytes: dict[str, bytes] = {}
        self._pixels: dict[str, Pixels] = {}
        self._memo: dict[str, Any] = {}

    def put_bytes(self, name: str, data: bytes) -> None:
        if name not in self._in_memory:
            self._store.put(name, data)
        self._bytes[name] = data

    def get_bytes(self, name: str) -> bytes:
        if name not in self._bytes:
            self._bytes[name] = self._read(name, "bytes", name)
        return self._bytes[name]

    def put_pixels(self, name: str, pixels: Pixels) -> None:
        pixels.flags.writeable = False
        self._store.put(name + _PIXELS, encode_pixels(pixels), "image/png")
        self._pixels[name] = pixels

    def get_pixels(self, name: str) -> Pixels:
        if name not in self._pixels:
            pixels = decode_pixels(self._read(name + _PIXELS, "pixels", name))
            pixels.flags.writeable = False
            self._pixels[name] = pixels
        return self._pixels[name]

    def has(self, name: str) -> bool:
        if name in self._bytes or name in self._pixels or name in self._in_memory:
            return name in self._bytes or name in self._pixels
        return self._store.size(name) is not None or self._store.size(name + _PIXELS) is not None

    def memo(self, name: str, make: Callable[[], T]) -> T:
        if name not in self._memo:
            self._memo[name] = make()
        value: T = self._memo[name]
        return value

    def _read(self, key: str, kind: str, name: str) -> bytes:
        try:
            return self._store.get(key)
        except StorageError as error:
            if error.code != "store_corrupt":
                raise
            raise InternalError("internal_error", reason=f"the workspace has no {kind} {name}") from error


def encode_pixels(pixels: Pixels) -> bytes:
    """A picture (H, W, 3) RGB or mask (H, W), uint8, as PNG."""
    done, data = cv2.imencode(_PIXELS, _swapped(pixels), _SMALL if pixels.size <= _FEW else _FAST)
    if not done:
        raise InternalError("internal_error", reason="a picture could not be handed over")
    return data.tobytes()


def decode_pixels(data: bytes) -> Pixels:
    """What `encode_pixels` was given, bit for bit."""
    found = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if found is None:
        raise InternalError("internal_error", reason="a picture could not be taken over")
    return _swapped(np.asarray(found, np.uint8))


def _swapped(pixels: Pixels) -> Pixels:
    # OpenCV's files are BGR in memory; in the file it is RGB, as other readers expect.
    return pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), np.uint8)
