"""A batch's pictures and results as one zip, sent to the work bucket while it is written."""

from __future__ import annotations

import zipfile
from typing import Final

from packshot.adapters.aws.multipart import MultipartFile
from packshot.api.kept.orders import DownloadOrder
from packshot.api.kept.zips import chosen, moved, name_in_zip, standing
from packshot.aws_runtime.ports import Ports
from packshot.aws_runtime.side_by_side import SideBySide
from packshot.batches.results import csv_head, csv_line
from packshot.batches.summarise import all_images
from packshot.contracts.records import ImageRecord
from packshot.contracts.stages import RenditionFile
from packshot.errors import RequestError, StorageError

#: Bytes that one call of the worker gets through in its time; a part of them is spent on waiting.
MOST_BYTES: Final = 30_000_000_000


def write_zip(order: DownloadOrder, ports: Ports, key: str) -> int:
    """Writes the zip to `key` of the work bucket; returns its size in bytes.

    Raises:
        RequestError: download_too_large.
        StorageError, StoreUnavailableError: of the buckets; nothing is left behind.
    """
    total = sum(
        one.bytes
        for image in all_images(ports.table, order.batch_id)
        for one in chosen(standing(image, ports.table), order)
    )
    if total > MOST_BYTES:
        reason = f"they have {total / 1e9:.0f} GB, and {MOST_BYTES / 1e9:.0f} GB is the most"
        raise RequestError("download_too_large", reason=reason)
    with MultipartFile(ports.s3, ports.work_bucket, key, "application/zip") as file:
        # Stored as they are: pictures don't get smaller.
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            _write(archive, order, ports)
        return file.size


def _write(archive: zipfile.ZipFile, order: DownloadOrder, ports: Ports) -> None:
    def read(wanted: tuple[ImageRecord, RenditionFile]) -> tuple[str, bytes] | None:
        image, one = wanted
        found: RenditionFile | None = one
        while found is not None:
            try:
                return name_in_zip(found, order), ports.files.get(found.path)
            except StorageError as error:
                if error.code != "store_corrupt":
                    raise
                found = moved(image, found, order, ports.table)
        return None

    def add(found: tuple[str, bytes] | None) -> None:
        if found is not None:
            archive.writestr(*found)

    with SideBySide(read, add, at_once=6) as reading:
        for newest in all_images(ports.table, order.batch_id):
            image = standing(newest, ports.table)
            for one in chosen(image, order):
                reading.add((image, one))
    with archive.open("results.csv", "w") as results:
        results.write(csv_head())
        for image in all_images(ports.table, order.batch_id):
            results.write(csv_line(image))
