"""One number from the parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: Weights of the parts; those of the parts that a picture has are scaled to a sum of 1.
WEIGHTS: Final[Mapping[str, float]] = {
    "sharpness": 0.30,
    "exposure": 0.14,
    "noise": 0.10,
    "resolution": 0.10,
    "fidelity": 0.08,
    "edges": 0.08,
    "contrast": 0.05,
    "clipping": 0.05,
    "fill": 0.04,
    "centring": 0.03,
    "background": 0.03,
}
#: No part alone makes the score nothing.
_LEAST: Final = 0.01


def combine(parts: Mapping[str, float]) -> float:
    """The weighted harmonic mean of parts between 0 and 1, times 100.

    The harmonic mean leans to the worst part: a photo that is beautiful but blurred is not usable.

    Args:
        parts: by name; at least one, each one of `WEIGHTS`.
    """
    total = sum(WEIGHTS[name] for name in parts)
    return 100 * total / sum(WEIGHTS[name] / max(value, _LEAST) for name, value in parts.items())
