"""Printed packages, drawn, and photographs of them under a known similarity."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from packshot.imaging.features import Features, close_up, find_features
from packshot.imaging.geometry import Array, apply, bounds, resampling, scale_of, similarity
from packshot.imaging.pyramid import Pyramid
from packshot.imaging.segment import segment

_WORDS = ("Alba", "Nordic", "Crisp", "Oats", "Pure", "Honey", "Tea", "Mint", "Soap", "Fresh", "Daily", "Care")
_UPRIGHT = similarity(1, 0, (0, 0), (0, 0))


@dataclass(frozen=True)
class Package:
    """A package's front: (H, W, 3) uint8, and its silhouette (H, W) uint8."""

    front: np.ndarray
    silhouette: np.ndarray

    @property
    def points(self) -> Array:
        """A grid of points on it, (N, 2)."""
        height, width = self.silhouette.shape
        xs, ys = np.meshgrid(np.linspace(0, width - 1, 12), np.linspace(0, height - 1, 16))
        grid = np.column_stack([xs.ravel(), ys.ravel()])
        on_it = self.silhouette[grid[:, 1].astype(int), grid[:, 0].astype(int)] >= 128
        return grid[on_it]


@dataclass(frozen=True)
class Photo:
    """A photograph: (H, W, 3) uint8, mask of the product (H, W) uint8, package to photo pixels."""

    picture: np.ndarray
    mask: np.ndarray
    truth: Array

    def features(self) -> Features:
        """As the align stage finds them, from a coarse mask whose edge is not exact."""
        coarse = self.coarse(seed=int(self.picture[0, 0, 0]))
        to_source = resampling(self.mask.shape[1] / coarse.shape[1], self.mask.shape[0] / coarse.shape[0])
        return find_features(
            close_up(Pyramid(self.picture), _UPRIGHT, bounds(self.outline()), coarse, to_source)
        )

    def outline(self) -> Array:
        coarse = self.coarse(seed=int(self.picture[0, 0, 0]))
        to_source = resampling(self.mask.shape[1] / coarse.shape[1], self.mask.shape[0] / coarse.shape[0])
        found = segment(coarse)
        assert found is not None
        return apply(to_source, found.outline)

    def coarse(self, seed: int) -> np.ndarray:
        """The mask as a network gives it: small, soft, its edge a pixel off here and there."""
        scale = 320 / max(self.mask.shape)
        size = (round(self.mask.shape[1] * scale), round(self.mask.shape[0] * scale))
        small = cv2.resize(self.mask, size, interpolation=cv2.INTER_AREA).astype(np.float32)
        noise = np.random.default_rng(seed).normal(0, 1, (2, *small.shape)).astype(np.float32)
        dx, dy = (cv2.GaussianBlur(plane, (0, 0), 5) * 12 for plane in noise)
        ys, xs = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32)
        moved = cv2.remap(small, xs + dx, ys + dy, cv2.INTER_LINEAR)
        return cv2.GaussianBlur(moved, (0, 0), 0.8).round().astype(np.uint8)


