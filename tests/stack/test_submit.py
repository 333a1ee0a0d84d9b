"""A source of photos handed over: the rows, ids and lines of a local run, and photos that travel once."""

from __future__ import annotations

import datetime as dt
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from packshot.aws_runtime.upload import Opened, Upload, open_upload
from packshot.batches.plan import BadRow, plan
from packshot.contracts.task import ImageTask
from packshot.errors import PackshotError
from packshot.local.options import settings_of
from packshot.local.request import RunRequest
from packshot.local.survey import survey
from packshot.manifests import SourceOptions, open_source
from packshot.stack.deployed import Stack
from packshot.stack.photos import Sent
from packshot.stack.submit import Submission, submit
from tests.aws_runtime.conftest import UPLOADS
from tests.stack.deployments import Machine

Json = dict[str, Any]
TODAY = dt.datetime.now(dt.UTC)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A folder with a list, and photos that are named as people name them."""
    folder = tmp_path / "Frühling 2027"
    for name in ("mug 1+a.jpg", "tea ü.jpg", "deep/er/box.png", "réf.jpg"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"photo " + name.encode())
    outside = tmp_path / "elsewhere"
    outside.mkdir()
    (outside / "cup.jpg").write_bytes(b"photo of a cup")
    (folder / "list.csv").write_text(
        "Gruppe;Artikel;Foto;reference\n"
        "mugs;M-1;mug 1+a.jpg;réf.jpg\n"
        "teas;T-1;./deep/../tea ü.jpg;\n"
        "mugs;;mug 1+a.jpg;\n"
        f"cups;C-1;{outside}/cup.jpg;\n"
        "cups;C-2;../elsewhere/cup.jpg;\n"
        "webs;W-1;https://example.com/a b.jpg?x=1;\n"
        "gone;G-1;gone.jpg;\n"
        "boxes;B-1;deep/er/box.png;\n"
        "boxes;B-1;deep/er/box.png;\n",
        "utf-8",
    )
    return folder


def asked(photos: Path, **changes: Any) -> RunRequest:
    values: Json = {
        "source": str(photos / "list.csv"),
        "out": Path(),
        "columns": {"product_group_id": "Gruppe", "sku_id": "Artikel", "image_url": "Foto"},
        "allow_roots": (photos.parent / "elsewhere",),
        "mode": "none",
    }
    return RunRequest(**{**values, **changes})


def hand_over(stack: Stack, request: RunRequest) -> Submission:
    return submit(stack, request, lambda sent, count: None)


def as_local(request: RunRequest, batch_id: str) -> list[ImageTask | BadRow]:
    options = SourceOptions(columns=request.columns, allow_roots=request.allow_roots)
    manifest = open_source(request.source, options)
    settings = settings_of(request, manifest, TODAY.date())
    return list(survey(request, manifest, settings, TODAY).planned(settings))


def handed_over(made: Submission) -> Opened:
    """What plan finds."""
    from packshot.adapters.aws.clients import client  # noqa: PLC0415  # after the fixtures have set the region

    key = made.manifest.removeprefix(f"s3://{UPLOADS}/")
    version = client("s3").head_object(Bucket=UPLOADS, Key=key)["VersionId"]
    upload = Upload(UPLOADS, key, version)
    assert upload.batch_id == made.batch_id
    return open_upload(upload)


def as_on_aws(made: Submission) -> list[ImageTask | BadRow]:
    opened = handed_over(made)
    from packshot.aws_runtime.options import settings_of as settings_on_aws  # noqa: PLC0415  # another's name

    settings = settings_on_aws(TODAY.date(), *opened.said)
    rows = opened.manifest.rows_for(settings.preset)
    return list(plan(rows, made.batch_id, settings, opened.manifest.resolve))


def told_apart(item: ImageTask | BadRow) -> Json:
    if isinstance(item, BadRow):
        return {"id": item.image_id, "line": item.line, "errors": [one.model_dump() for one in item.errors]}
    skipped = {"batch_id", "source"}
    return item.model_dump(exclude=skipped)


def test_rows_ids_and_lines_are_those_of_a_local_run(opened: Stack, photos: Path) -> None:
    request = asked(photos, reference="réf.jpg", preset="amazon")
    made = hand_over(opened, request)
    here, there = as_local(request, made.batch_id), as_on_aws(made)
    assert [told_apart(item) for item in there] == [told_apart(item) for item in here]
    assert (made.total, made.rejected_rows) == (9, 2)
    assert sum(isinstance(item, BadRow) for item in there) == 2


def test_a_network_travels_only_when_it_was_asked_for(opened: Stack, photos: Path) -> None:
    """Else the stack's own default would never be used by whoever hands over from the command line."""
    house = photos.parent / "house.json"
    words = {"name": "house", "title": "House", "version": "1", "extends": "studio", "model": "of-the-preset"}
    house.write_text(json.dumps(words))
    assert chosen(hand_over(opened, asked(photos))) == "of-the-stack"
    assert chosen(hand_over(opened, asked(photos, preset=str(house)))) == "of-the-preset"
    assert chosen(hand_over(opened, asked(photos, preset=str(house), model="asked-for"))) == "asked-for"


