"""Gradient energies of a view by blocks: what sharpness and noise are told from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.imaging.metrics.view import ProductView

Values = NDArray[np.float64]

#: Side of a block in pixels of the view.
BLOCK: Final = 16
#: Standard deviations of the two Gaussians, in pixels of the view. White noise leaves a gradient
#: energy of about 1 / sigma^4, so the coarse one hardly sees it (a 90th of the fine one).
FINE: Final = 1.0
COARSE: Final = 3.0
#: Blocks with the least coarse energy that count as flat.
_FLAT_SHARE: Final = 0.15
_FLAT_LEAST: Final = 6
#: Levels whose noise has been cut off.
_CUT_LOW: Final = 6
_CUT_HIGH: Final = 249
#: Immerkaer's mask: the difference of two Laplacians, blind to slopes.
_IMMERKAER: Final = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)


@dataclass(frozen=True, slots=True)
class Detail:
    """Means over the blocks that lie on the product; all arrays have one value per block.

    Attributes:
        fine, coarse: squared gradient after a Gaussian of `FINE` and of `COARSE`, levels^2 / pixel^2.
        ripple: absolute response of Immerkaer's mask, levels.
        share: part of the block that lies on the product, 0-1.
        flat: True for the blocks without structure of their own.
    """

    fine: Values
    coarse: Values
    ripple: Values
    share: Values
    flat: NDArray[np.bool_]


def detail(view: ProductView) -> Detail:
    """Measures a view; the arrays are empty when no block lies on the product."""
    luma = np.asarray(view.luma, np.float32)
    inside = view.mask
    soft = cv2.GaussianBlur(luma, (0, 0), FINE)
    fine = _energy(soft, 0.5)
    coarse = _coarse_energy(soft, luma.shape)
    ripple = np.abs(cv2.filter2D(luma, cv2.CV_32F, _IMMERKAER))
    share = _blocks(np.asarray(inside, np.float32)).ravel() / 255
    chosen = share >= min(0.5, float(share.max(initial=0.0)))
    chosen &= share > 0
    weight = share[chosen]
    maps = [
        _blocks(cv2.copyTo(values, inside)).ravel()[chosen] / weight
        for values in (fine, coarse, ripple, luma)
    ]
    flat = _flattest(maps[1], maps[3])
    return Detail(fine=maps[0], coarse=maps[1], ripple=maps[2], share=weight, flat=flat)


def _energy(soft: cv2.typing.MatLike, step: float) -> cv2.typing.MatLike:
    across = cv2.Sobel(soft, cv2.CV_32F, 1, 0, ksize=1, scale=step)
    down = cv2.Sobel(soft, cv2.CV_32F, 0, 1, ksize=1, scale=step)
    return cv2.add(cv2.multiply(across, across), cv2.multiply(down, down))


def _coarse_energy(soft: cv2.typing.MatLike, shape: tuple[int, ...]) -> cv2.typing.MatLike:
    """At half the size, where a Gaussian costs an eighth; the energy is given per pixel of the view."""
    half = cv2.resize(soft, (max(1, shape[1] // 2), max(1, shape[0] // 2)), interpolation=cv2.INTER_AREA)
    rest = (COARSE**2 - FINE**2) ** 0.5 / 2
    energy = _energy(cv2.GaussianBlur(half, (0, 0), rest), 0.25)
    return cv2.resize(energy, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)


def _blocks(values: cv2.typing.MatLike) -> Values:
    """Means over whole blocks; a view smaller than a block is one block."""
    rows, columns = max(1, values.shape[0] // BLOCK), max(1, values.shape[1] // BLOCK)
    whole = values[: rows * BLOCK, : columns * BLOCK]
    return np.asarray(cv2.resize(whole, (columns, rows), interpolation=cv2.INTER_AREA), np.float64)


def _flattest(coarse: Values, level: Values) -> NDArray[np.bool_]:
    flat = np.zeros(coarse.size, bool)
    if coarse.size == 0:
        return flat
    # Where light is cut off, noise is too: such blocks would call every photo clean.
    usable = np.flatnonzero((level > _CUT_LOW) & (level < _CUT_HIGH))
    if usable.size < _FLAT_LEAST:
        usable = np.arange(coarse.size)
    count = min(usable.size, max(_FLAT_LEAST, round(_FLAT_SHARE * usable.size)))
    flat[usable[np.argsort(coarse[usable], kind="stable")[:count]]] = True
    return flat
