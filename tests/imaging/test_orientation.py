from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from packshot.imaging.geometry import apply, compose, invert
from packshot.imaging.orientation import upright, upright_matrix, upright_size

ORIENTATIONS = st.integers(1, 8)
SIDES = st.integers(1, 40)


def numbered(width: int, height: int) -> np.ndarray:
    """A picture whose every pixel is different."""
    flat = np.arange(width * height)
    return np.stack([flat % 256, flat // 256, flat * 0], axis=-1).astype(np.uint8).reshape(height, width, 3)


@given(ORIENTATIONS, SIDES, SIDES)
def test_matrix_and_turn_say_the_same(orientation: int, width: int, height: int) -> None:
    stored = numbered(width, height)
    turned = upright(stored, orientation)
    assert (turned.shape[1], turned.shape[0]) == upright_size(orientation, width, height)
    ys, xs = np.mgrid[0:height, 0:width]
    points = apply(upright_matrix(orientation, width, height), np.column_stack([xs.ravel(), ys.ravel()]))
    assert np.array_equal(points, np.rint(points))
    x, y = points.astype(int).T
    assert np.array_equal(turned[y, x], stored[ys.ravel(), xs.ravel()])


@pytest.mark.parametrize("orientation", range(1, 9))
def test_turns_like_another_library_reads_exif(orientation: int) -> None:
    stored = numbered(13, 9)
    exif = Image.Exif()
    exif[0x0112] = orientation
    buffer = io.BytesIO()
    Image.fromarray(stored).save(buffer, "PNG", exif=exif)
    expected = np.asarray(ImageOps.exif_transpose(Image.open(buffer)))
    assert np.array_equal(upright(stored, orientation), expected)


@given(ORIENTATIONS, SIDES, SIDES)
def test_matrix_inverts(orientation: int, width: int, height: int) -> None:
    matrix = upright_matrix(orientation, width, height)
    assert np.array_equal(compose(invert(matrix), matrix), np.array([[1.0, 0, 0], [0, 1.0, 0]]))


@given(ORIENTATIONS, SIDES, SIDES)
def test_only_the_four_mirrored_ones_reflect(orientation: int, width: int, height: int) -> None:
    determinant = np.linalg.det(upright_matrix(orientation, width, height)[:, :2])
    assert round(determinant) == (-1 if orientation in (2, 4, 5, 7) else 1)


@pytest.mark.parametrize("orientation", [0, 9, -1])
def test_refuses_what_exif_does_not_know(orientation: int) -> None:
    with pytest.raises(ValueError, match="1-8"):
        upright_matrix(orientation, 4, 4)
    with pytest.raises(ValueError, match="1-8"):
        upright(numbered(4, 4), orientation)


def test_turns_masks_as_well() -> None:
    mask = np.array([[1, 2, 3]], np.uint8)
    assert upright(mask, 6).tolist() == [[1], [2], [3]]
    assert upright(mask, 8).tolist() == [[3], [2], [1]]