def chosen(made: Submission) -> str:
    """The network that plan settles on, in a stack with a default of its own."""
    from packshot.aws_runtime.options import settings_of as settings_on_aws  # noqa: PLC0415  # another's name

    return settings_on_aws(TODAY.date(), *handed_over(made).said, model="of-the-stack").model


def test_every_photo_lies_where_plan_looks_for_it(opened: Stack, photos: Path) -> None:
    made = hand_over(opened, asked(photos))
    found = {
        item.row.sku_id: opened.ports.s3.get_object(Bucket=UPLOADS, Key=key)["Body"].read().decode()
        for item in as_on_aws(made)
        if isinstance(item, ImageTask)
        and item.row.sku_id not in ("W-1", "G-1")
        and (key := item.source.removeprefix(f"s3://{UPLOADS}/"))
    }
    assert found == {
        "M-1": "photo mug 1+a.jpg",
        "T-1": "photo tea ü.jpg",
        "C-1": "photo of a cup",
        "C-2": "photo of a cup",
        "B-1": "photo deep/er/box.png",
    }
    keys = [one["Key"] for one in opened.ports.s3.list_objects_v2(Bucket=UPLOADS)["Contents"]]
    # The cup is written in two ways, and the reference has its place too.
    assert len(keys) == 1 + 6
    assert not [key for key in keys if key.startswith("manifests/") and not key.endswith(".rows.jsonl")]
    assert [(written, error.code) for written, error in made.photos.refused] == [
        ("gone.jpg", "source_missing")
    ]
    assert any("mug 1+a.jpg" in key for key in keys)


def test_what_is_there_with_the_same_bytes_is_not_sent_again(opened: Stack, photos: Path) -> None:
    first = hand_over(opened, asked(photos))
    assert (first.photos.sent, first.photos.there, first.known) == (6, 0, False)
    again = hand_over(opened, asked(photos))
    assert (again.photos.sent, again.photos.there) == (0, 6)
    (photos / "mug 1+a.jpg").write_bytes(b"another photo of the same length"[: len("photo mug 1+a.jpg")])
    changed = hand_over(opened, asked(photos))
    assert (changed.photos.sent, changed.photos.there) == (1, 5)
    assert changed.batch_id != first.batch_id


def test_handed_over_again_just_so_it_is_the_same_batch(
    opened: Stack, machine: Machine, photos: Path
) -> None:
    first = hand_over(opened, asked(photos))
    again = hand_over(opened, asked(photos))
    assert (again.batch_id, again.known) == (first.batch_id, True)
    machine.finish()
    assert len(machine.runs) == 1
    assert hand_over(opened, asked(photos)).known
    other = hand_over(opened, asked(photos, mode="denoise"))
    assert other.batch_id != first.batch_id
    fresh = hand_over(opened, asked(photos, mode="denoise", fresh=True))
    assert (fresh.known, fresh.batch_id == other.batch_id) == (False, False)


