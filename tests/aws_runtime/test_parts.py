"""Sums and results of a batch, in one part and in many."""

from __future__ import annotations

import csv
import io
import json
from typing import Any
from unittest.mock import Mock

import pytest
from botocore.exceptions import ClientError

from packshot.adapters.aws import concatenate as concatenating
from packshot.aws_runtime import parts as parts_module
from packshot.aws_runtime.parts import parts_of, renew_results, tally_of
from packshot.aws_runtime.ports import Ports, ports_of
from packshot.batches.results import COLUMNS
from packshot.contracts.base import QcStatus, Status
from packshot.contracts.environment import RecordEnvironment
from packshot.contracts.table import SHARDS, shard_of
from packshot.errors import PermanentError, StoreUnavailableError
from tests import samples
from tests.aws import TABLE
from tests.aws_runtime.conftest import BUS, CATALOGUE, WORK, Stack
from tests.aws_runtime.endings import sum_up

Json = dict[str, Any]
MANIFEST = b"product_group_id,sku_id,image_url\n" + b"".join(b"g,s%d,%d.jpg\n" % (n, n) for n in range(40))
NAMES = {"work_bucket": WORK, "catalogue_bucket": CATALOGUE, "table": TABLE, "bus": BUS}


def results(stack: Stack, batch_id: str) -> tuple[list[Json], list[list[str]]]:
    def read(name: str) -> bytes:
        key = f"results/{batch_id}/{name}"
        data: bytes = stack.s3.get_object(Bucket=CATALOGUE, Key=key)["Body"].read()
        return data

    lines = [json.loads(line) for line in read("results.jsonl").splitlines()]
    table = read("results.csv")
    assert table.startswith(b"\xef\xbb\xbf")
    return lines, list(csv.reader(io.StringIO(table.decode("utf-8-sig"))))


def test_a_small_batch_is_one_part_and_a_big_one_is_sixteen() -> None:
    assert parts_of(1) == parts_of(10_000) == (SHARDS,)
    assert parts_of(10_001) == tuple(SHARDS)


