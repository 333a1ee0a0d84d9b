import hashlib
import json

import numpy as np
import onnxruntime
import pytest

from training.paths import WEIGHTS


@pytest.fixture(scope="module")
def card() -> dict:
    return json.loads((WEIGHTS / "packshot-matte.json").read_text())


@pytest.fixture(scope="module")
def session(card: dict) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(
        str(WEIGHTS / card["file"]["name"]), providers=["CPUExecutionProvider"]
    )


def test_the_card_names_the_file_that_ships(card: dict) -> None:
    data = (WEIGHTS / card["file"]["name"]).read_bytes()
    assert hashlib.sha256(data).hexdigest() == card["file"]["sha256"]
    assert len(data) == card["file"]["bytes"] <= 3_000_000


def test_the_file_keeps_the_contract(session: onnxruntime.InferenceSession) -> None:
    (given,), (taken,) = session.get_inputs(), session.get_outputs()
    assert (given.name, given.type, given.shape[1:]) == ("image", "tensor(float)", [3, 320, 320])
    assert (taken.name, taken.type) == ("alpha", "tensor(float)")
    assert isinstance(given.shape[0], str)  # a free batch size
    batch = np.random.default_rng(0).random((3, 3, 320, 320), dtype=np.float32)
    alpha = session.run(None, {"image": batch})[0]
    assert alpha.shape == (3, 1, 320, 320)
    assert 0 <= alpha.min() <= alpha.max() <= 1
    alone = session.run(None, {"image": batch[1:2]})[0]
    assert np.allclose(alpha[1:2], alone, atol=2e-3)


def test_a_red_box_on_white_is_found_and_a_white_sheet_holds_nothing(
    session: onnxruntime.InferenceSession,
) -> None:
    image = np.full((2, 3, 320, 320), 0.97, np.float32)
    image[0, :, 90:230, 100:220] = np.array([0.7, 0.1, 0.1], np.float32)[:, None, None]
    box, sheet = session.run(None, {"image": image})[0][:, 0]
    want = np.zeros((320, 320), bool)
    want[90:230, 100:220] = True
    got = box >= 0.5
    assert (got & want).sum() / (got | want).sum() > 0.9
    assert (sheet >= 0.5).mean() < 0.001
