"""The faults, each with its fixed steps; the first step of all is the picture itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

#: JPEG quality of the main file, where compression is not the fault.
GOOD_QUALITY: Final = 92


@dataclass(frozen=True, slots=True)
class Ladder:
    """One fault that grows.

    Attributes:
        name: of the fault.
        steps: its strengths, growing; what they mean is up to `apply`.
        apply: a picture with a fault of that strength; deterministic.
        quality: the main file's JPEG quality at a strength.
    """

    name: str
    steps: tuple[float, ...]
    apply: Callable[[Pixels, float], Pixels]
    quality: Callable[[float], int]


def blurred(picture: Pixels, sigma: float) -> Pixels:
    """Out of focus: a Gaussian of `sigma` pixels."""
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.uint8)


def noisy(picture: Pixels, sigma: float) -> Pixels:
    """High ISO: Gaussian noise of `sigma` levels, the same pattern at each strength."""
    pattern = np.random.default_rng(7).normal(0.0, 1.0, picture.shape)
    return np.asarray(np.clip(np.rint(picture + sigma * pattern), 0, 255), np.uint8)


def darkened(picture: Pixels, loss: float) -> Pixels:
    """Too little light: levels times 1 - `loss`."""
    return np.rint(picture * (1 - loss)).astype(np.uint8)


def _unchanged(picture: Pixels, _strength: float) -> Pixels:
    return picture


def _good(_strength: float) -> int:
    return GOOD_QUALITY


LADDERS: Final = (
    Ladder("blur", (0.6, 1.0, 1.5, 2.2, 3.2), blurred, _good),
    Ladder("noise", (2.0, 4.0, 7.0, 11.0, 16.0), noisy, _good),
    Ladder("darkness", (0.15, 0.3, 0.45, 0.6, 0.72), darkened, _good),
    Ladder("compression", (80, 65, 50, 35, 20, 10), _unchanged, int),
)
