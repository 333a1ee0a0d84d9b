"""Records for tests, made by hand: as a run would leave them, with every kind of outcome."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from typing import Any

from PIL import Image, ImageDraw

from packshot.contracts.base import Mode, QcStatus, ReviewReason, Status
from packshot.contracts.preset import Canvas, Format, Preset, RenditionSpec
from packshot.contracts.records import (
    BatchRecord,
    ErrorFacts,
    ImageRecord,
    RecordAlignment,
    RecordProduct,
    Versions,
)
from packshot.contracts.stages import ComplianceResult, RenditionFile
from packshot.contracts.task import BatchSettings

NOW = dt.datetime(2026, 11, 21, 6, 0, tzinfo=dt.UTC)
VERSIONS = Versions(packshot="0.1.0", model="packshot-matte@0123456789ab", preset="studio@1")
STAGE_MS = {
    "detect": 140.0,
    "align": 90.0,
    "background": 210.0,
    "enhance": 45.0,
    "compress": 160.0,
    "score": 60.0,
}


def preset(**changes: Any) -> Preset:
    values: dict[str, Any] = {
        "name": "studio",
        "title": "Studio",
        "version": "1",
        "canvas": Canvas(width=2000, height=2000),
        "renditions": (RenditionSpec(name="main", format=Format.JPEG, target_kb=500),),
    }
    return Preset(**(values | changes))


def batch(total: int = 1, **changes: Any) -> BatchRecord:
    values: dict[str, Any] = {
        "batch_id": "b" * 16,
        "status": Status.COMPLETED,
        "manifest": "photos/autumn.csv",
        "settings": BatchSettings(preset=preset(), mode=Mode.AUTO, as_of=NOW.date()),
        "total": total,
        "created_at": NOW,
        "finished_at": NOW + dt.timedelta(minutes=2),
    }
    return BatchRecord(**(values | changes))


def rule(name: str = "amazon.fill_long", *, passed: bool = True, level: str = "required") -> ComplianceResult:
    return ComplianceResult.model_validate(
        {
            "rule": name,
            "level": level,
            "passed": passed,
            "measured": 0.87 if passed else 0.71,
            "limit": "at least 0.85",
            "fix": "Let the product fill at least 85 % of the frame.",
            "source": "Amazon product image guide",
            "dated": "2026-10-01",
        }
    )


def rendition(
    name: str = "main", folder: str = "catalogue", stem: str = "soap", **changes: Any
) -> RenditionFile:
    values: dict[str, Any] = {
        "name": name,
        "format": Format.JPEG,
        "width": 2000,
        "height": 2000,
        "bytes": 412_000,
        "quality": 91,
        "sha256": "0" * 64,
        "path": f"{folder}/care/{stem}/{stem}.primary.{name}.jpg",
    }
    return RenditionFile(**(values | changes))


def record(number: int = 0, **changes: Any) -> ImageRecord:
    """A finished, auto-approved image; `number` makes its id and SKU."""
    sku = f"soap-{number:03}"
    values: dict[str, Any] = {
        "batch_id": "b" * 16,
        "image_id": "img-" + hashlib.sha256(str(number).encode()).hexdigest()[:20],
        "source": f"care/{sku}/front.jpg",
        "sku_id": sku,
        "product_group_id": "care",
        "image_type": "primary",
        "line": number + 2,
        "status": Status.COMPLETED,
        "qc_status": QcStatus.AUTO_APPROVED,
        "score_before": 48.0 + number % 17,
        "score_after": 82.0 + number % 13,
        "score_parts": {"sharpness": 88.0, "exposure": 91.0, "noise": 84.0, "fill": 100.0, "edges": 79.0},
        "score_parts_before": {"sharpness": 71.0, "exposure": 62.0, "noise": 70.0, "fill": 34.0},
        "product": RecordProduct(box=(900, 500, 1300, 1900), angle_deg=6.5, confidence=0.97, coverage=0.21),
        "alignment": RecordAlignment(
            method="features",
            transform=(0.889, 0.0979, -523.0, -0.0979, 0.889, -146.0),
            residual_px=0.31,
            scale=0.894,
            rotation_deg=-6.3,
            enlarged=False,
        ),
        "compliance": (rule(), rule("amazon.zoom", level="advised")),
        "renditions": (
            rendition(stem=sku),
            rendition("thumb", stem=sku, width=500, height=500, bytes=21_000),
        ),
        "enhancements": {"exposure": 0.4, "white_balance": 0.7},
        "source_bytes": 4_300_000,
        "source_size": (3000, 2800),
        "versions": VERSIONS,
        "timings_ms": STAGE_MS,
        "updated_at": NOW,
    }
    return ImageRecord(**(values | changes))


def review_record(number: int = 1, *reasons: ReviewReason, **changes: Any) -> ImageRecord:
    wanted = reasons or (ReviewReason.LOW_SCORE,)
    score = {"score_after": 66.0} if ReviewReason.LOW_SCORE in wanted else {}
    values = {"qc_status": QcStatus.NEEDS_REVIEW, "review_reasons": wanted} | score | changes
    return record(number, **values)


def failed_record(number: int = 2, code: str = "image_truncated", **changes: Any) -> ImageRecord:
    sentence = "The picture's file ends too early; part of it is missing."
    values: dict[str, Any] = {
        "status": Status.FAILED,
        "qc_status": QcStatus.PENDING,
        "error": ErrorFacts(code=code, message=sentence, stage="detect"),
        "score_before": None,
        "score_after": None,
        "score_parts": {},
        "score_parts_before": {},
        "product": None,
        "alignment": None,
        "compliance": (),
        "renditions": (),
        "enhancements": {},
        "source_size": None,
        "timings_ms": {"detect": 12.0},
    }
    return record(number, **(values | changes))


def bad_line(line: int = 7, code: str = "row_value_missing") -> ImageRecord:
    """A manifest's line that could not become an image."""
    sentence = "The column image_url is empty."
    blank = {"source": "", "sku_id": "", "product_group_id": "", "image_type": "", "source_bytes": None}
    error = ErrorFacts(code=code, message=sentence)
    return failed_record(10_000 + line, line=line, error=error, timings_ms={}, **blank)


def jpeg(width: int = 300, height: int = 280, colour: str = "#8a6f4d", **options: Any) -> bytes:
    """A drawn photo: a box on a ground, as bytes."""
    image = Image.new("RGB", (width, height), "#b9b2a4")
    ImageDraw.Draw(image).rectangle((width * 0.3, height * 0.18, width * 0.73, height * 0.86), fill=colour)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85, **options)
    return out.getvalue()
