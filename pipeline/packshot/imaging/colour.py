"""Embedded colour profiles to sRGB, by LittleCMS.

Relative colorimetric with black point compensation: colours that sRGB has stay what they are, and
blacks stay black; it is what browsers and photo editors show for the same file.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from packshot.imaging.cmyk import cmyk_to_srgb
from packshot.imaging.matrix_profile import ADOBE_RGB, MatrixProfile, read_matrix_profile

Pixels = NDArray[np.uint8]
Coding = Literal["L", "RGB", "CMYK"]

#: What `facts.profile` says of a profile that could not be used.
UNREADABLE = "unreadable"
#: Levels by which a profile may differ from sRGB and still count as sRGB: rounding, not colour.
_SAME = 1
#: Levels by which the fast way may differ from the engine, which works with 8-bit curves itself.
_CLOSE = 3
_SPACES: dict[bytes, Coding] = {b"RGB ": "RGB", b"GRAY": "L", b"CMYK": "CMYK"}


@dataclass(frozen=True, slots=True)
class _Profile:
    """A usable profile: its name, what it codes, and how it is applied; in no way for sRGB itself."""

    name: str | None
    coding: Coding
    table: Pixels | None = None
    matrix: MatrixProfile | None = None
    transform: ImageCms.ImageCmsTransform | None = None


def to_srgb(pixels: Pixels, icc: bytes | None, *, adobe_rgb: bool = False) -> tuple[Pixels, str | None]:
    """Converts stored values to sRGB.

    Args:
        pixels: (H, W) grey, (H, W, 3) RGB or (H, W, 4) CMYK with 255 for full ink; uint8.
        icc: the embedded profile, or None.
        adobe_rgb: without a profile, RGB values are Adobe RGB's rather than sRGB's.

    Returns:
        (H, W, 3) uint8 RGB in sRGB (the input itself where nothing had to be done), and the profile's
        name: None when it was absent or sRGB, `UNREADABLE` when it was broken or did not fit the
        pixels and was ignored.
    """
    coding: Coding = "L" if pixels.ndim == 2 else "RGB" if pixels.shape[2] == 3 else "CMYK"
    if icc is None:
        adobe = adobe_rgb and coding == "RGB"
        converted = ADOBE_RGB.to_srgb(pixels) if adobe else _without_profile(pixels, coding)
        return converted, "Adobe RGB (1998)" if adobe else None
    profile = _profile(icc)
    if profile is not None and profile.coding == "RGB" and coding == "L":
        # Grey files with an RGB profile are common; equal channels mean what it says.
        pixels, coding = cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB), "RGB"  # type: ignore[assignment]
    if profile is None or profile.coding != coding:
        return _without_profile(pixels, coding), UNREADABLE
    if profile.table is not None:
        return profile.table[pixels], profile.name
    if profile.matrix is not None:
        return profile.matrix.to_srgb(pixels), profile.name
    if profile.transform is not None:
        return _apply(pixels, profile.transform, coding), profile.name
    return pixels, None


def _without_profile(pixels: Pixels, coding: Coding) -> Pixels:
    if coding == "L":
        return cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB)  # type: ignore[return-value]
    return cmyk_to_srgb(pixels) if coding == "CMYK" else pixels


def _apply(pixels: Pixels, transform: ImageCms.ImageCmsTransform, coding: Coding) -> Pixels:
    image = Image.fromarray(pixels, mode="CMYK") if coding == "CMYK" else Image.fromarray(pixels)
    if coding == "RGB":
        ImageCms.applyTransform(image, transform, inPlace=True)
        return np.array(image)
    return np.array(ImageCms.applyTransform(image, transform))


@lru_cache(maxsize=16)
def _profile(icc: bytes) -> _Profile | None:
    """Opens a profile; None when it is broken or codes something that pictures don't hold.

    A shoot's photos carry one and the same profile, so that a transform is built once per worker.
    """
    coding = _SPACES.get(icc[16:20])
    if coding is None or icc[36:40] != b"acsp":
        return None
    try:
        opened = ImageCms.ImageCmsProfile(io.BytesIO(icc))
        transform = ImageCms.buildTransform(
            opened,
            _srgb(),
            coding,
            "RGB",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
        name = (ImageCms.getProfileDescription(opened) or "").strip() or "unnamed"
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None
    if coding == "L":
        table = _apply(np.arange(256, dtype=np.uint8)[None], transform, coding)[0]
        return _Profile(name, coding, table=table)
    if coding == "RGB":
        return _rgb_profile(name, icc, transform)
    return _Profile(name, coding, transform=transform)


def _rgb_profile(name: str, icc: bytes, transform: ImageCms.ImageCmsTransform) -> _Profile:
    """The cheapest way to apply an RGB profile that agrees with the engine on a grid of colours."""
    levels = np.linspace(0, 255, 17).round().astype(np.uint8)
    grid = np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), axis=-1).reshape(17, 289, 3)
    exact = _apply(grid, transform, "RGB")
    if _difference(grid, exact) <= _SAME:
        return _Profile(None, "RGB")
    matrix = read_matrix_profile(icc)
    if matrix is not None and _difference(matrix.to_srgb(grid), exact) <= _CLOSE:
        return _Profile(name, "RGB", matrix=matrix)
    return _Profile(name, "RGB", transform=transform)


def _difference(a: Pixels, b: Pixels) -> int:
    return int(cv2.norm(a, b, cv2.NORM_INF))


@lru_cache(maxsize=1)
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
