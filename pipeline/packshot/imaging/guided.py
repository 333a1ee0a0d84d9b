"""The guided filter with a colour guide, as coefficients that apply at any size.

He, Sun, Tang: Guided Image Filtering, PAMI 2013, eq. 14 to 16; applied at a smaller size than the
picture's as in He, Sun: Fast Guided Filter, 2015. In each window the output is a linear function of
the guide's colours, q = a . I + b, so a mask follows the picture's own edges.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def guided_coefficients(guide: Floats, mask: Floats, radius: int, epsilon: float) -> Floats:
    """Coefficients (a_r, a_g, a_b, b) of the guided filter of a mask.

    Args:
        guide: (h, w, 3) float32 in 0-1.
        mask: (h, w) float32 in 0-1.
        radius: of the window in pixels; its side is 2 radius + 1.
        epsilon: variance of the guide (0-1 squared) below which an edge is smoothed over.

    Returns:
        (h, w, 4) float32; the filtered mask is `apply(coefficients, guide)`.
    """

    def mean(values: Floats) -> Floats:
        side = 2 * radius + 1
        return np.asarray(cv2.blur(values, (side, side), borderType=cv2.BORDER_REFLECT), np.float32)

    guide_mean, mask_mean = mean(guide), mean(mask)
    cross = mean(guide * mask[..., None]) - guide_mean * mask_mean[..., None]
    r, g, b = (np.ascontiguousarray(guide[..., i]) for i in range(3))
    mr, mg, mb = (np.ascontiguousarray(guide_mean[..., i]) for i in range(3))
    rr = mean(r * r) - mr * mr + epsilon
    gg = mean(g * g) - mg * mg + epsilon
    bb = mean(b * b) - mb * mb + epsilon
    rg, rb, gb = mean(r * g) - mr * mg, mean(r * b) - mr * mb, mean(g * b) - mg * mb
    # Inverse of the symmetric 3x3 covariance by cofactors: far cheaper than np.linalg per pixel.
    irr, irg, irb = gg * bb - gb * gb, gb * rb - rg * bb, rg * gb - gg * rb
    igg, igb, ibb = rr * bb - rb * rb, rb * rg - rr * gb, rr * gg - rg * rg
    scale = 1.0 / np.maximum(rr * irr + rg * irg + rb * irb, 1e-12)
    cr, cg, cb = (cross[..., i] * scale for i in range(3))
    ar = irr * cr + irg * cg + irb * cb
    ag = irg * cr + igg * cg + igb * cb
    ab = irb * cr + igb * cg + ibb * cb
    offset = mask_mean - ar * mr - ag * mg - ab * mb
    return mean(np.dstack([ar, ag, ab, offset]).astype(np.float32, copy=False))


def apply(coefficients: Floats, guide: Floats) -> Floats:
    """The filtered mask: a . I + b, clipped to 0-1.

    Args:
        coefficients: (..., 4) float32.
        guide: (..., 3) float32 in 0-1, of the same leading shape.
    """
    filtered = np.einsum("...c,...c->...", coefficients[..., :3], guide) + coefficients[..., 3]
    return np.asarray(np.clip(filtered, 0.0, 1.0), np.float32)
