"""Lambda's Runtime API on loopback: hands events to a runtime and takes its answers.

As described in AWS's guide "Using the Lambda runtime API for custom runtimes", version 2018-06-01.
"""

from __future__ import annotations

import json
import queue
import threading
import time
import uuid
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

VERSION: Final = "/2018-06-01/runtime"
#: What Lambda takes back from a function at most.
LARGEST_ANSWER: Final = 6 << 20

Json = dict[str, Any]


@dataclass(slots=True)
class Invocation:
    """One event on its way: `answer` or `error` is there once `done` is set."""

    event: bytes
    timeout_s: float
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    taken: threading.Event = field(default_factory=threading.Event)
    done: threading.Event = field(default_factory=threading.Event)
    answer: bytes | None = None
    error: Json | None = None


class RuntimeApi:
    """The API of one container; its address goes into AWS_LAMBDA_RUNTIME_API.

    Attributes:
        port: on loopback.
        asked: set when a runtime has asked for its first event, that is, when it is up.
        failed_start: what a runtime said that could not start, else None.
    """

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.failed_start: Json | None = None
        self._waiting: queue.Queue[Invocation | None] = queue.Queue()
        self._running: dict[str, Invocation] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def put(self, invocation: Invocation) -> None:
        """Queues an event for whichever runtime asks next."""
        self._running[invocation.request_id] = invocation
        self._waiting.put(invocation)

    def take(self) -> Invocation | None:
        """The next event, as long as that takes; None when the API is closing."""
        self.asked.set()
        invocation = self._waiting.get()
        if invocation is not None:
            invocation.taken.set()
        return invocation

    def finish(self, request_id: str, *, answer: bytes | None = None, error: Json | None = None) -> bool:
        """Keeps an outcome; False when nobody waits for it."""
        invocation = self._running.pop(request_id, None)
        if invocation is None:
            return False
        invocation.answer, invocation.error = answer, error
        invocation.done.set()
        return True

    def close(self) -> None:
        """Ends the server; who waits for an event gets none."""
        self._waiting.put(None)
        self._server.shutdown()
        self._server.server_close()


def _handler(api: RuntimeApi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path != f"{VERSION}/invocation/next":
                self._say(404)
                return
            invocation = api.take()
            if invocation is None:
                self.close_connection = True
                return
            deadline = round((time.time() + invocation.timeout_s) * 1000)
            headers = {
                "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
                "Lambda-Runtime-Deadline-Ms": str(deadline),
                "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-central-1:123456789012:function:f",
                "Lambda-Runtime-Trace-Id": "Root=1-00000000-000000000000000000000000;Sampled=0",
            }
            self._say(200, invocation.event, headers)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.path == f"{VERSION}/init/error":
                api.failed_start = json.loads(body)
                self._say(202)
                return
            *_, request_id, what = self.path.split("/")
            if what == "response" and len(body) <= LARGEST_ANSWER:
                known = api.finish(request_id, answer=body)
            elif what == "response":
                too_large = {"errorType": "Function.ResponseSizeTooLarge", "errorMessage": str(len(body))}
                known = api.finish(request_id, error=too_large)
            else:
                known = what == "error" and api.finish(request_id, error=json.loads(body))
            self._say(202 if known else 400)

        def _say(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class's name
            """Requests are no news."""

    return Handler
