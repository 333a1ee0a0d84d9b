"""From what a request names to a list that the runner reads: rows, a manifest, a folder of photos."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from packshot.adapters.local.disk import whole_file
from packshot.api.backend import Desk
from packshot.api.local.place import Place, checked_path
from packshot.api.local.uploads import FolderFacts, LocalUploads
from packshot.api.models.batches import ImportRequest, RowBody
from packshot.errors import RequestError, SettingsError
from packshot.manifests.source import Manifest, SourceOptions, open_source
from packshot.presets import list_presets

#: Name of a folder that only holds rows.
_NAME: Final = "list"


@dataclass(frozen=True, slots=True)
class Named:
    """What a request named: a folder or a file that `open_source` reads, with its columns."""

    folder: FolderFacts
    source: Path
    columns: dict[str, str]


class Sources:
    """Finds and opens lists.

    Args:
        place: where uploads lie.
        uploads: the folders.
        allow_roots: folders of this machine that rows may name besides.
        manifest_bytes: largest manifest.
    """

    def __init__(
        self, place: Place, uploads: LocalUploads, allow_roots: tuple[Path, ...], manifest_bytes: int
    ) -> None:
        self._place = place
        self._uploads = uploads
        self._allow_roots = allow_roots
        self._manifest_bytes = manifest_bytes

    @property
    def roots(self) -> tuple[Path, ...]:
        """Folders besides their own that rows may name photos of."""
        return self._allow_roots

    def written(self, source: Path) -> str:
        """A list's place as it is kept, so that the output folder may be moved."""
        return source.relative_to(self._place.uploads).as_posix()

    def place_of(self, written: str) -> Path:
        """The place that `written` kept."""
        return self._place.uploads / written

    def named(self, desk: Desk, request: ImportRequest) -> Named:
        """Finds the list that a request names; rows are written down as one.

        Raises:
            RequestError: folder_unknown, upload_unknown, upload_incomplete, upload_name_refused.
        """
        if request.rows is not None:
            return self._rows(desk, request.folder_id, request.rows)
        folder = self._uploads.facts(desk, request.folder_id or "")
        if request.manifest is not None:
            path = self._uploads.path(folder, checked_path(request.manifest))
            if not path.is_file():
                raise RequestError("upload_unknown", upload_id=request.manifest)
            return Named(folder, path, dict(request.columns))
        missing = self._uploads.missing(desk, folder)
        if missing is not None:
            # Its photo would silently be left out.
            raise RequestError("upload_incomplete", path=missing.path)
        return Named(folder, self._uploads.home(folder), {})

    def open(self, named: Named) -> Manifest:
        """Opens a list; errors as `packshot.manifests.open_source`.

        Raises:
            SettingsError: preset_unknown, also for a preset that a manifest names as a file: those
                would be files of this machine.
        """
        options = SourceOptions(
            columns=named.columns, allow_roots=self._allow_roots, max_bytes=self._manifest_bytes
        )
        manifest = open_source(str(named.source), options)
        preset = manifest.batch_options.get("preset")
        if preset is not None and preset not in list_presets():
            raise SettingsError("preset_unknown", name=str(preset)[:100], known=", ".join(list_presets()))
        return manifest

    def _rows(self, desk: Desk, folder_id: str | None, rows: tuple[RowBody, ...]) -> Named:
        texts = list(_lines(rows))
        digest = hashlib.sha256("".join(texts).encode()).hexdigest()[:16]
        if folder_id is None:
            folder = self._uploads.make_folder(desk, f"fld-{digest}", _NAME)
        else:
            folder = self._uploads.facts(desk, folder_id)
        # Hidden, so that it is none of the folder's own files; the same rows are the same list.
        path = self._uploads.home(folder) / f".rows-{digest}.jsonl"
        if not path.is_file():
            with whole_file(path) as file:
                for text in _lines(rows, folder.name):
                    file.write(text.encode())
        return Named(folder, path, {})


def _lines(rows: tuple[RowBody, ...], group: str | None = None) -> Iterator[str]:
    for row in rows:
        values: dict[str, Any] = row.model_dump(mode="json", exclude_none=True)
        if group is not None and "/" not in row.image_url:
            values.setdefault("product_group_id", group)
        yield json.dumps(values, ensure_ascii=False, sort_keys=True) + "\n"
