"""Things turned on a lathe: bottles, jars, cans, tubes, mugs, glasses, bowls."""

from __future__ import annotations

import numpy as np

from . import artwork, fields, labels, textures
from .materials import GLASS_TINTS, METALS, Material, glass, gloss, matte, metal, paper
from .meshes import Loft, Mesh, lathe, rounded, tube
from .products import Part, Product, Rng, family


def pick_plastic(rng: Rng) -> Material:
    """Plastic of any colour, glossy to satin."""
    return gloss(fields.any_colour(rng), float(rng.uniform(0.12, 0.5)))


def pick_metal(rng: Rng) -> Material:
    """Steel, brass, copper or black metal."""
    return metal(METALS[rng.integers(len(METALS))], float(rng.uniform(0.08, 0.4)))


def label_art(rng: Rng, texture: int, turn: float, aspect: float) -> np.ndarray:
    """Artwork for a band that is `turn` degrees wide; aspect = its width / height."""
    b = artwork.brand(rng)
    w = texture * 2 if turn > 240 else texture
    h = int(np.clip(w / aspect, 48, 2 * w))
    return labels.wrap(rng, b, w, h) if turn > 240 else labels.front(rng, b, w, h)


def band_part(rng: Rng, body: Loft, z0: float, z1: float, texture: int, turn: float | None = None) -> Part:
    """A printed label round a body between two heights."""
    turn = float(rng.choice([360, 360, 150, 110])) if turn is None else turn
    mesh = body.band(z0, z1, turn)
    middle = body.at(np.array([(z0 + z1) / 2]))
    width = np.radians(turn) * float(middle.a[0] + middle.b[0]) / 2
    art = label_art(rng, texture, turn, width / (z1 - z0))
    return Part(mesh, paper(art) if rng.random() < 0.6 else gloss(art, 0.25), mark=True)


def cap(rng: Rng, r: float, z: float, h: float) -> Mesh:
    """A screw cap, ribbed or smooth."""
    mesh = lathe([(0.001, z), (r, z), (r, z + h), (0.001, z + h)], radius=min(0.05, h * 0.2))
    if rng.random() < 0.5:
        v = mesh.v.copy()
        a = np.arctan2(v[:, 1], v[:, 0])
        rib = 1 + 0.025 * np.sign(np.sin(a * 36)) * (np.hypot(v[:, 0], v[:, 1]) > 0.9 * r)
        v[:, :2] *= rib[:, None]
        mesh = Mesh(v, mesh.f, mesh.uv)
    return mesh


def inside(body: Loft, wall: float) -> Mesh:
    """The inner wall of a glass vessel, normals pointing into the hollow."""
    keep = body.z > body.z.min() + wall
    inner = Loft(
        body.z[keep] - 0.001,
        np.maximum(body.a[keep] - wall, 0.01),
        np.maximum(body.b[keep] - wall, 0.01),
        body.n[keep],
        body.ox[keep],
        body.oy[keep],
    )
    return inner.mesh().flipped()


def bottle_body(rng: Rng) -> tuple[Loft, float, float, float, float]:
    """Body of a bottle: loft, height, neck radius, and the heights between which it is straight."""
    h, r = rng.uniform(1.6, 2.9), rng.uniform(0.32, 0.62)
    neck, neck_h = r * rng.uniform(0.28, 0.6), h * rng.uniform(0.08, 0.3)
    shoulder = h * rng.uniform(0.08, 0.25)
    straight = h - neck_h - shoulder
    waist = rng.uniform(0.82, 1.0) if rng.random() < 0.3 else 1.0
    profile = [
        (r * 0.02, 0.0),
        (r * 0.94, 0.0),
        (r, 0.06),
        (r * waist, straight * 0.5),
        (r, straight),
        (neck, straight + shoulder),
        (neck, h),
    ]
    q = rounded(profile, float(rng.uniform(0.06, 0.3)), 7)
    z, a = np.maximum.accumulate(q[:, 1] + np.arange(len(q)) * 1e-5), q[:, 0]
    flat = rng.uniform(0.45, 0.8) if rng.random() < 0.3 else 1.0
    power = rng.uniform(2.5, 5) if rng.random() < 0.3 else 2.0
    s = np.clip((z - straight) / max(shoulder, 0.01), 0, 1)
    b = a * (flat + (1 - flat) * s)
    return Loft.make(z, a, b, power + (2 - power) * s), h, neck, 0.12, straight * 0.93


@family("bottle", 3.0)
def bottle(rng: Rng, texture: int) -> Product:
    """A bottle of plastic, metal or glass, empty or filled."""
    body, h, neck, z0, z1 = bottle_body(rng)
    lid = Part(
        cap(rng, neck * rng.uniform(1.05, 1.4), h - 0.02, rng.uniform(0.12, 0.4)),
        pick_plastic(rng) if rng.random() < 0.7 else pick_metal(rng),
    )
    span = z1 - z0
    a, b = z0 + span * rng.uniform(0.02, 0.3), z1 - span * rng.uniform(0.0, 0.25)
    parts = [lid]
    if rng.random() < 0.85:
        parts.append(band_part(rng, body, a, b, texture))
    if rng.random() < 0.35:
        tint = GLASS_TINTS[rng.integers(len(GLASS_TINTS))]
        frosted = 0.25 if rng.random() < 0.15 else 0.0
        parts.append(Part(body.mesh(), glass(tint, frosted)))
        if rng.random() < 0.55:
            level = h * rng.uniform(0.4, 0.8)
            z = body.z[body.z < level]
            fill = body.at(np.concatenate([z[z > 0.03], [level]]))
            liquid = Loft(
                fill.z,
                np.maximum(fill.a - 0.03, 0.01),
                np.maximum(fill.b - 0.03, 0.01),
                fill.n,
                fill.ox,
                fill.oy,
            )
            parts.append(Part(liquid.mesh(), gloss(fields.any_colour(rng), 0.3)))
        else:
            parts.append(Part(inside(body, 0.035), glass(tint)))
        return Product("bottle", tuple(parts), tags=("transparent",))
    parts.append(Part(body.mesh(), pick_plastic(rng) if rng.random() < 0.85 else pick_metal(rng)))
    return Product("bottle", tuple(parts))


