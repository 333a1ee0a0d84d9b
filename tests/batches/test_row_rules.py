"""Which rows a batch takes, and what is filled in."""

from __future__ import annotations

from typing import Any

import pytest

from packshot.batches.row_rules import EVERY_ROW, RowRules, RowSettings
from packshot.contracts.base import Mode
from packshot.contracts.manifest import ManifestRow, RowError, Scale

BAD = RowError(line=9, column=None, code="row_unreadable", message="The line can't be read.")


def row(sku: str = "red", group: str = "mugs", **changes: Any) -> ManifestRow:
    return ManifestRow(line=1, product_group_id=group, sku_id=sku, image_url=f"{sku}.jpg", **changes)


def test_without_rules_nothing_changes() -> None:
    rows: list[ManifestRow | RowError] = [row(), BAD, row("desk", "lamps")]
    assert list(EVERY_ROW.applied(rows)) == rows
    assert EVERY_ROW.digest() == ""


@pytest.mark.parametrize(
    ("rules", "skus"),
    [
        (RowRules(product_group_id="mugs"), ["red", "blue"]),
        (RowRules(sku_id="desk"), ["desk"]),
        (RowRules(product_group_id="mugs", sku_id="desk"), []),
    ],
)
def test_a_selection_takes_its_rows_and_no_errors(rules: RowRules, skus: list[str]) -> None:
    found = list(rules.applied([row(), row("blue"), BAD, row("desk", "lamps")]))
    assert [one.sku_id for one in found if isinstance(one, ManifestRow)] == skus
    assert BAD not in found


def test_a_skus_settings_stand_above_its_groups_and_the_rows_own_above_all() -> None:
    rules = RowRules(
        by_group={
            "mugs": RowSettings(mode=Mode.DENOISE, background="keep", reference="g.jpg", scale=Scale.SHARED)
        },
        by_sku={"red": RowSettings(mode=Mode.SHARPEN)},
    )
    (red,) = rules.applied([row()])
    assert red == row(mode=Mode.SHARPEN, background="keep", reference="g.jpg", scale=Scale.SHARED)
    (own,) = rules.applied([row(mode=Mode.NONE, background="white", reference="r.jpg")])
    assert own == row(mode=Mode.NONE, background="white", reference="r.jpg", scale=Scale.SHARED)
    assert list(rules.applied([row("desk", "lamps")])) == [row("desk", "lamps")]


def test_rules_tell_batches_apart() -> None:
    digests = {
        RowRules(sku_id="red").digest(),
        RowRules(product_group_id="red").digest(),
        RowRules(by_sku={"red": RowSettings(mode=Mode.NONE)}).digest(),
    }
    assert len(digests) == 3
    assert RowRules(sku_id="red").digest() in digests
