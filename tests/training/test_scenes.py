"""The scene library: meshes are sound, projection and alpha agree with the renderer, the same seed gives
the same picture."""

from __future__ import annotations

import numpy as np
import pytest

cv2 = pytest.importorskip("cv2")

from training.scenes import boxes, coverage, look, meshes, photos, products, render, sets, shots, validation  # noqa: E402
from training.scenes.camera import Camera, frame  # noqa: E402
from training.scenes.materials import matte  # noqa: E402

needs_renderer = pytest.mark.skipif(
    not render.available(),
    reason="the renderer (mitsuba) is not installed: pip install -r requirements/train.txt",
)
products.any_product(np.random.default_rng(0))
FAMILIES = sorted(products.FAMILIES)


def cube_camera(**changes: object) -> Camera:
    settings: dict[str, object] = {
        "origin": (0.0, -6.0, 2.0),
        "target": (0.2, 0.0, 0.6),
        "fov": 30.0,
        "width": 64,
        "height": 48,
    }
    return Camera(**(settings | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_gives_sound_products(name: str) -> None:
    for seed in range(4):
        product = products.FAMILIES[name][0](np.random.default_rng(seed), 64)
        mesh = product.mesh()
        assert product.family == name
        assert np.isfinite(mesh.v).all()
        assert np.isfinite(mesh.uv).all()
        assert mesh.f.min() >= 0
        assert mesh.f.max() < len(mesh.v)
        size = np.ptp(mesh.v, axis=0)
        assert 0.3 < size.max() < 6
        assert mesh.v[:, 2].min() > -0.1, "nothing reaches below the ground"


def test_a_box_is_closed_and_faces_outwards() -> None:
    box = boxes.box((1.0, 0.8, 1.4), 0.02)
    p = box.v[box.f]
    volume = np.sum(np.cross(p[:, 0], p[:, 1]) * p[:, 2]) / 6
    assert volume == pytest.approx(1.0 * 0.8 * 1.4, rel=0.01)


def test_a_lathed_cylinder_has_the_volume_of_a_cylinder() -> None:
    can = meshes.lathe([(0.001, 0), (0.5, 0), (0.5, 2.0), (0.001, 2.0)], 0.01, 200)
    p = can.v[can.f]
    volume = np.sum(np.cross(p[:, 0], p[:, 1]) * p[:, 2]) / 6
    assert volume == pytest.approx(np.pi * 0.25 * 2, rel=0.02)


def test_frame_fills_what_is_asked() -> None:
    points = boxes.box((1.0, 0.6, 1.8)).v
    camera = frame(points, 300, 200, elevation=20, fill=0.7, offset=(0.05, -0.1))
    pixels = camera.project(points)
    low, high = pixels.min(0), pixels.max(0)
    assert ((high - low) / (300, 200)).max() == pytest.approx(0.7, abs=0.01)
    assert ((low + high) / 2 + 0.5) / (300, 200) - 0.5 == pytest.approx([0.05, -0.1], abs=0.01)


def test_roll_turns_the_picture_clockwise() -> None:
    up = np.array([[0.2, 0.0, 0.6], [0.2, 0.0, 1.2]])
    upright, rolled = cube_camera().project(up), cube_camera(roll=20.0).project(up)
    direction = rolled[1] - rolled[0]
    assert np.degrees(np.arctan2(direction[0], -direction[1])) == pytest.approx(20.0, abs=1e-6)
    assert np.linalg.norm(direction) == pytest.approx(np.linalg.norm(upright[1] - upright[0]), rel=1e-6)


def test_coverage_is_the_covered_share_of_each_pixel() -> None:
    square = meshes.Mesh(
        np.array([(-1, 0, 0), (1, 0, 0), (1, 0, 2), (-1, 0, 2)], dtype=float),
        np.array([[0, 1, 2], [0, 2, 3]], dtype=np.int32),
        np.zeros((4, 2)),
    )
    camera = frame(square.v, 100, 100, elevation=0, fill=0.503)
    alpha = coverage.coverage(square, camera, 16) / 255
    assert alpha.sum() == pytest.approx(50.3**2, rel=0.005)
    assert alpha[50, 50] == 1
    assert alpha[2, 2] == 0
    assert alpha[50].sum() == pytest.approx(50.3, abs=0.15)
    assert ((alpha[50] > 0) & (alpha[50] < 1)).sum() in (1, 2), "only edge pixels are partly covered"


def test_straight_colours_carry_none_of_the_ground() -> None:
    alpha = np.zeros((40, 40), np.uint8)
    alpha[10:30, 10:30] = 255
    alpha = cv2.GaussianBlur(alpha, (0, 0), 1.5)
    image = (
        np.array([200, 30, 30]) * (alpha[..., None] / 255)
        + np.array([30, 200, 30]) * (1 - alpha[..., None] / 255)
    ).astype(np.uint8)
    rgba = look.straight_colours(image, alpha)
    edge = (alpha > 20) & (alpha < 235)
    assert np.abs(rgba[edge][:, :3].astype(int) - (200, 30, 30)).max() <= 8
    assert (rgba[..., 3] == alpha).all()


def test_one_similarity_maps_any_shot_onto_any_other() -> None:
    subject = shots.SUBJECTS[0]
    product = subject.make()
    points = shots.front_points(product)
    base = shots.base_camera(product)
    rng = np.random.default_rng(0)
    a = base.project(points)
    for _ in range(5):
        camera = shots.other_camera(base, rng)
        b = camera.project(points)
        design = np.column_stack(
            [
                np.concatenate([a[:, 0], a[:, 1]]),
                np.concatenate([-a[:, 1], a[:, 0]]),
                np.repeat([1.0, 0.0], len(a)),
                np.repeat([0.0, 1.0], len(a)),
            ]
        )
        fit, *_ = np.linalg.lstsq(design, np.concatenate([b[:, 0], b[:, 1]]), rcond=None)
        assert np.abs(design @ fit - np.concatenate([b[:, 0], b[:, 1]])).max() < 1e-6
        assert np.degrees(np.arctan2(fit[1], fit[0])) == pytest.approx(camera.roll, abs=1e-6)


def test_a_plan_depends_on_its_seed_alone() -> None:
    one, two = (photos.plan(np.random.default_rng([1, 2]), photos.CLUTTERED, (96, 96)) for _ in range(2))
    assert len(one.scene.parts) == len(two.scene.parts)
    assert all(
        np.array_equal(p.mesh.v, q.mesh.v) for p, q in zip(one.scene.parts, two.scene.parts, strict=True)
    )
    assert one.scene.camera == two.scene.camera


@pytest.mark.parametrize("make", ["clutter", "shelf"])
def test_nothing_hides_the_product(make: str) -> None:
    for seed in range(6):
        rng = np.random.default_rng(seed)
        product = photos.normalised(products.any_product(rng, 64, ("carton", "pan", "shoe")), rng)
        camera = photos.any_camera(rng, product, (200, 200))
        points = product.mesh().v
        pixels = camera.project(points)
        into = camera.axes()[2]
        if make == "shelf":
            behind = [p.mesh.v for p in sets.shelf(rng, product, 64)[1:]]
            assert min(float(v[:, 1].min()) for v in behind) > points[:, 1].max()
            continue
        others = [p.mesh.v for p in sets.clutter(rng, product, camera, 64, 8)]
        assert others
        farthest = ((points - camera.origin) @ into).max()
        for v in others:
            p = camera.project(v)
            overlaps = (p.max(0) > pixels.min(0)).all() and (p.min(0) < pixels.max(0)).all()
            assert not overlaps or ((v - camera.origin) @ into).min() >= farthest


def test_the_camera_stays_above_the_ground() -> None:
    for seed in range(200):
        rng = np.random.default_rng(seed)
        product = photos.normalised(products.any_product(rng, 64, ("cutlery", "shoe", "bowl")), rng)
        assert photos.any_camera(rng, product, (96, 72)).origin[2] > 0.1


def test_the_validation_list_is_fixed() -> None:
    every = list(validation.items())
    assert len(every) == 212
    assert len({i.name for i in every}) == 212
    assert [i.ground for i in every[:4]] == ["plain", "cluttered", "plain", "patterned"]
    assert sum(i.ground == "plain" for i in every[:200]) == 100


@needs_renderer
@pytest.mark.parametrize("changes", [{}, {"roll": 17.0}, {"shift": (0.1, -0.15)}])
def test_alpha_and_projection_agree_with_the_renderer(changes: dict[str, object]) -> None:
    camera = cube_camera(**changes)
    box = boxes.box((1.2, 0.8, 1.3)).turned("z", 20)
    scene = render.Scene((products.Part(box, matte((0.0, 0.0, 0.0))),), camera, sky=(1.0, 1.0, 1.0), depth=2)
    light = render.render(scene, 64)[..., 1]
    alpha = coverage.coverage(box, camera, 16) / 255
    seen = 1 - np.clip(light, 0, 1)
    inside = cv2.erode((alpha > 0.99).astype(np.uint8), np.ones((3, 3))) > 0
    assert alpha.sum() > 300
    assert np.abs(seen - alpha)[~inside].max() < 0.25, "64 rays settle a pixel's coverage to about 0.06"
    assert np.abs(seen - alpha)[~inside].mean() < 0.01
    assert seen[inside].min() > 0.5


@needs_renderer
def test_a_photo_can_be_taken_again(tmp_path: object) -> None:
    def once() -> photos.Photo:
        rng = np.random.default_rng([7, 1])
        return photos.shoot(photos.plan(rng, photos.PLAIN, (48, 40)), rng, 2, 1)

    one, two = once(), once()
    assert one.image.shape == (40, 48, 3)
    assert one.alpha.shape == (40, 48)
    assert one.alpha.max() == 255
    assert one.facts["points_px"]
    assert np.array_equal(one.alpha, two.alpha)
    assert np.abs(one.image.astype(int) - two.image).mean() < 1
