"""A synthesised stack, and ways to look into it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

Json = dict[str, Any]
_STACK: Final = re.compile(r"Packshot-(?:dev|prod)-?(\w*)\.template\.json")


@dataclass(frozen=True)
class Synthesised:
    """A template, cdk-nag's report on it, and the assembly that they lie in."""

    template: Json
    report: Json
    folder: Path

    def all_of(self, kind: str) -> dict[str, Json]:
        """Properties of all resources of a type, by logical id."""
        return {
            name: one.get("Properties", {})
            for name, one in self.template["Resources"].items()
            if one["Type"] == kind
        }

    def the(self, kind: str, part: str) -> Json:
        """Properties of the one resource of a type whose logical id holds `part`."""
        found = [one for name, one in self.all_of(kind).items() if part in name]
        assert len(found) == 1, (kind, part, len(found))
        return found[0]

    def definition(self, machine: str) -> Json:
        """A state machine's definition, with each function named by its logical id."""
        text = self.the("AWS::StepFunctions::StateMachine", machine)["DefinitionString"]
        joined = "".join(_named(part) for part in text["Fn::Join"][1])
        found: Json = json.loads(joined)
        return found

    def statements(self, role: str) -> Iterator[Json]:
        """What the role of this logical id (a part of it) may do."""
        for policy in self.all_of("AWS::IAM::Policy").values():
            if any(role in one["Ref"] for one in policy["Roles"]):
                yield from policy["PolicyDocument"]["Statement"]

    def actions(self, role: str) -> set[str]:
        return {action for one in self.statements(role) for action in listed(one["Action"])}


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def text_of(resource: Any) -> str:
    """An ARN as one text: `<Bucket.Arn>/batches/*`."""
    if isinstance(resource, str):
        return resource
    if "Fn::Join" in resource:
        return "".join(text_of(part) for part in resource["Fn::Join"][1])
    return _named(resource)


def read(folder: Path, stack: str = "") -> Synthesised:
    """The pipeline's template of an assembly, or that of another stack by the end of its name."""
    (template,) = (one for one in folder.glob("*.template.json") if _STACK.fullmatch(one.name)[1] == stack)
    report = json.loads((folder / "validation-report.json").read_text("utf-8"))
    return Synthesised(json.loads(template.read_text("utf-8")), report, folder)


def made_page(folder: Path) -> Path:
    """A page as `make page` leaves it, so that no test of the templates needs Node."""
    (folder / "assets").mkdir()
    (folder / "index.html").write_text('<script type="module" src="/assets/index-abc.js"></script>\n')
    (folder / "config.json").write_text('{ "sign_in": null }\n')
    (folder / "assets" / "index-abc.js").write_text("export {};\n")
    return folder


def _named(part: Any) -> str:
    if isinstance(part, str):
        return part
    if "Ref" in part:
        return f"<{part['Ref']}>"
    if "Fn::ImportValue" in part:
        return f"<{part['Fn::ImportValue']}>"
    if "Fn::Sub" in part:
        return str(part["Fn::Sub"])
    if "Fn::Select" in part:
        return "<selected>"
    return f"<{'.'.join(part['Fn::GetAtt'])}>"