def test_one_that_could_not_be_run_is_handed_over_anew(
    opened: Stack, machine: Machine, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = asked(photos, source=str(photos / "list.csv"))
    first = hand_over(opened, request)
    monkeypatch.setattr("packshot.aws_runtime.planning.open_upload", _broken)
    machine.finish()
    batch = opened.ports.table.get_batch(first.batch_id)
    assert batch is not None
    assert batch.status == "failed"
    again = hand_over(opened, request)
    assert (again.known, again.batch_id == first.batch_id) == (False, False)


def _broken(upload: Upload) -> None:
    from packshot.errors import ManifestError  # noqa: PLC0415  # only here

    raise ManifestError("manifest_unreadable", reason="it was lost")


def test_a_manifest_of_which_nothing_can_be_used_is_refused_before_anything_is_sent(
    opened: Stack, tmp_path: Path
) -> None:
    (tmp_path / "bad.csv").write_text("product_group_id,sku_id,image_url\na,,x.jpg\n")
    for source, code in (("bad.csv", "manifest_rows_invalid"), ("none.csv", "manifest_unreadable")):
        with pytest.raises(PackshotError) as refused:
            hand_over(opened, RunRequest(source=str(tmp_path / source), out=Path()))
        assert refused.value.code == code
    assert "Contents" not in opened.ports.s3.list_objects_v2(Bucket=UPLOADS)


def test_strict_and_dry_run_send_nothing(opened: Stack, photos: Path) -> None:
    with pytest.raises(PackshotError):
        hand_over(opened, asked(photos, strict=True))
    made = hand_over(opened, asked(photos, dry_run=True))
    assert (made.total, made.rejected_rows, made.batch_id) == (9, 2, "")
    assert "Contents" not in opened.ports.s3.list_objects_v2(Bucket=UPLOADS)


def test_a_folder_becomes_the_rows_that_it_has_locally(opened: Stack, photos: Path) -> None:
    (photos / "list.csv").unlink()
    (photos / "a:b\\c.jpg").write_bytes(b"strange name")
    request = RunRequest(source=str(photos), out=Path(), limit=4)
    made = hand_over(opened, request)
    here, there = as_local(request, made.batch_id), as_on_aws(made)
    assert len(there) == 4
    assert [told_apart(item) for item in there] == [told_apart(item) for item in here]
    strange = next(one for one in there if isinstance(one, ImageTask) and "a:b" in one.row.image_url)
    key = strange.source.removeprefix(f"s3://{UPLOADS}/")
    assert opened.ports.s3.get_object(Bucket=UPLOADS, Key=key)["Body"].read() == b"strange name"


def test_a_manifest_of_standard_input(opened: Stack, photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(photos)
    text = b"sku_id,image_url\nS-1,deep/er/box.png\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    made = hand_over(opened, RunRequest(source="-", out=Path()))
    (task,) = as_on_aws(made)
    assert isinstance(task, ImageTask)
    assert (task.row.product_group_id, task.row.line) == ("deep", 2)


def test_a_sellers_own_preset_travels_as_a_whole(opened: Stack, machine: Machine, photos: Path) -> None:
    own = {"name": "our-shop", "title": "Ours", "version": "3", "extends": "studio", "background": "#f7f5f2"}
    (photos / "own.json").write_text(json.dumps(own))
    made = hand_over(opened, asked(photos, preset=str(photos / "own.json")))
    machine.finish()
    batch = opened.ports.table.get_batch(made.batch_id)
    assert batch is not None
    preset = batch.settings.preset
    assert (preset.name, preset.background, preset.version) == ("our-shop", "#f7f5f2", "3")
    assert (batch.settings.mode, batch.status) == ("none", "completed")


def test_links_out_of_the_folder_are_not_followed(opened: Stack, photos: Path) -> None:
    (photos.parent / "secret.jpg").write_bytes(b"private")
    (photos / "link.jpg").symlink_to(photos.parent / "secret.jpg")
    (photos / "one.csv").write_text("sku_id,image_url\nS-1,link.jpg\n")
    made = hand_over(opened, RunRequest(source=str(photos / "one.csv"), out=Path()))
    assert [error.code for _, error in made.photos.refused] == ["source_outside_root"]
    assert made.photos.sent == 0


def test_a_photo_above_the_limit_is_refused_there_for_what_it_is(
    opened: Stack, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    big = photos / "big.jpg"
    big.write_bytes(b"x" * 3000)
    (photos / "one.csv").write_text("sku_id,image_url\nS-1,big.jpg\n")
    monkeypatch.setattr("packshot.stack.photos.MAX_SOURCE_BYTES", 1000)
    from packshot.adapters import fetch_files  # noqa: PLC0415  # its default is bound when it is made

    monkeypatch.setattr(fetch_files.FileReader.__init__, "__defaults__", (1000,))
    made = hand_over(opened, RunRequest(source=str(photos / "one.csv"), out=Path()))
    (task,) = as_on_aws(made)
    assert isinstance(task, ImageTask)
    key = task.source.removeprefix(f"s3://{UPLOADS}/")
    assert opened.ports.s3.head_object(Bucket=UPLOADS, Key=key)["ContentLength"] == 1001


def test_photos_are_told_one_by_one(opened: Stack, photos: Path) -> None:
    seen: list[tuple[int, int]] = []

    def told(sent: Sent, count: int) -> None:
        seen.append((sent.total, count))

    submit(opened, asked(photos), told)
    assert seen == [(number, 7) for number in range(1, 8)]
