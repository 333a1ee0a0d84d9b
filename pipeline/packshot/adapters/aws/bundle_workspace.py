"""A `Workspace` for one stage in Lambda: reads from the bundles of earlier stages, leaves one of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from packshot.adapters.aws.bundles import Kept, Original, Place, read_part, write_bundle
from packshot.adapters.aws.objects import S3ObjectStore
from packshot.adapters.aws.workspace import decode_pixels, encode_pixels
from packshot.errors import InternalError, StorageError
from packshot.stages.workspace import Pixels

T = TypeVar("T")

_PIXELS: Final = ".png"
#: Written at once, as an object of its own: the photo must not be fetched a second time, and a failed
#: record says which bytes could not be read. One that lies in a bucket of ours is named instead.
_AT_ONCE: Final = frozenset({"source"})


class BundleWorkspace:
    """A `Workspace` over the bundles of earlier stages; `leave` writes this stage's own.

    Args:
        client: of S3.
        bucket: the work bucket.
        prefix: of this image; ends in /.
        kept: what earlier stages left.
        original_of: where a photo lies that needs no copy, by its bytes; None where each is copied.
    """

    def __init__(
        self,
        client: Any,
        bucket: str,
        prefix: str,
        kept: Kept | None = None,
        original_of: Callable[[bytes], Original | None] | None = None,
    ) -> None:
        self._store = S3ObjectStore(client, bucket, prefix)
        self._kept: dict[str, Place] = dict(kept or {})
        self._told: dict[str, Place] = {}
        self._new: dict[str, bytes | Pixels] = {}
        self._bytes: dict[str, bytes] = {}
        self._pixels: dict[str, Pixels] = {}
        self._memo: dict[str, Any] = {}
        self._original_of = original_of

    def put_bytes(self, name: str, data: bytes) -> None:
        if name in _AT_ONCE:
            original = self._original_of(data) if self._original_of is not None else None
            if original is not None:
                self._told[name] = original
            else:
                self._store.put(name, data)
        else:
            self._new[name] = data
        self._bytes[name] = data

    def get_bytes(self, name: str) -> bytes:
        if name not in self._bytes:
            copied = name in _AT_ONCE and name not in self._kept
            self._bytes[name] = self._whole(name) if copied else self._read(name, name)
        return self._bytes[name]

    def put_pixels(self, name: str, pixels: Pixels) -> None:
        pixels.flags.writeable = False
        same = self._place_of(pixels)
        if same is not None:
            # The very picture that an earlier stage left, under another name: it need not be written twice.
            self._told[name + _PIXELS] = same
            self._new.pop(name + _PIXELS, None)
        else:
            self._new[name + _PIXELS] = pixels
        self._pixels[name] = pixels

    def get_pixels(self, name: str) -> Pixels:
        if name not in self._pixels:
            pixels = decode_pixels(self._read(name, name + _PIXELS))
            pixels.flags.writeable = False
            self._pixels[name] = pixels
        return self._pixels[name]

    def has(self, name: str) -> bool:
        if name in self._bytes or name in self._pixels or name in self._kept or name + _PIXELS in self._kept:
            return True
        # What needs no copy has none: that is known without asking.
        return name in _AT_ONCE and self._original_of is None and self._store.size(name) is not None

    def memo(self, name: str, make: Callable[[], T]) -> T:
        if name not in self._memo:
            self._memo[name] = make()
        value: T = self._memo[name]
        return value

    def keep_copies(self) -> None:
        """Copies what was only named, for whoever asks after a stage that has failed and so left no list."""
        for name in _AT_ONCE & self._told.keys():
            self._store.put(name, self._bytes[name])

    def leave(self, stage: str) -> dict[str, Place]:
        """Writes what was put as one object; returns where this stage's things lie."""
        if self._new:
            parts = {name: _encoded(value) for name, value in self._new.items()}
            self._told |= write_bundle(self._store, stage, parts)
            self._new.clear()
        self._kept |= self._told
        return dict(self._told)

    def _place_of(self, pixels: Pixels) -> Place | None:
        known = (name for name, other in self._pixels.items() if other is pixels)
        places = (self._kept.get(name + _PIXELS) for name in known if name + _PIXELS not in self._new)
        return next((place for place in places if place is not None), None)

    def _read(self, name: str, stored: str) -> bytes:
        if stored not in self._kept:
            raise InternalError("internal_error", reason=f"the workspace has no {name}")
        return read_part(self._store, self._kept[stored])

    def _whole(self, name: str) -> bytes:
        try:
            return self._store.get(name)
        except StorageError as error:
            if error.code != "store_corrupt":
                raise
            raise InternalError("internal_error", reason=f"the workspace has no {name}") from error


def _encoded(value: bytes | Pixels) -> bytes:
    return value if isinstance(value, bytes) else encode_pixels(value)
