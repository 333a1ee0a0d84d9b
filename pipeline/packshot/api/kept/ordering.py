"""From requests to orders: which list, which of its rows, which settings."""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from packshot.api import configs
from packshot.api.backend import Desk
from packshot.api.jobs import page_of_jobs
from packshot.api.kept.lists import KeptLists, selection_of
from packshot.api.kept.orders import RunOrder
from packshot.api.kept.sources import KeptSources, Named
from packshot.api.kept.uploads import KeptUploads
from packshot.api.models.batches import BatchRequest
from packshot.api.models.enhance import EnhanceSettings
from packshot.api.models.jobs import JobKind
from packshot.api.models.settings import PictureSettings
from packshot.contracts.preset import Preset
from packshot.manifests.source import Manifest
from packshot.presets import DEFAULT_PRESET, load_preset

_UNFIT: Final = re.compile(r"[^\w.-]+")
_SETTINGS: Final = ("preset", "mode", "background", "target_size_kb", "model", "reference")


@dataclass(frozen=True, slots=True)
class Ordered:
    """An order, and the list that it is about; `preset` is the one that it will be run under."""

    named: Named
    manifest: Manifest
    order: RunOrder
    preset: Preset


def order_batch(desk: Desk, request: BatchRequest, lists: KeptLists, sources: KeptSources) -> Ordered:
    """The order of a batch: the request's settings, else the list's, else those of its configs.

    Raises:
        RequestError: what is named is not there; configs_disagree.
        ManifestError, SettingsError: the list can't be read.
    """
    named = lists.of_batch(desk, request)
    manifest = sources.open(named)
    options = dict(manifest.batch_options.get("options") or {})
    asked = PictureSettings(
        preset=request.preset or manifest.batch_options.get("preset"),
        target_size_kb=request.target_size_kb or options.get("target_size_kb"),
        model=request.model or options.get("model"),
    )
    gathered = configs.gather(desk.documents, manifest.rows, selection_of(request), asked)
    chosen = {name: getattr(request, name) for name in _SETTINGS if getattr(request, name) is not None}
    facts: dict[str, Any] = gathered.of_batch | chosen
    order = RunOrder(
        source=named.source,
        columns=named.columns,
        limit=request.limit,
        strict=request.strict,
        rules=gathered.rules,
        **facts,
    )
    return Ordered(named, manifest, order, load_preset(order.preset or asked.preset or DEFAULT_PRESET))


@dataclass(frozen=True, slots=True)
class SingleRow:
    """One photo as the only row of a list; `token` tells it from others of its name."""

    written: str
    token: str
    values: dict[str, str]

    @property
    def line(self) -> bytes:
        """As JSON Lines."""
        return json.dumps(self.values, ensure_ascii=False).encode() + b"\n"


def single_row(desk: Desk, source: str, settings: EnhanceSettings, uploads: KeptUploads) -> SingleRow:
    """The row of one photo, which is then kept; relative to the place of all uploads.

    Args:
        desk: the ports.
        source: an https address, or the id of an upload.
        settings: whose it is.
        uploads: the folders.

    Raises:
        RequestError: upload_unknown, upload_incomplete, upload_type_refused.
    """
    if source.startswith("https://"):
        written, name = source, unquote(urlsplit(source).path)
    else:
        folder, upload = uploads.find_received(desk, source)
        uploads.mark_used(desk, folder)
        written = name = f"{folder.home}/{upload.path}"
    stem, token = PurePosixPath(name).stem, secrets.token_hex(4)
    values = {
        "image_url": written,
        "product_group_id": settings.product_group_id,
        # A name of its own, so that it does not replace a catalogue's picture by accident.
        "sku_id": settings.sku_id or f"{_UNFIT.sub('-', stem)[:80].strip('-.') or 'photo'}-{token}",
        "image_type": settings.image_type,
    }
    return SingleRow(written, token, values)


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
