"""npm's asl-validator; `make test` puts it beside this file."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.infra.node_tools import tool

FOLDER = Path(__file__).with_name("asl")
_SCRIPT = FOLDER / "node_modules" / "asl-validator" / "dist" / "bin" / "asl-validator.js"


def command() -> list[str]:
    """What starts the validator; without it the test is skipped, and in CI it fails."""
    return tool(_SCRIPT, FOLDER)


def faults(definition: dict[str, Any], folder: Path) -> str:
    """What the validator says against a definition; empty when nothing."""
    file = folder / "definition.asl.json"
    file.write_text(json.dumps(definition), "utf-8")
    ended = subprocess.run(  # noqa: S603  # our own command
        [*command(), "--json-path", str(file)], capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode in (0, 1), ended.stderr  # 2 is the validator's own failure
    return "" if ended.returncode == 0 else (ended.stdout + ended.stderr).strip()


def definitions(assembly: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """All state machines of an assembly as deployed: each reference replaced by what it could stand for."""
    for template in sorted(assembly.glob("*.template.json")):
        for name, resource in json.loads(template.read_text("utf-8"))["Resources"].items():
            if resource["Type"] == "AWS::StepFunctions::StateMachine":
                yield name, json.loads(_resolved(resource["Properties"]["DefinitionString"]))


_PSEUDO = {"AWS::Partition": "aws", "AWS::Region": "eu-central-1", "AWS::AccountId": "111122223333"}


def _resolved(value: Any) -> str:
    if isinstance(value, str):
        return value
    ((function, argument),) = value.items()
    if function == "Fn::Join":
        return str(argument[0]).join(_resolved(part) for part in argument[1])
    if function == "Ref":
        return _PSEUDO.get(argument, str(argument).lower())
    if function == "Fn::GetAtt" and argument[1] == "Arn":
        return f"arn:aws:lambda:eu-central-1:111122223333:function:{argument[0]}"
    raise AssertionError(f"a definition holds {value}, which no test resolves")
