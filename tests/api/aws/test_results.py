"""Results of big batches are files; sums are read by days and months."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import json

import pytest

from packshot.api.aws.backend import LIMITS
from packshot.api.aws.sums import prefixes
from packshot.api.window import Window
from tests.api.aws.deployment import aws_api
from tests.api.backends import photo

DAY = dt.date


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (DAY(2026, 11, 21), DAY(2026, 11, 21), ["2026-11-21#"]),
        (DAY(2026, 10, 30), DAY(2026, 11, 2), ["2026-10-30#", "2026-10-31#", "2026-11-01#", "2026-11-02#"]),
        (DAY(2026, 1, 31), DAY(2026, 3, 1), ["2026-01-31#", "2026-02-", "2026-03-01#"]),
        (DAY(2025, 12, 1), DAY(2026, 2, 28), ["2025-12-", "2026-01-", "2026-02-"]),
        (DAY(2024, 2, 1), DAY(2024, 2, 29), ["2024-02-"]),
    ],
)
def test_sums_are_found_by_months_and_days(since: dt.date, until: dt.date, expected: list[str]) -> None:
    assert list(prefixes(Window(since, until), DAY(2026, 11, 21))) == expected


def test_nobody_is_asked_about_days_without_batches() -> None:
    asked = list(prefixes(Window(dt.date.min, dt.date.max), DAY(2026, 11, 21)))
    assert (asked[0], asked[34]) == ("2024-01-", "2026-11-")
    assert len(asked) < 70


def test_results_of_a_big_batch_are_files() -> None:
    with aws_api(limits=dataclasses.replace(LIMITS, streamed_images=1)) as site:
        folder = site.upload({"a.gif": photo("ok 1"), "b.gif": photo("ok 2")})
        started = site.post("/batches", {"photos": {"folder_id": folder["folder_id"]}}).json()["batch"]
        refused = site.get(f"/batches/{started['batch_id']}/results?format=csv")
        assert (refused.status_code, refused.json()["code"]) == (413, "results_too_large"), (
            "it is not over yet"
        )
        batch = site.ended(started)
        for form, link in (("jsonl", "results_json"), ("csv", "results_csv")):
            answer = site.get(f"/batches/{batch['batch_id']}/results?format={form}")
            assert answer.status_code == 303
            assert answer.headers["location"] == batch["links"][link]
        lines = site.get(batch["links"]["results_json"]).text.splitlines()
        assert {json.loads(line)["sku_id"] for line in lines} == {"a", "b"}
        rows = list(
            csv.DictReader(io.StringIO(site.get(batch["links"]["results_csv"]).content.decode("utf-8-sig")))
        )
        assert {row["sku_id"] for row in rows} == {"a", "b"}
        refused = site.get(f"/batches/{batch['batch_id']}/results?format=json")
        assert (refused.status_code, refused.json()["code"]) == (413, "results_too_large")
