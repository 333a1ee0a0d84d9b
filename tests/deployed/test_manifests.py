"""What is put into the upload bucket: what starts a batch, what is of no use, and which photos are read."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from packshot.contracts.base import Status
from packshot.contracts.limits import MAX_SOURCE_BYTES
from packshot.manifests.source import MAX_MANIFEST_BYTES
from tests.deployed.conftest import PARTNER, STRANGER
from tests.deployed.faults import Moment, s3_error
from tests.deployed.function_process import Response
from tests.deployed.photos import COLUMNS, QUICK, cut_off, manifest, mug, too_large
from tests.deployed.stack import DeployedStack

STAGED = pytest.mark.parametrize("way", ["staged"], indirect=True)


@STAGED
@pytest.mark.parametrize(
    "key",
    [
        "manifests/photo.jpg",
        "elsewhere/spring.csv",
        "manifests/notes.txt",
        "manifests/spring.csv.bak",
    ],
)
def test_other_objects_start_nothing(stack: DeployedStack, key: str) -> None:
    assert stack.started(stack.put(key, b"something")) == []


@STAGED
def test_a_name_in_capital_letters_is_a_manifest_too(stack: DeployedStack) -> None:
    stack.put("manifests/MUG-0.JPG", mug())
    execution = stack.run("manifests/SPRING.CSV", manifest([("mugs", "MUG-0", "MUG-0.JPG")]), **QUICK)
    assert execution.described()["status"] == "SUCCEEDED"
    assert stack.batch().counts["completed"] == 1


@STAGED
def test_options_beside_a_manifest_are_no_manifest(stack: DeployedStack) -> None:
    execution = stack.run("manifests/spring.options.json", b"{}")
    assert execution.described()["status"] == "SUCCEEDED"
    assert execution.output["outcome"] == "ignored"
    assert stack.table.batches().items == ()
    assert stack.said() == {}


@STAGED
@pytest.mark.parametrize(
    ("key", "data", "code"),
    [
        ("manifests/empty.csv", b"", "manifest_empty"),
        ("manifests/rowless.csv", ",".join(COLUMNS).encode() + b"\n", "manifest_empty"),
        ("manifests/broken.json", b'{"images": [', "manifest_unreadable"),
        ("manifests/picture.csv", mug(), "manifest_unreadable"),
        ("manifests/columns.csv", b"a,b\n1,2\n", "manifest_column_missing"),
        ("manifests/rows.csv", manifest([("mugs", "", "x.jpg")]), "manifest_rows_invalid"),
    ],
)
def test_a_manifest_of_no_use_fails_its_batch_with_its_code(
    stack: DeployedStack, key: str, data: bytes, code: str
) -> None:
    execution = stack.run(key, data)
    described = execution.described()
    assert (described["status"], described["error"]) == ("FAILED", "PermanentError")
    batch = stack.batch()
    assert batch.status is Status.FAILED
    assert batch.error is not None
    assert batch.error.code == code
    # Said once: by plan, and not again when the execution's end is told.
    assert stack.workers.calls == ["plan", "close"]
    assert stack.said() == {"Batch Failed": 1}
    assert stack.work_keys() == []


@STAGED
def test_an_oversized_manifest_is_refused_before_it_is_read(stack: DeployedStack) -> None:
    size = MAX_MANIFEST_BYTES + 1
    head = Response(200, {"content-length": str(size)}, b"product_group_id,sku_id,image_url\n")
    fault = stack.faults.add(
        lambda moment: moment.function == "plan" and moment.operation == "s3.GetObject", head
    )
    execution = stack.run("manifests/huge.csv", manifest([("mugs", "MUG-0", "x.jpg")]))
    assert fault.struck == 1
    assert execution.described()["status"] == "FAILED"
    error = stack.batch().error
    assert error is not None
    assert error.code == "manifest_too_large"
    assert str(size) in error.message


@STAGED
def test_the_same_event_again_does_nothing(stack: DeployedStack) -> None:
    stack.put("manifests/MUG-0.jpg", mug())
    upload = stack.put("manifests/mugs.csv", manifest([("mugs", "MUG-0", "MUG-0.jpg")]), **QUICK)
    (first,) = stack.started(upload)
    assert first.wait()["status"] == "SUCCEEDED"
    before = (stack.records(), stack.batch(), stack.pictures(), stack.work_keys())
    assert stack.said()["Batch Completed"] == 1
    stack.workers.calls.clear()
    (second,) = stack.started(upload)
    assert second.wait()["status"] == "SUCCEEDED"
    assert second.output["outcome"] == "known"
    assert stack.workers.calls == ["plan"]
    assert stack.said() == {}
    assert (stack.records(), stack.batch(), stack.pictures(), stack.work_keys()) == before


@STAGED
def test_the_same_event_twice_at_once_is_one_batch(stack: DeployedStack) -> None:
    stack.put("manifests/MUG-0.jpg", mug())
    upload = stack.put("manifests/mugs.csv", manifest([("mugs", "MUG-0", "MUG-0.jpg")]), **QUICK)
    both = stack.started(upload) + stack.started(upload)
    ends = [one.wait()["status"] for one in both]
    assert ends == ["SUCCEEDED", "SUCCEEDED"]
    assert stack.workers.calls.count("record") == 1
    said = stack.said()
    assert said["Batch Completed"] == 1
    assert len(stack.records()) == 1


def reading(name: str) -> Callable[[Moment], bool]:
    """The moment in which a photo of this name is read."""
    return lambda moment: moment.operation == "s3.GetObject" and moment.holds(f"/{name}")


def test_sources_good_and_bad(stack: DeployedStack) -> None:
    """Odd keys, other buckets, photos above the limits: one batch, each row with its own end."""
    odd = "photos of spring/tea+cup & 100% «ü» 茶.jpg"
    stack.put(f"manifests/May 2026+/{odd}", mug(1))
    stack.put("manifests/May 2026+/cut.jpg", cut_off(mug(2)))
    stack.put("manifests/May 2026+/large.png", too_large())
    stack.put("shared/mug 3+.jpg", mug(3), bucket=PARTNER)
    stack.put("mug.jpg", mug(4), bucket=STRANGER)
    for name in ("locked", "heavy"):
        stack.put(f"manifests/May 2026+/{name}.jpg", mug(5))
    stack.faults.add(reading("locked.jpg"), s3_error(403, "AccessDenied"), times=9)
    heavy = Response(200, {"content-length": str(MAX_SOURCE_BYTES + 1)}, b"the beginning of it")
    stack.faults.add(reading("heavy.jpg"), heavy, times=9)
    rows = {
        "ODD": odd,
        "PARTNER": f"s3://{PARTNER}/shared/mug 3+.jpg",
        "STRANGER": f"s3://{STRANGER}/mug.jpg",
        "GONE": "gone/nowhere.jpg",
        "NO-BUCKET": "s3://photos-of-a-partner-who-left/a.jpg",
        "CUT": "cut.jpg",
        "LARGE": "large.png",
        "FTP": "ftp://example.com/a.jpg",
        "OUTSIDE": "../../etc/passwd",
        "LOCKED": "locked.jpg",
        "HEAVY": "heavy.jpg",
    }
    key = "manifests/May 2026+/tea & more «ü» 茶.csv"
    execution = stack.run(key, manifest((("tea", sku, source) for sku, source in rows.items())), **QUICK)
    assert execution.described()["status"] == "SUCCEEDED"
    records = {record.source or f"line {record.line}": record for record in stack.records()}
    codes = {
        sku: (found.error.code if found.error else found.status.value)
        for sku, source in rows.items()
        for found in [records.get(source) or records[f"line {list(rows).index(sku) + 2}"]]
    }
    assert codes == {
        "ODD": "completed",
        "PARTNER": "completed",
        "STRANGER": "source_not_allowed",
        "GONE": "source_missing",
        "NO-BUCKET": "source_not_allowed",
        "CUT": "image_truncated",
        "LARGE": "image_too_large",
        "FTP": "source_scheme_refused",
        "OUTSIDE": "source_outside_root",
        "LOCKED": "source_denied",
        "HEAVY": "file_too_large",
    }
    # As the manifest says it, wherever that lies.
    gone = records[rows["GONE"]].error
    assert gone is not None
    assert gone.message == "The photo does not exist: gone/nowhere.jpg."
    assert stack.batch().counts["failed"] == 9
    assert stack.batch().manifest == f"s3://{stack.uploads}/{key}"
    assert json.loads(execution.described()["input"])["key"] == key
