"""Downloads: a batch's pictures and results as one zip."""

from __future__ import annotations

import os
import time
import zipfile
from pathlib import Path
from typing import IO, Final

from packshot.adapters.local.disk import translated, whole_file
from packshot.api.jobs import Job
from packshot.api.kept.orders import DownloadOrder
from packshot.api.kept.zips import chosen, moved, name_in_zip, standing
from packshot.api.local.desks import Desks, LocalDesk
from packshot.api.local.line import Interrupted, Line
from packshot.api.local.place import Place
from packshot.batches.results import csv_head, csv_line
from packshot.batches.summarise import all_images
from packshot.contracts.stages import RenditionFile
from packshot.local.stopping import Stopping

#: Downloads that may wait.
_ROOM: Final = 32
#: Zips are kept for so long.
_KEPT_S: Final = 24 * 3600.0


class Zips:
    """The line of downloads.

    Args:
        place: the folders.
        desks: connections.
    """

    def __init__(self, place: Place, desks: Desks) -> None:
        self._place = place
        self._desks = desks
        self.line = Line("packshot-zips", desks, self._do, _ROOM)

    def prune(self) -> None:
        """Removes zips that nobody will come for any more."""
        if not self._place.downloads.is_dir():
            return
        with os.scandir(self._place.downloads) as entries:
            for entry in entries:
                if time.time() - entry.stat().st_mtime > _KEPT_S:
                    Path(entry.path).unlink(missing_ok=True)

    def _do(self, job: Job, stopping: Stopping) -> Job:
        self.prune()
        order = DownloadOrder.model_validate(job.order)
        path = self._place.downloads / f"{job.job_id}.zip"
        with self._desks.desk() as desk, whole_file(path) as file:
            _write(file, order, desk, stopping)
        with translated(path):
            return job.model_copy(update={"bytes": path.stat().st_size})


def _write(file: IO[bytes], order: DownloadOrder, desk: LocalDesk, stopping: Stopping) -> None:
    # Stored as they are: pictures don't get smaller.
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, strict_timestamps=False) as archive:
        for newest in all_images(desk.table, order.batch_id):
            image = standing(newest, desk.table)
            for one in chosen(image, order):
                if stopping.asked:
                    raise Interrupted
                found: RenditionFile | None = one
                while found is not None and not _packed(archive, found, order, desk):
                    found = moved(image, found, order, desk.table)
        with archive.open("results.csv", "w") as results:
            results.write(csv_head())
            for image in all_images(desk.table, order.batch_id):
                results.write(csv_line(image))


def _packed(archive: zipfile.ZipFile, one: RenditionFile, order: DownloadOrder, desk: LocalDesk) -> bool:
    """False when the file is not there, or not any more."""
    try:
        archive.write(desk.directory.files.path(one.path), name_in_zip(one, order))
    except FileNotFoundError:
        return False
    return True
