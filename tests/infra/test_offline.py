"""`cdk synth` asks for nothing: no account, no Docker, no git, no network, and no Node on the path."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from infra.build_folder import MODELS
from packshot.contracts.base import DEFAULT_MODEL
from packshot.matting.index import models_in, shipped_model
from tests.infra.node_tools import ROOT, tool
from tests.infra.templates import Synthesised, read
from tests.infra.test_settings import TYPED

Json = dict[str, Any]
CDK: Final = ROOT / "infra" / "cdk"


@cache
def without_network() -> list[str]:
    """A prefix that starts a command in a network of its own, without any interface.

    Empty where the machine refuses that, as containers may: what is left to test there is the rest.
    """
    unshare = shutil.which("unshare")
    if unshare is None:
        return []
    tried = subprocess.run([unshare, "-rn", "true"], capture_output=True, check=False)  # noqa: S603
    return [unshare, "-rn"] if tried.returncode == 0 else []


def nothing_but(folder: Path, **variables: str) -> dict[str, str]:
    """An environment without AWS_ variables or a file of credentials, whose path is one empty folder."""
    (folder / "bin").mkdir()
    # jsii unpacks its libraries once per user; that takes half a minute and is not what is tested.
    cache_of_jsii = str(Path.home() / ".cache/aws/jsii/package-cache")
    return {
        "HOME": str(folder),
        "PATH": str(folder / "bin"),
        "PYTHONPATH": str(ROOT / "pipeline"),
        "JSII_RUNTIME_PACKAGE_CACHE_ROOT": cache_of_jsii,
        **variables,
    }


def run(words: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  # our own command
        [*without_network(), *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )


def test_synthesis_needs_no_account_docker_git_or_network(tmp_path: Path, context: Json) -> None:
    out = tmp_path / "cdk.out"
    told = {"CDK_OUTDIR": str(out), "CDK_CONTEXT_JSON": json.dumps(context)}
    ended = run([sys.executable, "app.py"], nothing_but(tmp_path, **told))
    assert ended.returncode == 0, ended.stderr
    assert list(out.glob("Packshot-dev*.template.json"))


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> Synthesised:
    """What the CDK's own command line makes of cdk.json and of a -c for each setting, without a network."""
    command = tool(CDK / "node_modules" / "aws-cdk" / "bin" / "cdk", CDK)
    folder = tmp_path_factory.mktemp("typed")
    environment = nothing_but(folder, CI="true", NO_COLOR="1")
    # cdk.json starts `python3`; nothing else is on the path.
    python = folder / "bin" / "python3"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    for name in TYPED["models"][1]:
        adding = ["models", "add", str(shipped_model().path), "--like", DEFAULT_MODEL, "--name", name]
        added = run([sys.executable, "-m", "packshot.cli.main", *adding], environment)
        assert added.returncode == 0, added.stderr
    settings = [word for name, (value, _) in TYPED.items() for word in ("-c", f"{name}={value}")]
    ended = run([*command, "synth", "--quiet", "--output", str(folder / "out"), *settings], environment)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return read(folder / "out")


def test_the_command_line_synthesises_offline_and_each_setting_reaches_the_stack(typed: Synthesised) -> None:
    alone = typed.the("AWS::Lambda::Function", "FunctionsFusedFunction")
    plan = typed.the("AWS::Lambda::Function", "FunctionsPlanFunction")
    assert alone["FunctionName"] == "packshot-prod-fused"
    assert (alone["Architectures"], alone["MemorySize"], plan["MemorySize"]) == (["x86_64"], 3008, 2048)
    assert plan["Environment"]["Variables"]["PACKSHOT_CONCURRENCY"] == "500"
    sources = json.dumps(alone["Environment"]["Variables"]["PACKSHOT_SOURCE_BUCKETS"])
    assert "photos-of-ours,photos-of-theirs" in sources
    (policy,) = typed.all_of("AWS::Events::EventBusPolicy").values()
    assert "111122223333" in json.dumps(policy)
    monitoring = read(typed.folder, "monitoring")
    (mail,) = monitoring.all_of("AWS::SNS::Subscription").values()
    assert (mail["Protocol"], mail["Endpoint"]) == ("email", "shop@example.com")
    # In prod there are alarms unless somebody says otherwise, as here.
    assert monitoring.all_of("AWS::CloudWatch::Alarm") == {}
    assets = json.loads((typed.folder / "Packshot-prod.assets.json").read_text("utf-8"))
    images = assets["dockerImages"]
    assert {one["source"]["dockerBuildArgs"]["BASE"] for one in images.values()} == {TYPED["base_image"][0]}
    assert {one["source"]["platform"] for one in images.values()} == {"linux/amd64"}
    for one in images.values():
        names = [model.name for model in models_in(typed.folder / one["source"]["directory"] / MODELS)]
        assert names == [DEFAULT_MODEL, "house-matte", "spare-matte"]
    assert plan["Environment"]["Variables"]["PACKSHOT_MODEL"] == TYPED["model"][0]


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"concurrency": "none"}, "SettingsInvalidError: These settings can't be used: concurrency:"),
        (
            {"model": "none-such"},
            "There is no background model called none-such; there are packshot-matte.",
        ),
    ],
)
def test_a_setting_that_cannot_be_ends_the_command_with_the_reason(
    tmp_path: Path, setting: Json, said: str
) -> None:
    told = {"CDK_OUTDIR": str(tmp_path / "out"), "CDK_CONTEXT_JSON": json.dumps(setting)}
    ended = run([sys.executable, "app.py"], nothing_but(tmp_path, **told))
    assert ended.returncode != 0
    assert said in ended.stderr
    assert not list(tmp_path.glob("out/*.template.json"))


def test_the_command_line_is_pinned_with_a_hash_and_without_addresses() -> None:
    lock = json.loads((CDK / "package-lock.json").read_text("utf-8"))["packages"]
    wanted = json.loads((CDK / "package.json").read_text("utf-8"))["dependencies"]
    assert lock["node_modules/aws-cdk"]["version"] == wanted["aws-cdk"]
    for name, one in lock.items():
        assert "resolved" not in one, name
        assert not name or one["integrity"].startswith("sha512-"), name


def test_without_it_the_tests_are_skipped_and_in_ci_they_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="npm ci --prefix infra/cdk"):
        tool(Path("not-there"), CDK)
    monkeypatch.setitem(os.environ, "CI", "true")
    with pytest.raises(pytest.fail.Exception, match="npm ci --prefix infra/cdk"):
        tool(Path("not-there"), CDK)
