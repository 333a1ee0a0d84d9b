"""What makes a finished image stale, and what does not."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from packshot.batches.fingerprint import (
    PASSING,
    fingerprint,
    may_pass,
    reference_fingerprint,
    settings_hash,
    still_right,
)
from packshot.contracts.preset import Measure, Rule
from packshot.contracts.records import ErrorFacts
from packshot.contracts.task import Overrides
from packshot.errors import SENTENCES
from tests import samples
from tests.worlds import row, task

MADE_FROM: dict[str, Any] = {
    "source_sha256": "a",
    "model_sha256": "b",
    "reference": None,
    "code_version": "1",
}


def of(**changes: Any) -> str:
    values = {"task": task(), "settings": samples.settings(), **MADE_FROM, **changes}
    return fingerprint(values.pop("task"), settings_hash=settings_hash(values.pop("settings")), **values)


RULE = Rule(
    id="google.longest_side",
    measure=Measure.LONGEST_SIDE,
    level="advised",
    minimum=500,
    required_from=dt.date(2027, 1, 31),
    fix="Use a larger photo.",
    source="https://support.google.com",
    dated=dt.date(2026, 1, 1),
)


@pytest.mark.parametrize(
    "changes",
    [
        {"source_sha256": "other"},
        {"source_sha256": None},
        {"model_sha256": "other"},
        {"reference": "other"},
        {"code_version": "2"},
        {"settings": samples.settings(mode="none")},
        {"settings": samples.settings(background="#ffffff")},
        {"settings": samples.settings(target_size_kb=100)},
        {"settings": samples.settings(preset=samples.preset(version="2"))},
        {"settings": samples.settings(preset=samples.preset(shadow=True))},
        {"task": task(overrides=Overrides(angle_deg=1))},
        {"task": task(is_reference=True)},
        {"task": task(row=row(1, scale="shared"))},
        {"task": task(row=row(1, background="keep"))},
    ],
)
def test_what_counts(changes: dict[str, Any]) -> None:
    assert of(**changes) != of()


@pytest.mark.parametrize(
    "changes",
    [
        {"settings": samples.settings(as_of=dt.date(2030, 1, 1))},
        # The reference counts by its content, whatever it is called and whoever named it.
        {"settings": samples.settings(reference="r.jpg")},
        {"task": task(batch_id="batch-2", revision=4)},
        {"task": task(row=row(1, line=99))},
        {"task": task(source="/elsewhere/1.jpg")},
    ],
)
def test_what_does_not_count(changes: dict[str, Any]) -> None:
    assert of(**changes) == of()


def test_the_day_counts_when_a_rule_becomes_required() -> None:
    preset = samples.preset(rules=(RULE,))

    def on(day: dt.date) -> str:
        return of(settings=samples.settings(preset=preset, as_of=day))

    assert on(dt.date(2026, 3, 1)) == on(dt.date(2027, 1, 30))
    assert on(dt.date(2027, 1, 30)) != on(dt.date(2027, 1, 31))
    assert on(dt.date(2027, 1, 31)) == on(dt.date(2029, 1, 1))


def test_a_reference_counts_by_what_it_is_made_from() -> None:
    facts = {"source_sha256": "a", "model_sha256": "b", "code_version": "1"}
    settings = settings_hash(samples.settings())
    named = settings_hash(samples.settings(reference="another name"))
    same = reference_fingerprint(settings_hash=settings, **facts)
    assert same == reference_fingerprint(settings_hash=named, **facts)
    assert same != reference_fingerprint(settings_hash=settings, **{**facts, "source_sha256": "c"})


def test_failures_that_may_pass_are_tried_again() -> None:
    assert set(SENTENCES) >= PASSING
    lost = ErrorFacts(code="worker_lost", message="...")
    broken = ErrorFacts(code="image_truncated", message="...")
    assert may_pass(lost)
    assert not may_pass(broken)
    assert not may_pass(None)
    assert still_right(samples.record(fingerprint="f", error=broken), "f")
    assert not still_right(samples.record(fingerprint="f", error=lost), "f")
    assert not still_right(samples.record(fingerprint="f"), "g")
    assert not still_right(samples.record(), "g")
