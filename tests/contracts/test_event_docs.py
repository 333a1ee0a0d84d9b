"""docs/events.md: each pattern catches what it says, each field is described, and the reader reads."""

from __future__ import annotations

import json
import re
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from moto.events.models import EventPattern

from packshot.contracts.event_schemas import resource
from packshot.contracts.events import (
    BatchData,
    DetailType,
    EventFile,
    EventMetadata,
    EventReview,
    ImageData,
)
from packshot.errors import SENTENCES
from tests.event_check import fits

Json = dict[str, Any]
PAGE = (Path(__file__).resolve().parents[2] / "docs/events.md").read_text("utf-8")
PATTERNS: dict[str, str] = dict(
    re.findall(r"^### ([^\n]+)\n\n(?:(?!^#).)*?```json\n(.*?)```", PAGE, re.MULTILINE | re.DOTALL)
)


def sample(kind: DetailType, **data: Any) -> Json:
    text = resources.files("packshot").joinpath(resource(kind, "sample")).read_text("utf-8")
    changed: Json = json.loads(text)
    changed["detail"]["data"] |= data
    return fits(changed)


def failed(kind: DetailType, code: str) -> Json:
    assert code in SENTENCES
    return sample(kind, error={"code": code, "message": "...", "stage": None})


def reviewed(before: str, after: str) -> Json:
    actions = {"approved": "approve", "rejected": "reject"}
    review = {"action": actions.get(after, "undo"), "before": before, "reviewer": "ada"}
    return sample(
        DetailType.IMAGE_REVIEWED, qc_status=after, review={**review, "reason": None, "notes": None}
    )


#: All that can happen, by a name for it.
EVENTS: dict[str, Json] = {
    **{kind.value: sample(kind) for kind in DetailType if kind is not DetailType.IMAGE_REVIEWED},
    "approved": reviewed("needs_review", "approved"),
    "approved after all": reviewed("rejected", "approved"),
    "rejected": reviewed("needs_review", "rejected"),
    "rejected what was out": reviewed("auto_approved", "rejected"),
    "approval undone": reviewed("approved", "needs_review"),
    "rejection undone": reviewed("rejected", "needs_review"),
    "rejection of what was out undone": reviewed("rejected", "auto_approved"),
    "rework for review": sample(DetailType.IMAGE_NEEDS_REVIEW, revision=1),
    "rework approved": sample(DetailType.IMAGE_PROCESSED, revision=1),
    "bad line": failed(DetailType.IMAGE_FAILED, "row_value_missing"),
    "no such photo": failed(DetailType.IMAGE_FAILED, "source_missing"),
    "no product": failed(DetailType.IMAGE_FAILED, "no_product_found"),
    "fault": failed(DetailType.IMAGE_FAILED, "internal_error"),
    "lost": failed(DetailType.IMAGE_FAILED, "worker_lost"),
    "batch aborted": failed(DetailType.BATCH_FAILED, "internal_error"),
    "another brand": sample(DetailType.IMAGE_PROCESSED, product_group_id="lamps"),
}
IMAGES = {name for name, event in EVENTS.items() if event["detail-type"].startswith("Image")}
BATCHES = set(EVENTS) - IMAGES
EXPECTED = {
    "Ready to publish": {
        "Image Processed",
        "approved",
        "approved after all",
        "rejection of what was out undone",
        "rework approved",
        "another brand",
    },
    "To be taken down": {"rejected what was out", "approval undone", "rework for review"},
    "To be reviewed": {"Image Needs Review", "rework for review"},
    "To be photographed again": {"Image Failed", "no product", "rejected", "rejected what was out"},
    "To be mended in the manifest": {"bad line", "no such photo", "Batch Failed"},
    "Operations": {"fault", "lost", "batch aborted"},
    "Progress of batches": BATCHES,
    "One brand": IMAGES - {"another brand"},
    "Everything": set(EVENTS),
}


def test_every_pattern_of_the_page_is_tested_and_the_other_way_round() -> None:
    assert set(PATTERNS) == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_pattern_catches_what_it_is_for_and_nothing_else(name: str) -> None:
    pattern = EventPattern.load(PATTERNS[name])
    caught = {label for label, event in EVENTS.items() if pattern.matches_event(event)}
    assert caught == EXPECTED[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_a_pattern_fits_into_a_rule_and_names_the_source(name: str) -> None:
    pattern = json.loads(PATTERNS[name])
    # EventBridge's limit; a consumer account's rule is refused without the source.
    assert len(json.dumps(pattern)) <= 2048
    assert pattern["source"] == ["packshot"]
    assert not EventPattern.load(PATTERNS[name]).matches_event({**EVENTS["approved"], "source": "other"})


def test_codes_that_patterns_name_are_ours() -> None:
    for text in PATTERNS.values():
        for code in re.findall(r'"code": (\[.*?\])', text, re.DOTALL):
            for one in json.loads(code):
                known = [each for each in SENTENCES if each == one]
                if isinstance(one, dict):
                    known = [each for each in SENTENCES if each.startswith(one["prefix"])]
                assert known, one


@pytest.mark.parametrize(
    ("heading", "contract"),
    [
        ("metadata", EventMetadata),
        ("data of an image", ImageData),
        ("files", EventFile),
        ("review", EventReview),
        ("data of a batch", BatchData),
    ],
)
def test_every_field_is_described_and_none_is_made_up(heading: str, contract: Any) -> None:
    section = PAGE.split(f"\n### {heading}\n")[1].split("\n#")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == set(contract.model_fields)


def test_every_event_has_its_row() -> None:
    rows = re.findall(r"^\| `([A-Z][A-Za-z ]+)` \|", PAGE, re.MULTILINE)
    assert rows == [kind.value for kind in DetailType]


def test_the_reader_of_the_page_reads_whole_lines_and_goes_on(tmp_path: Path) -> None:
    code = next(one for one in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL) if "def events" in one)
    names: Json = {}
    exec(code, names)  # noqa: S102  the page's own code
    events, path = names["events"], tmp_path / "events.jsonl"
    lines = [json.dumps(EVENTS[name]).encode() + b"\n" for name in ("Batch Accepted", "Image Processed")]
    path.write_bytes(lines[0] + lines[1][:-5])
    ((first, after),) = events(path)
    assert first == EVENTS["Batch Accepted"]
    path.write_bytes(lines[0] + lines[1])
    ((second, end),) = events(path, after)
    assert (second, end) == (EVENTS["Image Processed"], path.stat().st_size)
    assert list(events(path, end)) == []
    # The folder was begun anew.
    path.write_bytes(lines[1])
    assert [event for event, _ in events(path, end)] == [EVENTS["Image Processed"]]
