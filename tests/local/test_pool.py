"""What the parent makes of its worker processes."""

from __future__ import annotations

import os
import struct
from collections import deque
from multiprocessing import Pipe

import pytest

from packshot.local.pool import _Worker
from packshot.local.worker import IMAGE, Job
from tests import worlds


@pytest.mark.parametrize("written", [b"", struct.pack("!i", 1000) + b"the first bytes of an answer"])
def test_a_worker_that_dies_in_the_middle_of_an_answer_gives_none(written: bytes) -> None:
    worker = _Worker.__new__(_Worker)  # the parent's side alone, without a process
    worker.pipe, theirs = Pipe()
    worker.jobs = deque([Job(IMAGE, worlds.task(1))])
    os.write(theirs.fileno(), written)
    theirs.close()
    assert worker.receive() is None
    assert len(worker.jobs) == 1, "the job is still its, so that it is counted as lost"
