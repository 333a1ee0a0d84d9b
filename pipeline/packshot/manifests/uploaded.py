"""Where the photos of a manifest lie that `packshot submit` has uploaded, from what its rows say.

Whoever submitted it has judged the rows, and sent what they name. A path within the manifest's
folder keeps its name. Any other (absolute, out of the folder, one that is no key) gets a name made
from how it is written, so that plan and a later retry find it by the text alone.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Callable
from functools import partial
from typing import Final

from packshot.contracts.work_keys import PHOTOS
from packshot.manifests.locate import Base, resolve

_REMOTE: Final = re.compile(r"(https|s3)://", re.IGNORECASE)
_OUTSIDE: Final = ".outside"
#: S3 takes 1024 bytes; the rest is the folder's.
_LONGEST: Final = 800
#: What S3's documentation asks to avoid, and what is no text.
_UNFIT: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\\]")
_ENDING: Final = re.compile(r"\.[A-Za-z0-9]{1,8}$")


def place_of(written: str, folder: str) -> str:
    """The address of a source as written: itself when it is one, else below `folder`.

    Args:
        written: as in the manifest's row.
        folder: `s3://bucket/photos/name`.

    Raises:
        SourceError: source_invalid, of an https or s3 address.
    """
    if _REMOTE.match(written):
        return resolve(written, Base(folder))
    return f"{folder}/{_name(written)}"


def resolver_of(base: str) -> Callable[[str], str]:
    """How sources of a batch are resolved, from its record's `base` in a bucket."""
    key = base.removeprefix("s3://").partition("/")[2]
    if f"{key}/".startswith(PHOTOS):
        return partial(place_of, folder=base)
    return partial(resolve, base=Base(base))


def _name(written: str) -> str:
    plain = posixpath.normpath(written)
    inside = not plain.startswith(("/", "../", f"{_OUTSIDE}/")) and plain not in (".", "..", _OUTSIDE)
    if inside and not _UNFIT.search(plain) and len(plain.encode()) <= _LONGEST:
        return plain
    ending = _ENDING.search(written)
    digest = hashlib.sha256(written.encode()).hexdigest()[:32]
    return f"{_OUTSIDE}/{digest}{ending.group() if ending else ''}"
