"""What ran is what was synthesised, but for a fixed list."""

from __future__ import annotations

import json
from typing import Any

import pytest

from packshot.contracts.base import DEFAULT_MODEL
from tests.deployed.conftest import PARTNER
from tests.deployed.deployment import rewrites_of, types_of
from tests.deployed.resolving import resolve
from tests.deployed.rewrites import Rewrite, difference, rewritten
from tests.deployed.stack import DeployedStack

Json = dict[str, Any]


def test_the_definitions_that_run_differ_by_the_list_alone(
    stack: DeployedStack, template: Json, way: str
) -> None:
    machines = [
        name for name, kind in types_of(template).items() if kind == "AWS::StepFunctions::StateMachine"
    ]
    assert len(machines) == (2 if way == "staged" else 1)
    for name in machines:
        text = template["Resources"][name]["Properties"]["DefinitionString"]
        synthesised = json.loads(resolve(text, stack.ids, types_of(template)))
        ran = json.loads(stack.states.describe_state_machine(stateMachineArn=stack.ids[name])["definition"])
        (listed,) = (found for part, found in rewrites_of(way).items() if part in name)
        assert sorted(difference(synthesised, ran)) == sorted(
            (one.path, one.before, one.after) for one in listed
        )


def test_each_function_is_given_its_own_variables(stack: DeployedStack, template: Json) -> None:
    functions = stack.workers.functions
    assert len(functions) == list(types_of(template).values()).count("AWS::Lambda::Function")
    uploads, work, catalogue = stack.uploads, stack.work, stack.catalogue
    for function in functions.values():
        wanted = {"TABLE": stack.outputs["JobTable"]} if function.step == "watch" else {"WORK_BUCKET": work}
        if function.step in ("detect", "reference", "fused"):
            wanted |= {"UPLOAD_BUCKET": uploads, "SOURCE_BUCKETS": PARTNER}
        if function.step in ("record", "fused", "plan", "summarise", "close"):
            wanted |= {"CATALOGUE_BUCKET": catalogue, "TABLE": stack.outputs["JobTable"]}
            wanted |= {"BUS": stack.outputs["EventBus"], "MODEL": DEFAULT_MODEL}
        told = {name.removeprefix("PACKSHOT_"): value for name, value in function.variables.items()}
        assert wanted.items() <= told.items(), function.step
        assert told.keys() - wanted.keys() <= {"DEPLOYMENT", "IMAGES_PER_ITEM", "CONCURRENCY"}, function.step
        pixels = function.step not in ("record", "plan", "summarise", "close", "watch")
        assert function.target == ("vision" if pixels else "service")


def test_a_list_that_is_out_of_date_is_an_error() -> None:
    assert rewritten({"a": [1]}, (Rewrite(("a", 0), 1, 1.0, ""),)) == {"a": [1.0]}
    with pytest.raises(AssertionError, match="not 2"):
        rewritten({"a": [1]}, (Rewrite(("a", 0), 2, 3, ""),))


def test_the_difference_is_found_wherever_it_is() -> None:
    one, other = {"a": [1, {"b": 2}], "c": 3}, {"a": [1.0, {"b": 2, "d": 4}], "c": 3}
    assert list(difference(one, other)) == [
        (("a", 0), 1, 1.0),
        (("a", 1), {"b": 2}, {"b": 2, "d": 4}),
    ]
    assert list(difference(one, one)) == []
