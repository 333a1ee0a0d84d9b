"""Which similarity puts a product onto the canvas: its reference's, or the preset's pose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from packshot.contracts.base import ReviewReason
from packshot.contracts.manifest import Scale
from packshot.contracts.preset import Preset
from packshot.contracts.stages import AlignInput, ReferenceFacts
from packshot.errors import InternalError
from packshot.imaging.geometry import (
    Array,
    Pose,
    apply,
    as_matrix,
    bounds,
    place,
    scale_of,
)
from packshot.imaging.segment import segment
from packshot.stages.context import StageContext
from packshot.stages.detect import mask_to_upright
from packshot.stages.sight import Sight
from packshot.stages.workspace import Workspace

Method = Literal["features", "mask_pose", "reference", "preset"]


@dataclass(frozen=True, slots=True)
class Placement:
    """The similarity from upright source pixels to the preset's canvas, and where it comes from."""

    method: Method
    matrix: Array
    residual_px: float | None = None
    inliers: int = 0
    review_reasons: tuple[ReviewReason, ...] = ()


def preset_pose(preset: Preset) -> Pose:
    """Where a preset wants a product that has no reference."""
    canvas = preset.canvas
    return Pose.of_canvas(canvas.width, canvas.height, canvas.fill, canvas.baseline)


def place_product(
    inputs: AlignInput, outline: Array, sight: Sight, workspace: Workspace, context: StageContext
) -> Placement:
    """Decides where the product goes; `outline` is its (N, 2) hull in upright source pixels."""
    task = inputs.task
    by_hand = task.overrides.angle_deg
    angle = inputs.detect.product.angle_deg if by_hand is None else by_hand
    preset = inputs.settings.preset
    if task.is_reference or task.reference_id is None or task.reference_unusable:
        matrix = place(outline, preset_pose(preset), angle_deg=angle)
        return Placement("reference" if task.is_reference else "preset", matrix)
    reference = context.reference(task.reference_id)
    facts = ReferenceFacts.model_validate_json(reference.get_bytes("facts.json"))
    return _beside(facts, reference, outline, angle, inputs)


def _beside(
    facts: ReferenceFacts, reference: Workspace, outline: Array, angle: float, inputs: AlignInput
) -> Placement:
    """Another product of the group: the reference's centre and baseline, its fill or its scale."""
    to_canvas = as_matrix(facts.transform)
    coarse = reference.get_pixels("coarse")
    found = segment(coarse)
    if found is None:
        raise InternalError("internal_error", reason="the reference's mask is empty")
    mapped = apply(mask_to_upright((coarse.shape[1], coarse.shape[0]), facts.source), found.outline)
    x, y, w, h = bounds(apply(to_canvas, mapped))
    canvas = inputs.settings.preset.canvas
    fill = max(w / canvas.width, h / canvas.height)
    pose = Pose(
        canvas.width,
        canvas.height,
        fill,
        x + w / 2,
        y + h / 2,
        baseline=y + h,
        margin=max(0.0, (1 - fill) / 2),
    )
    shared = scale_of(to_canvas) if inputs.task.row.scale is Scale.SHARED else None
    return Placement("mask_pose", place(outline, pose, angle_deg=angle, scale=shared))
