"""The state machines say what the workflow says, and nothing is lost in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from infra.steps import RETRIED
from packshot import workflow
from packshot.contracts.work_keys import RESULTS
from packshot.workflow import Stage
from tests.infra.templates import Synthesised

Json = dict[str, Any]
REFUSED = "Lambda.TooManyRequestsException"


@pytest.fixture(scope="session")
def child(dev: Synthesised) -> Json:
    found: Json = dev.definition("Batch")["States"]["Images"]["ItemProcessor"]
    return found


def order(definition: Json) -> list[str]:
    names = [definition["StartAt"]]
    while following := definition["States"][names[-1]].get("Next"):
        names.append(following)
    return names


def test_the_stages_stand_in_the_workflows_order_and_end_in_the_record(child: Json) -> None:
    assert order(child) == [*workflow.STAGE_NAMES, "record"]
    assert set(child["States"]) == {*workflow.STAGE_NAMES, "record"}


def test_every_stage_calls_its_own_function(dev: Synthesised, child: Json) -> None:
    for name, state in child["States"].items():
        assert state["Resource"].startswith(f"<Functions{name.capitalize()}Function"), name
        function = dev.the("AWS::Lambda::Function", f"Functions{name.capitalize()}Function")
        assert function["ImageConfig"]["Command"] == [f"containers.{name}.handler.handler"]


def test_each_image_catches_its_own_errors_and_keeps_what_was_done(child: Json) -> None:
    for name in workflow.STAGE_NAMES:
        state = child["States"][name]
        assert state["Catch"] == [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "record"}]
        assert state["ResultPath"] == f"$.{name}"


def test_only_what_may_pass_is_tried_again(child: Json) -> None:
    for step in (*workflow.STAGES, workflow.RECORD):
        _, retry = child["States"][step.name]["Retry"]
        assert retry["ErrorEquals"] == list(RETRIED)
        assert retry["MaxAttempts"] == step.attempts - 1
        assert retry["IntervalSeconds"] == step.backoff_s
    assert not {"PermanentError", "States.ALL", "Lambda.Unknown", "Runtime.OutOfMemory"} & set(RETRIED)


def calls(definition: Json) -> Iterator[tuple[str, Json]]:
    """All states of a definition that call a function, those inside of Maps too."""
    for name, state in definition["States"].items():
        if state["Type"] == "Task":
            yield name, state
        yield from calls(state["ItemProcessor"]) if "ItemProcessor" in state else ()


@pytest.mark.parametrize("which", ["dev", "prod"])
def test_a_refused_call_is_made_again_beside_what_fails_and_at_random(
    which: str, request: pytest.FixtureRequest
) -> None:
    made: Synthesised = request.getfixturevalue(which)
    found = dict(calls(made.definition("Batch")))
    assert {"plan", "summarise-part", "summarise", "reference"} < set(found)
    for name, state in found.items():
        first = state["Retry"][0]
        assert first["ErrorEquals"] == [REFUSED], name
        assert (first["JitterStrategy"], first["BackoffRate"]) == ("FULL", 2), name
        assert [one for one in state["Retry"] if REFUSED in one["ErrorEquals"]] == [first], name
    # A batch whose images are through waits for a place to be summed up, and does not fail.
    for name in ("plan", "summarise-part", "summarise"):
        assert sum(waits(found[name]["Retry"][0])) > 15 * 60


def test_the_maps_take_the_room_that_plan_has_found(dev: Synthesised) -> None:
    states = dev.definition("Batch")["States"]
    # Of the sums too: sixteen calls at once are more than a young account has places.
    for name in ("References", "Images", "Parts"):
        assert states[name]["MaxConcurrencyPath"] == "$.concurrency"
        assert "MaxConcurrency" not in states[name]


def worst_case_s(state: Json) -> float:
    """Seconds that a state can take: each attempt to its end, and every wait between."""
    one = total = float(state["TimeoutSeconds"])
    for retry in state.get("Retry", ()):
        # A refused call has taken no time itself.
        again = 0.0 if retry["ErrorEquals"] == [REFUSED] else one
        total += sum(wait + again for wait in waits(retry))
    return total


def waits(retry: Json) -> list[float]:
    """The longest waits of a retrier."""
    found = [retry["IntervalSeconds"] * retry["BackoffRate"] ** n for n in range(retry["MaxAttempts"])]
    return [min(wait, retry.get("MaxDelaySeconds", wait)) for wait in found]


def test_a_staged_child_ends_before_express_ends_it(child: Json) -> None:
    assert sum(worst_case_s(state) for state in child["States"].values()) < workflow.CHILD_BUDGET_S


def test_a_reference_s_child_ends_before_express_ends_it(dev: Synthesised) -> None:
    child = dev.definition("Batch")["States"]["References"]["ItemProcessor"]
    assert worst_case_s(child["States"]["reference"]) < workflow.CHILD_BUDGET_S


def test_a_fused_child_ends_before_express_ends_it(prod: Synthesised) -> None:
    fused = prod.definition("Batch")["States"]["Images"]["ItemProcessor"]
    assert order(fused) == ["fused"]
    alone = fused["States"]["OneByOne"]
    # All at once; one behind the other they would not fit.
    assert alone["MaxConcurrency"] == workflow.FUSED_IMAGES
    steps = (fused["States"]["fused"], *alone["ItemProcessor"]["States"].values())
    assert sum(worst_case_s(step) for step in steps) < workflow.CHILD_BUDGET_S


def test_a_fused_call_that_is_lost_is_made_again_for_each_image_alone(prod: Synthesised) -> None:
    fused = prod.definition("Batch")["States"]["Images"]["ItemProcessor"]["States"]
    assert fused["fused"]["Catch"] == [
        {"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "OneByOne"}
    ]
    each = fused["OneByOne"]
    assert each["ItemsPath"] == "$.tasks"
    told = {"timeout_s": workflow.ALONE.timeout_s}
    assert each["ItemSelector"] == {"tasks.$": "States.Array($$.Map.Item.Value)", **told}
    alone, lost = (each["ItemProcessor"]["States"][name] for name in ("alone", "lost"))
    assert alone["Catch"] == [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "lost"}]
    assert alone["Resource"] == lost["Resource"] == fused["fused"]["Resource"]
    assert alone["TimeoutSeconds"] == workflow.ALONE.timeout_s
    # An image alone has the time that it needs, and what the function itself may take.
    assert workflow.FUSED_RESERVE_S <= alone["TimeoutSeconds"] <= workflow.FUSED.timeout_s


def test_the_photo_machine_is_the_childs_definition(dev: Synthesised, child: Json) -> None:
    alone = dev.definition("MachinesImage")
    assert alone["StartAt"] == child["StartAt"]
    assert alone["States"] == child["States"]
    machine = dev.the("AWS::StepFunctions::StateMachine", "MachinesImage")
    assert machine["StateMachineType"] == "EXPRESS"
    assert alone["TimeoutSeconds"] == workflow.CHILD_BUDGET_S


@pytest.mark.parametrize(("name", "key"), [("References", "references_key"), ("Images", "items_key")])
def test_the_maps_are_distributed_and_lose_nothing(dev: Synthesised, name: str, key: str) -> None:
    state = dev.definition("Batch")["States"][name]
    assert state["ItemProcessor"]["ProcessorConfig"] == {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}
    assert state["ToleratedFailurePercentage"] == 100
    assert state["ItemReader"]["Parameters"]["Key.$"] == f"$.{key}"
    assert state["ItemReader"]["ReaderConfig"]["InputType"] == "JSON"
    # CDK leaves this out without a word when its feature flag is missing.
    assert state["ResultWriter"]["Parameters"]["Prefix"] == RESULTS.rstrip("/")
    assert state["ResultPath"] is None


def test_the_batch_goes_from_plan_over_references_and_images_to_the_sums(dev: Synthesised) -> None:
    definition = dev.definition("Batch")
    states = definition["States"]
    assert definition["StartAt"] == "plan"
    assert states["plan"]["Next"] == "Planned?"
    assert (states["Planned?"]["Choices"][0]["Next"], states["Planned?"]["Default"]) == (
        "AnyReferences?",
        "NothingToDo",
    )
    assert (states["AnyReferences?"]["Choices"][0]["Next"], states["AnyReferences?"]["Default"]) == (
        "References",
        "AnyImages?",
    )
    assert states["References"]["Next"] == "AnyImages?"
    assert (states["AnyImages?"]["Choices"][0]["Next"], states["AnyImages?"]["Default"]) == (
        "Images",
        "Parts",
    )
    assert states["Images"]["Next"] == "Parts"
    assert states["Parts"]["Next"] == "summarise"
    assert states["summarise"]["Next"] == "Done"
    assert states["NothingToDo"]["Type"] == states["Done"]["Type"] == "Succeed"


def test_a_batch_is_summed_up_part_by_part_and_then_as_a_whole(dev: Synthesised) -> None:
    states = dev.definition("Batch")["States"]
    parts = states["Parts"]
    assert parts["ItemProcessor"]["ProcessorConfig"]["Mode"] == "INLINE"
    assert (parts["ItemsPath"], parts["ResultPath"]) == ("$.parts", None)
    assert parts["ItemSelector"] == {
        "batch_id.$": "$.batch_id",
        "items_key.$": "$.items_key",
        "part.$": "$$.Map.Item.Value",
    }
    (part,) = parts["ItemProcessor"]["States"].values()
    assert part["Resource"] == states["summarise"]["Resource"]
    assert part["Retry"] == states["summarise"]["Retry"]
    assert states["summarise"]["Parameters"] == {"batch_id.$": "$.batch_id", "parts.$": "$.parts"}


def test_a_map_run_is_found_by_its_label(dev: Synthesised) -> None:
    states = dev.definition("Batch")["States"]
    assert [states[name]["Label"] for name in ("References", "Images")] == ["References", "Images"]


def test_a_reference_that_cannot_be_used_ends_no_batch(dev: Synthesised) -> None:
    child = dev.definition("Batch")["States"]["References"]["ItemProcessor"]
    assert child["States"]["reference"]["Catch"][0]["Next"] == "Unusable"
    assert child["States"]["Unusable"]["Type"] == "Pass"


def steps_of(prod_or_dev: str) -> tuple[Stage, ...]:
    common = (workflow.PLAN, workflow.REFERENCE, workflow.SUMMARISE, workflow.CLOSE, workflow.WATCH)
    own = (workflow.FUSED,) if prod_or_dev == "prod" else (*workflow.STAGES, workflow.RECORD)
    return (*common, *own)


@pytest.mark.parametrize("which", ["dev", "prod"])
def test_functions_have_the_workflows_time_and_memory(which: str, request: pytest.FixtureRequest) -> None:
    made: Synthesised = request.getfixturevalue(which)
    overridden = {"fused": 3008} if which == "prod" else {}
    functions = made.all_of("AWS::Lambda::Function")
    assert len(functions) == len(steps_of(which))
    for step in steps_of(which):
        function = made.the("AWS::Lambda::Function", f"Functions{step.name.capitalize()}Function")
        assert function["Timeout"] == step.timeout_s
        assert function["MemorySize"] == overridden.get(step.name, step.memory_mb)
        assert function["Architectures"] == ["x86_64" if which == "prod" else "arm64"]
        assert function["TracingConfig"] == {"Mode": "Active"}
        assert function["LoggingConfig"]["LogFormat"] == "JSON"
