"""The places where the example photos are taken: a white sweep, a kitchen table, a bathroom shelf, a wooden
floor, a shop shelf.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import artwork, catalogue, cloths, fields, furnishings, labels, sets, surfaces, wardrobe
from .bottles import cap
from .boxes import box
from .materials import fabric, gloss, matte, metal, paper
from .meshes import Loft, Mesh, lathe, merge, tube
from .packs import wobble
from .products import Part, Product
from .render import Light


@dataclass(frozen=True)
class Place:
    """Parts, lights and light from all round; `bright` is the linear value that the ground shall have
    (None: expose for the middle).
    """

    parts: tuple[Part, ...]
    lights: tuple[Light, ...]
    sky: tuple[float, float, float]
    bright: float | None = None


def at(
    product: Product, x: float, y: float, turn: float = 0.0, scale: float = 1.0, z: float = 0.0
) -> tuple[Part, ...]:
    """The parts of a product, placed."""
    return product.spun(turn).placed(lambda m: m.scaled(scale).moved((x, y, z))).parts


def softboxes(key: float = 8.0, fill: float = 3.0, side: float = -1.0) -> tuple[Light, ...]:
    """A large light at the side, a weaker one opposite, one from above and behind."""
    return (
        Light((5.2 * side, -3.6, 4.4), (0, 0, 0.8), (3.2, 5.0), (key, key, key * 0.98)),
        Light((-5.6 * side, -2.8, 3.2), (0, 0, 0.8), (2.2, 5.0), (fill, fill, fill * 1.02)),
        Light((0.0, 2.2, 8.5), (0, 0.6, 0), (6.0, 6.0), (4.0, 4.0, 4.0)),
    )


def white(bright: float = 0.86, side: float = -1.0, tone: float = 0.93, key: float = 8.0) -> Place:
    """A white paper sweep; `side` is where the key light stands (-1 left)."""
    return Place(
        (Part(sets.cyclorama(2.6, 2.4), matte((tone, tone, tone))),),
        softboxes(key, 3.0, side),
        (0.36, 0.36, 0.37),
        bright,
    )


def grey(level: float = 0.55) -> Place:
    """A grey paper sweep."""
    return Place(
        (Part(sets.cyclorama(2.6, 2.4), matte((level, level, level * 1.02))),),
        softboxes(9.0, 2.0),
        (0.22, 0.22, 0.23),
    )


def from_above(floor: Part, extra: tuple[Part, ...] = (), bright: float | None = None) -> Place:
    """A flat-lay: window light from the left, the camera looks down."""
    lights = (
        Light((-6.5, 1.5, 5.0), (0, 0, 0), (4.0, 4.0), (8.5, 8.4, 8.1)),
        Light((6.0, -2.0, 6.0), (0, 0, 0), (3.0, 3.0), (2.4, 2.4, 2.5)),
    )
    return Place((floor, *extra), lights, (0.42, 0.42, 0.43), bright)


def paper_floor() -> Place:
    """White paper seen from above."""
    return from_above(Part(sets.plane(40, 40), matte((0.92, 0.92, 0.91))), bright=0.8)


def wall(art: np.ndarray, distance: float, repeat: float, roughness: float = 0.3) -> Part:
    """An upright plane behind the product."""
    return Part(sets.plane(30, 30, repeat).turned("x", 90).moved((0, distance, 0)), gloss(art, roughness))


def window(warm: float = 1.06, power: float = 10.0) -> tuple[Light, ...]:
    """Light from a window at the left and a weak fill."""
    return (
        Light((-5.5, -1.0, 4.0), (0, 0, 0.6), (3.0, 3.6), (power * warm, power, power / warm)),
        Light((4.5, -5.0, 5.0), (0, 0, 0.6), (4.0, 4.0), (4.6, 4.4, 4.2)),
    )


def kitchen() -> Place:
    """A wooden table before tiles; bowl, pan, jars and a plant stand about."""
    table = Part(sets.plane(30, 30, 5.0), gloss(surfaces.planks(7, 1, (0.66, 0.48, 0.33)), 0.4))
    cup, jar = catalogue.mug(256), catalogue.sauce(256)
    pan = merge(
        lathe([(0.001, 0), (0.66, 0), (0.72, 0.42), (0.69, 0.42), (0.63, 0.05), (0.001, 0.05)], 0.05, 96),
        tube(np.array([[0.68, 0, 0.36], [1.0, 0, 0.42], [1.8, 0, 0.5]]), 0.055, 12, flat=0.6),
    )
    props = (
        *furnishings.fruit_bowl(-1.95, 1.5),
        *at(cup, 1.75, 1.15, 35),
        *at(jar, 2.75, 2.2, 20),
        Part(pan.turned("z", 160).moved((0.9, 3.0, 0)), metal((0.3, 0.3, 0.31), 0.3)),
        *furnishings.plant(-0.6, 3.2, 3),
        furnishings.board(1.9, -0.15, 24),
        furnishings.lemon(2.0, -0.2, 0.1, 9),
        furnishings.lemon(-1.55, -0.15, 0.0, 10),
    )
    return Place(
        (table, wall(surfaces.tiles(2, (0.86, 0.89, 0.86)), 4.4, 3.4), *props), window(), (0.3, 0.31, 0.33)
    )


def bathroom() -> Place:
    """A stone shelf before green tiles, with folded towels, a dispenser and a plant."""
    rng = np.random.default_rng(15)
    vein = np.abs(fields.noise(rng, 1024, 3.2, 6, 0.55) - 0.5) * 2
    marble = fields.mix(
        (0.62, 0.62, 0.63),
        (0.93, 0.92, 0.9),
        np.clip(vein**0.35 * 0.85 + 0.15 * fields.noise(rng, 1024, 30, 4), 0, 1).astype(np.float32),
    )
    counter = Part(sets.plane(30, 30, 5.0), gloss(marble, 0.15))
    towels = []
    for k, colour in enumerate(((0.9, 0.88, 0.84), (0.62, 0.7, 0.68), (0.9, 0.88, 0.84))):
        fold = Loft.make([0, 0.05, 0.19, 0.24], [0.62, 0.7, 0.7, 0.62], [0.4, 0.47, 0.47, 0.4], 5).mesh(120)
        towels.append(
            Part(
                wobble(fold, rng, 0.03, 5).moved((1.55, 1.25, 0.25 * k)),
                fabric(cloths.weave(rng, fields.plain(rng, 512, colour), 0.3)),
            )
        )
    tall = lathe(
        [(0.001, 0), (0.36, 0), (0.38, 0.05), (0.38, 1.15), (0.14, 1.3), (0.14, 1.42), (0.001, 1.42)],
        0.07,
        96,
    )
    pump = merge(
        cap(rng, 0.16, 1.4, 0.14),
        tube(np.array([[0, 0, 1.5], [0, 0, 1.78]]), 0.035, 12),
        tube(np.array([[-0.1, 0, 1.8], [0.25, 0, 1.82], [0.42, 0, 1.74]]), 0.05, 12),
    )
    art = labels.front(
        rng,
        artwork.Brand(
            "Halva",
            "Body Wash",
            "gentle and unscented",
            "250 ml",
            (240, 240, 236),
            (50, 60, 60),
            (90, 130, 120),
            (180, 200, 190),
            mark=3,
        ),
        384,
        520,
        2,
    )
    band = Loft.make([0.1, 1.1], [0.38, 0.38]).band(0.2, 1.02, 130)
    props = (
        *towels,
        Part(tall.moved((-1.45, 0.8, 0)), gloss((0.93, 0.92, 0.9), 0.3)),
        Part(pump.turned("z", -150).moved((-1.45, 0.8, 0)), gloss((0.1, 0.1, 0.1), 0.3)),
        Part(band.turned("z", -18).moved((-1.45, 0.8, 0)), paper(art)),
        *furnishings.plant(-2.8, 1.9, 8, 0.9),
        *furnishings.plant(0.3, 2.3, 5, 0.7),
    )
    return Place(
        (counter, wall(surfaces.tiles(5, (0.52, 0.62, 0.57), 12), 3.2, 3.0, 0.15), *props),
        window(0.99, 9.0),
        (0.34, 0.35, 0.36),
    )


def oak_floor() -> Place:
    """A wooden floor seen from above, the edge of a rug, a pair of shoes that the frame cuts."""
    floor = Part(
        sets.plane(24, 24, 3.6).turned("z", 90), gloss(surfaces.planks(12, 1, (0.72, 0.55, 0.38)), 0.45)
    )
    rng = np.random.default_rng(40)
    rug = Loft.make([0, 0.04], [1.6, 1.6], [3.0, 3.0], 24).mesh(96)
    uv = (rug.v[:, :2] - rug.v[:, :2].min(0)) / np.ptp(rug.v[:, :2], axis=0)
    weave = Part(
        Mesh(rug.v, rug.f, uv).turned("z", 4).moved((2.75, -0.6, 0)),
        fabric(cloths.weave(rng, cloths.stripes(np.random.default_rng(3), 512), 0.3)),
    )
    pair = at(wardrobe.sneakers(128), -2.15, -1.35, 75, 0.85)
    return from_above(floor, (weave, *pair))


def shop_shelf() -> Place:
    """A shelf of other packs, close behind the product."""
    wood = gloss(surfaces.planks(3, 1, (0.8, 0.68, 0.52)), 0.4)
    parts = [
        Part(box((16, 4, 0.2), 0.01).moved((0, 1.0, -0.2)), wood),
        Part(box((16, 2.2, 0.2), 0.01).moved((0, 2.0, 2.35)), wood),
        Part(sets.plane(16, 12).turned("x", 90).moved((0, 2.9, 0)), matte((0.5, 0.48, 0.46))),
    ]
    for k, x in enumerate(np.arange(-4.4, 4.5, 1.28)):
        other = (
            catalogue.coffee(256),
            catalogue.tea(catalogue.EARL_GREY, 256),
            catalogue.sauce(192),
            catalogue.tea(catalogue.GREEN_TEA, 256),
            catalogue.can(192),
        )[k % 5]
        parts += at(other, float(x), 1.75 + 0.1 * (k % 2), 8 * ((k * 7) % 5 - 2))
    lights = (
        Light((0, -2.5, 6.5), (0, 0.5, 0.8), (7.0, 1.2), (9.0, 9.2, 9.6)),
        Light((-4.5, -4, 3), (0, 0, 1), (3, 3), (1.8, 1.7, 1.6)),
    )
    return Place(tuple(parts), lights, (0.26, 0.27, 0.29))
