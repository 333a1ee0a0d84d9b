"""What the benchmark makes of its arms, and what its meter counts."""

from __future__ import annotations

import os
from collections import Counter

import pytest

from benchmarks.aws_stack import Meter, Spent, open_stack
from benchmarks.aws_use import ARMS, constant, linear, use, without_encoding
from packshot.adapters.aws.clients import client
from packshot.contracts.preset import Format
from packshot.costs.measurements import Encoding, Linear, Use
from tests.aws import TABLE


def plane(fixed: float, source: float, canvas: float, file: float) -> dict[str, float]:
    return {arm: fixed + source * s + canvas * c + file * f for arm, (s, c, f) in ARMS.items()}


@pytest.mark.parametrize("parts", [(5.0, 2.0, 30.0, 1.0), (0.0, 0.0, 0.0, 1.0), (7.0, 0.0, 0.0, 0.0)])
def test_four_arms_give_the_plane_through_them(parts: tuple[float, float, float, float]) -> None:
    found = linear(plane(*parts))
    assert (found.fixed, found.source_mp, found.canvas_mp, found.rendition) == pytest.approx(parts)


def test_a_function_is_the_median_of_its_photos_and_the_mean_of_its_requests() -> None:
    one = Spent(cpu_ms=10, requests=Counter({"s3:GetObject": 1}), sent_mb=1.0)
    two = Spent(cpu_ms=90, requests=Counter({"s3:GetObject": 3}), sent_mb=3.0)
    found = use({arm: [one, two, one] for arm in ARMS})
    assert found.cpu_ms == Linear(fixed=10)
    assert found.requests["s3:GetObject"].fixed == pytest.approx(5 / 3, abs=1e-3)
    assert found.sent_mb.fixed == pytest.approx(5 / 3, abs=1e-3)


def test_encoding_is_taken_off_where_the_bill_adds_it() -> None:
    cpu = Linear(fixed=10, canvas_mp=50, rendition=30)
    functions = {name: Use(cpu_ms=cpu) for name in ("compress", "fused", "score")}
    # With one file, as the usual arm has, all but the main file's encoding stays.
    without_encoding(functions, {kind: Encoding(ms_per_mp=20, mb_per_mp=0.1) for kind in Format})
    assert functions["compress"].cpu_ms == Linear(fixed=40, canvas_mp=30)
    assert functions["fused"].cpu_ms == Linear(fixed=40, canvas_mp=30)
    assert functions["score"].cpu_ms == cpu


def test_shares_of_a_batch() -> None:
    spent = Spent(cpu_ms=100, requests=Counter({"s3:PutObject": 3}), write_units=10)
    found = constant(spent.by(10))
    assert found.cpu_ms.fixed == 10
    assert found.requests["s3:PutObject"].fixed == pytest.approx(0.3)
    assert found.write_units.fixed == 1


def test_units_of_the_table_as_dynamodb_counts_them(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        monkeypatch.setenv(name, os.environ.get(name, "testing"))
    with open_stack() as stack:
        meter: Meter = stack._meter  # what is tested
        table = client("dynamodb")

        def put(size: int, **more: str) -> float:
            item = {"pk": {"S": "a"}, "sk": {"S": "b"}, "record": {"S": "x" * size}}
            item |= {name: {"S": value} for name, value in more.items()}
            _, spent = meter.measure(lambda: table.put_item(TableName=TABLE, Item=item))
            return spent.write_units

        assert put(900) == 1
        assert put(1500, sku_pk="s", sku_sk="1") == 2 + 1
        # It stays in the index under the same keys, which hold nothing else.
        assert put(1500, sku_pk="s", sku_sk="1") == 2
        assert put(100) == 1 + 1
        key = {"pk": {"S": "a"}, "sk": {"S": "b"}}
        _, looked = meter.measure(lambda: table.get_item(TableName=TABLE, Key=key, ConsistentRead=True))
        assert (looked.read_units, looked.requests) == (1.0, {"dynamodb:GetItem": 1})
