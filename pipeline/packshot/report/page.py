"""Writes the page: one self-contained HTML file, streamed, that asks nothing of any network."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib import resources
from typing import Any, Final

import jinja2
from markupsafe import Markup

from packshot.contracts.records import BatchRecord, ImageRecord
from packshot.report import charts, numbers, words
from packshot.report.card import Card, card
from packshot.report.selection import Selection, select
from packshot.report.statistics import median
from packshot.report.thumbnails import Pictures
from packshot.report.words import Outcome, outcome

#: Bytes of thumbnails (before base64) after which cards come without pictures.
PICTURE_BUDGET: Final = 16_000_000


def render(
    batch: BatchRecord,
    records: Iterable[ImageRecord],
    pictures: Pictures,
) -> str:
    """The whole page of these records (newest revision of each image) as text; see `stream`."""
    return "".join(stream(batch, select(records), pictures))


def stream(
    batch: BatchRecord,
    chosen: Selection,
    pictures: Pictures,
    picture_budget: int = PICTURE_BUDGET,
) -> Iterator[str]:
    """The page in pieces.

    Args:
        batch: as it stands.
        chosen: what `select` found in the batch's records.
        pictures: before and after of one record, as JPEG, PNG or WebP bytes.
        picture_budget: bytes of pictures after which cards come without them.
    """
    statistics = chosen.statistics
    cards = _cards(chosen.cards, pictures, picture_budget)
    everything = statistics.total - statistics.bad_lines.count > len(chosen.cards)
    values: dict[str, Any] = {
        "batch": batch,
        "statistics": statistics,
        "outcomes": [(kind, title, statistics.outcomes[kind]) for kind, title in words.OUTCOMES.items()],
        "median_before": median(statistics.scores_before),
        "median_after": median(statistics.scores_after),
        "histogram": charts.histogram(statistics),
        "stage_times": charts.stage_times(statistics),
        "parts": charts.part_changes(statistics),
        "reasons": [(words.REASONS[r], r.value, n) for r, n in statistics.reasons.most_common()],
        "failures": [
            (code, statistics.failure_examples[code], n) for code, n in statistics.failures.most_common()
        ],
        "rules": statistics.failing_rules_first(),
        "versions": sorted(
            {(r.versions.packshot, r.versions.model, r.versions.preset) for r in chosen.cards}
        ),
        "showcase": _showcase(chosen.cards, pictures),
        "cards": cards,
        "card_count": len(chosen.cards),
        "index": _safe(chosen.index.rows()) if everything else None,
    }
    yield from _environment().get_template("page.html.j2").generate(values)


def _cards(records: Iterable[ImageRecord], pictures: Pictures, budget: int) -> Iterator[Card]:
    for record in records:
        before, after = pictures(record) if budget > 0 else (None, None)
        budget -= len(before or b"") + len(after or b"")
        yield card(record, before, after)


def _showcase(records: Sequence[ImageRecord], pictures: Pictures) -> Card | None:
    """The most improved picture, for the page's head: a ready one if there is one; None without pictures."""
    for kind in (Outcome.READY, Outcome.REVIEW):
        fitting = [record for record in records if outcome(record) is kind]
        best = max(fitting, key=_gain, default=None)
        if best is not None:
            made = card(best, *pictures(best))
            return made if made.before and made.after and made.matrix else None
    return None


def _gain(record: ImageRecord) -> float:
    return (record.score_after or 0.0) - (record.score_before or 0.0)


@cache
def _environment() -> jinja2.Environment:
    assets = resources.files("packshot.report") / "assets"
    style = (assets / "report.css").read_text(encoding="utf-8")
    script = (assets / "report.js").read_text(encoding="utf-8")
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("packshot.report", "assets"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "size": numbers.size,
        "ms": numbers.milliseconds,
        "score": numbers.score,
        "moment": numbers.moment,
        "plain": words.plain,
        "address": _address,
    }
    environment.globals |= {
        "count": numbers.count,
        "percent": numbers.percent,
        # Files of ours, and the page's policy names their hashes.
        "style": Markup(style),  # noqa: S704
        "script": Markup(script),  # noqa: S704
        "policy": _policy(style, script),
    }
    return environment


def _policy(style: str, script: str) -> str:
    """The content security policy: nothing from anywhere, but this style, this script and data pictures."""
    return (
        "default-src 'none'; img-src data:; "
        f"style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def _address(source: str) -> str | None:
    """The https address in a rule's source, for a link; other schemes would let a preset run scripts."""
    found = re.search(r"https://[^\s,]+", source)
    return found.group() if found else None


def _safe(rows: Iterable[str]) -> Iterator[Markup]:
    """The index's rows, which have nothing in them that HTML knows."""
    return (Markup(row) for row in rows)  # noqa: S704 - as said
