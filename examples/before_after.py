"""Makes the README's picture: example photos above, what `make demo` made of them below.

python examples/before_after.py demo docs/images/before-after.jpg
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import cv2
import numpy as np

SOURCES = (
    "photos/tea/TEA-GREEN-100/primary.jpg",
    "photos/pantry/SAUCE-TOMATO-400/primary.jpg",
    "photos/home/MUG-HALDEN/primary.jpg",
    "photos/wear/TOTE-MARKET/primary.jpg",
    "photos/pantry/COFFEE-DARK-500/primary.jpg",
)
SIDE, GAP = 320, 8


def main(out: Path, target: Path) -> None:
    """Reads the demo's results and writes one JPEG."""
    lines = (out / "results.jsonl").read_text("utf-8").splitlines()
    records = {record["source"]: record for record in map(json.loads, lines)}
    before = [_square(cv2.imread(str(Path(__file__).parent / source))) for source in SOURCES]
    after = [_square(cv2.imread(str(out / _main_file(records[source])))) for source in SOURCES]
    framed = [cv2.copyMakeBorder(tile, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=(225,) * 3) for tile in after]
    sheet = np.vstack([_row(before), np.full((GAP, SIDE * 5 + GAP * 4, 3), 255, np.uint8), _row(framed)])
    cv2.imwrite(str(target), sheet, [cv2.IMWRITE_JPEG_QUALITY, 88])


def _main_file(record: dict) -> str:
    return next(file["path"] for file in record["renditions"] if file["name"] == "main")


def _square(picture: np.ndarray) -> np.ndarray:
    """The middle square, small."""
    side = min(picture.shape[:2])
    top, left = (picture.shape[0] - side) // 2, (picture.shape[1] - side) // 2
    return cv2.resize(
        picture[top : top + side, left : left + side], (SIDE, SIDE), interpolation=cv2.INTER_AREA
    )


def _row(tiles: list[np.ndarray]) -> np.ndarray:
    gap = np.full((SIDE, GAP, 3), 255, np.uint8)
    parts = [part for tile in tiles for part in (cv2.resize(tile, (SIDE, SIDE)), gap)]
    return np.hstack(parts[:-1])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
