import numpy as np
import pytest

from training.bank import Bank, floor_strips, foreground_colour
from training.camera import cast_shadow
from training.compose import GROUNDS, empty_scene, product_scene, scene
from training.silhouettes import ALL
from training.textures import SURFACES


@pytest.fixture(scope="module")
def bank() -> Bank:
    rng = np.random.default_rng(0)
    photos = [rng.integers(0, 255, (200, 260, 3), dtype=np.uint8) for _ in range(3)]
    return Bank(photos=photos, floors=[rng.integers(0, 255, (60, 200, 3), dtype=np.uint8)])


@pytest.mark.parametrize("name", sorted(ALL))
def test_every_outline_lies_inside_its_canvas(name: str) -> None:
    for seed in range(6):
        alpha = ALL[name][0](np.random.default_rng(seed), 120)
        assert alpha.shape == (120, 120)
        assert alpha.min() >= 0
        assert alpha.max() <= 1
        assert (alpha > 0.5).sum() > 20


@pytest.mark.parametrize("name", sorted(SURFACES))
def test_every_surface_has_the_size_asked_for(name: str) -> None:
    surface = SURFACES[name][0](np.random.default_rng(3), 70, 90)
    assert surface.shape == (70, 90, 3)
    assert surface.dtype == np.uint8


@pytest.mark.parametrize("ground", sorted(GROUNDS))
def test_a_scene_shows_a_product_of_the_size_of_its_alpha(bank: Bank, ground: str) -> None:
    made = product_scene(np.random.default_rng(5), bank, ground)
    assert made.bgr.shape[:2] == made.alpha.shape
    assert made.alpha.max() > 200
    assert 0.005 < (made.alpha > 127).mean() < 0.98


def test_empty_scenes_have_no_alpha(bank: Bank) -> None:
    for seed in range(5):
        assert empty_scene(np.random.default_rng(seed), bank).alpha.max() == 0


def test_a_scene_is_a_function_of_its_number(bank: Bank) -> None:
    one, two = scene(11, bank), scene(11, bank)
    assert np.array_equal(one.bgr, two.bgr)
    assert np.array_equal(one.alpha, two.alpha)
    assert not np.array_equal(one.bgr[:50, :50], scene(12, bank).bgr[:50, :50])


def test_product_colour_replaces_the_old_ground_in_the_soft_edge() -> None:
    image = np.zeros((40, 40, 3), np.uint8)
    image[:, :20] = (0, 0, 250)
    alpha = np.zeros((40, 40), np.float32)
    alpha[:, :20] = 1
    alpha[:, 20:22] = 0.5
    assert foreground_colour(image, alpha)[20, 21, 2] > 200


def test_floor_strips_hold_no_product() -> None:
    image = np.zeros((300, 200, 3), np.uint8)
    mask = np.zeros((300, 200), np.uint8)
    image[100:200, 60:140], mask[100:200, 60:140] = 255, 255
    strips = floor_strips(image, mask)
    assert strips
    assert all(strip.max() == 0 for strip in strips)


def test_a_cast_shadow_is_the_outline_moved_and_almost_sharp() -> None:
    cover = np.zeros((200, 200), np.float32)
    cover[60:140, 60:140] = 1
    for seed in range(10):
        loss = cast_shadow(np.random.default_rng(seed), cover)
        assert 0.25 < loss.max() < 0.81
        beyond = (loss > 0.5 * loss.max()) & (cover == 0)
        assert 50 < beyond.sum() < 2200
