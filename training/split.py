"""Which photos training never sees.

The split is a pure function of the file's name, so that it is the same on every machine and does not move
when pictures are added.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

HELD_OUT_SHARE = 0.07
_SALT = "packshot-held-out-1"


def bucket(name: str) -> float:
    """A number in [0, 1) that depends on the name alone."""
    digest = hashlib.sha256(f"{_SALT}:{name}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def is_held_out(name: str, share: float = HELD_OUT_SHARE) -> bool:
    """Whether the picture of this name is kept for evaluation only."""
    return bucket(name) < share


def garment_name(path: Path) -> str:
    """The name by which a garment's photo is split and its masks are stored: `<class>-<stem>`."""
    return f"{path.parent.name}-{path.stem}"


def garments(data: Path, *, held_out: bool) -> list[Path]:
    """All garment photos on one side of the split, sorted."""
    found = sorted((data / "clothing").glob("*/*.jpg"))
    return [p for p in found if is_held_out(garment_name(p)) == held_out]
