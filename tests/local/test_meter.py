"""Progress, without processes."""

from __future__ import annotations

from packshot.contracts.base import QcStatus, Status
from packshot.local.meter import Meter
from packshot.local.request import Progress
from tests import samples


def test_what_is_done_is_counted_by_kind() -> None:
    told: list[Progress] = []
    meter = Meter(5, told.append)
    meter.start()
    meter.stands(samples.record(1), reused=True)
    meter.stands(samples.record(2, status=Status.FAILED, qc_status=QcStatus.PENDING), reused=False)
    meter.processed(samples.record(3, qc_status=QcStatus.NEEDS_REVIEW))
    meter.tick(("4.jpg",))
    meter.processed(samples.record(4))
    meter.finish()
    assert (told[0].done, told[0].eta_s, told[0].rate_per_s) == (0, None, 0.0)
    last = told[-1]
    assert (last.done, last.total, last.reused, last.failed, last.needs_review) == (4, 5, 1, 1, 1)
    assert last.current == ()
    assert told[-2].current == ("4.jpg",)
    assert last.rate_per_s > 0
    assert last.eta_s is not None
    # One image is left, at the rate of those that were worked on.
    assert abs(last.eta_s - 1 / last.rate_per_s) < 1e-6
    assert (meter.reused_count, meter.processed_count) == (1, 2)


def test_reused_images_are_told_in_bursts() -> None:
    told: list[Progress] = []
    meter = Meter(10_000, told.append)
    for _ in range(10_000):
        meter.stands(samples.record(1), reused=True)
    meter.finish()
    assert len(told) < 1000
    assert told[-1].done == 10_000
