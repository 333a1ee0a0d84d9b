"""How many children a Map may have at once."""

from __future__ import annotations

import logging
from typing import Any
from unittest.mock import Mock

import pytest
from botocore.exceptions import ClientError

from packshot.aws_runtime import places
from packshot.aws_runtime.places import children_at_once, within


@pytest.mark.parametrize(
    ("asked", "of_account", "found"),
    [
        (200, 1000, 200),  # as deployed, in an account of some age
        (200, 10, 8),  # in a young one: two are left, for the sums and for others
        (1000, 1000, 900),
        (10_000, 3000, 2700),
        (5, 10, 5),
        (1, 2, 1),
        (200, 2, 1),  # never none: Step Functions takes 0 for as many as it likes
        (200, 0, 1),
    ],
)
def test_a_tenth_and_at_least_two_are_left_to_others(asked: int, of_account: int, found: int) -> None:
    assert within(asked, of_account) == found


def lambda_that(**answers: Any) -> Any:
    return lambda service: Mock(get_account_settings=Mock(**answers)) if service == "lambda" else None


def test_what_is_reserved_for_other_functions_is_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = {"ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": 100}
    monkeypatch.setattr(places, "client", lambda_that(return_value={"AccountLimit": limits}))
    assert children_at_once(200) == 90


def test_where_nobody_may_ask_it_is_what_the_settings_say(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    denied = ClientError({"Error": {"Code": "AccessDeniedException"}}, "GetAccountSettings")
    monkeypatch.setattr(places, "client", lambda_that(side_effect=denied))
    with caplog.at_level(logging.WARNING, "packshot"):
        assert children_at_once(200) == 200
    (said,) = caplog.records
    assert "AccessDeniedException" in vars(said)["reason"]
