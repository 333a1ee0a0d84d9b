"""The SQLite side: damage, versions, transactions, two processes."""

from __future__ import annotations

import os
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packshot.adapters.fetch_files import FileReader
from packshot.adapters.local.database import SCHEMA_VERSION, Database
from packshot.adapters.local.events import EventLog
from packshot.adapters.local.sources import SourceHashes
from packshot.adapters.local.table import SqliteJobTable
from packshot.batches.batch_events import batch_event
from packshot.contracts.base import QcStatus, Status
from packshot.contracts.events import DetailType, Event
from packshot.errors import PackshotError, StorageError
from packshot.ports import ImageQuery
from tests import samples


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "packshot.sqlite"


def test_what_is_no_database_is_corrupt(path: Path) -> None:
    path.write_bytes(b"these are my holiday notes, all of them" * 200)
    with pytest.raises(StorageError) as caught:
        Database(path)
    assert caught.value.code == "store_corrupt"


def test_a_database_with_a_hole_is_corrupt(path: Path) -> None:
    database = Database(path)
    table = SqliteJobTable(database)
    for number in range(300):
        table.put_image(samples.record(number), None)
    database.close()
    data = bytearray(path.read_bytes())
    for page in range(4096, len(data), 4096):
        data[page : page + 4096] = b"\xa5" * len(data[page : page + 4096])
    path.write_bytes(data)
    with pytest.raises(StorageError) as caught:
        SqliteJobTable(Database(path)).images("batch-1")
    assert caught.value.code == "store_corrupt"


def test_a_record_that_is_none_is_corrupt(path: Path) -> None:
    database = Database(path)
    table = SqliteJobTable(database)
    table.put_image(samples.record(1), None)
    database.execute("UPDATE images SET json = '{\"status\": 7}'")
    with pytest.raises(StorageError) as caught:
        table.get_image("batch-1", samples.image_id(1))
    assert caught.value.code == "store_corrupt"


def test_a_newer_packshot_s_table_is_left_alone(path: Path) -> None:
    Database(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    with pytest.raises(StorageError, match="version"):
        Database(path)


def test_a_folder_that_is_missing_can_t_be_written(tmp_path: Path) -> None:
    with pytest.raises(StorageError) as caught:
        Database(tmp_path / "nowhere" / "packshot.sqlite")
    assert caught.value.code == "output_not_writable"


def test_a_full_disk_is_told_by_name(path: Path) -> None:
    database = Database(path)
    database.execute("PRAGMA max_page_count = 40")
    table = SqliteJobTable(database)

    def fill() -> None:
        for number in range(1000):
            table.put_image(samples.record(number, source="x" * 2000), None)

    with pytest.raises(StorageError) as caught:
        fill()
    assert caught.value.code == "disk_full"


def test_a_unit_stands_wholly_or_not_at_all(path: Path) -> None:
    database = Database(path)
    table = SqliteJobTable(database)

    def fails() -> None:
        with database.unit():
            table.put_image(samples.record(1), None)
            with database.unit():
                table.put_image(samples.record(2), None)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert table.images("batch-1").items == ()
    with database.unit():
        table.put_image(samples.record(1), None)
    other = SqliteJobTable(Database(path))
    assert len(other.images("batch-1").items) == 1


def test_a_reader_sees_what_stands_while_another_writes(path: Path) -> None:
    writer, reader = Database(path), Database(path)
    with writer.unit():
        SqliteJobTable(writer).put_image(samples.record(1), None)
        assert SqliteJobTable(reader).images("batch-1").items == ()
    assert len(SqliteJobTable(reader).images("batch-1").items) == 1


def test_a_table_that_stays_locked_may_pass(path: Path) -> None:
    writer, other = Database(path), Database(path)
    other.execute("PRAGMA busy_timeout = 50")
    with writer.unit(), pytest.raises(PackshotError) as caught:
        SqliteJobTable(other).put_image(samples.record(1), None)
    assert caught.value.code == "store_unavailable"
    assert caught.value.retryable


def test_closing_leaves_one_file(path: Path) -> None:
    database = Database(path)
    SqliteJobTable(database).put_image(samples.record(1), None)
    database.close()
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_source_is_read_once_while_it_stays_the_same(path: Path, tmp_path: Path) -> None:
    database = Database(path)
    hashes, reader = SourceHashes(database), FileReader((tmp_path,))
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"one")
    _age(photo, 100)
    first = hashes.sha256(photo, reader)
    assert len(database.rows("SELECT * FROM sources")) == 1
    database.execute("UPDATE sources SET sha256 = 'remembered'")
    assert hashes.sha256(photo, reader) == "remembered"
    photo.write_bytes(b"two")
    _age(photo, 50)
    assert hashes.sha256(photo, reader) not in ("remembered", first)


def test_a_source_that_has_just_changed_is_not_remembered(path: Path, tmp_path: Path) -> None:
    database = Database(path)
    hashes, reader = SourceHashes(database), FileReader((tmp_path,))
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"one")
    assert hashes.sha256(photo, reader) is not None
    assert database.rows("SELECT * FROM sources") == []
    assert hashes.sha256(tmp_path / "missing.jpg", reader) is None


