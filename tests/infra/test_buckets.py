"""Each word on the buckets: versioned, expiring, encrypted, TLS only, closed, tidied, logged in prod."""

from __future__ import annotations

from typing import Any

import pytest

from packshot.contracts.work_keys import BATCHES, RESULTS
from tests.infra.templates import Synthesised, text_of

Json = dict[str, Any]
BUCKETS = ("Uploads", "Work", "Catalogue")
KIND = "AWS::S3::Bucket"


@pytest.fixture(params=["dev", "prod"])
def made(request: pytest.FixtureRequest) -> Synthesised:
    found: Synthesised = request.getfixturevalue(request.param)
    return found


def resource(made: Synthesised, name: str) -> Json:
    found = [one for key, one in made.template["Resources"].items() if one["Type"] == KIND and name in key]
    (only,) = found
    return dict(only)


def rules(made: Synthesised, name: str) -> dict[str, Json]:
    listed = made.the(KIND, name)["LifecycleConfiguration"]["Rules"]
    assert {rule["Status"] for rule in listed} == {"Enabled"}
    return {rule["Id"]: rule for rule in listed}


def test_there_are_three_and_in_prod_one_for_the_logs(dev: Synthesised, prod: Synthesised) -> None:
    assert len(dev.all_of(KIND)) == 3
    assert len(prod.all_of(KIND)) == 4


def test_all_are_encrypted(made: Synthesised) -> None:
    for name, facts in made.all_of(KIND).items():
        (rule,) = facts["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}, name


def test_all_refuse_what_does_not_come_by_tls(made: Synthesised) -> None:
    for name in made.all_of(KIND):
        (policy,) = (
            one for one in made.all_of("AWS::S3::BucketPolicy").values() if one["Bucket"] == {"Ref": name}
        )
        (refused,) = (one for one in policy["PolicyDocument"]["Statement"] if one["Effect"] == "Deny")
        assert refused["Principal"] == {"AWS": "*"}
        assert refused["Action"] == "s3:*"
        assert refused["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        assert {text_of(one) for one in refused["Resource"]} == {f"<{name}.Arn>", f"<{name}.Arn>/*"}


def test_all_are_closed_to_the_public_and_know_no_acl(made: Synthesised) -> None:
    for name, facts in made.all_of(KIND).items():
        assert facts["PublicAccessBlockConfiguration"] == {
            "BlockPublicAcls": True,
            "BlockPublicPolicy": True,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True,
        }, name
        assert facts["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
        assert "AccessControl" not in facts


def test_what_people_put_in_and_take_out_has_versions(made: Synthesised) -> None:
    for name in ("Uploads", "Catalogue"):
        assert made.the(KIND, name)["VersioningConfiguration"] == {"Status": "Enabled"}
        (old,) = (rule for rule in rules(made, name).values() if "NoncurrentVersionExpiration" in rule)
        assert old["ExpiredObjectDeleteMarker"] is True
        # What stands there now never expires.
        assert not any("ExpirationInDays" in rule for rule in rules(made, name).values())


@pytest.mark.parametrize(
    ("which", "name", "days"),
    [("dev", "Uploads", 30), ("prod", "Uploads", 30), ("dev", "Catalogue", 7), ("prod", "Catalogue", 365)],
)
def test_old_versions_are_kept_for_a_while(
    which: str, name: str, days: int, request: pytest.FixtureRequest
) -> None:
    found = rules(request.getfixturevalue(which), name).values()
    (old,) = (one["NoncurrentVersionExpiration"] for one in found if "NoncurrentVersionExpiration" in one)
    assert old == {"NoncurrentDays": days}


@pytest.mark.parametrize(("which", "days"), [("dev", 3), ("prod", 14)])
def test_what_lies_between_expires(which: str, days: int, request: pytest.FixtureRequest) -> None:
    found: Synthesised = request.getfixturevalue(which)
    assert "VersioningConfiguration" not in found.the(KIND, "Work")
    rule = rules(found, "Work")["intermediate"]
    assert (rule["Prefix"], rule["ExpirationInDays"]) == (BATCHES, days)
    # All that functions and Map Runs leave there lies below it.
    assert RESULTS.startswith(BATCHES)


def test_uploads_that_never_ended_go(made: Synthesised) -> None:
    for name in BUCKETS:
        unfinished = rules(made, name)["unfinished-uploads"]
        assert unfinished["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 2}


def test_prod_logs_who_reads_and_writes(dev: Synthesised, prod: Synthesised) -> None:
    (logs,) = (name for name in prod.all_of(KIND) if "AccessLogs" in name)
    for name in BUCKETS:
        assert prod.the(KIND, name)["LoggingConfiguration"] == {
            "DestinationBucketName": {"Ref": logs},
            "LogFilePrefix": f"{name.lower()}/",
        }
        assert "LoggingConfiguration" not in dev.the(KIND, name)
    policy = prod.the("AWS::S3::BucketPolicy", "AccessLogs")["PolicyDocument"]["Statement"]
    allowed = [one for one in policy if one["Effect"] == "Allow"]
    assert {one["Principal"]["Service"] for one in allowed} == {"logging.s3.amazonaws.com"}
    assert {one["Action"] for one in allowed} == {"s3:PutObject"}
    assert {text_of(one["Resource"]) for one in allowed} == {
        f"<{logs}.Arn>/{name.lower()}/*" for name in BUCKETS
    }
    assert all(one["Condition"]["StringEquals"]["aws:SourceAccount"] for one in allowed)
    assert rules(prod, "AccessLogs")["old-logs"]["ExpirationInDays"] == 90


def test_prod_keeps_what_belongs_to_people(dev: Synthesised, prod: Synthesised) -> None:
    for name, kept in (("Uploads", True), ("Catalogue", True), ("AccessLogs", True), ("Work", False)):
        policies = {resource(prod, name)[one] for one in ("DeletionPolicy", "UpdateReplacePolicy")}
        assert policies == {"Retain" if kept else "Delete"}, name
    for name in BUCKETS:
        assert resource(dev, name)["DeletionPolicy"] == "Delete"
