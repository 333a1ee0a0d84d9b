"""Decisions over HTTP on a folder of `packshot run`: one, many, two people at once, and what follows."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from packshot.api.aws.backend import LIMITS
from packshot.api.backend import Limits
from packshot.local.store import open_directory
from packshot.workflow import API_WRITE
from tests.api.backends import Api, local_api
from tests.cli.folders import output_folder
from tests.report.samples import failed_record, record, review_record

BATCH = "b" * 16


def waiting(api: Api, **filters: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.found("/qc/pending", params=filters)["items"]
    return found


def said(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_folder_of_a_run_is_reviewed_in_the_browser(reviewed_here: Api) -> None:
    batch = reviewed_here.found(f"/batches/{BATCH}")
    assert (batch["name"], batch["job_id"], batch["progress"]) == ("autumn.csv", None, None)
    assert (batch["counts"]["auto_approved"], batch["counts"]["needs_review"]) == (2, 3)
    assert batch["counts"]["failed"] == 2
    image = waiting(reviewed_here)[0]
    path = next((reviewed_here.out / "review").rglob(f"{image['sku_id']}*main*"))
    picture = reviewed_here.get(image["links"]["after"])
    assert picture.content == path.read_bytes()
    assert reviewed_here.get(image["links"]["after_small"]).headers["content-type"] == "image/webp"
    answer = reviewed_here.post(
        image["links"]["review"], {"action": "approve"}, headers={"If-Match": image["etag"]}
    )
    assert answer.status_code == 200
    assert not path.exists()
    # The same file, by the link that was shown before.
    assert reviewed_here.get(image["links"]["after"]).content == picture.content
    assert reviewed_here.found(f"/batches/{BATCH}")["counts"]["approved"] == 1


def test_two_reviewers_on_one_image_are_told_apart(reviewed: Api) -> None:
    image = waiting(reviewed)[0]
    review, seen = image["links"]["review"], {"If-Match": image["etag"]}
    first = reviewed.post(review, {"action": "reject", "reason": "dust", "reviewer": "bea"}, headers=seen)
    assert first.status_code == 200
    second = reviewed.post(review, {"action": "approve", "reviewer": "cem"}, headers=seen)
    assert said(second) == (409, "review_conflict")
    by_body = {"action": "approve", "revision": image["revision"], "version": image["version"]}
    assert said(reviewed.post(review, by_body)) == (409, "review_conflict")
    detail = reviewed.found(image["links"]["self"])
    assert detail["qc_status"] == "rejected"
    assert [one["reviewer"] for one in detail["history"]] == [reviewed.reviewer("bea")]


def test_a_version_of_an_earlier_revision_is_not_the_later_ones(tmp_path: Path) -> None:
    earlier = review_record(2, revision=0, version=1)
    later = review_record(2, revision=1, version=1)
    with local_api(output_folder(tmp_path / "out", [earlier, later])) as api:
        review = api.images(api.found(f"/batches/{BATCH}"))[0]["links"]["review"]
        assert said(api.post(review, {"action": "approve"}, headers={"If-Match": '"0-1"'})) == (
            409,
            "review_conflict",
        )
        assert api.post(review, {"action": "approve"}, headers={"If-Match": '"1-1"'}).status_code == 200


def test_an_earlier_revision_is_decided_on_while_a_later_has_failed(tmp_path: Path) -> None:
    earlier = review_record(2, revision=0, version=3)
    later = failed_record(2, revision=1, version=0)
    with local_api(output_folder(tmp_path / "out", [earlier, later])) as api:
        image = api.images(api.found(f"/batches/{BATCH}"))[0]
        assert (image["status"], image["etag"]) == ("failed", '"0-3"')
        answer = api.post(
            image["links"]["review"], {"action": "approve"}, headers={"If-Match": image["etag"]}
        )
        assert answer.json()["qc_status"] == "approved"


def test_a_decision_says_what_was_seen_and_why(reviewed: Api) -> None:
    review = waiting(reviewed)[0]["links"]["review"]
    assert said(reviewed.post(review, {"action": "approve"})) == (428, "version_missing")
    assert said(reviewed.post(review, {"action": "approve"}, headers={"If-Match": "x"})) == (
        422,
        "request_invalid",
    )
    star = {"If-Match": "*"}
    assert said(reviewed.post(review, {"action": "reject"}, headers=star)) == (422, "request_invalid")
    assert said(reviewed.post(review, {"action": "undo"}, headers=star)) == (409, "review_nothing_to_undo")
    assert said(reviewed.post(review, {"action": "delete"}, headers=star)) == (422, "request_invalid")
    failed = next(
        one for one in reviewed.images(reviewed.found(f"/batches/{BATCH}"), status="failed") if one["sku_id"]
    )
    assert said(reviewed.post(failed["links"]["review"], {"action": "approve"}, headers=star)) == (
        409,
        "review_not_possible",
    )


def test_many_at_once_by_score(reviewed: Api) -> None:
    answer = reviewed.post("/qc/review", {"action": "approve", "above": 65}).json()
    assert sorted(one["score_after"] for one in answer["done"]) == [66, 70]
    assert (answer["refused"], answer["more"]) == ([], False)
    answer = reviewed.post("/qc/review", {"action": "reject", "below": 65, "reason": "too soft"}).json()
    assert [one["qc_status"] for one in answer["done"]] == ["rejected"]
    assert waiting(reviewed) == []


def test_many_at_once_by_name(reviewed: Api) -> None:
    one, two, three = waiting(reviewed)
    chosen = [
        {key: image[key] for key in ("batch_id", "image_id", "revision", "version")} for image in (one, two)
    ]
    chosen[1]["version"] = 99
    chosen.append({"batch_id": BATCH, "image_id": "img-none"})
    answer = reviewed.post("/qc/review", {"action": "approve", "images": chosen}).json()
    assert [done["image_id"] for done in answer["done"]] == [one["image_id"]]
    assert [refused["code"] for refused in answer["refused"]] == ["review_conflict", "image_unknown"]
    assert {image["image_id"] for image in waiting(reviewed)} == {two["image_id"], three["image_id"]}


@pytest.mark.parametrize(
    "body",
    [
        {"action": "approve"},
        {"action": "approve", "above": 50, "images": [{"batch_id": BATCH, "image_id": "img-1"}]},
        {"action": "reject", "below": 50},
        {"action": "undo", "above": 50},
        {"action": "approve", "above": 101},
        {"action": "approve", "above": 50, "surprise": True},
    ],
)
def test_many_at_once_needs_to_be_clear(reviewed: Api, body: dict[str, Any]) -> None:
    assert said(reviewed.post("/qc/review", body)) == (422, "request_invalid")
    assert len(waiting(reviewed)) == 3


def test_more_than_five_hundred_go_in_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("packshot.api.decisions.MOST", 2)
    records = [review_record(number) for number in range(5)]
    with local_api(output_folder(tmp_path / "out", records)) as api:
        turns = [api.post("/qc/review", {"action": "approve", "above": 1}).json() for _ in range(3)]
    assert [(len(turn["done"]), turn["more"]) for turn in turns] == [(2, True), (2, True), (1, False)]


def test_many_at_once_end_before_the_gateway_does(tmp_path: Path) -> None:
    assert LIMITS.decide_s is not None
    assert LIMITS.decide_s < API_WRITE.timeout_s / 2
    records = [review_record(number) for number in range(3)]
    out = output_folder(tmp_path / "out", records)
    with local_api(out, limits=replace(Limits(), decide_s=0.0)) as api:
        turns = [api.post("/qc/review", {"action": "approve", "above": 1}).json() for _ in range(3)]
        assert [(len(turn["done"]), turn["more"]) for turn in turns] == [(1, True), (1, True), (1, False)]
        done = [one for turn in turns for one in turn["done"]]
        named = [{key: one[key] for key in ("batch_id", "image_id")} for one in done]
        undone = api.post("/qc/review", {"action": "undo", "images": named}).json()
        assert ([one["image_id"] for one in undone["done"]], undone["refused"], undone["more"]) == (
            [named[0]["image_id"]],
            [],
            True,
        )


@pytest.mark.parametrize("box", ["[NaN, 0, 9, 9]", "[0, 0, Infinity, 9]", "[0, 0, 9, 1e400]", "[0, 0, 0, 9]"])
def test_a_box_of_no_numbers_is_refused_before_it_is_kept(reviewed_here: Api, box: str) -> None:
    image = waiting(reviewed_here)[0]
    answer = reviewed_here.client.post(
        image["links"]["rework"], content=f'{{"box": {box}}}', headers={"Content-Type": "application/json"}
    )
    assert said(answer) == (422, "request_invalid")
    assert reviewed_here.found(image["links"]["self"])["revision"] == 0


def test_filters_of_the_queue(reviewed: Api) -> None:
    assert [one["score_after"] for one in waiting(reviewed, reason="touches_edge")] == [70]
    assert sorted(one["score_after"] for one in waiting(reviewed, score_max=66)) == [60, 66]
    assert waiting(reviewed, batch_id="another") == []


def test_the_files_beside_the_pictures_follow(tmp_path: Path) -> None:
    out = output_folder(tmp_path / "out", [review_record(2)])
    with local_api(out) as api:
        (image,) = waiting(api)
        api.post(image["links"]["review"], {"action": "approve"}, headers={"If-Match": "*"})
    # The end of the server makes up for what it had put off.
    (line,) = [json.loads(line) for line in (out / "results.jsonl").read_text().splitlines()]
    assert line["qc_status"] == "approved"
    events = [json.loads(line)["detail-type"] for line in (out / "events.jsonl").read_text().splitlines()]
    assert events == ["Image Reviewed"]
    assert (out / "report.html").is_file()


def test_what_the_terminal_decides_is_seen(reviewed_here: Api, packshot: Callable[..., int]) -> None:
    image = waiting(reviewed_here)[0]
    assert packshot("review", reviewed_here.out, "approve", image["image_id"]) == 0
    assert image["image_id"] not in [one["image_id"] for one in waiting(reviewed_here)]
    answer = reviewed_here.post(
        image["links"]["review"], {"action": "reject", "reason": "no"}, headers={"If-Match": image["etag"]}
    )
    assert said(answer) == (409, "review_conflict")
    with open_directory(reviewed_here.out) as directory:
        assert len(directory.table.reviews(BATCH, image["image_id"])) == 1


def test_pages_go_on_where_they_stopped(tmp_path: Path) -> None:
    records = [record(number) for number in range(7)]
    with local_api(output_folder(tmp_path / "out", records)) as api:
        first = api.found(f"/batches/{BATCH}/images", params={"limit": 3})
        second = api.found(f"/batches/{BATCH}/images", params={"limit": 3, "cursor": first["cursor"]})
        third = api.found(f"/batches/{BATCH}/images", params={"limit": 3, "cursor": second["cursor"]})
        ids = [one["image_id"] for page in (first, second, third) for one in page["items"]]
        assert ids == sorted(one.image_id for one in records)
        assert third["cursor"] is None
        for params in (
            {"cursor": first["cursor"], "status": "failed"},
            {"cursor": first["cursor"][:-2] + "xx"},
            {"cursor": "W10"},
            {"cursor": "é"},
        ):
            assert said(api.get(f"/batches/{BATCH}/images", params=params)) == (422, "cursor_invalid")
        assert said(api.get("/qc/pending", params={"cursor": first["cursor"]})) == (422, "cursor_invalid")
        assert said(api.get(f"/batches/{BATCH}/images?statuss=failed")) == (422, "request_invalid")
