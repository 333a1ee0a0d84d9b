"""Noise on the parts of the product that have no structure of their own."""

from __future__ import annotations

import math
from typing import Final

from packshot.imaging.metrics.detail import Detail

#: Mean absolute response of Immerkaer's mask to white noise of deviation 1.
_RESPONSE: Final = 6.0 * math.sqrt(2.0 / math.pi)
#: Immerkaer variance over fine gradient energy: weave and print stay below 0.6 (30 of 31 garments
#: measured), grain as fine as the pixels at 1 to 2, noise lies at 5 to 20. What is below is texture.
_TEXTURE: Final = 1.6
_KNEE: Final = 0.3


def noise(detail: Detail) -> float:
    """Standard deviation of the noise in levels, as seen in the view.

    Immerkaer's estimate (Fast noise variance estimation, CVIU 64, 1996), which ignores slopes, on the
    blocks with the least coarse structure, less what a texture of their gradient energy would answer.
    Strictly increasing in that answer: texture hides noise, but more noise is never less.
    """
    flat = detail.flat
    if not flat.any():
        return 0.0
    energy = float(detail.fine[flat].mean())
    variance = (float(detail.ripple[flat].mean()) / _RESPONSE) ** 2
    excess = variance - _TEXTURE * energy
    # A smooth maximum of the excess and 0.
    return math.sqrt((excess + math.hypot(excess, _KNEE * energy)) / 2)
