"""Two deployments, staged and fused, each made once per session and emptied before each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.deployed.deployment import deployed
from tests.deployed.stack import DeployedStack
from tests.infra.conftest import context, synthesise
from tests.infra.templates import Synthesised

__all__ = ["context", "synthesise"]

#: A bucket whose photos manifests may name besides those of the upload bucket.
PARTNER = "photos-of-a-partner"
#: One that they may not.
STRANGER = "photos-of-a-stranger"
#: Images at once, and processes for them: as many as this machine is asked for.
AT_ONCE = 2
_SETTINGS = {"concurrency": str(AT_ONCE), "source_buckets": PARTNER}

Json = dict[str, Any]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # Tests of one deployment share a worker, so that nothing is synthesised or deployed twice.
    for item in items:
        if "tests/deployed" in str(item.path):
            varied = getattr(item, "callspec", None)
            way = varied.params.get("way", "staged") if varied else "staged"
            item.add_marker(pytest.mark.xdist_group(f"deployed-{way}"))


@pytest.fixture(scope="session", params=["staged", "fused"])
def way(request: pytest.FixtureRequest) -> str:
    """How images are worked on; pytest runs all tests of one before those of the other."""
    found: str = request.param
    return found


@pytest.fixture(scope="session")
def template(way: str, synthesise: Callable[[Json], Synthesised]) -> Json:
    """The synthesised template."""
    return synthesise({**_SETTINGS, "execution": way}).template


@pytest.fixture(scope="session")
def deployment(way: str, template: Json) -> Iterator[DeployedStack]:
    with deployed(template, way, processes=AT_ONCE, others=(PARTNER, STRANGER)) as made:
        yield made


@pytest.fixture
def stack(deployment: DeployedStack) -> DeployedStack:
    """The deployment, as new."""
    return deployment.emptied()
