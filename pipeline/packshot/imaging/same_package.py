"""Decides whether two photos show the same package, and how one maps onto the other.

A first similarity comes from matched features or, where prints repeat and matches are scarce, from
the masks' pose; flow makes it exact; and it is accepted only when the prints agree over the whole
product. So chance matches, or a logo that a brand's packages share, never force one onto another.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from packshot.imaging.agreement import Agreement, agreement
from packshot.imaging.features import Features, match
from packshot.imaging.geometry import Array, scale_of
from packshot.imaging.registration import Registration, register
from packshot.imaging.similarity import Fit, guess

#: Tolerance of the first guess, a share of the product's size: room for some parallax.
_TOLERANCE: Final = 0.012
_FEWEST_MATCHES: Final = 6
_FEWEST_INLIERS: Final = 12
#: Inliers must span this share of the product's longer side: a logo alone spans less.
_SPREAD: Final = 0.3
#: Smallest overlap of the masks; a mask can be wrong in one photo, the print is the stronger witness.
_OVERLAP: Final = 0.6
#: Smallest share of the product with print: below it agreement says nothing.
_PRINTED: Final = 0.05
_SAME_PRINT: Final = 0.7
#: Largest patch of other print, a share of the product: a glare is smaller, another variety's name not.
_OTHER_PRINT: Final = 0.045
#: Distance in a and b beyond which it is another variety in the same layout; lamps stay below.
_COLOUR: Final = 30.0
#: How much larger or smaller than its masks have it a package may come to lie: a mask can miss a part of
#: it. Pixels are no measure, since one camera has many times another's.
_MOST_ZOOM: Final = 3.0


@dataclass(frozen=True, slots=True)
class PackageMatch:
    """How a source maps onto a target of the same package.

    Attributes:
        fit: upright source to upright target pixels, residual in target pixels.
        agreement: of both products under it.
    """

    fit: Fit
    agreement: Agreement


def match_package(source: Features, target: Features, pose: Array) -> PackageMatch | None:
    """The similarity that lays a package onto itself, or None when it is not shown to be the same.

    Args:
        source: of the photo to align.
        target: of its reference.
        pose: upright source to upright target pixels as the masks' poses have it.
    """
    for start in _starts(source, target, pose):
        if not _plausible(start, source, target):
            continue
        found = register(source.close_up, target.close_up, start)
        if found is None or not _plausible(found.fit.matrix, source, target):
            continue
        if not _well_spread(found, target):
            continue
        agreed = agreement(source.close_up, target.close_up, found.fit.matrix)
        if same_print(agreed):
            return PackageMatch(found.fit, agreed)
    return None


def same_print(agreed: Agreement) -> bool:
    """True when what is printed agrees over the whole product."""
    return (
        agreed.overlap >= _OVERLAP
        and agreed.printed >= _PRINTED
        and agreed.same_print >= _SAME_PRINT
        and agreed.other_print <= _OTHER_PRINT
        and agreed.colour <= _COLOUR
    )


def _starts(source: Features, target: Features, pose: Array) -> Iterator[Array]:
    points, aims = match(source, target)
    if len(points) >= _FEWEST_MATCHES:
        found = guess(points, aims, _TOLERANCE * _size(target))
        if found is not None and int(found.inliers.sum()) >= _FEWEST_MATCHES:
            yield found.matrix
    yield pose


def _size(features: Features) -> float:
    """Longer side of the product's close-up in upright source pixels."""
    close = features.close_up
    return float(max(close.mask.shape)) / scale_of(close.matrix)


def _plausible(matrix: Array, source: Features, target: Features) -> bool:
    zoom = scale_of(matrix) * _size(source) / _size(target)
    return bool(np.isfinite(matrix).all()) and 1 / _MOST_ZOOM <= zoom <= _MOST_ZOOM


def _well_spread(found: Registration, target: Features) -> bool:
    return int(found.fit.inliers.sum()) >= _FEWEST_INLIERS and found.reach >= _SPREAD * _size(target)