@family("pump", 1.2)
def pump(rng: Rng, texture: int) -> Product:
    """A dispenser: bottle, collar, stem and a spout that sticks out (thin parts)."""
    body, h, neck, z0, z1 = bottle_body(rng)
    top = pick_plastic(rng)
    stem = lathe(
        [
            (0.001, h),
            (neck * 1.2, h),
            (neck * 1.2, h + 0.18),
            (0.06, h + 0.2),
            (0.06, h + 0.5),
            (0.001, h + 0.5),
        ]
    )
    turn = rng.uniform(-70, 70) + (180 if rng.random() < 0.5 else 0)
    reach = rng.uniform(0.35, 0.7)
    path = np.array(
        [[-0.12, 0, h + 0.5], [reach * 0.6, 0, h + 0.52], [reach, 0, h + 0.47], [reach + 0.02, 0, h + 0.4]]
    )
    parts = [
        Part(body.mesh(), pick_plastic(rng)),
        Part(stem, top),
        Part(tube(path, np.array([0.09, 0.08, 0.06, 0.045])).turned("z", turn), top),
    ]
    parts.append(band_part(rng, body, z0 + 0.1, z1 - 0.1, texture))
    return Product("pump", tuple(parts), tags=("thin",))


@family("jar", 1.6)
def jar(rng: Rng, texture: int) -> Product:
    """A jar with a screw lid, of glass or plastic."""
    r, h = rng.uniform(0.5, 0.85), rng.uniform(0.55, 1.5)
    q = rounded([(0.01, 0), (r * 0.93, 0), (r, 0.06), (r, h * 0.88), (r * 0.86, h)], 0.12)
    body = Loft.make(np.maximum.accumulate(q[:, 1] + np.arange(len(q)) * 1e-5), q[:, 0])
    lid_h = rng.uniform(0.15, 0.4)
    lid = Part(
        cap(rng, r * rng.uniform(0.88, 1.03), h - 0.01, lid_h),
        pick_metal(rng) if rng.random() < 0.5 else pick_plastic(rng),
    )
    parts = [lid, band_part(rng, body, h * 0.15, h * 0.82, texture)]
    if rng.random() < 0.45:
        level = h * rng.uniform(0.5, 0.93)
        fill = body.at(np.linspace(0.05, level, 12))
        parts += [
            Part(body.mesh(), glass(GLASS_TINTS[rng.integers(3)])),
            Part(Loft.make(fill.z, fill.a - 0.04).mesh(), matte(textures.ground(rng, 128))),
        ]
        return Product("jar", tuple(parts), tags=("transparent",))
    parts.append(Part(body.mesh(), pick_plastic(rng)))
    return Product("jar", tuple(parts))


@family("can", 1.6)
def can(rng: Rng, texture: int) -> Product:
    """A food or drink can with a printed sleeve."""
    r, h = rng.uniform(0.33, 0.7), rng.uniform(0.7, 1.8)
    shell = metal((0.91, 0.92, 0.92), 0.2)
    q = rounded(
        [
            (0.01, 0.03),
            (r * 0.8, 0.03),
            (r * 0.85, 0),
            (r, 0.1),
            (r, h - 0.12),
            (r * 0.86, h),
            (r * 0.83, h),
            (r * 0.81, h - 0.05),
            (0.01, h - 0.05),
        ],
        0.03,
    )
    body = Loft.make([0.1, h - 0.12], [r, r])
    parts = [Part(Loft.make(q[:, 1], q[:, 0]).mesh(), shell)]
    art = label_art(rng, texture, 360, 2 * np.pi * r / (h - 0.22))
    sleeve = Material(art, roughness=0.3, metallic=float(rng.choice([0.0, 0.8])), clearcoat=0.5)
    parts.append(Part(body.band(0.1, h - 0.12, 360), sleeve, mark=True))
    if rng.random() < 0.4:
        parts.append(
            Part(
                lathe([(0.001, h - 0.06), (r * 0.9, h - 0.06), (r * 0.9, h + 0.12), (0.001, h + 0.12)]),
                pick_plastic(rng),
            )
        )
    return Product("can", tuple(parts))


@family("tube", 1.3)
def squeeze_tube(rng: Rng, texture: int) -> Product:
    """A cream tube on its cap: round at the cap, a flat crimp at the top."""
    r, h = rng.uniform(0.28, 0.45), rng.uniform(1.2, 2.2)
    s = np.linspace(0, 1, 24)
    z = 0.3 + s * (h - 0.3)
    b = r * (1 - s**1.6) + 0.02
    a = r * (1 + (np.pi / 2 - 1) * s**1.6)
    body = Loft.make(np.append(z, h + 0.1), np.append(a, a[-1]), np.append(b, 0.02), 2.2)
    b_ = artwork.brand(rng)
    art = labels.front(rng, b_, texture, int(texture * (h - 0.5) / (2.6 * r)))
    parts = [
        Part(body.mesh(), gloss(tuple(v / 255 for v in b_.ground), 0.3)),
        Part(cap(rng, r * rng.uniform(0.8, 1.0), 0, 0.32), pick_plastic(rng)),
    ]
    parts.append(Part(body.band(0.4, h - 0.08, 150), gloss(art, 0.3), mark=True))
    return Product("tube", tuple(parts))
