"""Where a source lies, from what the manifest says: paths, file, https and s3 addresses.

Everything here is about the text. Whether a link leads out of the allowed folders, and whether an
address is a public one, is found out by the fetcher at the moment it opens it.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from packshot.contracts import manifest as contract
from packshot.errors import SourceError

#: One letter is a Windows drive, not a scheme.
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]+):")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9.\-]{1,61}[a-z0-9]")

#: A source for messages and logs.
shown = contract.shown


def invalid(source: str, reason: str) -> SourceError:
    """The error for a source that can't be one."""
    return SourceError("source_invalid", source=shown(source), reason=reason)


@dataclass(frozen=True, slots=True)
class Base:
    """What relative sources are relative to, and what paths must lie under.

    Attributes:
        place: an absolute folder, or `s3://bucket/prefix` for a manifest that lies in a bucket.
        roots: folders (or single files) besides the base that local paths may lie under.
    """

    place: str
    roots: tuple[str, ...] = ()

    @property
    def local(self) -> bool:
        """True when the base is a folder of this machine."""
        return not self.place.startswith("s3://")


def base_of(folder: Path, allow_roots: tuple[Path, ...] = ()) -> Base:
    """The base of a manifest, or of a folder of photos, on this machine."""
    return Base(posixpath.normpath(folder.absolute()), tuple(_absolute(root) for root in allow_roots))


def _absolute(path: Path) -> str:
    return posixpath.normpath(path.absolute())


def resolve(written: str, base: Base) -> str:
    """The absolute path, https or s3 address of a source as written in a manifest.

    Raises:
        SourceError: `source_invalid`, `source_scheme_refused`, `source_outside_root`.
    """
    if _CONTROL.search(written):
        raise invalid(written, "it holds a control character")
    scheme = _SCHEME.match(written)
    if scheme is None:
        if "\\" in written:
            raise invalid(written, "separate folders with / instead of \\")
        return _in_bucket(written, base) if not base.local else _on_disk(written, written, base)
    match scheme.group(1).lower():
        case "https":
            return _https(written)
        case "s3":
            return _s3(written)
        case "file":
            return _file(written, base)
    raise SourceError("source_scheme_refused", source=shown(written))


def resolve_listed(written: str, base: Base) -> str:
    """As `resolve`, of a photo that may have been found by listing the base.

    What a folder really holds may be called anything, `a:b.jpg` or with a backslash.
    """
    listed = f"{base.place.rstrip('/')}/{written}"
    plain = not written.startswith("/") and ".." not in written.split("/")
    # Not by pathlib, whose `exists` raises for a name that is longer than names may be.
    return listed if base.local and plain and posixpath.exists(listed) else resolve(written, base)


def _on_disk(path: str, written: str, base: Base) -> str:
    if path[:1] not in ("", "/", ".") and "/." not in path and "//" not in path and path[-1] != "/":
        # Most paths by far, and nothing in them to normalise.
        return f"{base.place.rstrip('/')}/{path}"
    joined = posixpath.normpath(posixpath.join(base.place, path))
    if joined.startswith("//"):  # normpath keeps two leading slashes, as POSIX allows
        joined = joined[1:]
    if inside(joined, (base.place, *base.roots)):
        return joined
    # The same folder under another name, for example behind a link: worth the look only now.
    real = posixpath.realpath(joined)
    if inside(real, tuple(posixpath.realpath(root) for root in (base.place, *base.roots))):
        return real
    raise SourceError("source_outside_root", source=shown(written))


def inside(path: str, roots: tuple[str, ...]) -> bool:
    """True when an absolute path is one of the roots or lies under one."""
    return any(path == root or path.startswith(root.rstrip("/") + "/") for root in roots)


def _in_bucket(written: str, base: Base) -> str:
    if written.startswith("/"):
        raise SourceError("source_scheme_refused", source=shown(written))
    bucket, _, prefix = base.place.removeprefix("s3://").partition("/")
    key = posixpath.normpath(posixpath.join(prefix, written))
    if key == ".." or key.startswith("../") or (prefix and not inside(key, (prefix.rstrip("/"),))):
        raise SourceError("source_outside_root", source=shown(written))
    return f"s3://{bucket}/{key}"


def _https(written: str) -> str:
    try:
        parts = urlsplit(written)
        port = parts.port
    except ValueError as error:
        raise invalid(written, str(error)) from error
    if not parts.hostname:
        raise invalid(written, "it names no host")
    if parts.username is not None or parts.password is not None:
        raise invalid(written, "an address must not hold a user name or password")
    if port == 0 or "\\" in written:
        raise invalid(written, "it is no web address")
    return written


def _s3(written: str) -> str:
    bucket, _, key = written[len("s3://") :].partition("/")
    if not written[3:].startswith("//") or not _BUCKET.fullmatch(bucket) or not key or key.endswith("/"):
        raise invalid(written, "an S3 address is s3://bucket/key")
    return f"s3://{bucket}/{key}"


def _file(written: str, base: Base) -> str:
    if not base.local:
        raise SourceError("source_scheme_refused", source=shown(written))
    parts = urlsplit(written)
    if parts.netloc not in ("", "localhost") or not parts.path.startswith("/"):
        raise invalid(written, "a file address is file:///folder/photo.jpg")
    if parts.query or parts.fragment:
        raise invalid(written, "write ? and # in a file address as %3F and %23")
    path = unquote(parts.path, errors="surrogateescape")
    if _CONTROL.search(path):
        raise invalid(written, "it holds a control character")
    return _on_disk(path, written, base)
