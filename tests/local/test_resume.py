"""Whatever is killed, added, changed or decided in whatever order: the end is that of an undisturbed run.

Each run happens in a fork of this process, which kills itself with -9 before its n-th touch of the
outside (a statement of SQLite, a file opened, renamed or removed). Nothing is cleaned up for it.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, rule

from packshot.adapters.local.database import Database
from packshot.contracts.base import QcStatus
from packshot.local.pool import Lost, Pool
from packshot.local.runner import Machinery
from packshot.local.store import TABLE, open_directory
from packshot.local.worker import Answer, Job, Setup, _Worker
from tests.local.catalogues import by_source, decide, image_events, photos, pictures, run_folder
from tests.local.fake_stages import FAKE
from tests.samples import later

WORDS = ("ok", "review", "corrupt", "boom")
_FILES = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir"}


class InlinePool(Pool):
    """Does a job at once, in this process, with the code of the workers."""

    def __init__(self, setup: Setup, size: int, patience: float) -> None:
        super().__init__(setup, size, patience)
        self._worker = _Worker(setup, [-1.0, 0.0], setup.code.load_model)
        self._given: list[Job] = []

    @property
    def room(self) -> bool:
        return len(self._given) < 2

    @property
    def jobs(self) -> list[Job]:
        return list(self._given)

    @property
    def in_work(self) -> list[Job]:
        return self._given[:1]

    def submit(self, job: Job) -> None:
        self._given.append(job)

    def wait(self, timeout: float) -> Iterator[Answer | Lost]:
        while self._given:
            yield self._worker.work(self._given.pop(0))

    def stop(self) -> None:
        self._given.clear()


MACHINERY = Machinery(code=FAKE, pool=InlinePool)


def run_killed(source: Path, out: Path, steps: int | None) -> bool:
    """A run in a fork, killed before its `steps`-th touch; True when it came to its end before that."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            if steps is not None:
                _kill_after(steps, out)
            run_folder(source, out, MACHINERY)
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return False
    assert os.waitstatus_to_exitcode(status) == 0
    return True


def _kill_after(steps: int, out: Path) -> None:
    left = [steps]

    def step() -> None:
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def audit(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _FILES and str(out) in str(arguments[0]):
            step()

    execute = Database.execute

    def counted(self: Database, sql: str, values: Any = ()) -> Any:
        step()
        return execute(self, sql, values)

    Database.execute = counted  # type: ignore[method-assign]  # in the fork only
    sys.addaudithook(audit)


class Resume(RuleBasedStateMachine):
    """A folder of photos, and its output."""

    photos_made = Bundle("photos_made")

    @initialize(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=4))
    def begin(self, words: list[str]) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.source, self.out = self.folder / "in", self.folder / "out"
        self.words: dict[str, str] = {}
        self.approved: set[str] = set()
        self.changes = 0
        for word in words:
            self._write(f"g/{len(self.words)}.jpg", word)

    def _write(self, name: str, word: str) -> None:
        self.changes += 1
        self.words[name] = f"{word} {self.changes}"
        self.approved.discard(name)
        photos(self.source, {name: self.words[name]})

    @rule(word=st.sampled_from(WORDS))
    def add(self, word: str) -> None:
        if len(self.words) < 6:
            self._write(f"g/{len(self.words)}.jpg", word)

    @rule(word=st.sampled_from(WORDS), which=st.integers(0, 5))
    def change(self, word: str, which: int) -> None:
        name = f"g/{which}.jpg"
        if name in self.words:
            self._write(name, word)

    @rule(steps=st.integers(0, 160))
    def run_and_kill(self, steps: int) -> None:
        run_killed(self.source, self.out, steps)

    @rule(which=st.integers(0, 5))
    def approve(self, which: int) -> None:
        name = f"g/{which}.jpg"
        assert run_killed(self.source, self.out, None)
        if name in self.words and approve(self.out, name):
            self.approved.add(name)

    def teardown(self) -> None:
        if not hasattr(self, "folder"):
            return
        assert run_killed(self.source, self.out, None)
        run_folder(self.source, self.folder / "undisturbed", MACHINERY)
        for name in self.approved:
            assert approve(self.folder / "undisturbed", name)
        self._compare(self.out, self.folder / "undisturbed")
        again = run_folder(self.source, self.out, MACHINERY)
        assert again.processed == 0
        shutil.rmtree(self.folder)

    def _compare(self, out: Path, undisturbed: Path) -> None:
        expected = pictures(undisturbed)
        found = pictures(out)
        lines = by_source(out)
        # A photo that breaks leaves what its last good version had delivered; all else is the same.
        broken = {name for name, text in self.words.items() if text.split()[0] in ("corrupt", "boom")}
        kept = {path for path in found if any(f"/{Path(name).stem}." in path for name in broken)}
        assert {path: found[path] for path in found if path not in kept} == expected
        facts = ("status", "qc_status", "renditions", "source_sha256", "score_after")
        for name, line in by_source(undisturbed).items():
            assert {fact: lines[name][fact] for fact in facts} == {fact: line[fact] for fact in facts}
        told = outcomes_told(out)
        # One for each revision of a batch; what was taken over into a later batch was told before.
        assert len(set(told)) == len(told)
        assert {(line["image_id"], line["revision"]) for line in lines.values()} <= {key[1:] for key in told}
        with open_directory(out) as directory:
            assert directory.database.rows("PRAGMA integrity_check") == [("ok",)]


def outcomes_told(out: Path) -> list[tuple[str, str, int]]:
    """Batch, image and revision of each outcome event."""
    data = [json.loads(line) for line in (out / "events.jsonl").read_text().splitlines()]
    return [
        (one["batch_id"], one["image_id"], one["revision"])
        for kind, one in ((event["detail-type"], event["detail"]["data"]) for event in data)
        if kind in ("Image Processed", "Image Needs Review", "Image Failed")
    ]


def approve(out: Path, source: str) -> bool:
    """Approves an image, if it waits for it."""
    with open_directory(out) as directory:
        batch = directory.newest_batch().batch_id
        image = next(one for one in directory.records() if one.source == source)
        if image.qc_status is not QcStatus.NEEDS_REVIEW:
            return False
        decide(directory, "approve", batch, image.image_id, later(1))
        directory.write_results()
        return True


TestResume = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system can't fork")(Resume.TestCase)
Resume.TestCase.settings = settings(
    max_examples=15,
    stateful_step_count=6,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system can't fork")
def test_killed_before_each_single_step(tmp_path: Path) -> None:
    source = photos(tmp_path / "in", {"a.jpg": "ok 1", "b.jpg": "review 2", "c.jpg": "corrupt 3"})
    assert run_killed(source, tmp_path / "undisturbed", None)
    expected = pictures(tmp_path / "undisturbed"), by_source(tmp_path / "undisturbed")
    for steps in range(0, 1000, 5):
        out = tmp_path / f"out-{steps}"
        through = run_killed(source, out, steps)
        if not through:
            assert run_killed(source, out, None)
        found = by_source(out)
        assert (pictures(out), found) == expected
        assert all(len(kinds) == 1 for kinds in image_events(out).values())
        assert (out / TABLE).is_file()
        if through:
            return
    pytest.fail("a thousand steps were not enough")
