"""From requests to orders: which list, which of its rows, which settings."""

from __future__ import annotations

import json
import re
import secrets
import time
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from packshot.adapters.local.disk import whole_file
from packshot.api import configs
from packshot.api.backend import Desk
from packshot.api.jobs import page_of_jobs
from packshot.api.local.lists import LocalLists, selection_of
from packshot.api.local.orders import RunOrder, run_order_of
from packshot.api.local.place import Place
from packshot.api.local.shelves import Shelves
from packshot.api.local.sources import Named, Sources
from packshot.api.local.uploads import LocalUploads
from packshot.api.models.batches import BatchRequest
from packshot.api.models.enhance import EnhanceSettings
from packshot.api.models.jobs import JobKind
from packshot.api.models.settings import PictureSettings
from packshot.api.singles import MARK
from packshot.errors import RequestError
from packshot.local.express import look_at
from packshot.local.request import RunRequest
from packshot.local.runner import Machinery
from packshot.local.survey import Opened
from packshot.manifests.source import Manifest
from packshot.presets import DEFAULT_PRESET, load_preset

_UNFIT: Final = re.compile(r"[^\w.-]+")
_SETTINGS: Final = ("preset", "mode", "background", "target_size_kb", "model", "reference")


@dataclass(frozen=True, slots=True)
class Ordered:
    """An order, and the list that it is about."""

    named: Named
    manifest: Manifest
    order: RunOrder


class Ordering:
    """Makes orders.

    Args:
        place: the folders.
        lists, sources, uploads: what can be worked on.
        machinery: what it will be done with.
    """

    def __init__(
        self,
        place: Place,
        lists: LocalLists,
        sources: Sources,
        uploads: LocalUploads,
        machinery: Machinery,
    ) -> None:
        self._place = place
        self._lists = lists
        self._sources = sources
        self._uploads = uploads
        self._machinery = machinery
        self._shelves = Shelves()

    @property
    def roots(self) -> tuple[Path, ...]:
        """Folders besides their lists' own that photos may lie under."""
        return self._sources.roots

    def batch(self, desk: Desk, request: BatchRequest, *, dry: bool = False) -> Ordered:
        """The order of a batch: the request's settings, else the list's, else those of its configs.

        Args:
            desk: the ports.
            request: what is asked for.
            dry: it will not be run, so nothing is taken for it.

        Raises:
            RequestError: what is named is not there; configs_disagree.
            ManifestError, SettingsError: the list can't be read.
        """
        named = self._lists.of_batch(desk, request)
        manifest = self._sources.open(named)
        options = dict(manifest.batch_options.get("options") or {})
        asked = PictureSettings(
            preset=request.preset or manifest.batch_options.get("preset"),
            target_size_kb=request.target_size_kb or options.get("target_size_kb"),
            model=request.model or options.get("model"),
        )
        gathered = configs.gather(desk.documents, manifest.rows, selection_of(request), asked)
        chosen = {name: getattr(request, name) for name in _SETTINGS if getattr(request, name) is not None}
        facts: dict[str, Any] = gathered.of_batch | chosen
        preset = load_preset(facts.get("preset") or asked.preset or DEFAULT_PRESET)
        order = RunOrder(
            source=self._sources.written(named.source),
            columns=named.columns,
            limit=request.limit,
            strict=request.strict,
            rules=gathered.rules,
            shelf=self._shelves.of(preset, desk.table, take=not dry),
            **facts,
        )
        return Ordered(named, manifest, order)

    def single(self, desk: Desk, source: str, settings: EnhanceSettings) -> RunOrder:
        """The order of one photo, whose list is written down beside the uploads.

        Args:
            desk: the ports.
            source: an https address, or the id of an upload.
            settings: how it is to be finished.

        Raises:
            RequestError: upload_unknown, upload_incomplete, upload_type_refused.
        """
        if source.startswith("https://"):
            written, stem = source, PurePosixPath(unquote(urlsplit(source).path)).stem
        else:
            folder, upload = self._uploads.find_received(desk, source)
            if not upload.is_picture:
                raise RequestError("upload_type_refused", content_type=upload.content_type)
            self._uploads.mark_used(desk, folder)
            path = self._uploads.path(folder, upload.path)
            written, stem = path.relative_to(self._place.uploads).as_posix(), path.stem
        token = secrets.token_hex(4)
        row = {
            "image_url": written,
            "product_group_id": settings.product_group_id,
            # A name of its own, so that it does not replace a catalogue's picture by accident.
            "sku_id": settings.sku_id or f"{_UNFIT.sub('-', stem)[:80].strip('-.') or 'photo'}-{token}",
            "image_type": settings.image_type,
        }
        name = f"{MARK}{time.time_ns() // 1_000_000:012x}{token}.jsonl"
        with whole_file(self._place.uploads / name) as file:
            file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
        preset = load_preset(settings.preset or DEFAULT_PRESET)
        shelf = self._shelves.of(preset, desk.table, take=True)
        return run_order_of(settings, name).model_copy(update={"shelf": shelf})

    def request(self, order: RunOrder) -> RunRequest:
        """An order as the runner wants it."""
        return order.request(self._place.uploads, self._place.root, self.roots, None)

    def look_at(self, order: RunOrder) -> Opened:
        """What an order would run; errors as the runner's."""
        return look_at(self.request(order), self._machinery)


def order_of(desk: Desk, batch_id: str) -> dict[str, Any] | None:
    """What a batch was begun with, if that is still known."""
    cursor: str | None = None
    while True:
        jobs, cursor = page_of_jobs(desk.documents, 500, cursor)
        for job in jobs:
            if job.batch_id == batch_id and job.kind is JobKind.BATCH:
                return job.order
        if cursor is None:
            return None
