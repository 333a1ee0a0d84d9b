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

    def covariance(one: Floats, other: Floats, one_mean: Floats, other_mean: Floats) -> Floats:
        return mean(one * other) - one_mean * other_mean

    # Planes and not pixels: numpy is several times as fast on these.
    r, g, b = (np.asarray(plane, np.float32) for plane in cv2.split(guide))
    mr, mg, mb, mask_mean = mean(r), mean(g), mean(b), mean(mask)
    rr = covariance(r, r, mr, mr) + epsilon
    gg = covariance(g, g, mg, mg) + epsilon
    bb = covariance(b, b, mb, mb) + epsilon
    rg, rb, gb = covariance(r, g, mr, mg), covariance(r, b, mr, mb), covariance(g, b, mg, mb)
    # Inverse of the symmetric 3x3 covariance by cofactors: far cheaper than np.linalg per pixel.
    irr, irg, irb = gg * bb - gb * gb, gb * rb - rg * bb, rg * gb - gg * rb
    igg, igb, ibb = rr * bb - rb * rb, rb * rg - rr * gb, rr * gg - rg * rg
    scale = 1.0 / np.maximum(rr * irr + rg * irg + rb * irb, 1e-12)
    cr = covariance(r, mask, mr, mask_mean) * scale
    cg = covariance(g, mask, mg, mask_mean) * scale
    cb = covariance(b, mask, mb, mask_mean) * scale
    ar = irr * cr + irg * cg + irb * cb
    ag = irg * cr + igg * cg + igb * cb
    ab = irb * cr + igb * cg + ibb * cb
    offset = mask_mean - ar * mr - ag * mg - ab * mb
    return np.asarray(cv2.merge([mean(plane) for plane in (ar, ag, ab, offset)]), np.float32)


def apply(coefficients: Floats, guide: Floats) -> Floats:
    """The filtered mask: a . I + b, clipped to 0-1.

    Args:
        coefficients: (..., 4) float32.
        guide: (..., 3) float32 in 0-1, of the same leading shape.
    """
    filtered = np.einsum("...c,...c->...", coefficients[..., :3], guide) + coefficients[..., 3]
    return np.asarray(np.clip(filtered, 0.0, 1.0), np.float32)
