"""Which background network a batch on AWS is made with, and which there are to choose from."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from packshot.aws_runtime import models, staging
from packshot.aws_runtime.models import check_model, model_sha256, stack_models
from packshot.aws_runtime.options import settings_of
from packshot.aws_runtime.planning import plan_batch
from packshot.contracts.environment import PlanEnvironment
from packshot.contracts.manifest import ManifestRow
from packshot.errors import ModelError
from packshot.manifests.prepared import write_rows
from packshot.matting.index import ModelEntry
from packshot.presets import load_preset
from tests import samples
from tests.aws_runtime.conftest import Stack
from tests.own_model import OWN, add_own

Json = dict[str, Any]
TODAY = samples.NOW.date()
ROWS = b"product_group_id,sku_id,image_url\nmugs,A,a.jpg\n"


@pytest.fixture
def baked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelEntry]:
    """A network in the image, as the Dockerfile lays it."""
    monkeypatch.setenv("LAMBDA_TASK_ROOT", str(tmp_path))
    _forget()
    yield add_own(tmp_path / "models")
    _forget()


def _forget() -> None:
    models._hashes.cache_clear()  # what a new container would not know either
    staging._model.cache_clear()


def own_preset() -> Json:
    return load_preset("ebay").model_dump(mode="json", exclude_none=True) | {"name": "house", "model": OWN}


def test_an_image_without_networks_has_the_package_s_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAMBDA_TASK_ROOT", str(tmp_path))
    _forget()
    assert stack_models() == ("packshot-matte",)
    assert (len(model_sha256("packshot-matte")), model_sha256(OWN)) == (64, "")
    _forget()


def test_what_was_baked_in_can_be_chosen(baked: ModelEntry) -> None:
    assert stack_models() == ("packshot-matte", OWN)
    assert model_sha256(OWN) == baked.sha256
    check_model(OWN)
    with pytest.raises(ModelError, match=f"packshot-matte, {OWN}"):
        check_model("none-such")


def test_options_stand_above_the_preset_and_the_preset_above_the_stack() -> None:
    said = {"preset": own_preset()}
    assert settings_of(TODAY).model == "packshot-matte"
    assert settings_of(TODAY, model="of-the-stack").model == "of-the-stack"
    assert settings_of(TODAY, said, model="of-the-stack").model == OWN
    options = {"options": {"model": "packshot-matte"}}
    assert settings_of(TODAY, said, options, model="of-the-stack").model == "packshot-matte"


@pytest.mark.parametrize("way", ["options", "preset", "stack"])
def test_a_batch_is_planned_with_it(stack: Stack, baked: ModelEntry, way: str) -> None:
    del baked
    environment = PlanEnvironment.read(os.environ)
    upload = stack.upload("manifests/a.csv", ROWS, **({"model": OWN} if way == "options" else {}))
    if way == "stack":
        environment = environment.model_copy(update={"model": OWN})
    elif way == "preset":
        # A preset of one's own comes with the rows that `packshot submit` sends.
        row = ManifestRow(line=1, product_group_id="mugs", sku_id="A", image_url="a.jpg")
        file = io.BytesIO()
        write_rows(file, {"preset": own_preset()}, [row], "")
        upload = stack.upload("manifests/a/a.rows.jsonl", file.getvalue())
    planned = plan_batch(upload, environment)
    assert planned["outcome"] == "planned"
    batch = stack.table.get_batch(planned["batch_id"])
    assert batch is not None
    assert batch.settings.model == OWN


def test_the_stages_load_it_and_notice_another_file(baked: ModelEntry) -> None:
    assert (staging._model(OWN).name, staging._model(OWN).sha256) == (OWN, baked.sha256)
    _forget()
    baked.path.write_bytes(baked.path.read_bytes() + b"\0")
    with pytest.raises(ModelError) as caught:
        staging._model(OWN)
    assert caught.value.code == "model_changed"
