"""Pictures with an exact alpha, drawn at four times their size and brought down."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Truth:
    """A composite with what it was made of: all float32 in 0-1 but the picture (uint8)."""

    picture: NDArray[np.uint8]
    alpha: NDArray[np.float32]
    product: NDArray[np.float32]

    def small(self, side: int = 320, blur: float = 1.2) -> NDArray[np.float32]:
        """What a network of that size would see of the alpha."""
        scale = side / max(self.alpha.shape)
        size = (round(self.alpha.shape[1] * scale), round(self.alpha.shape[0] * scale))
        low = cv2.resize(self.alpha, size, interpolation=cv2.INTER_AREA)
        return cv2.GaussianBlur(low, (0, 0), blur)


def ring_with_strap(
    side: int, product: tuple[int, int, int], ground: tuple[int, int, int], noise: float = 2.0
) -> Truth:
    """A ring (its hole open) with a thin strap, a little textured, on a shaded ground."""
    big = np.zeros((side * 4, side * 4), np.uint8)
    cv2.circle(big, (side * 2, side * 2), int(side * 1.2), 255, -1)
    cv2.circle(big, (side * 2, side * 2), int(side * 0.5), 0, -1)
    cv2.line(big, (side * 2, side // 4), (side * 2, side), 255, max(2, side // 25))
    alpha = cv2.resize(big, (side, side), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    random = np.random.default_rng(side)
    texture = cv2.GaussianBlur(random.normal(0, 1, (side, side)).astype(np.float32), (0, 0), 2)
    own = np.asarray(product, np.float32) / 255 + texture[..., None] * 0.05
    slope = np.linspace(-0.06, 0.06, side, dtype=np.float32)[:, None, None]
    behind = np.asarray(ground, np.float32) / 255 + slope + np.zeros((1, side, 1), np.float32)
    mixed = alpha[..., None] * own + (1 - alpha[..., None]) * behind
    mixed += random.normal(0, noise / 255, mixed.shape)
    picture = np.rint(np.clip(mixed, 0, 1) * 255).astype(np.uint8)
    return Truth(picture, alpha, np.clip(own, 0, 1).astype(np.float32))


def edge_band(alpha: NDArray[np.float32], reach: int = 10) -> NDArray[np.bool_]:
    """Pixels within `reach` of where the alpha is open."""
    edge = ((alpha > 0.02) & (alpha < 0.98)).astype(np.uint8)
    return cv2.dilate(edge, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)) > 0
