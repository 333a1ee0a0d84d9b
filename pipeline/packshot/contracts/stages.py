"""Typed inputs and outputs of the stages.

The state of one image is a JSON object {task, settings, detect?, align?, ...}; each stage's input
picks from it the parts that it reads (`StageInput.of`), and its output is stored under its name.
"""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import Field

from packshot.contracts.base import Box, Contract, Matrix, QcStatus, ReviewReason, Share
from packshot.contracts.preset import Format, Measure
from packshot.contracts.task import BatchSettings, ImageTask


class SourceFacts(Contract):
    """The photo as it came: size of the upright picture, and what its file says.

    Attributes:
        orientation: the EXIF orientation, 1-8; width and height have it applied.
        profile: name of the embedded colour profile, or None when it was sRGB or absent.
        sha256: of the source's bytes.
    """

    width: int
    height: int
    format: str
    bytes: int
    sha256: str
    orientation: int = Field(default=1, ge=1, le=8)
    bit_depth: int = 8
    has_alpha: bool = False
    profile: str | None = None
    frames: int = 1


class ProductFacts(Contract):
    """The product in the upright source.

    Attributes:
        box: of the mask, in pixels.
        centroid: x, y of the mask, in pixels.
        angle_deg: clockwise from upright, in [-45, 45]; 0 when it has no direction of its own.
        count: separate objects of product size.
        edges: sides of the photo that the product touches.
        confidence: 0-1, calibrated; see the model card.
        coverage: share of the photo that the mask covers.
    """

    box: Box
    centroid: tuple[float, float]
    angle_deg: float
    count: int
    edges: tuple[Literal["left", "top", "right", "bottom"], ...] = ()
    confidence: Share
    coverage: Share


class DetectOutput(Contract):
    """Facts of source and product; leaves the source's bytes and the coarse mask in the workspace."""

    source: SourceFacts
    product: ProductFacts
    review_reasons: tuple[ReviewReason, ...] = ()


class ReferenceFacts(Contract):
    """A reference, ready to align to; its features lie in its workspace.

    Attributes:
        transform: upright reference pixels to canvas pixels (the preset's pose).
        product: facts of the reference's product.
        keypoints: how many features were kept on its product.
        sku_id, image_type: whose photo it is; another photo of the same should show the same package.
    """

    reference_id: str
    source: SourceFacts
    product: ProductFacts
    transform: Matrix
    keypoints: int
    sku_id: str = ""
    image_type: str = ""


class AlignOutput(Contract):
    """The similarity that was used; leaves the aligned picture in the workspace.

    Attributes:
        method: features (same package), mask_pose (masks' pose), reference (is it), preset (no reference).
        transform: upright source pixels to canvas pixels.
        scale: canvas pixels per source pixel.
        rotation_deg: clockwise turn from source to canvas.
        residual_px: median distance of matched features on the canvas, None without features.
        inliers: matches that agree with the transform.
        enlarged: the product grew.
        canvas: width, height in pixels; smaller than the preset's when it must never enlarge.
        baseline: y on the canvas on which the reference's product stands, and this one is to stand;
            None without a reference: the preset says where.
        box: the product's box on the canvas, as the coarse mask tells it.
    """

    method: Literal["features", "mask_pose", "reference", "preset"]
    transform: Matrix
    scale: float
    rotation_deg: float
    residual_px: float | None = None
    inliers: int = 0
    enlarged: bool = False
    canvas: tuple[int, int]
    baseline: float | None = None
    box: Box
    review_reasons: tuple[ReviewReason, ...] = ()


class BackgroundOutput(Contract):
    """The final alpha's facts; leaves `alpha` (uint8) and decontaminated colours in the workspace.

    Attributes:
        box: of alpha >= 0.5 on the canvas.
        coverage: share of the canvas with alpha >= 0.5.
        soft_share: share of the alpha that is neither 0 nor 1, over the product's area.
        confidence: 0-1, of the fine pass.
    """

    box: Box
    coverage: Share
    soft_share: float
    confidence: Share
    review_reasons: tuple[ReviewReason, ...] = ()


class Enhancement(Contract):
    """One change that was made: what was measured, and how strongly it was answered (0-1)."""

    name: Literal["white_balance", "exposure", "denoise", "sharpen"]
    measured: float
    amount: float


class EnhanceOutput(Contract):
    """What was changed; leaves the finished picture in the workspace."""

    applied: tuple[Enhancement, ...] = ()
    review_reasons: tuple[ReviewReason, ...] = ()


class RenditionFile(Contract):
    """One output file, in the workspace under `renditions/<name>.<ext>` until it is delivered.

    Attributes:
        path: under `catalogue/` or `review/`; empty until it is delivered.
        quality: the encoder's, None for lossless formats.
        sha256: of the file.
    """

    name: str
    format: Format
    width: int
    height: int
    bytes: int
    quality: int | None
    sha256: str
    path: str = ""


class CompressOutput(Contract):
    """The renditions that were made, in the preset's order: one that can't be fails the image."""

    renditions: tuple[RenditionFile, ...]


class ComplianceResult(Contract):
    """One rule, measured on the decoded final file.

    Attributes:
        limit: `minimum` and `maximum` (both inclusive, None for no bound) in words.
        measure: what was measured; None in records of before it was kept, as are the bounds.
    """

    rule: str
    level: Literal["required", "advised"]
    passed: bool
    measured: float
    limit: str
    fix: str
    source: str
    dated: str
    measure: Measure | None = None
    minimum: float | None = None
    maximum: float | None = None


class ScoreOutput(Contract):
    """Before and after, on the product; 0-100 with named parts, and the verdict."""

    score_before: float
    score_after: float
    score_parts: dict[str, float]
    score_parts_before: dict[str, float]
    compliance: tuple[ComplianceResult, ...]
    qc_status: QcStatus
    review_reasons: tuple[ReviewReason, ...]


class StageInput(Contract):
    """What every stage reads."""

    task: ImageTask
    settings: BatchSettings

    @classmethod
    def of(cls, state: dict[str, Any]) -> Self:
        """Picks this input's fields from an image's state; more fields there are ignored."""
        return cls.model_validate({key: state[key] for key in cls.model_fields if key in state})


class DetectInput(StageInput):
    """detect reads nothing but the task."""


class AlignInput(StageInput):
    """align reads the facts of detect; the reference's facts lie in the reference's workspace."""

    detect: DetectOutput


class BackgroundInput(StageInput):
    """background reads where align put the product."""

    detect: DetectOutput
    align: AlignOutput


class EnhanceInput(StageInput):
    """enhance works inside the product's box."""

    align: AlignOutput
    background: BackgroundOutput


class CompressInput(StageInput):
    """compress reads the product's box for the ground's rule."""

    align: AlignOutput
    background: BackgroundOutput


class ScoreInput(StageInput):
    """score reads all facts."""

    detect: DetectOutput
    align: AlignOutput
    background: BackgroundOutput
    enhance: EnhanceOutput
    compress: CompressOutput
