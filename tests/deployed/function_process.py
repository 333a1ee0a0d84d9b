"""A process that functions run in, as Lambda has them: `main(target, fd)`.

It knows no network: each request of boto's goes through the pipe to whoever started the process.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import threading
import time
from dataclasses import dataclass
from io import BytesIO
from multiprocessing.connection import Connection
from typing import Any, Final

import botocore.handlers
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

Json = dict[str, Any]

#: What the service image does not have.
_NOT_IN_SERVICE: Final = ("cv2", "numpy", "onnxruntime", "PIL", "simplejpeg", "pi_heif")


@dataclass(frozen=True, slots=True)
class Call:
    """One invocation: the function's command, its whole environment, its event and its seconds."""

    command: str
    environment: dict[str, str]
    event: bytes
    timeout_s: float


@dataclass(frozen=True, slots=True)
class Request:
    """One request of boto's; `operation` is `s3.PutObject`."""

    operation: str
    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Response:
    """What the service answers."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What the handler returned, or its error as Lambda tells it."""

    payload: bytes
    error: str | None = None


class _Raw(BytesIO):
    """As urllib3's response, as far as botocore looks."""

    def stream(self, amount: int = 1 << 16, **_: Any) -> Any:
        while data := self.read(amount):
            yield data


class _Context:
    """Lambda's."""

    def __init__(self, timeout_s: float) -> None:
        self._end = time.monotonic() + timeout_s

    def get_remaining_time_in_millis(self) -> int:
        return max(0, round((self._end - time.monotonic()) * 1000))


def main(target: str, fd: int) -> None:
    """Takes calls until the pipe is closed."""
    pipe: Connection = Connection(fd)
    one_at_a_time = threading.Lock()
    if target == "service":
        sys.modules.update(dict.fromkeys(_NOT_IN_SERVICE))  # type: ignore[arg-type]  # None: there is no such module
    else:
        importlib.import_module("packshot.aws_runtime.fused")

    def send(request: Any, event_name: str, **_: Any) -> AWSResponse:
        body = request.body if request.body is not None else b""
        data = body.read() if hasattr(body, "read") else body
        operation = event_name.removeprefix("before-send.")
        headers = tuple((name, _text(value)) for name, value in request.headers.items())
        # A handler may ask from several threads.
        with one_at_a_time:
            pipe.send(Request(operation, request.method, request.url, headers, _bytes(data)))
            answer: Response = pipe.recv()
        return AWSResponse(
            request.url, answer.status, HTTPHeaders.from_dict(answer.headers), _Raw(answer.body)
        )

    botocore.handlers.BUILTIN_HANDLERS.append(("before-send", send))
    pipe.send("ready")
    while True:
        try:
            call: Call = pipe.recv()
        except EOFError:
            return
        pipe.send(_answer(call))


def _answer(call: Call) -> Answer:
    os.environ.clear()
    os.environ.update(call.environment)
    module, _, name = call.command.rpartition(".")
    try:
        handler = getattr(importlib.import_module(module), name)
        answer = handler(json.loads(call.event), _Context(call.timeout_s))
        return Answer(json.dumps(answer).encode())
    except Exception as error:  # whatever a handler raises is told by Lambda like this
        told = {"errorMessage": str(error), "errorType": type(error).__name__, "stackTrace": []}
        return Answer(json.dumps(told).encode(), "Unhandled")


def _bytes(data: str | bytes) -> bytes:
    return data.encode() if isinstance(data, str) else bytes(data)


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
