"""Files on their way in, and those who would abuse it."""

from __future__ import annotations

import io
import os
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from packshot.local.runner import Machinery
from tests.api.backends import Api, local_api, photo
from tests.api.inline import InlinePool


def offer(
    path: str = "mug.gif", content_type: str = "image/gif", size: int = 9, **more: Any
) -> dict[str, Any]:
    return {"files": [{"path": path, "content_type": content_type, "bytes": size}], **more}


def ticket(api: Api, *args: Any, **more: Any) -> dict[str, Any]:
    answer = api.post("/uploads", offer(*args, **more))
    assert answer.status_code == 201, answer.text
    (one,) = answer.json()["files"]
    return dict(one)


def code(answer: Any) -> str:
    assert answer.headers["content-type"] == "application/problem+json"
    return str(answer.json()["code"])


def test_a_file_arrives_and_says_so(api: Api) -> None:
    folder = api.upload({"a.gif": photo("ok")}, name="one by one")
    assert folder["files"][0]["received"] is False
    seen = api.found(f"/uploads/{folder['folder_id']}")
    assert [(one["path"], one["received"]) for one in seen["files"]] == [("a.gif", True)]
    assert (seen["name"], seen["received"]) == ("one by one", 1)


def test_a_broken_transfer_goes_on(api: Api) -> None:
    first, second = photo("ok 1"), photo("ok 2")
    folder = api.upload({"a.gif": first}, name="in two goes")
    more = offer("b.gif", size=len(second), folder_id=folder["folder_id"])
    assert api.post("/uploads", more).status_code == 201
    seen = {one["path"]: one for one in api.found(f"/uploads/{folder['folder_id']}")["files"]}
    assert (seen["a.gif"]["received"], seen["b.gif"]["received"]) == (True, False)
    assert api.send(seen["b.gif"], second).status_code == 204
    again = api.post("/uploads", more).json()["files"][0]
    assert again["received"] is True
    assert again["upload_id"] == seen["b.gif"]["upload_id"]


def test_a_folder_with_a_missing_photo_is_not_run(api: Api) -> None:
    folder = api.upload({"a.gif": photo("ok")})
    api.post("/uploads", offer("late.gif", folder_id=folder["folder_id"]))
    answer = api.post("/batches", {"photos": {"folder_id": folder["folder_id"]}})
    assert (answer.status_code, code(answer)) == (409, "upload_incomplete")
    late = next(
        one for one in api.found(f"/uploads/{folder['folder_id']}")["files"] if one["path"] == "late.gif"
    )
    place = f"/uploads/{folder['folder_id']}/files/{late['upload_id']}"
    assert api.client.delete(f"/api/v1{place}").status_code == 204
    assert api.post("/batches/dry-run", {"photos": {"folder_id": folder["folder_id"]}}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "../../etc/passwd",
        "a/../../b.gif",
        "/etc/passwd",
        "a//b.gif",
        "./a.gif",
        "..",
        ".hidden.gif",
        "a/.packshot-partial-x",
        "C:\\photos\\a.gif",
        "a\x00.gif",
        "a\nb.gif",
        "a\u2028b.gif",
        "x" * 300 + ".gif",
        "a/b/c/d/e/f/g/h/i/j.gif",
    ],
)
def test_a_path_in_the_name_leads_nowhere(api: Api, path: str) -> None:
    answer = api.post("/uploads", offer(path))
    assert (answer.status_code, code(answer)) == (422, "upload_name_refused")


def test_what_a_server_that_died_had_half_received_is_removed(tmp_path: Path) -> None:
    incoming = tmp_path / "out" / ".packshot" / "incoming"
    incoming.mkdir(parents=True)
    old, new = incoming / "1.part", incoming / "2.part"
    for partial in (old, new):
        partial.write_bytes(b"GIF89a")
    os.utime(old, (time.time() - 7200,) * 2)
    with local_api(tmp_path / "out"):
        assert list(incoming.iterdir()) == [new]


def test_a_file_that_never_came_does_not_hold_up_a_folder_in_use(api: Api) -> None:
    folder = api.upload({"here.gif": photo("ok 71")}, name="in use")
    photos = {"photos": {"folder_id": folder["folder_id"]}}
    assert api.post("/import", photos["photos"]).status_code == 201
    for path in ("lost.gif", "here.gif"):
        # New, or another photo in place of the one that is there.
        files = [{"path": path, "content_type": "image/gif", "bytes": 9999}]
        late = api.post("/uploads", {"folder_id": folder["folder_id"], "files": files}).json()["files"][0]
        assert code(api.post("/batches/dry-run", photos)) == "upload_incomplete"
        place = f"/api/v1/uploads/{folder['folder_id']}/files/{late['upload_id']}"
        assert api.client.delete(place).status_code == 204
        assert api.post("/batches/dry-run", photos).json()["total"] == 1
    assert api.run(photos)["counts"]["completed"] == 1


