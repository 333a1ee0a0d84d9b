"""Use cases are tested on both sides of the ports."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.aws import aws
from tests.worlds import World, aws_world, local_world

__all__ = ["aws"]


@pytest.fixture(params=["local", "aws"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    if request.param == "local":
        return local_world(tmp_path)
    return aws_world(request.getfixturevalue("aws"))
