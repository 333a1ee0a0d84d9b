"""The measure of the refinement, on a disc whose alpha and colours are known."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from training import metrics, refinement
from training.evalsets import Case


def _disc(side: int = 240) -> Case:
    y, x = np.mgrid[:side, :side]
    alpha = np.clip(side / 3 - np.hypot(x - side / 2, y - side / 2) + 0.5, 0, 1).astype(np.float32)
    image = np.rint(30 + alpha[..., None] * np.array([150, 20, 60], np.float32)).astype(np.uint8)
    return Case("disc", "rendered 2000 px", image, alpha)


def test_the_same_product_on_other_grounds_is_exact() -> None:
    case = _disc()
    for _, picture, own in refinement.on_other_grounds(case, 3):
        inside, outside = case.alpha == 1, case.alpha == 0
        assert np.abs(picture[inside].astype(int) - own[inside]).max() <= 1
        assert not np.array_equal(picture[outside], case.image[outside])


def test_a_true_cut_out_has_no_fringe_and_one_with_the_grounds_colour_has() -> None:
    case = _disc()
    _, picture, own = next(refinement.on_other_grounds(case, 3))
    assert refinement.fringe(own, case.alpha, own, case.alpha) == pytest.approx(0.0)
    assert refinement.fringe(picture, case.alpha, own, case.alpha) > 0.05
    wide = cv2.dilate(case.alpha, np.ones((9, 9), np.uint8))
    assert refinement.fringe(picture, wide, own, case.alpha) > 5


def test_a_picture_in_which_nothing_is_seen_has_no_steps() -> None:
    class Blind:
        def look_twice(self, picture: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            empty = np.zeros((320, 320), np.float32)
            return empty, empty

        def confidence(self, alpha: np.ndarray, other: np.ndarray) -> float:
            return 0.0

    assert refinement.steps(_disc().image, Blind()) == {}  # type: ignore[arg-type]  # no more is asked of it


def test_the_band_reaches_half_its_width_to_each_side() -> None:
    want = np.zeros((60, 60), np.float32)
    want[:, 30:] = 1
    columns = np.flatnonzero(metrics.edge_band(want, 20)[10])
    assert (columns.min(), columns.max()) == (20, 39)
    assert not metrics.edge_band(np.zeros((9, 9), np.float32), 20).any()
