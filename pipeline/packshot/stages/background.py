"""background: the final alpha of the product, at full size, with clean colours.

The network looks again, now that the product fills the frame; both looks are fused, refined to full
size along the picture's own edges, and the ground's colour is taken out of soft edges.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from packshot.contracts.base import ReviewReason
from packshot.contracts.stages import BackgroundInput, BackgroundOutput
from packshot.contracts.task import effective_model
from packshot.errors import ProductError
from packshot.imaging.doubt import doubted_share, unsure_share
from packshot.imaging.geometry import apply, as_matrix, box_of, corners
from packshot.imaging.matte import Matte, refine
from packshot.stages.context import StageContext
from packshot.stages.two_pass import coarse_on_canvas, second_pass
from packshot.stages.workspace import Pixels, Workspace

#: Share of the product that may lie in patches of half an alpha. Of 21 rendered products looked at, sound
#: cut-outs have at most 0.0013, those with a lost neck or a hole in the label 0.007 and more.
_DOUBT: Final = 0.003
#: Share of the product that the network may be unsure of, before colours vote. Of 309 pictures with known
#: alpha 83 % of those cut out badly (IoU below 0.9) lie above, 12 % of the good ones (above 0.96).
_UNSURE: Final = 0.03


def run(inputs: BackgroundInput, workspace: Workspace, context: StageContext) -> BackgroundOutput:
    """Writes `alpha` and `foreground`.

    Raises:
        ProductError: `background_failed` when nothing of the product is left.
        ModelError: the network is missing or unusable.
    """
    picture = workspace.get_pixels("aligned")
    if workspace.has("aligned_alpha"):
        # The photo came cut out: its own alpha is the truth, and so is what it hides.
        alpha, foreground, confidence = workspace.get_pixels("aligned_alpha"), picture, 1.0
        reasons: tuple[ReviewReason, ...] = ()
    else:
        matte, confidence, reasons = _cut(inputs, picture, workspace, context)
        alpha, foreground = matte.alpha, matte.foreground
        if workspace.has("aligned_inside"):
            alpha = np.minimum(alpha, workspace.get_pixels("aligned_inside"))
    allowed = _allowed(inputs, inputs.align.canvas)
    if allowed is not None:
        alpha = np.minimum(alpha, allowed)
    solid = int(np.count_nonzero(alpha >= 128))
    if solid == 0:
        raise ProductError("background_failed")
    if not workspace.has("aligned_alpha") and doubted_share(alpha) > _DOUBT:
        reasons = (ReviewReason.BACKGROUND_UNCERTAIN,)
    soft = int(np.count_nonzero((alpha > 0) & (alpha < 255)))
    workspace.put_pixels("alpha", alpha)
    workspace.put_pixels("foreground", foreground)
    return BackgroundOutput(
        box=box_of(alpha >= 128),
        coverage=solid / alpha.size,
        soft_share=soft / solid,
        confidence=confidence,
        review_reasons=reasons,
    )


def _cut(
    inputs: BackgroundInput, picture: Pixels, workspace: Workspace, context: StageContext
) -> tuple[Matte, float, tuple[ReviewReason, ...]]:
    source, align = inputs.detect.source, inputs.align
    model = context.matting(effective_model(inputs.task, inputs.settings))
    coarse = coarse_on_canvas(
        workspace.get_pixels("coarse"), (source.width, source.height), align.transform, align.canvas
    )
    fused = second_pass(picture, coarse, align.box, model)
    alpha, network = fused.alpha, fused.network
    allowed = _allowed(inputs, (alpha.shape[1], alpha.shape[0]))
    if allowed is not None:
        alpha, network = (np.where(allowed > 0, one, np.float32(0.0)) for one in (alpha, network))
    confidence = model.confidence(fused.fine, fused.coarse)
    unsure = confidence < inputs.settings.preset.thresholds.min_confidence
    uncertain = unsure or unsure_share(network) > _UNSURE
    reasons = (ReviewReason.BACKGROUND_UNCERTAIN,) if uncertain else ()
    return refine(picture, alpha, fused.picture), confidence, reasons


def _allowed(inputs: BackgroundInput, size: tuple[int, int]) -> Pixels | None:
    """255 inside the box that a person drew on the source, in a frame of `size`; None without one."""
    if inputs.task.overrides.box is None:
        return None
    align = inputs.align
    polygon = apply(as_matrix(align.transform), corners(inputs.task.overrides.box))
    polygon *= (size[0] / align.canvas[0], size[1] / align.canvas[1])
    mask = np.zeros((size[1], size[0]), np.uint8)
    cv2.fillConvexPoly(mask, np.rint(polygon).astype(np.int32), 255)
    return mask
