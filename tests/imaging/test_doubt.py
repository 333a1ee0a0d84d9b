"""Open patches of an alpha, told from soft edges."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from packshot.imaging.doubt import doubted_share, unsure_share


def _disc(side: int = 1000) -> np.ndarray:
    alpha = np.zeros((side, side), np.uint8)
    cv2.circle(alpha, (side // 2, side // 2), side // 3, 255, -1, cv2.LINE_AA)
    return alpha


def test_a_settled_cut_out_has_none() -> None:
    assert doubted_share(_disc()) == 0.0


def test_a_soft_edge_is_no_doubt() -> None:
    assert doubted_share(cv2.GaussianBlur(_disc(), (0, 0), 2)) == 0.0


def test_a_half_open_patch_is() -> None:
    alpha = _disc()
    alpha[400:500, 420:520] = 120
    assert doubted_share(alpha) == pytest.approx(100 * 100 / (np.pi * 333**2), rel=0.3)


def test_an_empty_alpha_has_none() -> None:
    assert doubted_share(np.zeros((40, 50), np.uint8)) == 0.0


def _seen() -> np.ndarray:
    """A disc as the network sees it at the working size: with a ramp of six pixels."""
    small = cv2.resize(_disc(), (500, 500), interpolation=cv2.INTER_AREA)
    return cv2.GaussianBlur(small.astype(np.float32) / 255, (0, 0), 2.5)


def test_a_networks_ramp_is_no_doubt() -> None:
    assert unsure_share(_seen()) == 0.0


@pytest.mark.parametrize("level", [0.2, 0.5, 0.85])
def test_a_patch_that_the_network_leaves_open_is(level: float) -> None:
    alpha = _seen()
    alpha[200:260, 210:270] = level
    assert unsure_share(alpha) == pytest.approx(60 * 60 / (np.pi * 167**2), rel=0.35)


def test_nothing_is_not_unsure() -> None:
    assert unsure_share(np.full((40, 50), 0.3, np.float32)) == 0.0
