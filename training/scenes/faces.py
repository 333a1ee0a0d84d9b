"""Layouts of a pack's face, drawn from a brand; `k` scales the letters where the face is wide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
from PIL import Image as Pil

from . import textures
from .artwork import Brand, Canvas
from .emblems import emblem

Rng = np.random.Generator
EMBLEM = 0.22


def centred(c: Canvas, rng: Rng, b: Brand, k: float) -> None:
    """Mark, name, rule, goods, one below the other."""
    emblem(c, rng, (0.5, 0.25), EMBLEM * k, b)
    c.text(b.name, (0.5, 0.5), 0.21 * k, b.ink, 0.022)
    rule = [(0.25 * c.w, 0.59 * c.h), (0.75 * c.w, 0.59 * c.h)]
    c.draw.line(rule, fill=b.accent, width=max(2, c.w // 120))
    c.text(b.goods, (0.5, 0.665), 0.1 * k, b.accent, 0.015)


def split(c: Canvas, rng: Rng, b: Brand, k: float) -> None:
    """A coloured field with the mark above a plain one with the words."""
    cut = rng.uniform(0.42, 0.6)
    c.box(0, 0, 1, cut, b.accent)
    emblem(c, rng, (0.5, cut * 0.5), EMBLEM * k * 0.9, replace(b, ground=b.accent, accent=b.ground))
    c.text(b.name, (0.5, cut + 0.11), 0.19 * k, b.ink, 0.022)
    c.text(b.goods, (0.5, cut + 0.22), 0.085 * k, b.ink)


def framed(c: Canvas, rng: Rng, b: Brand, k: float) -> None:
    """A thin frame round name, mark and goods."""
    edge = 0.05 * c.w / c.h if c.h > c.w else 0.025
    c.box(0.05, edge, 0.95, 1 - edge, b.ground, 0.03, outline=b.accent, line=0.012)
    c.text(b.name.upper(), (0.5, 0.2), 0.16 * k, b.accent, 0.02, 0.8)
    emblem(c, rng, (0.5, 0.48), EMBLEM * k * 0.9, b)
    c.text(b.goods, (0.5, 0.76), 0.1 * k, b.ink, 0.01, 0.78)


def diagonal(c: Canvas, rng: Rng, b: Brand, k: float) -> None:
    """A slanting band that carries the name."""
    c.poly(np.array([[0, 0.28], [1, 0.06], [1, 0.5], [0, 0.72]]), b.accent)
    c.poly(np.array([[0, 0.72], [1, 0.5], [1, 0.55], [0, 0.77]]), b.second)
    c.text(b.name, (0.5, 0.39), 0.22 * k, b.ground, 0.025)
    c.text(b.goods, (0.5, 0.13), 0.1 * k, b.ink, 0.02)
    emblem(c, rng, (0.72, 0.8), EMBLEM * k * 0.7, b)


def printed(c: Canvas, rng: Rng, b: Brand, k: float) -> None:
    """A pattern all over, with a panel for the words."""
    pattern = str(rng.choice(["floral", "blobs", "dots", "stripes", "plaid"]))
    art = textures.ground(rng, max(64, max(c.w, c.h) // 4), pattern)
    c.image.paste(Pil.fromarray(cv2.resize(art, (c.w, c.h), interpolation=cv2.INTER_CUBIC)))
    c.box(0.12, 0.3, 0.88, 0.68, b.ground, 0.05)
    c.text(b.name, (0.5, 0.42), 0.17 * k, b.ink, 0.02, 0.68)
    c.text(b.goods, (0.5, 0.58), 0.085 * k, b.accent, 0.015, 0.66)


def upright(c: Canvas, rng: Rng, b: Brand, k: float) -> None:
    """The name written upwards in a stripe at the left, the rest at the right."""
    c.box(0, 0, 0.34, 1, b.accent)
    c.text(b.name, (0.17, 0.5), 0.22 * k, b.ground, 0.022, 0.9, rotate=90)
    emblem(c, rng, (0.67, 0.26), EMBLEM * k * 0.75, b)
    for line, word in enumerate(b.goods.split()):
        c.text(word, (0.67, 0.55 + 0.11 * line), 0.11 * k, b.ink, 0.02, 0.58)


FACES: tuple[Callable[[Canvas, Rng, Brand, float], None], ...] = (
    centred,
    split,
    framed,
    diagonal,
    printed,
    upright,
)
