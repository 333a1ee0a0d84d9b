"""Photo sets: grounds, backdrops, lights, and the other things that stand about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from . import fields, textures
from .boxes import box
from .camera import Camera
from .materials import Material, gloss, matte
from .meshes import Floats, Loft, Mesh, grid_faces
from .products import Part, Product, Rng, any_product
from .render import Light

Image = NDArray[np.uint8]
Texture = Callable[[Rng, int], Image]
KINDS = ("sweep", "table", "floor", "clutter", "shelf")


@dataclass(frozen=True)
class Set:
    """Everything but the product and the camera."""

    kind: str
    parts: tuple[Part, ...]
    lights: tuple[Light, ...]
    sky: tuple[float, float, float] | NDArray[np.float32]
    white: bool = False


def plane(width: float, depth: float, repeat: float = 1.0) -> Mesh:
    """A horizontal rectangle about the origin whose texture repeats."""
    x, y = width / 2, depth / 2
    v = np.array([(-x, -y, 0), (x, -y, 0), (x, y, 0), (-x, y, 0)], dtype=float)
    uv = np.array([(0, 0), (1, 0), (1, depth / width), (0, depth / width)]) * repeat
    return Mesh(v, np.array([[0, 1, 2], [0, 2, 3]], dtype=np.int32), uv)


def cyclorama(back: float = 3.0, bend: float = 2.0, height: float = 14.0) -> Mesh:
    """A paper sweep: floor, a curve, a wall, without any line between them."""
    t = np.linspace(0, np.pi / 2, 24)
    y = np.concatenate([[-40], back + bend * np.sin(t), [back + bend]])
    z = np.concatenate([[0], bend - bend * np.cos(t), [height]])
    x = np.array([-30.0, 30.0])
    v = np.stack(
        [
            np.broadcast_to(x[None, :], (len(y), 2)),
            np.broadcast_to(y[:, None], (len(y), 2)),
            np.broadcast_to(z[:, None], (len(y), 2)),
        ],
        -1,
    )
    s = np.concatenate([[0], np.cumsum(np.hypot(np.diff(y), np.diff(z)))])
    span = np.clip((s - 34) / (s[-1] - 34), 0, 1)
    uv = np.stack(np.broadcast_arrays(np.array([0.0, 1.0])[None, :], span[:, None]), -1)
    return Mesh(v.reshape(-1, 3), grid_faces(len(y), 2), uv.reshape(-1, 2))


def warmth(rng: Rng, spread: float = 0.12) -> Floats:
    """A colour of light, from bluish to yellowish, as factors of red, green and blue."""
    w = rng.normal(0, spread)
    return np.array([1 + w, 1.0, 1 - w])


def any_lights(
    rng: Rng, overhead: bool = False
) -> tuple[tuple[Light, ...], tuple[float, float, float] | NDArray[np.float32]]:
    """A key light (soft or hard, from anywhere above), perhaps a fill and a rim, and light from all round."""
    lights = []
    side = float(rng.uniform(-80, 80))
    high = float(rng.uniform(25, 80))
    far = float(rng.uniform(5, 9))
    size = float(rng.choice([0.5, 1.5, 3.0, 5.0], p=[0.15, 0.25, 0.35, 0.25]))
    power = rng.uniform(0.6, 1.6) * 60 / size**2 * (far / 6) ** 2
    lights.append(_light(side, high, far, size, power * warmth(rng)))
    if rng.random() < 0.55:
        lights.append(
            _light(
                -side + rng.uniform(-30, 30), rng.uniform(15, 60), 7, 3.0, rng.uniform(0.5, 2.5) * warmth(rng)
            )
        )
    if rng.random() < 0.25 and not overhead:
        lights.append(
            _light(180 + rng.uniform(-50, 50), rng.uniform(40, 70), 6, 1.5, rng.uniform(3, 12) * warmth(rng))
        )
    level = rng.uniform(0.08, 0.9)
    if rng.random() < 0.5:
        return tuple(lights), tuple(float(v) for v in level * warmth(rng, 0.08))  # type: ignore[return-value]
    if rng.random() < 0.3:
        lights = lights[:1] if rng.random() < 0.5 else []
    return tuple(lights), room(rng, level)


def _light(azimuth: float, elevation: float, distance: float, size: float, radiance: Floats) -> Light:
    a, e = np.radians(azimuth), np.radians(elevation)
    place = distance * np.array([np.sin(a) * np.cos(e), -np.cos(a) * np.cos(e), np.sin(e)])
    x, y, z = (float(v) for v in place)
    r, g, b = (float(v) for v in radiance)
    return Light((x, y, z), (0.0, 0.0, 0.5), (size, size), (r, g, b))


def in_view(light: Light, camera: Camera) -> bool:
    """Whether the camera would see the lamp itself."""
    place = np.asarray(light.place)
    if (place - camera.origin) @ camera.axes()[2] < 0.1:
        return False
    reach = max(light.size) * 0.75 * camera.focal / float((place - camera.origin) @ camera.axes()[2])
    x, y = camera.project(place[None])[0]
    return bool(-reach < x < camera.width + reach and -reach < y < camera.height + reach)


def room(rng: Rng, level: float) -> NDArray[np.float32]:
    """A latitude-longitude picture of a room: dim walls, a lighter ceiling, bright windows. Reflections
    need it.
    """
    h, w = 48, 96
    up = np.linspace(1.4, 0.4, h, dtype=np.float32)[:, None, None]
    out = level * up * np.ones((h, w, 3), np.float32) * warmth(rng, 0.08).astype(np.float32)
    out *= 0.7 + 0.6 * np.stack([fields.noise(rng, w, 5)[:h]] * 3, -1)
    for _ in range(int(rng.integers(1, 5))):
        x, y = int(rng.integers(0, w - 16)), int(rng.integers(3, h // 2 - 4))
        ww, hh = int(rng.integers(4, 16)), int(rng.integers(4, 14))
        out[y : y + hh, x : x + ww] = rng.uniform(4, 25) * warmth(rng, 0.1)
    return out.astype(np.float32)


def any_ground(rng: Rng, texture: int, photo: Texture | None) -> Material:
    """A patterned ground, sometimes a picture."""
    art = photo(rng, texture) if photo is not None and rng.random() < 0.3 else textures.ground(rng, texture)
    return matte(art) if rng.random() < 0.65 else gloss(art, float(rng.uniform(0.12, 0.5)))


def sweep(rng: Rng, white: bool | None = None) -> tuple[tuple[Part, ...], bool]:
    """A plain studio ground."""
    white = rng.random() < 0.55 if white is None else white
    if white:
        tone = rng.uniform(0.9, 0.98)
        look: tuple[float, float, float] | Image = (tone, tone, tone)
    elif rng.random() < 0.25:
        look = textures.gradient(rng, 256)
    else:
        grey = rng.uniform(0.03, 0.9)
        look = (grey, grey, grey) if rng.random() < 0.5 else fields.any_colour(rng)
    material = matte(look) if rng.random() < 0.75 else gloss(look, float(rng.uniform(0.08, 0.4)))
    return (Part(cyclorama(float(rng.uniform(1.5, 5))), material),), white


def table(rng: Rng, texture: int, photo: Texture | None) -> list[Part]:
    """A patterned ground with a wall behind it."""
    size = float(rng.uniform(8, 22))
    top = plane(60, 60, 60 / size).turned("z", float(rng.choice([0, 90, rng.uniform(0, 360)])))
    wall_art = (
        photo(rng, texture) if photo is not None and rng.random() < 0.6 else textures.ground(rng, texture)
    )
    distance = float(rng.uniform(2.0, 9))
    wall = (
        plane(40, 40, 40 / float(rng.uniform(7, 20))).turned("x", 90).moved((rng.uniform(-5, 5), distance, 0))
    )
    return [Part(top, any_ground(rng, texture, photo)), Part(wall, matte(wall_art))]


def shelf(rng: Rng, product: Product, texture: int) -> list[Part]:
    """Boards below and above, a back wall, a row of goods behind.

    All but the lower board stands wholly behind the product, so that from the front nothing can hide it.
    """
    points = product.mesh().v
    high, half = float(points[:, 2].max()), float(np.abs(points[:, 0]).max())
    board = gloss(textures.ground(rng, texture, str(rng.choice(["wood", "plain", "stone"]))), 0.4)
    rear = float(points[:, 1].max()) + 0.08
    back = max(float(rng.uniform(1.6, 3.0)), rear + 0.5)
    deep = min(3.0, back + 0.3 - rear)
    parts = [
        Part(box((30, 8, 0.25), 0.01).moved((0, back - 4 + 0.1, -0.25)), board),
        Part(
            box((30, deep, 0.25), 0.01).moved((0, back + 0.3 - deep / 2, high * rng.uniform(1.25, 1.7))),
            board,
        ),
        Part(
            plane(30, 30, 3).turned("x", 90).moved((0, back, 0)),
            matte(textures.ground(rng, texture, str(rng.choice(["wood", "plain", "tile", "stone"])))),
        ),
    ]
    same = rng.random() < 0.7
    x = -8 * half
    while x < 8 * half:
        other = any_product(
            rng,
            max(96, texture // 2),
            (product.family,)
            if same and product.family != "garment"
            else ("bottle", "carton", "can", "jar", "pouch", "book"),
        )
        v = other.mesh().v
        scale = min(1.0, high * rng.uniform(0.8, 1.15) / float(v[:, 2].max()))
        scale = min(scale, (back - 0.1 - rear) / float(np.ptp(v[:, 1])))
        width = float(np.ptp(v[:, 0])) * scale
        spot = (
            x + width / 2 - float(v[:, 0].min() + v[:, 0].max()) / 2 * scale,
            back - 0.1 - float(v[:, 1].max()) * scale,
            0.0,
        )
        parts += other.placed(lambda m, s=scale, q=spot: m.scaled(s).moved(q)).parts  # type: ignore[misc]
        x += width * rng.uniform(1.02, 1.3) + 0.03
    return parts


def clutter(rng: Rng, product: Product | None, camera: Camera, texture: int, count: int) -> list[Part]:
    """Other things round about. None hides any of the product: what overlaps its box in the picture stands
    wholly behind it.
    """
    same = product is not None and rng.random() < 0.5
    points = product.mesh().v if product else np.zeros((1, 3))
    radius = float(np.hypot(points[:, 0], points[:, 1]).max()) if product else 0.3
    pixels = camera.project(points)
    low, high = pixels.min(0) - 2, pixels.max(0) + 2
    placed: list[tuple[float, float, float]] = [(0.0, 0.0, radius * 0.9)]
    parts: list[Part] = []
    for _ in range(count * 4):
        if len(placed) > count:
            break
        only = (product.family,) if product is not None and same and rng.random() < 0.7 else None
        other = any_product(rng, texture, only)
        scale = float(rng.uniform(0.45, 1.15))
        a, r = rng.uniform(0, 2 * np.pi), radius + float(rng.uniform(0.3, 4.5))
        spot = (float(r * np.cos(a)), float(abs(r * np.sin(a)) * (1 if rng.random() < 0.8 else -1)), 0.0)
        turn = float(rng.uniform(0, 360)) if other.lies else float(rng.uniform(-60, 60))
        moved = other.placed(lambda m, s=scale, q=spot, t=turn: m.scaled(s).turned("z", t).moved(q))  # type: ignore[misc]
        v = moved.mesh().v
        own = float(np.hypot(v[:, 0] - spot[0], v[:, 1] - spot[1]).max())
        if any(np.hypot(spot[0] - x, spot[1] - y) < (own + q) * 0.85 for x, y, q in placed):
            continue
        depth = (v - camera.origin) @ camera.axes()[2]
        if depth.min() < 0.5:
            continue
        p = camera.project(v)
        overlaps = bool((p.max(0) > low).all() and (p.min(0) < high).all())
        farthest = float(((points - camera.origin) @ camera.axes()[2]).max())
        if product and overlaps and depth.min() < farthest:
            continue
        placed.append((spot[0], spot[1], own))
        parts += moved.parts
    return parts


def pattern_mat(rng: Rng, texture: int) -> Part:
    """A rug, tray or sheet of paper under the product: an edge that is not the product's."""
    w, d = rng.uniform(1.5, 4), rng.uniform(1.5, 4)
    mat = Loft.make([0, 0.012], [w, w], [d, d], float(rng.choice([2, 6, 30]))).mesh(96)
    uv = (mat.v[:, :2] - mat.v[:, :2].min(0)) / np.ptp(mat.v[:, :2], axis=0)
    return Part(
        Mesh(mat.v - (0, 0, 0.0125), mat.f, uv).turned("z", float(rng.uniform(0, 90))),
        matte(textures.ground(rng, texture)),
    )
