"""A zip of a batch that people decide on while it is packed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from packshot.api.local import zips
from packshot.contracts.records import ImageRecord
from tests.api.backends import Api


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
