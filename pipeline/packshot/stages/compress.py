"""compress: the finished picture on its ground, as every file that the preset asks for."""

from __future__ import annotations

import hashlib
import math
from typing import Final

import cv2

from packshot.contracts.limits import MIN_SIDE
from packshot.contracts.preset import Format, RenditionSpec
from packshot.contracts.stages import CompressInput, CompressOutput, RenditionFile
from packshot.contracts.task import effective_target_kb
from packshot.errors import RenditionError
from packshot.imaging.budget import Fit, fit_quality
from packshot.imaging.compose import resize_rgba
from packshot.imaging.pixelate import pixelate
from packshot.imaging.white_jpeg import hold_white
from packshot.imaging.white_rule import ground_of
from packshot.stages.context import StageContext
from packshot.stages.finished import Finished, decoded_name
from packshot.stages.workspace import Pixels, Workspace

#: A rendition that shrinks to meet its budget aims this far below it, since bytes fall slower than area.
_SHRINK_AIM: Final = 0.92


def run(given: CompressInput, workspace: Workspace, _context: StageContext) -> CompressOutput:
    """Writes `renditions/<name>.<ext>` for every rendition of the preset, `main` first.

    Raises:
        RenditionError: `rendition_over_budget` when one can't be made within its budget at its
            smallest size, `rendition_failed` when its format can't hold it.
    """
    preset = given.settings.preset
    picture = Finished.of(given.task, given.settings, workspace)
    target = effective_target_kb(given.task, given.settings)
    made: dict[str, RenditionFile] = {}
    # A stable sort: main, then as listed.
    for spec in sorted(preset.renditions, key=lambda spec: spec.name != "main"):
        budget_kb = target if spec.name == "main" and target is not None else spec.target_kb
        sized, fit = _make(spec, picture, budget_kb)
        made[spec.name] = _kept(spec, sized, fit, workspace)
    return CompressOutput(renditions=tuple(made[spec.name] for spec in preset.renditions))


def _make(spec: RenditionSpec, finished: Finished, budget_kb: int | None) -> tuple[Pixels, Fit]:
    """The largest size, and at it the highest quality, that a rendition's budget allows."""
    budget = None if budget_kb is None else budget_kb * 1000
    picture = finished.small(spec) if spec.pixels is not None else finished.for_rendition(spec)
    longer = max(finished.alpha.shape)
    side = longer if spec.longest_side is None else spec.longest_side
    if spec.pixels is None:
        side = min(side, longer)  # a rendition is never larger than the finished picture
    least = _least_side(spec, finished)
    while True:
        sized = _sized(spec, picture, side)
        fit = fit_quality(sized, spec.format, budget, spec.min_quality, spec.max_quality, spec.name)
        if fit.data is not None and _has_white_rule(spec, finished):
            ground, last = _ground_at(finished, sized), budget is None or side <= least
            fit = hold_white(sized, ground, fit, budget, spec.min_quality, spec.name, at_any_price=last)
        if fit.data is not None:
            return sized, fit
        if side <= least:
            raise RenditionError("rendition_over_budget", rendition=spec.name, budget_kb=budget_kb)
        side = max(_smaller(side, fit, budget or 0), least)


def _least_side(spec: RenditionSpec, finished: Finished) -> int:
    """Longer side down to which a rendition may shrink; score reads `main` again, as it reads a photo."""
    if spec.name != "main":
        return spec.min_side
    readable: int = math.ceil(MIN_SIDE * max(finished.alpha.shape) / min(finished.alpha.shape))
    return max(spec.min_side, readable)


def _has_white_rule(spec: RenditionSpec, finished: Finished) -> bool:
    # A pixelated preview's blocks mix product and ground, so that there is no ground to speak of.
    return spec.format is Format.JPEG and spec.pixels is None and finished.ground_is_white


def _ground_at(finished: Finished, sized: Pixels) -> Pixels:
    height, width = sized.shape[:2]
    alpha = finished.alpha
    if alpha.shape != (height, width):
        alpha = cv2.resize(alpha, (width, height), interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    return ground_of(alpha)


def _smaller(side: int, fit: Fit, budget: int) -> int:
    # A file within the budget that is no good all the same is one whose quality was too low for white.
    factor = math.sqrt(_SHRINK_AIM * min(budget / fit.smallest, 1.0))
    return min(side - 1, int(side * factor))


def _sized(spec: RenditionSpec, picture: Pixels, side: int) -> Pixels:
    height, width = picture.shape[:2]
    longer = max(width, height)
    if spec.pixels is not None:
        return pixelate(picture, spec.pixels, side)
    if side == longer:
        return picture
    size = max(1, round(width * side / longer)), max(1, round(height * side / longer))
    if picture.shape[2] == 4:
        return resize_rgba(picture, size)
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA)  # type: ignore[return-value]


def _kept(spec: RenditionSpec, sized: Pixels, fit: Fit, workspace: Workspace) -> RenditionFile:
    data, decoded = fit.data, fit.decoded
    assert data is not None  # noqa: S101 - _make gives no fit without a file
    workspace.put_bytes(f"renditions/{spec.name}.{spec.format.extension}", data)
    if decoded is not None:  # score looks at the final file too; it need not be decoded twice
        workspace.memo(decoded_name(spec.name), lambda: decoded)
    height, width = sized.shape[:2]
    return RenditionFile(
        name=spec.name,
        format=spec.format,
        width=width,
        height=height,
        bytes=len(data),
        quality=None if spec.format.lossless else fit.quality,
        sha256=hashlib.sha256(data).hexdigest(),
    )
