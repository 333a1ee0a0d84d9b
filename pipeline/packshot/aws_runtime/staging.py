"""One stage on one image: its state in, its output out, pixels by way of the work bucket."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

from packshot.adapters.aws.bundle_workspace import BundleWorkspace
from packshot.adapters.aws.bundles import Original, kept_of
from packshot.adapters.aws.clients import client
from packshot.adapters.aws.originals import OriginalReader
from packshot.adapters.aws.workspace import S3Workspace
from packshot.adapters.fetch import LazyReader, Reader, SourceFetcher
from packshot.adapters.fetch_s3 import S3Reader
from packshot.aws_runtime import edge
from packshot.aws_runtime.batch import batch_settings
from packshot.aws_runtime.models import baked_folder
from packshot.aws_runtime.ports import work_store
from packshot.aws_runtime.references import made_from
from packshot.contracts.environment import FetchEnvironment, StageEnvironment
from packshot.contracts.task import ImageTask
from packshot.contracts.work_keys import image_prefix, reference_prefix
from packshot.errors import PackshotError
from packshot.imaging import process
from packshot.matting.model import MattingModel
from packshot.matting.registry import load_model
from packshot.stages.context import StageContext
from packshot.stages.registry import run_stage
from packshot.workflow import FETCH_S, STAGE_NAMES


def work_on_stage(name: str, event: dict[str, Any], environment: StageEnvironment) -> dict[str, Any]:
    """Runs a stage; returns {output, kept, ms}, which the state machine keeps under the stage's name.

    Args:
        name: one of `workflow.STAGE_NAMES`.
        event: {task, detect?: {output, kept, ms}, ...}, as far as the image has come.
        environment: a `FetchEnvironment` for detect.

    Raises:
        PackshotError: of the stage.
    """
    started = time.perf_counter()
    bucket = environment.work_bucket
    task = ImageTask.model_validate(event["task"])
    reference = None
    if name == "align":  # the only one that asks
        task, reference = with_reference(task, bucket)
    state = {"task": task, "settings": batch_settings(bucket, task.batch_id), **outputs_of(event)}
    prefix = image_prefix(task.batch_id, task.image_id, task.revision)
    workspace = BundleWorkspace(client("s3"), bucket, prefix, kept_of(event), _originals(task, environment))
    try:
        output = run_stage(name, state, workspace, stage_context(environment, task.batch_id, reference))
    except PackshotError:
        # The failed image's record says which bytes could not be worked on.
        workspace.keep_copies()
        raise
    return {
        "output": output.model_dump(mode="json"),
        "kept": workspace.leave(name),
        "ms": round((time.perf_counter() - started) * 1000, 3),
    }


def stage_work(name: str) -> Callable[[dict[str, Any], StageEnvironment, Any], dict[str, Any]]:
    """`work_on_stage` of one stage, as `edge.handler` wants it."""
    return edge.without_context(partial(work_on_stage, name))


def outputs_of(event: dict[str, Any]) -> dict[str, Any]:
    """The outputs of the stages that an image has been through, by name."""
    return {name: event[name]["output"] for name in STAGE_NAMES if name in event}


def with_reference(task: ImageTask, bucket: str) -> tuple[ImageTask, str | None]:
    """The task, told when its reference could not be made ready; and what that was made from."""
    if task.reference_id is None:
        return task, None
    found = made_from(work_store(bucket), task.batch_id, task.reference_id)
    return task.model_copy(update={"reference_unusable": found is None}), found


def stage_context(environment: StageEnvironment, batch_id: str, reference: str | None = None) -> StageContext:
    """The stages' outside: photos, the background network, references of the batch.

    Args:
        environment: of the function.
        batch_id: of the image.
        reference: the fingerprint of the image's reference.
    """
    process.settle()
    bucket = environment.work_bucket
    fetches = isinstance(environment, FetchEnvironment)
    return StageContext(
        fetcher=_fetcher(environment) if fetches else SourceFetcher({}),
        matting=_model,
        reference=lambda reference_id: reference_workspace(bucket, batch_id, reference_id, reference),
    )


@lru_cache(maxsize=4)
def reference_workspace(
    bucket: str, batch_id: str, reference_id: str, fingerprint: str | None
) -> S3Workspace:
    """The workspace of a reference; kept, since the images of a group come one after the other.

    Under its fingerprint: a retry makes it anew, maybe from another photo that has taken its place.
    """
    del fingerprint
    return S3Workspace(client("s3"), bucket, reference_prefix(batch_id, reference_id))


@lru_cache(maxsize=1)
def _model(name: str) -> MattingModel:
    return load_model(name, baked_folder())


def _originals(task: ImageTask, environment: StageEnvironment) -> Callable[[bytes], Original | None] | None:
    """Where detect may leave the photo of a task as it is: in the upload bucket, under its version."""
    if not isinstance(environment, FetchEnvironment):
        return None
    reader = _s3_reader(environment)
    return reader.original_of if reader.is_ours(task.source) else None


@lru_cache(maxsize=1)
def _s3_reader(environment: FetchEnvironment) -> OriginalReader:
    buckets = frozenset((environment.upload_bucket, *environment.source_buckets))
    reader = S3Reader(client("s3"), buckets=buckets, total_s=FETCH_S)
    return OriginalReader(reader, environment.upload_bucket)


@lru_cache(maxsize=1)
def _fetcher(environment: FetchEnvironment) -> SourceFetcher:
    return SourceFetcher({"https": LazyReader(_https), "s3": _s3_reader(environment)})


def _https() -> Reader:
    from packshot.adapters.fetch_http import HttpsReader, Limits  # noqa: PLC0415  # loads the certificates

    return HttpsReader(Limits(total_s=FETCH_S))
