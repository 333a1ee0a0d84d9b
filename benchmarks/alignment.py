"""How exactly photos land on their reference, and what tells packages apart: python -m benchmarks.alignment.

Drawn and rendered packages (the tests' own) are photographed anew under a known similarity and laid back
onto their reference; errors are of points on the product, in pixels of a 2000 px canvas.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

import cv2
import numpy as np

from packshot.imaging import same_package
from packshot.imaging.agreement import Agreement
from packshot.imaging.features import CloseUp
from packshot.imaging.geometry import Array, Pose, apply, compose, invert, place
from tests.imaging.packages import Package, Photo, package, photograph
from tests.imaging.renders import renders

CANVAS = Pose.of_canvas(2000, 2000, 0.85, None)
SHAPES = ("box", "bottle", "oval")
Case = tuple[Photo, Photo, Array]


def drawn(count: int) -> Iterator[Case]:
    """Reference, photo, points of drawn packages: zoom 0.4-1.25, up to 25 degrees, half before clutter."""
    generator = np.random.default_rng(11)
    for seed in range(count):
        subject = package(seed // 6, shape=SHAPES[seed // 6 % 3])
        zoom = 0.75 * float(np.exp(generator.uniform(np.log(0.4), np.log(1.25))))
        angle = float(generator.uniform(-25, 25))
        shot = photograph(subject, 1000 + seed, zoom=zoom, angle=angle, cluttered=seed % 2 == 1)
        yield photograph(subject, seed // 6, zoom=0.75), shot, subject.points


def rendered(times: int) -> Iterator[Case]:
    """The same of rendered packages with print: zoom 0.4-2.5."""
    for number, render in enumerate(renders()):
        for turn in range(times if render.facts["textured"] else 0):
            generator = np.random.default_rng((number, turn))
            zoom = float(np.exp(generator.uniform(np.log(0.4), np.log(2.5))))
            yield (
                render.photo,
                render.shot(100 * number + turn, zoom, float(generator.uniform(-25, 25))),
                render.points,
            )


def varieties(count: int) -> Iterator[Case]:
    """Two packages of one layout whose middle differs, or which share a logo and a frame."""
    for seed in range(count):
        first = package(30 + seed)
        if seed % 2:
            second = Package(first.front.copy(), first.silhouette)
            second.front[220:540, 50:470] = package(300 + seed).front[220:540, 50:470]
        else:
            second, logo = package(60 + seed), package(90 + seed).front[:150, :300]
            for subject in (first, second):
                subject.front[20:170, 110:410] = logo
                cv2.rectangle(subject.front, (14, 14), (505, 705), (200, 30, 30), 14)
        yield (
            photograph(first, seed, zoom=0.75),
            photograph(second, 99 + seed, zoom=0.65, angle=4),
            first.points,
        )


def measure(name: str, cases: Iterator[Case]) -> None:
    """Aligns all cases and prints one line."""
    seen: list[Agreement] = []
    judge = same_package.agreement

    def listening(source: CloseUp, target: CloseUp, matrix: Array) -> Agreement:
        seen.append(judge(source, target, matrix))
        return seen[-1]

    same_package.agreement = listening
    errors, last, lost, spent = [], [], 0, 0.0
    try:
        for base, shot, points in cases:
            features, seen[:] = base.features(), []
            started = time.process_time()
            pose = compose(invert(place(base.outline(), CANVAS)), place(shot.outline(), CANVAS))
            match = same_package.match_package(shot.features(), features, pose)
            spent += time.process_time() - started
            last += seen[-1:]
            if match is None:
                lost += 1
                continue
            onto = place(base.outline(), CANVAS)
            ours = apply(compose(onto, compose(match.fit.matrix, shot.truth)), points)
            errors.append(np.hypot(*(ours - apply(compose(onto, base.truth), points)).T))
    finally:
        same_package.agreement = judge
    same, other = [item.same_print for item in last], [item.other_print for item in last]
    count = lost + len(errors)
    print(f"{name}: {count} photos, {lost} not matched, {1000 * spent / count:.0f} ms CPU each")
    if errors:
        every = np.concatenate(errors)
        print(
            f"  error px: median {np.median(every):.3f}"
            f"  p95 {np.percentile(every, 95):.3f}  max {every.max():.2f}"
        )
    print(
        f"  same print {min(same):.2f}-{max(same):.2f}  largest other patch {min(other):.3f}-{max(other):.3f}"
    )


def main() -> None:
    """Prints the table; one argument divides the numbers of photos."""
    cv2.setNumThreads(1)
    share = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    measure("drawn packages", drawn(204 // share))
    measure("rendered packages", rendered(max(1, 6 // share)))
    measure("other varieties (should not match)", varieties(48 // share))


if __name__ == "__main__":
    main()
