"""What holds the data, what starts a batch, and what people are told by name."""

from __future__ import annotations

from typing import Any

import pytest

from packshot.contracts.environment import FusedEnvironment, PlanEnvironment, RecordEnvironment
from packshot.contracts.table import INDEXES, TABLE_KEY, TTL_ATTRIBUTE
from tests.infra.templates import Synthesised, text_of

BUCKETS = ("Uploads", "Work", "Catalogue")


def bucket(made: Synthesised, name: str) -> dict[str, Any]:
    found = {
        key: one
        for key, one in made.template["Resources"].items()
        if one["Type"] == "AWS::S3::Bucket" and name in key
    }
    (only,) = found.values()
    return dict(only)


@pytest.mark.parametrize("name", [*BUCKETS, "AccessLogs"])
def test_buckets_are_closed_encrypted_and_refuse_plain_http(name: str, prod: Synthesised) -> None:
    facts = bucket(prod, name)["Properties"]
    assert set(facts["PublicAccessBlockConfiguration"].values()) == {True}
    rules = facts["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rules[0]["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    policy = prod.the("AWS::S3::BucketPolicy", name)
    denied = [one for one in policy["PolicyDocument"]["Statement"] if one["Effect"] == "Deny"]
    assert denied[0]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert denied[0]["Principal"] == {"AWS": "*"}


def test_what_people_put_in_and_take_out_has_versions_and_what_lies_between_expires(
    dev: Synthesised,
) -> None:
    for name in BUCKETS:
        facts = bucket(dev, name)["Properties"]
        rules = {rule["Id"]: rule for rule in facts["LifecycleConfiguration"]["Rules"]}
        assert ("VersioningConfiguration" in facts) == (name != "Work")
        assert rules["unfinished-uploads"]["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 2}
        if name == "Work":
            assert rules["intermediate"]["ExpirationInDays"] == 3
            assert rules["intermediate"]["Prefix"] == "batches/"


def test_prod_keeps_its_data_and_logs_who_reads_it(dev: Synthesised, prod: Synthesised) -> None:
    for name in ("Uploads", "Catalogue"):
        assert bucket(prod, name)["DeletionPolicy"] == "Retain"
        assert bucket(dev, name)["DeletionPolicy"] == "Delete"
        assert "LoggingConfiguration" in bucket(prod, name)["Properties"]
        assert "LoggingConfiguration" not in bucket(dev, name)["Properties"]
    table, in_dev = (one.the("AWS::DynamoDB::Table", "Jobs") for one in (prod, dev))
    assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    assert table["DeletionProtectionEnabled"] is True
    assert not in_dev.get("DeletionProtectionEnabled")


def test_the_table_is_the_adapters(dev: Synthesised) -> None:
    table = dev.the("AWS::DynamoDB::Table", "Jobs")
    assert keys(table) == [TABLE_KEY.partition, TABLE_KEY.sort]
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["TimeToLiveSpecification"] == {"AttributeName": TTL_ATTRIBUTE, "Enabled": True}
    made = {one["IndexName"]: one for one in table["GlobalSecondaryIndexes"]}
    assert {name: keys(one) for name, one in made.items()} == {
        index.name: [index.partition, index.sort] for index in INDEXES
    }
    assert {one["Projection"]["ProjectionType"] for one in made.values()} == {"KEYS_ONLY"}


def keys(described: dict[str, Any]) -> list[str]:
    return [one["AttributeName"] for one in described["KeySchema"]]


def test_a_manifest_starts_a_batch_without_a_function_between(dev: Synthesised) -> None:
    rule = dev.the("AWS::Events::Rule", "Manifest")
    uploads = bucket(dev, "Uploads")["Properties"]
    assert uploads["NotificationConfiguration"]["EventBridgeConfiguration"]["EventBridgeEnabled"] is True
    assert "EventBusName" not in rule
    keys_wanted = rule["EventPattern"]["detail"]["object"]["key"]
    assert [one["wildcard"] for one in keys_wanted] == [
        "manifests/*.csv",
        "manifests/*.json",
        "manifests/*.jsonl",
    ]
    (target,) = rule["Targets"]
    assert text_of(target["Arn"]).startswith("<MachinesBatch")
    assert set(target["InputTransformer"]["InputPathsMap"].values()) == {
        "$.detail.bucket.name",
        "$.detail.object.key",
        "$.detail.object.version-id",
    }
    assert "DeadLetterConfig" in target


def test_an_execution_that_ends_badly_is_closed_by_a_rule(dev: Synthesised) -> None:
    rule = dev.the("AWS::Events::Rule", "BadEnd")
    assert rule["EventPattern"]["detail"]["status"] == ["FAILED", "ABORTED", "TIMED_OUT"]
    (machine,) = rule["EventPattern"]["detail"]["stateMachineArn"]
    assert text_of(machine).startswith("<MachinesBatch")
    assert text_of(rule["Targets"][0]["Arn"]).startswith("<FunctionsClose")


def test_functions_are_told_what_their_handlers_read(dev: Synthesised, prod: Synthesised) -> None:
    def told(made: Synthesised, name: str) -> dict[str, str]:
        facts = made.the("AWS::Lambda::Function", f"Functions{name}Function")["Environment"]["Variables"]
        return {key: text_of(value) for key, value in facts.items()}

    record = RecordEnvironment.read(told(dev, "Record"))
    assert record.work_bucket.startswith("<BucketsWork")
    assert record.catalogue_bucket.startswith("<BucketsCatalogue")
    assert record.table.startswith("<JobsTable")
    assert PlanEnvironment.read(told(dev, "Plan")).images_per_item == 1
    assert PlanEnvironment.read(told(prod, "Plan")).images_per_item == 10
    fused = FusedEnvironment.read(told(prod, "Fused"))
    assert fused.source_buckets[0].startswith("<BucketsUploads")
    assert fused.source_buckets[1:] == ("photos-of-ours", "photos-of-theirs")


def test_outputs_are_named_and_everything_is_tagged(dev: Synthesised) -> None:
    assert {
        "UploadBucket",
        "WorkBucket",
        "CatalogueBucket",
        "JobTable",
        "EventBus",
        "BatchStateMachine",
        "ImageStateMachine",
    } <= set(dev.template["Outputs"])
    tags = bucket(dev, "Catalogue")["Properties"]["Tags"]
    assert {"Key": "project", "Value": "packshot"} in tags
    assert {"Key": "stage", "Value": "dev"} in tags


def test_prod_takes_the_settings_that_were_given(prod: Synthesised) -> None:
    assert prod.definition("Batch")["States"]["Images"]["MaxConcurrency"] == 750
    # Fused, one would call the function itself.
    assert len(prod.all_of("AWS::StepFunctions::StateMachine")) == 1
