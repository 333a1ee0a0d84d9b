# ruff: noqa: PLC0415 - the rooms under test import torch, which only some machines have
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip(
    "torch", reason="PyTorch is not installed: only training needs it (requirements/train.txt)"
)


def test_the_network_answers_in_the_size_of_the_picture() -> None:
    from training.network import MatteNet

    net = MatteNet().eval()
    assert net(torch.rand(2, 3, 96, 64))[0].shape == (2, 1, 96, 64)


def test_training_gives_coarser_answers_too_and_the_loss_falls() -> None:
    from training.losses import loss
    from training.network import MatteNet

    torch.manual_seed(0)
    net = MatteNet().train()
    image = torch.rand(4, 3, 64, 64)
    target = torch.zeros(4, 1, 64, 64)
    target[:, :, 16:48, 16:48] = 1
    image[:, :, 16:48, 16:48] *= 0.2
    optimiser = torch.optim.AdamW(net.parameters(), lr=3e-3)
    values = []
    for _ in range(12):
        outputs = net(image)
        assert [o.shape[-1] for o in outputs] == [64, 4, 8, 16]
        value = loss(outputs, target)
        optimiser.zero_grad()
        value.backward()
        optimiser.step()
        values.append(float(value.detach()))
    assert values[-1] < 0.7 * values[0]


def test_empty_targets_give_a_finite_loss_that_prefers_nothing() -> None:
    from training.losses import one_scale

    target = torch.zeros(1, 1, 32, 32)
    weight = torch.ones_like(target)
    sure = one_scale(torch.full_like(target, -8), target, weight)
    wrong = one_scale(torch.full_like(target, 8), target, weight)
    assert torch.isfinite(sure)
    assert sure < 0.01 < wrong


def test_the_export_keeps_the_contract_and_the_answers(tmp_path: Path) -> None:
    import onnx
    import onnxruntime

    from training.export import store_half, to_onnx
    from training.network import MatteNet, Shipped

    torch.manual_seed(1)
    net, path = MatteNet().eval(), tmp_path / "net.onnx"
    to_onnx(net, path)
    onnx.save(store_half(onnx.load(path)), path)
    assert onnx.load(path).opset_import[0].version == 17
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    image = np.random.default_rng(0).random((2, 3, 320, 320), dtype=np.float32)
    got = session.run(["alpha"], {"image": image})[0]
    with torch.no_grad():
        want = Shipped(net)(torch.from_numpy(image)).numpy()
    assert got.shape == (2, 1, 320, 320)
    assert np.abs(got - want).max() < 0.02


def test_the_schedule_warms_up_and_ends_low() -> None:
    from training.train import learning_rate, parse_phases, phase

    assert learning_rate(0.0, 1.0) < 0.1 < learning_rate(0.02, 1.0)
    assert learning_rate(1.0, 1.0) == pytest.approx(0.01)
    shares = parse_phases("192:0.5,256:0.5")
    assert [phase(p, shares) for p in (0.0, 0.49, 0.51, 1.0)] == [192, 192, 256, 256]
