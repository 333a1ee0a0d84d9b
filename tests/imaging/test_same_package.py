from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
import pytest

from packshot.imaging.features import Features, from_bytes, to_bytes
from packshot.imaging.geometry import Array, Pose, apply, bounds, compose, invert, place, scale_of
from packshot.imaging.same_package import PackageMatch, match_package
from tests.imaging.packages import Package, Photo, package, photograph

SHAPES = ("box", "bottle", "oval")
CANVAS = Pose.of_canvas(2000, 2000, 0.85, None)


@lru_cache(maxsize=8)
def reference(seed: int, shape: str) -> tuple[Package, Photo, Features]:
    subject = package(seed, shape=shape)
    photo = photograph(subject, seed, zoom=0.75)
    return subject, photo, from_bytes(to_bytes(photo.features()))


def aligned(photo: Photo, base: Photo, features: Features) -> PackageMatch | None:
    """As the align stage calls it, with the masks' pose as the second start."""
    onto_canvas = place(base.outline(), CANVAS)
    pose = compose(invert(onto_canvas), place(photo.outline(), CANVAS))
    return match_package(photo.features(), features, pose)


def canvas_errors(match: PackageMatch, subject: Package, photo: Photo, base: Photo) -> Array:
    """How far the product's points land from the reference's, in pixels of a 2000 px canvas."""
    onto_canvas = place(base.outline(), CANVAS)
    ours = apply(compose(onto_canvas, compose(match.fit.matrix, photo.truth)), subject.points)
    return np.hypot(*(ours - apply(compose(onto_canvas, base.truth), subject.points)).T)


def shots(count: int) -> list[tuple[int, float, float, bool]]:
    """Seeds with zoom 0.4-2.5 around the reference's, up to 25 degrees, half of them before clutter."""
    generator = np.random.default_rng(11)
    zooms = 0.75 * np.exp(generator.uniform(np.log(0.4), np.log(1.25), count))
    angles = generator.uniform(-25, 25, count)
    return [(seed, float(zooms[seed]), float(angles[seed]), seed % 2 == 1) for seed in range(count)]


def test_two_hundred_photos_land_on_their_reference() -> None:
    errors, lost = [], []
    for seed, zoom, angle, cluttered in shots(204):
        subject, base, features = reference(seed // 6, SHAPES[seed // 6 % 3])
        photo = photograph(subject, 1000 + seed, zoom=zoom, angle=angle, cluttered=cluttered)
        match = aligned(photo, base, features)
        if match is None:
            lost.append(seed)
        else:
            errors.append(canvas_errors(match, subject, photo, base))
    every = np.concatenate(errors)
    assert not lost
    assert np.median(every) <= 0.5
    assert np.percentile(every, 95) <= 1.5
    assert every.max() <= 10


def test_the_residual_tells_the_error() -> None:
    subject, base, features = reference(1, "box")
    match = aligned(photograph(subject, 77, zoom=0.6, angle=8), base, features)
    assert match is not None
    assert match.fit.residual * scale_of(place(base.outline(), CANVAS)) < 1.5


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("photo_side", "reference_side"), [(640, 2500), (2500, 640)])
def test_cameras_of_very_different_pixels_take_the_same_package(
    shape: str, photo_side: int, reference_side: int
) -> None:
    subject = package(21, shape=shape)
    base = photograph(subject, 1, zoom=0.75, size=(reference_side, reference_side))
    photo = photograph(subject, 2, zoom=0.7, angle=6, size=(photo_side, photo_side))
    match = aligned(photo, base, base.features())
    assert match is not None
    errors = canvas_errors(match, subject, photo, base)
    assert np.median(errors) <= 1.0
    assert errors.max() <= 4.0


def test_a_look_alike_from_another_camera_is_not_matched() -> None:
    base = photograph(package(21), 1, zoom=0.75, size=(2500, 2500))
    other = photograph(package(22), 2, zoom=0.7, size=(640, 640))
    assert aligned(other, base, base.features()) is None


@pytest.mark.parametrize("angle", [60, 120, 180])
def test_far_turns_break_nothing(angle: float) -> None:
    subject, base, features = reference(2, "bottle")
    photo = photograph(subject, 5, zoom=0.6, angle=angle)
    match = aligned(photo, base, features)
    if match is not None:
        assert canvas_errors(match, subject, photo, base).max() <= 10


@pytest.mark.parametrize("seed", range(8))
def test_another_package_of_the_same_shape_is_not_matched(seed: int) -> None:
    _, base, features = reference(seed, "box")
    other = package(500 + seed)
    assert aligned(photograph(other, 600 + seed, zoom=0.65, angle=5), base, features) is None


@pytest.mark.parametrize("seed", range(8))
def test_a_shared_logo_and_frame_are_not_enough(seed: int) -> None:
    first, second = package(30 + seed), package(60 + seed)
    logo = package(90 + seed).front[:150, :300]
    for subject in (first, second):
        subject.front[20:170, 110:410] = logo
        cv2.rectangle(subject.front, (14, 14), (505, 705), (200, 30, 30), 14)
    base = photograph(first, seed, zoom=0.75)
    assert aligned(photograph(second, 99 + seed, zoom=0.6, angle=-7), base, base.features()) is None


@pytest.mark.parametrize("seed", range(8))
def test_another_variety_in_the_same_layout_is_not_matched(seed: int) -> None:
    first = package(30 + seed)
    second = Package(first.front.copy(), first.silhouette)
    second.front[220:540, 50:470] = package(300 + seed).front[220:540, 50:470]
    base = photograph(first, seed, zoom=0.75)
    assert aligned(photograph(second, 99 + seed, zoom=0.65, angle=4), base, base.features()) is None


def test_another_colour_of_the_same_print_is_not_matched() -> None:
    first = package(41)
    second = Package(np.ascontiguousarray(first.front[..., [2, 0, 1]]), first.silhouette)
    base = photograph(first, 1, zoom=0.75)
    assert aligned(photograph(second, 2, zoom=0.65), base, base.features()) is None


@pytest.mark.parametrize("seed", range(4))
def test_a_mirrored_photo_is_never_laid_onto_the_print(seed: int) -> None:
    subject, base, features = reference(seed, "box")
    mirrored = Package(np.ascontiguousarray(subject.front[:, ::-1]), subject.silhouette)
    assert aligned(photograph(mirrored, 3, zoom=0.7), base, features) is None


def test_a_plain_package_has_nothing_to_match() -> None:
    plain = Package(np.full((720, 520, 3), 150, np.uint8), package(1).silhouette)
    base = photograph(plain, 1, zoom=0.75)
    assert aligned(photograph(plain, 2, zoom=0.6, angle=9), base, base.features()) is None


def test_features_lie_on_the_product() -> None:
    _, base, features = reference(3, "bottle")
    x, y = features.points.round().astype(int).T
    grown = cv2.dilate(base.mask, np.ones((9, 9), np.uint8))
    assert len(features.points) > 100
    assert (grown[y.clip(0, 719), x.clip(0, 719)] > 0).all()
    assert bounds(features.points)[3] > 250


def test_features_survive_being_stored() -> None:
    _, _, features = reference(4, "oval")
    data = to_bytes(features)
    again = from_bytes(data)
    assert np.array_equal(again.points, features.points)
    assert np.array_equal(again.descriptors, features.descriptors)
    assert np.array_equal(again.close_up.colour, features.close_up.colour)
    assert to_bytes(again) == data
