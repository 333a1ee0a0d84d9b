"""The usual script: what one writes first, its steps as they stand in a hundred repositories.

Decode in full with cv2, bilateral filter, grey-world white balance in float64, Lanczos warp straight
from full size, PNG files (level 6) between the steps, JPEG quality lowered by 5 until it fits.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

CANVAS = 2000
Clock = dict[str, float]
Look = Callable[[NDArray[np.uint8]], NDArray[np.float32]]


def process(
    data: bytes, folder: Path, looks: tuple[Look, Look], budget: int, clock: Clock
) -> tuple[bytes, NDArray[np.float64]]:
    """One photo to one JPEG of 2000 x 2000 on white, and its photo-to-canvas matrix.

    Args:
        data: the photo's file.
        folder: where the PNG files between the steps go.
        looks: the network on the photo, and on the aligned picture.
        budget: bytes.
        clock: milliseconds per step are added to it.
    """

    def timed(name: str, work: Callable[[], Any]) -> Any:
        started = time.process_time()
        result = work()
        clock[name] = clock.get(name, 0.0) + (time.process_time() - started) * 1000
        return result

    def handed_over(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        path = str(folder / "step.png")
        cv2.imwrite(path, picture, [cv2.IMWRITE_PNG_COMPRESSION, 6])
        return cv2.imread(path)

    photo = timed("decode", lambda: cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR))
    first = timed("network", lambda: looks[0](photo))
    box = _box(first, photo.shape)
    photo = timed("bilateral(9,75,75)", lambda: cv2.bilateralFilter(photo, 9, 75, 75))
    photo = timed("grey world, float64", lambda: _grey_world(photo))
    matrix = _matrix(box)
    aligned = timed("warp, Lanczos", lambda: _warp(photo, matrix))
    aligned = timed("hand over by PNG", lambda: handed_over(aligned))
    alpha = timed("network", lambda: looks[1](aligned))
    alpha = cv2.resize(alpha, (CANVAS, CANVAS))
    finished = timed("composite, float64", lambda: _composite(aligned, alpha))
    finished = timed("hand over by PNG", lambda: handed_over(finished))
    return timed("encode, quality by 5", lambda: _encode(finished, budget)), matrix


def _box(alpha: NDArray[np.float32], shape: tuple[int, ...]) -> tuple[float, float, float, float]:
    rows, columns = np.nonzero(alpha >= 0.5)
    scale = shape[1] / alpha.shape[1]
    left, right = columns.min() * scale, (columns.max() + 1) * scale
    top, bottom = rows.min() * scale, (rows.max() + 1) * scale
    return left, top, right - left, bottom - top


def _grey_world(photo: NDArray[np.uint8]) -> NDArray[np.uint8]:
    values = photo.astype(np.float64)
    means = values.reshape(-1, 3).mean(axis=0)
    return np.clip(values * (means.mean() / means), 0, 255).astype(np.uint8)


def _matrix(box: tuple[float, float, float, float]) -> NDArray[np.float64]:
    x, y, w, h = box
    scale = 0.85 * CANVAS / max(w, h)
    return np.array(
        [[scale, 0, CANVAS / 2 - scale * (x + w / 2)], [0, scale, CANVAS / 2 - scale * (y + h / 2)]]
    )


def _warp(photo: NDArray[np.uint8], matrix: NDArray[np.float64]) -> NDArray[np.uint8]:
    return cv2.warpAffine(
        photo, matrix, (CANVAS, CANVAS), flags=cv2.INTER_LANCZOS4, borderMode=cv2.BORDER_REPLICATE
    )


def _composite(picture: NDArray[np.uint8], alpha: NDArray[np.float32]) -> NDArray[np.uint8]:
    weight = alpha.astype(np.float64)[..., None]
    return (picture * weight + 255.0 * (1 - weight)).astype(np.uint8)


def _encode(picture: NDArray[np.uint8], budget: int) -> bytes:
    for quality in range(95, 4, -5):
        data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()
        if len(data) <= budget:
            return data
    raise ValueError("the budget can't be met")
