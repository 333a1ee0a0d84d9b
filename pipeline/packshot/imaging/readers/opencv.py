"""OpenCV's decoder, kept quiet: what is wrong with a file goes into our error, not onto the terminal."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.errors import ImageError
from packshot.imaging.memory import lacks_memory

_SILENT = 0


def decode_unchanged(data: bytes) -> NDArray[Any]:
    """Samples in the file's depth: (H, W) grey, (H, W, 3) BGR or (H, W, 4) BGRA.

    Raises:
        ImageError: `image_corrupt`.
    """
    level = cv2.utils.logging.getLogLevel()
    cv2.utils.logging.setLogLevel(_SILENT)
    try:
        decoded: NDArray[Any] | None = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error as error:
        if lacks_memory(error):
            raise
        decoded = None
    finally:
        cv2.utils.logging.setLogLevel(level)
    if decoded is None:
        raise ImageError("image_corrupt", reason="its picture data can't be decoded")
    return decoded
