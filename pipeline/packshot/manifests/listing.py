"""Photos of a folder, of a glob or a single one, as rows: the folders tell group and SKU."""

from __future__ import annotations

import fnmatch
import glob
import hashlib
import os
import posixpath
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Final

from packshot.contracts.manifest import RowError
from packshot.errors import ManifestError
from packshot.manifests.image_types import natural_key, types_of_sku
from packshot.manifests.lines import RawRow, row_error
from packshot.manifests.locate import inside, shown

#: Endings of files that are taken from a folder, in lower case. What is in them decides the decoder.
PICTURE_ENDINGS: Final = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".avif", ".heic", ".heif", ".hif"}
    | {".tif", ".tiff", ".gif", ".bmp", ".dib"}
)
#: A folder with this file in it is Packshot's own output.
OUTPUT_MARK: Final = "packshot.sqlite"
_OWN_FOLDERS: Final = frozenset({"catalogue", "review"})


@dataclass(frozen=True, slots=True)
class Fault:
    """A folder, by its relative path, that could not be looked into, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Listing:
    """Photos by their path relative to a folder, `/`-separated, in order.

    Attributes:
        folder: the absolute folder.
        paths: each photo's path below it.
        faults: folders below it that could not be looked into.
    """

    folder: Path
    paths: tuple[str, ...]
    faults: tuple[Fault, ...] = ()

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
        ManifestError: `manifest_unreadable` when nothing can be looked into, `photos_missing`.
    """
    folder = folder.absolute()
    return _listing(folder, _walk(folder, _OwnFolders(folder, exclude)), str(folder))


def list_glob(pattern: str, exclude: Sequence[Path] = ()) -> Listing:
    """All photos that match a pattern (`**` for any folders), relative to its fixed beginning.

    Raises:
        ManifestError: `photos_missing` when nothing matches, `manifest_unreadable` when nothing can be looked
            into.
    """
    parts = Path(pattern).parts
    fixed = next((at for at, part in enumerate(parts) if glob.has_magic(part)), len(parts))
    folder = Path(*parts[:fixed]).absolute() if fixed else Path.cwd()
    own = _OwnFolders(folder, exclude)
    # Several `**` may match one path in several ways.
    found = set(_matching(folder, parts[fixed:], own))
    kept = [one for one in found if isinstance(one, Fault) or not own.hold(one)]
    return _listing(folder, sorted(kept, key=_in_order), pattern)


def list_photo(path: Path) -> Listing:
    """One photo."""
    path = path.absolute()
    return _listing(path.parent, [path.name], str(path))


def list_paths(paths: Iterable[str], name: str) -> Listing:
    """The photos among a folder's files, in the order of `list_folder`; `name` is the folder's."""

    def place(path: str) -> tuple[tuple[bool, object, str], ...]:
        *folders, last = path.split("/")
        # A folder's files stand before its folders.
        return (*((True, natural_key(one), one) for one in folders), (False, natural_key(last), last))

    def is_hidden(path: str) -> bool:
        return any(part.startswith(".") for part in path.split("/"))

    kept = (path for path in paths if is_picture(path.rpartition("/")[2]) and not is_hidden(path))
    listed: list[str] = sorted(kept, key=place)
    return _listing(Path("/", name), listed, name)


def _listing(folder: Path, found: Iterable[str | Fault], asked: str) -> Listing:
    paths, faults = list[str](), list[Fault]()
    for one in found:
        if isinstance(one, Fault):
            faults.append(one)
        else:
            paths.append(one)
    if faults and not paths:
        where = shown(f"{folder}/{faults[0].path}")
        raise ManifestError("manifest_unreadable", reason=f"{where} can't be listed: {faults[0].reason}")
    if not paths:
        raise ManifestError("photos_missing", source=shown(asked))
    return Listing(folder, tuple(paths), tuple(faults))


def _in_order(one: str | Fault) -> tuple[object, str]:
    path = one.path if isinstance(one, Fault) else one
    return natural_key(path), path


class _OwnFolders:
    """Packshot's output below a folder of photos: whole folders, or its part of the photos' own folder."""

    def __init__(self, folder: Path, exclude: Sequence[Path]) -> None:
        self._folder = folder
        self._excluded = frozenset(os.path.realpath(path) for path in exclude)
        self._known: dict[str, bool] = {}

    def hold(self, path: str) -> bool:
        """True for a relative path to something inside of them."""
        folders = path.split("/")[:-1]
        return any(self._include_known("/".join(folders[: at + 1])) for at in range(len(folders)))

    def _include_known(self, path: str) -> bool:
        if path not in self._known:
            self._known[path] = self.include(path, os.path.realpath(self._folder / path))
        return self._known[path]

    def include(self, path: str, real: str) -> bool:
        """True for a relative path to one of them, and the same place without links."""
        if path in _OWN_FOLDERS and self._root_is_output:
            return True
        return real in self._excluded or os.path.lexists(f"{real}/{OUTPUT_MARK}")

    @cached_property
    def _root_is_output(self) -> bool:
        real = os.path.realpath(self._folder)
        return real in self._excluded or os.path.lexists(f"{real}/{OUTPUT_MARK}")


