"""Boxes, cartons, books, devices, pouches and bags."""

from __future__ import annotations

import numpy as np

from . import artwork, fields, labels, textures
from .bottles import pick_metal, pick_plastic
from .boxes import box
from .materials import Material, fabric, gloss, matte, paper
from .meshes import Loft, Mesh, lathe, merge, tube
from .products import Part, Product, Rng, family


def wobble(mesh: Mesh, rng: Rng, amount: float, waves: float = 4.0, along: str = "") -> Mesh:
    """Push the surface in and out by a sum of sines: dents, creases, cloth. `along` limits it to one axis's
    direction.
    """
    push = np.zeros(len(mesh.v))
    for k in range(6):
        d = rng.normal(0, 1, 3) * waves * (0.6 + 0.35 * k)
        push += np.sin(mesh.v @ d + rng.uniform(0, 6.28)) / (1 + 0.6 * k)
    direction = mesh.normals() if not along else np.eye(3)["xyz".index(along)]
    return Mesh(mesh.v + direction * (push * amount / 2)[:, None], mesh.f, mesh.uv)


@family("carton", 3.0)
def carton(rng: Rng, texture: int) -> Product:
    """A labelled box standing up, sometimes with the gable of a milk carton or a flat lid."""
    w, h = rng.uniform(0.6, 1.5), rng.uniform(0.5, 2.2)
    d = w * rng.uniform(0.15, 0.9)
    b = artwork.brand(rng)
    art = labels.carton(rng, b, texture, (w, d, h))
    material = paper(art) if rng.random() < 0.6 else gloss(art, 0.25)
    parts = [Part(box((w, d, h), 0.01 + 0.02 * rng.random()), material, mark=True)]
    if rng.random() < 0.15 and w > 0.4:
        ridge = Loft.make([h, h + d * 0.45, h + d * 0.6], [w / 2, w / 2, w / 2], [d / 2, 0.02, 0.02], 30)
        parts.append(Part(ridge.mesh(), paper(tuple(v / 255 for v in b.ground))))
        if rng.random() < 0.6:
            parts.append(
                Part(
                    lathe([(0.001, 0), (0.14, 0), (0.14, 0.14), (0.001, 0.14)])
                    .turned("x", 50)
                    .moved((0, -d * 0.28, h + d * 0.2)),
                    pick_plastic(rng),
                )
            )
    return Product("carton", tuple(parts))


