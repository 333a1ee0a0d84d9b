"""The source's product as score sees it: turned and framed as on the canvas, with the final alpha on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from packshot.contracts.stages import AlignOutput
from packshot.imaging.geometry import Array, BoxTuple, as_matrix, compose
from packshot.imaging.metrics.view import STANDARD, box_slices
from packshot.imaging.warp import warp
from packshot.stages.sight import look
from packshot.stages.workspace import Pixels, Workspace

#: Ground that is shown around the product's box, over its longer side: the edge needs both sides.
_MARGIN: Final = 0.04


@dataclass(frozen=True, slots=True)
class SourceView:
    """The source's product.

    Attributes:
        picture: (h, w, 3) uint8 RGB, with a margin of its own ground.
        alpha: (h, w) uint8, the final alpha on it.
        box: of the product in both, pixels.
    """

    picture: Pixels
    alpha: Pixels
    box: BoxTuple


@dataclass(frozen=True, slots=True)
class SourceViews:
    """The source's product at two sizes; one and the same view when nothing was enlarged.

    Attributes:
        shown: as large as the finished product is seen, plainly enlarged where it was. What is
            compared with the finished picture is measured here: a small photo looks sharp only
            as long as it is small.
        own: never enlarged. Where the cut lies is judged on the pixels that there are.
    """

    shown: SourceView
    own: SourceView


def source_views(workspace: Workspace, align: AlignOutput, box: BoxTuple) -> SourceViews:
    """Looks at the source through the transform that align found.

    Args:
        workspace: with the source and the final alpha.
        align: its transform.
        box: of the product on the canvas.
    """
    # A pixel less than the standard, so that rounding never makes the view shrink it again.
    standard = min((STANDARD - 1) / max(box[2:]), 1.0)
    shown = _view(workspace, align, box, standard)
    grown = standard * align.scale > 1.0
    return SourceViews(shown, _view(workspace, align, box, 1.0 / align.scale) if grown else shown)


def _view(workspace: Workspace, align: AlignOutput, box: BoxTuple, scale: float) -> SourceView:
    """The view whose pixels are `scale` of the canvas's."""
    sight = look(workspace)
    alpha = workspace.get_pixels("alpha")
    window = _window(box, alpha.shape[1], alpha.shape[0])
    size = max(1, round(window[2] * scale)), max(1, round(window[3] * scale))
    to_view = _zoom(window, scale)
    matrix = compose(to_view, compose(as_matrix(align.transform), sight.to_upright))
    rows, columns = box_slices(window, alpha.shape[0], alpha.shape[1])
    small = cv2.resize(alpha[rows, columns], size, interpolation=cv2.INTER_AREA)
    x, y = to_view[:, :2] @ np.array(box[:2]) + to_view[:, 2]
    inner = (float(x), float(y), box[2] * scale, box[3] * scale)
    return SourceView(warp(sight.picture, matrix, size), np.asarray(small, np.uint8), inner)


def _window(box: BoxTuple, width: int, height: int) -> BoxTuple:
    """The box with its margin, in whole pixels of the canvas and within it."""
    x, y, w, h = box
    margin = _MARGIN * max(w, h)
    left, top = max(0, round(x - margin)), max(0, round(y - margin))
    right, bottom = min(width, round(x + w + margin)), min(height, round(y + h + margin))
    return (left - 0.5, top - 0.5, float(max(1, right - left)), float(max(1, bottom - top)))


def _zoom(window: BoxTuple, scale: float) -> Array:
    return np.array(
        [[scale, 0.0, -0.5 - window[0] * scale], [0.0, scale, -0.5 - window[1] * scale]], dtype=np.float64
    )
