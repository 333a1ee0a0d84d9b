"""What befalls a run from outside: workers, stages, rights, other runs, being stopped."""

from __future__ import annotations

import dataclasses
import os
import tempfile
from pathlib import Path

import pytest

from packshot.contracts.base import Status
from packshot.errors import InternalError, StorageError
from packshot.local.request import Progress, RunRequest
from packshot.local.runner import Machinery, run
from packshot.local.stopping import Stopping
from packshot.local.store import lock
from tests.local import fake_stages
from tests.local.catalogues import (
    by_source,
    image_events,
    photos,
    pictures,
    results,
    run_folder,
)
from tests.local.fake_stages import FAKE


def test_two_runs_at_once_are_refused(source: Path, out: Path) -> None:
    out.mkdir()
    with lock(out), pytest.raises(StorageError) as caught:
        run_folder(source, out)
    assert caught.value.code == "output_locked"


def test_an_output_that_can_t_be_made(source: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError) as caught:
        run_folder(source, tmp_path / "file" / "out")
    assert caught.value.code == "output_not_writable"


@pytest.mark.parametrize("options", [{}, {"fresh": True}, {"dry_run": True}], ids=["plain", "fresh", "dry"])
def test_an_output_of_a_name_longer_than_names_may_be(
    source: Path, tmp_path: Path, options: dict[str, bool]
) -> None:
    with pytest.raises(StorageError) as caught:
        run_folder(source, tmp_path / ("x" * 300), **options)
    assert caught.value.code == "output_not_writable"


def test_a_reference_that_may_come_is_tried_twice(tmp_path: Path, out: Path) -> None:
    source = photos(tmp_path / "in", {"a.jpg": "flaky ok", "b.jpg": "ok"})
    result = run_folder(source, out, reference="a.jpg")
    assert result.batch.counts == {"auto_approved": 2, "completed": 2}
    assert image_events(out)["a.jpg"] == ["Image Processed"]


def test_a_photo_that_may_come_is_tried_by_its_stage_alone(tmp_path: Path, out: Path) -> None:
    source = photos(tmp_path / "in", {"a.jpg": "away", "b.jpg": "ok"})
    result = run_folder(source, out)
    assert result.batch.counts == {"auto_approved": 1, "completed": 1, "failed": 1}
    assert by_source(out)["a.jpg"]["error"]["code"] == "source_timeout"
    # `run_all` has gone through the workflow's attempts; going through them again would double each wait.
    assert (source / "a.jpg.tries").read_text() == "x"


def test_a_worker_that_dies_takes_one_photo_at_most(tmp_path: Path, out: Path) -> None:
    words = {"dies.jpg": "die", "once.jpg": "die-once ok", **{f"{n}.jpg": f"ok {n}" for n in range(12)}}
    result = run_folder(photos(tmp_path / "in", words), out)
    assert result.batch.counts == {"auto_approved": 13, "completed": 13, "failed": 1}
    assert by_source(out)["dies.jpg"]["error"]["code"] == "worker_lost"
    assert by_source(out)["once.jpg"]["revision"] == 0
    # Its cause lies outside of the photo, so the same command tries it again.
    (tmp_path / "in" / "dies.jpg").write_text("ok after all")
    assert run_folder(tmp_path / "in", out).processed == 1


def test_a_stage_that_hangs_is_ended_by_name(tmp_path: Path, out: Path) -> None:
    source = photos(tmp_path / "in", {"hangs.jpg": "hang", "a.jpg": "ok", "b.jpg": "ok b"})
    result = run_folder(source, out, Machinery(code=FAKE, patience=0.05))
    assert result.batch.counts == {"auto_approved": 2, "completed": 2, "failed": 1}
    error = by_source(out)["hangs.jpg"]["error"]
    assert (error["code"], error["stage"]) == ("stage_timeout", "detect")


def test_being_asked_to_stop_ends_cleanly_and_goes_on(tmp_path: Path, out: Path) -> None:
    words = {f"{number}.jpg": f"slow ok {number}" for number in range(12)}
    source = photos(tmp_path / "in", words)
    stopping = Stopping()

    def ask_in_the_middle(progress: Progress) -> None:
        if progress.done >= 3:
            stopping.ask()

    first = run(
        RunRequest(str(source), out, preset="amazon", jobs=2),
        ask_in_the_middle,
        Machinery(code=FAKE, stopping=stopping),
    )
    assert first.interrupted
    assert first.exit_code == 130
    assert 0 < first.processed < 12
    assert first.batch.status is Status.PROCESSING
    assert first.batch.counts["pending"] == 12 - first.processed
    assert len(results(out)) == first.processed
    assert not list((out / ".packshot").rglob("*.jpg"))
    second = run_folder(source, out)
    assert (second.processed, second.reused) == (12 - first.processed, first.processed)
    assert all(kinds == ["Image Processed"] for kinds in image_events(out).values())
    run_folder(source, tmp_path / "undisturbed")
    assert results(out) == results(tmp_path / "undisturbed")
    assert pictures(out) == pictures(tmp_path / "undisturbed")


def test_a_folder_without_rights() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = photos(folder / "in", {"a.jpg": "ok"})
        folder.chmod(0o555)
        me = os.geteuid()
        try:
            if me == 0:
                # Rights do not bind the superuser; be nobody for a moment.
                os.seteuid(65534)
            with pytest.raises(StorageError) as caught:
                run_folder(source, folder / "out")
        finally:
            os.seteuid(me)
            folder.chmod(0o755)
    assert caught.value.code == "output_not_writable"


def test_processes_that_can_t_begin_end_the_run(source: Path, out: Path) -> None:
    with pytest.raises(InternalError) as caught:
        run_folder(source, out, Machinery(code=dataclasses.replace(FAKE, prepare=fake_stages.die_at_once)))
    assert caught.value.code == "worker_lost"
    assert run_folder(source, out).processed == 5
