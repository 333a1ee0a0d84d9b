"""All functions of the pipeline, each with exactly what it needs."""

from __future__ import annotations

from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra import grants
from infra.buckets import Buckets
from infra.event_bus import EventBus
from infra.function import StepFunction
from infra.images import Images, Target
from infra.job_table import JobTable
from infra.settings import Settings
from packshot import workflow
from packshot.contracts.environment import (
    Environment,
    FetchEnvironment,
    FusedEnvironment,
    PlanEnvironment,
    RecordEnvironment,
    StageEnvironment,
    TableEnvironment,
)
from packshot.workflow import Stage

#: Manifests of half a gigabyte and lists of a million items pass through /tmp.
_DISK_OF_LISTS_MB = 4096


class Functions(Construct):
    """The functions by the names of `packshot.workflow`; which stages there are is `execution`'s choice."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        settings: Settings,
        *,
        buckets: Buckets,
        jobs: JobTable,
        bus: EventBus,
    ) -> None:
        super().__init__(scope, name)
        self._settings = settings
        self._buckets = buckets
        self._table, self._bus = jobs.table, bus.bus
        self._images = Images(self, "Images", settings)
        self.by_name: dict[str, lambda_.IFunction] = {}
        if settings.execution == "fused":
            self._add_fused()
        else:
            self._add_stages()
        self._add_reference()
        self._add_batch_steps()

    def _add_stages(self) -> None:
        work = self._buckets.work
        pixels = [*grants.read_work(work), *grants.write_work(work)]
        looks = grants.look_at_photos(self._buckets.uploads)
        for stage in workflow.STAGES:
            if stage.name == workflow.FETCHES:
                self._add(stage, "vision", self._fetching, [*pixels, *self._sources])
            else:
                may = [*pixels, *looks] if stage.name in workflow.SEE_THE_PHOTO else pixels
                self._add(stage, "vision", StageEnvironment(work_bucket=work.bucket_name), may)
        self._add(
            workflow.RECORD,
            "service",
            self._recording,
            [
                *grants.read_work(work),
                *grants.deliver(self._buckets.catalogue),
                *grants.records(self._table),
                *grants.publish(self._bus),
            ],
        )

    def _add_fused(self) -> None:
        environment = FusedEnvironment(
            **self._recording.model_dump(),
            **self._fetching.model_dump(include={"upload_bucket", "source_buckets"}),
        )
        self._add(
            workflow.FUSED,
            "vision",
            environment,
            [
                *grants.read_work(self._buckets.work),
                *self._sources,
                *grants.deliver(self._buckets.catalogue),
                *grants.records(self._table),
                *grants.publish(self._bus),
            ],
        )

    def _add_reference(self) -> None:
        work = self._buckets.work
        may = [*grants.read_work(work), *grants.write_work(work), *self._sources]
        self._add(workflow.REFERENCE, "vision", self._fetching, may)

    def _add_batch_steps(self) -> None:
        buckets, said = self._buckets, grants.publish(self._bus)
        images = workflow.FUSED_IMAGES if self._settings.execution == "fused" else 1
        self._add(
            workflow.PLAN,
            "service",
            PlanEnvironment(
                **self._recording.model_dump(),
                images_per_item=images,
                concurrency=self._settings.concurrency,
            ),
            [
                *grants.read_manifests(buckets.uploads),
                *grants.read_work(buckets.work),
                *grants.write_work(buckets.work),
                *grants.look_up(self._table),
                grants.PLACES,
                *said,
            ],
            disk_mb=_DISK_OF_LISTS_MB,
        )
        self._add(
            workflow.SUMMARISE,
            "service",
            self._recording,
            [
                *grants.read_work(buckets.work),
                *grants.write_work(buckets.work),
                *grants.tidy(buckets.catalogue),
                *grants.report(buckets.catalogue),
                *grants.records(self._table),
                *said,
            ],
            disk_mb=_DISK_OF_LISTS_MB,
        )
        watching = TableEnvironment(table=self._table.table_name)
        self._add(workflow.WATCH, "service", watching, grants.review_queue(self._table))
        self._add(workflow.CLOSE, "service", self._recording, [*grants.batch_items(self._table), *said])

    @property
    def _fetching(self) -> FetchEnvironment:
        return FetchEnvironment(
            work_bucket=self._buckets.work.bucket_name,
            upload_bucket=self._buckets.uploads.bucket_name,
            source_buckets=self._settings.source_buckets,
        )

    @property
    def _recording(self) -> RecordEnvironment:
        return RecordEnvironment(
            work_bucket=self._buckets.work.bucket_name,
            catalogue_bucket=self._buckets.catalogue.bucket_name,
            table=self._table.table_name,
            bus=self._bus.event_bus_name,
            model=self._settings.default_model,
        )

    @property
    def _sources(self) -> grants.Grants:
        return grants.read_sources(self._buckets.uploads, self._settings.source_buckets)

    def _add(
        self,
        step: Stage,
        target: Target,
        environment: Environment,
        may: grants.Grants,
        disk_mb: int = 512,
    ) -> None:
        made = StepFunction(
            self,
            step.name.capitalize(),
            self._settings,
            images=self._images,
            step=step,
            target=target,
            environment=environment,
            may=may,
            disk_mb=disk_mb,
        )
        self.by_name[step.name] = made.function
