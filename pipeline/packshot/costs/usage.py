"""How much of each of AWS's services a batch uses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from packshot.costs.assumptions import IMAGES_PER_CHILD, MEMORY_MB, Architecture, Assumptions, Execution
from packshot.costs.measurements import Measurements, Use, Work
from packshot.workflow import FUSED, PLAN, RECORD, STAGES, SUMMARISE

#: S3's operations that cost as a GET does; the others cost as a PUT, but for DELETE, which is free.
_LOOKS: Final = frozenset({"s3:GetObject", "s3:HeadObject"})
_FREE: Final = frozenset({"s3:DeleteObject"})
_GB_OF_MB: Final = 1 / 1024
#: A record's item and its keys in the indexes; an event in the archive.
_ITEM_GB: Final = 2.0e-6
_EVENT_GB: Final = 1.2e-6


@dataclass(frozen=True, slots=True)
class Asked:
    """A bill's question.

    Attributes:
        images: in the batch.
        work: for each of them.
    """

    images: int
    execution: Execution
    architecture: Architecture
    work: Work


@dataclass(frozen=True, slots=True)
class Usage:
    """Quantities by the name of their price; what is not the batch's work itself stands apart.

    Attributes:
        spent: by the price's name, for the batch.
        apart: by heading, then by the price's name.
        function_ms: paid milliseconds per image, by function.
        child_ms: duration of one child.
    """

    spent: Mapping[str, float]
    apart: Mapping[str, Mapping[str, float]]
    function_ms: Mapping[str, float]
    child_ms: float


def use_of(asked: Asked, measured: Measurements, assumed: Assumptions) -> Usage:
    """What a batch uses."""
    images, work = asked.images, asked.work
    names = [step.name for step in (*STAGES, RECORD)] if asked.execution == "staged" else [FUSED.name]
    batch = [PLAN.name, SUMMARISE.name]
    children = -(-images // IMAGES_PER_CHILD[asked.execution])
    calls = dict.fromkeys(names, children) | dict.fromkeys(batch, 1)
    spent: dict[str, float] = defaultdict(float)
    function_ms: dict[str, float] = {}
    for name in (*names, *batch):
        use = measured.functions[name]
        own = paid_ms(name, use, measured, work, assumed) * images + assumed.call_ms * calls[name]
        function_ms[name] = own / images
        cold = min(assumed.concurrency, calls[name]) * _init_ms(name, measured, assumed)
        gb_seconds = (own + cold) / 1000 * MEMORY_MB[name] / 1024
        spent[f"lambda.gb_second.{asked.architecture}"] += gb_seconds
        spent["lambda.request"] += calls[name]
        _add_requests(spent, use, work, images)
    child_ms = sum(function_ms[name] for name in names) * images / children + assumed.state_ms * len(names)
    _add_states(spent, children, child_ms, assumed)
    spent["xray.trace"] += children * assumed.traced
    apart = _apart(asked, measured, assumed, sum(calls.values()))
    return Usage(spent, apart, function_ms, child_ms)


def paid_ms(name: str, use: Use, measured: Measurements, work: Work, assumed: Assumptions) -> float:
    """Milliseconds of a function for one image: its core's time on Lambda, and its waits."""
    cpu = use.cpu_ms.at(work)
    if name in ("compress", FUSED.name):
        cpu += measured.encoding_ms(work)
    on_lambda = cpu * assumed.slowdown / assumed.core_share(MEMORY_MB[name])
    waits = sum(count.at(work) * assumed.wait_ms(request) for request, count in use.requests.items())
    line = (use.sent_mb.at(work) + use.received_mb.at(work)) / assumed.mb_per_s * 1000
    return on_lambda + waits + line


def _init_ms(name: str, measured: Measurements, assumed: Assumptions) -> float:
    image = "service" if name in (RECORD.name, PLAN.name, SUMMARISE.name) else "vision"
    return measured.init_ms[image] * assumed.slowdown / assumed.core_share(MEMORY_MB[name])


def s3_price(request: str) -> str | None:
    """The price's name of a request by `service:Operation`; None for what S3 does not charge."""
    if not request.startswith("s3:") or request in _FREE:
        return None
    return "s3.get" if request in _LOOKS else "s3.put"


def _add_requests(spent: dict[str, float], use: Use, work: Work, images: int) -> None:
    for request, count in use.requests.items():
        if (price := s3_price(request)) is not None:
            spent[price] += count.at(work) * images
    spent["dynamodb.write"] += use.write_units.at(work) * images
    spent["dynamodb.read"] += use.read_units.at(work) * images
    spent["events.custom"] += use.events.at(work) * images


def _add_states(spent: dict[str, float], children: int, child_ms: float, assumed: Assumptions) -> None:
    # A child for each iteration, and the parent's own states: plan, three choices, two Maps, summarise, done.
    spent["states.transition"] += children + 8
    spent["states.express_request"] += children
    # EXPRESS is charged by 100 ms begun.
    rounded = -(-child_ms // 100) * 100
    spent["states.express_gb_second"] += children * rounded / 1000 * assumed.child_gb


def _apart(
    asked: Asked, measured: Measurements, assumed: Assumptions, calls: int
) -> dict[str, dict[str, float]]:
    images, work = asked.images, asked.work
    photos_gb = images * measured.mb_per_source_mp * work.source_mp * _GB_OF_MB
    delivered_gb = images * measured.delivered_mb(work) * _GB_OF_MB
    staged = asked.execution == "staged"
    between = (
        sum(measured.functions[step.name].sent_mb.at(work) for step in STAGES) * images * _GB_OF_MB
        if staged
        else 0.0
    )
    logs_gb = calls * assumed.log_kb / 1024**2
    return {
        "uploading the photos": {"s3.put": images, "events.s3": images},
        "logs": {"logs.gb": logs_gb, "logs.gb_month": logs_gb},
        "storage of a month": {
            "s3.gb_month": photos_gb + delivered_gb + between * assumed.work_days / 30,
            "dynamodb.gb_month": images * _ITEM_GB,
            "events.archive_gb": images * _EVENT_GB,
            "events.archive_gb_month": images * _EVENT_GB,
        },
    }
