"""A function in its container, called as Lambda calls it."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.aws import REGION
from tests.containers.engine import Engine
from tests.containers.runtime_api import Invocation, RuntimeApi

#: A cold start on a machine with other things to do.
START_S: Final = 120
#: A function on a machine with other things to do gets so many times its time.
PATIENCE: Final = 4
#: What Step Functions carries from state to state at most.
LARGEST_STATE: Final = 256 << 10

Json = dict[str, Any]
_NUMBERS = itertools.count(1)


class FunctionError(Exception):
    """A call failed; `error` and `cause` as Step Functions gets them."""

    def __init__(self, error: str, cause: str) -> None:
        super().__init__(f"{error}: {cause}")
        self.error, self.cause = error, cause

    @property
    def caught(self) -> Json:
        """What a Catch puts into the state."""
        return {"Error": self.error, "Cause": self.cause}


@dataclass(frozen=True, slots=True)
class Deployed:
    """A function as the template has it."""

    name: str
    image: str
    command: tuple[str, ...]
    environment: dict[str, str]
    memory_mb: int
    timeout_s: float
    disk_mb: int = 512


@dataclass(slots=True)
class Figures:
    """What a function's last cold start took."""

    up_s: float = 0.0
    first_answer_s: float = 0.0


class ContainerFunction:
    """One function: started at its first call, kept warm, started again after it was lost.

    Args:
        engine: that holds it to its memory.
        deployed: what to run.
        services: variables beside those of the template: where AWS is, and who is asking.
        log: gets what the containers print.
    """

    def __init__(self, engine: Engine, deployed: Deployed, services: dict[str, str], log: Path) -> None:
        self.deployed = deployed
        self.figures = Figures()
        self.log = log
        self._engine, self._services = engine, services
        self._api: RuntimeApi | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._name = ""
        self._started = 0.0

    def call(self, event: Json) -> Json:
        """Invokes the function.

        Raises:
            FunctionError: of the handler, or the fault of the service.
        """
        cold = not self.running
        api = self._start() if cold or self._api is None else self._api
        invocation = Invocation(json.dumps(event).encode(), self.deployed.timeout_s)
        api.put(invocation)
        try:
            return self._outcome(invocation, api)
        finally:
            if cold:
                self.figures.first_answer_s = time.perf_counter() - self._started

    @property
    def running(self) -> bool:
        """True while its container runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def container(self) -> str:
        """Its container's name."""
        return self._name

    def close(self) -> None:
        """Gives back what is left once the container has ended."""
        if self._process is not None:
            self._process.wait(timeout=60)
        if self._api is not None:
            self._api.close()

    def _start(self) -> RuntimeApi:
        # A new API for each container: one that has gone may still hold a request for an event.
        self.close()
        self._api = RuntimeApi()
        self._name = f"packshot-test-{os.getpid()}-{next(_NUMBERS)}"
        words = self._engine.run_command(
            self.deployed.image,
            self.deployed.command,
            name=self._name,
            memory_mb=self.deployed.memory_mb,
            disk_mb=self.deployed.disk_mb,
            environment=self._environment(self._api.port),
        )
        self._started = time.perf_counter()
        with self.log.open("ab") as log:
            # In the log's folder: where memory runs out, podman leaves a file that says so.
            self._process = subprocess.Popen(words, stdout=log, stderr=log, cwd=self.log.parent)  # noqa: S603  # ours
        return self._api

    def _environment(self, port: int) -> dict[str, str]:
        """As Lambda sets it, for a function with JSON logs."""
        lambdas = {
            "AWS_LAMBDA_RUNTIME_API": f"{self._engine.host}:{port}",
            "AWS_LAMBDA_FUNCTION_NAME": self.deployed.name,
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(self.deployed.memory_mb),
            "AWS_LAMBDA_LOG_FORMAT": "JSON",
            "AWS_LAMBDA_LOG_LEVEL": "INFO",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
        }
        return {**lambdas, **self._services, **self.deployed.environment}

    def _outcome(self, invocation: Invocation, api: RuntimeApi) -> Json:
        # The start is not counted in a function's time.
        self._await(invocation, api, invocation.taken, START_S)
        self.figures.up_s = self.figures.up_s or time.perf_counter() - self._started
        self._await(invocation, api, invocation.done, self.deployed.timeout_s * PATIENCE)
        if invocation.error is not None:
            raise FunctionError(str(invocation.error.get("errorType")), json.dumps(invocation.error))
        data = invocation.answer or b"null"
        assert len(data) < LARGEST_STATE, f"{self.deployed.name} answers with {len(data)} bytes"
        answer: Json = json.loads(data)
        return answer

    def _await(
        self, invocation: Invocation, api: RuntimeApi, happened: threading.Event, seconds: float
    ) -> None:
        until = time.monotonic() + seconds
        while not happened.wait(0.02):
            if not self.running and not happened.is_set():
                raise self._lost(invocation, api)
            if time.monotonic() > until:
                self._kill()
                given = self.deployed.timeout_s
                said = f"RequestId: {invocation.request_id} Error: Task timed out after {given:.2f} seconds"
                raise _fault("Sandbox.Timedout", said)

    def _kill(self) -> None:
        self._engine.do("kill", self._name)
        if self._process is not None:
            self._process.wait(timeout=60)

    def _lost(self, invocation: Invocation, api: RuntimeApi) -> FunctionError:
        """What Lambda says of a runtime that has ended by itself, or that the kernel has ended."""
        assert self._process is not None
        if api.failed_start is not None:
            return FunctionError(str(api.failed_start.get("errorType")), json.dumps(api.failed_start))
        code = self._process.wait()
        how = "signal: killed" if code in (137, -9) else f"exit status {code}"
        said = f"RequestId: {invocation.request_id} Error: Runtime exited with error: {how}"
        return _fault("Runtime.ExitError", said)

    def peak_mb(self) -> float:
        """The most memory that the running container's first process has had; 0 when none runs."""
        if not self.running:
            return 0.0
        status = self._engine.do("exec", self._name, "cat", "/proc/1/status", timeout_s=60)
        (peak,) = (line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
        return int(peak) / 1024


def _fault(error: str, message: str) -> FunctionError:
    return FunctionError(error, json.dumps({"errorType": error, "errorMessage": message}))
