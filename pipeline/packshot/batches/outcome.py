"""From what the stages left of an image to its record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import packshot
from packshot.batches.plan import BadRow
from packshot.contracts.base import Contract, QcStatus, Status
from packshot.contracts.records import (
    ErrorFacts,
    ImageRecord,
    RecordAlignment,
    RecordProduct,
    Versions,
)
from packshot.contracts.stages import (
    AlignOutput,
    BackgroundOutput,
    CompressOutput,
    DetectOutput,
    EnhanceOutput,
    ScoreOutput,
)
from packshot.contracts.task import BatchSettings, ImageTask, effective_model
from packshot.delivery import placed
from packshot.errors import InternalError, PackshotError

C = TypeVar("C", bound=Contract)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one image.

    Attributes:
        task: what was asked.
        state: outputs of the stages by name, as objects or as JSON; only those that were reached.
        error: why it failed, or None.
        timings_ms: milliseconds by stage.
        source_sha256: of the bytes that were read, also when the picture could not be; None without.
        model_sha256: of the background network's file; empty when it could not be found.
        fingerprint: of all that the result depends on.
    """

    task: ImageTask
    state: Mapping[str, Any]
    error: ErrorFacts | None
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    source_sha256: str | None = None
    model_sha256: str = ""
    fingerprint: str | None = None


def error_facts(error: PackshotError) -> ErrorFacts:
    """An error as it stands in a record."""
    return ErrorFacts(code=error.code, message=error.message, stage=error.stage)


def image_record(result: Result, settings: BatchSettings, now: dt.datetime) -> ImageRecord:
    """The record of a finished revision, with the paths that its files get.

    Raises:
        InternalError: no error is told, and a stage's output is missing.
    """
    task, row = result.task, result.task.row
    facts = _facts(result.state)
    if result.error is None:
        facts |= _verdict(result, settings)
    else:
        facts |= {"status": Status.FAILED, "qc_status": QcStatus.PENDING, "error": result.error}
    model = f"{effective_model(task, settings)}@{result.model_sha256[:12]}"
    preset = f"{settings.preset.name}@{settings.preset.version}"
    return ImageRecord(
        batch_id=task.batch_id,
        image_id=task.image_id,
        revision=task.revision,
        source=row.image_url,
        sku_id=row.sku_id,
        product_group_id=row.product_group_id,
        image_type=row.image_type,
        line=row.line,
        reference=row.reference,
        mode=row.mode,
        background=row.background,
        scale=row.scale,
        overrides=task.overrides,
        source_sha256=result.source_sha256,
        fingerprint=result.fingerprint,
        versions=Versions(packshot=packshot.__version__, model=model, preset=preset),
        timings_ms=dict(result.timings_ms),
        updated_at=now,
        **facts,
    )


def bad_row_record(bad: BadRow, batch_id: str, settings: BatchSettings, now: dt.datetime) -> ImageRecord:
    """The failed record of a line that could not become a task."""
    return ImageRecord(
        batch_id=batch_id,
        image_id=bad.image_id,
        source="",
        sku_id="",
        product_group_id="",
        image_type="",
        line=bad.line,
        status=Status.FAILED,
        qc_status=QcStatus.PENDING,
        error=bad.error,
        versions=Versions(
            packshot=packshot.__version__,
            model=settings.model,
            preset=f"{settings.preset.name}@{settings.preset.version}",
        ),
        updated_at=now,
    )


def _facts(state: Mapping[str, Any]) -> dict[str, Any]:
    """What is known of the photo, however far it came."""
    facts: dict[str, Any] = {}
    detect = _output(state, "detect", DetectOutput)
    align = _output(state, "align", AlignOutput)
    background = _output(state, "background", BackgroundOutput)
    enhance = _output(state, "enhance", EnhanceOutput)
    if detect is not None:
        product = detect.product
        facts["product"] = RecordProduct(
            box=product.box,
            angle_deg=product.angle_deg,
            confidence=product.confidence,
            coverage=product.coverage,
        )
        facts["source_bytes"] = detect.source.bytes
        facts["source_size"] = (detect.source.width, detect.source.height)
        facts["review_reasons"] = detect.review_reasons
    if align is not None:
        facts["alignment"] = RecordAlignment(
            method=align.method,
            transform=align.transform,
            residual_px=align.residual_px,
            scale=align.scale,
            rotation_deg=align.rotation_deg,
            enlarged=align.enlarged,
            canvas=align.canvas,
            box=background.box if background is not None else None,
        )
    if enhance is not None:
        facts["enhancements"] = {change.name: change.amount for change in enhance.applied}
    return facts


def _verdict(result: Result, settings: BatchSettings) -> dict[str, Any]:
    score = _output(result.state, "score", ScoreOutput)
    compress = _output(result.state, "compress", CompressOutput)
    background = _output(result.state, "background", BackgroundOutput)
    if score is None or compress is None or background is None:
        raise InternalError("internal_error", reason="the stages ended without a score, and without an error")
    return {
        "status": Status.COMPLETED,
        "qc_status": score.qc_status,
        "score_before": score.score_before,
        "score_after": score.score_after,
        "score_parts": score.score_parts,
        "score_parts_before": score.score_parts_before,
        "review_reasons": score.review_reasons,
        "compliance": score.compliance,
        "renditions": placed(compress.renditions, result.task.row, settings.preset, score.qc_status),
    }


def _output(state: Mapping[str, Any], name: str, kind: type[C]) -> C | None:
    return kind.model_validate(state[name]) if name in state else None
