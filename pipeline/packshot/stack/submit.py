"""A manifest, folder or glob becomes a batch on AWS: its photos travel, then its rows, which start it."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
import socket
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, Final

from packshot.adapters.aws.errors import translated
from packshot.adapters.aws.objects import S3ObjectStore
from packshot.adapters.fetch_files import FileReader
from packshot.batches.plan import effective_reference
from packshot.batches.survey import Survey
from packshot.contracts import ids
from packshot.contracts.base import Status
from packshot.contracts.manifest import RowError
from packshot.contracts.task import BatchSettings, ImageTask
from packshot.contracts.work_keys import MANIFESTS, PHOTOS, ROWS_ENDING
from packshot.errors import PackshotError
from packshot.local.options import settings_of
from packshot.local.request import RunRequest
from packshot.local.survey import survey
from packshot.manifests import Manifest, SourceOptions, open_source
from packshot.manifests.formats import Kind
from packshot.manifests.prepared import write_rows
from packshot.manifests.uploaded import place_of
from packshot.presets import list_presets
from packshot.presets.loader import DEFAULT_PRESET
from packshot.stack.deployed import Stack
from packshot.stack.photos import LocalPhoto, Sent, send_photos

#: A manifest that was sent so long ago and has no batch yet was lost on the way, and is sent again.
_LOST_AFTER: Final = dt.timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Submission:
    """What was handed over.

    Attributes:
        batch_id: of the batch; empty of a dry run.
        manifest: address of the rows; where they would lie, of a dry run.
        total: images, bad rows included.
        rejected_rows: of those.
        row_errors: what is wrong with them.
        photos: what became of the local photos.
        known: it was handed over before, just like this, and nothing was started.
    """

    batch_id: str
    manifest: str
    total: int
    rejected_rows: int
    row_errors: tuple[RowError, ...]
    photos: Sent
    known: bool = False


#: Is told how many photos have gone, and how many there are.
Told = Callable[[Sent, int], None]


def submit(stack: Stack, request: RunRequest, told: Told) -> Submission:
    """Hands a source of photos over to a stack, whose batch then runs by itself.

    Handed over again just as it was, it is the same batch; `request.fresh` makes another one of it.

    Args:
        stack: where to.
        request: as of a local run; `out` and `jobs` have no say.
        told: after each photo.

    Raises:
        ManifestError, SettingsError: as a local run.
        StackError, StorageError, StoreUnavailableError: of AWS.
    """
    manifest = open_source(
        request.source, SourceOptions(columns=request.columns, allow_roots=request.allow_roots)
    )
    now = dt.datetime.now(dt.UTC)
    settings = settings_of(request, manifest, now.date())
    surveyed = survey(request, manifest, settings, now)
    name = _folder_name(manifest, request.source)
    rows_key = f"{MANIFESTS}{name}/{name}{ROWS_ENDING}"
    made = Submission(
        batch_id="",
        manifest=f"s3://{stack.uploads}/{rows_key}",
        total=surveyed.batch.total,
        rejected_rows=surveyed.batch.rejected_rows,
        row_errors=surveyed.row_errors,
        photos=Sent(),
    )
    if request.dry_run:
        return made
    sent = _send(stack, surveyed, manifest, f"{PHOTOS}{name}", told)
    options = _batch_options(request, manifest, settings)
    with tempfile.TemporaryFile() as file:
        write_rows(file, options, surveyed.rows(settings), sent.digest)
        batch_id, known = _put_rows(stack, rows_key, file, fresh=request.fresh)
    return replace(made, batch_id=batch_id, photos=sent, known=known)


def _send(stack: Stack, surveyed: Survey, manifest: Manifest, photos_at: str, told: Told) -> Sent:
    folder = f"s3://{stack.uploads}/{photos_at}"
    count = sum(1 for _ in _local_photos(surveyed, manifest, folder))
    return send_photos(
        _local_photos(surveyed, manifest, folder),
        S3ObjectStore(stack.ports.s3, stack.uploads, f"{photos_at}/"),
        FileReader(manifest.roots),
        lambda sent: told(sent, count),
    )


def _folder_name(manifest: Manifest, source: str) -> str:
    """A name that is the same each time, and another one for another folder or machine."""
    place = Path(manifest.base.place)
    if source == "-":
        called = "standard-input"
    elif manifest.kind in (Kind.FOLDER, Kind.GLOB):
        called = place.name
    else:
        called = Path(source).stem
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", called).strip(".-")[:60] or "photos"
    told = "\0".join((socket.gethostname(), manifest.base.place, Path(source).name))
    return f"{plain}-{hashlib.sha256(told.encode('utf-8', 'surrogateescape')).hexdigest()[:10]}"


def _local_photos(surveyed: Survey, manifest: Manifest, folder: str) -> Iterator[LocalPhoto]:
    """Each photo and reference of this machine once; what lies behind an address stays there."""
    settings = surveyed.batch.settings
    seen: set[str] = set()
    for task in surveyed.planned(settings):
        if not isinstance(task, ImageTask):
            continue
        for written in (task.row.image_url, effective_reference(task.row, task.overrides, settings)):
            if not written:
                continue
            try:
                path, place = manifest.resolve(written), place_of(written, folder)
            except PackshotError:
                # A reference that can't be one: its images say so.
                continue
            if "://" not in path and place not in seen:
                seen.add(place)
                yield LocalPhoto(written, path, place.removeprefix(f"{folder}/"))


def _batch_options(request: RunRequest, manifest: Manifest, settings: BatchSettings) -> dict[str, Any]:
    """The batch's options as they travel: a packaged preset by its name, a seller's own as a whole."""
    name = request.preset or manifest.batch_options.get("preset") or DEFAULT_PRESET
    packaged = name in list_presets()
    options = settings.model_dump(
        mode="json", include={"mode", "background", "target_size_kb"}, exclude_none=True
    )
    # Only one that was asked for: else it is the preset's, or what the stack takes when nobody says.
    asked = request.model or (manifest.batch_options.get("options") or {}).get("model")
    if asked is not None:
        options["model"] = asked
    said: dict[str, Any] = {
        "preset": name if packaged else settings.preset.model_dump(mode="json", exclude_none=True),
        "options": options,
    }
    if settings.reference is not None:
        said["reference"] = settings.reference
    return said


def _put_rows(stack: Stack, key: str, file: IO[bytes], *, fresh: bool) -> tuple[str, bool]:
    """Puts the rows, which starts the batch, unless the same ones have started one before.

    Returns:
        The batch's id, and whether it was known.
    """
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256")  # type: ignore[arg-type]  # a temporary file is one to read
    if not fresh:
        known = _known_batch(stack, key, digest.hexdigest())
        if known is not None:
            return known, True
    file.seek(0)
    with translated(f"s3://{stack.uploads}/{key}"):
        answer = stack.ports.s3.put_object(
            Bucket=stack.uploads,
            Key=key,
            Body=file,
            ContentType="application/x-ndjson",
            ChecksumSHA256=base64.b64encode(digest.digest()).decode(),
        )
    return ids.batch_id(stack.uploads, key, answer.get("VersionId", "")), False


def _known_batch(stack: Stack, key: str, sha256: str) -> str | None:
    found = S3ObjectStore(stack.ports.s3, stack.uploads).stat(key)
    if found is None or found.sha256 != sha256:
        return None
    batch_id = ids.batch_id(stack.uploads, key, found.version_id or "")
    batch = stack.ports.table.get_batch(batch_id)
    if batch is None:
        return batch_id if _age(stack, key) < _LOST_AFTER else None
    # One that could not be run at all may be tried again as it is.
    return None if batch.status is Status.FAILED else batch_id


def _age(stack: Stack, key: str) -> dt.timedelta:
    with translated(f"s3://{stack.uploads}/{key}"):
        head = stack.ports.s3.head_object(Bucket=stack.uploads, Key=key)
    put_at: dt.datetime = head["LastModified"]
    return dt.datetime.now(dt.UTC) - put_at
