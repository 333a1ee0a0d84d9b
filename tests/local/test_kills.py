"""Killed with -9 at random moments, a batch ends with the same bytes as one that was left in peace."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import cv2
import numpy as np
import pytest

from packshot.local.request import RunResult
from tests.local.catalogues import image_events, photos, pictures, results, run_folder

REPOSITORY = Path(__file__).parents[2]
#: Seconds that a run of a busy machine may take at most.
LONG = 300


def start(source: Path, out: Path, stages: str = "fake") -> subprocess.Popen[bytes]:
    paths = os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "pipeline")])
    return subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "tests.local.run_folder", str(source), str(out), stages],
        env={**os.environ, "PYTHONPATH": paths},
        cwd=REPOSITORY,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def run_with_kills(source: Path, out: Path, kills: int, seed: int, stages: str = "fake") -> int:
    """Starts the run again and again and kills it, each time after some more; then lets it end."""
    chance = random.Random(seed)
    killed = 0
    while killed < kills:
        done = len(pictures(out))
        process = start(source, out, stages)
        until = time.monotonic() + LONG
        more = chance.randrange(0, 8)
        while len(pictures(out)) < done + more and process.poll() is None:
            assert time.monotonic() < until
            time.sleep(0.002)
        time.sleep(chance.random() * 0.05)
        if process.poll() is not None:
            break
        process.kill()
        process.wait()
        killed += 1
    last = start(source, out, stages)
    assert last.wait(LONG) in (0, 1)
    return killed


def same(out: Path, undisturbed: Path) -> None:
    assert pictures(out) == pictures(undisturbed)
    assert results(out) == results(undisturbed)
    assert image_events(out) == image_events(undisturbed)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_killed_run_ends_as_an_undisturbed_one(tmp_path: Path, seed: int) -> None:
    words = {f"g{number % 3}/{number}.jpg": f"ok burn {number}" for number in range(18)}
    words |= {"g0/r.jpg": "review", "g1/c.jpg": "corrupt", "g2/b.jpg": "boom", "ref.jpg": "ok ref"}
    source = photos(tmp_path / "in", words)
    run_folder(source, tmp_path / "undisturbed")
    killed = run_with_kills(source, tmp_path / "out", kills=5, seed=seed)
    assert killed >= 3
    same(tmp_path / "out", tmp_path / "undisturbed")
    assert not list((tmp_path / "out" / ".packshot" / "staging").glob("*"))


def test_a_killed_run_leaves_no_worker_behind(tmp_path: Path) -> None:
    source = photos(tmp_path / "in", {f"{number}.jpg": "hang" for number in range(2)})
    process = start(source, tmp_path / "out")
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if not children.exists():
        process.kill()
        pytest.skip("this system does not list a process's children")
    until = time.monotonic() + LONG
    # Two workers; Python's resource tracker may be a third.
    while len(children.read_text().split()) < 2:
        assert time.monotonic() < until
        time.sleep(0.05)
    workers = [int(pid) for pid in children.read_text().split()]
    process.kill()
    process.wait()
    while any(_alive(pid) for pid in workers):
        assert time.monotonic() < until, "a worker outlived the run"
        time.sleep(0.05)


def _alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    try:
        return status.read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_killed_workers_cost_no_photo(tmp_path: Path) -> None:
    words = {f"{number}.jpg": f"ok burn {number}" for number in range(30)}
    source = photos(tmp_path / "in", words)
    out = tmp_path / "out"
    ended: list[RunResult] = []
    run = threading.Thread(target=lambda: ended.append(run_folder(source, out)))
    run.start()
    killed = 0
    for goal in (4, 12, 20):
        # At least three pictures between two kills, so that no photo meets two of them.
        while run.is_alive() and len(pictures(out)) < goal:
            time.sleep(0.002)
        for child in multiprocessing.active_children()[:1]:
            os.kill(child.pid or 0, signal.SIGKILL)
            killed += 1
    run.join(LONG)
    assert killed == 3
    assert ended[0].batch.counts == {"auto_approved": 30, "completed": 30}
    run_folder(source, tmp_path / "undisturbed")
    same(out, tmp_path / "undisturbed")


def test_ctrl_c_ends_cleanly(tmp_path: Path) -> None:
    source = photos(tmp_path / "in", {f"{number}.jpg": f"slow ok {number}" for number in range(40)})
    out = tmp_path / "out"
    process = start(source, out)
    until = time.monotonic() + LONG
    while len(pictures(out)) < 4:
        assert time.monotonic() < until
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    assert process.wait(LONG) == 130
    done = results(out)
    assert 0 < len(done) < 40
    assert len(pictures(out)) == sum(len(line["renditions"]) for line in done)


def _photo(seed: int) -> bytes:
    """A textured box on a plain ground, turned a little: enough of a product for the real stages."""
    chance = np.random.default_rng(seed)
    picture = np.full((480, 640, 3), 205, np.uint8)
    picture += chance.integers(0, 6, picture.shape, np.uint8)
    label = cv2.resize(
        chance.integers(20, 200, (12, 9, 3), np.uint8), (180, 260), interpolation=cv2.INTER_CUBIC
    )
    box = np.zeros_like(picture)
    box[110:370, 230:410] = np.maximum(label, 1)
    turned = cv2.warpAffine(box, cv2.getRotationMatrix2D((320, 240), 4.0 * seed, 1.0), (640, 480))
    picture = np.where(turned.any(axis=2, keepdims=True), turned, picture)
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes()


def test_the_real_stages_end_as_undisturbed_ones(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    for number in range(5):
        (source / f"{number}.jpg").write_bytes(_photo(number))
    (source / "broken.jpg").write_bytes(_photo(9)[:2000])
    assert start(source, tmp_path / "undisturbed", "real").wait(LONG) == 1
    run_with_kills(source, tmp_path / "out", kills=2, seed=3, stages="real")
    same(tmp_path / "out", tmp_path / "undisturbed")
    completed = [line for line in results(tmp_path / "out") if line["status"] == "completed"]
    assert len(completed) == 5
