"""AWS's errors as ours."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, Final

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    InvalidRegionError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
)

from packshot.errors import PackshotError, StackError, StorageError, StoreUnavailableError

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
#: Keys that are wrong, deactivated or too old.
_UNKNOWN_CALLER: Final = frozenset(
    {
        "AuthFailure",
        "ExpiredToken",
        "ExpiredTokenException",
        "IncompleteSignature",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidToken",
        "RequestExpired",
        "SignatureDoesNotMatch",
        "TokenRefreshRequired",
        "UnrecognizedClientException",
    }
)
_UNKNOWN_USER: Final = (
    CredentialRetrievalError,
    NoCredentialsError,
    PartialCredentialsError,
    SSOError,
    TokenRetrievalError,
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
        return _before_any_answer(error, place)
    code = code_of(error)
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in _THROTTLED or status == 429 or (status == 503 and code in ("503", "ServiceUnavailable")):
        return StoreUnavailableError("store_throttled", reason=place)
    if status >= 500:
        return StoreUnavailableError("store_unavailable", reason=f"{place}: {code}")
    return _refused(code, place, _message(error.response))


def _refused(code: str, place: str, message: str) -> PackshotError:
    if code in _UNKNOWN_CALLER:
        return StackError("aws_credentials", reason=message)
    if code in _REFUSED:
        return StorageError("store_denied", path=place, reason=message)
    if code in NOT_FOUND or code == "InvalidRange":
        lost = "the file is not there" if code in NOT_FOUND else "the file ends before"
        return StorageError("store_corrupt", path=place, reason=lost)
    reason = code if code in _MISSING else message
    return StorageError("output_not_writable", path=place, reason=reason)


def _before_any_answer(error: BotoCoreError, place: str) -> PackshotError:
    match error:
        case NoRegionError():
            return StackError("aws_region_missing")
        case InvalidRegionError():
            return StackError("aws_region_unknown", region=error.kwargs.get("region_name", ""))
        case ProfileNotFound():
            return StackError("aws_profile_unknown", reason=_plain(error))
        case _ if isinstance(error, _UNKNOWN_USER):
            return StackError("aws_credentials", reason=_plain(error))
    # No connection, no answer: nothing was decided, so it may pass.
    return StoreUnavailableError("store_unavailable", reason=f"{place}: {_plain(error)}")


def _plain(error: BotoCoreError) -> str:
    return str(error).rstrip(".")


@contextlib.contextmanager
def translated(place: str) -> Iterator[None]:
    """Raises AWS's errors of the block as ours."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise translate(error, place) from error


def _message(response: Any) -> str:
    fault = response.get("Error", {})
    return f"{fault.get('Code', 'unknown')}: {fault.get('Message', '')}".rstrip(". ")
