"""Measuring the review queue, so that somebody sees that pictures wait, and for how long."""

from __future__ import annotations

import datetime as dt
from typing import Any

from packshot.adapters.aws.clients import client
from packshot.adapters.aws.review_queue import review_queue
from packshot.aws_runtime.metrics import measure
from packshot.contracts.environment import TableEnvironment
from packshot.contracts.metrics import OLDEST_REVIEW, REVIEW_QUEUE

Json = dict[str, Any]


def watch_reviews(event: Json, environment: TableEnvironment) -> Json:
    """Measures the queue over all batches.

    Args:
        event: of a schedule; nothing of it matters.
        environment: of this function.

    Returns:
        {waiting, oldest_s}: images, and seconds since the oldest of them was finished (0 for none).
    """
    del event
    queue = review_queue(client("dynamodb"), environment.table)
    now = dt.datetime.now(dt.UTC)
    oldest_s = 0.0 if queue.since is None else max(0.0, (now - queue.since).total_seconds())
    measure(REVIEW_QUEUE, queue.waiting)
    measure(OLDEST_REVIEW, round(oldest_s))
    return {"waiting": queue.waiting, "oldest_s": round(oldest_s)}
