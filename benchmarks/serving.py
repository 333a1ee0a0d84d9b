"""50 clients browse and review while a batch runs on one worker: `python -m benchmarks.serving`.

A real server on loopback, over a folder of made-up results and a running batch of the examples.
Each client asks for pages, images, previews and the queue, thinks half a second in between, and
decides now and then. Told are errors, times of reads, and the server's memory.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import io
import json
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from PIL import Image

from packshot.contracts import ids
from packshot.contracts.base import QcStatus, ReviewReason, Status
from packshot.contracts.preset import Format
from packshot.contracts.records import BatchRecord, ImageRecord, Versions
from packshot.contracts.stages import RenditionFile
from packshot.contracts.task import BatchSettings
from packshot.local.runner import DEFAULT
from packshot.local.store import open_or_make
from packshot.presets import load_preset

TOKEN: Final = "a-token-for-the-benchmark"  # noqa: S105 - of a server that lives for a minute
EXAMPLES: Final = Path(__file__).resolve().parents[1] / "examples" / "photos"
BATCH: Final = "batch-of-the-benchmark"
THINK_S: Final = 0.5


@dataclass
class Told:
    """What the clients saw: seconds of reads by kind, how many decisions, what went wrong."""

    reads: dict[str, list[float]] = field(default_factory=dict)
    decisions: int = 0
    conflicts: int = 0
    errors: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Client:
    """One connection that is kept, as a browser keeps it."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, bytes]:
        """Status and body of an answer."""
        data = None if body is None else json.dumps(body)
        sent = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json", **headers}
        self._connection.request(method, path, data, sent)
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def send(self, ticket: dict[str, Any], data: bytes) -> None:
        """Sends a file as its ticket says."""
        self._connection.request(ticket["method"], ticket["url"], data, ticket["headers"])
        self._connection.getresponse().read()

    def json(self, path: str) -> Any:
        """What a GET answers."""
        return json.loads(self.ask("GET", path)[1])


