"""Wall time and memory of the one-machine runner: two workers against one, its overhead, its memory.

python -m benchmarks.runner                 speed-up and overhead, one worker and two in turn
python -m benchmarks.runner --memory 1000   one worker's memory over a thousand photos
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import threading
import time
from pathlib import Path
from statistics import median

from benchmarks import machine, photos
from packshot.local.request import RunRequest, RunResult
from packshot.local.runner import run

_PRESET = """{
  "name": "bench", "title": "One main JPEG", "version": "1",
  "canvas": {"width": 2000, "height": 2000},
  "renditions": [{"name": "main", "format": "jpeg", "target_kb": 500}]
}"""


def main() -> None:
    """Draws the photos, runs, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--photos", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--memory", type=int, metavar="N", help="photos for one worker's memory")
    given = parser.parse_args()
    print(machine.describe(), f"\n{os.getloadavg()[0]:.1f} processes were waiting when this began")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "preset.json").write_text(_PRESET, "utf-8")
        if given.memory:
            memory(folder, given.memory)
        else:
            speed(folder, given.photos, given.rounds)


def speed(folder: Path, count: int, rounds: int) -> None:
    """Two workers against one, in turn, and the time that is not the stages'."""
    source = _photos(folder, count)
    one: list[RunResult] = []
    two: list[RunResult] = []
    for _ in range(rounds):
        one.append(_run(folder, source, jobs=1))
        two.append(_run(folder, source, jobs=2))
    ratio = median(a.elapsed_s / b.elapsed_s for a, b in zip(one, two, strict=True))
    stages = [sum(result.stage_ms.values()) / 1000 for result in one]
    overhead = median(result.elapsed_s / busy - 1 for result, busy in zip(one, stages, strict=True))
    print(f"{count} photos, medians of {rounds} rounds")
    print(f"  one worker     {median(result.elapsed_s for result in one):8.1f} s")
    print(f"  two workers    {median(result.elapsed_s for result in two):8.1f} s")
    print(f"  speed-up       {ratio:8.2f}     bar >= 1.8 on a quiet machine")
    print(f"  overhead       {overhead:8.1%}     bar <= 5 % over the sum of the stages, start included")


def memory(folder: Path, count: int) -> None:
    """Resident memory of the one worker, sampled while it works."""
    source = _photos(folder, count)
    watcher = MemoryWatcher()
    watcher.start()
    _run(folder, source, jobs=1)
    watcher.stop()
    samples = watcher.samples
    tenth = max(1, len(samples) // 10)
    print(f"{count} photos, one worker, peak by tenth of the time, MB")
    peaks = [max(samples[at : at + tenth]) for at in range(0, len(samples) - tenth + 1, tenth)]
    print("  " + " ".join(f"{peak:.0f}" for peak in peaks[:10]))
    print(f"  peak {max(samples):.0f} MB     bar < 600 MB, flat")


class MemoryWatcher(threading.Thread):
    """Samples the largest child process's resident memory, in MB, five times a second."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.samples: list[float] = []
        self._ended = threading.Event()

    def run(self) -> None:
        """Samples until stopped."""
        while not self._ended.wait(0.2):
            sizes = [_resident_mb(child) for child in _descendants(os.getpid())]
            if sizes:
                self.samples.append(max(sizes))

    def stop(self) -> None:
        """Ends the sampling."""
        self._ended.set()
        self.join()


def _descendants(parent: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{parent}/task").glob("*/children"):
        try:
            children = [int(word) for word in task.read_text().split()]
        except OSError:  # the thread has ended meanwhile
            continue
        for child in children:
            found += [child, *_descendants(child)]
    return found


def _resident_mb(process: int) -> float:
    try:
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return float(line.split()[1]) / 1024
    except OSError:  # the process has ended meanwhile
        pass
    return 0.0


def _photos(folder: Path, count: int) -> Path:
    """Four drawn photos under many names; each name is an image of its own."""
    source = folder / "photos"
    source.mkdir()
    drawn = [photos.as_jpeg(photos.carton(seed)[0]) for seed in range(min(4, count))]
    for index in range(count):
        (source / f"photo-{index:05}.jpg").write_bytes(drawn[index % len(drawn)])
    return source


def _run(folder: Path, source: Path, jobs: int) -> RunResult:
    out = folder / f"out-{time.monotonic_ns()}"
    result = run(RunRequest(source=str(source), out=out, preset=str(folder / "preset.json"), jobs=jobs))
    shutil.rmtree(out)
    return result


if __name__ == "__main__":
    main()
