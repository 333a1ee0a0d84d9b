"""The state machines are valid Amazon States Language, by a judge that is not ours."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.infra import asl_validator
from tests.infra.templates import Synthesised

Json = dict[str, Any]


@pytest.mark.parametrize(("which", "machines"), [("dev", 2), ("prod", 1)])
def test_definitions_are_valid(
    which: str, machines: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    asl_validator.command()
    made: Synthesised = request.getfixturevalue(which)
    found = dict(asl_validator.definitions(made.folder))
    assert len(found) >= machines
    for name, definition in found.items():
        assert asl_validator.faults(definition, tmp_path) == "", name


def lead_nowhere(definition: Json) -> None:
    definition["States"]["plan"]["Next"] = "Nowhere"


def leave_a_state_unreached(definition: Json) -> None:
    definition["States"]["Alone"] = {"Type": "Succeed"}


def break_a_path(definition: Json) -> None:
    definition["States"]["Images"]["ItemProcessor"]["States"]["detect"]["ResultPath"] = "detect["


def forget_the_distributed_mode(definition: Json) -> None:
    definition["States"]["Images"]["ItemProcessor"]["ProcessorConfig"]["Mode"] = "SPREAD"


def call_what_is_no_function(definition: Json) -> None:
    definition["States"]["plan"]["Resource"] = "plan"


@pytest.mark.parametrize(
    "spoil",
    [
        lead_nowhere,
        leave_a_state_unreached,
        break_a_path,
        forget_the_distributed_mode,
        call_what_is_no_function,
    ],
)
def test_a_spoilt_definition_is_told(spoil: Callable[[Json], None], dev: Synthesised, tmp_path: Path) -> None:
    asl_validator.command()
    (batch,) = (one for name, one in asl_validator.definitions(dev.folder) if "Batch" in name)
    spoilt = copy.deepcopy(batch)
    spoil(spoilt)
    assert asl_validator.faults(spoilt, tmp_path) != ""


def test_the_validator_is_pinned_with_hashes_and_without_addresses() -> None:
    lock = json.loads((asl_validator.FOLDER / "package-lock.json").read_text("utf-8"))
    wanted = json.loads((asl_validator.FOLDER / "package.json").read_text("utf-8"))["dependencies"]
    packages = {name: one for name, one in lock["packages"].items() if name}
    assert packages["node_modules/asl-validator"]["version"] == wanted["asl-validator"]
    for name, one in packages.items():
        assert "resolved" not in one, name
        assert one["integrity"].startswith("sha512-"), name
