"""Composites with exact alpha: a product on a ground, with everything that distracts from it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from training import camera, hangers, linings, patterns, textures
from training.bank import Bank
from training.sprites import Sprite, product, recoloured, skin, turned

Image = NDArray[np.uint8]
Field = NDArray[np.float32]
Rng = np.random.Generator
LONG_SIDE = 384
LOOSE = ("grocery", "emoji", "parcel", "render")  # families of cut-outs that are no garments
GROUNDS = {"plain": 0.26, "white": 0.10, "surface": 0.23, "floor": 0.13, "photo": 0.20, "room": 0.08}

HANGING = 0.5  # of the garments: one in ten of all composites
LINED = 0.35  # of the garments


@dataclass(frozen=True)
class Scene:
    """`bgr` uint8 [h, w, 3], `alpha` uint8 [h, w], and what kind of ground and product it is."""

    bgr: Image
    alpha: NDArray[np.uint8]
    ground: str
    kind: str


def canvas_size(rng: Rng) -> tuple[int, int]:
    """Height and width with the longest side at LONG_SIDE; portrait, square and landscape."""
    aspect = float(rng.choice([1.0, 4 / 3, 3 / 4, 3 / 4, 2 / 3, 16 / 9, 9 / 16, 0.8]))
    return (LONG_SIDE, round(LONG_SIDE * aspect)) if aspect <= 1 else (round(LONG_SIDE / aspect), LONG_SIDE)


def surface(rng: Rng, bank: Bank, h: int, w: int) -> Image:
    """A floor, a rug or a cloth; one in three has a large pattern."""
    pick = rng.random()
    if pick < 0.17:
        motif = bank.patch(rng, 96, 96) if bank.photos and rng.random() < 0.7 else textures.label(rng, 96, 96)
        ground = patterns.repeated(rng, motif, h, w)
    else:
        ground = (patterns.patchwork if pick < 0.32 else textures.any_surface)(rng, h, w)
    return patterns.folded(rng, ground) if rng.random() < 0.3 else ground


def make_ground(rng: Rng, bank: Bank, kind: str, h: int, w: int) -> Image:
    """The empty ground of the named kind; a wall meets a table in some."""
    if kind == "white":
        flat = np.empty((h, w, 3), np.uint8)
        flat[:] = textures.colour(rng, "bright") if rng.random() < 0.6 else 255
        return flat
    if kind == "photo" and bank.photos:
        photo = bank.photo_ground(rng, h, w) if rng.random() < 0.6 else bank.patch(rng, h, w)
        return cv2.GaussianBlur(photo, (0, 0), rng.uniform(0.8, 6)) if rng.random() < 0.3 else photo
    if kind == "room" and bank.rooms:
        return bank.room(rng, h, w)
    if kind == "floor" and bank.floors:
        return bank.floor(rng, h, w)
    ground = textures.plain(rng, h, w) if kind == "plain" else surface(rng, bank, h, w)
    if rng.random() < 0.22:
        other = textures.any_surface(rng, h, w) if kind == "surface" else textures.plain(rng, h, w)
        edge = int(rng.uniform(0.25, 0.75) * h) + (rng.normal(0, 0.06) * np.arange(w)).astype(int)
        ground = np.where((np.arange(h)[:, None] < edge[None])[..., None], other, ground)
    return ground


def paste(ground: Image, sprite: Sprite, y: int, x: int) -> tuple[Image, Field, Field, Image]:
    """The sprite placed on a canvas of the ground's size: (its colours, opacity, alpha, the composite)."""
    h, w = ground.shape[:2]
    sh, sw = sprite.alpha.shape
    y0, x0, y1, x1 = max(0, y), max(0, x), min(h, y + sh), min(w, x + sw)
    colours, opacity, alpha = ground.copy(), np.zeros((h, w), np.float32), np.zeros((h, w), np.float32)
    if y1 > y0 and x1 > x0:
        part = slice(y0 - y, y1 - y), slice(x0 - x, x1 - x)
        colours[y0:y1, x0:x1] = sprite.bgr[part]
        opacity[y0:y1, x0:x1], alpha[y0:y1, x0:x1] = sprite.opacity[part], sprite.alpha[part]
    mixed = ground + (colours.astype(np.float32) - ground) * opacity[..., None]
    return colours, opacity, alpha, mixed.astype(np.uint8)


