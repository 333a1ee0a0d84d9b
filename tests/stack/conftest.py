from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from packshot.stack import deployed, follow
from packshot.stack.deployed import Stack, open_stack
from tests.aws_runtime.conftest import Stack as Services
from tests.aws_runtime.conftest import aws, stack
from tests.stack.deployments import NAME, Machine, make_formation

__all__ = ["aws", "stack"]


@pytest.fixture
def machine(aws: Callable[[str], Any], stack: Services, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A stack that is deployed; whoever waits for it makes it go on."""
    make_formation(aws("cloudformation"))
    made = Machine(stack)
    real = deployed.client

    def client(service: str, region: str | None) -> Any:
        return made if service == "stepfunctions" else real(service, region)

    monkeypatch.setattr(deployed, "client", client)
    real_clock = follow.Clock
    monkeypatch.setattr(follow, "Clock", lambda: real_clock(made.now, made.sleep))
    return made


@pytest.fixture
def opened(machine: Machine) -> Stack:
    return open_stack(NAME)
