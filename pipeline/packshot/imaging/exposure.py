"""Exposure: one gain of light, when the whole photo says that it is too dark."""

from __future__ import annotations

from typing import Final

import numpy as np

from packshot.imaging.tone import to_linear
from packshot.imaging.white_balance import Ground

#: Level that paper, or the brightest of the photo, should reach, and below which it is too dark.
_WANTED: Final = 235.0
_TOO_DARK: Final = 190.0
#: Levels below `_TOO_DARK` at which the answer is whole: two shots on either side of it must not part.
_RAMP: Final = 30.0
#: Level that the product's own highlights may reach.
_HIGHLIGHT: Final = 245.0
#: How much of the missing light is given back: a grey ground may be meant to be grey.
_SHARE: Final = 0.8
#: Level that something in the photo must come to: where all is darker, light is missing.
_STILL_DARK: Final = 170.0
#: Largest gain of light; less on a dark ground, which may be meant to be dark.
_MOST: Final = 2.5
_MOST_ON_DARK: Final = 1.3


def exposure_gain(ground: Ground | None, brightest: float, highlights: float) -> float:
    """The gain of linear light, at least 1.

    A photo is too dark when its paper ground is, or, without one, when nothing in it is bright.

    Args:
        ground: behind the product, or None.
        brightest: level of the photo's brightest percent.
        highlights: level that the product's strongest channel passes on one percent of it; colours are
            not driven into clipping.
    """
    on_paper = ground is not None and ground.is_paper
    level = ground.level if ground is not None and on_paper else brightest
    if level >= _TOO_DARK or highlights >= _HIGHLIGHT:
        return 1.0
    share = _SHARE * min(1.0, (_TOO_DARK - level) / _RAMP)
    wanted, now, high, ceiling = to_linear(
        np.array([_WANTED, max(level, 1.0), max(highlights, 1.0), _HIGHLIGHT])
    )
    most = _MOST if on_paper else _MOST_ON_DARK
    return float(max(1.0, min((wanted / now) ** share, ceiling / high, most)))


def is_underexposed(brightest: float, highlights: float, gain: float) -> bool:
    """True when nothing in a photo is bright, even with its gain of light: neither ground nor product.

    Args:
        brightest: level of the photo's brightest percent.
        highlights: of the product's, as for `exposure_gain`.
        gain: what that gave.
    """
    now, wanted = to_linear(np.array([max(brightest, highlights), _STILL_DARK]))
    return bool(now * gain < wanted)
