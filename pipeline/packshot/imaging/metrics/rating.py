"""Turns measures into parts between 0 and 1; docs/scoring.md draws the curves."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from packshot.imaging.metrics.detail import detail
from packshot.imaging.metrics.edges import Edges
from packshot.imaging.metrics.light import Light, light
from packshot.imaging.metrics.noise import noise
from packshot.imaging.metrics.pose import Stand
from packshot.imaging.metrics.sharpness import edge_ratio, sharpness
from packshot.imaging.metrics.view import ProductView

#: Blur of a sharp lens and sensor in pixels: what a photo's own pixel grid can't show.
_PIXEL_BLUR: Final = 0.7


@dataclass(frozen=True, slots=True)
class Look:
    """What a view shows.

    Attributes:
        sharpness: ratio of gradient energies at the standard size, see `metrics.sharpness`.
        noise: standard deviation, levels.
        light: see `metrics.light`.
    """

    sharpness: float
    noise: float
    light: Light


def look(view: ProductView) -> Look:
    """Measures a view; sharpness is taken down when the product has fewer pixels than the standard."""
    found = detail(view)
    shown = edge_ratio(_PIXEL_BLUR * max(1.0, view.zoom)) / edge_ratio(_PIXEL_BLUR)
    return Look(sharpness(found) * shown, noise(found), light(view))


def rate_sharpness(ratio: float) -> float:
    """0.81 for a crisp edge (4), 0.69 at 3, 0.5 at 2.1, 0.32 at 1.5."""
    return 1 / (1 + math.pow(2.1 / max(ratio, 1e-6), 2.3))


def rate_exposure(level: float) -> float:
    """0.95 for a bright product (level 190), 0.8 for a grey (120), 0.43 for a dark one (56)."""
    return 1 - math.exp(-math.pow(max(level, 0.0) / 85, 1.4))


def rate_contrast(span: float) -> float:
    """0.98 at a span of 100 levels, 0.63 at 25."""
    return 1 - math.exp(-max(span, 0.0) / 25)


def rate_clipping(clipped: float) -> float:
    """1 without, 0.72 at a tenth of the product, never below 0.3: a flat print looks clipped, too."""
    return 0.3 + 0.7 / (1 + clipped / 0.15)


def rate_noise(deviation: float, level: float) -> float:
    """0.97 at a deviation of 1 level, 0.6 at 4, 0.12 at 12, of a product of level 128.

    Noise is rated by the light that it sits on, so that darkening a photo cleans nothing.
    """
    return 1 / (1 + math.pow(deviation * 160 / (level + 32) / 4.8, 2.2))


def rate_resolution(ratio: float) -> float:
    """0.89 at one source pixel per wanted pixel, 0.59 at a half, 0.3 at a quarter."""
    return 1 - math.exp(-2.2 * max(ratio, 0.0) ** 1.3)


def rate_fill(stand: Stand, wanted: float) -> float:
    """1 at the wanted fill, 0.78 at 0.1 from it."""
    return math.exp(-(((stand.fill - wanted) / 0.2) ** 2))


def rate_centring(stand: Stand) -> float:
    """1 in its place, 0.84 at 5 % of the frame off it."""
    return math.exp(-((stand.off_centre / 0.12) ** 2))


def rate_edges(edges: Edges, zoom: float) -> float:
    """Product of narrowness, smoothness and agreement; a soft band of 3 standard pixels costs nothing."""
    wide = max(0.0, edges.width * zoom - 3.0)
    narrow = 1 / (1 + (wide / 12) ** 2)
    smooth = 1 / (1 + edges.ragged / 0.6)
    agree = 0.4 + 0.6 / (1 + math.exp(-(edges.agreement - 0.45) / 0.08))
    return narrow * smooth * agree


def rate_background(deviation: float) -> float:
    """1 for a pure ground, 0.89 when it is off by one level everywhere."""
    return 1 / (1 + deviation / 8)


def rate_fidelity(similarity: float) -> float:
    """0.86 at an SSIM of 0.99, 0.6 at 0.96."""
    return 1 / (1 + (1 - similarity) / 0.06)
