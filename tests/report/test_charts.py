from __future__ import annotations

from packshot import workflow
from packshot.report.charts import histogram, part_changes, stage_times
from packshot.report.statistics import gather
from tests.report.samples import record


def test_histogram_counts_every_image_once_and_100_in_the_last_bin() -> None:
    scores = [(0.0, 4.99), (50.0, 75.0), (99.9, 100.0)]
    bins = histogram(gather(record(i, score_before=b, score_after=a) for i, (b, a) in enumerate(scores)))
    assert [bin_.low for bin_ in bins] == list(range(0, 100, 5))
    assert {bin_.low: bin_.before for bin_ in bins if bin_.before} == {0: 1, 50: 1, 95: 1}
    assert {bin_.low: bin_.after for bin_ in bins if bin_.after} == {0: 1, 75: 1, 95: 1}
    assert max(bin_.after_height for bin_ in bins) == 100


def test_stage_times_in_the_workflow_s_order_with_shares_of_all() -> None:
    odd = {"other": 10.0} | dict.fromkeys(reversed(workflow.STAGE_NAMES), 15.0)
    times = stage_times(gather([record(0, timings_ms=odd)]))
    assert [one.title.lower() for one in times] == [*workflow.STAGE_NAMES, "other"]
    assert [one.share for one in times] == [15.0] * 6 + [10.0]
    assert stage_times(gather([record(0, timings_ms={})])) == []


def test_parts_that_sources_lack_come_last() -> None:
    parts = part_changes(gather([record(0)]))
    assert [(part.title, part.before) for part in parts][-1] == ("Edges", None)
