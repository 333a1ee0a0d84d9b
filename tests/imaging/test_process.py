"""A process that works on pictures keeps its memory, and one thread."""

from __future__ import annotations

import subprocess
import sys

import pytest

_WORK = """
import resource, sys
import cv2, numpy as np
from packshot.imaging import process
if sys.argv[1] == "settled":
    process.settle()
def photo():
    # Several planes at a time, as the refinement has them; 16 MB in all.
    planes = [np.ones((1000, 1000), np.float32) for _ in range(4)]
    return sum(float(plane[0, 0]) for plane in planes)
for _ in range(3):
    photo()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(10):
    photo()
print(cv2.getNumThreads(), resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(how: str) -> tuple[int, int]:
    """OpenCV's threads, and page faults of ten rounds."""
    words = [sys.executable, "-c", _WORK, how]
    done = subprocess.run(words, capture_output=True, text=True, check=True)  # noqa: S603  # our own code
    threads, count = done.stdout.split()
    return int(threads), int(count)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only glibc is told what to keep")
def test_what_was_freed_is_not_asked_for_again() -> None:
    _, usual = faults("as it is")
    threads, settled = faults("settled")
    assert threads == 1
    assert settled < 0.1 * max(usual, 1000)
