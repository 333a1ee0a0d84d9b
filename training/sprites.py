"""Products to place in composites: colour, exact alpha, and how much of the ground shows through."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from training import silhouettes, textures
from training.bank import Bank

Rng = np.random.Generator
Field = NDArray[np.float32]
_SIDE = 300


@dataclass(frozen=True)
class Sprite:
    """`bgr` uint8 [h, w, 3]; `alpha` float32 [h, w], what the network must answer; `opacity` float32 [h, w]
    <= alpha, what hides the ground (lower inside glass).
    """

    bgr: NDArray[np.uint8]
    alpha: Field
    opacity: Field
    kind: str


def crop_to_alpha(sprite: Sprite, margin: int = 1) -> Sprite:
    """The sprite cut to its tight box."""
    ys, xs = np.nonzero(sprite.alpha > 0.02)
    if len(ys) == 0:
        raise ValueError("a sprite without any opaque pixel")
    window = (
        slice(max(0, ys.min() - margin), ys.max() + 1 + margin),
        slice(max(0, xs.min() - margin), xs.max() + 1 + margin),
    )
    return Sprite(sprite.bgr[window], sprite.alpha[window], sprite.opacity[window], sprite.kind)


def inflate(alpha: Field, roundness: float) -> NDArray[np.float32]:
    """Normals [h, w, 3] of a body blown up over its outline: height from the distance to the edge."""
    distance = cv2.distanceTransform((alpha > 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    rim = max(2.0, float(distance.max()) * roundness)
    height = np.sqrt(np.clip(1 - (1 - np.clip(distance / rim, 0, 1)) ** 2, 0, 1)) * rim
    height = cv2.GaussianBlur(height, (0, 0), 1.5)
    gx, gy = (
        cv2.Sobel(height, cv2.CV_32F, 1, 0, scale=1 / 8),
        cv2.Sobel(height, cv2.CV_32F, 0, 1, scale=1 / 8),
    )
    normal = np.stack([-gx, -gy, np.ones_like(gx)], -1)
    return normal / np.linalg.norm(normal, axis=-1, keepdims=True)


def shade(
    rng: Rng, albedo: NDArray[np.uint8], normal: NDArray[np.float32], gloss: float
) -> NDArray[np.uint8]:
    """Lambert and Blinn-Phong under one light and an ambient term."""
    light = np.array([rng.normal(0, 0.6), rng.normal(-0.5, 0.5), rng.uniform(0.5, 1.2)], np.float32)
    light /= np.linalg.norm(light)
    ambient = rng.uniform(0.35, 0.85)
    diffuse = np.clip(normal @ light, 0, 1)
    half = light + np.array([0, 0, 1], np.float32)
    half /= np.linalg.norm(half)
    spark = np.clip(normal @ half, 0, 1) ** rng.uniform(8, 90) * gloss
    lit = (
        albedo.astype(np.float32) * (ambient + (1 - ambient) * 1.25 * diffuse)[..., None]
        + 255 * spark[..., None]
    )
    return np.clip(lit, 0, 255).astype(np.uint8)


def skin(rng: Rng, bank: Bank, h: int, w: int) -> NDArray[np.uint8]:
    """What a product is covered with: printing, a photo patch, a plain or patterned surface."""
    pick = rng.random()
    if pick < 0.30:
        return textures.label(rng, h, w)
    if pick < 0.58:
        return bank.patch(rng, h, w)
    if pick < 0.75:
        return textures.plain(rng, h, w)
    if pick < 0.83:
        flat = np.empty((h, w, 3), np.uint8)
        flat[:] = textures.colour(rng, str(rng.choice(["bright", "dark"])))
        return flat
    return textures.any_surface(rng, h, w)


def procedural(rng: Rng, bank: Bank) -> Sprite:
    """A shaded body with one of the procedural outlines; one in nine is glass."""
    names = list(silhouettes.ALL)
    weights = np.array([silhouettes.ALL[n][1] for n in names])
    kind = str(rng.choice(names, p=weights / weights.sum()))
    alpha = silhouettes.ALL[kind][0](rng, _SIDE)
    albedo = skin(rng, bank, _SIDE, _SIDE)
    if rng.random() < 0.45:  # a second material: lid, sole, label band
        cut = rng.uniform(0.15, 0.85) * _SIDE + rng.normal(0, 0.12) * (np.arange(_SIDE) - _SIDE / 2)
        other = skin(rng, bank, _SIDE, _SIDE)
        albedo = np.where((np.arange(_SIDE)[:, None] < cut[None])[..., None], other, albedo)
    normal = inflate(alpha, rng.uniform(0.15, 1.0) if kind != "rounded_box" else rng.uniform(0.05, 0.5))
    bgr = shade(rng, albedo, normal, rng.choice([0.0, 0.1, 0.5, 0.9]))
    opacity = alpha
    if kind in ("lathed", "rounded_box", "blob") and rng.random() < 0.13:
        rim = 1 - normal[..., 2]
        opacity = alpha * np.clip(rng.uniform(0.12, 0.5) + 1.3 * rim, 0, 1).astype(np.float32)
    return crop_to_alpha(Sprite(bgr, alpha, opacity, kind))


def carton(rng: Rng, bank: Bank) -> Sprite:
    """A box in perspective: two or three printed faces, each with its own light."""
    side = _SIDE
    w, d, h = rng.uniform(0.4, 1), rng.uniform(0.2, 1), rng.uniform(0.3, 1.3)
    yaw, pitch = rng.uniform(-1.2, 1.2), rng.uniform(-0.1, 0.9)
    corners = np.array([[x, y, z] for x in (-w, w) for y in (-h, h) for z in (-d, d)])
    turn_y = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    turn_x = np.array([[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]])
    world = corners @ (turn_x @ turn_y).T
    flat = world[:, :2] / (1 + world[:, 2:] / rng.uniform(4, 12))
    flat = (flat - flat.min(0)) / (flat.max(0) - flat.min(0)).max() * (side - 8) + 4
    faces = {
        "x-": (0, 1, 3, 2),
        "x+": (5, 4, 6, 7),
        "y-": (0, 4, 5, 1),
        "y+": (2, 3, 7, 6),
        "z-": (4, 0, 2, 6),
        "z+": (1, 5, 7, 3),
    }
    base = skin(rng, bank, side, side) if rng.random() < 0.7 else textures.plain(rng, side, side)
    bgr, alpha = np.zeros((side, side, 3), np.uint8), np.zeros((side, side), np.float32)
    for ids in faces.values():
        quad = flat[list(ids)].astype(np.float32)
        edge1, edge2 = quad[1] - quad[0], quad[2] - quad[1]
        if edge1[0] * edge2[1] - edge1[1] * edge2[0] >= 0:  # seen from behind
            continue
        face = base if rng.random() < 0.5 else skin(rng, bank, side, side)
        light = rng.uniform(0.45, 1.1)
        m = cv2.getPerspectiveTransform(
            np.array([[0, 0], [side, 0], [side, side], [0, side]], np.float32), quad
        )
        drawn = cv2.warpPerspective(
            cv2.convertScaleAbs(face, alpha=light), m, (side, side), borderMode=cv2.BORDER_REPLICATE
        )
        cover = (
            cv2.warpPerspective(np.full((side, side), 255, np.uint8), m, (side, side)).astype(np.float32)
            / 255
        )
        bgr = (bgr * (1 - cover[..., None]) + drawn * cover[..., None]).astype(np.uint8)
        alpha = np.maximum(alpha, cover)
    alpha = cv2.morphologyEx(alpha, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    return crop_to_alpha(Sprite(bgr, alpha, alpha, "carton"))


def recoloured(rng: Rng, bgr: NDArray[np.uint8], strength: float) -> NDArray[np.uint8]:
    """Another hue, saturation and brightness."""
    hsv = cv2.cvtColor(bgr, cv2.COLOR_BGR2HSV).astype(np.float32)
    hsv[..., 0] = (hsv[..., 0] + rng.uniform(-90, 90) * strength) % 180
    hsv[..., 1] *= rng.uniform(0.4, 1.5) ** strength
    hsv[..., 2] = 255 * (hsv[..., 2] / 255) ** rng.uniform(0.55, 1.6) ** strength
    return cv2.cvtColor(np.clip(hsv, 0, [179, 255, 255]).astype(np.uint8), cv2.COLOR_HSV2BGR)


def cut_out(rng: Rng, bank: Bank, family: str) -> Sprite:
    """A real cut-out of the bank's `family`, sometimes recoloured or with another skin, mirrored at
    random.
    """
    bgr, alpha = bank.cut_out(rng, family)
    if family == "emoji" and rng.random() < 0.5:
        drawn = skin(rng, bank, *alpha.shape)
        bgr = shade(rng, drawn, inflate(alpha, rng.uniform(0.1, 0.8)), rng.choice([0.0, 0.4]))
    elif rng.random() < 0.6:
        bgr = recoloured(rng, bgr, 0.25 if family == "grocery" else 1.0)
    sprite = Sprite(bgr, alpha, alpha, family)
    if rng.random() < 0.5:
        sprite = replace(
            sprite, bgr=sprite.bgr[:, ::-1], alpha=sprite.alpha[:, ::-1], opacity=sprite.opacity[:, ::-1]
        )
    return crop_to_alpha(sprite)


FAMILIES = {
    "render": 0.40, "procedural": 0.24, "carton": 0.09, "garment": 0.25, "grocery": 0.12, "emoji": 0.08,
    "parcel": 0.03,
}  # fmt: skip


def product(rng: Rng, bank: Bank, family: str | None = None) -> Sprite:
    """A product of the named family, or of one by weight (families the bank lacks are left out)."""
    known = [f for f in FAMILIES if f in ("procedural", "carton") or bank.has(f)]
    weights = np.array([FAMILIES[f] for f in known])
    chosen = family if family is not None else str(rng.choice(known, p=weights / weights.sum()))
    if chosen == "procedural":
        return procedural(rng, bank)
    return carton(rng, bank) if chosen == "carton" else cut_out(rng, bank, chosen)


def turned(sprite: Sprite, angle: float, height: int, width: int) -> Sprite:
    """The sprite turned by `angle` degrees and scaled to fit [height, width]."""
    h, w = sprite.alpha.shape
    c, s = abs(np.cos(np.radians(angle))), abs(np.sin(np.radians(angle)))
    bw, bh = w * c + h * s, w * s + h * c
    scale = min(width / bw, height / bh)
    m = cv2.getRotationMatrix2D((w / 2, h / 2), angle, scale)
    out = (max(2, round(bw * scale)), max(2, round(bh * scale)))
    m[:, 2] += np.array([out[0] / 2 - w / 2, out[1] / 2 - h / 2])
    flags = cv2.INTER_AREA if scale < 0.6 else cv2.INTER_LINEAR
    bgr = cv2.warpAffine(sprite.bgr, m, out, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    pair = cv2.warpAffine(np.dstack([sprite.alpha, sprite.opacity]), m, out, flags=flags)
    return Sprite(bgr, pair[..., 0], pair[..., 1], sprite.kind)
