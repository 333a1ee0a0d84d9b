"""What goes wrong in a container becomes the right error, and the right record of the image."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest

from tests.containers.conftest import Make
from tests.containers.engine import Engine
from tests.containers.function import ContainerFunction, Deployed, FunctionError
from tests.containers.stack import Cloud
from tests.containers.test_functions import listed

Json = dict[str, Any]
Functions = dict[str, ContainerFunction]

MANIFEST = b"product_group_id,sku_id,image_url\ng,GONE,gone.jpg\ng,LARGE,large.jpg\ng,LATE,large.jpg?late\n"


def large_photo() -> bytes:
    """A dark box, 62 megapixels: a function of the deployed size can take it and a small one can't."""
    picture = np.full((7000, 8900, 3), 226, np.uint8)
    cv2.rectangle(picture, (3000, 1800), (6000, 5400), (60, 40, 140), -1)
    done, data = cv2.imencode(".jpg", picture)
    assert done
    return data.tobytes()


@pytest.fixture(scope="module")
def tasks(warm: Functions, cloud: Cloud) -> dict[str, Json]:
    """By SKU."""
    cloud.upload("manifests/faults/large.jpg", large_photo())
    planned = warm["plan"].call(cloud.upload("manifests/faults/faults.csv", MANIFEST))
    found = [one["task"] for one in listed(cloud, planned["items_key"])]
    return {task["row"]["sku_id"]: task for task in found}


def failed_record(warm: Functions, cloud: Cloud, task: Json, error: FunctionError) -> tuple[str, str | None]:
    """Code and stage of the record that `record` makes of an image whose detect failed so."""
    brief = warm["record"].call({"task": task, "error": error.caught})
    assert brief["status"] == "failed"
    record = cloud.table.get_image(task["batch_id"], brief["image_id"])
    assert record is not None
    assert record.error is not None
    return record.error.code, record.error.stage


def test_an_error_of_a_handler_has_our_class_and_code(
    warm: Functions, cloud: Cloud, tasks: dict[str, Json]
) -> None:
    with pytest.raises(FunctionError) as failed:
        warm["detect"].call({"task": tasks["GONE"]})
    assert failed.value.error == "PermanentError"
    told = json.loads(json.loads(failed.value.cause)["errorMessage"])
    assert (told["code"], told["stage"]) == ("source_missing", "detect")
    assert failed_record(warm, cloud, tasks["GONE"], failed.value) == ("source_missing", "detect")


def test_a_store_that_does_not_answer_is_worth_another_try(
    make: Make, deployed: dict[str, Deployed], tasks: dict[str, Json]
) -> None:
    nowhere = {**deployed["detect"].environment, "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}
    detect = make(replace(deployed["detect"], environment=nowhere))
    with pytest.raises(FunctionError) as failed:
        detect.call({"task": tasks["LARGE"]})
    assert failed.value.error == "RetryableError"


def test_a_function_that_outgrows_its_memory_fails_its_image_alone(
    make: Make, deployed: dict[str, Deployed], warm: Functions, cloud: Cloud, tasks: dict[str, Json],
    engine: Engine,
) -> None:  # fmt: skip
    small = make(replace(deployed["detect"], memory_mb=256))
    with pytest.raises(FunctionError) as failed:
        small.call({"task": tasks["LARGE"]})
    if engine.counts_memory:
        assert failed.value.error == "Runtime.ExitError"
        assert "signal: killed" in failed.value.cause
    assert failed_record(warm, cloud, tasks["LARGE"], failed.value) == ("out_of_memory", "detect")
    # The next call gets a new container.
    with pytest.raises(FunctionError) as failed:
        small.call({"task": tasks["GONE"]})
    assert failed.value.error == "PermanentError"


def test_the_largest_photo_fits_into_the_deployed_memory(warm: Functions, tasks: dict[str, Json]) -> None:
    """Only these two see the whole of it."""
    state = {"task": tasks["LARGE"]}
    state["detect"] = warm["detect"].call(state)
    assert state["detect"]["output"]["source"]["width"] == 8900
    assert warm["align"].call(state)["output"]["scale"] < 1


def test_a_function_that_outlasts_its_time_is_ended(
    make: Make, deployed: dict[str, Deployed], warm: Functions, cloud: Cloud, tasks: dict[str, Json]
) -> None:
    hurried = make(replace(deployed["detect"], timeout_s=0.05))
    with pytest.raises(FunctionError) as failed:
        hurried.call({"task": {**tasks["LARGE"], "revision": 1}})
    assert failed.value.error == "Sandbox.Timedout"
    late = {**tasks["LARGE"], "revision": 1}
    assert failed_record(warm, cloud, late, failed.value) == ("stage_timeout", "detect")


@pytest.mark.parametrize(
    ("step", "command", "error"),
    [
        ("detect", "containers.nothing.handler.handler", "Runtime.ImportModuleError"),
        ("detect", "containers.detect.handler.nothing", "Runtime.HandlerNotFound"),
        ("detect", "handler", "Runtime.MalformedHandlerName"),
        # No OpenCV where no pixels are.
        ("record", "containers.detect.handler.handler", "Runtime.ImportModuleError"),
    ],
)
def test_a_wrong_command_says_so(
    make: Make, deployed: dict[str, Deployed], tasks: dict[str, Json], step: str, command: str, error: str
) -> None:
    function = make(replace(deployed[step], command=(command,)))
    with pytest.raises(FunctionError) as failed:
        function.call({"task": tasks["GONE"]})
    assert failed.value.error == error


def test_a_command_of_two_words_does_not_start(
    make: Make, deployed: dict[str, Deployed], tasks: dict[str, Json]
) -> None:
    function = make(replace(deployed["detect"], command=("python", "-m http.server")))
    with pytest.raises(FunctionError, match="exit status 142") as failed:
        function.call({"task": tasks["GONE"]})
    assert failed.value.error == "Runtime.ExitError"


def test_a_missing_variable_is_named(
    make: Make, deployed: dict[str, Deployed], tasks: dict[str, Json]
) -> None:
    function = make(replace(deployed["align"], environment={}))
    with pytest.raises(FunctionError, match="work_bucket"):
        function.call({"task": tasks["GONE"]})