def main() -> None:
    """Runs it and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--images", type=int, default=2000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        fill(out, options.images)
        with served(out) as (port, process):
            start_batch(Client(port))
            before = memory_mb(process)
            told = browse(port, options.clients, options.seconds)
            show(told, before, memory_mb(process))


def fill(out: Path, images: int) -> None:
    """A finished batch of so many images, half of them to review, each with a small picture."""
    picture = io.BytesIO()
    Image.effect_noise((700, 700), 30).convert("RGB").save(picture, "JPEG", quality=60)
    now = DEFAULT.clock()
    preset = load_preset("amazon")
    with open_or_make(out) as directory, directory.unit():
        batch = BatchRecord(
            batch_id=BATCH,
            status=Status.COMPLETED,
            manifest="benchmark.csv",
            settings=BatchSettings(preset=preset, as_of=now.date()),
            total=images,
            created_at=now,
        )
        directory.table.claim_batch(batch)
        directory.set_newest_batch(BATCH)
        for number in range(images):
            review = number % 2 == 0
            sku = f"sku-{number:05}"
            key = f"{'review' if review else 'catalogue'}/{sku}.MAIN.jpg"
            data = picture.getvalue() + sku.encode()
            stored = directory.files.put(key, data)
            main_file = RenditionFile(
                name="main",
                format=Format.JPEG,
                width=700,
                height=700,
                bytes=stored.bytes,
                quality=60,
                sha256=stored.sha256,
                path=key,
            )
            record = ImageRecord(
                batch_id=BATCH,
                image_id=ids.image_id("bench", sku, "primary", f"{sku}.jpg"),
                source=f"{sku}.jpg",
                sku_id=sku,
                product_group_id="bench",
                image_type="primary",
                status=Status.COMPLETED,
                qc_status=QcStatus.NEEDS_REVIEW if review else QcStatus.AUTO_APPROVED,
                score_before=50,
                score_after=60 if review else 90,
                review_reasons=(ReviewReason.LOW_SCORE,) if review else (),
                renditions=(main_file,),
                source_bytes=4_000_000,
                source_sha256=hashlib.sha256(data).hexdigest(),
                versions=Versions(packshot="0", model="none", preset="amazon@1"),
                timings_ms={"detect": 100.0, "background": 200.0},
                updated_at=now,
            )
            directory.table.put_image(record, None)


@contextmanager
def served(out: Path) -> Iterator[tuple[int, int]]:
    """A server over the folder: its port and process id."""
    command = [sys.executable, "-m", "packshot.cli.main", "serve", str(out)]
    command += ["--port", "0", "--no-open", "--jobs", "1", "--token", TOKEN]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None  # noqa: S101 - it was asked for
            server.stdout.readline()
            port = int(server.stdout.readline().partition("127.0.0.1:")[2].partition("/")[0])
            Client(port).json("/health")
            yield port, server.pid
        finally:
            server.terminate()
            server.wait(60)


def start_batch(client: Client) -> None:
    """Sends the examples and starts a batch of them."""
    photos = sorted(EXAMPLES.rglob("*.jpg"))
    files = [
        {
            "path": one.relative_to(EXAMPLES).as_posix(),
            "content_type": "image/jpeg",
            "bytes": one.stat().st_size,
        }
        for one in photos
    ]
    folder = json.loads(client.ask("POST", "/api/v1/uploads", {"files": files})[1])
    for one, ticket in zip(photos, folder["files"], strict=True):
        client.send(ticket, one.read_bytes())
    status, _ = client.ask("POST", "/api/v1/batches", {"photos": {"folder_id": folder["folder_id"]}})
    if status != 202:
        raise SystemExit(f"the batch was not accepted: {status}")


def browse(port: int, clients: int, seconds: float) -> Told:
    """Lets the clients loose."""
    told = Told()
    until = time.monotonic() + seconds
    threads = [threading.Thread(target=_one, args=(port, seed, until, told)) for seed in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def _one(port: int, seed: int, until: float, told: Told) -> None:
    draw, client = random.Random(seed), Client(port)  # noqa: S311 - repeatable, not secret
    images: list[dict[str, Any]] = []
    while time.monotonic() < until:
        try:
            if images and draw.random() < 0.1:
                _decide(client, draw.choice(images), told)
            else:
                images = _read(client, draw, images, told)
        except (OSError, ValueError, KeyError, http.client.HTTPException) as error:
            with told.lock:
                told.errors.append(f"{type(error).__name__}: {error}")
            client = Client(port)
        time.sleep(THINK_S * draw.uniform(0.5, 1.5))


def _read(
    client: Client, draw: random.Random, images: list[dict[str, Any]], told: Told
) -> list[dict[str, Any]]:
    image = draw.choice(images) if images else None
    kinds = {"batches": "/api/v1/batches", "queue": "/api/v1/qc/pending?limit=50"}
    kinds["images"] = f"/api/v1/batches/{BATCH}/images?limit=50&qc_status=needs_review"
    kinds["counts"] = f"/api/v1/batches/{BATCH}"
    kinds["rare"] = f"/api/v1/batches/{BATCH}/images?limit=50&status=failed"
    if image is not None:
        kinds |= {"image": image["links"]["self"], "preview": image["links"]["after_small"]}
        kinds["picture"] = image["links"]["after"]
    kind = draw.choice(sorted(kinds))
    begun = time.perf_counter()
    status, body = client.ask("GET", kinds[kind])
    with told.lock:
        told.reads.setdefault(kind, []).append(time.perf_counter() - begun)
        if status != 200:
            told.errors.append(f"{kind} {status}: {body[:200]!r}")
    return list(json.loads(body)["items"]) if kind in ("queue", "images") and status == 200 else images


def _decide(client: Client, image: dict[str, Any], told: Told) -> None:
    status, body = client.ask(
        "POST", image["links"]["review"], {"action": "approve"}, **{"If-Match": image["etag"]}
    )
    with told.lock:
        told.decisions += status == 200
        # Somebody else was faster: that is how it should be.
        told.conflicts += status == 409
        if status not in (200, 409):
            told.errors.append(f"review {status}: {body[:200]!r}")


def memory_mb(process: int) -> float:
    """Resident memory of a process without its children."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def show(told: Told, before: float, after: float) -> None:
    """Prints the table."""
    everything = sorted(one for times in told.reads.values() for one in times)
    print(f"{'read':10} {'number':>7} {'median ms':>10} {'p95 ms':>8} {'worst ms':>9}")
    for kind, times in (*sorted(told.reads.items()), ("all", everything)):
        ordered = sorted(times)
        p95 = ordered[int(len(ordered) * 0.95)] * 1000
        median, worst = statistics.median(times) * 1000, ordered[-1] * 1000
        print(f"{kind:10} {len(times):7} {median:10.1f} {p95:8.1f} {worst:9.1f}")
    print(f"decisions {told.decisions}, conflicts {told.conflicts}, errors {len(told.errors)}")
    for error in told.errors[:5]:
        print(f"  {error}")
    print(f"server's memory {before:.0f} MB before, {after:.0f} MB after")


if __name__ == "__main__":
    main()
