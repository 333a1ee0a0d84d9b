"""The highest quality whose file stays within a byte budget, by secant search.

The logarithm of a file's size is close to a straight line in the logarithm of its quantiser's step, so that
two encodes place the third within a few percent; bisection needs six.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

#: A file above this share of its budget is near enough; the next quality up would rarely fit.
_FULL = 0.93
#: Where the search aims: a little low, since an encode that lands above the budget is lost.
_AIM = 0.97
#: log(bytes) per log(step), seen over photos: -0.65 for JPEG; the first secant's slope.
_SLOPE = -0.65
_MOST_ENCODES = 7


@dataclass(frozen=True, slots=True)
class Fit:
    """The outcome of a search.

    Attributes:
        data: the file within the budget; None when even the lowest quality is above it.
        quality: of that file (the lowest one tried when there is none).
        smallest: bytes of the smallest file that was made.
        encodes: how many files were made.
    """

    data: bytes | None
    quality: int
    smallest: int
    encodes: int


def fit_quality(encode: Callable[[int], bytes], budget: int | None, lowest: int, highest: int) -> Fit:
    """Searches the quality for a byte budget.

    Args:
        encode: quality to file bytes; larger with quality, but not necessarily strictly.
        budget: bytes that the file may have at most, or None for no limit.
        lowest: quality below which the search does not go.
        highest: quality that is tried first.

    Returns:
        A file that never exceeds the budget; as a rule it fills more than 93 % of it, or has the
        highest quality.
    """
    data = encode(highest)
    if budget is None or len(data) <= budget:
        return Fit(data, highest, len(data), 1)
    over = _Point(highest, len(data))
    before: _Point | None = None
    under: _Point | None = None
    best: bytes | None = None
    smallest, encodes = len(data), 1
    while encodes < _MOST_ENCODES:
        floor = under.quality + 1 if under else lowest
        if floor > over.quality - 1:
            break
        aim = math.log(budget * _AIM)
        guess = _secant(over, under or before, aim)
        quality = min(max(guess, floor), over.quality - 1)
        data = encode(quality)
        encodes += 1
        smallest = min(smallest, len(data))
        point = _Point(quality, len(data))
        if len(data) > budget:
            before, over = over, point
            continue
        under, best = point, data
        if len(data) >= budget * _FULL:
            break
    if best is None and over.quality > lowest:  # the search ran out of turns
        data = encode(lowest)
        encodes, smallest = encodes + 1, min(smallest, len(data))
        if len(data) <= budget:
            return Fit(data, lowest, smallest, encodes)
    return Fit(best, under.quality if under else lowest, smallest, encodes)


@dataclass(frozen=True, slots=True)
class _Point:
    quality: int
    size: int

    @property
    def x(self) -> float:
        return _step(self.quality)

    @property
    def y(self) -> float:
        return math.log(self.size)


def _step(quality: float) -> float:
    """Logarithm of the quantiser's step as libjpeg scales its tables; a fair curve for WebP and AVIF too."""
    scale = 5000 / quality if quality < 50 else 200 - 2 * quality
    return math.log(scale + 3)  # tables are rounded to at least 1, which flattens the upper end


def _secant(a: _Point, b: _Point | None, y: float) -> int:
    slope = (a.y - b.y) / (a.x - b.x) if b and a.x != b.x and a.y != b.y else _SLOPE
    if slope >= 0:
        slope = _SLOPE
    x = a.x + (y - a.y) / slope
    scale = math.exp(min(x, 8.5)) - 3
    quality = (200 - scale) / 2 if scale <= 100 else 5000 / scale
    return math.floor(quality)
