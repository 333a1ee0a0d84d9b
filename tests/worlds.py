"""The outside of the use cases, once as a folder and once as AWS, with the means to look into it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from packshot.adapters.aws.objects import S3ObjectStore
from packshot.adapters.local.database import Database
from packshot.adapters.local.files import FolderStore
from packshot.adapters.local.table import SqliteJobTable
from packshot.batches.outcome import Result
from packshot.batches.plan import image_task
from packshot.batches.record import record
from packshot.contracts import stages
from packshot.contracts.base import QcStatus
from packshot.contracts.events import Event
from packshot.contracts.manifest import ManifestRow
from packshot.contracts.records import ErrorFacts, ImageRecord
from packshot.contracts.stages import RenditionFile
from packshot.contracts.task import BatchSettings, ImageTask
from packshot.delivery import Handover
from packshot.ports import JobTable, ObjectStore, StoredObject
from tests import samples
from tests.aws import BUCKET, make_bucket, make_table
from tests.event_check import fits


@dataclass
class World:
    """The three ports; `events` are those that were published, in order."""

    table: JobTable
    files: ObjectStore
    events: list[Event] = field(default_factory=list)

    @property
    def ports(self) -> dict[str, Any]:
        return {"table": self.table, "files": self.files, "publish": self.publish}

    def publish(self, event: Event) -> None:
        fits(event.envelope())
        self.events.append(event)

    def contents(self) -> dict[str, bytes]:
        return {key: self.files.get(key) for key in self.files.list()}

    def said(self) -> list[str]:
        return [event.detail_type.value for event in self.events]


def local_world(folder: Path) -> World:
    return World(SqliteJobTable(Database(folder / "jobs.sqlite")), FolderStore(folder / "out"))


def aws_world(aws: Callable[[str], Any]) -> World:
    client = aws("s3")
    make_bucket(client)
    return World(make_table(aws("dynamodb")), S3ObjectStore(client, BUCKET))


def row(number: int | str = 1, **changes: Any) -> ManifestRow:
    values: dict[str, Any] = {
        "line": 2,
        "product_group_id": "group",
        "sku_id": f"sku-{number}",
        "image_url": f"{number}.jpg",
    }
    return ManifestRow(**{**values, **changes})


def task(number: int | str = 1, batch_id: str = "batch-1", **changes: Any) -> ImageTask:
    made = image_task(batch_id, row(number), samples.settings(), lambda written: f"/photos/{written}")
    return made.model_copy(update=changes)


def renditions(data: bytes, settings: BatchSettings) -> tuple[RenditionFile, ...]:
    return tuple(
        samples.rendition(spec.name, data + spec.name.encode(), format=spec.format)
        for spec in settings.preset.renditions
    )


def result(
    of: ImageTask,
    qc_status: QcStatus = QcStatus.AUTO_APPROVED,
    data: bytes = b"picture",
    error: ErrorFacts | None = None,
    **changes: Any,
) -> Result:
    box = (1.0, 1.0, 14.0, 14.0)
    facts = stages.SourceFacts(width=16, height=12, format="jpeg", bytes=99, sha256="ab" * 32)
    product = stages.ProductFacts(
        box=box, centroid=(8, 8), angle_deg=0, count=1, confidence=0.9, coverage=0.5
    )
    state: dict[str, Any] = {"detect": stages.DetectOutput(source=facts, product=product)}
    if error is None:
        review = qc_status is QcStatus.NEEDS_REVIEW
        state |= {
            "align": stages.AlignOutput(
                method="preset",
                transform=(1, 0, 0, 0, 1, 0),
                scale=1,
                rotation_deg=0,
                canvas=(64, 64),
                box=box,
            ),
            "background": stages.BackgroundOutput(box=box, coverage=0.5, soft_share=0.1, confidence=0.9),
            "enhance": stages.EnhanceOutput(
                applied=(stages.Enhancement(name="exposure", measured=0.4, amount=0.2),)
            ),
            "compress": stages.CompressOutput(renditions=renditions(data, samples.settings())),
            "score": stages.ScoreOutput(
                score_before=40,
                score_after=60 if review else 90,
                score_parts={"sharpness": 90},
                score_parts_before={"sharpness": 40},
                compliance=(),
                qc_status=qc_status,
                review_reasons=("low_score",) if review else (),
            ),
        }
    values: dict[str, Any] = {"task": of, "state": state, "error": error, "fingerprint": "f" * 20}
    return Result(**{**values, **changes})


def handing(world: World, data: bytes) -> Handover:
    """Hands over what `result` promised."""

    def handover(one: RenditionFile, key: str) -> StoredObject:
        content = data + one.name.encode()
        assert hashlib.sha256(content).hexdigest() == one.sha256
        return world.files.put(key, content)

    return handover


def keep(
    world: World,
    of: ImageTask,
    qc_status: QcStatus = QcStatus.AUTO_APPROVED,
    data: bytes = b"picture",
    error: ErrorFacts | None = None,
    at: float = 0,
    **settings: Any,
) -> ImageRecord:
    """Records an image of this verdict whose files hold `data` and the rendition's name."""
    return record(
        result(of, qc_status, data, error),
        samples.settings(**settings),
        handover=handing(world, data),
        now=samples.later(at),
        **world.ports,
    )
