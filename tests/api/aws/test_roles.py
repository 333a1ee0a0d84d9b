"""Roles are enough for what the functions do, and for no more: a day's work, each request written down."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.aws.asked import Asking, listening
from tests.api.aws.deployment import AwsApi, aws_api
from tests.api.backends import photo
from tests.api.conftest import PHOTOS
from tests.infra.test_site_permissions import READ, SIDES, WORK, WRITE

Json = dict[str, Any]
QUEUE = ("SendMessage", "GetQueueAttributes", "GetQueueUrl")
#: What such a day does not ask for, and when it is; all else of a role is used in it.
BROKEN_OFF = "an upload of several parts that breaks off"
LOST = "an image that its machine has lost"
SELDOM: dict[str, dict[tuple[str, str], str]] = {
    "Read": {("s3:GetObject", "Catalogue/results/*"): "results of more images than an answer may hold"},
    "Write": {
        ("s3:AbortMultipartUpload", "Work/batches/*"): BROKEN_OFF,
        ("states:DescribeExecution", "execution:batch:*"): "a retry of a batch that seems to be at work",
    },
    "Work": {
        ("s3:AbortMultipartUpload", "Work/batches/*"): BROKEN_OFF,
        ("s3:AbortMultipartUpload", "Work/downloads/*"): BROKEN_OFF,
        ("s3:AbortMultipartUpload", "Catalogue/results/*"): BROKEN_OFF,
        ("s3:DeleteObject", "Catalogue/catalogue/*"): LOST,
        ("s3:DeleteObject", "Catalogue/review/*"): LOST,
        ("dynamodb:Query", "table/index/sku"): LOST,
        ("dynamodb:BatchGetItem", "table"): LOST,
        **{(f"sqs:{name}", "undelivered"): "Lambda's, for an errand that fails" for name in QUEUE},
    },
}


@pytest.fixture(scope="module")
def day() -> Iterator[Asking]:
    with aws_api() as api, listening(api) as asking:
        batch = _upload_and_run(api)
        _review(api)
        _take(api, batch)
        _keep_and_try(api)
        yield asking


def _upload_and_run(api: AwsApi) -> Json:
    folder = api.upload({**PHOTOS, "gone.gif": photo("ok 9")}, name="spring")
    gone = next(
        one for one in api.found(f"/uploads/{folder['folder_id']}")["files"] if one["path"] == "gone.gif"
    )
    place = f"/api/v1/uploads/{folder['folder_id']}/files/{gone['upload_id']}"
    assert api.client.delete(place).status_code == 204
    photos = {"folder_id": folder["folder_id"]}
    asked = {"photos": photos, "preset": "amazon", "reference": "mugs/red/front.gif"}
    assert api.post("/batches/dry-run", asked).status_code == 200
    batch = api.run(asked)
    for image in api.images(batch):
        api.found(image["links"]["self"])
    api.done(api.post(f"/batches/{batch['batch_id']}/retry").json())
    imported = api.post("/import", {"folder_id": folder["folder_id"]}).json()
    begun = api.post("/batches", {"import_id": imported["import_id"], "preset": "ebay"}).json()["batch"]
    assert api.post(f"/batches/{begun['batch_id']}/cancel").status_code == 202
    # Goes on with what the cancelled batch lacks.
    assert api.post(f"/batches/{begun['batch_id']}/retry").status_code == 202
    api.ended(begun)
    return batch


def _review(api: AwsApi) -> None:
    waiting = api.found("/qc/pending")["items"]
    image = api.found(waiting[0]["links"]["self"])
    seen = {"If-Match": image["etag"]}
    rejected = api.post(image["links"]["review"], {"action": "reject", "reason": "blurred"}, headers=seen)
    assert rejected.status_code == 200, rejected.text
    api.post(image["links"]["review"], {"action": "undo"}, headers={"If-Match": "*"})
    api.done(api.post(image["links"]["rework"], {"angle_deg": 4.5}).json())
    approved = api.post("/qc/review", {"action": "approve", "above": 1}).json()["done"]
    # What was delivered is fetched back.
    api.post(approved[0]["links"]["review"], {"action": "undo"}, headers={"If-Match": "*"})
    others = api.images(api.found(f"/batches/{image['batch_id']}"), status="completed")
    other = next(one for one in others if one["image_id"] != image["image_id"])
    api.done(api.post(image["links"]["rework"], {"reference": other["source"]}).json())


def _take(api: AwsApi, batch: Json) -> None:
    job = api.done(api.post(batch["links"]["download"], {"include": "both"}).json())
    assert api.get(job["links"]["result"]).status_code == 200
    for name in ("results_json", "results_csv"):
        assert api.get(batch["links"][name]).status_code == 200
    api.found("/overview")


def _keep_and_try(api: AwsApi) -> None:
    place = "/api/v1/configs/sku/red"
    assert api.client.put(place, json={"mode": "none"}).status_code == 200
    api.found("/configs")
    assert api.client.delete(place).status_code == 204
    folder = api.upload({"one.gif": photo("ok 5")})
    answer = api.post("/enhance/upload", {"upload_id": folder["files"][0]["upload_id"], "preset": "ebay"})
    assert answer.status_code in (200, 202)
    api.found("/jobs")


@pytest.mark.parametrize("side", SIDES)
def test_a_role_allows_all_that_its_function_asks_for(side: str, day: Asking) -> None:
    assert day.by_side[side]
    assert day.beyond(side, SIDES[side]) == set()


@pytest.mark.parametrize("side", SIDES)
def test_a_role_allows_nothing_that_is_never_asked_for(side: str, day: Asking) -> None:
    # What write shares with read may be asked for by either.
    shared = SIDES["Read"] if side == "Write" else {}
    unused = {one for one in day.unused(side, SIDES[side]) if one[0] not in shared.get(one[1], ())}
    assert unused == set(SELDOM[side])


def test_what_is_missing_or_too_much_is_told(day: Asking) -> None:
    less = {place: actions for place, actions in WRITE.items() if place != "bus"}
    assert ("events:PutEvents", "bus") in day.beyond("Write", less)
    more = {**READ, "Work/batches/*": {"s3:DeleteObject"}}
    assert ("s3:DeleteObject", "Work/batches/*") in day.unused("Read", more)
    assert day.beyond("Work", WORK) == set()
