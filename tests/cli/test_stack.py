"""The commands over a deployed stack, from handing photos over to a decision on one of them."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from packshot.contracts.base import QcStatus, Status
from packshot.contracts.task import ImageTask
from tests import samples
from tests.aws_runtime.conftest import CATALOGUE, UPLOADS, WORK
from tests.cli.conftest import Ended
from tests.stack.conftest import aws, machine, stack
from tests.stack.deployments import NAME, Machine, results_file

__all__ = ["aws", "machine", "stack"]

Json = dict[str, Any]
Run = Callable[..., Ended]


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """Six photos; A and B will do, C and D want a person, E fails, F is a line of no use."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    lines = ["sku_id,image_url"]
    for sku in "ABCDE":
        (folder / f"{sku} 1.jpg").write_bytes(f"photo of {sku}".encode())
        lines.append(f"{sku},{sku} 1.jpg")
    (folder / "list.csv").write_text("\n".join([*lines, ",nothing.jpg"]) + "\n")
    return folder / "list.csv"


def verdict(task: ImageTask) -> QcStatus | None:
    verdicts = {"C": QcStatus.NEEDS_REVIEW, "D": QcStatus.NEEDS_REVIEW, "E": None}
    return verdicts.get(task.row.sku_id, QcStatus.AUTO_APPROVED)


@pytest.fixture
def on_stack(packshot: Run, machine: Machine) -> Callable[..., Ended]:
    machine.verdict = verdict

    def run(command: str, *words: object) -> Ended:
        return packshot(command, *words, "--stack", NAME)

    return run


def submitted(on_stack: Run, shelf: Path, *words: str) -> Json:
    ended = on_stack("submit", shelf, "--watch", "--json", "-q", *words)
    found: Json = json.loads(ended.out)
    return found


def lines_of(ended: Ended) -> list[Json]:
    return [json.loads(line) for line in ended.out.splitlines()]


def test_photos_are_handed_over_and_followed_to_the_end(on_stack: Run, shelf: Path) -> None:
    ended = on_stack("submit", shelf, "--watch")
    assert ended.code == 1  # two failed, the others are finished
    assert "5 photos sent, 0 there before." in ended.out
    assert "1 bad line" in ended.out
    assert ["Ready", "2"] in [line.split() for line in ended.out.splitlines()]
    assert f"s3://{CATALOGUE}/catalogue/" in ended.out
    assert f"packshot review --stack {NAME} --batch batch-" in ended.out
    told = ended.err.splitlines()
    assert told[0] == "1 of 5 photos sent"
    assert told[-1] == "6 of 6 done, 2 failed, 2 to review"


def test_progress_comes_from_the_map_run(on_stack: Run, shelf: Path, monkeypatch) -> None:
    monkeypatch.setattr("packshot.cli.progress._LINE_EVERY_S", 0.0)
    told = on_stack("submit", shelf, "--watch").err.splitlines()
    # The bad line is done from the beginning; then half of the five, then more.
    assert [line.split(" of ")[0] for line in told if line.endswith(("left", "done"))][-3:] == [
        "3",
        "5",
        "5",
    ] or told
    assert any("images/s" in line or "s an image" in line for line in told)
    assert any("left" in line for line in told)


def test_without_watch_it_says_how_to_look_again(on_stack: Run, machine: Machine, shelf: Path) -> None:
    ended = on_stack("submit", shelf)
    assert ended.code == 0
    command = ended.out.splitlines()[-1].partition("packshot ")[2]
    assert command.startswith(f"status --stack {NAME}")
    assert command.endswith("--watch")
    facts = json.loads(on_stack("submit", shelf, "--json").out)
    assert (facts["known"], facts["photos_sent"], facts["photos_there"]) == (True, 0, 5)
    assert [error["code"] for error in facts["row_errors"]] == ["row_value_missing"]
    machine.finish()
    assert on_stack(*command.split()[:1], *command.split()[3:]).code == 1


