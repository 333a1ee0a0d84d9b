"""What the photo itself scores, by the finished picture's own yardstick.

Every part of the finished picture has its counterpart in the photo, so that both scores are means of the
same parts with the same weights, and their difference is what was done to the photo.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from packshot.contracts.stages import AlignOutput, ScoreInput
from packshot.imaging.compose import Colour, composite
from packshot.imaging.geometry import as_matrix, compose
from packshot.imaging.metrics import rating
from packshot.imaging.metrics.edges import edges
from packshot.imaging.metrics.ground import ground_deviation
from packshot.imaging.metrics.pose import stand
from packshot.imaging.metrics.view import STANDARD, view
from packshot.stages.finished import main_background, main_spec, parse_ground
from packshot.stages.product_views import source_views
from packshot.stages.sight import look
from packshot.stages.workspace import Workspace

#: Longer side at which the photo's ground is measured, pixels: a mean needs no more.
_GROUND_SIDE: Final = 500


@dataclass(frozen=True, slots=True)
class SourceParts:
    """Parts of the photo.

    Attributes:
        parts: 0-1 by name, those of the finished picture.
        cut: part of the finished picture's cut, which is told on the photo, where its ground still shows.
    """

    parts: dict[str, float]
    cut: float


def source_parts(given: ScoreInput, workspace: Workspace) -> SourceParts:
    """Measures the photo as if it were to be shown as it is."""
    views = source_views(workspace, given.align, given.background.box)
    shown, own = views.shown, views.own
    parts = look_parts(rating.look(view(shown.picture, shown.alpha, shown.box)))
    source, canvas = given.detect.source, given.settings.preset.canvas
    stands = stand(given.detect.product.box, source.width, source.height, canvas.baseline)
    parts |= {
        "resolution": rating.rate_resolution(source_resolution(given)),
        # Nothing has been cut or compressed yet, so nothing has been lost by it.
        "edges": 1.0,
        "fidelity": 1.0,
        "fill": rating.rate_fill(stands, canvas.fill),
        "centring": rating.rate_centring(stands),
    }
    background = main_background(given.task, given.settings)
    if background != "keep":
        deviation = _ground_deviation(workspace, given.align, parse_ground(background))
        parts["background"] = rating.rate_background(deviation)
    zoom = STANDARD / max(own.box[2:])
    return SourceParts(parts, rating.rate_edges(edges(own.alpha, own.picture), zoom))


def look_parts(seen: rating.Look) -> dict[str, float]:
    """The parts that a look at the product tells."""
    return {
        "sharpness": rating.rate_sharpness(seen.sharpness),
        "exposure": rating.rate_exposure(seen.light.level),
        "noise": rating.rate_noise(seen.noise, seen.light.level),
        "contrast": rating.rate_contrast(seen.light.span),
        "clipping": rating.rate_clipping(seen.light.clipped),
    }


def wanted_side(given: ScoreInput) -> int:
    """Longer side of the main file that the preset wants, pixels."""
    preset = given.settings.preset
    return main_spec(preset).longest_side or max(preset.canvas.width, preset.canvas.height)


def source_resolution(given: ScoreInput) -> float:
    """Source pixels of the product per pixel that the preset wants of it."""
    return max(given.align.canvas) / (given.align.scale * wanted_side(given))


def _ground_deviation(workspace: Workspace, align: AlignOutput, ground: Colour) -> float:
    """Mean deviation in levels of all that is not the product from the wanted ground."""
    sight = look(workspace)
    level = max(0, (max(sight.picture.size) - 1) // _GROUND_SIDE).bit_length()
    picture = sight.picture.level(level)
    if sight.alpha is not None:
        picture = composite(picture, sight.alpha.level(level), ground)
    height, width = picture.shape[:2]
    from_upright = compose(as_matrix(align.transform), sight.to_upright)
    matrix = compose(from_upright, sight.picture.matrix(level))
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    alpha = cv2.warpAffine(workspace.get_pixels("alpha"), matrix, (width, height), flags=flags)
    wanted = np.full(picture.shape, ground, np.uint8)
    return ground_deviation(picture, wanted, np.asarray(alpha, np.uint8))
