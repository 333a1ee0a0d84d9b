"""Images: one row's photo, what became of it, and what people decided."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from packshot.api.models.base import Body, Id, Link, Score, Text, View
from packshot.contracts.base import Box, Matrix, Mode, QcStatus, ReviewAction, ReviewReason, Share, Status
from packshot.contracts.manifest import Scale
from packshot.contracts.preset import Format, Measure


class ErrorView(View):
    """Why an image failed."""

    code: str
    message: str
    stage: str | None


class ImageLinks(View):
    """Pictures and actions of an image. Pictures are null where there is none.

    Attributes:
        source: the photo as it came; a browser may not know its format.
        before: the photo, upright, as a WebP of at most 2048 px.
        before_small, after_small: WebPs of at most 480 px.
        after: the finished main picture.
        reference: the finished picture of the reference that it was aligned to; null in lists.
    """

    self: Link
    source: Link | None
    before: Link | None
    before_small: Link | None
    after: Link | None
    after_small: Link | None
    reference: Link | None
    review: Link
    rework: Link


class ImageSummary(View):
    """An image in a list.

    Attributes:
        version: counts the changes of this revision.
        etag: for If-Match when deciding; it tells two reviewers apart.
        rules_failed: rules of the marketplace that it does not hold.
    """

    batch_id: str
    image_id: str
    revision: int
    version: int
    etag: str
    source: str
    line: int
    product_group_id: str
    sku_id: str
    image_type: str
    status: Status
    qc_status: QcStatus
    score_before: float | None
    score_after: float | None
    review_reasons: tuple[ReviewReason, ...]
    rules_failed: tuple[str, ...]
    error: ErrorView | None
    superseded_by: str | None
    updated_at: dt.datetime
    links: ImageLinks


class ImagePage(View):
    """Images; a filtered page may be short or empty and still have a cursor."""

    items: tuple[ImageSummary, ...]
    cursor: str | None


class ProductView(View):
    """The product, in pixels of the upright photo; clockwise degrees; shares 0 to 1."""

    box: Box
    angle_deg: float
    confidence: Share
    coverage: Share


class AlignmentView(View):
    """The similarity from the upright photo to the canvas; `transform` maps pixel centres, row by row.

    Attributes:
        canvas: width and height of the canvas; null for images that an earlier version made.
        box: of the finished product on the canvas; null also for an image that did not come so far.
    """

    method: str
    transform: Matrix
    residual_px: float | None
    scale: float
    rotation_deg: float
    enlarged: bool
    canvas: tuple[int, int] | None
    box: Box | None


class RuleView(View):
    """One rule, measured on the decoded final file.

    Attributes:
        limit: the bounds in words.
        measure, minimum, maximum: what was measured, and its bounds, both inclusive; null without a bound,
            and for images that an earlier version made.
    """

    rule: str
    level: Literal["required", "advised"]
    passed: bool
    measured: float
    limit: str
    fix: str
    source: str
    dated: str
    measure: Measure | None
    minimum: float | None
    maximum: float | None


class RenditionView(View):
    """One output file."""

    name: str
    format: Format
    width: int
    height: int
    bytes: int
    quality: int | None
    sha256: str
    path: str
    link: Link


class OverridesView(View):
    """What was set by hand for this image."""

    mode: Mode | None
    background: str | None
    target_size_kb: int | None
    model: str | None
    box: Box | None
    angle_deg: float | None
    reference: str | None


class VersionsView(View):
    """What made an image."""

    packshot: str
    model: str
    preset: str


class HistoryEntry(View):
    """One decision: who, when, what, before and after."""

    revision: int
    action: ReviewAction
    before: QcStatus
    after: QcStatus
    reviewer: str
    reason: str | None
    notes: str | None
    at: dt.datetime


class RevisionView(View):
    """An earlier or the present revision of an image."""

    revision: int
    status: Status
    qc_status: QcStatus
    score_after: float | None
    overrides: OverridesView
    updated_at: dt.datetime


class ImageDetail(ImageSummary):
    """Everything that is known of an image.

    Attributes:
        score_parts, score_parts_before: parts of the scores by name, 0 to 100.
        enhancements: what was changed, and how strongly, 0 to 1.
        source_size: width and height of the upright photo, in pixels.
        reference: the source that it was aligned to, as written; null for the preset's pose.
        history: decisions, oldest first; never changed, only added to.
        revisions: newest first.
    """

    score_parts: dict[str, float]
    score_parts_before: dict[str, float]
    compliance: tuple[RuleView, ...]
    product: ProductView | None
    alignment: AlignmentView | None
    renditions: tuple[RenditionView, ...]
    enhancements: dict[str, float]
    overrides: OverridesView
    mode: Mode | None
    background: str | None
    scale: Scale
    reference: str | None
    source_bytes: int | None
    source_size: tuple[int, int] | None
    source_sha256: str | None
    versions: VersionsView
    timings_ms: dict[str, float]
    history: tuple[HistoryEntry, ...]
    revisions: tuple[RevisionView, ...]


class Decision(Body):
    """What was decided, and why; a rejection needs a reason.

    Attributes:
        reviewer: who decides; where people sign in, it is who has signed in, whatever stands here.
    """

    action: ReviewAction
    reason: Text | None = None
    notes: Text | None = None
    reviewer: Annotated[str, Field(min_length=1, max_length=100)] | None = None

    @model_validator(mode="after")
    def _reasoned(self) -> Self:
        if self.action == "reject" and not (self.reason or "").strip():
            raise ValueError("a rejection needs a reason")
        return self


class ReviewRequest(Decision):
    """A decision on one image; `revision` and `version` say what was seen, unless If-Match does."""

    revision: Annotated[int, Field(ge=0)] | None = None
    version: Annotated[int, Field(ge=0)] | None = None


class ImageChoice(Body):
    """An image of a bulk decision, and what was seen of it; without `version` whatever is there."""

    batch_id: Id
    image_id: Id
    revision: Annotated[int, Field(ge=0)] | None = None
    version: Annotated[int, Field(ge=0)] | None = None


class BulkReviewRequest(Decision):
    """A decision on named images, or on all that wait and score above (approve) or below (reject) a bound.

    Attributes:
        images: at most 500.
        batch_id: with a bound: only this batch.
    """

    images: Annotated[tuple[ImageChoice, ...], Field(max_length=500)] = ()
    above: Score | None = None
    below: Score | None = None
    batch_id: Id | None = None

    @model_validator(mode="after")
    def _chosen(self) -> Self:
        bounds = [bound for bound in (self.above, self.below) if bound is not None]
        if bool(self.images) == bool(bounds):
            raise ValueError("name images, or give a bound, not both")
        if self.action == "undo" and bounds:
            raise ValueError("an undo names its images")
        return self


class Refused(View):
    """An image that could not be decided on; the others were."""

    batch_id: str
    image_id: str
    code: str
    message: str


class BulkReviewAnswer(View):
    """What came of a bulk decision; with `more`, the same request again goes on.

    Of images that were named, with those that are neither `done` nor `refused`.
    """

    done: tuple[ImageSummary, ...]
    refused: tuple[Refused, ...]
    more: bool
