"""Networks that see exactly what a test wants them to."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Look = Callable[[NDArray[np.uint8]], NDArray[np.float32]]


class SeeingNetwork:
    """Sees an alpha that a function of the picture gives, at the size of a real network's output."""

    name = "seeing"
    sha256 = "0" * 64

    def __init__(self, look: Look, confidence: float = 0.99) -> None:
        self._look = look
        self._confidence = confidence
        self.looks: list[tuple[int, int]] = []

    def predict(self, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
        self.looks.append((picture.shape[1], picture.shape[0]))
        scale = 320 / max(picture.shape[:2])
        size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
        small = cv2.resize(self._look(picture), size, interpolation=cv2.INTER_AREA)
        return cv2.GaussianBlur(small, (0, 0), 0.8)

    def look_twice(self, picture: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        alpha = self.predict(picture)
        return alpha, alpha

    def confidence(self, alpha: NDArray[np.float32], other: NDArray[np.float32]) -> float:
        return self._confidence if (alpha >= 0.5).any() else 0.0


def reddish(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Alpha of whatever is red: the product of the drawn pictures."""
    red = picture[..., 0].astype(np.float32) - picture[..., 1:].max(axis=2)
    return np.clip((red - 20) / 60, 0, 1).astype(np.float32)
