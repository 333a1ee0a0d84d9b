"""The synthesised templates, each made once per session: a synthesis takes seconds."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infra.node import use_packaged_node
from tests.infra.templates import Synthesised, made_page, read
from tests.infra.test_settings import CERTIFICATE, WEB_ACL

ROOT = Path(__file__).resolve().parents[2]
PROD = {
    "stage": "prod",
    "execution": "fused",
    "architecture": "x86_64",
    "concurrency": "750",
    "memory": "fused=3008",
    "source_buckets": "photos-of-ours,photos-of-theirs",
    "notification_email": "shop@example.com",
    "consumer_accounts": "111122223333",
    "site_domain": "photos.example.com",
    "site_certificate": CERTIFICATE,
    "site_web_acl": WEB_ACL,
    "sign_up": "true",
    "mfa": "optional",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # One worker for all that need a template, so that none is made twice.
    for item in items:
        if "tests/infra" in str(item.path):
            item.add_marker(pytest.mark.xdist_group("infra"))


@pytest.fixture(scope="session")
def context() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "cdk.json").read_text("utf-8"))["context"]
    return found


@pytest.fixture(scope="session")
def synthesise(
    tmp_path_factory: pytest.TempPathFactory, context: dict[str, Any]
) -> Callable[[dict[str, Any]], Synthesised]:
    use_packaged_node()
    from infra.application import build  # noqa: PLC0415  # jsii starts Node when it is imported

    page = made_page(tmp_path_factory.mktemp("page"))

    def make(changes: dict[str, Any]) -> Synthesised:
        folder = tmp_path_factory.mktemp("assembly")
        # A finding of cdk-nag that nobody has acknowledged ends this with an error.
        build({**context, **changes}, str(folder), page).synth()
        return read(folder)

    return make


@pytest.fixture(scope="session")
def dev(synthesise: Callable[[dict[str, Any]], Synthesised]) -> Synthesised:
    """Staged, with all defaults."""
    return synthesise({})


@pytest.fixture(scope="session")
def prod(synthesise: Callable[[dict[str, Any]], Synthesised]) -> Synthesised:
    """Fused, with everything that can be asked for."""
    return synthesise(PROD)


@pytest.fixture(scope="session")
def dev_site(dev: Synthesised) -> Synthesised:
    return read(dev.folder, "site")


@pytest.fixture(scope="session")
def prod_site(prod: Synthesised) -> Synthesised:
    return read(prod.folder, "site")


@pytest.fixture(scope="session")
def dev_monitoring(dev: Synthesised) -> Synthesised:
    return read(dev.folder, "monitoring")


@pytest.fixture(scope="session")
def prod_monitoring(prod: Synthesised) -> Synthesised:
    return read(prod.folder, "monitoring")
