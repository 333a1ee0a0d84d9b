"""Orders as the runner on this machine wants them."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path
from typing import Any

from packshot.adapters.local.disk import whole_file
from packshot.api.backend import Desk
from packshot.api.kept.lists import KeptLists
from packshot.api.kept.ordering import Ordered, order_batch, single_row
from packshot.api.kept.orders import RunOrder, run_order_of
from packshot.api.local.place import Place
from packshot.api.local.shelves import Shelves
from packshot.api.local.sources import Sources
from packshot.api.local.uploads import LocalUploads
from packshot.api.models.batches import BatchRequest
from packshot.api.models.enhance import EnhanceSettings
from packshot.api.singles import MARK
from packshot.local.express import look_at
from packshot.local.request import RunRequest
from packshot.local.runner import Machinery
from packshot.local.survey import Opened
from packshot.presets import DEFAULT_PRESET, load_preset


def run_request(
    order: RunOrder, place: Place, roots: tuple[Path, ...], jobs: int | None = None
) -> RunRequest:
    """An order as the runner wants it."""
    apart = ("source", "columns", "rules")
    facts: dict[str, Any] = {
        name: getattr(order, name) for name in RunOrder.model_fields if name not in apart
    }
    return RunRequest(
        source=str(place.uploads / order.source),
        out=place.root,
        jobs=jobs,
        allow_roots=roots,
        columns=order.columns,
        rules=order.rules,
        mixed=True,
        # Photos of two uploads may be called alike, and a retry must find those that its batch is about.
        place=order.source,
        **facts,
    )


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
        lists: KeptLists,
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
        """The order of a batch; errors as `packshot.api.kept.ordering.order_batch`.

        Args:
            desk: the ports.
            request: what is asked for.
            dry: it will not be run, so nothing is taken for it.
        """
        ordered = order_batch(desk, request, self._lists, self._sources)
        shelf = self._shelves.of(ordered.preset, desk.table, take=not dry)
        return dataclasses.replace(ordered, order=ordered.order.model_copy(update={"shelf": shelf}))

    def single(self, desk: Desk, source: str, settings: EnhanceSettings) -> RunOrder:
        """The order of one photo, whose list is written down beside the uploads.

        Args:
            desk: the ports.
            source: an https address, or the id of an upload.
            settings: how it is to be finished.

        Raises:
            RequestError: upload_unknown, upload_incomplete, upload_type_refused.
        """
        row = single_row(desk, source, settings, self._uploads)
        name = f"{MARK}{time.time_ns() // 1_000_000:012x}{row.token}.jsonl"
        with whole_file(self._place.uploads / name) as file:
            file.write(row.line)
        preset = load_preset(settings.preset or DEFAULT_PRESET)
        shelf = self._shelves.of(preset, desk.table, take=True)
        return run_order_of(settings, name).model_copy(update={"shelf": shelf})

    def request(self, order: RunOrder) -> RunRequest:
        """An order as the runner wants it."""
        return run_request(order, self._place, self.roots)

    def look_at(self, order: RunOrder) -> Opened:
        """What an order would run; errors as the runner's."""
        return look_at(self.request(order), self._machinery)