def package(seed: int, width: int = 520, height: int = 720, shape: str = "box") -> Package:
    """A front full of shapes, words and fine print, different for each seed."""
    generator = np.random.default_rng(seed)
    base = generator.integers(40, 230, 3)
    shading = 1 - 0.25 * np.linspace(0, 1, height)[:, None, None]
    front = np.ascontiguousarray(np.broadcast_to(base * shading, (height, width, 3)).astype(np.uint8))
    for _ in range(int(generator.integers(4, 9))):
        at = (int(generator.integers(0, width)), int(generator.integers(0, height)))
        size = (
            int(generator.integers(width // 20, width // 4)),
            int(generator.integers(width // 30, width // 5)),
        )
        turn = float(generator.integers(0, 180))
        cv2.ellipse(front, at, size, turn, 0, 360, _colour(generator), -1, cv2.LINE_AA)
    for _ in range(4):
        at = (int(generator.integers(0, width // 2)), int(generator.integers(height // 10, height)))
        text = " ".join(generator.choice(_WORDS, 2))
        cv2.putText(
            front, text, at, 0, float(generator.uniform(0.8, 2.2)), _colour(generator), 3, cv2.LINE_AA
        )
    for line in range(6):
        letters = "".join(generator.choice(list("abcdefghij klmnop qrstuv"), 40))
        at = (width // 12, round(height * 0.7) + line * height // 40)
        cv2.putText(front, letters, at, 0, width * 0.0011, (20, 20, 20), 1, cv2.LINE_AA)
    return Package(front, silhouette(width, height, shape))


def silhouette(width: int, height: int, shape: str) -> np.ndarray:
    """A box, a bottle or a can from the front."""
    mask = np.zeros((height, width), np.uint8)
    if shape == "bottle":
        mask[2 : height // 3, width // 3 : 2 * width // 3] = 255
        mask[height // 3 : -2, 2:-2] = 255
    elif shape == "oval":
        cv2.ellipse(mask, (width // 2, height // 2), (width // 2 - 2, height // 2 - 2), 0, 0, 360, 255, -1)
    else:
        mask[2:-2, 2:-2] = 255
    return mask


def photograph(
    subject: Package,
    seed: int,
    *,
    zoom: float = 0.7,
    angle: float = 0.0,
    size: tuple[int, int] = (720, 720),
    cluttered: bool = False,
) -> Photo:
    """A photo with the product at `zoom` of the frame, turned clockwise, with a lamp, noise and JPEG."""
    generator = np.random.default_rng(seed)
    width, height = size
    centre = (
        width / 2 + generator.uniform(-0.03, 0.03) * width,
        height / 2 + generator.uniform(-0.03, 0.03) * height,
    )
    tall, wide = subject.silhouette.shape
    scale = zoom * min(size) / max(tall, wide)
    truth = similarity(scale, angle, ((wide - 1) / 2, (tall - 1) / 2), centre)
    front, mask = (
        _drawn(subject.front, truth, size),
        _drawn(subject.silhouette, truth, size, cv2.BORDER_CONSTANT),
    )
    lamp = generator.uniform(-0.2, 0.2, 2)
    light = 1 + lamp[0] * np.linspace(-1, 1, width)[None, :] + lamp[1] * np.linspace(-1, 1, height)[:, None]
    alpha = mask[..., None] / 255.0
    ground = _ground(generator, size) if cluttered else np.full((height, width, 3), 230.0)
    picture = ground * (1 - alpha) + front * light[..., None] * alpha
    picture *= generator.uniform(0.75, 1.15) * generator.uniform(0.95, 1.05, 3)
    picture = cv2.GaussianBlur(picture, (0, 0), float(generator.uniform(0.3, 1.2)))
    picture += generator.normal(0, generator.uniform(1, 6), picture.shape)
    done, file = cv2.imencode(".jpg", picture.clip(0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 85])
    assert done
    return Photo(cv2.imdecode(file, cv2.IMREAD_COLOR), mask, truth)


def _drawn(
    pixels: np.ndarray, matrix: Array, size: tuple[int, int], border: int = cv2.BORDER_REPLICATE
) -> np.ndarray:
    """Blurred to what the photo can resolve, then drawn: nothing is halved, so nothing can be shifted."""
    blur = 0.5 / scale_of(matrix)
    soft = cv2.GaussianBlur(pixels, (0, 0), blur)
    return cv2.warpAffine(soft, matrix, size, flags=cv2.INTER_CUBIC, borderMode=border)


def _ground(generator: np.random.Generator, size: tuple[int, int]) -> np.ndarray:
    small = generator.uniform(40, 220, (9, 12, 3)).astype(np.float32)
    ground = cv2.resize(small, size, interpolation=cv2.INTER_CUBIC).clip(0, 255).astype(np.uint8)
    for _ in range(40):
        at = (int(generator.integers(0, size[0])), int(generator.integers(0, size[1])))
        cv2.circle(ground, at, int(generator.integers(4, 60)), _colour(generator), -1, cv2.LINE_AA)
        cv2.putText(ground, str(generator.choice(_WORDS)), at, 0, 1.4, _colour(generator), 2, cv2.LINE_AA)
    return ground.astype(np.float32)


def _colour(generator: np.random.Generator) -> tuple[int, ...]:
    return tuple(int(value) for value in generator.integers(0, 255, 3))
