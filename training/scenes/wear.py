"""What people wear: shirts and trousers laid flat, shoes, rings, spectacles, watches, hats."""

from __future__ import annotations

import cv2
import numpy as np

from . import labels, textures
from .bottles import pick_metal, pick_plastic
from .materials import Material, fabric, glass, gloss, matte
from .meshes import Floats, Loft, Mesh, lathe, merge, sheet, superellipse, tube
from .packs import wobble
from .products import Part, Product, Rng, family


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
    half += [tuple(shoulder), (neck, length / 2), (neck * 0.6, length / 2 - drop * 0.8), (0.0, length / 2 - drop)]
    return mirror(half)


def trousers_outline(rng: Rng) -> Floats:
    waist, hip, leg, cuff = rng.uniform(0.4, 0.5), rng.uniform(0.52, 0.62), rng.uniform(0.7, 2.2), rng.uniform(0.22, 0.34)
    spread = rng.uniform(0.03, 0.2)
    half = [(0.0, 0.1), (0.04 + spread * 0.3, -leg + 0.4), (spread, -leg), (spread + cuff * 1.4, -leg), (hip, 0.1), (waist, 0.8), (0.0, 0.78)]
    return mirror(half)


def dress_outline(rng: Rng) -> Floats:
    hem, waist, top, length = rng.uniform(0.6, 1.0), rng.uniform(0.3, 0.45), rng.uniform(0.4, 0.5), rng.uniform(1.6, 2.4)
    strap = rng.uniform(0.04, 0.12)
    x = rng.uniform(0.22, 0.3)
    half = [(0.0, -length / 2), (hem, -length / 2), (waist, length * 0.15), (top, length * 0.32), (x + strap, length * 0.36), (x + strap * 0.8, length / 2), (x, length / 2), (x - 0.02, length * 0.36), (0.0, length * 0.33)]
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
    look = textures.plain(rng, 256) if rng.random() < 0.45 else textures.ground(rng, texture, str(rng.choice(textures.PRINTS)))
    parts = [Part(top, fabric(textures.weave(rng, look)))]
    under = Mesh(flat.v + (0, 0, 0.002), flat.f[:, ::-1].copy(), flat.uv)
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
    back = np.concatenate([np.stack([x * np.cos(t), high - 0.03 + 0.05 * np.sin(t)], 1), np.stack([-x * np.cos(t), high - (high - low + 0.03) * np.sin(t)], 1)])
    inner = sheet(back, 0.05)
    tone = fabric(tuple(np.array(textures.any_colour(rng)) * 0.6))
    parts = [Part(Mesh(inner.v + (0, 0, 0.02), inner.f, inner.uv), tone)]
    if rng.random() < 0.35:
        ys = np.linspace(low - 0.12, outline[:, 1].min() + 0.1, int(rng.integers(3, 8)))
        z = [top.v[np.argmin(np.hypot(top.v[:, 0], top.v[:, 1] - y)), 2] for y in ys]
        discs = [lathe([(0.001, 0), (0.03, 0), (0.03, 0.015), (0.001, 0.015)], 0.005, 20).moved((0, y, q)) for y, q in zip(ys, z, strict=True)]
        parts.append(Part(merge(*discs), pick_plastic(rng)))
    return parts


def chest_print(rng: Rng, top: Mesh, texture: int) -> Part:
    """A motif that follows the cloth's folds: the faces under a rectangle, lifted a little."""
    w, h = rng.uniform(0.25, 0.5), rng.uniform(0.2, 0.5)
    centre = np.array([0.0, rng.uniform(0.0, 0.35)])
    middle = top.v[top.f].mean(1)[:, :2]
    inside = np.all(np.abs(middle - centre) < (w, h), axis=1)
    uv = (top.v[:, :2] - centre) / (2 * w, 2 * h) + 0.5
    art = labels.front(rng, labels.brand(rng), texture, int(texture * h / w))
    return Part(Mesh(top.v + (0, 0, 0.006), top.f[inside], np.clip(uv, 0, 1)), fabric(art), mark=True)


