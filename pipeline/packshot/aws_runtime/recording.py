"""One image's final word: from the state that its child ends with to record, files and event."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import packshot
from packshot.adapters.aws.bundles import Kept, kept_of, read_folder
from packshot.adapters.aws.clients import client
from packshot.adapters.aws.objects import S3ObjectStore
from packshot.aws_runtime.batch import batch_settings
from packshot.aws_runtime.counting import count_files
from packshot.aws_runtime.failures import failure_of
from packshot.aws_runtime.models import model_sha256
from packshot.aws_runtime.ports import Ports, ports_of
from packshot.aws_runtime.references import reference_fact
from packshot.batches.fingerprint import fingerprint, settings_hash
from packshot.batches.outcome import Result
from packshot.batches.record import record
from packshot.contracts.environment import RecordEnvironment
from packshot.contracts.records import ErrorFacts, ImageRecord
from packshot.contracts.stages import RenditionFile
from packshot.contracts.task import BatchSettings, ImageTask, effective_model
from packshot.contracts.work_keys import image_prefix
from packshot.delivery import Handover
from packshot.errors import StorageError
from packshot.workflow import STAGE_NAMES

_RENDITIONS: Final = "renditions/"


def record_image(event: dict[str, Any], environment: RecordEnvironment) -> dict[str, Any]:
    """Records an image of {task, <stage>?: {output, kept, ms}, ..., error?: {Error, Cause}}.

    Called again for the same revision it only publishes once more, under the same event_id.

    Returns:
        What the Map Run's results show of it: ids, status, qc_status, score, error_code.
    """
    ports = ports_of(environment)
    task = ImageTask.model_validate(event["task"])
    settings = batch_settings(environment.work_bucket, task.batch_id)
    outputs = {name: event[name]["output"] for name in STAGE_NAMES if name in event}
    written = keep(
        task,
        settings,
        outputs=outputs,
        error=_error(event, outputs),
        timings_ms={name: float(event[name]["ms"]) for name in outputs},
        source_sha256=_source_sha256(ports.work, task, outputs),
        handover=delivery(environment, task, kept_of(event)),
        ports=ports,
    )
    return brief(written)


def keep(
    task: ImageTask,
    settings: BatchSettings,
    *,
    outputs: Mapping[str, Any],
    error: ErrorFacts | None,
    timings_ms: Mapping[str, float],
    source_sha256: str | None,
    handover: Handover,
    ports: Ports,
) -> ImageRecord:
    """Hands an image's outcome to `packshot.batches.record`, with its fingerprint."""
    model = model_sha256(effective_model(task, settings))
    made_from = fingerprint(
        task,
        settings_hash=settings_hash(settings),
        source_sha256=source_sha256,
        model_sha256=model,
        reference=reference_fact(ports.work, task),
        code_version=packshot.__version__,
    )
    result = Result(task, outputs, error, timings_ms, source_sha256, model, made_from)
    written = record(
        result,
        settings,
        table=ports.table,
        files=ports.files,
        handover=handover,
        publish=ports.publish,
        now=dt.datetime.now(dt.UTC),
    )
    count_files(written)
    return written


def delivery(environment: RecordEnvironment, task: ImageTask, kept: Kept) -> Handover:
    """Puts finished renditions from the image's bundles into the catalogue bucket.

    Read and written here and not copied inside S3: both are one request for each file, and a bundle saves
    those that compress would have made.
    """
    ports = ports_of(environment)
    prefix = image_prefix(task.batch_id, task.image_id, task.revision)

    @lru_cache(maxsize=1)
    def finished() -> dict[str, bytes]:
        return read_folder(S3ObjectStore(client("s3"), environment.work_bucket, prefix), kept, _RENDITIONS)

    def handover(one: RenditionFile, key: str) -> None:
        name = f"{_RENDITIONS}{one.name}.{one.format.extension}"
        data = finished()[name]
        if hashlib.sha256(data).hexdigest() != one.sha256:
            place = f"s3://{environment.work_bucket}/{prefix}{name}"
            raise StorageError("store_corrupt", path=place, reason="it is not what compress has written")
        ports.files.put(key, data, f"image/{one.format.value}")

    return handover


def brief(written: ImageRecord) -> dict[str, Any]:
    """The little of a record that is worth its place among a million results."""
    return {
        "batch_id": written.batch_id,
        "image_id": written.image_id,
        "revision": written.revision,
        "status": written.status.value,
        "qc_status": written.qc_status.value,
        "score": written.score_after,
        "error_code": written.error.code if written.error else None,
    }


def _error(event: dict[str, Any], outputs: Mapping[str, Any]) -> ErrorFacts | None:
    failed = event.get("error")
    if failed is None:
        return None
    stage = next((name for name in STAGE_NAMES if name not in outputs), None)
    return failure_of(str(failed.get("Error", "")), str(failed.get("Cause", "")), stage)


def _source_sha256(work: S3ObjectStore, task: ImageTask, outputs: Mapping[str, Any]) -> str | None:
    if "detect" in outputs:
        sha256: str = outputs["detect"]["source"]["sha256"]
        return sha256
    # A photo that could not be read has a hash as well, if it came this far.
    found = work.stat(image_prefix(task.batch_id, task.image_id, task.revision) + "source")
    return found.sha256 if found else None
