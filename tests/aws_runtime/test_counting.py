"""What is said on the bus is what is counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from packshot.aws_runtime.counting import count, count_files, counted
from packshot.aws_runtime.metrics import Meter, metering
from packshot.batches.batch_events import batch_event
from packshot.contracts.base import QcStatus, ReviewReason, Status
from packshot.contracts.events import DetailType, Event
from packshot.contracts.records import ErrorFacts, ImageRecord, ReviewEntry
from packshot.delivery import outcome_event, review_event
from packshot.errors import StoreUnavailableError
from tests import samples
from tests.aws_runtime import emf
from tests.worlds import World, local_world


@pytest.fixture
def files(tmp_path: Any) -> Any:
    world: World = local_world(tmp_path)
    return world.files


def of(meter: Meter) -> dict[tuple[str, ...], float]:
    return {(name, *rest[1:]): sum(values) for (name, *rest), values in emf.metrics(meter.lines(0)).items()}


def counts(*events: Event) -> dict[tuple[str, ...], float]:
    with metering() as meter:
        for event in events:
            count(event)
    return of(meter)


def failed(code: str) -> ImageRecord:
    error = ErrorFacts(code=code, message="...")
    return samples.record(status=Status.FAILED, qc_status=QcStatus.PENDING, error=error)


def test_images_are_counted_by_outcome_failures_by_code_and_doubts_by_reason(files: Any) -> None:
    reasons = (ReviewReason.LOW_SCORE, ReviewReason.ENLARGED)
    doubtful = samples.record(qc_status=QcStatus.NEEDS_REVIEW, review_reasons=reasons)
    records = (samples.record(qc_status=QcStatus.AUTO_APPROVED), doubtful, failed("image_truncated"))
    assert counts(*(outcome_event(one, files) for one in records)) == {
        ("Images", "processed"): 1,
        ("Images", "needs_review"): 1,
        ("Images", "failed"): 1,
        ("ReviewReasons", "low_score"): 1,
        ("ReviewReasons", "enlarged"): 1,
        ("Failures", "image_truncated"): 1,
    }


def test_a_code_that_is_not_listed_is_no_metric_of_its_own(files: Any) -> None:
    assert counts(outcome_event(failed("img-0123456789"), files)) == {
        ("Images", "failed"): 1,
        ("Failures", "other"): 1,
    }


def test_decisions_are_counted_by_action_and_are_no_outcomes(files: Any) -> None:
    record = samples.record(qc_status=QcStatus.APPROVED)
    entry = ReviewEntry(
        batch_id="batch-1",
        image_id=record.image_id,
        revision=0,
        action="approve",
        before=QcStatus.NEEDS_REVIEW,
        after=QcStatus.APPROVED,
        reviewer="ada",
        at=samples.NOW,
    )
    assert counts(review_event(record, entry, files)) == {("Decisions", "approve"): 1}


def test_batches_are_counted_by_what_happened_to_them() -> None:
    kinds = (DetailType.BATCH_ACCEPTED, DetailType.BATCH_COMPLETED, DetailType.BATCH_COMPLETED)
    assert counts(*(batch_event(kind, samples.batch(), samples.NOW) for kind in kinds)) == {
        ("Batches", "accepted"): 1,
        ("Batches", "completed"): 2,
    }


def test_what_could_not_be_said_is_not_counted() -> None:
    def refuse(event: Event) -> None:
        raise StoreUnavailableError("store_throttled", reason=event.source)

    def accept(event: Event) -> None:
        del event

    def said(publish: Callable[[Event], None]) -> dict[tuple[str, ...], float]:
        with metering() as meter:
            counted(publish)(batch_event(DetailType.BATCH_STARTED, samples.batch(), samples.NOW))
        return of(meter)

    assert said(accept) == {("Batches", "started"): 1}
    with pytest.raises(StoreUnavailableError):
        said(refuse)


def test_files_are_counted_and_bytes_saved_compare_the_photo_with_its_main_rendition() -> None:
    main = samples.rendition("main", b"x" * 30)
    with metering() as meter:
        count_files(samples.record(source_bytes=100, renditions=(samples.rendition("web"), main)))
        count_files(samples.record(source_bytes=None, renditions=(main,)))
        count_files(failed("image_truncated"))
    assert of(meter) == {("Files",): 3, ("SourceBytes",): 100, ("BytesSaved",): 70}
