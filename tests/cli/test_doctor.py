from __future__ import annotations

import json
import re
import shutil
import tomllib
from collections import namedtuple
from pathlib import Path

import pytest

from packshot.cli import diagnosis
from packshot.errors import ModelError

Usage = namedtuple("Usage", "total used free")


def test_all_is_well_here(packshot) -> None:
    ended = packshot("doctor")
    assert ended.code == 0, ended.out
    subjects = [line.split()[1] for line in ended.out.splitlines() if not line.startswith(" ")]
    assert " ".join(subjects) == "python packages processor memory temporary disk network self-test"
    assert "as recorded" in ended.out
    assert "went through all stages" in ended.out


def test_a_changed_network_fails_with_a_fix(packshot, monkeypatch) -> None:
    def changed(entry: object) -> None:
        raise ModelError("model_changed", name="packshot-matte")

    monkeypatch.setattr("packshot.matting.index.verify_model", changed)
    monkeypatch.setattr(diagnosis, "self_test", lambda: diagnosis.Finding("self-test", "ok", ""))
    ended = packshot("doctor", "--json")
    answer = json.loads(ended.out)
    assert (ended.code, answer["fit"]) == (3, False)
    found = next(check for check in answer["checks"] if check["level"] == "failed")
    assert found["subject"] == "network"
    assert "(model_changed)" in found["words"]
    assert found["fix"]


@pytest.mark.parametrize(("free", "level"), [(50_000_000, "failed"), (10**9, "warning"), (10**11, "ok")])
def test_disk(monkeypatch, free: int, level: str) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 0, free))
    finding = diagnosis.disk()
    assert finding.level == level
    assert bool(finding.fix) == (level != "ok")


@pytest.mark.parametrize(
    ("flags", "level"), [({"avx2"}, "warning"), ({"avx512_vnni"}, "ok"), ({"asimddp"}, "ok"), (set(), "ok")]
)
def test_processor(monkeypatch, flags: set[str], level: str) -> None:
    monkeypatch.setattr(diagnosis, "_flags", lambda: frozenset(flags))
    assert diagnosis.processor().level == level


def test_all_packages_that_it_depends_on_are_looked_at() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"]
    declared = {re.split("[<>=!~ ;[]", one)[0] for one in project["dependencies"]}
    assert set(diagnosis._PACKAGES) == declared


def test_a_package_that_is_broken(monkeypatch) -> None:
    monkeypatch.setattr(diagnosis, "_PACKAGES", {"nonsense": "no_such_module"})
    finding = diagnosis.packages()
    assert finding.level == "failed"
    assert "no_such_module" in finding.words


def test_a_temporary_folder_that_cannot_be_written(monkeypatch) -> None:
    def refuse() -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(diagnosis.tempfile, "NamedTemporaryFile", refuse)
    finding = diagnosis.temporary()
    assert (finding.level, "TMPDIR" in finding.fix) == ("failed", True)
