"""How sure a network is, from its own un-stretched probabilities and from a second look.

A logistic curve over four statistics of two alphas of one picture (a: the picture, b: another look
at it, such as its mirror image), fitted on labelled pictures by training/; the model card shows the
reliability curve.

    mean_inside      mean of a over the pixels with a >= 0.5: how sure it is of what it took
    soft_share       pixels with 0.1 < a < 0.9 over the square root of the pixels with a >= 0.5, at
                     the size of 320 px, at most 40: how much of an outline it left open
    flip_agreement   sum(min(a, b)) / sum(max(a, b)): whether it sees the same again
    log_area         ln(share of the picture with a >= 0.5, at least 1e-4)

What a network makes up on an empty photo changes with the look; a product does not.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from packshot.imaging.resize import resized

Floats = NDArray[np.float32]

#: Longer side at which the statistics are taken; the coefficients belong to it.
_SIDE: Final = 320
_MOST_SOFT: Final = 40.0
_LEAST_AREA: Final = 1e-4


@dataclass(frozen=True, slots=True)
class Calibration:
    """Coefficients of the logistic curve.

    The values here are a cautious guess for networks that nobody has calibrated; the shipped
    network's stand in its card.
    """

    intercept: float = -24.0
    mean_inside: float = 10.0
    soft_share: float = -0.1
    flip_agreement: float = 20.0
    log_area: float = 0.0

    @classmethod
    def of_card(cls, card: Mapping[str, Any]) -> Calibration:
        """The coefficients of a model card.

        Raises:
            KeyError, TypeError: the card has none, or other ones than this formula takes.
        """
        return cls(**card["confidence"]["coefficients"])


def agreement(one: Floats, other: Floats) -> float:
    """sum(min) / sum(max) of two alphas of one shape: 1 when they are equal, 0 when they share nothing."""
    most = float(np.maximum(one, other).sum())
    return float(np.minimum(one, other).sum()) / most if most > 0 else 0.0


def statistics(alpha: Floats, other: Floats) -> dict[str, float] | None:
    """The four statistics by name; None when nothing of the alpha reaches one half.

    Args:
        alpha: (h, w) float32, 0-1, un-stretched.
        other: another look at the same picture, of the same shape.
    """
    scale = _SIDE / max(alpha.shape)
    if scale < 1:
        size = (max(1, round(alpha.shape[1] * scale)), max(1, round(alpha.shape[0] * scale)))
        alpha, other = resized(alpha, size), resized(other, size)
    taken = alpha >= 0.5
    count = int(np.count_nonzero(taken))
    if count == 0:
        return None
    soft = float(np.count_nonzero((alpha > 0.1) & (alpha < 0.9))) / math.sqrt(count)
    return {
        "mean_inside": float(alpha[taken].mean()),
        "soft_share": min(soft, _MOST_SOFT),
        "flip_agreement": agreement(alpha, other),
        "log_area": math.log(max(count / alpha.size, _LEAST_AREA)),
    }


def calibrated(alpha: Floats, other: Floats, calibration: Calibration) -> float:
    """Probability, 0-1, that an alpha shows a product, and well; arguments as `statistics`."""
    found = statistics(alpha, other)
    return 0.0 if found is None else probability(found, calibration)


def probability(found: Mapping[str, float], calibration: Calibration) -> float:
    """The logistic curve over the statistics."""
    logit = calibration.intercept + sum(getattr(calibration, name) * value for name, value in found.items())
    return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, logit))))
