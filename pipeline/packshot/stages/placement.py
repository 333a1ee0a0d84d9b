"""Which similarity puts a product onto the canvas: its reference's, or the preset's pose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from packshot.contracts.base import ReviewReason
from packshot.contracts.manifest import Scale
from packshot.contracts.stages import AlignInput
from packshot.imaging.features import Features
from packshot.imaging.geometry import Array, Pose, apply, compose, invert, place, scale_of
from packshot.imaging.same_package import match_package
from packshot.stages.context import StageContext
from packshot.stages.pose import pose_beside, preset_pose
from packshot.stages.reference import Reference, load_reference, product_features
from packshot.stages.sight import Sight
from packshot.stages.workspace import Workspace

#: Features from which on a product has print enough to be told from another's.
_TELLING_FEATURES: Final = 60

Method = Literal["features", "mask_pose", "reference", "preset"]


@dataclass(frozen=True, slots=True)
class Placement:
    """The similarity from upright source pixels to the preset's canvas, and where it comes from.

    Attributes:
        baseline: y on the preset's canvas on which the reference stands; None without one.
        residual_px: median distance of the matched points on the canvas.
    """

    method: Method
    matrix: Array
    baseline: float | None = None
    residual_px: float | None = None
    inliers: int = 0
    review_reasons: tuple[ReviewReason, ...] = ()


def place_product(
    inputs: AlignInput, outline: Array, sight: Sight, workspace: Workspace, context: StageContext
) -> Placement:
    """Decides where the product goes; `outline` is its (N, 2) hull in upright source pixels."""
    task, preset = inputs.task, inputs.settings.preset
    by_hand = task.overrides.angle_deg
    angle = inputs.detect.product.angle_deg if by_hand is None else by_hand
    if task.is_reference or task.reference_id is None or task.reference_unusable:
        matrix = place(outline, preset_pose(preset), angle_deg=angle)
        return Placement("reference" if task.is_reference else "preset", matrix)
    reference = load_reference(context.reference(task.reference_id))
    beside = pose_beside(apply(reference.to_canvas, reference.outline), preset)
    pose = _posed(beside, reference, outline, angle, inputs)
    if by_hand is not None:
        # A person has said how it stands, so the print is not asked.
        return Placement("mask_pose", pose, beside.baseline)
    features = product_features(sight, outline, workspace)
    found = match_package(features, reference.features, compose(invert(reference.to_canvas), pose))
    if found is None:
        reasons = _mismatch(reference, features, inputs)
        return Placement("mask_pose", pose, beside.baseline, review_reasons=reasons)
    residual = found.fit.residual * scale_of(reference.to_canvas)
    uncertain = residual > preset.thresholds.max_residual_px
    return Placement(
        method="features",
        matrix=compose(reference.to_canvas, found.fit.matrix),
        baseline=beside.baseline,
        residual_px=residual,
        inliers=int(found.fit.inliers.sum()),
        review_reasons=(ReviewReason.ALIGNMENT_UNCERTAIN,) if uncertain else (),
    )


def _posed(pose: Pose, reference: Reference, outline: Array, angle: float, inputs: AlignInput) -> Array:
    """The masks' pose: the reference's centre and baseline, its fill or its scale."""
    shared = scale_of(reference.to_canvas) if inputs.task.row.scale is Scale.SHARED else None
    return place(outline, pose, angle_deg=angle, scale=shared)


def _mismatch(reference: Reference, features: Features, inputs: AlignInput) -> tuple[ReviewReason, ...]:
    """A person is told when the same side of the same SKU should have matched and did not.

    Without enough print on both there is nothing to match, and the masks' pose is all there is.
    """
    row, facts = inputs.task.row, reference.facts
    same = row.sku_id == facts.sku_id and row.image_type == facts.image_type
    telling = min(len(features.points), facts.keypoints) >= _TELLING_FEATURES
    return (ReviewReason.DIFFERENT_PACKAGE,) if same and telling else ()
