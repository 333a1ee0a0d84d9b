"""Tiny ONNX graphs with the signatures of real background networks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def save_graph(
    path: Path,
    size: int,
    *,
    outputs: int = 1,
    weights: tuple[float, float, float] = (1.0, 0.0, 0.0),
    bias: float = 0.0,
    dynamic: bool = False,
) -> Path:
    """A 1x1 convolution: alpha = weights . RGB + bias, given out `outputs` times (U^2-Net gives 7)."""
    batch: int | str = "n" if dynamic else 1
    names = [f"d{index}" for index in range(outputs)]
    nodes = [helper.make_node("Conv", ["input", "w", "b"], [name]) for name in names]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, [batch, 3, size, size])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, [batch, 1, size, size]) for name in names],
        [
            numpy_helper.from_array(np.array(weights, np.float32).reshape(1, 3, 1, 1), "w"),
            numpy_helper.from_array(np.array([bias], np.float32), "b"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, str(path))
    return path
