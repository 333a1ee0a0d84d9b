from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packshot.imaging.geometry import bounds
from packshot.imaging.segment import Segmentation, is_cut_out, segment, to_mask


def soft_rectangle(left: float, top: float, right: float, bottom: float, side: int = 200) -> np.ndarray:
    """A rectangle with exact partial coverage of its border pixels, edges in pixel coordinates."""
    at = np.arange(side)
    columns = np.clip(np.minimum(at + 0.5, right) - np.maximum(at - 0.5, left), 0, 1)
    rows = np.clip(np.minimum(at + 0.5, bottom) - np.maximum(at - 0.5, top), 0, 1)
    return np.rint(255 * rows[:, None] * columns[None, :]).astype(np.uint8)


def found(mask: np.ndarray) -> Segmentation:
    result = segment(mask)
    assert result is not None
    return result


@settings(deadline=None, max_examples=60)
@given(st.floats(20, 60), st.floats(20, 60), st.floats(90, 170), st.floats(90, 170))
def test_the_box_follows_below_a_pixel(left: float, top: float, right: float, bottom: float) -> None:
    mask = cv2.GaussianBlur(soft_rectangle(left, top, right, bottom), (0, 0), 1.2)
    x, y, w, h = bounds(found(mask).outline)
    assert np.allclose((x, y, x + w, y + h), (left, top, right, bottom), atol=0.2)


def test_whole_pixels_span_half_a_pixel_more_on_each_side() -> None:
    mask = np.zeros((40, 40), np.uint8)
    mask[10:20, 5:25] = 255
    assert np.allclose(bounds(found(mask).outline), (4.5, 9.5, 20, 10), atol=0.01)


@pytest.mark.parametrize("faint", [1, 2, 40, 120])
def test_faint_alpha_does_not_stretch_the_box(faint: int) -> None:
    mask = soft_rectangle(80, 80, 120, 120)
    mask[mask == 0] = faint
    assert np.allclose(bounds(found(mask).outline), (80, 80, 40, 40), atol=0.6)


def test_nothing_above_one_half_is_nothing() -> None:
    assert segment(np.full((50, 50), 127, np.uint8)) is None
    assert segment(np.zeros((50, 50), np.uint8)) is None


def test_crumbs_go_and_parts_stay() -> None:
    mask = soft_rectangle(40, 40, 140, 140)
    mask[180:184, 180:184] = 255  # 16 pixels beside 10,000: a crumb
    mask[160:180, 20:60] = 255  # 800: a part of it, no product of its own
    result = found(mask)
    assert result.mask[182, 182] == 0
    assert result.mask[170, 40] == 255
    assert result.count == 1


def test_counts_products_of_a_size() -> None:
    mask = soft_rectangle(20, 60, 80, 140)
    mask |= soft_rectangle(120, 60, 180, 140)
    assert found(mask).count == 2
    # A hairline gap, of a strap or a glare, does not make two.
    joined = soft_rectangle(20, 60, 99, 140) | soft_rectangle(101, 60, 180, 140)
    assert found(joined).count == 1


def test_soft_edges_stay_soft() -> None:
    mask = cv2.GaussianBlur(soft_rectangle(60, 60, 140, 140), (0, 0), 1.0)
    clean = found(mask).mask
    assert np.array_equal(clean[mask >= 4], mask[mask >= 4])


def test_the_centroid_is_weighted() -> None:
    x, y = found(soft_rectangle(40, 60, 100, 140)).centroid
    assert (x, y) == pytest.approx((70, 100), abs=0.02)


def test_coverage_is_a_share_of_the_picture() -> None:
    assert found(soft_rectangle(49.5, 49.5, 149.5, 149.5)).coverage == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("box", "edges"),
    [
        ((40, 40, 120, 120), ()),
        ((-0.5, 40, 120, 120), ("left",)),
        ((40, -0.5, 120, 120), ("top",)),
        ((40, 40, 199.5, 120), ("right",)),
        ((40, 40, 120, 199.5), ("bottom",)),
        ((-0.5, -0.5, 199.5, 120), ("left", "top", "right")),
    ],
)
def test_names_the_sides_it_touches(box: tuple[float, float, float, float], edges: tuple[str, ...]) -> None:
    assert found(soft_rectangle(*box)).edges == edges


def test_a_single_pixel_at_the_border_is_no_contact() -> None:
    mask = soft_rectangle(20, 20, 120, 120)
    mask[60, 0:22] = 255
    assert found(mask).edges == ()


def test_probabilities_are_not_stretched() -> None:
    mask = to_mask(np.array([[0.0, 0.1, 0.4999, 1.0, 1.7, -0.2]], np.float32))
    assert mask.tolist() == [[0, 26, 127, 255, 255, 0]]


def test_tells_a_cut_out_from_an_opaque_photo() -> None:
    alpha = np.full((100, 100), 255, np.uint8)
    assert not is_cut_out(None)
    assert not is_cut_out(alpha)
    alpha[:3, :3] = 0  # a rounded corner
    assert not is_cut_out(alpha)
    alpha[:, :20] = 0
    assert is_cut_out(alpha)
