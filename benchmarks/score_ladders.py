"""Does the score fall with each step of a fault? Over made pictures, or over the photos of a folder.

    python -m benchmarks.score_ladders [FOLDER] [--limit N] [--side PIXELS]

A photo of a folder is put on a canvas and cut out first, by the product's own stages.
Ends with 1 when a ladder falls on fewer than 99 % of its steps.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.ladders.cutting import cut_out
from benchmarks.ladders.faults import LADDERS
from benchmarks.ladders.photo_like import photo_like
from benchmarks.ladders.scoring import climb
from packshot.errors import PackshotError

WANTED_SHARE = 0.99
_MADE = 30

Pixels = NDArray[np.uint8]


def main() -> int:
    """Prints one line per ladder: the share of falling steps and the median score at each."""
    given = _arguments()
    cv2.setNumThreads(1)
    photos = list(_photos(given.folder, given.limit, given.side))
    print(f"{len(photos)} photos")
    worst = 1.0
    for ladder in LADDERS:
        climbs = {name: [found.score_after for found in climb(ladder, *photo)] for name, photo in photos}
        steps = [(name, n) for name, scores in climbs.items() for n in range(1, len(scores))]
        failed = [(name, n) for name, n in steps if climbs[name][n] >= climbs[name][n - 1]]
        share = 1 - len(failed) / len(steps)
        worst = min(worst, share)
        medians = " ".join(f"{statistics.median(at):5.1f}" for at in zip(*climbs.values(), strict=True))
        print(f"{ladder.name:12} {share:7.2%} of {len(steps)} steps fall   medians {medians}")
        for name, n in failed:
            print(f"  not at {name} step {n}: {climbs[name]}")
    return 0 if worst >= WANTED_SHARE else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", help="photos; without it, pictures are made")
    parser.add_argument("--limit", type=int, default=_MADE, help="how many photos at most")
    parser.add_argument("--side", type=int, default=480, help="of the canvas, pixels")
    return parser.parse_args()


def _photos(folder: Path | None, limit: int, side: int) -> Iterator[tuple[str, tuple[Pixels, Pixels]]]:
    if folder is None:
        for seed in range(limit):
            made = photo_like(seed, side)
            yield f"made {seed}", (made.picture, made.alpha)
        return
    endings = {".jpg", ".jpeg", ".png"}
    found = (path for path in sorted(folder.rglob("*")) if path.suffix.lower() in endings)
    taken = 0
    for path in found:
        if taken == limit:
            return
        try:
            photo = cut_out(path, side)
        except PackshotError as error:
            print(f"  left out {path.name}: {error}")
            continue
        taken += 1
        yield path.name, photo


if __name__ == "__main__":
    sys.exit(main())
