"""What the page shows of one image."""

from __future__ import annotations

import math
from dataclasses import dataclass
from urllib.parse import quote

from packshot.contracts.records import ImageRecord
from packshot.contracts.stages import ComplianceResult, RenditionFile
from packshot.report import numbers
from packshot.report.thumbnails import data_address
from packshot.report.words import METHODS, OUTCOMES, REASONS, Outcome, ReasonWords, outcome, plain, why


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part of the score, 0-100."""

    title: str
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class Card:
    """One image, ready for the template.

    Attributes:
        before, after: data addresses of the thumbnails, or None.
        link: address of the finished main file beside the page, or None.
        matrix: the CSS matrix that lays the source onto the canvas when both are drawn 1 pixel to a pixel.
        canvas: size of the finished picture, or None.
        rules: failing ones first.
        search: what the page's search looks through.
        filters: error code, review reasons and rules not met, for the page's filters.
    """

    record: ImageRecord
    outcome: Outcome
    outcome_title: str
    before: str | None
    after: str | None
    link: str | None
    matrix: str | None
    canvas: tuple[int, int] | None
    reasons: list[tuple[str, ReasonWords]]
    parts: list[PartRow]
    rules: list[ComplianceResult]
    files: list[tuple[RenditionFile, str | None]]
    facts: list[tuple[str, str]]
    search: str
    filters: str

    @property
    def gain(self) -> float | None:
        """Points won."""
        if self.record.score_before is None or self.record.score_after is None:
            return None
        return self.record.score_after - self.record.score_before


def card(record: ImageRecord, before: bytes | None, after: bytes | None) -> Card:
    """The card of one image with its pictures' bytes."""
    main = next((file for file in record.renditions if file.name == "main"), None)
    kind = outcome(record)
    return Card(
        record=record,
        outcome=kind,
        outcome_title=OUTCOMES[kind],
        before=data_address(before) if before else None,
        after=data_address(after) if after else None,
        link=_link(main),
        matrix=_matrix(record, main),
        canvas=(main.width, main.height) if main else None,
        reasons=[(reason.value, REASONS[reason]) for reason in record.review_reasons],
        parts=_parts(record),
        rules=sorted(record.compliance, key=lambda rule: (rule.passed, rule.level != "required", rule.rule)),
        files=[(file, _link(file)) for file in record.renditions],
        facts=_facts(record),
        search=" ".join(
            (record.sku_id, record.product_group_id, record.image_type, record.source, record.image_id)
        ).casefold(),
        filters=" ".join(_filters(record)),
    )


def _filters(record: ImageRecord) -> list[str]:
    return [*why(record), *(rule.rule for rule in record.compliance if not rule.passed)]


def _link(file: RenditionFile | None) -> str | None:
    """A relative address; a name may hold any sign, so each is quoted, and no scheme can be formed."""
    if file is None or not file.path:
        return None
    return "./" + quote(file.path, safe="/")


def _matrix(record: ImageRecord, main: RenditionFile | None) -> str | None:
    """Source pixels to canvas pixels, for CSS, whose pixel edges are whole numbers (ours: centres)."""
    if record.alignment is None or record.source_size is None or main is None:
        return None
    a, c, e, b, d, f = record.alignment.transform
    shift_x = e + 0.5 - 0.5 * (a + c)
    shift_y = f + 0.5 - 0.5 * (b + d)
    return " ".join(f"{value:.6g}" for value in (a, b, c, d, shift_x, shift_y))


def _parts(record: ImageRecord) -> list[PartRow]:
    names = list(record.score_parts) or list(record.score_parts_before)
    return [
        PartRow(plain(name), record.score_parts_before.get(name), record.score_parts.get(name))
        for name in names
    ]


def _facts(record: ImageRecord) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    if record.source_size:
        width, height = record.source_size
        weight = f", {numbers.size(record.source_bytes)}" if record.source_bytes else ""
        rows.append(("Photo", f"{width:,} × {height:,} px{weight}"))
    if record.product:
        sure, share = 100 * record.product.confidence, 100 * record.product.coverage
        found = f"{sure:.0f} % sure, {share:.0f} % of the photo"
        rows.append(("Product", found))
    if record.alignment:
        rows.append(("Placed", _placement(record)))
    if record.enhancements:
        done = ", ".join(f"{plain(name).lower()} {value:.2g}" for name, value in record.enhancements.items())
        rows.append(("Enhanced", done))
    elif record.error is None and record.renditions:
        rows.append(("Enhanced", "nothing needed it"))
    if record.timings_ms:
        rows.append(("Time", numbers.milliseconds(sum(record.timings_ms.values()))))
    return rows


def _placement(record: ImageRecord) -> str:
    alignment = record.alignment
    if alignment is None:
        return ""
    words = [METHODS.get(alignment.method, plain(alignment.method).lower())]
    if not math.isclose(alignment.rotation_deg, 0.0, abs_tol=0.05):
        words.append(f"turned by {alignment.rotation_deg:.1f}°")
    words.append(f"scale {alignment.scale:.2f}" + (" (enlarged)" if alignment.enlarged else ""))
    if alignment.residual_px is not None:
        words.append(f"residual {alignment.residual_px:.2f} px")
    return ", ".join(words)
