"""What stands about in a kitchen or a bathroom: fruit, plants, boards."""

from __future__ import annotations

import numpy as np

from . import fields, surfaces
from .materials import gloss, matte
from .meshes import Loft, Mesh, lathe, merge, rounded, tube
from .packs import wobble
from .products import Part


def lemon(x: float, y: float, z: float, seed: int) -> Part:
    """A lemon lying at a point."""
    t = np.linspace(-np.pi / 2, np.pi / 2, 40)
    body = Loft.make(1.22 * np.sin(t), np.maximum(np.cos(t) ** 0.9, 0.01)).mesh(48).scaled(0.2)
    rng = np.random.default_rng(seed)
    skin = fields.mix((0.9, 0.72, 0.1), (0.97, 0.84, 0.2), fields.noise(rng, 256, 40, 3))
    turned = (
        wobble(body, rng, 0.008, 9)
        .turned("y", float(rng.uniform(60, 110)))
        .turned("z", float(rng.uniform(0, 180)))
    )
    return Part(turned.moved((x, y, z + 0.2)), gloss(skin, 0.35))


def fruit_bowl(x: float, y: float) -> tuple[Part, ...]:
    """A glazed bowl with four lemons."""
    q = rounded(
        [
            (0.01, 0.0),
            (0.34, 0.0),
            (0.36, 0.06),
            (0.72, 0.34),
            (0.8, 0.52),
            (0.77, 0.52),
            (0.68, 0.36),
            (0.3, 0.1),
            (0.01, 0.09),
        ],
        0.12,
    )
    bowl = Part(Loft.make(q[:, 1], q[:, 0]).mesh(96).moved((x, y, 0)), gloss((0.35, 0.5, 0.52), 0.18))
    spots = [(-0.3, 0.05, 0.28), (0.12, -0.22, 0.27), (0.22, 0.24, 0.3), (-0.05, 0.02, 0.5)]
    return (bowl, *(lemon(x + a, y + b, c, k) for k, (a, b, c) in enumerate(spots)))


def plant(x: float, y: float, seed: int, scale: float = 1.0) -> tuple[Part, ...]:
    """A pot of long leaves."""
    rng = np.random.default_rng(seed)
    pot = lathe([(0.001, 0), (0.3, 0), (0.4, 0.62), (0.36, 0.62), (0.32, 0.5), (0.001, 0.5)], 0.03, 72)
    leaves = []
    for _ in range(26):
        a, bend, long = rng.uniform(0, 2 * np.pi), rng.uniform(0.25, 0.8), rng.uniform(0.7, 1.3)
        s = np.linspace(0, 1, 14)
        path = np.stack(
            [bend * s**1.6 * np.cos(a), bend * s**1.6 * np.sin(a), 0.5 + long * (s - 0.3 * bend * s**2)], 1
        )
        leaves.append(
            tube(path, 0.075 * np.sin(np.pi * np.clip(s * 0.93 + 0.06, 0, 1)) + 0.004, 10, flat=0.12)
        )
    green = fields.mix((0.16, 0.34, 0.14), (0.34, 0.52, 0.22), fields.noise(rng, 256, 6))
    move = np.array([x, y, 0.0])
    return Part(pot.scaled(scale).moved(move), matte((0.78, 0.72, 0.66))), Part(
        merge(*leaves).scaled(scale).moved(move), gloss(green, 0.45)
    )


def board(x: float, y: float, turn: float) -> Part:
    """A wooden chopping board."""
    wood = surfaces.planks(31, 1, (0.74, 0.56, 0.38))[:340, :900]
    slab = Loft.make([0, 0.015, 0.085, 0.1], [0.98, 1.0, 1.0, 0.98], [0.58, 0.6, 0.6, 0.58], 7).mesh(96)
    uv = (slab.v[:, :2] - slab.v[:, :2].min(0)) / np.ptp(slab.v[:, :2], axis=0)
    return Part(
        Mesh(slab.v, slab.f, uv).turned("z", turn).moved((x, y, 0)), matte(np.ascontiguousarray(wood))
    )