@family("parcel", 0.9)
def parcel(rng: Rng, texture: int) -> Product:
    """A brown or printed shipping box with tape."""
    size = (rng.uniform(0.8, 1.8), rng.uniform(0.6, 1.4), rng.uniform(0.3, 1.3))
    brown = np.array((0.72, 0.56, 0.38)) * rng.uniform(0.85, 1.1)
    kraft = fields.mix(
        tuple(brown * 0.93), tuple(np.minimum(brown * 1.05, 1)), fields.noise(rng, 256, (3, 90), 3)
    )
    parts = [Part(wobble(box(size, 0.012), rng, 0.004), matte(kraft))]
    if rng.random() < 0.8:
        parts.append(
            Part(
                box((size[0] * 1.004, 0.22, size[2] * 1.003), 0.004),
                gloss((0.78, 0.66, 0.47) if rng.random() < 0.6 else fields.any_colour(rng), 0.25),
            )
        )
    if rng.random() < 0.7:
        art = labels.front(rng, artwork.brand(rng), texture // 2, texture // 3)
        note = box((0.5, 0.33, 0.006), 0.001).moved(
            (rng.uniform(-0.1, 0.1), rng.uniform(-0.05, 0.05), size[2])
        )
        uv = (note.v[:, :2] - note.v[:, :2].min(0)) / np.ptp(note.v[:, :2], axis=0)
        parts.append(Part(Mesh(note.v, note.f, uv), paper(art), mark=True))
    return Product("parcel", tuple(parts))


@family("book", 0.9)
def book(rng: Rng, texture: int) -> Product:
    """A book, standing or lying."""
    w, h, d = rng.uniform(0.9, 1.4), rng.uniform(1.3, 1.9), rng.uniform(0.08, 0.4)
    art = labels.carton(rng, artwork.brand(rng), texture, (w, d, h))
    cover = [box((w, 0.02, h), 0.005).moved((0, s * d / 2, 0)) for s in (-1, 1)]
    spine = box((0.03, d + 0.02, h), 0.006).moved((-w / 2, 0, 0))
    pages = box((w - 0.05, d - 0.02, h - 0.06), 0.004).moved((-0.01, 0, 0.03))
    sheets = fields.mix((0.85, 0.82, 0.74), (0.97, 0.95, 0.9), fields.noise(rng, 256, (2, 200), 2))
    lies = rng.random() < 0.4
    parts = [
        Part(cover[0], paper(art), mark=True),
        Part(cover[1], paper(art)),
        Part(spine, paper(art)),
        Part(pages, matte(sheets)),
    ]
    out = Product("book", tuple(parts), lies=lies)
    return out.placed(lambda m: m.turned("x", -90).moved((0, h / 2, d / 2 + 0.01))) if lies else out


@family("device", 1.2)
def device(rng: Rng, texture: int) -> Product:
    """Phones, tablets, speakers, remotes: a dark rounded slab with a screen or keys."""
    w, h, d = rng.uniform(0.5, 1.5), rng.uniform(0.8, 1.6), rng.uniform(0.06, 0.3)
    case = (
        gloss((0.05, 0.05, 0.06), 0.15)
        if rng.random() < 0.5
        else (pick_metal(rng) if rng.random() < 0.4 else pick_plastic(rng))
    )
    slab = Loft.make(
        [0, 0.02, d - 0.02, d],
        [w / 2 - 0.02, w / 2, w / 2, w / 2 - 0.02],
        [h / 2 - 0.02, h / 2, h / 2, h / 2 - 0.02],
        9,
    )
    parts = [Part(slab.mesh(96), case)]
    face = Loft.make([d, d + 0.004], [w / 2 * 0.93] * 2, [h / 2 * 0.93] * 2, 14).mesh(96)
    uv = (face.v[:, :2] - face.v[:, :2].min(0)) / np.ptp(face.v[:, :2], axis=0)
    if rng.random() < 0.65:
        art = (
            labels.front(rng, artwork.brand(rng), texture, int(texture * h / w))
            if rng.random() < 0.5
            else textures.ground(rng, texture, "blobs")
        )
        parts.append(
            Part(Mesh(face.v, face.f, uv), gloss(art if rng.random() < 0.7 else (0.02, 0.02, 0.025), 0.06))
        )
    else:
        rows, cols = int(rng.integers(3, 8)), int(rng.integers(2, 5))
        keys = [
            box((w * 0.7 / cols, h * 0.7 / rows, 0.05), 0.012).moved(
                (w * 0.86 * ((i + 0.5) / cols - 0.5), h * 0.86 * ((j + 0.5) / rows - 0.5), d)
            )
            for i in range(cols)
            for j in range(rows)
        ]
        parts.append(Part(merge(*keys), pick_plastic(rng)))
    lies = rng.random() < 0.5
    out = Product("device", tuple(parts), lies=lies)
    return out if lies else out.placed(lambda m: m.turned("x", 90).moved((0, d, h / 2)))


@family("pouch", 2.0)
def pouch(rng: Rng, texture: int) -> Product:
    """A stand-up pouch or a pillow bag: seams flat, belly full, creases in the foil."""
    w, h = rng.uniform(0.8, 1.3), rng.uniform(1.0, 1.9)
    belly = w * rng.uniform(0.14, 0.32)
    s = np.linspace(0, 1, 56)
    pillow = rng.random() < 0.4
    depth = (
        belly * np.sin(np.pi * np.clip(s, 0.02, 0.98)) ** 0.5
        if pillow
        else belly * np.clip((1 - s) * 1.5, 0, 1) ** 0.7 * np.clip(s * 9 + 0.75, 0, 1)
    )
    seal = np.maximum(depth, 0.012)
    seal[s > 0.94] = 0.012
    if pillow:
        seal[s < 0.06] = 0.012
    half = w / 2 * (1 - 0.1 * seal / belly)
    body = Loft.make(s * h, half, seal, 1.35)
    mesh = body.mesh(120)
    fine = wobble(mesh, rng, 0.035, 5.0)
    fade = np.clip(np.minimum(s, 1 - s) * 10, 0.15, 1)
    weight = np.interp(mesh.v[:, 2] / h, s, fade)[:, None]
    v = mesh.v + (fine.v - mesh.v) * weight
    b = artwork.brand(rng)
    art = np.concatenate([labels.front(rng, b, texture, int(texture * h / w))] * 2, 1)
    u = np.where(mesh.v[:, 1] <= 1e-9, 0.25 + 0.5 * mesh.v[:, 0] / w, 0.75 + 0.5 * mesh.v[:, 0] / w)
    uv = np.stack([np.clip(u, 0.001, 0.999), np.clip(mesh.v[:, 2] / h, 0, 1)], 1)
    foil = Material(
        art, roughness=float(rng.uniform(0.2, 0.6)), metallic=float(rng.choice([0.0, 0.0, 0.7])), specular=0.5
    )
    lies = rng.random() < 0.25
    out = Product("pouch", (Part(Mesh(v, mesh.f, uv), foil, mark=True),), lies=lies)
    return out.placed(lambda m: m.turned("x", -90).moved((0, h / 2, belly))) if lies else out


@family("tote", 1.8)
def tote(rng: Rng, texture: int) -> Product:
    """A bag with two thin straps (or one shoulder strap): long thin holes."""
    w, h, d = rng.uniform(0.9, 1.5), rng.uniform(0.8, 1.5), rng.uniform(0.1, 0.4)
    z = np.linspace(0, h, 24)
    body = Loft.make(z, w / 2 * (1 + 0.06 * np.sin(z / h * 3)), d * (1 - 0.55 * z / h), 4)
    look = (
        fields.any_colour(rng)
        if rng.random() < 0.5
        else textures.ground(rng, texture, str(rng.choice(textures.PRINTS)))
    )
    cloth = fabric(look) if rng.random() < 0.6 else gloss(look, 0.35)
    shell = wobble(body.mesh(96), rng, 0.03, 3.0)
    strap = cloth if rng.random() < 0.4 else gloss(fields.any_colour(rng), 0.4)
    reach, t = rng.uniform(0.4, 1.3), np.linspace(0, np.pi, 30)
    span = w * rng.uniform(0.2, 0.42)
    parts = [Part(shell, cloth)]
    for side in (-1, 1) if rng.random() < 0.75 else (0,):
        droop = rng.uniform(-0.2, 0.2)
        path = np.stack(
            [span * np.cos(t), side * d * 0.42 + droop * np.sin(t), h - 0.12 + reach * np.sin(t) ** 0.8], 1
        )
        parts.append(Part(tube(path, rng.uniform(0.018, 0.05), 10, flat=rng.uniform(0.35, 1.0)), strap))
    if rng.random() < 0.6:
        art = labels.front(rng, artwork.brand(rng), texture // 2, int(texture * 0.4))
        front = body.band(h * 0.25, h * 0.7, 60, lift=0.03)
        parts.append(Part(front, fabric(art), mark=True))
    return Product("tote", tuple(parts), tags=("thin", "hole"))


@family("basket", 0.7)
def basket(rng: Rng, texture: int) -> Product:
    """A wire or wicker basket: many holes."""
    r, h = rng.uniform(0.5, 0.9), rng.uniform(0.4, 1.0)
    flare, wire = rng.uniform(0.7, 1.1), rng.uniform(0.012, 0.03)
    t = np.linspace(0, 2 * np.pi, 61)[:-1]
    rings = []
    for z in np.linspace(0.03, h, int(rng.integers(3, 8))):
        q = r * (flare + (1 - flare) * z / h)
        rings.append(
            tube(
                np.stack([q * np.cos(t), q * np.sin(t), np.full_like(t, z)], 1),
                wire * (1.6 if z == h else 1),
                8,
                closed=True,
            )
        )
    ribs = [
        tube(
            np.array(
                [[r * flare * np.cos(a), r * flare * np.sin(a), 0.02], [r * np.cos(a), r * np.sin(a), h]]
            ),
            wire,
            8,
        )
        for a in np.linspace(0, 2 * np.pi, int(rng.integers(12, 34)))[:-1]
    ]
    base = lathe([(0.001, 0.02), (r * flare, 0.02), (r * flare, 0.05), (0.001, 0.05)])
    material = pick_metal(rng) if rng.random() < 0.6 else pick_plastic(rng)
    return Product(
        "basket", (Part(merge(*rings, *ribs), material), Part(base, material)), tags=("thin", "hole")
    )
