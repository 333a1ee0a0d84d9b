"""Presigned addresses: whoever has one may read a file, or send the one that was announced, for a while.

Signed by botocore under the process's own role, so that an address allows nothing that the role may not;
it ends with the role's session at the latest.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote, urlencode

import boto3
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.config import Config

from packshot.adapters.aws.errors import translated
from packshot.errors import StackError

#: Seconds that an address for reading is good for, and that the same one is given out again.
GOOD_FOR_S: Final = 7200
_SAME_S: Final = 900
_MOST: Final = 20_000


@lru_cache(maxsize=4)
def _client(region: str | None) -> Any:
    # The address's host is the bucket's own in its region: others are redirected, which forms do not survive.
    # Without its last word botocore takes us-east-1 for a region without a name.
    config = Config(
        signature_version="s3v4",
        s3={"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"},
    )
    return boto3.session.Session().client("s3", region_name=region, config=config)


@dataclass(frozen=True, slots=True)
class Form:
    """A form that S3 takes one file with."""

    url: str
    fields: dict[str, str]


class Presigner:
    """Signs addresses of S3; one stays the same for a quarter of an hour, so that browsers may keep pictures.

    Args:
        region: of the buckets; None for the process's own.
        clock: seconds.
    """

    def __init__(self, region: str | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._region = region
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[tuple[str, str, str, str], tuple[float, str]] = {}

    def get(self, bucket: str, key: str, *, version: str = "", name: str = "") -> str:
        """An address to read a file at.

        Args:
            bucket: of the file.
            key: of the file.
            version: tells one content of the key from another, for whoever keeps what it has read.
            name: as which it is to be saved; empty for a file that is shown.
        """
        place = (bucket, key, version, name)
        with self._lock:
            known = self._known.get(place)
            if known is not None and self._clock() - known[0] < _SAME_S:
                return known[1]
            if len(self._known) >= _MOST:
                self._known.clear()
        url = self._signed(bucket, key, version, name)
        with self._lock:
            self._known[place] = (self._clock(), url)
        return url

    def form(self, bucket: str, key: str, content_type: str, size: int, seconds: int) -> Form:
        """A form for one file of exactly this key, type and size (bytes)."""
        with translated(f"s3://{bucket}/{key}"):
            made = _client(self._region).generate_presigned_post(
                Bucket=bucket,
                Key=key,
                Fields={"Content-Type": content_type},
                Conditions=[{"Content-Type": content_type}, ["content-length-range", size, size]],
                ExpiresIn=seconds,
            )
        return Form(str(made["url"]), dict(made["fields"]))

    def _signed(self, bucket: str, key: str, version: str, name: str) -> str:
        client = _client(self._region)
        scheme, _, host = str(client.meta.endpoint_url).partition("://")
        query: dict[str, str] = {}
        if version:
            # S3 passes over what begins with x-, but it is signed and so is part of the address.
            query["x-version"] = version
        if name:
            disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
            query["response-content-disposition"] = disposition
        address = f"{scheme}://{bucket}.{host}/{quote(key, safe='/~')}"
        request = AWSRequest("GET", f"{address}?{urlencode(query, quote_via=quote)}" if query else address)
        with translated(f"s3://{bucket}/{key}"):
            credentials = boto3.session.Session().get_credentials()
            if credentials is None:
                raise StackError("aws_credentials", reason="there are no credentials")
            signer = S3SigV4QueryAuth(
                credentials.get_frozen_credentials(), "s3", client.meta.region_name, expires=GOOD_FOR_S
            )
            signer.add_auth(request)
        return str(request.url)