def _age(path: Path, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(path, (then, then))


STATES = [
    (Status.PROCESSING, QcStatus.PENDING),
    (Status.FAILED, QcStatus.PENDING),
    (Status.COMPLETED, QcStatus.NEEDS_REVIEW),
    (Status.COMPLETED, QcStatus.APPROVED),
]


def counted(table: SqliteJobTable, batch_id: str) -> Counter[tuple[Status, QcStatus]]:
    """What `tally` must say, from the records themselves."""
    return Counter((one.status, one.qc_status) for one in table.images(batch_id).items)


def as_an_earlier_packshot_left_it(database: Database) -> None:
    for kind, name in database.rows("SELECT type, name FROM sqlite_master WHERE sql IS NOT NULL"):
        added = name in ("images_by_status", "images_by_qc_status", "images_by_batch_sku")
        if kind == "trigger" or added:
            database.execute(f"DROP {kind} {name}")
    database.execute("DROP TABLE tallies")


writes = st.lists(
    st.tuples(
        st.sampled_from(["batch-1", "batch-2"]), st.integers(0, 2), st.integers(0, 2), st.sampled_from(STATES)
    ),
    max_size=40,
)


@settings(max_examples=40, deadline=None)
@given(writes=writes, upgraded=st.booleans())
def test_counts_are_kept_up_with_every_write(writes: list[Any], upgraded: bool) -> None:
    with tempfile.TemporaryDirectory() as folder, closing(Database(Path(folder) / "jobs.sqlite")) as database:
        if upgraded:
            as_an_earlier_packshot_left_it(database)
        table = SqliteJobTable(database)
        for at, (batch_id, number, revision, (status, qc_status)) in enumerate(writes):
            if upgraded and at == len(writes) // 2:
                Database(database.path).close()
            known = table.get_image(batch_id, samples.image_id(number), revision)
            record = samples.record(
                number,
                batch_id=batch_id,
                revision=revision,
                status=status,
                qc_status=qc_status,
                version=known.version + 1 if known else 0,
            )
            assert table.put_image(record, known.version if known else None)
        Database(database.path).close()
        for batch_id in ("batch-1", "batch-2"):
            said = {(status, qc_status): images for status, qc_status, images in table.tally(batch_id)}
            assert said == counted(table, batch_id)


def test_a_look_at_counts_reads_no_images(path: Path) -> None:
    database = Database(path)
    SqliteJobTable(database).put_image(samples.record(1), None)
    said: list[str] = []
    database._connection.set_trace_callback(said.append)
    assert len(list(SqliteJobTable(database).tally("batch-1"))) == 1
    (statement,) = said
    plan = [row[-1] for row in database.rows(f"EXPLAIN QUERY PLAN {statement}")]
    assert plan == ["SEARCH tallies USING PRIMARY KEY (batch_id=?)"]


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (ImageQuery(status=Status.FAILED), "images_by_status"),
        (ImageQuery(qc_status=QcStatus.REJECTED), "images_by_qc_status"),
        (ImageQuery(sku_id="sku-1"), "images_by_batch_sku"),
    ],
)
def test_a_few_of_a_big_batch_are_found_without_reading_the_others(
    path: Path, wanted: ImageQuery, index: str
) -> None:
    database = Database(path)
    said: list[str] = []
    database._connection.set_trace_callback(said.append)
    SqliteJobTable(database).images("batch-1", wanted, 60)
    database._connection.set_trace_callback(None)
    plan = [row[-1] for row in database.rows(f"EXPLAIN QUERY PLAN {said[0]}")]
    assert plan[0].startswith(f"SEARCH images USING INDEX {index} (batch_id=? AND ")
    assert not any("SORT" in line or "TEMP B-TREE" in line for line in plan)


@pytest.fixture
def somebody_s() -> Iterator[Path]:
    """The path of a database in a folder that this test may read, and not write, from its first use on."""
    with tempfile.TemporaryDirectory(suffix=" 100%?#") as name:
        folder, me = Path(name), os.geteuid()
        database = Database(folder / "packshot.sqlite")
        SqliteJobTable(database).put_image(samples.record(1), None)
        EventLog(database, folder / "events.jsonl").publish(said())
        database.close()
        folder.chmod(0o555)
        try:
            if me == 0:
                # Rights do not bind the superuser; be nobody for a moment.
                os.seteuid(65534)
            yield folder / "packshot.sqlite"
        finally:
            os.seteuid(me)
            folder.chmod(0o755)


def said() -> Event:
    return batch_event(DetailType.BATCH_ACCEPTED, samples.batch(), samples.later(0))


def test_a_folder_that_may_not_be_written_is_read_all_the_same(somebody_s: Path) -> None:
    database = Database(somebody_s)
    table = SqliteJobTable(database)
    assert [one.image_id for one in table.images("batch-1").items] == [samples.image_id(1)]
    # An event that waits for its file is left to who may write it.
    EventLog(database, somebody_s.with_name("events.jsonl")).flush()
    with pytest.raises(StorageError) as caught:
        table.put_image(samples.record(2), None)
    assert caught.value.code == "output_not_writable"
    database.close()
    assert [path.name for path in somebody_s.parent.iterdir()] == ["packshot.sqlite"]


def test_a_unit_that_can_t_be_committed_leaves_nothing(path: Path) -> None:
    schema = (
        "CREATE TABLE a (id INTEGER PRIMARY KEY);"
        "CREATE TABLE b (a INTEGER REFERENCES a DEFERRABLE INITIALLY DEFERRED);"
    )
    database = Database(path, schema=schema)
    database.execute("PRAGMA foreign_keys = ON")
    with pytest.raises(PackshotError), database.unit():
        database.execute("INSERT INTO b VALUES (1)")  # refused at the end, since nothing is called 1
    with database.unit():
        database.execute("INSERT INTO a VALUES (2)")
    assert database.rows("SELECT (SELECT count(*) FROM a), (SELECT count(*) FROM b)") == [(1, 0)]
    database.close()