@pytest.mark.parametrize("limit", [100, 10], ids=["one part", "sixteen parts"])
def test_results_lie_beside_the_pictures(stack: Stack, monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    monkeypatch.setattr(parts_module, "_ONE_PART", limit)
    planned = stack.call("plan", stack.upload("manifests/a.csv", MANIFEST))
    assert planned["parts"] == ([SHARDS] if limit == 100 else list(SHARDS))
    closed = sum_up(stack, planned)
    assert (closed["swept"], closed["counts"]) == (40, {"failed": 40})
    lines, rows = results(stack, planned["batch_id"])
    ids = [line["image_id"] for line in lines]
    assert ids == sorted(ids)
    assert len(set(ids)) == 40
    assert {line["error"]["code"] for line in lines} == {"worker_lost"}
    assert rows[0] == list(COLUMNS)
    assert [row[0] for row in rows[1:]] == ids
    batch = stack.table.get_batch(planned["batch_id"])
    assert batch is not None
    assert (batch.status, batch.counts) == (Status.COMPLETED, {"failed": 40})


def test_a_whole_without_all_its_parts_is_an_error(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts_module, "_ONE_PART", 10)
    planned = stack.call("plan", stack.upload("manifests/a.csv", MANIFEST))
    asked = {"batch_id": planned["batch_id"], "items_key": planned["items_key"], "part": "0"}
    stack.call("summarise", asked)
    with pytest.raises(PermanentError, match="was not summed up"):
        stack.call("summarise", {"batch_id": planned["batch_id"], "parts": planned["parts"]})


def test_a_decision_renews_its_part_and_takes_the_others_as_they_are(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts_module, "_ONE_PART", 10)
    planned = stack.call("plan", stack.upload("manifests/a.csv", MANIFEST))
    sum_up(stack, planned)
    batch_id = planned["batch_id"]
    ports = ports_of(RecordEnvironment(**NAMES))
    first = next(iter(stack.table.images(batch_id).items))
    changed = first.model_copy(
        update={"qc_status": QcStatus.APPROVED, "version": first.version + 1, "updated_at": samples.NOW}
    )
    assert stack.table.put_image(changed, first.version)
    written: list[str] = []
    real = parts_module.write_part

    def noting(batch_id: str, shards: str, ports: Ports) -> Any:
        written.append(shards)
        return real(batch_id, shards, ports)

    monkeypatch.setattr(parts_module, "write_part", noting)
    renew_results(batch_id, 40, {first.image_id}, ports)
    assert written == [shard_of(first.image_id)]
    lines, rows = results(stack, batch_id)
    assert {line["image_id"]: line["qc_status"] for line in lines}[first.image_id] == "approved"
    verdict = rows[0].index("qc_status")
    assert {row[0]: row[verdict] for row in rows[1:]}[first.image_id] == "approved"
    # What has expired in the work bucket is written again; S3 removes one object after the other.
    for ending in (".json", ".sums.json", ".jsonl", ".csv"):
        written.clear()
        stack.s3.delete_object(Bucket=WORK, Key=f"batches/{batch_id}/parts/f{ending}")
        renew_results(batch_id, 40, {first.image_id}, ports)
        assert sorted(written) == sorted({shard_of(first.image_id), "f"}), ending
        assert tally_of(batch_id, "f", ports) is not None
        assert len(results(stack, batch_id)[0]) == len(results(stack, batch_id)[1]) - 1 == 40


@pytest.mark.parametrize("sizes", [(11, 5, 1), (6, 1, 6), (5,), (0,)], ids=str)
def test_objects_become_one(stack: Stack, monkeypatch: pytest.MonkeyPatch, sizes: tuple[int, ...]) -> None:
    monkeypatch.setattr(concatenating, "_MOST", 6 << 20)
    whole = b""
    for number, size in enumerate(sizes):
        data = bytes([number + 1]) * (size << 20)
        stack.s3.put_object(Bucket=WORK, Key=f"part-{number}", Body=data)
        whole += data
    keys = [f"part-{number}" for number in range(len(sizes))]
    concatenating.concatenate(stack.s3, WORK, keys, CATALOGUE, "results/b/x", "text/csv")
    found = stack.s3.get_object(Bucket=CATALOGUE, Key="results/b/x")
    assert found["ContentType"] == "text/csv"
    assert found["Body"].read() == whole
    assert "Uploads" not in stack.s3.list_multipart_uploads(Bucket=CATALOGUE)


def test_the_checksums_of_copied_parts_are_told() -> None:
    # S3 demands them; moto does not.
    s3 = Mock()
    s3.head_object.return_value = {"ContentLength": 6 << 20}
    s3.create_multipart_upload.return_value = {"UploadId": "u"}
    copies = [{"CopyPartResult": {"ETag": f'"{n}"', "ChecksumCRC32": f"sum-{n}"}} for n in (1, 2)]
    s3.upload_part_copy.side_effect = copies
    concatenating.concatenate(s3, WORK, ["a", "b"], CATALOGUE, "results/b/x", "text/csv")
    assert s3.create_multipart_upload.call_args.kwargs["ChecksumAlgorithm"] == "CRC32"
    assert s3.complete_multipart_upload.call_args.kwargs["MultipartUpload"] == {
        "Parts": [
            {"PartNumber": 1, "ETag": '"1"', "ChecksumCRC32": "sum-1"},
            {"PartNumber": 2, "ETag": '"2"', "ChecksumCRC32": "sum-2"},
        ]
    }


def test_a_copy_that_fails_leaves_nothing_behind(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    stack.s3.put_object(Bucket=WORK, Key="part", Body=b"x" * (6 << 20))
    refused = ClientError({"Error": {"Code": "SlowDown", "Message": ""}}, "UploadPartCopy")
    monkeypatch.setattr(stack.s3, "upload_part_copy", Mock(side_effect=refused))
    with pytest.raises(StoreUnavailableError):
        concatenating.concatenate(stack.s3, WORK, ["part", "part"], CATALOGUE, "results/b/x", "text/csv")
    assert "Uploads" not in stack.s3.list_multipart_uploads(Bucket=CATALOGUE)
