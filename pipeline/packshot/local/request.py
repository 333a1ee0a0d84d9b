"""What the one-machine runner is asked for, and what it tells: plain data for the command line.

The calls themselves:

    local.runner.run(request, progress) -> RunResult
    local.runner.retry(RetryRequest, progress) -> RunResult
    local.runner.rework(ReworkRequest, progress) -> RunResult
    local.store.open_directory(out) -> LocalDirectory      (a context manager; see there)

All raise `SettingsError` (options_changed, directory_unknown, image_unknown, ...), `ManifestError`
(nothing readable, or any bad row with `strict`) and `StorageError` (output_locked, disk_full,
output_not_writable, store_corrupt); failures of single images are in the records instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from packshot.batches.row_rules import EVERY_ROW, RowRules
from packshot.contracts.manifest import RowError
from packshot.contracts.records import BatchRecord
from packshot.contracts.task import Overrides


@dataclass(frozen=True, slots=True)
class RunRequest:
    """One `packshot run`.

    Attributes:
        source: a folder, a glob, a manifest or `-` for standard input.
        out: the output folder; made when it is not there.
        preset: a packaged preset's name, or the path of a preset's file; None for the manifest's, or studio.
        reference: the batch's reference photo as written; None for the manifest's, or none.
        mode, background, target_size_kb, model: None for the manifest's, or else the preset's.
        jobs: worker processes; None for one per processor core.
        limit: only the first so many rows; None for all.
        fresh: forget earlier results in `out`, and remove what Packshot wrote there.
        strict: any bad row refuses the whole manifest before a photo is touched.
        dry_run: plan only; nothing is written, not even `out`.
        allow_roots: folders outside the manifest's from which photos may be read.
        columns: the manifest's own names of columns, by ours (`{"image_url": "Photo"}`).
        rules: which of the rows are taken, and what is filled in.
        mixed: `out` keeps batches of different options side by side, as the server's folder does.
        shelf: a folder for the files, below `catalogue/` and `review/`; the preset's names start in it.
        place: where a list lies among others, of which each is a batch of its own though they read alike;
            None where the same list is the same batch wherever it lies.
    """

    source: str
    out: Path
    preset: str | None = None
    reference: str | None = None
    mode: str | None = None
    background: str | None = None
    target_size_kb: int | None = None
    model: str | None = None
    jobs: int | None = None
    limit: int | None = None
    fresh: bool = False
    strict: bool = False
    dry_run: bool = False
    allow_roots: tuple[Path, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    rules: RowRules = EVERY_ROW
    mixed: bool = False
    shelf: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class RetryRequest:
    """One `packshot retry`: the failed images of the newest batch again, under its own settings.

    Attributes:
        image_ids: only these of the failed ones; empty for all.
        batch_id: of this batch; None for the newest.
    """

    out: Path
    image_ids: tuple[str, ...] = ()
    jobs: int | None = None
    allow_roots: tuple[Path, ...] = ()
    batch_id: str | None = None


@dataclass(frozen=True, slots=True)
class ReworkRequest:
    """One `packshot rework`: images of the newest batch again, with other settings.

    Attributes:
        image_ids: which; at least one.
        overrides: what is set by hand; values left None keep what an earlier rework set.
    """

    out: Path
    image_ids: tuple[str, ...]
    overrides: Overrides
    jobs: int | None = None
    allow_roots: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is; sent at the start, after each image and about once a second.

    Attributes:
        done: images with a final record, the reused ones included.
        total: images of the batch, bad rows included.
        failed, needs_review: of the done ones.
        reused: of the done ones, those that were finished before.
        rate_per_s: images per second over the last half minute, reused ones left out; 0 at first.
        eta_s: seconds left, or None while unknown.
        current: sources that are in work.
    """

    done: int
    total: int
    failed: int
    needs_review: int
    reused: int
    rate_per_s: float
    eta_s: float | None
    current: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run did.

    Attributes:
        batch: as it stands now, with its counts.
        row_errors: what was wrong with rows, in the manifest's order; each such row is a failed record too.
        reused: images whose earlier result stands.
        processed: images that were worked on.
        elapsed_s: wall time.
        interrupted: Ctrl-C or SIGTERM ended it early; the same command goes on.
        stage_ms: milliseconds of the stages over all images that were worked on, by stage.
        dry_run: nothing was done; `processed` is what would be.
    """

    batch: BatchRecord
    row_errors: tuple[RowError, ...]
    reused: int
    processed: int
    elapsed_s: float
    interrupted: bool
    stage_ms: Mapping[str, float] = field(default_factory=dict)
    dry_run: bool = False

    @property
    def failed(self) -> int:
        """Images of the batch that failed, bad rows included."""
        return self.batch.counts.get("failed", 0)

    @property
    def exit_code(self) -> int:
        """0 all well, 1 some images failed, 130 interrupted."""
        if self.interrupted:
            return 130
        return 1 if self.failed else 0


#: Is told how far the run is; called on the thread that called `run`.
Report = Callable[[Progress], None]
