"""CMYK without a profile to sRGB, by the Neugebauer equations.

The sixteen overprints of the four inks at full coverage, as offset printing on coated paper shows them,
are weighted by the area that each covers (Demichel). Mixed in sRGB's own gamma rather than in light,
which stands in for dot gain. Plain 255 - ink, as many libraries do it, gives neon colours instead.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

#: sRGB of the overprints without black: paper, single inks, pairs, all three (cyan, magenta, yellow).
_WITHOUT_BLACK: dict[tuple[int, int, int], tuple[int, int, int]] = {
    (0, 0, 0): (255, 255, 255),
    (1, 0, 0): (0, 158, 224),
    (0, 1, 0): (226, 0, 122),
    (0, 0, 1): (255, 237, 0),
    (0, 1, 1): (226, 0, 26),
    (1, 0, 1): (0, 150, 64),
    (1, 1, 0): (49, 39, 131),
    (1, 1, 1): (54, 45, 40),
}
#: Solid black ink reflects about this share of what lies below it, on top of its own (29, 29, 27).
_BLACK = np.array([29, 29, 27], np.float32)
_ROWS = 256


def cmyk_to_srgb(pixels: Pixels) -> Pixels:
    """(H, W, 4) uint8 ink, 255 for full, to (H, W, 3) uint8 sRGB."""
    result = np.empty((*pixels.shape[:2], 3), np.uint8)
    for top in range(0, pixels.shape[0], _ROWS):  # strips, since the float intermediates are large
        result[top : top + _ROWS] = _strip(pixels[top : top + _ROWS])
    return result


def _strip(pixels: Pixels) -> Pixels:
    ink = pixels.astype(np.float32) / 255
    bare = 1 - ink
    colour = np.zeros((*pixels.shape[:2], 3), np.float32)
    for corner, printed_colour in _WITHOUT_BLACK.items():
        weight = np.ones(pixels.shape[:2], np.float32)
        for channel, printed in enumerate(corner):
            weight *= ink[..., channel] if printed else bare[..., channel]
        colour += weight[..., None] * np.array(printed_colour, np.float32)
    black = ink[..., 3:]
    # Black over other inks goes from its own colour to none at all.
    colour = colour * (1 - black) + black * _BLACK * (colour / 255)
    return np.clip(colour + 0.5, 0, 255).astype(np.uint8)
