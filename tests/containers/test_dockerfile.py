"""The Dockerfile against hadolint, and against what CDK and the template make of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from infra.build_folder import DOCKERFILE, excluded
from tests.infra.templates import Synthesised

ROOT = Path(__file__).resolve().parents[2]
HADOLINT = Path(sys.executable).with_name("hadolint")


@pytest.mark.parametrize("name", [DOCKERFILE, "tests/containers/stand_in/Dockerfile"])
def test_hadolint_has_nothing_to_say(name: str) -> None:
    words = [str(HADOLINT), name]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603  # ours
    assert (done.returncode, done.stdout) == (0, "")


def test_what_is_left_out_begins_with_everything() -> None:
    assert excluded()[0] == "*"
    assert not any(line.startswith(("!tests", "!training", "!examples", "!docs")) for line in excluded())


def test_every_handler_is_deployed_and_every_command_has_its_handler(
    dev: Synthesised, fused: Synthesised
) -> None:
    there = {file.parent.name for file in (ROOT / "containers").glob("*/handler.py")}
    commands = [
        one["ImageConfig"]["Command"]
        for made in (dev, fused)
        for one in made.all_of("AWS::Lambda::Function").values()
        if one.get("PackageType") == "Image"
    ]
    assert {tuple(command) for command in commands} == {
        (f"containers.{name}.handler.handler",) for name in there
    }
