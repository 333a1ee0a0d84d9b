"""The goods of the example shop: designed by hand, so that they look like things one could buy."""

from __future__ import annotations

import numpy as np

from . import fields, labels
from .artwork import Brand
from .bottles import inside
from .boxes import box
from .materials import Material, glass, gloss, metal, paper
from .meshes import Loft, Mesh, lathe, rounded, tube
from .packs import wobble
from .products import Part, Product

GREEN_TEA = Brand(
    "Verlia",
    "Green Tea",
    "first harvest, loose leaf",
    "100 g",
    (233, 239, 222),
    (36, 58, 42),
    (84, 134, 78),
    (176, 194, 104),
    mark=0,
)
EARL_GREY = Brand(
    "Verlia",
    "Earl Grey",
    "with bergamot, loose leaf",
    "100 g",
    (38, 52, 84),
    (240, 236, 224),
    (206, 168, 92),
    (132, 152, 196),
    mark=0,
)
SAUCE = Brand(
    "Solmona",
    "Tomato Sauce",
    "slow cooked with basil",
    "400 g",
    (247, 240, 224),
    (92, 28, 24),
    (196, 52, 38),
    (96, 132, 62),
    mark=4,
)
SERUM = Brand(
    "Noria",
    "Face Serum",
    "vitamin C, 10 %",
    "30 ml",
    (246, 243, 236),
    (48, 40, 34),
    (178, 120, 52),
    (214, 178, 120),
    mark=2,
)
COFFEE = Brand(
    "Grandezza",
    "Dark Roast",
    "whole beans, slow roasted",
    "500 g",
    (44, 38, 36),
    (240, 228, 208),
    (212, 120, 48),
    (238, 196, 120),
    mark=5,
)
MUG = Brand(
    "Halden",
    "Stoneware",
    "dishwasher safe",
    "330 ml",
    (230, 223, 208),
    (52, 60, 66),
    (64, 104, 128),
    (206, 142, 96),
    mark=1,
)
WATER = Brand(
    "Fizelle",
    "Sparkling Water",
    "lime, no sugar",
    "330 ml",
    (214, 236, 226),
    (18, 84, 78),
    (32, 140, 122),
    (190, 214, 70),
    mark=3,
)


def tea(b: Brand, texture: int) -> Product:
    """A carton of tea; the brands share one layout."""
    size = (1.15, 0.72, 1.75)
    return Product(
        "carton",
        (
            Part(
                box(size, 0.014),
                paper(labels.carton(np.random.default_rng(3), b, texture, size, 0)),
                mark=True,
            ),
        ),
    )


def sauce(texture: int) -> Product:
    """A glass jar of tomato sauce with a brass-coloured lid."""
    r, h = 0.62, 1.3
    q = rounded(
        [(0.01, 0), (r * 0.92, 0), (r, 0.07), (r, h * 0.82), (r * 0.83, h * 0.95), (r * 0.83, h)], 0.16, 9
    )
    body = Loft.make(np.maximum.accumulate(q[:, 1] + np.arange(len(q)) * 1e-5), q[:, 0])
    fill = body.at(np.linspace(0.05, h * 0.93, 40))
    rng = np.random.default_rng(11)
    pulp = fields.mix((0.5, 0.07, 0.03), (0.68, 0.13, 0.05), fields.noise(rng, 512, 24, 5))
    lid = lathe(
        [
            (0.001, h - 0.01),
            (r * 0.88, h - 0.01),
            (r * 0.9, h + 0.02),
            (r * 0.9, h + 0.2),
            (r * 0.82, h + 0.23),
            (0.001, h + 0.22),
        ],
        0.02,
        120,
    )
    art = labels.wrap(rng, SAUCE, texture * 3, int(texture * 3 * 0.72 / (2 * np.pi * r)), 0)
    parts = [
        Part(body.mesh(120), glass((0.98, 0.99, 0.98))),
        Part(Loft.make(fill.z, fill.a - 0.025).mesh(120), gloss(pulp, 0.25)),
        Part(lid, metal((0.93, 0.78, 0.5), 0.22)),
        Part(body.band(0.2, 0.92, 360, 0.006, 160), paper(art), mark=True),
    ]
    return Product("jar", tuple(parts), tags=("transparent",))


def serum(texture: int) -> Product:
    """An amber dropper bottle: full below the level (liquid and glass bend light alike), hollow above it."""
    r, h = 0.42, 1.25
    q = rounded(
        [(0.01, 0), (r * 0.94, 0), (r, 0.06), (r, h * 0.72), (r * 0.42, h * 0.88), (r * 0.42, h)], 0.14, 9
    )
    body = Loft.make(np.maximum.accumulate(q[:, 1] + np.arange(len(q)) * 1e-5), q[:, 0])
    hollow = body.at(np.linspace(h * 0.6, h - 0.01, 24))
    amber = (0.84, 0.46, 0.13)
    collar = lathe(
        [(0.001, h - 0.02), (0.24, h - 0.02), (0.24, h + 0.26), (0.2, h + 0.28), (0.001, h + 0.28)], 0.02, 96
    )
    bulb = lathe(
        [(0.001, h + 0.27), (0.15, h + 0.27), (0.145, h + 0.5), (0.11, h + 0.64), (0.001, h + 0.66)], 0.09, 72
    )
    art = labels.front(
        np.random.default_rng(2), SERUM, texture, int(texture * 0.62 / (np.radians(190) * r)), 2
    )
    parts = [
        Part(body.mesh(120), glass(amber)),
        Part(inside(hollow, 0.03), glass((1.0, 1.0, 1.0))),
        Part(collar, metal((0.9, 0.78, 0.58), 0.2)),
        Part(bulb, Material((0.04, 0.04, 0.045), roughness=0.45)),
        Part(body.band(0.14, 0.76, 190, 0.006, 120), paper(art), mark=True),
    ]
    return Product("bottle", tuple(parts), tags=("transparent",))


