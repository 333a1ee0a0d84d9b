"""A stack is found by its name, and what stands in the way is said in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest.mock import Mock

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError, NoRegionError

from packshot.errors import PackshotError
from packshot.stack import deployed
from packshot.stack.deployed import Stack, open_stack
from tests import samples
from tests.aws import REGION
from tests.aws_runtime.conftest import CATALOGUE, UPLOADS, WORK
from tests.stack.deployments import MACHINE, NAME, OUTPUTS, make_formation


def test_a_stack_is_found_by_its_outputs(opened: Stack) -> None:
    assert (opened.name, opened.region, opened.uploads, opened.machine) == (NAME, REGION, UPLOADS, MACHINE)
    assert (opened.ports.catalogue_bucket, opened.ports.work_bucket) == (CATALOGUE, WORK)
    assert opened.ports.table.get_batch("none") is None


def test_the_newest_batch_is_meant_unless_one_is_named(opened: Stack) -> None:
    with pytest.raises(PackshotError, match="has no batch yet") as empty:
        opened.batch()
    assert empty.value.code == "stack_empty"
    for number in range(3):
        opened.ports.table.claim_batch(samples.batch(f"batch-{number}", created_at=samples.later(number)))
    assert opened.batch().batch_id == "batch-2"
    assert opened.batch("batch-0").batch_id == "batch-0"
    with pytest.raises(PackshotError) as unknown:
        opened.batch("batch-9")
    assert unknown.value.code == "batch_unknown"


def test_an_unknown_stack_is_named_with_its_region(aws: Callable[[str], Any], stack: Any) -> None:
    with pytest.raises(PackshotError) as unknown:
        open_stack("Packshot-prod")
    assert unknown.value.code == "stack_unknown"
    assert "Packshot-prod" in unknown.value.message
    assert REGION in unknown.value.message


def test_a_stack_of_another_kind_is_refused(aws: Callable[[str], Any], stack: Any) -> None:
    make_formation(aws("cloudformation"), {**OUTPUTS, "JobTable": "jobs"}, "Other")
    assert open_stack("Other").uploads == UPLOADS
    make_formation(aws("cloudformation"), {"UploadBucket": UPLOADS}, "Shop")
    with pytest.raises(PackshotError) as unfit:
        open_stack("Shop")
    assert unfit.value.code == "stack_unfit"
    assert "WorkBucket" in unfit.value.message


def refusing(monkeypatch: pytest.MonkeyPatch, error: Exception, region: str = REGION) -> None:
    formation = Mock()
    formation.meta.region_name = region
    formation.describe_stacks.side_effect = error
    monkeypatch.setattr(deployed, "client", lambda *_: formation)


def client_error(code: str, message: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "DescribeStacks")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NoCredentialsError(), "aws_credentials"),
        (client_error("ExpiredToken", "The security token is expired"), "aws_credentials"),
        (client_error("AccessDenied", "not authorized to perform DescribeStacks"), "store_denied"),
        (client_error("Throttling", "Rate exceeded"), "store_throttled"),
        (EndpointConnectionError(endpoint_url="https://cloudformation"), "store_unavailable"),
    ],
)
def test_what_stands_in_the_way_has_a_code(
    monkeypatch: pytest.MonkeyPatch, error: Exception, code: str
) -> None:
    refusing(monkeypatch, error)
    with pytest.raises(PackshotError) as caught:
        open_stack(NAME)
    assert caught.value.code == code


def test_a_region_that_does_not_exist_is_told_from_a_network_that_is_down(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    refusing(monkeypatch, EndpointConnectionError(endpoint_url="https://x"), "eu-nowhere-7")
    with pytest.raises(PackshotError) as caught:
        open_stack(NAME, "eu-nowhere-7")
    assert caught.value.code == "aws_region_unknown"


def test_without_a_region_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> None:
        raise NoRegionError

    monkeypatch.setattr(deployed, "client", none)
    with pytest.raises(PackshotError) as caught:
        open_stack(NAME)
    assert caught.value.code == "aws_region_missing"
