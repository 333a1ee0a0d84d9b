"""A batch on AWS, as the commands of an output folder take it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from packshot.aws_runtime.parts import renew_results
from packshot.batches.results import CSV
from packshot.batches.summarise import all_images
from packshot.contracts.base import QcStatus, Status
from packshot.contracts.events import Event
from packshot.contracts.records import BatchRecord
from packshot.contracts.work_keys import CATALOGUE, REVIEW, report_key
from packshot.ports import JobTable, ObjectStore
from packshot.report.statistics import Statistics, gather
from packshot.report.words import Outcome
from packshot.stack.deployed import Stack

#: Of a bigger batch only the sums are shown that summarise has left: all its records would take minutes.
_READ_WHOLE: Final = 20_000


@dataclass(frozen=True)
class StackPlace:
    """A batch of a stack; the attributes are those that `packshot.cli.place.Place` asks for."""

    stack: Stack
    batch: BatchRecord

    @property
    def table(self) -> JobTable:
        """The stack's table."""
        return self.stack.ports.table

    @property
    def files(self) -> ObjectStore:
        """The catalogue bucket."""
        return self.stack.ports.files

    @property
    def publish(self) -> Callable[[Event], None]:
        """The stack's bus."""
        return self.stack.ports.publish

    @property
    def at_once(self) -> int:
        """Images that may be decided on at a time: the client keeps sixteen connections."""
        return 12

    @property
    def words(self) -> str:
        """What is typed to name it."""
        return f"--stack {self.stack.name} --batch {self.batch.batch_id}"

    @property
    def shown(self) -> Sequence[tuple[str, str]]:
        """Where people find what it made."""
        bucket = f"s3://{self.stack.ports.catalogue_bucket}/"
        return [
            ("Catalogue", bucket + CATALOGUE),
            ("Review", bucket + REVIEW),
            ("Results", bucket + report_key(self.batch.batch_id, "")),
        ]

    @property
    def facts(self) -> dict[str, Any]:
        """The same for programs."""
        return {"stack": self.stack.name, "region": self.stack.region, "results": self.results}

    @property
    def results(self) -> str:
        """Address of results.csv."""
        return f"s3://{self.stack.ports.catalogue_bucket}/{report_key(self.batch.batch_id, CSV)}"

    def statistics(self) -> Statistics:
        """What it came to; of a big batch as summarise has left it, without failures, reasons and scores."""
        if self.batch.total <= _READ_WHOLE:
            return gather(all_images(self.table, self.batch.batch_id))
        return summed(self.batch)

    def renew(self, changed: Collection[str]) -> None:
        """Writes the batch's results anew after decisions on these images, once it has any."""
        if self.batch.status is Status.COMPLETED:
            renew_results(self.batch.batch_id, self.batch.total, changed, self.stack.ports)

    def refresh(self) -> Statistics:
        """What it came to; a stack has no report page."""
        return self.statistics()


def summed(batch: BatchRecord) -> Statistics:
    """The outcomes alone, from the counts in a batch's record."""
    counts = batch.counts
    found = {
        Outcome.READY: counts.get(QcStatus.AUTO_APPROVED, 0) + counts.get(QcStatus.APPROVED, 0),
        Outcome.REVIEW: counts.get(QcStatus.NEEDS_REVIEW, 0),
        Outcome.REJECTED: counts.get(QcStatus.REJECTED, 0),
        Outcome.FAILED: counts.get(Status.FAILED, 0),
        Outcome.UNFINISHED: counts.get(Status.PROCESSING, 0),
    }
    return Statistics(total=sum(found.values()), outcomes=Counter({one: n for one, n in found.items() if n}))
