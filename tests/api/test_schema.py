"""Schemathesis over the whole document: whatever fits it, and much that does not, gets a proper answer.

It talks to a real server on loopback. `PACKSHOT_FUZZ=1000 pytest tests/api/test_schema.py` sends each
operation that many requests.
"""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS, load_all_checks

from packshot.api.backend import Limits
from packshot.api.document import document
from packshot.api.local.edge import EdgeSettings
from packshot.api.local.server import ServerSettings, local_app
from tests.api.backends import MACHINERY, TOKEN

EXAMPLES = int(os.environ.get("PACKSHOT_FUZZ", "8"))
load_all_checks()
#: Those that say something of the server, whatever was sent. A request that fits the document may still name
#: what is not there, so "valid data is accepted" is none of them.
WANTED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
)

schema = schemathesis.openapi.from_dict(json.loads(document()))


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    made = ServerSettings(
        out=tmp_path_factory.mktemp("fuzz"),
        edge=EdgeSettings(port=port),
        token=TOKEN,
        jobs=1,
        limits=Limits(enhance_wait_s=0.2),
        warm=False,
    )
    _, guarded = local_app(made, MACHINERY)
    server = uvicorn.Server(uvicorn.Config(guarded, log_config=None, lifespan="on"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(60)
    assert not thread.is_alive()


@schema.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_fits_the_document(case: schemathesis.Case[Any], address: str) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    case.call_and_validate(base_url=address, headers=headers, checks=CHECKS.get_by_names(WANTED))  # type: ignore[arg-type]  # some checks are classes
