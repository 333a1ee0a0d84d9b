"""A stack's services in this process, and a meter on what a function spends there and in itself."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from moto import mock_aws
from moto.core.botocore_stubber import BotocoreStubber

from packshot.adapters.aws.clients import client
from packshot.adapters.aws.table import DynamoJobTable
from packshot.aws_runtime.batch import batch_settings, put_settings
from packshot.aws_runtime.fused import work_on_images
from packshot.aws_runtime.planning import plan_batch
from packshot.aws_runtime.recording import record_image
from packshot.aws_runtime.staging import work_on_stage
from packshot.aws_runtime.summing import summarise_batch
from packshot.contracts.environment import FusedEnvironment, PlanEnvironment
from packshot.contracts.preset import Preset
from packshot.contracts.task import BatchSettings
from packshot.contracts.work_keys import items_key
from packshot.workflow import FUSED, PLAN, RECORD, STAGE_NAMES, SUMMARISE
from tests.aws import TABLE, make_bucket, make_table

Json = dict[str, Any]
REGION, UPLOADS, WORK, CATALOGUE, BUS = "eu-central-1", "uploads", "work", "catalogue", "bus"
ENVIRONMENT = FusedEnvironment(
    work_bucket=WORK, catalogue_bucket=CATALOGUE, table=TABLE, bus=BUS, upload_bucket=UPLOADS
)


@dataclass
class Spent:
    """What one call spent."""

    cpu_ms: float = 0.0
    requests: Counter[str] = field(default_factory=Counter)
    sent_mb: float = 0.0
    received_mb: float = 0.0
    write_units: float = 0.0
    read_units: float = 0.0
    events: float = 0.0

    def by(self, count: int) -> Spent:
        """One of `count` equal shares."""
        shares = Counter({name: amount / count for name, amount in self.requests.items()})
        amounts = (self.sent_mb, self.received_mb, self.write_units, self.read_units, self.events)
        return Spent(self.cpu_ms / count, shares, *(amount / count for amount in amounts))


class Meter:
    """Counts requests and DynamoDB's units, and takes the time of the services themselves off."""

    def __init__(self) -> None:
        self._now = Spent()
        self._services_s = 0.0
        self._path = ""
        #: Checksums of what was put: S3 tells them on a HEAD, and moto does not.
        self._checksums: dict[str, str] = {}
        #: Keys under which an item stands in the indexes; a change of them is a write there.
        self._index_keys: dict[str, tuple[str, ...]] = {}

    def watch(self, service: str) -> None:
        """Counts what goes through the functions' client of a service."""
        events = client(service).meta.events
        events.register(f"before-call.{service}", self._asked)
        events.register(f"after-call.{service}", self._answered)

    def measure(self, work: Callable[[], Json]) -> tuple[Json, Spent]:
        """Runs a function; its answer, and what it spent."""
        self._now, self._services_s = Spent(), 0.0
        started = time.process_time()
        answer = work()
        spent, self._now = self._now, Spent()
        spent.cpu_ms = (time.process_time() - started - self._services_s) * 1000
        return answer, spent

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """The time of the block is not the function's."""
        started = time.process_time()
        yield
        self._services_s += time.process_time() - started

    def _asked(self, model: Any, params: Json, **_: Any) -> None:
        service = model.service_model.service_name
        self._now.requests[f"{service}:{model.name}"] += 1
        body = params["body"]
        if service == "s3":
            data = body.getbuffer() if hasattr(body, "getbuffer") else body
            self._now.sent_mb += len(data or b"") / 1e6
            if model.name == "PutObject":
                self._checksums[params["url_path"]] = params["headers"].get("x-amz-checksum-sha256")
            self._path = params["url_path"]
        elif service == "dynamodb":
            self._units(model.name, json.loads(body))
        elif model.name == "PutEvents":
            self._now.events += len(json.loads(body)["Entries"])

    def _answered(self, model: Any, parsed: Json, **_: Any) -> None:
        if model.name == "GetObject" and "ContentLength" in parsed:
            self._now.received_mb += parsed["ContentLength"] / 1e6
        elif model.name == "HeadObject" and self._checksums.get(self._path):
            parsed.setdefault("ChecksumSHA256", self._checksums[self._path])

    def _units(self, operation: str, asked: Json) -> None:
        if operation != "PutItem":
            # Items are below 4 KB; a query and a look cost at least one read, half of one when it may lag.
            self._now.read_units += 1.0 if asked.get("ConsistentRead") else 0.5
            return
        item = asked["Item"]
        size = sum(len(name) + len(next(iter(value.values()))) for name, value in item.items())
        self._now.write_units += -(-size // 1024)
        place = item["pk"]["S"] + item["sk"]["S"]
        for index in ("sku", "queue"):
            keys = tuple(item[name]["S"] for name in (f"{index}_pk", f"{index}_sk") if name in item)
            if keys != self._index_keys.get(place + index, ()):
                self._now.write_units += 1
                self._index_keys[place + index] = keys


class Stack:
    """Functions on services of this process."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter
        self._batches = 0
        self._recorded = ""

    def work_through(self, data: list[bytes], preset: Preset) -> dict[str, list[Spent]]:
        """Each photo through the stages and record, and then through the fused function; by function."""
        tasks = self._tasks(data, preset)
        spent: dict[str, list[Spent]] = {name: [] for name in (*STAGE_NAMES, RECORD.name, FUSED.name)}
        self._recorded = tasks[0]["batch_id"]
        for task in tasks:
            state: Json = {"task": task}
            for name in STAGE_NAMES:
                state[name], used = self._stage(name, state)
                spent[name].append(used)
            _, used = self._meter.measure(lambda state=state: record_image(state, ENVIRONMENT))
            spent[RECORD.name].append(used)
        for task in self._tasks(data, preset):
            one = {"tasks": [task]}
            _, used = self._meter.measure(lambda one=one: work_on_images(one, ENVIRONMENT, _Time()))
            spent[FUSED.name].append(used)
        return spent

    def large_batch(self, rows: int) -> dict[str, Spent]:
        """Plan and summarise, per image of a batch of `rows` images that are all recorded."""
        named = ((f"SKU-{row}", f"photo-{row}.jpg") for row in range(rows))
        lines = "".join(
            json.dumps({"sku_id": sku, "product_group_id": "group", "image_url": photo}) + "\n"
            for sku, photo in named
        )
        put = client("s3").put_object(Bucket=UPLOADS, Key="manifests/large.jsonl", Body=lines.encode())
        event = {
            "bucket": UPLOADS,
            "key": "manifests/large.jsonl",
            "version_id": put["VersionId"],
            "started_at": "2026-03-01T12:00:00.250Z",
        }
        asked = PlanEnvironment(**_names(), images_per_item=1, concurrency=200)
        planned, plan = self._meter.measure(lambda: plan_batch(event, asked))
        self._record_all(planned["batch_id"])

        def summarise() -> Json:
            common = {"batch_id": planned["batch_id"]}
            for part in planned["parts"]:
                summarise_batch({**common, "items_key": planned["items_key"], "part": part}, ENVIRONMENT)
            return summarise_batch({**common, "parts": planned["parts"]}, ENVIRONMENT)

        _, summarised = self._meter.measure(summarise)
        return {PLAN.name: plan.by(rows), SUMMARISE.name: summarised.by(rows)}

    def _record_all(self, batch_id: str) -> None:
        """Gives each image of a batch the record that a finished one had before."""
        table = DynamoJobTable(client("dynamodb"), TABLE)
        known = table.images(self._recorded).items[0]
        body = client("s3").get_object(Bucket=WORK, Key=items_key(batch_id))["Body"].read()
        for item in json.loads(body):
            row = item["task"]["row"]
            changes = {"batch_id": batch_id, "image_id": item["task"]["image_id"], "sku_id": row["sku_id"]}
            table.put_image(known.model_copy(update=changes), None)

    def _stage(self, name: str, state: Json) -> tuple[Json, Spent]:
        answer, used = self._meter.measure(lambda: work_on_stage(name, state, ENVIRONMENT))
        return json.loads(json.dumps(answer)), used

    def _tasks(self, data: list[bytes], preset: Preset) -> list[Json]:
        self._batches += 1
        batch_id = f"batch-{self._batches:03}"
        put_settings(WORK, batch_id, BatchSettings(preset=preset, as_of=dt.date(2026, 11, 1)))
        batch_settings(WORK, batch_id)  # read once per process
        tasks = []
        for index, photo in enumerate(data):
            key = f"manifests/photos/{batch_id}-{index}.jpg"
            client("s3").put_object(Bucket=UPLOADS, Key=key, Body=photo)
            row = {"line": 1, "product_group_id": "bench", "sku_id": f"{batch_id}-{index}", "image_url": key}
            tasks.append(
                {
                    "batch_id": batch_id,
                    "image_id": f"img-{index:x}{self._batches:07x}",
                    "row": row,
                    "source": f"s3://{UPLOADS}/{key}",
                }
            )
        return tasks


class _Time:
    """Lambda's context, with time enough."""

    def get_remaining_time_in_millis(self) -> int:
        return 200_000


def _names() -> dict[str, str]:
    return {"work_bucket": WORK, "catalogue_bucket": CATALOGUE, "table": TABLE, "bus": BUS}


@contextlib.contextmanager
def open_stack() -> Iterator[Stack]:
    """Buckets, table and bus for the length of a block."""
    os.environ |= {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": REGION,
    }
    meter = Meter()
    serve = BotocoreStubber.__call__

    def timed(stubber: BotocoreStubber, *given: Any, **named: Any) -> Any:
        with meter.paused():
            return serve(stubber, *given, **named)

    BotocoreStubber.__call__ = timed
    try:
        with mock_aws():
            for cache in (client, batch_settings):
                cache.cache_clear()
            for bucket in (UPLOADS, WORK, CATALOGUE):
                make_bucket(client("s3"), bucket)
            make_table(client("dynamodb"))
            client("events").create_event_bus(Name=BUS)
            for service in ("s3", "dynamodb", "events"):
                meter.watch(service)
            yield Stack(meter)
    finally:
        BotocoreStubber.__call__ = serve
