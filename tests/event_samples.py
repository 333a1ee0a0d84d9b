"""The sample of each event: what the use cases really put on the bus, as a consumer's queue gets it.

`python -m tests.event_samples` writes them into the package anew.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import boto3
from moto import mock_aws

import packshot
from packshot.adapters.aws.bus import EventBus
from packshot.adapters.aws.objects import S3ObjectStore
from packshot.batches.plan import claim, image_task, start
from packshot.batches.record import record
from packshot.batches.summarise import fail, summarise
from packshot.contracts.base import QcStatus, ReviewReason, Status
from packshot.contracts.event_schemas import resource
from packshot.contracts.events import DetailType
from packshot.contracts.records import BatchRecord, ErrorFacts
from packshot.contracts.task import BatchSettings, ImageTask
from packshot.errors import ImageError, ManifestError
from packshot.presets import load_preset
from packshot.reviews import decide
from tests import samples, worlds
from tests.aws import REGION, make_bucket, make_table

Json = dict[str, Any]

#: What another run, or another account, would have otherwise.
_ACCOUNT: Final = "111122223333"
_EVENT: Final = "6a7e8feb-b491-4cf7-a9f1-bf3703467718"
_VERSIONS: Final = "L4kqtJlcpXroDTDmpUMLUo{}"
_CATALOGUE: Final = "packshot-prod-catalogue"
_MANIFEST: Final = "s3://packshot-prod-uploads/manifests/spring-mugs.csv"
_BATCH: Final = "batch-3f786850e387550fdab8"
_ORDER: Final = ("version", "id", "source", "account", "time", "region", "resources", "detail-type", "detail")
#: Bytes of the pictures, by rendition.
_SIZES: Final = {"main": 182_334, "web": 48_120}


def made() -> dict[DetailType, Json]:
    """One event of each kind, whole, with what is random put to fixed texts."""
    with mock_aws():
        received = _queue()
        _happen()
        events = {DetailType(one["detail-type"]): one for one in received()}
    return {kind: _fixed(events[kind]) for kind in DetailType}


def _queue() -> Callable[[], Iterator[Json]]:
    """A bus with a consumer's queue on it; the result yields what has arrived."""
    events, sqs = boto3.client("events", region_name=REGION), boto3.client("sqs", region_name=REGION)
    queue = sqs.create_queue(QueueName="consumer")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.create_event_bus(Name="packshot")
    events.put_rule(Name="all", EventBusName="packshot", EventPattern='{"source": ["packshot"]}')
    events.put_targets(Rule="all", EventBusName="packshot", Targets=[{"Id": "queue", "Arn": arn}])

    def received() -> Iterator[Json]:
        while found := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
            for one in found:
                yield json.loads(one["Body"])
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=one["ReceiptHandle"])

    return received


def _happen() -> None:
    """Two batches: one with a good, a doubtful and a broken photo, one whose manifest is empty."""
    s3 = boto3.client("s3", region_name=REGION)
    make_bucket(s3, _CATALOGUE)
    table = make_table(boto3.client("dynamodb", region_name=REGION))
    files = S3ObjectStore(s3, _CATALOGUE)
    publish = EventBus(boto3.client("events", region_name=REGION), "packshot")
    studio = load_preset("studio")
    # Two of its files show what there is to see.
    preset = studio.model_copy(update={"renditions": studio.renditions[:2]})
    settings = BatchSettings(preset=preset, as_of=samples.NOW.date())
    ports: Json = {"table": table, "files": files, "publish": publish}
    batch = start(claim(_batch(settings), table, publish), table, publish, samples.NOW)

    def keep(number: int, seconds: float, verdict: QcStatus, error: ErrorFacts | None = None) -> ImageTask:
        task = _task(number, settings)
        result = worlds.result(task, verdict, error=error)
        if error is None:
            result = replace(result, state=_state(result.state, verdict, settings))
        record(
            result,
            settings,
            handover=lambda one, key: files.put(key, _picture(one.name), f"image/{one.format.value}"),
            now=samples.later(seconds),
            **ports,
        )
        return task

    keep(1, 4, QcStatus.AUTO_APPROVED)
    doubtful = keep(2, 5, QcStatus.NEEDS_REVIEW)
    broken = ImageError("image_truncated")
    keep(3, 6, QcStatus.PENDING, ErrorFacts(code=broken.code, message=broken.message, stage="detect"))
    summarise(batch, table, publish, samples.later(9))
    at = samples.later(3600)
    decide("approve", _BATCH, doubtful.image_id, reviewer="ada", notes="the handle is whole", now=at, **ports)
    empty = _batch(settings, batch_id="batch-89e6c98d92887913cadf", total=0, status=Status.PENDING)
    fail(empty, ManifestError("manifest_empty"), table, publish, samples.later(1))


def _batch(settings: BatchSettings, **changes: Any) -> BatchRecord:
    facts: Json = {"settings": settings, "manifest": _MANIFEST, "total": 3, **changes}
    return samples.batch(facts.pop("batch_id", _BATCH), **facts)


def _task(number: int, settings: BatchSettings) -> ImageTask:
    row = worlds.row(
        number, product_group_id="mugs", sku_id=f"MUG-{number}", image_url=f"photos/mug {number}.jpg"
    )
    return image_task(_BATCH, row, settings, lambda written: f"s3://packshot-prod-uploads/{written}")


def _state(state: Any, verdict: QcStatus, settings: BatchSettings) -> Json:
    """The stages' outputs, with the studio preset's pictures and a verdict like a real one."""
    canvas = settings.preset.canvas
    pictures = tuple(
        samples.rendition(
            spec.name,
            _picture(spec.name),
            format=spec.format,
            width=spec.longest_side or canvas.width,
            height=spec.longest_side or canvas.height,
        )
        for spec in settings.preset.renditions
    )
    doubt = verdict is QcStatus.NEEDS_REVIEW
    reasons = (ReviewReason.TOUCHES_EDGE, ReviewReason.LOW_SCORE) if doubt else ()
    score = state["score"].model_copy(
        update={"score_after": 71.4 if doubt else 91.5, "review_reasons": reasons}
    )
    return {
        **state,
        "compress": state["compress"].model_copy(update={"renditions": pictures}),
        "score": score,
    }


def _picture(name: str) -> bytes:
    return name.encode().ljust(_SIZES[name], b"\0")


def _fixed(event: Json) -> Json:
    at = dt.datetime.fromisoformat(event["detail"]["metadata"]["occurred_at"])
    # What EventBridge itself adds.
    event |= {
        "version": "0",
        "id": _EVENT,
        "account": _ACCOUNT,
        "time": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": REGION,
        "resources": [],
    }
    for number, file in enumerate(event["detail"]["data"].get("files", ())):
        assert file["version_id"]
        file["version_id"] = _VERSIONS.format(number)
    return {name: event[name] for name in _ORDER}


def text(event: Json) -> str:
    """As it stands in the package."""
    return json.dumps(event, indent=2, ensure_ascii=False) + "\n"


def write() -> None:
    """Writes the samples into the package."""
    for kind, event in made().items():
        Path(packshot.__file__).parent.joinpath(resource(kind, "sample")).write_text(text(event), "utf-8")


if __name__ == "__main__":
    write()
