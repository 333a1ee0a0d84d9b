"""The example photos: `python -m training.scenes.examples --out examples` renders them, their manifest and
their truth.

Each photo is a line of `example_shots.csv`: which product, where, which camera (as in `camera.frame`), and
which fault is
planted. With `--only SKU/KIND` a single one is made again, with `--scale 0.25` a quick small one.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pil

from . import catalogue, look, photos, studio, wardrobe
from .camera import Camera, frame
from .products import Product
from .render import Scene, render_clean

TABLE = Path(__file__).with_name("example_shots.csv")
SIZES = {
    "12mp": (4000, 3000),
    "8mp": (3200, 2400),
    "5mp": (2700, 2025),
    "4mp": (2400, 1800),
    "2mp": (1800, 1350),
    "2mp-tall": (1350, 1800),
    "small": (1600, 1200),
}
COLUMNS = ("product_group_id", "sku_id", "image_url", "image_type", "reference")
FAULTS: dict[str, dict[str, Any]] = {
    "too_dark": {"exposure": 0.13},
    "noisy": {"noise": 0.012, "shot": 0.003, "exposure": 0.6},
    "blurred": {"blur": 7.0},
    "colour_cast": {"balance": (1.24, 1.0, 0.66)},
}
PRODUCTS: dict[str, Callable[[int], Product]] = {
    "tea_green": lambda texture: catalogue.tea(catalogue.GREEN_TEA, texture),
    "tea_earl": lambda texture: catalogue.tea(catalogue.EARL_GREY, texture),
    "sauce": catalogue.sauce,
    "coffee": catalogue.coffee,
    "can": catalogue.can,
    "serum": catalogue.serum,
    "mug": catalogue.mug,
    "tee": wardrobe.tee,
    "tote": wardrobe.tote,
    "sneakers": wardrobe.sneakers,
}
PLACES: dict[str, Callable[[], studio.Place]] = {
    "white": studio.white,
    "grey": studio.grey,
    "kitchen": studio.kitchen,
    "bathroom": studio.bathroom,
    "shop_shelf": studio.shop_shelf,
    "paper_floor": studio.paper_floor,
    "oak_floor": studio.oak_floor,
}


@dataclass(frozen=True)
class Shot:
    """One photo: whose it is, what it shows, how it is framed, and the fault that is planted in it."""

    group: str
    sku: str
    kind: str
    product: str
    place: str
    size: tuple[int, int]
    framing: dict[str, Any]
    fault: str
    reference: bool

    @property
    def path(self) -> str:
        """Where the photo lies, relative to the examples' folder."""
        return f"photos/{self.group}/{self.sku}/{self.kind}.jpg"


def shots() -> list[Shot]:
    """The table of photos."""
    with TABLE.open(newline="", encoding="utf-8") as file:
        return [_shot(row) for row in csv.DictReader(file)]


def _shot(row: dict[str, str]) -> Shot:
    framing: dict[str, Any] = {k: float(row[k]) for k in ("elevation", "fov", "fill", "roll", "aperture")}
    framing["offset"] = (float(row["right"]), float(row["down"]))
    names = (row[k] for k in ("group", "sku", "kind", "product", "place"))
    return Shot(*names, SIZES[row["size"]], framing, row["fault"], row["reference"] == "yes")


def take(shot: Shot, seed: int, spp: int, scale: float, variant: str) -> NDArray[np.uint8]:
    """Render and develop one photo: RGB, upright, shape (h, w, 3)."""
    product, camera = _aim(shot, scale)
    place = PLACES[shot.place]()
    parts = place.parts if shot.fault == "empty" else place.parts + product.parts
    clear = any(p.material.clear for p in parts)
    scene = Scene(parts, camera, place.lights, place.sky, depth=14 if clear else 6)
    # a light seen in glass is found by one path in twenty-five, what lies out of focus by paths far apart
    times = 3 if product.clear else 2 if clear or camera.aperture > 0 else 1
    light = render_clean(scene, times * spp, seed, variant)
    return look.develop(light, _style(shot, light, scale), np.random.default_rng(seed))


def _aim(shot: Shot, scale: float) -> tuple[Product, Camera]:
    width, height = (round(v * scale) for v in shot.size)
    product = PRODUCTS[shot.product](max(256, int(0.55 * max(shot.size) * scale)))
    return product, frame(product.mesh().v, width, height, **shot.framing)


