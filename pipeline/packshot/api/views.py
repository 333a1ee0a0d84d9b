"""From records to what goes out."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Final

from packshot.api.backend import Backend, Desk
from packshot.api.models.batches import BatchLinks, BatchView
from packshot.api.models.images import (
    AlignmentView,
    ErrorView,
    HistoryEntry,
    ImageDetail,
    ImageSummary,
    OverridesView,
    ProductView,
    RenditionView,
    RevisionView,
    RuleView,
    VersionsView,
)
from packshot.batches.again import row_of
from packshot.batches.plan import effective_reference
from packshot.contracts.base import Status
from packshot.contracts.records import BatchRecord, ImageRecord
from packshot.contracts.task import Overrides

PREFIX: Final = "/api/v1"


def etag_of(image: ImageRecord, desk: Desk) -> str:
    """Revision and version, in one word, of what a decision would change.

    That is the newest revision that did not fail.
    """
    standing: ImageRecord | None = image
    while standing is not None and standing.status is not Status.COMPLETED and standing.revision > 0:
        standing = desk.table.get_image(image.batch_id, image.image_id, standing.revision - 1)
    standing = standing or image
    return f'"{standing.revision}-{standing.version}"'


def batch_path(batch_id: str) -> str:
    """Where a batch stands."""
    return f"{PREFIX}/batches/{batch_id}"


def image_path(image: ImageRecord) -> str:
    """Where an image stands."""
    return f"{batch_path(image.batch_id)}/images/{image.image_id}"


def name_of(batch: BatchRecord) -> str:
    """What people call a batch: its manifest's file, or the folder that a list of ours lies in."""
    path = PurePosixPath(batch.manifest)
    return (path.parent.name if path.name.startswith(".") else path.name) or batch.manifest


def batch_view(batch: BatchRecord, backend: Backend, desk: Desk) -> BatchView:
    """A batch as it stands now."""
    settings, at_work = batch.settings, backend.work.progress(desk, batch)
    progress, job_id = at_work or (None, None)
    if progress is not None and not progress.total:
        # It waits, and the runner has said nothing yet.
        progress = progress.model_copy(update={"total": batch.total})
    path = batch_path(batch.batch_id)
    return BatchView(
        batch_id=batch.batch_id,
        name=name_of(batch),
        status=batch.status,
        preset=settings.preset.name,
        mode=settings.mode,
        background=settings.background or settings.preset.background,
        target_size_kb=settings.target_size_kb,
        model=settings.model,
        reference=settings.reference,
        counts=backend.sums.counts(desk, batch),
        rejected_rows=batch.rejected_rows,
        progress=progress,
        job_id=job_id,
        error=batch.error,
        created_at=batch.created_at,
        finished_at=batch.finished_at,
        links=BatchLinks(
            self=path,
            images=f"{path}/images",
            results_json=_results(batch, "json", backend, desk),
            results_csv=_results(batch, "csv", backend, desk),
            download=f"{path}/download",
        ),
    )


def _results(batch: BatchRecord, form: str, backend: Backend, desk: Desk) -> str:
    """Where results are: in a file, if the backend has one, else streamed."""
    file = backend.pictures.results_file(desk, batch, form)
    return file or f"{batch_path(batch.batch_id)}/results?format={form}"


def image_summary(image: ImageRecord, backend: Backend, desk: Desk) -> ImageSummary:
    """An image for a list."""
    return ImageSummary.model_validate(_summary(image, backend, desk, None))


def image_detail(image: ImageRecord, batch: BatchRecord, backend: Backend, desk: Desk) -> ImageDetail:
    """Everything about an image."""
    facts = _summary(image, backend, desk, reference_of(image, batch)) | {
        "score_parts": image.score_parts,
        "score_parts_before": image.score_parts_before,
        "compliance": tuple(RuleView(**one.model_dump()) for one in image.compliance),
        "product": ProductView(**image.product.model_dump()) if image.product else None,
        "alignment": AlignmentView(**image.alignment.model_dump()) if image.alignment else None,
        "renditions": tuple(
            RenditionView(**one.model_dump(), link=backend.pictures.rendition(image, one.name))
            for one in _with_its_files(image).renditions
        ),
        "enhancements": image.enhancements,
        "overrides": overrides_view(image.overrides),
        "mode": image.mode,
        "background": image.background,
        "scale": image.scale,
        "reference": reference_of(image, batch),
        "source_bytes": image.source_bytes,
        "source_size": image.source_size,
        "source_sha256": image.source_sha256,
        "versions": VersionsView(**image.versions.model_dump()),
        "timings_ms": image.timings_ms,
        "history": tuple(
            HistoryEntry(**entry.model_dump(exclude={"batch_id", "image_id"}))
            for entry in desk.table.reviews(image.batch_id, image.image_id)
        ),
        "revisions": _revisions(image, desk),
    }
    return ImageDetail.model_validate(facts)


def reference_of(image: ImageRecord, batch: BatchRecord) -> str | None:
    """The source that an image was aligned to, as written."""
    if not image.source:
        return None
    return effective_reference(row_of(image), image.overrides, batch.settings)


def overrides_view(overrides: Overrides) -> OverridesView:
    """What was set by hand."""
    return OverridesView(**overrides.model_dump())


def _summary(image: ImageRecord, backend: Backend, desk: Desk, reference: str | None) -> dict[str, object]:
    return {
        "batch_id": image.batch_id,
        "image_id": image.image_id,
        "revision": image.revision,
        "version": image.version,
        "etag": etag_of(image, desk),
        "source": image.source,
        "line": image.line,
        "product_group_id": image.product_group_id,
        "sku_id": image.sku_id,
        "image_type": image.image_type,
        "status": image.status,
        "qc_status": image.qc_status,
        "score_before": image.score_before,
        "score_after": image.score_after,
        "review_reasons": image.review_reasons,
        "rules_failed": tuple(one.rule for one in image.compliance if not one.passed),
        "error": ErrorView(**image.error.model_dump()) if image.error else None,
        "superseded_by": image.superseded_by,
        "updated_at": image.updated_at,
        "links": backend.pictures.links(desk, _with_its_files(image), reference),
    }


def _with_its_files(image: ImageRecord) -> ImageRecord:
    """Without those of one that was replaced: what stands under their names now is another's."""
    return image if image.superseded_by is None else image.model_copy(update={"renditions": ()})


def _revisions(image: ImageRecord, desk: Desk) -> tuple[RevisionView, ...]:
    found = [image]
    for revision in range(image.revision - 1, -1, -1):
        earlier = desk.table.get_image(image.batch_id, image.image_id, revision)
        if earlier is not None:
            found.append(earlier)
    return tuple(
        RevisionView(
            revision=one.revision,
            status=one.status,
            qc_status=one.qc_status,
            score_after=one.score_after,
            overrides=overrides_view(one.overrides),
            updated_at=one.updated_at,
        )
        for one in found
    )