def coffee(texture: int) -> Product:
    """A side-folded bag of beans with a pinched, taped top."""
    w, h, belly = 1.15, 1.85, 0.36
    s = np.linspace(0, 1, 90)
    depth = np.maximum(belly * np.clip((1 - s) * 2.1, 0, 1) ** 0.65 * np.clip(s * 14 + 0.8, 0, 1), 0.014)
    depth[s > 0.93] = 0.014
    mesh = Loft.make(
        s * h, w / 2 * (1 - 0.05 * depth / belly), depth, np.interp(depth, [0.014, belly], [2.0, 4.2])
    ).mesh(200)
    creased = wobble(mesh, np.random.default_rng(8), 0.03, 4.0)
    weight = np.interp(mesh.v[:, 2] / h, s, np.clip(np.minimum(s * 6, (0.95 - s) * 8), 0.06, 1))[:, None]
    u = np.where(mesh.v[:, 1] <= 1e-9, 0.25 + 0.5 * mesh.v[:, 0] / w, 0.75 + 0.5 * mesh.v[:, 0] / w)
    uv = np.stack([np.clip(u, 0.002, 0.998), np.clip(mesh.v[:, 2] / h, 0, 1)], 1)
    art = np.concatenate(
        [labels.front(np.random.default_rng(4), COFFEE, texture, int(texture * h / w), 3)] * 2, 1
    )
    return Product(
        "pouch",
        (
            Part(
                Mesh(mesh.v + (creased.v - mesh.v) * weight, mesh.f, uv),
                Material(art, roughness=0.42, specular=0.5),
                mark=True,
            ),
        ),
    )


def mug(texture: int) -> Product:
    """A speckled stoneware mug with an open handle."""
    r, h, wall = 0.56, 0.98, 0.05
    q = rounded(
        [
            (0.01, 0.0),
            (r * 0.9, 0.0),
            (r, 0.14),
            (r, h),
            (r - wall, h),
            (r - wall, 0.14),
            (r * 0.8, 0.07),
            (0.01, 0.06),
        ],
        0.06,
        9,
    )
    rng = np.random.default_rng(6)
    speck = fields.plain(rng, 1024, (0.9, 0.87, 0.81)).copy()
    for x, y, k in zip(
        rng.integers(0, 1024, 500), rng.integers(0, 1024, 500), rng.integers(1, 3, 500), strict=True
    ):
        speck[y : y + k, x : x + k] = (130, 112, 92)
    glaze = gloss(speck, 0.14)
    t = np.linspace(-0.5, 0.5, 48) * np.pi
    handle = np.stack(
        [
            r - 0.03 + 0.36 * np.maximum(np.cos(t), 0) ** 0.8,
            np.zeros_like(t),
            h * 0.53 + 0.31 * np.sin(t),
        ],
        1,
    )
    art = labels.front(rng, MUG, texture, int(texture * 0.62 / (np.radians(105) * r)), 0)
    body = Loft.make([0.0, h], [r, r])
    parts = [
        Part(Loft.make(q[:, 1], q[:, 0]).mesh(140), glaze),
        Part(tube(handle, 0.062, 24, flat=1.35), glaze),
        Part(body.band(0.2, 0.82, 105, 0.001), gloss(art, 0.14), mark=True),
    ]
    return Product("mug", tuple(parts), tags=("hole",))


def can(texture: int) -> Product:
    """A drink can: metal seen through thin print."""
    r, h = 0.42, 1.55
    q = rounded(
        [
            (0.01, 0.04),
            (r * 0.7, 0.04),
            (r * 0.78, 0),
            (r, 0.14),
            (r, h - 0.2),
            (r * 0.82, h - 0.03),
            (r * 0.84, h),
            (r * 0.8, h),
            (r * 0.77, h - 0.06),
            (0.01, h - 0.06),
        ],
        0.04,
        9,
    )
    shell = metal((0.9, 0.91, 0.92), 0.2)
    art = labels.wrap(
        np.random.default_rng(9), WATER, texture * 3, int(texture * 3 * 1.2 / (2 * np.pi * r)), 1
    )
    sleeve = Material(art, roughness=0.3, metallic=0.55, clearcoat=0.6)
    tab = Loft.make([h - 0.045, h - 0.03], [0.09, 0.09], [0.17, 0.17], 2.6).mesh(40).moved((0, -0.08, 0))
    return Product(
        "can",
        (
            Part(Loft.make(q[:, 1], q[:, 0]).mesh(140), shell),
            Part(Loft.make([0.15, h - 0.2], [r, r]).band(0.15, h - 0.2, 360, 0.003, 160), sleeve, mark=True),
            Part(tab, shell),
        ),
    )
