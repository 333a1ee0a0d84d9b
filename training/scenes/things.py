"""Household and other goods: cutlery, tools, toys, lamps, headphones, fruit, stools, plush."""

from __future__ import annotations

import numpy as np

from . import cloths, fields, textures
from .bottles import pick_metal, pick_plastic
from .boxes import box
from .materials import Material, fabric, gloss, matte
from .meshes import Loft, Mesh, lathe, merge, tube
from .packs import wobble
from .products import Part, Product, Rng, family


def any_material(rng: Rng, texture: int) -> Material:
    """Plastic, metal, printed or plain."""
    pick = rng.random()
    if pick < 0.3:
        return pick_plastic(rng)
    if pick < 0.45:
        return pick_metal(rng)
    look = textures.ground(rng, texture) if pick < 0.75 else fields.any_colour(rng)
    return matte(look) if rng.random() < 0.5 else fabric(look)


@family("cutlery", 1.0)
def cutlery(rng: Rng, texture: int) -> Product:
    """A spoon, spatula or brush lying down: long and thin."""
    n = 50
    x = np.linspace(-1.3, 1.3, n)
    head = rng.uniform(0.14, 0.34)
    w = np.where(
        x > 0.6,
        head * np.sqrt(np.clip(1 - ((x - 0.95) / 0.36) ** 2, 0.002, 1)),
        np.interp(x, [-1.3, -1.1, 0.2, 0.6], [0.07, 0.1, 0.04, 0.05]),
    )
    path = np.stack([x, np.zeros(n), 0.06 + 0.05 * np.cos(x * 2)], 1)
    mesh = tube(path, np.maximum(w, 0.02), 16, flat=0.18)
    return Product(
        "cutlery",
        (Part(mesh, pick_metal(rng) if rng.random() < 0.6 else any_material(rng, texture)),),
        lies=True,
        tags=("thin",),
    ).spun(float(rng.uniform(0, 360)))


@family("tool", 1.0)
def tool(rng: Rng, texture: int) -> Product:
    """Scissors, pliers, keys: crossed blades and open grips."""
    parts = []
    steel, grip = pick_metal(rng), pick_plastic(rng)
    opening = rng.uniform(5, 22)
    t = np.linspace(0, 2 * np.pi, 41)[:-1]
    for side in (-1, 1):
        blade = tube(
            np.array([[0.0, -0.3, 0.05], [0.0, 0.2, 0.05], [0, 1.2, 0.05]]),
            np.array([0.05, 0.1, 0.015]),
            10,
            flat=0.3,
        )
        handle = tube(
            np.stack([side * 0.2 + 0.2 * np.cos(t), -0.62 + 0.32 * np.sin(t), np.full_like(t, 0.06)], 1),
            0.05,
            10,
            closed=True,
        )
        parts += [
            Part(blade.turned("z", side * opening), steel),
            Part(handle.turned("z", side * opening), grip),
        ]
    parts.append(Part(lathe([(0.001, 0.04), (0.07, 0.04), (0.06, 0.12), (0.001, 0.12)]), steel))
    return Product("tool", tuple(parts), lies=True, tags=("thin", "hole")).spun(float(rng.uniform(0, 360)))


@family("pan", 1.0)
def pan(rng: Rng, texture: int) -> Product:
    """A pan or pot with one long handle."""
    r, h = rng.uniform(0.6, 0.9), rng.uniform(0.15, 0.7)
    body = lathe([(0.001, 0), (r * 0.9, 0), (r, h), (r - 0.04, h), (r * 0.88, 0.05), (0.001, 0.05)], 0.06)
    path = np.array([[r * 0.95, 0, h * 0.8], [r + 0.3, 0, h * 0.95], [r + 1.1, 0, h + 0.12]])
    turn = float(rng.uniform(-70, 70) + rng.choice([0, 180]))
    return Product(
        "pan",
        (
            Part(body, pick_metal(rng) if rng.random() < 0.6 else pick_plastic(rng)),
            Part(
                tube(path, np.array([0.05, 0.06, 0.07]), flat=0.6).turned("z", turn),
                any_material(rng, texture),
            ),
        ),
    )


