"""A deployed stack, found by its name through what CloudFormation tells of it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import boto3
from botocore.exceptions import ClientError

from packshot.adapters.aws.clients import client
from packshot.adapters.aws.errors import code_of, translated
from packshot.aws_runtime.ports import Ports, ports_of
from packshot.contracts.environment import RecordEnvironment
from packshot.contracts.records import BatchRecord
from packshot.errors import SettingsError, StackError, StoreUnavailableError

#: Outputs of the stack, as docs/aws.md names them.
_OUTPUTS: Final = (
    "UploadBucket",
    "WorkBucket",
    "CatalogueBucket",
    "JobTable",
    "EventBus",
    "BatchStateMachine",
)


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack and the clients to speak with it.

    Attributes:
        name: of the CloudFormation stack.
        region: where it is.
        ports: table, catalogue bucket, work bucket, bus.
        uploads: name of the upload bucket.
        machine: ARN of the batch state machine.
        states: the client of Step Functions.
    """

    name: str
    region: str
    ports: Ports
    uploads: str
    machine: str
    states: Any

    def batch(self, batch_id: str | None = None) -> BatchRecord:
        """A batch by its id; without one, the newest.

        Raises:
            SettingsError: batch_unknown.
            StackError: stack_empty.
        """
        if batch_id is not None:
            found = self.ports.table.get_batch(batch_id)
            if found is None:
                raise SettingsError("batch_unknown", batch_id=batch_id)
            return found
        newest = self.ports.table.batches(limit=1).items
        if not newest:
            raise StackError("stack_empty", stack=self.name)
        return newest[0]


def open_stack(name: str, region: str | None = None) -> Stack:
    """Finds a stack.

    Args:
        name: of the CloudFormation stack, such as `Packshot-prod`.
        region: None for that of the environment or profile.

    Raises:
        StackError: aws_credentials, aws_profile_unknown, aws_region_missing, aws_region_unknown,
            stack_unknown, stack_unfit.
        StorageError: store_denied.
        StoreUnavailableError: AWS did not answer.
    """
    with translated("CloudFormation"):
        formation = client("cloudformation", region)
        region = str(formation.meta.region_name)
    with _known_region(region), translated("CloudFormation"):
        outputs = _outputs(formation, name, region)
    for output in _OUTPUTS:
        if output not in outputs:
            raise StackError("stack_unfit", stack=name, output=output)
    told = RecordEnvironment(
        work_bucket=outputs["WorkBucket"],
        catalogue_bucket=outputs["CatalogueBucket"],
        table=outputs["JobTable"],
        bus=outputs["EventBus"],
    )
    return Stack(
        name=name,
        region=region,
        ports=ports_of(told, region),
        uploads=outputs["UploadBucket"],
        machine=outputs["BatchStateMachine"],
        states=client("stepfunctions", region),
    )


def _outputs(formation: Any, name: str, region: str) -> dict[str, str]:
    try:
        (stack,) = formation.describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        # CloudFormation has no code of its own for it.
        if code_of(error) == "ValidationError" and "does not exist" in str(error):
            raise StackError("stack_unknown", stack=name, region=region) from error
        raise
    return {one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", ())}


@contextlib.contextmanager
def _known_region(region: str) -> Iterator[None]:
    """Says that a region does not exist, where AWS can only be silent."""
    try:
        yield
    except StoreUnavailableError as error:
        session = boto3.session.Session()
        known = {
            one
            for partition in session.get_available_partitions()
            for one in session.get_available_regions("cloudformation", partition)
        }
        if region in known:
            raise
        raise StackError("aws_region_unknown", region=region) from error
