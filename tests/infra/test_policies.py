"""No way around the list of wildcards: every policy of every template, whatever its form."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest

from tests.infra import policies
from tests.infra.policies import Held
from tests.infra.templates import Synthesised, listed, text_of
from tests.infra.test_permissions import WILDCARDS, WITHOUT_RESOURCE

Json = dict[str, Any]
#: An exact action: no service:*, no Get*, no question mark.
ACTION = re.compile(r"[a-z0-9-]+:[A-Za-z]+")


@pytest.fixture(params=["dev", "prod"])
def assembly(request: pytest.FixtureRequest) -> Path:
    made: Synthesised = request.getfixturevalue(request.param)
    return made.folder


def fault(held: Held) -> str | None:
    """What is wrong with a statement of an identity; None when all of it is listed."""
    statement = held.statement
    if statement["Effect"] == "Deny":
        return None
    if not {"Effect", "Action", "Resource"} <= set(statement) <= {"Effect", "Action", "Resource", "Sid"}:
        # NotAction and NotResource let through all that nobody has thought of.
        return f"{held.name} has {sorted(statement)}"
    actions = listed(statement["Action"])
    wide = [action for action in actions if not ACTION.fullmatch(action)]
    if wide:
        return f"{held.name} may {wide}"
    for resource in map(text_of, listed(statement["Resource"])):
        if not any(sign in resource for sign in "*?"):
            continue
        if not any(re.fullmatch(known, resource) for known in WILDCARDS):
            return f"{held.name} on {resource}"
        if resource == "*" and not all(WITHOUT_RESOURCE.fullmatch(action) for action in actions):
            return f"{held.name} may {actions} on everything"
    return None


def test_no_identity_may_do_more_than_is_listed(assembly: Path) -> None:
    found = list(policies.of_identities(assembly))
    assert len(found) > 20
    assert [told for told in map(fault, found) if told] == []


@pytest.mark.parametrize(
    "change",
    [
        {"Action": "s3:*"},
        {"Action": ["s3:GetObject", "s3:Get*"]},
        {"Action": "*"},
        {"Action": "s3:GetObjec?"},
        {"Resource": "*"},
        {"Resource": {"Fn::Join": ["", [{"Fn::GetAtt": ["BucketsWork123", "Arn"]}, "/*"]]}},
        {"Resource": "arn:aws:s3:::somebodys-bucket/*"},
        {"NotAction": "s3:GetObject"},
        {"NotResource": "arn:aws:s3:::one"},
    ],
)
def test_what_is_too_wide_is_told(change: Json) -> None:
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/key"}
    held = Held("Role", "AWS::IAM::Policy", statement)
    assert fault(held) is None
    assert fault(Held("Role", "AWS::IAM::Policy", {**copy.deepcopy(statement), **change})) is not None


def test_every_listed_wildcard_is_needed(dev: Synthesised, prod: Synthesised) -> None:
    used = {
        text_of(resource)
        for made in (dev, prod)
        for held in policies.of_identities(made.folder)
        for resource in listed(held.statement["Resource"])
    }
    stale = [known for known in WILDCARDS if not any(re.fullmatch(known, one) for one in used)]
    assert stale == []


def test_no_role_has_a_managed_policy_or_a_boundary_of_another(assembly: Path) -> None:
    for name, kind, facts in policies.resources(assembly):
        if kind.startswith("AWS::IAM::"):
            assert "ManagedPolicyArns" not in facts, name
        assert kind not in {"AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::AccessKey"}, name


def test_roles_are_taken_by_services_alone(assembly: Path) -> None:
    for held in policies.trusts(assembly):
        assert held.statement["Action"] == "sts:AssumeRole", held.name
        assert list(held.statement["Principal"]) == ["Service"], held.name


def test_things_let_in_services_alone_and_everybody_only_to_be_refused(assembly: Path) -> None:
    found = list(policies.of_things(assembly))
    assert len(found) > 3
    for held in found:
        statement = held.statement
        if statement["Effect"] == "Deny":
            continue
        assert list(statement["Principal"]) == ["Service"], (held.name, statement)
        # A service acts for whoever asks it, so the condition says for whom.
        assert statement["Condition"], held.name
        assert all(ACTION.fullmatch(action) for action in listed(statement["Action"])), held.name


def test_functions_are_called_by_what_is_named(assembly: Path) -> None:
    for name, kind, facts in policies.resources(assembly):
        if kind == "AWS::Lambda::Permission":
            assert "." in facts["Principal"], name
            assert facts.get("SourceArn"), name


def test_no_type_of_resource_holds_a_policy_that_is_not_looked_at(assembly: Path) -> None:
    known = set(policies.OF_IDENTITIES) | set(policies.OF_THINGS) | policies.OTHERWISE
    for name, kind, facts in policies.resources(assembly):
        holds = [key for key in facts if "Policy" in key and "Policies" not in key]
        holds = [key for key in holds if isinstance(facts[key], dict) and "Statement" in facts[key]]
        assert not holds or kind in known, (name, kind, holds)
