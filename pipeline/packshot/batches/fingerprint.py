"""When is a finished image still right? When everything that it was made from is the same."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final

from packshot.contracts.records import ErrorFacts, ImageRecord
from packshot.contracts.task import BatchSettings, ImageTask

#: Failures whose cause lies outside of the photo: run again, they may well succeed.
PASSING: Final = frozenset(
    {
        "source_unreachable",
        "source_timeout",
        "source_throttled",
        "store_unavailable",
        "store_throttled",
        "disk_full",
        "output_not_writable",
        "store_denied",
        "model_missing",
        "model_changed",
        "out_of_memory",
        "stage_timeout",
        "worker_lost",
    }
)


def fingerprint(
    task: ImageTask,
    *,
    settings_hash: str,
    source_sha256: str | None,
    model_sha256: str,
    reference: str | None,
    code_version: str,
) -> str:
    """Hash of all that an image's result depends on; 20 hex digits.

    Args:
        task: its row and overrides count, its place in the manifest and its batch do not.
        settings_hash: of the batch's settings, from `settings_hash`.
        source_sha256: of the source's bytes; None when they could not be read.
        model_sha256: of the background network's file.
        reference: fingerprint of the reference it is aligned to, None without one.
        code_version: packshot's.
    """
    made_from: dict[str, Any] = {
        "row": task.row.model_dump(mode="json", exclude={"line", "reference"}),
        "overrides": task.overrides.model_dump(mode="json", exclude={"reference"}),
        "is_reference": task.is_reference,
        "reference": reference,
        "settings": settings_hash,
        "source": source_sha256,
        "model": model_sha256,
        "code": code_version,
    }
    return _digest(made_from)


def reference_fingerprint(
    *, settings_hash: str, source_sha256: str | None, model_sha256: str, code_version: str
) -> str:
    """Hash of all that a prepared reference depends on; 20 hex digits."""
    return _digest(
        {
            "settings": settings_hash,
            "source": source_sha256,
            "model": model_sha256,
            "code": code_version,
        }
    )


def settings_hash(settings: BatchSettings) -> str:
    """Hash of what of the settings decides how a picture comes out; the same for all images of a batch.

    Of `as_of` only what it decides counts: which advised rules are required by then; of the background
    network which one it is, whoever names it.
    """
    facts = settings.model_dump(mode="json", exclude={"as_of": True, "reference": True, "preset": {"model"}})
    facts["required_by_now"] = [
        rule.id
        for rule in settings.preset.rules
        if rule.required_from is not None and rule.required_from <= settings.as_of
    ]
    return _digest(facts)


def may_pass(error: ErrorFacts | None) -> bool:
    """True for a failure that a plain run tries again by itself."""
    return error is not None and error.code in PASSING


def still_right(record: ImageRecord, now: str) -> bool:
    """True when a finished record was made from what lies there now, whose fingerprint is `now`."""
    return record.fingerprint == now and not may_pass(record.error)


def _digest(facts: dict[str, Any]) -> str:
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:20]
