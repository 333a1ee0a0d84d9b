"""What goes on after an answer, in the worker function; Lambda repeats what has failed, so each may be."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Callable
from typing import Any, Final

from packshot.adapters.aws.clients import patient_client
from packshot.adapters.aws.errors import translated
from packshot.api.aws.desks import STALE
from packshot.api.aws.job_states import zip_key
from packshot.api.aws.sums import RENEWAL
from packshot.api.aws.zips import write_zip
from packshot.api.jobs import Job, get_job, put_job
from packshot.api.kept.orders import DownloadOrder
from packshot.api.models.jobs import JobKind, JobState
from packshot.aws_runtime.batch import put_list, put_settings
from packshot.aws_runtime.parts import parts_of, renew_results
from packshot.aws_runtime.ports import Ports, ports_of
from packshot.aws_runtime.summing import summarise_batch
from packshot.batches.outcome import error_facts
from packshot.batches.summarise import sweep
from packshot.contracts.base import Status
from packshot.contracts.environment import ApiEnvironment
from packshot.contracts.records import BatchRecord
from packshot.contracts.task import ImageTask
from packshot.contracts.work_keys import items_key
from packshot.errors import InternalError, PackshotError, RetryableError

Json = dict[str, Any]
#: Seconds in which decisions are gathered before a batch's results are written anew.
_GATHER_S: Final = 5.0
#: EXPRESS ends after five minutes by itself.
_PATIENCE_S: Final = 310


def run_errand(event: Json, environment: ApiEnvironment, sleep: Callable[[float], None] = time.sleep) -> Json:
    """Does {errand: zip or photo, job_id} or {errand: renew, batch_id}; answers how it ended.

    Raises:
        RetryableError: the same may succeed in some minutes.
    """
    ports = ports_of(environment)
    if event["errand"] == "renew":
        return _renew(str(event["batch_id"]), ports, sleep)
    job = get_job(ports.documents, str(event["job_id"]))
    if job.state.ended:
        return {"job_id": job.job_id, "state": job.state.value}
    running = job.model_copy(update={"state": JobState.RUNNING, "started_at": _now()})
    put_job(ports.documents, running)
    try:
        done = _zip(running, ports) if event["errand"] == "zip" else _photo(running, environment, ports)
        ended = done.model_copy(update={"state": JobState.COMPLETED, "finished_at": _now()})
    except RetryableError:
        raise
    except PackshotError as error:
        facts = {"state": JobState.FAILED, "finished_at": _now(), "error": error_facts(error)}
        ended = running.model_copy(update=facts)
    put_job(ports.documents, ended)
    return {"job_id": ended.job_id, "state": ended.state.value}


def _zip(job: Job, ports: Ports) -> Job:
    size = write_zip(DownloadOrder.model_validate(job.order), ports, zip_key(job.job_id))
    return job.model_copy(update={"bytes": size})


def _photo(job: Job, environment: ApiEnvironment, ports: Ports) -> Job:
    """Runs one photo through its machine, and sums its batch up."""
    task = ImageTask.model_validate(job.order["task"])
    batch = ports.table.get_batch(task.batch_id)
    if batch is None:
        raise InternalError("internal_error", reason=f"there is no batch {task.batch_id}")
    put_settings(ports.work_bucket, batch.batch_id, batch.settings)
    with translated(environment.image_machine):
        # However it ends, the image's record says so; one that was lost gets a failed one below.
        patient_client("stepfunctions", _PATIENCE_S).start_sync_execution(
            stateMachineArn=environment.image_machine, input=json.dumps({"task": job.order["task"]})
        )
    if job.kind is JobKind.ENHANCE:
        _conclude(job, batch, environment)
        return job
    sweep([task], batch, table=ports.table, files=ports.files, publish=ports.publish, now=_now())
    # A batch that is at work is summed up by its own execution.
    if batch.status is Status.COMPLETED:
        renew_results(batch.batch_id, batch.total, {task.image_id}, ports)
    return job


def _conclude(job: Job, batch: BatchRecord, environment: ApiEnvironment) -> None:
    """The end of a batch of one photo, as the batch machine would bring it about."""
    items, parts = items_key(batch.batch_id), parts_of(batch.total)
    put_list(environment.work_bucket, items, [{"task": job.order["task"]}])
    for part in parts:
        summarise_batch({"batch_id": batch.batch_id, "items_key": items, "part": part}, environment)
    summarise_batch({"batch_id": batch.batch_id, "parts": list(parts)}, environment)


def _renew(batch_id: str, ports: Ports, sleep: Callable[[float], None]) -> Json:
    """Writes a batch's results, sums and counts anew, after people have decided."""
    sleep(_GATHER_S)
    # Whoever decides from here on asks for another renewal.
    ports.documents.delete(RENEWAL, batch_id)
    stale = ports.documents.page(STALE, 100, prefix=f"{batch_id}/").items
    batch = ports.table.get_batch(batch_id)
    if batch is None or not stale:
        return {"batch_id": batch_id, "renewed": 0}
    if batch.status is Status.COMPLETED:
        renew_results(batch_id, batch.total, {f"img-{one['shard']}" for one in stale}, ports)
    for one in stale:
        key = f"{batch_id}/{one['shard']}"
        if ports.documents.get(STALE, key) == one:
            ports.documents.delete(STALE, key)
    return {"batch_id": batch_id, "renewed": len(stale)}


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
