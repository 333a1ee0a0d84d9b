"""What people wear: shirts and trousers laid flat, shoes, rings, spectacles, watches, hats."""

from __future__ import annotations

import cv2
import numpy as np

from . import artwork, cloths, fields, labels, textures
from .bottles import pick_plastic
from .materials import fabric
from .meshes import Floats, Mesh, lathe, merge
from .products import Part, Product, Rng, family
from .sheets import sheet


def mirror(half: list[tuple[float, float]]) -> Floats:
    """Close an outline given for x >= 0, from the middle's bottom round to the middle's top."""
    p = np.array(half)
    left = p[::-1].copy()
    left[:, 0] *= -1
    both = np.concatenate([p, left])
    keep = np.linalg.norm(both - np.roll(both, 1, axis=0), axis=1) > 1e-6
    return both[keep]


def smooth(outline: Floats, rng: Rng, amount: float = 0.012, rounds: int = 2) -> Floats:
    """Chaikin's corner cutting, then a little waviness: cloth has no ruler-straight edge."""
    p = outline
    for _ in range(rounds):
        q = np.roll(p, -1, axis=0)
        p = np.stack([0.8 * p + 0.2 * q, 0.2 * p + 0.8 * q], 1).reshape(-1, 2)
    phase = rng.uniform(0, 6.28, 4)
    s = np.cumsum(np.linalg.norm(np.diff(p, axis=0, append=p[:1]), axis=1))
    wave = sum(np.sin(s * f + ph) for f, ph in zip((2.1, 4.7, 7.9, 12.0), phase, strict=True))
    return p + amount * 0.5 * np.stack([wave, np.roll(wave, 7)], 1)


def shirt_outline(rng: Rng) -> Floats:
    """Outline of a shirt with short, long or no sleeves."""
    body, length, sleeve = rng.uniform(0.62, 0.85), rng.uniform(1.5, 2.1), rng.uniform(0.35, 1.5)
    if rng.random() < 0.12:
        sleeve = 0.0
    neck, drop = rng.uniform(0.2, 0.32), rng.uniform(0.06, 0.25)
    a = np.radians(rng.uniform(18, 62))
    shoulder = np.array([body + 0.02, length / 2 - 0.1])
    out = np.array([np.cos(a), -np.sin(a)])
    down = np.array([out[1], -out[0]]) * rng.uniform(0.34, 0.46)
    hem = -length / 2
    half = [(0.0, hem), (body * rng.uniform(0.9, 1.15), hem), (body, shoulder[1] - 0.5)]
    if sleeve:
        cuff = shoulder + out * sleeve
        half += [tuple(cuff + down * rng.uniform(0.55, 1.0)), tuple(cuff)]
    half += [
        tuple(shoulder),
        (neck, length / 2),
        (neck * 0.6, length / 2 - drop * 0.8),
        (0.0, length / 2 - drop),
    ]
    return mirror(half)


def trousers_outline(rng: Rng) -> Floats:
    """Outline of trousers or shorts."""
    waist, hip, leg, cuff = (
        rng.uniform(0.4, 0.5),
        rng.uniform(0.52, 0.62),
        rng.uniform(0.7, 2.2),
        rng.uniform(0.22, 0.34),
    )
    spread = rng.uniform(0.03, 0.2)
    half = [
        (0.0, 0.1),
        (0.04 + spread * 0.3, -leg + 0.4),
        (spread, -leg),
        (spread + cuff * 1.4, -leg),
        (hip, 0.1),
        (waist, 0.8),
        (0.0, 0.78),
    ]
    return mirror(half)


def dress_outline(rng: Rng) -> Floats:
    """Outline of a dress with thin straps."""
    hem, waist, top, length = (
        rng.uniform(0.6, 1.0),
        rng.uniform(0.3, 0.45),
        rng.uniform(0.4, 0.5),
        rng.uniform(1.6, 2.4),
    )
    strap = rng.uniform(0.04, 0.12)
    x = rng.uniform(0.22, 0.3)
    half = [
        (0.0, -length / 2),
        (hem, -length / 2),
        (waist, length * 0.15),
        (top, length * 0.32),
        (x + strap, length * 0.36),
        (x + strap * 0.8, length / 2),
        (x, length / 2),
        (x - 0.02, length * 0.36),
        (0.0, length * 0.33),
    ]
    return mirror(half)


