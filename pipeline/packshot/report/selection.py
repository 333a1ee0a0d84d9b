"""Which images get a card with pictures: all that need a person first, then a fair sample of the rest."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass

from packshot.contracts.records import ImageRecord
from packshot.report.index import Index
from packshot.report.statistics import Statistics
from packshot.report.words import Outcome, bad_line, outcome

#: Cards on one page. A pair of thumbnails takes about 35 KB, so this bounds the page near 15 MB.
CARDS = 400

#: The order of the cards, and how many of them a kind may take while others want some too.
_SHARES: dict[Outcome, float] = {
    Outcome.REVIEW: 0.5,
    Outcome.FAILED: 0.25,
    Outcome.REJECTED: 0.05,
    Outcome.UNFINISHED: 0.0,
    Outcome.READY: 0.2,
}
ORDER = (Outcome.FAILED, Outcome.REVIEW, Outcome.REJECTED, Outcome.UNFINISHED, Outcome.READY)


class _Sample:
    """The records with the smallest image ids: ids are hashes, so that is a fair sample, and a stable one."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._heap: list[tuple[int, int, ImageRecord]] = []
        self._count = 0

    def add(self, record: ImageRecord) -> None:
        self._count += 1
        # A max-heap by the id's first digits; the counter keeps records themselves from being compared.
        entry = (-_number(record.image_id), -self._count, record)
        if len(self._heap) < self._limit:
            heapq.heappush(self._heap, entry)
        elif self._limit:
            heapq.heappushpop(self._heap, entry)

    def records(self, limit: int) -> list[ImageRecord]:
        chosen = [entry[2] for entry in heapq.nlargest(limit, self._heap)]
        return sorted(chosen, key=lambda record: (record.product_group_id, record.sku_id, record.image_type))


def _number(image_id: str) -> int:
    """The id as a number; any text will do, since only the order counts."""
    return int.from_bytes(image_id.encode()[:16].ljust(16, b"\0"), "big")


@dataclass(frozen=True, slots=True)
class Selection:
    """What one pass over the records found.

    Attributes:
        cards: the images that get a card, failed ones first, ready ones last.
        statistics: of all images.
        index: a compact row of each.
    """

    cards: list[ImageRecord]
    statistics: Statistics
    index: Index


def select(records: Iterable[ImageRecord], limit: int = CARDS) -> Selection:
    """Chooses at most `limit` images, and gathers the statistics and the index of all, in one pass."""
    statistics = Statistics()
    index = Index()
    samples = {kind: _Sample(limit) for kind in ORDER}
    for record in records:
        statistics.add(record)
        index.add(record)
        # A bad line has nothing to show; the statistics list it.
        if not bad_line(record):
            samples[outcome(record)].add(record)
    quotas = _quotas(statistics, limit)
    cards = [record for kind in ORDER for record in samples[kind].records(quotas[kind])]
    return Selection(cards, statistics, index)


def _quotas(statistics: Statistics, limit: int) -> dict[Outcome, int]:
    """Cards per kind: its share, and what other kinds leave goes to those that want more, in turn."""
    wanted = {kind: statistics.outcomes[kind] for kind in ORDER}
    wanted[Outcome.FAILED] -= statistics.bad_lines.count
    quotas = {kind: min(wanted[kind], int(limit * _SHARES[kind])) for kind in ORDER}
    for kind in _SHARES:
        spare = limit - sum(quotas.values())
        quotas[kind] = min(wanted[kind], quotas[kind] + spare)
    return quotas
