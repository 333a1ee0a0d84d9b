from __future__ import annotations

from packshot import workflow
from packshot.contracts.base import QcStatus, ReviewReason, Status
from packshot.report.words import OUTCOMES, REASONS, STAGES, Outcome, name_of, outcome
from tests.report.samples import record


def test_every_reason_and_stage_has_words() -> None:
    assert set(REASONS) == set(ReviewReason)
    assert tuple(STAGES) == workflow.STAGE_NAMES
    assert set(OUTCOMES) == set(Outcome)


def test_outcomes() -> None:
    def of(status: Status, qc: QcStatus) -> str:
        return outcome(record(0, status=status, qc_status=qc)).value

    assert of(Status.COMPLETED, QcStatus.APPROVED) == "ready"
    assert of(Status.COMPLETED, QcStatus.NEEDS_REVIEW) == "review"
    assert of(Status.COMPLETED, QcStatus.REJECTED) == "rejected"
    assert of(Status.FAILED, QcStatus.PENDING) == "failed"
    assert of(Status.PROCESSING, QcStatus.PENDING) == "unfinished"


def test_what_has_no_sku_is_called_by_its_line_if_it_has_one() -> None:
    assert name_of(record(0)) == record(0).sku_id
    assert name_of(record(0, sku_id="", line=7)) == "line 7"
    assert name_of(record(0, sku_id="", line=0)) == "a file"
