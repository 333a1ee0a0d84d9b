"""Lines of jobs: one at a time, cancelled, full, and taken up again by the next server."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from packshot.api.jobs import Job, get_job, new_job, put_job
from packshot.api.local.desks import SIZE, Desks
from packshot.api.local.line import Interrupted, Line
from packshot.api.local.place import Place
from packshot.api.models.jobs import JobKind, JobState
from packshot.errors import RequestError, StorageError
from packshot.local.stopping import Stopping
from packshot.local.store import lock
from packshot.ports import Documents
from tests.api.backends import Api, local_api, photo


@pytest.fixture
def desks(tmp_path: Path) -> Desks:
    return Desks(Place(tmp_path))


def job() -> Job:
    return new_job(JobKind.BATCH, dt.datetime.now(dt.UTC), {}, batch_id="batch-1")


def add(line: Line, desks: Desks, one: Job, *, again: bool = False) -> Job:
    with desks.desk() as desk:
        return line.add(one, desk.documents, again=again)


def cancel(line: Line, desks: Desks, one: Job) -> bool:
    with desks.desk() as desk:
        return line.cancel(one.job_id, desk.documents)


def state(desks: Desks, one: Job) -> Job:
    with desks.desk() as desk:
        return get_job(desk.documents, one.job_id)


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_jobs_are_done_in_order_and_written_down(desks: Desks) -> None:
    done: list[str] = []

    def do(one: Job, stopping: Stopping) -> Job:
        done.append(one.job_id)
        return one.model_copy(update={"bytes": 7})

    line = Line("test", desks, do, 10)
    jobs = [add(line, desks, job()) for _ in range(3)]
    assert [line.find(lambda one, wanted=wanted: one == wanted) for wanted in jobs] == [  # type: ignore[misc]
        (one, ahead) for ahead, one in enumerate(jobs)
    ]
    line.start()
    until(lambda: state(desks, jobs[-1]).state.ended)
    assert done == [one.job_id for one in jobs]
    last = state(desks, jobs[-1])
    assert (last.state, last.bytes) == (JobState.COMPLETED, 7)
    assert last.started_at is not None
    line.close(5)


def test_a_failure_is_told_and_the_line_goes_on(desks: Desks) -> None:
    def do(one: Job, stopping: Stopping) -> Job:
        if one.kind is JobKind.BATCH:
            raise StorageError("disk_full", path="/out")
        raise ValueError("boom")

    line = Line("test", desks, do, 10)
    first = add(line, desks, job())
    second = add(line, desks, job().model_copy(update={"kind": JobKind.DOWNLOAD}))
    line.start()
    until(lambda: state(desks, second).state.ended)
    errors = [state(desks, one).error for one in (first, second)]
    assert [error and error.code for error in errors] == ["disk_full", "internal_error"]
    line.close(5)


def test_a_full_line_says_so(desks: Desks) -> None:
    line = Line("test", desks, lambda one, stopping: one, 2)
    add(line, desks, job())
    add(line, desks, job())
    with pytest.raises(RequestError) as caught:
        add(line, desks, job())
    assert caught.value.code == "queue_full"
    add(line, desks, job(), again=True)


def test_as_many_orders_at_once_as_there_are_connections(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Each request holds a connection; none may wait for another's while it keeps the line locked.
    monkeypatch.setattr("packshot.api.local.desks._PATIENCE_S", 1.0)
    line = Line("test", desks, lambda one, stopping: one, 2 * SIZE)
    together = threading.Barrier(SIZE)

    def order(number: int) -> str:
        with desks.desk() as desk:
            together.wait(10)
            return line.add(job(), desk.documents).job_id

    with ThreadPoolExecutor(SIZE) as requests:
        ordered = set(requests.map(order, range(SIZE)))
    with desks.desk() as desk:
        assert {one["job_id"] for one in desk.documents.page("job").items} == ordered
    assert len(ordered) == SIZE


def test_a_disk_that_is_full_for_a_while_does_not_end_the_line(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    full, refused = threading.Event(), threading.Event()
    full.set()

    def put(documents: Documents, one: Job) -> None:
        if one.state.ended and full.is_set():
            refused.set()
            raise StorageError("disk_full", path="/out")
        put_job(documents, one)

    monkeypatch.setattr("packshot.api.local.line.put_job", put)
    monkeypatch.setattr("packshot.api.local.line._AGAIN_S", 0.01)
    line = Line("test", desks, lambda one, stopping: one, 10)
    first, second = add(line, desks, job()), add(line, desks, job())
    line.start()
    assert refused.wait(10)
    full.clear()
    until(lambda: state(desks, second).state.ended)
    assert [state(desks, one).state for one in (first, second)] == [JobState.COMPLETED] * 2
    line.close(5)


def test_a_line_closes_while_the_disk_is_full(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = threading.Event()

    def put(documents: Documents, one: Job) -> None:
        if one.state.ended:
            refused.set()
            raise StorageError("disk_full", path="/out")
        put_job(documents, one)

    monkeypatch.setattr("packshot.api.local.line.put_job", put)
    line = Line("test", desks, lambda one, stopping: one, 10)
    one = add(line, desks, job())
    line.start()
    assert refused.wait(10)
    line.close(5)
    # The next server does it again.
    assert state(desks, one).state is JobState.RUNNING


def test_waiting_and_running_jobs_are_cancelled(desks: Desks) -> None:
    running = threading.Event()

    def do(one: Job, stopping: Stopping) -> Job:
        running.set()
        until(lambda: stopping.asked)
        raise Interrupted

    line = Line("test", desks, do, 10)
    first, second = add(line, desks, job()), add(line, desks, job())
    line.start()
    running.wait(10)
    assert cancel(line, desks, second)
    assert cancel(line, desks, first)
    until(lambda: state(desks, first).state.ended)
    assert [state(desks, one).state for one in (first, second)] == [JobState.CANCELLED] * 2
    assert not cancel(line, desks, first)
    line.close(5)


def test_what_a_closed_line_has_not_done_waits(desks: Desks) -> None:
    running = threading.Event()

    def do(one: Job, stopping: Stopping) -> Job:
        running.set()
        until(lambda: stopping.asked)
        raise Interrupted

    line = Line("test", desks, do, 10)
    jobs = [add(line, desks, job()) for _ in range(2)]
    line.start()
    running.wait(10)
    line.close(10)
    assert [state(desks, one).state for one in jobs] == [JobState.QUEUED] * 2


def started(api: Api, words: str = "ok 1", **request: Any) -> dict[str, Any]:
    folder = api.upload({f"mugs/{words.replace(' ', '-')}.gif": photo(words)})
    answer = api.post("/batches", {"photos": {"folder_id": folder["folder_id"]}, **request})
    batch: dict[str, Any] = answer.json()["batch"]
    return batch


def test_a_job_that_can_not_be_written_down_as_cancelled_waits_on(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(documents: Documents, one: Job) -> None:
        raise StorageError("disk_full", path="/out")

    line = Line("test", desks, lambda one, stopping: one, 10)
    one = add(line, desks, job())
    with monkeypatch.context() as patched:
        patched.setattr("packshot.api.local.line.put_job", full)
        with pytest.raises(StorageError):
            cancel(line, desks, one)
    assert line.find(lambda found: found == one) == (one, 0)
    assert state(desks, one).state is JobState.QUEUED
    assert cancel(line, desks, one)
    assert line.find(lambda found: found == one) is None


def test_a_batch_waits_while_a_terminal_is_at_work_and_can_be_cancelled(tmp_path: Path) -> None:
    with local_api(tmp_path / "out") as api:
        with lock(tmp_path / "out"):
            first, second = started(api), started(api, "ok 2")
            assert api.found(second["links"]["self"])["progress"]["ahead"] == 1
            retry = api.post(f"/batches/{first['batch_id']}/retry", {})
            assert (retry.status_code, retry.json()["code"]) == (409, "batch_state")
            assert api.post(f"/batches/{second['batch_id']}/cancel").status_code == 202
            cancelled = api.ended(second)
            assert (cancelled["status"], cancelled["error"]["code"]) == ("failed", "batch_cancelled")
        assert api.ended(first)["status"] == "completed"
        again = api.post(f"/batches/{first['batch_id']}/cancel")
        assert (again.status_code, again.json()["code"]) == (409, "batch_state")
        # What was cancelled goes on when it is tried again.
        api.done(api.post(f"/batches/{second['batch_id']}/retry", {}).json())
        assert api.found(second["links"]["self"])["status"] == "completed"


def test_a_batch_is_cancelled_over_its_requests_own_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As many at once as there are connections would each wait for another one.
    monkeypatch.setattr("packshot.api.local.desks.SIZE", 1)
    monkeypatch.setattr("packshot.api.local.desks._PATIENCE_S", 2.0)
    with local_api(tmp_path / "out") as api, lock(tmp_path / "out"):
        batch = started(api, "ok 3")
        answer = api.post(f"/batches/{batch['batch_id']}/cancel")
        assert (answer.status_code, answer.json().get("status")) == (202, "failed")


def test_a_retry_that_is_cancelled_before_it_begins_leaves_its_batch_as_it_was(tmp_path: Path) -> None:
    with local_api(tmp_path / "out") as api:
        before = api.ended(started(api, "corrupt 9"))
        with lock(tmp_path / "out"):
            job = api.post(f"/batches/{before['batch_id']}/retry", {}).json()
            until(lambda: api.found(job["links"]["self"])["state"] == "running")
            assert api.post(f"/batches/{before['batch_id']}/cancel").status_code == 202
            assert api.done(job)["state"] == "cancelled"
        after = api.found(before["links"]["self"])
        assert (after["status"], after["error"]) == (before["status"], None) == ("completed", None)


def test_the_next_server_goes_on(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with lock(out), local_api(out) as api:
        batch = started(api)
    with local_api(out) as api:
        assert api.ended(batch)["counts"]["completed"] == 1


def test_a_job_that_was_running_when_the_server_died_is_done_again(tmp_path: Path, desks: Desks) -> None:
    out = tmp_path / "out"
    with lock(out), local_api(out) as api:
        batch = started(api)
    there = Desks(Place(out.resolve()))
    with there.desk() as desk:
        page = desk.documents.page("job")
        dead = Job.model_validate(page.items[0]).model_copy(update={"state": JobState.RUNNING})
        put_job(desk.documents, dead)
    there.close()
    with local_api(out) as api:
        assert api.ended(batch)["status"] == "completed"
