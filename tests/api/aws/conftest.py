from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.api.aws.deployment import AwsApi, aws_api


@pytest.fixture(scope="module")
def site(request: pytest.FixtureRequest) -> Iterator[AwsApi]:
    """The API's functions; shared by a module's tests. A parameter changes their environment."""
    with aws_api(**getattr(request, "param", {})) as made:
        yield made
