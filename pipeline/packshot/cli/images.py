"""Images as people name them on the command line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from packshot.contracts.records import ImageRecord
from packshot.errors import SettingsError
from packshot.local.store import LocalDirectory, open_directory

#: All ids begin with it, so it may be left out.
_MARK: Final = "img-"
#: Fewer digits of an id name too many images by accident.
_SHORTEST: Final = 4


def find_images(directory: Path, names: Iterable[str]) -> tuple[str, ...]:
    """Ids of the images of the newest batch that `names` name; see `named_records`."""
    with open_directory(directory) as opened:
        return tuple(record.image_id for record in named_records(opened, names))


def named_records(directory: LocalDirectory, names: Iterable[str]) -> Iterator[ImageRecord]:
    """The records of the newest batch behind ids, first characters of ids, or SKUs; each once.

    Raises:
        SettingsError: `image_unknown` when a name fits no image, `option_invalid` when the first
            characters fit several.
    """
    batch = directory.newest_batch()
    given: set[str] = set()
    for name in names:
        exact = directory.table.get_image(batch.batch_id, name)
        found = [exact] if exact is not None else _by_sku(directory, batch.batch_id, name)
        for record in found or [_by_prefix(directory, batch.batch_id, name)]:
            if record.image_id not in given:
                given.add(record.image_id)
                yield record


def _by_sku(directory: LocalDirectory, batch_id: str, sku: str) -> list[ImageRecord]:
    found: list[ImageRecord] = []
    cursor: str | None = None
    while True:
        page = directory.table.by_sku(sku, cursor=cursor)
        found += [record for record in page.items if record.batch_id == batch_id]
        cursor = page.cursor
        if cursor is None:
            return found


def _by_prefix(directory: LocalDirectory, batch_id: str, prefix: str) -> ImageRecord:
    digits = prefix.removeprefix(_MARK)
    if len(digits) < _SHORTEST:
        raise SettingsError("image_unknown", image_id=prefix)
    fitting = [
        record
        for record in directory.records(batch_id)
        if record.image_id.removeprefix(_MARK).startswith(digits)
    ]
    if not fitting:
        raise SettingsError("image_unknown", image_id=prefix)
    if len(fitting) > 1:
        reason = f"{len(fitting)} images begin with it"
        raise SettingsError("option_invalid", option="IMAGE", value=prefix, reason=reason)
    return fitting[0]
