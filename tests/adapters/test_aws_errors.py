"""AWS's errors as ours, and the answers that are no errors to boto."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    EndpointConnectionError,
    InvalidRegionError,
    NoCredentialsError,
    NoRegionError,
    ProfileNotFound,
)

from packshot.adapters.aws.bus import EventBus
from packshot.adapters.aws.errors import translate, translated
from packshot.adapters.aws.objects import S3ObjectStore
from packshot.adapters.aws.table import DynamoJobTable
from packshot.contracts.table import SHARDS, shard_of
from packshot.errors import PackshotError, RetryableError
from tests import samples
from tests.adapters.test_publish import event
from tests.aws import BUCKET, make_bucket, make_table


def client_error(code: str, status: int = 400) -> ClientError:
    return ClientError(
        {"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": status}}, "PutItem"
    )


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (client_error("ProvisionedThroughputExceededException"), "store_throttled"),
        (client_error("ThrottlingException"), "store_throttled"),
        (client_error("SlowDown", 503), "store_throttled"),
        (client_error("AnythingElse", 429), "store_throttled"),
        (client_error("InternalServerError", 500), "store_unavailable"),
        (EndpointConnectionError(endpoint_url="https://s3"), "store_unavailable"),
        (NoCredentialsError(), "aws_credentials"),
        (client_error("ExpiredToken", 400), "aws_credentials"),
        (client_error("UnrecognizedClientException"), "aws_credentials"),
        (NoRegionError(), "aws_region_missing"),
        (InvalidRegionError(region_name="nowhere!"), "aws_region_unknown"),
        (ProfileNotFound(profile="shop"), "aws_profile_unknown"),
        (client_error("AccessDenied", 403), "store_denied"),
        (client_error("AccessDeniedException"), "store_denied"),
        (client_error("NoSuchBucket", 404), "output_not_writable"),
        (client_error("ResourceNotFoundException"), "output_not_writable"),
        (client_error("NoSuchKey", 404), "store_corrupt"),
        (client_error("ValidationException"), "output_not_writable"),
    ],
)
def test_errors_are_ours(error: Any, code: str) -> None:
    ours = translate(error, "the-table")
    assert ours.code == code
    assert ours.retryable == (code in ("store_throttled", "store_unavailable"))
    with pytest.raises(PackshotError) as caught, translated("the-table"):
        raise error
    assert caught.value.__cause__ is error


class Refusing:
    """A client whose calls fail, or answer as told."""

    def __init__(self, answer: Any) -> None:
        self._answer = answer

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(**_: Any) -> Any:
            if isinstance(self._answer, Exception):
                raise self._answer
            return self._answer

        return call


def test_a_throttled_table_may_be_asked_again() -> None:
    table = DynamoJobTable(Refusing(client_error("ThrottlingException")), "jobs")
    calls: list[Callable[[], object]] = [
        lambda: table.put_image(samples.record(), None),
        lambda: table.get_image("b", "i"),
        lambda: table.images("b"),
        table.needs_review,
        lambda: table.claim_batch(samples.batch()),
    ]
    for call in calls:
        with pytest.raises(RetryableError) as caught:
            call()
        assert caught.value.code == "store_throttled"


@pytest.mark.parametrize(
    ("code", "ours"),
    [
        ("ThrottlingException", "store_throttled"),
        ("InternalFailure", "store_unavailable"),
        ("NotAuthorizedForSourceException", "output_not_writable"),
    ],
)
def test_an_event_that_the_bus_refuses_is_an_error(code: str, ours: str) -> None:
    answer = {"FailedEntryCount": 1, "Entries": [{"ErrorCode": code, "ErrorMessage": "no"}]}
    with pytest.raises(PackshotError) as caught:
        EventBus(Refusing(answer), "packshot")(event())
    assert caught.value.code == ours


def test_a_write_whose_answer_was_lost_counts(aws: Callable[[str], Any]) -> None:
    table = make_table(aws("dynamodb"))
    record = samples.record()
    assert table.put_image(record, None)
    # boto has tried twice; the first try had arrived.
    assert table.put_image(record, None)
    changed = record.model_copy(update={"version": 1})
    assert table.put_image(changed, 0)
    assert table.put_image(changed, 0)


def test_an_object_of_somebody_else_gets_its_hash_by_reading(aws: Callable[[str], Any]) -> None:
    client = aws("s3")
    make_bucket(client)
    client.put_object(Bucket=BUCKET, Key="theirs.jpg", Body=b"x" * 10)
    store = S3ObjectStore(client, BUCKET)
    found = store.stat("theirs.jpg")
    ours = store.put("ours.jpg", b"x" * 10)
    assert found is not None
    assert found.sha256 == ours.sha256


def test_a_move_keeps_the_content_type(aws: Callable[[str], Any]) -> None:
    client = aws("s3")
    make_bucket(client)
    store = S3ObjectStore(client, BUCKET)
    store.put("catalogue/main.jpg", b"picture", "image/jpeg")
    store.move("catalogue/main.jpg", "review/main.jpg")
    assert store.get("review/main.jpg") == b"picture"
    assert client.head_object(Bucket=BUCKET, Key="review/main.jpg")["ContentType"] == "image/jpeg"


def test_a_million_images_are_spread_over_the_shards() -> None:
    counts = dict.fromkeys(SHARDS, 0)
    for number in range(16_000):
        counts[shard_of(samples.image_id(number))] += 1
    assert min(counts.values()) > 850
    assert max(counts.values()) < 1150
    assert [shard_of(f"img-{digit}0") for digit in SHARDS] == list(SHARDS)