@family("headphones", 1.0)
def headphones(rng: Rng, texture: int) -> Product:
    """Headphones: an arch and two cups."""
    t = np.linspace(-0.05, 1.05, 40) * np.pi
    arch = tube(
        np.stack([0.75 * np.cos(t), np.zeros_like(t), 0.9 * np.sin(t) + 0.55], 1),
        rng.uniform(0.03, 0.07),
        12,
        flat=2.0,
    )
    shell, pad = (
        pick_plastic(rng),
        matte((0.06, 0.06, 0.06)) if rng.random() < 0.6 else matte(fields.any_colour(rng)),
    )
    parts = [Part(arch, shell)]
    for side in (-1, 1):
        cup = lathe([(0.001, 0), (0.3, 0), (0.33, 0.08), (0.25, 0.18), (0.001, 0.2)], 0.05).turned(
            "y", 90 * side
        )
        ring = lathe([(0.14, -0.12), (0.3, -0.12), (0.32, 0.0), (0.14, 0.0)], 0.05, closed=False).turned(
            "y", 90 * side
        )
        parts += [
            Part(cup.moved((side * 0.72, 0, 0.45)), shell),
            Part(ring.moved((side * 0.72, 0, 0.45)), pad),
        ]
    return (
        Product("headphones", tuple(parts), tags=("hole", "thin"))
        .placed(lambda m: m.moved((0, 0, -0.1)))
        .spun(float(rng.uniform(-50, 50)))
    )


@family("lamp", 0.9)
def lamp(rng: Rng, texture: int) -> Product:
    """A table lamp with a shade."""
    h, r = rng.uniform(1.0, 1.8), rng.uniform(0.35, 0.7)
    base = lathe([(0.001, 0), (0.35, 0), (0.35, 0.05), (0.04, 0.12), (0.035, h), (0.001, h)], 0.04)
    shade = Loft.make([h - 0.25, h + 0.35], [r, r * rng.uniform(0.4, 1.0)]).mesh(closed=False)
    look = textures.ground(rng, texture) if rng.random() < 0.4 else fields.any_colour(rng)
    return Product("lamp", (Part(base, pick_metal(rng)), Part(shade, fabric(look))), tags=("thin",))


@family("stool", 1.0)
def stool(rng: Rng, texture: int) -> Product:
    """A stool or side table: thin legs, ground between them."""
    h, r, leg = rng.uniform(0.9, 1.6), rng.uniform(0.45, 0.8), rng.uniform(0.025, 0.06)
    square = rng.random() < 0.5
    seat = (
        box((2 * r, 2 * r, 0.1), 0.02).moved((0, 0, h))
        if square
        else lathe([(0.001, h), (r, h), (r, h + 0.1), (0.001, h + 0.1)])
    )
    spread = rng.uniform(1.0, 1.25)
    corners = [(sx * r * 0.72, sy * r * 0.72) for sx in (-1, 1) for sy in (-1, 1)]
    legs = [tube(np.array([[x, y, h], [x * spread, y * spread, 0]]), leg, 10) for x, y in corners]
    wood = any_material(rng, texture)
    top = any_material(rng, texture) if rng.random() < 0.5 else wood
    parts = [Part(seat, top), Part(merge(*legs), wood)]
    if rng.random() < 0.4:
        t = np.linspace(0, np.pi, 20)
        parts.append(
            Part(
                tube(
                    np.stack(
                        [
                            r * 0.9 * np.cos(t),
                            np.full_like(t, r * 0.9),
                            h + 0.05 + rng.uniform(0.5, 1.1) * np.sin(t) ** 0.6,
                        ],
                        1,
                    ),
                    leg,
                    10,
                ),
                wood,
            )
        )
    return Product("stool", tuple(parts), tags=("thin", "hole")).spun(float(rng.uniform(-45, 45)))


@family("plush", 1.0)
def plush(rng: Rng, texture: int) -> Product:
    """A soft animal of round pieces."""
    skin = fabric(cloths.carpet(rng, 256))
    dark = gloss((0.03, 0.03, 0.03), 0.1)

    def ball(r: tuple[float, float, float], at: tuple[float, float, float]) -> Mesh:
        t = np.linspace(-np.pi / 2, np.pi / 2, 24)
        return Loft.make(np.sin(t), np.maximum(np.cos(t), 0.01)).mesh(40).scaled(r).moved(at)

    head = 1.25 + rng.uniform(0, 0.1)
    ears = rng.uniform(0.12, 0.24)
    long = rng.uniform(0.8, 2.6)
    body = [ball((0.5, 0.42, 0.55), (0, 0, 0.55)), ball((0.42, 0.4, 0.38), (0, -0.05, head))]
    body += [ball((ears, 0.08, ears * long), (s * 0.3, 0, head + 0.3 + 0.5 * ears * long)) for s in (-1, 1)]
    body += [ball((0.16, 0.3, 0.17), (s * 0.33, -0.42, 0.17)) for s in (-1, 1)] + [
        ball((0.14, 0.18, 0.32), (s * 0.52, -0.1, 0.65)) for s in (-1, 1)
    ]
    eyes = [ball((0.05, 0.05, 0.05), (s * 0.15, -0.42, head + 0.08)) for s in (-1, 1)] + [
        ball((0.07, 0.06, 0.05), (0, -0.45, head - 0.06))
    ]
    return Product("plush", (Part(wobble(merge(*body), rng, 0.02, 6), skin), Part(merge(*eyes), dark))).spun(
        float(rng.uniform(-35, 35))
    )


