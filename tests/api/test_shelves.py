"""One upload under several presets: each batch has its own results, whatever their files are called."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from packshot.api.local.files import LocalFiles
from packshot.api.local.shelves import Shelves
from packshot.presets import load_preset
from tests import samples
from tests.api.backends import Api, local_api, photo
from tests.worlds import local_world

PHOTOS = {"mugs/red/front.gif": photo("ok 1"), "mugs/blue/front.gif": photo("review 2")}


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    with local_api(tmp_path / "out") as made:
        yield made


def run(api: Api, folder: dict[str, Any], preset: str) -> dict[str, Any]:
    return api.run({"photos": {"folder_id": folder["folder_id"]}, "preset": preset})


def zipped(api: Api, batch: dict[str, Any]) -> set[str]:
    job = api.done(api.post(batch["links"]["download"], {"include": "both"}).json())
    with zipfile.ZipFile(io.BytesIO(api.get(job["links"]["result"]).content)) as archive:
        return set(archive.namelist()) - {"results.csv"}


@pytest.mark.parametrize(
    ("first", "second"), [("studio", "shopify"), ("google", "ebay"), ("amazon", "walmart")]
)
def test_the_first_batch_keeps_its_results(api: Api, first: str, second: str) -> None:
    folder = api.upload(PHOTOS, name="spring")
    one = run(api, folder, first)
    before, packed = api.images(one), zipped(api, one)
    other = run(api, folder, second)
    assert [image["image_id"] for image in api.images(other)] == [image["image_id"] for image in before]
    assert api.images(one) == before
    assert zipped(api, one) == packed
    assert packed
    assert not packed & zipped(api, other)
    for image in [*before, *api.images(other)]:
        assert image["superseded_by"] is None
        assert api.get(image["links"]["after"]).status_code == 200
    # Both wait for a person, and each is decided on by itself.
    waiting = api.found("/qc/pending")["items"]
    assert {image["batch_id"] for image in waiting} == {one["batch_id"], other["batch_id"]}
    for image in waiting:
        answer = api.post(
            f"{image['links']['self']}/review", {"action": "approve"}, headers={"If-Match": image["etag"]}
        )
        assert answer.status_code == 200, answer.text
    assert api.found("/qc/pending")["items"] == []
    assert zipped(api, one) == {name.replace("review/", "catalogue/") for name in packed}


def test_the_second_of_two_that_name_files_alike_gets_a_folder(api: Api) -> None:
    folder = api.upload(PHOTOS, name="spring")
    studio, shopify, amazon = (run(api, folder, name) for name in ("studio", "shopify", "amazon"))
    assert all(name.split("/")[1] == "mugs" for name in zipped(api, studio))
    assert all(name.split("/")[1] == "shopify" for name in zipped(api, shopify))
    assert all(name.count("/") == 1 for name in zipped(api, amazon))
    # The same request finds the same batch, and says beforehand that nothing is to be done.
    body = {"photos": {"folder_id": folder["folder_id"]}, "preset": "shopify"}
    assert api.post("/batches/dry-run", body).json()["reused"] == 2
    assert api.run(body)["batch_id"] == shopify["batch_id"]


def test_one_that_was_replaced_does_not_show_the_picture_that_took_its_place(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = run(api, api.upload({"mugs/red/front.gif": photo("ok 1")}, name="old"), "amazon")
    before = api.images(old)[0]
    data = api.get(before["links"]["after"]).content
    new = run(api, api.upload({"mugs/red/front.gif": photo("ok 2")}, name="new"), "amazon")
    after = api.found(before["links"]["self"])
    assert after["superseded_by"] is not None
    assert (after["links"]["after"], after["links"]["after_small"], after["renditions"]) == (None, None, [])
    # Nor under the addresses that it had, for which nobody fetches the photo: it may be on the web.
    fetched: list[str] = []
    monkeypatch.setattr(
        LocalFiles, "_source", lambda files, image, batch, sha256: fetched.append(image.source)
    )
    for link in (before["links"]["after"], f"{before['links']['self']}/preview/after?size=large"):
        answer = api.get(link)
        assert (answer.status_code, answer.json()["code"]) == (404, "picture_unknown")
    assert fetched == []
    shown = api.get(api.images(new)[0]["links"]["after"])
    assert shown.status_code == 200
    assert shown.content != data


def test_a_reference_that_was_replaced_has_no_link_to_a_picture_that_is_gone(api: Api) -> None:
    files = {"jugs/blue/front.gif": photo("ok 1"), "jugs/blue/back.gif": photo("ok 2")}
    folder = api.upload(files, name="old")
    body = {"photos": {"folder_id": folder["folder_id"]}, "reference": "jugs/blue/front.gif"}
    old = api.run(body | {"preset": "amazon"})
    image = next(one for one in api.images(old) if one["source"].endswith("back.gif"))
    assert api.get(api.found(image["links"]["self"])["links"]["reference"]).status_code == 200
    run(api, api.upload({"jugs/blue/front.gif": photo("ok 3")}, name="new"), "amazon")
    assert api.found(image["links"]["self"])["links"]["reference"] is None


def test_what_was_set_by_hand_about_the_photo_holds_for_the_other_preset_too(api: Api) -> None:
    folder = api.upload(PHOTOS, name="spring")
    studio = run(api, folder, "studio")
    image = api.images(studio)[0]
    body = {"box": [1, 2, 30, 40], "mode": "none"}
    assert api.done(api.post(f"{image['links']['self']}/rework", body).json())["state"] == "completed"
    amazon = run(api, folder, "amazon")
    same = next(one for one in api.images(amazon) if one["image_id"] == image["image_id"])
    overrides = api.found(same["links"]["self"])["overrides"]
    assert (overrides["box"], overrides["mode"]) == ([1, 2, 30, 40], None)


def test_names_stay_with_whose_they_are_after_a_restart(tmp_path: Path) -> None:
    table = local_world(tmp_path).table
    studio, shopify = load_preset("studio"), load_preset("shopify")
    for number, preset in enumerate((studio, shopify)):
        made = samples.batch(
            f"batch-{number}",
            settings=samples.settings(preset=preset),
            created_at=samples.later(number),
        )
        assert table.claim_batch(made)
    shelves = Shelves()
    assert shelves.of(studio, table, take=True) is None
    assert shelves.of(shopify, table, take=True) == "shopify"


def test_looking_takes_no_names(tmp_path: Path) -> None:
    table, shelves = local_world(tmp_path).table, Shelves()
    studio, shopify = load_preset("studio"), load_preset("shopify")
    assert shelves.of(studio, table, take=False) is None
    assert shelves.of(shopify, table, take=True) is None
    assert shelves.of(studio, table, take=True) == "studio"
