"""Batches that are made with a background network which was baked into the images."""

from __future__ import annotations

from packshot.contracts.base import Status
from packshot.matting.index import shipped_model
from tests.deployed.photos import QUICK, manifest, mug
from tests.deployed.stack import DeployedStack
from tests.own_model import OWN

ROWS = manifest([("mugs", f"MUG-{number}", f"MUG-{number}.jpg") for number in range(2)])


def test_a_batch_is_made_with_the_network_that_it_names(stack: DeployedStack) -> None:
    for number in range(2):
        stack.put(f"manifests/MUG-{number}.jpg", mug(number))
    stack.run("manifests/mugs.csv", ROWS, **QUICK, model=OWN)
    assert stack.batch().settings.model == OWN
    # Its file is that of the package's own under another name.
    expected = f"{OWN}@{shipped_model().sha256[:12]}"
    assert [(one.status, one.versions.model) for one in stack.records()] == [
        (Status.COMPLETED, expected),
        (Status.COMPLETED, expected),
    ]


def test_a_batch_that_names_another_is_refused_as_a_whole(stack: DeployedStack) -> None:
    stack.put("manifests/MUG-0.jpg", mug())
    execution = stack.run("manifests/mugs.csv", ROWS, **QUICK, model="none-such")
    assert execution.described()["status"] == "FAILED"
    assert stack.records() == []
    batch = stack.batch()
    assert batch.status is Status.FAILED
    assert batch.error is not None
    assert batch.error.code == "model_unknown"
    assert OWN in batch.error.message
