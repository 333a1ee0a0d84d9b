"""align: one similarity from the stored photo to the canvas, and the one warp that follows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from packshot.contracts.base import Mode, ReviewReason
from packshot.contracts.stages import AlignInput, AlignOutput
from packshot.contracts.task import BatchSettings, effective_background, effective_mode
from packshot.imaging.geometry import (
    Array,
    BoxTuple,
    apply,
    as_tuple,
    bounds,
    compose,
    invert,
    rotation_of,
    scale_of,
    similarity,
)
from packshot.imaging.warp import Kernel, inside, warp, warp_cut_out
from packshot.stages.context import StageContext
from packshot.stages.outline import product_outline
from packshot.stages.placement import Placement, place_product
from packshot.stages.sight import Sight, look
from packshot.stages.workspace import SAMPLE_STEP, Workspace

#: Growth up to this is rounding, not enlargement.
_GROWTH_TOLERANCE: Final = 1.001
#: A turn that moves no pixel of a canvas by a twentieth.
_NO_TURN_DEG: Final = 0.002
#: Growth above this is plain to see, so a person is asked. Every growth stands in `enlarged`, costs
#: points under `resolution`, and can be a marketplace's rule.
_VISIBLE_GROWTH: Final = 1.5
#: Growth from which Lanczos is worth ten times the bilinear warp's time.
_LANCZOS_GROWTH: Final = 1.1
#: Share of the canvas's longer side by which an outline may reach beyond it and still be all there: a coarse
#: mask is no more exact.
_BEYOND: Final = 0.01
#: Modes that may sharpen what the warp enlarges; the others interpolate plainly.
_UPSCALING: Final = frozenset({Mode.AUTO, Mode.FULL, Mode.UPSCALE})


@dataclass(frozen=True, slots=True)
class _Canvas:
    """The canvas that is really made, and the map of upright source pixels onto it."""

    size: tuple[int, int]
    matrix: Array

    @property
    def grows(self) -> bool:
        return scale_of(self.matrix) > _GROWTH_TOLERANCE


def run(inputs: AlignInput, workspace: Workspace, context: StageContext) -> AlignOutput:
    """Puts the product of one image onto the canvas.

    Raises:
        ImageError: the source is no picture that we can read.
        ProductError: the mask that detect left is empty.
    """
    sight = look(workspace)
    outline = product_outline(workspace, inputs.detect.source)
    placement = place_product(inputs, outline, sight, workspace, context)
    canvas = _canvas(placement.matrix, inputs.settings)
    outside = _leave_pictures(canvas, sight, inputs, workspace)
    box = bounds(apply(canvas.matrix, outline))
    # A photo that came cut out has no ground that would have to be extended.
    extended = outside and sight.alpha is None
    return AlignOutput(
        method=placement.method,
        transform=as_tuple(canvas.matrix),
        scale=scale_of(canvas.matrix),
        rotation_deg=rotation_of(canvas.matrix),
        residual_px=placement.residual_px,
        inliers=placement.inliers,
        enlarged=canvas.grows,
        canvas=canvas.size,
        baseline=_baseline(placement, canvas),
        box=box,
        review_reasons=_reasons(placement, canvas, inputs, cut_off=_cut_off(box, canvas), extended=extended),
    )


def _canvas(matrix: Array, settings: BatchSettings) -> _Canvas:
    """The preset's canvas, or a smaller one of its aspect when the product must not grow."""
    width, height = settings.preset.canvas.width, settings.preset.canvas.height
    scale = scale_of(matrix)
    if not settings.preset.never_enlarge or scale <= 1.0:
        return _Canvas((width, height), matrix)
    # Rounded up, so that no part of the product's margin is lost.
    size = (max(1, -int(-width // scale)), max(1, -int(-height // scale)))
    centre, target = ((width - 1) / 2, (height - 1) / 2), ((size[0] - 1) / 2, (size[1] - 1) / 2)
    matrix = compose(similarity(1.0 / scale, 0.0, centre, target), matrix)
    if abs(rotation_of(matrix)) < _NO_TURN_DEG:
        # Pixel for pixel: half a pixel of centring is worth less than the photo's own sharpness.
        matrix = np.array([[1.0, 0.0, round(matrix[0, 2])], [0.0, 1.0, round(matrix[1, 2])]])
    return _Canvas(size, matrix)


def _baseline(placement: Placement, canvas: _Canvas) -> float | None:
    """The reference's baseline on the canvas that is really made."""
    if placement.baseline is None:
        return None
    from_preset = compose(canvas.matrix, invert(placement.matrix))
    return float(apply(from_preset, np.array([[0.0, placement.baseline]]))[0, 1])


def _leave_pictures(canvas: _Canvas, sight: Sight, inputs: AlignInput, workspace: Workspace) -> bool:
    """Writes the aligned picture and its masks; True when part of the canvas has no source."""
    mode = effective_mode(inputs.task, inputs.settings)
    sharpened = mode in _UPSCALING and scale_of(canvas.matrix) > _LANCZOS_GROWTH
    kernel = Kernel.LANCZOS if sharpened else Kernel.BILINEAR
    matrix = compose(canvas.matrix, sight.to_upright)
    if sight.alpha is None:
        workspace.put_pixels("aligned", warp(sight.picture, matrix, canvas.size, kernel))
    else:
        picture, alpha = warp_cut_out(sight.picture, sight.alpha, matrix, canvas.size, kernel)
        workspace.put_pixels("aligned", picture)
        workspace.put_pixels("aligned_alpha", alpha)
    sampled = workspace.get_pixels("aligned")[::SAMPLE_STEP, ::SAMPLE_STEP]
    workspace.put_pixels("aligned_sampled", np.ascontiguousarray(sampled))
    covered = inside(matrix, sight.picture.size, canvas.size)
    if covered is None:
        return False
    workspace.put_pixels("aligned_inside", covered)
    return True


def _cut_off(box: BoxTuple, canvas: _Canvas) -> bool:
    """True when the canvas holds only a part of the product: at its reference's scale it may be too large."""
    (x, y, w, h), (width, height) = box, canvas.size
    beyond = max(-0.5 - x, -0.5 - y, x + w - (width - 0.5), y + h - (height - 0.5))
    return beyond > _BEYOND * max(width, height)


def _reasons(
    placement: Placement, canvas: _Canvas, inputs: AlignInput, *, cut_off: bool, extended: bool
) -> tuple[ReviewReason, ...]:
    task, settings = inputs.task, inputs.settings
    keeps_ground = effective_background(task, settings) == "keep"
    grown = scale_of(canvas.matrix) > _VISIBLE_GROWTH
    # One cause, one reason: detect has said it already when the photo is far too small.
    told = ReviewReason.LOW_RESOLUTION in inputs.detect.review_reasons
    found = {
        ReviewReason.REFERENCE_UNUSABLE: task.reference_unusable,
        ReviewReason.TOUCHES_EDGE: cut_off,
        ReviewReason.ENLARGED: grown and not told,
        ReviewReason.GROUND_EXTENDED: extended and keeps_ground,
    }
    own = tuple(reason for reason, applies in found.items() if applies)
    return placement.review_reasons + own
