"""Records, tasks and events for tests, each valid and with the least that makes it so."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from packshot.contracts import ids
from packshot.contracts.base import QcStatus, Status
from packshot.contracts.preset import Canvas, Format, Preset, RenditionSpec
from packshot.contracts.records import BatchRecord, ImageRecord, Versions
from packshot.contracts.stages import RenditionFile
from packshot.contracts.task import BatchSettings

NOW = dt.datetime(2026, 3, 1, 12, 0, 0, 250_000, tzinfo=dt.UTC)


def later(seconds: float) -> dt.datetime:
    return NOW + dt.timedelta(seconds=seconds)


def preset(**changes: Any) -> Preset:
    values: dict[str, Any] = {
        "name": "plain",
        "title": "Plain",
        "version": "1",
        "canvas": Canvas(width=64, height=64),
        "renditions": (
            RenditionSpec(name="main", format=Format.JPEG),
            RenditionSpec(name="thumb", format=Format.WEBP),
        ),
    }
    return Preset(**{**values, **changes})


def settings(**changes: Any) -> BatchSettings:
    values: dict[str, Any] = {"preset": preset(), "as_of": dt.date(2026, 3, 1)}
    return BatchSettings(**{**values, **changes})


def batch(batch_id: str = "batch-1", **changes: Any) -> BatchRecord:
    values: dict[str, Any] = {
        "batch_id": batch_id,
        "status": Status.PENDING,
        "manifest": "photos.csv",
        "settings": settings(),
        "total": 1,
        "created_at": NOW,
    }
    return BatchRecord(**{**values, **changes})


def image_id(number: int | str) -> str:
    return ids.image_id("group", f"sku-{number}", "primary", f"{number}.jpg")


def rendition(name: str = "main", data: bytes = b"picture", path: str = "", **changes: Any) -> RenditionFile:
    values: dict[str, Any] = {
        "name": name,
        "format": Format.JPEG if name == "main" else Format.WEBP,
        "width": 64,
        "height": 64,
        "bytes": len(data),
        "quality": 90,
        "sha256": hashlib.sha256(data).hexdigest(),
        "path": path,
    }
    return RenditionFile(**{**values, **changes})


def record(number: int | str = 1, batch_id: str = "batch-1", **changes: Any) -> ImageRecord:
    values: dict[str, Any] = {
        "batch_id": batch_id,
        "image_id": image_id(number),
        "source": f"{number}.jpg",
        "sku_id": f"sku-{number}",
        "product_group_id": "group",
        "image_type": "primary",
        "status": Status.COMPLETED,
        "qc_status": QcStatus.AUTO_APPROVED,
        "versions": Versions(packshot="0", model="m@0", preset="plain@1"),
        "updated_at": NOW,
    }
    return ImageRecord(**{**values, **changes})
