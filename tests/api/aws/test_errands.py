"""What goes on after an answer: zips, results after decisions, single photos; each may be repeated."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from packshot.api.aws import sums as sums_module
from packshot.api.aws import zips
from packshot.contracts.records import ImageRecord
from packshot.errors import StoreUnavailableError
from tests.api.aws.deployment import AwsApi
from tests.api.backends import photo
from tests.aws_runtime.conftest import CATALOGUE, WORK

Json = dict[str, Any]
PHOTOS = {
    "mugs/red.gif": photo("ok 1"),
    "mugs/blue.gif": photo("review 2"),
    "mugs/grey.gif": photo("review 3"),
}


@pytest.fixture(scope="module")
def batch(site: AwsApi) -> Json:
    folder = site.upload(PHOTOS, name="errands")
    return site.run({"photos": {"folder_id": folder["folder_id"]}, "preset": "amazon"})


@pytest.fixture
def lazy(site: AwsApi) -> Iterator[AwsApi]:
    """The worker comes when the test says so."""
    site.worker.lazy = True
    yield site
    site.worker.lazy = False


def results(site: AwsApi, batch: Json) -> dict[str, str]:
    """qc_status by SKU, as the file in the catalogue bucket says."""
    key = f"results/{batch['batch_id']}/results.jsonl"
    lines = site.services.s3.get_object(Bucket=CATALOGUE, Key=key)["Body"].read().splitlines()
    return {one["sku_id"]: one["qc_status"] for one in map(json.loads, lines)}


def zipped(site: AwsApi, job: Json) -> zipfile.ZipFile:
    link = job["links"]["result"]
    assert link.startswith(f"https://{WORK}.s3.")
    answer = site.get(link)
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''batch-")
    return zipfile.ZipFile(io.BytesIO(answer.content))


def test_a_zip_holds_what_was_asked_for(site: AwsApi, batch: Json) -> None:
    job = site.done(site.post(batch["links"]["download"], {"include": "both", "renditions": ["main"]}).json())
    archive = zipped(site, job)
    assert archive.testzip() is None
    assert (
        archive.namelist()
        == [
            *sorted(name for name in archive.namelist() if name.startswith(("catalogue/", "review/"))),
            "results.csv",
        ]
        or len(archive.namelist()) == 4
    )
    assert len([name for name in archive.namelist() if name.startswith("review/")]) == 2
    assert job["bytes"] == len(site.get(job["links"]["result"]).content)


def test_what_a_decision_moves_while_it_is_packed_is_not_left_out(
    lazy: AwsApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = lazy.upload({"cups/moved.gif": photo("review 7")}, name="moved")
    batch = lazy.run({"photos": {"folder_id": folder["folder_id"]}, "preset": "amazon"})
    (image,) = lazy.images(batch)
    real, looks = zips.all_images, list[int]()

    def slow(*args: Any) -> Iterator[ImageRecord]:
        images = list(real(*args))
        looks.append(len(images))
        if len(looks) == 2:
            # The first is for the size alone.
            lazy.post(image["links"]["review"], {"action": "approve"}, headers={"If-Match": "*"})
        yield from images

    job = lazy.post(batch["links"]["download"], {"include": "both"}).json()
    monkeypatch.setattr(zips, "all_images", slow)
    lazy.worker.run({"errand": "zip", "job_id": job["job_id"]})
    packed = set(zipped(lazy, lazy.found(job["links"]["self"])).namelist()) - {"results.csv"}
    approved = lazy.found(image["links"]["self"])
    assert packed == {one["path"] for one in approved["renditions"]} != set()


def test_what_does_not_fit_is_said(site: AwsApi, batch: Json, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zips, "MOST_BYTES", 1)
    job = site.done(site.post(batch["links"]["download"], {}).json())
    assert (job["state"], job["error"]["code"], job["links"]["result"]) == (
        "failed",
        "download_too_large",
        None,
    )


def test_a_job_waits_for_its_worker(lazy: AwsApi, batch: Json) -> None:
    job = lazy.post(batch["links"]["download"], {}).json()
    assert lazy.found(job["links"]["self"])["state"] == "queued"
    errand = lazy.worker.calls[-1]
    assert errand == {"errand": "zip", "job_id": job["job_id"]}
    assert lazy.worker.run(errand)["state"] == "completed"
    finished = lazy.found(job["links"]["self"])["finished_at"]
    # Told once more, as Lambda may: nothing is done again.
    assert lazy.worker.run(errand)["state"] == "completed"
    assert lazy.found(job["links"]["self"])["finished_at"] == finished


def test_what_may_pass_is_tried_again(site: AwsApi, batch: Json, monkeypatch: pytest.MonkeyPatch) -> None:
    real, failed = zips.write_zip, []

    def shaky(*args: Any) -> int:
        if not failed:
            failed.append(1)
            raise StoreUnavailableError("store_throttled", reason="work-here")
        return real(*args)

    monkeypatch.setattr("packshot.api.aws.errands.write_zip", shaky)
    job = site.done(site.post(batch["links"]["download"], {}).json())
    assert (job["state"], failed) == ("completed", [1])


def test_decisions_are_counted_at_once_and_written_a_little_later(lazy: AwsApi, batch: Json) -> None:
    site = lazy
    one, two = [image for image in site.images(batch) if image["qc_status"] == "needs_review"]
    before = len(site.worker.calls)
    site.post(one["links"]["review"], {"action": "approve"}, headers={"If-Match": one["etag"]})
    assert site.found(batch["links"]["self"])["counts"]["approved"] == 1
    site.post(two["links"]["review"], {"action": "reject", "reason": "dust"}, headers={"If-Match": "*"})
    counts = site.found(batch["links"]["self"])["counts"]
    assert (counts["approved"], counts["rejected"], counts["needs_review"]) == (1, 1, 0)
    # One renewal for both: they come within seconds.
    errands = site.worker.calls[before:]
    assert errands == [{"errand": "renew", "batch_id": batch["batch_id"]}]
    assert results(site, batch)[one["sku_id"]] == "needs_review"
    assert site.worker.run(errands[0])["renewed"] >= 1
    found = results(site, batch)
    assert (found[one["sku_id"]], found[two["sku_id"]]) == ("approved", "rejected")
    record = site.services.table.get_batch(batch["batch_id"])
    assert record is not None
    assert (record.counts["approved"], record.counts["rejected"]) == (1, 1)
    assert site.found("/overview")["total"]["approved"] == 1
    assert site.worker.run(errands[0])["renewed"] == 0
    # The next decision asks for the next renewal.
    site.post(one["links"]["review"], {"action": "undo"}, headers={"If-Match": "*"})
    assert len(site.worker.calls) == before + 2
    site.worker.run(site.worker.calls[-1])
    assert results(site, batch)[one["sku_id"]] == "needs_review"


def test_a_photo_that_is_lost_on_its_way_is_a_failed_image(
    site: AwsApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site.machine, "_image", lambda task: None)
    folder = site.upload({"lost.gif": photo("ok 9")})
    answer = site.post("/enhance/upload", {"upload_id": folder["files"][0]["upload_id"]}).json()
    assert answer["job"]["state"] == "completed"
    assert answer["image"]["error"]["code"] == "worker_lost"


def test_a_single_photo_s_batch_ends_as_any_other(site: AwsApi) -> None:
    site.services.said()
    folder = site.upload({"single.gif": photo("ok 8")})
    image = site.post("/enhance/upload", {"upload_id": folder["files"][0]["upload_id"]}).json()["image"]
    batch = site.found(f"/batches/{image['batch_id']}")
    assert (batch["status"], batch["counts"]["auto_approved"]) == ("completed", 1)
    assert results(site, batch) == {image["sku_id"]: "auto_approved"}
    assert site.services.said() == ["Batch Accepted", "Batch Completed", "Batch Started", "Image Processed"]


def test_a_rework_renews_the_results(site: AwsApi, batch: Json) -> None:
    image = next(one for one in site.images(batch) if one["sku_id"] == "red")
    before = results(site, batch)
    assert before["red"] == "auto_approved"
    job = site.done(site.post(image["links"]["rework"], {"angle_deg": 3}).json())
    assert job["state"] == "completed"
    key = f"results/{batch['batch_id']}/results.jsonl"
    lines = site.services.s3.get_object(Bucket=CATALOGUE, Key=key)["Body"].read().splitlines()
    assert [one["revision"] for one in map(json.loads, lines) if one["sku_id"] == "red"] == [1]


def test_a_big_batch_at_work_is_counted_by_its_map_run(site: AwsApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sums_module, "COUNTED", 1)
    each, site.client._each = site.client._each, lambda: None
    try:
        rows = [{"image_url": f"n{n}.gif", "product_group_id": "g", "sku_id": f"s{n}"} for n in range(4)]
        folder = site.upload({f"n{n}.gif": photo(f"ok 7{n}") for n in range(4)})
        bad = {"image_url": "../../x.gif", "product_group_id": "g", "sku_id": "bad"}
        body = {"photos": {"folder_id": folder["folder_id"], "rows": [*rows, bad]}}
        started = site.post("/batches", body).json()["batch"]
        for _ in range(2):
            site.machine.tick()
        counts = site.found(started["links"]["self"])["counts"]
        assert (counts["total"], counts["completed"], counts["failed"], counts["pending"]) == (5, 2, 1, 2)
        site.machine.finish()
        counts = site.found(started["links"]["self"])["counts"]
        assert (counts["completed"], counts["failed"], counts["auto_approved"]) == (4, 1, 4)
    finally:
        site.client._each = each
