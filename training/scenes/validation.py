"""The validation set: `python -m training.scenes.validation --out DIR` renders 200 small pictures and 12
large ones, always the same.

Seeds differ from the training pictures', and nothing but our own drawings is on walls and grounds. With
`--empty N` the set
holds N more pictures without a product (grounds, textures, bare shelves).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from . import look
from .photos import CLUTTERED, PATTERNED, PLAIN, plan, shoot

SEED = 7
SMALL = ((480, 480), (480, 360), (360, 480))
LARGE = ((2000, 2000), (2000, 1500), (1500, 2000))
GROUNDS = (PLAIN, CLUTTERED, PLAIN, PATTERNED)
COUNT, COUNT_LARGE = 200, 12


@dataclass(frozen=True)
class Item:
    """One picture to make: its name decides its seed."""

    name: str
    seed: int
    ground: str
    size: tuple[int, int]
    spp: int
    empty: bool = False


def items(count: int = COUNT, large: int = COUNT_LARGE, empty: int = 0) -> Iterator[Item]:
    """The list of pictures: half plain, a quarter cluttered, a quarter patterned."""
    for n in range(count):
        yield Item(f"v{n:03d}", n, GROUNDS[n % 4], SMALL[n % 3], 12)
    for n in range(large):
        yield Item(f"large{n:02d}", 10_000 + n, (PLAIN, PATTERNED, CLUTTERED)[n % 3], LARGE[n % 3], 4)
    for n in range(empty):
        yield Item(
            f"empty{n:03d}", 20_000 + n, (PATTERNED, PLAIN, CLUTTERED)[n % 3], SMALL[n % 3], 10, empty=True
        )


def make(item: Item, out: Path, variant: str) -> None:
    """Write NAME.jpg, NAME_alpha.png (8-bit grey) and NAME.json; the JSON comes last."""
    rng = np.random.default_rng([SEED, item.seed])
    shot = shoot(
        plan(rng, item.ground, item.size, empty=item.empty), rng, item.spp, item.seed, variant, clean=True
    )
    (out / f"{item.name}.jpg").write_bytes(look.jpeg(shot.image, 92))
    cv2.imwrite(str(out / f"{item.name}_alpha.png"), shot.alpha)
    (out / f"{item.name}.json").write_text(json.dumps(shot.facts))


def main() -> None:
    """Make the pictures that are not there yet."""
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--out", type=Path, required=True)
    args.add_argument("--count", type=int, default=COUNT)
    args.add_argument("--large", type=int, default=COUNT_LARGE)
    args.add_argument("--empty", type=int, default=0)
    args.add_argument(
        "--variant", default="scalar_rgb", help="llvm_ad_rgb is some three times faster (see README)"
    )
    opts = args.parse_args()
    opts.out.mkdir(parents=True, exist_ok=True)
    for item in items(opts.count, opts.large, opts.empty):
        if not (opts.out / f"{item.name}.json").exists():
            make(item, opts.out, opts.variant)
            print(item.name, flush=True)


if __name__ == "__main__":
    main()
