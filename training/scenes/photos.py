"""One training or validation picture: product, set, camera and look drawn from one random generator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import look, sets
from .camera import Camera, frame
from .coverage import coverage
from .products import Part, Product, Rng, any_product
from .render import Scene, render, render_clean

Image = NDArray[np.uint8]
PLAIN, PATTERNED, CLUTTERED = "plain", "patterned", "cluttered"
SETS = {PLAIN: ("sweep",), PATTERNED: ("table", "floor"), CLUTTERED: ("clutter", "shelf", "heap")}
LANDMARKS = 24


@dataclass(frozen=True)
class Photo:
    """A finished picture (RGB uint8), its alpha (uint8) and what is known about it."""

    image: Image
    alpha: Image
    facts: dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """Everything decided before the light is computed."""

    scene: Scene
    product: Product | None
    ground: str
    white: bool


def normalised(product: Product, rng: Rng, size: float = 2.0) -> Product:
    """Scaled so that the longest side is `size`, moved over the origin; what lies flat is turned by any
    angle half of the time.
    """
    v = product.mesh().v
    scale = size / float(np.ptp(v, axis=0).max())
    middle = (v.min(0) + v.max(0)) / 2
    turn = (
        float(rng.uniform(0, 360))
        if product.lies and rng.random() < 0.5
        else float(rng.normal(0, 8))
        if product.lies
        else 0.0
    )
    return product.placed(
        lambda m: m.moved((-middle[0], -middle[1], -v[:, 2].min())).scaled(scale).turned("z", turn)
    )


def plan(
    rng: Rng,
    ground: str,
    size: tuple[int, int],
    *,
    empty: bool = False,
    families: tuple[str, ...] | None = None,
    photo: sets.Texture | None = None,
) -> Plan:
    """Choose the product, the set, the lights and the camera. `photo` gives pictures to hang on walls
    (training only).
    """
    product = normalised(any_product(rng, 512, families), rng)
    if not product.lies:
        product = product.spun(float(rng.normal(0, 25)))
    camera = any_camera(rng, product, size)
    kind = str(rng.choice(SETS[ground]))
    if product.lies and kind == "shelf":
        kind = "heap"
    parts: list[Part] = [] if empty else list(product.parts)
    white = False
    if kind == "sweep":
        ground_parts, white = sets.sweep(rng)
        parts += ground_parts
    elif kind == "shelf":
        parts += sets.shelf(rng, product, 256)
        if empty:
            parts = parts[:3]
    else:
        parts += sets.table(rng, 512, None if empty else photo)
        if rng.random() < 0.25:
            parts.append(sets.pattern_mat(rng, 256))
    if kind in ("clutter", "heap"):
        count = int(rng.integers(2, 7)) if kind == "clutter" else int(rng.integers(6, 14))
        parts += sets.clutter(rng, product, camera, 192, count if not empty else 0)
    lights, sky = sets.any_lights(rng, product.lies)
    lights = tuple(q for q in lights if not sets.in_view(q, camera))
    clear = any(p.material.clear for p in parts)
    scene = Scene(tuple(parts), camera, lights, sky, depth=9 if clear else 4)
    return Plan(scene, None if empty else product, ground, white)


def any_camera(rng: Rng, product: Product, size: tuple[int, int]) -> Camera:
    """A camera as sellers hold it: mostly a little above, sometimes tilted, for flat things from above."""
    elevation = float(rng.uniform(55, 89)) if product.lies else float(np.clip(rng.normal(14, 12), -1, 60))
    fill = float(rng.uniform(0.45, 0.95)) if rng.random() < 0.9 else float(rng.uniform(0.95, 1.25))
    roll = float(rng.normal(0, 3)) if rng.random() < 0.8 else float(rng.uniform(-25, 25))
    slack = max(0.0, 0.5 - fill / 2)
    offset = (float(rng.normal(0, 0.4)) * slack, float(rng.normal(0, 0.4)) * slack)
    aperture = float(rng.uniform(0.01, 0.05)) if rng.random() < 0.3 else 0.0
    azimuth, fov = float(rng.normal(0, 14)), float(rng.uniform(18, 48))
    points = product.mesh().v
    while True:
        camera = frame(
            points,
            *size,
            azimuth=azimuth,
            elevation=elevation,
            fov=fov,
            fill=fill,
            offset=offset,
            roll=roll,
            aperture=aperture,
        )
        if camera.origin[2] > 0.15:
            return camera
        elevation += 4.0  # it had sunk into the ground


def shoot(
    plan: Plan,
    rng: Rng,
    spp: int,
    seed: int,
    variant: str = "scalar_rgb",
    supersample: int = 8,
    clean: bool = False,
) -> Photo:
    """Render and develop a plan; with `clean` the only grain is the camera's."""
    camera = plan.scene.camera
    if clean:
        light = render_clean(plan.scene, max(1, spp // 4), seed, variant)
    else:
        light = look.calm(render(plan.scene, spp, seed, variant), float(rng.choice([0.0, 0.5, 1.0])))
    alpha = (
        coverage(plan.product.mesh(), camera, supersample)
        if plan.product
        else np.zeros((camera.height, camera.width), np.uint8)
    )
    if plan.white:
        exposure = look.expose(light, 255 - alpha, float(rng.uniform(0.75, 1.4)), 60)
    else:
        exposure = look.expose(light, None, float(rng.uniform(0.16, 0.34)), 55)
    if plan.product and rng.random() < 0.85:
        # a photographer looks at the product: it is seldom burnt out
        exposure = min(exposure, look.expose(light, alpha, 0.95, 92))
    image = look.develop(light, look.any_look(rng, exposure), rng)
    facts = {
        "ground": plan.ground,
        "width": camera.width,
        "height": camera.height,
        "empty": plan.product is None,
    }
    if plan.product:
        facts |= {
            "family": plan.product.family,
            "tags": list(plan.product.tags),
            "clear": plan.product.clear,
            **pose(plan.product, camera),
        }
    return Photo(image, alpha, facts)


def pose(
    product: Product,
    camera: Camera,
    count: int = LANDMARKS,
    facing: tuple[float, float, float] | None = None,
) -> dict[str, Any]:
    """Points of the product in scene units and in pixels (x, y), spread evenly; and the camera itself.

    They face the camera, or the given direction: then they are the same in every shot of a product.
    """
    marks = [p.mesh for p in product.parts if p.mark] or [p.mesh for p in product.parts]
    v = np.concatenate([m.v for m in marks])
    n = np.concatenate([m.normals() for m in marks])
    view = np.subtract(camera.origin, v) if facing is None else np.broadcast_to(facing, v.shape)
    seen = np.sum(n * view, axis=1) / np.linalg.norm(view, axis=1) > (0.5 if facing is None else 0.7)
    chosen = spread(v[seen] if seen.sum() >= 4 else v, count)
    return {
        "points_3d": np.round(chosen, 5).tolist(),
        "points_px": np.round(camera.project(chosen), 3).tolist(),
        "camera": {
            "origin": list(camera.origin),
            "target": list(camera.target),
            "fov_deg": camera.fov,
            "roll_deg": camera.roll,
            "shift": list(camera.shift),
        },
    }


def spread(points: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """At most `count` of the points, each the farthest from those already taken."""
    if len(points) <= count:
        return points
    taken = [0]
    distance = np.linalg.norm(points - points[0], axis=1)
    while len(taken) < count:
        taken.append(int(np.argmax(distance)))
        distance = np.minimum(distance, np.linalg.norm(points - points[taken[-1]], axis=1))
    return points[taken]
