"""Rings, spectacles, watches, hats."""

from __future__ import annotations

import numpy as np

from . import artwork, fields, labels, textures
from .bottles import pick_metal, pick_plastic
from .materials import Material, fabric, glass, gloss
from .meshes import Loft, Mesh, lathe, superellipse, tube
from .packs import wobble
from .products import Part, Product, Rng, family
from .sheets import sheet


@family("ring", 1.6)
def ring(rng: Rng, texture: int) -> Product:
    """A ring, bangle or roll of tape: the hole is most of it."""
    r, thick = 0.6, rng.uniform(0.03, 0.16)
    t = np.linspace(0, 2 * np.pi, 121)[:-1]
    path = np.stack([r * np.cos(t), np.zeros_like(t), r * np.sin(t) + r + thick], 1)
    kind = rng.random()
    material = pick_metal(rng) if kind < 0.7 else (glass() if kind < 0.78 else pick_plastic(rng))
    band = tube(path, thick, 20, closed=True, flat=float(rng.uniform(0.6, 2.5)))
    if rng.random() < 0.4:
        band = wobble(band, rng, thick * 0.15, 9)
    parts = [Part(band, material)]
    if rng.random() < 0.5:
        size = thick * rng.uniform(1.5, 3)
        stone = lathe(
            [(0.001, -size * 0.8), (size * 0.95, 0), (size * 0.55, size * 0.4), (0.001, size * 0.4)],
            0.005,
            int(rng.choice([6, 8, 10])),
        )
        gem = (
            glass((0.98, 0.98, 1.0))
            if rng.random() < 0.5
            else gloss(fields.hsv(rng.random(), 0.8, 0.7), 0.05)
        )
        parts.append(Part(stone.moved((0, 0, 2 * r + 2 * thick + size * 0.4)), gem))
    product = Product("ring", tuple(parts), tags=("hole",))
    if rng.random() < 0.5:
        return Product(
            "ring",
            product.placed(lambda m: m.moved((0, 0, -r)).turned("x", 90).moved((0, 0, thick * 2))).parts,
            lies=True,
            tags=("hole",),
        )
    return product.spun(float(rng.uniform(-60, 60)))


@family("spectacles", 1.2)
def spectacles(rng: Rng, texture: int) -> Product:
    """Spectacles: two rims, a bridge, temples that run back."""
    wire, r, power = rng.uniform(0.02, 0.055), rng.uniform(0.36, 0.48), rng.uniform(1.8, 4)
    t = np.linspace(0, 2 * np.pi, 61)[:-1]
    x, z = superellipse(t, power)
    frame = gloss(fields.any_colour(rng), 0.15) if rng.random() < 0.6 else pick_metal(rng)
    parts: list[Part] = []
    kind = rng.random()
    lens = Material((0.96, 0.97, 0.97), kind="film") if kind < 0.45 else gloss((0.02, 0.02, 0.025), 0.06)
    for side in (-1, 1):
        c = side * (r + 0.12)
        path = np.stack([c + r * x, np.zeros_like(x), r * 0.8 * z + r], 1)
        parts.append(Part(tube(path, wire, 10, closed=True), frame))
        if kind < 0.85:
            disc = (
                Loft.make([0, 0.012], [r] * 2, [r * 0.8] * 2, power).mesh(60).turned("x", 90).moved((c, 0, r))
            )
            parts.append(Part(disc, lens))
        end = c + side * r
        temple = np.array(
            [
                [end, 0.0, r * 1.25],
                [end + side * 0.06, 0.12, r * 1.25],
                [end + side * 0.04, 1.1, r * 1.2],
                [end, 1.35, r * 0.75],
            ]
        )
        parts.append(Part(tube(temple, wire * 0.8, 8), frame))
    t = np.linspace(0, np.pi, 9)
    parts.append(
        Part(tube(np.stack([0.13 * np.cos(t), np.zeros(9), r * 1.1 + 0.07 * np.sin(t)], 1), wire, 8), frame)
    )
    return Product("spectacles", tuple(parts), tags=("thin", "hole")).spun(float(rng.uniform(-40, 40)))


@family("watch", 0.9)
def watch(rng: Rng, texture: int) -> Product:
    """A wrist watch whose strap closes to a loop."""
    r = 0.55
    t = np.linspace(0, 2 * np.pi, 91)[:-1]
    loop = np.stack([np.zeros_like(t), r * np.sin(t), r * 0.85 * np.cos(t) + r * 0.85], 1)
    strap = tube(loop, 0.05, 14, closed=True).scaled((4.2, 1, 1))
    case = lathe([(0.001, 0), (0.3, 0), (0.32, 0.06), (0.28, 0.14), (0.001, 0.14)], 0.03).moved(
        (0, 0, 2 * 0.85 * r - 0.02)
    )
    dial = Loft.make([0, 0.004], [0.25] * 2).mesh().moved((0, 0, 2 * 0.85 * r + 0.125))
    uv = (dial.v[:, :2] - dial.v[:, :2].min(0)) / np.ptp(dial.v[:, :2], axis=0)
    band = pick_metal(rng) if rng.random() < 0.3 else fabric(fields.any_colour(rng))
    parts = (
        Part(strap, band),
        Part(case, pick_metal(rng)),
        Part(Mesh(dial.v, dial.f, uv), gloss(labels.front(rng, artwork.brand(rng), 128, 128), 0.05)),
    )
    tilt = float(rng.uniform(30, 70))
    return (
        Product("watch", parts, tags=("hole",))
        .placed(lambda m: m.moved((0, 0, -r * 0.85)).turned("x", tilt).moved((0, 0, r)))
        .spun(float(rng.uniform(-30, 30)))
    )


@family("hat", 1.0)
def hat(rng: Rng, texture: int) -> Product:
    """A hat with a brim, or a cap with a peak."""
    r, h, brim = 0.62, rng.uniform(0.45, 0.8), rng.uniform(0.2, 0.6)
    look = fields.any_colour(rng) if rng.random() < 0.6 else textures.ground(rng, texture, "plaid")
    cloth = fabric(look)
    crown = [(r, 0.03), (r * 0.97, h * 0.6), (r * 0.7, h * 0.93), (0.001, h)]
    if rng.random() < 0.5:
        dome = wobble(lathe([(r + brim, 0.0), (r + brim, 0.03), *crown], 0.2), rng, 0.03, 2)
        ribbon = Loft.make([0.05, 0.2], [r + 0.008, r + 0.003]).mesh(closed=False)
        return Product("hat", (Part(dome, cloth), Part(ribbon, gloss(fields.any_colour(rng), 0.4))))
    dome = lathe(crown, 0.25)
    t = np.linspace(-0.9, 0.9, 30)
    peak = np.concatenate(
        [
            np.stack([r * np.sin(t), -r * np.cos(t)], 1),
            np.stack([r * np.sin(t) * 1.02, -r * np.cos(t) - brim * 1.2 * np.cos(t * 1.5)], 1)[::-1],
        ]
    )
    flat = sheet(peak, 0.05)
    curve = Mesh(np.column_stack([flat.v[:, :2], 0.06 - 0.25 * flat.v[:, 0] ** 2 + 0.04]), flat.f, flat.uv)
    button = lathe([(0.001, h - 0.02), (0.06, h - 0.02), (0.04, h + 0.03), (0.001, h + 0.03)])
    return Product(
        "hat", (Part(dome, cloth), Part(curve, fabric(fields.any_colour(rng))), Part(button, cloth))
    ).spun(float(rng.uniform(-60, 60)))
