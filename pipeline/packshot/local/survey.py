"""A first pass over the manifest: what a run would do, before anything is written."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass

from packshot.batches.survey import Survey, Taken, survey_rows
from packshot.contracts import ids
from packshot.contracts.task import BatchSettings, ImageTask
from packshot.local.feed import Feed, Reused
from packshot.local.options import settings_of
from packshot.local.references import Preparation, references_of
from packshot.local.request import RunRequest
from packshot.local.stage_code import StageCode
from packshot.local.store import LocalDirectory
from packshot.manifests.source import Manifest, SourceOptions, open_source


def survey(request: RunRequest, manifest: Manifest, settings: BatchSettings, now: dt.datetime) -> Survey:
    """Counts the manifest's rows and judges each; errors as `packshot.batches.survey`."""
    taken = Taken(request.rules, request.limit, request.strict)
    # One list read in another way (other columns, another name for the group) is one of other images.
    read_as = json.dumps([manifest.group, sorted(request.columns.items())])
    told = [
        manifest.digest,
        settings.model_dump_json(exclude={"as_of": True, "preset": {"model"}}),
        taken.words,
        read_as,
    ]
    if request.place is not None:
        told.append(request.place)
    batch_id = ids.batch_id(*told)
    return survey_rows(manifest, settings, taken, batch_id=batch_id, source=request.source, now=now)


@dataclass(frozen=True, slots=True)
class Opened:
    """A list of photos that was opened and looked through for a run."""

    manifest: Manifest
    surveyed: Survey


def open_for(request: RunRequest, code: StageCode, now: dt.datetime) -> Opened:
    """Opens what a request names and looks it through; nothing is written.

    Raises:
        ManifestError, SettingsError: as `survey`; the source or the options can't be used.
        ModelError: the background network can't be used.
    """
    options = SourceOptions(columns=request.columns, allow_roots=request.allow_roots, exclude=(request.out,))
    manifest = open_source(request.source, options)
    settings = settings_of(request, manifest, now.date())
    code.model_sha256(settings.model)
    return Opened(manifest, survey(request, manifest, settings, now))


def would_reuse(
    opened: Opened,
    directory: LocalDirectory,
    model_sha256: Callable[[str], str],
    clock: Callable[[], dt.datetime],
) -> int:
    """How many images a run would leave as they are."""
    survey, resolve, roots = opened.surveyed, opened.manifest.resolve, opened.manifest.roots
    batch = survey.batch
    preparation = Preparation(directory, batch, resolve, roots, model_sha256(batch.settings.model))
    references = references_of(survey.planned(batch.settings), batch, directory)
    for _ in preparation.missing(references):
        # Images of a reference that has to be prepared are made again, so nothing more is to be known.
        continue
    feed = Feed(directory, batch, preparation.result, resolve, roots, model_sha256, clock, dry=True)
    tasks = (item for item in survey.planned(batch.settings) if isinstance(item, ImageTask))
    return sum(isinstance(item, Reused) for item in feed.decide(tasks))
