"""Clients of AWS's services, made by composition roots; one per service and process.

Making a client takes tens of milliseconds, so handlers keep theirs. Retries within a call are
boto's `standard` mode; what is still throttled after them is ours to tell the workflow.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import boto3
from botocore.config import Config


@lru_cache(maxsize=4)
def patient_client(service: str, read_timeout_s: int) -> Any:
    """A client for calls that take long; they are made once."""
    config = Config(
        retries={"mode": "standard", "total_max_attempts": 1}, connect_timeout=3, read_timeout=read_timeout_s
    )
    return boto3.session.Session().client(service, config=config)  # type: ignore[call-overload]  # as below


@lru_cache(maxsize=16)
def client(service: str, region: str | None = None, endpoint_url: str | None = None) -> Any:
    """A client of a service.

    Args:
        service: boto3's word: `s3`, `dynamodb`, `events`, ...
        region: None for the process's own.
        endpoint_url: None for AWS's.
    """
    config = Config(
        retries={"mode": "standard", "max_attempts": 4},
        connect_timeout=3,
        read_timeout=20,
        max_pool_connections=16,
    )
    # The session's types know each service by a literal name; here it is any.
    return boto3.session.Session().client(
        service,  # type: ignore[call-overload]  # any service by its name
        region_name=region,
        endpoint_url=endpoint_url,
        config=config,
    )
