"""cfn-lint has nothing to say against any template."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cfnlint.api import ManualArgs, lint_file

from tests.infra.templates import Synthesised

#: W3005: CDK writes a role's policy into DependsOn together with the role, which GetAtt implies already.
IGNORED = ("W3005",)


def findings(template: Path) -> list[str]:
    asked = ManualArgs(ignore_checks=list(IGNORED), regions=["us-east-1", "eu-central-1"])
    return [f"{one.rule.id} {one.message}" for one in lint_file(template, asked)]


@pytest.mark.parametrize("which", ["dev", "prod"])
def test_templates_are_clean(which: str, request: pytest.FixtureRequest) -> None:
    made: Synthesised = request.getfixturevalue(which)
    templates = sorted(made.folder.glob("*.template.json"))
    assert templates
    for template in templates:
        assert findings(template) == [], template.name


def test_a_spoilt_template_is_told(dev: Synthesised, tmp_path: Path) -> None:
    spoilt = json.loads(json.dumps(dev.template))
    functions = [
        one["Properties"] for one in spoilt["Resources"].values() if one["Type"] == "AWS::Lambda::Function"
    ]
    functions[0]["Timeout"] = "soon"
    functions[1]["Role"] = {"Fn::GetAtt": ["NotThere", "Arn"]}
    file = tmp_path / "spoilt.template.json"
    file.write_text(json.dumps(spoilt), "utf-8")
    assert {one.split()[0] for one in findings(file)} >= {"E3012", "E1010"}
