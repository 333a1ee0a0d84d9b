"""The API's functions: one application, of which one only looks, one changes, and one works on afterwards."""

from __future__ import annotations

from typing import Final, Literal

from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_destinations as destinations
from constructs import Construct

from infra.dead_letters import dead_letters
from infra.function import StepFunction
from infra.grants import Grants
from infra.images import Images
from infra.settings import Settings
from infra.site_grants import Reach
from packshot.contracts.environment import ApiEnvironment
from packshot.workflow import API_READ, API_WORK, API_WRITE, Stage

#: Of all three; which side it is stands in the environment.
COMMAND: Final = "packshot.api.aws.function.handle"


class ApiFunctions(Construct):
    """The functions behind the API's routes, and the one that they call without waiting.

    Attributes:
        undelivered: errands of that one which have failed each time.
    """

    def __init__(self, scope: Construct, name: str, settings: Settings, *, reach: Reach) -> None:
        super().__init__(scope, name)
        self._settings = settings
        self._reach = reach
        self._images = Images(self, "Images", settings, ("service",))
        self.read = self._add(API_READ, "read", reach.may_read())
        worker = settings.function_name(API_WORK.name)
        self.write = self._add(API_WRITE, "write", reach.may_write(), worker=worker)
        work = self._add(API_WORK, "work", reach.may_work())
        self.undelivered = dead_letters(self, "It is where failed errands end, a dead-letter queue.")
        work.configure_async_invoke(
            retry_attempts=API_WORK.attempts - 1,
            on_failure=destinations.SqsDestination(self.undelivered),
        )

    def _add(
        self, step: Stage, side: Literal["read", "write", "work"], may: Grants, worker: str = ""
    ) -> lambda_.IFunction:
        reach = self._reach
        environment = ApiEnvironment(
            side=side,
            work_bucket=reach.work.bucket_name,
            upload_bucket=reach.uploads.bucket_name,
            catalogue_bucket=reach.catalogue.bucket_name,
            table=reach.table.table_name,
            bus=reach.bus.event_bus_name,
            model=self._settings.default_model,
            batch_machine=reach.batch_machine,
            image_machine=reach.image_machine,
            worker=worker,
        )
        made = StepFunction(
            self,
            side.capitalize(),
            self._settings,
            images=self._images,
            step=step,
            target="service",
            environment=environment,
            may=may,
            command=COMMAND,
        )
        return made.function
