"""The picture's own colours have a say where the network's alpha is open.

What the network is sure of on either side teaches two mixtures of colours, and the smoothest border that
fits them is drawn through the rest: Rother, Kolmogorov, Blake: GrabCut, SIGGRAPH 2004. Its answer is one
more witness and not the judge: it moves the odds of each pixel, at the most by a fixed factor, so that what
the network is nearly sure of stays (a strap of one pixel, which a short border would cut off), and by less
where the pixel's colour is as likely on either side.
"""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.imaging.resize import resized

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]
#: Five Gaussians as OpenCV keeps them, (1, 65) float64.
Mixture = NDArray[np.float64]

#: The border is drawn at this longer side; the colours are learnt from no more pixels than the other has:
#: from all of them it would take longer than the border does.
_SIDE: Final = 384
_LEARNING_SIDE: Final = 128
#: Below the first the ground, above the second the product speaks for itself; between them the vote counts.
_GROUND, _PRODUCT = 0.03, 0.97
#: How far the vote moves the logarithm of the odds: it turns what the network gives 10 to 90 %.
_WEIGHT: Final = 2.2
#: A vote whose product has less than this in common with the network's (intersection over union) is none:
#: the colours of both sides are the same.
_AGREEMENT: Final = 0.3
_SEED: Final = 7
#: How many times likelier (as a logarithm) a colour must be on its side to count in full; one that tells
#: nothing, where both sides are as pale, counts for this much: there the shortest border cuts corners.
_TELLING: Final = 1.0
_FLOOR: Final = 0.3
#: Added to the variances of a mixture (levels of 0-255, squared), so that a flat colour has a width.
_WIDTH: Final = 1.0


def vote(picture: Pixels, alpha: Floats) -> Floats:
    """The alpha with the colours' vote.

    The same picture and alpha give the same answer, always.

    Args:
        picture: (h, w, 3) uint8 RGB.
        alpha: (h, w) float32 in 0-1, the network's.

    Returns:
        (h, w) float32 in 0-1. What lies below 0.03 or above 0.97 is as it was; so is everything where
        one side has no sure pixel, or the vote denies most of what the network says.
    """
    scale = min(1.0, _SIDE / max(alpha.shape))
    size = (max(1, round(alpha.shape[1] * scale)), max(1, round(alpha.shape[0] * scale)))
    picture, small = resized(picture, size), resized(alpha, size)
    colours = _learnt(picture, small)
    if colours is None:
        return alpha
    cut = _cut(picture, small, *colours)
    if not _agrees(cut > 0, small >= 0.5):
        return alpha
    side = cv2.resize(cut, (alpha.shape[1], alpha.shape[0]))
    open_ = (alpha > _GROUND) & (alpha < _PRODUCT)
    odds = alpha[open_] / (1.0 - alpha[open_]) * np.exp(np.float32(_WEIGHT) * side[open_])
    voted = alpha.copy()
    voted[open_] = odds / (1.0 + odds)
    return voted


def _said(alpha: Floats) -> Pixels:
    """What the network is sure of, and what it only thinks, in GrabCut's words."""
    mask = np.where(alpha >= 0.5, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    mask[alpha < _GROUND] = cv2.GC_BGD
    mask[alpha > _PRODUCT] = cv2.GC_FGD
    return np.asarray(mask, np.uint8)


def _learnt(picture: Pixels, alpha: Floats) -> tuple[Mixture, Mixture] | None:
    """The mixtures of the ground's and the product's colours; None where a side has no sure pixel."""
    step = -(-max(alpha.shape) // _LEARNING_SIDE)
    # Single pixels and no means of them: the mixtures have to know the grain.
    picture, mask = np.ascontiguousarray(picture[::step, ::step]), _said(alpha[::step, ::step])
    if not (mask == cv2.GC_BGD).any() or not (mask == cv2.GC_FGD).any():
        return None
    cv2.setRNGSeed(_SEED)  # the mixtures begin with random centres
    ground, product = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(picture, mask, (0, 0, 0, 0), ground, product, 1, cv2.GC_INIT_WITH_MASK)
    return ground, product


def _cut(picture: Pixels, alpha: Floats, ground: Mixture, product: Mixture) -> Floats:
    """1 where pixels are the product's by their colours and neighbours, -1 where they are the ground's.

    Nearer to 0 the less their colour tells.
    """
    mask = _said(alpha)
    asked = (mask == cv2.GC_PR_FGD) | (mask == cv2.GC_PR_BGD)
    if asked.any():
        # Only as much as is asked, and the sure pixels around it: time goes by the pixels of the graph.
        left, top, width, height = cv2.boundingRect(asked.astype(np.uint8))
        part = (slice(max(0, top - 1), top + height + 1), slice(max(0, left - 1), left + width + 1))
        drawn, seen = np.ascontiguousarray(mask[part]), np.ascontiguousarray(picture[part])
        cv2.grabCut(seen, drawn, (0, 0, 0, 0), ground, product, 1, cv2.GC_EVAL_FREEZE_MODEL)
        mask[part] = drawn
    side = np.where((mask == cv2.GC_FGD) | (mask == cv2.GC_PR_FGD), np.float32(1.0), np.float32(-1.0))
    colours = picture[asked].astype(np.float64)
    told = (_log_density(colours, product) - _log_density(colours, ground)) * side[asked]
    side[asked] *= np.clip(told / _TELLING, _FLOOR, 1.0).astype(np.float32)
    return side


def _log_density(colours: NDArray[np.float64], mixture: Mixture) -> NDArray[np.float64]:
    """Of (n, 3) colours in a mixture of five Gaussians, in OpenCV's order: weights, means, covariances.

    That of the likeliest one, without the constant that all have.
    """
    weights, means, covariances = mixture[0, :5], mixture[0, 5:20], mixture[0, 20:]
    planes = [np.ascontiguousarray(colours[:, channel]) for channel in range(3)]
    best = np.full(len(colours), -1e3)
    for k in np.flatnonzero(weights > 1e-6):
        x, y, z = (plane - means[3 * k + channel] for channel, plane in enumerate(planes))
        covariance = covariances[9 * k : 9 * k + 9].reshape(3, 3) + _WIDTH * np.eye(3)
        # Written out, in closed forms: a matrix product's last bit hangs on where its memory lies.
        inverse = cv2.invert(covariance)[1]
        distance = inverse[0, 0] * x * x + inverse[1, 1] * y * y + inverse[2, 2] * z * z
        distance += 2.0 * (inverse[0, 1] * x * y + inverse[0, 2] * x * z + inverse[1, 2] * y * z)
        height = math.log(weights[k]) - 0.5 * math.log(cv2.determinant(covariance))
        best = np.maximum(best, height - 0.5 * distance)
    return best


def _agrees(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> bool:
    return bool(np.count_nonzero(one & other) >= _AGREEMENT * np.count_nonzero(one | other))
