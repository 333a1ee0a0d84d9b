"""Sharpness from the ratio of gradient energies at two scales, after subtracting the noise's."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from packshot.imaging.metrics.detail import COARSE, FINE, Detail
from packshot.imaging.metrics.noise import noise

#: Coarse energy, levels^2 / pixel^2, below which there is too little structure to judge; the ratio
#: is drawn to the one of a plain edge of `_USUAL_BLUR` then.
_LITTLE: Final = 0.4
_USUAL_BLUR: Final = 1.2
#: Noise variance over fine energy at which half of a flat block's energy counts as noise.
_DOUBT: Final = 2.0


def edge_ratio(blur: float) -> float:
    """Ratio of fine to coarse gradient energy at a step edge blurred by a Gaussian of `blur` pixels.

    A step of height A blurred by sigma has the energy A^2 / (2 sqrt(pi) sigma) across it, so the
    ratio is sqrt((COARSE^2 + blur^2) / (FINE^2 + blur^2)), whatever its height.
    """
    return math.sqrt((COARSE**2 + blur**2) / (FINE**2 + blur**2))


def sharpness(detail: Detail) -> float:
    """Ratio of fine to coarse gradient energy on the product; higher is sharper.

    About 3 for a perfect edge, 1 for a hopeless one; fine texture passes 5. Contrast and brightness
    cancel out. Comparing an edge with its own re-blurred self is Hu and de Haan's idea (Low cost
    robust blur estimator, ICIP 2006). What noise adds to the fine energy is taken off as far as the
    flat blocks show noise and not texture; the coarse energy hardly sees it.
    """
    if detail.fine.size == 0:
        return edge_ratio(_USUAL_BLUR)
    weight = detail.share / detail.share.sum()
    fine = max(0.0, _weighted(weight, detail.fine) - _noise_energy(detail))
    coarse = _weighted(weight, detail.coarse)
    return (fine + _LITTLE * edge_ratio(_USUAL_BLUR)) / (coarse + _LITTLE)


def _noise_energy(detail: Detail) -> float:
    floor = float(detail.fine[detail.flat].mean())
    if floor <= 0:
        return 0.0
    sureness = (noise(detail) ** 2 / (_DOUBT * floor)) ** 2
    return floor * sureness / (1 + sureness)


def _weighted(weight: NDArray[np.floating], values: NDArray[np.floating]) -> float:
    """The weighted sum. Not `@`, whose last bit hangs on where its memory lies."""
    return float((weight * values).sum(dtype=np.float64))
