"""One Lambda function: an image's target with a command, a role of its own, a log group."""

from __future__ import annotations

from aws_cdk import Duration, RemovalPolicy, Size
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.grants import TRACES, Grants
from infra.images import Images, Target
from infra.settings import Settings
from packshot.contracts.environment import Environment
from packshot.workflow import Stage

_ARCHITECTURES = {"arm64": lambda_.Architecture.ARM_64, "x86_64": lambda_.Architecture.X86_64}


class StepFunction(Construct):
    """A function of the pipeline or of the API.

    Args:
        step: its name, time-out and memory.
        target: of the Dockerfile.
        command: what the container starts with; by default the handler of the step's name.
        environment: what its handler reads.
        may: what it may do, beside writing its log and its traces.
        disk_mb: size of /tmp.
    """

    def __init__(
        self,
        scope: Construct,
        name: str,
        settings: Settings,
        *,
        images: Images,
        step: Stage,
        target: Target,
        environment: Environment,
        may: Grants,
        disk_mb: int = 512,
        command: str | None = None,
    ) -> None:
        super().__init__(scope, name)
        log = logs.LogGroup(
            self,
            "Log",
            retention=logs.RetentionDays.THREE_MONTHS if settings.prod else logs.RetentionDays.ONE_WEEK,
            removal_policy=RemovalPolicy.RETAIN if settings.prod else RemovalPolicy.DESTROY,
        )
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            description=f"Of the function {step.name}",
        )
        log.grant_write(role)
        for grant in (*may, TRACES):
            grant.give(role)
        self.function = lambda_.DockerImageFunction(
            self,
            "Function",
            code=images.code(target, command or f"containers.{step.name}.handler.handler"),
            # By name, so that dashboard and alarms need no reference that would keep a function from going.
            function_name=settings.function_name(step.name),
            description=f"Packshot: {step.name}",
            architecture=_ARCHITECTURES[settings.architecture],
            memory_size=settings.memory_mb(step.name),
            timeout=Duration.seconds(step.timeout_s),
            ephemeral_storage_size=Size.mebibytes(disk_mb),
            environment=environment.model_copy(update={"deployment": settings.prefix}).variables(),
            role=role,
            log_group=log,
            logging_format=lambda_.LoggingFormat.JSON,
            tracing=lambda_.Tracing.ACTIVE,
        )
