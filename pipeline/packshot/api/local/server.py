"""The server on one machine, put together: backend, application, edge, page."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool

from packshot.adapters.local.disk import translated
from packshot.api.app import create_app
from packshot.api.backend import USUAL, Limits
from packshot.api.cursors import Cursors
from packshot.api.kept.lists import KeptLists
from packshot.api.local.desks import Desks, LocalDesk
from packshot.api.local.edge import Edge, EdgeSettings
from packshot.api.local.files import LocalFiles
from packshot.api.local.ordering import Ordering
from packshot.api.local.pictures import LocalPictures
from packshot.api.local.place import Place
from packshot.api.local.routes import router
from packshot.api.local.runs import Runs
from packshot.api.local.singles import Singles
from packshot.api.local.site import Site, page_folder
from packshot.api.local.sources import Sources
from packshot.api.local.sums import LocalSums
from packshot.api.local.tidying import Tidying
from packshot.api.local.tokens import Tokens
from packshot.api.local.uploads import LocalUploads
from packshot.api.local.work import Lines, LocalWork
from packshot.api.local.zips import Zips
from packshot.local.runner import DEFAULT, Machinery

#: Seconds that work gets to end in when the server does.
_GRACE_S: Final = 25.0


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """What a server is started with.

    Attributes:
        out: the output folder; made when it is not there.
        edge: how it may be reached.
        token: whoever has it may do everything.
        jobs: worker processes of a batch; None for one per core.
        allow_roots: folders of this machine that rows may name photos of.
        page: the built page; None for the one in the package.
        limits: what is taken.
        warm: keep a worker process ready for single photos from the beginning.
    """

    out: Path
    edge: EdgeSettings
    token: str
    jobs: int | None = None
    allow_roots: tuple[Path, ...] = ()
    page: Path | None = None
    limits: Limits = USUAL
    warm: bool = True


class _Sums(LocalSums):
    """Sums, and the files that follow when something has changed."""

    def __init__(self, changed: Callable[[], None]) -> None:
        super().__init__()
        self._tell = changed

    def forget(self, *batch_ids: str) -> None:
        super().forget(*batch_ids)
        if batch_ids:
            self._tell()


class LocalBackend:
    """The backend on one machine.

    Args:
        settings: of the server.
        machinery: what work is done with; tests bring their own.
    """

    def __init__(self, settings: ServerSettings, machinery: Machinery = DEFAULT) -> None:
        place = Place(settings.out.resolve())
        secret = hashlib.sha256(b"packshot seal " + settings.token.encode()).digest()
        self.limits = settings.limits
        self.cursors = Cursors(secret)
        self.place = place
        with translated(place.uploads):
            place.uploads.mkdir(parents=True, exist_ok=True)
        self.desks = Desks(place)
        self.uploads = LocalUploads(place, settings.limits, secret)
        roots = tuple(root.resolve() for root in settings.allow_roots)
        sources = Sources(place, self.uploads, roots, settings.limits.manifest_bytes)
        self.lists = KeptLists(sources, self.uploads)
        self.pictures = LocalPictures()
        self.files = LocalFiles(place, self.desks, self.uploads, roots)
        self._lines = Lines(
            runs=Runs(place, self.desks, machinery, settings.jobs, roots, self._ended),
            singles=Singles(place, self.desks, machinery, roots, self._ended),
            zips=Zips(place, self.desks),
        )
        runs = self._lines.runs.line
        self._tidying = Tidying(self.desks, busy=lambda: runs.find(lambda job: True) is not None)
        self.sums: LocalSums = _Sums(self._tidying.changed)
        ordering = Ordering(place, self.lists, sources, self.uploads, machinery)
        self.work = LocalWork(self._lines, ordering, self.uploads, machinery)
        self.work.backend = self
        self._warm = settings.warm

    def desk(self) -> AbstractContextManager[LocalDesk]:
        """The ports, for one request."""
        return self.desks.desk()

    def models(self) -> tuple[str, ...]:
        """Names of the background networks."""
        from packshot.matting.registry import list_models  # noqa: PLC0415 - heavy

        return tuple(entry.name for entry in list_models())

    def open(self) -> None:
        """Begins to work, with what an earlier server has left."""
        with self.desks.desk() as desk:
            self.work.go_on(desk)
        self._lines.zips.prune()
        self.files.prune()
        for line in self._lines.all:
            line.start()
        self._tidying.start()
        if self._warm:
            threading.Thread(target=self._lines.singles.warm_up, name="packshot-warm-up", daemon=True).start()

    def close(self) -> None:
        """Ends; a batch that runs goes on with the next server."""
        for line in self._lines.all:
            line.close(_GRACE_S)
        self._lines.singles.close()
        self._tidying.close()
        self.desks.close()

    def _ended(self, batch_id: str) -> None:
        """A job has changed a batch."""
        self.sums.forget(batch_id)
        with self.desks.desk() as desk:
            self.sums.ended(desk, batch_id)


def local_app(settings: ServerSettings, machinery: Machinery = DEFAULT) -> tuple[FastAPI, Edge]:
    """The application, and what a server serves: the same behind its edge."""
    backend = LocalBackend(settings, machinery)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        del app
        await run_in_threadpool(backend.open)
        try:
            yield
        finally:
            await run_in_threadpool(backend.close)

    app = create_app(backend, (router,), lifespan)
    app.state.files = backend.files
    site = Site(app, page_folder(settings.page))
    return app, Edge(site, settings.edge, Tokens(settings.token))
