"""AWS's errors as ours."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from packshot.errors import PackshotError, StorageError, StoreUnavailableError

_THROTTLED: Final = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "ThroughputLimitExceeded",
        "TooManyRequestsException",
        "TransactionConflictException",
    }
)
_REFUSED: Final = frozenset(
    {"AccessDenied", "AccessDeniedException", "403", "KMS.AccessDeniedException", "UnauthorizedOperation"}
)
_MISSING: Final = frozenset({"NoSuchBucket", "ResourceNotFoundException"})
#: What S3 says of an object that is not there: GET, then HEAD, which has no body to say more.
NOT_FOUND: Final = frozenset({"NoSuchKey", "404", "NotFound"})


def code_of(error: ClientError) -> str:
    """AWS's word for what went wrong."""
    return str(error.response.get("Error", {}).get("Code", ""))


def translate(error: BotoCoreError | ClientError, place: str) -> PackshotError:
    """AWS's error as ours; `place` is the bucket, table or bus, for the message."""
    if isinstance(error, BotoCoreError):
        # No connection, no answer, no credentials: nothing was decided, so it may pass.
        return StoreUnavailableError("store_unavailable", reason=f"{place}: {error}")
    code = code_of(error)
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in _THROTTLED or status == 429 or (status == 503 and code in ("503", "ServiceUnavailable")):
        return StoreUnavailableError("store_throttled", reason=place)
    if code in _REFUSED or code in _MISSING:
        return StorageError("output_not_writable", path=place, reason=code)
    if code in NOT_FOUND or code == "InvalidRange":
        lost = "the file is not there" if code in NOT_FOUND else "the file ends before"
        return StorageError("store_corrupt", path=place, reason=lost)
    if status >= 500:
        return StoreUnavailableError("store_unavailable", reason=f"{place}: {code}")
    return StorageError("output_not_writable", path=place, reason=_message(error.response))


@contextlib.contextmanager
def translated(place: str) -> Iterator[None]:
    """Raises AWS's errors of the block as ours."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise translate(error, place) from error


def _message(response: Any) -> str:
    fault = response.get("Error", {})
    return f"{fault.get('Code', 'unknown')}: {fault.get('Message', '')}"
