"""How the weights are used, as functions on arrays: one pass, or two passes with flip average.

This restates for measuring what the product does in its own code, so that the choice between the ways is
made on numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from training import letterbox

Image = NDArray[np.uint8]
Alpha = NDArray[np.float32]
Network = Callable[[NDArray[np.float32]], NDArray[np.float32]]
SIDE = 320
MARGIN = 0.12


def open_network(path: Path, threads: int = 1) -> Network:
    """[n, 3, 320, 320] -> [n, 320, 320] by onnxruntime."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def run(batch: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(session.run(None, {"image": batch})[0])[:, 0]

    return run


def one_pass(network: Network, image: Image, *, flip: bool = False) -> Alpha:
    """Alpha of the whole picture [h, w]; `flip` averages with the mirrored picture's."""
    square, box = letterbox.apply(image, SIDE)
    return letterbox.undo(_square(network, square, flip), box)


def _square(network: Network, square: NDArray[np.float32], flip: bool) -> NDArray[np.float32]:
    chw = square.transpose(2, 0, 1)[None]
    alpha = network(np.ascontiguousarray(chw))[0]
    if flip:
        alpha = 0.5 * (alpha + network(np.ascontiguousarray(chw[..., ::-1]))[0][:, ::-1])
    return np.ascontiguousarray(alpha)


def largest_component(alpha: Alpha, keep: float = 0.2) -> Alpha:
    """Alpha without what is not part of the largest component or of one at least `keep` as large (pairs of
    shoes).
    """
    mask = (alpha >= 0.5).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    if count <= 2:
        return alpha
    areas = stats[1:, cv2.CC_STAT_AREA]
    small = 1 + np.flatnonzero(areas < keep * areas.max())
    drop = cv2.dilate(np.isin(labels, small).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    big = np.isin(labels, 1 + np.flatnonzero(areas >= keep * areas.max()))
    return np.where(drop & ~big, 0, alpha).astype(np.float32)


def product_box(alpha: Alpha, margin: float = MARGIN) -> tuple[int, int, int, int] | None:
    """(x0, y0, x1, y1) of alpha >= 0.5 widened by `margin` of its sides; None when empty."""
    mask = (alpha >= 0.5).astype(np.uint8)
    if not mask.any():
        return None
    x, y, w, h = cv2.boundingRect(mask)
    mx, my = round(margin * w), round(margin * h)
    return max(0, x - mx), max(0, y - my), min(alpha.shape[1], x + w + mx), min(alpha.shape[0], y + h + my)


def two_passes(network: Network, image: Image, *, flip: bool = False) -> Alpha:
    """The second pass sees the first one's box + 12 % and is averaged with it inside that window."""
    first = largest_component(one_pass(network, image, flip=flip))
    box = product_box(first)
    if box is None:
        return first
    x0, y0, x1, y1 = box
    second = one_pass(network, np.ascontiguousarray(image[y0:y1, x0:x1]), flip=flip)
    out = first.copy()
    out[y0:y1, x0:x1] = 0.5 * (out[y0:y1, x0:x1] + second)
    return largest_component(out)