@pytest.mark.parametrize(
    "paths", [("a.gif", "a.gif/b.gif"), ("a/b/c.gif", "a/b"), ("a.gif", "a.gif/b/c.gif")]
)
def test_a_file_and_a_folder_of_one_name_are_refused(here: Api, paths: tuple[str, str]) -> None:
    data = photo("ok 1")
    files = [{"path": path, "content_type": "image/gif", "bytes": len(data)} for path in paths]
    first, second = here.post("/uploads", {"files": files}).json()["files"]
    assert here.send(first, data).status_code == 204
    answer = here.send(second, data)
    assert (answer.status_code, code(answer)) == (422, "upload_name_refused")


@pytest.mark.parametrize("name", ["../up", "a/b", "..", ".hidden", "\x01"])
def test_a_folders_name_is_one_name(api: Api, name: str) -> None:
    answer = api.post("/uploads", offer(name=name))
    assert (answer.status_code, code(answer)) == (422, "upload_name_refused")


@pytest.mark.parametrize("kind", ["image/svg+xml", "text/html", "application/x-msdownload", "video/mp4", "x"])
def test_other_types_are_not_taken(api: Api, kind: str) -> None:
    answer = api.post("/uploads", offer(content_type=kind))
    assert (answer.status_code, code(answer)) == (415, "upload_type_refused")


def test_two_gigabytes_are_refused_before_they_are_sent(here: Api) -> None:
    answer = here.post("/uploads", offer(size=2_000_000_000))
    assert (answer.status_code, code(answer)) == (413, "file_too_large")
    answer = here.post("/uploads", offer("m.csv", "text/csv", 2_000_000_000))
    assert (answer.status_code, code(answer)) == (413, "manifest_too_large")
    one = ticket(here)
    huge = {"authorization": "", "Content-Type": "image/gif", "Content-Length": "2000000000"}
    answer = here.client.put(one["url"], content=b"GIF89a ok", headers=huge)
    assert (answer.status_code, code(answer)) == (413, "body_too_large")


def test_a_body_that_does_not_end_is_cut_off(here: Api) -> None:
    one = ticket(here)
    pieces = (b"GIF89a" + b"x" * 1000 for _ in range(100))
    answer = here.client.put(one["url"], content=pieces, headers={"Content-Type": "image/gif"})
    assert (answer.status_code, code(answer)) == (413, "body_too_large")
    assert not list((here.out / ".packshot" / "incoming").iterdir())


def test_a_file_that_is_too_short_is_not_kept(here: Api) -> None:
    one = ticket(here, size=500)
    answer = here.send(one, photo("ok"))
    assert (answer.status_code, code(answer)) == (422, "upload_size_wrong")
    assert not list((here.out / "uploads").rglob("mug.gif"))


@pytest.mark.parametrize(
    "data",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"<html><script>alert(1)</script></html>",
        b"MZ\x90\x00\x03\x00\x00\x00",
        b"%PDF-1.7 and so on",
        b"PK\x03\x04 a zip",
    ],
)
def test_what_is_no_picture_is_not_kept_as_one(here: Api, data: bytes) -> None:
    one = ticket(here, "picture.png", "image/png", len(data), name="hostile")
    answer = here.send(one, data)
    assert (answer.status_code, code(answer)) == (415, "image_not_a_picture")
    assert not list((here.out / "uploads").rglob("picture.png"))


def test_the_type_is_the_one_that_was_announced(here: Api) -> None:
    one = ticket(here)
    answer = here.client.put(one["url"], content=b"GIF89a ok", headers={"Content-Type": "text/html"})
    assert (answer.status_code, code(answer)) == (415, "upload_type_refused")


@pytest.mark.parametrize("change", [("expires=1", "expires=9"), ("seal=", "seal=0"), ("seal=", "seal=é")])
def test_an_address_can_not_be_changed(here: Api, change: tuple[str, str]) -> None:
    one = ticket(here)
    answer = here.client.put(
        one["url"].replace(*change), content=b"GIF89a ok", headers={"Content-Type": "image/gif"}
    )
    assert (answer.status_code, code(answer)) == (403, "upload_link_invalid")


