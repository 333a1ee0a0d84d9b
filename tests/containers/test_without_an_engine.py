"""Where no container engine is, the tests say so; where CI runs, that is a failure."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.containers.conftest import missing
from tests.containers.engine import find_engine


def test_a_machine_without_docker_and_podman_has_no_engine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_engine() is None


def test_a_docker_without_its_daemon_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    docker = tmp_path / "docker"
    docker.write_text("#!/bin/sh\necho 'Cannot connect to the Docker daemon' >&2\nexit 1\n")
    docker.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_engine() is None


def test_it_is_said_and_in_ci_it_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="containers not run: there is no engine"):
        missing("there is no engine")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="there is no engine"):
        missing("there is no engine")
