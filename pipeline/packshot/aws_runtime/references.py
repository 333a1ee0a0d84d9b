"""Which references of a batch are ready, and what they were made from; needs no pixels."""

from __future__ import annotations

import json

import packshot
from packshot.adapters.aws.objects import S3ObjectStore
from packshot.aws_runtime.models import model_sha256
from packshot.aws_runtime.ports import work_store
from packshot.batches.fingerprint import reference_fingerprint, settings_hash
from packshot.contracts.task import BatchSettings, ImageTask
from packshot.contracts.work_keys import reference_prefix
from packshot.errors import StorageError

#: Written last into a reference's workspace: the fingerprint of what it was made from.
_READY = "ready.json"


def mark_ready(bucket: str, task: ImageTask, settings: BatchSettings, source_sha256: str) -> str:
    """Keeps a reference's fingerprint, which says that it can be used; returns it."""
    now = reference_fingerprint(
        settings_hash=settings_hash(settings),
        source_sha256=source_sha256,
        model_sha256=model_sha256(settings.model),
        code_version=packshot.__version__,
    )
    data = json.dumps({"fingerprint": now, "source_sha256": source_sha256}).encode()
    work_store(bucket).put(_key(task.batch_id, task.image_id), data, "application/json")
    return now


def made_from(work: S3ObjectStore, batch_id: str, reference_id: str) -> str | None:
    """The fingerprint of a reference that was made ready; None of one that was not."""
    try:
        ready: dict[str, str] = json.loads(work.get(_key(batch_id, reference_id)))
    except StorageError as error:
        if error.code != "store_corrupt":
            raise
        return None
    return ready["fingerprint"]


def reference_fact(work: S3ObjectStore, task: ImageTask) -> str | None:
    """What of its reference goes into an image's fingerprint, as on one machine."""
    if task.reference_id is None:
        return None
    return made_from(work, task.batch_id, task.reference_id) or "unusable"


def _key(batch_id: str, reference_id: str) -> str:
    return reference_prefix(batch_id, reference_id) + _READY
