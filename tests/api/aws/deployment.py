"""The API's functions over moto, with a batch machine that runs: stages are fake, all else is the product."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from packshot.adapters.aws import presigned
from packshot.adapters.aws.clients import client as real_client
from packshot.adapters.aws.objects import S3ObjectStore
from packshot.adapters.aws.workspace import S3Workspace
from packshot.api.aws import backend as backend_module
from packshot.api.aws import errands as errands_module
from packshot.api.aws import executions as executions_module
from packshot.api.aws import sums as sums_module
from packshot.api.aws.errands import run_errand
from packshot.api.aws.function import requests_of
from packshot.api.backend import Limits
from packshot.aws_runtime import fused
from packshot.aws_runtime.batch import batch_settings
from packshot.aws_runtime.fused import work_on_images
from packshot.aws_runtime.references import mark_ready
from packshot.aws_runtime.staging import stage_context
from packshot.batches.summarise import Tallying
from packshot.contracts.environment import ApiEnvironment, FusedEnvironment
from packshot.contracts.records import ImageRecord
from packshot.contracts.task import ImageTask
from packshot.contracts.work_keys import reference_prefix
from packshot.delivery import moved
from packshot.errors import PackshotError, RetryableError
from packshot.imaging.decode import decode
from tests.api.aws.gateway import Gateway
from tests.api.aws.store import Browser
from tests.api.backends import MARK, Api
from tests.aws import TABLE, aws_here
from tests.aws_runtime.conftest import BUS, CATALOGUE, UPLOADS, WORK, Context, services
from tests.aws_runtime.conftest import Stack as Services
from tests.local.fake_stages import FAKE
from tests.report.samples import batch as make_batch
from tests.stack.deployments import MACHINE, Machine, Run

Json = dict[str, Any]
IMAGE_MACHINE = MACHINE.replace("-batch", "-image")
WORKER = "packshot-test-api-work"
FUSED = FusedEnvironment(
    work_bucket=WORK, catalogue_bucket=CATALOGUE, table=TABLE, bus=BUS, upload_bucket=UPLOADS
)


def environment(side: str, **changes: Any) -> ApiEnvironment:
    named: Json = {"work_bucket": WORK, "catalogue_bucket": CATALOGUE, "table": TABLE, "bus": BUS}
    named |= {"side": side, "upload_bucket": UPLOADS, "batch_machine": MACHINE}
    named |= {"image_machine": IMAGE_MACHINE, "worker": WORKER}
    return ApiEnvironment(**(named | changes))


@dataclass
class LivingMachine(Machine):
    """Step Functions, with photos that are looked at (by the fake stages)."""

    names: dict[str, Json] = field(default_factory=dict)
    #: Calls of the machine for one photo.
    singles: int = 0
    stopped: list[str] = field(default_factory=list)

    def start_execution(self, *, stateMachineArn: str, name: str, input: str) -> Json:  # noqa: A002, N803
        if name in self.names:
            # STANDARD: of one name there is one execution.
            return self.names[name]
        self.names[name] = super().start_execution(stateMachineArn=stateMachineArn, name=name, input=input)
        return self.names[name]

    def stop_execution(self, *, executionArn: str, error: str, cause: str) -> Json:  # noqa: N803
        assert error
        assert cause
        self._run(executionArn).status = "ABORTED"
        self.stopped.append(executionArn)
        return {}

    def redrive_execution(self, *, executionArn: str) -> Json:  # noqa: N803
        run = self._run(executionArn)
        if run.status not in ("ABORTED", "FAILED"):
            raise ClientError({"Error": {"Code": "ExecutionNotRedrivable"}}, "RedriveExecution")
        run.status = "RUNNING"
        run.step = min(run.step, 1) if run.planned else 0
        return {}

    def start_sync_execution(self, *, stateMachineArn: str, input: str) -> Json:  # noqa: A002, N803
        assert stateMachineArn == IMAGE_MACHINE
        self.singles += 1
        self._image(ImageTask.model_validate(json.loads(input)["task"]))
        return {"status": "SUCCEEDED"}

    def _step(self, run: Run) -> None:
        first = run.step == 0
        super()._step(run)
        if first and run.planned.get("references"):
            for item in self.services.items(run.planned["references_key"]):
                _make_ready(ImageTask.model_validate(item["task"]))

    def _image(self, task: ImageTask) -> None:
        work_on_images({"tasks": [task.model_dump(mode="json")]}, FUSED, Context())


def _make_ready(task: ImageTask) -> None:
    settings = batch_settings(WORK, task.batch_id)
    workspace = S3Workspace(real_client("s3"), WORK, reference_prefix(task.batch_id, task.image_id))
    try:
        FAKE.run_reference(task, settings, workspace, stage_context(FUSED, task.batch_id))
    except PackshotError:
        return
    mark_ready(WORK, task, settings, "ab" * 32)


@dataclass
class Lambda:
    """Asynchronous calls of the worker: done at once, and again when they fail, as Lambda does."""

    calls: list[Json] = field(default_factory=list)
    worker: ApiEnvironment = field(default_factory=lambda: environment("work"))
    #: Put off until the test says so.
    lazy: bool = False

    def invoke(self, *, FunctionName: str, InvocationType: str, Payload: bytes) -> Json:  # noqa: N803
        assert (FunctionName, InvocationType) == (WORKER, "Event")
        errand = json.loads(Payload)
        self.calls.append(errand)
        if not self.lazy:
            self.run(errand)
        return {"StatusCode": 202}

    def run(self, errand: Json) -> Json:
        for _ in range(2):
            try:
                return run_errand(errand, self.worker, sleep=lambda _: None)
            except RetryableError:
                continue
        return run_errand(errand, self.worker, sleep=lambda _: None)


@dataclass
class AwsApi(Api):
    """The API over moto, and what a test may look into."""

    services: Services = None  # type: ignore[assignment]  # a dataclass wants it
    machine: LivingMachine = None  # type: ignore[assignment]
    worker: Lambda = None  # type: ignore[assignment]

    def fill(self, records: list[ImageRecord]) -> None:
        """A finished batch of these records, with a file for each rendition."""
        table, files = self.services.table, S3ObjectStore(self.services.s3, CATALOGUE)
        batch = make_batch(len(records))
        for record in records:
            put = [
                (one, files.put(one.path, one.path.encode(), "image/jpeg"))
                for one in moved(record.renditions, record.qc_status)
            ]
            kept = tuple(
                one.model_copy(update={"sha256": there.sha256, "bytes": there.bytes}) for one, there in put
            )
            table.put_image(record.model_copy(update={"renditions": kept}), None)
        tally = Tallying()
        for record in records:
            tally.add(record)
        table.claim_batch(batch.model_copy(update={"counts": tally.result.counts}))

    def reviewer(self, given: str) -> str:
        # They have signed in under a name of theirs.
        return str(self.client.said["username"])


@contextmanager
def aws_api(*, limits: Limits = backend_module.LIMITS, **changes: Any) -> Iterator[AwsApi]:
    """The API's functions over a stack that has nothing yet; `changes` of their environment."""
    with pytest.MonkeyPatch.context() as patch, aws_here(patch) as aws, services(aws, patch) as made:
        presigned._client.cache_clear()
        machine, worker = LivingMachine(made), Lambda(worker=environment("work", **changes))
        ours = {"stepfunctions": machine, "lambda": worker}
        patch.setattr(backend_module, "client", lambda name: ours.get(name) or real_client(name))
        patch.setattr(errands_module, "patient_client", lambda name, seconds: ours[name])
        patch.setattr(fused, "run_all", _run_all)
        patch.setattr(backend_module, "LIMITS", limits)
        # What was seen a moment ago is not what tests ask for.
        patch.setattr(executions_module, "_HOLDS_S", 0.0)
        patch.setattr(sums_module, "_LIVE_S", 0.0)
        read, write = (requests_of(environment(side, **changes)) for side in ("read", "write"))
        gateway = Gateway(read, write, Browser(made.s3), machine.tick)
        yield AwsApi(gateway, Path("/nowhere"), made, machine, worker)  # type: ignore[arg-type]
        presigned._client.cache_clear()


def _run_all(state: Json, workspace: Any, context: Any, again: Any) -> Any:
    """What the fake stages make of a photo of words; of any other what the decoder says."""
    del again
    try:
        source = context.fetcher.fetch(state["task"].source)
        # As detect does: the record says which bytes were worked on.
        workspace.put_bytes("source", source)
        if not source.startswith(f"{MARK} ".encode()):
            decode(source)
    except PackshotError as error:
        error.stage = "detect"
        return _Outcome(state, error, {"detect": 1.0})
    outcome = FAKE.run_image(state, workspace, context, lambda stage: None)
    return _Outcome(outcome.state, outcome.error, outcome.timings_ms)


@dataclass
class _Outcome:
    state: Json
    error: PackshotError | None
    timings_ms: dict[str, float]
