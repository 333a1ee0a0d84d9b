"""Where a product lands beside, or on, its group's reference."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from packshot.contracts.base import ReviewReason
from packshot.contracts.preset import Thresholds
from packshot.contracts.stages import AlignOutput
from packshot.contracts.task import Overrides
from packshot.imaging.geometry import Array, apply, as_matrix, compose
from tests.imaging.packages import Package, Photo, package, photograph
from tests.stages.networks import SeeingNetwork
from tests.stages.worlds import World, png, preset, task


class PackageNetwork(SeeingNetwork):
    """Sees the product of a photograph as it was drawn."""

    def __init__(self) -> None:
        super().__init__(self.mask)
        self.photo: Photo | None = None

    def mask(self, picture: np.ndarray) -> np.ndarray:
        assert self.photo is not None
        size = (picture.shape[1], picture.shape[0])
        mask = cv2.resize(self.photo.coarse(5), size, interpolation=cv2.INTER_LINEAR)
        return (mask / 255.0).astype(np.float32)


class Studio:
    """A world of photographed packages with one reference."""

    def __init__(self, reference: Photo, **more: object) -> None:
        self.network = PackageNetwork()
        self.world = World(self.network, **more)  # type: ignore[arg-type]  # passed on as they are
        self.reference = self.network.photo = reference
        work = task("s", reference_id="ref-1", is_reference=True)
        self.facts = self.world.reference(png(reference.picture), work)
        self.onto_canvas = compose(as_matrix(self.facts.transform), reference.truth)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """The reference's product on the canvas."""
        return self.align(self.reference, is_reference=True).box

    def align(self, shot: Photo, sku: str = "s", **more: object) -> AlignOutput:
        self.network.photo = shot
        return self.world.align(png(shot.picture), task(sku, reference_id="ref-1", **more))  # type: ignore[arg-type]

    def errors(self, aligned: AlignOutput, shot: Photo, points: Array) -> Array:
        ours = apply(compose(as_matrix(aligned.transform), shot.truth), points)
        return np.hypot(*(ours - apply(self.onto_canvas, points)).T)


@pytest.fixture(scope="module")
def subject() -> Package:
    return package(21, shape="bottle")


@pytest.fixture(scope="module")
def studio(subject: Package) -> Studio:
    return Studio(photograph(subject, 1, zoom=0.7), settings=preset(2000))


def test_the_same_package_lies_on_its_reference(studio: Studio, subject: Package) -> None:
    shot = photograph(subject, 2, zoom=0.5, angle=14, cluttered=True)
    aligned = studio.align(shot)
    assert aligned.method == "features"
    assert aligned.inliers >= 12
    assert aligned.residual_px is not None
    assert aligned.residual_px < 3
    assert aligned.rotation_deg == pytest.approx(-14, abs=0.2)
    errors = studio.errors(aligned, shot, subject.points)
    assert np.median(errors) < 0.5
    assert errors.max() < 1.5
    assert ReviewReason.ALIGNMENT_UNCERTAIN not in aligned.review_reasons


def test_the_pixels_do_what_the_transform_says(studio: Studio, subject: Package) -> None:
    """The picture itself is compared with the reference's, not the numbers with each other."""
    studio.align(photograph(subject, 1, zoom=0.7), is_reference=True)
    reference = studio.world.workspace.get_pixels("aligned")
    studio.align(photograph(subject, 3, zoom=0.62, angle=-9))
    shot = studio.world.workspace.get_pixels("aligned")
    first, second = (
        cv2.GaussianBlur(cv2.cvtColor(side[600:1400, 600:1400], cv2.COLOR_RGB2GRAY), (0, 0), 3)
        for side in (reference, shot)
    )
    still = np.eye(2, 3, dtype=np.float32)
    stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 50, 1e-5)
    similar, shift = cv2.findTransformECC(first, second, still, cv2.MOTION_TRANSLATION, stop)
    assert similar > 0.98
    assert np.hypot(*shift[:, 2]) < 0.5


