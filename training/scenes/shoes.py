"""Shoes: a sole, an upper that opens at the ankle, laces."""

from __future__ import annotations

import numpy as np

from . import fields, textures
from .materials import fabric, gloss, matte
from .meshes import Floats, Mesh, grid_faces, merge, superellipse, tube
from .packs import wobble
from .products import Part, Product, Rng, family
from .sheets import sheet


@family("shoe", 3.0)
def shoe(rng: Rng, texture: int) -> Product:
    """A shoe or a pair: sole, upper with an opening, laces."""
    high = float(rng.choice([0.35, 0.45, 0.75, 1.1]))
    upper_look = (
        fields.any_colour(rng)
        if rng.random() < 0.7
        else textures.ground(rng, texture, str(rng.choice(textures.PRINTS)))
    )
    upper = fabric(upper_look) if rng.random() < 0.5 else gloss(upper_look, float(rng.uniform(0.2, 0.5)))
    sole = matte(fields.any_colour(rng)) if rng.random() < 0.5 else matte((0.93, 0.92, 0.9))
    heel = rng.uniform(0.0, 0.25)
    one = (
        Part(sole_mesh(0.16, heel), sole),
        Part(upper_mesh(rng, high, heel), upper),
        *laces(rng, high, heel),
    )
    product = Product("shoe", one, lies=rng.random() < 0.3, tags=("hole",) if high > 1 else ())
    if rng.random() < 0.5:
        gap = rng.uniform(0.85, 1.2)
        slip = float(rng.uniform(-0.1, 0.1))
        other = product.placed(lambda m: Mesh(m.v * (1, -1, 1), m.f[:, ::-1].copy(), m.uv)).spun(
            float(rng.uniform(-14, 14))
        )
        other = other.placed(lambda m: m.moved((slip, gap, 0)))
        product = Product("shoe", product.parts + other.parts, product.lies, (*product.tags, "pair"))
    turn = (
        float(rng.uniform(-180, 180))
        if product.lies
        else float(rng.choice([0, 180])) + float(rng.uniform(-50, 50))
    )
    return product.spun(turn)


def foot(x: Floats) -> tuple[Floats, Floats]:
    """Half-width and centre line of a foot's outline along its length, x in 0 (heel) - 1 (toe)."""
    w = (
        0.3
        * np.sqrt(
            np.clip(np.minimum(x / 0.1, (1 - x) / 0.22), 0, 1)
            * (2 - np.clip(np.minimum(x / 0.1, (1 - x) / 0.22), 0, 1))
            + 1e-4
        )
        * _smooth(x, [0, 0.12, 0.4, 0.68, 1], [0.85, 0.85, 0.82, 1.12, 1.0])
    )
    return w, 0.09 * np.sin(x * np.pi) * 0.7


def sole_mesh(thick: float, heel: float) -> Mesh:
    """A sole of even thickness on a heel of some height."""
    x = np.linspace(0, 1, 60)
    w, c = foot(x)
    outline = np.concatenate(
        [np.stack([x * 2.6 - 1.3, c - w * 1.06], 1), np.stack([x * 2.6 - 1.3, c + w * 1.06], 1)[::-1]]
    )
    flat = sheet(outline, 0.06)
    n = len(flat.v)
    lift = np.interp(flat.v[:, 0], [-1.3, -0.4, 0.5, 1.3], [heel, heel * 0.7, 0, 0.05])
    under = np.interp(flat.v[:, 0], [-1.3, -0.55, -0.5, 0.3, 1.3], [0, 0, heel * 0.6, 0, 0.05])
    top = Mesh(flat.v + np.column_stack([np.zeros((n, 2)), lift + thick]), flat.f, flat.uv)
    low = Mesh(flat.v + np.column_stack([np.zeros((n, 2)), under]), flat.f[:, ::-1].copy(), flat.uv)
    edges = np.sort(np.concatenate([flat.f[:, [0, 1]], flat.f[:, [1, 2]], flat.f[:, [2, 0]]]), axis=1)
    pairs, count = np.unique(edges, axis=0, return_counts=True)
    rim = pairs[count == 1]
    v = np.concatenate([low.v, top.v])
    quads = np.concatenate(
        [
            np.stack([rim[:, 0], rim[:, 1], rim[:, 1] + n], 1),
            np.stack([rim[:, 0], rim[:, 1] + n, rim[:, 0] + n], 1),
        ]
    )
    return merge(top, low, Mesh(v, quads.astype(np.int32), np.zeros((2 * n, 2))))


