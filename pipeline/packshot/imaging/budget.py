"""The highest quality whose file stays within a byte budget, by secant search on log(bytes).

The search runs along a curve of log(bytes) against quality, on which a picture's own sizes lie close to a
straight line. It is each format's typical curve, bent to the picture by encoding a sample of
its rows, which costs an eighth of an encode; two whole encodes then land as a rule, where bisection
needs six.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from packshot.contracts.preset import Format
from packshot.imaging.encode import Encoder, encoder

Pixels = NDArray[np.uint8]

#: A file of this share of its budget is near enough.
_FULL: Final = 0.91
#: A file of this share is, when the next quality up is not expected to fit.
_NEARLY: Final = 0.8
#: Where the search aims: below the budget, since an encode that lands above it is lost.
_AIM: Final = 0.96
_MOST_ENCODES: Final = 8
#: Bounds of the factor between a picture's curve and the typical one; outside, a measured slope is noise.
_SLOPES: Final = (0.4, 3.0)

#: Log units below the budget at which the sample's word for a quality is taken.
_CLEAR: Final = -0.1
#: Rows of a sampled band (whole blocks of every format), and one band in how many.
_BAND: Final = 32
_EVERY: Final = 8

_QUALITIES: Final = (1, 10, 20, 30, 40, 50, 60, 70, 80, 85, 90, 95, 98, 100)
#: Mean log(bytes) at these qualities less that at 95, over 12 photos on white
#: (python -m benchmarks.codecs FOLDER).
_CURVES: Final[dict[Format, tuple[float, ...]]] = {
    Format.JPEG: (-2.61, -2.14, -1.81, -1.6, -1.45, -1.33, -1.21, -1.06, -0.84, -0.68, -0.45, 0, 0.65, 1.08),
    Format.WEBP: (-2.71, -2.33, -2.12, -1.95, -1.78, -1.64, -1.5, -1.39, -1.1, -0.88, -0.54, 0, 0.28, 0.38),
    Format.AVIF: (-3.33, -3.02, -2.7, -2.38, -2.02, -1.65, -1.36, -1.09, -0.78, -0.64, -0.35, 0, 0.22, 0.77),
}


@dataclass(frozen=True, slots=True)
class Fit:
    """The outcome of a search.

    Attributes:
        data: the file within the budget; None when even the lowest quality is above it.
        quality: of that file; the lowest one when there is none.
        smallest: bytes of the smallest file that was made.
        encodes: how many files were made.
        decoded: the file's pixels, where somebody has looked at them already.
    """

    data: bytes | None
    quality: int
    smallest: int
    encodes: int
    decoded: Pixels | None = None


def fit_quality(
    pixels: Pixels,
    file_format: Format,
    budget: int | None,
    lowest: int,
    highest: int,
    name: str = "the picture",
) -> Fit:
    """Encodes a picture at the highest quality that its budget allows.

    Args:
        pixels: (H, W, 3) RGB or (H, W, 4) RGBA uint8.
        file_format: what to write; PNG has no quality, so that one file decides.
        budget: bytes that the file may have at most, or None for no limit.
        lowest: quality below which the search does not go.
        highest: quality above which it does not go.
        name: of the rendition, for errors.

    Returns:
        A file that never exceeds the budget, and fills more than 91 % of it unless it has the highest
        quality or the next quality up would exceed it.

    Raises:
        RenditionError: as `encoder` says.
    """
    search = _Search(encoder(pixels, file_format, name), budget, lowest, highest)
    if budget is None or file_format not in _CURVES or lowest == highest:
        search.measure(highest)
        return search.fit()
    curve = _picture_curve(pixels, file_format, math.log(budget), lowest, highest)
    while search.open(curve) and search.encodes < _MOST_ENCODES:
        search.measure(search.guess(curve))
    if search.best is None and search.over > lowest:  # out of turns
        search.measure(lowest)
    return search.fit()


def _picture_curve(
    pixels: Pixels, file_format: Format, limit: float, lowest: int, highest: int
) -> NDArray[np.float64]:
    """log(bytes) of this picture at `_QUALITIES`, foretold from a sample of its rows.

    A probe that clearly fits is the last one: nothing below it will be asked for.
    """
    typical = np.array(_CURVES[file_format])
    rows = _sample_rows(pixels.shape[0])
    if len(rows) == pixels.shape[0]:
        return typical  # a sample would cost as much as the picture; the search starts at the top instead
    encode = encoder(pixels[rows], file_format)
    share = math.log(len(rows) / pixels.shape[0])
    known: dict[int, float] = {}
    for quality in (highest, (highest + 2 * lowest) // 3, lowest):
        known[quality] = math.log(len(encode(quality))) - share
        if known[quality] < limit + _CLEAR:
            break
    x = np.interp(sorted(known), _QUALITIES, typical)
    bend: NDArray[np.float64] = np.interp(
        typical, x, np.array([known[quality] for quality in sorted(known)]) - x
    )
    return np.asarray(typical + bend)


def _sample_rows(height: int) -> NDArray[np.intp]:
    """Row numbers of evenly spread bands, an eighth of the picture; all rows of a small one."""
    starts = np.arange(0, height - _BAND + 1, _BAND * _EVERY) + (_BAND * _EVERY - _BAND) // 2
    starts = starts[starts + _BAND <= height]
    if len(starts) < 3:
        return np.arange(height)
    return (starts[:, None] + np.arange(_BAND)).ravel()


class _Search:
    """Sizes seen so far, and the bracket: `under` fits (or is below all), `over` does not."""

    def __init__(self, encode: Encoder, budget: int | None, lowest: int, highest: int) -> None:
        self._encode = encode
        self._budget = math.inf if budget is None else budget
        self._lowest = lowest
        self._seen: list[tuple[int, int]] = []
        self.best: bytes | None = None
        self.under, self.over = lowest - 1, highest + 1

    @property
    def encodes(self) -> int:
        return len(self._seen)

    def open(self, curve: NDArray[np.float64]) -> bool:
        """True while a better quality may be found within the budget."""
        if self.over - self.under <= 1:
            return False
        if self.best is None:
            return True
        share = len(self.best) / self._budget
        return share < _FULL and (share < _NEARLY or self._quality_for(1.0, curve) > self.under)

    def measure(self, quality: int) -> int:
        data = self._encode(quality)
        self._seen.append((quality, len(data)))
        if len(data) > self._budget:
            self.over = quality
        else:
            self.under, self.best = quality, data
        return len(data)

    def guess(self, curve: NDArray[np.float64]) -> int:
        """The quality inside the bracket whose size should be just below the budget."""
        return min(max(self._quality_for(_AIM, curve), self.under + 1, self._lowest), self.over - 1)

    def _quality_for(self, share: float, curve: NDArray[np.float64]) -> int:
        """The highest quality that should stay within this share of the budget."""
        aim = math.log(self._budget * share)
        x = aim
        if self._seen:
            points = [(float(np.interp(q, _QUALITIES, curve)), math.log(size)) for q, size in self._seen]
            # The two measurements nearest to the aim; they bracket it once both sides are known.
            (x0, y0), *others = sorted(points, key=lambda point: abs(point[1] - aim))
            slope = 1.0
            if others and others[0][0] != x0:
                slope = min(max((others[0][1] - y0) / (others[0][0] - x0), _SLOPES[0]), _SLOPES[1])
            x = x0 + (aim - y0) / slope
        return math.floor(float(np.interp(x, curve, _QUALITIES)))

    def fit(self) -> Fit:
        quality = self.under if self.best is not None else self._lowest
        return Fit(self.best, quality, min(size for _, size in self._seen), self.encodes)
