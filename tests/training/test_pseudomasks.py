import cv2
import numpy as np

from training.pseudomasks import (
    border_colour_mask,
    four_masks,
    iou,
    is_product_shape,
    largest_parts,
    witnessed,
)


def _photo() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    image = np.full((176, 132, 3), (200, 205, 210), np.uint8)
    mask = np.zeros((176, 132), np.uint8)
    cv2.ellipse(mask, (66, 90), (40, 60), 0, 0, 360, 1, -1)
    image[mask > 0] = (40, 60, 160)
    return np.clip(image + rng.normal(0, 6, image.shape), 0, 255).astype(np.uint8), mask > 0


def test_all_witnesses_find_a_clear_product() -> None:
    image, mask = _photo()
    assert iou(border_colour_mask(image), mask) > 0.95
    for found in four_masks(image):
        assert iou(found, mask) > 0.95


def test_specks_go_and_pairs_stay() -> None:
    mask = np.zeros((100, 100), bool)
    mask[10:50, 10:40] = mask[10:50, 60:90] = True
    mask[80:83, 80:83] = True
    kept = largest_parts(mask)
    assert kept[20, 20]
    assert kept[20, 70]
    assert not kept[81, 81]


def test_a_mask_that_fills_the_frame_or_hugs_a_corner_is_no_product() -> None:
    assert not is_product_shape(np.ones((100, 100), bool))
    corner = np.zeros((100, 100), bool)
    corner[:40, :40] = True
    assert not is_product_shape(corner)
    assert is_product_shape(_photo()[1])


def test_a_true_mask_is_witnessed_by_the_colours() -> None:
    image, mask = _photo()
    alpha = witnessed(image, mask)
    assert alpha is not None
    assert np.mean((alpha >= 0.5) != mask) < 0.01


def test_a_mask_of_the_wrong_place_is_not() -> None:
    image, mask = _photo()
    assert witnessed(image, np.roll(mask, 30, axis=1)) is None
