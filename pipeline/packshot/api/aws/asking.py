"""A batch is claimed, its rows are left for plan as they were judged here, and its execution is started."""

from __future__ import annotations

import datetime as dt
import io
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from packshot.api.aws.executions import Executions
from packshot.api.aws.shelves import on_shelf
from packshot.api.aws.sources import AwsSources
from packshot.api.backend import Desk
from packshot.api.kept.lists import KeptLists
from packshot.api.kept.ordering import Ordered, order_batch, single_row
from packshot.api.kept.uploads import KeptUploads
from packshot.api.models.batches import BatchRequest
from packshot.api.models.enhance import EnhanceSettings
from packshot.api.singles import MARK
from packshot.aws_runtime.models import check_model
from packshot.aws_runtime.options import settings_of
from packshot.aws_runtime.ports import Ports
from packshot.batches.plan import claim
from packshot.batches.summarise import fail
from packshot.batches.survey import Survey, Taken, survey_rows
from packshot.contracts import ids
from packshot.contracts.base import Status
from packshot.contracts.manifest import ManifestRow, RowError
from packshot.contracts.records import BatchRecord
from packshot.contracts.task import BatchSettings
from packshot.contracts.work_keys import asked_key
from packshot.errors import PackshotError
from packshot.manifests.locate import Base
from packshot.manifests.prepared import write_rows
from packshot.manifests.source import read_manifest

_OPTIONS: Final = ("mode", "background", "target_size_kb", "model")


@dataclass(frozen=True, slots=True)
class Asked:
    """A batch as it was asked for; of a list there is an order."""

    surveyed: Survey
    ordered: Ordered | None = None

    @property
    def batch(self) -> BatchRecord:
        """As it would be claimed."""
        return self.surveyed.batch


class Asking:
    """From requests to executions.

    Args:
        ports: of the stack.
        lists, sources, uploads: what can be worked on.
        executions: of the batch machine.
        model: the stack's background network, where nothing else is asked for.
    """

    def __init__(
        self,
        ports: Ports,
        lists: KeptLists,
        sources: AwsSources,
        uploads: KeptUploads,
        executions: Executions,
        model: str,
    ) -> None:
        self._ports = ports
        self._model = model
        self._lists = lists
        self._sources = sources
        self._uploads = uploads
        self._executions = executions

    def batch(self, desk: Desk, request: BatchRequest, *, dry: bool = False) -> Asked:
        """What a request asks for; nothing is started.

        The batch's id hangs on the list, the folder's files and the settings: asked again it is the same.

        Raises:
            RequestError, ManifestError, SettingsError, ModelError: as on one machine.
        """
        ordered = order_batch(desk, request, self._lists, self._sources)
        order, named = ordered.order, ordered.named
        now = dt.datetime.now(dt.UTC)
        said = _said(order.preset, order.reference, {name: getattr(order, name) for name in _OPTIONS})
        settings = self._settings(desk, now, dict(ordered.manifest.batch_options), said, dry=dry)
        taken = Taken(order.rules, order.limit, order.strict)
        batch_id = ids.batch_id(
            self._sources.address(named.source),
            ordered.manifest.digest,
            self._sources.photos(named.folder),
            settings.model_dump_json(exclude={"as_of"}),
            taken.words,
        )
        source = self._sources.address(named.source)
        surveyed = survey_rows(ordered.manifest, settings, taken, batch_id=batch_id, source=source, now=now)
        return Asked(surveyed, ordered)

    def rows(self, desk: Desk, request: BatchRequest) -> tuple[Iterator[ManifestRow | RowError], str]:
        """The rows of a list of which none can be used, and the preset that was asked for."""
        ordered = order_batch(desk, request, self._lists, self._sources)
        return ordered.order.rules.applied(ordered.manifest.rows), ordered.preset.name

    def single(self, desk: Desk, source: str, settings: EnhanceSettings) -> Asked:
        """A batch of one photo; errors as `packshot.api.kept.ordering.single_row`."""
        row = single_row(desk, source, settings, self._uploads)
        now = dt.datetime.now(dt.UTC)
        name = f"{MARK}{time.time_ns() // 1_000_000:012x}{row.token}.jsonl"
        options = {name: getattr(settings, name) for name in _OPTIONS}
        said = _said(settings.preset, settings.reference, options)
        manifest = read_manifest(io.BytesIO(row.line), name, Base(self._sources.address("").rstrip("/")))
        surveyed = survey_rows(
            manifest,
            self._settings(desk, now, said, dry=False),
            Taken(),
            batch_id=ids.batch_id(self._sources.address(name)),
            source=self._sources.address(name),
            now=now,
        )
        return Asked(surveyed)

    def run(self, asked: Asked, known: BatchRecord | None) -> BatchRecord:
        """Claims a batch and starts its execution, under a name that another execution of it has not had.

        Raises:
            StorageError, StoreUnavailableError: Step Functions refuses; the batch is closed as failed.
        """
        batch = asked.batch
        name = batch.batch_id if known is None else f"{batch.batch_id}-{secrets.token_hex(4)}"
        if known is not None:
            batch = batch.model_copy(update={"created_at": known.created_at})
        batch = batch.model_copy(update={"execution": self._executions.arn(name)})
        self._put_rows(asked.surveyed, batch)
        if known is None:
            claimed = claim(batch, self._ports.table, self._ports.publish)
            if claimed.execution != batch.execution:
                # Somebody else has asked for the same in this very moment.
                return claimed
        else:
            self._ports.table.put_batch(batch)
        try:
            self._executions.start(name, self._ports.work_bucket, asked_key(batch.batch_id))
        except PackshotError as error:
            fail(batch, error, self._ports.table, self._ports.publish, dt.datetime.now(dt.UTC))
            raise
        return batch

    def _put_rows(self, surveyed: Survey, batch: BatchRecord) -> None:
        file = io.BytesIO()
        write_rows(file, {}, surveyed.rows(batch.settings), "")
        self._ports.work.put(asked_key(batch.batch_id), file.getvalue(), "application/x-ndjson")

    def _settings(self, desk: Desk, now: dt.datetime, *said: dict[str, Any], dry: bool) -> BatchSettings:
        settings = settings_of(now.date(), *said, model=self._model)
        check_model(settings.model)
        preset = on_shelf(settings.preset, desk.documents, take=not dry)
        return settings.model_copy(update={"preset": preset})


def can_go_on(batch: BatchRecord) -> bool:
    """A batch that was asked for before and did not come to its end."""
    return batch.status is Status.FAILED


def _said(preset: str | None, reference: str | None, options: dict[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = {"options": {name: value for name, value in options.items() if value is not None}}
    if preset is not None:
        said["preset"] = preset
    if reference is not None:
        said["reference"] = reference
    return said
