"""Single photos beside the runs, in a real worker process that stays."""

from __future__ import annotations

import multiprocessing as mp
from collections.abc import Iterator
from pathlib import Path

import pytest

from packshot.contracts.base import QcStatus, Status
from packshot.contracts.task import Overrides
from packshot.errors import SettingsError
from packshot.local.express import Express
from packshot.local.request import RunRequest
from packshot.local.runner import run
from packshot.local.stopping import Stopping
from packshot.local.store import lock, open_directory
from tests.local.catalogues import MACHINERY, photos


def workers() -> set[int | None]:
    return {one.pid for one in mp.active_children() if one.name == "packshot-worker"}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def express(out: Path) -> Iterator[Express]:
    made = Express(out, MACHINERY)
    yield made
    made.close()


def request(source: Path, out: Path, preset: str) -> RunRequest:
    return RunRequest(str(source), out, preset=preset, mixed=True)


def test_the_process_stays_over_photos_presets_and_a_lost_one(
    tmp_path: Path, out: Path, express: Express
) -> None:
    source = photos(tmp_path / "in", {"a/a.jpg": "ok 1", "b/b.jpg": "review 2", "c/c.jpg": "die 3"})
    express.warm_up()
    before = workers()
    # A run elsewhere in the folder does not make it wait.
    out.mkdir(exist_ok=True)
    with lock(out):
        assert express.single(request(source / "a", out, "amazon"), Stopping())
        assert express.single(request(source / "b", out, "ebay"), Stopping())
    assert workers() == before
    assert express.single(request(source / "c", out, "ebay"), Stopping())
    with open_directory(out) as directory:
        batches = directory.table.batches().items
        found = {one.source: one for batch in batches for one in directory.records(batch.batch_id)}
    assert {batch.status for batch in batches} == {Status.COMPLETED}
    assert {batch.settings.preset.name for batch in batches} == {"amazon", "ebay"}
    assert found["a.jpg"].qc_status is QcStatus.AUTO_APPROVED
    assert found["b.jpg"].qc_status is QcStatus.NEEDS_REVIEW
    assert found["c.jpg"].error is not None
    assert found["c.jpg"].error.code == "worker_lost"
    assert (out / found["a.jpg"].renditions[0].path).is_file()
    # The one that was lost is replaced.
    assert express.single(request(source / "a", out, "ebay"), Stopping())
    express.close()
    assert workers() == set()


def test_a_rework_makes_a_revision_and_leaves_the_newest_batch(
    tmp_path: Path, out: Path, express: Express
) -> None:
    source = photos(tmp_path / "in", {"mugs/red/a.jpg": "review 1", "ref.jpg": "ok 2"})
    batch = run(request(source, out, "amazon"), machinery=MACHINERY).batch
    with open_directory(out) as directory:
        image = next(one for one in directory.records() if one.sku_id == "red")
    overrides = Overrides(angle_deg=4.0, reference="ref.jpg")
    assert express.rework(batch.batch_id, (image.image_id,), overrides, (), Stopping())
    with open_directory(out) as directory:
        again = directory.table.get_image(batch.batch_id, image.image_id)
        assert again is not None
        assert (again.revision, again.overrides.angle_deg) == (1, 4.0)
        assert directory.newest_batch().batch_id == batch.batch_id
        assert directory.newest_batch().status is Status.COMPLETED
    with pytest.raises(SettingsError, match="no image"):
        express.rework(batch.batch_id, ("img-none",), overrides, (), Stopping())
