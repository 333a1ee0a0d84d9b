"""A batch as the commands take it, in an output folder or in a stack."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Protocol

from packshot.batches.summarise import all_images
from packshot.cli.where import Where
from packshot.contracts.events import Event
from packshot.contracts.records import BatchRecord, ImageRecord
from packshot.local.reporting import REPORT, refresh_report
from packshot.local.store import LocalDirectory, open_directory
from packshot.ports import JobTable, ObjectStore
from packshot.report.statistics import Statistics, gather

if TYPE_CHECKING:  # boto3 is an extra
    from packshot.stack.deployed import Stack
    from packshot.stack.place import StackPlace

#: What --stack takes besides.
_EXTRA: Final = "packshot[aws]"


class Place(Protocol):
    """A batch, and what the use cases need for it."""

    @property
    def table(self) -> JobTable:
        """The port."""
        ...

    @property
    def files(self) -> ObjectStore:
        """The port."""
        ...

    @property
    def publish(self) -> Callable[[Event], None]:
        """The port."""
        ...

    @property
    def batch(self) -> BatchRecord:
        """The batch that the command speaks of."""
        ...

    @property
    def at_once(self) -> int:
        """Images that may be decided on at a time."""
        ...

    @property
    def words(self) -> str:
        """What is typed to name it: `catalogue/`, `--stack NAME --batch ID`."""
        ...

    @property
    def shown(self) -> Sequence[tuple[str, str]]:
        """Where people find what it made: title and place."""
        ...

    @property
    def facts(self) -> dict[str, Any]:
        """The same for programs."""
        ...

    @property
    def results(self) -> str:
        """Where results.csv lies."""
        ...

    def statistics(self) -> Statistics:
        """What it came to."""
        ...

    def renew(self, changed: Collection[str]) -> None:
        """Writes results (and the report) anew after decisions on these images."""
        ...

    def refresh(self) -> Statistics:
        """What it came to, after the report was written anew, where there is one."""
        ...


def records_of(place: Place) -> Iterator[ImageRecord]:
    """Newest revisions of the batch's images, sorted by image_id, streamed."""
    return all_images(place.table, place.batch.batch_id)


@dataclass(frozen=True)
class FolderPlace:
    """The newest batch of an output folder."""

    directory: LocalDirectory
    typed: str

    @property
    def table(self) -> JobTable:
        return self.directory.table

    @property
    def files(self) -> ObjectStore:
        return self.directory.files

    @property
    def publish(self) -> Callable[[Event], None]:
        return self.directory.publish

    @cached_property
    def batch(self) -> BatchRecord:
        return self.directory.newest_batch()

    @property
    def at_once(self) -> int:
        # A decision is one unit of the folder's table.
        return 1

    @property
    def words(self) -> str:
        return shlex.quote(str(self.directory.root))

    @property
    def shown(self) -> Sequence[tuple[str, str]]:
        named = (("Catalogue", "catalogue"), ("Review", "review"), ("Report", REPORT))
        paths = ((title, self.directory.root / name) for title, name in named)
        return [(title, str(path)) for title, path in paths if path.exists()]

    @property
    def facts(self) -> dict[str, Any]:
        return {"out": self.typed}

    @property
    def results(self) -> str:
        return str(self.directory.root / "results.csv")

    def statistics(self) -> Statistics:
        return gather(records_of(self))

    def renew(self, changed: Collection[str]) -> None:
        del changed  # a folder's results are written whole
        self.directory.write_results()
        refresh_report(self.directory)

    def refresh(self) -> Statistics:
        return refresh_report(self.directory)


@contextmanager
def open_place(where: Where) -> Iterator[Place]:
    """Opens what was typed.

    Raises:
        SettingsError: directory_unknown, batch_unknown.
        StackError: the stack can't be used.
    """
    if where.stack is None:
        with open_directory(where.folder) as directory:
            yield FolderPlace(directory, str(where.folder))
        return
    yield open_stack_place(where)


def open_stack_place(where: Where) -> StackPlace:
    """The batch of a stack."""
    opened = open_named_stack(where)
    from packshot.stack.place import StackPlace

    return StackPlace(opened, opened.batch(where.batch))


def open_named_stack(where: Where) -> Stack:
    """The stack that was typed.

    Raises:
        StackError: extra_missing; as `packshot.stack.deployed.open_stack`.
    """
    need_boto3()
    from packshot.stack.deployed import open_stack

    return open_stack(str(where.stack), where.region)


def need_boto3() -> None:
    """Says what to install where the extra is missing.

    Raises:
        StackError: extra_missing.
    """
    from importlib.util import find_spec

    from packshot.errors import StackError

    if find_spec("boto3") is None:
        raise StackError("extra_missing", package="boto3", extra=_EXTRA)
