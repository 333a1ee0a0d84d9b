import numpy as np
import pytest

from training import metrics


def _square(x: int, size: int = 100) -> np.ndarray:
    alpha = np.zeros((200, 200), np.float32)
    alpha[50 : 50 + size, x : x + size] = 1
    return alpha


def test_iou_of_half_overlapping_squares() -> None:
    assert metrics.iou(_square(50), _square(100)) == pytest.approx(1 / 3)


def test_iou_of_two_empty_mattes_is_one_and_of_one_empty_is_nought() -> None:
    empty = np.zeros((200, 200), np.float32)
    assert metrics.iou(empty, empty) == 1.0
    assert metrics.iou(empty, _square(50)) == 0.0


def test_boundary_forgives_three_pixels_at_480_and_not_ten() -> None:
    assert metrics.boundary_f(_square(50), _square(51)) == pytest.approx(1.0)  # 2.4 px at 480
    assert metrics.boundary_f(_square(50), _square(60)) < 0.75


def test_boundary_along_the_frame_is_no_edge() -> None:
    whole = np.ones((200, 200), np.float32)
    assert metrics.boundary_f(whole, whole) == 1.0
    assert metrics.boundary_f(whole, _square(50)) == 0.0


def test_edge_band_counts_only_near_the_edge() -> None:
    want, got = _square(50), _square(50)
    got[95:105, 95:105] = 0  # a hole in the middle, 45 px from the edge
    assert metrics.edge_band_error(got, want) == 0.0
    got = _square(50)
    got[:, 145:150] = 0
    assert metrics.edge_band_error(got, want) > 0.02
