from __future__ import annotations

from packshot.contracts.base import QcStatus, ReviewReason
from packshot.report.statistics import gather, median
from packshot.report.words import Outcome
from tests.report.samples import failed_record, record, rendition, review_record, rule


def test_outcomes_reasons_and_failures() -> None:
    found = gather(
        [
            record(0),
            record(1, qc_status=QcStatus.APPROVED, review_reasons=(ReviewReason.ENLARGED,)),
            record(2, qc_status=QcStatus.REJECTED, review_reasons=(ReviewReason.ENLARGED,)),
            review_record(3, ReviewReason.ENLARGED, ReviewReason.LOW_SCORE),
            failed_record(4),
            failed_record(5, "no_product_found"),
            failed_record(6),
        ]
    )
    assert found.outcomes == {
        Outcome.READY: 2,
        Outcome.REJECTED: 1,
        Outcome.REVIEW: 1,
        Outcome.FAILED: 3,
    }
    assert found.reasons == {ReviewReason.ENLARGED: 1, ReviewReason.LOW_SCORE: 1}, "decided ones wait no more"
    assert found.failures == {"image_truncated": 2, "no_product_found": 1}


def test_failures_that_say_different_things_are_told_apart_from_those_that_repeat() -> None:
    other = failed_record(3).error.model_copy(update={"message": "Another sentence."})
    found = gather([failed_record(1), failed_record(2, "no_product_found"), failed_record(3, error=other)])
    assert found.varied_failures == {"image_truncated"}
    assert found.failure_examples["image_truncated"].message.startswith("The picture's file ends")


def test_scores_are_compared_in_pairs() -> None:
    found = gather(
        [record(0, score_before=40.0, score_after=80.0), record(1, score_before=None), failed_record(2)]
    )
    assert (list(found.scores_before), list(found.scores_after)) == ([40.0], [80.0])
    assert median(found.parts_after["sharpness"]) == 88.0


def test_sizes_compare_what_has_both() -> None:
    found = gather(
        [
            record(0, source_bytes=1000, renditions=(rendition(bytes=300), rendition("thumb", bytes=20))),
            record(1, source_bytes=None, renditions=(rendition(bytes=500),)),
            failed_record(2, source_bytes=9000),
        ]
    )
    assert (found.source_bytes, found.main_bytes) == (1000, 300)
    assert (found.files, found.file_bytes) == (3, 820)


def test_rules_that_fail_come_first_required_before_advised() -> None:
    bad, advised, good = rule("b", passed=False), rule("a", passed=False, level="advised"), rule("c")
    found = gather([record(0, compliance=(good, advised, bad)), record(1, compliance=(rule("b"),))])
    assert [(t.example.rule, t.failed, t.measured) for t in found.failing_rules_first()] == [
        ("b", 1, 2),
        ("a", 1, 1),
        ("c", 0, 1),
    ]
    assert not found.rules["b"].example.passed, "the example is one that knows what to fix"


def test_nothing_has_no_median() -> None:
    assert median(()) is None
