"""A million images on AWS, simulated: how long, how fast, and which quota holds the batch back.

python -m benchmarks.scale                   all settings, a million images each
python -m benchmarks.scale --images 100000   smaller

Times, requests and units per image are those of `packshot cost` (measured, with its assumptions); the quotas
and where they stand are in docs/scale.md. The same seed gives the same table.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, replace

from benchmarks.aws_use import MAIN, THUMB, WEB, preset
from benchmarks.scale_model import Course, Limits, Station, simulate
from packshot.aws_runtime.places import within
from packshot.costs.assumptions import IMAGES_PER_CHILD, Assumptions, Execution
from packshot.costs.measurements import Measurements, Use, Work, load_measurements
from packshot.costs.usage import paid_ms
from packshot.workflow import FETCHES, FUSED, RECORD, SEE_THE_PHOTO, STAGES

WORK_PUTS, WORK_GETS = "S3 writes, work bucket", "S3 reads, work bucket"
PHOTO_GETS = "S3 reads, photos"
CATALOGUE_PUTS = "S3 writes, catalogue"
TABLE, SHARDS, EVENTS = "the table's writes", "the batch's 16 partitions", "PutEvents"

#: How often the Map is filled before the pace is taken for the rest of the batch.
_ROUNDS = 40

#: A bucket and a table on their first day, in a region of the middle size (eu-central-1).
FRESH: Mapping[str, float] = {
    WORK_PUTS: 3_500,
    WORK_GETS: 5_500,
    PHOTO_GETS: 5_500,
    CATALOGUE_PUTS: 3_500,
    TABLE: 4_000,
    SHARDS: 16_000,
    EVENTS: 2_400,
}
#: After S3 has split the prefixes in eight, with a warmed table, in a large region (us-east-1).
GROWN = {
    **FRESH,
    WORK_PUTS: 28_000,
    WORK_GETS: 44_000,
    PHOTO_GETS: 44_000,
    CATALOGUE_PUTS: 28_000,
    TABLE: 40_000,
    EVENTS: 10_000,
}


@dataclass(frozen=True)
class Setting:
    """One line of the table.

    Attributes:
        title: for people.
        execution: staged or fused-by-ten.
        concurrency: of the Map, as the settings ask.
        places: Lambda's quota of the account.
        rates: of the services.
    """

    title: str
    execution: Execution
    concurrency: int
    places: int
    rates: Mapping[str, float]


SETTINGS = (
    Setting("staged, as deployed", "staged", 200, 1_000, FRESH),
    Setting("staged, a young account's quota of 10", "staged", 200, 10, FRESH),
    Setting("staged, concurrency=1000", "staged", 1_000, 1_000, FRESH),
    Setting("staged, concurrency=3000, quota 3000", "staged", 3_000, 3_000, FRESH),
    Setting("staged, concurrency=10000, quota 10000", "staged", 10_000, 10_000, FRESH),
    Setting("  the same, services grown", "staged", 10_000, 10_000, GROWN),
    Setting("fused by ten, as deployed", "fused-by-ten", 200, 1_000, FRESH),
    Setting("fused by ten, concurrency=1000", "fused-by-ten", 1_000, 1_000, FRESH),
    Setting("fused by ten, concurrency=3000, quota 3000", "fused-by-ten", 3_000, 3_000, FRESH),
    Setting("  the same, services grown", "fused-by-ten", 3_000, 3_000, GROWN),
)


def stations(execution: Execution, measured: Measurements, work: Work) -> tuple[Station, ...]:
    """The functions of a child, with what a call takes and needs."""
    images = IMAGES_PER_CHILD[execution]
    assumed = Assumptions()
    names = [step.name for step in (*STAGES, RECORD)] if execution == "staged" else [FUSED.name]
    found = []
    for name in names:
        use = measured.functions[name]
        seconds = (paid_ms(name, use, measured, work, assumed) * images + assumed.call_ms) / 1000
        needs = {quota: need * images for quota, need in needs_of(name, use, work).items()}
        found.append(Station(name, seconds + assumed.state_ms / 1000, needs))
    return tuple(found)


def needs_of(name: str, use: Use, work: Work) -> dict[str, float]:
    """Units of the quotas that one image uses in a function."""
    delivers = name in (RECORD.name, FUSED.name)
    asked = {request: count.at(work) for request, count in use.requests.items()}
    puts, gets = asked.get("s3:PutObject", 0.0), asked.get("s3:GetObject", 0.0)
    written = use.write_units.at(work)
    photo = 1.0 if name in (FETCHES, *SEE_THE_PHOTO, FUSED.name) else 0.0
    return {
        WORK_PUTS: 0.0 if delivers else puts,
        WORK_GETS: gets - photo,
        PHOTO_GETS: photo,
        CATALOGUE_PUTS: puts if delivers else 0.0,
        TABLE: written,
        SHARDS: written,
        EVENTS: use.events.at(work),
    }


def run(setting: Setting, images: int, measured: Measurements, work: Work, seed: int) -> Course:
    """Simulates a batch under a setting: its beginning, and the rest at the pace that this has come to."""
    # As plan does it: some places of the account are left to others.
    at_once = within(setting.concurrency, setting.places)
    limits = Limits(concurrency=at_once, places=setting.places, rates=dict(setting.rates))
    children = -(-images // IMAGES_PER_CHILD[setting.execution])
    simulated = min(children, max(2_000, _ROUNDS * setting.concurrency))
    course = simulate(simulated, stations(setting.execution, measured, work), limits, seed)
    return replace(course, seconds=course.seconds + (children - simulated) / course.rate, children=children)


def main() -> None:
    """Simulates and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--images", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    measured = load_measurements()
    work = Work.of(preset(2000, MAIN, WEB, THUMB), 12)
    print(f"{given.images:,} images of 12 megapixels; jpeg 2000, webp 1000, jpeg 300; seed {given.seed}\n")
    print(f"{'':44}{'images/s':>9}{'hours':>8}{'calls':>8}  held back by (share of all waiting)")
    for setting in SETTINGS:
        course = run(setting, given.images, measured, work, given.seed)
        rate = course.rate * IMAGES_PER_CHILD[setting.execution]
        held = ", ".join(
            f"{name} {seconds / course.held.total():.0%}"
            for name, seconds in course.held.most_common(3)
            if seconds > 0.02 * course.held.total()
        )
        print(
            f"{setting.title:44}{rate:9,.0f}{course.seconds / 3600:8.2f}{course.peak_places:8,}  {held}",
            flush=True,
        )
    print("\nEach quota alone: images a second at which it is used up")
    for line in quota_lines(measured, work):
        print(f"  {line}")


def quota_lines(measured: Measurements, work: Work) -> list[str]:
    """For each execution and state of the services, the pace at which each quota is used up."""
    lines = []
    for execution in ("staged", "fused-by-ten"):
        total = per_image(execution, measured, work)
        for title, rates in (("fresh", FRESH), ("grown", GROWN)):
            cells = ", ".join(f"{name} {rates[name] / need:,.0f}" for name, need in total.items() if need)
            lines.append(f"{execution}, {title}: {cells}")
    return lines


def per_image(execution: Execution, measured: Measurements, work: Work) -> dict[str, float]:
    """Units of each quota that an image uses in all functions together."""
    images = IMAGES_PER_CHILD[execution]
    total = dict.fromkeys(FRESH, 0.0)
    for station in stations(execution, measured, work):
        for name, need in station.needs.items():
            total[name] += need / images
    return total


if __name__ == "__main__":
    main()