def test_an_address_ends(here: Api) -> None:
    one = ticket(here)
    expires = one["url"].partition("expires=")[2].partition("&")[0]
    answer = here.send(one | {"url": one["url"].replace(expires, "1000000000")}, b"GIF89a ok")
    assert (answer.status_code, code(answer)) == (403, "upload_link_invalid")


def test_an_address_is_for_its_own_file_alone(here: Api) -> None:
    first, second = ticket(here, "first.gif"), ticket(here, "second.gif")
    query = first["url"].partition("?")[2]
    answer = here.send(second | {"url": f"{second['url'].partition('?')[0]}?{query}"}, b"GIF89a ok")
    assert (answer.status_code, code(answer)) == (403, "upload_link_invalid")


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_bomb_is_a_failed_image_and_has_no_preview(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(out, "PNG")
    data = out.getvalue()
    assert len(data) < 100_000
    # With the real stages: they must refuse it before they decode it.
    with local_api(tmp_path / "out", Machinery(pool=InlinePool)) as real:
        folder = real.upload({"bomb.png": data}, name="bomb")
        preview = real.found(f"/uploads/{folder['folder_id']}")["files"][0]["preview"]
        answer = real.get(preview)
        assert (answer.status_code, code(answer)) == (404, "picture_unknown")
        batch = real.run({"photos": {"folder_id": folder["folder_id"]}})
        (image,) = real.images(batch)
        assert (image["status"], image["error"]["code"]) == ("failed", "image_too_large")
        assert image["links"]["after"] is None


def test_a_preview_is_a_small_upright_webp(here: Api) -> None:
    out = io.BytesIO()
    turned = Image.Exif()
    turned[0x0112] = 6
    Image.new("RGB", (1200, 800), "#345678").save(out, "JPEG", exif=turned)
    folder = here.upload({"big.jpg": out.getvalue()})
    preview = here.found(f"/uploads/{folder['folder_id']}")["files"][0]["preview"]
    answer = here.get(preview)
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert Image.open(io.BytesIO(answer.content)).size == (320, 480)
    assert here.get(preview, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304


def test_files_of_a_batch_stay(api: Api) -> None:
    folder = api.upload({"kept.gif": photo("ok 77")})
    assert api.post("/import", {"folder_id": folder["folder_id"]}).status_code == 201
    place = f"/api/v1/uploads/{folder['folder_id']}/files/{folder['files'][0]['upload_id']}"
    answer = api.client.delete(place)
    assert (answer.status_code, code(answer)) == (409, "upload_in_use")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/uploads/fld-none", "folder_unknown"),
        ("/uploads/fld-none/files/fld-none.x/preview", "upload_unknown"),
    ],
)
def test_unknown_uploads(here: Api, path: str, said: str) -> None:
    answer = here.get(path)
    assert (answer.status_code, code(answer)) == (404, said)


def test_one_photo_as_the_body_itself(here: Api) -> None:
    query = {"name": "cup.gif", "preset": "ebay", "sku_id": "CUP-1"}
    gif = {"Content-Type": "image/gif"}
    answer = here.client.post("/api/v1/enhance/upload", content=photo("ok 41"), params=query, headers=gif)
    assert answer.status_code == 200, answer.text
    assert answer.json()["image"]["sku_id"] == "CUP-1"
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    for kind, data, status, said in (
        ("image/svg+xml", svg, 422, "request_invalid"),
        ("image/png", svg, 415, "image_not_a_picture"),
        ("image/gif", b"", 422, "upload_size_wrong"),
    ):
        refused = here.client.post("/api/v1/enhance/upload", content=data, headers={"Content-Type": kind})
        assert (refused.status_code, refused.json()["code"]) == (status, said), kind
    refused = here.client.post("/api/v1/enhance/upload?name=../up.gif", content=photo("ok"), headers=gif)
    assert (refused.status_code, refused.json()["code"]) == (422, "upload_name_refused")
    refused = here.client.post("/api/v1/enhance/upload?nam=x", content=photo("ok"), headers=gif)
    assert (refused.status_code, refused.json()["code"]) == (422, "request_invalid")
    huge = gif | {"Content-Length": "2000000000"}
    refused = here.client.post("/api/v1/enhance/upload", content=b"GIF89a", headers=huge)
    assert (refused.status_code, refused.json()["code"]) == (413, "body_too_large")
