"""Plain words for what records say in codes: outcomes, review reasons, score parts, stages."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from packshot.contracts.base import QcStatus, ReviewReason, Status
from packshot.contracts.records import ImageRecord


class Outcome(StrEnum):
    """What a reader wants to know of an image first; status and qc_status in one word."""

    FAILED = "failed"
    REVIEW = "review"
    REJECTED = "rejected"
    UNFINISHED = "unfinished"
    READY = "ready"


OUTCOMES: Final[dict[Outcome, str]] = {
    Outcome.FAILED: "Failed",
    Outcome.REVIEW: "To review",
    Outcome.REJECTED: "Rejected",
    Outcome.UNFINISHED: "Unfinished",
    Outcome.READY: "Ready",
}


def outcome(record: ImageRecord) -> Outcome:
    """The outcome of one image."""
    if record.status is Status.FAILED:
        return Outcome.FAILED
    if record.qc_status.delivered:
        return Outcome.READY
    if record.qc_status is QcStatus.NEEDS_REVIEW:
        return Outcome.REVIEW
    if record.qc_status is QcStatus.REJECTED:
        return Outcome.REJECTED
    return Outcome.UNFINISHED


def bad_line(record: ImageRecord) -> bool:
    """True of a manifest's line that could not become an image: nothing but its number is known."""
    return not record.source


def name_of(record: ImageRecord) -> str:
    """What to call an image: its SKU, else its line, else a file: a folder has no lines."""
    return record.sku_id or (f"line {record.line}" if record.line else "a file")


def why(record: ImageRecord) -> tuple[str, ...]:
    """What keeps an image from the catalogue: its error's code, or the reasons that wait for a decision."""
    if record.error is not None:
        return (record.error.code,)
    # Of an approved image the reasons are history.
    return tuple(record.review_reasons) if outcome(record) is Outcome.REVIEW else ()


@dataclass(frozen=True, slots=True)
class ReasonWords:
    """A review reason's short name, and what to look for."""

    title: str
    sentence: str


REASONS: Final[dict[ReviewReason, ReasonWords]] = {
    ReviewReason.LOW_CONFIDENCE: ReasonWords(
        "Product unclear", "The product's outline is uncertain; check that nothing of it is missing."
    ),
    ReviewReason.SEVERAL_PRODUCTS: ReasonWords(
        "Several objects", "More objects were found than the preset expects; check that all of them belong."
    ),
    ReviewReason.TOUCHES_EDGE: ReasonWords(
        "Touches the edge",
        "The product reaches the edge of the photo or of the finished picture; part of it may be cut off.",
    ),
    ReviewReason.LOW_RESOLUTION: ReasonWords(
        "Low resolution", "The photo has few pixels on the product; a sharper photo would look better."
    ),
    ReviewReason.ENLARGED: ReasonWords(
        "Enlarged", "The product was enlarged to fill the frame, so it may look soft."
    ),
    ReviewReason.ANIMATED_SOURCE: ReasonWords(
        "Animated file", "The file holds several pictures; the first one was used."
    ),
    ReviewReason.REFERENCE_UNUSABLE: ReasonWords(
        "Reference unusable", "The reference photo could not be used; the preset's pose was taken instead."
    ),
    ReviewReason.ALIGNMENT_UNCERTAIN: ReasonWords(
        "Alignment uncertain", "The product may sit differently from its reference."
    ),
    ReviewReason.DIFFERENT_PACKAGE: ReasonWords(
        "Different package", "The package does not look like the reference's; it may be another product."
    ),
    ReviewReason.BACKGROUND_UNCERTAIN: ReasonWords(
        "Edges uncertain", "The line between product and background is uncertain; check the edges."
    ),
    ReviewReason.GROUND_EXTENDED: ReasonWords(
        "Ground extended", "The photo did not fill the frame, so its background was extended."
    ),
    ReviewReason.UNDEREXPOSED: ReasonWords(
        "Too dark", "The photo is so dark that even brightened the picture lacks light."
    ),
    ReviewReason.LOW_SCORE: ReasonWords(
        "Low score", "The finished picture scored too low to be approved by itself."
    ),
    ReviewReason.REQUIRED_RULE_FAILED: ReasonWords(
        "Rule not met", "The marketplace would refuse the picture: a required rule is not met."
    ),
}

STAGES: Final[dict[str, str]] = {
    "detect": "Detect",
    "align": "Align",
    "background": "Background",
    "enhance": "Enhance",
    "compress": "Compress",
    "score": "Score",
}

METHODS: Final[dict[str, str]] = {
    "features": "matched to the reference's details",
    "mask_pose": "matched to the reference's outline",
    "reference": "is the reference",
    "preset": "placed as the preset asks",
}


def plain(code: str) -> str:
    """A code as words: `fill_long` becomes `Fill long`."""
    return code.replace("_", " ").replace(".", " ").strip().capitalize()
