"""Every statement of an assembly that lets somebody do something, wherever it stands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Json = dict[str, Any]

#: Where a resource type keeps a policy: of an identity (who has it may), or of a thing (who is named may).
OF_IDENTITIES = {
    "AWS::IAM::Policy": "PolicyDocument",
    "AWS::IAM::ManagedPolicy": "PolicyDocument",
    "AWS::IAM::RolePolicy": "PolicyDocument",
    "AWS::IAM::UserPolicy": "PolicyDocument",
    "AWS::IAM::GroupPolicy": "PolicyDocument",
}
OF_THINGS = {
    "AWS::S3::BucketPolicy": "PolicyDocument",
    "AWS::SQS::QueuePolicy": "PolicyDocument",
    "AWS::SNS::TopicPolicy": "PolicyDocument",
    "AWS::KMS::Key": "KeyPolicy",
    "AWS::DynamoDB::Table": "ResourcePolicy",
    "AWS::Logs::ResourcePolicy": "PolicyDocument",
    "AWS::ECR::Repository": "RepositoryPolicyText",
}
#: Types of our templates that hold policies in another form; each has a test of its own.
OTHERWISE = {"AWS::IAM::Role", "AWS::Lambda::Permission", "AWS::Events::EventBusPolicy"}


@dataclass(frozen=True)
class Held:
    """One statement, and the logical id and type of the resource that it stands in."""

    name: str
    kind: str
    statement: Json


def resources(assembly: Path) -> Iterator[tuple[str, str, Json]]:
    """(logical id, type, properties) of all templates."""
    for template in sorted(assembly.glob("*.template.json")):
        for name, one in json.loads(template.read_text("utf-8"))["Resources"].items():
            yield name, one["Type"], one.get("Properties", {})


def of_identities(assembly: Path) -> Iterator[Held]:
    """Statements of roles: policies of their own, and those written into the role itself."""
    for name, kind, facts in resources(assembly):
        if kind in OF_IDENTITIES:
            yield from _held(name, kind, facts[OF_IDENTITIES[kind]])
        for inline in facts.get("Policies", ()) if kind.startswith("AWS::IAM::") else ():
            yield from _held(name, kind, inline["PolicyDocument"])


def of_things(assembly: Path) -> Iterator[Held]:
    """Statements of buckets, queues, topics: who else may do something with them."""
    for name, kind, facts in resources(assembly):
        if facts.get(OF_THINGS.get(kind, "")):
            yield from _held(name, kind, facts[OF_THINGS[kind]])


def trusts(assembly: Path) -> Iterator[Held]:
    """Statements on who may take a role."""
    for name, kind, facts in resources(assembly):
        if kind == "AWS::IAM::Role":
            yield from _held(name, kind, facts["AssumeRolePolicyDocument"])


def _held(name: str, kind: str, document: Json) -> Iterator[Held]:
    for statement in document["Statement"]:
        yield Held(name, kind, statement)
