"""What the API's functions ask of AWS, as IAM sees it: an action at a place, by the function that asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Final

import pytest
from botocore.client import BaseClient

from packshot.adapters.aws.presigned import Presigner
from tests.api.aws.deployment import AwsApi
from tests.aws_runtime.conftest import CATALOGUE, UPLOADS, WORK

Json = dict[str, Any]
Asked = tuple[str, str]

_SIDE: Final[ContextVar[str | None]] = ContextVar("side", default=None)
_BUCKETS: Final = {UPLOADS: "Uploads", CATALOGUE: "Catalogue", WORK: "Work"}
#: Operations of S3 on one object, by what IAM calls them.
_ON_OBJECTS: Final = {
    "GetObject": "s3:GetObject",
    "HeadObject": "s3:GetObject",
    "PutObject": "s3:PutObject",
    "CopyObject": "s3:PutObject",
    "CreateMultipartUpload": "s3:PutObject",
    "UploadPart": "s3:PutObject",
    "UploadPartCopy": "s3:PutObject",
    "CompleteMultipartUpload": "s3:PutObject",
    "AbortMultipartUpload": "s3:AbortMultipartUpload",
    "DeleteObject": "s3:DeleteObject",
}
_STATES: Final = {
    "start_execution": ("states:StartExecution", "stateMachine:batch"),
    "start_sync_execution": ("states:StartSyncExecution", "stateMachine:image"),
    "stop_execution": ("states:StopExecution", "execution:batch:one"),
    "redrive_execution": ("states:RedriveExecution", "execution:batch:one"),
    "describe_execution": ("states:DescribeExecution", "execution:batch:one"),
    "list_map_runs": ("states:ListMapRuns", "execution:batch:one"),
    "describe_map_run": ("states:DescribeMapRun", "mapRun:batch/one"),
}


@dataclass
class Asking:
    """All that was asked, by side: pairs of action and place, as `Uploads/incoming/a.jpg`."""

    by_side: dict[str, set[Asked]] = field(default_factory=dict)

    def add(self, *asked: Asked) -> None:
        side = _SIDE.get()
        if side is not None:
            self.by_side.setdefault(side, set()).update(asked)

    def beyond(self, side: str, may: dict[str, set[str]]) -> set[Asked]:
        """What a function has asked for that its role does not allow."""
        return {one for one in self.by_side.get(side, ()) if not _allowing(one, may)}

    def unused(self, side: str, may: dict[str, set[str]]) -> set[Asked]:
        """What its role allows and it has never asked for."""
        used = {found for one in self.by_side.get(side, ()) for found in _allowing(one, may)}
        return {(action, place) for place, actions in may.items() for action in actions} - used


def _allowing(asked: Asked, may: dict[str, set[str]]) -> set[Asked]:
    action, place = asked
    return {
        (action, pattern)
        for pattern, actions in may.items()
        if action in actions and fnmatchcase(place, pattern)
    }


@contextmanager
def listening(api: AwsApi) -> Iterator[Asking]:
    """Writes down what each function of an API asks for; what the rest of the stack does is left out."""
    asking = Asking()
    gateway: Any = api.client
    with pytest.MonkeyPatch.context() as patch:
        _listen_to_clients(patch, asking)
        _listen_to_signing(patch, asking)
        for name in ("_read", "_write"):
            patch.setattr(gateway, name, _as_side(name.strip("_").capitalize(), getattr(gateway, name)))
        patch.setattr(api.worker, "run", _as_side("Work", api.worker.run))
        _listen_to_others(patch, asking, api)
        yield asking


def _as_side(side: str | None, call: Callable[..., Any]) -> Callable[..., Any]:
    def called(*args: Any, **named: Any) -> Any:
        token = _SIDE.set(side)
        try:
            return call(*args, **named)
        finally:
            _SIDE.reset(token)

    return called


def _listen_to_clients(patch: pytest.MonkeyPatch, asking: Asking) -> None:
    made = BaseClient._make_api_call

    def called(self: Any, operation: str, given: Json) -> Any:
        if _SIDE.get() is not None:
            asking.add(*_seen(self.meta.service_model.service_name, operation, given))
        return made(self, operation, given)

    patch.setattr(BaseClient, "_make_api_call", called)


def _seen(service: str, operation: str, given: Json) -> list[Asked]:
    if service == "s3":
        return _seen_by_s3(operation, given)
    if service == "dynamodb":
        tables = [given["TableName"]] if "TableName" in given else list(given["RequestItems"])
        assert len(tables) == 1
        index = given.get("IndexName")
        return [(f"dynamodb:{operation}", f"table/index/{index}" if index else "table")]
    if service == "events":
        return [(f"events:{operation}", "bus")]
    return [(f"{service}:{operation}", "?")]


def _seen_by_s3(operation: str, given: Json) -> list[Asked]:
    bucket = _BUCKETS[given["Bucket"]]
    if operation.startswith("ListObjects"):
        return [("s3:ListBucket", bucket)]
    if operation == "DeleteObjects":
        return [("s3:DeleteObject", f"{bucket}/{one['Key']}") for one in given["Delete"]["Objects"]]
    found = [(_ON_OBJECTS.get(operation, f"s3:{operation}"), f"{bucket}/{given['Key']}")]
    if "CopySource" in given:
        source = given["CopySource"]
        found.append(("s3:GetObject", f"{_BUCKETS[source['Bucket']]}/{source['Key']}"))
    if operation in ("GetObject", "HeadObject"):
        # Without it a key that is not there would be a refusal.
        found.append(("s3:ListBucket", bucket))
    return found


def _listen_to_signing(patch: pytest.MonkeyPatch, asking: Asking) -> None:
    read, form = Presigner.get, Presigner.form

    def got(self: Presigner, bucket: str, key: str, **named: Any) -> str:
        asking.add(("s3:GetObject", f"{_BUCKETS[bucket]}/{key}"))
        return read(self, bucket, key, **named)

    def formed(self: Presigner, bucket: str, key: str, *args: Any) -> Any:
        asking.add(("s3:PutObject", f"{_BUCKETS[bucket]}/{key}"))
        return form(self, bucket, key, *args)

    patch.setattr(Presigner, "get", got)
    patch.setattr(Presigner, "form", formed)


def _listen_to_others(patch: pytest.MonkeyPatch, asking: Asking, api: AwsApi) -> None:
    def told(asked: Asked, call: Callable[..., Any]) -> Callable[..., Any]:
        def called(*args: Any, **named: Any) -> Any:
            asking.add(asked)
            # What the machine then does is done by other roles.
            return _as_side(None, call)(*args, **named)

        return called

    for name, asked in _STATES.items():
        patch.setattr(api.machine, name, told(asked, getattr(api.machine, name)))
    patch.setattr(
        api.worker, "invoke", told(("lambda:InvokeFunction", "function:api-work"), api.worker.invoke)
    )
