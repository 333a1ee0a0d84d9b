"""Pictures go in with the right frame and numbers, and come back in their own."""

from pathlib import Path

import numpy as np
import pytest

from packshot.errors import ModelError
from packshot.matting.confidence import Calibration
from packshot.matting.kinds import Kind
from packshot.matting.network import OnnxMatting
from tests.matting.graphs import save_graph

PLAIN = Kind("plain", 64, fit="letterbox", mean=None, std=None)


def network(tmp_path: Path, kind: Kind, **graph: object) -> OnnxMatting:
    path = save_graph(tmp_path / "net.onnx", kind.size, **graph)  # type: ignore[arg-type]  # passed on
    return OnnxMatting("net", kind, path, "0" * 64, Calibration())


def halves(height: int, width: int) -> np.ndarray:
    picture = np.zeros((height, width, 3), np.uint8)
    picture[:, width // 2 :, 0] = 255
    return picture


@pytest.mark.parametrize(("height", "width"), [(200, 400), (400, 200), (64, 64), (7, 300)])
def test_the_letterbox_is_taken_off_again(height: int, width: int, tmp_path: Path) -> None:
    alpha = network(tmp_path, PLAIN).predict(halves(height, width))
    assert max(alpha.shape) == 64
    assert abs(alpha.shape[0] / alpha.shape[1] - height / width) < 0.05
    middle = alpha.shape[1] // 2
    assert alpha[:, : middle - 1].max() < 0.01
    assert alpha[:, middle + 1 :].min() > 0.99


def test_squeezed_networks_give_the_same_frame(tmp_path: Path) -> None:
    kind = Kind("squeezed", 64, fit="squeeze", mean=None, std=None)
    alpha = network(tmp_path, kind).predict(halves(100, 300))
    assert alpha.shape == (21, 64)
    assert alpha[:, :30].max() < 0.01
    assert alpha[:, 34:].min() > 0.99


def test_normalisation_is_on_rgb_in_0_to_1(tmp_path: Path) -> None:
    kind = Kind("normal", 64, mean=(0.5, 0.5, 0.5), std=(0.25, 0.5, 0.5))
    alpha = network(tmp_path, kind, weights=(0.25, 0.0, 0.0)).predict(np.full((9, 9, 3), 204, np.uint8))
    assert np.allclose(alpha, (204 / 255 - 0.5) / 0.25 * 0.25, atol=1e-4)


def test_peak_divides_by_the_pictures_own_maximum(tmp_path: Path) -> None:
    kind = Kind("peak", 64, mean=None, std=None, peak=True)
    alpha = network(tmp_path, kind, weights=(0.5, 0.0, 0.0)).predict(np.full((9, 9, 3), 51, np.uint8))
    assert np.allclose(alpha, 0.5, atol=1e-4)


def test_logits_become_probabilities(tmp_path: Path) -> None:
    kind = Kind("logits", 64, mean=None, std=None, activation="sigmoid")
    alpha = network(tmp_path, kind, weights=(0.0, 0.0, 0.0), bias=2.0).predict(halves(9, 9))
    assert np.allclose(alpha, 1 / (1 + np.exp(-2.0)), atol=1e-5)


def test_an_output_that_is_not_finite_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="not finite"):
        network(tmp_path, PLAIN, bias=float("nan")).predict(halves(9, 9))
