"""What the parent makes of its worker processes."""

from __future__ import annotations

import os
import signal
import struct
from collections import deque
from multiprocessing import Pipe
from pathlib import Path

import pytest

from packshot.contracts.task import BatchSettings
from packshot.local.pool import Pool, _Worker
from packshot.local.worker import IMAGE, Answer, Job, Setup
from packshot.presets import load_preset
from tests import worlds
from tests.local.fake_stages import FAKE
from tests.samples import NOW


@pytest.mark.parametrize("written", [b"", struct.pack("!i", 1000) + b"the first bytes of an answer"])
def test_a_worker_that_dies_in_the_middle_of_an_answer_gives_none(written: bytes) -> None:
    worker = _Worker.__new__(_Worker)  # the parent's side alone, without a process
    worker.pipe, theirs = Pipe()
    worker.jobs = deque([Job(IMAGE, worlds.task(1))])
    os.write(theirs.fileno(), written)
    theirs.close()
    assert worker.receive() is None
    assert len(worker.jobs) == 1, "the job is still its, so that it is counted as lost"


def test_ctrl_c_while_a_worker_is_born_is_not_its_to_hear(tmp_path: Path) -> None:
    settings = BatchSettings(preset=load_preset("amazon"), as_of=NOW.date())
    pool = Pool(Setup(settings, FAKE, tmp_path, tmp_path, (tmp_path,)), 1)
    try:
        pool.submit(Job(IMAGE, worlds.task(1)))
        os.kill(pool._workers[0].process.pid or 0, signal.SIGINT)  # it has not come to Python's first line
        answers = list(pool.wait(60))
        assert [type(one) for one in answers] == [Answer]
    finally:
        pool.stop()
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())
