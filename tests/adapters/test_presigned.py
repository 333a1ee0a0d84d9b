"""Presigned addresses: whose host, how long, and when they change."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from packshot.adapters.aws import presigned
from packshot.adapters.aws.presigned import GOOD_FOR_S, Presigner
from packshot.errors import StackError
from tests.api.aws.store import Browser, is_signed
from tests.aws import BUCKET, REGION, make_bucket


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def presigner(aws: Callable[[str], Any], clock: Clock) -> Iterator[Presigner]:
    make_bucket(aws("s3"))
    presigned._client.cache_clear()
    yield Presigner(REGION, clock)
    presigned._client.cache_clear()


KEYS = (
    "catalogue/a.jpg",
    "incoming/spring mugs/rot & grün/1+1=2 50%.jpg",
    "review/~x'(y)!*.webp",
    "a//b.jpg",
)


@pytest.mark.parametrize("key", KEYS)
def test_a_link_leads_to_its_file(aws: Callable[[str], Any], presigner: Presigner, key: str) -> None:
    aws("s3").put_object(Bucket=BUCKET, Key=key, Body=key.encode())
    link = presigner.get(BUCKET, key, version="0123456789ab")
    parts = urlsplit(link)
    assert (parts.scheme, parts.netloc) == ("https", f"{BUCKET}.s3.{REGION}.amazonaws.com")
    query = parse_qs(parts.query)
    assert query["x-version"] == ["0123456789ab"]
    assert query["X-Amz-Expires"] == [str(GOOD_FOR_S)]
    assert Browser(aws("s3")).get(link).content == key.encode()


def test_a_link_can_not_be_changed(presigner: Presigner) -> None:
    link = presigner.get(BUCKET, "catalogue/a.jpg", version="0123")
    assert is_signed(link)
    changes = (("a.jpg", "b.jpg"), ("version=0123", "version=0124"), ("Expires=7200", "Expires=99999"))
    for change in changes:
        assert not is_signed(link.replace(*change))


def test_a_link_stays_the_same_for_a_while(
    presigner: Presigner, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed: list[str] = []
    real = presigner._signed
    monkeypatch.setattr(presigner, "_signed", lambda *told: signed.append(told[1]) or real(*told))
    links = [presigner.get(BUCKET, "a.jpg", version="1") for _ in range(3)]
    assert (len(set(links)), signed) == (1, ["a.jpg"])
    presigner.get(BUCKET, "a.jpg", version="2")
    clock.now = 901
    presigner.get(BUCKET, "a.jpg", version="1")
    assert signed == ["a.jpg"] * 3


def test_what_is_saved_has_a_name(aws: Callable[[str], Any], presigner: Presigner) -> None:
    aws("s3").put_object(Bucket=BUCKET, Key="downloads/x.zip", Body=b"PK")
    answer = Browser(aws("s3")).get(presigner.get(BUCKET, "downloads/x.zip", name="frühling.zip"))
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''fr%C3%BChling.zip"


def test_a_form_is_for_one_file_alone(presigner: Presigner) -> None:
    form = presigner.form(BUCKET, "incoming/a b.jpg", "image/jpeg", 99, 3600)
    assert form.url == f"https://{BUCKET}.s3.{REGION}.amazonaws.com/"
    rules = json.loads(base64.b64decode(form.fields["policy"]))["conditions"]
    assert ["content-length-range", 99, 99] in rules
    for rule in ({"key": "incoming/a b.jpg"}, {"Content-Type": "image/jpeg"}, {"bucket": BUCKET}):
        assert rule in rules
    assert not [rule for rule in rules if isinstance(rule, list) and rule[0] == "starts-with"]


def test_without_credentials_it_says_so(presigner: Presigner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("boto3.session.Session.get_credentials", lambda self: None)
    with pytest.raises(StackError) as caught:
        presigner.get(BUCKET, "a.jpg")
    assert caught.value.code == "aws_credentials"
