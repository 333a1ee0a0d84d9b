"""The metrics of a deployment, as pure data: what functions measure and what dashboard and alarms read.

No dimension holds an id: each has a handful of values, and CloudWatch bills every one of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

NAMESPACE: Final = "Packshot"
#: The dimension that every metric has: `packshot-dev`, so that two stages of one account stay apart.
DEPLOYMENT: Final = "deployment"


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric.

    Attributes:
        name, unit: CloudWatch's.
        by: its second dimension; None without one.
    """

    name: str
    unit: str
    by: str | None = None

    @property
    def summed(self) -> bool:
        """True where only the sum tells something, so that one call sends one value."""
        return self.unit == "Count"


#: Milliseconds of a function's call, or of a stage inside of the fused function.
DURATION: Final = Metric("Duration", "Milliseconds", "step")
#: Images by their outcome: processed, needs_review, failed.
IMAGES: Final = Metric("Images", "Count", "outcome")
OUTCOMES: Final = ("processed", "needs_review", "failed")
#: Failed images by error code.
FAILURES: Final = Metric("Failures", "Count", "code")
#: Images that wait for a person, by reason; one image may have several.
REVIEW_REASONS: Final = Metric("ReviewReasons", "Count", "reason")
#: Decisions: approve, reject, undo.
DECISIONS: Final = Metric("Decisions", "Count", "action")
#: Batches: accepted, started, completed, failed.
BATCHES: Final = Metric("Batches", "Count", "event")
#: Bytes of photos, and how much less their `main` rendition has.
SOURCE_BYTES: Final = Metric("SourceBytes", "Bytes")
BYTES_SAVED: Final = Metric("BytesSaved", "Bytes")
#: Finished files that were delivered.
FILES: Final = Metric("Files", "Count")
#: Images that wait for a person just now, and seconds since the oldest of them was finished.
REVIEW_QUEUE: Final = Metric("ReviewQueue", "Count")
OLDEST_REVIEW: Final = Metric("OldestReview", "Seconds")
