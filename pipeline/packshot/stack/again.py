"""Retry and rework on AWS: a request for just those images, and an execution of it.

A batch that was stopped before its end has images without any record: its retry redrives its own execution.
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
from pathlib import Path
from typing import Final

from botocore.exceptions import ClientError

from packshot.adapters.aws.errors import code_of, translated
from packshot.adapters.aws.objects import S3ObjectStore
from packshot.adapters.fetch_files import FileReader
from packshot.batches import again
from packshot.batches.plan import start
from packshot.contracts.again import AgainRequest
from packshot.contracts.base import Status
from packshot.contracts.records import BatchRecord
from packshot.contracts.task import Overrides
from packshot.contracts.work_keys import PHOTOS, again_key
from packshot.errors import StackError, StorageError
from packshot.manifests.uploaded import place_of, resolver_of
from packshot.stack.deployed import Stack
from packshot.stack.follow import is_running


def start_again(stack: Stack, batch: BatchRecord, request: AgainRequest) -> tuple[str, int | None] | None:
    """Starts an execution for the request's images; a stopped batch as a whole goes on where it was.

    Returns:
        Its ARN and how many images it works on (None for those of the whole batch, as far as they are not
        finished); None when none is to be run.

    Raises:
        SettingsError: image_unknown, option_invalid.
        StackError: execution_final.
        StorageError: output_locked while the batch is being worked on; store_denied.
    """
    if is_running(stack, batch):
        raise StorageError("output_locked", path=f"the batch {batch.batch_id} of {stack.name}")
    if (
        batch.execution is not None
        and _was_stopped(batch)
        and request == AgainRequest(batch_id=batch.batch_id)
    ):
        return _go_on(stack, batch, batch.execution), None
    # Planned here as well, so that a misspelt image is told before anything is started.
    resolve, table = resolver_of(batch.base), stack.ports.table
    if request.overrides is None:
        tasks = again.retry(batch, table, resolve, request.image_ids)
    else:
        tasks = again.rework(batch, table, resolve, request.image_ids, request.overrides)
    images = sum(1 for _ in tasks)
    if not images:
        return None
    request_id = f"again-{secrets.token_hex(8)}"
    key = again_key(batch.batch_id, request_id)
    stack.ports.work.put(key, request.model_dump_json(exclude_none=True).encode(), "application/json")
    asked = {"bucket": stack.ports.work_bucket, "key": key, "version_id": ""}
    with translated(stack.machine):
        # Of one name there is one execution, also when the answer is lost and the call made again.
        answer = stack.states.start_execution(
            stateMachineArn=stack.machine, name=f"{batch.batch_id}-{request_id}", input=json.dumps(asked)
        )
    return str(answer["executionArn"]), images


#: Codes of batches whose execution was ended, by whatever.
_STOPPED: Final = ("batch_stopped", "batch_cancelled")


def _was_stopped(batch: BatchRecord) -> bool:
    return batch.status is Status.FAILED and batch.error is not None and batch.error.code in _STOPPED


def _go_on(stack: Stack, batch: BatchRecord, execution: str) -> str:
    """Redrives an execution: what was finished stays, all else is worked on."""
    with translated(stack.machine):
        try:
            stack.states.redrive_execution(executionArn=execution)
        except ClientError as error:
            if code_of(error) not in ("ExecutionNotRedrivable", "ExecutionDoesNotExist"):
                raise
            reason = str(error.response["Error"].get("Message", "")).rstrip(".") or code_of(error)
            raise StackError("execution_final", batch_id=batch.batch_id, reason=reason) from error
    # So that whoever looks at the batch does not take its old end for the new one.
    after = [] if batch.finished_at is None else [batch.finished_at.isoformat()]
    start(batch, stack.ports.table, stack.ports.publish, dt.datetime.now(dt.UTC), *after)
    return execution


def send_reference(stack: Stack, batch: BatchRecord, overrides: Overrides) -> None:
    """Sends the reference of a rework to where its images look for it, when it is a file of this machine.

    Raises:
        SourceError: it can't be read.
    """
    written = overrides.reference
    submitted = batch.base.startswith(f"s3://{stack.uploads}/{PHOTOS}")
    if not written or "://" in written or not submitted or not Path(written).is_file():
        return
    path = Path(written).resolve()
    data = FileReader([path.parent]).read(str(path))
    key = place_of(written, batch.base).removeprefix(f"s3://{stack.uploads}/")
    S3ObjectStore(stack.ports.s3, stack.uploads).put(key, data)