@dataclass(frozen=True, slots=True)
class _Open:
    """A folder that is still to be looked into.

    Attributes:
        below: its path relative to the root, with a / at its end; empty for the root.
        real: its place without links.
        entered: the places, without links, of the folders that a link led out of on the way here.
    """

    below: str
    real: str
    entered: tuple[str, ...] = ()


def _walk(folder: Path, own: _OwnFolders) -> Iterator[str | Fault]:
    """Paths of a folder's photos, its files before its folders; links that lead back are not followed."""
    waiting = [_Open("", os.path.realpath(folder))]
    while waiting:
        here = waiting.pop()
        listed = _entries(folder, here)
        if isinstance(listed, Fault):
            yield listed
            continue
        folders: list[_Open] = []
        for entry in sorted(listed, key=lambda entry: (natural_key(entry.name), entry.name)):
            if not _is_folder(entry):
                if is_picture(entry.name):
                    yield here.below + entry.name
            elif not entry.name.startswith("."):
                folders.extend(_below(here, entry, own))
        waiting.extend(reversed(folders))


def _matching(folder: Path, parts: Sequence[str], own: _OwnFolders) -> Iterator[str | Fault]:
    """Paths of the photos that match a pattern's parts; `**` follows no link that leads back.

    The standard library's `**` goes round a loop of links forty times, and with two of them for ever.
    """
    waiting = [(_Open("", os.path.realpath(folder)), 0)]
    while waiting:
        here, at = waiting.pop()
        part, last = parts[at], at == len(parts) - 1
        if part == "**" and not last:
            waiting.append((here, at + 1))
        if not glob.has_magic(part) and not last:
            below = f"{here.below}{part}/"
            if (folder / below).is_dir():
                waiting.append((_Open(below, os.path.realpath(folder / below)), at + 1))
            continue
        listed = _entries(folder, here)
        if isinstance(listed, Fault):
            yield listed
            continue
        for entry in listed:
            if not _fits(entry.name, part):
                continue
            if _is_folder(entry):
                following = at if part == "**" else at + 1
                if following < len(parts):
                    waiting.extend((one, following) for one in _below(here, entry, own))
            elif last and is_picture(entry.name) and posixpath.isfile(entry.path):
                yield here.below + entry.name


def _fits(name: str, part: str) -> bool:
    """Whether a name matches one part of a pattern; hidden ones only where it says so, as in a shell."""
    if name.startswith(".") and not part.startswith("."):
        return False
    return part == "**" or fnmatch.fnmatchcase(name, part)


def _entries(folder: Path, here: _Open) -> list[os.DirEntry[str]] | Fault:
    try:
        with os.scandir(folder / here.below) as entries:
            return list(entries)
    except OSError as error:
        return Fault(here.below, error.strerror or str(error))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        # A link to itself, or to where nobody may look: as one that leads nowhere, it costs itself only.
        return False


def _below(here: _Open, entry: os.DirEntry[str], own: _OwnFolders) -> Iterator[_Open]:
    """The folder of an entry, unless it is Packshot's own or a link back to where we come from."""
    below = f"{here.below}{entry.name}/"
    real, entered = f"{here.real.rstrip('/')}/{entry.name}", here.entered
    if entry.is_symlink():
        real, entered = os.path.realpath(real), (*here.entered, here.real)
        if inside(here.real, (real,)) or any(inside(place, (real,)) for place in here.entered):
            return
    if not own.include(below.rstrip("/"), real):
        yield _Open(below, real, entered)


def listing_rows(listing: Listing) -> Iterator[RawRow | RowError]:
    """The photos as rows of line 0: first folder = product group, second = SKU, else folder and stem."""
    for fault in listing.faults:
        yield row_error(0, None, "source_unreadable", source=shown(fault.path), reason=fault.reason)
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
        if not _is_plain(path):
            name = shown(path)
            reason = "its name holds a line break, a control character or bytes that are no text"
            yield row_error(
                0, "image_url", "row_value_invalid", value=name, column="image_url", reason=reason
            )
            continue
        cells = {"product_group_id": group, "sku_id": sku, "image_url": path, "image_type": image_type}
        yield RawRow(0, cells)


def _is_plain(path: str) -> bool:
    # Categories Cc and Cs: control characters, and the halves that stand for bytes which are no text.
    return path.isprintable() or not any(unicodedata.category(char) in ("Cc", "Cs") for char in path)


def group_and_sku(path: str) -> tuple[str | None, str, bool]:
    """Product group and SKU that a relative path tells, and whether the SKU is a folder.

    `mugs/red/1.jpg` -> mugs, red; `mugs/red.jpg` -> mugs, red; `red.jpg` -> None, red.
    """
    *folders, name = path.split("/")
    stem = os.path.splitext(name)[0] or name  # noqa: PTH122  # a name, not a path
    group = folders[0] if folders else None
    return (group, folders[1], True) if len(folders) > 1 else (group, stem, False)
