"""What a look costs: requests to the table that do not grow with the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from packshot.adapters.aws.clients import client
from tests.api.aws.deployment import AwsApi
from tests.api.backends import photo


@contextmanager
def counted() -> Iterator[Counter[str]]:
    """Requests to DynamoDB inside."""
    found: Counter[str] = Counter()
    events = client("dynamodb").meta.events

    def count(model: Any, **more: Any) -> None:
        found[model.name] += 1

    events.register("before-call.dynamodb", count)
    try:
        yield found
    finally:
        events.unregister("before-call.dynamodb", count)


def test_a_page_of_images_reads_its_batch_no_oftener_than_one_image(site: AwsApi) -> None:
    costs = []
    for number in (1, 6):
        files = {f"mugs/{n}.gif": photo(f"ok {number}{n}") for n in range(number)}
        batch = site.run({"photos": {"folder_id": site.upload(files)["folder_id"]}})
        with counted() as found:
            assert len(site.found(batch["links"]["images"])["items"]) == number
        costs.append(found["GetItem"])
    assert costs[0] == costs[1] == 2, "the batch of the path, and once for the sources"


def test_a_list_of_batches_asks_once_whether_decisions_have_come(site: AwsApi) -> None:
    for number in range(2):
        photos = site.upload({"mugs/front.gif": photo(f"ok list {number}")})
        site.run({"photos": {"folder_id": photos["folder_id"]}})
    costs = []
    for limit in (1, 2):
        with counted() as found:
            assert len(site.found("/batches", params={"limit": limit})["items"]) == limit
        costs.append(found)
    assert costs[0] == costs[1]
    assert costs[0]["Scan"] == 0


def test_an_overview_reads_no_images(site: AwsApi) -> None:
    with counted() as found:
        site.found("/overview", params={"since": "2024-01-01", "until": "2025-12-31"})
    assert found == {"Query": 24}, "one for each month"
