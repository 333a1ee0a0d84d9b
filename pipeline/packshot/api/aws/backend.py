"""The backend on AWS, put together from what a function's environment names."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from packshot.adapters.aws.clients import client
from packshot.adapters.aws.objects import S3ObjectStore
from packshot.adapters.aws.presigned import Presigner
from packshot.api.aws.asking import Asking
from packshot.api.aws.desks import AwsDesk
from packshot.api.aws.executions import Executions
from packshot.api.aws.pictures import AwsPictures
from packshot.api.aws.sending import send_with
from packshot.api.aws.sources import AwsSources
from packshot.api.aws.sums import AwsSums
from packshot.api.aws.uploads import AwsUploads
from packshot.api.aws.work import AwsWork
from packshot.api.backend import USUAL, Limits
from packshot.api.cursors import Cursors
from packshot.api.kept.lists import KeptLists
from packshot.aws_runtime.models import stack_models
from packshot.aws_runtime.ports import ports_of
from packshot.contracts.environment import ApiEnvironment
from packshot.stack.deployed import Stack

#: Lambda takes and gives six megabytes; a manifest is judged while somebody waits. A record has up to 8 KB.
#: A decision is some thirty calls, one after the other, and API Gateway waits for half a minute.
LIMITS: Final = dataclasses.replace(
    USUAL, manifest_bytes=16_000_000, body_bytes=4_000_000, streamed_images=500, decide_s=12.0
)


class AwsBackend:
    """The backend of a deployed stack.

    Args:
        environment: of the function.
        limits: what is taken; None for what a function can.
    """

    def __init__(self, environment: ApiEnvironment, limits: Limits | None = None) -> None:
        self.limits = limits = limits or LIMITS
        self.cursors = Cursors(_key_of(environment))
        self._ports = ports = ports_of(environment)
        s3 = client("s3")
        presigner = Presigner(s3.meta.region_name)
        bucket = environment.upload_bucket
        store = S3ObjectStore(s3, bucket)
        stack = Stack(
            name=environment.deployment,
            region=str(s3.meta.region_name),
            ports=ports,
            uploads=bucket,
            machine=environment.batch_machine,
            states=client("stepfunctions"),
        )
        executions = Executions(stack)
        send = send_with(client("lambda"), environment.worker)
        self.uploads = AwsUploads(store, bucket, presigner, limits)
        sources = AwsSources(store, bucket, self.uploads, limits.manifest_bytes)
        self.lists = KeptLists(sources, self.uploads)
        self.pictures = AwsPictures(ports, bucket, presigner, limits.streamed_images or 0)
        self.sums = AwsSums(executions, send)
        self.work = AwsWork(
            stack,
            Asking(ports, self.lists, sources, self.uploads, executions, environment.model),
            executions,
            self.uploads,
            presigner,
            send,
            express=bool(environment.image_machine),
        )
        self.work.backend = self

    @contextmanager
    def desk(self) -> Iterator[AwsDesk]:
        """The ports, for one request."""
        ports = self._ports
        yield AwsDesk(table=ports.table, files=ports.files, publish=ports.publish, documents=ports.documents)

    def models(self) -> tuple[str, ...]:
        """Names of the background networks."""
        return stack_models()


def _key_of(environment: ApiEnvironment) -> bytes:
    """What cursors are sealed with, equal in all instances.

    It guards against mistakes, not against enemies: whoever made up a cursor could read with it nothing that
    they may not read without it.
    """
    names: list[Any] = [environment.table, environment.work_bucket, environment.batch_machine]
    return hashlib.sha256("\0".join(["packshot cursors", *names]).encode()).digest()
