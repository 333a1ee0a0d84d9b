"""Documents: what every store of them must do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError
from moto.core.models import botocore_stubber

from packshot.adapters.aws.documents import DynamoDocuments
from packshot.adapters.local.documents import SqliteDocuments, documents_database
from packshot.errors import StorageError
from packshot.ports import Documents
from tests.aws import TABLE, make_table
from tests.samples import NOW, later


class Clock:
    now: dt.datetime = NOW

    def __call__(self) -> dt.datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["local", "aws"])
def documents(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Documents]:
    if request.param == "aws":
        client = request.getfixturevalue("aws")("dynamodb")
        make_table(client)
        yield DynamoDocuments(client, TABLE, clock)
        return
    database = documents_database(tmp_path / "server.sqlite")
    yield SqliteDocuments(database, clock)
    database.close()


def test_a_document_is_created_once(documents: Documents) -> None:
    assert documents.create("job", "a", {"state": "queued"})
    assert not documents.create("job", "a", {"state": "other"})
    assert not documents.create("job", "a", {"state": "queued"}), "the same words of somebody else"
    assert documents.get("job", "a") == {"state": "queued"}
    documents.put("job", "a", {"state": "done", "text": "ünï"})
    assert documents.get("job", "a") == {"state": "done", "text": "ünï"}
    assert documents.get("config", "a") is None
    documents.delete("job", "a")
    documents.delete("job", "a")
    assert documents.get("job", "a") is None


def test_a_document_whose_answer_was_lost_is_created(aws: Callable[[str], Any]) -> None:
    """boto sends it again then, and meets what it has written itself."""
    client = aws("dynamodb")
    make_table(client)
    lost: list[str] = []

    def lose(event_name: str, request: Any, **more: Any) -> None:
        if not lost:
            lost.append(event_name)
            botocore_stubber(event_name, request, **more)
            raise ConnectionClosedError(endpoint_url="dynamodb")

    client.meta.events.register_first("before-send.dynamodb.PutItem", lose)
    documents = DynamoDocuments(client, TABLE, Clock())
    assert documents.create("job", "a", {"state": "queued"}, later(3600))
    assert lost
    assert not documents.create("job", "a", {"state": "queued"}, later(3600))
    lost.clear()
    assert not documents.create("job", "a", {"state": "other"}, later(3600)), "that of somebody else"


@pytest.mark.parametrize("newest", [False, True])
def test_pages_by_key(documents: Documents, newest: bool) -> None:
    for number in (3, 1, 5, 2, 4):
        documents.put("job", f"job-{number}", {"number": number})
    documents.put("other", "job-9", {"number": 9})
    found: list[int] = []
    cursor: str | None = None
    while True:
        page = documents.page("job", 2, cursor, newest=newest)
        found += [one["number"] for one in page.items]
        cursor = page.cursor
        if cursor is None:
            break
    assert found == ([5, 4, 3, 2, 1] if newest else [1, 2, 3, 4, 5])


def test_keys_of_any_length(documents: Documents) -> None:
    names = ["é" * 600, "é" * 600 + "1", "é" * 600 + "2", "z"]
    for name in names:
        documents.put("config", name, {"name": name})
    assert [documents.get("config", name) for name in names] == [{"name": name} for name in names]
    first = documents.page("config", 2)
    rest = documents.page("config", 10, first.cursor)
    assert sorted(one["name"] for one in (*first.items, *rest.items)) == sorted(names)


@pytest.mark.parametrize("newest", [False, True])
def test_a_prefix_is_a_text_not_a_pattern(documents: Documents, newest: bool) -> None:
    for key in ("a.1", "a.2", "ab", "a%", "b.1"):
        documents.put("upload", key, {"key": key})
    page = documents.page("upload", prefix="a.", newest=newest)
    assert sorted(one["key"] for one in page.items) == ["a.1", "a.2"]
    assert [one["key"] for one in documents.page("upload", prefix="a%").items] == ["a%"]


def test_what_has_expired_is_not_found(documents: Documents, clock: Clock) -> None:
    documents.create("idempotency", "k", {"n": 1}, later(60))
    documents.put("job", "j", {"n": 1}, later(60))
    clock.now = later(59)
    assert documents.get("idempotency", "k") == {"n": 1}
    clock.now = later(61)
    assert documents.get("idempotency", "k") is None
    assert documents.page("job").items == ()
    assert documents.create("idempotency", "k", {"n": 2}, later(120))
    assert documents.get("idempotency", "k") == {"n": 2}


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "server.sqlite").write_bytes(b"no database at all, but long enough to be looked at" * 20)
    with pytest.raises(StorageError) as caught:
        documents_database(tmp_path / "server.sqlite")
    assert caught.value.code == "store_corrupt"


def test_two_connections_create_one_document(tmp_path: Path, clock: Clock) -> None:
    made: list[Callable[[], bool]] = []
    for _ in range(2):
        store = SqliteDocuments(documents_database(tmp_path / "server.sqlite"), clock)
        made.append(lambda store=store: store.create("job", "a", {}))  # type: ignore[misc]
    assert [create() for create in made] == [True, False]
