"""12-megapixel product photos that the benchmark draws itself: a labelled carton on a shaded table."""

from __future__ import annotations

import cv2
import numpy as np
import simplejpeg
from numpy.typing import NDArray

WIDTH, HEIGHT = 4000, 3000
Pixels = NDArray[np.uint8]


def carton(seed: int) -> tuple[Pixels, NDArray[np.float32]]:
    """One photo and its exact alpha: (3000, 4000, 3) uint8 RGB and (3000, 4000) float32 in 0-1."""
    random = np.random.default_rng(seed)
    centre = (WIDTH / 2 + random.uniform(-250, 250), HEIGHT / 2 + random.uniform(-120, 120))
    size = (random.uniform(1300, 1700), random.uniform(1700, 2000))
    outline = cv2.boxPoints((centre, size, random.uniform(-6, 6))).astype(np.float32)
    alpha = _polygon(outline)
    label = _label(random, 1200, 1500)
    front = np.array([[0, 0], [1199, 0], [1199, 1499], [0, 1499]], np.float32)
    front_to_photo = cv2.getPerspectiveTransform(front, _clockwise(outline))
    product = cv2.warpPerspective(
        label, front_to_photo, (WIDTH, HEIGHT), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE
    )
    ground = _ground(random)
    shadow = cv2.GaussianBlur(cv2.resize(_polygon(np.add(outline, (60, 80))), (500, 375)), (0, 0), 12)
    ground *= 1 - 0.35 * cv2.resize(shadow, (WIDTH, HEIGHT))[..., None]
    light = np.linspace(1.05, 0.85, WIDTH, dtype=np.float32)[None, :, None]
    photo = (product.astype(np.float32) * alpha[..., None] + ground * (1 - alpha[..., None])) * light
    noise = random.standard_normal((HEIGHT, WIDTH, 1), np.float32) * 2.0
    return np.clip(photo + noise, 0, 255).astype(np.uint8), alpha


def as_jpeg(photo: Pixels) -> bytes:
    """As a camera writes it: quality 92, 4:2:0."""
    return bytes(simplejpeg.encode_jpeg(photo, quality=92, colorspace="RGB", colorsubsampling="420"))


def _polygon(outline: NDArray[np.float32]) -> NDArray[np.float32]:
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.fillConvexPoly(mask, np.rint(outline * 16).astype(np.int32), 255, cv2.LINE_AA, 4)
    return mask.astype(np.float32) / 255


def _clockwise(outline: NDArray[np.float32]) -> NDArray[np.float32]:
    """The corners from the upper left on, clockwise."""
    order = np.argsort(np.arctan2(*(outline - outline.mean(axis=0)).T[::-1]))
    return np.ascontiguousarray(outline[order])


def _label(random: np.random.Generator, width: int, height: int) -> Pixels:
    base = random.integers(40, 220, 3)
    label = np.full((height, width, 3), base, np.uint8)
    for _ in range(14):
        colour = tuple(int(value) for value in random.integers(0, 255, 3))
        corner = random.integers(0, (width, height))
        far = corner + random.integers(60, 420, 2)
        cv2.rectangle(label, corner.tolist(), far.tolist(), colour, -1, cv2.LINE_AA)
    for line in range(12):
        text = "".join(random.choice(list("ABCDEFGHKLMNPRSTUVWXYZ 0123456789"), 16))
        place = (40, 110 + line * 118)
        cv2.putText(label, text, place, cv2.FONT_HERSHEY_DUPLEX, 2.6, (250, 250, 245), 6, cv2.LINE_AA)
    paper = random.normal(0, 4, (height, width, 1))
    return np.clip(label + paper, 0, 255).astype(np.uint8)


def _ground(random: np.random.Generator) -> NDArray[np.float32]:
    tone = random.uniform(175, 215)
    clouds = cv2.resize(random.normal(0, 6, (12, 16, 1)).astype(np.float32), (WIDTH, HEIGHT))
    return np.repeat((tone + clouds)[..., None], 3, axis=2).astype(np.float32)
