"""What a consumer's developer gets from the command line."""

from __future__ import annotations

import json
from pathlib import Path

from packshot.contracts.events import DetailType
from tests.event_check import fits


def test_list_names_every_event(packshot) -> None:
    lines = packshot("events", "list").out.splitlines()
    assert [line.split()[0] for line in lines[1:]] == [kind.name.lower() for kind in DetailType]


def test_an_event_is_known_by_its_name_and_by_its_detail_type(packshot) -> None:
    by_name = packshot("events", "schema", "image_processed")
    assert by_name.out == packshot("events", "schema", "Image Processed").out
    assert json.loads(by_name.out)["title"] == "Image Processed"


def test_a_sample_is_a_whole_event(packshot) -> None:
    sample = fits(json.loads(packshot("events", "sample", "batch_completed").out))
    assert sample["detail-type"] == "Batch Completed"


def test_all_schemas_go_into_a_folder(packshot, tmp_path: Path) -> None:
    assert packshot("events", "schema", "--into", tmp_path / "new").code == 0
    names = {path.name for path in (tmp_path / "new").iterdir()}
    assert names == {f"{kind.name.lower()}.schema.json" for kind in DetailType}


def test_an_unknown_event_names_the_known_ones(packshot) -> None:
    ended = packshot("events", "sample", "image_lost")
    assert ended.code == 2
    assert "image_processed" in ended.err


def test_one_or_all(packshot) -> None:
    assert packshot("events", "schema").code == 2
