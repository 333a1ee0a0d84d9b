"""From what a request names to a list of photos: rows, a manifest, a folder of photos."""

from __future__ import annotations

import abc
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from packshot.api.backend import Desk
from packshot.api.kept.names import checked_path
from packshot.api.kept.uploads import FolderFacts, KeptUploads
from packshot.api.models.batches import ImportRequest, RowBody
from packshot.errors import RequestError, SettingsError
from packshot.manifests.source import Manifest
from packshot.presets import list_presets

#: Name of a folder that only holds rows.
_NAME: Final = "list"


@dataclass(frozen=True, slots=True)
class Named:
    """What a request named.

    Attributes:
        folder: that it lies in.
        source: a manifest or a folder of photos, by its place among the uploads.
        columns: the manifest's own names of columns, by ours.
    """

    folder: FolderFacts
    source: str
    columns: dict[str, str]


class KeptSources(abc.ABC):
    """Finds and opens lists.

    Args:
        uploads: the folders.
    """

    def __init__(self, uploads: KeptUploads) -> None:
        self._uploads = uploads

    @abc.abstractmethod
    def has(self, source: str) -> bool:
        """True for the place of a file."""

    @abc.abstractmethod
    def put(self, source: str, data: bytes) -> None:
        """Writes a list, where there is none yet."""

    @abc.abstractmethod
    def read(self, named: Named) -> Manifest:
        """Opens a list; errors as `packshot.manifests.open_source`."""

    def named(self, desk: Desk, request: ImportRequest) -> Named:
        """Finds the list that a request names; rows are written down as one.

        Raises:
            RequestError: folder_unknown, upload_unknown, upload_incomplete, upload_name_refused.
        """
        if request.rows is not None:
            return self._rows(desk, request.folder_id, request.rows)
        folder = self._uploads.facts(desk, request.folder_id or "")
        if request.manifest is not None:
            source = f"{folder.home}/{checked_path(request.manifest)}"
            if not self.has(source):
                raise RequestError("upload_unknown", upload_id=request.manifest)
            return Named(folder, source, dict(request.columns))
        missing = self._uploads.missing(desk, folder)
        if missing is not None:
            # Its photo would silently be left out.
            raise RequestError("upload_incomplete", path=missing.path)
        return Named(folder, folder.home, {})

    def open(self, named: Named) -> Manifest:
        """Opens a list; errors as `packshot.manifests.open_source`.

        Raises:
            SettingsError: preset_unknown, also for a preset that a manifest names as a file: those
                would be files of this machine.
        """
        manifest = self.read(named)
        preset = manifest.batch_options.get("preset")
        if preset is not None and preset not in list_presets():
            raise SettingsError("preset_unknown", name=str(preset)[:100], known=", ".join(list_presets()))
        return manifest

    def _rows(self, desk: Desk, folder_id: str | None, rows: tuple[RowBody, ...]) -> Named:
        digest = hashlib.sha256("".join(_lines(rows)).encode()).hexdigest()[:16]
        if folder_id is None:
            folder = self._uploads.make_folder(desk, f"fld-{digest}", _NAME)
        else:
            folder = self._uploads.facts(desk, folder_id)
        # Hidden, so that it is none of the folder's own files; the same rows are the same list.
        source = f"{folder.home}/.rows-{digest}.jsonl"
        if not self.has(source):
            self.put(source, "".join(_lines(rows, folder.name)).encode())
        return Named(folder, source, {})


def _lines(rows: tuple[RowBody, ...], group: str | None = None) -> Iterator[str]:
    for row in rows:
        values: dict[str, Any] = row.model_dump(mode="json", exclude_none=True)
        if group is not None and "/" not in row.image_url:
            values.setdefault("product_group_id", group)
        yield json.dumps(values, ensure_ascii=False, sort_keys=True) + "\n"
