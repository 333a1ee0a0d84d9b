"""The ports for one request, and what is asked of them for each item of a page but once for all."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from packshot.api.backend import Desk
from packshot.contracts.records import BatchRecord
from packshot.errors import InternalError

#: Documents that say of which shards of a batch the results are older than its images.
STALE: Final = "stale"
#: Of more batches at once each is asked for by itself.
_AT_ONCE: Final = 500


@dataclass(frozen=True)
class AwsDesk(Desk):
    """A desk that remembers, for the length of a request."""

    def batch(self, batch_id: str) -> BatchRecord | None:
        """A batch, read once."""
        if batch_id not in self._batches:
            self._batches[batch_id] = self.table.get_batch(batch_id)
        return self._batches[batch_id]

    def is_stale(self, batch_id: str) -> bool:
        """True while a batch's results and counts are older than somebody's decisions."""
        if self._stale is not None:
            return batch_id in self._stale
        return bool(self.documents.page(STALE, 1, prefix=f"{batch_id}/").items)

    @cached_property
    def _batches(self) -> dict[str, BatchRecord | None]:
        return {}

    @cached_property
    def _stale(self) -> frozenset[str] | None:
        """Those of all batches; they are few, and mostly none. None when they are not."""
        page = self.documents.page(STALE, _AT_ONCE)
        return frozenset(str(one["batch_id"]) for one in page.items) if page.cursor is None else None


def desk_of(desk: Desk) -> AwsDesk:
    """The desk of a backend of AWS as what it is."""
    if not isinstance(desk, AwsDesk):
        raise InternalError("internal_error", reason="a backend of AWS needs a desk of AWS")
    return desk
