"""Orders: what a job needs to be begun, now or after a restart, as plain data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from packshot.api.models.enhance import EnhanceSettings
from packshot.batches.row_rules import EVERY_ROW, RowRules
from packshot.contracts.base import Contract
from packshot.contracts.task import Overrides
from packshot.local.request import RunRequest


class RunOrder(Contract):
    """A batch to run.

    Attributes:
        source: the list, relative to the uploads.
        preset, mode, background, target_size_kb, model, reference: None for the list's own, or the default.
        shelf: folder for its files below `catalogue/` and `review/`; None for none.
    """

    source: str
    columns: dict[str, str] = {}  # noqa: RUF012 - pydantic copies defaults
    preset: str | None = None
    mode: str | None = None
    background: str | None = None
    target_size_kb: int | None = None
    model: str | None = None
    reference: str | None = None
    limit: int | None = None
    strict: bool = False
    rules: RowRules = EVERY_ROW
    shelf: str | None = None

    def request(self, uploads: Path, out: Path, roots: tuple[Path, ...], jobs: int | None) -> RunRequest:
        """As the runner wants it."""
        facts: dict[str, Any] = {
            name: getattr(self, name)
            for name in type(self).model_fields
            if name not in ("source", "columns", "rules")
        }
        return RunRequest(
            source=str(uploads / self.source),
            out=out,
            jobs=jobs,
            allow_roots=roots,
            columns=self.columns,
            rules=self.rules,
            mixed=True,
            **facts,
        )


class RetryOrder(Contract):
    """Failed images to run again; empty for all."""

    batch_id: str
    image_ids: tuple[str, ...] = ()


class ReworkOrder(Contract):
    """Images to make again with other settings."""

    batch_id: str
    image_ids: tuple[str, ...]
    overrides: Overrides


class DownloadOrder(Contract):
    """A zip to write."""

    batch_id: str
    include: str
    renditions: tuple[str, ...] = ()


def run_order_of(settings: EnhanceSettings, source: str) -> RunOrder:
    """The order of a single photo; its list is at `source`."""
    return RunOrder(
        source=source,
        preset=settings.preset,
        mode=settings.mode,
        background=settings.background,
        target_size_kb=settings.target_size_kb,
        model=settings.model,
        reference=settings.reference,
    )
