"""Decisions as they come in over HTTP, one and many."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from packshot import reviews
from packshot.api.backend import Desk
from packshot.api.models.images import BulkReviewRequest, Decision, ImageChoice, Refused, ReviewRequest
from packshot.contracts.records import ImageRecord
from packshot.errors import InternalError, PackshotError, RequestError, RetryableError

#: Images that one bulk request decides on, at most.
MOST: Final = 500
_ETAG: Final = re.compile(r'(?:W/)?"(\d{1,9})-(\d{1,9})"')


@dataclass(frozen=True, slots=True)
class Seen:
    """Which revision and version of an image a person looked at; None for whichever is there."""

    revision: int | None
    version: int | None


def seen_of(if_match: str | None, body: ReviewRequest) -> Seen:
    """What was seen, from If-Match or the body.

    Raises:
        RequestError: version_missing; request_invalid for an etag that is none of ours.
    """
    if if_match is not None:
        if if_match.strip() == "*":
            return Seen(None, None)
        found = _ETAG.fullmatch(if_match.strip())
        if found is None:
            raise RequestError("request_invalid", reason="If-Match: it is no etag of an image")
        return Seen(int(found[1]), int(found[2]))
    if body.version is None:
        raise RequestError("version_missing")
    return Seen(body.revision, body.version)


def decide(
    desk: Desk, batch_id: str, image_id: str, decision: Decision, seen: Seen, reviewer: str
) -> ImageRecord:
    """Carries a decision out; errors as `packshot.reviews`."""
    return reviews.decide(
        decision.action,
        batch_id,
        image_id,
        reviewer=reviewer,
        table=desk.table,
        files=desk.files,
        publish=desk.publish,
        now=dt.datetime.now(dt.UTC),
        reason=decision.reason,
        notes=decision.notes,
        expected_version=seen.version,
        expected_revision=seen.revision,
    )


def decide_many(
    desk: Desk, body: BulkReviewRequest, reviewer: str, seconds: float | None = None
) -> tuple[tuple[ImageRecord, ...], tuple[Refused, ...], bool]:
    """Decides on each; what was done, what was refused and why, and whether there is more to do.

    After so many `seconds` no other is begun with; None for as long as it takes.
    """
    began = time.monotonic()
    chosen = list(body.images) or _first(_waiting(desk, body))
    done: list[ImageRecord] = []
    refused: list[Refused] = []
    for one in chosen[:MOST]:
        if done and seconds is not None and time.monotonic() - began >= seconds:
            return tuple(done), tuple(refused), True
        try:
            seen = Seen(one.revision, one.version)
            done.append(decide(desk, one.batch_id, one.image_id, body, seen, reviewer))
        except (RetryableError, InternalError):
            # Not this image's fault: the others would fare no better.
            raise
        except PackshotError as error:
            refused.append(
                Refused(batch_id=one.batch_id, image_id=one.image_id, code=error.code, message=error.message)
            )
    # What was refused waits on; without anything done the same request would go round in circles.
    return tuple(done), tuple(refused), len(chosen) > MOST and bool(done)


def _first(choices: Iterator[ImageChoice]) -> list[ImageChoice]:
    found: list[ImageChoice] = []
    for one in choices:
        found.append(one)
        if len(found) > MOST:
            break
    return found


def _waiting(desk: Desk, body: BulkReviewRequest) -> Iterator[ImageChoice]:
    """The images of the queue between the bounds, with what was seen of each."""
    cursor: str | None = None
    while True:
        page = desk.table.needs_review(200, cursor)
        for image in page.items:
            if body.batch_id is not None and image.batch_id != body.batch_id:
                continue
            score = image.score_after
            if score is None or (body.above is not None and score <= body.above):
                continue
            if body.below is not None and score >= body.below:
                continue
            yield ImageChoice(
                batch_id=image.batch_id,
                image_id=image.image_id,
                revision=image.revision,
                version=image.version,
            )
        cursor = page.cursor
        if cursor is None:
            return