@family("shoe", 3.0)
def shoe(rng: Rng, texture: int) -> Product:
    """A shoe or a pair: sole, upper with an opening, laces."""
    high = float(rng.choice([0.35, 0.45, 0.75, 1.1]))
    upper_look = textures.any_colour(rng) if rng.random() < 0.7 else textures.ground(rng, texture, str(rng.choice(textures.PRINTS)))
    upper = fabric(upper_look) if rng.random() < 0.5 else gloss(upper_look, float(rng.uniform(0.2, 0.5)))
    sole = matte(textures.any_colour(rng)) if rng.random() < 0.5 else matte((0.93, 0.92, 0.9))
    heel = rng.uniform(0.0, 0.25)
    one = (Part(sole_mesh(0.16, heel), sole), Part(upper_mesh(rng, high, heel), upper), *laces(rng, high, heel))
    product = Product("shoe", one, lies=rng.random() < 0.3, tags=("hole",) if high > 1 else ())
    if rng.random() < 0.5:
        gap = rng.uniform(0.85, 1.2)
        slip = float(rng.uniform(-0.1, 0.1))
        other = product.placed(lambda m: Mesh(m.v * (1, -1, 1), m.f[:, ::-1].copy(), m.uv)).spun(float(rng.uniform(-14, 14)))
        other = other.placed(lambda m: m.moved((slip, gap, 0)))
        product = Product("shoe", product.parts + other.parts, product.lies, (*product.tags, "pair"))
    turn = float(rng.uniform(-180, 180)) if product.lies else float(rng.choice([0, 180])) + float(rng.uniform(-50, 50))
    return product.spun(turn)


def foot(x: Floats) -> tuple[Floats, Floats]:
    """Half-width and centre line of a foot's outline along its length, x in 0 (heel) - 1 (toe)."""
    w = 0.3 * np.interp(x, [0, 0.03, 0.12, 0.4, 0.68, 0.88, 0.97, 1], [0.15, 0.55, 0.85, 0.82, 1.15, 0.9, 0.5, 0.12])
    return w, 0.09 * np.sin(x * np.pi) * 0.7


def sole_mesh(thick: float, heel: float) -> Mesh:
    x = np.linspace(0, 1, 60)
    w, c = foot(x)
    outline = np.concatenate([np.stack([x * 2.6 - 1.3, c - w * 1.06], 1), np.stack([x * 2.6 - 1.3, c + w * 1.06], 1)[::-1]])
    flat = sheet(outline, 0.06)
    n = len(flat.v)
    lift = np.interp(flat.v[:, 0], [-1.3, -0.4, 0.5, 1.3], [heel, heel * 0.7, 0, 0.05])
    under = np.interp(flat.v[:, 0], [-1.3, -0.55, -0.5, 0.3, 1.3], [0, 0, heel * 0.6, 0, 0.05])
    top = Mesh(flat.v + np.column_stack([np.zeros((n, 2)), lift + thick]), flat.f, flat.uv)
    low = Mesh(flat.v + np.column_stack([np.zeros((n, 2)), under]), flat.f[:, ::-1].copy(), flat.uv)
    edges = np.sort(np.concatenate([flat.f[:, [0, 1]], flat.f[:, [1, 2]], flat.f[:, [2, 0]]]), axis=1)
    pairs, count = np.unique(edges, axis=0, return_counts=True)
    rim = pairs[count == 1]
    v = np.concatenate([low.v, top.v])
    quads = np.concatenate([np.stack([rim[:, 0], rim[:, 1], rim[:, 1] + n], 1), np.stack([rim[:, 0], rim[:, 1] + n, rim[:, 0] + n], 1)])
    return merge(top, low, Mesh(v, quads.astype(np.int32), np.zeros((2 * n, 2))))


