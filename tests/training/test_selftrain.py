"""GrabCut as a second witness for the network's masks."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is not installed: pip install -r requirements/train.txt")

from training import selftrain


def _photo() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    image = rng.normal(60, 6, (240, 200, 3))
    mask = np.zeros((240, 200), bool)
    mask[60:190, 50:150] = True
    image[mask] = rng.normal(190, 6, (int(mask.sum()), 3))
    return image.clip(0, 255).astype(np.uint8), mask


def test_a_true_mask_is_witnessed_by_the_colours() -> None:
    image, mask = _photo()
    alpha = selftrain.witnessed(image, mask)
    assert alpha is not None
    assert np.mean((alpha >= 0.5) != mask) < 0.01


def test_a_mask_of_the_wrong_place_is_not() -> None:
    image, mask = _photo()
    assert selftrain.witnessed(image, np.roll(mask, 45, axis=1)) is None
