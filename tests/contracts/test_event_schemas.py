"""Schemas and samples of the events: what the code says, and what consumers were once told."""

from __future__ import annotations

import copy
import json
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from packshot.contracts.base import ReviewReason
from packshot.contracts.event_schemas import event_schema, resource, slug
from packshot.contracts.events import SCHEMA_VERSION, DetailType
from tests import event_samples
from tests.contracts.compatibility import breaks, fields
from tests.event_check import errors

Json = dict[str, Any]
#: Schemas and samples as consumers have got them, by the release; never changed, a release adds a folder.
PUBLISHED = Path(__file__).parent / "published"
RELEASES = sorted(folder.name for folder in PUBLISHED.iterdir())


def packaged(kind: DetailType, what: Any) -> Json:
    found: Json = json.loads(resources.files("packshot").joinpath(resource(kind, what)).read_text("utf-8"))
    return found


def published(release: str, kind: DetailType, what: str) -> Json:
    found: Json = json.loads((PUBLISHED / release / f"{slug(kind)}.{what}.json").read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def made() -> dict[DetailType, Json]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        return event_samples.made()


@pytest.mark.parametrize("kind", DetailType)
def test_the_packaged_schema_is_the_generated_one(kind: DetailType) -> None:
    assert packaged(kind, "schema") == event_schema(kind), "run: make schemas"


def test_the_packaged_samples_are_what_the_use_cases_put_on_the_bus(made: dict[DetailType, Json]) -> None:
    for kind in DetailType:
        assert packaged(kind, "sample") == made[kind], "run: make schemas"


def test_there_is_a_schema_and_a_sample_of_each_event_and_nothing_else() -> None:
    folder = resources.files("packshot").joinpath(f"schemas/events/{SCHEMA_VERSION}")
    expected = {f"{slug(kind)}.{what}.json" for kind in DetailType for what in ("schema", "sample")}
    assert {one.name for one in folder.iterdir()} == expected


@pytest.mark.parametrize("kind", DetailType)
def test_a_schema_takes_its_own_sample_and_no_other(kind: DetailType) -> None:
    schema = packaged(kind, "schema")
    jsonschema.Draft202012Validator.check_schema(schema)
    assert errors(packaged(kind, "sample"), schema) == []
    for other in DetailType:
        if other is not kind:
            assert errors(packaged(other, "sample"), schema), other


@pytest.mark.parametrize("kind", DetailType)
def test_what_only_the_bus_adds_is_not_asked_for(kind: DetailType) -> None:
    sample = packaged(kind, "sample")
    line = {name: sample[name] for name in ("source", "detail-type", "detail")}
    assert errors(line, packaged(kind, "schema")) == []


@pytest.mark.parametrize("kind", DetailType)
def test_every_field_is_told_what_it_is(kind: DetailType) -> None:
    data = event_schema(kind)["properties"]["detail"]["properties"]["data"]["properties"]
    assert [name for name, one in data.items() if not one.get("description")] == []


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("kind", DetailType)
def test_consumers_of_an_older_release_are_not_broken(kind: DetailType, release: str) -> None:
    old = published(release, kind, "schema")
    assert breaks(old, event_schema(kind)) == [], "raise SCHEMA_VERSION, or keep the field"
    # A consumer's kept sample (or a replay of the archive) fits today's schema, today's event the old one.
    assert errors(published(release, kind, "sample"), event_schema(kind)) == []
    assert errors(packaged(kind, "sample"), old) == []


def within(schema: Json, path: tuple[str, ...]) -> Json:
    """The object schema that holds the last field of a path."""
    place = schema
    for name in path[:-1]:
        place = place["items"] if name == "[]" else place["properties"][name]
        while "$ref" in place or "anyOf" in place:
            place = place["anyOf"][0] if "anyOf" in place else schema["$defs"][place["$ref"].split("/")[-1]]
    return place


PATHS = [
    pytest.param(kind, path, id=f"{slug(kind)}-{'.'.join(path)}")
    for kind in DetailType
    for path in fields(event_schema(kind))
]


@pytest.mark.parametrize(("kind", "path"), PATHS)
def test_a_field_that_is_removed_renamed_or_loosened_is_found(
    kind: DetailType, path: tuple[str, ...]
) -> None:
    old, name = event_schema(kind), path[-1]
    for change in ("removed", "renamed", "optional", "retyped"):
        new = copy.deepcopy(old)
        place = within(new, path)
        if change == "optional":
            place["required"] = [one for one in place["required"] if one != name]
        elif change == "retyped":
            place["properties"][name] = {"type": "boolean"}
        else:
            field = place["properties"].pop(name)
            if change == "renamed":
                place["properties"][name + "_new"] = field
        assert any(name in one for one in breaks(old, new)), change


def test_what_a_consumer_must_bear_breaks_nothing() -> None:
    old = event_schema(DetailType.IMAGE_NEEDS_REVIEW)
    new = copy.deepcopy(old)
    data = new["properties"]["detail"]["properties"]["data"]
    data["properties"]["colour"] = {"type": "string"}
    data["required"].append("colour")
    new["$defs"]["ReviewReason"]["examples"].append("too_blue")
    assert breaks(old, new) == []
    event = packaged(DetailType.IMAGE_NEEDS_REVIEW, "sample")
    event["detail"]["data"] |= {"colour": "blue", "review_reasons": ["too_blue"]}
    assert errors(event, old) == []
    assert "too_blue" not in set(ReviewReason)


def test_a_closed_value_that_is_added_is_found() -> None:
    old = event_schema(DetailType.IMAGE_REVIEWED)
    new = copy.deepcopy(old)
    new["properties"]["detail"]["properties"]["data"]["properties"]["qc_status"]["enum"].append("parked")
    assert breaks(old, new) == [
        "detail.data.qc_status: was one of ['approved', 'auto_approved', 'needs_review', 'rejected'], "
        "may be ['approved', 'auto_approved', 'needs_review', 'parked', 'rejected']"
    ]


def test_samples_point_to_versions_and_never_to_links() -> None:
    for kind in (DetailType.IMAGE_PROCESSED, DetailType.IMAGE_NEEDS_REVIEW, DetailType.IMAGE_REVIEWED):
        sample = packaged(kind, "sample")
        for file in sample["detail"]["data"]["files"]:
            assert file["bucket"]
            assert file["version_id"]
            assert len(file["sha256"]) == 64
        assert "http" not in json.dumps(sample)
