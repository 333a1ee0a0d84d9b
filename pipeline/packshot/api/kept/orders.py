"""Orders: what a job needs to be begun, now or after a restart, as plain data."""

from __future__ import annotations

from packshot.api.models.enhance import EnhanceSettings
from packshot.batches.row_rules import EVERY_ROW, RowRules
from packshot.contracts.base import Contract
from packshot.contracts.task import Overrides


class RunOrder(Contract):
    """A batch to run.

    Attributes:
        source: the list, by its place among the uploads.
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
