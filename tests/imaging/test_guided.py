"""The guided filter holds its defining properties."""

import cv2
import numpy as np

from packshot.imaging.guided import apply, guided_coefficients


def test_a_mask_that_is_linear_in_the_guide_comes_out_as_it_went_in() -> None:
    random = np.random.default_rng(1)
    guide = random.random((40, 50, 3)).astype(np.float32)
    mask = (0.2 * guide[..., 0] + 0.5 * guide[..., 1] + 0.1).astype(np.float32)
    filtered = apply(guided_coefficients(guide, mask, 4, 1e-6), guide)
    assert np.abs(filtered - mask).max() < 1e-3


def test_on_a_flat_guide_it_is_two_box_means() -> None:
    guide = np.full((40, 50, 3), 0.5, np.float32)
    mask = np.random.default_rng(2).random((40, 50)).astype(np.float32)
    twice = cv2.blur(
        cv2.blur(mask, (7, 7), borderType=cv2.BORDER_REFLECT), (7, 7), borderType=cv2.BORDER_REFLECT
    )
    assert np.abs(apply(guided_coefficients(guide, mask, 3, 1e-3), guide) - twice).max() < 1e-3


def test_a_shifted_mask_snaps_to_the_guides_edge() -> None:
    guide = np.full((60, 60, 3), 0.2, np.float32)
    guide[:, 30:] = 0.8
    mask = np.zeros((60, 60), np.float32)
    mask[:, 32:] = 1.0
    filtered = apply(guided_coefficients(guide, mask, 6, 1e-4), guide)
    assert filtered[:, 31].mean() > 0.6
    assert filtered[:, 29].mean() < 0.15
