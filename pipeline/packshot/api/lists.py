"""Looking a list of photos through: how many there are, whose, and what is wrong with rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from packshot.api.models.batches import GroupCount
from packshot.contracts.manifest import ManifestRow, RowError

#: Errors and product groups that an answer lists.
MOST: Final = 1000


def look_through(rows: Iterable[ManifestRow | RowError]) -> dict[str, Any]:
    """The facts of a `ListCheck`. Errors of one row that follow each other count it once."""
    total = rejected = errors_left = 0
    errors: list[RowError] = []
    groups: dict[str, tuple[set[str], int]] = {}
    last: tuple[int, int] | None = None
    for row in rows:
        if isinstance(row, RowError):
            place = (row.line, row.row) if row.row else None
            if place is None or place != last:
                total, rejected = total + 1, rejected + 1
            last = place
            if len(errors) < MOST:
                errors.append(row)
            else:
                errors_left += 1
            continue
        total, last = total + 1, None
        skus, images = groups.get(row.product_group_id, (set(), 0))
        skus.add(row.sku_id)
        groups[row.product_group_id] = (skus, images + 1)
    listed = [
        GroupCount(product_group_id=name, skus=len(skus), images=images)
        for name, (skus, images) in sorted(groups.items())
    ]
    return {
        "total": total,
        "rejected_rows": rejected,
        "row_errors": tuple(errors),
        "row_errors_left": errors_left,
        "groups": tuple(listed[:MOST]),
        "groups_left": max(0, len(listed) - MOST),
    }
