"""The job table: the adapter's keys, on demand, expiring work, and prod's safety."""

from __future__ import annotations

from typing import Any

from packshot.contracts.table import INDEXES, TABLE_KEY, TTL_ATTRIBUTE
from tests.infra.templates import Synthesised

Json = dict[str, Any]
KIND = "AWS::DynamoDB::Table"


def table(made: Synthesised) -> Json:
    return made.the(KIND, "Jobs")


def keys(described: Json) -> list[tuple[str, str]]:
    return [(one["AttributeName"], one["KeyType"]) for one in described["KeySchema"]]


def test_its_keys_are_the_adapters(dev: Synthesised) -> None:
    assert keys(table(dev)) == [(TABLE_KEY.partition, "HASH"), (TABLE_KEY.sort, "RANGE")]
    made = {one["IndexName"]: one for one in table(dev)["GlobalSecondaryIndexes"]}
    assert {name: keys(one) for name, one in made.items()} == {
        index.name: [(index.partition, "HASH"), (index.sort, "RANGE")] for index in INDEXES
    }
    attributes = {one["AttributeName"]: one["AttributeType"] for one in table(dev)["AttributeDefinitions"]}
    names = {name for key in (TABLE_KEY, *INDEXES) for name in (key.partition, key.sort)}
    assert attributes == dict.fromkeys(names, "S")


def test_its_indexes_hold_keys_alone(dev: Synthesised) -> None:
    projections = [one["Projection"] for one in table(dev)["GlobalSecondaryIndexes"]]
    assert projections == [{"ProjectionType": "KEYS_ONLY"}] * len(INDEXES)


def test_it_is_paid_by_request(dev: Synthesised, prod: Synthesised) -> None:
    for made in (dev, prod):
        assert table(made)["BillingMode"] == "PAY_PER_REQUEST"
        assert "ProvisionedThroughput" not in table(made)


def test_work_items_expire_by_the_adapters_attribute(dev: Synthesised, prod: Synthesised) -> None:
    for made in (dev, prod):
        assert table(made)["TimeToLiveSpecification"] == {"AttributeName": TTL_ATTRIBUTE, "Enabled": True}


def test_prod_can_be_put_back_to_any_second_and_is_not_deleted(dev: Synthesised, prod: Synthesised) -> None:
    recovery = "PointInTimeRecoverySpecification"
    assert table(prod)[recovery]["PointInTimeRecoveryEnabled"] is True
    assert not table(dev).get(recovery, {}).get("PointInTimeRecoveryEnabled")
    assert table(prod)["DeletionProtectionEnabled"] is True
    assert not table(dev).get("DeletionProtectionEnabled")
    for made, policy in ((prod, "Retain"), (dev, "Delete")):
        (one,) = (one for one in made.template["Resources"].values() if one["Type"] == KIND)
        assert one["DeletionPolicy"] == policy
