"""The API over each backend, and over folders as a run leaves them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from packshot.cli.main import main
from packshot.contracts.base import ReviewReason
from packshot.contracts.records import ImageRecord
from tests.api.aws.deployment import aws_api
from tests.api.backends import Api, local_api, photo
from tests.cli.folders import output_folder
from tests.report.samples import bad_line, failed_record, record, review_record

PHOTOS = {
    "mugs/red/front.gif": photo("ok 1"),
    "mugs/red/side.gif": photo("review 2"),
    "mugs/blue/front.gif": photo("corrupt 3"),
    "lamps/desk/front.gif": photo("review 4"),
}


@pytest.fixture(scope="module", params=["local", "aws"])
def api(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """The API over a backend that has nothing yet; shared by a module's tests."""
    with aws_api() if request.param == "aws" else local_api(tmp_path_factory.mktemp("local")) as made:
        yield made


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """The API over this machine, for what differs from other backends."""
    with local_api(tmp_path_factory.mktemp("here")) as made:
        yield made


@pytest.fixture(scope="module")
def batch(api: Api) -> dict[str, Any]:
    """A batch that has run: one good photo, two to review, a damaged one."""
    folder = api.upload(PHOTOS, name="spring")
    return api.run({"photos": {"folder_id": folder["folder_id"]}, "preset": "amazon"})


@pytest.fixture(params=["local", "aws"])
def reviewed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Api]:
    """Over a batch that has run: 2 ready, 3 to review (scores 60, 66, 70), a failed one, a bad line."""
    if request.param == "aws":
        with aws_api() as made:
            made.fill(_records())
            yield made
        return
    with local_api(output_folder(tmp_path / "out", _records())) as here:
        yield here


@pytest.fixture
def reviewed_here(tmp_path: Path) -> Iterator[Api]:
    """The same over a folder of `packshot run`."""
    with local_api(output_folder(tmp_path / "out", _records())) as made:
        yield made


def _records() -> list[ImageRecord]:
    return [
        record(0),
        record(1),
        review_record(2, score_after=60.0),
        review_record(3, ReviewReason.ENLARGED, score_after=66.0),
        review_record(4, ReviewReason.LOW_SCORE, ReviewReason.TOUCHES_EDGE, score_after=70.0),
        failed_record(5),
        bad_line(),
    ]


@pytest.fixture
def packshot(capsys: pytest.CaptureFixture[str]) -> Callable[..., int]:
    """Runs the command line in this process; its exit code."""
    del capsys  # keeps its words out of the way
    return lambda *words: main([str(word) for word in words])
