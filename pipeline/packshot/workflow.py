"""The list of stages, as pure data: the one place where their order stands.

The state machine, the fused function and the local runner are all built from `STAGES`. Imports
nothing heavy, so that the infrastructure code can read it without OpenCV, boto3 or onnxruntime.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Stage:
    """One step on one image.

    Attributes:
        name: the field's word for it; also the module in `packshot.stages`.
        timeout_s: seconds after which one attempt counts as lost.
        attempts: how often it is tried at most (retryable errors, time-outs and lost functions only).
        backoff_s: seconds of waiting before the second attempt.
        memory_mb: the Lambda memory size, which also sets its share of a processor.
    """

    name: str
    timeout_s: int
    attempts: int
    backoff_s: int
    memory_mb: int

    @property
    def worst_case_s(self) -> int:
        """Seconds that the stage can take at most, all attempts and waits counted."""
        return self.timeout_s * self.attempts + self.backoff_s * (self.attempts - 1)


#: Lambda gives a function a whole processor core at this size (its developer guide, "Configure memory"). The
#: stages use one thread: above it they pay for a share of a second core that they leave idle.
ONE_CORE_MB: Final = 1769

STAGES: Final[tuple[Stage, ...]] = (
    # It touches the outside, so that it meets most of what passes: it is tried once more than the others.
    Stage("detect", timeout_s=28, attempts=3, backoff_s=1, memory_mb=ONE_CORE_MB),
    Stage("align", timeout_s=18, attempts=2, backoff_s=1, memory_mb=ONE_CORE_MB),
    Stage("background", timeout_s=22, attempts=2, backoff_s=1, memory_mb=ONE_CORE_MB),
    Stage("enhance", timeout_s=15, attempts=2, backoff_s=1, memory_mb=ONE_CORE_MB),
    Stage("compress", timeout_s=18, attempts=2, backoff_s=1, memory_mb=ONE_CORE_MB),
    Stage("score", timeout_s=10, attempts=2, backoff_s=1, memory_mb=ONE_CORE_MB),
)

#: Not a stage on pixels: writes the record, places the files and publishes the event.
RECORD: Final = Stage("record", timeout_s=10, attempts=2, backoff_s=1, memory_mb=512)

#: The only stage that touches the outside, and those that look at its photo once more.
FETCHES: Final = "detect"
SEE_THE_PHOTO: Final = ("align", "score")

#: Makes a reference ready: fetches it, looks at it, finds its features.
REFERENCE: Final = Stage("reference", timeout_s=60, attempts=2, backoff_s=1, memory_mb=ONE_CORE_MB)

#: Seconds for fetching one photo; what is left of detect's is for looking at it.
FETCH_S: Final = 20

#: The whole list of stages and the record in one function, for some images one after the other.
FUSED: Final = Stage("fused", timeout_s=120, attempts=1, backoff_s=0, memory_mb=ONE_CORE_MB)
#: Images that one call of it gets; each has this many seconds left when it begins, or is not begun.
FUSED_IMAGES: Final = 10
FUSED_RESERVE_S: Final = 40
#: When such a call does not come to its end: the same function for each of its images alone, and for the
#: failed record of one that takes the function down with it.
ALONE: Final = Stage("alone", timeout_s=50, attempts=2, backoff_s=1, memory_mb=ONE_CORE_MB)
LOST: Final = Stage("lost", timeout_s=15, attempts=2, backoff_s=1, memory_mb=ONE_CORE_MB)

#: Steps on a batch; they read and write lists of up to a million images.
PLAN: Final = Stage("plan", timeout_s=900, attempts=2, backoff_s=2, memory_mb=ONE_CORE_MB)
SUMMARISE: Final = Stage("summarise", timeout_s=900, attempts=2, backoff_s=2, memory_mb=ONE_CORE_MB)
CLOSE: Final = Stage("close", timeout_s=30, attempts=2, backoff_s=2, memory_mb=512)

#: The HTTP API: what only looks, what changes something, what goes on after an answer. API Gateway ends every
#: call at thirty seconds; the memory is a whole core's for the sake of the first answer.
API_READ: Final = Stage("api-read", timeout_s=29, attempts=1, backoff_s=0, memory_mb=ONE_CORE_MB)
API_WRITE: Final = Stage("api-write", timeout_s=29, attempts=1, backoff_s=0, memory_mb=ONE_CORE_MB)
#: Called without waiting, so Lambda itself calls it again: three attempts in all.
API_WORK: Final = Stage("api-work", timeout_s=900, attempts=3, backoff_s=60, memory_mb=ONE_CORE_MB)

#: Measures the review queue every so often.
WATCH: Final = Stage("watch", timeout_s=60, attempts=1, backoff_s=0, memory_mb=512)

#: An EXPRESS child ends here without any Catch, so everything must fit below it.
CHILD_BUDGET_S: Final = 300

STAGE_NAMES: Final[tuple[str, ...]] = tuple(stage.name for stage in STAGES)
