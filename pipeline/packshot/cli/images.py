"""Images as people name them on the command line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from packshot.batches.summarise import all_images
from packshot.cli.place import Place
from packshot.contracts.records import ImageRecord
from packshot.contracts.table import shard_of
from packshot.errors import SettingsError
from packshot.ports import ImageQuery

#: All ids begin with it, so it may be left out.
_MARK: Final = "img-"
#: Fewer digits of an id name too many images by accident.
_SHORTEST: Final = 4


def find_images(place: Place, names: Iterable[str]) -> tuple[str, ...]:
    """Ids of the batch's images that `names` name; see `named_records`."""
    return tuple(record.image_id for record in named_records(place, names))


def named_records(place: Place, names: Iterable[str]) -> Iterator[ImageRecord]:
    """The batch's records behind ids, first characters of ids, or SKUs; each once.

    Raises:
        SettingsError: `image_unknown` when a name fits no image, `option_invalid` when the first
            characters fit several.
    """
    batch_id = place.batch.batch_id
    given: set[str] = set()
    for name in names:
        exact = place.table.get_image(batch_id, name)
        found = [exact] if exact is not None else _by_sku(place, batch_id, name)
        for record in found or [_by_prefix(place, batch_id, name)]:
            if record.image_id not in given:
                given.add(record.image_id)
                yield record


def _by_sku(place: Place, batch_id: str, sku: str) -> list[ImageRecord]:
    found: list[ImageRecord] = []
    cursor: str | None = None
    while True:
        page = place.table.by_sku(sku, cursor=cursor)
        found += [record for record in page.items if record.batch_id == batch_id]
        cursor = page.cursor
        if cursor is None:
            return found


def _by_prefix(place: Place, batch_id: str, prefix: str) -> ImageRecord:
    digits = prefix.removeprefix(_MARK)
    if len(digits) < _SHORTEST:
        raise SettingsError("image_unknown", image_id=prefix)
    # Of a million images a sixteenth can begin so.
    query = ImageQuery(shards=shard_of(digits))
    fitting = [
        record
        for record in all_images(place.table, batch_id, query)
        if record.image_id.removeprefix(_MARK).startswith(digits)
    ]
    if not fitting:
        raise SettingsError("image_unknown", image_id=prefix)
    if len(fitting) > 1:
        reason = f"{len(fitting)} images begin with it"
        raise SettingsError("option_invalid", option="IMAGE", value=prefix, reason=reason)
    return fitting[0]
