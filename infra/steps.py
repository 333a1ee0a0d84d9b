"""States that call a function: their time-outs and what is tried again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from packshot import workflow
from packshot.workflow import Stage

#: A function that was refused a place has done nothing yet.
THROTTLED: Final = ("Lambda.TooManyRequestsException",)
#: What another attempt may cure: our own word for it, time-outs, throttles, functions that were lost.
#: Out of memory is not here: Lambda.Unknown and Runtime.ExitError stay permanent.
RETRIED: Final = (
    "RetryableError",
    "States.Timeout",
    "Sandbox.Timedout",
    *THROTTLED,
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
)

Functions = Mapping[str, lambda_.IFunction]


def invoke(
    scope: Construct,
    step: Stage,
    functions: Functions,
    *,
    name: str | None = None,
    function: Stage | None = None,
    payload: Mapping[str, Any] | None = None,
    result_path: str | None = None,
) -> tasks.LambdaInvoke:
    """A state named as the step (or otherwise), whose output is what the function returns.

    It calls the step's own function, or that of another step. This gets `payload`, or the whole state; its
    answer goes to `result_path`, or replaces the state.
    """
    state = tasks.LambdaInvoke(
        scope,
        name or step.name,
        lambda_function=functions[(function or step).name],
        payload=None if payload is None else sfn.TaskInput.from_object(dict(payload)),
        # Its errors then carry the name of the class that was raised.
        payload_response_only=True,
        retry_on_service_exceptions=False,
        task_timeout=sfn.Timeout.duration(Duration.seconds(step.timeout_s)),
        result_path=result_path,
    )
    if step.attempts > 1:
        _retry(state, RETRIED, step.attempts - 1, step.backoff_s)
    return state


def image_chain(scope: Construct, functions: Functions) -> sfn.IChainable:
    """One image: the stages in the workflow's order, then its record, whatever happened.

    A stage's {output, ms} stands in the state under its name; a failure stands under `error`.
    """
    record = invoke(scope, workflow.RECORD, functions)
    states = [invoke(scope, stage, functions, result_path=f"$.{stage.name}") for stage in workflow.STAGES]
    for state in states:
        state.add_catch(record, errors=["States.ALL"], result_path="$.error")
    for state, following in zip(states, [*states[1:], record], strict=True):
        state.next(following)
    return states[0]


def fused_chain(scope: Construct, functions: Functions) -> sfn.IChainable:
    """Some images in one function, which keeps their ends itself; only a refused call is made again.

    A call that is lost, by one photo's memory or a slow neighbour, is followed by one for each image alone:
    those that are finished are passed over, and one that ends its own call too is recorded as failed.
    """
    state = invoke(scope, workflow.FUSED, functions)
    _retry(state, THROTTLED, 2, 2)
    state.add_catch(_one_by_one(scope, functions), errors=["States.ALL"], result_path="$.error")
    return state


def _one_by_one(scope: Construct, functions: Functions) -> sfn.Map:
    alone = invoke(scope, workflow.ALONE, functions, function=workflow.FUSED)
    lost = invoke(scope, workflow.LOST, functions, function=workflow.FUSED)
    alone.add_catch(lost, errors=["States.ALL"], result_path="$.error")
    each = sfn.Map(
        scope,
        "OneByOne",
        items_path="$.tasks",
        item_selector={"tasks": sfn.JsonPath.array(sfn.JsonPath.string_at("$$.Map.Item.Value"))},
        max_concurrency=workflow.FUSED_IMAGES,
        result_path=sfn.JsonPath.DISCARD,
    )
    return each.item_processor(alone)


def _retry(state: tasks.LambdaInvoke, errors: tuple[str, ...], times: int, wait_s: int) -> None:
    state.add_retry(
        errors=list(errors), max_attempts=times, interval=Duration.seconds(wait_s), backoff_rate=1
    )
