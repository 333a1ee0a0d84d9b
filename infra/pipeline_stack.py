"""The pipeline: from an uploaded manifest to a catalogue."""

from __future__ import annotations

from aws_cdk import CfnOutput, Environment, Stack
from constructs import Construct

from infra.buckets import Buckets
from infra.event_bus import EventBus
from infra.functions import Functions
from infra.job_table import JobTable
from infra.settings import Settings
from infra.state_machines import StateMachines
from infra.trigger import Triggers
from packshot import workflow


class PipelineStack(Stack):
    """Composes; each part stands in a file of its own."""

    def __init__(
        self, scope: Construct, name: str, settings: Settings, environment: Environment | None = None
    ) -> None:
        super().__init__(scope, name, env=environment, description="Packshot: photos to catalogues")
        self.buckets = Buckets(self, "Buckets", settings)
        self.jobs = JobTable(self, "Jobs", settings)
        self.events = EventBus(self, "Events", settings)
        self.functions = Functions(
            self, "Functions", settings, buckets=self.buckets, jobs=self.jobs, bus=self.events
        )
        self.machines = StateMachines(
            self,
            "Machines",
            settings,
            functions=self.functions.by_name,
            work=self.buckets.work,
        )
        self.triggers = Triggers(
            self,
            "Triggers",
            uploads=self.buckets.uploads,
            batch=self.machines.batch,
            close=self.functions.by_name[workflow.CLOSE.name],
        )
        self._outputs()

    def _outputs(self) -> None:
        outputs = {
            "UploadBucket": self.buckets.uploads.bucket_name,
            "WorkBucket": self.buckets.work.bucket_name,
            "CatalogueBucket": self.buckets.catalogue.bucket_name,
            "JobTable": self.jobs.table.table_name,
            "EventBus": self.events.bus.event_bus_name,
            "BatchStateMachine": self.machines.batch.state_machine_arn,
        }
        if self.machines.image is not None:
            outputs["ImageStateMachine"] = self.machines.image.state_machine_arn
        for name, value in outputs.items():
            # `Name` itself is taken by constructs; the logical id is what people see.
            CfnOutput(self, f"{name}Output", value=value).override_logical_id(name)
