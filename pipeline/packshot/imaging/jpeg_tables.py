"""The quantiser's steps that our JPEGs are written with.

Flatter than the standard's examples: the square root of those (T.81, annex K), scaled. The examples round
fine detail so coarsely that edges ripple far into the white; at the same bytes the flatter tables
leave 3 to 10 times fewer dark pixels around a product and gain 0.3 to 1.3 dB on it, with the same SSIM
(docs/decisions/0012).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np

#: Tables K.1 and K.2, row by row.
_LUMINANCE: Final = (
    (16, 11, 10, 16, 24, 40, 51, 61),
    (12, 12, 14, 19, 26, 58, 60, 55),
    (14, 13, 16, 24, 40, 57, 69, 56),
    (14, 17, 22, 29, 51, 87, 80, 62),
    (18, 22, 37, 56, 68, 109, 103, 77),
    (24, 35, 55, 64, 81, 104, 113, 92),
    (49, 64, 78, 87, 103, 121, 120, 101),
    (72, 92, 95, 98, 112, 100, 103, 99),
)
_COLOUR: Final = (
    (17, 18, 24, 47, 99, 99, 99, 99),
    (18, 21, 26, 66, 99, 99, 99, 99),
    (24, 26, 56, 99, 99, 99, 99, 99),
    (47, 66, 99, 99, 99, 99, 99, 99),
    *((99,) * 8,) * 4,
)
#: Brings the square roots back to the examples' mean size; the exponent below keeps the bytes of a quality
#: number close to what they are with the examples, from 60 to 95.
_LEVEL: Final = 22.0
_EXPONENT: Final = 0.85
#: Values of white, less 128, times the 8 that the transform of a flat block multiplies by.
_WHITE: Final = 127 * 8


@lru_cache(maxsize=128)
def tables(quality: int) -> tuple[list[int], list[int]]:
    """Steps of luminance and colour for a quality of 1-100, 64 each, row by row; never above 255."""
    linear = 50 / quality if quality < 50 else 2 - quality / 50
    scale = max(linear, 0.01) ** _EXPONENT
    luminance, colour = (
        np.clip(np.rint(np.sqrt(np.array(table) * _LEVEL) * scale), 1, 255).astype(int).ravel().tolist()
        for table in (_LUMINANCE, _COLOUR)
    )
    luminance[0] = next(step for step in range(luminance[0], 0, -1) if _keeps_white(step))
    return luminance, colour


def _keeps_white(step: int) -> bool:
    """True when a white block's mean, rounded to the step, still decodes to 255."""
    return round(_WHITE / step) * step >= _WHITE - 4
