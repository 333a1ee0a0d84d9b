"""Images built once per session, functions in containers, an AWS on loopback behind them."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import pytest
from botocore.exceptions import BotoCoreError

from tests.containers.engine import Engine, find_engine
from tests.containers.function import ContainerFunction, Deployed
from tests.containers.machine import build_volumes
from tests.containers.stack import Cloud, client, functions, image_assets, make_cloud
from tests.containers.stand_in import make_base
from tests.infra.conftest import context, dev, synthesise
from tests.infra.templates import Synthesised
from tests.own_model import OWN, added_by_the_user

__all__ = ["context", "dev", "synthesise"]

Json = dict[str, Any]
Make = Callable[[Deployed], ContainerFunction]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # One worker for all that need an image, so that none is built twice.
    for item in items:
        if "tests/containers" in str(item.path):
            item.add_marker(pytest.mark.xdist_group("containers"))


def missing(what: str) -> NoReturn:
    """Skips the test and says what this machine lacks; where CI runs, that is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI proves the containers, but {what}", pytrace=False)
    pytest.skip(f"containers not run: {what}")


@dataclass(frozen=True)
class Built:
    """The images of both targets.

    Attributes:
        tags: by target.
        base: what they stand on; empty for the Dockerfile's own.
        seconds: of each build.
    """

    tags: dict[str, str]
    base: str
    seconds: dict[str, float]


@pytest.fixture(scope="session")
def any_engine() -> Engine:
    found = find_engine()
    if found is None:
        missing("neither Docker's daemon nor podman is here")
    if not found.is_docker and shutil.which("mmdebstrap") is None:
        missing("mmdebstrap is not here, which makes the base image that podman builds on")
    return found


@pytest.fixture(scope="session")
def baked(synthesise: Callable[[Json], Synthesised], tmp_path_factory: pytest.TempPathFactory) -> Synthesised:
    """As `dev`, with a background network of its own in the images."""
    with added_by_the_user(tmp_path_factory.mktemp("home") / "models"):
        return synthesise({"models": OWN})


@pytest.fixture(scope="session")
def built(any_engine: Engine, baked: Synthesised, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Built from the synthesised assembly: the very folder that CDK would hand to a builder."""
    volumes = build_volumes(tmp_path_factory.mktemp("build"))
    base = "" if any_engine.is_docker else make_base(any_engine, volumes)
    tags, seconds = {}, {}
    for asset in image_assets(baked).values():
        tag = f"localhost/packshot-{asset.target}:test"
        started = time.perf_counter()
        any_engine.build(
            asset.folder,
            asset.dockerfile,
            tag,
            target=asset.target,
            arguments={"BASE": base} if base else {},
            volumes=volumes,
        )
        tags[asset.target], seconds[asset.target] = tag, time.perf_counter() - started
    return Built(tags, base, seconds)


@pytest.fixture(scope="session")
def engine(any_engine: Engine, built: Built) -> Engine:
    """The engine, in the way that holds functions to their memory here."""
    return any_engine.within_memory(built.tags["service"])


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """moto's server, in a process of its own: tests in this one reset moto as they please."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603  # ours
    found = f"http://127.0.0.1:{port}"
    try:
        _wait_for(found, process)
        yield found
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 120
    while True:
        try:
            client(address, "s3").list_buckets()
        except BotoCoreError:
            if process.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return


@pytest.fixture(scope="session")
def cloud(address: str, dev: Synthesised) -> Cloud:
    return make_cloud(address, dev)


@pytest.fixture(scope="session")
def fused(synthesise: Callable[[Json], Synthesised]) -> Synthesised:
    """All stages in one function; else as `dev`."""
    return synthesise({"execution": "fused"})


@pytest.fixture(scope="session")
def deployed(dev: Synthesised, fused: Synthesised, cloud: Cloud, built: Built) -> dict[str, Deployed]:
    """All functions of the staged stack, and of the fused one that which only it has."""
    # Both stacks name their resources alike.
    return {**functions(fused, cloud.ids, built.tags), **functions(dev, cloud.ids, built.tags)}


@pytest.fixture(scope="session")
def make(engine: Engine, cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Make]:
    """Makes a function; what its containers print is in `function.log`."""
    logs: Path = tmp_path_factory.mktemp("logs")
    made: list[ContainerFunction] = []

    def one(of: Deployed) -> ContainerFunction:
        log = logs / f"{len(made)}-{of.name}.log"
        made.append(ContainerFunction(engine, of, cloud.variables(engine.host), log))
        return made[-1]

    yield one
    if running := [function.container for function in made if function.running]:
        engine.do("kill", *running)
    for function in made:
        function.close()


@pytest.fixture(scope="session")
def warm(deployed: dict[str, Deployed], make: Make) -> dict[str, ContainerFunction]:
    """Every function as deployed; each is started by the test that first calls it."""
    return {name: make(one) for name, one in deployed.items()}
