"""Findings of cdk-nag that stand, each on one resource and with its reason."""

from __future__ import annotations

from aws_cdk import Acknowledgment, Validations
from constructs import IConstruct


def accept(construct: IConstruct, rule: str, reason: str) -> None:
    """Lets a finding of a rule (`AwsSolutions-S1`, `AwsSolutions-IAM5[Resource::*]`) stand."""
    Validations.of(construct).acknowledge(Acknowledgment(id=rule, reason=reason))
