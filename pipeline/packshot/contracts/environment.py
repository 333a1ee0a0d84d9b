"""What a Lambda function is told by its environment; the infrastructure writes it, the function reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, Self

from packshot.contracts.base import DEFAULT_MODEL, Contract

_PREFIX: Final = "PACKSHOT_"


class Environment(Contract):
    """Fields by name; `work_bucket` is the variable PACKSHOT_WORK_BUCKET. Lists are separated by commas.

    Attributes:
        deployment: whose function it is; tells its metrics from those of another stage.
    """

    deployment: str = "packshot"

    def variables(self) -> dict[str, str]:
        """The environment variables that `read` turns into this again."""
        return {
            _PREFIX + name.upper(): ",".join(value) if isinstance(value, tuple) else str(value)
            for name, value in self
            if value != ()
        }

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        """Picks this function's variables.

        Raises:
            ValidationError: of pydantic, naming what is missing.
        """
        values: dict[str, object] = {}
        for name, field in cls.model_fields.items():
            text = environ.get(_PREFIX + name.upper())
            if text is None:
                continue
            listed = field.annotation == tuple[str, ...]
            values[name] = tuple(part for part in text.split(",") if part) if listed else text
        return cls.model_validate(values)


class StageEnvironment(Environment):
    """Of a stage that works on what lies in the work bucket."""

    work_bucket: str


class FetchEnvironment(StageEnvironment):
    """Of a function that reads photos, beside those of the public web.

    Attributes:
        upload_bucket: ours; it keeps versions, so that its photos need no copy.
        source_buckets: others that it may read.
    """

    upload_bucket: str
    source_buckets: tuple[str, ...] = ()


class TableEnvironment(Environment):
    """Of a function that only looks into the job table."""

    table: str


class RecordEnvironment(StageEnvironment):
    """Of a function that writes the job table, delivers files and publishes.

    Attributes:
        model: the background network of batches for which neither they nor their preset name one.
    """

    catalogue_bucket: str
    table: str
    bus: str
    model: str = DEFAULT_MODEL


class FusedEnvironment(FetchEnvironment, RecordEnvironment):
    """Of the function that does all of it."""


class PlanEnvironment(RecordEnvironment):
    """Of plan.

    Attributes:
        images_per_item: 1 where each image has a child of its own.
        concurrency: children that a Map shall have at once; plan lowers it to what Lambda has free.
    """

    images_per_item: int
    concurrency: int


class ApiEnvironment(RecordEnvironment):
    """Of the HTTP API's functions: one that looks, one that changes, and one that works on after an answer.

    Attributes:
        side: which of them.
        upload_bucket: where files come in.
        batch_machine, image_machine: ARNs of the state machines; of one photo there is none where
            execution is fused.
        worker: name or ARN of the function whose side is work; empty for those that never call it.
    """

    side: Literal["read", "write", "work"]
    upload_bucket: str
    batch_machine: str
    image_machine: str = ""
    worker: str = ""
