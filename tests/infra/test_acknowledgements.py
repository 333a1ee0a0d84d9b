"""An acknowledgement stands on one resource, has a reason, and goes when its finding goes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from infra.node import use_packaged_node
from tests.infra.conftest import PROD
from tests.infra.templates import made_page


class Told:
    """In place of CDK's validations: keeps what is acknowledged, and lets no finding pass."""

    def __init__(self) -> None:
        self.reasons: dict[tuple[str, str], str] = {}

    def of(self, construct: Any) -> Any:
        told = self

        class One:
            def acknowledge(self, acknowledgement: Any) -> None:
                told.reasons[construct.node.path, acknowledgement.id] = acknowledgement.reason

        return One()


@pytest.mark.parametrize("changes", [{}, PROD], ids=["dev", "prod"])
def test_every_acknowledgement_answers_a_finding_on_one_resource(
    changes: dict[str, Any], context: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_packaged_node()
    from infra import acknowledgements  # noqa: PLC0415  # jsii starts Node when it is imported
    from infra.application import build  # noqa: PLC0415  # as above

    told = Told()
    monkeypatch.setattr(acknowledgements, "Validations", told)
    folder, out = tmp_path / "page", tmp_path / "out"
    folder.mkdir()
    app = build({**context, **changes}, str(out), made_page(folder))
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()
    assert told.reasons
    found = findings(out)
    resources = {
        one: [path for path in found.get(one[1], ()) if path == one[0] or path.startswith(f"{one[0]}/")]
        for one in told.reasons
    }
    assert {one: where for one, where in resources.items() if len(where) != 1} == {}
    # A reason is a sentence about this stack, not the rule's name again.
    assert [one for one, reason in told.reasons.items() if len(reason.split()) < 5] == []
    # And nothing else is found: the other tests' syntheses would end with an error.
    assert sum(map(len, resources.values())) == sum(map(len, found.values()))


def findings(assembly: Path) -> dict[str, list[str]]:
    """Paths of the constructs by the rule that they break."""
    report = json.loads((assembly / "validation-report.json").read_text("utf-8"))
    found: dict[str, list[str]] = {}
    for one in (one for plugin in report["pluginReports"] for one in plugin["violations"]):
        found.setdefault(one["ruleName"], []).extend(
            place["constructPath"] for place in one["violatingConstructs"]
        )
    return found
