"""The things to wear and carry of the example shop."""

from __future__ import annotations

import cv2
import numpy as np

from . import cloths, fields, labels
from .artwork import Brand, tint
from .garments import cloth_height, mirror, smooth
from .materials import fabric, matte
from .meshes import Loft, Mesh, merge, tube
from .packs import wobble
from .products import Part, Product, Rng
from .sheets import sheet
from .shoes import laces, sole_mesh, upper_mesh

TOTE = Brand(
    "Market",
    "Good Things",
    "every day",
    "since 1974",
    (226, 214, 190),
    (40, 40, 42),
    (40, 40, 42),
    (150, 60, 44),
    mark=0,
)
SHIRT = Brand(
    "NORDLY",
    "Sailing Club",
    "est. 1974",
    "",
    (33, 43, 69),
    (236, 230, 214),
    (226, 190, 96),
    (120, 168, 190),
    mark=1,
)


def tote(texture: int) -> Product:
    """A canvas bag, printed on the front; the straps are flat ribbons."""
    w, h, d = 1.5, 1.6, 0.2
    z = np.linspace(0, h, 80)
    mesh = Loft.make(
        z, w / 2 * (1 + 0.03 * np.sin(z / h * 3)), np.maximum(d * (1 - 0.8 * z / h), 0.03), 4
    ).mesh(200)
    rng = np.random.default_rng(12)
    plain = fields.plain(rng, texture, tint(TOTE.ground))
    face = plain.copy()
    k = texture * 5 // 8
    y, x = texture // 5, (texture - k) // 2
    face[y : y + k, x : x + k] = labels.front(rng, TOTE, k, k, 0)
    both = np.concatenate([cloths.weave(rng, face, 0.06), cloths.weave(rng, plain, 0.06)], 1)
    u = np.where(
        mesh.v[:, 1] <= 1e-9, 0.25 + 0.5 * mesh.v[:, 0] / w / 1.08, 0.75 + 0.5 * mesh.v[:, 0] / w / 1.08
    )
    uv = np.stack([np.clip(u, 0.002, 0.998), np.clip(mesh.v[:, 2] / h, 0, 1)], 1)
    shell = wobble(Mesh(mesh.v, mesh.f, uv), rng, 0.05, 2.4)
    t = np.linspace(0, np.pi, 80)
    straps = [
        tube(
            np.stack(
                [
                    0.34 * np.cos(t),
                    side * 0.05 + 0.06 * side * np.sin(t),
                    h - 0.18 + 0.78 * np.sin(t) ** 0.75,
                ],
                1,
            ),
            0.05,
            14,
            flat=0.28,
        )
        for side in (-1, 1)
    ]
    canvas = fabric(cloths.weave(rng, fields.plain(rng, 512, tint(TOTE.ground)), 0.12))
    return Product(
        "tote", (Part(shell, fabric(both), mark=True), Part(merge(*straps), canvas)), tags=("thin", "hole")
    )


def tee(texture: int) -> Product:
    """A T-shirt with a chest print, laid flat."""
    half = [
        (0.0, -1.0),
        (0.35, -1.0),
        (0.66, -0.99),
        (0.67, -0.3),
        (0.66, 0.3),
        (0.69, 0.36),
        (1.0, 0.02),
        (1.03, 0.02),
        (1.3, 0.24),
        (1.31, 0.27),
    ]
    half += [(0.86, 0.84), (0.76, 0.9), (0.3, 1.02), (0.25, 1.02), (0.2, 0.9), (0.1, 0.83), (0.0, 0.82)]
    outline = smooth(mirror(half), np.random.default_rng(1), 0.01, 2)
    rng = np.random.default_rng(21)
    flat = sheet(outline, 0.016)
    z = cloth_height(flat, outline, rng, 0.055)
    top = Mesh(np.column_stack([flat.v[:, :2], z + 0.012]), flat.f, flat.uv)
    plain = fields.plain(rng, texture * 2, tint(SHIRT.ground))
    navy = fabric(cloths.weave(rng, plain, 0.1))
    span = np.ptp(outline, axis=0)
    high = int(texture * 0.7)
    wide = int(high * span[1] / span[0])  # the texture is square, the shirt is not
    y, x = int(texture * 0.4), texture - wide // 2
    face = plain.copy()
    art = cv2.resize(labels.front(rng, SHIRT, high, high, 0), (wide, high), interpolation=cv2.INTER_AREA)
    inked = np.abs(art.astype(int) - SHIRT.ground).max(2, keepdims=True) > 12
    patch = face[y : y + high, x : x + wide]
    patch[:] = np.where(inked, art, patch)
    low = np.array(
        [
            (0.26 * np.cos(a), 0.99 + (0.04 if np.sin(a) > 0 else 0.21) * np.sin(a))
            for a in np.linspace(0, 2 * np.pi, 40)[:-1]
        ]
    )
    neck = sheet(low, 0.03)
    parts = [
        Part(top, fabric(cloths.weave(rng, face, 0.1)), mark=True),
        Part(Mesh(flat.moved((0, 0, 0.002)).v, flat.f[:, ::-1].copy(), flat.uv), navy),
        Part(Mesh(neck.moved((0, 0, 0.015)).v, neck.f, neck.uv), fabric((0.1, 0.13, 0.2))),
    ]
    return Product("garment", tuple(parts), lies=True)


def sneakers(texture: int) -> Product:
    """A pair of low sneakers."""
    rng: Rng = np.random.default_rng(5)
    knit = fabric(cloths.weave(rng, fields.plain(rng, 1024, (0.16, 0.42, 0.45)), 0.2))
    sole = matte((0.93, 0.92, 0.89))
    one = Product(
        "shoe",
        (
            Part(sole_mesh(0.2, 0.03), sole),
            Part(upper_mesh(rng, 0.5, 0.03), knit),
            *laces(np.random.default_rng(4), 0.5, 0.03),
        ),
    )
    other = (
        one.placed(lambda m: Mesh(m.v * (1, -1, 1), m.f[:, ::-1].copy(), m.uv))
        .spun(-9)
        .placed(lambda m: m.moved((0.16, 0.95, 0)))
    )
    return Product("shoe", one.parts + other.parts, tags=("pair",)).spun(28)
