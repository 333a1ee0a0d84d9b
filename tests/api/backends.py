"""The API over a backend, for tests: a client, and the few things that a client can't do.

The contract tests speak HTTP alone, as the answers tell them to; so another backend only has to be
put together here.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx2
from starlette.testclient import TestClient

from packshot.api.backend import Limits
from packshot.api.local.edge import EdgeSettings
from packshot.api.local.server import ServerSettings, local_app
from packshot.local.runner import Machinery
from tests.api.inline import InlinePool
from tests.local.fake_stages import FAKE

TOKEN = "a-token-for-tests-only"  # noqa: S105 - of servers that live for a test
ORIGIN = "http://127.0.0.1:8000"
V1 = "/api/v1"
#: What the fake stages read as words begins as a real format does: uploads must be pictures.
MARK = "GIF89a"
MACHINERY = Machinery(code=FAKE, pool=InlinePool)


def photo(words: str) -> bytes:
    """A photo for the fake stages; see `tests.local.fake_stages` for the words."""
    return f"{MARK} {words}".encode()


@dataclass
class Api:
    """A client that has signed in."""

    client: TestClient
    #: Where a local backend keeps its files; contract tests leave it alone.
    out: Path

    def reviewer(self, given: str) -> str:
        """Under which name a decision goes into the history that gives this one."""
        return given

    def get(self, path: str, **options: Any) -> httpx2.Response:
        return self.client.get(_full(path), **options)

    def post(self, path: str, body: Any = None, **options: Any) -> httpx2.Response:
        return self.client.post(_full(path), json={} if body is None else body, **options)

    def found(self, path: str, **options: Any) -> Any:
        """What a GET that must succeed answers."""
        answer = self.get(path, **options)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def send(self, ticket: Mapping[str, Any], data: bytes) -> httpx2.Response:
        """Sends a file as its ticket says, without a token: the address is the permission."""
        headers = {"authorization": ""} | ticket["headers"]
        if ticket["method"] == "PUT":
            return self.client.put(ticket["url"], content=data, headers=headers)
        return self.client.post(ticket["url"], data=ticket["fields"], files={"file": data}, headers=headers)

    def upload(self, files: Mapping[str, bytes], **more: Any) -> dict[str, Any]:
        """Announces and sends files; the folder's answer."""
        offers = [
            {"path": path, "content_type": _type(path), "bytes": len(data)} for path, data in files.items()
        ]
        answer = self.post("/uploads", {"files": offers, **more})
        assert answer.status_code == 201, answer.text
        folder: dict[str, Any] = answer.json()
        for ticket in folder["files"]:
            assert self.send(ticket, files[ticket["path"]]).status_code in (200, 201, 204)
        return folder

    def run(self, request: Mapping[str, Any], patience_s: float = 120.0) -> dict[str, Any]:
        """Starts a batch and waits for its end."""
        answer = self.post("/batches", request)
        assert answer.status_code == 202, answer.text
        return self.ended(answer.json()["batch"], patience_s)

    def ended(self, batch: Mapping[str, Any], patience_s: float = 120.0) -> dict[str, Any]:
        """Waits until nothing works on a batch any more."""
        until = time.monotonic() + patience_s
        while time.monotonic() < until:
            seen: dict[str, Any] = self.found(batch["links"]["self"])
            if seen["job_id"] is None and seen["status"] in ("completed", "failed"):
                return seen
            time.sleep(0.1)
        raise AssertionError(f"the batch did not end: {seen}")

    def done(self, job: Mapping[str, Any], patience_s: float = 120.0) -> dict[str, Any]:
        """Waits for a job's end."""
        until = time.monotonic() + patience_s
        while time.monotonic() < until:
            seen: dict[str, Any] = self.found(job["links"]["self"])
            if seen["state"] in ("completed", "failed", "cancelled"):
                return seen
            time.sleep(0.1)
        raise AssertionError(f"the job did not end: {seen}")

    def images(self, batch: Mapping[str, Any], **filters: Any) -> list[dict[str, Any]]:
        """All images that pass, page by page."""
        found: list[dict[str, Any]] = []
        cursor: str | None = None
        while True:
            page = self.found(
                batch["links"]["images"], params={**filters, **({"cursor": cursor} if cursor else {})}
            )
            found += page["items"]
            cursor = page["cursor"]
            if cursor is None:
                return found


@contextmanager
def local_api(out: Path, machinery: Machinery = MACHINERY, **settings: Any) -> Iterator[Api]:
    """The API over a folder."""
    edge = settings.pop("edge", EdgeSettings(port=8000, user="ann"))
    limits = settings.pop("limits", replace(Limits(), enhance_wait_s=60.0))
    made = ServerSettings(
        out=out, edge=edge, token=TOKEN, jobs=1, limits=limits, **{"warm": False, **settings}
    )
    _, guarded = local_app(made, machinery)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    # Errors must come as answers, as they would over the network.
    with TestClient(guarded, base_url=ORIGIN, headers=headers, raise_server_exceptions=False) as client:
        yield Api(client, out)


def _full(path: str) -> str:
    return path if path.startswith(("/api/", "/docs", "/health", "https://")) else V1 + path


def _type(path: str) -> str:
    kinds = {"csv": "text/csv", "json": "application/json", "jsonl": "application/jsonl", "gif": "image/gif"}
    return kinds.get(path.rpartition(".")[2], "image/jpeg")
