"""Two deployments, staged and fused, each made once per session and emptied before each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.build_folder import MODELS
from tests.containers.stack import image_assets
from tests.deployed.deployment import deployed
from tests.deployed.stack import DeployedStack
from tests.infra.conftest import context, synthesise
from tests.infra.templates import Synthesised
from tests.own_model import OWN, added_by_the_user

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
def synthesised(
    way: str, synthesise: Callable[[Json], Synthesised], tmp_path_factory: pytest.TempPathFactory
) -> Synthesised:
    """The stack, with a background network of its own beside the usual one."""
    with added_by_the_user(tmp_path_factory.mktemp("home") / "models"):
        return synthesise({**_SETTINGS, "execution": way, "models": OWN})


@pytest.fixture(scope="session")
def template(synthesised: Synthesised) -> Json:
    """The synthesised template."""
    return synthesised.template


@pytest.fixture(scope="session")
def deployment(way: str, synthesised: Synthesised) -> Iterator[DeployedStack]:
    asset, *_ = image_assets(synthesised).values()
    # Where the Dockerfile puts the folder `models`.
    task_root = asset.folder / Path(MODELS).parent
    with deployed(
        synthesised.template, way, processes=AT_ONCE, task_root=task_root, others=(PARTNER, STRANGER)
    ) as made:
        yield made


@pytest.fixture
def stack(deployment: DeployedStack) -> DeployedStack:
    """The deployment, as new."""
    return deployment.emptied()