def upper_mesh(rng: Rng, high: float, heel: float) -> Mesh:
    """Arches over the foot from heel to toe; where the ankle goes in, the arch stays open."""
    x = np.linspace(0.01, 0.99, 60)
    w, c = foot(x)
    instep = 0.38 + 0.3 * high
    top = np.interp(x, [0, 0.05, 0.3, 0.42, 0.62, 0.85, 1], [high, high, high * 0.95, instep, 0.38, 0.27, 0.1]) + 0.14
    lift = np.interp(x, [0, 0.35, 0.7, 1], [heel, heel * 0.7, 0, 0.05])
    t = np.linspace(-0.06 * np.pi, 1.06 * np.pi, 41)
    open_half = np.where(x < 0.4, np.interp(x, [0, 0.06, 0.3, 0.4], [0.12, 0.3, 0.3, 0.05]), 0.0)
    a = np.where(np.abs(t[None, :] - np.pi / 2) < open_half[:, None] * np.pi, np.nan, t[None, :])
    cx, cy = superellipse(t[None, :], np.interp(x, [0, 0.3, 0.6, 1], [3.2, 3.2, 2.2, 2.0])[:, None])
    narrow = 1 - 0.25 * np.clip(cy, 0, 1) * (high > 0.6)
    y = c[:, None] + w[:, None] * cx * narrow
    z = lift[:, None] + 0.12 + top[:, None] * np.clip(cy, -0.02, 1)
    v = np.stack([np.broadcast_to((x * 2.6 - 1.3)[:, None], y.shape), y, z], -1).reshape(-1, 3)
    r, k = np.mgrid[0 : len(x) - 1, 0 : len(t) - 1]
    i = (r * len(t) + k).ravel()
    f = np.concatenate([np.stack([i, i + len(t) + 1, i + 1], 1), np.stack([i, i + len(t), i + len(t) + 1], 1)])
    closed = ~np.isnan(a).ravel()[f].any(1)
    return wobble(Mesh(v, f[closed].astype(np.int32), v[:, [0, 2]] / (2.6, 1.2) + (0.5, 0)), rng, 0.008, 5)


def laces(rng: Rng, high: float, heel: float) -> tuple[Part, ...]:
    if rng.random() < 0.35:
        return ()
    parts = []
    for s in np.linspace(0.44, 0.66, int(rng.integers(3, 7))):
        w, c = foot(np.array([s]))
        top = np.interp(s, [0.42, 0.62], [0.38 + 0.3 * high, 0.38]) + 0.27 + heel * 0.3
        t = np.linspace(0.28, 0.72, 9) * np.pi
        path = np.stack([np.full(9, s * 2.6 - 1.3) + 0.05 * np.cos(t), c + w * 1.1 * np.cos(t), 0.15 + (top - 0.1) * np.sin(t)], 1)
        parts.append(tube(path, 0.022, 8))
    return (Part(merge(*parts), fabric(textures.any_colour(rng))),)


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
        stone = lathe([(0.001, -size * 0.8), (size * 0.95, 0), (size * 0.55, size * 0.4), (0.001, size * 0.4)], 0.005, int(rng.choice([6, 8, 10])))
        gem = glass((0.98, 0.98, 1.0)) if rng.random() < 0.5 else gloss(textures.hsv(rng.random(), 0.8, 0.7), 0.05)
        parts.append(Part(stone.moved((0, 0, 2 * r + 2 * thick + size * 0.4)), gem))
    product = Product("ring", tuple(parts), tags=("hole",))
    if rng.random() < 0.5:
        return Product("ring", product.placed(lambda m: m.moved((0, 0, -r)).turned("x", 90).moved((0, 0, thick * 2))).parts, lies=True, tags=("hole",))
    return product.spun(float(rng.uniform(-60, 60)))


@family("spectacles", 1.2)
def spectacles(rng: Rng, texture: int) -> Product:
    """Spectacles: two rims, a bridge, temples that run back."""
    wire, r, power = rng.uniform(0.02, 0.055), rng.uniform(0.36, 0.48), rng.uniform(1.8, 4)
    t = np.linspace(0, 2 * np.pi, 61)[:-1]
    x, z = superellipse(t, power)
    frame = gloss(textures.any_colour(rng), 0.15) if rng.random() < 0.6 else pick_metal(rng)
    parts: list[Part] = []
    kind = rng.random()
    lens = Material((0.96, 0.97, 0.97), kind="film") if kind < 0.45 else gloss((0.02, 0.02, 0.025), 0.06)
    for side in (-1, 1):
        c = side * (r + 0.12)
        path = np.stack([c + r * x, np.zeros_like(x), r * 0.8 * z + r], 1)
        parts.append(Part(tube(path, wire, 10, closed=True), frame))
        if kind < 0.85:
            disc = Loft.make([0, 0.012], [r] * 2, [r * 0.8] * 2, power).mesh(60).turned("x", 90).moved((c, 0, r))
            parts.append(Part(disc, lens))
        end = c + side * r
        temple = np.array([[end, 0.0, r * 1.25], [end + side * 0.06, 0.12, r * 1.25], [end + side * 0.04, 1.1, r * 1.2], [end, 1.35, r * 0.75]])
        parts.append(Part(tube(temple, wire * 0.8, 8), frame))
    t = np.linspace(0, np.pi, 9)
    parts.append(Part(tube(np.stack([0.13 * np.cos(t), np.zeros(9), r * 1.1 + 0.07 * np.sin(t)], 1), wire, 8), frame))
    return Product("spectacles", tuple(parts), tags=("thin", "hole")).spun(float(rng.uniform(-40, 40)))


