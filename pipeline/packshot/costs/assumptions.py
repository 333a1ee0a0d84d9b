"""What is assumed where nothing can be measured without an account; every one of them is printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from packshot.workflow import CLOSE, FUSED, FUSED_IMAGES, ONE_CORE_MB, PLAN, RECORD, STAGES, SUMMARISE

Execution = Literal["staged", "fused", "fused-by-ten"]
Architecture = Literal["arm64", "x86_64"]

#: How many images one child of the Map gets.
IMAGES_PER_CHILD: Final[dict[Execution, int]] = {"staged": 1, "fused": 1, "fused-by-ten": FUSED_IMAGES}
MEMORY_MB: Final = {step.name: step.memory_mb for step in (*STAGES, RECORD, FUSED, PLAN, SUMMARISE, CLOSE)}


@dataclass(frozen=True, slots=True)
class Assumptions:
    """How a measurement on some machine becomes a bill of Lambda's.

    Attributes:
        slowdown: a Lambda core's time over the measured machine's.
        put_ms, get_ms, head_ms, table_ms, publish_ms: wait for one request, in the same region.
        mb_per_s: a function's line to S3.
        call_ms: of Lambda's runtime around the handler, paid for.
        state_ms: of Step Functions around each function, in an EXPRESS child's duration.
        child_gb: memory that an EXPRESS child is charged.
        concurrency: children at once, each with functions that start cold once.
        log_kb: a function's log lines per call.
        traced: share of the children whose trace is kept.
        work_days: until the work bucket's objects expire.
    """

    slowdown: float = 1.3
    put_ms: float = 45.0
    get_ms: float = 25.0
    head_ms: float = 12.0
    table_ms: float = 6.0
    publish_ms: float = 20.0
    mb_per_s: float = 80.0
    call_ms: float = 4.0
    state_ms: float = 30.0
    child_gb: float = 0.0625
    concurrency: int = 200
    log_kb: float = 1.5
    traced: float = 0.05
    work_days: int = 3

    def wait_ms(self, request: str) -> float:
        """Milliseconds of one request, by `service:Operation`."""
        service, _, operation = request.partition(":")
        if service == "dynamodb":
            return self.table_ms
        if service == "events":
            return self.publish_ms
        if operation in ("GetObject", "ListObjectsV2"):
            return self.get_ms
        return self.head_ms if operation.startswith("Head") else self.put_ms

    def core_share(self, memory_mb: int) -> float:
        """Share of a core that one thread has at a memory size."""
        return min(1.0, memory_mb / ONE_CORE_MB)

    def sentences(self) -> list[str]:
        """All of them, for people."""
        return [
            f"A Lambda core takes {self.slowdown:g} times as long as the measured one; a function has "
            f"MB / {ONE_CORE_MB} of a core, and one thread never more than a whole one.",
            f"A request takes {self.put_ms:g} ms to write to S3, {self.get_ms:g} to read, "
            f"{self.head_ms:g} to look; {self.table_ms:g} in DynamoDB, {self.publish_ms:g} to publish; "
            f"S3 gives and takes {self.mb_per_s:g} MB a second; nothing overlaps.",
            f"Lambda's runtime adds {self.call_ms:g} ms to each call; Step Functions adds "
            f"{self.state_ms:g} ms around each function to the duration of an EXPRESS child, which is "
            f"charged {self.child_gb * 1024:g} MB.",
            "The Map costs its STANDARD parent one state transition for each child.",
            f"{self.concurrency} children run at once; each of their functions starts cold once, and that is "
            "paid for.",
            "No image fails, none is tried twice, none has a reference, and each photo is new to the "
            "stack and lies in its upload bucket.",
            f"Each call logs {self.log_kb:g} KB; {self.traced:.0%} of the children leave a trace; the work "
            f"bucket keeps its objects for {self.work_days} days.",
            "No free tier, no discount, no tax; no transfer out of the region.",
        ]
