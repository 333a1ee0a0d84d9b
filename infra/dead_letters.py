"""A queue for what could not be delivered."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.acknowledgements import accept


def dead_letters(scope: Construct, whose: str) -> sqs.Queue:
    """Encrypted, and kept for two weeks: long enough to see the alarm after a holiday.

    Args:
        scope: what the queue belongs to.
        whose: the sentence that names what ends there.
    """
    queue = sqs.Queue(
        scope,
        "Undelivered",
        enforce_ssl=True,
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        retention_period=Duration.days(14),
    )
    accept(queue, "AwsSolutions-SQS3", whose)
    return queue
