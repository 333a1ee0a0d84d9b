"""Faults at the rim of a function: what a service answers, and what may happen to the process meanwhile."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.deployed.function_process import Request, Response

Json = dict[str, Any]

#: The process is killed for its memory, or has used up its time.
Death = Literal["killed", "timed out"]


@dataclass(frozen=True, slots=True)
class Moment:
    """A function about to begin (`request` is None), or in the middle of its work."""

    function: str
    event: Json
    request: Request | None

    @property
    def operation(self) -> str:
        return "" if self.request is None else self.request.operation

    def about(self, sku_id: str) -> bool:
        """True when the event holds an image of this SKU alone."""
        task = self.event.get("task") or {}
        return bool(task.get("row", {}).get("sku_id") == sku_id)

    def holds(self, text: str) -> bool:
        """True when the request's address or body has the text."""
        request = self.request
        return request is not None and (text in request.url or text.encode() in request.body)


@dataclass
class Fault:
    """What happens at the first `times` moments that fit; `struck` counts them.

    `Response` for a service that answers so, `Death`, or the name of an error that the call itself ends with.
    """

    when: Callable[[Moment], bool]
    then: Response | Death | str
    times: int = 1
    struck: int = 0


@dataclass
class Faults:
    """The faults of one test."""

    waiting: list[Fault] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, when: Callable[[Moment], bool], then: Response | Death | str, times: int = 1) -> Fault:
        fault = Fault(when, then, times)
        self.waiting.append(fault)
        return fault

    def at(self, moment: Moment) -> Response | Death | str | None:
        """What happens now."""
        with self.lock:
            for fault in self.waiting:
                if fault.struck < fault.times and fault.when(moment):
                    fault.struck += 1
                    return fault.then
        return None


def s3_error(status: int, code: str) -> Response:
    """An error of S3's."""
    body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>{code}</Message></Error>"
    return Response(status, {"content-type": "application/xml"}, body.encode())


def dynamo_error(code: str, status: int = 400) -> Response:
    """An error of DynamoDB's."""
    body = {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": code}
    return Response(status, {"content-type": "application/x-amz-json-1.0"}, json.dumps(body).encode())
