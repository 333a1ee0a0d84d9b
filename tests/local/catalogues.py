"""Folders of fake photos, and what came out of them as plain values to compare."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from packshot import reviews
from packshot.contracts.base import ReviewAction
from packshot.contracts.records import ImageRecord
from packshot.local.request import RunRequest, RunResult
from packshot.local.runner import Machinery, run
from packshot.local.store import LocalDirectory
from tests.event_check import fits
from tests.local.fake_stages import FAKE

MACHINERY = Machinery(code=FAKE)


def photos(folder: Path, words: Mapping[str, str]) -> Path:
    """A folder of photos by name; see `fake_stages` for the words."""
    for name, text in words.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def run_folder(source: Path, out: Path, machinery: Machinery = MACHINERY, **options: Any) -> RunResult:
    values: dict[str, Any] = {"jobs": 2, "preset": "amazon"}
    return run(RunRequest(str(source), out, **{**values, **options}), machinery=machinery)


def pictures(out: Path) -> dict[str, bytes]:
    """All files under catalogue/ and review/."""
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for folder in ("catalogue", "review")
        for path in sorted((out / folder).rglob("*"))
        if path.is_file()
    }


def results(out: Path) -> list[dict[str, Any]]:
    """The lines of results.jsonl without what may differ between two runs."""
    lines = [json.loads(line) for line in (out / "results.jsonl").read_text().splitlines()]
    return [{name: line[name] for name in line if name not in ("timings_ms", "updated_at")} for line in lines]


def by_source(out: Path) -> dict[str, dict[str, Any]]:
    return {line["source"]: line for line in results(out)}


def events(out: Path) -> list[tuple[str, str]]:
    """Kind and image (or batch) of each event, in order."""
    lines = [fits(json.loads(line)) for line in (out / "events.jsonl").read_text().splitlines()]
    assert len({line["detail"]["metadata"]["event_id"] for line in lines}) == len(lines)
    return [
        (line["detail-type"], line["detail"]["data"].get("source", line["detail"]["data"]["batch_id"]))
        for line in lines
    ]


def image_events(out: Path) -> dict[str, list[str]]:
    """Kinds of the outcome events, by source."""
    found: dict[str, list[str]] = {}
    for kind, source in events(out):
        if kind.startswith("Image ") and kind != "Image Reviewed":
            found.setdefault(source, []).append(kind)
    return found


def decide(
    directory: LocalDirectory, action: ReviewAction, batch_id: str, image_id: str, now: dt.datetime
) -> ImageRecord:
    """A decision of ada's."""
    return reviews.decide(
        action,
        batch_id,
        image_id,
        reviewer="ada",
        now=now,
        table=directory.table,
        files=directory.files,
        publish=directory.publish,
    )
