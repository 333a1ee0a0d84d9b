"""What a zip of a batch holds."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from packshot.api.local import zips
from packshot.contracts.records import ImageRecord
from tests.api.aws.deployment import aws_api
from tests.api.backends import Api, local_api
from tests.cli.folders import output_folder
from tests.report.samples import failed_record, record


@pytest.mark.parametrize("include", ["both", "catalogue"])
def test_what_a_decision_moves_meanwhile_is_not_left_out(
    reviewed_here: Api, monkeypatch: pytest.MonkeyPatch, include: str
) -> None:
    api = reviewed_here
    batch = api.found("/batches")["items"][0]
    ready, waiting = (api.images(batch, qc_status=state)[0] for state in ("auto_approved", "needs_review"))
    real, decided = zips.all_images, list[int]()

    def slow(*args: Any) -> Iterator[ImageRecord]:
        images = list(real(*args))
        if not decided:
            for image, body in (
                (ready, {"action": "reject", "reason": "no"}),
                (waiting, {"action": "approve"}),
            ):
                answer = api.post(image["links"]["review"], body, headers={"If-Match": "*"})
                decided.append(answer.status_code)
        yield from images

    monkeypatch.setattr(zips, "all_images", slow)
    job = api.done(api.post(batch["links"]["download"], {"include": include}).json())
    assert (job["state"], decided) == ("completed", [200, 200])
    with zipfile.ZipFile(io.BytesIO(api.get(job["links"]["result"]).content)) as archive:
        packed = set(archive.namelist()) - {"results.csv"}
    records = [api.found(image["links"]["self"]) for image in api.images(batch)]
    files = {one["path"] for image in records for one in image["renditions"]}
    if include == "both":
        assert packed == files
    else:
        # What was not approved when it was looked at may be missing; what is rejected must be.
        here = {path.partition("/")[2] for path in files if path.startswith("catalogue/")}
        assert packed < here


def test_a_rework_that_failed_does_not_leave_the_approved_picture_out(tmp_path: Path) -> None:
    records = [record(0), failed_record(0, revision=1)]
    with local_api(output_folder(tmp_path / "out", records)) as here:
        check_that_one_is_packed(here, records[0])
    with aws_api() as there:
        there.fill(records)
        check_that_one_is_packed(there, records[0])


def check_that_one_is_packed(api: Api, image: ImageRecord) -> None:
    batch = api.found("/batches")["items"][0]
    assert [one["status"] for one in api.images(batch)] == ["failed"]
    job = api.done(api.post(batch["links"]["download"], {}).json())
    with zipfile.ZipFile(io.BytesIO(api.get(job["links"]["result"]).content)) as archive:
        packed = set(archive.namelist()) - {"results.csv"}
    assert packed == {one.path.removeprefix("catalogue/") for one in image.renditions} != set()
