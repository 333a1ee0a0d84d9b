"""Makes a pool of composites on disk: `<number>.jpg` with `<number>.png`, its alpha, numbered by seed."""

from __future__ import annotations

import argparse
from multiprocessing import Process
from pathlib import Path

import cv2

from training import bank as banks
from training.compose import scene
from training.paths import DATA, RENDERS, WORK, require_data

HELD_OUT_SEED = 9_000_000  # composites of the held-out bank are numbered from here


def write_range(bank: banks.Bank, out: Path, seeds: range) -> None:
    """Every scene of `seeds` that is not there yet."""
    cv2.setNumThreads(1)
    for seed in seeds:
        image, alpha = out / f"{seed:07d}.jpg", out / f"{seed:07d}.png"
        if image.exists():
            continue
        made = scene(seed, bank)
        cv2.imwrite(str(alpha), made.alpha, [cv2.IMWRITE_PNG_COMPRESSION, 2])
        part = out / f"{seed:07d}.part.jpg"
        cv2.imwrite(str(part), made.bgr, [cv2.IMWRITE_JPEG_QUALITY, 93])
        part.rename(image)  # a reader sees only finished pairs


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--masks", type=Path, default=WORK / "masks")
    parser.add_argument("--renders", type=Path, default=RENDERS)
    parser.add_argument("--out", type=Path, default=WORK / "pool")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=12_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--held-out", action="store_true", help="draw from the pictures training never sees")
    args = parser.parse_args()
    cv2.setNumThreads(0)  # OpenCV's threads do not survive a fork
    bank = banks.load(require_data(args.data), args.masks, args.renders, held_out=args.held_out)
    args.out.mkdir(parents=True, exist_ok=True)
    first = args.first + (HELD_OUT_SEED if args.held_out else 0)
    jobs = [
        Process(
            target=write_range, args=(bank, args.out, range(first + i, first + args.count, args.processes))
        )
        for i in range(args.processes)
    ]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
    if any(job.exitcode for job in jobs):
        raise SystemExit("a process of the pool failed; what it wrote is kept, run again to go on")


if __name__ == "__main__":
    main()
