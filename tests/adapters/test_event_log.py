"""The event log: none lost, none doubled, torn lines mended."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packshot.adapters.local.database import Database
from packshot.adapters.local.events import EventLog
from tests.adapters.test_publish import event


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def opened(folder: Path) -> tuple[Database, EventLog, Path]:
    database = Database(folder / "packshot.sqlite")
    return database, EventLog(database, folder / "events.jsonl"), folder / "events.jsonl"


def numbers(path: Path) -> list[int]:
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    return [int(line["detail"]["data"]["batch_id"].removeprefix("batch-")) for line in lines]


@pytest.mark.parametrize("cut", [1, 50, 400])
def test_a_torn_tail_is_mended(folder: Path, cut: int) -> None:
    database, log, path = opened(folder)
    for number in range(3):
        log.publish(event(number))
    log.flush()
    # The next process was killed after it had appended, before it could note that it had.
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:cut])
    log.publish(event(3))
    log.flush()
    assert numbers(path) == [0, 1, 2, 3]
    database.close()


def test_a_rolled_back_unit_says_nothing(folder: Path) -> None:
    database, log, path = opened(folder)

    def fails() -> None:
        with database.unit():
            log.publish(event(1))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    log.publish(event(2))
    log.flush()
    assert numbers(path) == [2]
    database.close()


@pytest.mark.parametrize("left", [0, 10, None])
def test_a_shortened_or_removed_file_is_written_anew(folder: Path, left: int | None) -> None:
    database, log, path = opened(folder)
    for number in range(3):
        log.publish(event(number))
    log.flush()
    if left is None:
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:left])
    log.flush()
    assert numbers(path) == [0, 1, 2]
    database.close()


def test_two_writers_take_turns(folder: Path) -> None:
    first, second = opened(folder), opened(folder)
    for number in range(6):
        log = (first, second)[number % 2][1]
        log.publish(event(number))
        log.flush()
    assert numbers(first[2]) == list(range(6))
    first[0].close()
    second[0].close()


def test_nothing_new_needs_no_writing(folder: Path) -> None:
    database, log, path = opened(folder)
    log.publish(event(1))
    log.flush()
    before = path.stat().st_mtime_ns
    log.flush()
    assert path.stat().st_mtime_ns == before
    database.close()


@given(st.lists(st.one_of(st.integers(0, 9), st.just("flush"), st.just("tear"), st.just("reopen"))))
def test_whatever_happens_each_event_stands_once(
    tmp_path_factory: pytest.TempPathFactory, steps: list[int | str]
) -> None:
    folder = tmp_path_factory.mktemp("log")
    database, log, path = opened(folder)
    said: list[int] = []
    for step in steps:
        if isinstance(step, int):
            log.publish(event(step))
            said += [step] if step not in said else []
        elif step == "flush":
            log.flush()
        elif step == "tear" and path.exists():
            with path.open("ab") as file:
                file.write(b'{"source":"pack')
        elif step == "reopen":
            database.close()
            database, log, path = opened(folder)
    log.flush()
    assert (numbers(path) if path.exists() else []) == said
    database.close()
