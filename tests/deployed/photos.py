"""Small photos, whole and broken, and manifests of them."""

from __future__ import annotations

import csv
import io
import zlib
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import cv2
import numpy as np

#: Small pictures stay small with it, as it never enlarges; one file each.
QUICK: Final = {"preset": "google"}
COLUMNS: Final = ("product_group_id", "sku_id", "image_url", "image_type", "reference")


@lru_cache(maxsize=64)
def mug(number: int = 0) -> bytes:
    """A dark mug on a light ground, 400 x 300, as JPEG; each number another colour and place."""
    picture = np.full((300, 400, 3), 226, np.uint8)
    colour = (40 + 23 * number % 90, 30 + 41 * number % 80, 130 + 17 * number % 70)
    left, top = 130 + 3 * (number % 7), 70 + 2 * (number % 5)
    cv2.rectangle(picture, (left, top), (left + 120, top + 160), colour, -1)
    cv2.ellipse(picture, (left + 122, top + 80), (32, 45), 0, -90, 90, colour, 14)
    noise = np.random.default_rng(number).normal(0, 2, picture.shape)
    return _jpeg(np.clip(picture + noise, 0, 255).astype(np.uint8))


def empty_table() -> bytes:
    """A photo without a product."""
    return _jpeg(np.full((300, 400, 3), 226, np.uint8))


def cut_off(data: bytes) -> bytes:
    """A photo whose upload stopped halfway."""
    return data[: len(data) // 2]


def too_large() -> bytes:
    """A PNG of 72 megapixels, a few hundred bytes, of which only the head is true."""
    size = (9000).to_bytes(4, "big") + (8000).to_bytes(4, "big")
    head = _chunk(b"IHDR", size + bytes([8, 2, 0, 0, 0]))
    return b"\x89PNG\r\n\x1a\n" + head + _chunk(b"IDAT", zlib.compress(bytes(64))) + _chunk(b"IEND", b"")


def manifest(rows: Iterable[tuple[str, ...]]) -> bytes:
    """A manifest in CSV; rows may leave out their last columns."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    table.writerows((*row, *("",) * (len(COLUMNS) - len(row))) for row in rows)
    return text.getvalue().encode()


def _jpeg(picture: np.ndarray) -> bytes:
    done, data = cv2.imencode(".jpg", picture, (cv2.IMWRITE_JPEG_QUALITY, 92))
    assert done
    return data.tobytes()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")
