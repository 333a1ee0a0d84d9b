"""S3 as a browser meets it: forms are judged by their signed policy, links by their signature and end.

moto takes any form and any link; this judges them first, by what S3's documentation says
(https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html).
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

import boto3
import httpx2
import requests
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest

from tests.aws import REGION

_NOT_IN_POLICIES = ("policy", "x-amz-signature", "file")


class Browser:
    """Sends forms to S3 and follows its links; nothing else of S3 is to be had.

    Args:
        s3: moto's client.
    """

    def __init__(self, s3: Any) -> None:
        self._s3 = s3

    def send(self, url: str, fields: Mapping[str, str], data: bytes) -> httpx2.Response:
        """A multipart form with a file; 403 for what its policy does not allow."""
        parts = urlsplit(url)
        bucket, _, host = (parts.hostname or "").partition(".")
        assert (parts.scheme, host, parts.path) == ("https", f"s3.{REGION}.amazonaws.com", "/")
        refused = judged(bucket, fields, data, dt.datetime.now(dt.UTC))
        if refused is not None:
            return httpx2.Response(403 if "size" not in refused else 400, text=f"<Error>{refused}</Error>")
        self._s3.put_object(
            Bucket=bucket, Key=fields["key"], Body=data, ContentType=fields.get("Content-Type", "")
        )
        return httpx2.Response(204)

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> httpx2.Response:
        """Follows a presigned link."""
        if not is_signed(url):
            return httpx2.Response(403, text="<Error>SignatureDoesNotMatch</Error>")
        # moto would take the addition for part of the request.
        answer = requests.get(url, headers=dict(headers or {}), timeout=10)
        return httpx2.Response(answer.status_code, headers=dict(answer.headers), content=answer.content)


def judged(bucket: str, fields: Mapping[str, str], data: bytes, now: dt.datetime) -> str | None:
    """Why S3 would refuse a form; None when it takes it."""
    lower = {name.lower(): value for name, value in fields.items()}
    credential = lower["x-amz-credential"].split("/")
    key = f"AWS4{boto3.Session().get_credentials().secret_key}".encode()
    for word in credential[1:]:
        key = hmac.digest(key, word.encode(), hashlib.sha256)
    if hmac.digest(key, lower["policy"].encode(), hashlib.sha256).hex() != lower["x-amz-signature"]:
        return "SignatureDoesNotMatch"
    policy = json.loads(base64.b64decode(lower["policy"]))
    if dt.datetime.fromisoformat(policy["expiration"]) < now:
        return "AccessDenied: Policy expired"
    given = {name: value for name, value in lower.items() if name not in _NOT_IN_POLICIES} | {
        "bucket": bucket
    }
    for condition in policy["conditions"]:
        if isinstance(condition, dict):
            ((name, value),) = condition.items()
            if given.pop(name.lower(), None) != value:
                return f"AccessDenied: Policy Condition failed: {name}"
        elif condition[0] == "content-length-range":
            if not condition[1] <= len(data) <= condition[2]:
                return "EntityTooLarge or EntityTooSmall: the size is out of its range"
        else:
            raise AssertionError(f"a condition that this stand-in does not know: {condition}")
    return f"AccessDenied: Extra input fields: {sorted(given)}" if given else None


def is_signed(url: str) -> bool:
    """True for a link whose signature is right and whose end has not come."""
    parts = urlsplit(url)
    query = dict(one.split("=", 1) for one in parts.query.split("&"))
    signature = query.pop("X-Amz-Signature")
    begun = dt.datetime.strptime(query["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
    if begun + dt.timedelta(seconds=int(query["X-Amz-Expires"])) < dt.datetime.now(dt.UTC):
        return False
    signer = S3SigV4QueryAuth(boto3.Session().get_credentials(), "s3", REGION)
    request = AWSRequest("GET", url, params={name: unquote(value) for name, value in query.items()})
    request.url = f"{parts.scheme}://{parts.netloc}{parts.path}"
    request.headers["host"] = parts.netloc
    request.context["timestamp"] = query["X-Amz-Date"]
    canonical = signer.canonical_request(request)
    return bool(signer.signature(signer.string_to_sign(request, canonical), request) == signature)