def test_the_reference_itself_gets_the_presets_pose(studio: Studio, subject: Package) -> None:
    aligned = studio.align(photograph(subject, 1, zoom=0.7), is_reference=True)
    assert aligned.method == "reference"
    assert np.allclose(aligned.transform, studio.facts.transform)


def test_a_poor_fit_is_named(subject: Package) -> None:
    strict = preset(2000, thresholds=Thresholds(max_residual_px=0.01))
    studio = Studio(photograph(subject, 1, zoom=0.7), settings=strict)
    aligned = studio.align(photograph(subject, 2, zoom=0.5, angle=14))
    assert aligned.method == "features"
    assert ReviewReason.ALIGNMENT_UNCERTAIN in aligned.review_reasons


def test_a_different_package_is_placed_beside_it_and_never_onto_it(studio: Studio) -> None:
    other = package(99, shape="bottle")
    aligned = studio.align(photograph(other, 4, zoom=0.6, angle=7), sku="another")
    assert aligned.method == "mask_pose"
    assert aligned.residual_px is None
    assert ReviewReason.DIFFERENT_PACKAGE not in aligned.review_reasons
    x, y, w, h = aligned.box
    rx, ry, rw, rh = studio.box
    assert max(w, h) == pytest.approx(max(rw, rh), rel=0.01)
    assert x + w / 2 == pytest.approx(rx + rw / 2, abs=3)
    assert y + h == pytest.approx(ry + rh, abs=3)


def test_another_package_under_the_same_sku_is_named(studio: Studio) -> None:
    aligned = studio.align(photograph(package(99, shape="bottle"), 4, zoom=0.6))
    assert aligned.method == "mask_pose"
    assert ReviewReason.DIFFERENT_PACKAGE in aligned.review_reasons


def test_a_plain_package_goes_by_its_mask_and_says_so(subject: Package) -> None:
    plain = Package(np.full_like(subject.front, 150), subject.silhouette)
    studio = Studio(photograph(plain, 1, zoom=0.7), settings=preset(1000))
    shot = photograph(plain, 2, zoom=0.45, angle=12)
    aligned = studio.align(shot)
    assert aligned.method == "mask_pose"
    assert ReviewReason.DIFFERENT_PACKAGE not in aligned.review_reasons
    assert aligned.rotation_deg == pytest.approx(-12, abs=1.0)
    assert np.median(studio.errors(aligned, shot, subject.points)) < 12


def test_shot_at_the_same_distance_it_keeps_the_references_scale(studio: Studio) -> None:
    smaller = photograph(package(98, shape="oval"), 4, zoom=0.35)
    shared = studio.align(smaller, sku="another", row={"scale": "shared"})
    own = studio.align(smaller, sku="another")
    assert shared.scale == pytest.approx(studio.facts.transform[0], rel=1e-6)
    assert own.scale > 1.5 * shared.scale
    _, y, _, h = shared.box
    _, ry, _, rh = studio.box
    assert y + h == pytest.approx(ry + rh, abs=3)


def test_at_the_references_scale_a_person_is_told_of_one_too_large_for_the_canvas(studio: Studio) -> None:
    larger = photograph(package(98, shape="oval"), 4, zoom=0.95)
    shared = studio.align(larger, sku="another", row={"scale": "shared"})
    assert max(shared.box[2:]) > 1.05 * 2000
    assert ReviewReason.TOUCHES_EDGE in shared.review_reasons
    assert ReviewReason.TOUCHES_EDGE not in studio.align(larger, sku="another").review_reasons


def test_an_angle_by_hand_beats_the_print(studio: Studio, subject: Package) -> None:
    aligned = studio.align(photograph(subject, 2, zoom=0.5, angle=14), overrides=Overrides(angle_deg=-30))
    assert aligned.method == "mask_pose"
    assert aligned.rotation_deg == pytest.approx(30)
