"""Lists of photos below the output folder."""

from __future__ import annotations

from pathlib import Path

from packshot.adapters.local.disk import whole_file
from packshot.api.kept.sources import KeptSources, Named
from packshot.api.kept.uploads import KeptUploads
from packshot.api.local.place import Place
from packshot.errors import ManifestError
from packshot.manifests.source import Manifest, SourceOptions, open_source


class Sources(KeptSources):
    """Finds and opens lists.

    Args:
        place: where uploads lie.
        uploads: the folders.
        allow_roots: folders of this machine that rows may name besides.
        manifest_bytes: largest manifest.
    """

    def __init__(
        self, place: Place, uploads: KeptUploads, allow_roots: tuple[Path, ...], manifest_bytes: int
    ) -> None:
        super().__init__(uploads)
        self._place = place
        self._allow_roots = allow_roots
        self._manifest_bytes = manifest_bytes

    @property
    def roots(self) -> tuple[Path, ...]:
        """Folders besides their own that rows may name photos of."""
        return self._allow_roots

    def has(self, source: str) -> bool:
        return (self._place.uploads / source).is_file()

    def put(self, source: str, data: bytes) -> None:
        with whole_file(self._place.uploads / source) as file:
            file.write(data)

    def read(self, named: Named) -> Manifest:
        options = SourceOptions(
            columns=named.columns, allow_roots=self._allow_roots, max_bytes=self._manifest_bytes
        )
        try:
            return open_source(str(self._place.uploads / named.source), options)
        except ManifestError as error:
            if error.code != "photos_missing":
                raise
            # Where the server keeps it is nobody's business.
            raise ManifestError("photos_missing", source=named.folder.name) from error
