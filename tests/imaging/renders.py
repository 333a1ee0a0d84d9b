"""The rendered packages of tests/data/shots, and photographs of them under a known similarity."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from packshot.imaging.geometry import Array, scale_of, similarity
from tests.imaging.packages import Photo

FOLDER = Path(__file__).parents[1] / "data" / "shots"


@dataclass(frozen=True)
class Render:
    """A physically based picture of a package.

    Attributes:
        picture: (H, W, 3) uint8 RGB.
        alpha: (H, W) uint8, exact.
        points: (N, 2) points on the product, pixels of the picture; the same ones for one subject.
        facts: all that the renderer has written down.
    """

    picture: np.ndarray
    alpha: np.ndarray
    points: Array
    facts: dict[str, object]

    @property
    def photo(self) -> Photo:
        """As it is."""
        return Photo(self.picture, self.alpha, similarity(1, 0, (0, 0), (0, 0)))

    def shot(self, seed: int, zoom: float, angle: float) -> Photo:
        """Photographed anew: zoomed, turned and moved, with another lamp, blur, noise and JPEG."""
        generator = np.random.default_rng(seed)
        height, width = self.alpha.shape
        xs, ys = np.nonzero(self.alpha.max(axis=0) >= 128)[0], np.nonzero(self.alpha.max(axis=1) >= 128)[0]
        middle = ((xs[0] + xs[-1]) / 2, (ys[0] + ys[-1]) / 2)
        largest = 0.93 / max((xs[-1] - xs[0]) / width, (ys[-1] - ys[0]) / height)
        turned = abs(np.cos(np.radians(angle))) + 0.75 * abs(np.sin(np.radians(angle)))
        zoom = min(zoom, largest / turned)
        aim = (width / 2 + generator.uniform(-9, 9), height / 2 + generator.uniform(-9, 9))
        matrix = similarity(zoom, angle, middle, aim)
        picture, mask = (self._drawn(side, matrix) for side in (self.picture, self.alpha))
        light = 1 + generator.uniform(-0.15, 0.15) * np.linspace(-1, 1, width)[None, :, None]
        lit = picture * light * generator.uniform(0.75, 1.15) * generator.uniform(0.95, 1.05, 3)
        noisy = lit + generator.normal(0, generator.uniform(1, 5), lit.shape)
        done, file = cv2.imencode(".jpg", noisy.clip(0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 88])
        assert done
        return Photo(cv2.imdecode(file, cv2.IMREAD_COLOR), mask, matrix)

    def _drawn(self, pixels: np.ndarray, matrix: Array) -> np.ndarray:
        soft = pixels if scale_of(matrix) > 0.9 else cv2.GaussianBlur(pixels, (0, 0), 0.5 / scale_of(matrix))
        size = (pixels.shape[1], pixels.shape[0])
        return cv2.warpAffine(soft, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


@lru_cache(maxsize=1)
def renders() -> tuple[Render, ...]:
    """All of them, in the order of shots.json."""
    return tuple(_read(facts) for facts in json.loads((FOLDER / "shots.json").read_text()))


def _read(facts: dict[str, object]) -> Render:
    picture = cv2.imread(str(FOLDER / str(facts["file"])), cv2.IMREAD_COLOR)
    alpha = cv2.imread(str(FOLDER / str(facts["alpha"])), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    assert alpha is not None
    points = np.array(facts["points_px"], dtype=np.float64)
    return Render(np.ascontiguousarray(picture[..., ::-1]), alpha, points, facts)
