"""From photos to a downloaded catalogue over HTTP alone: what holds for every backend."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import Any

from tests.api.backends import Api, photo
from tests.api.conftest import PHOTOS


def by_sku(api: Api, batch: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(one["sku_id"], one["image_type"]): one for one in api.images(batch)}


def test_a_folder_of_photos_becomes_a_batch(api: Api, batch: dict[str, Any]) -> None:
    assert batch["name"] == "spring"
    assert batch["status"] == "completed"
    assert batch["preset"] == "amazon"
    counts = batch["counts"]
    assert (counts["total"], counts["completed"], counts["failed"]) == (4, 3, 1)
    assert (counts["auto_approved"], counts["needs_review"], counts["pending"]) == (1, 2, 0)
    assert batch["batch_id"] in [one["batch_id"] for one in api.found("/batches")["items"]]
    groups = {one["product_group_id"] for one in api.images(batch)}
    assert groups == {"mugs", "lamps"}


def test_an_image_has_its_facts_and_links(api: Api, batch: dict[str, Any]) -> None:
    image = by_sku(api, batch)["red", "primary"]
    detail = api.found(image["links"]["self"])
    assert detail["status"] == "completed"
    assert detail["score_after"] == 90
    assert detail["alignment"]["transform"] == [1, 0, 0, 0, 1, 0]
    assert detail["product"]["box"] == [1, 1, 14, 14]
    assert [one["revision"] for one in detail["revisions"]] == [0]
    assert detail["history"] == []
    main = next(one for one in detail["renditions"] if one["name"] == "main")
    answer = api.get(detail["links"]["after"])
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/jpeg"
    assert len(answer.content) == main["bytes"]
    assert api.get(detail["links"]["source"]).content == PHOTOS["mugs/red/front.gif"]


def test_a_failed_image_has_its_sentence(api: Api, batch: dict[str, Any]) -> None:
    image = by_sku(api, batch)["blue", "primary"]
    assert image["status"] == "failed"
    assert image["error"]["code"] == "image_truncated"
    assert image["error"]["message"].endswith(".")
    assert image["links"]["after"] is None


def test_filters_find_what_they_say(api: Api, batch: dict[str, Any]) -> None:
    def skus(**filters: Any) -> list[tuple[str, str]]:
        return sorted((one["sku_id"], one["image_type"]) for one in api.images(batch, **filters))

    assert skus(status="failed") == [("blue", "primary")]
    assert skus(qc_status="needs_review") == [("desk", "primary"), ("red", "side")]
    assert skus(sku_id="red") == [("red", "primary"), ("red", "side")]
    assert skus(product_group_id="lamps") == [("desk", "primary")]
    assert skus(product_group_id="none") == []
    assert skus(reason="low_score", sku_id="red") == [("red", "side")]
    assert skus(score_min=80) == [("red", "primary")]
    assert skus(score_max=80) == [("desk", "primary"), ("red", "side")]
    assert skus(limit=1) == skus()


def test_the_queue_holds_what_waits(api: Api, batch: dict[str, Any]) -> None:
    waiting = api.found("/qc/pending", params={"batch_id": batch["batch_id"]})["items"]
    assert {one["sku_id"] for one in waiting} == {"red", "desk"}
    assert all(one["review_reasons"] == ["low_score"] for one in waiting)


def test_reject_undo_rework_approve_and_download(api: Api) -> None:
    folder = api.upload({"shoes/left/front.gif": photo("review 21")})
    batch = api.run({"photos": {"folder_id": folder["folder_id"]}, "preset": "amazon"})
    (image,) = api.images(batch)
    review = image["links"]["review"]

    rejected = api.post(
        review,
        {"action": "reject", "reason": "lace is missing", "notes": "ask the studio", "reviewer": "bea"},
        headers={"If-Match": image["etag"]},
    )
    assert rejected.status_code == 200
    assert rejected.json()["qc_status"] == "rejected"
    assert rejected.headers["etag"] == rejected.json()["etag"] != image["etag"]

    undone = api.post(review, {"action": "undo"}, headers={"If-Match": rejected.headers["etag"]}).json()
    assert undone["qc_status"] == "needs_review"

    started = api.post(image["links"]["rework"], {"angle_deg": 4.5, "box": [1, 1, 10, 10]})
    assert started.status_code == 202
    job = api.done(started.json())
    assert job["state"] == "completed"
    again = api.found(job["links"]["result"])
    assert again["revision"] == 1
    assert again["overrides"]["angle_deg"] == 4.5
    assert [one["revision"] for one in again["revisions"]] == [1, 0]

    approved = api.post(review, {"action": "approve"}, headers={"If-Match": again["etag"]}).json()
    assert approved["qc_status"] == "approved"
    said = [(one["action"], one["before"], one["after"], one["reviewer"]) for one in approved["history"]]
    assert said == [
        ("reject", "needs_review", "rejected", api.reviewer("bea")),
        ("undo", "rejected", "needs_review", "ann"),
        ("approve", "needs_review", "approved", "ann"),
    ]
    assert approved["history"][0]["reason"] == "lace is missing"
    assert api.found(batch["links"]["self"])["counts"]["approved"] == 1

    job = api.done(api.post(batch["links"]["download"], {"renditions": ["main"]}).json())
    archive = zipfile.ZipFile(io.BytesIO(api.get(job["links"]["result"]).content))
    assert archive.namelist() == ["left.MAIN.jpg", "results.csv"]
    assert archive.read("left.MAIN.jpg") == api.get(approved["links"]["after"]).content

    # After delivery, too.
    undone = api.post(review, {"action": "undo"}, headers={"If-Match": "*"}).json()
    assert undone["qc_status"] == "needs_review"


def test_results_come_as_json_and_csv(api: Api, batch: dict[str, Any]) -> None:
    records = api.found(batch["links"]["results_json"])
    assert [one["image_id"] for one in records] == sorted(one["image_id"] for one in records)
    lines = api.get(f"/batches/{batch['batch_id']}/results?format=jsonl").text.splitlines()
    assert [json.loads(line) for line in lines] == records
    table = api.get(batch["links"]["results_csv"])
    assert table.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert [row["image_id"] for row in rows] == [one["image_id"] for one in records]


def test_one_photo_now(api: Api) -> None:
    folder = api.upload({"one.gif": photo("ok 31")})
    answer = api.post("/enhance/upload", {"upload_id": folder["files"][0]["upload_id"], "preset": "ebay"})
    assert answer.status_code == 200
    image = answer.json()["image"]
    assert image["qc_status"] == "auto_approved"
    assert image["sku_id"].startswith("one-")
    assert api.get(image["links"]["after"]).status_code == 200
    assert image["batch_id"] not in [one["batch_id"] for one in api.found("/batches")["items"]]
    shown = api.found("/batches", params={"singles": True})["items"]
    assert image["batch_id"] in [one["batch_id"] for one in shown]


def test_one_photo_is_made_once_under_one_key(api: Api) -> None:
    folder = api.upload({"once.gif": photo("ok 33")})
    body, key = {"upload_id": folder["files"][0]["upload_id"]}, {"Idempotency-Key": "photo-1"}
    first, again = (api.post("/enhance/upload", body, headers=key) for _ in range(2))
    assert first.json() == again.json()
    assert [one.headers.get("idempotency-replayed") for one in (first, again)] == [None, "true"]


def test_one_photo_that_cannot_be_used_is_a_failed_image(api: Api) -> None:
    folder = api.upload({"broken.gif": photo("corrupt 32")})
    answer = api.post("/enhance/upload", {"upload_id": folder["files"][0]["upload_id"]})
    assert answer.status_code == 200
    assert answer.json()["job"]["state"] == "completed"
    assert answer.json()["image"]["error"]["code"] == "image_truncated"


def test_one_photo_from_the_web_is_only_read_from_public_addresses(api: Api) -> None:
    answer = api.post("/enhance/url", {"url": "https://127.0.0.1:8000/secret.jpg"})
    assert answer.status_code == 200
    assert answer.json()["image"]["error"]["code"] == "source_address_refused"
    for url in ("http://example.org/a.jpg", "file:///etc/passwd", "s3://bucket/key", "ftp://example.org/a"):
        assert api.post("/enhance/url", {"url": url}).status_code == 422


def test_retry_takes_the_failed_ones(api: Api, batch: dict[str, Any]) -> None:
    job = api.done(api.post(f"/batches/{batch['batch_id']}/retry", {}).json())
    assert job["state"] == "completed"
    failed = by_sku(api, batch)["blue", "primary"]
    assert failed["revision"] == 1
    assert by_sku(api, batch)["red", "primary"]["revision"] == 0


def test_sums_over_batches(api: Api, batch: dict[str, Any]) -> None:
    overview = api.found("/overview")
    assert overview["batches"] >= 1
    assert overview["total"]["failed"] >= 1
    assert "image_truncated" in [one["code"] for one in overview["failures"]]
    assert {"mugs", "lamps"} <= {one["name"] for one in overview["groups"]}
    assert [one["stage"] for one in overview["stages"]] == ["detect"]
    assert overview["days"][-1]["tally"]["images"] == overview["total"]["images"]
    assert overview["total"]["review_rate"] > 0
