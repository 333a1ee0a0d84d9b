"""Worker processes with the real handlers, called as Lambda calls them."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from dataclasses import dataclass
from multiprocessing import Pipe
from pathlib import Path
from typing import Final, Literal

from botocore.awsrequest import AWSPreparedRequest
from botocore.compat import HTTPHeaders
from moto.core.models import botocore_stubber

from tests.aws import REGION
from tests.deployed.faults import Faults, Moment
from tests.deployed.function_process import Answer, Call, Request, Response
from tests.deployed.rewrites import PATIENCE

ROOT: Final = Path(__file__).resolve().parents[2]
Target = Literal["vision", "service"]

#: What Lambda and the image give to each function besides the template's variables.
_OF_LAMBDA: Final = {
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_SESSION_TOKEN": "testing",
    "AWS_EC2_METADATA_DISABLED": "true",
    "LANG": "en_US.UTF-8",
    "OMP_NUM_THREADS": "1",
    "ORT_DISABLE_TELEMETRY": "1",
    "PATH": os.environ["PATH"],
    "TZ": ":UTC",
}
_MAIN: Final = (
    "import sys; from tests.deployed.function_process import main; main(sys.argv[1], int(sys.argv[2]))"
)
#: Calls that the account may have at once.
PLACES: Final = 10
#: moto is not made for several threads at once; a conditional write must be one step.
_MOTO: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the template, its variables with references resolved.

    `task_root` is where its image has the background networks.
    """

    name: str
    target: Target
    command: str
    variables: dict[str, str]
    timeout_s: int
    memory_mb: int
    task_root: Path

    @property
    def environment(self) -> dict[str, str]:
        told = {"AWS_LAMBDA_FUNCTION_NAME": self.name, "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(self.memory_mb)}
        return {**_OF_LAMBDA, "LAMBDA_TASK_ROOT": str(self.task_root), **told, **self.variables}

    @property
    def patience_s(self) -> float:
        """Seconds that it has here, as the rewritten definition has them."""
        return self.timeout_s * PATIENCE

    @property
    def step(self) -> str:
        """The workflow's name of it."""
        return self.command.split(".")[1]


class Workers:
    """Some processes for each image target; `call` waits for a free one, as a full account would."""

    def __init__(self, functions: dict[str, Function], size: int) -> None:
        self.functions = functions
        self.faults = Faults()
        self.calls: list[str] = []
        self._idle: dict[Target, queue.Queue[_Worker]] = {"vision": queue.Queue(), "service": queue.Queue()}
        for target, idle in self._idle.items():
            for _ in range(size):
                idle.put(_Worker(target))

    def call(self, name: str, event: bytes) -> tuple[bytes, str | None]:
        """Runs a function; its answer, and `Unhandled` when that is an error."""
        function = self.functions[name]
        self.calls.append(function.step)
        idle = self._idle[function.target]
        worker = idle.get()
        try:
            answer = worker.call(function, event, self.faults)
        finally:
            idle.put(worker if worker.alive else _Worker(function.target))
        return answer.payload, answer.error

    def close(self) -> None:
        for idle in self._idle.values():
            while not idle.empty():
                idle.get().close()


class _Worker:
    def __init__(self, target: Target) -> None:
        self._pipe, theirs = Pipe()
        environment = {**_OF_LAMBDA, "PYTHONPATH": os.pathsep.join((str(ROOT / "pipeline"), str(ROOT)))}
        self._process = subprocess.Popen(  # noqa: S603  # our own code
            [sys.executable, "-c", _MAIN, target, str(theirs.fileno())],
            env=environment,
            cwd=ROOT,
            pass_fds=(theirs.fileno(),),
            stderr=subprocess.DEVNULL,
        )
        theirs.close()
        self._ready = False

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def close(self) -> None:
        self._pipe.close()
        self._process.kill()
        self._process.wait()

    def call(self, function: Function, event: bytes, faults: Faults) -> Answer:
        if not self._ready:
            assert self._pipe.recv() == "ready"
            self._ready = True
        facts = json.loads(event)
        found = faults.at(Moment(function.step, facts, None))
        if isinstance(found, str):
            return self._end(found, function)
        self._pipe.send(Call(function.command, function.environment, event, function.patience_s))
        while True:
            try:
                if not self._pipe.poll(function.patience_s):
                    return self._end("timed out", function)
                said: Request | Answer = self._pipe.recv()
            except EOFError:
                return self._end("killed", function)
            if isinstance(said, Answer):
                return said
            found = faults.at(Moment(function.step, facts, said))
            if isinstance(found, str):
                return self._end(found, function)
            self._pipe.send(found or _served(said))

    def _end(self, what: str, function: Function) -> Answer:
        """The call's error; where its process dies, it is dead when this returns."""
        if what == "killed":
            kind, message = (
                "Runtime.ExitError",
                "RequestId: 1 Error: Runtime exited with error: signal: killed",
            )
        elif what == "timed out":
            kind = "Sandbox.Timedout"
            message = f"RequestId: 1 Error: Task timed out after {function.timeout_s}.00 seconds"
        else:
            return _failure(what, "Rate Exceeded.")
        self.close()
        return _failure(kind, message)


def _failure(kind: str, message: str) -> Answer:
    return Answer(json.dumps({"errorType": kind, "errorMessage": message}).encode(), "Unhandled")


def _served(request: Request) -> Response:
    if request.operation == "lambda.GetAccountSettings":
        # moto has no answer to it; this is a young account's.
        limits = {"ConcurrentExecutions": PLACES, "UnreservedConcurrentExecutions": PLACES}
        return Response(200, {}, json.dumps({"AccountLimit": limits}).encode())
    headers = HTTPHeaders()
    for name, value in request.headers:
        headers[name] = value
    prepared = AWSPreparedRequest(request.method, request.url, headers, request.body, stream_output=False)
    with _MOTO:
        served = botocore_stubber.process_request(prepared)
    assert served is not None, f"moto serves no {request.url}"
    status, answered, body = served
    data = body.encode() if isinstance(body, str) else bytes(body)
    return Response(status, {str(name): str(value) for name, value in answered.items()}, data)
