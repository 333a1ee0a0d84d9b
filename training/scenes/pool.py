"""Render training pictures: `python -m training.scenes.pool --out training/work/renders --count 1500`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from . import look
from .photos import CLUTTERED, PATTERNED, PLAIN, plan, shoot
from .products import Rng
from .sets import Texture

SIZES = ((352, 352), (384, 288), (288, 384), (360, 320))
HARD = (
    "pump",
    "mug",
    "stemware",
    "tote",
    "basket",
    "cutlery",
    "tool",
    "headphones",
    "ring",
    "spectacles",
    "watch",
    "bicycle",
    "stool",
    "lamp",
)
README = """# Rendered training pictures

Made by `python -m training.scenes.pool`; a picture depends on its number alone, so the folder can be made
again.

| file | what |
|---|---|
| NNNNN.jpg | the whole scene, RGB, longest side 352-384 px |
| NNNNN_alpha.png | coverage of the product, 8-bit grey, exact (all zero: an empty scene) |
| NNNNN_fg.png | the product alone, RGBA with straight colours, where it is not see-through and lies whole
in the frame |
| NNNNN.json | ground (plain, patterned, cluttered), family, tags (thin, hole, transparent, pair), `empty`,
`clear`, camera, `points_3d` and `points_px` |

A sample is complete when its JSON exists (it is written last).
"""


def photo_source(folders: list[Path]) -> Texture | None:
    """Square crops of the pictures in some folders, to print on walls and grounds."""
    files = sorted(p for f in folders for p in f.rglob("*") if p.suffix.lower() in (".jpg", ".jpeg", ".png"))
    if not files:
        return None

    def crop(rng: Rng, size: int) -> NDArray[np.uint8]:
        image = cv2.imread(str(files[int(rng.integers(len(files)))]), cv2.IMREAD_COLOR)
        if image is None:
            return np.full((size, size, 3), 128, np.uint8)
        side = int(min(image.shape[:2]) * rng.uniform(0.5, 1.0))
        y, x = (int(rng.integers(0, s - side + 1)) for s in image.shape[:2])
        return np.ascontiguousarray(
            cv2.resize(image[y : y + side, x : x + side, ::-1], (size, size), interpolation=cv2.INTER_AREA)
        )

    return crop


def sample(number: int, out: Path, photo: Texture | None, spp: int, variant: str) -> None:
    """Make one training picture; its number is its seed."""
    rng = np.random.default_rng([20_26, number])
    ground = str(rng.choice([PLAIN, PATTERNED, CLUTTERED], p=[0.36, 0.28, 0.36]))
    size = SIZES[int(rng.integers(len(SIZES)))]
    families = HARD if rng.random() < 0.12 else None
    shot = shoot(
        plan(rng, ground, size, empty=rng.random() < 0.08, families=families, photo=photo),
        rng,
        spp,
        number,
        variant,
    )
    name = f"{number:05d}"
    (out / f"{name}.jpg").write_bytes(look.jpeg(shot.image, int(rng.integers(85, 97))))
    cv2.imwrite(str(out / f"{name}_alpha.png"), shot.alpha)
    border = np.concatenate([shot.alpha[0], shot.alpha[-1], shot.alpha[:, 0], shot.alpha[:, -1]])
    whole = not shot.facts["empty"] and not shot.facts["clear"] and not border.any()
    if whole:
        rgba = look.straight_colours(shot.image, shot.alpha)
        cv2.imwrite(str(out / f"{name}_fg.png"), cv2.cvtColor(rgba, cv2.COLOR_RGBA2BGRA))
    (out / f"{name}.json").write_text(json.dumps(shot.facts | {"fg": whole}))


def main() -> None:
    """Make the pictures that are not there yet."""
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("--out", type=Path, default=Path("training/work/renders"))
    args.add_argument("--count", type=int, default=1500)
    args.add_argument("--start", type=int, default=0)
    args.add_argument(
        "--step", type=int, default=1, help="make every n-th, so that several processes share the numbers"
    )
    args.add_argument("--spp", type=int, default=16, help="light paths per pixel")
    args.add_argument(
        "--photos", type=Path, action="append", default=[], help="folder of pictures to hang on walls"
    )
    args.add_argument("--variant", default="scalar_rgb")
    opts = args.parse_args()
    opts.out.mkdir(parents=True, exist_ok=True)
    (opts.out / "README.md").write_text(README)
    photo = photo_source(opts.photos)
    for number in range(opts.start, opts.count, opts.step):
        if not (opts.out / f"{number:05d}.json").exists():
            sample(number, opts.out, photo, opts.spp, opts.variant)


if __name__ == "__main__":
    main()
