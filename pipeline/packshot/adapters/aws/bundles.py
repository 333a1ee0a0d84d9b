"""What one stage leaves of an image: a single object of the work bucket, and a list of what lies where in it.

Each request to S3 costs money and tens of milliseconds in which a function waits and is paid for. A stage
therefore writes once, at its end, all that it leaves, and says where each thing lies (`Kept`). That list
travels with the image's facts: what is there is known without asking, and one thing is one ranged read.

What is very small (detect's mask of some thousand bytes) travels in the list itself, without a request.

A bundle's key holds a hash of its bytes. The workflow may run a child twice at once; its two attempts then
never read with the one's list from the other's bytes.

Knows no pixels, so that functions without OpenCV can read; `packshot.adapters.aws.bundle_workspace` does.
"""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Mapping
from typing import Any, Final, TypedDict

from packshot.adapters.aws.objects import S3ObjectStore
from packshot.workflow import STAGE_NAMES


class Original(TypedDict):
    """A version of an object in another bucket, which nobody writes over."""

    bucket: str
    key: str
    version_id: str


#: Key below the image's prefix, first byte, number of bytes; or the bytes themselves, deflated, in base 64;
#: or, of a photo that needs no copy, where it lies.
Place = tuple[str, int, int] | str | Original
#: Places by name; pixels stand under their name with `.png`. As JSON it is {name: [key, first, bytes]}.
Kept = Mapping[str, Place]

#: Bytes, deflated, up to which a stage's parts travel in the list; a state may hold 256 KB.
_SMALL: Final = 8192


def kept_of(event: Mapping[str, Any]) -> dict[str, Place]:
    """All that the stages of {task, <stage>?: {output, kept, ms}, ...} have left."""
    found: dict[str, Place] = {}
    for name in STAGE_NAMES:
        if name in event:
            found |= {kept: _place_of(told) for kept, told in event[name]["kept"].items()}
    return found


def _place_of(told: Any) -> Place:
    if isinstance(told, str):
        return told
    if isinstance(told, dict):
        return Original(bucket=told["bucket"], key=told["key"], version_id=told["version_id"])
    key, first, size = told
    return str(key), int(first), int(size)


def write_bundle(store: S3ObjectStore, stage: str, parts: Mapping[str, bytes]) -> dict[str, Place]:
    """Writes parts as one object of an image's workspace, if they are worth one; returns where each lies."""
    small = {name: zlib.compress(part, 6) for name, part in parts.items() if len(part) < 8 * _SMALL}
    if len(small) == len(parts) and sum(map(len, small.values())) <= _SMALL:
        return {name: base64.b64encode(part).decode("ascii") for name, part in small.items()}
    data = b"".join(parts.values())
    key = f"{stage}-{hashlib.sha256(data).hexdigest()[:16]}.bundle"
    store.put(key, data)
    places: dict[str, Place] = {}
    first = 0
    for name, part in parts.items():
        places[name] = (key, first, len(part))
        first += len(part)
    return places


def read_part(store: S3ObjectStore, place: Place) -> bytes:
    """The bytes at a place."""
    if isinstance(place, str):
        return zlib.decompress(base64.b64decode(place))
    if isinstance(place, tuple):
        return store.get_part(*place)
    return store.get_version(**place)


def read_folder(store: S3ObjectStore, kept: Kept, folder: str) -> dict[str, bytes]:
    """All that lies under names beginning with `folder`, with one request per bundle."""
    found: dict[str, bytes] = {}
    bundles: dict[str, dict[str, tuple[int, int]]] = {}
    for name, place in kept.items():
        if not name.startswith(folder):
            continue
        if isinstance(place, tuple):
            bundles.setdefault(place[0], {})[name] = place[1:]
        else:
            found[name] = read_part(store, place)
    for key, inside in bundles.items():
        start = min(first for first, _ in inside.values())
        data = store.get_part(key, start, max(first + size for first, size in inside.values()) - start)
        found |= {name: data[first - start : first - start + size] for name, (first, size) in inside.items()}
    return found