def cloth_height(mesh: Mesh, outline: Floats, rng: Rng, thick: float) -> Floats:
    """Height of laid-out cloth: rounded at its border, folds that run one way, small creases."""
    low, span = outline.min(0), float(np.ptp(outline, axis=0).max())
    n = 400
    mask = np.zeros((n + 40, n + 40), np.uint8)
    cv2.fillPoly(mask, [((outline - low) / span * n + 20).astype(np.int32)], 255)
    depth = cv2.distanceTransform(mask, cv2.DIST_L2, 5) * span / n
    at = np.clip(((mesh.v[:, :2] - low) / span * n + 20).astype(int), 0, n + 39)
    edge = np.clip(depth[at[:, 1], at[:, 0]] / thick, 0, 1)
    d = rng.normal(0, 1, 2)
    d /= np.linalg.norm(d)
    xy = mesh.v[:, :2]
    swirl = sum(np.sin(xy @ rng.normal(0, 2, 2) + rng.uniform(0, 6)) for _ in range(3)) * 0.35
    fold = np.zeros(len(xy))
    for _ in range(int(rng.integers(2, 5))):
        k = rng.uniform(2.5, 11)
        wave = np.sin((xy @ (d + rng.normal(0, 0.3, 2))) * k + swirl * 2 + rng.uniform(0, 6))
        fold += np.abs(wave) ** 1.5 * rng.uniform(0.2, 1) / k * 6
    strength = rng.uniform(0.004, 0.04)
    return np.sqrt(np.clip(edge * (2 - edge), 0, 1)) * thick * 0.6 + edge * strength * fold


@family("garment", 4.0)
def garment(rng: Rng, texture: int) -> Product:
    """A shirt, trousers, a dress or a towel laid on the ground and seen from above."""
    kind = str(rng.choice(["shirt", "shirt", "trousers", "dress", "towel"]))
    if kind == "towel":
        w, h = rng.uniform(0.6, 1.2), rng.uniform(0.6, 1.3)
        outline = np.array([(-w, -h), (w, -h), (w, h), (-w, h)]) * rng.uniform(0.85, 1.1, (4, 2))
    else:
        outline = {"shirt": shirt_outline, "trousers": trousers_outline, "dress": dress_outline}[kind](rng)
    outline = smooth(outline, rng, rng.uniform(0.005, 0.04))
    flat = sheet(outline, 0.035)
    z = cloth_height(flat, outline, rng, rng.uniform(0.05, 0.14))
    top = Mesh(np.column_stack([flat.v[:, :2], z + 0.012]), flat.f, flat.uv)
    look = (
        fields.plain(rng, 256)
        if rng.random() < 0.45
        else textures.ground(rng, texture, str(rng.choice(textures.PRINTS)))
    )
    parts = [Part(top, fabric(cloths.weave(rng, look)))]
    under = Mesh(flat.moved((0, 0, 0.002)).v, flat.f[:, ::-1].copy(), flat.uv)
    parts.append(Part(under, fabric(look)))
    if kind == "shirt":
        parts += collar(outline, rng, top)
        if rng.random() < 0.45:
            parts.append(chest_print(rng, top, texture))
    return Product("garment", tuple(parts), lies=True)


def collar(outline: Floats, rng: Rng, top: Mesh) -> list[Part]:
    """The back of the neck seen through the opening, and sometimes a button line."""
    high = outline[:, 1].max()
    near = outline[(np.abs(outline[:, 0]) < 0.34) & (outline[:, 1] > high - 0.35)]
    top_edge, middle = near[near[:, 1] > high - 0.03], near[np.abs(near[:, 0]) < 0.08]
    if not len(top_edge) or not len(middle):
        return []
    x = np.abs(top_edge[:, 0]).max() * 0.97
    low = middle[:, 1].min()
    t = np.linspace(0, np.pi, 14)
    back = np.concatenate(
        [
            np.stack([x * np.cos(t), high - 0.03 + 0.05 * np.sin(t)], 1),
            np.stack([-x * np.cos(t), high - (high - low + 0.03) * np.sin(t)], 1),
        ]
    )
    inner = sheet(back, 0.05)
    tone = fabric(tuple(np.array(fields.any_colour(rng)) * 0.6))
    parts = [Part(Mesh(inner.moved((0, 0, 0.02)).v, inner.f, inner.uv), tone)]
    if rng.random() < 0.35:
        ys = np.linspace(low - 0.12, outline[:, 1].min() + 0.1, int(rng.integers(3, 8)))
        z = [top.v[np.argmin(np.hypot(top.v[:, 0], top.v[:, 1] - y)), 2] for y in ys]
        discs = [
            lathe([(0.001, 0), (0.03, 0), (0.03, 0.015), (0.001, 0.015)], 0.005, 20).moved((0, y, q))
            for y, q in zip(ys, z, strict=True)
        ]
        parts.append(Part(merge(*discs), pick_plastic(rng)))
    return parts


def chest_print(rng: Rng, top: Mesh, texture: int) -> Part:
    """A motif that follows the cloth's folds: the faces under a rectangle, lifted a little."""
    w, h = rng.uniform(0.25, 0.5), rng.uniform(0.2, 0.5)
    centre = np.array([0.0, rng.uniform(0.0, 0.35)])
    middle = top.v[top.f].mean(1)[:, :2]
    inside = np.all(np.abs(middle - centre) < (w, h), axis=1)
    uv = (top.v[:, :2] - centre) / (2 * w, 2 * h) + 0.5
    art = labels.front(rng, artwork.brand(rng), texture, int(texture * h / w))
    return Part(Mesh(top.moved((0, 0, 0.006)).v, top.f[inside], np.clip(uv, 0, 1)), fabric(art), mark=True)