@family("blocks", 0.8)
def blocks(rng: Rng, texture: int) -> Product:
    """A toy of stacked blocks, or a small shelf of odd parts: one product of many colours."""
    parts, z = [], 0.0
    for _ in range(int(rng.integers(2, 6))):
        w, d, h = rng.uniform(0.4, 1.3), rng.uniform(0.4, 1.0), rng.uniform(0.2, 0.5)
        solid = (
            box((w, d, h), 0.03)
            if rng.random() < 0.6
            else lathe([(0.001, 0), (w / 2, 0), (w / 2, h), (0.001, h)])
        )
        parts.append(
            Part(
                solid.turned("z", float(rng.uniform(-30, 30))).moved((rng.uniform(-0.1, 0.1), 0, z)),
                any_material(rng, texture),
            )
        )
        z += h
    return Product("blocks", tuple(parts))


@family("fruit", 0.8)
def fruit(rng: Rng, texture: int) -> Product:
    """Fruit, soap, a pebble, a cushion: one smooth body, dented."""
    t = np.linspace(-np.pi / 2, np.pi / 2, 40)
    n = rng.uniform(2, 3.6)
    body = Loft.make(
        np.sign(np.sin(t)) * np.abs(np.sin(t)) ** (2 / n),
        np.maximum(np.abs(np.cos(t)) ** (2 / n), 0.01),
        n=float(rng.uniform(2, 4)),
    ).mesh(64)
    size = (rng.uniform(0.5, 1.0), rng.uniform(0.4, 0.9), rng.uniform(0.25, 0.7))
    mesh = wobble(body.scaled(size), rng, rng.uniform(0, 0.06), 2.5).moved((0, 0, size[2]))
    look = textures.ground(rng, texture) if rng.random() < 0.4 else fields.plain(rng, 128)
    material = fabric(look) if rng.random() < 0.35 else gloss(look, float(rng.uniform(0.2, 0.6)))
    return Product("fruit", (Part(mesh, material),))


@family("bicycle", 0.6)
def wheels(rng: Rng, texture: int) -> Product:
    """A toy on spoked wheels: rings, spokes and a thin frame."""
    r = rng.uniform(0.4, 0.55)
    t = np.linspace(0, 2 * np.pi, 61)[:-1]
    tyre, steel, frame = matte((0.05, 0.05, 0.05)), pick_metal(rng), pick_plastic(rng)
    parts = []
    for c in (-0.85, 0.85):
        parts.append(
            Part(
                tube(
                    np.stack([c + r * np.cos(t), np.zeros_like(t), r + 0.05 + r * np.sin(t)], 1),
                    0.05,
                    10,
                    closed=True,
                ),
                tyre,
            )
        )
        spokes = [
            tube(np.array([[c, 0, r + 0.05], [c + r * np.cos(a), 0, r + 0.05 + r * np.sin(a)]]), 0.012, 6)
            for a in np.linspace(0, 2 * np.pi, int(rng.integers(6, 15)))[:-1]
        ]
        parts.append(Part(merge(*spokes), steel))
    k = r + 0.05
    bars = [
        [(-0.85, k), (-0.3, k + 0.75)],
        [(-0.3, k + 0.75), (0.6, k + 0.7)],
        [(-0.1, k), (0.6, k + 0.7)],
        [(-0.85, k), (-0.1, k)],
        [(-0.1, k), (-0.38, k + 0.95)],
        [(0.85, k), (0.55, k + 1.0)],
    ]
    rods = [tube(np.array([[a[0], 0, a[1]], [b[0], 0, b[1]]]), 0.035, 8) for a, b in bars]
    rods.append(tube(np.array([[0.55, -0.3, k + 1.02], [0.55, 0.3, k + 1.02]]), 0.03, 8))
    rods.append(box((0.35, 0.14, 0.06), 0.02).moved((-0.4, 0, k + 0.95)))
    parts.append(Part(merge(*rods), frame))
    return Product("bicycle", tuple(parts), tags=("thin", "hole")).spun(float(rng.uniform(-50, 50)))
