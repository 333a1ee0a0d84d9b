"""Imports: lists that are kept, and what of them a batch takes."""

from __future__ import annotations

import datetime as dt
import secrets
import time
from pathlib import PurePosixPath
from typing import Any, Final

from packshot.api.backend import Desk
from packshot.api.kept.sources import KeptSources, Named
from packshot.api.kept.uploads import KeptUploads
from packshot.api.lists import look_through
from packshot.api.models.batches import (
    BatchRequest,
    ImportPage,
    ImportRequest,
    ImportView,
    ListCheck,
)
from packshot.batches.row_rules import RowRules
from packshot.contracts.manifest import ManifestRow
from packshot.errors import ManifestError, RequestError

_KIND: Final = "import"


class KeptLists:
    """Lists of photos.

    Args:
        sources: finds and opens them.
        uploads: the folders that they lie in.
    """

    def __init__(self, sources: KeptSources, uploads: KeptUploads) -> None:
        self._sources = sources
        self._uploads = uploads

    def check(self, desk: Desk, request: ImportRequest) -> ListCheck:
        manifest = self._sources.open(self._sources.named(desk, request))
        return ListCheck(**look_through(manifest.rows))

    def keep(self, desk: Desk, request: ImportRequest) -> ImportView:
        named = self._sources.named(desk, request)
        facts = look_through(self._sources.open(named).rows)
        self._uploads.mark_used(desk, named.folder)
        view = ImportView(
            # Later ones have greater ids.
            import_id=f"imp-{time.time_ns() // 1_000_000:012x}{secrets.token_hex(4)}",
            folder_id=named.folder.folder_id,
            name=_name_of(named),
            created_at=dt.datetime.now(dt.UTC),
            **facts,
        )
        kept: dict[str, Any] = view.model_dump(mode="json") | {
            "row_errors": [],
            "source": named.source,
            "columns": named.columns,
        }
        desk.documents.put(_KIND, view.import_id, kept)
        return view

    def imports(self, desk: Desk, limit: int, cursor: str | None) -> ImportPage:
        page = desk.documents.page(_KIND, limit, cursor, newest=True)
        return ImportPage(
            items=tuple(ImportView.model_validate(one) for one in page.items), cursor=page.cursor
        )

    def of_batch(self, desk: Desk, request: BatchRequest) -> Named:
        """The list of a batch.

        Raises:
            RequestError: import_unknown; selection_empty when no import has such photos.
        """
        if request.photos is not None:
            return self._sources.named(desk, request.photos)
        if request.import_id is not None:
            found = desk.documents.get(_KIND, request.import_id)
            if found is None:
                raise RequestError("import_unknown", import_id=request.import_id)
            return self._named(desk, found)
        return self._newest_with(desk, selection_of(request))

    def _newest_with(self, desk: Desk, rules: RowRules) -> Named:
        cursor: str | None = None
        while True:
            page = desk.documents.page(_KIND, 50, cursor, newest=True)
            for found in page.items:
                named = self._named(desk, found)
                try:
                    photos = self._sources.open(named).rows
                except ManifestError:
                    # Somebody has removed its files since; earlier imports may have such photos.
                    continue
                if any(isinstance(row, ManifestRow) and rules.takes(row) for row in photos):
                    return named
            cursor = page.cursor
            if cursor is None:
                what = [rules.product_group_id and f"the product group {rules.product_group_id}"]
                what += [rules.sku_id and f"the SKU {rules.sku_id}"]
                raise RequestError("selection_empty", what=" and ".join(one for one in what if one))

    def _named(self, desk: Desk, found: dict[str, Any]) -> Named:
        folder = self._uploads.facts(desk, found["folder_id"])
        return Named(folder, found["source"], dict(found["columns"]))


def _name_of(named: Named) -> str:
    name = PurePosixPath(named.source).name
    return named.folder.name if name.startswith(".") else name


def selection_of(request: BatchRequest) -> RowRules:
    """Which rows a batch takes."""
    return RowRules(product_group_id=request.product_group_id, sku_id=request.sku_id)