def upper_mesh(rng: Rng, high: float, heel: float) -> Mesh:
    """Arches over the foot from heel to toe, in two halves that part where the ankle goes in."""
    x = 0.5 - 0.5 * np.cos(np.linspace(0, np.pi, 110))  # close together at heel and toe
    w, c = foot(x)
    top = 0.14 + _smooth(
        x,
        [0, 0.03, 0.08, 0.3, 0.42, 0.62, 0.82, 0.93, 0.98, 1],
        [high * 0.5, high * 0.85, high, high * 0.93, 0.38 + 0.3 * high, 0.38, 0.29, 0.2, 0.08, -0.02],
    )
    lift = np.interp(x, [0, 0.35, 0.7, 1], [heel, heel * 0.7, 0, 0.05])
    gap = np.pi * np.clip(_smooth(x, [0, 0.05, 0.1, 0.3, 0.4, 0.43, 1], [0, 0, 0.24, 0.27, 0.08, 0, 0]), 0, 1)
    power = np.interp(x, [0, 0.3, 0.6, 1], [2.8, 2.8, 2.2, 2.0])[:, None]
    halves = []
    for side in (0, 1):
        s = np.linspace(0, 1, 30)[None, :]
        edge = (np.pi / 2 - gap)[:, None] if side == 0 else (np.pi / 2 + gap)[:, None]
        t = -0.06 * np.pi + (edge + 0.06 * np.pi) * s if side == 0 else edge + (1.06 * np.pi - edge) * s
        cx, cy = superellipse(t, power)
        y = c[:, None] + w[:, None] * cx * (1 - 0.25 * np.clip(cy, 0, 1) * (high > 0.6))
        z = lift[:, None] + 0.12 + top[:, None] * np.clip(cy, -0.02, 1)
        v = np.stack([np.broadcast_to((x * 2.55 - 1.275)[:, None], y.shape), y, z], -1).reshape(-1, 3)
        halves.append(Mesh(v, grid_faces(*y.shape)[:, ::-1].copy(), v[:, [0, 2]] / (2.6, 1.2) + (0.5, 0)))
    return wobble(merge(*halves), rng, 0.006, 4)


def _smooth(x: Floats, at: list[float], values: list[float]) -> Floats:
    """Linear interpolation whose corners are rounded."""
    fine = np.interp(np.linspace(-0.1, 1.1, 481), at, values)
    kernel = np.hanning(27)
    return np.interp(
        x,
        np.linspace(-0.1, 1.1, 481),
        np.convolve(np.pad(fine, 13, mode="edge"), kernel / kernel.sum(), "valid"),
    )


def laces(rng: Rng, high: float, heel: float) -> tuple[Part, ...]:
    """Loops over the instep, or none."""
    if rng.random() < 0.35:
        return ()
    parts = []
    for s in np.linspace(0.44, 0.66, int(rng.integers(3, 7))):
        w, c = foot(np.array([s]))
        top = np.interp(s, [0.42, 0.62], [0.38 + 0.3 * high, 0.38]) + 0.27 + heel * 0.3
        t = np.linspace(0.28, 0.72, 9) * np.pi
        path = np.stack(
            [
                np.full(9, s * 2.6 - 1.3) + 0.05 * np.cos(t),
                c + w * 1.1 * np.cos(t),
                0.15 + (top - 0.1) * np.sin(t),
            ],
            1,
        )
        parts.append(tube(path, 0.022, 8))
    return (Part(merge(*parts), fabric(fields.any_colour(rng))),)
