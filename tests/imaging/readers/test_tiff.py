"""Kinds of 16-bit TIFF that neither library writes: the file is put together here (TIFF 6.0, section 2)."""

from __future__ import annotations

import struct

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from packshot.errors import ImageError
from packshot.imaging.decode import decode

WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, CMYK = 0, 1, 2, 5
SIDE = 32
SHORT, LONG = 3, 4


def tiff(
    samples: NDArray[np.uint16], photometric: int, apart: bool = False, extra: int | None = None
) -> bytes:
    """An uncompressed little-endian TIFF of (h, w) or (h, w, c) samples, channels interleaved or apart."""
    height, width = samples.shape[:2]
    channels = 1 if samples.ndim == 2 else samples.shape[2]
    data = (np.moveaxis(samples, -1, 0) if apart else samples).astype("<u2").tobytes()
    strips = channels if apart else 1
    size = len(data) // strips
    tags: list[tuple[int, int, list[int]]] = [
        (256, LONG, [width]),
        (257, LONG, [height]),
        (258, SHORT, [16] * channels),
        (259, SHORT, [1]),
        (262, SHORT, [photometric]),
        (273, LONG, [8 + number * size for number in range(strips)]),
        (277, SHORT, [channels]),
        (278, LONG, [height]),
        (279, LONG, [size] * strips),
        (284, SHORT, [2 if apart else 1]),
    ]
    if extra is not None:
        tags.append((338, SHORT, [extra]))
    directory = struct.pack("<H", len(tags))
    overflow, overflow_at = b"", 8 + len(data) + 2 + 12 * len(tags) + 4
    for tag, kind, values in tags:
        packed = struct.pack(f"<{len(values)}{'H' if kind == SHORT else 'I'}", *values)
        directory += struct.pack("<HHI", tag, kind, len(values))
        if len(packed) <= 4:
            directory += packed.ljust(4, b"\0")
        else:
            directory += struct.pack("<I", overflow_at + len(overflow))
            overflow += packed
    return b"II*\0" + struct.pack("<I", 8 + len(data)) + data + directory + bytes(4) + overflow


def halves(left: tuple[int, ...], right: tuple[int, ...]) -> NDArray[np.uint16]:
    samples = np.empty((SIDE, SIDE, len(left)), np.uint16)
    samples[:, : SIDE // 2], samples[:, SIDE // 2 :] = left, right
    return samples


def colours(data: bytes) -> tuple[list[int], list[int]]:
    pixels = decode(data).pixels
    return pixels[0, 0].tolist(), pixels[0, -1].tolist()


def test_ink_of_a_grey_file_is_no_light() -> None:
    samples = halves((257 * 230,), (257 * 40,))[..., 0]
    assert colours(tiff(samples, BLACK_IS_ZERO)) == ([230] * 3, [40] * 3)
    assert colours(tiff(samples, WHITE_IS_ZERO)) == ([25] * 3, [215] * 3)


def test_cmyk_is_the_same_at_sixteen_bits() -> None:
    data = tiff(halves((0, 0, 65535, 0), (0, 0, 0, 65535)), CMYK)
    assert colours(data) == ([255, 237, 0], [29, 29, 27])
    assert decode(data).facts.bit_depth == 16


def test_channels_one_after_the_other_are_refused_and_not_misread() -> None:
    samples = halves((65535, 0, 0), (0, 32896, 65535))
    assert colours(tiff(samples, RGB)) == ([255, 0, 0], [0, 128, 255])
    with pytest.raises(ImageError, match="interleaved") as caught:
        decode(tiff(samples, RGB, apart=True))
    assert caught.value.code == "image_unsupported"


@pytest.mark.parametrize("photometric", [8, 9, 10])
def test_sixteen_bits_of_lab_are_refused_and_not_misread(photometric: int) -> None:
    with pytest.raises(ImageError, match="save it as RGB") as caught:
        decode(tiff(halves((65535, 0, 0), (0, 32896, 65535)), photometric))
    assert caught.value.code == "image_unsupported"


@pytest.mark.parametrize("channels", [1, 3])
def test_floating_point_values_are_no_damage(channels: int) -> None:
    values = np.full((SIDE, SIDE, channels), 0.5, np.float32)
    data = cv2.imencode(".tiff", values)[1].tobytes()
    with pytest.raises(ImageError) as caught:
        decode(data)
    assert caught.value.code == "image_unsupported"


@pytest.mark.parametrize(("extra", "transparent"), [(0, False), (2, True)])
def test_a_further_channel_is_transparency_only_when_it_says_so(extra: int, transparent: bool) -> None:
    samples = halves((65535, 0, 0, 0), (0, 0, 65535, 65535))
    alpha = decode(tiff(samples, RGB, extra=extra)).alpha
    assert (alpha is not None) is transparent
