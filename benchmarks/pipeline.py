"""CPU time of one photo, one thread: Packshot against the usual script and against the floor.

Interleaved in one run, medians over rounds; ratios are taken round by round. `--rounds`, `--photos`.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import mean, median

import numpy as np

from benchmarks import floor, machine, naive, photos
from benchmarks.arms import BUDGET_KB, Finished, Remembering, packshot
from benchmarks.quality import Quality, judge
from packshot.imaging import process
from packshot.matting.model import MattingModel
from packshot.matting.registry import load_model

#: (numerator, denominator, bar, at least or at most), as the project promises them.
BARS = (
    ("script", "packshot", 4.5, ">="),
    ("script + network", "packshot + network", 3.5, ">="),
    ("packshot + network", "floor + network", 1.5, "<="),
)


def main() -> None:
    """Runs all arms on all photos, round by round, and prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--photos", type=int, default=3)
    given = parser.parse_args()
    # For all arms: what the product's processes have, the others get as well.
    process.settle()
    os.environ["OMP_NUM_THREADS"] = "1"
    print(machine.describe())
    drawn = [photos.carton(seed) for seed in range(given.photos)]
    files = [photos.as_jpeg(photo) for photo, _ in drawn]
    model = load_model()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(model, Path(folder), files)
        for _ in range(given.rounds):
            bench.round()
    print_times(bench)
    print_quality(bench, drawn)


class Bench:
    """The arms, and what they took: milliseconds by arm, one sum over the photos per round."""

    def __init__(self, model: MattingModel, folder: Path, files: list[bytes]) -> None:
        self.model, self.folder, self.files = model, folder, files
        self.memories = [Remembering(model) for _ in files]
        self._order = random.Random(0)  # noqa: S311 - an order, not a secret
        self.times: dict[str, list[float]] = defaultdict(list)
        self.script_steps: dict[str, float] = {}
        self.made: dict[str, list[tuple[bytes, np.ndarray]]] = {}
        # The warm-up: caches, lazy imports and the looks to remember, which then cost nothing.
        for data, memory in zip(files, self.memories, strict=True):
            packshot(data, memory)
        self.finished = [packshot(data, memory) for data, memory in zip(files, self.memories, strict=True)]

    def round(self) -> None:
        """All arms once, one photo after the other, in another order each time.

        Whoever follows the script finds its own data gone from the processor's caches.
        """
        took: dict[str, float] = defaultdict(float)
        self.made = defaultdict(list)
        for index, data in enumerate(self.files):
            arms = list(self._arms(data, self.memories[index], self.finished[index]).items())
            self._order.shuffle(arms)
            for name, work in arms:
                started = time.process_time()
                result = work()
                took[name] += (time.process_time() - started) * 1000
                if result is not None:
                    self.made[name].append(result)
        for name, milliseconds in took.items():
            self.times[name].append(milliseconds / len(self.files))

    def _arms(
        self, data: bytes, memory: Remembering, known: Finished
    ) -> dict[str, Callable[[], tuple[bytes, np.ndarray] | None]]:
        budget = BUDGET_KB * 1000

        def script(model: MattingModel) -> tuple[bytes, np.ndarray]:
            looks = (lambda picture: mean_of(model.look_twice(picture)), model.predict)
            clock = self.script_steps if model is self.model else {}
            return naive.process(data, self.folder, looks, budget, clock)

        def ours(model: MattingModel) -> tuple[bytes, np.ndarray]:
            finished = packshot(data, model)
            return finished.data, finished.matrix

        def bare(model: MattingModel) -> None:
            looks = (lambda picture: mean_of(model.look_twice(picture)), model.predict)
            floor.process(data, known.matrix, looks, known.quality)

        return {
            "script": lambda: script(memory),
            "packshot": lambda: ours(memory),
            "floor": lambda: bare(memory),
            "script + network": lambda: script(self.model),
            "packshot + network": lambda: ours(self.model),
            "floor + network": lambda: bare(self.model),
        }


def mean_of(looks: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Both looks averaged, as detect does."""
    return (looks[0] + looks[1]) * np.float32(0.5)


def print_times(bench: Bench) -> None:
    """Medians per arm, the script's steps, our stages, and the ratios against their bars."""
    print(f"\nCPU milliseconds per photo, one thread, median of {len(bench.times['script'])} rounds")
    for name, values in bench.times.items():
        print(f"  {name:22}{median(values):9.0f}   ({min(values):.0f}-{max(values):.0f})")
    runs = len(bench.times["script"]) * len(bench.files)
    print("\nThe script's steps")
    for name, milliseconds in bench.script_steps.items():
        print(f"  {name:22}{milliseconds / runs:9.0f}")
    print("\nPackshot's stages (without the network)")
    for stage in bench.finished[0].stages_ms:
        print(f"  {stage:22}{mean(photo.stages_ms[stage] for photo in bench.finished):9.0f}")
    print("\nRatios, median of the rounds")
    for upper, lower, bar, sense in BARS:
        ratios = [a / b for a, b in zip(bench.times[upper], bench.times[lower], strict=True)]
        ratio = median(ratios)
        met = ratio >= bar if sense == ">=" else ratio <= bar
        print(f"  {upper + ' / ' + lower:42}{ratio:6.2f}   bar {sense} {bar}   {'met' if met else 'MISSED'}")


def print_quality(bench: Bench, drawn: list[tuple[np.ndarray, np.ndarray]]) -> None:
    """The gate: budget, detail of the product, white ground."""
    print("\nQuality (mean)            KB    PSNR dB   white")
    for name in ("script + network", "packshot + network"):
        made = bench.made[name]
        found: list[Quality] = [
            judge(data, photo, alpha, matrix)
            for (data, matrix), (photo, alpha) in zip(made, drawn, strict=True)
        ]
        print(
            f"  {name:20}{mean(q.kilobytes for q in found):8.0f}"
            f"{mean(q.psnr for q in found):11.1f}{mean(q.white for q in found):8.3f}"
        )


if __name__ == "__main__":
    main()
