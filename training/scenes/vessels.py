"""Open vessels turned on a lathe: mugs, drinking glasses, bowls, pots."""

from __future__ import annotations

import numpy as np

from . import fields, textures
from .bottles import label_art, pick_metal
from .materials import GLASS_TINTS, fabric, glass, gloss, matte
from .meshes import Loft, lathe, rounded, tube
from .products import Part, Product, Rng, family


@family("mug", 1.6)
def mug(rng: Rng, texture: int) -> Product:
    """A mug with an open handle: a real hole in the silhouette."""
    r, h = rng.uniform(0.45, 0.65), rng.uniform(0.7, 1.2)
    flare = rng.uniform(0.75, 1.05)
    wall = 0.045
    q = rounded(
        [(0.01, 0.0), (r * flare, 0.0), (r, h), (r - wall, h), (r * flare - wall, 0.07), (0.01, 0.06)], 0.05
    )
    material = gloss(fields.any_colour(rng), 0.15)
    t = np.linspace(-0.42, 0.42, 24) * np.pi
    out, tall = rng.uniform(0.28, 0.45), h * rng.uniform(0.28, 0.38)
    handle = np.stack(
        [
            r * (1 + flare) / 2 - 0.05 + out * np.cos(t),
            np.zeros_like(t),
            h * 0.52 + tall * np.sin(t) / np.sin(0.42 * np.pi),
        ],
        1,
    )
    side = rng.uniform(-35, 35) + (180 if rng.random() < 0.5 else 0)
    parts = [
        Part(Loft.make(q[:, 1], q[:, 0]).mesh(), material),
        Part(tube(handle, rng.uniform(0.045, 0.08), flat=1.3).turned("z", side), material),
    ]
    body = Loft.make([0.0, h], [r * flare, r])
    if rng.random() < 0.7:
        parts.append(
            Part(
                body.band(h * 0.15, h * 0.85, 110),
                gloss(label_art(rng, texture, 110, 1.9 * r / (0.7 * h)), 0.15),
                mark=True,
            )
        )
    if rng.random() < 0.3:
        parts.append(
            Part(
                Loft.make([h * 0.8, h * 0.8 + 0.001], [r * 0.93, r * 0.93]).mesh(),
                gloss((0.2, 0.1, 0.05), 0.1),
            )
        )
    return Product("mug", tuple(parts), tags=("hole",))


@family("stemware", 0.9)
def stemware(rng: Rng, texture: int) -> Product:
    """A drinking glass, with or without a stem: clear walls, thin stem."""
    r, h = rng.uniform(0.4, 0.6), rng.uniform(0.9, 1.4)
    stem = rng.uniform(0.5, 1.0) if rng.random() < 0.6 else 0.0
    wall = 0.03
    bowl = [(r * 0.55, 0.02), (r, h * 0.45), (r * rng.uniform(0.75, 1.05), h)]
    inner = [(a - wall, z + 0.03) for a, z in bowl[::-1]][1:]
    foot = (
        [(0.01, 0.0), (r * 0.85, 0.0), (r * 0.85, 0.02), (0.05, 0.07), (0.04, stem)]
        if stem
        else [(0.01, 0.0)]
    )
    profile = (
        foot
        + [(a, z + stem) for a, z in bowl]
        + [(bowl[-1][0] - wall, h + stem)]
        + [(a, z + stem) for a, z in inner]
        + [(0.01, stem + 0.07)]
    )
    tint = GLASS_TINTS[rng.integers(len(GLASS_TINTS)) if rng.random() < 0.4 else 0]
    return Product("stemware", (Part(lathe(profile, 0.12, 80), glass(tint)),), tags=("transparent", "thin"))


@family("bowl", 0.9)
def bowl(rng: Rng, texture: int) -> Product:
    """A bowl or plate."""
    r, h = rng.uniform(0.7, 1.2), rng.uniform(0.2, 0.9)
    foot = r * rng.uniform(0.35, 0.7)
    q = rounded(
        [
            (0.01, 0.0),
            (foot, 0.0),
            (foot, 0.05),
            (r * 0.9, h * 0.6),
            (r, h),
            (r - 0.04, h),
            (r * 0.86, h * 0.62),
            (foot, 0.1),
            (0.01, 0.09),
        ],
        0.15,
    )
    look = (
        fields.any_colour(rng)
        if rng.random() < 0.5
        else textures.ground(rng, texture, str(rng.choice(textures.PRINTS)))
    )
    material = pick_metal(rng) if rng.random() < 0.2 else gloss(look, float(rng.uniform(0.1, 0.5)))
    return Product("bowl", (Part(Loft.make(q[:, 1], q[:, 0]).mesh(), material),))


@family("candle", 0.7)
def stack_or_pot(rng: Rng, texture: int) -> Product:
    """Pots, vases and thread reels: free profiles."""
    k = int(rng.integers(4, 7))
    h = rng.uniform(0.7, 2.2)
    z = np.linspace(0, h, k)
    r = rng.uniform(0.3, 0.8, k)
    dense = np.linspace(0, h, 60)
    coeff = np.polynomial.Polynomial.fit(z, r, min(4, k - 1))
    a = np.clip(coeff(dense), 0.15, 1.0)
    outer = list(zip(a, dense, strict=True))
    innerwall = [(max(x - 0.05, 0.02), q) for x, q in outer[::-1] if q > 0.08]
    p = np.array([(0.01, 0.0), *outer, *innerwall, (0.01, 0.08)])
    look = fields.any_colour(rng) if rng.random() < 0.5 else textures.ground(rng, texture)
    material = (
        fabric(look) if rng.random() < 0.2 else (matte(look) if rng.random() < 0.5 else gloss(look, 0.2))
    )
    if rng.random() < 0.15:
        return Product(
            "candle",
            (Part(Loft.make(p[:, 1], p[:, 0]).mesh(), glass(GLASS_TINTS[rng.integers(len(GLASS_TINTS))])),),
            tags=("transparent",),
        )
    return Product("candle", (Part(Loft.make(p[:, 1], p[:, 0]).mesh(), material),))