def darken(ground: Image, loss: Field) -> Image:
    """The ground with this share of light taken away."""
    return (ground * (1 - loss[..., None])).astype(np.uint8)


def scatter(rng: Rng, bank: Bank, ground: Image, like: Sprite | None, count: int) -> Image:
    """Whole objects behind the product: smaller, darker or out of focus; at times of the product's own
    kind.
    """
    h, w = ground.shape[:2]
    out = ground
    same = like is not None and rng.random() < 0.45
    for _ in range(count):
        if same and like is not None:
            thing = Sprite(recoloured(rng, like.bgr, 0.3), like.alpha, like.opacity, like.kind)
        else:
            thing = product(rng, bank)
        size = rng.uniform(0.15, 0.45) * min(h, w)
        thing = turned(
            thing, rng.uniform(-40, 40) if rng.random() < 0.7 else rng.uniform(0, 360), int(size), int(size)
        )
        y, x = int(rng.uniform(-size / 2, h - size / 2)), int(rng.uniform(-size / 2, w - size / 2))
        _, opacity, _, _ = paste(out, thing, y, x)
        out = paste(darken(out, camera.contact_shadow(rng, opacity)), thing, y, x)[3]
    if rng.random() < 0.5:
        out = cv2.GaussianBlur(out, (0, 0), rng.uniform(0.5, 4))
    return out if rng.random() < 0.6 else cv2.convertScaleAbs(out, alpha=rng.uniform(0.55, 0.95))


def at_the_rim(rng: Rng, bank: Bank, ground: Image, count: int) -> Image:
    """Distractors that the frame cuts: at most half of each is seen."""
    h, w = ground.shape[:2]
    out = ground
    for _ in range(count):
        size = int(rng.uniform(0.2, 0.6) * min(h, w))
        thing = turned(product(rng, bank), rng.uniform(0, 360), size, size)
        sh, sw = thing.alpha.shape
        along, seen = rng.random(), rng.uniform(0.15, 0.5)
        y, x = {
            0: (int(along * h - sh / 2), int(-sw * (1 - seen))), 1: (int(along * h - sh / 2), int(w - sw *
            seen)), 2: (int(-sh * (1 - seen)), int(along * w - sw / 2)), 3: (int(h - sh * seen), int(along *
            w - sw / 2)),
        }[int(rng.integers(4))]  # fmt: skip
        _, opacity, _, _ = paste(out, thing, y, x)
        out = paste(darken(out, camera.contact_shadow(rng, opacity)), thing, y, x)[3]
    return out


def empty_scene(rng: Rng, bank: Bank) -> Scene:
    """No product: surfaces, floors, shelves full of goods, heaps, or only things that the frame cuts."""
    h, w = canvas_size(rng)
    kind = str(rng.choice(["plain", "surface", "floor", "shelf"], p=[0.2, 0.3, 0.2, 0.3]))
    ground = bank.patch(rng, h, w) if kind == "shelf" and bank.photos else make_ground(rng, bank, kind, h, w)
    if kind != "shelf" and rng.random() < 0.2:
        ground = at_the_rim(rng, bank, ground, 1)
    return Scene(camera.photographed(rng, ground), np.zeros((h, w), np.uint8), kind, "empty")


def place(rng: Rng, sprite: Sprite, h: int, w: int) -> tuple[Sprite, int, int]:
    """Size, turn and position of the product: large and near the middle; one in twelve is cut by the
    frame.
    """
    fill = rng.uniform(0.5, 0.97) if rng.random() < 0.84 else rng.uniform(0.25, 0.5)
    upright = sprite.kind in ("carton", "lathed", "grocery", "garment", "render")
    angle = rng.normal(0, 8) if upright and rng.random() < 0.8 else rng.uniform(0, 360)
    out = turned(sprite, angle, int(fill * h), int(fill * w))
    sh, sw = out.alpha.shape
    free_y, free_x = h - sh, w - sw
    spread = rng.normal(0.5, 0.16, 2).clip(0.02, 0.98)
    y, x = int(free_y * spread[0]), int(free_x * spread[1])
    if rng.random() < 0.08:
        x, y = (x, y + int(0.25 * sh)) if rng.random() < 0.5 else (int(x + 0.2 * sw * rng.choice([-1, 1])), y)
    return out, y, x


