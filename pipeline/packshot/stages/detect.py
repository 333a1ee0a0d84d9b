"""detect: finds the product in the photo, by its own alpha or by the background network.

The only stage that touches the outside. Thresholds are the preset's; what it reports is measured on
un-stretched probabilities, so that an empty photo stays empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.contracts.base import ReviewReason
from packshot.contracts.manifest import shown
from packshot.contracts.preset import Preset
from packshot.contracts.stages import DetectInput, DetectOutput, ProductFacts, ReferenceFacts, SourceFacts
from packshot.contracts.task import BatchSettings, ImageTask, effective_model
from packshot.errors import PackshotError, ProductError
from packshot.imaging import segment
from packshot.imaging.geometry import (
    BoxTuple,
    Pose,
    apply,
    bounds,
    compose,
    corners,
    invert,
    resampling,
    similarity,
)
from packshot.imaging.orientation import upright
from packshot.imaging.pyramid import Pyramid
from packshot.imaging.snap import snap
from packshot.imaging.tilt import tilt
from packshot.imaging.warp import warp
from packshot.matting.model import MattingModel
from packshot.stages.context import StageContext
from packshot.stages.outline import mask_to_upright
from packshot.stages.reference import make_reference
from packshot.stages.sight import Sight, look
from packshot.stages.workspace import Workspace

#: Longer side of the coarse mask, pixels: what the shipped network gives.
COARSE_SIDE: Final = 320
#: A product enlarged more than this on the canvas has too few source pixels.
LOW_RESOLUTION_SCALE: Final = 2.0
#: Longer side of what the network is shown, pixels, at least where the photo has them; it shrinks
#: that to its own size, and one that was added may be finer than ours.
_LOOK_SIDE: Final = 640
#: Room around a box given by hand, as a share of it, that the network sees for context.
_BOX_CONTEXT: Final = 0.12


@dataclass(frozen=True, slots=True)
class _Mask:
    """A coarse mask of the upright photo, and how sure its maker is (1 for the photo's own alpha)."""

    pixels: segment.Mask
    confidence: float
    own: bool


def run(inputs: DetectInput, workspace: Workspace, context: StageContext) -> DetectOutput:
    """Finds the product of one image.

    Raises:
        SourceError, SourceUnavailableError: the source can't be had.
        ImageError: it is no picture that we can read.
        ProductError: `no_product_found` or `product_too_small`.
    """
    return detect(inputs.task, inputs.settings, workspace, context)


def detect(
    task: ImageTask, settings: BatchSettings, workspace: Workspace, context: StageContext
) -> DetectOutput:
    """Fetches the source into the workspace, leaves the coarse mask there, returns the facts."""
    if not workspace.has("source"):
        workspace.put_bytes("source", _fetched(task, context))
    sight = look(workspace)
    mask = _coarse_mask(sight, task, settings, context)
    found = segment.segment(mask.pixels if mask.own else _snapped(mask.pixels, sight))
    preset = settings.preset
    if found is None or mask.confidence < preset.thresholds.no_product_confidence:
        raise ProductError("no_product_found")
    if found.coverage < preset.thresholds.min_coverage:
        raise ProductError("product_too_small", coverage_percent=round(100 * found.coverage, 2))
    workspace.put_pixels("coarse", found.mask)
    product = _facts(found, mask, sight.facts)
    return DetectOutput(
        source=sight.facts,
        product=product,
        review_reasons=_reasons(product, sight.facts, preset, own=mask.own),
    )


def _fetched(task: ImageTask, context: StageContext) -> bytes:
    """The source's bytes; errors name it as the manifest does, so that they read the same everywhere."""
    try:
        return context.fetcher.fetch(task.source)
    except PackshotError as error:
        if "source" not in error.details:
            raise
        named = {**error.details, "source": shown(task.row.image_url)}
        raise type(error)(error.code, **named) from error


def run_reference(
    task: ImageTask, settings: BatchSettings, workspace: Workspace, context: StageContext
) -> ReferenceFacts:
    """Makes a reference ready to align to, in its own workspace.

    Raises:
        SourceError, SourceUnavailableError, ImageError, ProductError: as `run`.
    """
    return make_reference(task, settings, detect(task, settings, workspace, context), workspace)


def _coarse_mask(sight: Sight, task: ImageTask, settings: BatchSettings, context: StageContext) -> _Mask:
    box = task.overrides.box
    if sight.alpha is not None:
        mask = _shrunk(upright(_level_above(sight.alpha, COARSE_SIDE), sight.facts.orientation))
        return _Mask(mask if box is None else _only_inside(mask, box, sight.facts), 1.0, own=True)
    model = context.matting(effective_model(task, settings))
    if box is not None:
        return _mask_in_box(sight, box, model)
    one, other = model.look_twice(upright(_level_above(sight.picture, _LOOK_SIDE), sight.facts.orientation))
    return _Mask(
        _shrunk(segment.to_mask((one + other) * np.float32(0.5))), model.confidence(one, other), own=False
    )


def _snapped(mask: segment.Mask, sight: Sight) -> segment.Mask:
    to_upright = mask_to_upright((mask.shape[1], mask.shape[0]), sight.facts)
    return snap(sight.picture, mask, compose(invert(sight.to_upright), to_upright))


def _mask_in_box(sight: Sight, box: BoxTuple, model: MattingModel) -> _Mask:
    """The network sees the box given by hand and a little around it; only what lies in it counts."""
    facts = sight.facts
    width, height = _coarse_size(facts)
    blank = np.zeros((height, width), np.uint8)
    room = _BOX_CONTEXT * max(box[2], box[3])
    left, top = max(box[0] - room, -0.5), max(box[1] - room, -0.5)
    right = min(box[0] + box[2] + room, facts.width - 0.5)
    bottom = min(box[1] + box[3] + room, facts.height - 0.5)
    if right - left < 1 or bottom - top < 1:
        return _Mask(blank, 0.0, own=False)
    scale = min(1.0, _LOOK_SIDE / max(right - left, bottom - top))
    size = (max(1, round((right - left) * scale)), max(1, round((bottom - top) * scale)))
    to_crop = similarity(scale, 0.0, (left, top), (-0.5, -0.5))
    one, other = model.look_twice(warp(sight.picture, compose(to_crop, sight.to_upright), size))
    alpha = (one + other) * np.float32(0.5)
    crop_to_alpha = resampling(alpha.shape[1] / size[0], alpha.shape[0] / size[1])
    to_coarse = compose(
        invert(mask_to_upright((width, height), facts)), invert(compose(crop_to_alpha, to_crop))
    )
    pasted = warp(Pyramid(segment.to_mask(alpha)), to_coarse, (width, height))
    return _Mask(_only_inside(pasted, box, facts), model.confidence(one, other), own=False)


def _only_inside(mask: segment.Mask, box: BoxTuple, facts: SourceFacts) -> segment.Mask:
    """The mask with everything outside a box (upright source pixels) taken away."""
    height, width = mask.shape
    to_mask = invert(mask_to_upright((width, height), facts))
    (left, top), (right, bottom) = apply(to_mask, corners(box)[[0, 2]])
    xs, ys = np.arange(width), np.arange(height)
    columns, rows = (xs >= left) & (xs <= right), (ys >= top) & (ys <= bottom)
    return np.where(rows[:, None] & columns[None, :], mask, np.uint8(0))


def _coarse_size(facts: SourceFacts) -> tuple[int, int]:
    scale = min(1.0, COARSE_SIDE / max(facts.width, facts.height))
    return (max(1, round(facts.width * scale)), max(1, round(facts.height * scale)))


def _level_above(pyramid: Pyramid, side: int) -> NDArray[np.uint8]:
    """The smallest halving whose longer side is still at least `side` pixels."""
    return pyramid.level(max(0, (max(pyramid.size) // side).bit_length() - 1))


def _shrunk(mask: segment.Mask) -> segment.Mask:
    """A mask with its longer side at most `COARSE_SIDE`."""
    height, width = mask.shape
    scale = COARSE_SIDE / max(width, height)
    if scale >= 1.0:
        return mask
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(mask, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _facts(found: segment.Segmentation, mask: _Mask, source: SourceFacts) -> ProductFacts:
    height, width = found.mask.shape
    to_upright = mask_to_upright((width, height), source)
    x, y = apply(to_upright, np.array([found.centroid]))[0]
    # Several products have no tilt in common, and one that is cut off shows a side that is not its own.
    alone = found.count == 1 and (mask.own or not found.edges)
    return ProductFacts(
        box=bounds(apply(to_upright, found.outline)),
        centroid=(float(x), float(y)),
        angle_deg=round(tilt(found.mask), 3) if alone else 0.0,
        count=found.count,
        edges=found.edges,
        confidence=mask.confidence,
        coverage=found.coverage,
    )


def _reasons(
    product: ProductFacts, source: SourceFacts, preset: Preset, *, own: bool
) -> tuple[ReviewReason, ...]:
    canvas = preset.canvas
    pose = Pose.of_canvas(canvas.width, canvas.height, canvas.fill, canvas.baseline)
    scale = pose.scale_for(product.box[2], product.box[3])
    found = {
        ReviewReason.LOW_CONFIDENCE: product.confidence < preset.thresholds.min_confidence,
        ReviewReason.SEVERAL_PRODUCTS: product.count > preset.max_products,
        # A cut-out is often cropped to its product; that says nothing about a missing part.
        ReviewReason.TOUCHES_EDGE: bool(product.edges) and not own,
        ReviewReason.LOW_RESOLUTION: scale > LOW_RESOLUTION_SCALE,
        ReviewReason.ANIMATED_SOURCE: source.frames > 1,
    }
    return tuple(reason for reason, applies in found.items() if applies)
