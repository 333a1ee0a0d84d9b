"""The review queue becomes two metrics."""

from __future__ import annotations

import datetime as dt
import logging

import pytest

from packshot.contracts.base import QcStatus
from tests import samples
from tests.aws_runtime import emf
from tests.aws_runtime.conftest import Stack


def test_the_queue_is_measured(stack: Stack, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "packshot")
    assert stack.call("watch", {"detail-type": "Scheduled Event", "detail": {}}) == {
        "waiting": 0,
        "oldest_s": 0,
    }
    hour_ago = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
    for number, at in enumerate((hour_ago, dt.datetime.now(dt.UTC))):
        record = samples.record(number, qc_status=QcStatus.NEEDS_REVIEW, updated_at=at)
        stack.table.put_image(record, None)
    told = stack.call("watch", {"detail": {}})
    assert told["waiting"] == 2
    assert told["oldest_s"] == pytest.approx(3600, abs=300)
    found = emf.metrics(emf.lines(caplog.records))
    assert found["ReviewQueue", "packshot-dev"] == [0, 2]
    assert found["OldestReview", "packshot-dev"] == [0, told["oldest_s"]]
