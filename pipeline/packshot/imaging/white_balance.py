"""White balance from the ground behind the product, when that is evidence of a cast."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.imaging.tone import luma, to_linear

Pixels = NDArray[np.uint8]
Gains = tuple[float, float, float]

NEUTRAL: Final[Gains] = (1.0, 1.0, 1.0)
#: Samples of the ground that are needed.
_LEAST: Final = 200
#: Rec. 601 level below which a ground is no white or light grey paper.
_DIM: Final = 120.0
#: CIELAB chroma up to which a ground counts as white under this light: more of it along the axis of
#: daylight and lamps (blue to yellow) than across it, where no lamp casts and paint is likelier.
_CAST_ALONG: Final = 18.0
_CAST_ACROSS: Final = 10.0
#: Chroma that nobody sees; above it the correction sets in until it is whole.
_UNSEEN: Final = 2.5
_WHOLE: Final = 4.0
#: Chroma that is taken off at most: a cast that strong may be the paper's own cream in part.
_MOST: Final = 12.0
#: Median deviation of a* and b* above which the ground has several colours.
_PATCHY: Final = 3.5


@dataclass(frozen=True, slots=True)
class Ground:
    """The ground behind a product.

    Attributes:
        level: median Rec. 601 level of its brighter half, which is not in shadow.
        chroma: CIELAB chroma of that half's median colour.
        colour: that colour, RGB levels.
        even: it has one colour.
    """

    level: float
    chroma: float
    colour: tuple[float, float, float]
    along: float
    across: float
    even: bool

    @property
    def is_paper(self) -> bool:
        """It can be taken for white or light grey paper under some light."""
        # An ellipse in the plane of a* and b*.
        cast = math.hypot(self.along / _CAST_ALONG, self.across / _CAST_ACROSS)
        return self.even and self.level >= _DIM and cast <= 1


def ground_of(samples: Pixels) -> Ground | None:
    """Measures ground pixels (N, 3) uint8 RGB; None when there are too few."""
    if len(samples) < _LEAST:
        return None
    gray = luma(samples)
    lit = samples[gray >= np.median(gray)]
    colours = _lab(samples)[:, 1:]
    spread = np.median(np.abs(colours - np.median(colours, axis=0)), axis=0)
    middle = np.median(_lab(lit), axis=0)
    red, green, blue = (float(value) for value in np.median(lit, axis=0))
    a, b = float(middle[1]), float(middle[2])
    # Daylight's locus runs from blue to a slightly reddish yellow.
    along, across = (b + 0.35 * a) / math.hypot(1, 0.35), (a - 0.35 * b) / math.hypot(1, 0.35)
    return Ground(
        level=0.299 * red + 0.587 * green + 0.114 * blue,
        chroma=math.hypot(a, b),
        colour=(red, green, blue),
        along=along,
        across=across,
        even=bool(spread.max() <= _PATCHY),
    )


def _lab(samples: Pixels) -> NDArray[np.float32]:
    """CIELAB of (N, 3) uint8 RGB."""
    shares = (samples[None] / np.float32(255)).astype(np.float32)
    return np.asarray(cv2.cvtColor(shares, cv2.COLOR_RGB2LAB)[0], np.float32)


def cast_gains(ground: Ground | None) -> tuple[Gains, float]:
    """Gains of linear light that take a cast off the ground at its own brightness, and their amount, 0-1.

    A coloured, patchy or dark ground is no evidence, and a product's own colours never are (so no grey
    world): then the gains are 1.
    """
    if ground is None or not ground.is_paper or ground.chroma <= _UNSEEN:
        return NEUTRAL, 0.0
    amount = min(1.0, (ground.chroma - _UNSEEN) / (_WHOLE - _UNSEEN), _MOST / ground.chroma)
    light = to_linear(np.array(ground.colour))
    luminance = 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]
    red, green, blue = (float(luminance / value) ** amount for value in light)
    return (red, green, blue), amount
