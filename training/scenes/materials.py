"""What a surface is made of, as plain data; `bsdf` turns it into the renderer's dictionary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Material:
    """`look` is an sRGB colour (0-1) or an sRGB texture uint8 (h, w, 3).

    kind: `opaque` (cloth, paper, plastic, metal, by the other fields), `glass` (clear, smooth or frosted by
    `roughness`)
    or `film` (thin clear plastic).
    """

    look: Colour | NDArray[np.uint8]
    kind: str = "opaque"
    roughness: float = 0.5
    metallic: float = 0.0
    specular: float = 0.5
    sheen: float = 0.0
    clearcoat: float = 0.0

    @property
    def clear(self) -> bool:
        return self.kind in ("glass", "film")


def matte(look: Colour | NDArray[np.uint8]) -> Material:
    """Chalky: paper, unglazed clay, painted wall."""
    return Material(look, roughness=0.95, specular=0.15)


def paper(look: Colour | NDArray[np.uint8]) -> Material:
    """Coated paper and board."""
    return Material(look, roughness=0.55, specular=0.35)


def gloss(look: Colour | NDArray[np.uint8], roughness: float = 0.2) -> Material:
    """Plastic, lacquer, glaze."""
    return Material(look, roughness=roughness, specular=0.5)


def metal(look: Colour | NDArray[np.uint8], roughness: float = 0.25) -> Material:
    """Bare metal."""
    return Material(look, roughness=roughness, metallic=1.0)


def fabric(look: Colour | NDArray[np.uint8]) -> Material:
    """Cloth, with a sheen at grazing angles."""
    return Material(look, roughness=0.9, specular=0.1, sheen=0.6)


def glass(tint: Colour = (0.97, 0.98, 0.97), roughness: float = 0.0) -> Material:
    """Clear or, with roughness, frosted glass; tint is what passes at each surface."""
    return Material(tint, kind="glass", roughness=roughness)


METALS: tuple[Colour, ...] = (
    (0.91, 0.92, 0.92),
    (0.95, 0.86, 0.6),
    (0.93, 0.72, 0.62),
    (0.72, 0.72, 0.74),
    (0.35, 0.34, 0.34),
)
GLASS_TINTS: tuple[Colour, ...] = (
    (0.98, 0.99, 0.98),
    (0.97, 0.98, 0.97),
    (0.9, 0.97, 0.93),
    (0.75, 0.5, 0.25),
    (0.4, 0.65, 0.42),
    (0.6, 0.75, 0.92),
    (0.93, 0.75, 0.8),
)


def bsdf(mi: Any, m: Material) -> dict[str, Any]:
    """The renderer's description of a material."""
    if m.kind == "glass":
        tint = {"type": "rgb", "value": [float(v) for v in m.look]}
        if m.roughness > 0.01:
            return {
                "type": "roughdielectric",
                "alpha": m.roughness,
                "int_ior": 1.5,
                "ext_ior": 1.0,
                "specular_transmittance": tint,
            }
        return {"type": "dielectric", "int_ior": 1.5, "ext_ior": 1.0, "specular_transmittance": tint}
    if m.kind == "film":
        return {
            "type": "thindielectric",
            "int_ior": 1.4,
            "specular_transmittance": {"type": "rgb", "value": [float(v) for v in m.look]},
        }
    inner = {
        "type": "principled",
        "base_color": look(mi, m.look),
        "roughness": max(0.05, m.roughness),
        "metallic": m.metallic,
        "specular": m.specular,
        "sheen": m.sheen,
        "clearcoat": m.clearcoat,
        "clearcoat_gloss": 0.9,
    }
    return {"type": "twosided", "inner": inner}


def look(mi: Any, value: Colour | NDArray[np.uint8]) -> dict[str, Any]:
    """A texture or a colour; both are given in sRGB, light is computed on their linear values."""
    if isinstance(value, np.ndarray):
        bitmap = mi.Bitmap(np.ascontiguousarray(value), mi.Bitmap.PixelFormat.RGB)
        bitmap.set_srgb_gamma(True)
        return {"type": "bitmap", "bitmap": bitmap, "raw": False, "filter_type": "bilinear"}
    return {"type": "rgb", "value": [float(v) for v in to_linear(np.asarray(value, dtype=float))]}


def to_linear(srgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """IEC 61966-2-1 decoding of values 0-1."""
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
