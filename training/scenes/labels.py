"""Layouts of packaging: the face of a pack, a label that goes all round, the six sides of a carton."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pil

from . import textures
from .artwork import Brand, Canvas, barcode, emblem, small_print

Rng = np.random.Generator


def front(rng: Rng, b: Brand, width: int, height: int, style: int | None = None) -> NDArray[np.uint8]:
    """The face of a package. Style 0 centred, 1 split field, 2 framed, 3 diagonal, 4 printed all over, 5
    vertical word.
    """
    style = int(rng.integers(6)) if style is None else style
    c = Canvas(width, height, b.ground)
    tall = height / width
    k = min(1.0, tall / 1.3)  # on a wide face the height limits the letters
    emblem_r = 0.22 * k
    if style == 1:
        cut = rng.uniform(0.42, 0.6)
        c.box(0, 0, 1, cut, b.accent)
        emblem(c, rng, (0.5, cut * 0.5), emblem_r * 0.9, replace(b, ground=b.accent, accent=b.ground))
        c.text(b.name, (0.5, cut + 0.11), 0.19 * k, b.ink, 0.022)
        c.text(b.goods, (0.5, cut + 0.22), 0.085 * k, b.ink)
    elif style == 2:
        c.box(0.05, 0.05 / tall, 0.95, 1 - 0.05 / tall, b.ground, 0.03, outline=b.accent, line=0.012)
        c.text(b.name.upper(), (0.5, 0.2), 0.16 * k, b.accent, 0.02, 0.8)
        emblem(c, rng, (0.5, 0.48), emblem_r * 0.9, b)
        c.text(b.goods, (0.5, 0.76), 0.1 * k, b.ink, 0.01, 0.78)
    elif style == 3:
        c.poly(np.array([[0, 0.28], [1, 0.06], [1, 0.5], [0, 0.72]]), b.accent)
        c.poly(np.array([[0, 0.72], [1, 0.5], [1, 0.55], [0, 0.77]]), b.second)
        c.text(b.name, (0.5, 0.39), 0.22 * k, b.ground, 0.025)
        c.text(b.goods, (0.5, 0.13), 0.1 * k, b.ink, 0.02)
        emblem(c, rng, (0.72, 0.8), emblem_r * 0.7, b)
    elif style == 4:
        art = textures.ground(
            rng,
            max(64, max(width, height) // 2),
            str(rng.choice(["floral", "blobs", "dots", "stripes", "plaid"])),
        )
        c.image.paste(Pil.fromarray(cv2.resize(art, (c.w, c.h), interpolation=cv2.INTER_CUBIC)))
        c.box(0.12, 0.3, 0.88, 0.68, b.ground, 0.05)
        c.text(b.name, (0.5, 0.42), 0.17 * k, b.ink, 0.02, 0.68)
        c.text(b.goods, (0.5, 0.58), 0.085 * k, b.accent, 0.015, 0.66)
    elif style == 5:
        c.box(0, 0, 0.34, 1, b.accent)
        c.text(b.name, (0.17, 0.5), 0.22 * k, b.ground, 0.022, 0.9, rotate=90)
        emblem(c, rng, (0.67, 0.26), emblem_r * 0.75, b)
        c.text(b.goods.split()[0], (0.67, 0.55), 0.11 * k, b.ink, 0.02, 0.58)
        c.text(b.goods.split()[-1], (0.67, 0.66), 0.11 * k, b.ink, 0.02, 0.58)
    else:
        emblem(c, rng, (0.5, 0.25), emblem_r, b)
        c.text(b.name, (0.5, 0.5), 0.21 * k, b.ink, 0.022)
        c.draw.line(
            [(0.25 * c.w, 0.59 * c.h), (0.75 * c.w, 0.59 * c.h)], fill=b.accent, width=max(2, c.w // 120)
        )
        c.text(b.goods, (0.5, 0.665), 0.1 * k, b.accent, 0.015)
    c.text(b.note, (0.5 if style != 5 else 0.67, 0.87), 0.05 * k, b.ink, widest=0.8 if style != 5 else 0.58)
    c.text(b.size, (0.5 if style != 5 else 0.67, 0.94), 0.055 * k, b.ink, 0.02)
    return c.done()


def wrap(rng: Rng, b: Brand, width: int, height: int, style: int | None = None) -> NDArray[np.uint8]:
    """A label that goes all the way round: the face in the middle, small print and a bar code to both
    sides.
    """
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
