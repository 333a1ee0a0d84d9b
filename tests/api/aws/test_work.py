"""Batches through Step Functions: started once, cancelled, gone on with, retried, made again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from packshot.api.aws.executions import Executions
from packshot.contracts.environment import ApiEnvironment
from packshot.contracts.work_keys import asked_key
from tests.api.aws.deployment import AwsApi
from tests.api.backends import photo
from tests.aws_runtime.conftest import CATALOGUE, WORK

JSON = dict[str, Any]


def said(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def folder_of(site: AwsApi, files: dict[str, bytes]) -> JSON:
    return {"photos": {"folder_id": site.upload(files, name="work")["folder_id"]}}


@pytest.fixture
def waiting(site: AwsApi) -> Iterator[AwsApi]:
    """Time stands still: executions go on when the test says so."""
    each, site.client._each = site.client._each, lambda: None
    yield site
    site.client._each = each
    site.machine.finish()


def test_a_batch_is_there_at_once_and_shows_how_far_it_is(waiting: AwsApi) -> None:
    site = waiting
    files = {f"mugs/{n}.gif": photo(f"ok {n}") for n in range(4)}
    body = folder_of(site, files | {"mugs/x.gif": photo("review")})
    started = site.post("/batches", body).json()["batch"]
    assert (started["status"], started["counts"]["pending"], started["counts"]["total"]) == ("pending", 5, 5)
    assert started["progress"]["current"] == ["reading the manifest"]
    job = site.found(f"/jobs/{started['job_id']}")
    assert (job["kind"], job["state"], job["batch_id"]) == ("batch", "queued", started["batch_id"])
    site.machine.tick()
    site.machine.tick()
    seen = site.found(started["links"]["self"])
    assert seen["status"] == "processing"
    assert seen["progress"]["done"] == 2
    assert seen["counts"]["completed"] == 2
    assert seen["counts"]["pending"] == 3
    assert site.found(f"/jobs/{started['job_id']}")["state"] == "running"
    site.machine.finish()
    ended = site.found(started["links"]["self"])
    assert (ended["status"], ended["progress"], ended["job_id"]) == ("completed", None, None)
    assert (ended["counts"]["auto_approved"], ended["counts"]["needs_review"]) == (4, 1)
    assert site.found(f"/jobs/{started['job_id']}")["state"] == "completed"


def test_the_same_request_is_the_same_batch(site: AwsApi) -> None:
    files = {"a.gif": photo("ok 1"), "b.gif": photo("ok 2")}
    body = folder_of(site, files)
    first = site.run(body)
    begun = len(site.machine.runs)
    again = site.post("/batches", body)
    assert again.json()["batch"]["batch_id"] == first["batch_id"]
    assert again.json()["batch"]["status"] == "completed"
    assert len(site.machine.runs) == begun, "nothing was started"
    assert site.post("/batches/dry-run", body).json()["reused"] == 2
    # Other settings, or another photo under the same name, are another batch.
    assert site.post("/batches", body | {"preset": "ebay"}).json()["batch"]["batch_id"] != first["batch_id"]
    more = {"folder_id": body["photos"]["folder_id"]}
    site.upload({"a.gif": photo("ok 3")}, **more)
    assert site.run(body)["batch_id"] != first["batch_id"]


def test_two_requests_at_once_start_one_execution(waiting: AwsApi) -> None:
    body = folder_of(waiting, {"twice.gif": photo("ok 1")})
    first, second = (waiting.post("/batches", body).json()["batch"] for _ in range(2))
    assert first["batch_id"] == second["batch_id"]
    named = [name for name in waiting.machine.names if name.startswith(first["batch_id"])]
    assert named == [first["batch_id"]]


def test_a_cancelled_batch_keeps_what_is_done_and_goes_on(waiting: AwsApi) -> None:
    site = waiting
    body = folder_of(site, {f"mugs/{n}.gif": photo(f"ok 1{n}") for n in range(4)})
    started = site.post("/batches", body).json()["batch"]
    site.machine.tick()
    site.machine.tick()
    ended = site.post(f"/batches/{started['batch_id']}/cancel").json()
    assert (ended["status"], ended["error"]["code"]) == ("failed", "batch_cancelled")
    assert ended["counts"]["completed"] == 2
    assert len(site.machine.stopped) == 1
    assert site.found(f"/jobs/{started['job_id']}")["state"] == "cancelled"
    assert said(site.post(f"/batches/{started['batch_id']}/cancel")) == (409, "batch_state")
    done = {one["image_id"]: one["updated_at"] for one in site.images(ended)}
    job = site.post(f"/batches/{started['batch_id']}/retry", {}).json()
    assert (job["kind"], job["state"]) == ("retry", "queued")
    assert site.found(started["links"]["self"])["status"] == "processing"
    site.machine.finish()
    whole = site.found(started["links"]["self"])
    assert (whole["status"], whole["error"], whole["counts"]["completed"]) == ("completed", None, 4)
    assert {one["image_id"]: one["updated_at"] for one in site.images(whole)}.items() >= done.items()
    assert site.found(job["links"]["self"])["state"] == "completed"


def test_a_batch_that_ends_while_it_is_cancelled_keeps_its_end(
    waiting: AwsApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, stop = waiting, Executions.stop
    batch_id = site.post("/batches", folder_of(site, {"late.gif": photo("ok 31")})).json()["batch"][
        "batch_id"
    ]

    def too_late(self: Executions, arn: str) -> None:
        site.machine.finish()
        stop(self, arn)

    monkeypatch.setattr(Executions, "stop", too_late)
    assert said(site.post(f"/batches/{batch_id}/cancel")) == (409, "batch_state")
    assert site.found(f"/batches/{batch_id}")["status"] == "completed"


def test_a_batch_that_is_cancelled_twice_says_so_twice(waiting: AwsApi) -> None:
    site = waiting
    body = folder_of(site, {f"twice/{n}.gif": photo(f"ok 2{n}") for n in range(4)})
    batch_id = site.post("/batches", body).json()["batch"]["batch_id"]
    site.machine.services.told()
    for _ in range(2):
        site.machine.tick()
        assert site.post(f"/batches/{batch_id}/cancel").json()["status"] == "failed"
        assert site.post(f"/batches/{batch_id}/retry", {}).status_code == 202
    told = site.machine.services.told()
    for kind, facts in (("Batch Failed", 2), ("Batch Started", 3)):
        ids = {one["detail"]["metadata"]["event_id"] for one in told if one["detail-type"] == kind}
        assert len(ids) == facts, kind


def test_a_retry_is_of_a_batch_that_has_ended(waiting: AwsApi) -> None:
    started = waiting.post("/batches", folder_of(waiting, {"slow.gif": photo("ok 1")})).json()["batch"]
    assert said(waiting.post(f"/batches/{started['batch_id']}/retry", {})) == (409, "batch_state")
    waiting.machine.finish()
    assert said(waiting.post(f"/batches/{started['batch_id']}/retry", {"image_ids": ["img-none"]})) == (
        404,
        "image_unknown",
    )
    job = waiting.post(f"/batches/{started['batch_id']}/retry", {}).json()
    assert job["state"] == "completed", "none had failed"


def test_a_refused_start_closes_the_batch(site: AwsApi, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**asked: Any) -> None:
        raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "StartExecution")

    body = folder_of(site, {"refused.gif": photo("ok 1")})
    with monkeypatch.context() as patch:
        patch.setattr(site.machine, "start_execution", refuse)
        assert said(site.post("/batches", body)) == (500, "store_denied")
    (batch,) = [one for one in site.found("/batches")["items"] if one["error"]]
    assert batch["status"] == "failed"
    # The same request tries once more.
    assert site.run(body)["batch_id"] == batch["batch_id"]


def test_an_execution_that_is_not_the_batch_s_own_does_nothing(site: AwsApi) -> None:
    batch = site.run(folder_of(site, {"own.gif": photo("ok 1")}))
    event = {"bucket": WORK, "key": asked_key(batch["batch_id"]), "version_id": "", "execution": "arn:other"}
    answer = site.services.call("plan", event | {"started_at": "2026-03-01T12:00:00Z"})
    assert answer["outcome"] == "known"


def test_the_picture_that_took_a_references_place_is_not_shown_as_the_reference(site: AwsApi) -> None:
    files = {"jugs/blue/front.gif": photo("ok 41"), "jugs/blue/back.gif": photo("ok 42")}
    body = folder_of(site, files) | {"reference": "jugs/blue/front.gif", "preset": "amazon"}
    batch = site.run(body)
    image, reference = (
        next(one for one in site.images(batch) if one["source"].endswith(name))
        for name in ("back.gif", "front.gif")
    )
    assert site.found(image["links"]["self"])["links"]["reference"] == reference["links"]["after"]
    site.run(folder_of(site, {"jugs/blue/front.gif": photo("ok 43")}) | {"preset": "amazon"})
    assert site.found(reference["links"]["self"])["superseded_by"] is not None
    assert site.found(image["links"]["self"])["links"]["reference"] is None


def test_images_are_aligned_to_a_reference_and_made_again_by_the_batch_machine(site: AwsApi) -> None:
    files = {"mugs/a.gif": photo("ok 1"), "mugs/b.gif": photo("ok 2")}
    body = folder_of(site, files) | {"reference": "mugs/a.gif"}
    batch = site.run(body)
    image = next(one for one in site.images(batch) if one["source"] == "mugs/b.gif")
    detail = site.found(image["links"]["self"])
    assert detail["reference"] == "mugs/a.gif"
    reference = next(one for one in site.images(batch) if one["source"] == "mugs/a.gif")
    assert detail["links"]["reference"] == reference["links"]["after"]
    # Another reference is not ready: the batch machine makes it so.
    singles, runs = site.machine.singles, len(site.machine.runs)
    job = site.post(image["links"]["rework"], {"reference": "mugs/b.gif"}).json()
    assert site.done(job)["state"] == "completed"
    assert (site.machine.singles, len(site.machine.runs)) == (singles, runs + 1)
    # The batch's own is: the machine for one photo is quicker.
    job = site.post(image["links"]["rework"], {"reference": "mugs/a.gif", "mode": "none"}).json()
    assert site.done(job)["state"] == "completed"
    assert (site.machine.singles, len(site.machine.runs)) == (singles + 1, runs + 1)
    assert site.found(image["links"]["self"])["revision"] == 2


def test_presets_of_one_name_template_do_not_take_each_other_s_pictures(site: AwsApi) -> None:
    body = folder_of(site, {"two/shelves.gif": photo("ok 1")})
    for preset in ("google", "ebay"):
        site.run(body | {"preset": preset})
    found = site.services.s3.list_objects_v2(Bucket=CATALOGUE)["Contents"]
    keys = [one["Key"] for one in found if "shelves" in one["Key"]]
    shelf = [key for key in keys if key.startswith(("catalogue/google/", "catalogue/ebay/"))]
    assert len(shelf) == len(keys) / 2 > 0, "one of them has the names, the other a folder of its own"


def test_an_unknown_network_is_refused_at_once(site: AwsApi) -> None:
    body = folder_of(site, {"net.gif": photo("ok 1")})
    assert said(site.post("/batches", body | {"model": "none-such"})) == (422, "model_unknown")
    batch = site.run(body)
    (image,) = site.images(batch)
    assert said(site.post(image["links"]["rework"], {"model": "none-such"})) == (422, "model_unknown")


def test_an_environment_says_all_that_a_function_needs() -> None:
    named = {"work_bucket": "w", "catalogue_bucket": "c", "table": "t", "bus": "b", "upload_bucket": "u"}
    told = ApiEnvironment(**named, side="read", batch_machine="m")
    assert told.variables()["PACKSHOT_SIDE"] == "read"
    assert ApiEnvironment.read(told.variables()) == told