@family("watch", 0.9)
def watch(rng: Rng, texture: int) -> Product:
    """A wrist watch whose strap closes to a loop."""
    r = 0.55
    t = np.linspace(0, 2 * np.pi, 91)[:-1]
    loop = np.stack([np.zeros_like(t), r * np.sin(t), r * 0.85 * np.cos(t) + r * 0.85], 1)
    strap = tube(loop, 0.05, 14, closed=True).scaled((4.2, 1, 1))
    case = lathe([(0.001, 0), (0.3, 0), (0.32, 0.06), (0.28, 0.14), (0.001, 0.14)], 0.03).moved((0, 0, 2 * 0.85 * r - 0.02))
    dial = Loft.make([0, 0.004], [0.25] * 2).mesh().moved((0, 0, 2 * 0.85 * r + 0.125))
    uv = (dial.v[:, :2] - dial.v[:, :2].min(0)) / np.ptp(dial.v[:, :2], axis=0)
    band = pick_metal(rng) if rng.random() < 0.3 else fabric(textures.any_colour(rng))
    parts = (Part(strap, band), Part(case, pick_metal(rng)), Part(Mesh(dial.v, dial.f, uv), gloss(labels.front(rng, labels.brand(rng), 128, 128), 0.05)))
    tilt = float(rng.uniform(30, 70))
    return Product("watch", parts, tags=("hole",)).placed(lambda m: m.moved((0, 0, -r * 0.85)).turned("x", tilt).moved((0, 0, r))).spun(float(rng.uniform(-30, 30)))


@family("hat", 1.0)
def hat(rng: Rng, texture: int) -> Product:
    """A hat with a brim, or a cap with a peak."""
    r, h, brim = 0.62, rng.uniform(0.45, 0.8), rng.uniform(0.2, 0.6)
    look = textures.any_colour(rng) if rng.random() < 0.6 else textures.ground(rng, texture, "plaid")
    cloth = fabric(look)
    crown = [(r, 0.03), (r * 0.97, h * 0.6), (r * 0.7, h * 0.93), (0.001, h)]
    if rng.random() < 0.5:
        dome = wobble(lathe([(r + brim, 0.0), (r + brim, 0.03), *crown], 0.2), rng, 0.03, 2)
        ribbon = Loft.make([0.05, 0.2], [r + 0.008, r + 0.003]).mesh(closed=False)
        return Product("hat", (Part(dome, cloth), Part(ribbon, gloss(textures.any_colour(rng), 0.4))))
    dome = lathe(crown, 0.25)
    t = np.linspace(-0.9, 0.9, 30)
    peak = np.concatenate([np.stack([r * np.sin(t), -r * np.cos(t)], 1), np.stack([r * np.sin(t) * 1.02, -r * np.cos(t) - brim * 1.2 * np.cos(t * 1.5)], 1)[::-1]])
    flat = sheet(peak, 0.05)
    curve = Mesh(np.column_stack([flat.v[:, :2], 0.06 - 0.25 * flat.v[:, 0] ** 2 + 0.04]), flat.f, flat.uv)
    button = lathe([(0.001, h - 0.02), (0.06, h - 0.02), (0.04, h + 0.03), (0.001, h + 0.03)])
    return Product("hat", (Part(dome, cloth), Part(curve, fabric(textures.any_colour(rng))), Part(button, cloth))).spun(float(rng.uniform(-60, 60)))