def truth(shot: Shot, scale: float) -> dict[str, Any]:
    """Size, fault, box and points of a photo; the points are the same ones in all photos of a product."""
    product, camera = _aim(shot, scale)
    facts: dict[str, Any] = {"width": camera.width, "height": camera.height, "fault": shot.fault}
    if shot.fault == "empty":
        return facts
    pixels = camera.project(product.mesh().v)
    low, high = pixels.min(0), pixels.max(0)
    front = (0.0, 0.0, 1.0) if product.lies else (0.0, -1.0, 0.0)
    return facts | {
        "box": np.round([*low, *(high - low)], 1).tolist(),
        **photos.pose(product, camera, facing=front),
    }


def _style(shot: Shot, light: NDArray[np.float32], scale: float) -> look.Look:
    """A good camera's settings, with the shot's fault on top; blur is given for full size."""
    bright = PLACES[shot.place]().bright
    exposure = look.expose(light, None, 0.28, 50) if bright is None else look.expose(light, None, bright, 70)
    fault = FAULTS.get(shot.fault, {})
    fair = look.Look(vignette=0.07, contrast=0.3, noise=0.002, shot=0.00025 / max(scale, 0.3), grain_blur=0.6)
    blur = fault.get("blur", 0.45 * max(shot.size) / 2000) * scale
    return replace(fair, **{**fault, "exposure": exposure * fault.get("exposure", 1.0), "blur": blur})


def write(image: NDArray[np.uint8], path: Path, fault: str) -> None:
    """Save as a camera would: JPEG with EXIF. A planted fault of the file itself is made here."""
    exif = Pil.Exif()
    exif[0x010F], exif[0x0110] = "Packshot", "Example camera"
    exif[0x0131], exif[0x0132] = "Packshot examples", "2026:03:14 10:20:00"
    exif.get_ifd(0x8769).update(
        {0x829A: 0.008, 0x829D: 8.0, 0x8827: 100, 0x9003: "2026:03:14 10:20:00", 0x920A: 85.0}
    )
    picture = Pil.fromarray(image)
    exif[0x0112] = 1
    if fault == "exif_rotated":
        picture = picture.transpose(Pil.Transpose.ROTATE_90)
        exif[0x0112] = 6
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82 if image.size > 12_000_000 else 88, optimize=True, exif=exif)
    data = out.getvalue()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data[: len(data) * 2 // 5] if fault == "truncated" else data)


def write_manifest(folder: Path) -> None:
    """One row per photo that is there; `reference` names the one that the group's others are aligned to."""
    there = [s for s in shots() if (folder / s.path).exists()]
    chosen = {s.group: s.path for s in there if s.reference}
    with (folder / "manifest.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(COLUMNS)
        rows.writerows((s.group, s.sku, s.path, s.kind, chosen.get(s.group, "")) for s in there)


def main() -> None:
    """Make the photos that were asked for."""
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--out", type=Path, default=Path("examples"))
    args.add_argument("--only", action="append", default=[], help="SKU/KIND, as often as wanted")
    args.add_argument("--missing", action="store_true", help="make only those that are not there")
    args.add_argument("--scale", type=float, default=1.0)
    args.add_argument("--spp", type=int, default=1, help="paths per pixel in each of four passes")
    args.add_argument("--variant", default="scalar_rgb")
    opts = args.parse_args()
    opts.out.mkdir(parents=True, exist_ok=True)
    for seed, shot in sorted(enumerate(shots()), key=lambda q: q[1].size == SIZES["12mp"]):
        wanted = not opts.only or f"{shot.sku}/{shot.kind}" in opts.only
        if not wanted or (opts.missing and (opts.out / shot.path).exists()):
            continue
        write(take(shot, seed, opts.spp, opts.scale, opts.variant), opts.out / shot.path, shot.fault)
        print(shot.path, (opts.out / shot.path).stat().st_size // 1024, "kB", flush=True)
    write_manifest(opts.out)
    known = {s.path: truth(s, opts.scale) for s in shots() if (opts.out / s.path).exists()}
    (opts.out / "truth.json").write_text(json.dumps(known) + "\n")


if __name__ == "__main__":
    main()
