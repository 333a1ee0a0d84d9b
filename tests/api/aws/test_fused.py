"""A stack whose execution is fused has no machine for one photo."""

from __future__ import annotations

import dataclasses

from packshot.api.aws.backend import LIMITS
from tests.api.aws.deployment import aws_api
from tests.api.backends import photo


def test_fused_one_photo_goes_through_the_batch_machine() -> None:
    limits = dataclasses.replace(LIMITS, enhance_wait_s=0.2)
    with aws_api(limits=limits, image_machine="") as site:
        folder = site.upload({"one.gif": photo("ok 31")})
        upload_id = folder["files"][0]["upload_id"]
        answer = site.post("/enhance/upload", {"upload_id": upload_id, "preset": "ebay"})
        assert answer.status_code == 202
        assert answer.json()["image"] is None
        assert answer.headers["retry-after"] == "2"
        job = site.done(answer.json()["job"])
        assert (job["state"], job["kind"]) == ("completed", "enhance")
        image = site.found(job["links"]["result"])
        assert (image["qc_status"], site.machine.singles) == ("auto_approved", 0)