def _hung(rng: Rng, ground: Image, cover: Field, hanging: float) -> Image:
    """The ground behind a garment by a wall: a hanger on this share of them, a sharp shadow on others."""
    if rng.random() < hanging:
        ground = hangers.hung(rng, ground, cover)
    return darken(ground, camera.cast_shadow(rng, cover)) if rng.random() < 0.4 else ground


def _toned(rng: Rng, sprite: Sprite, ground: Image, kind: str) -> Sprite:
    """Half of the products on white are near white, and a few of all others near their ground's colour."""
    if kind == "white" and rng.random() < 0.5:
        bgr = 255 - (255 - sprite.bgr) * rng.uniform(0.06, 0.4)
    elif rng.random() < 0.06:
        mean = ground.reshape(-1, 3).mean(0)
        bgr = (sprite.bgr * 0.5 + (mean + rng.normal(0, 14, 3)) * 0.5).clip(0, 255)
    else:
        return sprite
    return Sprite(bgr.astype(np.uint8), sprite.alpha, sprite.opacity, sprite.kind)


def product_scene(
    rng: Rng,
    bank: Bank,
    ground_kind: str | None = None,
    family: str | None = None,
    hanging: float = 0.0,
    lined: float = 0.0,
) -> Scene:
    """One product (in five of a hundred two) on a ground with clutter, shadow, reflection and camera; these
    shares of the garments hang on a hanger (0: none hangs, or has a wall's sharp shadow) and show a lining
    or a back hem.
    """
    h, w = canvas_size(rng)
    kind = ground_kind or str(rng.choice(list(GROUNDS), p=list(GROUNDS.values())))
    if kind == "room" and family is None:  # a garment on a garment has two answers
        family = str(
            rng.choice(
                [name for name in ("procedural", "carton", *LOOSE) if name not in LOOSE or bank.has(name)]
            )
        )
    sprite = product(rng, bank, family)
    # Nothing is drawn where none is lined, so that the held-out composites stay as they were.
    if sprite.kind == "garment" and lined and rng.random() < lined:
        sprite = linings.lined(rng, sprite, skin(rng, bank, *sprite.alpha.shape))
    ground = make_ground(rng, bank, kind, h, w)
    busy = kind in ("surface", "floor", "photo", "room")
    if rng.random() < (0.22 if busy else 0.06):
        ground = scatter(rng, bank, ground, sprite, int(rng.integers(2, 9)))
    if rng.random() < (0.35 if busy else 0.12):
        ground = at_the_rim(rng, bank, ground, int(rng.integers(1, 4)))
    sprite = _toned(rng, sprite, ground, kind)
    alpha = np.zeros((h, w), np.float32)
    for n in range(2 if rng.random() < 0.05 else 1):
        thing, y, x = place(rng, sprite if n == 0 else product(rng, bank), h, w)
        colours, opacity, cover, _ = paste(ground, thing, y, x)
        if n == 0 and thing.kind == "garment" and hanging:
            ground = _hung(rng, ground, cover, hanging)
        if rng.random() < 0.8:
            ground = darken(ground, camera.contact_shadow(rng, opacity))
        if rng.random() < 0.25:
            ground = darken(ground, camera.standing_shadow(rng, opacity))
        if rng.random() < 0.12:
            ground = camera.reflection(rng, colours, opacity, ground)
        ground, alpha = paste(ground, thing, y, x)[3], np.maximum(alpha, cover)
    bgr = camera.photographed(rng, ground)
    if rng.random() < 0.05:
        bgr = camera.framed(rng, bgr)
    return Scene(bgr, np.round(alpha * 255).astype(np.uint8), kind, sprite.kind)


def scene(seed: int, bank: Bank) -> Scene:
    """The composite of this number: one in eleven is empty."""
    rng = np.random.default_rng(seed)
    return (
        empty_scene(rng, bank)
        if rng.random() < 0.09
        else product_scene(rng, bank, hanging=HANGING, lined=LINED)
    )
