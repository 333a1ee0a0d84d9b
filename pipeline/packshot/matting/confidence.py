"""How sure a network is, from its own un-stretched probabilities.

Three statistics of an alpha a (all in 0-1), then a logistic curve fitted on labelled pictures
(training/ fits it, the model card shows the reliability curve):

    core   mean of a over the pixels with a >= 0.5: how sure it is of what it took
    soft   pixels with 0.1 < a < 0.9 over pixels with a >= 0.5: how much it left open
    area   share of pixels with a >= 0.5
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Calibration:
    """Coefficients of the logistic curve: confidence = 1 / (1 + exp(-(bias + core c + soft s)))."""

    bias: float = -9.0
    core: float = 14.0
    soft: float = -3.0
    #: Below this share of the picture nothing counts as a product.
    min_area: float = 0.001


def calibrated(alpha: NDArray[np.float32], calibration: Calibration) -> float:
    """Probability, 0-1, that the (h, w) float32 alpha shows a product, and well."""
    taken = alpha >= 0.5
    count = int(np.count_nonzero(taken))
    if count < calibration.min_area * alpha.size or count == 0:
        return 0.0
    core = float(alpha[taken].mean())
    soft = min(float(np.count_nonzero((alpha > 0.1) & (alpha < 0.9))) / count, 3.0)
    logit = calibration.bias + calibration.core * core + calibration.soft * soft
    return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, logit))))
