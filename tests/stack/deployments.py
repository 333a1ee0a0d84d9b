"""A deployed stack in this process: CloudFormation's outputs, real handlers, and a machine that runs them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from packshot.adapters.aws.objects import S3ObjectStore
from packshot.contracts.base import QcStatus
from packshot.contracts.records import ErrorFacts
from packshot.contracts.task import ImageTask
from tests import worlds
from tests.aws import TABLE
from tests.aws_runtime.conftest import BUS, CATALOGUE, UPLOADS, WORK
from tests.aws_runtime.conftest import Stack as Services
from tests.aws_runtime.endings import sum_up
from tests.worlds import World

Json = dict[str, Any]
NAME = "Packshot-test"
MACHINE = "arn:aws:states:eu-central-1:123456789012:stateMachine:packshot-test-batch"
OUTPUTS = {
    "UploadBucket": UPLOADS,
    "WorkBucket": WORK,
    "CatalogueBucket": CATALOGUE,
    "JobTable": TABLE,
    "EventBus": BUS,
    "BatchStateMachine": MACHINE,
}

#: What becomes of an image: its verdict, or None for a failure.
Verdict = Callable[[ImageTask], QcStatus | None]


def make_formation(client: Any, outputs: dict[str, str] = OUTPUTS, name: str = NAME) -> None:
    template = {
        "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
        "Outputs": {key: {"Value": value} for key, value in outputs.items()},
    }
    client.create_stack(StackName=name, TemplateBody=json.dumps(template))


@dataclass
class Run:
    """One execution: what it was given, and how far it is."""

    arn: str
    asked: Json
    started: dt.datetime
    step: int = 0
    planned: Json = field(default_factory=dict)
    ended: int = 0
    status: str = "RUNNING"


@dataclass
class Machine:
    """Step Functions, as far as an operator asks it; each `tick` does the next step of every execution.

    A manifest in the upload bucket starts one, as its rule would. The handlers of plan and summarise are
    the real ones; images get the record that `verdict` says, without a pixel being touched.
    """

    services: Services
    verdict: Verdict = lambda task: QcStatus.AUTO_APPROVED
    runs: list[Run] = field(default_factory=list)
    deaf: bool = False
    too_late: bool = False
    seconds: float = 0.0
    at_sleep: Callable[[], None] | None = None
    _heard: set[tuple[str, str]] = field(default_factory=set)

    # What the operator calls

    def start_execution(self, *, stateMachineArn: str, name: str, input: str) -> Json:  # noqa: A002, N803
        assert stateMachineArn == MACHINE
        asked = json.loads(input)
        assert set(asked) == {"bucket", "key", "version_id"}
        return {"executionArn": self._begin(asked, name).arn}

    def redrive_execution(self, *, executionArn: str) -> Json:  # noqa: N803
        run = self._run(executionArn)
        if self.too_late:
            told = {"Code": "ExecutionNotRedrivable", "Message": "Execution is older than 14 days."}
            raise ClientError({"Error": told}, "RedriveExecution")
        assert run.status in ("FAILED", "ABORTED", "TIMED_OUT")
        run.status = "RUNNING"
        return {"redriveDate": dt.datetime.now(dt.UTC)}

    def describe_execution(self, *, executionArn: str) -> Json:  # noqa: N803
        return {"status": self._run(executionArn).status}

    def list_map_runs(self, *, executionArn: str) -> Json:  # noqa: N803
        run = self._run(executionArn)
        arns = [f"{run.arn}/{label}:1" for label in ("References", "Images") if run.step > 0]
        return {"mapRuns": [{"mapRunArn": arn.replace(":execution:", ":mapRun:")} for arn in arns]}

    def describe_map_run(self, *, mapRunArn: str) -> Json:  # noqa: N803
        label = mapRunArn.rsplit(":", 1)[0].rpartition("/")[2]
        run = self._run(mapRunArn.rpartition("/")[0].replace(":mapRun:", ":execution:"))
        total = run.planned["images" if label == "Images" else "references"]
        ended = run.ended if label == "Images" else total
        counts = {"succeeded": ended, "failed": 0, "timedOut": 0, "aborted": 0, "total": total}
        return {"itemCounts": {**counts, "pending": total - ended, "running": 0}}

    # What the tests do

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds
        if self.at_sleep is not None:
            self.at_sleep()
        self.tick()

    def tick(self) -> None:
        self._hear()
        for run in self.runs:
            if run.status == "RUNNING":
                self._step(run)

    def abort(self) -> None:
        """Stops all executions, whereupon the rule for bad ends calls close."""
        for run in (one for one in self.runs if one.status == "RUNNING"):
            run.status = "ABORTED"
            millis = round(run.started.timestamp() * 1000)
            detail = {"executionArn": run.arn, "status": run.status, "startDate": millis}
            self.services.call("close", {"detail": {**detail, "input": json.dumps(run.asked)}})

    def finish(self) -> None:
        """Runs all to their ends."""
        self.tick()
        while any(run.status == "RUNNING" for run in self.runs):
            self.tick()

    def _hear(self) -> None:
        found = self.services.s3.list_object_versions(Bucket=UPLOADS, Prefix="manifests/")
        for one in found.get("Versions", ()):
            told = (one["Key"], one["VersionId"])
            if told not in self._heard and one["Key"].endswith((".csv", ".json", ".jsonl")) and not self.deaf:
                self._heard.add(told)
                asked = {"bucket": UPLOADS, "key": one["Key"], "version_id": one["VersionId"]}
                self._begin(asked, f"event-{len(self._heard)}")

    def _begin(self, asked: Json, name: str) -> Run:
        now = dt.datetime.now(dt.UTC)
        run = Run(MACHINE.replace(":stateMachine:", ":execution:") + f":{name}", asked, now)
        self.runs.append(run)
        return run

    def _run(self, arn: str) -> Run:
        return next(run for run in self.runs if run.arn == arn)

    def _step(self, run: Run) -> None:
        run.step += 1
        if run.step == 1:
            asked = {**run.asked, "started_at": run.started.isoformat(), "execution": run.arn}
            try:
                run.planned = self.services.call("plan", asked)
            except Exception:  # as Step Functions takes any error of a function
                run.status = "FAILED"
                return
            if run.planned["outcome"] != "planned":
                run.status = "SUCCEEDED"
            return
        items = self.services.items(run.planned["items_key"])
        if run.ended < len(items):
            half = max(1, len(items) // 2)
            for item in items[run.ended : run.ended + half]:
                self._image(ImageTask.model_validate(item["task"]))
            run.ended = min(len(items), run.ended + half)
            return
        sum_up(self.services, run.planned)
        run.status = "SUCCEEDED"

    def _image(self, task: ImageTask) -> None:
        world = World(self.services.table, S3ObjectStore(self.services.s3, CATALOGUE))
        verdict = self.verdict(task)
        if verdict is None:
            error = ErrorFacts(code="source_missing", message="The photo does not exist.", stage="detect")
            worlds.keep(world, task, error=error)
        else:
            worlds.keep(world, task, verdict, data=task.row.image_url.encode() + bytes([task.revision]))


def results_file(machine: Machine, batch_id: str) -> list[Json]:
    """Lines of results.jsonl, once results.csv has been found to say the same."""

    def read(name: str) -> str:
        key = f"results/{batch_id}/{name}"
        data: bytes = machine.services.s3.get_object(Bucket=CATALOGUE, Key=key)["Body"].read()
        return data.decode("utf-8-sig")

    lines = [json.loads(line) for line in read("results.jsonl").splitlines()]
    table = csv.DictReader(io.StringIO(read("results.csv")))
    assert [(row["image_id"], row["qc_status"], row["revision"]) for row in table] == [
        (line["image_id"], line["qc_status"], str(line["revision"])) for line in lines
    ]
    return lines
