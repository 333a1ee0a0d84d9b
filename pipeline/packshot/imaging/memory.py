"""A lack of memory, however it is told."""

from __future__ import annotations

import cv2


def lacks_memory(error: Exception) -> bool:
    """True when memory was refused; OpenCV says so in a way of its own."""
    if isinstance(error, cv2.error):
        return bool(error.code == cv2.Error.StsNoMem)
    return isinstance(error, MemoryError)
