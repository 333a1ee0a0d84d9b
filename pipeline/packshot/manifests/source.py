"""A source of photos, opened: a folder, a glob, a photo, a manifest, or `-` for standard input."""

from __future__ import annotations

import glob
import posixpath
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Final

from packshot.contracts.manifest import ManifestRow, RowError
from packshot.contracts.preset import Preset
from packshot.errors import ManifestError, SourceError
from packshot.manifests.batch_options import batch_options_of
from packshot.manifests.columns import ColumnNames
from packshot.manifests.csv_rows import csv_rows, line_end_of
from packshot.manifests.encoding import Survey, survey, text_of
from packshot.manifests.formats import Kind, recognise
from packshot.manifests.json_rows import json_rows, jsonl_rows, scan_json
from packshot.manifests.lines import RawRow
from packshot.manifests.listing import (
    Listing,
    is_picture,
    list_folder,
    list_glob,
    list_paths,
    list_photo,
    listing_rows,
)
from packshot.manifests.locate import Base, base_of, resolve, resolve_listed, shown
from packshot.manifests.rows import judge
from packshot.manifests.unique import without_repeats

#: Bytes that a manifest may have at most, unless told otherwise: two million rows and more.
MAX_MANIFEST_BYTES: Final = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """How a source is read.

    Attributes:
        columns: canonical column -> its name in this manifest.
        allow_roots: folders besides the manifest's that its paths may lie under.
        exclude: folders that are left out of a folder or glob, such as the output's.
        max_bytes: largest manifest that is read.
        check_files: report local photos that are not there as bad rows (one look at each).
        stdin: what `-` reads; None for the process's standard input.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    allow_roots: tuple[Path, ...] = ()
    exclude: tuple[Path, ...] = ()
    max_bytes: int = MAX_MANIFEST_BYTES
    check_files: bool = False
    stdin: BinaryIO | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """A list of photos whose rows are read as they are asked for, as often as they are.

    Attributes:
        kind: what it is.
        digest: SHA-256 of the manifest's bytes, or of the list of a folder's photos; hex digits.
        base: what its relative paths are relative to.
        batch_options: of a JSON object: `preset`, `reference` and `options`, as far as given.
    """

    kind: Kind
    digest: str
    base: Base
    batch_options: Mapping[str, Any]
    _raw: Callable[[], Iterator[RawRow | RowError]]
    _group: str
    _check_files: bool

    @property
    def rows(self) -> Iterator[ManifestRow | RowError]:
        """A fresh pass over the rows; bad ones and exact duplicates stand as errors in their place."""
        return self.rows_for(None)

    def rows_for(self, preset: Preset | None) -> Iterator[ManifestRow | RowError]:
        """A fresh pass, in which rows that would write one file under this preset are errors as well.

        Raises:
            SettingsError: `preset_invalid` when the preset's name template can't be filled.
        """
        return without_repeats(judge(self._raw(), self._group, self._check), preset)

    @property
    def reference_error(self) -> RowError | None:
        """What is wrong with the reference beside the rows of a JSON manifest; None where nothing is."""
        written = self.batch_options.get("reference")
        try:
            if written is not None:
                self._check(written)
        except SourceError as error:
            return RowError(line=0, column="reference", code=error.code, message=error.message)
        return None

    @property
    def group(self) -> str:
        """The product group of photos whose row and path tell none: the folder's or the file's name."""
        return self._group

    def resolve(self, written: str) -> str:
        """The absolute path, https or s3 address of a source as written in this manifest.

        Raises:
            SourceError: `source_invalid`, `source_scheme_refused`, `source_outside_root`.
        """
        listed = self.kind in (Kind.FOLDER, Kind.GLOB, Kind.PHOTO)
        return resolve_listed(written, self.base) if listed else resolve(written, self.base)

    @property
    def roots(self) -> tuple[Path, ...]:
        """Folders that local photos may lie under, for the fetcher; empty for a base in a bucket."""
        return tuple(Path(root) for root in (self.base.place, *self.base.roots)) if self.base.local else ()

    def _check(self, written: str) -> None:
        place = self.resolve(written)
        if self._check_files and place.startswith("/") and not posixpath.exists(place):
            raise SourceError("source_missing", source=shown(written))


def open_source(source: str, options: SourceOptions | None = None) -> Manifest:
    """Opens what the user names: a folder, a glob, a manifest file, a single photo, or `-`.

    The whole manifest is looked at once (hash, encoding, the syntax of JSON); its rows are judged
    while they are read.

    Raises:
        ManifestError: `manifest_unreadable`, `manifest_empty`, `photos_missing`, `manifest_too_large`,
            `manifest_column_missing`.
        SettingsError: `option_invalid` for column names or the options of a JSON manifest.
    """
    options = options or SourceOptions()
    if source == "-":
        return read_manifest(
            options.stdin or sys.stdin.buffer, "", base_of(Path.cwd(), options.allow_roots), options
        )
    path = Path(source)
    try:
        if path.is_dir():
            return _of_listing(Kind.FOLDER, list_folder(path, options.exclude), options)
        if not path.exists() and glob.has_magic(source):
            return _of_listing(Kind.GLOB, list_glob(source, options.exclude), options)
        if is_picture(path.name) and path.is_file():
            return _of_listing(Kind.PHOTO, list_photo(path), options)
        base = base_of(path.parent, options.allow_roots)
        if path.exists() and not path.is_file():
            # A pipe can be read once only.
            with path.open("rb") as stream:
                return read_manifest(stream, path.name, base, options)

        def opened() -> BinaryIO:
            return path.open("rb")

        return _of_manifest(opened, path.name, base, options)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ManifestError("manifest_unreadable", reason=f"{shown(source)}: {reason}") from error


def read_manifest(
    stream: BinaryIO, name_hint: str, base: Base, options: SourceOptions | None = None
) -> Manifest:
    """Opens a manifest from a stream of bytes, for example an object of a bucket.

    Args:
        stream: copied to a temporary file first when it can't seek; else it must stay open as long
            as rows are read, by one pass at a time.
        name_hint: file name or key; its ending helps to recognise the format.
        base: what relative sources are relative to.
        options: how it is read.

    Raises:
        ManifestError, SettingsError: as `open_source`.
    """
    options = options or SourceOptions()
    if not stream.seekable():
        stream = spooled(stream, options.max_bytes)

    @contextmanager
    def opened() -> Iterator[BinaryIO]:
        yield stream

    return _of_manifest(opened, name_hint, base, options)


def manifest_of_photos(paths: Iterable[str], name: str, base: Base) -> Manifest:
    """The photos of a folder that is none of a file system, from its files' paths, as of `open_source`.

    Args:
        paths: of the folder's files, relative and `/`-separated; hidden ones and other files are left out.
        name: of the folder, which is the product group of photos in none of their own.
        base: the folder.

    Raises:
        ManifestError: `photos_missing`.
    """
    return _of_listing_at(Kind.FOLDER, list_paths(paths, name), base)


def spooled(stream: BinaryIO, limit: int) -> BinaryIO:
    """A stream copied to a temporary file, where it can be read again.

    Raises:
        ManifestError: manifest_too_large.
    """
    kept: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the manifest
    size = 0
    while chunk := stream.read(1 << 20):
        size += len(chunk)
        if size > limit:
            raise ManifestError("manifest_too_large", bytes=f"more than {limit}", limit=limit)
        kept.write(chunk)
    return kept


def _of_listing(kind: Kind, listing: Listing, options: SourceOptions) -> Manifest:
    return _of_listing_at(kind, listing, base_of(listing.folder, options.allow_roots))


def _of_listing_at(kind: Kind, listing: Listing, base: Base) -> Manifest:
    return Manifest(
        kind, listing.digest, base, {}, partial(listing_rows, listing), listing.folder.name or "photos", False
    )


Opener = Callable[[], AbstractContextManager[BinaryIO]]


def _of_manifest(opener: Opener, name_hint: str, base: Base, options: SourceOptions) -> Manifest:
    columns = ColumnNames(options.columns)
    beside: dict[str, Any] = {}
    with opener() as stream:
        facts = survey(stream, options.max_bytes)
        kind = recognise(text_of(stream, facts.encoding, newline=None), name_hint)
        if kind is Kind.JSON:
            beside, count = scan_json(text_of(stream, facts.encoding, newline=None))
            if count == 0:
                raise ManifestError("manifest_empty")
    raw = partial(_raw_rows, opener, facts, kind, columns)
    if next(raw(), None) is None:
        raise ManifestError("manifest_empty")
    group = Path(name_hint).stem or "photos"
    return Manifest(kind, facts.sha256, base, batch_options_of(beside), raw, group, options.check_files)


def _raw_rows(opener: Opener, facts: Survey, kind: Kind, columns: ColumnNames) -> Iterator[RawRow | RowError]:
    with opener() as stream:
        match kind:
            case Kind.CSV:
                end = line_end_of(text_of(stream, facts.encoding, newline=""))
                yield from csv_rows(text_of(stream, facts.encoding, newline=end), columns, end)
            case Kind.JSON:
                yield from json_rows(text_of(stream, facts.encoding, newline=None), columns)
            case _:
                yield from jsonl_rows(text_of(stream, facts.encoding, newline=None), columns)
