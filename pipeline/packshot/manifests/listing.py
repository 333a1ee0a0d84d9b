"""Photos of a folder, of a glob or a single one, as rows: the folders tell group and SKU."""

from __future__ import annotations

import glob
import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from packshot.contracts.manifest import RowError
from packshot.errors import ManifestError
from packshot.manifests.image_types import natural_key, types_of_sku
from packshot.manifests.lines import RawRow, row_error

#: Endings of files that are taken from a folder, in lower case. What is in them decides the decoder.
PICTURE_ENDINGS: Final = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".avif", ".heic", ".heif", ".hif"}
    | {".tif", ".tiff", ".gif", ".bmp", ".dib"}
)
#: A folder with this file in it is Packshot's own output.
OUTPUT_MARK: Final = "packshot.sqlite"
_OWN_FOLDERS: Final = frozenset({"catalogue", "review"})


@dataclass(frozen=True, slots=True)
class Listing:
    """Photos by their path relative to a folder, `/`-separated, in order.

    Attributes:
        folder: the absolute folder.
        paths: each photo's path below it.
    """

    folder: Path
    paths: tuple[str, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of the paths, in hex digits: equal for equal lists of photos."""
        joined = "\x00".join(self.paths).encode("utf-8", "surrogateescape")
        return hashlib.sha256(joined).hexdigest()


def is_picture(name: str) -> bool:
    """True for the endings of pictures, in any case, of files that are not hidden."""
    return not name.startswith(".") and os.path.splitext(name)[1].lower() in PICTURE_ENDINGS  # noqa: PTH122  # names, not paths; ten times faster


def list_folder(folder: Path, exclude: Sequence[Path] = ()) -> Listing:
    """All photos below a folder, sorted; hidden files and Packshot's own output are left out.

    Raises:
        ManifestError: `manifest_unreadable` when the folder can't be read, `manifest_empty`.
    """
    folder = folder.absolute()
    skipped = frozenset(os.path.realpath(path) for path in exclude)
    paths = tuple(_walk(folder, "", skipped, frozenset()))
    return _listing(folder, paths)


def list_glob(pattern: str, exclude: Sequence[Path] = ()) -> Listing:
    """All photos that match a pattern (`**` for any folders), relative to its fixed beginning.

    Raises:
        ManifestError: `manifest_empty` when nothing matches.
    """
    parts = Path(pattern).parts
    fixed = next((at for at, part in enumerate(parts) if glob.has_magic(part)), len(parts))
    folder = Path(*parts[:fixed]).absolute() if fixed else Path.cwd()
    skipped = tuple(os.path.realpath(path) for path in exclude)
    found = [
        Path(path).as_posix()
        for path in glob.iglob(str(Path(*parts[fixed:])), root_dir=folder, recursive=True)  # noqa: PTH207  # Path.glob finds hidden files too
        if is_picture(Path(path).name) and (folder / path).is_file()
    ]
    kept = {path for path in found if not _is_own(folder / path, skipped)}
    return _listing(folder, tuple(sorted(kept, key=natural_key)))


def list_photo(path: Path) -> Listing:
    """One photo."""
    path = path.absolute()
    return _listing(path.parent, (path.name,))


def _listing(folder: Path, paths: tuple[str, ...]) -> Listing:
    if not paths:
        raise ManifestError("manifest_empty")
    return Listing(folder, paths)


def _is_own(path: Path, skipped: Sequence[str]) -> bool:
    real = os.path.realpath(path)
    if any(real.startswith(folder + os.sep) for folder in skipped):
        return True
    return any((parent / OUTPUT_MARK).exists() for parent in path.parents)


def _walk(folder: Path, below: str, skipped: frozenset[str], above: frozenset[str]) -> Iterator[str]:
    """Paths of a folder's photos, its files before its folders; links that lead back are not followed."""
    try:
        with os.scandir(folder / below) as entries:
            listed = sorted(entries, key=lambda entry: (natural_key(entry.name), entry.name))
    except OSError as error:
        where = f"{folder / below}"
        raise ManifestError(
            "manifest_unreadable", reason=f"the folder {where} can't be listed ({error.strerror})"
        ) from error
    own = any(entry.name == OUTPUT_MARK for entry in listed)
    if own and below:
        return
    real = os.path.realpath(folder / below)
    if real in skipped or real in above:
        return
    folders: list[str] = []
    for entry in listed:
        if entry.is_dir():
            if not entry.name.startswith(".") and not (own and entry.name in _OWN_FOLDERS):
                folders.append(entry.name)
        elif is_picture(entry.name):
            yield below + entry.name
    for name in folders:
        yield from _walk(folder, f"{below}{name}/", skipped, above | {real})


def listing_rows(listing: Listing) -> Iterator[RawRow | RowError]:
    """The photos as rows of line 0: first folder = product group, second = SKU, else folder and stem."""
    default = listing.folder.name or "photos"

    def place(path: str) -> tuple[str, str, bool]:
        group, sku, is_folder = group_and_sku(path)
        return group or default, sku, is_folder

    members: dict[tuple[str, str, bool], list[str]] = {}
    # Neighbours mostly belong together; a SKU's files are only sure to be complete at the group's end.
    for _, paths in groupby(listing.paths, key=lambda path: place(path)[0]):
        members.clear()
        for path in paths:
            members.setdefault(place(path), []).append(path)
        for (group, sku, is_folder), files in members.items():
            yield from _sku_rows(group, sku, files, words=is_folder)


def _sku_rows(group: str, sku: str, files: list[str], *, words: bool) -> Iterator[RawRow | RowError]:
    files.sort(key=lambda path: (natural_key(path), path))
    types = types_of_sku([path.rpartition("/")[2] for path in files], words=words)
    for path, image_type in zip(files, types, strict=True):
        if not _is_text(path):
            name = path.encode("utf-8", "backslashreplace").decode()
            reason = "its name is not valid UTF-8"
            yield row_error(
                0, "image_url", "row_value_invalid", value=name, column="image_url", reason=reason
            )
            continue
        cells = {"product_group_id": group, "sku_id": sku, "image_url": path, "image_type": image_type}
        yield RawRow(0, cells)


def _is_text(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def group_and_sku(path: str) -> tuple[str | None, str, bool]:
    """Product group and SKU that a relative path tells, and whether the SKU is a folder.

    `mugs/red/1.jpg` -> mugs, red; `mugs/red.jpg` -> mugs, red; `red.jpg` -> None, red.
    """
    *folders, name = path.split("/")
    stem = os.path.splitext(name)[0] or name  # noqa: PTH122  # a name, not a path
    group = folders[0] if folders else None
    return (group, folders[1], True) if len(folders) > 1 else (group, stem, False)
