"""Shots for alignment tests: `python -m training.scenes.shots --out tests/data/shots` renders the base set,
`--cameras N` adds N re-shoots of each.

The products are seen exactly from the front, and cameras differ by roll, zoom (field of view) and the shift
of the lens alone,
so that for points of the front plane ONE similarity maps any shot onto any other without error. Points are
given in
pixels of each shot (centres are whole numbers) in the same order everywhere.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from . import catalogue, labels, look, studio, textures
from .artwork import Brand
from .boxes import box
from .camera import Camera, frame
from .coverage import coverage
from .materials import fabric, gloss, matte, paper
from .meshes import Floats, Loft, Mesh, tube
from .photos import spread
from .products import Part, Product
from .render import Scene, render_clean

SIDE = 800
POINTS = 40
SOAP_LIME = Brand(
    "Lumo",
    "Dish Soap",
    "lime and mint",
    "500 ml",
    (226, 238, 210),
    (30, 70, 44),
    (112, 168, 50),
    (60, 130, 90),
    mark=2,
)
SOAP_ROSE = Brand(
    "Lumo",
    "Hand Soap",
    "rose and fig",
    "500 ml",
    (244, 224, 226),
    (92, 34, 54),
    (196, 84, 116),
    (150, 70, 110),
    mark=1,
)
BISCUIT = Brand(
    "Kornelia",
    "Oat Biscuit",
    "baked with honey",
    "250 g",
    (246, 232, 200),
    (94, 56, 24),
    (206, 138, 40),
    (150, 90, 44),
    mark=3,
)
PAPRIKA = Brand(
    "Verdano",
    "Paprika",
    "sweet and smoked",
    "75 g",
    (182, 40, 30),
    (250, 240, 220),
    (244, 190, 70),
    (250, 140, 60),
    mark=4,
)


@dataclass(frozen=True)
class Subject:
    """A product with a name. `same_layout_as` names another package of the same shape that must not be
    taken for it.
    """

    name: str
    make: Callable[[], Product]
    textured: bool = True
    symmetric: bool = False
    same_layout_as: str = ""


def carton(b: Brand, size: tuple[float, float, float], style: int, seed: int) -> Product:
    """A printed box."""
    art = labels.carton(np.random.default_rng(seed), b, 700, size, style)
    return Product("carton", (Part(box(size, 0.012), paper(art), mark=True),))


def blank(size: tuple[float, float, float], colour: tuple[float, float, float]) -> Product:
    """A box without print."""
    return Product("carton", (Part(box(size, 0.02), matte(colour), mark=True),))


def disc(art: bool) -> Product:
    """A round plate hung to face the camera: no direction is up, or only its print says so."""
    look_ = labels.front(np.random.default_rng(5), BISCUIT, 600, 600, 0) if art else (0.32, 0.44, 0.52)
    plate = Loft.make([0, 0.02, 0.12, 0.14], [0.9, 0.95, 0.95, 0.9]).mesh(128)
    uv = plate.v[:, :2] / 1.9 + 0.5
    return Product(
        "bowl",
        (Part(Mesh(plate.v, plate.f, uv).turned("x", 90).moved((0, 0, 0.95)), gloss(look_, 0.3), mark=True),),
    )


def hoop() -> Product:
    """A plain ring that faces the camera."""
    t = np.linspace(0, 2 * np.pi, 121)[:-1]
    path = np.stack([0.8 * np.cos(t), 0 * t, 0.9 + 0.8 * np.sin(t)], 1)
    return Product(
        "ring", (Part(tube(path, 0.1, 20, closed=True), gloss((0.75, 0.6, 0.3), 0.25), mark=True),)
    )


def banner(name: str, seed: int) -> Product:
    """A stretched piece of patterned cloth."""
    art = textures.ground(np.random.default_rng(seed), 640, name)
    return Product(
        "book",
        (
            Part(
                box((1.5, 0.1, 1.3), 0.012), fabric(np.tile(art, (2, 3, 1))[: 2 * 640, : 3 * 640]), mark=True
            ),
        ),
    )


SUBJECTS = (
    Subject("tea_green", lambda: catalogue.tea(catalogue.GREEN_TEA, 700), same_layout_as="tea_earl"),
    Subject("tea_earl", lambda: catalogue.tea(catalogue.EARL_GREY, 700), same_layout_as="tea_green"),
    Subject("soap_lime", lambda: carton(SOAP_LIME, (1.0, 0.4, 1.5), 1, 4), same_layout_as="soap_rose"),
    Subject("soap_rose", lambda: carton(SOAP_ROSE, (1.0, 0.4, 1.5), 1, 4), same_layout_as="soap_lime"),
    Subject("biscuit", lambda: carton(BISCUIT, (1.7, 0.3, 1.1), 3, 6)),
    Subject("paprika", lambda: carton(PAPRIKA, (0.9, 0.3, 1.3), 5, 7)),
    Subject("floral", lambda: banner("floral", 3)),
    Subject("plate_printed", lambda: disc(art=True)),
    Subject("blank_white", lambda: blank((1.1, 0.5, 1.6), (0.9, 0.9, 0.89)), textured=False),
    Subject("blank_blue", lambda: blank((1.5, 0.5, 0.9), (0.2, 0.3, 0.55)), textured=False),
    Subject("plate_plain", lambda: disc(art=False), textured=False, symmetric=True),
    Subject("hoop", hoop, textured=False, symmetric=True),
)


def front_points(product: Product) -> Floats:
    """Points of the plane that faces the camera, spread evenly, shape (k, 3)."""
    v = np.concatenate([p.mesh.v for p in product.parts if p.mark])
    nearest = v[v[:, 1] < v[:, 1].min() + 0.004]
    low, high = nearest.min(0), nearest.max(0)
    x, z = np.meshgrid(np.linspace(low[0], high[0], 13), np.linspace(low[2], high[2], 13))
    grid = np.stack([x.ravel(), np.full(x.size, low[1]), z.ravel()], 1)
    corners = nearest if len(nearest) <= 12 else nearest[:: max(1, len(nearest) // 24)]
    inside = _within(grid, nearest)
    return spread(np.concatenate([corners, grid[inside]]), POINTS)


def _within(grid: Floats, border: Floats) -> np.ndarray:
    hull = cv2.convexHull(border[:, [0, 2]].astype(np.float32))
    return np.array([cv2.pointPolygonTest(hull, (float(p[0]), float(p[2])), False) >= 0 for p in grid])


def base_camera(product: Product) -> Camera:
    """The camera of the base shot, exactly in front."""
    return frame(product.mesh().v, SIDE, SIDE, elevation=0, fov=24, fill=0.6)


def other_camera(camera: Camera, rng: np.random.Generator) -> Camera:
    """The same place and plane: the lens zooms and shifts, the camera rolls."""
    zoom = float(np.exp(rng.uniform(np.log(0.55), np.log(1.5))))
    fov = 2 * float(np.degrees(np.arctan(np.tan(np.radians(camera.fov / 2)) / zoom)))
    room = max(0.02, 0.5 - 0.36 * zoom)
    return replace(
        camera,
        fov=fov,
        roll=float(rng.uniform(-25, 25)),
        shift=(float(rng.uniform(-room, room)), float(rng.uniform(-room, room))),
    )


def shoot(
    subject: Subject, camera: Camera | None, out: Path, name: str, variant: str, spp: int, seed: int
) -> dict[str, Any]:
    """Render one shot: NAME.jpg and NAME_alpha.png; returns its facts."""
    product = subject.make()
    camera = camera or base_camera(product)
    place = (studio.white, studio.grey)[seed % 2]()
    light = render_clean(
        Scene(place.parts + product.parts, camera, place.lights, place.sky, depth=5), spp, seed, variant
    )
    exposure = look.expose(light, None, place.bright or 0.25, 60)
    style = look.Look(exposure=exposure, vignette=0.05, noise=0.001, shot=0.0001, blur=0.4)
    image = look.develop(light, style, np.random.default_rng(seed))
    data = next(d for d in (look.jpeg(image, q) for q in range(92, 40, -3)) if len(d) <= 60_000)
    (out / f"{name}.jpg").write_bytes(data)
    alpha = coverage(product.mesh(), camera)
    cv2.imwrite(str(out / f"{name}_alpha.png"), alpha, [cv2.IMWRITE_PNG_COMPRESSION, 9])
    points = camera.project(front_points(product))
    return {
        "subject": subject.name,
        "file": f"{name}.jpg",
        "alpha": f"{name}_alpha.png",
        "width": camera.width,
        "height": camera.height,
        "textured": subject.textured,
        "symmetric": subject.symmetric,
        "same_layout_as": subject.same_layout_as,
        "roll_deg": camera.roll,
        "fov_deg": camera.fov,
        "shift": list(camera.shift),
        "points_px": np.round(points, 3).tolist(),
    }


def main() -> None:
    """Render the base shots and, where asked, more of each."""
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--out", type=Path, required=True)
    args.add_argument(
        "--cameras", type=int, default=0, help="further shots of each product, from changed cameras"
    )
    args.add_argument("--only", action="append", default=[], help="name of a product, as often as wanted")
    args.add_argument("--spp", type=int, default=4)
    args.add_argument("--variant", default="scalar_rgb")
    opts = args.parse_args()
    opts.out.mkdir(parents=True, exist_ok=True)
    index = opts.out / "shots.json"
    known = {f["file"]: f for f in json.loads(index.read_text())} if index.exists() else {}
    for n, subject in enumerate(SUBJECTS):
        if opts.only and subject.name not in opts.only:
            continue
        taken = [shoot(subject, None, opts.out, subject.name, opts.variant, opts.spp, n)]
        rng = np.random.default_rng([3, n])
        base = base_camera(subject.make())
        for k in range(opts.cameras):
            name, camera = f"{subject.name}_{k + 1:02d}", other_camera(base, rng)
            taken.append(shoot(subject, camera, opts.out, name, opts.variant, opts.spp, 100 * n + k))
        known |= {f["file"]: f for f in taken}
        index.write_text(json.dumps(list(known.values()), indent=1) + "\n")
        print(subject.name, flush=True)


if __name__ == "__main__":
    main()
