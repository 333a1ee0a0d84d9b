"""Files into the upload bucket: what the signed forms allow, judged as S3 judges them."""

from __future__ import annotations

import base64
import datetime as dt
import io
import json
from typing import Any

import pytest
from PIL import Image

from tests.api.aws.deployment import AwsApi
from tests.api.backends import photo
from tests.aws_runtime.conftest import UPLOADS

DATA = photo("ok")


def ticket(site: AwsApi, path: str = "mug.gif") -> dict[str, Any]:
    offer = {"path": path, "content_type": "image/gif", "bytes": len(DATA)}
    answer = site.post("/uploads", {"files": [offer], "name": "hostile"})
    assert answer.status_code == 201, answer.text
    (one,) = answer.json()["files"]
    return dict(one)


def sent(site: AwsApi, one: dict[str, Any], data: bytes = DATA, **fields: str) -> int:
    changed = one | {"fields": {**one["fields"], **fields}}
    return int(site.send(changed, data).status_code)


def key_of(one: dict[str, Any]) -> str:
    return str(one["fields"]["key"])


def is_there(site: AwsApi, key: str) -> bool:
    found = site.services.s3.list_objects_v2(Bucket=UPLOADS, Prefix=key)
    return any(entry["Key"] == key for entry in found.get("Contents", ()))


def test_a_form_takes_what_was_announced(site: AwsApi) -> None:
    one = ticket(site)
    assert (one["method"], one["headers"]) == ("POST", {})
    assert one["min_bytes"] == one["max_bytes"] == len(DATA)
    assert sent(site, one) == 204
    head = site.services.s3.head_object(Bucket=UPLOADS, Key=key_of(one))
    assert head["ContentType"] == "image/gif"
    seen = site.found(f"/uploads/{one['upload_id'].partition('.')[0]}")["files"][0]
    assert seen["received"] is True
    assert site.get(seen["preview"]).content == DATA


@pytest.mark.parametrize("size", [len(DATA) - 1, len(DATA) + 1, 10 * len(DATA)])
def test_another_size_is_refused(site: AwsApi, size: int) -> None:
    one = ticket(site, f"size-{size}.gif")
    assert sent(site, one, DATA.ljust(size, b"x")[:size]) == 400
    assert not is_there(site, key_of(one))


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", ""])
def test_another_type_is_refused(site: AwsApi, kind: str) -> None:
    one = ticket(site, "typed.gif")
    assert sent(site, one, **{"Content-Type": kind}) == 403
    assert not is_there(site, key_of(one))


@pytest.mark.parametrize(
    "key", ["manifests/now.csv", "incoming/../manifests/now.csv", "incoming/fld-other/x/a.gif", "${filename}"]
)
def test_another_key_is_refused(site: AwsApi, key: str) -> None:
    one = ticket(site, "keyed.gif")
    assert sent(site, one, key=key) == 403
    assert not is_there(site, key)


@pytest.mark.parametrize("field", ["acl", "x-amz-meta-preset", "success_action_redirect", "Content-Encoding"])
def test_nothing_else_can_be_said(site: AwsApi, field: str) -> None:
    one = ticket(site, "more.gif")
    assert sent(site, one, **{field: "public-read"}) == 403
    assert not is_there(site, key_of(one))


def test_a_policy_can_not_be_changed(site: AwsApi) -> None:
    one = ticket(site, "policy.gif")
    policy = json.loads(base64.b64decode(one["fields"]["policy"]))
    wider = ["content-length-range", 1, 10**10]
    policy["conditions"] = [wider if isinstance(rule, list) else rule for rule in policy["conditions"]]
    forged = base64.b64encode(json.dumps(policy).encode()).decode()
    assert sent(site, one, DATA * 9, policy=forged) == 403


def test_a_policy_lasts_an_hour(site: AwsApi) -> None:
    one = ticket(site, "later.gif")
    ends = json.loads(base64.b64decode(one["fields"]["policy"]))["expiration"]
    assert abs((_moment(ends) - _moment(one["expires_at"])).total_seconds()) <= 2


def test_a_bomb_and_what_is_no_picture_are_failed_images(site: AwsApi) -> None:
    svg = b"<svg><script>alert(1)</script></svg>"
    files = {"bomb.gif": _bomb(), "script.gif": svg, "good.gif": photo("ok 5")}
    folder = site.upload(files, name="mixed")
    batch = site.run({"photos": {"folder_id": folder["folder_id"]}})
    found = {one["sku_id"]: one for one in site.images(batch)}
    assert found["good"]["status"] == "completed"
    for sku, code in (("bomb", "image_too_large"), ("script", "image_not_a_picture")):
        assert found[sku]["error"]["code"] == code
        assert found[sku]["links"]["before"] is None, "what must not be decoded is not shown"


def test_photos_are_not_taken_with_the_request(site: AwsApi) -> None:
    gif = {"Content-Type": "image/gif"}
    answer = site.client.post("/api/v1/enhance/upload?name=cup.gif", content=DATA, headers=gif)
    assert (answer.status_code, answer.json()["code"]) == (415, "upload_first")


@pytest.mark.parametrize("path", ["http:a.gif", "mug:red.gif", "s3://bucket/a.gif"])
def test_a_name_that_is_like_an_address_is_refused(site: AwsApi, path: str) -> None:
    answer = site.post("/uploads", {"files": [{"path": path, "content_type": "image/gif", "bytes": 9}]})
    assert (answer.status_code, answer.json()["code"]) == (422, "upload_name_refused")


def test_a_removed_file_is_gone(site: AwsApi) -> None:
    one = ticket(site, "gone.gif")
    assert sent(site, one) == 204
    folder_id = one["upload_id"].partition(".")[0]
    place = f"/api/v1/uploads/{folder_id}/files/{one['upload_id']}"
    assert site.client.delete(place).status_code == 204
    assert not is_there(site, key_of(one))
    assert site.client.delete(place).json()["code"] == "upload_unknown"


def test_a_big_manifest_is_for_the_bucket(site: AwsApi) -> None:
    answer = site.post(
        "/uploads", {"files": [{"path": "m.csv", "content_type": "text/csv", "bytes": 16_000_001}]}
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "manifest_too_large")


def _bomb() -> bytes:
    out = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(out, "GIF")
    return out.getvalue()


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def test_a_list_that_was_removed_from_the_bucket_is_told(site: AwsApi) -> None:
    folder = site.upload({"gone.csv": b"image_url\na.gif\n"}, name="gone")
    imported = site.post("/import", {"folder_id": folder["folder_id"], "manifest": "gone.csv"}).json()
    site.services.s3.delete_object(Bucket=UPLOADS, Key=key_of(folder["files"][0]))
    for body, code in (
        ({"import_id": imported["import_id"]}, "manifest_unreadable"),
        ({"sku_id": "nobody's"}, "selection_empty"),
    ):
        answer = site.post("/batches", body)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
