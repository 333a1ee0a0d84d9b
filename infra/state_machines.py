"""The state machines: one batch, and one photo."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from infra.acknowledgements import accept
from infra.machine_role import machine_role
from infra.settings import Settings
from infra.steps import OF_BATCHES, OF_REFERENCES, Functions, fused_chain, image_chain, invoke
from packshot import workflow
from packshot.contracts.work_keys import RESULTS

_ERRORS_ONLY: Final = (
    "All events of a million images would cost more than the work on them; errors are logged with their data."
)

#: What plan has found room for.
_CONCURRENCY: Final = "$.concurrency"
#: The Distributed Maps, and their labels.
_MAPS: Final = ("References", "Images")


class StateMachines(Construct):
    """`batch`: STANDARD, with EXPRESS children; `image`: the children's definition standing alone.

    A Map's child can't be started by itself, hence the second machine (staged execution only; fused, the
    function itself is what one would call).
    """

    def __init__(
        self, scope: Construct, name: str, settings: Settings, *, functions: Functions, work: s3.Bucket
    ) -> None:
        super().__init__(scope, name)
        self._settings = settings
        self._functions = functions
        self._work = work
        self.batch = self._machine(
            "Batch", self._batch_chain(), sfn.StateMachineType.STANDARD, self._called_by_batch()
        )
        self.image: sfn.StateMachine | None = None
        if settings.execution == "staged":
            chain = image_chain(Construct(self, "OneImage"), functions)
            self.image = self._machine("Image", chain, sfn.StateMachineType.EXPRESS, self._called_by_image())

    def _called_by_image(self) -> list[lambda_.IFunction]:
        steps = (
            (workflow.FUSED,) if self._settings.execution == "fused" else (*workflow.STAGES, workflow.RECORD)
        )
        return [self._functions[step.name] for step in steps]

    def _called_by_batch(self) -> list[lambda_.IFunction]:
        steps = (workflow.PLAN, workflow.REFERENCE, workflow.SUMMARISE)
        return [*(self._functions[step.name] for step in steps), *self._called_by_image()]

    def _batch_chain(self) -> sfn.IChainable:
        nothing = sfn.Succeed(self, "NothingToDo", comment="No manifest, or another execution has its batch")
        sums = self._parts()
        sums.next(self._whole()).next(sfn.Succeed(self, "Done"))
        images = self._images().next(sums)
        has_images = (
            sfn.Choice(self, "AnyImages?")
            .when(sfn.Condition.number_greater_than("$.images", 0), images)
            .otherwise(sums)
        )
        references = self._references().next(has_images)
        has_references = (
            sfn.Choice(self, "AnyReferences?")
            .when(sfn.Condition.number_greater_than("$.references", 0), references)
            .otherwise(has_images)
        )
        planned = (
            sfn.Choice(self, "Planned?")
            .when(sfn.Condition.string_equals("$.outcome", "planned"), has_references)
            .otherwise(nothing)
        )
        plan = invoke(
            self,
            workflow.PLAN,
            self._functions,
            refused=OF_BATCHES,
            payload={
                "bucket": sfn.JsonPath.string_at("$.bucket"),
                "key": sfn.JsonPath.string_at("$.key"),
                "version_id": sfn.JsonPath.string_at("$.version_id"),
                # Tells a second attempt of this execution from a second delivery of its event.
                "started_at": sfn.JsonPath.string_at("$$.Execution.StartTime"),
                "execution": sfn.JsonPath.string_at("$$.Execution.Id"),
            },
        )
        return plan.next(planned)

    def _parts(self) -> sfn.Map:
        """The sums and results of each part of the batch; a million images outlast one function."""
        text = sfn.JsonPath.string_at
        parts = sfn.Map(
            self,
            "Parts",
            items_path="$.parts",
            max_concurrency_path=_CONCURRENCY,
            item_selector={
                "batch_id": text("$.batch_id"),
                "items_key": text("$.items_key"),
                "part": text("$$.Map.Item.Value"),
            },
            result_path=sfn.JsonPath.DISCARD,
        )
        scope = Construct(self, "Part")
        return parts.item_processor(
            invoke(scope, workflow.SUMMARISE, self._functions, name="summarise-part", refused=OF_BATCHES)
        )

    def _whole(self) -> tasks.LambdaInvoke:
        """What the parts came to, as one."""
        payload = {
            "batch_id": sfn.JsonPath.string_at("$.batch_id"),
            "parts": sfn.JsonPath.list_at("$.parts"),
        }
        return invoke(self, workflow.SUMMARISE, self._functions, payload=payload, refused=OF_BATCHES)

    def _references(self) -> sfn.DistributedMap:
        scope = Construct(self, "Reference")
        prepare = invoke(scope, workflow.REFERENCE, self._functions, refused=OF_REFERENCES)
        # Its images stand in the preset's pose then, and say `reference_unusable`.
        prepare.add_catch(sfn.Pass(scope, "Unusable"), errors=["States.ALL"], result_path="$.error")
        return self._map("References", "$.references_key", prepare)

    def _images(self) -> sfn.DistributedMap:
        scope = Construct(self, "Child")
        fused = self._settings.execution == "fused"
        chain = (fused_chain if fused else image_chain)(scope, self._functions)
        return self._map("Images", "$.items_key", chain)

    def _map(self, name: str, key_path: str, chain: sfn.IChainable) -> sfn.DistributedMap:
        state = sfn.DistributedMap(
            self,
            name,
            # Stands in the Map Run's ARN, by which its counts are found again.
            label=name,
            item_reader=sfn.S3JsonItemReader(bucket=self._work, key=sfn.JsonPath.string_at(key_path)),
            map_execution_type=sfn.StateMachineType.EXPRESS,
            max_concurrency_path=_CONCURRENCY,
            # A lost child is one failed image, which summarise finds; it never ends the batch.
            tolerated_failure_percentage=100,
            # Without it a few thousand answers pass 256 KiB and fail the execution.
            result_writer_v2=sfn.ResultWriterV2(bucket=self._work, prefix=RESULTS.rstrip("/")),
            result_path=sfn.JsonPath.DISCARD,
        )
        return state.item_processor(chain)

    def _machine(
        self,
        name: str,
        chain: sfn.IChainable,
        kind: sfn.StateMachineType,
        functions: Sequence[lambda_.IFunction],
    ) -> sfn.StateMachine:
        prod = self._settings.prod
        machine_name = f"{self._settings.prefix}-{name.lower()}"
        log = logs.LogGroup(
            self,
            f"{name}Log",
            # The prefix keeps the log's resource policy from growing with each machine.
            log_group_name=f"/aws/vendedlogs/states/{machine_name}",
            retention=logs.RetentionDays.THREE_MONTHS if prod else logs.RetentionDays.ONE_WEEK,
            removal_policy=RemovalPolicy.RETAIN if prod else RemovalPolicy.DESTROY,
        )
        express = kind is sfn.StateMachineType.EXPRESS
        machine = sfn.StateMachine(
            self,
            name,
            state_machine_name=machine_name,
            state_machine_type=kind,
            definition_body=sfn.DefinitionBody.from_chainable(chain),
            role=machine_role(self, name, machine_name, functions, self._work if not express else None),
            timeout=Duration.minutes(5) if express else Duration.days(7),
            # EXPRESS keeps no history: what failed, and on what, is only here.
            logs=sfn.LogOptions(destination=log, level=sfn.LogLevel.ERROR, include_execution_data=True),
            tracing_enabled=True,
        )
        accept(machine, "AwsSolutions-SF1", _ERRORS_ONLY)
        if not express:
            _accept_unused_policy(machine)
        return machine


def _accept_unused_policy(machine: sfn.StateMachine) -> None:
    """CDK makes a policy for the Map's children, attaches it to nothing, and so never deploys it.

    What they need stands in `machine_role`; cdk-nag looks at the construct all the same.
    """
    resource = machine.node.default_child
    if not isinstance(resource, sfn.CfnStateMachine):
        raise TypeError(f"{machine.node.path} has no state machine resource")
    logical_id = Stack.of(machine).get_logical_id(resource)
    name = f'{{"Fn::Select":[6,{{"Fn::Split":[":",{{"Ref":"{logical_id}"}}]}}]}}'
    executions = f"arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:{name}"
    for ending in (":*", *(f"/{label}:*" for label in _MAPS)):
        finding = f"AwsSolutions-IAM5[Resource::{executions}{ending}]"
        accept(machine, finding, "This policy is attached to no role and so is not in the template.")
