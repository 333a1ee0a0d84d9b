"""Lists of a batch's items: written and read as streams, however long they are."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from packshot.aws_runtime import batch
from packshot.aws_runtime.batch import items_of, put_list, read_list

MANY = 40_000


class Disk:
    """S3, as far as lists go; what is put there takes no memory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def upload_fileobj(self, file: IO[bytes], bucket: str, key: str, **_: Any) -> None:
        with (self._folder / key).open("wb") as stored:
            while data := file.read(1 << 16):
                stored.write(data)

    def download_fileobj(self, bucket: str, key: str, file: IO[bytes]) -> None:
        with (self._folder / key).open("rb") as stored:
            while data := stored.read(1 << 16):
                file.write(data)


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(batch, "client", lambda service: Disk(tmp_path))
    return tmp_path


def tasks(count: int) -> Iterator[dict[str, Any]]:
    for number in range(count):
        yield {
            "image_id": f"img-{number:032x}",
            "source": f"s3://uploads/manifests/spring/photos/{number}.jpg" * 4,
        }


@pytest.mark.parametrize("images_per_item", [1, 10])
def test_a_list_of_any_length_takes_no_more_memory(disk: Path, images_per_item: int) -> None:
    tracemalloc.start()
    try:
        written = put_list("work", "items.json", items_of(tasks(MANY), images_per_item))
        read = sum(1 for _ in read_list("work", "items.json"))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert written == read == MANY / images_per_item
    size = (disk / "items.json").stat().st_size
    assert size > 8e6
    assert most < 1e6


def test_it_is_one_json_array_as_step_functions_reads_it(disk: Path) -> None:
    put_list("work", "items.json", items_of(tasks(25), 10))
    found = json.loads((disk / "items.json").read_bytes())
    assert [len(item["tasks"]) for item in found] == [10, 10, 5]
    assert list(read_list("work", "items.json")) == found


def test_an_empty_list_is_an_array_too(disk: Path) -> None:
    assert put_list("work", "items.json", iter(())) == 0
    assert json.loads((disk / "items.json").read_bytes()) == list(read_list("work", "items.json")) == []
