"""Making a reference ready, before the images that are aligned to it."""

from __future__ import annotations

from typing import Any

from packshot.adapters.aws.clients import client
from packshot.adapters.aws.workspace import S3Workspace
from packshot.aws_runtime.batch import batch_settings
from packshot.aws_runtime.references import mark_ready
from packshot.aws_runtime.staging import stage_context
from packshot.contracts.environment import FetchEnvironment
from packshot.contracts.task import ImageTask
from packshot.contracts.work_keys import reference_prefix
from packshot.errors import PackshotError
from packshot.stages.detect import run_reference


def prepare_reference(event: dict[str, Any], environment: FetchEnvironment) -> dict[str, Any]:
    """Makes the reference of {task} ready; returns its id and fingerprint.

    Raises:
        PackshotError: it can't be used; its images then stand in the preset's pose and say so.
    """
    task = ImageTask.model_validate(event["task"])
    bucket = environment.work_bucket
    settings = batch_settings(bucket, task.batch_id)
    # The photo itself is not kept: a retry must not meet the one that was there before.
    prefix = reference_prefix(task.batch_id, task.image_id)
    workspace = S3Workspace(client("s3"), bucket, prefix, in_memory=frozenset({"source"}))
    try:
        facts = run_reference(task, settings, workspace, stage_context(environment, task.batch_id))
    except PackshotError as error:
        error.stage = "detect"
        raise
    fingerprint = mark_ready(bucket, task, settings, facts.source.sha256)
    return {"reference_id": task.image_id, "fingerprint": fingerprint}
