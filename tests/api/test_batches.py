"""Batches by list, product group and SKU; settings that are kept; requests that are repeated."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.api.backends import Api, photo

LIST = b"""sku_id,product_group_id,image_url,mode
red,mugs,photos/red.gif,
blue,mugs,photos/blue.gif,none
desk,lamps,photos/desk.gif,
green,mugs,,
"""


@pytest.fixture(scope="module")
def folder(api: Api) -> str:
    files = {
        "list.csv": LIST,
        "photos/red.gif": photo("ok 1"),
        "photos/blue.gif": photo("ok 2"),
        "photos/desk.gif": photo("review 3"),
    }
    return str(api.upload(files, name="with a list")["folder_id"])


@pytest.fixture(scope="module")
def imported(api: Api, folder: str) -> dict[str, Any]:
    answer = api.post("/import", {"folder_id": folder, "manifest": "list.csv"})
    assert answer.status_code == 201
    found: dict[str, Any] = answer.json()
    return found


def said(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def skus(api: Api, batch: dict[str, Any]) -> set[str]:
    return {one["sku_id"] for one in api.images(batch) if one["sku_id"]}


def test_a_list_says_what_is_wrong_row_by_row(api: Api, folder: str, imported: dict[str, Any]) -> None:
    checked = api.post("/import/check", {"folder_id": folder, "manifest": "list.csv"}).json()
    assert (checked["total"], checked["rejected_rows"]) == (4, 1)
    assert {(one["line"], one["code"]) for one in checked["row_errors"]} == {(5, "row_value_missing")}
    groups = [(one["product_group_id"], one["skus"], one["images"]) for one in checked["groups"]]
    assert groups == [("lamps", 1, 1), ("mugs", 2, 2)]
    assert {key: imported[key] for key in checked} == checked
    kept = api.found("/imports")["items"]
    assert imported["import_id"] in [one["import_id"] for one in kept]


def test_a_dry_run_starts_nothing(api: Api, folder: str) -> None:
    before = api.found("/batches")["items"]
    # A preset that no other test of this API runs: nothing of it is there to be taken over.
    body = {"photos": {"folder_id": folder, "manifest": "list.csv"}, "preset": "google"}
    found = api.post("/batches/dry-run", body).json()
    assert (found["total"], found["rejected_rows"], found["to_process"], found["reused"]) == (4, 1, 3, 0)
    assert found["preset"] == "google"
    assert api.found("/batches")["items"] == before
    assert said(api.post("/batches/dry-run", body | {"preset": "none-such"})) == (422, "preset_unknown")


def test_bad_rows_are_failed_images_of_the_batch(api: Api, imported: dict[str, Any]) -> None:
    answer = api.post("/batches", {"import_id": imported["import_id"]})
    assert {one["line"] for one in answer.json()["row_errors"]} == {5}
    batch = api.ended(answer.json()["batch"])
    assert (batch["counts"]["total"], batch["counts"]["failed"], batch["rejected_rows"]) == (4, 1, 1)
    strict = api.post("/batches", {"import_id": imported["import_id"], "strict": True})
    assert said(strict) == (422, "manifest_rows_invalid")


def test_a_batch_by_product_group_and_by_sku(api: Api, imported: dict[str, Any]) -> None:
    assert skus(api, api.run({"product_group_id": "mugs", "preset": "ebay"})) == {"red", "blue"}
    assert skus(api, api.run({"sku_id": "desk", "preset": "ebay"})) == {"desk"}
    assert skus(api, api.run({"import_id": imported["import_id"], "sku_id": "red", "preset": "ebay"})) == {
        "red"
    }
    assert said(api.post("/batches", {"sku_id": "none-such"})) == (422, "selection_empty")
    assert said(api.post("/batches", {"import_id": "imp-none"})) == (404, "import_unknown")


def test_a_folder_without_photos_is_called_by_its_own_name(api: Api) -> None:
    folder = api.upload({"list.csv": LIST}, name="rows only")["folder_id"]
    refused = api.post("/batches/dry-run", {"photos": {"folder_id": folder}})
    assert said(refused) == (422, "photos_missing")
    assert refused.json()["detail"].startswith("No photos were found in rows only (")


def test_of_a_reference_outside_the_list_s_folder_nothing_is_told(
    here: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "there.gif").write_bytes(photo("ok 1"))
    monkeypatch.chdir(tmp_path)
    folder = here.upload({"a.gif": photo("ok 611"), "b.gif": photo("ok 612")}, name="aligned")["folder_id"]

    def asked(reference: str) -> Any:
        return here.post("/batches/dry-run", {"photos": {"folder_id": folder}, "reference": reference})

    assert asked("b.gif").status_code == 200
    for name in ("there.gif", "missing.gif"):
        assert said(asked(str(tmp_path / name))) == (422, "source_outside_root")
        # Nobody who asks stands where the server was started.
        refused = asked(name)
        assert said(refused) == (422, "option_invalid")
        assert str(tmp_path) not in refused.text


def test_an_import_whose_files_were_removed_does_not_stand_before_the_others(here: Api) -> None:
    found = here.upload({"vases/tall/a.gif": photo("ok 601")}, name="vases")
    assert here.post("/import", {"folder_id": found["folder_id"]}).status_code == 201
    for files in ({"list.csv": b"image_url\nx.gif\n"}, {"vases/wide/a.gif": photo("ok 602")}):
        later = here.upload(files, name="later")
        listed = {"manifest": "list.csv"} if "list.csv" in files else {}
        imported = here.post("/import", {"folder_id": later["folder_id"], **listed})
        assert imported.status_code == 201
        shutil.rmtree(here.out / "uploads" / later["folder_id"])
    assert skus(here, here.run({"sku_id": "tall"})) == {"tall"}
    assert said(here.post("/batches", {"sku_id": "wide"})) == (422, "selection_empty")
    # Asked for by name it says what is wrong.
    answer = here.post("/batches", {"import_id": imported.json()["import_id"]})
    assert said(answer) == (422, "manifest_unreadable")


def test_rows_in_the_request(api: Api, folder: str) -> None:
    rows = [{"image_url": "photos/red.gif", "sku_id": "crimson"}, {"image_url": "../../../../etc/passwd"}]
    batch = api.run({"photos": {"folder_id": folder, "rows": rows}})
    by_status = {one["status"]: one for one in api.images(batch)}
    assert by_status["completed"]["sku_id"] == "crimson"
    assert by_status["failed"]["error"]["code"] == "source_outside_root"


def test_a_list_reads_no_files_of_this_machine(api: Api, tmp_path: Path) -> None:
    secret = tmp_path / "secret.json"
    secret.write_text('{"name": "mine"}')
    manifest = f'{{"preset": "{secret}", "images": [{{"image_url": "a.gif"}}]}}'.encode()
    found = api.upload({"list.json": manifest, "a.gif": photo("ok")})
    answer = api.post("/batches", {"photos": {"folder_id": found["folder_id"], "manifest": "list.json"}})
    assert said(answer) == (422, "preset_unknown")
    for path in ("../list.json", "/etc/passwd", "photos/../../x"):
        answer = api.post("/import", {"folder_id": found["folder_id"], "manifest": path})
        assert said(answer) == (422, "upload_name_refused")
    answer = api.post("/import", {"folder_id": found["folder_id"], "manifest": "none.csv"})
    assert said(answer) == (404, "upload_unknown")
    assert said(api.post("/batches", {"photos": {"folder_id": "fld-none"}})) == (404, "folder_unknown")


def test_photos_of_two_uploads_that_are_called_alike_are_two_batches(api: Api) -> None:
    def run(words: str) -> dict[str, Any]:
        found = api.upload({"alike/cup/front.gif": photo(words)}, name="alike")
        return api.run({"photos": {"folder_id": found["folder_id"]}, "preset": "walmart"})

    def image(batch: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = api.found(api.images(batch)[0]["links"]["self"])
        return found

    first = run("review 501")
    seen = image(first)
    second = run("review 502")
    assert second["batch_id"] != first["batch_id"]
    assert image(first)["source_sha256"] == seen["source_sha256"]
    # Made again, it is made of its own photo.
    latest = image(second)
    assert latest["source_sha256"] != seen["source_sha256"]
    job = api.post(latest["links"]["rework"], {"mode": "none"})
    assert api.done(job.json())["state"] == "completed"
    assert image(second)["source_sha256"] == latest["source_sha256"]


def test_configs_fill_what_rows_leave_open(api: Api, imported: dict[str, Any]) -> None:
    put = api.client.put
    answer = put("/api/v1/configs/product_group/mugs", json={"mode": "denoise", "preset": "walmart"})
    assert (answer.status_code, answer.json()["updated_by"]) == (200, "ann")
    put("/api/v1/configs/sku/red", json={"mode": "sharpen", "background": "#f4f4f4"})
    try:
        batch = api.run({"product_group_id": "mugs"})
        assert batch["preset"] == "walmart"
        found = {one["sku_id"]: api.found(one["links"]["self"]) for one in api.images(batch)}
        assert (found["red"]["mode"], found["red"]["background"]) == ("sharpen", "#f4f4f4")
        assert found["blue"]["mode"] == "none", "the row's own word stands above"
        # What the request says stands above configs.
        assert (
            api.post("/batches/dry-run", {"product_group_id": "mugs", "preset": "ebay"}).json()["preset"]
            == "ebay"
        )
        # Lamps ask for nothing, mugs for walmart: one batch can't have both.
        answer = api.post("/batches", {"import_id": imported["import_id"]})
        assert said(answer) == (409, "configs_disagree")
        assert [one["name"] for one in api.found("/configs")["items"]] == ["mugs", "red"]
    finally:
        for place in ("product_group/mugs", "sku/red"):
            assert api.client.delete(f"/api/v1/configs/{place}").status_code == 204
    assert said(api.get("/configs/sku/red")) == (404, "config_unknown")


def test_configs_of_any_name(api: Api) -> None:
    for name in ("a/b", "ünï çode", "50% off?"):
        place = "/api/v1/configs/sku/" + name.replace("%", "%25").replace("?", "%3F")
        assert api.client.put(place, json={"mode": "none"}).json()["name"] == name
        assert api.client.get(place).json()["settings"]["mode"] == "none"
        assert api.client.delete(place).status_code == 204
    assert said(api.client.put("/api/v1/configs/sku/x", json={})) == (422, "request_invalid")


def test_the_same_request_has_the_same_answer(api: Api, folder: str) -> None:
    key = {"Idempotency-Key": "once-1"}
    body = {"photos": {"folder_id": folder}, "preset": "google"}
    first = api.post("/batches", body, headers=key)
    second = api.post("/batches", body, headers=key)
    assert first.json() == second.json()
    assert (first.headers.get("idempotency-replayed"), second.headers["idempotency-replayed"]) == (
        None,
        "true",
    )
    assert second.headers["location"] == first.headers["location"]
    other = api.post("/batches", body | {"preset": "ebay"}, headers=key)
    assert said(other) == (422, "idempotency_reused")
    api.ended(first.json()["batch"])


def test_an_error_is_not_kept_under_the_key(api: Api, folder: str) -> None:
    key = {"Idempotency-Key": "once-2"}
    assert said(api.post("/import", {"folder_id": "fld-none"}, headers=key)) == (404, "folder_unknown")
    assert api.post("/import", {"folder_id": folder}, headers=key).status_code == 201


def test_downloads_and_jobs(api: Api, imported: dict[str, Any]) -> None:
    batch = api.run({"sku_id": "red", "preset": "ebay"})
    job = api.done(api.post(batch["links"]["download"], {}, headers={"Idempotency-Key": "zip"}).json())
    assert job["bytes"] > 0
    assert api.get(job["links"]["result"]).headers["content-type"] == "application/zip"
    part = api.get(job["links"]["result"], headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.content) == (206, b"PK\x03\x04")
    jobs = api.found("/jobs")["items"]
    assert [one["job_id"] for one in jobs] == sorted((one["job_id"] for one in jobs), reverse=True)
    assert said(api.get("/jobs/job-none")) == (404, "job_unknown")


def test_a_download_that_was_removed_says_so(here: Api) -> None:
    found = here.upload({"red.gif": photo("ok 91")})
    batch = here.run({"photos": {"folder_id": found["folder_id"]}})
    job = here.done(here.post(batch["links"]["download"], {}).json())
    (here.out / ".packshot" / "downloads" / f"{job['job_id']}.zip").unlink()
    assert said(here.get(job["links"]["result"])) == (410, "download_expired")
    assert said(here.get("/downloads/job-none")) == (404, "job_unknown")
