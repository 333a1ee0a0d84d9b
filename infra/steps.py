"""States that call a function: their time-outs and what is tried again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
#: What another attempt may cure: our own word for it, time-outs, functions that were lost.
#: Out of memory is not here: Lambda.Unknown and Runtime.ExitError stay permanent.
RETRIED: Final = (
    "RetryableError",
    "States.Timeout",
    "Sandbox.Timedout",
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
)

Functions = Mapping[str, lambda_.IFunction]


@dataclass(frozen=True, slots=True)
class Refused:
    """How long a call that Lambda has no place for is made again: each wait twice the one before.

    Waits are random up to that length, so that calls which were refused together do not come together again.

    Attributes:
        times: that it is made again.
        first_s, most_s: the shortest and the longest wait.
    """

    times: int
    first_s: int
    most_s: int


#: One of seven steps of a child, whose five minutes all of them share.
OF_STAGES: Final = Refused(times=1, first_s=2, most_s=2)
#: The whole of a fused child; its images come one by one when it does not get through.
OF_FUSED: Final = Refused(times=4, first_s=1, most_s=4)
#: A reference is a child of its own.
OF_REFERENCES: Final = Refused(times=5, first_s=2, most_s=30)
#: A batch must not fail where there is no place for a moment: a quarter of an hour.
OF_BATCHES: Final = Refused(times=20, first_s=2, most_s=60)


def invoke(
    scope: Construct,
    step: Stage,
    functions: Functions,
    *,
    name: str | None = None,
    function: Stage | None = None,
    payload: Mapping[str, Any] | None = None,
    result_path: str | None = None,
    refused: Refused = OF_STAGES,
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
    state.add_retry(
        errors=list(THROTTLED),
        max_attempts=refused.times,
        interval=Duration.seconds(refused.first_s),
        max_delay=Duration.seconds(refused.most_s) if refused.most_s > refused.first_s else None,
        backoff_rate=2,
        jitter_strategy=sfn.JitterType.FULL,
    )
    if step.attempts > 1:
        state.add_retry(
            errors=list(RETRIED),
            max_attempts=step.attempts - 1,
            interval=Duration.seconds(step.backoff_s),
            backoff_rate=1,
        )
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
    state = invoke(scope, workflow.FUSED, functions, refused=OF_FUSED)
    state.add_catch(_one_by_one(scope, functions), errors=["States.ALL"], result_path="$.error")
    return state


def _one_by_one(scope: Construct, functions: Functions) -> sfn.Map:
    alone = invoke(scope, workflow.ALONE, functions, function=workflow.FUSED, refused=OF_FUSED)
    lost = invoke(scope, workflow.LOST, functions, function=workflow.FUSED, refused=OF_FUSED)
    alone.add_catch(lost, errors=["States.ALL"], result_path="$.error")
    each = sfn.Map(
        scope,
        "OneByOne",
        items_path="$.tasks",
        item_selector={
            "tasks": sfn.JsonPath.array(sfn.JsonPath.string_at("$$.Map.Item.Value")),
            # Sooner than Lambda ends the function, which can know of this only by being told.
            "timeout_s": workflow.ALONE.timeout_s,
        },
        max_concurrency=workflow.FUSED_IMAGES,
        result_path=sfn.JsonPath.DISCARD,
    )
    return each.item_processor(alone)
