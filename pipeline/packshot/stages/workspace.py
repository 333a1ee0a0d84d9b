"""Where one image's intermediate pixels live: memory in a worker, the work bucket in Lambda.

Names in use (all pixels uint8; pictures (H, W, 3) RGB in sRGB, masks (H, W) with 0-255 for 0-1):

    source            bytes of the source file (absent when it lies in our own bucket)
    coarse            mask of the product, upright, longer side <= 320
    aligned           picture on the canvas, edges of the source replicated outwards
    aligned_sampled   every 8th pixel of it in both directions: what tells the light
    aligned_alpha     the source's own alpha on the canvas; absent when it had none
    aligned_inside    255 where the canvas lies inside the source; absent when everywhere
    alpha             the final alpha on the canvas
    foreground        aligned, with edge colours decontaminated
    finished          foreground (aligned for background `keep`), enhanced
    renditions/<name>.<ext>   bytes of the output files

Of a reference, under references/<reference_id>:

    facts.json        ReferenceFacts
    features.npz      keypoints and descriptors
    coarse            its mask
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from packshot.errors import InternalError

Pixels = NDArray[np.uint8]
#: Of `aligned_sampled`; more pixels of the canvas tell nothing more of the light.
SAMPLE_STEP: Final = 8
T = TypeVar("T")


class Workspace(Protocol):
    """Pixels and bytes by name; what was put is got back bit for bit."""

    def put_bytes(self, name: str, data: bytes) -> None:
        """Keeps bytes under a name."""
        ...

    def get_bytes(self, name: str) -> bytes:
        """Bytes under a name; `InternalError` when there are none."""
        ...

    def put_pixels(self, name: str, pixels: Pixels) -> None:
        """Keeps a picture or mask; it must not be written to afterwards."""
        ...

    def get_pixels(self, name: str) -> Pixels:
        """A picture or mask, not to be written to; `InternalError` when there is none."""
        ...

    def has(self, name: str) -> bool:
        """True when bytes or pixels stand under the name."""
        ...

    def memo(self, name: str, make: Callable[[], T]) -> T:
        """`make()`, kept for the next caller where that costs nothing (in memory); never stored."""
        ...


class MemoryWorkspace:
    """A workspace in this process's memory: nothing is encoded, nothing copied."""

    def __init__(self) -> None:
        self._bytes: dict[str, bytes] = {}
        self._pixels: dict[str, Pixels] = {}
        self._memo: dict[str, Any] = {}

    def put_bytes(self, name: str, data: bytes) -> None:
        self._bytes[name] = data

    def get_bytes(self, name: str) -> bytes:
        if name not in self._bytes:
            raise InternalError("internal_error", reason=f"the workspace has no bytes {name}")
        return self._bytes[name]

    def put_pixels(self, name: str, pixels: Pixels) -> None:
        # A stage that wrote into another's picture would differ from the run on AWS.
        pixels.flags.writeable = False
        self._pixels[name] = pixels

    def get_pixels(self, name: str) -> Pixels:
        if name not in self._pixels:
            raise InternalError("internal_error", reason=f"the workspace has no pixels {name}")
        return self._pixels[name]

    def has(self, name: str) -> bool:
        return name in self._bytes or name in self._pixels

    def memo(self, name: str, make: Callable[[], T]) -> T:
        if name not in self._memo:
            self._memo[name] = make()
        value: T = self._memo[name]
        return value
