"""The guided filter (He, Sun, Tang: Guided Image Filtering, ECCV 2010), colour guide, by box filters."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray


def guided_filter(
    guide: NDArray[np.uint8], mask: NDArray[np.float32], radius: int, eps: float
) -> NDArray[np.float32]:
    """`mask` [h, w] in 0-1, smoothed so that its edges follow those of `guide` [h, w, 3] uint8.

    `eps` is the regularisation in units of squared 0-1 intensity. Solves the 3 x 3 system of the paper's
    equation 14 per pixel in closed form.
    """
    size = (2 * radius + 1, 2 * radius + 1)
    image = guide.astype(np.float32) / 255.0

    def box(x: NDArray[np.float32]) -> NDArray[np.float32]:
        return cv2.blur(x, size, borderType=cv2.BORDER_REFLECT)

    mean_i, mean_p = box(image), box(mask)
    cov = box(image * mask[..., None]) - mean_i * mean_p[..., None]
    pairs = [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)]
    rr, rg, rb, gg, gb, bb = (
        box(image[..., i] * image[..., j]) - mean_i[..., i] * mean_i[..., j] + (eps if i == j else 0.0)
        for i, j in pairs
    )
    inv_rr, inv_rg, inv_rb = gg * bb - gb * gb, gb * rb - rg * bb, rg * gb - gg * rb
    inv_gg, inv_gb, inv_bb = rr * bb - rb * rb, rb * rg - rr * gb, rr * gg - rg * rg
    det = np.maximum(inv_rr * rr + inv_rg * rg + inv_rb * rb, 1e-12)
    a = (
        np.stack(
            [
                inv_rr * cov[..., 0] + inv_rg * cov[..., 1] + inv_rb * cov[..., 2],
                inv_rg * cov[..., 0] + inv_gg * cov[..., 1] + inv_gb * cov[..., 2],
                inv_rb * cov[..., 0] + inv_gb * cov[..., 1] + inv_bb * cov[..., 2],
            ],
            axis=-1,
        )
        / det[..., None]
    )
    b = mean_p - (a * mean_i).sum(-1)
    out = (box(a.astype(np.float32)) * image).sum(-1) + box(b.astype(np.float32))
    return np.clip(out, 0.0, 1.0).astype(np.float32)
