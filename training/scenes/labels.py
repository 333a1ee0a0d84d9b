"""Layouts of packaging: the face of a pack, a label that goes all round, the six sides of a carton."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from .artwork import Brand, Canvas, barcode, small_print
from .faces import FACES, upright

Rng = np.random.Generator


def front(rng: Rng, b: Brand, width: int, height: int, style: int | None = None) -> NDArray[np.uint8]:
    """The face of a package in one of the layouts of `faces.FACES`, sRGB uint8 (height, width, 3)."""
    style = int(rng.integers(len(FACES))) if style is None else style
    c = Canvas(width, height, b.ground)
    k = min(1.0, height / width / 1.3)  # on a wide face the height limits the letters
    FACES[style](c, rng, b, k)
    x, room = (0.67, 0.58) if FACES[style] is upright else (0.5, 0.8)
    c.text(b.note, (x, 0.87), 0.05 * k, b.ink, widest=room)
    c.text(b.size, (x, 0.94), 0.055 * k, b.ink, 0.02)
    return c.done()


def wrap(rng: Rng, b: Brand, width: int, height: int, style: int | None = None) -> NDArray[np.uint8]:
    """A label that goes all the way round: the face in the middle, small print and a bar code beside."""
    face = front(rng, b, max(16, int(width * 0.42)), height, style)
    c = Canvas(width, height, tuple(int(v) for v in np.median(face[:, [0, -1]].reshape(-1, 3), axis=0)))  # type: ignore[arg-type]
    small_print(c, rng, 0.03, 0.1, 0.26, 12, 0.06, b.ink)
    barcode(c, rng, 0.76, 0.62, 0.96, 0.92)
    small_print(c, rng, 0.74, 0.1, 0.97, 7, 0.06, b.ink)
    out = c.done()
    x = (width - face.shape[1]) // 2
    out[:, x : x + face.shape[1]] = face
    return out


def carton(
    rng: Rng, b: Brand, unit: int, size: tuple[float, float, float], style: int | None = None
) -> NDArray[np.uint8]:
    """The 3 x 2 atlas of a box (meshes.FACES): front, right, back / left, top, bottom; each tile unit x
    unit, drawn undistorted.
    """
    w, d, h = size
    tiles = []
    for name, (fw, fh) in zip(
        ("front", "right", "back", "left", "top", "bottom"),
        ((w, h), (d, h), (w, h), (d, h), (w, d), (w, d)),
        strict=True,
    ):
        s = unit / max(fw, fh)
        pw, ph = max(16, int(fw * s)), max(16, int(fh * s))
        if name in ("front", "back"):
            art = front(rng, b, pw, ph, style)
        else:
            c = Canvas(pw, ph, b.ground if name != "left" else b.accent)
            c.text(
                b.name,
                (0.5, 0.5 if name in ("top", "bottom") else 0.2),
                0.24,
                b.ink if name != "left" else b.ground,
                0.03,
                0.84,
            )
            if name == "right":
                small_print(c, rng, 0.1, 0.35, 0.92, 9, 0.035, b.ink)
                barcode(c, rng, 0.15, 0.74, 0.85, 0.92)
            art = c.done()
        tiles.append(
            cv2.resize(art, (unit, unit), interpolation=cv2.INTER_AREA if unit <= pw else cv2.INTER_CUBIC)
        )
    return np.concatenate([np.concatenate(tiles[:3], 1), np.concatenate(tiles[3:], 1)], 0)
