"""Single photos and reworks: at once, with a worker process that is kept warm."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final

from packshot.api.jobs import Job
from packshot.api.kept.orders import ReworkOrder, RunOrder
from packshot.api.local.desks import Desks
from packshot.api.local.line import Interrupted, Line
from packshot.api.local.ordering import run_request
from packshot.api.local.place import Place
from packshot.api.models.jobs import JobKind
from packshot.errors import PackshotError
from packshot.local.express import Express
from packshot.local.runner import Machinery
from packshot.local.stopping import Stopping

_LOG: Final = logging.getLogger("packshot.api")
#: Photos that may wait.
_ROOM: Final = 64


class Singles:
    """The line of single photos.

    Args:
        place: the output folder.
        desks: connections.
        machinery: what the work is done with.
        roots: folders besides the lists' own that photos may lie under.
        ended: is told of each batch that a job has worked on.
    """

    def __init__(
        self,
        place: Place,
        desks: Desks,
        machinery: Machinery,
        roots: tuple[Path, ...],
        ended: Callable[[str], None],
    ) -> None:
        self._place = place
        self._roots = roots
        self._ended = ended
        self._express = Express(place.root, machinery)
        self.line = Line("packshot-singles", desks, self._do, _ROOM)

    def warm_up(self) -> None:
        """Starts the process before the first photo comes."""
        try:
            self._express.warm_up()
        except PackshotError as error:
            # The first photo will say so; the server is good for reviews without.
            _LOG.warning("no warm worker: %s", error)

    def close(self) -> None:
        """Ends the process; the line must have been closed."""
        self._express.close()

    def _do(self, job: Job, stopping: Stopping) -> Job:
        try:
            finished = self._finished(job, stopping)
        finally:
            if job.batch_id is not None:
                self._ended(job.batch_id)
        if not finished:
            raise Interrupted
        return job

    def _finished(self, job: Job, stopping: Stopping) -> bool:
        if job.kind is JobKind.REWORK:
            order = ReworkOrder.model_validate(job.order)
            return self._express.rework(
                order.batch_id, order.image_ids, order.overrides, self._roots, stopping
            )
        run_order = RunOrder.model_validate(job.order)
        request = run_request(run_order, self._place, self._roots, 1)
        return self._express.single(request, stopping)
