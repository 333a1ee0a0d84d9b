"""What the images are built from: the repository, and the networks that the settings name."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infra.build_folder import DOCKERFILE, MODELS, ROOT, build_folder
from packshot.contracts.environment import PlanEnvironment
from packshot.errors import ModelError
from packshot.matting.index import ModelEntry, models_in, read_index, verify_model
from tests.containers.stack import image_assets
from tests.infra.templates import Synthesised, read
from tests.own_model import LICENCE, OWN, added_by_the_user

Json = dict[str, Any]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home") / "models"


@pytest.fixture(scope="module")
def chosen(synthesise: Callable[[Json], Synthesised], home: Path) -> Synthesised:
    """A stack whose batches use a network of the user's own, unless they say otherwise."""
    with added_by_the_user(home):
        return synthesise({"model": OWN})


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def messages(made: Synthesised) -> list[str]:
    """What a synthesis tells by the way."""
    told = [json.loads(file.read_text("utf-8")) for file in made.folder.glob("*.metadata.json")]
    entries = [entry for one in told for listed in one.values() for entry in listed]
    return [str(entry["data"]) for entry in entries if entry["type"] == "aws:cdk:info"]


def test_without_networks_it_is_the_repository_itself() -> None:
    with build_folder(()) as (folder, baked):
        assert (folder, baked) == (ROOT, ())
    assert read_index(ROOT / MODELS) == []


def test_with_networks_it_is_a_copy_that_goes(home: Path) -> None:
    with added_by_the_user(home), build_folder((OWN,)) as (folder, baked):
        assert folder != ROOT
        (entry,) = baked
        verify_model(entry)
        assert (entry.name, entry.licence) == (OWN, LICENCE)
        assert (folder / DOCKERFILE).read_bytes() == (ROOT / DOCKERFILE).read_bytes()
    assert not folder.exists()
    assert read_index(ROOT / MODELS) == []


def test_the_assembly_has_the_networks_and_else_nothing_new(dev: Synthesised, chosen: Synthesised) -> None:
    usual, with_own = ({one.target: one for one in image_assets(made).values()} for made in (dev, chosen))
    for target in ("vision", "service"):
        before, after = files_of(usual[target].folder), files_of(with_own[target].folder)
        changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
        assert changed == {f"{MODELS}/index.json", f"{MODELS}/{OWN}.onnx"}
    (entry,) = read_index(with_own["vision"].folder / MODELS)
    verify_model(entry)
    assert [one.name for one in models_in(with_own["service"].folder / MODELS)] == ["packshot-matte", OWN]


def test_another_network_is_another_image(dev: Synthesised, chosen: Synthesised) -> None:
    assert not set(image_assets(dev)) & set(image_assets(chosen))


def test_the_stack_s_own_default_reaches_whoever_settles_options(
    dev: Synthesised, chosen: Synthesised
) -> None:
    assert told(dev, "Plan")["PACKSHOT_MODEL"] == PlanEnvironment.model_fields["model"].default
    assert told(chosen, "Plan")["PACKSHOT_MODEL"] == told(chosen, "Close")["PACKSHOT_MODEL"] == OWN
    site = read(chosen.folder, "site")
    assert {told(site, part)["PACKSHOT_MODEL"] for part in ("Read", "Write", "Work")} == {OWN}


def told(made: Synthesised, part: str) -> Json:
    found = [
        one["Environment"]["Variables"]
        for name, one in made.all_of("AWS::Lambda::Function").items()
        if one.get("PackageType") == "Image" and part in name
    ]
    assert len(found) == 1, part
    variables: Json = found[0]
    return variables


def test_its_licence_and_its_hash_are_shown_once(dev: Synthesised, chosen: Synthesised, home: Path) -> None:
    (entry,) = read_index(home)
    (said,) = [text for text in messages(chosen) if OWN in text]
    assert LICENCE in said
    assert entry.sha256 in said
    assert not [text for text in messages(dev) if "baked" in text]


def test_what_the_user_has_not_added_or_has_changed_is_not_deployed(
    synthesise: Callable[[Json], Synthesised], tmp_path: Path
) -> None:
    entry: ModelEntry
    with added_by_the_user(tmp_path / "models") as entry:
        with pytest.raises(ModelError, match=OWN) as caught:
            synthesise({"models": "none-such"})
        assert caught.value.code == "model_unknown"
        entry.path.write_bytes(b"something else")
        with pytest.raises(ModelError) as caught:
            synthesise({"models": OWN})
        assert caught.value.code == "model_changed"
