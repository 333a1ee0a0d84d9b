"""How much of a cut-out is neither product nor ground, far from any edge.

A soft edge is narrow. A patch of half an alpha is a place where the network could not tell: a mirror-bright
neck of a can, a white label on a white ground. Or it is glass; that, too, a person should look at. It is
asked of the network's own alpha, too: where the colours have settled a patch since, they may be wrong.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.imaging.matte import working_size

#: Alphas in between are open.
_OPEN: Final = (20, 235)
#: At the matte's working size; soft edges and out-of-focus rims are narrower than this.
_NARROW: Final = 5
#: The same of the network's own alpha, whose ramps are as wide as its pixels.
_UNSURE: Final = (0.08, 0.92)
_RAMP: Final = 9


def doubted_share(alpha: NDArray[np.uint8]) -> float:
    """Area of the open patches that are wider than a soft edge, as a share of the product's area.

    Args:
        alpha: (H, W) uint8.

    Returns:
        0.0 for a cut-out that is settled everywhere, or that shows nothing.
    """
    small = cv2.resize(alpha, working_size(alpha.shape[1], alpha.shape[0]), interpolation=cv2.INTER_AREA)
    return _share(cv2.inRange(small, *_OPEN), small >= 128, _NARROW)


def unsure_share(alpha: NDArray[np.float32]) -> float:
    """The same of the network's alpha before anything else has worked on it.

    Args:
        alpha: (h, w) float32 in 0-1, at the matte's working size.
    """
    return _share(cv2.inRange(alpha, *_UNSURE), alpha >= 0.5, _RAMP)


def _share(open_: cv2.typing.MatLike, product: NDArray[np.bool_], width: int) -> float:
    """Area of what is open over more than `width` pixels, as a share of the product's."""
    area = int(np.count_nonzero(product))
    if area == 0:
        return 0.0
    return float(np.count_nonzero(cv2.erode(open_, np.ones((width, width), np.uint8)))) / area