def test_ctrl_c_leaves_the_batch_running(on_stack: Run, machine: Machine, shelf: Path) -> None:
    def stop() -> None:
        machine.at_sleep = None
        raise KeyboardInterrupt

    machine.at_sleep = stop
    ended = on_stack("submit", shelf, "--watch", "-q")
    assert ended.code == 130
    assert "The batch goes on without you." in ended.err
    assert f"packshot status --stack {NAME}" in ended.err
    machine.finish()
    assert on_stack("status", "--watch", "--json").code == 1


def test_ctrl_c_while_photos_travel_starts_nothing(
    on_stack: Run, machine: Machine, shelf: Path, monkeypatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("packshot.stack.submit.write_rows", stop)
    ended = on_stack("submit", shelf, "-q")
    assert ended.code == 130
    assert "Nothing was started." in ended.err
    machine.finish()
    assert not machine.runs


def test_status_lists_batches_and_shows_one(on_stack: Run, shelf: Path) -> None:
    assert on_stack("status").out == f"The stack {NAME} has no batch yet.\n"
    made = submitted(on_stack, shelf)
    (row,) = [line for line in on_stack("status").out.splitlines() if line.startswith("batch-")]
    assert made["batch_id"] in row
    assert "completed" in row
    (listed,) = lines_of(on_stack("status", "--json"))
    assert (listed["batch_id"], listed["counts"]["failed"]) == (made["batch_id"], 2)
    one = json.loads(on_stack("status", "--batch", made["batch_id"], "--json").out)
    assert one["outcomes"] == {"failed": 2, "review": 2, "rejected": 0, "unfinished": 0, "ready": 2}
    assert one["failures"] == {"source_missing": 1, "row_value_missing": 1}
    assert one["results"].endswith(f"{made['batch_id']}/results.csv")
    assert on_stack("status", "--batch", "batch-none").code == 2


def test_a_long_list_of_batches_is_cut_and_json_is_not(on_stack: Run, machine: Machine) -> None:
    for number in range(60):
        machine.services.table.claim_batch(samples.batch(f"batch-{number}", created_at=samples.later(number)))
    lines = on_stack("status").out.splitlines()
    assert (len(lines), lines[1].split()[0]) == (22, "batch-59")
    assert lines[-1] == "  the latest 20; --json lists all"
    assert [one["batch_id"] for one in lines_of(on_stack("status", "--json"))] == [
        f"batch-{number}" for number in reversed(range(60))
    ]


def test_the_sums_of_a_big_batch_come_from_its_record(on_stack: Run, shelf: Path, monkeypatch) -> None:
    submitted(on_stack, shelf)
    monkeypatch.setattr("packshot.stack.place._READ_WHOLE", 3)
    (batch,) = lines_of(on_stack("status", "--json"))
    one = json.loads(on_stack("status", "--batch", batch["batch_id"], "--json").out)
    assert one["outcomes"] == {"failed": 2, "review": 2, "rejected": 0, "unfinished": 0, "ready": 2}
    assert (one["failures"], one["score_after"]) == ({}, None)
    shown = on_stack("status", "--batch", batch["batch_id"]).out
    assert f"Failed: packshot results --stack {NAME} --batch {batch['batch_id']} --status failed" in shown
    assert "source_missing" not in shown


def test_a_decision_moves_files_and_renews_the_results(on_stack: Run, machine: Machine, shelf: Path) -> None:
    made = submitted(on_stack, shelf)
    assert [one["sku_id"] for one in lines_of(on_stack("review", "list", "--json"))] in (
        ["C", "D"],
        ["D", "C"],
    )
    s3 = machine.services.s3

    def folders(sku: str) -> set[str]:
        keys = [one["Key"] for one in s3.list_objects_v2(Bucket=CATALOGUE)["Contents"]]
        return {key.split("/")[0] for key in keys if f"/{sku}/" in key}

    assert folders("C") == {"review"}
    ended = on_stack("review", "approve", "C", "--reviewer", "Ida")
    assert (ended.code, ended.out) == (0, "Approved 1 image.\n")
    assert folders("C") == {"catalogue"}
    verdicts = {one["sku_id"]: one["qc_status"] for one in results_file(machine, made["batch_id"])}
    assert verdicts["C"] == "approved"
    assert "Image Reviewed" in machine.services.said()
    for words, verdict in (
        (["reject", "D", "--reason", "label is cut off"], "rejected"),
        (["undo", "D"], "needs_review"),
    ):
        assert on_stack("review", *words).code == 0
        told = {one["sku_id"]: one["qc_status"] for one in results_file(machine, made["batch_id"])}
        assert told["D"] == verdict
    assert [one["sku_id"] for one in lines_of(on_stack("review", "list", "--json"))] == ["D"]
    assert on_stack("review", "approve", "Z").code == 2


def test_many_are_decided_on_side_by_side(on_stack: Run, machine: Machine, shelf: Path) -> None:
    machine.verdict = lambda task: QcStatus.NEEDS_REVIEW
    made = submitted(on_stack, shelf)
    assert on_stack("review", "approve", "--above", "10").out == "Approved 5 images.\n"
    assert {one["qc_status"] for one in results_file(machine, made["batch_id"])} == {"approved", "pending"}
    ended = on_stack("review", "approve", "A", "B")
    assert (ended.code, ended.err.count("review_not_possible")) == (1, 2)


def test_results_are_listed_as_locally(on_stack: Run, machine: Machine, shelf: Path) -> None:
    made = submitted(on_stack, shelf)
    listed = lines_of(on_stack("results", "--json"))
    assert listed == results_file(machine, made["batch_id"])
    failed = on_stack("results", "--status", "failed", "--format", "csv").out
    assert {row["error_code"] for row in csv.DictReader(io.StringIO(failed))} == {
        "source_missing",
        "row_value_missing",
    }


def test_failed_images_are_tried_again(on_stack: Run, machine: Machine, shelf: Path) -> None:
    made = submitted(on_stack, shelf)
    # What the batch's own run left has expired meanwhile.
    for one in machine.services.s3.list_objects_v2(Bucket=WORK)["Contents"]:
        machine.services.s3.delete_object(Bucket=WORK, Key=one["Key"])
    machine.verdict = lambda task: QcStatus.AUTO_APPROVED
    ended = on_stack("retry", "--json", "-q")
    facts = json.loads(ended.out)
    assert (ended.code, facts["processed"], facts["counts"]["failed"]) == (1, 1, 1)  # the bad line is left
    lines = {one["sku_id"]: one for one in results_file(machine, made["batch_id"])}
    assert (lines["E"]["status"], lines["E"]["revision"]) == ("completed", 1)
    assert lines["A"]["revision"] == 0
    again = on_stack("retry")
    assert (again.code, "nothing to try again" in again.out) == (0, True)
    assert len(machine.runs) == 2


def test_an_image_is_made_again_with_settings_of_its_own(
    on_stack: Run, machine: Machine, shelf: Path, monkeypatch
) -> None:
    made = submitted(on_stack, shelf)
    (shelf.parent / "best.jpg").write_bytes(b"the best one")
    monkeypatch.chdir(shelf.parent)
    done: list[ImageTask] = []
    machine.verdict = lambda task: (done.append(task), QcStatus.AUTO_APPROVED)[1]
    ended = on_stack("rework", "C", "--angle", "-3", "--reference", "best.jpg", "-q")
    assert ended.code == 1
    (task,) = done
    assert (task.revision, task.overrides.angle_deg, task.overrides.reference) == (1, -3.0, "best.jpg")
    assert task.reference_id is not None
    items = machine.services.items(machine.runs[-1].planned["references_key"])
    (key,) = [one["task"]["source"].removeprefix(f"s3://{UPLOADS}/") for one in items]
    assert machine.services.s3.get_object(Bucket=UPLOADS, Key=key)["Body"].read() == b"the best one"
    assert {one["sku_id"]: one["revision"] for one in results_file(machine, made["batch_id"])}["C"] == 1
    assert on_stack("rework", "Z", "--angle", "1").code == 2


def test_a_batch_at_work_is_left_alone(on_stack: Run, machine: Machine, shelf: Path) -> None:
    on_stack("submit", shelf, "-q")
    machine.tick()
    machine.tick()
    ended = on_stack("retry", "-q")
    assert (ended.code, "output_locked" in ended.err) == (3, True)
    machine.finish()


def test_an_image_that_is_lost_again_is_swept(
    on_stack: Run, machine: Machine, shelf: Path, monkeypatch
) -> None:
    submitted(on_stack, shelf)
    monkeypatch.setattr(machine, "_image", lambda task: None)
    ended = on_stack("retry", "E", "-q", "--json")
    assert ended.code == 1
    facts = json.loads(ended.out)
    assert facts["failures"] == {"worker_lost": 1, "row_value_missing": 1}


def test_a_batch_that_fails_says_why(on_stack: Run, machine: Machine, shelf: Path, monkeypatch) -> None:
    from packshot.errors import ManifestError  # noqa: PLC0415  # only here

    def broken(upload: object) -> None:
        raise ManifestError("manifest_unreadable", reason="it was lost")

    monkeypatch.setattr("packshot.aws_runtime.planning.open_upload", broken)
    ended = on_stack("submit", shelf, "--watch", "-q")
    assert (ended.code, "it was lost. (manifest_unreadable)" in ended.err) == (2, True)
    assert machine.services.table.batches().items[0].status is Status.FAILED


def test_a_trigger_that_does_not_fire_is_said(on_stack: Run, machine: Machine, shelf: Path) -> None:
    machine.deaf = True
    ended = on_stack("submit", shelf, "--watch", "-q")
    assert (ended.code, "batch_not_started" in ended.err) == (3, True)


def test_an_execution_that_nobody_closed_is_said(on_stack: Run, machine: Machine, shelf: Path) -> None:
    def abort() -> None:
        for run in machine.runs:
            if run.step > 1:
                run.status = "ABORTED"

    machine.at_sleep = abort
    ended = on_stack("submit", shelf, "--watch", "-q")
    assert "ended as ABORTED" in ended.err
    assert ended.code == 3


def test_an_unknown_stack_is_wrong_use(packshot: Run, machine: Machine, shelf: Path) -> None:
    for words in (["submit", shelf], ["status"], ["review", "list"], ["retry"], ["results"]):
        ended = packshot(*words, "--stack", "Other")
        assert (ended.code, "stack_unknown" in ended.err) == (2, True), words


def test_without_boto3_it_says_what_to_install(packshot: Run, shelf: Path, monkeypatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    for words in (["submit", shelf], ["status"], ["results"]):
        ended = packshot(*words, "--stack", NAME)
        assert (ended.code, "pip install 'packshot[aws]'" in ended.err) == (3, True)


def test_no_credentials_end_in_a_sentence(packshot: Run, shelf: Path, monkeypatch, tmp_path: Path) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    monkeypatch.delenv("AWS_REGION", raising=False)
    from packshot.adapters.aws.clients import client  # noqa: PLC0415  # its cache is the test's

    client.cache_clear()
    ended = packshot("status", "--stack", NAME)
    assert (ended.code, "aws_region_missing" in ended.err) == (2, True)
    ended = packshot("status", "--stack", NAME, "--region", "eu-central-1")
    assert (ended.code, "aws_credentials" in ended.err) == (3, True)
    monkeypatch.setenv("AWS_PROFILE", "shop")
    client.cache_clear()
    ended = packshot("status", "--stack", NAME, "--region", "eu-central-1")
    assert (ended.code, "aws_profile_unknown" in ended.err) == (2, True)
    client.cache_clear()


def test_standard_input_is_a_manifest_too(on_stack: Run, machine: Machine, shelf: Path, monkeypatch) -> None:
    monkeypatch.chdir(shelf.parent)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"sku_id,image_url\nA,A 1.jpg\n")))
    facts = submitted(on_stack, Path("-"))
    assert (facts["total"], facts["submitted"]["photos_sent"]) == (1, 1)
